"""CO2 of the air by latitude: the marine boundary layer reference of NOAA.

Two forms are read and recognised by what is in the file: NOAA's own text table and
the netCDF that SOCAT takes its atmospheric values from. Editions differ: never mix.
"""

import re
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ReadError
from oceanco2.fields.interpolation import interpolate

_UNITS = "umol mol-1"
_ABOUT = {
    "units": _UNITS,
    "long_name": "mole fraction of CO2 in dry air, marine boundary layer reference",
    "interpolation": "linear in time and in the sine of latitude, none outside",
}
_STEPS = "Sine of latitude steps:"


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
        If the file is neither.
    """
    with _opened(path).open("rb") as file:
        netcdf = is_netcdf(file.read(4))
    return read_globalview(path) if netcdf else read_noaa_mbl(path)


def is_netcdf(start: bytes) -> bool:
    """Whether a file that starts so is netCDF 3 or 4."""
    return start.startswith((b"CDF", b"\x89HDF"))


def read_noaa_mbl(path: str | Path) -> xr.DataArray:
    """Read the text table of NOAA's marine boundary layer reference.

    Parameters
    ----------
    path : str or Path
        Such as ``co2_GHGreference.<number>_surface.txt``; recognised by its header.

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
    header, rows, numbers = _split(path)
    nodes = _nodes(path, header)
    width = 1 + 2 * nodes.size
    table = np.empty((len(rows), width))
    for i, (row, number) in enumerate(zip(rows, numbers, strict=True)):
        table[i] = _numbers(path, number, row, width)
    if not len(rows) or not (np.diff(table[:, 0]) > 0).all():
        raise ReadError(f"{path}: rows are missing or their times do not increase")
    text = "\n".join(header)
    scale = re.search(r"\bX20\d\d\b", text)
    made = re.search(r"File Creation:\s*(\S+)", text)
    return _surface(
        table[:, 1::2],
        table[:, 2::2],
        _moments(table[:, 0]),
        nodes,
        title="NOAA greenhouse gas marine boundary layer reference",
        scale=f"WMO {scale[0]}" if scale else "not stated in the file",
        file_creation=made[1] if made else "not stated in the file",
        source_file=Path(path).name,
    )


def _opened(path: str | Path) -> Path:
    path = Path(path)
    if not path.is_file():
        raise ReadError(f"{path}: there is no such file")
    return path


def _split(path: str | Path) -> tuple[list[str], list[str], list[int]]:
    text = _opened(path).read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    header = [line for line in lines if line.startswith("#")]
    if not any(_STEPS in line for line in header):
        raise ReadError(
            f"{path}: not a NOAA marine boundary layer table: no line"
            f" '# {_STEPS} ...' (netCDF, numbers and DataArrays are taken, too)"
        )
    body = [
        (i, line)
        for i, line in enumerate(lines, start=1)
        if line.strip() and not line.startswith("#")
    ]
    return header, [line for _, line in body], [i for i, _ in body]


def _nodes(path: str | Path, header: list[str]) -> np.ndarray:
    line = next(line for line in header if _STEPS in line)
    try:
        nodes = np.array([float(word) for word in line.split(_STEPS)[1].split()])
    except ValueError:
        raise ReadError(f"{path}: {line!r} holds something else than numbers") from None
    if nodes.size < 2 or (np.diff(nodes) <= 0).any() or np.abs(nodes).max() > 1:
        raise ReadError(f"{path}: {line!r} does not increase from -1 to 1")
    return nodes


def _numbers(path: str | Path, number: int, row: str, width: int) -> list[float]:
    words = row.split()
    if len(words) != width:
        raise ReadError(f"{path}:{number}: {len(words)} columns instead of {width}")
    try:
        return [float(word) for word in words]
    except ValueError as error:
        raise ReadError(f"{path}:{number}: {error}") from None


def _moments(years: np.ndarray) -> np.ndarray:
    """Turn decimal years into times; the fraction is of that year's own length."""
    whole = np.floor(years).astype(int)
    first = (whole - 1970).astype("datetime64[Y]").astype("datetime64[ns]")
    after = (whole - 1969).astype("datetime64[Y]").astype("datetime64[ns]")
    length = (after - first) / np.timedelta64(1, "s")
    seconds = np.rint((years - whole) * length).astype("int64")
    return first + seconds.astype("timedelta64[s]")


def read_globalview(path: str | Path) -> xr.DataArray:
    """Read the netCDF of atmospheric CO2 that SOCAT uses (``GVCO2``).

    Times are taken as they stand. In the edition of 2013 they are three days later
    than in NOAA's own table of the same field: up to 0.3 umol mol-1 in the north.

    Parameters
    ----------
    path : str or Path
        NetCDF with ``CO2`` along a time and a latitude; ``UNCERTAIN`` is taken along.

    Returns
    -------
    xarray.DataArray
        As from `read_noaa_mbl`.

    Raises
    ------
    ReadError
        If the file does not hold such a variable.
    """
    try:
        with xr.open_dataset(_opened(path), decode_timedelta=False) as ds:
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
    doubt = ds["UNCERTAIN"] if "UNCERTAIN" in ds else xr.full_like(values, np.nan)
    # The poles of the file are 1e-6 degrees too far out.
    nodes = np.sin(np.radians(np.clip(ds[latitude].to_numpy(), -90.0, 90.0)))
    about = {k: v for k, v in ds["CO2"].attrs.items() if k in ("long_name", "history")}
    return _surface(
        values.to_numpy(),
        doubt.where(doubt > -1e30).to_numpy(),
        ds[time].to_numpy().astype("datetime64[ns]"),
        np.round(nodes, 6),
        title=about.get("long_name", "CO2 by latitude"),
        scale="not stated in the file",
        source=about.get("history", ""),
        source_file=Path(path).name,
    )


def _surface(
    values: np.ndarray,
    doubt: np.ndarray,
    time: np.ndarray,
    nodes: np.ndarray,
    **about: str,
) -> xr.DataArray:
    dims = ("time", "sin_latitude")
    words = "uncertainty of the mole fraction, as the file gives it"
    return xr.DataArray(
        np.ascontiguousarray(values),
        dims=dims,
        coords={
            "time": time,
            "sin_latitude": ("sin_latitude", nodes, {"units": "1"}),
            "uncertainty": (dims, doubt, {"units": _UNITS, "long_name": words}),
        },
        name="xCO2_air",
        attrs=_ABOUT | {k: v for k, v in about.items() if v},
    )


def interpolate_mbl(mbl: xr.DataArray, time: Any, latitude: Any) -> np.ndarray:
    """CO2 of the air at times and latitudes.

    Parameters
    ----------
    mbl : xarray.DataArray
        From `read_noaa_mbl` or `read_globalview`, or its ``uncertainty``.
    time : array_like of datetime64
        Where, UTC.
    latitude : array_like
        Where [degrees_north].

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
    moments = np.asarray(time).astype("datetime64[ns]")
    table = mbl.transpose("time", "sin_latitude")
    axes = (table["time"].to_numpy(), table["sin_latitude"].to_numpy())
    return interpolate(table.to_numpy(), axes, (moments, sine))
