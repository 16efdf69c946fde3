"""The analyser: gas standards, drying, flushing."""

import warnings
from collections.abc import Collection
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.drying import water_offset
from oceanco2.calibration.flushing import flushing
from oceanco2.calibration.models import model
from oceanco2.calibration.standards import Fit, StandardRuns, collect, fit
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.physics import dry_mole_fraction
from oceanco2.platforms import Platform
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES, attrs_of, coded_attrs

_X = "umol mol-1"


def _made(platform: Platform) -> Collection[str]:
    return {"xCO2_water_Tequ_dry"} if "xCO2" in platform.variables else set()


@model(
    "gas_standards",
    description="analyser calibrated by gas standards: true fitted on measured",
    cite="Pierrot et al. (2009), doi:10.1016/j.dsr2.2008.12.005",
    made=_made,
)
def calibrate_analyser(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Calibrate, dry and mark flushing of an analyser that measures gas standards."""
    if "xCO2" not in ds:
        return ds
    if "run_type" not in ds:
        raise ProcessingError(
            f"{platform.path}: [variables.xCO2] is an analyser reading, but no run type"
            " says what is water, air or standard: name 'run_columns', or map the"
            " column to xCO2_water_Tequ_dry"
        )
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    runs = collect(ds, platform, seconds)
    since = np.array(
        [
            (np.datetime64(s.valid_from.replace(tzinfo=None), "ns") - time[0])
            / np.timedelta64(1, "s")
            for s in platform.standards
        ]
    )
    noise = platform.variables["xCO2"].uncertainty or 0.0
    readings = ds["xCO2"].to_numpy()
    line = fit(readings, seconds, runs, platform, noise, since)
    _tell(line, runs, ds, platform)
    new = _per_row(line) | _per_run(runs, platform, time, since)
    values = line.calibrated
    if platform.calibration.moisture_correction or not platform.variables["xCO2"].dry:
        water = _water(ds, platform, seconds)
        new |= {} if water is None else {"xH2O_calibrated": water}
        vapour = ds["xH2O"] if water is None else water[1]
        values = dry_mole_fraction(values, np.asarray(vapour))
    run_type = ds["run_type"].to_numpy()
    for word, name in (
        ("water", "xCO2_water_Tequ_dry"),
        ("air", "xCO2_atm_dry_actual"),
    ):
        rows = run_type == RUN_TYPES[word]
        if rows.any() and name not in ds:
            new[name] = ("time", np.where(rows, values, np.nan), attrs_of(name))
    new["flushing"] = flushing(run_type, seconds, platform)
    return ds.assign(new)


def _water(ds: xr.Dataset, platform: Platform, seconds: np.ndarray) -> tuple | None:
    """Take off the water that dry standards show, where the platform file says so."""
    if "xH2O" not in ds:
        raise ProcessingError(f"{platform.path}: drying needs [variables.xH2O]")
    if not platform.calibration.water_zero:
        return None
    readings = ds["xH2O"].to_numpy()
    dry = ds["run_type"].to_numpy() == RUN_TYPES["standard"]
    age = platform.calibration.max_age_hours
    said = "water that the dry standards show is taken off"
    values = readings - water_offset(readings, seconds, dry, age)
    return "time", values, attrs_of("xH2O_calibrated", method=said)


def _tell(line: Fit, runs: StandardRuns, ds: xr.Dataset, platform: Platform) -> None:
    """Warn of readings that stay without calibration and of standards left out."""
    samples = (RUN_TYPES["water"], RUN_TYPES["air"])
    sampled = np.isin(ds["run_type"].to_numpy(), samples) & np.isfinite(ds["xCO2"])
    without = int((sampled & (line.status == 0)).sum())
    options = platform.calibration
    if without:
        said = (
            f"{without} of {int(sampled.sum())} water and air readings are not"
            f" calibrated: fewer than {options.minimum_standards} usable standards"
            f" within {options.max_age_hours:g} h"
        )
        warnings.warn(said, DataWarning, stacklevel=4)
    lost = runs.standard[~runs.used]
    if lost.size:
        names = (platform.standards[i].run for i in np.unique(lost))
        said = f"{lost.size} runs of standards rejected: {', '.join(names)}"
        warnings.warn(said, DataWarning, stacklevel=4)


def _per_row(line: Fit) -> dict[str, Any]:
    def variable(values: np.ndarray, words: str, units: str) -> tuple:
        return "time", values, {"long_name": words, "units": units}

    status = coded_attrs("how the calibration was reached", CALIBRATION_STATUS, "int8")
    count = {"long_name": "gas standards used", "units": "1"}
    return {
        "xCO2_calibrated": ("time", line.calibrated, attrs_of("xCO2_calibrated")),
        "calibration_status": ("time", line.status, status),
        "calibration_standards": ("time", line.number, count),
        "calibration_slope": variable(line.slope, "slope, true on measured", "1"),
        "calibration_intercept": variable(line.intercept, "intercept", _X),
        "calibration_age": variable(
            line.age, "time to the nearest run of the farthest standard", "h"
        ),
        "calibration_span_distance": variable(
            line.distance,
            "distance outside the span of the standards, negative below",
            _X,
        ),
        "calibration_residual": variable(line.residual, "rms residual of the fit", _X),
        "calibration_uncertainty": variable(
            line.uncertainty, "standard uncertainty that the standards bring", _X
        ),
    }


def _per_run(
    runs: StandardRuns,
    platform: Platform,
    time: np.ndarray,
    since: np.ndarray,
) -> dict[str, Any]:
    """Tell the runs of the standards and what the calibration makes of them."""
    if not runs.seconds.size:
        return {}
    true = np.array([s.xCO2 for s in platform.standards])[runs.standard]
    back = fit(runs.measured, runs.seconds, runs, platform, since=since)
    offsets = (runs.seconds * 1e3).round().astype("timedelta64[ms]")
    moments = time[0] + offsets.astype("timedelta64[ns]")
    labels = ", ".join(
        f"{i}: {s.run} {s.cylinder}" for i, s in enumerate(platform.standards)
    )
    used = runs.used & np.isfinite(back.calibrated)
    if not platform.calibration.include_zero:
        used &= true > 0.0

    def variable(values: np.ndarray, words: str, units: str = _X) -> tuple:
        return "standard_run", values, {"long_name": words, "units": units}

    flags = coded_attrs("run was used", {"no": 0, "yes": 1}, "int8")
    about = {"long_name": f"gas standard of the run ({labels.strip()})"}
    return {
        "standard_run_time": (
            "standard_run",
            moments,
            {"long_name": "time of the run"},
        ),
        "standard_run_standard": ("standard_run", runs.standard.astype(np.int8), about),
        "standard_run_measured": variable(runs.measured, "mean reading of the run"),
        "standard_run_std": variable(runs.scatter, "scatter of the readings"),
        "standard_run_count": variable(runs.count.astype(np.int32), "readings", "1"),
        "standard_run_true": variable(true, "certified concentration"),
        "standard_run_residual": variable(
            back.calibrated - true, "calibrated reading minus certified concentration"
        ),
        "standard_run_used": ("standard_run", used.astype(np.int8), flags),
    }
