"""Quality control: every doubt named, no value touched."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.platforms import Platform
from oceanco2.provenance import add_history
from oceanco2.qc import (  # noqa: F401  (they register their checks)
    air,
    climatology,
    flows,
    gas_standards,
    pressures,
    steps,
    surroundings,
    warming,
)
from oceanco2.qc.audit import account, audit, audit_text, spoken
from oceanco2.qc.cascade import INPUTS, Layer, cascade, rows_of
from oceanco2.qc.checks import CHECKS, TOLD, Check
from oceanco2.qc.differences import differences
from oceanco2.qc.manual import read_manual
from oceanco2.qc.profiles import (
    Checks,
    check_options,
    checks_of,
    describe_checks,
)
from oceanco2.qc.rows import not_used, row_layers, with_layers
from oceanco2.qc.template import manual_template
from oceanco2.qc.track import (
    check_duplicate_time,
    check_position,
    check_speed,
    check_time_order,
)
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    MISSING,
    TEST_BITS,
    VARIABLES,
    flag_attrs,
    mask_attrs,
    possible,
)

__all__ = [
    "CHECKS",
    "Check",
    "audit",
    "audit_text",
    "check_options",
    "describe_checks",
    "differences",
    "flag",
    "manual_template",
    "read_manual",
]

_NOT_FLAGGED = {
    *("latitude", "longitude", "sample_depth", "xCO2", "xCO2_calibrated"),
    *("cycle", "zero_status", "span_status"),
}


def flag(
    ds: xr.Dataset, platform: Platform, manual: str | Path | None = None
) -> xr.Dataset:
    """Flag every measured and computed variable.

    Automatic flags come from the checks and, for results, from the flags of their
    inputs. A person's flag always wins and is kept apart; the flags of people that the
    dataset carries are applied again, below those of the CSV, so that none is lost
    when anything is computed anew. The attribute ``manual_flags`` is the audit trail.

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
    check_options(platform)
    chosen = checks_of(platform)
    names = [n for n in VARIABLES if n in ds.data_vars and n not in _NOT_FLAGGED]
    said = spoken(ds, manual, [*names, "position", "time"])
    by_hand = said.flags
    automatic, effective = _all_layers(ds, platform, chosen, names, by_hand)
    new: dict[str, Any] = {}
    for name, (flags, tests) in automatic.items():
        limits = json.dumps(_applied(ds, chosen.get(name, {})), sort_keys=True)
        new |= _variables(
            name, flags, tests, effective[name], by_hand.get(name), limits
        )
    out = ds.assign(new)
    for name in names:
        out[name].attrs["ancillary_variables"] = f"{name}_flag {name}_tests"
    attrs = add_history(out.attrs, f"flagged (profile {platform.qc.profile})")
    layers = {name: flags for name, (flags, _) in automatic.items()}
    attrs |= account(said, ds["time"].to_numpy(), layers)
    return out.assign_attrs(attrs)


def _all_layers(
    ds: xr.Dataset,
    platform: Platform,
    chosen: dict[str, Checks],
    names: list[str],
    by_hand: dict[str, np.ndarray],
) -> tuple[dict[str, Layer], dict[str, Layer]]:
    """Flag inputs first, then results in the order of the reduction."""
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    automatic: dict[str, Layer] = {}
    effective: dict[str, Layer] = {}
    track = {"position": _position(ds, seconds, chosen), "time": _clock(ds, seconds)}
    order = [n for n in names if n not in INPUTS] + [n for n in INPUTS if n in names]
    for name in ["position", "time", *order]:
        if name in track:
            layer = track[name]
        else:
            values = ds[name].to_numpy()
            layer = _own(ds, seconds, name, _sensible(ds, name, chosen))
            layer = with_layers(layer, row_layers(ds, platform, name))
            if name in INPUTS:
                layer = _result(ds, name, layer, effective)
            else:
                layer = _with_missing(ds, values, layer)
        automatic[name] = layer
        effective[name] = _overruled(layer, by_hand.get(name))
    return automatic, effective


def _lacking(ds: xr.Dataset, check: str) -> list[str]:
    return [name for name in CHECKS[check].needs if name not in ds.variables]


def _handed(ds: xr.Dataset, name: str) -> np.ndarray | None:
    """Return another variable as checks get it: NaN where it cannot be."""
    if name not in ds.variables:
        return None
    values = ds[name].to_numpy()
    return possible(name, values) if name in VARIABLES else values


def _applied(ds: xr.Dataset, checks: Checks) -> dict[str, Any]:
    """Say which checks ran with which limits, and which could not."""
    said: dict[str, Any] = {}
    for check, options in checks.items():
        lacking = ", ".join(_lacking(ds, check))
        said[check] = f"not run: lacks {lacking}" if lacking else options
    return said


def _sensible(ds: xr.Dataset, name: str, chosen: dict[str, Checks]) -> Checks:
    """Leave out what compares neighbours where the value is one given number."""
    checks = chosen.get(name, {})
    if ds[name].attrs.get("value_type") == "nominal":
        return {key: options for key, options in checks.items() if key == "range"}
    return checks


