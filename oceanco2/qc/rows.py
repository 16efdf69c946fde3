"""Reasons to flag a row besides its values: calibration, damage, delivered flags."""

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.dates import EPOCH, NEWEST_INPUT, SECOND, latest_possible
from oceanco2.platforms import Platform
from oceanco2.qc.cascade import Layer
from oceanco2.qc.checks.track import (
    check_duplicate_time,
    check_impossible_time,
    check_position,
    check_speed,
    check_time_order,
    without_fix,
)
from oceanco2.qc.engine import CheckContext, option_sets, run_checks
from oceanco2.vocabulary import (
    BAD,
    CALIBRATION_STATUS,
    CONFLICT,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    VALUE_TYPES,
)

#: Calibrated variables of an analyser with gas standards, and of other sensors.
_CALIBRATED = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
_CALIBRATED_SENSOR = (
    *("pCO2_water_Tequ_wet", "pCO2_water_SST_wet"),
    *("xCO2_atm_dry_actual", "pCO2_atm_wet_actual"),
)
#: The same of a system that sets zero and span in every cycle.
_CYCLED = ("xCO2_water_SST_dry", "xCO2_atm_dry_actual")
#: Bits of the status byte of its zero and of its span; all bits set: it failed.
_ANALYSER, _NO_ZERO, _NO_SPAN, _FAILED = 1 | 2 | 4, 8, 16, 255
#: SOCAT: data of flags C and D may be this far outside the span of the standards.
_OUTSIDE_SPAN = 0.2


def row_layers(
    ds: xr.Dataset, platform: Platform, name: str
) -> list[tuple[str, np.ndarray, int]]:
    """List test, rows and flag for each reason outside the values of a variable."""
    layers: list[tuple[str, np.ndarray, int]] = []
    if "damaged" in ds:
        layers.append(("damaged_row", ds["damaged"].to_numpy() == 1, QUESTIONABLE))
    if f"{name}_type" in ds:
        kind = ds[f"{name}_type"].to_numpy()
        layers.append(("gap", kind == VALUE_TYPES["missing"], GOOD))
        layers.append(("fixed_value", kind == VALUE_TYPES["nominal"], GOOD))
    dried_with = ds[name].attrs.get("dried_with") if name in ds else None
    if dried_with in ds:
        negative = (ds[dried_with].to_numpy() < 0.0) & np.isfinite(ds[name].to_numpy())
        layers.append(("diagnostic", negative, QUESTIONABLE))
    if f"{name}_flag_delivered" in ds:
        delivered = ds[f"{name}_flag_delivered"].to_numpy()
        layers.append(("delivered", delivered == BAD, BAD))
        questionable = (delivered == QUESTIONABLE) | (delivered == MISSING)
        layers.append(("delivered", questionable, QUESTIONABLE))
    calibrated = _CALIBRATED if "xCO2_calibrated" in ds else _CALIBRATED_SENSOR
    if "zero_reading" in ds:
        calibrated = _CYCLED
        layers += _zero_and_span(ds) if name in _CYCLED else []
    if name in calibrated and "calibration_status" in ds:
        layers += _calibration(ds, platform)
    if name in calibrated and "flushing" in ds:
        layers.append(("flushing", ds["flushing"].to_numpy() == 1, BAD))
    if name in _CALIBRATED_SENSOR and {"zero_count", "current_count"} <= set(
        ds.variables
    ):
        with np.errstate(invalid="ignore"):
            above_zero = ds["current_count"].to_numpy() >= ds["zero_count"].to_numpy()
        layers.append(("zero_current", above_zero, BAD))
    return layers


def _zero_and_span(ds: xr.Dataset) -> list[tuple[str, np.ndarray, int]]:
    """List the reasons given by the zero and span status of a cycle."""
    layers = []
    for name, test in (("zero_status", "zero_failed"), ("span_status", "span_failed")):
        if name not in ds:
            continue
        byte = np.nan_to_num(ds[name].to_numpy(), nan=0.0).astype(np.int64)
        failed = byte == _FAILED
        layers.append((test, failed, QUESTIONABLE))
        for bits, cause in (
            (_ANALYSER, "diagnostic"),
            (_NO_ZERO, "zero_failed"),
            (_NO_SPAN, "span_failed"),
        ):
            layers.append((cause, ~failed & ((byte & bits) != 0), QUESTIONABLE))
    # Dried with the span gas of another cycle.
    borrowed = ds["RH_span_type"].to_numpy() != VALUE_TYPES["measured"]
    return [*layers, ("span_failed", borrowed, QUESTIONABLE)]


def _calibration(
    ds: xr.Dataset, platform: Platform
) -> list[tuple[str, np.ndarray, int]]:
    options = platform.calibration
    status = ds["calibration_status"].to_numpy()
    uncalibrated = status == CALIBRATION_STATUS["not_calibrated"]
    uncalibrated_accepted = status == CALIBRATION_STATUS["uncalibrated_accepted"]
    one_sided = status == CALIBRATION_STATUS["one_sided"]
    is_accepted = options.one_sided == "accept"
    layers = [
        ("not_calibrated", uncalibrated, GOOD),
        ("not_calibrated", uncalibrated_accepted, QUESTIONABLE),
        ("one_sided", one_sided, GOOD if is_accepted else QUESTIONABLE),
    ]
    if "calibration_span_distance" not in ds:
        return layers
    distance = ds["calibration_span_distance"].to_numpy()
    # The nearest standard: the value minus its distance from the span.
    edge = np.abs(ds["xCO2_calibrated"].to_numpy() - distance)
    with np.errstate(invalid="ignore"):
        outside = np.abs(distance) > options.span_tolerance
        far_outside = outside & (np.abs(distance) > _OUTSIDE_SPAN * edge)
        large_residual = ds["calibration_residual"].to_numpy() > options.residual_limit
    return [
        *layers,
        ("outside_span", outside, GOOD),
        ("outside_span", far_outside, QUESTIONABLE),
        ("standard_residual", large_residual, QUESTIONABLE),
    ]


