"""CF-1.11 and ACDD-1.3 netCDF that reads back as the same dataset.

A mooring with a constant position is a ``timeSeries`` with scalar coordinates;
everything else is a ``trajectory``, also a mooring with positions from a GPS
(CF-1.11, chapter 9 and appendix H).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.datasets import check_dataset, whole_numbers
from oceanco2.errors import ProcessingError, ReadError
from oceanco2.export.acdd import NOT_MEASURED, global_attributes, identifier
from oceanco2.export.cf import (
    ADDED,
    CHUNK,
    TIME_UNITS,
    check_standard_names,
    decode_time,
    encode_time,
    encoding_of,
    netcdf_attrs,
    restore_attrs,
    variable_attrs,
)
from oceanco2.export.exporter import exporter
from oceanco2.files import check_file, reading, writing
from oceanco2.platforms import SetUp
from oceanco2.text import plain_text
from oceanco2.vocabulary import attrs_of

#: Suffixes of netCDF files.
SUFFIXES = (".nc", ".nc4", ".cdf", ".netcdf")
_IDENTIFIERS = {"trajectory": "trajectory", "timeSeries": "timeseries"}
_POSITION = ("latitude", "longitude")
_HALF = np.timedelta64(500, "ns")  # of a microsecond
_NO_JSON = (ValueError, KeyError, TypeError)  # a number in place of text
_MOVING = (
    "the platform is moored, but its position is given for every row and varies:"
    " the rows are a trajectory"
)


@exporter(
    "netcdf",
    description="everything, CF-1.11 and ACDD-1.3 netCDF",
    suffix=".nc",
    reference="https://cfconventions.org",
)
def write_netcdf(ds: xr.Dataset, path: str | Path) -> None:
    """Write a dataset as CF-1.11 and ACDD-1.3 netCDF."""
    ds = _with_position(ds)
    _check(ds)
    feature = _feature(ds)
    file_variables = _variables(ds, feature)
    check_standard_names(file_variables)
    attrs = netcdf_attrs(_attributes(ds, feature))
    with writing(path, (RuntimeError,)) as temporary:  # netCDF4 raises it as well
        _save(temporary, file_variables, attrs)


def _save(
    path: Path, variables: Mapping[str, xr.Variable], attrs: Mapping[str, Any]
) -> None:
    """Write block by block, to save memory and to be independent of chunks."""
    from netCDF4 import Dataset

    with Dataset(path, "w", format="NETCDF4") as file:
        file.setncatts(attrs)
        for variable in variables.values():
            for dim, size in zip(variable.dims, variable.shape, strict=True):
                if dim not in file.dimensions:
                    file.createDimension(str(dim), size)
        for name, variable in variables.items():
            kind = str if variable.dtype.kind in "OUT" else variable.dtype
            encoding = encoding_of(name, variable)
            dims = tuple(map(str, variable.dims))
            target = file.createVariable(name, kind, dims, **encoding)
            target.setncatts(variable.attrs)
        for name, variable in variables.items():
            _fill(file[name], variable)


def _fill(target: Any, variable: xr.Variable) -> None:
    target.set_auto_maskandscale(False)
    if not variable.ndim:
        target[...] = variable.to_numpy()
        return
    for start in range(0, variable.shape[0], CHUNK):
        block = variable[start : start + CHUNK].to_numpy()
        target[start : start + CHUNK] = (
            block.astype(object) if (block.dtype.kind in "OUT") else block
        )


def _with_position(ds: xr.Dataset) -> xr.Dataset:
    """Add missing coordinates where the platform file says that none was measured."""
    declared = SetUp.of(ds).variables
    names = [n for n in _POSITION if n not in ds.variables and n in declared]
    attrs = {name: attrs_of(name, value_type=NOT_MEASURED) for name in names}
    empty = np.full(ds.sizes.get("time", 0), np.nan)
    return ds.assign_coords({name: ("time", empty, attrs[name]) for name in names})


def _check(ds: xr.Dataset) -> None:
    if "time" not in ds.variables:
        raise ProcessingError("the dataset has no time and cannot be written")
    for name in _POSITION:
        if name not in ds.variables:
            raise ProcessingError(
                f"the dataset has no {name} and cannot be written: in the platform"
                f" file, [variables] {name} = {{ value = ... }} is of a fixed station,"
                " { absent = true } says that it was not measured"
            )
    if ds.sizes.get("time", 0) == 0:
        raise ProcessingError("the dataset has no rows: there is nothing to write")
    missing = int(np.isnat(ds["time"].to_numpy()).sum())
    if missing:
        raise ProcessingError(f"{missing} rows have no time and cannot be written")


def _feature(ds: xr.Dataset) -> str:
    fixed = all(
        np.ptp(ds[name].to_numpy()) == 0
        or ds[name].attrs.get("value_type") == NOT_MEASURED
        for name in _POSITION
    )
    moored = ds.attrs.get("platform_kind") == "mooring"
    return "timeSeries" if moored and fixed else "trajectory"


def _attributes(ds: xr.Dataset, feature: str) -> dict[str, Any]:
    attrs = global_attributes(ds, feature)
    if ds.attrs.get("platform_kind") == "mooring" and feature == "trajectory":
        attrs["featureType_comment"] = _MOVING
    return attrs


def _variables(ds: xr.Dataset, feature: str) -> dict[str, xr.Variable]:
    """Variables of the file, coordinates first."""
    # A coordinate variable must increase strictly: equal times need another dimension.
    increasing = bool((np.diff(ds["time"].to_numpy()) > np.timedelta64(0)).all())
    rows = "time" if increasing else "obs"
    names = [n for n in ("time", *_POSITION) if n in ds.variables]
    names += [str(n) for n in ds.variables if n not in names]
    names_in_file = set(names)
    ident = _IDENTIFIERS[feature]
    variables = {}
    for name in names:
        variable = _file_variable(name, ds[name].variable, names_in_file)
        if feature == "timeSeries" and name in _POSITION:
            variable = variable[0]
        elif name not in (*_POSITION, "time") and "time" in variable.dims:
            along = (n for n in ("time", *_POSITION, ident) if n != rows)
            variable.attrs["coordinates"] = " ".join(along)
        dims = [rows if dim == "time" else dim for dim in variable.dims]
        variables[name] = xr.Variable(dims, variable.data, variable.attrs)
    attrs = {
        "long_name": "expocode: platform and first day",
        "cf_role": f"{ident}_id",
        "coverage_content_type": "referenceInformation",
    }
    characters = np.frombuffer(plain_text(identifier(ds)).encode(), dtype="S1")
    variables[ident] = xr.Variable((f"string{characters.size}",), characters, attrs)
    return variables


def _file_variable(
    name: str, variable: xr.Variable, names_in_file: set[str]
) -> xr.Variable:
    attrs = variable_attrs(name, variable, names_in_file)
    if variable.dtype.kind == "M":
        return xr.Variable(variable.dims, encode_time(variable.to_numpy()), attrs)
    if variable.dtype.kind == "b":
        return xr.Variable(variable.dims, variable.data.astype("int8"), attrs)
    return xr.Variable(variable.dims, variable.data, attrs)


def open_dataset(path: str | Path) -> xr.Dataset:
    """Read a netCDF file written by oceanco2, also if xarray wrote it again.

    Parameters
    ----------
    path : str or Path
        The netCDF file.

    Returns
    -------
    xarray.Dataset
        The dataset as before writing, in memory: same values, types and attributes,
        with the global attributes that are added on writing.

    Raises
    ------
    ReadError
        If the file cannot be read, was not written by oceanco2, or was changed so
        that it cannot be used.
    """
    path = Path(path)
    check_file(path)
    # Times are decoded here, exact to the microsecond.
    options: Any = {"decode_times": False, "decode_coords": False}
    with (
        reading(path, "netCDF", (Exception,)),  # of damaged files libraries raise any
        xr.open_dataset(path, engine="netcdf4", **options) as file,
    ):
        ds = file.load()
    for name in ("time", *_POSITION):
        if name not in ds.variables:
            raise ReadError(f"{path}: not written by oceanco2: it has no {name}")
    if len(ds["time"].dims) != 1:
        dims = " and ".join(map(str, ds["time"].dims)) or "none"
        raise ReadError(f"{path}: time must be along one dimension, not {dims}")
    restored = _restore(ds, path)
    check_dataset(restored, str(path), error=ReadError)
    missing = int(np.isnat(restored["time"].to_numpy()).sum())
    if missing:
        raise ReadError(f"{path}: {missing} rows have no time")
    return whole_numbers(restored)


def _restore(ds: xr.Dataset, path: Path) -> xr.Dataset:
    rows = ds["time"].dims[0]
    variables = {}
    for name, variable in ds.variables.items():
        if name in _IDENTIFIERS.values():
            continue
        with reading(f"{path}, {name}", "JSON", _NO_JSON):
            attrs = restore_attrs(variable.attrs)
        data = variable.to_numpy()
        if data.dtype.kind == "O":
            data = data.astype(str)
        if " since " in str(attrs.get("units")):
            data = _decode(path, str(name), variable)
            attrs.pop("calendar", None)
            del attrs["units"]
        for key in (*ADDED, "coordinates"):
            attrs.pop(key, None)
        dims: tuple[Any, ...] = variable.dims
        if name in _POSITION and not dims:
            dims, data = (rows,), np.full(ds.sizes[rows], data)
        dims = tuple("time" if dim == rows else dim for dim in dims)
        variables[str(name)] = xr.Variable(dims, data, attrs)
    coords = {name: variables.pop(name) for name in ("time", *_POSITION)}
    for name in _POSITION:
        if coords[name].attrs.get("value_type") == NOT_MEASURED:
            del coords[name]
    with reading(path, "JSON in an attribute", _NO_JSON):
        attrs = restore_attrs(ds.attrs)
    attrs.pop("featureType_comment", None)
    return xr.Dataset(variables, coords, attrs)


def _decode(path: Path, name: str, variable: xr.Variable) -> np.ndarray:
    """Return counts since a moment as times; any unit and calendar of CF."""
    if str(variable.attrs["units"]) in (TIME_UNITS, TIME_UNITS.removesuffix("Z")):
        with reading(f"{path}, {name}", "numbers", (ValueError, TypeError)):
            return decode_time(variable.to_numpy())
    with reading(f"{path}, {name}", "times", (Exception,)):
        times = xr.conventions.decode_cf_variable(name, variable.load()).to_numpy()
    if times.dtype.kind != "M":
        calendar = variable.attrs.get("calendar", "standard")
        raise ReadError(
            f"{path}, {name}: cannot be read as times of our calendar:"
            f" {variable.attrs['units']!r}, calendar {calendar!r}"
        )
    # Counts of days are exact to less than a microsecond: round.
    rounded = (times.astype("datetime64[ns]") + _HALF).astype("datetime64[us]")
    return rounded.astype("datetime64[ns]")
