"""CO2 of the air by latitude: the marine boundary layer reference of NOAA.

Two formats are recognised by their content: NOAA's own text table and the netCDF
that SOCAT uses for its atmospheric values. Editions differ: do not mix them.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.interpolation import interpolate_grid

_UNITS = "umol mol-1"
_ATTRS = {
    "units": _UNITS,
    "long_name": "mole fraction of CO2 in dry air, marine boundary layer reference",
    "interpolation": "linear in time and in the sine of latitude, none outside",
}
_LATITUDE_LINE = "Sine of latitude steps:"


def read_air(path: str | Path) -> xr.DataArray:
    """Read CO2 of the air by latitude, text or netCDF.

    Parameters
    ----------
    path : str or Path
        File of NOAA or SOCAT; its name does not matter.

    Returns
    -------
    xarray.DataArray
        As from `read_noaa_mbl`.

    Raises
    ------
    ReadError
        If the file has neither format.
    """
    with _existing_file(path).open("rb") as file:
        netcdf = is_netcdf(file.read(4))
    return read_globalview(path) if netcdf else read_noaa_mbl(path)


def is_netcdf(start: bytes) -> bool:
    """Whether the first bytes of a file are those of netCDF 3 or 4."""
    return start.startswith((b"CDF", b"\x89HDF"))


def read_noaa_mbl(path: str | Path) -> xr.DataArray:
    """Read the text table of NOAA's marine boundary layer reference.

    Parameters
    ----------
    path : str or Path
        For example ``co2_GHGreference.<number>_surface.txt``; recognised by its header.

    Returns
    -------
    xarray.DataArray
        CO2 in dry air [umol mol-1] along ``time`` (datetime64[ns]) and
        ``sin_latitude`` (-1 to 1 [1]), its uncertainty [umol mol-1] as the
        coordinate ``uncertainty``. The attribute ``scale`` is the scale that the
        file names.

    Raises
    ------
    ReadError
        If the file is not such a table.

    References
    ----------
    .. [1] Dlugokencky et al., NOAA Greenhouse Gas Reference from Atmospheric Carbon
       Dioxide Dry Air Mole Fractions, NOAA Global Monitoring Laboratory.
    """
    header, rows, numbers = _split_lines(path)
    nodes = _nodes(path, header)
    width = 1 + 2 * nodes.size
    table = np.empty((len(rows), width))
    for i, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        table[i] = _parse_row(path, number, row, width)
    if not len(rows) or not (np.diff(table[:, 0]) > 0).all():
        raise ReadError(f"{path}: rows must exist and have increasing times")
    text = "\n".join(header)
    scale = re.search(r"\bX20\d\d\b", text)
    created = re.search(r"File Creation:\s*(\S+)", text)
    return _surface_array(
        table[:, 1::2],
        table[:, 2::2],
        _times_of_years(table[:, 0]),
        nodes,
        title="NOAA greenhouse gas marine boundary layer reference",
        scale=f"WMO {scale[0]}" if scale else "not stated in the file",
        file_creation=created[1] if created else "not stated in the file",
        source_file=Path(path).name,
    )


def _existing_file(path: str | Path) -> Path:
    path = Path(path)
    if not path.is_file():
        raise ReadError(f"{path}: no such file")
    return path


def _split_lines(path: str | Path) -> tuple[list[str], list[str], list[int]]:
    text = _existing_file(path).read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("#")]
    if not any(_LATITUDE_LINE in line for line in header):
        raise ReadError(
            f"{path}: not a NOAA marine boundary layer table: no line"
            f" '# {_LATITUDE_LINE} ...' (netCDF, numbers, DataArrays are accepted too)"
        )
    body = [
        (i, line)
        for i, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
    return header, [line for _, line in body], [i for i, _ in body]


def _nodes(path: str | Path, header: list[str]) -> np.ndarray:
    line = next(line for line in header if _LATITUDE_LINE in line)
    try:
        nodes = np.array(
            [float(word) for word in line.split(_LATITUDE_LINE)[1].split()]
        )
    except ValueError:
        raise ReadError(f"{path}: {line!r} must contain only numbers") from None
    if nodes.size < 2 or (np.diff(nodes) <= 0).any() or np.abs(nodes).max() > 1:
        raise ReadError(f"{path}: {line!r} must increase from -1 to 1")
    return nodes


def _parse_row(path: str | Path, number: int, row: str, width: int) -> list[float]:
    cells = row.split()
    if len(cells) != width:
        raise ReadError(f"{path}:{number}: {len(cells)} columns instead of {width}")
    try:
        return [float(word) for word in cells]
    except ValueError as error:
        raise ReadError(f"{path}:{number}: {error}") from None


def _times_of_years(years: np.ndarray) -> np.ndarray:
    """Convert decimal years to times; fractions refer to the length of that year."""
    year = np.floor(years).astype(int)
    start = (year - 1970).astype("datetime64[Y]").astype("datetime64[ns]")
    next_start = (year - 1969).astype("datetime64[Y]").astype("datetime64[ns]")
    length = (next_start - start) / np.timedelta64(1, "s")
    seconds = np.rint((years - year) * length).astype("int64")
    return start + seconds.astype("timedelta64[s]")


def read_globalview(path: str | Path) -> xr.DataArray:
    """Read the netCDF of atmospheric CO2 that SOCAT uses (``GVCO2``).

    Times are used as stated. In the edition of 2013 they are three days later than in
    NOAA's own table of the same field: up to 0.3 umol mol-1 in the north.

    Parameters
    ----------
    path : str or Path
        NetCDF with ``CO2`` along a time and a latitude, optionally ``UNCERTAIN``.

    Returns
    -------
    xarray.DataArray
        As from `read_noaa_mbl`.

    Raises
    ------
    ReadError
        If the file does not contain such a variable.
    """
    try:
        with xr.open_dataset(_existing_file(path), decode_timedelta=False) as ds:
            ds.load()
    except (OSError, ValueError) as error:
        raise ReadError(f"{path}: cannot be read as netCDF: {error}") from None
    if "CO2" not in ds or ds["CO2"].ndim != 2:
        raise ReadError(
            f"{path}: no variable CO2 along time and latitude; it has"
            f" {', '.join(map(str, ds.data_vars)) or 'none'}"
        )
    time, latitude = ds["CO2"].dims
    if ds[time].dtype.kind != "M" or ds[latitude].dtype.kind != "f":
        raise ReadError(f"{path}: CO2 is not along time and latitude")
    values = ds["CO2"].where(ds["CO2"] > 0)
    uncertainty = ds["UNCERTAIN"] if "UNCERTAIN" in ds else xr.full_like(values, np.nan)
    # The poles of the file are 1e-6 degrees beyond 90.
    nodes = np.sin(np.radians(np.clip(ds[latitude].to_numpy(), -90.0, 90.0)))
    attrs = {k: v for k, v in ds["CO2"].attrs.items() if k in ("long_name", "history")}
    return _surface_array(
        values.to_numpy(),
        uncertainty.where(uncertainty > -1e30).to_numpy(),
        ds[time].to_numpy().astype("datetime64[ns]"),
        np.round(nodes, 6),
        title=attrs.get("long_name", "CO2 by latitude"),
        scale="not stated in the file",
        source=attrs.get("history", ""),
        source_file=Path(path).name,
    )


def _surface_array(
    values: np.ndarray,
    uncertainty: np.ndarray,
    time: np.ndarray,
    nodes: np.ndarray,
    **attrs: str,
) -> xr.DataArray:
    dims = ("time", "sin_latitude")
    long_name = "uncertainty of the mole fraction, as the file gives it"
    return xr.DataArray(
        np.ascontiguousarray(values),
        dims=dims,
        coords={
            "time": time,
            "sin_latitude": ("sin_latitude", nodes, {"units": "1"}),
            "uncertainty": (
                dims,
                uncertainty,
                {"units": _UNITS, "long_name": long_name},
            ),
        },
        name="xCO2_air",
        attrs=_ATTRS | {k: v for k, v in attrs.items() if v},
    )


def interpolate_mbl(mbl: xr.DataArray, time: Any, latitude: Any) -> np.ndarray:
    """Interpolate CO2 of the air to times and latitudes.

    Parameters
    ----------
    mbl : xarray.DataArray
        From `read_noaa_mbl` or `read_globalview`, or its ``uncertainty``.
    time : array_like of datetime64
        Times, UTC.
    latitude : array_like
        Latitudes [degrees_north].

    Returns
    -------
    ndarray of float64
        Linear in time and in the sine of latitude, exact at the nodes; NaN before
        the first and after the last time [umol mol-1].

    Examples
    --------
    >>> times = np.array(["2010-01-01", "2010-01-03"], "datetime64[ns]")
    >>> mbl = xr.DataArray(
    ...     [[380.0, 384.0], [382.0, 386.0]],
    ...     coords={"time": times, "sin_latitude": [0.0, 1.0]},
    ... )
    >>> when = np.array(["2010-01-02", "2010-01-04"], "datetime64[ns]")
    >>> interpolate_mbl(mbl, when, [30.0, 30.0]).round(6)
    array([383.,  nan])
    """
    sine = np.sin(np.radians(np.asarray(latitude, dtype=np.float64)))
    times = np.asarray(time).astype("datetime64[ns]")
    table = mbl.transpose("time", "sin_latitude")
    axes = (table["time"].to_numpy(), table["sin_latitude"].to_numpy())
    return interpolate_grid(table.to_numpy(), axes, (times, sine))
