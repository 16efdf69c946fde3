"""Join streams at the times of the main stream, in the order of the flow."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.alignment.lags import Lag, total_lag
from oceanco2.alignment.sampling import Readings, measurement_mode
from oceanco2.alignment.values import (
    SensorValues,
    interpolation_uncertainty,
    periodic_value_at,
    value_at,
)
from oceanco2.dates import NEWEST_INPUT, SECOND
from oceanco2.errors import DataWarning, choose_name
from oceanco2.interpolation import CIRCLES
from oceanco2.platforms import Alignment, Platform, VariableSource, describe
from oceanco2.provenance import add_history
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    RUN_TYPES,
    VALUE_TYPES,
    VARIABLES,
    attrs_of,
    coded_attrs,
    flag_attrs,
    possible,
)

#: Times and lags between two neighbouring groups [s].
Points = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups in the order of the flow, and the travel time between them.

    Attributes
    ----------
    groups : tuple of str
        For example intake, equilibrator, analyser.
    lags : mapping of str to tuple of ndarray
        For the first group of each neighbouring pair the rising times of its points
        and the lags at these times [s].
    """

    groups: tuple[str, ...]
    lags: Mapping[str, Points]

    def follow(self, times: np.ndarray, start: str, target: str) -> np.ndarray:
        """Follow the water from one group to another.

        Parameters
        ----------
        times : ndarray
            When the water is at `start` [s].
        start, target : str
            Names of groups.

        Returns
        -------
        ndarray
            When it was, or will be, at `target` [s]. The lag of each pair is added
            downstream and subtracted upstream, interpolated at the time at which
            the water leaves the group.

        Raises
        ------
        UnknownNameError
            If a group does not exist.

        Examples
        --------
        >>> import numpy as np
        >>> lag = (np.array([0.0]), np.array([300.0]))
        >>> chain = Chain(("intake", "equilibrator"), {"intake": lag})
        >>> chain.follow(np.array([1000.0]), "equilibrator", "intake")
        array([700.])
        """
        for name in (start, target):
            choose_name("sensor group", name, self.groups)
        first, last = self.groups.index(start), self.groups.index(target)
        out = np.array(times, dtype=np.float64)
        for pair in range(first, last):
            out += self._lag(pair, out)
        for pair in range(first - 1, last - 1, -1):
            out -= self._lag(pair, out)
        return out

    def _lag(self, pair: int, times: np.ndarray) -> np.ndarray:
        """Lag in whole ms: linear between points, constant outside, 0 without any."""
        if self.groups[pair] not in self.lags:
            return np.zeros(times.shape)
        line = np.interp(times, *self.lags[self.groups[pair]])
        # A nanosecond is a rounding error of the interpolation, not part of the lag.
        return np.floor(line * 1e3 + 1e-6) / 1e3


def chain_of(table: Alignment, origin: np.datetime64) -> Chain:
    """Read the chain of a platform file.

    Parameters
    ----------
    table : Alignment
        Its ``groups`` and ``lags``.
    origin : numpy.datetime64
        Time of second 0.

    Returns
    -------
    Chain
        Lags without a time are the same at any time.
    """
    lags = {group: _lag_points(table, group, origin) for group in table.groups}
    with_points = {group: points for group, points in lags.items() if points[0].size}
    return Chain(tuple(table.groups), with_points)


def _lag_points(table: Alignment, group: str, origin: np.datetime64) -> Points:
    entries = [lag for lag in table.lags if lag.from_ == group]
    times = np.zeros(len(entries))
    for number, lag in enumerate(entries):
        if lag.time is not None:
            instant = np.datetime64(lag.time.replace(tzinfo=None), "ns")
            times[number] = (instant - origin) / SECOND
    order = np.argsort(times)
    return times[order], np.array([lag.seconds for lag in entries])[order]


_POSITION = ("latitude", "longitude")
_RUN_VARIABLES = ("run_label", "run_type", "standard")
_FLAG_SUFFIX = "_flag_delivered"


def align(streams: Mapping[str, xr.Dataset], platform: Platform) -> xr.Dataset:
    """Join streams at the times of the main stream.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Defines ``alignment`` and the lags, groups, modes and gaps of its variables.

    Returns
    -------
    xarray.Dataset
        The main stream with the variables of the others, each with its ``X_type``:
        measured at exactly that time, interpolated between good values within
        ``max_gap_seconds`` on either side, nominal, or missing;
        ``X_interpolation_uncertainty`` where it was interpolated;
        ``X_flag_delivered`` where the file has flags; ``X_around_flags`` where
        questionable or bad values between the neighbours were skipped. If only another
        stream has run types, a time belongs to the last run that started at or before
        it.

    Warns
    -----
    DataWarning
        If CO2 is in another stream at other times: it is never interpolated.
    """
    main = platform.main_file()
    ds = streams[main]
    target = _Target.of(ds, platform, _automatic_lag(streams, platform))
    new: dict[str, Any] = {}
    for name, stream in streams.items():
        if name != main:
            new |= _run_types(stream, target, {*ds.data_vars, *new})
        for variable in _variable_names(stream):
            if name != main or _is_moved(platform, variable):
                new |= target.variable(stream, variable)
    for key, array in ds.data_vars.items():
        if (kind := array.attrs.get("value_type")) is not None:
            base = str(key).removesuffix("_raw")
            full = np.full(array.shape, VALUE_TYPES[kind], dtype=np.int8)
            new[f"{base}_type"] = _type_variable(base, full)
    new |= _absent_variables(streams, platform, ds)
    position = {name: new.pop(name) for name in _POSITION if name in new}
    out = ds.assign_coords(position).assign(new)
    out.attrs = add_history(
        _alignment_attrs(streams, main, platform),
        f"raw files read, {len(streams)} streams aligned to {main!r}",
    )
    return out


