"""CONTROS HydroC: phases, zero drift, coefficients, response time, signals to pCO2."""

import warnings
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr
from pydantic import Field, model_validator

from oceanco2.calibration.model import register_model, require_variables
from oceanco2.calibration.standards import undamaged
from oceanco2.dates import SECOND
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.physics import hydroc_signal, hydroc_xco2
from oceanco2.platforms import Platform
from oceanco2.platforms.settings import Moment, NotNegative, Positive, Table
from oceanco2.units import HPA_PER_ATM
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES, attrs_of, coded_attrs

_WATER, _ZERO, _FLUSH = (RUN_TYPES[w] for w in ("water", "zero", "flush"))
_IGNORED = RUN_TYPES["ignored"]


class HydroCCoefficients(Table):
    """Calibration sheet of a HydroC; ``runtime`` is that at the calibration."""

    valid_from: Moment
    F: Positive | None = None
    k1: float | None = None
    k2: float | None = None
    k3: float | None = None
    runtime: NotNegative | None = None
    s2beam_zero: Positive | None = None
    certificate: str = ""

    @property
    def complete(self) -> bool:
        """Whether all coefficients are given."""
        return None not in (self.k1, self.k2, self.k3)


class ResponseTime(Table):
    """Correction for the response time of the sensor; without this table none."""

    tau_seconds: Positive
    smoothing_seconds: NotNegative = 0.0


class HydroC(Table):
    """How signals of a CONTROS HydroC become pCO2."""

    zero_mode: Literal[
        "continuous", "zero_after_sleep", "zero_before_sleep", "factory"
    ] = "continuous"
    zero_flush_seconds: NotNegative = 0.0
    response_time_seconds: NotNegative = 0.0
    relative_uncertainty: NotNegative | None = None
    coefficients: list[HydroCCoefficients] = Field(min_length=1)
    response: ResponseTime | None = None

    @model_validator(mode="after")
    def _usable(self) -> "HydroC":
        first = min(self.coefficients, key=lambda entry: entry.valid_from)
        if first.F is None or not first.complete:
            raise ValueError("the first of the coefficients lacks F, k1, k2 or k3")
        no_zero = all(entry.s2beam_zero is None for entry in self.coefficients)
        if self.zero_mode == "factory" and no_zero:
            raise ValueError("zero_mode 'factory' needs s2beam_zero in coefficients")
        return self


@dataclass(frozen=True, slots=True)
class Phases:
    """Run type of each row, and whether the sensor is flushing."""

    run_type: np.ndarray
    flushing: np.ndarray

    @classmethod
    def of(cls, ds: xr.Dataset, seconds: np.ndarray, table: HydroC) -> "Phases":
        """Derive the phases from the two states of the sensor."""
        size = seconds.size
        zero = _state(ds, "state_zero", size)
        flush = np.nan_to_num(_state(ds, "state_flush", size))
        code = np.where(zero > 0, _ZERO, np.where(flush > 0, _FLUSH, _WATER))
        code = np.where(np.isnan(zero), _IGNORED, code).astype(np.int8)
        flushing = code == _FLUSH
        # A mean over a change of state belongs to neither.
        flushing |= (zero > 0) & (zero < 1)
        for start, stop in _runs(code):
            elapsed = seconds[start:stop] - seconds[start]
            if code[start] == _ZERO and table.zero_flush_seconds > 0:
                flushing[start:stop] |= elapsed <= table.zero_flush_seconds
            if code[start] == _WATER and table.response_time_seconds > 0:
                since = _settling_since(code, seconds, start)
                after = seconds[start:stop] - since
                flushing[start:stop] |= after <= table.response_time_seconds
        return cls(code, flushing)

    @property
    def water(self) -> np.ndarray:
        """Mark rows that measure water."""
        return self.run_type == _WATER

    @property
    def settled(self) -> np.ndarray:
        """Mark rows that measure water after the flushing."""
        return self.water & ~self.flushing

    def variables(self) -> dict[str, Any]:
        """Return the variables for the dataset."""
        status = {"standard_name": "status_flag"}
        run_type_attrs = coded_attrs("run type", RUN_TYPES, "int8") | status
        flushing_attrs = coded_attrs(
            "within the flushing time", {"no": 0, "yes": 1}, "int8"
        )
        return {
            "run_type": ("time", self.run_type, run_type_attrs),
            "flushing": ("time", self.flushing.astype(np.int8), flushing_attrs),
        }


