"""CF attributes and encoding of the variables of a netCDF file."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.vocabulary import SUFFIXES, VARIABLES

EPOCH = np.datetime64("1970-01-01T00:00:00", "ns")
TIME_UNITS = "seconds since 1970-01-01T00:00:00Z"
CHUNK = 65536

#: Attributes of a time axis; times are UTC without leap seconds in the count.
TIME_ATTRS: Mapping[str, str] = {
    "units": TIME_UNITS,
    "calendar": "standard",
    "units_metadata": "leap_seconds: utc",
}
_AXES: Mapping[str, Mapping[str, str]] = {
    "time": {"standard_name": "time", "long_name": "time", "axis": "T"},
    "latitude": {"axis": "Y"},
    "longitude": {"axis": "X"},
    "sample_depth": {"positive": "down"},
}
_QUALITY = ("_type", "_uncertainty", "_flag", "_flag_automatic", "_flag_manual")
_QUALITY_NAMES = ("_tests", "_flag_delivered")
#: Attributes that are added on writing and taken away again on reading.
ADDED = ("coverage_content_type", "units_metadata", "axis", "positive")


def encode_time(time: Any) -> np.ndarray:
    """Return times as seconds since 1970-01-01, UTC."""
    moments = np.asarray(time).astype("datetime64[ns]")
    # Whole seconds and the rest apart: one division would round both.
    whole = moments.astype("datetime64[s]")
    seconds = (whole - EPOCH) / np.timedelta64(1, "s")
    return seconds + (moments - whole) / np.timedelta64(1, "s")


def decode_time(seconds: Any) -> np.ndarray:
    """Return seconds since 1970-01-01 as times."""
    numbers = np.asarray(seconds, dtype=np.float64)
    there = np.isfinite(numbers)
    out = np.full(numbers.shape, np.datetime64("NaT"), dtype="datetime64[ns]")
    micro = np.rint(numbers[there] * 1e6).astype("int64").astype("timedelta64[us]")
    out[there] = EPOCH + micro
    return out


def base_name(name: str) -> str:
    """Return the canonical variable a name belongs to.

    Examples
    --------
    >>> base_name("SST_raw")
    'SST'
    >>> base_name("xCO2_flag_delivered")
    'xCO2'
    """
    for suffix in sorted((*SUFFIXES, *_QUALITY_NAMES), key=len, reverse=True):
        if name.endswith(suffix):
            return base_name(name.removesuffix(suffix))
    return name


def coverage(name: str) -> str:
    """Return the ISO 19115-1 kind of content of a variable."""
    if name in ("time", "latitude", "longitude", "sample_depth"):
        return "coordinate"
    if name.endswith((*_QUALITY, *_QUALITY_NAMES)):
        return "qualityInformation"
    if base_name(name) in VARIABLES:
        return "physicalMeasurement"
    return "auxiliaryInformation"


def temperature_scale(name: str, units: object) -> str | None:
    """Say whether a temperature is on a scale or a difference (CF-1.11)."""
    if units not in ("degree_Celsius", "K"):
        return None
    difference = name.endswith("_uncertainty") or base_name(name) == "warming"
    return f"temperature: {'difference' if difference else 'on_scale'}"


def variable_attrs(name: str, variable: xr.Variable, known: set[str]) -> dict[str, Any]:
    """Return the attributes of a variable in the file."""
    said: dict[str, Any] = {"long_name": name.replace("_", " ")}
    said |= {**_AXES.get(name, {}), **variable.attrs}
    said.setdefault("coverage_content_type", coverage(name))
    if variable.dtype.kind == "M":
        said |= TIME_ATTRS
    scale = temperature_scale(name, said.get("units"))
    if scale:
        said.setdefault("units_metadata", scale)
    if variable.dtype.kind in "fiu" and "flag_meanings" not in said:
        said.setdefault("units", "1")
    if "ancillary_variables" in said:
        there = [x for x in str(said["ancillary_variables"]).split() if x in known]
        said["ancillary_variables"] = " ".join(there)
        if not there:
            del said["ancillary_variables"]
    for key in ("flag_values", "flag_masks"):
        if key in said:  # CF: the same type as the variable
            said[key] = np.atleast_1d(said[key]).astype(variable.dtype)
    return plain_attrs(said)


def plain_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Turn attributes that netCDF cannot hold into JSON text."""
    out: dict[str, Any] = {}
    packed = []
    for key, value in sorted(attrs.items()):  # same order, same bytes
        plain = value.tolist() if _holds_no_numbers(value) else value
        if isinstance(plain, list | tuple | dict | bool):
            out[key] = json.dumps(plain, ensure_ascii=False, default=_plain)
            packed.append(key)
        elif isinstance(plain, str | int | float | np.number | np.ndarray):
            out[key] = plain
        elif plain is not None:  # a date, a path
            out[key] = str(plain)
    if packed:
        out["json_attributes"] = " ".join(packed)
    return out


def _holds_no_numbers(value: Any) -> bool:
    """Whether it is an array or scalar of numpy that netCDF has no attribute for."""
    return isinstance(value, np.ndarray | np.bool_) and value.dtype.kind not in "iuf"


def _plain(value: Any) -> Any:
    """Numbers of numpy as numbers, anything else by its name."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def restored_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Turn attributes of a file back into what they were before writing."""
    out = dict(attrs)
    for key in str(out.pop("json_attributes", "")).split():
        out[key] = json.loads(out[key])
    for key, value in out.items():
        if key in ("flag_values", "flag_masks"):
            out[key] = np.atleast_1d(value)
        elif isinstance(value, np.generic):
            out[key] = value.item()
    return out


def encoding_of(name: str, variable: xr.Variable) -> dict[str, Any]:
    """Return how a variable is stored, as netCDF4 takes it."""
    how: dict[str, Any] = {}
    numbers = variable.dtype.kind in "fiu"
    coordinate = name in ("time", "latitude", "longitude")
    if variable.dtype.kind == "f" and not (
        coordinate and np.isfinite(variable.to_numpy()).all()
    ):
        how["fill_value"] = np.nan
    if variable.ndim and numbers and variable.size:
        how |= {"zlib": True, "complevel": 1, "shuffle": True}
        how["chunksizes"] = tuple(min(size, CHUNK) for size in variable.shape)
        how["chunk_cache"] = 2 * 8 * CHUNK  # else 16 MB for each of 100 variables
    return how


def check_standard_names(variables: Mapping[str, xr.Variable]) -> None:
    """Check that no two variables claim the same CF standard name."""
    owner: dict[str, str] = {}
    shared = {"quality_flag", "status_flag", "time"}
    for name, variable in variables.items():
        standard = variable.attrs.get("standard_name")
        if not standard or standard in shared:
            continue
        if standard in owner:
            raise ProcessingError(
                f"{name} and {owner[standard]} have the same CF standard name"
                f" {standard!r}: it may stand on one of them only"
            )
        owner[standard] = name
