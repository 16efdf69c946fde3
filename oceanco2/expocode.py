"""Names of a data set: expocode, kind of platform, ASCII text."""

import unicodedata
from types import MappingProxyType

import numpy as np
import xarray as xr

from oceanco2.dashboard.expocode import check_expocode
from oceanco2.errors import ProcessingError

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
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "ı": "i",
        "µ": "u",
        "μ": "u",
        "°": " deg",
        "–": "-",
        "—": "-",
        "−": "-",
        "‘": "'",
        "’": "'",
        "“": "'",
        "”": "'",
        '"': "'",
    }
)


def plain_text(text: object) -> str:
    """Transliterate text to one line of ASCII without double quotes.

    Examples
    --------
    >>> plain_text("Gérard  Ørsted-Łęcki")
    'Gerard Orsted-Lecki'
    """
    letters = unicodedata.normalize("NFKD", str(text).translate(_LETTERS))
    without_accents = "".join(c for c in letters if not unicodedata.combining(c))
    ascii_only = without_accents.encode("ascii", "replace").decode("ascii")
    return " ".join("".join(c if c.isprintable() else " " for c in ascii_only).split())


def first_day(ds: xr.Dataset) -> str:
    """Return the day of the first row."""
    time = ds["time"].to_numpy()
    time = time[~np.isnat(time)]
    if time.size == 0:
        raise ProcessingError(
            "the dataset has no row with a time: there is nothing to write"
        )
    return str(time.min().astype("datetime64[D]")).replace("-", "")


def expocode_of(ds: xr.Dataset) -> str:
    """Return the expocode of a data set.

    Parameters
    ----------
    ds : xarray.Dataset
        With the global attribute ``expocode``, or else ``platform_code``.

    Returns
    -------
    str
        The given one after a check, or the platform code and the first day.

    Raises
    ------
    ProcessingError
        If neither is given, or the expocode is not valid.
    """
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
