"""Why a value is doubtful: every flag with its tests, limits and values."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.errors import UnknownNameError
from oceanco2.fields.air_samples import INTERPOLATED
from oceanco2.qc.cascade import INPUTS, Layer
from oceanco2.qc.checks import CHECKS
from oceanco2.qc.defaults import PROFILES
from oceanco2.qc.engine import Bench, bench, found_by, option_sets
from oceanco2.qc.entering import Entering
from oceanco2.qc.listing import shown
from oceanco2.qc.measures import KNOTS, MEASURES, measured, speeds
from oceanco2.qc.profiles import Plan, Rule
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    MISSING,
    QUESTIONABLE,
    TEST_BITS,
    VARIABLES,
    possible,
)

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("time", "variable", "flag", "automatic", "test", "of"),
    *("value", "measured", "limit", "reason"),
)
#: Tests that are about another number than the value itself.
_ABOUT = {
    "one_sided": "calibration_age",
    "outside_span": "calibration_span_distance",
    "standard_residual": "calibration_residual",
    "zero_current": "current_count",
    "missing_standards": "calibration_standards",
    "zero_failed": "zero_status",
    "span_failed": "span_status",
}
#: What is meant by tests that are no checks.
_WORDS: Mapping[str, str] = {
    "missing": "no value",
    "physical": "cannot be such a quantity",
    "diagnostic": "a diagnostic is out of its limits",
    "not_calibrated": "too few usable gas standards",
    "one_sided": "gas standards on one side only",
    "outside_span": "outside the span of the gas standards",
    "standard_residual": "gas standards do not fit a line",
    "flushing": "the run has just begun",
    "run_not_used": "run type ignored or unknown",
    "damaged_row": "the row of the raw file is damaged",
    "gap": "nothing to interpolate from within the limit",
    "delivered": "the flag came with the file",
    "manual": "a person's flag",
    "fixed_value": "a nominal value stands in for a measurement",
    "zero_current": "the sensor counts more than at its zero",
    "zero_failed": "the system could not set its zero",
    "span_failed": "the system could not set its span",
}
_NAMES = {bit: name for name, bit in TEST_BITS.items()}
#: What, which test, on which rows, and the rows that it was about where others.
_Cause = tuple[str, str, np.ndarray, np.ndarray | None]


def explain(
    ds: xr.Dataset, name: str | None = None, flags: Sequence[int] = (QUESTIONABLE, BAD)
) -> "pd.DataFrame":
    """Say of every doubtful value which test found what beyond which limit.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged, also when read back from a file: nothing else is needed.
    name : str, optional
        One variable, ``position`` or ``time``; all that have flags by default.
    flags : sequence of int, default (3, 4)
        WOCE flags, effective or automatic; add 9 for what is missing.

    Returns
    -------
    pandas.DataFrame
        One row a value and test, in the order of variable and time, with the columns
        ``time``, ``variable``, ``flag`` (effective), ``automatic``, ``test``, ``of``
        (the variable that the test was about: an input of a result, a diagnostic),
        ``value`` (of that variable, or of what the test is about), ``measured`` (what
        was held against the limit where that is not the value itself: a distance from
        neighbours, a change per minute, a speed in knots), ``limit`` (as it was there
        and then) and ``reason`` (a sentence).

    Raises
    ------
    UnknownNameError
        If there is no such variable, or none with a flag.
    """
    import pandas as pd

    known = [str(n).removesuffix("_flag") for n in ds.data_vars if _is_flag(ds, str(n))]
    if name is not None and name not in known:
        raise UnknownNameError("variable with a flag", name, known)
    record = _Record(ds, known)
    parts = [
        part
        for variable in (known if name is None else [name])
        for part in record.table(variable, flags)
    ]
    if not parts:
        return pd.DataFrame({column: [] for column in COLUMNS})
    table = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    order = {variable: place for place, variable in enumerate(known)}
    table["place"] = table["variable"].map(order)
    table = table.sort_values(["place", "time"], kind="stable", ignore_index=True)
    return table[list(COLUMNS)]


def _is_flag(ds: xr.Dataset, name: str) -> bool:
    tests = f"{name.removesuffix('_flag')}_tests"
    return name.endswith("_flag") and tests in ds and ds[name].dims == ("time",)


class _Record:
    """What a flagged dataset tells of its flags."""

    def __init__(self, ds: xr.Dataset, known: list[str]) -> None:
        self.ds, self.known = ds, known
        self.said = {
            name: json.loads(ds[f"{name}_flag"].attrs.get("tests_applied", "{}"))
            for name in known
        }
        self.shared = _bench(ds, self.said)
        self.air = Entering(ds)

    def table(self, name: str, flags: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Tell the doubts of one variable, as columns."""
        effective = self.ds[f"{name}_flag"].to_numpy()
        automatic = self.ds[f"{name}_flag_automatic"].to_numpy()
        rows = np.isin(effective, flags) | np.isin(automatic, flags)
        if not rows.any():
            return
        told: set[tuple[str, str]] = set()
        for of, test, here, where in self._causes(name, rows, set()):
            if (of, test) in told:
                continue
            told.add((of, test))
            at = np.flatnonzero(here)
            there = at if where is None else where[at]
            values = self._values(of, test, there)
            limits = self._limits(of, test, there, values)
            measure = self._measures(of, test, there)
            numbers = zip(values, measure, limits, strict=True)
            yield {
                "time": self.ds["time"].to_numpy()[at],
                "variable": name,
                "flag": effective[at],
                "automatic": automatic[at],
                "test": test,
                "of": of,
                "value": values,
                "measured": measure,
                "limit": limits,
                "reason": [_sentence(of, test, *row) for row in numbers],
            }

    def _causes(self, name: str, rows: np.ndarray, seen: set[str]) -> Iterator[_Cause]:
        """Walk from a variable to what is behind it."""
        seen.add(name)
        mine = self.ds[f"{name}_tests"].to_numpy()
        through = dict(self._through(name, rows))
        links = self.said[name].get("diagnostic", {})
        for bit, test in _NAMES.items():
            here = rows & ((mine & bit) != 0)
            if test == "input" or not here.any():
                continue
            if test == "missing" and name in INPUTS:
                here = here & ~_any(through.values(), here)
            if test == "diagnostic":
                for source, passed in self._linked(links, here):
                    here = here & ~passed
                    yield from self._causes(source, passed, set())
            here = here & self._own(name, test, bit)
            if here.any():
                yield name, test, here, None
        for source, passed in through.items():
            if source in seen or not passed.any():
                continue
            if name == INTERPOLATED:
                yield from self._entered(source, passed, seen)
            else:
                yield from self._causes(source, passed, seen)

    def _entered(
        self, source: str, passed: np.ndarray, seen: set[str]
    ) -> Iterator[_Cause]:
        """Walk on from interpolated air to the samples, which stand on other rows."""
        flags = self.ds[f"{source}_flag"].to_numpy()
        doubtful = (flags > GOOD) & (flags < MISSING)
        for of, test, here, _ in self._causes(source, doubtful, seen):
            samples = self.air.samples(here)
            rows = passed & (samples >= 0)
            if rows.any():
                yield of, test, rows, samples

    def _through(self, name: str, rows: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Tell which inputs pass their doubts on to a result, and where."""
        changed = self.said[name].get("input", {})
        for source, doubtful in self._doubtful(name):
            theirs = self._layer(name, source)[0]
            passed = rows & doubtful
            for word, code in (("questionable", QUESTIONABLE), ("bad", BAD)):
                if changed.get(source, {}).get(word) == GOOD:
                    passed &= theirs != code
            yield source, passed

    def _linked(
        self, links: Mapping[str, Any], rows: np.ndarray
    ) -> Iterator[tuple[str, np.ndarray]]:
        for source in links:
            if source in self.known:
                theirs = self.ds[f"{source}_flag"].to_numpy()
                yield source, rows & (theirs > GOOD) & (theirs < MISSING)

    def _doubtful(self, name: str) -> Iterator[tuple[str, np.ndarray]]:
        """Tell where inputs are doubtful and have left their bits on a result."""
        bits = self.ds[f"{name}_tests"].to_numpy()
        for source in INPUTS.get(name, ()):
            if source in self.known and (name != INTERPOLATED or self.air.ours):
                theirs, tests = self._layer(name, source)
                yield source, (theirs > GOOD) & ((tests & ~bits) == 0)

    def _layer(self, name: str, source: str) -> Layer:
        """Return flags and tests of an input on the rows of the result."""
        flags, tests = (self.ds[f"{source}_{n}"].to_numpy() for n in ("flag", "tests"))
        return self.air.layer(flags, tests) if name == INTERPOLATED else (flags, tests)

    def _own(self, name: str, test: str, bit: int) -> np.ndarray:
        """Tell where a test was about the variable itself, not about an input."""
        foreign = np.zeros(self.ds.sizes["time"], dtype=bool)
        for source, doubtful in self._doubtful(name):
            foreign |= doubtful & ((self._layer(name, source)[1] & bit) != 0)
        if not foreign.any() or test not in self.said[name] or name not in self.ds:
            return ~foreign
        if isinstance(self.said[name][test], dict) and self.said[name][test].get(
            "file"
        ):
            return ~foreign  # the file may be elsewhere by now
        values = self.ds[name].to_numpy()
        found = dict(found_by(self.shared, name, values, values))
        return ~foreign | (found[test] > GOOD) if test in found else ~foreign

    def _values(self, of: str, test: str, at: np.ndarray) -> np.ndarray:
        source = _ABOUT.get(test, of)
        if source not in self.ds:
            source = of
        if source not in self.ds.data_vars:  # position and time
            return np.full(at.size, np.nan)
        return self.ds[source].to_numpy()[at].astype(np.float64)

    def _measures(self, of: str, test: str, at: np.ndarray) -> np.ndarray:
        """Tell what a check held against its limits."""
        found = np.full(at.size, np.nan)
        if test == "speed":
            lat, lon = (self.ds[n].to_numpy() for n in ("latitude", "longitude"))
            return speeds(lat, lon, self.shared.seconds, at)
        if test not in MEASURES or of not in self.ds.data_vars:
            return found
        values = possible(of, self.ds[of].to_numpy())
        for options, rows in option_sets(self.shared, of, test):
            here = np.ones(at.size, dtype=bool) if rows is None else rows[at]
            series = values, self.shared.seconds, at[here]
            found[here] = measured(test, *series, options)
        return found

    def _limits(
        self, of: str, test: str, at: np.ndarray, values: np.ndarray
    ) -> list[str]:
        limits = np.full(at.size, "", dtype=object)
        if test == "physical" and of in VARIABLES:
            low, high = VARIABLES[of].bounds
            limits[:] = f"[{low:g}, {high:g}]"
        key = "latitude" if of == "position" else of
        if test not in CHECKS or not isinstance(self.said[of].get(test), dict | None):
            return limits.tolist()
        for options, rows in option_sets(self.shared, key, test):
            here = np.ones(at.size, dtype=bool) if rows is None else rows[at]
            ordered = {k: options[k] for k in CHECKS[test].options if k in options}
            limits[here] = [_limit(ordered, value) for value in values[here]]
        return limits.tolist()


def _any(masks: Iterable[np.ndarray], like: np.ndarray) -> np.ndarray:
    found = np.zeros_like(like)
    for mask in masks:
        found |= mask
    return found


def _bench(ds: xr.Dataset, said: Mapping[str, Mapping[str, Any]]) -> Bench:
    """Make the plan again from what the flags say of themselves."""
    checks: dict[str, Any] = {}
    rules: list[Rule] = []
    for name, applied in said.items():
        key = "latitude" if name == "position" else name
        checks[key] = {
            check: options
            for check, options in applied.items()
            if check in CHECKS and isinstance(options, dict)
        }
        for entry in applied.get("where", ()):
            there = {
                check: options
                for check, options in entry["checks"].items()
                if not isinstance(options, str)
            }
            rules.append(Rule(entry, {key: there}))
    return bench(ds, Plan(PROFILES["none"], checks, rules, {}, {"": {}}, set()), {})


def _limit(options: Mapping[str, Any], value: float) -> str:
    """Show the limit that is broken, or all options where that is not one range."""
    for key in ("bad", "questionable"):
        pair = options.get(key)
        if isinstance(pair, list | tuple) and not pair[0] <= value <= pair[1]:
            return shown({key: pair})
    return shown(options)


def _sentence(of: str, test: str, value: float, measure: float, limit: str) -> str:
    meaning = CHECKS[test].description if test in CHECKS else _WORDS.get(test, test)
    number = "" if np.isnan(value) or test in _ABOUT else f" {value:.7g}"
    words = KNOTS if test == "speed" else MEASURES.get(test, (None, ""))[1]
    by = "" if np.isnan(measure) else f", {words.format(measure)}"
    beyond = f" ({limit})" if limit else ""
    return f"{of}{number}: {meaning}{by}{beyond}"
