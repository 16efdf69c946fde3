"""Run the checks of a plan on the variables of a dataset and record them."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.compiling import threads
from oceanco2.dates import SECOND
from oceanco2.qc.cascade import INPUTS, Layer, cascade_settings
from oceanco2.qc.check import Check
from oceanco2.qc.checks.standards import samples_of_runs
from oceanco2.qc.limits import RUNS, Checks, rows_where
from oceanco2.qc.plan import Plan, Rule
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    VARIABLES,
    flag_attrs,
    possible,
)


def why_not_separate(ds: xr.Dataset, check: str) -> str:
    """Return why a check must not compare its two variables, or an empty text."""
    pair = CHECKS[check].pairs
    if not pair or not set(pair) <= set(ds.variables):
        return ""
    for name in pair:
        if ds[name].attrs.get("value_type") == "nominal":
            return f"{name} is one given number"
        if str(ds[name].attrs.get("method", "")).startswith("not measured"):
            return f"{name} is {ds[name].attrs['method']}"
    one, two = (ds[name].attrs.get("source_column") for name in pair)
    if one is not None and one == two:
        return f"{' and '.join(pair)} are one column"
    return ""


#: Readings of the analyser: those of standards are checked too.
_READINGS = ("xCO2", "x12CO2", "x13CO2")
#: A different gas in each run type: some profiles compare within a run type only.
_BY_RUN = ("xH2O", "xH2O_calibrated")


@dataclass(frozen=True, slots=True)
class CheckContext:
    """The dataset, plan and manual flags that all checks share."""

    ds: xr.Dataset
    plan: Plan
    seconds: np.ndarray
    holds: Callable[[Mapping[str, Any]], np.ndarray]
    manual: Mapping[str, np.ndarray]

    def checks(self, name: str) -> Checks:
        """Return the checks that apply to a variable."""
        checks = self.plan.checks.get(name, {})
        if name in self.ds and self.ds[name].attrs.get("value_type") == "nominal":
            return {key: o for key, o in checks.items() if CHECKS[key].impossible}
        return checks

    def rules(self, name: str) -> list[Rule]:
        """Return the rules that change the checks of a variable on some rows."""
        return [rule for rule in self.plan.rules if name in rule.checks]


def check_context(
    ds: xr.Dataset, plan: Plan, manual: Mapping[str, np.ndarray]
) -> CheckContext:
    """Prepare the context that all checks share."""
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / SECOND
    return CheckContext(ds, plan, seconds, rows_where(ds), manual)


def check_layers(context: CheckContext, names: list[str]) -> dict[str, Layer]:
    """Flag variables by their own checks, in parallel on all cores."""

    def flag_one(name: str) -> Layer:
        return _flag_variable(context, name)

    if len(names) < 2 or context.seconds.size < 10_000:
        return {name: flag_one(name) for name in names}
    # Longest jobs first, so that no core idles at the end.
    order = sorted(names, key=lambda name: -len(context.checks(name)))
    with ThreadPoolExecutor(threads()) as pool:
        return dict(zip(order, pool.map(flag_one, order), strict=True))


def _flag_variable(context: CheckContext, name: str) -> Layer:
    from oceanco2.qc import _kernels

    values = np.ascontiguousarray(context.ds[name].to_numpy(), dtype=np.float64)
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    tests = np.zeros(values.shape, dtype=np.int64)
    # Impossible values would distort the comparison with their neighbours.
    possible_values = np.empty_like(values)
    low, high = (float(bound) for bound in VARIABLES[name].bounds)
    _kernels.mask_impossible(
        values, low, high, possible_values, flags, tests, TEST_BITS["physical"]
    )
    unseen = _hidden_rows(context, name)
    if unseen is not None:
        values = np.where(unseen, np.nan, values)
        possible_values[unseen] = np.nan
    for rows in _series_rows(context, name):
        series = values, possible_values
        if rows is not None:
            series = (
                np.where(rows, values, np.nan),
                np.where(rows, possible_values, np.nan),
            )
        for check, issued in run_checks(context, name, *series):
            _kernels.merge_flags(flags, tests, issued, TEST_BITS[check])
    return flags, tests


def _series_rows(context: CheckContext, name: str) -> list[np.ndarray | None]:
    """Return the rows of each series: all, or by run type if the profile says so."""
    by_run = context.plan.profile.sampling_only and name in _BY_RUN
    if not by_run or "run_type" not in context.ds:
        return [None]
    run_type = context.ds["run_type"].to_numpy()
    return [run_type == RUN_TYPES[word] for word in ("water", "air")]


def _hidden_rows(context: CheckContext, name: str) -> np.ndarray | None:
    """Return the rows that are hidden from checks, if the profile says so."""
    if not context.plan.profile.sampling_only:
        return None
    hidden = np.zeros(context.seconds.shape, dtype=bool)
    # For a diagnostic, its consequences say in which runs it counts.
    everywhere = {*_READINGS, *context.plan.written}
    if "run_type" in context.ds and name not in everywhere:
        codes = (RUN_TYPES["water"], RUN_TYPES["air"])
        hidden |= ~np.isin(context.ds["run_type"].to_numpy(), codes)
    if name in context.manual:
        hidden |= context.manual[name] > 0
    return hidden


def run_checks(
    context: CheckContext, name: str, values: np.ndarray, possible_values: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the flags of each check of a variable."""
    checks, rules = context.checks(name), context.rules(name)
    added = (check for rule in rules for check in rule.checks[name])
    for check in dict.fromkeys([*checks, *added]):
        entry = CHECKS[check]
        if (
            entry.track
            or missing_inputs(context.ds, check)
            or why_not_separate(context.ds, check)
        ):
            continue
        names = (*entry.needs, *entry.wants)
        inputs = {name: check_input(context.ds, entry, name) for name in names}
        series = values if entry.impossible else possible_values
        total = np.full(values.shape, GOOD, dtype=np.int8)
        for options, rows in option_sets(context, name, check):
            arguments = _with_file_path(options, context.plan)
            issued = entry.function(series, context.seconds, **inputs, **arguments)
            if rows is None:
                total = issued
            else:
                total[rows] = issued[rows]
        yield check, total


