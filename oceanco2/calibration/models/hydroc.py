"""CONTROS HydroC: zero drift and drifting coefficients, signals to pCO2."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.model import register_model
from oceanco2.calibration.phases import Phases, zero_groups
from oceanco2.calibration.response import correct_response
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.physics import hydroc_signal, hydroc_xco2
from oceanco2.platforms import Platform
from oceanco2.platforms.instruments import HydroC, HydroCCoefficients
from oceanco2.vocabulary import CALIBRATION_STATUS, attrs_of, coded_attrs

_NEEDED = ("signal_detector", "signal_reference", "T_gas", "P_analyser", "P_equ")
_ATM = 1013.25
#: Relative accuracy stated by the manufacturer, if the platform file has none.
_ACCURACY = 0.01


def hydroc_outputs(platform: Platform) -> Collection[str]:
    """List the variables that the model adds, before data are read.

    Parameters
    ----------
    platform : Platform
        Its ``variables`` and ``hydroc``.

    Returns
    -------
    tuple of str
        Names of variables.

    Raises
    ------
    PlatformError
        If the platform file is incomplete for this model.
    """
    if platform.hydroc is None:
        raise PlatformError(
            f"{platform.path}: [calibration] model 'hydroc' needs a table [hydroc]"
            " with [[hydroc.coefficients]]"
        )
    names = [*_NEEDED]
    if platform.hydroc.zero_mode != "factory":
        names.append("state_zero")
    missing = [n for n in names if n not in platform.variables]
    if missing:
        raise PlatformError(
            f"{platform.path}: [variables] lacks {', '.join(missing)}:"
            " [calibration] model 'hydroc' needs them"
        )
    temperature = _temperature_part(platform.variables)
    return f"xCO2_water_{temperature}_wet", f"pCO2_water_{temperature}_wet"


def _temperature_part(names: Collection[str]) -> str:
    """Return the name part of the temperature of the water in the sensor."""
    return "Tequ" if "T_equ" in names else "SST"


@register_model(
    "hydroc",
    description="CONTROS HydroC: zero gas and coefficients interpolated in runtime",
    cite="Fietzek et al. (2014), doi:10.1175/JTECH-D-13-00083.1",
    outputs=hydroc_outputs,
)
def calibrate_hydroc(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Convert signals of a HydroC to the partial pressure at its membrane."""
    table = platform.hydroc
    if table is None:  # hydroc_outputs has raised an error
        return ds
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    phases = Phases.of(ds, seconds, table)
    axis, axis_name = _drift_axis(ds, seconds)
    values = {name: ds[name].to_numpy() for name in _NEEDED}
    with np.errstate(divide="ignore", invalid="ignore"):
        beam = values["signal_detector"] / values["signal_reference"]
    groups = zero_groups(phases, beam, axis)
    coefficients = _Coefficients.of(
        table, time, ds.attrs.get("platform_file", platform.path)
    )
    if table.zero_mode == "factory":
        zero = np.full(time.shape, coefficients.first.s2beam_zero or np.nan)
    else:
        zero = groups.at(axis, table.zero_mode)
    k_values = coefficients.coefficients(axis, axis_name == "runtime", time)
    beams = (values["signal_detector"], values["signal_reference"])
    signal = hydroc_signal(*beams, zero, float(coefficients.first.F or np.nan))
    xco2 = hydroc_xco2(signal, values["T_gas"], values["P_analyser"], *k_values)
    xco2 = np.where(phases.water, xco2, np.nan)
    new = phases.variables()
    new |= groups.variables(time, axis, axis_name)
    new |= _row_variables(zero, k_values, coefficients, phases, axis_name)
    new |= _result_variables(ds, platform, xco2, groups, phases, seconds)
    return ds.assign({k: v for k, v in new.items() if k not in ds})


def _drift_axis(ds: xr.Dataset, seconds: np.ndarray) -> tuple[np.ndarray, str]:
    """Return the axis along which zeros are interpolated: runtime, else time."""
    if "runtime" in ds and np.isfinite(ds["runtime"].to_numpy()).any():
        return ds["runtime"].to_numpy(), "runtime"
    return seconds, "clock time"


