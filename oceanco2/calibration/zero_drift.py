"""CONTROS HydroC: zero drift and drifting coefficients, signals to pCO2."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.calibration.models import model
from oceanco2.calibration.phases import Phases, zero_groups
from oceanco2.calibration.response import corrected
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.physics import hydroc_signal, hydroc_xco2
from oceanco2.platforms import Platform
from oceanco2.platforms.instruments import HydroC, HydroCCoefficients
from oceanco2.vocabulary import (
    CALIBRATION_STATUS,
    attrs_of,
    coded_attrs,
)

_NEEDED = ("signal_detector", "signal_reference", "T_gas", "P_analyser", "P_equ")
_ATM = 1013.25
#: Of the reading, where the platform file says nothing: the manufacturer's word.
_ACCURACY = 0.01


def made(platform: Platform) -> Collection[str]:
    """List what the model adds, before data are read.

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
        If the platform file lacks something.
    """
    if platform.hydroc is None:
        raise PlatformError(
            f"{platform.path}: [calibration] model 'hydroc' needs a table [hydroc]"
            " with [[hydroc.coefficients]]"
        )
    names = [*_NEEDED]
    if platform.hydroc.zero_mode != "factory":
        names.append("state_zero")
    lacking = [n for n in names if n not in platform.variables]
    if lacking:
        raise PlatformError(
            f"{platform.path}: [variables] lacks {', '.join(lacking)}:"
            " [calibration] model 'hydroc' needs them"
        )
    at = _at(platform.variables)
    return f"xCO2_water_{at}_wet", f"pCO2_water_{at}_wet"


def _at(names: Collection[str]) -> str:
    """Name the temperature of the water in the sensor."""
    return "Tequ" if "T_equ" in names else "SST"


@model(
    "hydroc",
    description="CONTROS HydroC: zero gas and coefficients interpolated in runtime",
    cite="Fietzek et al. (2014), doi:10.1175/JTECH-D-13-00083.1",
    made=made,
)
def calibrate_hydroc(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Turn signals of a HydroC into the partial pressure at its membrane."""
    table = platform.hydroc
    if table is None:  # made() has said so
        return ds
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / np.timedelta64(1, "s")
    phases = Phases.of(ds, seconds, table)
    axis, said = _axis(ds, seconds)
    values = {name: ds[name].to_numpy() for name in _NEEDED}
    with np.errstate(divide="ignore", invalid="ignore"):
        beam = values["signal_detector"] / values["signal_reference"]
    groups = zero_groups(phases, beam, axis)
    sheet = _Sheet.of(table, time, ds.attrs.get("platform_file", platform.path))
    if table.zero_mode == "factory":
        zero = np.full(time.shape, sheet.first.s2beam_zero or np.nan)
    else:
        zero = groups.at(axis, table.zero_mode)
    ks = sheet.coefficients(axis, said == "runtime", time)
    beams = (values["signal_detector"], values["signal_reference"])
    signal = hydroc_signal(*beams, zero, float(sheet.first.F or np.nan))
    xco2 = hydroc_xco2(signal, values["T_gas"], values["P_analyser"], *ks)
    xco2 = np.where(phases.water, xco2, np.nan)
    new = phases.variables()
    new |= groups.variables(time, axis, said)
    new |= _rows(zero, ks, sheet, phases, said)
    new |= _results(ds, platform, xco2, groups, phases, seconds)
    return ds.assign({k: v for k, v in new.items() if k not in ds})