def _absent_variables(
    streams: Mapping[str, xr.Dataset], platform: Platform, ds: xr.Dataset
) -> dict[str, Any]:
    """Variables of streams without files: all missing."""
    out: dict[str, Any] = {}
    for name, source in platform.variables.items():
        if not source.columns or platform.file_of(source) in streams:
            continue
        key = f"{name}_raw" if platform.needs_raw(name) else name
        out[key] = ("time", np.full(ds.sizes["time"], np.nan), attrs_of(key))
        if name not in _POSITION:
            kind = np.full(ds.sizes["time"], VALUE_TYPES["missing"], dtype=np.int8)
            out[f"{name}_type"] = _type_variable(name, kind)
    return out


def _automatic_lag(streams: Mapping[str, xr.Dataset], platform: Platform) -> Lag | None:
    """Estimate the lag for sensors with lag_seconds = "auto"."""
    names = [n for n, s in platform.variables.items() if s.lag_seconds == "auto"]
    if not names:
        return None
    lag = total_lag(streams, platform)
    if not lag.found:
        message = (
            f"lag of {', '.join(names)}: {lag.reason}; 0 s is used; set"
            ' lag_seconds to a number instead of "auto" to change it'
        )
        warnings.warn(message, DataWarning, stacklevel=3)
    return lag


def _variable_names(stream: xr.Dataset) -> list[str]:
    position = [name for name in _POSITION if name in stream.coords]
    names = [str(n) for n in stream.data_vars if stream[n].dtype.kind == "f"]
    return position + names


def _base_name(variable: str) -> str:
    return variable.removesuffix("_raw").removesuffix("_delivered")


def _source(platform: Platform, variable: str) -> VariableSource:
    delivered = variable.endswith("_delivered")
    table = platform.delivered if delivered else platform.variables
    # Positions provided by a reader are in neither table.
    return table.get(_base_name(variable)) or VariableSource(column=variable)


def _is_moved(platform: Platform, variable: str) -> bool:
    """Whether a variable of the main stream must be interpolated as well."""
    source = _source(platform, variable)
    elsewhere = source.group is not None and source.group != platform.alignment.home
    return bool(elsewhere or source.lag_seconds or source.max_gap_seconds)


def _is_co2(variable: str) -> bool:
    """Whether a variable is measured CO2, which is never interpolated."""
    if variable.endswith(("_interp", "_flux")):
        return False
    return variable.startswith(("xCO2", "pCO2_", "fCO2_"))


def _type_variable(
    name: str, kind: np.ndarray
) -> tuple[str, np.ndarray, dict[str, Any]]:
    return "time", kind, coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")


def _interpolation_attrs(name: str) -> dict[str, Any]:
    long_name = f"standard uncertainty that interpolation in time adds to {name}"
    return {"units": VARIABLES[name].units, "long_name": long_name}


def _seconds(times: np.ndarray, origin: np.datetime64) -> np.ndarray:
    return (times - origin) / SECOND


