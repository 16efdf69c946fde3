"""Quality control: flags and the checks behind them; values never change."""

import json
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.datasets import check_dataset
from oceanco2.errors import DataWarning
from oceanco2.fields.air import INTERPOLATED, MEASURED
from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.qc.cascade import (
    INPUTS,
    InterpolatedAir,
    Layer,
    cascade,
    cascade_settings,
    rows_with_result,
)
from oceanco2.qc.check import Check
from oceanco2.qc.contradictions import contradictions
from oceanco2.qc.differences import differences
from oceanco2.qc.engine import (
    CALIBRATED,
    CheckContext,
    RunFlags,
    check_context,
    check_layers,
    consequences,
    flag_runs,
    tests_applied,
)
from oceanco2.qc.explain import describe_checks, explain
from oceanco2.qc.manual import (
    audit,
    audit_attrs,
    audit_text,
    given_entries,
    manual_entries,
    manual_template,
    read_manual,
    stored_entries,
)
from oceanco2.qc.plan import Plan, check_options, plan_of
from oceanco2.qc.rows import (
    clock_layer,
    merge_layers,
    not_used,
    position_layer,
    row_layers,
)
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import GOOD, MISSING, VARIABLES, flag_attrs

if TYPE_CHECKING:
    import pandas as pd

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


#: Variables without a flag unless a platform file names a check for them.
_NOT_FLAGGED = {
    *("sample_depth", "xCO2", "xCO2_calibrated"),
    *("cycle", "zero_status", "span_status"),
}
_COORDINATES = {"latitude", "longitude"}
#: Diagnostics that affect results unless the profile lists their consequences.
_DIAGNOSTICS = {"water_flow", "gas_flow"}


def flag(
    ds: xr.Dataset,
    platform: Platform,
    manual: "str | Path | pd.DataFrame | None" = None,
) -> xr.Dataset:
    """Flag every measured and computed variable.

    Automatic flags come from the checks and, for results, from the flags of their
    inputs. Manual flags always win and are stored separately; manual flags that the
    dataset already contains, also flags that were set in it by hand, are applied
    again, below those of the CSV, so that none is lost when anything is recomputed.
    The attribute ``manual_flags`` is the audit trail.
    Exception: where a diagnostic makes a value bad whose manual flag is questionable,
    it is bad; a value whose manual flag is good stays good.

    Parameters
    ----------
    ds : xarray.Dataset
        Reduced dataset.
    platform : Platform
        Its ``qc`` table.
    manual : str, Path or DataFrame, optional
        Manual flags: a CSV, see `read_manual`, or a table with its columns.

    Returns
    -------
    xarray.Dataset
        With ``X_flag`` (effective), ``X_flag_automatic``, ``X_flag_manual`` where
        manual flags were set, and ``X_tests`` for every variable and for ``position``
        and ``time``.

    Raises
    ------
    PlatformError
        If the ``qc`` table names anything unknown: never skipped silently.
    ProcessingError
        If a manual flag is invalid.

    Warns
    -----
    DataWarning
        For whole tracks and columns that contradict themselves.
    """
    check_dataset(ds)
    plan = plan_of(platform)
    given = [*stored_entries(ds), *given_entries(manual)]
    names = _flagged(ds, plan, {entry.variable for entry in given})
    entries = manual_entries(ds, manual, [*names, "position", "time"])
    context = check_context(ds, plan, entries.flags)
    runs = flag_runs(context)
    automatic, effective = _all_layers(context, platform, names, runs)
    for message in contradictions(context, platform, automatic["position"][0]):
        warnings.warn(message, DataWarning, stacklevel=2)
    new: dict[str, Any] = dict(runs.variables)
    for name, layer in automatic.items():
        limits = json.dumps(tests_applied(context, name), sort_keys=True)
        new |= _flag_variables(
            name, layer, effective[name], entries.flags.get(name), limits
        )
    out = ds.assign(new)
    for name in names:
        out[name].attrs["ancillary_variables"] = f"{name}_flag {name}_tests"
    layers = {name: flags for name, (flags, _) in automatic.items()}
    attrs = out.attrs | audit_attrs(entries, ds["time"].to_numpy(), layers)
    step = f"flagged (profile {platform.qc.profile})"
    return out.assign_attrs(add_history(attrs, step))


def _flagged(ds: xr.Dataset, plan: Plan, named: Collection[str] = ()) -> list[str]:
    """List the variables that get flags; those that somebody names always do."""
    targets = {name for linked in plan.consequences.values() for name in linked}
    left_out = _COORDINATES | (_NOT_FLAGGED - plan.named() - targets - {*named})
    return [name for name in VARIABLES if name in ds.data_vars and name not in left_out]