def _state(ds: xr.Dataset, name: str, size: int) -> np.ndarray:
    return ds[name].to_numpy() if name in ds else np.zeros(size)


def _runs(code: np.ndarray) -> list[tuple[int, int]]:
    """Return start and end of each sequence of equal codes."""
    edges = np.flatnonzero(np.diff(code)) + 1
    starts, stops = np.r_[0, edges], np.r_[edges, code.size]
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True) if b > a]


def _tell_unsettled(phases: Phases, table: HydroC, path: str) -> None:
    """Warn of water that follows a zero at once, and of which no settling is known."""
    code = phases.run_type
    count = int(((code[1:] == _WATER) & (code[:-1] == _ZERO)).sum())
    if count and "response_time_seconds" not in table.model_fields_set:
        message = (
            f"{path}: [hydroc] lacks response_time_seconds, and water follows a zero"
            f" without a flush phase {count} times: the readings until the sensor has"
            " settled count as good. Set it, for example to 300, or to 0 if this is"
            " right"
        )
        warnings.warn(message, DataWarning, stacklevel=5)


def _settling_since(code: np.ndarray, seconds: np.ndarray, start: int) -> float:
    """Return when the sensor began to settle: the start of the flush phase before."""
    if start == 0 or code[start - 1] != _FLUSH:
        return float(seconds[start])
    first = start - 1
    while first > 0 and code[first - 1] == _FLUSH:
        first -= 1
    return float(seconds[first])


@dataclass(frozen=True, slots=True)
class Zeros:
    """Zero groups: consecutive zero readings after the flushing."""

    where: np.ndarray
    value: np.ndarray
    count: np.ndarray
    scatter: np.ndarray

    @property
    def error(self) -> float:
        """Return the relative standard error of a zero, the median over the groups."""
        if not self.value.size:
            return 0.0
        each = self.scatter / np.sqrt(self.count) / self.value
        return float(np.nanmedian(np.nan_to_num(each)))

    def at(self, axis: np.ndarray, mode: str) -> np.ndarray:
        """Return the zero of each row."""
        out = np.full(axis.shape, np.nan)
        if not self.where.size:
            return out
        finite = np.isfinite(axis)
        if mode == "continuous":
            out[finite] = np.interp(axis[finite], self.where, self.value)
            return out
        if mode == "zero_after_sleep":
            index = np.searchsorted(self.where, axis, side="right") - 1
        else:
            index = np.searchsorted(self.where, axis, side="left")
        usable = finite & (index >= 0) & (index < self.where.size)
        out[usable] = self.value[index[usable]]
        return out

    def variables(
        self, time: np.ndarray, axis: np.ndarray, axis_name: str
    ) -> dict[str, Any]:
        """Return the variables for the dataset."""
        if not self.where.size:
            return {}
        finite = np.isfinite(axis)
        order = np.argsort(axis[finite], kind="stable")
        seconds = (time[finite][order] - time[0]) / SECOND
        offsets = np.interp(self.where, axis[finite][order], seconds)
        times = time[0] + (offsets * 1e3).round().astype("timedelta64[ms]")

        def variable(values: np.ndarray, long_name: str, units: str) -> tuple:
            return "zero_group", values, {"long_name": long_name, "units": units}

        return {
            "zero_group_time": (
                "zero_group",
                times.astype("datetime64[ns]"),
                {"long_name": "time of the zero group"},
            ),
            "zero_group_position": variable(self.where, f"mean {axis_name}", "s"),
            "zero_group_signal": variable(
                self.value, "raw over reference signal of the zero gas", "1"
            ),
            "zero_group_std": variable(self.scatter, "scatter of the readings", "1"),
            "zero_group_count": variable(self.count.astype(np.int32), "readings", "1"),
        }