@dataclass(frozen=True, slots=True)
class _Coefficients:
    """Coefficients of the calibrations before and after the data."""

    first: HydroCCoefficients
    second: HydroCCoefficients | None

    @classmethod
    def of(cls, table: HydroC, time: np.ndarray, file: str) -> "_Coefficients":
        sheets = sorted(table.coefficients, key=lambda entry: entry.valid_from)
        dates = np.array([_valid_from(e) for e in sheets])
        begin, end = (time[0], time[-1]) if time.size else (dates[0], dates[0])
        before = np.flatnonzero(dates <= begin)
        if not before.size:
            raise ProcessingError(
                f"{file}: [[hydroc.coefficients]] begin {str(dates[0])[:10]}, the data"
                f" {str(begin)[:10]}: no coefficients are valid at their start"
            )
        if ((dates > begin) & (dates <= end)).any():
            raise ProcessingError(
                f"{file}: [[hydroc.coefficients]] change within the data"
                f" ({str(begin)[:10]} to {str(end)[:10]}): process the periods"
                " separately"
            )
        after = [sheets[i] for i in np.flatnonzero(dates > end)]
        second = after[0] if after and after[0].complete else None
        return cls(_with_scale_factor(sheets, int(before[-1])), second)

    def coefficients(
        self, axis: np.ndarray, runtime: bool, time: np.ndarray
    ) -> list[np.ndarray]:
        """Interpolate k1, k2, k3 between the calibrations."""
        weight = np.zeros(axis.shape)
        if self.second is not None:
            start, stop = self.first.runtime, self.second.runtime
            if runtime and start is not None and stop is not None and stop > start:
                weight = (axis - start) / (stop - start)
            elif not runtime:
                first, last = (_valid_from(e) for e in self)
                span = (last - first) / np.timedelta64(1, "s")
                weight = (time - first) / np.timedelta64(1, "s") / span
        out = []
        for name in ("k1", "k2", "k3"):
            start = float(getattr(self.first, name))
            stop = float(getattr(self.second or self.first, name))
            out.append(start + (stop - start) * weight)
        return out

    def __iter__(self) -> Any:
        return iter([self.first, self.second or self.first])

    def two_sided(self, runtime: bool) -> bool:
        """Return whether the drift between two calibrations is known."""
        if self.second is None:
            return False
        has_runtimes = None not in (self.first.runtime, self.second.runtime)
        return has_runtimes or not runtime


def _valid_from(entry: HydroCCoefficients) -> np.datetime64:
    return np.datetime64(entry.valid_from.replace(tzinfo=None), "ns")


def _with_scale_factor(
    dated: list[HydroCCoefficients], which: int
) -> HydroCCoefficients:
    """Return a sheet with the F of an earlier one if it has none of its own."""
    entry = dated[which]
    factors = [e.F for e in dated[: which + 1] if e.F is not None]
    return entry.model_copy(update={"F": entry.F or factors[-1]})


def _row_variables(
    zero: np.ndarray,
    k_values: list[np.ndarray],
    coefficients: _Coefficients,
    phases: Phases,
    axis_name: str,
) -> dict[str, Any]:
    status = np.full(zero.shape, CALIBRATION_STATUS["not_calibrated"], dtype=np.int8)
    is_two_sided = coefficients.two_sided(axis_name == "runtime")
    code = CALIBRATION_STATUS["two_sided" if is_two_sided else "one_sided"]
    status[np.isfinite(zero) & phases.water] = code
    dates = ", ".join(
        f"{e.valid_from:%Y-%m-%d}{f' ({e.certificate})' if e.certificate else ''}"
        for e in dict.fromkeys(coefficients)
    )
    sheet_attrs = {
        "calibration_coefficients": f"sheets of {dates}",
        "interpolated_in": axis_name,
        "scale_factor_F": float(coefficients.first.F or np.nan),
    }
    status_attrs = coded_attrs(
        "how the calibration was reached", CALIBRATION_STATUS, "int8"
    )
    new: dict[str, Any] = {
        "signal_zero": ("time", zero, attrs_of("signal_zero") | sheet_attrs),
        "calibration_status": ("time", status, status_attrs | sheet_attrs),
    }
    for name, values in zip(("k1", "k2", "k3"), k_values, strict=True):
        text = f"coefficient {name} of the calibration, at the time of the row"
        new[f"calibration_{name}"] = ("time", values, {"long_name": text, "units": "1"})
    return new


def _result_variables(
    ds: xr.Dataset,
    platform: Platform,
    xco2: np.ndarray,
    groups: Any,
    phases: Phases,
    seconds: np.ndarray,
) -> dict[str, Any]:
    table = platform.hydroc
    temperature = _temperature_part([str(name) for name in ds.variables])
    pressure = ds["P_equ"].to_numpy()
    pco2 = xco2 * pressure / _ATM
    relative = table.relative_uncertainty if table else None
    source = "assumed: 1 % of the reading" if relative is None else "platform file"
    relative = _ACCURACY if relative is None else relative
    # A relative error of the zero is one of the full signal.
    uncertainty = np.hypot(relative * pco2, groups.error * pco2 * 10.0)
    new: dict[str, Any] = {}
    method = "signals over the zero gas, Fietzek et al. (2014)"
    if table is not None and table.response is not None:
        new["pCO2_sensor"] = ("time", pco2, attrs_of("pCO2_sensor", method=method))
        pco2, gain = correct_response(seconds, pco2, phases.settled, table.response)
        method += f"; response time of {table.response.tau_seconds:g} s taken off"
        uncertainty = uncertainty * gain
    new[f"xCO2_water_{temperature}_wet"] = (
        "time",
        pco2 * _ATM / pressure,
        attrs_of(f"xCO2_water_{temperature}_wet", method=method),
    )
    name = f"pCO2_water_{temperature}_wet"
    new[name] = ("time", pco2, attrs_of(name, method=method))
    attrs = attrs_of(f"{name}_uncertainty", uncertainty_source=source)
    new[f"{name}_uncertainty"] = ("time", uncertainty, attrs)
    return new
