"""Columns of a SOCAT upload file: what is written and how it is recognised.

The table with the limits of the dashboard's checks is ``socat_upload.toml`` beside
this module; the rule of recognition is that of the upload dashboard
(NOAA-PMEL/SocatDashboard, April 2023, public domain).
"""

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

Limits = tuple[float, float]
_NONE: Limits = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that SOCAT recognises.

    Attributes
    ----------
    header : str
        What is written, unit included.
    type : str
        The dashboard's data type.
    variable : str
        Name on the dataset; empty where the column is made by the writer.
    decimals : int
        Digits behind the point.
    side : str
        ``"common"``, ``"water"`` or ``"air"``.
    error : tuple of float
        Values strictly outside are errors at upload.
    warn : tuple of float
        Values strictly outside are warnings at upload.
    """

    header: str
    type: str
    variable: str = ""
    decimals: int = 3
    side: str = "common"
    error: Limits = _NONE
    warn: Limits = _NONE

    @property
    def is_water_co2(self) -> bool:
        """Whether it is one of the columns that SOCAT needs at least one of.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of sea water.
        """
        return self.type[1:].startswith("CO2_water_")

    @property
    def is_air_co2(self) -> bool:
        """Whether it holds CO2 of the air.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of air.
        """
        return self.type[1:].startswith("CO2_atm_")


@cache
def _table() -> dict[str, Any]:
    text = (files("oceanco2.export") / "socat_upload.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def upload_columns() -> tuple[Column, ...]:
    """Return the columns that may be written, in order.

    Returns
    -------
    tuple of Column
        Every header is recognised by SOCAT as it stands.
    """
    made = []
    for entry in _table()["column"]:
        limits = {
            k: tuple(map(float, entry[k])) for k in entry.keys() & {"error", "warn"}
        }
        made.append(Column(**(entry | limits)))
    return tuple(made)


def missing_codes() -> tuple[str, ...]:
    """Return what the dashboard takes for a missing value unless told otherwise.

    Returns
    -------
    tuple of str
        Upper-case texts.
    """
    return tuple(_table()["missing"])


def track_limits() -> Mapping[str, float]:
    """Return the limits of the track checks at upload.

    Returns
    -------
    mapping of str to float
        Speeds [knots], time gaps [days], Earth radius [km], knots per km/h.
    """
    return _table()["track"]


def recognition_key(header: str) -> str:
    """Return the key by which the dashboard looks a column up.

    Parameters
    ----------
    header : str
        Name and unit as they stand in the file.

    Returns
    -------
    str
        What is left of the upper-cased text after keeping capital letters (Unicode
        class Lu) and the digits 0-9, in lower case.

    Examples
    --------
    >>> recognition_key("SST [°C]")
    'sstc'
    >>> recognition_key("fCO2_water_SST_wet [µatm]")
    'fco2watersstwetμatm'
    """
    return "".join(
        letter
        for letter in header.upper()
        if letter in "0123456789" or unicodedata.category(letter) == "Lu"
    ).lower()


def read_type_keys(text: str) -> dict[str, str]:
    r"""Read the dashboard's own table of recognised names.

    Parameters
    ----------
    text : str
        Content of ``DefaultTypeKeys.properties``: ``key=type,unit,missing``.

    Returns
    -------
    dict of str to str
        Key to type.

    Examples
    --------
    >>> read_type_keys("# names\nsst=temp,deg C,\n")
    {'sst': 'temp'}
    """
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if line and line[0] not in "#!")
    return {key.strip(): value.split(",")[0] for key, _, value in pairs}


@cache
def own_type_keys() -> dict[str, str]:
    """Return the keys of the columns that oceanco2 writes.

    Returns
    -------
    dict of str to str
        Key to type.
    """
    return {recognition_key(c.header): c.type for c in upload_columns()}
