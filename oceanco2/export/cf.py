"""CF attributes and encoding of the variables of a netCDF file."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import SECOND
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
#: Global attributes that are lists: xarray stores a single text as the text itself.
LISTS = ("source_files", "source_files_sha256", "reading_notes", "warnings")
#: Attributes that are added on writing and removed on reading.
ADDED = ("coverage_content_type", "units_metadata", "axis", "positive")


def encode_time(time: Any) -> np.ndarray:
    """Return times as seconds since 1970-01-01, UTC."""
    moments = np.asarray(time).astype("datetime64[ns]")
    # Convert whole seconds and fractions separately to avoid rounding.
    full_seconds = moments.astype("datetime64[s]")
    seconds = (full_seconds - EPOCH) / SECOND
    return seconds + (moments - full_seconds) / SECOND


def decode_time(seconds: Any) -> np.ndarray:
    """Return seconds since 1970-01-01 as times."""
    numbers = np.asarray(seconds, dtype=np.float64)
    is_valid = np.isfinite(numbers)
    times = np.full(numbers.shape, np.datetime64("NaT"), dtype="datetime64[ns]")
    micro = np.rint(numbers[is_valid] * 1e6).astype("int64").astype("timedelta64[us]")
    times[is_valid] = EPOCH + micro
    return times


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
    """Return units_metadata: temperature on a scale or difference (CF-1.11)."""
    if units not in ("degree_Celsius", "K"):
        return None
    difference = name.endswith("_uncertainty") or base_name(name) == "warming"
    return f"temperature: {'difference' if difference else 'on_scale'}"


def variable_attrs(
    name: str, variable: xr.Variable, names_in_file: set[str]
) -> dict[str, Any]:
    """Return the attributes of a variable in the file."""
    attrs: dict[str, Any] = {"long_name": name.replace("_", " ")}
    attrs |= {**_AXES.get(name, {}), **variable.attrs}
    attrs.setdefault("coverage_content_type", coverage(name))
    if variable.dtype.kind == "M":
        attrs |= TIME_ATTRS
    scale = temperature_scale(name, attrs.get("units"))
    if scale:
        attrs.setdefault("units_metadata", scale)
    if variable.dtype.kind in "fiu" and "flag_meanings" not in attrs:
        attrs.setdefault("units", "1")
    if "ancillary_variables" in attrs:
        present = [
            x for x in str(attrs["ancillary_variables"]).split() if x in names_in_file
        ]
        attrs["ancillary_variables"] = " ".join(present)
        if not present:
            del attrs["ancillary_variables"]
    for key in ("flag_values", "flag_masks"):
        if key in attrs:  # CF: the same type as the variable
            attrs[key] = np.atleast_1d(attrs[key]).astype(variable.dtype)
    return netcdf_attrs(attrs)


def netcdf_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Convert attributes that netCDF cannot store to JSON text."""
    result: dict[str, Any] = {}
    packed = []
    for key, value in sorted(attrs.items()):  # sorted, so that files are byte-identical
        simple = value.tolist() if _holds_no_numbers(value) else value
        if isinstance(simple, list | tuple | dict | bool):
            result[key] = json.dumps(simple, ensure_ascii=False, default=_json_default)
            packed.append(key)
        elif isinstance(simple, str | int | float | np.number | np.ndarray):
            result[key] = simple
        elif simple is not None:  # a date, a path
            result[key] = str(simple)
    if packed:
        result["json_attributes"] = " ".join(packed)
    return result


def _holds_no_numbers(value: Any) -> bool:
    """Whether it is a NumPy array or scalar that a netCDF attribute cannot store."""
    return isinstance(value, np.ndarray | np.bool_) and value.dtype.kind not in "iuf"


def _json_default(value: Any) -> Any:
    """Return NumPy numbers as Python numbers, and anything else as text."""
    return value.tolist() if hasattr(value, "tolist") else str(value)


def restore_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Restore the attributes as they were before writing."""
    restored = dict(attrs)
    for key in str(restored.pop("json_attributes", "")).split():
        restored[key] = json.loads(restored[key])
    for key, value in restored.items():
        if key in ("flag_values", "flag_masks"):
            restored[key] = np.atleast_1d(value)
        elif key in LISTS:
            restored[key] = [str(text) for text in np.atleast_1d(value)]
        elif isinstance(value, np.generic):
            restored[key] = value.item()
    return restored


def encoding_of(name: str, variable: xr.Variable) -> dict[str, Any]:
    """Return fill value, compression and chunks of a variable for netCDF4."""
    encoding: dict[str, Any] = {}
    numbers = variable.dtype.kind in "fiu"
    coordinate = name in ("time", "latitude", "longitude")
    if variable.dtype.kind == "f" and not (
        coordinate and np.isfinite(variable.to_numpy()).all()
    ):
        encoding["fill_value"] = np.nan
    if variable.ndim and numbers and variable.size:
        encoding |= {"zlib": True, "complevel": 1, "shuffle": True}
        encoding["chunksizes"] = tuple(min(size, CHUNK) for size in variable.shape)
        encoding["chunk_cache"] = (
            2 * 8 * CHUNK
        )  # the default is 16 MB for each of 100 variables
    return encoding


def check_standard_names(variables: Mapping[str, xr.Variable]) -> None:
    """Check that no two variables have the same CF standard name."""
    owner: dict[str, str] = {}
    shared = {"quality_flag", "status_flag", "time"}
    for name, variable in variables.items():
        standard = variable.attrs.get("standard_name")
        if not standard or standard in shared:
            continue
        if standard in owner:
            raise ProcessingError(
                f"{name} and {owner[standard]} have the same CF standard name"
                f" {standard!r}: only one of them may have it"
            )
        owner[standard] = name
