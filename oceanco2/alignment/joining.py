"""Several streams joined along the times of the main one."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.alignment.chain import chain_of
from oceanco2.alignment.finding import Lag, whole_lag
from oceanco2.alignment.interpolation import CIRCLES
from oceanco2.alignment.modes import measurement_mode
from oceanco2.alignment.readings import Readings
from oceanco2.alignment.structure import interpolation_uncertainty
from oceanco2.alignment.values import Found, periodic_value_at, value_at
from oceanco2.errors import DataWarning
from oceanco2.platforms import Platform, VariableSource, describe
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

_PLACE = ("latitude", "longitude")
_RUN = ("run_label", "run_type", "standard")
_FLAG = "_flag_delivered"


def align(streams: Mapping[str, xr.Dataset], platform: Platform) -> xr.Dataset:
    """Join several streams along the times of the main one.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Its ``alignment`` table and the lags, groups, modes and gaps of its variables.

    Returns
    -------
    xarray.Dataset
        The main stream with the variables of the others added, each with its
        ``X_type``: measured at that very time, interpolated between good values not
        farther than ``max_gap_seconds`` on either side, nominal, or missing;
        ``X_interpolation_uncertainty`` where it was interpolated;
        ``X_flag_delivered`` where the file has flags; ``X_around_flags`` where doubtful
        values were left out on the way. Where another stream alone has run types, a
        time belongs to the last run that started at or before it.

    Warns
    -----
    DataWarning
        If CO2 itself stands in another stream at other times: it is never
        interpolated.
    """
    main = platform.main_file()
    ds = streams[main]
    joint = _Joint.of(ds, platform, _auto(streams, platform))
    new: dict[str, Any] = {}
    for name, stream in streams.items():
        if name != main:
            new |= _run_types(stream, joint, {*ds.data_vars, *new})
        for variable in _variables(stream):
            if name != main or _is_moved(platform, variable):
                new |= joint.variable(stream, variable)
    for key, array in ds.data_vars.items():
        if (kind := array.attrs.get("value_type")) is not None:
            base = str(key).removesuffix("_raw")
            full = np.full(array.shape, VALUE_TYPES[kind], dtype=np.int8)
            new[f"{base}_type"] = _type(base, full)
    new |= _without_file(streams, platform, ds)
    places = {name: new.pop(name) for name in _PLACE if name in new}
    out = ds.assign_coords(places).assign(new)
    out.attrs = add_history(
        _attrs(streams, main, platform),
        f"raw files read, {len(streams)} streams aligned to {main!r}",
    )
    return out


def _without_file(
    streams: Mapping[str, xr.Dataset], platform: Platform, ds: xr.Dataset
) -> dict[str, Any]:
    """Make the variables of streams that no file was found for: missing."""
    out: dict[str, Any] = {}
    for name, source in platform.variables.items():
        if not source.columns or platform.file_of(source) in streams:
            continue
        full = f"{name}_raw" if platform.needs_raw(name) else name
        out[full] = ("time", np.full(ds.sizes["time"], np.nan), attrs_of(full))
        if name not in _PLACE:
            kind = np.full(ds.sizes["time"], VALUE_TYPES["missing"], dtype=np.int8)
            out[f"{name}_type"] = _type(name, kind)
    return out


def _auto(streams: Mapping[str, xr.Dataset], platform: Platform) -> Lag | None:
    """Find the lag of the sensors whose platform file asks for it."""
    asking = [n for n, s in platform.variables.items() if s.lag_seconds == "auto"]
    if not asking:
        return None
    found = whole_lag(streams, platform)
    if not found.found:
        said = (
            f"lag of {', '.join(asking)}: {found.reason}; 0 s is used, give it in"
            ' seconds instead of "auto" to have another'
        )
        warnings.warn(said, DataWarning, stacklevel=3)
    return found


def _variables(stream: xr.Dataset) -> list[str]:
    places = [name for name in _PLACE if name in stream.coords]
    names = [str(n) for n in stream.data_vars if stream[n].dtype.kind == "f"]
    return places + names


def _base(variable: str) -> str:
    return variable.removesuffix("_raw").removesuffix("_delivered")


def _source(platform: Platform, variable: str) -> VariableSource:
    delivered = variable.endswith("_delivered")
    table = platform.delivered if delivered else platform.variables
    # Positions that a reader knows are in no table.
    return table.get(_base(variable)) or VariableSource(column=variable)


def _is_moved(platform: Platform, variable: str) -> bool:
    """Whether a variable of the main stream is not taken at its own times only."""
    source = _source(platform, variable)
    away = source.group is not None and source.group != platform.alignment.home
    return bool(away or source.lag_seconds or source.max_gap_seconds)


def _is_core(variable: str) -> bool:
    """Whether it is the measurement itself, never brought from one time to another."""
    if variable.endswith(("_interp", "_flux")):
        return False
    return variable.startswith(("xCO2", "pCO2_", "fCO2_"))


def _type(name: str, kind: np.ndarray) -> tuple[str, np.ndarray, dict[str, Any]]:
    return "time", kind, coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")


def _gap(name: str) -> dict[str, Any]:
    words = f"standard uncertainty that interpolation in time adds to {name}"
    return {"units": VARIABLES[name].units, "long_name": words}


def _seconds(times: np.ndarray, origin: np.datetime64) -> np.ndarray:
    return (times - origin) / np.timedelta64(1, "s")


@dataclass(frozen=True, slots=True)
class _Joint:
    """The times of the main stream, and how others are brought to them."""

    platform: Platform
    origin: np.datetime64
    at: np.ndarray
    auto: Lag | None

    @staticmethod
    def of(ds: xr.Dataset, platform: Platform, auto: Lag | None) -> "_Joint":
        times = ds["time"].to_numpy()
        origin = times[0] if times.size else np.datetime64(0, "ns")
        return _Joint(platform, origin, _seconds(times, origin), auto)

    def variable(self, stream: xr.Dataset, name: str) -> dict[str, Any]:
        """Bring one variable of a stream to the times of the main one."""
        base, source = _base(name), _source(self.platform, name)
        readings, known = self._readings(stream, name)
        at, said = self._when(source)
        found = self._found(name, readings, at)
        attrs = dict(stream[name].attrs)
        out: dict[str, Any] = {name: ("time", found.values, attrs | said)}
        if base not in _PLACE and not name.endswith("_delivered"):
            out[f"{base}_type"] = _type(base, found.kind)
            if (found.kind == VALUE_TYPES["interpolated"]).any():
                lag = said.get("lag_uncertainty_seconds", 0.0)
                sigma = interpolation_uncertainty(readings, found, at, lag)
                out[f"{base}_interpolation_uncertainty"] = ("time", sigma, _gap(base))
        if found.around.any():
            words = f"questionable or bad values left out between those of {base}"
            attrs = coded_attrs(words, {"no": 0, "yes": 1}, "int8")
            out[f"{base}_around_flags"] = ("time", found.around.astype(np.int8), attrs)
        if known:
            codes = found.flags.astype(np.int8)
            out[f"{base}{_FLAG}"] = ("time", codes, flag_attrs(base, "delivered"))
        return out

    def _readings(self, stream: xr.Dataset, name: str) -> tuple[Readings, bool]:
        """Take values with the flags of the file; impossible values are bad."""
        flag = f"{_base(name)}{_FLAG}"
        values = stream[name].to_numpy()
        codes = np.full(values.shape, GOOD, dtype=np.int16)
        if flag in stream:
            codes = stream[flag].to_numpy().astype(np.int16)
        codes[np.isnan(possible(_base(name), values))] = BAD
        times = _seconds(stream["time"].to_numpy(), self.origin)
        readings = Readings(times, values, codes, CIRCLES.get(_base(name)))
        return readings, flag in stream

    def _when(self, source: VariableSource) -> tuple[np.ndarray, dict[str, Any]]:
        """When the water of the measurements passed a sensor."""
        table = self.platform.alignment
        if source.group is not None:
            chain = chain_of(table, self.origin)
            at = chain.moved(self.at, table.home, source.group)
            return at, {"sensor_group": source.group}
        if source.lag_seconds == "auto" and self.auto is not None:
            lag, said = self.auto.rounded, self.auto.attrs
        else:
            lag = float(source.lag_seconds)
            said = {"lag_seconds": lag} if lag else {}
        return self.at - lag, said

    def _found(self, name: str, readings: Readings, at: np.ndarray) -> Found:
        table, source = self.platform.alignment, _source(self.platform, name)
        core = _is_core(name)
        if not core and self._is_periodic(readings, source):
            return periodic_value_at(readings, at)
        found = value_at(
            readings,
            at,
            max_gap=source.max_gap_seconds or table.max_gap_seconds,
            may_interpolate=not core,
            nearest=table.interpolation == "nearest",
        )
        if core:
            _tell_core(name, readings.values, found.values)
        return found

    def _is_periodic(self, readings: Readings, source: VariableSource) -> bool:
        mode = source.mode or self.platform.alignment.mode
        there = np.isfinite(readings.values)
        if mode == "auto":
            return measurement_mode(readings.times[there]) == "periodic"
        return mode == "periodic"


def _tell_core(name: str, read: np.ndarray, found: np.ndarray) -> None:
    there, met = (int(np.isfinite(values).sum()) for values in (read, found))
    if met < there:
        said = (
            f"{name} stands in another stream than the times of the dataset:"
            f" {there - met} of {there} values have no row of the same time and are"
            " left out (CO2 itself is never interpolated; [alignment] main says whose"
            " times rule)"
        )
        warnings.warn(said, DataWarning, stacklevel=5)


def _run_types(
    stream: xr.Dataset, joint: _Joint, there: set[Any]
) -> dict[str, tuple[str, np.ndarray, dict[str, Any]]]:
    """Take run types from a stream, where nothing before it has any."""
    if "run_type" not in stream or "run_type" in there:
        return {}
    times = _seconds(stream["time"].to_numpy(), joint.origin)
    place = last_started(times, joint.at)
    nothing = {"run_type": RUN_TYPES["unknown"], "standard": -1, "run_label": -1}
    out = {}
    for name in _RUN:
        codes = stream[name].to_numpy()
        values = np.where(place >= 0, codes[place], nothing[name]).astype(codes.dtype)
        out[name] = ("time", values, dict(stream[name].attrs))
    return out


def last_started(starts: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Find the run that each time belongs to: the last one started at or before it.

    Examples
    --------
    >>> import numpy as np
    >>> last_started(np.array([0.0, 60.0]), np.array([-1.0, 59.0, 60.0]))
    array([-1,  0,  1])
    """
    return np.searchsorted(starts, at, side="right") - 1


def _attrs(
    streams: Mapping[str, xr.Dataset], main: str, platform: Platform
) -> dict[str, Any]:
    """Join what the streams say of their files, the main stream first."""
    order = [main, *(name for name in streams if name != main)]
    attrs: dict[str, Any] = {}
    for key in ("source_files", "source_files_sha256", "reading_notes"):
        attrs[key] = [item for name in order for item in streams[name].attrs[key]]
    for key in ("rows_read", "rows_rejected", "rows_duplicated"):
        attrs[key] = int(streams[main].attrs[key])
    return attrs | describe(platform)
