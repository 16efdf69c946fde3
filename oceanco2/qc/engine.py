"""Run the checks of a plan on the variables of a dataset."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.compiling import threads
from oceanco2.qc.apart import not_apart
from oceanco2.qc.cascade import Layer
from oceanco2.qc.checks import CHECKS
from oceanco2.qc.defaults import Checks
from oceanco2.qc.places import rows_where
from oceanco2.qc.profiles import Plan, Rule
from oceanco2.qc.standard_runs import DERIVED
from oceanco2.vocabulary import (
    GOOD,
    MISSING,
    RUN_TYPES,
    TEST_BITS,
    VARIABLES,
    possible,
)

#: The analyser's own readings: those of standards are judged as well.
_READINGS = ("xCO2", "x12CO2", "x13CO2")
#: Of other gas in every run type: where a profile says so, compared within it only.
_BY_RUN = ("xH2O", "xH2O_calibrated")


@dataclass(frozen=True, slots=True)
class Bench:
    """What all checks of one dataset share."""

    ds: xr.Dataset
    plan: Plan
    seconds: np.ndarray
    holds: Callable[[Mapping[str, Any]], np.ndarray]
    by_hand: Mapping[str, np.ndarray]

    def checks(self, name: str) -> Checks:
        """Return the checks of a variable that make sense for it."""
        checks = self.plan.checks.get(name, {})
        if name in self.ds and self.ds[name].attrs.get("value_type") == "nominal":
            return {key: options for key, options in checks.items() if key == "range"}
        return checks

    def rules(self, name: str) -> list[Rule]:
        """Return what is different somewhere for a variable."""
        return [rule for rule in self.plan.rules if name in rule.checks]


def bench(ds: xr.Dataset, plan: Plan, by_hand: Mapping[str, np.ndarray]) -> Bench:
    """Prepare what all checks share."""
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    return Bench(ds, plan, seconds, rows_where(ds), by_hand)


def own_layers(shared: Bench, names: list[str]) -> dict[str, Layer]:
    """Flag variables by their own checks, side by side on all cores."""

    def one(name: str) -> Layer:
        return _own(shared, name)

    if len(names) < 2 or shared.seconds.size < 10_000:
        return {name: one(name) for name in names}
    # The longest first, so that no core waits for it at the end.
    order = sorted(names, key=lambda name: -len(shared.checks(name)))
    with ThreadPoolExecutor(threads()) as pool:
        return dict(zip(order, pool.map(one, order), strict=True))


def _own(shared: Bench, name: str) -> Layer:
    from oceanco2.qc import _kernels

    values = np.ascontiguousarray(shared.ds[name].to_numpy(), dtype=np.float64)
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    tests = np.zeros(values.shape, dtype=np.int64)
    # Impossible values would spoil the neighbours that they are compared with.
    judged = np.empty_like(values)
    low, high = (float(bound) for bound in VARIABLES[name].bounds)
    _kernels.judged(values, low, high, judged, flags, tests, TEST_BITS["physical"])
    hidden = _hidden(shared, name)
    if hidden is not None:
        values = np.where(hidden, np.nan, values)
        judged[hidden] = np.nan
    for rows in _series(shared, name):
        seen = values, judged
        if rows is not None:
            seen = np.where(rows, values, np.nan), np.where(rows, judged, np.nan)
        for check, found in found_by(shared, name, *seen):
            _kernels.raised(flags, tests, found, TEST_BITS[check])
    return flags, tests


def _series(shared: Bench, name: str) -> list[np.ndarray | None]:
    """Tell which rows are one series: all, or those of one run type, for a profile."""
    by_run = shared.plan.profile.sampling_only and name in _BY_RUN
    if not by_run or "run_type" not in shared.ds:
        return [None]
    run_type = shared.ds["run_type"].to_numpy()
    return [run_type == RUN_TYPES[word] for word in ("water", "air")]


def _hidden(shared: Bench, name: str) -> np.ndarray | None:
    """Tell the rows that no check sees, where the profile says so."""
    if not shared.plan.profile.sampling_only:
        return None
    hidden = np.zeros(shared.seconds.shape, dtype=bool)
    # Of a diagnostic, its consequences say in which runs it counts.
    everywhere = {*_READINGS, *shared.plan.written}
    if "run_type" in shared.ds and name not in everywhere:
        codes = (RUN_TYPES["water"], RUN_TYPES["air"])
        hidden |= ~np.isin(shared.ds["run_type"].to_numpy(), codes)
    if name in shared.by_hand:
        hidden |= shared.by_hand[name] > 0
    return hidden


def found_by(
    shared: Bench, name: str, values: np.ndarray, judged: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Run the checks of a variable one by one."""
    checks, rules = shared.checks(name), shared.rules(name)
    extra = (check for rule in rules for check in rule.checks[name])
    for check in dict.fromkeys([*checks, *extra]):
        if check == "speed" or lacking(shared.ds, check) or not_apart(shared.ds, check):
            continue
        entry = CHECKS[check]
        handed = {n: needed(shared.ds, n) for n in (*entry.needs, *entry.wants)}
        series = values if check == "range" else judged
        whole = np.full(values.shape, GOOD, dtype=np.int8)
        for options, rows in option_sets(shared, name, check):
            ready = _at_hand(options, shared.plan)
            found = entry.function(series, shared.seconds, **handed, **ready)
            if rows is None:
                whole = found
            else:
                whole[rows] = found[rows]
        yield check, whole


