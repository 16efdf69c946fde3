"""Quality control: every doubt named, no value touched."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.fields.air_samples import INTERPOLATED, MEASURED
from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.qc import (  # noqa: F401  (they register their checks)
    air,
    climatology,
    flows,
    gas_standards,
    population,
    pressures,
    steps,
    surroundings,
    warming,
)
from oceanco2.qc.audit import account, audit, audit_text, spoken
from oceanco2.qc.cascade import INPUTS, Layer, cascade, rows_of, settings_of
from oceanco2.qc.checks import CHECKS, Check
from oceanco2.qc.differences import differences
from oceanco2.qc.doubts import explain
from oceanco2.qc.engine import Bench, bench, consequences, own_layers
from oceanco2.qc.entering import Entering
from oceanco2.qc.listing import describe_checks
from oceanco2.qc.manual import read_manual
from oceanco2.qc.profiles import Plan, check_options, plan_of
from oceanco2.qc.rows import not_used, row_layers, with_layers
from oceanco2.qc.runs import CALIBRATED, Runs, judge_runs
from oceanco2.qc.telling import tests_applied
from oceanco2.qc.template import manual_template
from oceanco2.qc.track import clock_layer, position_layer
from oceanco2.vocabulary import (
    GOOD,
    MISSING,
    TEST_BITS,
    VARIABLES,
    flag_attrs,
    mask_attrs,
)

__all__ = [
    "CHECKS",
    "Check",
    "audit",
    "audit_text",
    "check_options",
    "describe_checks",
    "differences",
    "explain",
    "flag",
    "manual_template",
    "read_manual",
]

#: Without a flag, unless somebody names a check for them.
_NOT_FLAGGED = {
    *("sample_depth", "xCO2", "xCO2_calibrated"),
    *("cycle", "zero_status", "span_status"),
}
_PLACE = {"latitude", "longitude"}
#: Diagnostics that pass on to results, unless their consequences are written down.
_DIAGNOSTICS = {"water_flow", "gas_flow"}


def flag(
    ds: xr.Dataset, platform: Platform, manual: str | Path | None = None
) -> xr.Dataset:
    """Flag every measured and computed variable.

    Automatic flags come from the checks and, for results, from the flags of their
    inputs. A person's flag always wins and is kept apart; the flags of people that the
    dataset carries are applied again, below those of the CSV, so that none is lost
    when anything is computed anew. The attribute ``manual_flags`` is the audit trail.
    Only where a diagnostic makes a value bad that a person called questionable, it is
    bad; what a person called good stays good.

    Parameters
    ----------
    ds : xarray.Dataset
        Reduced dataset.
    platform : Platform
        Its ``qc`` table.
    manual : str or Path, optional
        CSV of flags set by people, see `read_manual`.

    Returns
    -------
    xarray.Dataset
        With ``X_flag`` (effective), ``X_flag_automatic``, ``X_flag_manual`` where a
        person said something, and ``X_tests`` for every variable and for ``position``
        and ``time``.

    Raises
    ------
    PlatformError
        If the ``qc`` table names what does not exist: never skipped silently.
    ProcessingError
        If a person's flag cannot be right.
    """
    plan = plan_of(platform)
    names = _flagged(ds, plan)
    said = spoken(ds, manual, [*names, "position", "time"])
    shared = bench(ds, plan, said.flags)
    runs = judge_runs(shared)
    automatic, effective = _all_layers(shared, platform, names, runs)
    new: dict[str, Any] = dict(runs.variables)
    for name, layer in automatic.items():
        limits = json.dumps(tests_applied(shared, name), sort_keys=True)
        new |= _variables(name, layer, effective[name], said.flags.get(name), limits)
    out = ds.assign(new)
    for name in names:
        out[name].attrs["ancillary_variables"] = f"{name}_flag {name}_tests"
    attrs = add_history(out.attrs, f"flagged (profile {platform.qc.profile})")
    layers = {name: flags for name, (flags, _) in automatic.items()}
    attrs |= account(said, ds["time"].to_numpy(), layers)
    return out.assign_attrs(attrs)


def _flagged(ds: xr.Dataset, plan: Plan) -> list[str]:
    """List the variables that get flags; what somebody names is never left out."""
    targets = {name for linked in plan.consequences.values() for name in linked}
    left_out = _PLACE | (_NOT_FLAGGED - plan.named() - targets)
    return [name for name in VARIABLES if name in ds.data_vars and name not in left_out]


def _all_layers(
    shared: Bench, platform: Platform, names: list[str], runs: Runs
) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Flag inputs first, then results in the order of the reduction."""
    ds = shared.ds
    own = own_layers(shared, names)
    follows = consequences(shared, own)
    automatic = {"position": position_layer(shared), "time": clock_layer(shared)}
    effective = {n: _overruled(shared, n, automatic[n]) for n in automatic}
    order = [n for n in names if n not in INPUTS] + [n for n in INPUTS if n in names]
    entering = Entering(ds)
    for name in order:
        layer = with_layers(own[name], row_layers(ds, platform, name))
        if name in CALIBRATED:
            layer = with_layers(layer, runs.layers)
        if name == INTERPOLATED and entering.ours:
            said = shared.by_hand.get(MEASURED)
            layer = entering.accepted(layer, automatic[MEASURED], said)
            entered = {MEASURED: entering.layer(*effective[MEASURED])}
            layer = _result(shared, name, layer, entered)
        elif name in INPUTS and name != INTERPOLATED:
            layer = _result(shared, name, layer, effective)
        else:
            layer = _with_missing(ds, name, layer)
        if name in follows:
            _worsen(layer, follows[name])
        automatic[name] = layer
        effective[name] = _overruled(shared, name, layer, follows.get(name))
    return automatic, effective


