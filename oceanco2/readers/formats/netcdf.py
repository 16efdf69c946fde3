"""NetCDF files of time series: variables that have one value for each time."""

import warnings
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import EPOCH, SECOND
from oceanco2.errors import ReadError, choose_name
from oceanco2.fields.validity import valid_only
from oceanco2.files import reading
from oceanco2.platforms import FileDefinition
from oceanco2.readers.reader import reader
from oceanco2.readers.runs import STANDARD_VALUE, compare_standards
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, column_key, table_of
from oceanco2.readers.times import TIMESTAMP, timestamp_columns, timestamp_times

_SIGNATURES = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n")


def _sniff(head: bytes) -> bool:
    return head.startswith(_SIGNATURES)


@reader(
    "netcdf",
    description="netCDF with variables along one time (moorings, weather)",
    proven=True,
    cite="https://cfconventions.org",
    times=timestamp_times,
    time_columns=timestamp_columns,
    options=("time",),
    sniff=_sniff,
    more_columns=(STANDARD_VALUE,),
    inspect=compare_standards,
    states_units=True,
)
def read_netcdf(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Read variables along time; scalars are repeated for all times."""
    ds = _flatten_time(_open(raw))
    time = _find_time(ds, definition.options.get("time"), raw.name)
    stamps = ds[time].to_numpy()
    columns = {TIMESTAMP: (stamps.astype("datetime64[ns]") - EPOCH) / SECOND}
    dim = ds[time].dims[0]
    units: dict[str, set[str]] = {}
    notes: list[str] = []
    wrong_ranges: dict[str, str] = {}
    for name in ds.variables:
        text = str(name).lower()
        if text in required.texts | required.numbers and name != time:
            values = ds[name].squeeze()
            if values.dims in ((), (dim,)):
                values, note, wrong = valid_only(values)
                notes += [f"{raw.name}: {note}"] if note else []
                if wrong:
                    wrong_ranges[column_key(text)] = f"{wrong}, which is not applied"
                units[column_key(text)] = {str(values.attrs.get("units", ""))}
                columns[str(name)] = _cells(values, stamps.size)
            else:
                shape = ", ".join(map(str, values.dims))
                raise ReadError(
                    f"{raw.name}: {name!r} has the dimensions {shape}, not {dim} alone"
                )
    table = table_of(columns, np.arange(1, stamps.size + 1))
    known = {*columns, time}
    table.names += [str(n) for n in ds.variables if str(n) not in known]
    table.units, table.notes, table.wrong_ranges = units, notes, wrong_ranges
    table.preamble = [f"{key}: {value}" for key, value in ds.attrs.items()]
    table.standard_names = {
        str(name): str(variable.attrs["standard_name"])
        for name, variable in ds.variables.items()
        if "standard_name" in variable.attrs
    }
    return table


def _open(raw: RawFile) -> xr.Dataset:
    import netCDF4
    from xarray.backends import NetCDF4DataStore

    damage = (ValueError, RuntimeError, OverflowError, KeyError)
    with reading(raw.name, "netCDF", damage), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about other conventions
        store = netCDF4.Dataset(raw.name, memory=raw.content)
        ds = xr.open_dataset(NetCDF4DataStore(store), decode_timedelta=False)
        return ds.load()


def _flatten_time(ds: xr.Dataset) -> xr.Dataset:
    """Concatenate trajectories if times have two dimensions."""
    for variable in ds.variables.values():
        if variable.ndim == 2 and np.issubdtype(variable.dtype, np.datetime64):
            names = [str(d) for d in variable.dims]
            return ds.reset_coords().stack(row=names, create_index=False)
    return ds


def _find_time(ds: xr.Dataset, name_option: Any, file: str) -> str:
    choices = [
        str(name)
        for name, v in ds.variables.items()
        if v.ndim == 1 and np.issubdtype(v.dtype, np.datetime64)
    ]
    if name_option is not None:
        kind = "variable of times"
        return choose_name(kind, str(name_option), choices, file, error=ReadError)
    preferred = [n for n in choices if n.lower() == "time" or n in ds.dims]
    if not choices:
        raise ReadError(f"{file}: has no variable of times along one dimension")
    return (preferred or choices)[0]


def _cells(values: xr.DataArray, rows: int) -> np.ndarray:
    out = values.to_numpy()
    if np.issubdtype(out.dtype, np.datetime64):
        out = np.datetime_as_string(out, unit="s").astype(object)
    elif np.issubdtype(out.dtype, np.number):
        out = out.astype(np.float64)
    else:
        texts = [
            v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v)
            for v in out.ravel()
        ]
        out = np.array(texts, dtype=object).reshape(out.shape)
    return np.broadcast_to(out, (rows,)).copy()
