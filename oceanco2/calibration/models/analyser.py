"""Calibration of an analyser with gas standards; drying and flushing."""

import warnings
from collections.abc import Collection
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.drying import negative_vapour, water_offset
from oceanco2.calibration.model import flushing, register_model
from oceanco2.calibration.standards import (
    Fit,
    StandardRuns,
    collect_runs,
    fit,
    noise_of,
)
from oceanco2.dates import SECOND
from oceanco2.errors import DataWarning, PlatformError, ProcessingError
from oceanco2.physics import dry_mole_fraction
from oceanco2.platforms import Platform, VariableSource
from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.standards import LEAST_SPAN, one_concentration
from oceanco2.registry import READERS
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES, attrs_of, coded_attrs

_UNITS = "umol mol-1"
_NO_RUNS = (
    "[variables.xCO2] is an analyser reading, but there are no run types: set"
    " 'run_columns' to distinguish water, air and standards, or map the column to"
    ' xCO2_water_Tequ_dry, or [calibration] model = "calibrated" if it is calibrated'
)


def _reading(platform: Platform) -> VariableSource | None:
    """Return the reading of the analyser: all CO2, or one of its two isotopes."""
    names = ("xCO2",) if "xCO2" in platform.variables else ("x12CO2", "x13CO2")
    sources = [platform.variables.get(name) for name in names]
    return None if any(s is None or s.absent for s in sources) else sources[0]


def _outputs(platform: Platform) -> Collection[str]:
    return {"xCO2_water_Tequ_dry"} if _reading(platform) else set()


def _calibrated_by_standards(platform: Platform) -> Collection[str]:
    """List the outputs; raise or warn if readings cannot be calibrated."""
    if _reading(platform) is None or "xCO2" not in platform.variables:
        return _outputs(platform)
    definition = platform.files[platform.main_file()]
    reader = READERS[definition.reader]
    if not (definition.run_columns or reader.run_columns):
        raise PlatformError(f"{platform.path}: {_NO_RUNS}")
    options = platform.calibration
    gases = {s.label for s in platform.standards if options.include_zero or s.xCO2 > 0}
    if len(gases) < options.minimum_standards and not options.allow_uncalibrated:
        message = (
            f"{platform.path}: no xCO2 can be calibrated: {len(gases)} non-zero gases"
            f" in [[standards]], {options.minimum_standards} are needed; [calibration]"
            ' model = "calibrated" if the readings are calibrated'
        )
        warnings.warn(message, DataWarning, stacklevel=4)
    return _outputs(platform)