def _own(ds: xr.Dataset, seconds: np.ndarray, name: str, checks: Checks) -> Layer:
    values = ds[name].to_numpy()
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    tests = np.zeros(values.shape, dtype=np.int64)
    # Impossible values would spoil the neighbours that they are compared with.
    judged = possible(name, values)
    impossible = np.isnan(judged) & ~np.isnan(values)
    flags[impossible] = BAD
    tests[impossible] |= TEST_BITS["physical"]
    for check, options in checks.items():
        if _lacking(ds, check):
            continue
        entry = CHECKS[check]
        needs = {other: _handed(ds, other) for other in (*entry.needs, *entry.wants)}
        found = CHECKS[check].function(
            values if check == "range" else judged, seconds, **needs, **options
        )
        tests[(found > GOOD) | (found == TOLD)] |= TEST_BITS[check]
        flags = np.maximum(flags, found)  # what is but told is below good
    return flags, tests


def _with_missing(ds: xr.Dataset, values: np.ndarray, layer: Layer) -> Layer:
    flags, tests = layer
    absent = np.isnan(values)
    flags[absent] = MISSING
    tests[absent] |= TEST_BITS["missing"]
    tests[absent & not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _result(
    ds: xr.Dataset,
    name: str,
    own: Layer,
    inputs: dict[str, Layer],
) -> Layer:
    flags, tests = cascade(name, own, inputs, ds[name].to_numpy())
    # Elsewhere nothing was to be computed: missing, without a reason to look for.
    expected = rows_of(ds, name)
    flags[~expected] = MISSING
    tests[~expected] = TEST_BITS["missing"]
    tests[not_used(ds)] |= TEST_BITS["run_not_used"]
    return flags, tests


def _position(ds: xr.Dataset, seconds: np.ndarray, chosen: dict[str, Checks]) -> Layer:
    size = seconds.size
    lat, lon = (
        ds[n].to_numpy() if n in ds.coords else np.full(size, np.nan)
        for n in ("latitude", "longitude")
    )
    if np.isnan(lat).all() or np.isnan(lon).all():
        # Nobody measured it: that is no reason to call CO2 bad.
        return (
            np.full(size, MISSING, dtype=np.int8),
            np.full(size, TEST_BITS["missing"] | TEST_BITS["position"], dtype=np.int64),
        )
    flags = check_position(lat, lon)
    tests = np.where(flags > GOOD, TEST_BITS["position"], 0).astype(np.int64)
    fine = flags == GOOD
    fast = check_speed(
        np.where(fine, lat, np.nan),
        np.where(fine, lon, np.nan),
        seconds,
        **chosen["latitude"]["speed"],
    )
    tests[fast > GOOD] |= TEST_BITS["speed"]
    flags = np.maximum(flags, fast)
    # Rows such as WAKE UP have type and time only: nothing was to be measured.
    unused = not_used(ds) & (flags > GOOD)
    flags[unused] = MISSING
    tests[unused] = TEST_BITS["missing"] | TEST_BITS["run_not_used"]
    return flags, tests


def _clock(ds: xr.Dataset, seconds: np.ndarray) -> Layer:
    tests = np.zeros(seconds.shape, dtype=np.int64)
    # Rows that are not used, such as those with the pump on, repeat no measurement.
    used = ~not_used(ds)
    twice = np.full(seconds.shape, GOOD, dtype=np.int8)
    twice[used] = check_duplicate_time(seconds[used])
    tests[twice > GOOD] |= TEST_BITS["duplicate_time"]
    flags = twice
    if "source_row" in ds and "source_file" in ds:
        rows = (ds["source_file"].to_numpy(), ds["source_row"].to_numpy())
        back = check_time_order(seconds, *rows)
        tests[back > GOOD] |= TEST_BITS["time_order"]
        flags = np.maximum(flags, back)
    return flags, tests


def _overruled(layer: Layer, by_hand: np.ndarray | None) -> Layer:
    if by_hand is None:
        return layer
    said = by_hand > 0
    tests = layer[1] | np.where(said, TEST_BITS["manual"], 0).astype(np.int64)
    return np.where(said, by_hand, layer[0]).astype(np.int8), tests


def _variables(
    name: str,
    flags: np.ndarray,
    tests: np.ndarray,
    effective: Layer,
    by_hand: np.ndarray | None,
    limits: str,
) -> dict[str, Any]:
    said = flag_attrs(name) | {"tests_applied": limits}
    new = {
        f"{name}_flag": ("time", effective[0], said),
        f"{name}_flag_automatic": ("time", flags, flag_attrs(name, "automatic")),
        f"{name}_tests": ("time", effective[1] | tests, mask_attrs(name)),
    }
    if by_hand is not None:
        new[f"{name}_flag_manual"] = ("time", by_hand, flag_attrs(name, "manual"))
    return new