@dataclass(frozen=True, slots=True)
class _Target:
    """Times of the main stream, and how variables are aligned to them."""

    platform: Platform
    origin: np.datetime64
    at: np.ndarray
    auto: Lag | None

    @staticmethod
    def of(ds: xr.Dataset, platform: Platform, auto: Lag | None) -> "_Target":
        times = ds["time"].to_numpy()
        origin = times[0] if times.size else np.datetime64(0, "ns")
        return _Target(platform, origin, _seconds(times, origin), auto)

    def variable(self, stream: xr.Dataset, name: str) -> dict[str, Any]:
        """Align one variable of a stream."""
        base, source = _base_name(name), _source(self.platform, name)
        readings, has_flags = self._flagged_readings(stream, name)
        at, lag_attrs = self._sensor_times(source)
        result = self._values_at(name, readings, at)
        attrs = dict(stream[name].attrs)
        out: dict[str, Any] = {name: ("time", result.values, attrs | lag_attrs)}
        if base not in _POSITION and not name.endswith("_delivered"):
            out[f"{base}_type"] = _type_variable(base, result.kind)
            if (result.kind == VALUE_TYPES["interpolated"]).any():
                lag_uncertainty = lag_attrs.get("lag_uncertainty_seconds", 0.0)
                sigma = interpolation_uncertainty(readings, result, at, lag_uncertainty)
                out[f"{base}_interpolation_uncertainty"] = (
                    "time",
                    sigma,
                    _interpolation_attrs(base),
                )
        if result.around.any():
            long_name = f"questionable or bad values left out between those of {base}"
            attrs = coded_attrs(long_name, {"no": 0, "yes": 1}, "int8")
            out[f"{base}_around_flags"] = ("time", result.around.astype(np.int8), attrs)
        if has_flags:
            codes = result.flags.astype(np.int8)
            out[f"{base}{_FLAG_SUFFIX}"] = (
                "time",
                codes,
                flag_attrs(base, "delivered"),
            )
        return out

    def _flagged_readings(self, stream: xr.Dataset, name: str) -> tuple[Readings, bool]:
        """Values with the flags of the file; damaged lines are not used."""
        flag = f"{_base_name(name)}{_FLAG_SUFFIX}"
        values = stream[name].to_numpy()
        if "damaged" in stream:  # a line that lost a field has others in its place
            values = np.where(stream["damaged"].to_numpy() == 1, np.nan, values)
        codes = np.full(values.shape, GOOD, dtype=np.int16)
        if flag in stream:
            codes = stream[flag].to_numpy().astype(np.int16)
        codes[np.isnan(possible(_base_name(name), values))] = BAD
        times = _seconds(stream["time"].to_numpy(), self.origin)
        readings = Readings(times, values, codes, CIRCLES.get(_base_name(name)))
        return readings, flag in stream

    def _sensor_times(
        self, source: VariableSource
    ) -> tuple[np.ndarray, dict[str, Any]]:
        """Find when the measured water passed a sensor; also attributes of the lag."""
        table = self.platform.alignment
        if source.group is not None:
            chain = chain_of(table, self.origin)
            at = chain.follow(self.at, table.home, source.group)
            return at, {"sensor_group": source.group}
        if source.lag_seconds == "auto" and self.auto is not None:
            lag, lag_attrs = self.auto.rounded, self.auto.attrs
        else:
            lag = float(source.lag_seconds)
            lag_attrs = {"lag_seconds": lag} if lag else {}
        return self.at - lag, lag_attrs

    def _values_at(self, name: str, readings: Readings, at: np.ndarray) -> SensorValues:
        table, source = self.platform.alignment, _source(self.platform, name)
        is_co2 = _is_co2(name)
        if not is_co2 and self._is_periodic(readings, source):
            return periodic_value_at(readings, at)
        result = value_at(
            readings,
            at,
            max_gap=source.max_gap_seconds or table.max_gap_seconds,
            may_interpolate=not is_co2,
            nearest=table.interpolation == "nearest",
        )
        if is_co2:
            _warn_lost(name, readings.values, result.values)
        return result

    def _is_periodic(self, readings: Readings, source: VariableSource) -> bool:
        mode = source.mode or self.platform.alignment.mode
        present = np.isfinite(readings.values)
        if mode == "auto":
            return measurement_mode(readings.times[present]) == "periodic"
        return mode == "periodic"


def _warn_lost(name: str, values: np.ndarray, aligned: np.ndarray) -> None:
    present = int(np.isfinite(values).sum())
    kept = int(np.isfinite(aligned).sum())
    if kept < present:
        message = (
            f"{name} is not in the main stream: {present - kept} of {present} values"
            " have no row with the same time and are dropped, because CO2 is never"
            " interpolated; [alignment] main chooses the stream whose times are used"
        )
        warnings.warn(message, DataWarning, stacklevel=5)


def _run_types(
    stream: xr.Dataset, target: _Target, present: set[Any]
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    """Run types of a stream, if no stream before has any."""
    if "run_type" not in stream or "run_type" in present:
        return {}
    times = _seconds(stream["time"].to_numpy(), target.origin)
    row = last_started(times, target.at)
    empty = {"run_type": RUN_TYPES["unknown"], "standard": -1, "run_label": -1}
    out = {}
    for name in _RUN_VARIABLES:
        codes = stream[name].to_numpy()
        values = np.where(row >= 0, codes[row], empty[name]).astype(codes.dtype)
        out[name] = ("time", values, dict(stream[name].attrs))
    return out


def last_started(starts: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Find the run of each time: the last that started at or before it; -1 without.

    Examples
    --------
    >>> import numpy as np
    >>> last_started(np.array([0.0, 60.0]), np.array([-1.0, 59.0, 60.0]))
    array([-1,  0,  1])
    """
    return np.searchsorted(starts, at, side="right") - 1


def _alignment_attrs(
    streams: Mapping[str, xr.Dataset], main: str, platform: Platform
) -> dict[str, Any]:
    """Join the file attributes of the streams, the main stream first."""
    order = [main, *(name for name in streams if name != main)]
    attrs: dict[str, Any] = {}
    for key in ("source_files", "source_files_sha256", "reading_notes"):
        attrs[key] = [item for name in order for item in streams[name].attrs[key]]
    for key in ("rows_read", "rows_rejected", "rows_duplicated"):
        attrs[key] = int(streams[main].attrs[key])
    newest = [
        s.attrs[NEWEST_INPUT] for s in streams.values() if NEWEST_INPUT in s.attrs
    ]
    if newest:
        attrs[NEWEST_INPUT] = max(newest)
    return attrs | describe(platform)