def _worsen(layer: Layer, flags: np.ndarray) -> None:
    rows = (flags > GOOD) & (layer[0] < MISSING)
    layer[1][rows] |= TEST_BITS["diagnostic"]
    layer[0][rows] = np.maximum(layer[0][rows], flags[rows])


def _with_missing(ds: xr.Dataset, name: str, layer: Layer) -> Layer:
    flags, tests = layer
    absent = np.isnan(ds[name].to_numpy())
    if absent.any():
        flags[absent] = MISSING
        tests[absent] |= TEST_BITS["missing"]
        tests[absent & not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _result(shared: Bench, name: str, own: Layer, inputs: dict[str, Layer]) -> Layer:
    ds, plan = shared.ds, shared.plan
    written = _DIAGNOSTICS & set(plan.consequences)
    used = {key: layer for key, layer in inputs.items() if key not in written}
    becomes = settings_of(ds, name, plan.cascade)
    flags, tests = cascade(name, own, used, ds[name].to_numpy(), becomes)
    # Elsewhere nothing was to be computed: missing, without a reason to look for.
    unexpected = ~rows_of(ds, name)
    if unexpected.any():
        flags[unexpected] = MISSING
        tests[unexpected] = TEST_BITS["missing"]
    tests[not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _overruled(
    shared: Bench, name: str, layer: Layer, follows: np.ndarray | None = None
) -> Layer:
    """Put people's flags on top; a doubt of theirs does not lift a diagnostic's."""
    said = shared.by_hand.get(name)
    if said is None:
        return layer
    tests = layer[1] | np.where(said > 0, TEST_BITS["manual"], 0)
    flags = np.where((said > 0) & ~_absent(shared.ds, name), said, layer[0])
    if follows is not None:
        flags = np.where(said > GOOD, np.maximum(flags, follows), flags)
    return flags.astype(np.int8), tests.astype(np.int64)


def _absent(ds: xr.Dataset, name: str) -> np.ndarray:
    """Tell where there is no value to judge."""
    parts = {"position": ("latitude", "longitude")}.get(name, (name,))
    missing = np.zeros(ds.sizes["time"], dtype=bool)
    for part in parts:
        missing |= np.isnan(ds[part].to_numpy())
    return missing


def _variables(
    name: str,
    automatic: Layer,
    effective: Layer,
    by_hand: np.ndarray | None,
    limits: str,
) -> dict[str, Any]:
    said = flag_attrs(name) | {"tests_applied": limits}
    flags = automatic[0] if by_hand is not None else automatic[0].copy()
    new = {
        f"{name}_flag": ("time", effective[0], said),
        f"{name}_flag_automatic": ("time", flags, flag_attrs(name, "automatic")),
        f"{name}_tests": ("time", effective[1], mask_attrs(name)),
    }
    if by_hand is not None:
        new[f"{name}_flag_manual"] = ("time", by_hand, flag_attrs(name, "manual"))
    return new
