"""CO2 of marine air: NOAA's boundary layer, a background without files, samples.

Two formats are recognised by their content: NOAA's own text table and the netCDF
that SOCAT uses for its atmospheric values. Editions differ: do not mix them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import DAY, SECOND, YEAR_DAYS
from oceanco2.errors import ReadError
from oceanco2.files import check_file, reading
from oceanco2.interpolation import interpolate_grid
from oceanco2.vocabulary import GOOD

#: Measured air, and the same interpolated to the times of the water samples.
MEASURED, INTERPOLATED = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"
#: Attribute ``method`` of air that was interpolated here, not delivered.
METHOD = "linear in time between groups of air measurements"


@dataclass(frozen=True, slots=True)
class AirGroups:
    """Sequences of air measurements, in the order of the rows."""

    rows: np.ndarray
    starts: np.ndarray
    centres: np.ndarray

    def medians(self, values: np.ndarray) -> np.ndarray:
        """Return the median of each group."""
        return _by_group(np.median, values[self.rows], self.starts)

    def around(self, seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Find the groups that linear interpolation uses.

        Examples
        --------
        >>> import numpy as np
        >>> groups = AirGroups(np.arange(2), np.arange(2), np.array([10.0, 20.0]))
        >>> before, after = groups.around(np.array([0.0, 10.0, 14.0, 25.0]))
        >>> before.tolist(), after.tolist()
        ([0, 0, 0, 1], [0, 0, 1, 1])
        """
        last = self.centres.size - 1
        after = np.minimum(np.searchsorted(self.centres, seconds), last)
        alone = seconds >= self.centres[after]
        return np.where(alone, after, np.maximum(after - 1, 0)), after


def air_groups(ds: xr.Dataset, seconds: np.ndarray) -> AirGroups | None:
    """Group the air samples that are interpolated to the water samples."""
    valid = np.isfinite(ds[MEASURED].to_numpy())
    if f"{MEASURED}_flag_delivered" in ds:
        valid &= np.isin(ds[f"{MEASURED}_flag_delivered"].to_numpy(), (0, GOOD))
    if "flushing" in ds:
        valid &= ds["flushing"].to_numpy() == 0
    rows = np.flatnonzero(valid)
    if not rows.size:
        return None
    starts = np.arange(rows.size)
    if "run_type" in ds:
        changes = np.cumsum(np.diff(ds["run_type"].to_numpy(), prepend=0) != 0)
        starts = np.flatnonzero(np.diff(changes[rows], prepend=-1))
    return AirGroups(rows, starts, _by_group(np.mean, seconds[rows], starts))


def _by_group(function: Callable, values: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Apply a function to each group; groups of equal size are computed together."""
    counts = np.diff(starts, append=values.size)
    out = np.empty(starts.size)
    for count in np.unique(counts):
        same_size = counts == count
        out[same_size] = function(
            values[starts[same_size, None] + np.arange(count)], axis=1
        )
    return out


#: Annual means of the marine surface from 1979 on [umol mol-1]: NOAA Global Monitoring
#: Laboratory, Trends in CO2 (Lan, Tans and Thoning), doi:10.15138/9N0H-ZH07.
_FIRST_YEAR = 1979
_MEANS = (
    *(336.85, 338.91, 340.11, 340.86, 342.53, 344.07, 345.54, 346.97, 348.68, 351.16),
    *(352.79, 354.06, 355.39, 356.09, 356.83, 358.33, 360.17, 361.93, 363.05, 365.70),
    *(367.80, 368.97, 370.57, 372.59, 375.15, 376.95, 378.98, 381.15, 382.90, 385.02),
    *(386.50, 388.76, 390.63, 392.65, 395.40, 397.34, 399.65, 403.07, 405.22, 407.62),
    *(410.07, 412.44, 414.70, 417.07, 419.36, 422.79),
)
#: Growth rate before and after the table [umol mol-1 a-1].
_BEFORE, _AFTER = 1.1, 2.6
#: Departure from the global mean: rows constant, cos, sin of the year and of half a
#: year; columns powers of the sine of latitude. Least squares on the marine boundary
#: layer reference of NOAA, 1996 to 2014: rms 0.6, at most 3.4 [umol mol-1].
_DEPARTURE = np.array(
    [
        [0.39, 4.57, -2.44, -5.38, 2.16, 2.90],
        [-0.33, -1.59, 4.37, 10.99, -2.43, -7.87],
        [1.25, 5.92, 2.99, -5.43, -1.29, 3.32],
        [0.33, 0.92, -0.66, -2.43, 0.72, 2.07],
        [0.02, -1.35, -3.05, -1.08, 1.42, 0.89],
    ]
)


def marine_background(time: np.ndarray, latitude: np.ndarray) -> np.ndarray:
    """Estimate CO2 in dry marine air from date and latitude only.

    Examples
    --------
    >>> when = np.array(["2010-07-01"], "datetime64[ns]")
    >>> marine_background(when, np.array([0.0])).round(1)
    array([389.8])
    """
    year = time.astype("datetime64[Y]")
    days = (time - year) / DAY
    fraction_of_year = days / YEAR_DAYS
    decimal_year = year.astype(int) + 1970 + fraction_of_year
    mid_years = _FIRST_YEAR + 0.5 + np.arange(len(_MEANS))
    mean = np.interp(decimal_year, mid_years, _MEANS)
    mean += _AFTER * np.maximum(decimal_year - mid_years[-1], 0.0)
    mean -= _BEFORE * np.maximum(mid_years[0] - decimal_year, 0.0)
    sine = np.sin(np.radians(latitude))
    phase = 2 * np.pi * fraction_of_year
    waves = (1.0, np.cos(phase), np.sin(phase), np.cos(2 * phase), np.sin(2 * phase))
    for wave, row in zip(waves, _DEPARTURE, strict=True):
        mean += wave * np.polynomial.polynomial.polyval(sine, row)
    return np.asarray(mean)


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
    with reading(path), _existing_file(path).open("rb") as file:
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
    check_file(path)
    return path


def _split_lines(path: str | Path) -> tuple[list[str], list[str], list[int]]:
    with reading(path):
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
    length = (next_start - start) / SECOND
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
    with (
        reading(path, "netCDF", (Exception,)),
        xr.open_dataset(_existing_file(path), decode_timedelta=False) as ds,
    ):
        ds.load()
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
