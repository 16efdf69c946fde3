"""Files in the form that SOCAT gives out: enhanced (every row) and synthesis.

Every number is first rounded as it prints, as in the upload file: fCO2rec follows to
0.001 uatm from what stands beside it, by SOCAT's own algorithms.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, did_you_mean
from oceanco2.export.selection import select, usable_values
from oceanco2.fields.marine_air import interpolate_mbl, read_air
from oceanco2.fields.sampling import open_field
from oceanco2.geodesy import west_and_east
from oceanco2.identity import expocode_of, plain_text
from oceanco2.physics import fco2rec
from oceanco2.socat_format import COLUMNS

NOT_GIVEN = "N/A"
_FLAGS = (*"ABCDE", *"NU")
#: Columns and variables of the dataset: what was measured.
MEASURED: Mapping[str, str] = {
    "sample_depth": "sample_depth",
    "sal": "salinity",
    "SST": "SST",
    "Tequ": "T_equ",
    "PPPP": "P_atm",
    "Pequ": "P_equ",
    "xCO2water_equ_dry": "xCO2_water_Tequ_dry",
    "xCO2water_SST_dry": "xCO2_water_SST_dry",
    "pCO2water_equ_wet": "pCO2_water_Tequ_wet",
    "pCO2water_SST_wet": "pCO2_water_SST_wet",
    "fCO2water_equ_wet": "fCO2_water_Tequ_wet",
    "fCO2water_SST_wet": "fCO2_water_SST_wet",
}
_VERSION = re.compile(r"\d{1,4}(\.\d{1,2})?[NU]?")
#: Columns from elsewhere: missing unless the dataset has a variable of that name.
ANCILLARY = ("WOA_SSS", "NCEP_SLP", "ETOPO2_depth", "dist_to_land", "GVCO2")


@dataclass(frozen=True, slots=True)
class EnhancedOptions:
    """How files in the form of SOCAT are made.

    Attributes
    ----------
    version : str
        Of SOCAT where the data set appears first, for example ``"2026.0N"``.
    doi : str, optional
        Of the original data; by default the attribute ``doi`` of the dataset.
    flag : str, optional
        Of the data set, A to E; by default the one that the investigator suggests,
        else ``"N"``: new, not judged yet.
    woa : str, optional
        NetCDF of monthly salinity, for ``WOA_SSS``: the nearest sample.
    ncep : str, optional
        NetCDF of pressure at sea level, for ``NCEP_SLP``: the nearest sample.
    gvco2 : str, optional
        File of the marine boundary layer reference of NOAA (text or netCDF), for
        ``GVCO2``: interpolated in time and in the sine of latitude.
    """

    version: str = NOT_GIVEN
    doi: str | None = None
    flag: str | None = None
    woa: str | None = None
    ncep: str | None = None
    gvco2: str | None = None

    def __post_init__(self) -> None:
        """Check the values."""
        if self.version != NOT_GIVEN and not _VERSION.fullmatch(self.version):
            raise OptionError(
                f"version {self.version!r} is none of SOCAT: a number and perhaps N"
                " (new) or U (updated), such as 2026.0N or 3.0U"
            )
        if self.flag is not None and self.flag not in _FLAGS:
            hint = did_you_mean(self.flag, _FLAGS)
            known = ", ".join(_FLAGS)
            raise OptionError(f"flag {self.flag!r} is none of {known}.{hint}")


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The rows of one data set.

    Attributes
    ----------
    expocode, version, doi, flag : str
        The same on every row.
    about : mapping of str to str
        ``name``, ``platform``, ``investigators``, ``reference``.
    time : ndarray of datetime64[ms]
        In order.
    columns : mapping of str to ndarray
        Column name to values; rounded as they print.
    left_out : mapping of str to int
        Reason and number of rows of the dataset that are no rows here.
    notes : tuple of str
        Columns that are missing throughout, and why.
    """

    expocode: str
    version: str
    doi: str
    flag: str
    about: Mapping[str, str]
    time: np.ndarray
    columns: Mapping[str, np.ndarray]
    left_out: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def taken(self, rows: np.ndarray) -> "Records":
        """Return some of the rows.

        Parameters
        ----------
        rows : ndarray of bool
            Which.

        Returns
        -------
        Records
            The others are counted nowhere.
        """
        columns = {name: values[rows] for name, values in self.columns.items()}
        return Records(
            self.expocode,
            self.version,
            self.doi,
            self.flag,
            self.about,
            self.time[rows],
            columns,
            self.left_out,
            self.notes,
        )

    def limits(self) -> dict[str, str]:
        """Return bounds and days as SOCAT prints them.

        Returns
        -------
        dict
            ``west`` and ``east`` such as ``"64.74W"``, ``south``, ``north``, ``start``
            and ``end``.
        """
        lon, lat = self.columns["longitude"], self.columns["latitude"]
        west, east = west_and_east(np.where(lon > 180, lon - 360, lon))
        days = self.time.astype("datetime64[D]")
        return {
            "west": f"{abs(west):.2f}{'W' if west < 0 else 'E'}",
            "east": f"{abs(east):.2f}{'W' if east < 0 else 'E'}",
            "south": f"{abs(lat.min()):.2f}{'S' if lat.min() < 0 else 'N'}",
            "north": f"{abs(lat.max()):.2f}{'S' if lat.max() < 0 else 'N'}",
            "start": str(days.min()),
            "end": str(days.max()),
        }


