"""Room 2: streams at different rates, brought to the times of the main one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.platforms import Platform, describe
from oceanco2.provenance import add_history
from oceanco2.vocabulary import VALUE_TYPES, coded_attrs, possible

_PLACE = ("latitude", "longitude")
_OWN = ("source_file", "source_row", "damaged", "run_label", "run_type", "standard")
_FLAG = "_flag_delivered"


def align(streams: Mapping[str, xr.Dataset], platform: Platform) -> xr.Dataset:
    """Join several streams along the times of the main one.

    Parameters
    ----------
    streams : mapping of str to xarray.Dataset
        From `oceanco2.read`.
    platform : Platform
        Its ``alignment`` table and the ``lag_seconds`` of its variables.

    Returns
    -------
    xarray.Dataset
        The main stream with the variables of the others added, each with its
        ``X_type``: measured at that very time, interpolated between good values not
        farther than ``max_gap_seconds`` on either side, nominal, or missing.
    """
    main = platform.main_file()
    ds = streams[main]
    seconds = _seconds(ds["time"].to_numpy(), ds["time"].to_numpy())
    coords: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for name, stream in streams.items():
        if name == main:
            continue
        times = _seconds(stream["time"].to_numpy(), ds["time"].to_numpy())
        for variable in _variables(stream):
            values, kind = _joined(stream[variable], times, seconds, platform)
            new = ("time", values, stream[variable].attrs)
            (coords if variable in _PLACE else data)[variable] = new
            base = variable.removesuffix("_raw")
            if base not in _PLACE and not variable.endswith("_delivered"):
                data[f"{base}_type"] = _type(base, kind)
    for key, array in ds.data_vars.items():
        if array.attrs.get("value_type") == "nominal":
            base = str(key).removesuffix("_raw")
            full = np.full(array.shape, VALUE_TYPES["nominal"], dtype=np.int8)
            data[f"{base}_type"] = _type(base, full)
    out = ds.assign_coords(coords).assign(data)
    out.attrs = add_history(
        _attrs(streams, main, platform),
        f"raw files read, {len(streams)} streams aligned to {main!r}",
    )
    return out


def _seconds(times: np.ndarray, origin: np.ndarray) -> np.ndarray:
    first = origin[0] if origin.size else np.datetime64(0, "s")
    return (times - first) / np.timedelta64(1, "s")


def _variables(stream: xr.Dataset) -> list[str]:
    places = [name for name in _PLACE if name in stream.coords]
    names = [str(name) for name in stream.data_vars if name not in _OWN]
    return places + [name for name in names if not name.endswith(_FLAG)]


def _type(name: str, kind: np.ndarray) -> tuple[str, np.ndarray, dict[str, Any]]:
    return "time", kind, coded_attrs(f"origin of {name}", VALUE_TYPES, "int8")


def _joined(
    array: xr.DataArray, times: np.ndarray, at: np.ndarray, platform: Platform
) -> tuple[np.ndarray, np.ndarray]:
    """Bring one variable of another stream to the times of the main one."""
    name = str(array.name)
    base = name.removesuffix("_raw").removesuffix("_delivered")
    table = platform.delivered if name.endswith("_delivered") else platform.variables
    lag = table[base].lag_seconds if base in table else 0.0
    values = array.to_numpy()
    good = np.isfinite(possible(base, values))
    if name == "longitude" and good.any():
        values = values.copy()
        values[good] = np.unwrap(values[good], period=360.0)
    out, kind = interpolate(
        times[good],
        values[good],
        at - lag,
        platform.alignment.max_gap_seconds,
        nearest=platform.alignment.interpolation == "nearest",
    )
    if name == "longitude":
        out = 180.0 - np.mod(180.0 - out, 360.0)
    return out, kind


def interpolate(
    times: np.ndarray,
    values: np.ndarray,
    at: np.ndarray,
    max_gap: float,
    *,
    nearest: bool = False,
) -> tuple[np.ndarray, np.ndarray]:
    """Interpolate between neighbours that are near enough; never extrapolate.

    Parameters
    ----------
    times : ndarray, shape (n,)
        Rising times of good values [s].
    values : ndarray, shape (n,)
        Good values.
    at : ndarray, shape (m,)
        Wanted times [s].
    max_gap : float
        Farthest that a neighbour may be, on either side [s].
    nearest : bool, default False
        Take the nearer neighbour instead of the line between both.

    Returns
    -------
    values : ndarray, shape (m,)
        NaN where no value is near enough.
    kind : ndarray of int8, shape (m,)
        Codes of `VALUE_TYPES`.

    Examples
    --------
    >>> import numpy as np
    >>> interpolate(np.array([0.0, 60.0]), np.array([1.0, 2.0]), np.array([30.0]), 300)
    (array([1.5]), array([2], dtype=int8))
    """
    out = np.full(at.shape, np.nan)
    kind = np.zeros(at.shape, dtype=np.int8)
    if not times.size:
        return out, kind
    after = np.searchsorted(times, at, side="left")
    before = np.clip(after - 1, 0, times.size - 1)
    after_in = np.clip(after, 0, times.size - 1)
    # Clocks count whole milliseconds: less than that is the same time.
    for neighbour in (before, after_in):
        exact = np.abs(times[neighbour] - at) < 5e-4
        out[exact] = values[neighbour][exact]
        kind[exact] = VALUE_TYPES["measured"]
    left, right = at - times[before], times[after_in] - at
    between = (kind == 0) & (after > 0) & (after < times.size)
    between &= (left <= max_gap) & (right <= max_gap)
    span = np.where(left + right > 0, left + right, 1.0)
    weight = left / span
    if nearest:
        weight = np.rint(weight)
    line = values[before] * (1.0 - weight) + values[after_in] * weight
    out[between] = line[between]
    kind[between] = VALUE_TYPES["interpolated"]
    return out, kind


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