@register_model(
    "calibrated",
    description="analyser whose readings are calibrated: split by run type, dried",
    outputs=_outputs,
)
def split_calibrated(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Take readings as calibrated; dry them and mark flushing."""
    if "xCO2" not in ds:
        return ds
    time = ds["time"].to_numpy()
    water_only = np.full(time.shape, RUN_TYPES["water"], dtype=np.int8)
    run_type = ds["run_type"].to_numpy() if "run_type" in ds else water_only
    seconds = (time - time[:1]) / SECOND
    new = _samples(ds, platform, ds["xCO2"].to_numpy(), run_type, seconds)
    return ds.assign(new)


def _samples(
    ds: xr.Dataset,
    platform: Platform,
    values: np.ndarray,
    run_type: np.ndarray,
    seconds: np.ndarray,
) -> dict[str, Any]:
    """Dry calibrated values and split them into water and air."""
    new: dict[str, Any] = {}
    attrs: dict[str, Any] = {}
    reading = _reading(platform)
    humid = reading is not None and reading.dry is False
    if platform.calibration.moisture_correction or humid:
        water = _without_offset(ds, platform, seconds)
        new |= {} if water is None else {"xH2O_calibrated": water}
        name = "xH2O" if water is None else "xH2O_calibrated"
        vapour = np.asarray(ds["xH2O"] if water is None else water[1])
        samples = np.isin(run_type, [RUN_TYPES["water"], RUN_TYPES["air"]])
        samples &= np.isfinite(values)
        attrs = negative_vapour(name, np.where(samples, vapour, np.nan))
        values = dry_mole_fraction(values, vapour)
    for word, name in (
        ("water", "xCO2_water_Tequ_dry"),
        ("air", "xCO2_atm_dry_actual"),
    ):
        rows = run_type == RUN_TYPES[word]
        if rows.any() and name not in ds:
            of_rows = np.where(rows, values, np.nan)
            new[name] = ("time", of_rows, attrs_of(name, **attrs))
    new["flushing"] = flushing(run_type, seconds, platform)
    return new


@register_model(
    "gas_standards",
    description="analyser calibrated by gas standards: true fitted on measured",
    cite="Pierrot et al. (2009), doi:10.1016/j.dsr2.2008.12.005",
    outputs=_calibrated_by_standards,
)
def calibrate_analyser(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Calibrate, dry and mark flushing of an analyser that measures gas standards."""
    if "xCO2" not in ds:
        return ds
    if "run_type" not in ds:
        if "xCO2" not in platform.variables:  # isotopes alone, as they are delivered
            return split_calibrated(ds, platform)
        raise ProcessingError(f"{platform.path}: {_NO_RUNS}")
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / SECOND
    runs = collect_runs(ds, platform, seconds)
    valid_from = np.array(
        [
            (np.datetime64(s.valid_from.replace(tzinfo=None), "ns") - time[0]) / SECOND
            for s in platform.standards
        ]
    )
    reading = _reading(platform)
    noise = (reading.uncertainty if reading else None) or noise_of(runs)
    readings = ds["xCO2"].to_numpy()
    result = fit(readings, seconds, runs, platform, noise, valid_from)
    _warn_uncalibrated(result, runs, ds, platform)
    new = _row_variables(result) | _run_variables(runs, platform, time, valid_from)
    run_type = ds["run_type"].to_numpy()
    new |= _samples(ds, platform, result.calibrated, run_type, seconds)
    return ds.assign(new)


def _without_offset(
    ds: xr.Dataset, platform: Platform, seconds: np.ndarray
) -> tuple | None:
    """Subtract the water that dry standards show, if the platform file says so."""
    if "xH2O" not in ds:
        raise ProcessingError(f"{platform.path}: drying needs [variables.xH2O]")
    if not platform.calibration.water_zero:
        return None
    readings = ds["xH2O"].to_numpy()
    if "run_type" not in ds:
        raise ProcessingError(
            f"{platform.path}: [calibration] water_zero needs run types: set"
            " 'run_columns'"
        )
    dry = ds["run_type"].to_numpy() == RUN_TYPES["standard"]
    age = platform.calibration.max_age_hours
    method = "water that the dry standards show is taken off"
    values = readings - water_offset(readings, seconds, dry, age)
    return "time", values, attrs_of("xH2O_calibrated", method=method)


def _warn_uncalibrated(
    line: Fit, runs: StandardRuns, ds: xr.Dataset, platform: Platform
) -> None:
    """Warn of readings that cannot be calibrated and of rejected standards."""
    samples = (RUN_TYPES["water"], RUN_TYPES["air"])
    sampled = np.isin(ds["run_type"].to_numpy(), samples) & np.isfinite(ds["xCO2"])
    without = int((sampled & (line.status == 0)).sum())
    options = platform.calibration
    if without:
        message = (
            f"{without} of {int(sampled.sum())} water and air readings are not"
            f" calibrated: fewer than {options.minimum_standards} usable standards"
            f" within {options.max_age_hours:g} h"
        )
        warnings.warn(message, DataWarning, stacklevel=4)
    rejected = runs.standard[~runs.used]
    if rejected.size:
        names = (platform.standards[i].run for i in np.unique(rejected))
        message = f"{rejected.size} runs of standards rejected: {', '.join(names)}"
        warnings.warn(message, DataWarning, stacklevel=4)
    for message in _without_slope(line, sampled, platform) + _never_run(runs, platform):
        warnings.warn(message, DataWarning, stacklevel=4)


def _without_slope(line: Fit, sampled: np.ndarray, platform: Platform) -> list[str]:
    """Tell of samples whose standards are too close together for a slope."""
    if one_concentration(platform.standards, platform.calibration.include_zero):
        return []  # told before data are read
    accepted = CALIBRATION_STATUS["uncalibrated_accepted"]
    flat = sampled & (line.status == accepted) & np.isfinite(line.slope)
    if not flat.any():
        return []
    return [
        f"{int(flat.sum())} of {int(sampled.sum())} water and air readings have usable"
        f" gas standards within {LEAST_SPAN:g} umol mol-1 of each other only: no slope,"
        " their mean offset is taken off (questionable)"
    ]


def _never_run(runs: StandardRuns, platform: Platform) -> list[str]:
    """Tell of standards that the platform file has and the data have not."""
    if not runs.seconds.size:
        return []  # told as not calibrated
    seen = {platform.standards[index].label for index in np.unique(runs.standard)}
    messages = []
    for standard in platform.standards:
        if standard.label not in seen:
            message = (
                f"{platform.path}: [[standards]] run {standard.run!r}"
                f" ({standard.xCO2:g} umol mol-1) is never run in these data"
            )
            answers = platform.accepted
            messages += unanswered(answers, "standards", message, standard.run)
    return messages


def _row_variables(line: Fit) -> dict[str, Any]:
    def variable(values: np.ndarray, long_name: str, units: str) -> tuple:
        return "time", values, {"long_name": long_name, "units": units}

    status = coded_attrs("how the calibration was reached", CALIBRATION_STATUS, "int8")
    count = {"long_name": "gas standards used", "units": "1"}
    return {
        "xCO2_calibrated": ("time", line.calibrated, attrs_of("xCO2_calibrated")),
        "calibration_status": ("time", line.status, status),
        "calibration_standards": ("time", line.number, count),
        "calibration_slope": variable(line.slope, "slope, true on measured", "1"),
        "calibration_intercept": variable(line.intercept, "intercept", _UNITS),
        "calibration_age": variable(
            line.age, "time to the nearest run of the farthest standard", "h"
        ),
        "calibration_span_distance": variable(
            line.distance,
            "distance outside the span of the standards, negative below",
            _UNITS,
        ),
        "calibration_residual": variable(
            line.residual, "rms residual of the fit", _UNITS
        ),
        "calibration_uncertainty": variable(
            line.uncertainty, "standard uncertainty that the standards bring", _UNITS
        ),
    }


def _run_variables(
    runs: StandardRuns,
    platform: Platform,
    time: np.ndarray,
    valid_from: np.ndarray,
) -> dict[str, Any]:
    """Return the runs of the standards and their calibrated values."""
    if not runs.seconds.size:
        return {}
    true = np.array([s.xCO2 for s in platform.standards])[runs.standard]
    refit = fit(runs.measured, runs.seconds, runs, platform, since=valid_from)
    offsets = (runs.seconds * 1e3).round().astype("timedelta64[ms]")
    times = time[0] + offsets.astype("timedelta64[ns]")
    labels = ", ".join(
        f"{i}: {s.run} {s.cylinder}" for i, s in enumerate(platform.standards)
    )
    used = runs.used & np.isfinite(refit.calibrated)
    if not platform.calibration.include_zero:
        used &= true > 0.0

    def variable(values: np.ndarray, long_name: str, units: str = _UNITS) -> tuple:
        return "standard_run", values, {"long_name": long_name, "units": units}

    flags = coded_attrs("run was used", {"no": 0, "yes": 1}, "int8")
    attrs = {"long_name": f"gas standard of the run ({labels.strip()})"}
    return {
        "standard_run_time": ("standard_run", times, {"long_name": "time of the run"}),
        "standard_run_standard": ("standard_run", runs.standard.astype(np.int8), attrs),
        "standard_run_measured": variable(runs.measured, "mean reading of the run"),
        "standard_run_std": variable(runs.scatter, "scatter of the readings"),
        "standard_run_count": variable(runs.count.astype(np.int32), "readings", "1"),
        "standard_run_true": variable(true, "certified concentration"),
        "standard_run_residual": variable(
            refit.calibrated - true, "calibrated reading minus certified concentration"
        ),
        "standard_run_used": ("standard_run", used.astype(np.int8), flags),
    }