def _axis(ds: xr.Dataset, seconds: np.ndarray) -> tuple[np.ndarray, str]:
    """Return what zeros are interpolated in: runtime, else the clock."""
    if "runtime" in ds and np.isfinite(ds["runtime"].to_numpy()).any():
        return ds["runtime"].to_numpy(), "runtime"
    return seconds, "clock time"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Coefficients before the data, and those of the calibration after them."""

    first: HydroCCoefficients
    second: HydroCCoefficients | None

    @classmethod
    def of(cls, table: HydroC, time: np.ndarray, file: str) -> "_Sheet":
        dated = sorted(table.coefficients, key=lambda entry: entry.valid_from)
        since = np.array([_moment(e) for e in dated])
        begin, end = (time[0], time[-1]) if time.size else (since[0], since[0])
        before = np.flatnonzero(since <= begin)
        if not before.size:
            raise ProcessingError(
                f"{file}: [[hydroc.coefficients]] begin {str(since[0])[:10]}, the data"
                f" {str(begin)[:10]}: nothing was valid before"
            )
        if ((since > begin) & (since <= end)).any():
            raise ProcessingError(
                f"{file}: [[hydroc.coefficients]] change within the data"
                f" ({str(begin)[:10]} to {str(end)[:10]}): process the parts apart"
            )
        after = [dated[i] for i in np.flatnonzero(since > end)]
        second = after[0] if after and after[0].complete else None
        return cls(_filled(dated, int(before[-1])), second)

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
                first, last = (_moment(e) for e in self)
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
        """Whether the drift between two calibrations is known."""
        if self.second is None:
            return False
        known = None not in (self.first.runtime, self.second.runtime)
        return known or not runtime


def _moment(entry: HydroCCoefficients) -> np.datetime64:
    return np.datetime64(entry.valid_from.replace(tzinfo=None), "ns")


def _filled(dated: list[HydroCCoefficients], which: int) -> HydroCCoefficients:
    """Give F to a sheet that leaves it out: it belongs to the detector."""
    chosen = dated[which]
    known = [e.F for e in dated[: which + 1] if e.F is not None]
    return chosen.model_copy(update={"F": chosen.F or known[-1]})


def _rows(
    zero: np.ndarray, ks: list[np.ndarray], sheet: _Sheet, phases: Phases, said: str
) -> dict[str, Any]:
    status = np.full(zero.shape, CALIBRATION_STATUS["not_calibrated"], dtype=np.int8)
    both = sheet.two_sided(said == "runtime")
    code = CALIBRATION_STATUS["two_sided" if both else "one_sided"]
    status[np.isfinite(zero) & phases.water] = code
    dates = ", ".join(
        f"{e.valid_from:%Y-%m-%d}{f' ({e.certificate})' if e.certificate else ''}"
        for e in dict.fromkeys(sheet)
    )
    about = {
        "calibration_coefficients": f"sheets of {dates}",
        "interpolated_in": said,
        "scale_factor_F": float(sheet.first.F or np.nan),
    }
    words = coded_attrs("how the calibration was reached", CALIBRATION_STATUS, "int8")
    new: dict[str, Any] = {
        "signal_zero": ("time", zero, attrs_of("signal_zero") | about),
        "calibration_status": ("time", status, words | about),
    }
    for name, values in zip(("k1", "k2", "k3"), ks, strict=True):
        text = f"coefficient {name} of the calibration, at the time of the row"
        new[f"calibration_{name}"] = ("time", values, {"long_name": text, "units": "1"})
    return new


def _results(
    ds: xr.Dataset,
    platform: Platform,
    xco2: np.ndarray,
    groups: Any,
    phases: Phases,
    seconds: np.ndarray,
) -> dict[str, Any]:
    table = platform.hydroc
    at = _at([str(name) for name in ds.variables])
    pressure = ds["P_equ"].to_numpy()
    pco2 = xco2 * pressure / _ATM
    share = table.relative_uncertainty if table else None
    source = "assumed: 1 % of the reading" if share is None else "platform file"
    share = _ACCURACY if share is None else share
    # One part in the zero is one part of the full signal.
    spread = np.hypot(share * pco2, groups.error * pco2 * 10.0)
    new: dict[str, Any] = {}
    method = "signals over the zero gas, Fietzek et al. (2014)"
    if table is not None and table.response is not None:
        new["pCO2_sensor"] = ("time", pco2, attrs_of("pCO2_sensor", method=method))
        pco2, gain = corrected(seconds, pco2, phases.settled, table.response)
        method += f"; response time of {table.response.tau_seconds:g} s taken off"
        spread = spread * gain
    new[f"xCO2_water_{at}_wet"] = (
        "time",
        pco2 * _ATM / pressure,
        attrs_of(f"xCO2_water_{at}_wet", method=method),
    )
    name = f"pCO2_water_{at}_wet"
    new[name] = ("time", pco2, attrs_of(name, method=method))
    attrs = attrs_of(f"{name}_uncertainty", uncertainty_source=source)
    new[f"{name}_uncertainty"] = ("time", spread, attrs)
    return new
