"""Explain flags: tests, limits and measured values; the table of checks."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.bits import OTHER_TESTS, bits_of
from oceanco2.errors import OptionError, choose_name
from oceanco2.fields.air import INTERPOLATED
from oceanco2.geography import REGIONS
from oceanco2.qc.cascade import INPUTS, InterpolatedAir, Layer
from oceanco2.qc.check import Check, Series, Track
from oceanco2.qc.engine import CheckContext, check_context, option_sets, run_checks
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import Plan, Rule
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, VARIABLES, possible

if TYPE_CHECKING:
    import pandas as pd


def describe_checks(profile: str = "default") -> list[tuple[str, str, str]]:
    """List checks with their options, then the limits of a profile.

    Parameters
    ----------
    profile : str, default "default"
        Profile whose limits are listed.

    Returns
    -------
    list of tuple of str
        Rows of a table: check or variable, options or limits, description with the
        reference of the check.

    Raises
    ------
    OptionError
        If there is no such profile.
    """
    choose_name("profile", profile, PROFILES, error=OptionError)
    rows = [("check", "options", "what it flags")]
    for entry in sorted(CHECKS.values(), key=lambda entry: entry.bit):
        labels = ", ".join(entry.option_names) or "-"
        text = f"{entry.description} ({entry.reference})"
        rows.append((entry.name, labels, text))
    rows += _limit_rows(profile)
    for letter, word in REGIONS.items():
        text = "of SOCAT" if letter != "C" else "of SOCAT; not a box: define your own"
        rows.append(("region", f"{letter} {word}", text))
    return rows


def _limit_rows(profile: str) -> list[tuple[str, str, str]]:
    """List the limits of a profile, and all profiles."""
    rows = []
    chosen = PROFILES[profile]
    for variable, checks in chosen.checks.items():
        for name, options in checks.items():
            text = (
                format_options(options or CHECKS[name].with_defaults({})) or "no limits"
            )
            rows.append((f"[qc.{variable}]", f"{name}: {text}", profile))
    for name, kinds in chosen.by_kind.items():
        where = " ".join(f"[qc.{table}]" for table in CHECKS[name].tables)
        for kind, options in kinds.items():
            limits = f"{name}: {format_options(options)}"
            rows.append((where, limits, f"{profile}, for a {kind}"))
    for source, targets in chosen.consequences.items():
        text = ", ".join(
            f"{name} in {' '.join(runs) or 'all rows'}"
            for name, runs in targets.items()
        )
        text = text or "none, unless you list them"
        rows.append((f"[qc.{source}]", f"consequences: {text}", profile))
    for name, rules in PROFILES.items():
        rows.append(("profile", name, rules.description))
    return rows


def format_options(options: Mapping[str, Any]) -> str:
    """Format options in one line."""
    return ", ".join(f"{key} {_format_value(value)}" for key, value in options.items())


def _format_value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{value[0]:g}, {value[1]:g}]"
    if isinstance(value, str):
        return value or "none"
    return f"{value:g}"


COLUMNS = (
    *("time", "variable", "flag", "automatic", "test", "of"),
    *("value", "measured", "limit", "reason"),
)
#: Variable, test, rows, and the rows that the test was about if they differ.
_Cause = tuple[str, str, np.ndarray, np.ndarray | None]


def explain(
    ds: xr.Dataset, name: str | None = None, flags: Sequence[int] = (QUESTIONABLE, BAD)
) -> "pd.DataFrame":
    """Explain every flagged value: test, measured value and limit.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset, also when read back from a file; nothing else is needed.
    name : str, optional
        One variable, ``position`` or ``time``; by default all that have flags.
    flags : sequence of int, default (3, 4)
        WOCE flags, effective or automatic; add 9 for missing values.

    Returns
    -------
    pandas.DataFrame
        One row for each value and test, ordered by variable and time, with the columns
        ``time``, ``variable``, ``flag`` (effective), ``automatic``, ``test``, ``of``
        (the variable that was tested: an input of a result, a diagnostic),
        ``value`` (of that variable), ``measured`` (the quantity that
        was compared with the limit if it is not the value itself: a distance from
        neighbours, a change per minute, a speed in knots), ``limit`` (the one that
        applied to this row) and ``reason`` (a sentence).

    Raises
    ------
    UnknownNameError
        If there is no such variable, or none with a flag.
    """
    import pandas as pd

    flagged = [
        str(n).removesuffix("_flag") for n in ds.data_vars if _is_flag(ds, str(n))
    ]
    if name is not None:
        choose_name("variable with a flag", name, flagged)
    record = _Record(ds, flagged)
    parts = [
        part
        for variable in (flagged if name is None else [name])
        for part in record.table(variable, flags)
    ]
    if not parts:
        return pd.DataFrame({column: [] for column in COLUMNS})
    table = pd.concat([pd.DataFrame(part) for part in parts], ignore_index=True)
    order = {variable: number for number, variable in enumerate(flagged)}
    table["order"] = table["variable"].map(order)
    table = table.sort_values(["order", "time"], kind="stable", ignore_index=True)
    return table[list(COLUMNS)]


def _is_flag(ds: xr.Dataset, name: str) -> bool:
    tests = f"{name.removesuffix('_flag')}_tests"
    return name.endswith("_flag") and tests in ds and ds[name].dims == ("time",)


class _Record:
    """The record of tests in a flagged dataset, and how they explain its flags."""

    def __init__(self, ds: xr.Dataset, flagged: list[str]) -> None:
        self.ds, self.flagged = ds, flagged
        self.applied = {
            name: json.loads(ds[f"{name}_flag"].attrs.get("tests_applied", "{}"))
            for name in flagged
        }
        self.context = _rebuild_context(ds, self.applied)
        self.air = InterpolatedAir(ds)

    def table(self, name: str, flags: Sequence[int]) -> Iterator[dict[str, Any]]:
        """Yield the flag reasons of one variable, as columns."""
        effective = self.ds[f"{name}_flag"].to_numpy()
        automatic = self.ds[f"{name}_flag_automatic"].to_numpy()
        rows = np.isin(effective, flags) | np.isin(automatic, flags)
        if not rows.any():
            return
        yielded: set[tuple[str, str]] = set()
        for of, test, mask, other_rows in self._causes(name, rows, set()):
            if (of, test) in yielded:
                continue
            yielded.add((of, test))
            at = np.flatnonzero(mask)
            tested_rows = at if other_rows is None else other_rows[at]
            values = self._values(of, test, tested_rows)
            limits = self._limits(of, test, tested_rows, values)
            measure = self._measures(of, test, tested_rows)
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
        """Follow the flags of a variable to their causes."""
        seen.add(name)
        bits = self.ds[f"{name}_tests"].to_numpy()
        inputs = dict(self._flagging_inputs(name, rows))
        links = self.applied[name].get("diagnostic", {})
        for test, bit in bits_of(self.ds[f"{name}_tests"].attrs).items():
            mask = rows & ((bits & bit) != 0)
            if test == "input" or not mask.any():
                continue
            if test == "missing" and name in INPUTS:
                mask = mask & ~_union(inputs.values(), mask)
            if test == "diagnostic":
                for source, passed in self._linked_sources(links, mask):
                    mask = mask & ~passed
                    yield from self._causes(source, passed, set())
            mask = mask & self._is_own(name, test, bit)
            if mask.any():
                yield name, test, mask, None
        for source, passed in inputs.items():
            if source in seen or not passed.any():
                continue
            if name == INTERPOLATED:
                yield from self._air_sample_causes(source, passed, seen)
            else:
                yield from self._causes(source, passed, seen)

    def _air_sample_causes(
        self, source: str, passed: np.ndarray, seen: set[str]
    ) -> Iterator[_Cause]:
        """Continue from interpolated air to the air samples on other rows."""
        flags = self.ds[f"{source}_flag"].to_numpy()
        flagged = (flags > GOOD) & (flags < MISSING)
        for of, test, mask, _ in self._causes(source, flagged, seen):
            samples = self.air.samples(mask)
            rows = passed & (samples >= 0)
            if rows.any():
                yield of, test, rows, samples

    def _flagging_inputs(
        self, name: str, rows: np.ndarray
    ) -> Iterator[tuple[str, np.ndarray]]:
        """Yield the inputs whose flags affect a result, and the rows."""
        outcomes = self.applied[name].get("input", {})
        for source, flagged in self._flagged_inputs(name):
            input_flags = self._layer(name, source)[0]
            passed = rows & flagged
            for level, code in (("questionable", QUESTIONABLE), ("bad", BAD)):
                if outcomes.get(source, {}).get(level) == GOOD:
                    passed &= input_flags != code
            yield source, passed

    def _linked_sources(
        self, links: Mapping[str, Any], rows: np.ndarray
    ) -> Iterator[tuple[str, np.ndarray]]:
        for source in links:
            if source in self.flagged:
                source_flags = self.ds[f"{source}_flag"].to_numpy()
                yield source, rows & (source_flags > GOOD) & (source_flags < MISSING)

    def _flagged_inputs(self, name: str) -> Iterator[tuple[str, np.ndarray]]:
        """Yield the rows where inputs are flagged and set their bits on a result."""
        bits = self.ds[f"{name}_tests"].to_numpy()
        for source in INPUTS.get(name, ()):
            if source in self.flagged and (name != INTERPOLATED or self.air.is_derived):
                input_flags, tests = self._layer(name, source)
                yield source, (input_flags > GOOD) & ((tests & ~bits) == 0)

    def _layer(self, name: str, source: str) -> Layer:
        """Return flags and tests of an input on the rows of the result."""
        flags, tests = (self.ds[f"{source}_{n}"].to_numpy() for n in ("flag", "tests"))
        return self.air.layer(flags, tests) if name == INTERPOLATED else (flags, tests)

    def _is_own(self, name: str, test: str, bit: int) -> np.ndarray:
        """Return where a test was about the variable itself, not about an input."""
        from_input = np.zeros(self.ds.sizes["time"], dtype=bool)
        for source, flagged in self._flagged_inputs(name):
            from_input |= flagged & ((self._layer(name, source)[1] & bit) != 0)
        if (
            not from_input.any()
            or test not in self.applied[name]
            or name not in self.ds
        ):
            return ~from_input
        if isinstance(self.applied[name][test], dict) and self.applied[name][test].get(
            "file"
        ):
            return ~from_input  # the file may have been moved since
        values = self.ds[name].to_numpy()
        results = dict(run_checks(self.context, name, values, values))
        return ~from_input | (results[test] > GOOD) if test in results else ~from_input

    def _values(self, of: str, test: str, at: np.ndarray) -> np.ndarray:
        source = _tested_variable(test) or of
        if source not in self.ds:
            source = of
        if source not in self.ds.data_vars:  # position and time
            return np.full(at.size, np.nan)
        return self.ds[source].to_numpy()[at].astype(np.float64)

    def _measures(self, of: str, test: str, at: np.ndarray) -> np.ndarray:
        """Return what a check compared with its limits."""
        measures = np.full(at.size, np.nan)
        check = CHECKS.get(test)
        if check is None or check.measure is None:
            return measures
        if check.track:
            lat, lon = (self.ds[n].to_numpy() for n in ("latitude", "longitude"))
            for options, rows in option_sets(self.context, "latitude", test):
                mask = np.ones(at.size, dtype=bool) if rows is None else rows[at]
                track = Track(lat, lon, self.context.seconds, at[mask])
                model = check.options.model_construct(**options)
                measures[mask] = check.measure(track, model)
            return measures
        if of not in self.ds.data_vars:
            return measures
        values = possible(of, self.ds[of].to_numpy())
        for options, rows in option_sets(self.context, of, test):
            mask = np.ones(at.size, dtype=bool) if rows is None else rows[at]
            measures[mask] = _measure_series(
                check, values, self.context.seconds, at[mask], options
            )
        return measures

    def _limits(
        self, of: str, test: str, at: np.ndarray, values: np.ndarray
    ) -> list[str]:
        limits = np.full(at.size, "", dtype=object)
        if test == "physical" and of in VARIABLES:
            low, high = VARIABLES[of].bounds
            limits[:] = f"[{low:g}, {high:g}]"
        key = "latitude" if of == "position" else of
        if test not in CHECKS or not isinstance(
            self.applied[of].get(test), dict | None
        ):
            return limits.tolist()
        for options, rows in option_sets(self.context, key, test):
            mask = np.ones(at.size, dtype=bool) if rows is None else rows[at]
            names = CHECKS[test].option_names
            settings = {name: options[name] for name in names if name in options}
            limits[mask] = [_limit_text(settings, value) for value in values[mask]]
        return limits.tolist()


def _union(masks: Iterable[np.ndarray], like: np.ndarray) -> np.ndarray:
    union = np.zeros_like(like)
    for mask in masks:
        union |= mask
    return union


def _rebuild_context(
    ds: xr.Dataset, applied_tests: Mapping[str, Mapping[str, Any]]
) -> CheckContext:
    """Rebuild the plan from the attributes of the flags."""
    checks: dict[str, Any] = {}
    rules: list[Rule] = []
    for name, applied in applied_tests.items():
        key = "latitude" if name == "position" else name
        checks[key] = {
            check: options
            for check, options in applied.items()
            if check in CHECKS and isinstance(options, dict)
        }
        for entry in applied.get("where", ()):
            conditional = {
                check: options
                for check, options in entry["checks"].items()
                if not isinstance(options, str)
            }
            rules.append(Rule(entry, {key: conditional}))
    return check_context(
        ds, Plan(PROFILES["none"], checks, rules, {}, {"": {}}, set()), {}
    )


def _tested_variable(test: str) -> str:
    """Return the variable that a test is about, empty if it is the flagged one."""
    entry = OTHER_TESTS.get(test) or CHECKS.get(test)
    return entry.tested if entry is not None else ""


def _measure_series(
    check: Check,
    values: np.ndarray,
    seconds: np.ndarray,
    at: np.ndarray,
    options: Mapping[str, Any],
) -> np.ndarray:
    """Return what a check measured on some rows."""
    finite = np.flatnonzero(np.isfinite(values))
    measures = np.full(at.size, np.nan)
    has_value = np.isfinite(values[at])
    if has_value.any() and check.measure is not None:
        positions = np.searchsorted(finite, at[has_value])
        series = Series(values[finite], seconds[finite], positions)
        # A file may have options that are no longer valid: not validated again.
        model = check.options.model_construct(**options)
        measures[has_value] = check.measure(series, model)
    return measures


def _limit_text(options: Mapping[str, Any], value: float) -> str:
    """Return the range that was exceeded, or all options if the check has no range."""
    for key in ("bad", "questionable"):
        pair = options.get(key)
        if isinstance(pair, list | tuple) and not pair[0] <= value <= pair[1]:
            return format_options({key: pair})
    return format_options(options)


def _sentence(of: str, test: str, value: float, measure: float, limit: str) -> str:
    check = CHECKS.get(test)
    known = OTHER_TESTS.get(test)
    meaning = check.description if check else known.meaning if known else test
    number = "" if np.isnan(value) or _tested_variable(test) else f" {value:.7g}"
    template = check.sentence if check else ""
    distance = "" if np.isnan(measure) else f", {template.format(measure)}"
    threshold = f" ({limit})" if limit else ""
    return f"{of}{number}: {meaning}{distance}{threshold}"