def _at_hand(options: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Say where the file of an option lies."""
    file = options.get("file")
    return options | {"file": plan.files[file]} if file in plan.files else options


def option_sets(
    shared: Bench, name: str, check: str
) -> list[tuple[dict[str, Any], np.ndarray | None]]:
    """Return the options of a check and the rows for which they hold."""
    base = shared.checks(name).get(check)
    here = [rule for rule in shared.rules(name) if check in rule.checks[name]]
    if not here:
        return [] if base is None else [(base, None)]
    which = np.zeros(shared.seconds.shape, dtype=np.int64)
    for number, rule in enumerate(here):
        which[shared.holds(rule.when)] |= 1 << number
    sets = []
    for combination in np.unique(which).tolist():
        options: Any = base
        for number, rule in enumerate(here):
            if combination >> number & 1:
                said = rule.checks[name][check]
                options = None if said is False else (options or {}) | said
        if options is not None:
            sets.append((options, which == combination))
    return sets


def lacking(ds: xr.Dataset, check: str) -> list[str]:
    """Return what a check needs and a dataset has not."""
    sources = {need: DERIVED.get(need, ((need,), None))[0] for need in _needs(check)}
    absent = [n for names in sources.values() for n in names if n not in ds.variables]
    return list(dict.fromkeys(absent))


def _needs(check: str) -> tuple[str, ...]:
    return CHECKS[check].needs


def needed(ds: xr.Dataset, name: str) -> np.ndarray | None:
    """Return what a check needs as an array along time."""
    if name in DERIVED:
        return DERIVED[name][1](ds)
    if name not in ds.variables:
        return None
    values = ds[name].to_numpy()
    return possible(name, values) if name in VARIABLES else values


def consequences(shared: Bench, layers: Mapping[str, Layer]) -> dict[str, np.ndarray]:
    """Return what diagnostics mean for other sensors in chosen run types."""
    found: dict[str, np.ndarray] = {}
    for source, targets in shared.plan.consequences.items():
        if source not in layers:
            continue
        flags = layers[source][0]
        if source in shared.by_hand:
            said = shared.by_hand[source]
            flags = np.where(said > 0, said, flags)
        doubtful = (flags > GOOD) & (flags < MISSING)
        for target, codes in targets.items():
            rows = doubtful
            if codes and "run_type" in shared.ds:
                rows = rows & np.isin(shared.ds["run_type"].to_numpy(), codes)
            mine = found.setdefault(target, np.full(flags.shape, GOOD, dtype=np.int8))
            np.maximum(mine, np.where(rows, flags, GOOD), out=mine, casting="unsafe")
    return found
