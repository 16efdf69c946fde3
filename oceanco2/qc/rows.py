"""What is known of a row beside its values: calibration, damage, delivered flags."""

import numpy as np
import xarray as xr

from oceanco2.platforms import Platform
from oceanco2.qc.cascade import Layer
from oceanco2.vocabulary import (
    BAD,
    CALIBRATION_STATUS,
    GOOD,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    TEST_BITS,
    VALUE_TYPES,
)

#: What the calibration makes: of an analyser with gas standards, of a membrane sensor.
_CALIBRATED = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
_SENSED = (
    *("pCO2_water_Tequ_wet", "pCO2_water_SST_wet"),
    *("xCO2_atm_dry_actual", "pCO2_atm_wet_actual"),
)
#: Of a system that sets zero and span in every cycle.
_CYCLED = ("xCO2_water_SST_dry", "xCO2_atm_dry_actual")
#: Bits of the status byte of its zero and of its span; all of them: it failed.
_ANALYSER, _NO_ZERO, _NO_SPAN, _FAILED = 1 | 2 | 4, 8, 16, 255
#: SOCAT: data of flags C and D may lie this far outside the span of the standards.
_OUTSIDE = 0.2


def row_layers(
    ds: xr.Dataset, platform: Platform, name: str
) -> list[tuple[str, np.ndarray, int]]:
    """List what is doubtful about a variable for reasons outside its values."""
    layers: list[tuple[str, np.ndarray, int]] = []
    if "damaged" in ds:
        layers.append(("damaged_row", ds["damaged"].to_numpy() == 1, QUESTIONABLE))
    if f"{name}_type" in ds:
        kind = ds[f"{name}_type"].to_numpy()
        layers.append(("gap", kind == VALUE_TYPES["missing"], GOOD))
        layers.append(("fixed_value", kind == VALUE_TYPES["nominal"], GOOD))
    if f"{name}_flag_delivered" in ds:
        theirs = ds[f"{name}_flag_delivered"].to_numpy()
        layers.append(("delivered", theirs == BAD, BAD))
        doubtful = (theirs == QUESTIONABLE) | (theirs == MISSING)
        layers.append(("delivered", doubtful, QUESTIONABLE))
    calibrated = _CALIBRATED if "xCO2_calibrated" in ds else _SENSED
    if "zero_reading" in ds:
        calibrated = _CYCLED
        layers += _zero_and_span(ds) if name in _CYCLED else []
    if name in calibrated and "calibration_status" in ds:
        layers += _calibration(ds, platform)
    if name in calibrated and "flushing" in ds:
        layers.append(("flushing", ds["flushing"].to_numpy() == 1, BAD))
    if name in _SENSED and {"zero_count", "current_count"} <= set(ds.variables):
        with np.errstate(invalid="ignore"):
            above = ds["current_count"].to_numpy() >= ds["zero_count"].to_numpy()
        layers.append(("zero_current", above, BAD))
    return layers


def _zero_and_span(ds: xr.Dataset) -> list[tuple[str, np.ndarray, int]]:
    """Name what the system says of the zero and span of its cycle."""
    layers = []
    for name, test in (("zero_status", "zero_failed"), ("span_status", "span_failed")):
        if name not in ds:
            continue
        byte = np.nan_to_num(ds[name].to_numpy(), nan=0.0).astype(np.int64)
        failed = byte == _FAILED
        layers.append((test, failed, QUESTIONABLE))
        for bits, said in (
            (_ANALYSER, "diagnostic"),
            (_NO_ZERO, "zero_failed"),
            (_NO_SPAN, "span_failed"),
        ):
            layers.append((said, ~failed & ((byte & bits) != 0), QUESTIONABLE))
    # Dried with the span gas of other cycles.
    borrowed = ds["RH_span_type"].to_numpy() != VALUE_TYPES["measured"]
    return [*layers, ("span_failed", borrowed, QUESTIONABLE)]


def _calibration(
    ds: xr.Dataset, platform: Platform
) -> list[tuple[str, np.ndarray, int]]:
    options = platform.calibration
    status = ds["calibration_status"].to_numpy()
    none = status == CALIBRATION_STATUS["not_calibrated"]
    carried = status == CALIBRATION_STATUS["uncalibrated_accepted"]
    one = status == CALIBRATION_STATUS["one_sided"]
    accepted = options.one_sided == "accept"
    layers = [
        ("not_calibrated", none, GOOD),
        ("not_calibrated", carried, QUESTIONABLE),
        ("one_sided", one, GOOD if accepted else QUESTIONABLE),
    ]
    if "calibration_span_distance" not in ds:
        return layers
    distance = ds["calibration_span_distance"].to_numpy()
    # The standard that is nearest: the value without what lies beyond it.
    edge = np.abs(ds["xCO2_calibrated"].to_numpy() - distance)
    with np.errstate(invalid="ignore"):
        outside = np.abs(distance) > options.span_tolerance
        far = outside & (np.abs(distance) > _OUTSIDE * edge)
        rough = ds["calibration_residual"].to_numpy() > options.residual_limit
    return [
        *layers,
        ("outside_span", outside, GOOD),
        ("outside_span", far, QUESTIONABLE),
        ("standard_residual", rough, QUESTIONABLE),
    ]


def with_layers(layer: Layer, layers: list[tuple[str, np.ndarray, int]]) -> Layer:
    """Put doubts over flags; a flag never gets better."""
    flags, tests = layer
    for test, rows, flag in layers:
        flags[rows] = np.maximum(flags[rows], flag)
        tests[rows] |= TEST_BITS[test]
    return flags, tests


def not_used(ds: xr.Dataset) -> np.ndarray:
    """Tell which rows have a run type that is ignored or unknown."""
    if "run_type" not in ds:
        return np.zeros(ds.sizes["time"], dtype=bool)
    codes = (RUN_TYPES["ignored"], RUN_TYPES["unknown"])
    return np.isin(ds["run_type"].to_numpy(), codes)