def zero_groups(phases: Phases, beam: np.ndarray, axis: np.ndarray) -> Zeros:
    """Average consecutive zero readings."""
    groups = []
    usable = ~phases.flushing & np.isfinite(beam) & np.isfinite(axis)
    for start, stop in _runs(phases.run_type):
        if phases.run_type[start] != _ZERO:
            continue
        rows = start + np.flatnonzero(usable[start:stop])
        if rows.size:
            part = beam[rows]
            groups.append((axis[rows].mean(), part.mean(), rows.size, part.std()))
    table = np.array(sorted(groups)).reshape(-1, 4)
    return Zeros(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def correct_response(
    seconds: np.ndarray,
    values: np.ndarray,
    settled: np.ndarray,
    response: ResponseTime,
) -> tuple[np.ndarray, np.ndarray]:
    """Correct for the first-order response of a sensor; return values and noise gain.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.array([0.0, 60.0])
    >>> slow = np.array([400.0, 400.0 + 10.0 * (1 - np.exp(-1.0))])
    >>> response = ResponseTime(tau_seconds=60.0)
    >>> correct_response(t, slow, np.array([True, True]), response)[0].round(6)
    array([400., 410.])
    """
    tau = response.tau_seconds
    smooth, members = _smoothed(seconds, values, settled, response.smoothing_seconds)
    step = np.diff(seconds, prepend=-np.inf)
    follows = settled & np.r_[False, settled[:-1]] if settled.size else settled
    follows = follows & (step > 0) & (step <= 5.0 * tau)
    before = np.r_[np.nan, smooth[:-1]] if smooth.size else smooth
    follows &= np.isfinite(smooth) & np.isfinite(before)
    decay = np.where(follows, np.exp(-np.where(follows, step, 1.0) / tau), 0.0)
    out = np.where(follows, (smooth - np.where(follows, before, 0.0) * decay), smooth)
    out = out / (1.0 - decay)
    gain = np.sqrt(1.0 + decay**2) / (1.0 - decay) / np.sqrt(members)
    return np.where(settled, out, values), np.where(follows, gain, 1.0)


def _smoothed(
    seconds: np.ndarray, values: np.ndarray, settled: np.ndarray, window: float
) -> tuple[np.ndarray, np.ndarray]:
    """Average settled rows within a window around each; return means and counts."""
    valid = settled & np.isfinite(values)
    members = np.ones(values.shape)
    if window <= 0:
        return values, members
    total = np.r_[0.0, np.cumsum(np.where(valid, values, 0.0))]
    count = np.r_[0, np.cumsum(valid)]
    first = np.searchsorted(seconds, seconds - window / 2, side="left")
    last = np.searchsorted(seconds, seconds + window / 2, side="right")
    number = count[last] - count[first]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[last] - total[first]) / number
    return np.where(valid, mean, values), np.maximum(number, 1)


_NEEDED = ("signal_detector", "signal_reference", "T_gas", "P_analyser", "P_equ")
#: Relative accuracy stated by the manufacturer, if the platform file has none.
_ACCURACY = 0.01


def hydroc_outputs(platform: Platform) -> Collection[str]:
    """List the variables that the model adds, before data are read."""
    table = platform.settings(HydroC)
    if table is not None and table.zero_mode != "factory":
        require_variables(platform, "hydroc", ("state_zero",))
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
    settings=HydroC,
    required=_NEEDED,
    in_options=False,
)
def calibrate_hydroc(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Convert signals of a HydroC to the partial pressure at its membrane."""
    table = platform.settings(HydroC)
    if table is None:  # an error before data are read
        return ds
    time = ds["time"].to_numpy()
    seconds = (time - time[:1]) / SECOND
    phases = Phases.of(ds, seconds, table)
    _tell_unsettled(phases, table, platform.path)
    axis, axis_name = _drift_axis(ds, seconds)
    values = {name: ds[name].to_numpy() for name in _NEEDED}
    with np.errstate(divide="ignore", invalid="ignore"):
        beam = values["signal_detector"] / values["signal_reference"]
    groups = zero_groups(phases, undamaged(ds, beam), axis)
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
                span = (last - first) / SECOND
                weight = (time - first) / SECOND / span
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
    table = platform.settings(HydroC)
    temperature = _temperature_part([str(name) for name in ds.variables])
    pressure = ds["P_equ"].to_numpy()
    pco2 = xco2 * pressure / HPA_PER_ATM
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
        pco2 * HPA_PER_ATM / pressure,
        attrs_of(f"xCO2_water_{temperature}_wet", method=method),
    )
    name = f"pCO2_water_{temperature}_wet"
    new[name] = ("time", pco2, attrs_of(name, method=method))
    attrs = attrs_of(f"{name}_uncertainty", uncertainty_source=source)
    new[f"{name}_uncertainty"] = ("time", uncertainty, attrs)
    return new
