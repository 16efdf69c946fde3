"""PMEL MAPCO2 and ASVCO2: zero and span in every cycle, drying by humidity."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

from oceanco2.calibration.model import register_model
from oceanco2.errors import DataWarning, PlatformError, ProcessingError
from oceanco2.physics import mapco2_dry_mole_fraction, vapour_of_humidity
from oceanco2.platforms import Platform, Standard
from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.settings import Table
from oceanco2.vocabulary import CALIBRATION_STATUS, VALUE_TYPES, attrs_of, coded_attrs

_NEEDED = ("xCO2", "RH", "T_RH", "P_analyser")
_RESULTS = {"equil off": "xCO2_water_SST_dry", "air off": "xCO2_atm_dry_actual"}
_PRESSURES = ("P_equ", "P_atm")
_PUMPED = {f"{gas} off": f"{gas} on" for gas in ("zero", "span", "equil", "air")}
#: Names of the states in files of an ASVCO2.
_NAMES = {
    "ZPON": "zero on",
    "ZPOFF": "zero off",
    "ZPPCAL": "zero postcal",
    "SPON": "span on",
    "SPOFF": "span off",
    "SPPCAL": "span postcal",
    "EPON": "equil on",
    "EPOFF": "equil off",
    "APON": "air on",
    "APOFF": "air off",
}
#: A status byte of a zero or span that failed.
_FAILED = 255.0
_UNITS = "umol mol-1"
#: Relative difference of the span gas from its readings, after the span was set.
_LARGE_RESIDUAL = 0.005
#: Longer than any cycle.
_MAX_GAP = np.timedelta64(45, "m")


class MAPCO2(Table):
    """How readings of a PMEL MAPCO2 or ASVCO2 become dry mole fractions."""

    recalibration: Literal["none", "zero_span"] = "none"
    span_humidity: Literal["cycle", "mean"] = "cycle"


def _settings(platform: Platform) -> MAPCO2:
    return platform.settings(MAPCO2) or MAPCO2()


def mapco2_outputs(platform: Platform) -> Collection[str]:
    """List the variables that the model adds, before data are read."""
    spans = [s for s in platform.standards if s.run.strip().lower() == "span"]
    if _settings(platform).recalibration == "zero_span" and not spans:
        raise PlatformError(
            f"{platform.path}: [mapco2] recalibration 'zero_span' needs"
            ' [[standards]] with run = "span" and its xCO2'
        )
    return {*_RESULTS.values(), *_PRESSURES}


@dataclass(frozen=True, slots=True)
class Cycles:
    """Cycle and state of each row."""

    which: np.ndarray
    count: int
    states: np.ndarray

    @classmethod
    def of(cls, ds: xr.Dataset) -> "Cycles":
        """Find the cycles of a dataset."""
        if "run_label" not in ds:
            raise ProcessingError(
                "the model 'mapco2' needs run types that distinguish zero, span,"
                " equilibrator and air"
            )
        labels = ds["run_label"].attrs["flag_meanings"].split()
        names = [_NAMES.get(w.upper(), w.replace("_", " ").lower()) for w in labels]
        states = np.array(names, dtype=object)[ds["run_label"].to_numpy()]
        if "cycle" in ds:
            starts, which = np.unique(ds["cycle"].to_numpy(), return_inverse=True)
            return cls(which, starts.size, states)
        which = _number_cycles(states, ds["time"].to_numpy())
        return cls(which, int(which.max(initial=-1)) + 1, states)

    def at(self, values: np.ndarray, state: str) -> np.ndarray:
        """Return the mean of a state in each cycle."""
        rows = (self.states == state) & np.isfinite(values)
        number = np.bincount(self.which[rows], minlength=self.count)
        total = np.bincount(self.which[rows], values[rows], minlength=self.count)
        return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _number_cycles(states: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return the cycle of each row: a new one begins when states start over."""
    order = {word: number for number, word in enumerate(_NAMES.values())}
    codes = np.array([order.get(state, -1) for state in states])
    rows = np.flatnonzero(codes >= 0)
    restarts = np.diff(codes[rows], prepend=0) < 0
    after_gap = np.diff(time[rows], prepend=time[rows][:1]) > _MAX_GAP
    which = np.zeros(states.size, dtype=np.int64)
    which[rows] = restarts | after_gap
    return np.cumsum(which)