def _all_layers(
    context: CheckContext, platform: Platform, names: list[str], runs: RunFlags
) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Flag inputs first, then results in the order of the reduction."""
    ds = context.ds
    checked = check_layers(context, names)
    diagnostics = consequences(context, checked)
    automatic = {"position": position_layer(context), "time": clock_layer(context)}
    effective = {n: _apply_manual(context, n, automatic[n]) for n in automatic}
    order = [n for n in names if n not in INPUTS] + [n for n in INPUTS if n in names]
    interpolated = InterpolatedAir(ds)
    for name in order:
        layer = merge_layers(*checked[name], row_layers(ds, platform, name))
        if name in CALIBRATED:
            layer = merge_layers(*layer, runs.layers)
        if name == INTERPOLATED and interpolated.is_derived:
            manual = context.manual.get(MEASURED)
            layer = interpolated.lift_accepted(layer, automatic[MEASURED], manual)
            air_flags = {MEASURED: interpolated.layer(*effective[MEASURED])}
            layer = _result_layer(context, name, layer, air_flags)
        elif name in INPUTS and name != INTERPOLATED:
            layer = _result_layer(context, name, layer, effective)
        else:
            layer = _flag_missing(ds, name, *layer)
        if name in diagnostics:
            _worsen(layer, diagnostics[name])
        if name in CALIBRATED and "xCO2" in context.manual:
            _worsen(layer, context.manual["xCO2"], "input")
        automatic[name] = layer
        effective[name] = _apply_manual(context, name, layer, diagnostics.get(name))
    return automatic, effective


def _worsen(layer: Layer, flags: np.ndarray, test: str = "diagnostic") -> None:
    rows = (flags > GOOD) & (layer[0] < MISSING)
    layer[1][rows] |= TEST_BITS[test]
    layer[0][rows] = np.maximum(layer[0][rows], flags[rows])


def _flag_missing(
    ds: xr.Dataset, name: str, flags: np.ndarray, tests: np.ndarray
) -> Layer:
    absent = np.isnan(ds[name].to_numpy())
    if absent.any():
        flags[absent] = MISSING
        tests[absent] |= TEST_BITS["missing"]
        tests[absent & not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _result_layer(
    context: CheckContext, name: str, layer: Layer, inputs: dict[str, Layer]
) -> Layer:
    ds, plan = context.ds, context.plan
    written = _DIAGNOSTICS & set(plan.consequences)
    used = {key: layer for key, layer in inputs.items() if key not in written}
    becomes = cascade_settings(ds, name, plan.cascade)
    flags, tests = cascade(name, layer, used, ds[name].to_numpy(), becomes)
    # On other rows no result is expected: missing, without further reason.
    unexpected = ~rows_with_result(ds, name)
    if unexpected.any():
        flags[unexpected] = MISSING
        tests[unexpected] = TEST_BITS["missing"]
    tests[not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _apply_manual(
    context: CheckContext, name: str, layer: Layer, diagnostic: np.ndarray | None = None
) -> Layer:
    """Apply manual flags; a manual 3 or 4 does not lift the flag of a diagnostic."""
    manual = context.manual.get(name)
    if manual is None:
        return layer
    tests = layer[1] | np.where(manual > 0, TEST_BITS["manual"], 0)
    flags = np.where((manual > 0) & ~_is_missing(context.ds, name), manual, layer[0])
    if diagnostic is not None:
        flags = np.where(manual > GOOD, np.maximum(flags, diagnostic), flags)
    return flags.astype(np.int8), tests.astype(np.int64)


def _is_missing(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return where there is no value to flag."""
    parts = {"position": ("latitude", "longitude")}.get(name, (name,))
    missing = np.zeros(ds.sizes["time"], dtype=bool)
    for part in parts:
        missing |= np.isnan(ds[part].to_numpy())
    return missing


def _flag_variables(
    name: str,
    automatic: Layer,
    effective: Layer,
    manual: np.ndarray | None,
    limits: str,
) -> dict[str, Any]:
    attrs = flag_attrs(name) | {"tests_applied": limits}
    flags = automatic[0] if manual is not None else automatic[0].copy()
    new = {
        f"{name}_flag": ("time", effective[0], attrs),
        f"{name}_flag_automatic": ("time", flags, flag_attrs(name, "automatic")),
        f"{name}_tests": ("time", effective[1], mask_attrs(name)),
    }
    if manual is not None:
        new[f"{name}_flag_manual"] = ("time", manual, flag_attrs(name, "manual"))
    return new