def _with_file_path(options: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """Replace the file of an option by its path."""
    file = options.get("file")
    return options | {"file": plan.files[file]} if file in plan.files else options


def option_sets(
    context: CheckContext, name: str, check: str
) -> list[tuple[dict[str, Any], np.ndarray | None]]:
    """Return the options of a check and the rows to which they apply."""
    base = context.checks(name).get(check)
    applicable = [rule for rule in context.rules(name) if check in rule.checks[name]]
    if not applicable:
        return [] if base is None else [(base, None)]
    combinations = np.zeros(context.seconds.shape, dtype=np.int64)
    for number, rule in enumerate(applicable):
        combinations[context.holds(rule.when)] |= 1 << number
    sets = []
    for combination in np.unique(combinations).tolist():
        options: Any = base
        for number, rule in enumerate(applicable):
            if combination >> number & 1:
                changes = rule.checks[name][check]
                options = None if changes is False else (options or {}) | changes
        if options is not None:
            sets.append((options, combinations == combination))
    return sets


def missing_inputs(ds: xr.Dataset, check: str) -> list[str]:
    """Return the variables that a check needs and a dataset lacks."""
    entry = CHECKS[check]
    names: list[str] = []
    for need in entry.needs:
        derived = entry.derived.get(need)
        names += [need] if derived is None else derived.sources
    return list(dict.fromkeys(name for name in names if name not in ds.variables))


def check_input(ds: xr.Dataset, check: Check, name: str) -> np.ndarray | None:
    """Return an input of a check as an array along time."""
    if name in check.derived:
        return check.derived[name].compute(ds)
    if name not in ds.variables:
        return None
    values = ds[name].to_numpy()
    return possible(name, values) if name in VARIABLES else values


def consequences(
    context: CheckContext, layers: Mapping[str, Layer]
) -> dict[str, np.ndarray]:
    """Return the flags that diagnostics cause on other variables."""
    caused: dict[str, np.ndarray] = {}
    for source, targets in context.plan.consequences.items():
        if source not in layers:
            continue
        flags = layers[source][0]
        if source in context.manual:
            manual = context.manual[source]
            flags = np.where(manual > 0, manual, flags)
        flagged = (flags > GOOD) & (flags < MISSING)
        for target, codes in targets.items():
            rows = flagged
            if codes and "run_type" in context.ds:
                rows = rows & np.isin(context.ds["run_type"].to_numpy(), codes)
            target_flags = caused.setdefault(
                target, np.full(flags.shape, GOOD, dtype=np.int8)
            )
            np.maximum(
                target_flags,
                np.where(rows, flags, GOOD),
                out=target_flags,
                casting="unsafe",
            )
    return caused


_RUN_TYPE_NAMES = {code: word for word, code in RUN_TYPES.items()}


def tests_applied(context: CheckContext, name: str) -> dict[str, Any]:
    """Return checks that ran with their limits, those that could not, and links."""
    record: dict[str, Any] = {}
    for key in ("latitude", "longitude") if name == "position" else (name,):
        for check, options in context.checks(key).items():
            record[check] = _check_outcome(context, check, options)
        for rule in context.rules(key):
            changes = {
                c: _rule_outcome(context, c, o) for c, o in rule.checks[key].items()
            }
            entry = dict(rule.when) | {"rows": int(context.holds(rule.when).sum())}
            record.setdefault("where", []).append(entry | {"checks": changes})
    links = _diagnostic_links(context, name)
    if links:
        record["diagnostic"] = links
    changed = _changed_inputs(context, name)
    if changed:
        record["input"] = changed
    return record


def _rule_outcome(context: CheckContext, check: str, options: Any) -> Any:
    outcome = _check_outcome(context, check, options)
    return outcome if isinstance(outcome, str) else options


def _check_outcome(context: CheckContext, check: str, options: Any) -> Any:
    absent = ", ".join(missing_inputs(context.ds, check))
    if absent:
        return f"not run: lacks {absent}"
    reason = why_not_separate(context.ds, check)
    if reason:
        return f"not run: {reason}"
    # Without options, the default limits of the check applied.
    return CHECKS[check].with_defaults({}) if options == {} else options


def _diagnostic_links(context: CheckContext, name: str) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for source, targets in context.plan.consequences.items():
        if name in targets and source in context.ds:
            links[source] = [_RUN_TYPE_NAMES[code] for code in targets[name]] or "all"
        elif name in targets:
            links[source] = f"not run: lacks {source}"
    return links


def _changed_inputs(context: CheckContext, name: str) -> dict[str, dict[str, int]]:
    if name not in INPUTS:
        return {}
    return {
        key: {"questionable": pair[0], "bad": pair[1]}
        for key, pair in cascade_settings(
            context.ds, name, context.plan.cascade
        ).items()
        if key in INPUTS[name] and key in context.ds and pair != (QUESTIONABLE, BAD)
    }


#: Variables calibrated with gas standards.
CALIBRATED = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
_NEEDED = ("time", "standard", "measured", "used")


@dataclass(frozen=True, slots=True)
class RunFlags:
    """Flag variables of gas standard runs, and layers of the samples they calibrate."""

    variables: dict[str, Any] = field(default_factory=dict)
    layers: list[tuple[str, np.ndarray, int]] = field(default_factory=list)


def flag_runs(context: CheckContext) -> RunFlags:
    """Run the checks of ``[qc.standard_run]``."""
    ds = context.ds
    names = [f"{RUNS}_{word}" for word in _NEEDED]
    if (
        not ds.sizes["time"]
        or not ds.sizes.get(RUNS)
        or not set(names) <= set(ds.variables)
    ):
        return RunFlags()
    times, which, measured, used = (ds[name].to_numpy() for name in names)
    seconds = (times - ds["time"].to_numpy()[0]) / SECOND
    run_context = replace(context, seconds=seconds)
    flags = np.full(measured.shape, GOOD, dtype=np.int8)
    tests = np.zeros(measured.shape, dtype=np.int64)
    flags[np.isnan(measured)] = MISSING
    tests[np.isnan(measured)] = TEST_BITS["missing"]
    layers = []
    for test, run_flags in run_checks(run_context, RUNS, measured, measured):
        noted = (run_flags != GOOD) & (flags < MISSING)
        tests[noted] |= TEST_BITS[test]
        flags[noted] = np.maximum(flags[noted], run_flags[noted])
        for rows, flag in (
            (noted, GOOD),
            (noted & (run_flags >= QUESTIONABLE), QUESTIONABLE),
            (noted & (run_flags == BAD), BAD),
        ):
            if rows.any():
                samples = samples_of_runs(
                    test, rows, which, used, seconds, context.seconds
                )
                layers.append((test, samples, flag))
    limits = json.dumps(tests_applied(context, RUNS), sort_keys=True)
    variables = {
        f"{RUNS}_flag": (RUNS, flags, flag_attrs(RUNS) | {"tests_applied": limits}),
        f"{RUNS}_tests": (RUNS, tests, mask_attrs(RUNS)),
    }
    return RunFlags(variables, layers)