@register_model(
    "mapco2",
    description="MAPCO2, ASVCO2: zero and span in every cycle, dried by humidity",
    cite="Sutton et al. (2014), doi:10.5194/essd-6-353-2014",
    outputs=mapco2_outputs,
    settings=MAPCO2,
    required=_NEEDED,
)
def calibrate_mapco2(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Convert readings of a system with zero and span in every cycle to dry CO2."""
    cycles = Cycles.of(ds)
    new = _span_humidity(ds, cycles, platform)
    humid, diagnostics = _recalibrate(ds, cycles, platform)
    new |= diagnostics | _diagnostics(ds, cycles)
    gas = {name: ds[name].to_numpy() for name in ("RH", "T_RH", "P_analyser")}
    rh_span = new["RH_span"][1]
    dry = mapco2_dry_mole_fraction(
        humid, gas["P_analyser"], gas["RH"], gas["T_RH"], rh_span
    )
    vapour = vapour_of_humidity(gas["RH"], rh_span, gas["T_RH"]) / gas["P_analyser"]
    new["xH2O_gas"] = _make_variable("xH2O_gas", 1e3 * vapour)
    method = _method(platform)
    sampled = np.zeros(dry.shape, dtype=bool)
    uncertainty = _uncertainty(platform, dry, 1.0 / (1.0 - vapour), gas, new)
    for state, name in _RESULTS.items():
        rows = cycles.states == state
        sampled |= rows
        values = np.where(rows, dry, np.nan)
        new[name] = ("time", values, attrs_of(name, method=method))
        if uncertainty is not None:
            uncertainty_name = f"{name}_uncertainty"
            source = "noise of a reading, span gas, humidity"
            attrs = attrs_of(uncertainty_name, uncertainty_source=source)
            new[uncertainty_name] = ("time", np.where(rows, uncertainty, np.nan), attrs)
    new |= _pressure_variables(gas["P_analyser"], sampled, platform)
    return ds.assign({n: v for n, v in new.items() if n not in ds})


def _pressure_variables(
    pressure: np.ndarray, sampled: np.ndarray, platform: Platform
) -> dict[str, Any]:
    """Return pressures of the analyser with the pump off, as those of the air."""
    uncertainty = platform.variables["P_analyser"].uncertainty
    new: dict[str, Any] = {}
    for name in _PRESSURES:
        variable_attrs = attrs_of(
            name, method="pressure of the analyser with the pump off"
        )
        new[name] = ("time", np.where(sampled, pressure, np.nan), variable_attrs)
        if uncertainty is not None and name not in platform.variables:
            source = "pressure of the analyser: platform file"
            attrs = attrs_of(f"{name}_uncertainty", uncertainty_source=source)
            values = np.where(sampled, uncertainty, np.nan)
            new[f"{name}_uncertainty"] = ("time", values, attrs)
    return new


def _make_variable(name: str, values: np.ndarray, **more: Any) -> tuple:
    return "time", values, attrs_of(name, **more)


def _method(platform: Platform) -> str:
    drying = "dried by the humidity above that of the span gas"
    if _settings(platform).recalibration == "zero_span":
        return f"set to the zero and span of its cycle, {drying}"
    return f"zero and span set by the system, {drying}"


def _span_humidity(
    ds: xr.Dataset, cycles: Cycles, platform: Platform
) -> dict[str, Any]:
    """Return the humidity of the span gas of each cycle, the mean where it failed."""
    humidity = cycles.at(ds["RH"].to_numpy(), "span off")
    usable = np.isfinite(humidity)
    if "span_status" in ds:
        status = ds["span_status"].to_numpy()
        failed = np.bincount(
            cycles.which, (status == _FAILED).astype(float), cycles.count
        )
        usable &= failed == 0
    mean = humidity[usable].mean() if usable.any() else np.nan
    by_cycle = _settings(platform).span_humidity == "cycle"
    use_cycle = usable if by_cycle else usable & False
    values = np.where(use_cycle, humidity, mean)
    missing_code = VALUE_TYPES["nominal" if np.isfinite(mean) else "missing"]
    kind = np.where(usable, VALUE_TYPES["measured"], missing_code).astype(np.int8)
    type_attrs = coded_attrs("origin of RH_span", VALUE_TYPES, "int8")
    return {
        "RH_span": _make_variable("RH_span", values[cycles.which]),
        "RH_span_type": ("time", kind[cycles.which], type_attrs),
    }


def _span_gas(ds: xr.Dataset, platform: Platform) -> np.ndarray:
    """Return the mole fraction of the span gas in use at each row."""
    time = ds["time"].to_numpy()
    out = np.full(time.shape, np.nan)
    for standard in _spans(platform):
        since = np.datetime64(standard.valid_from.replace(tzinfo=None), "s")
        out[time >= since] = standard.xCO2
    return out


def _spans(platform: Platform) -> list[Standard]:
    spans = [s for s in platform.standards if s.run.strip().lower() == "span"]
    return sorted(spans, key=lambda s: s.valid_from)


def _recalibrate(
    ds: xr.Dataset, cycles: Cycles, platform: Platform
) -> tuple[np.ndarray, dict[str, Any]]:
    """Correct readings with the zero and span measured after both were set."""
    readings = ds["xCO2"].to_numpy()
    zero = cycles.at(readings, "zero postcal")[cycles.which]
    span = cycles.at(readings, "span postcal")[cycles.which]
    new = {
        "zero_reading": _make_variable("zero_reading", zero),
        "span_reading": _make_variable("span_reading", span),
        "xCO2_calibrated": _make_variable("xCO2_calibrated", readings),
    }
    gas = _span_gas(ds, platform)
    if np.isfinite(gas).any():
        residual_attrs = {
            "long_name": "reading of span gas minus its content",
            "units": _UNITS,
        }
        new["span_residual"] = ("time", span - gas, residual_attrs)
        _warn_of_another_gas(span, gas, platform)
    if _settings(platform).recalibration != "zero_span":
        return readings, new
    for name in ("zero_status", "span_status"):
        if name in ds:
            span = np.where(ds[name].to_numpy() == _FAILED, np.nan, span)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = gas / (span - zero)
    calibrated = np.isfinite(slope)
    corrected = slope * (readings - zero)
    status = np.where(
        calibrated,
        CALIBRATION_STATUS["two_sided"],
        CALIBRATION_STATUS["not_calibrated"],
    )
    if platform.calibration.allow_uncalibrated:
        status[~calibrated] = CALIBRATION_STATUS["uncalibrated_accepted"]
        corrected = np.where(calibrated, corrected, readings)
    attrs = coded_attrs("how the calibration was reached", CALIBRATION_STATUS, "int8")
    new["xCO2_calibrated"] = _make_variable("xCO2_calibrated", corrected)
    new["calibration_status"] = ("time", status.astype(np.int8), attrs)
    return corrected, new


def _warn_of_another_gas(span: np.ndarray, gas: np.ndarray, platform: Platform) -> None:
    """Warn where readings of the span gas are those of another concentration.

    They are taken after the system has set its span to what it holds for the gas.
    """
    for content in np.unique(gas[np.isfinite(gas)]):
        readings = span[(gas == content) & np.isfinite(span)]
        if not readings.size:
            continue
        reading = float(np.median(readings))
        if abs(reading - content) <= _LARGE_RESIDUAL * content:
            continue
        message = (
            f"{platform.path}: [[standards]] run 'span' is {content:g} umol mol-1, but"
            f" after its own span the system reads {reading:.2f} (median)"
        )
        for text in unanswered(platform.accepted, "standards", message, "span"):
            warnings.warn(text, DataWarning, stacklevel=5)


def _diagnostics(ds: xr.Dataset, cycles: Cycles) -> dict[str, Any]:
    """Compare pump on and off, and the oxygen of both gases."""
    pressure = ds["P_analyser"].to_numpy()
    pumped = np.full(pressure.shape, np.nan)
    for off, on in _PUMPED.items():
        rows = cycles.states == off
        pumped[rows] = (pressure - cycles.at(pressure, on)[cycles.which])[rows]
    new = {"P_pump": _make_variable("P_pump", pumped)}
    if "oxygen_percent" in ds:
        oxygen = ds["oxygen_percent"].to_numpy()
        air = cycles.at(oxygen, "air off")[cycles.which]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = 100.0 * oxygen / air
        water = cycles.states == "equil off"
        new["oxygen_ratio"] = _make_variable(
            "oxygen_ratio", np.where(water, ratio, np.nan)
        )
    return new


def _uncertainty(
    platform: Platform,
    dry: np.ndarray,
    drying: np.ndarray,
    gas: dict[str, np.ndarray],
    new: dict[str, Any],
) -> np.ndarray | None:
    """Propagate noise of readings, content of the span gas and humidity."""
    noise = platform.variables["xCO2"].uncertainty
    if noise is None:
        return None
    humid = dry / drying
    total = np.full(humid.shape, noise**2)
    if _settings(platform).recalibration == "zero_span":
        zero, span = new["zero_reading"][1], new["span_reading"][1]
        content = span - new["span_residual"][1]
        gas_uncertainty = max(s.sigma for s in _spans(platform))
        with np.errstate(divide="ignore", invalid="ignore"):
            gain, share = content / (span - zero), humid / content
        # Contributions of the reading, its zero and span, and the span gas.
        total = (gain * noise) ** 2 * (1.0 + (1.0 - share) ** 2 + share**2)
        total = total + (share * gas_uncertainty) ** 2
    humidity = platform.variables["RH"].uncertainty or 0.0
    per_percent = vapour_of_humidity(1.0, 0.0, gas["T_RH"]) / gas["P_analyser"]
    return np.asarray(
        np.sqrt(total * drying**2 + 2.0 * (humidity * per_percent * dry * drying) ** 2)
    )