def merge_layers(
    flags: np.ndarray, tests: np.ndarray, layers: list[tuple[str, np.ndarray, int]]
) -> Layer:
    """Merge reasons into flags; a flag never improves."""
    for test, rows, flag in layers:
        flags[rows] = np.maximum(flags[rows], flag)
        tests[rows] |= TEST_BITS[test]
    return flags, tests


def not_used(ds: xr.Dataset) -> np.ndarray:
    """Return the rows whose run type is ignored or unknown."""
    if "run_type" not in ds:
        return np.zeros(ds.sizes["time"], dtype=bool)
    codes = (RUN_TYPES["ignored"], RUN_TYPES["unknown"])
    return np.isin(ds["run_type"].to_numpy(), codes)


def position_layer(context: CheckContext) -> Layer:
    """Return the flags and tests of positions."""
    ds, size = context.ds, context.seconds.size
    lat, lon = (
        ds[n].to_numpy() if n in ds.variables else np.full(size, np.nan)
        for n in ("latitude", "longitude")
    )
    if np.isnan(lat).all() or np.isnan(lon).all():
        # Position was not measured: no reason to flag CO2 bad.
        return (
            np.full(size, MISSING, dtype=np.int8),
            np.full(size, TEST_BITS["missing"] | TEST_BITS["position"], dtype=np.int64),
        )
    flags = check_position(lat, lon)
    flags[_without_fix(context, lat, lon)] = BAD
    tests = np.where(flags > GOOD, TEST_BITS["position"], 0).astype(np.int64)
    valid = flags == GOOD
    position = np.where(valid, lat, np.nan), np.where(valid, lon, np.nan)
    results = [("speed", _speeds(context, *position))]
    for name, values in (("latitude", position[0]), ("longitude", position[1])):
        results += run_checks(context, name, values, values)
    for check, more in results:
        tests[more > GOOD] |= TEST_BITS[check]
        flags = np.maximum(flags, more)
    # Rows such as WAKE UP have type and time only: no measurement is expected.
    unused = not_used(ds) & (flags > GOOD)
    flags[unused] = MISSING
    tests[unused] = TEST_BITS["missing"] | TEST_BITS["run_not_used"]
    return flags, tests


def _without_fix(context: CheckContext, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    """Return the rows at 0 N 0 E by mistake; declared positions are right."""
    ds = context.ds
    if any(
        ds[n].attrs.get("value_type") == "nominal" for n in ("latitude", "longitude")
    ):
        return np.zeros(lat.shape, dtype=bool)
    moored = ds.attrs.get("platform_kind") == "mooring"
    return without_fix(lat, lon, context.seconds, moored=moored)


def _speeds(context: CheckContext, lat: np.ndarray, lon: np.ndarray) -> np.ndarray:
    total = np.full(lat.shape, GOOD, dtype=np.int8)
    for options, rows in option_sets(context, "latitude", "speed"):
        flags = check_speed(lat, lon, context.seconds, **options)
        selected = slice(None) if rows is None else rows
        total[selected] = flags[selected]
    return total


def _latest_possible(ds: xr.Dataset) -> np.datetime64:
    """Return a day after now, or after the newest input."""
    newest = np.datetime64(ds.attrs.get(NEWEST_INPUT, EPOCH), "s")
    return latest_possible(float((newest - EPOCH) / SECOND))


def clock_layer(context: CheckContext) -> Layer:
    """Return the flags and tests of times."""
    ds, seconds = context.ds, context.seconds
    tests = np.zeros(seconds.shape, dtype=np.int64)
    # Unused rows, such as those with the pump on, do not repeat a measurement.
    used = ~not_used(ds)
    flags = np.full(seconds.shape, GOOD, dtype=np.int8)
    if CONFLICT in ds:  # a row that two files give: both are questionable, or one
        contradicted = ds[CONFLICT].to_numpy() == 1
        flags[contradicted] = QUESTIONABLE
        used &= ~contradicted
    flags[used] = check_duplicate_time(seconds[used])
    tests[flags > GOOD] |= TEST_BITS["duplicate_time"]
    if "source_row" in ds and "source_file" in ds:
        names = ("source_file", "source_row", "run_label")
        rows = (ds[n].to_numpy() if n in ds else None for n in names)
        back = check_time_order(seconds, *rows)
        tests[back > GOOD] |= TEST_BITS["time_order"]
        flags = np.maximum(flags, back)
    time = ds["time"].to_numpy()
    impossible = check_impossible_time(time, _latest_possible(ds))
    tests[impossible > GOOD] |= TEST_BITS["impossible_time"]
    flags = np.maximum(flags, impossible)
    unknown = np.isnat(time)
    flags[unknown] = MISSING
    tests[unknown] |= TEST_BITS["missing"]
    return flags, tests
