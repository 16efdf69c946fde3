"""Names of a data set: expocode, kind of platform, ASCII text."""

import re
from datetime import date
from types import MappingProxyType

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.vocabulary import BAD


def check_expocode(expocode: str) -> str:
    """Check an expocode by the rule of SOCAT.

    Examples
    --------
    >>> check_expocode(" 33at20120417 ")
    '33AT20120417'
    """
    code = expocode.strip().upper()
    rule = "four characters of the platform and YYYYMMDD, for example 33AT20120417"
    if not 12 <= len(code) <= 14 or not re.fullmatch(r"[A-Z0-9-]+", code):
        raise ProcessingError(
            f"expocode {expocode!r} is not {rule}: it must have 12 to 14"
            " characters of A-Z, 0-9 and -"
        )
    start = 4 if code[4].isdigit() else 5
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})[A-Z0-9-]{0,2}", code[start:])
    try:
        if match is None:
            raise ValueError
        date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ProcessingError(
            f"expocode {expocode!r} is not {rule}: it contains no date"
        ) from None
    return code


def date_in(expocode: str) -> np.datetime64:
    """Return the day that an expocode names.

    Examples
    --------
    >>> str(date_in("33at20120417-2"))
    '2012-04-17'
    """
    code = check_expocode(expocode)
    start = 4 if code[4].isdigit() else 5
    year, month, day = code[start : start + 4], code[start + 4 :][:2], code[start + 6 :]
    return np.datetime64(f"{year}-{month}-{day[:2]}", "D")


#: Kind of platform and its type at SOCAT, which has three types only. Steered surface
#: vehicles count as drifters, as their platform codes (32DB) do.
SOCAT_TYPES = MappingProxyType(
    {
        "ship": "Ship",
        "mooring": "Mooring",
        "drifter": "Drifting Buoy",
        "surface_vehicle": "Drifting Buoy",
    }
)


def possible_times(ds: xr.Dataset) -> np.ndarray:
    """Return the times of a data set without those of a clock that was not set."""
    time = ds["time"].to_numpy()
    present = ~np.isnat(time)
    if "time_flag" in ds:
        possible = present & (ds["time_flag"].to_numpy() != BAD)
        present = possible if possible.any() else present
    return np.asarray(time[present])


def first_day(ds: xr.Dataset) -> str:
    """Return the day of the first row."""
    time = possible_times(ds)
    if time.size == 0:
        raise ProcessingError(
            "the dataset has no row with a time: there is nothing to write"
        )
    return str(time.min().astype("datetime64[D]")).replace("-", "")


def expocode_of(ds: xr.Dataset) -> str:
    """Return the expocode of a data set."""
    expocode = ds.attrs.get("expocode")
    if expocode:
        return check_expocode(str(expocode))
    code = ds.attrs.get("platform_code")
    if not code:
        raise ProcessingError(
            "no expocode: the dataset has neither the attribute 'expocode' nor"
            " 'platform_code' (platform file: platform_code, [metadata] expocode)"
        )
    return check_expocode(f"{code}{first_day(ds)}")