def records(ds: xr.Dataset, options: EnhancedOptions | None = None) -> Records:
    """Make the rows of an enhanced file from a dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset, as for an upload file: the same rows are taken.
    options : EnhancedOptions, optional
        Version, DOI, flag of the data set, files of fields.

    Returns
    -------
    Records
        Flags 3 and 4 and rows without fCO2rec included.

    Raises
    ------
    ProcessingError
        If required content is missing.
    ReadError
        If a file of a field is not one.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413,
       doi:10.5194/essd-8-383-2016.
    """
    how = options or EnhancedOptions()
    chosen = select(ds, include_air=False, include_bad=True)
    rows = chosen.rows
    columns = {
        "longitude": _rounded("longitude", chosen.longitude[rows] % 360),
        "latitude": _rounded("latitude", chosen.latitude[rows]),
    }
    for name, variable in MEASURED.items():
        columns[name] = _rounded(name, _values(ds, variable, rows))
    place = ds["time"].to_numpy()[rows], columns["latitude"], columns["longitude"]
    for name in ANCILLARY:
        values = _sampled(name, how, *place)
        if values is None:
            values = _values(ds, name, rows)
        columns[name] = _rounded(name, values)
    columns |= _recommended(columns, chosen.water_flag)
    empty = [name for name in ANCILLARY if not np.isfinite(columns[name]).any()]
    notes = (f"NaN, as nobody gave it: {', '.join(empty)}",) if empty else ()
    return Records(
        expocode=expocode_of(ds),
        version=how.version,
        doi=_plain(how.doi or ds.attrs.get("doi")),
        flag=how.flag or str(ds.attrs.get("suggested_flag") or "N"),
        about=_about(ds),
        time=chosen.time[rows],
        columns=columns,
        left_out=chosen.left_out,
        notes=notes,
    )


def _sampled(
    name: str,
    how: EnhancedOptions,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
) -> np.ndarray | None:
    """Take a field from the file that the user names, if any."""
    if name == "GVCO2" and how.gvco2 is not None:
        return interpolate_mbl(read_air(how.gvco2), time, latitude)
    files = {"WOA_SSS": (how.woa, "salinity"), "NCEP_SLP": (how.ncep, "pressure")}
    path, kind = files.get(name, (None, ""))
    if path is None:
        return None
    return open_field(path, kind).at(time, latitude, longitude)


def _values(ds: xr.Dataset, variable: str, rows: np.ndarray) -> np.ndarray:
    if variable not in ds.variables:
        return np.full(rows.size, np.nan)
    if variable in ANCILLARY:
        return np.asarray(ds[variable].to_numpy()[rows], dtype=np.float64)
    return usable_values(ds, variable)[0][rows]


_DECIMALS = {column.name: column.decimals for column in COLUMNS}


def _rounded(name: str, values: np.ndarray) -> np.ndarray:
    """Round to what is printed: the same number comes back from the file."""
    form = f"%.{_DECIMALS[name]}f"
    return np.array([float(form % value) for value in values.tolist()])


def _recommended(
    columns: Mapping[str, np.ndarray], flags: np.ndarray
) -> dict[str, np.ndarray]:
    given: dict[str, Any] = {
        argument: columns[name]
        for argument, name in (
            ("sst", "SST"),
            ("t_equ", "Tequ"),
            ("salinity", "sal"),
            ("woa_salinity", "WOA_SSS"),
            ("p_equ", "Pequ"),
            ("p_atm", "PPPP"),
            ("ncep_slp", "NCEP_SLP"),
            ("xco2_equ_dry", "xCO2water_equ_dry"),
            ("xco2_sst_dry", "xCO2water_SST_dry"),
            ("pco2_equ_wet", "pCO2water_equ_wet"),
            ("pco2_sst_wet", "pCO2water_SST_wet"),
            ("fco2_equ_wet", "fCO2water_equ_wet"),
            ("fco2_sst_wet", "fCO2water_SST_wet"),
        )
    }
    value, number = fco2rec(**given)
    return {
        "fCO2rec": _rounded("fCO2rec", value),
        "fCO2rec_src": np.asarray(number, dtype=np.int64),
        "fCO2rec_flag": np.where(number == 0, 9, flags).astype(np.int64),
    }


def _plain(value: object) -> str:
    return plain_text(value) if value else NOT_GIVEN


def _about(ds: xr.Dataset) -> dict[str, str]:
    said = {
        "name": ds.attrs.get("dataset_name"),
        "platform": ds.attrs.get("platform_name"),
        "investigators": ds.attrs.get("creator_name"),
        "reference": ds.attrs.get("references"),
    }
    return {name: _plain(value) for name, value in said.items()}


def synthesis_rows(one: Records) -> Records:
    """Take the rows that a synthesis file has."""
    if one.flag not in set("ABCD"):
        raise ProcessingError(
            f"{one.expocode}: a synthesis file has data sets with flag A to D; this one"
            f" has {one.flag!r} (option flag; platform file: [metadata] suggested_flag)"
        )
    good = one.columns["fCO2rec_flag"] == 2
    names = ("latitude", "longitude", "SST", "sal", "fCO2rec")
    kept = one.taken(good)
    # NaN is like itself here.
    values = [np.nan_to_num(kept.columns[name], nan=-9999.0) for name in names]
    keys = np.stack([kept.time.astype("int64").astype(np.float64), *values])
    first = np.zeros(kept.time.size, dtype=bool)
    first[np.unique(keys, axis=1, return_index=True)[1]] = True
    if not first.any():
        raise ProcessingError(f"{one.expocode}: no row with an fCO2rec of flag 2")
    return kept.taken(first)
