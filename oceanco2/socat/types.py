"""CheckedColumn names and types that the dashboard recognises, with units and limits.

The tables are in ``tables/`` beside this module; the rule of recognition is that of
the upload dashboard (NOAA-PMEL/SocatDashboard, April 2023, public domain).
"""

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

Limits = tuple[float, float]
_NONE: Limits = (-math.inf, math.inf)

#: Type of a column whose name is not recognised; a data set with one is not checked.
UNKNOWN = "(unknown)"
#: Type of a column that is kept but not checked.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class DataType:
    """A type that a column may have."""

    name: str
    display: str
    description: str
    kind: str
    units: tuple[str, ...] = ()
    error: Limits = _NONE
    warn: Limits = _NONE
    critical: bool = False
    roles: frozenset[str] = frozenset()

    @property
    def is_water_co2(self) -> bool:
        """Whether this is CO2 in sea water, of which a data set needs one column."""
        return "user" in self.roles and self.name[1:].startswith("CO2_water_")


def read_table(name: str) -> dict[str, Any]:
    """Read one of the tables of this package."""
    text = (files("oceanco2.socat") / "tables" / name).read_text("utf-8")
    return tomllib.loads(text)


@cache
def rules() -> Mapping[str, Any]:
    """Return the constants of the checks."""
    return MappingProxyType(read_table("rules.toml"))


@cache
def data_types() -> Mapping[str, DataType]:
    """Return every data type of the dashboard."""
    types = {}
    for name, entry in read_table("types.toml").items():
        error, warn = (tuple(map(float, entry.get(k, _NONE))) for k in _LIMITS)
        types[name] = DataType(
            name=name,
            display=entry["display"],
            description=entry["description"],
            kind=entry["class"],
            units=tuple(entry.get("units", ())),
            error=(error[0], error[1]),
            warn=(warn[0], warn[1]),
            critical=entry.get("critical", False),
            roles=frozenset(entry["roles"]),
        )
    return MappingProxyType(types)


_LIMITS = ("error", "warn")


@cache
def recognised() -> Mapping[str, tuple[str, str]]:
    """Map recognition keys to type and unit."""
    return MappingProxyType(
        {
            key: (entry["type"], entry["unit"])
            for entry in read_table("names.toml")["recognised"]
            for key in entry["keys"].split()
        }
    )


def type_of(header: str) -> str:
    """Return the type of a column by its name.

    Examples
    --------
    >>> type_of("SST [deg C]"), type_of("T_atm"), type_of("T_atm [deg C]")
    ('temp', 'Temperature_atm', '(unknown)')
    """
    return recognised().get(recognition_key(header), (UNKNOWN, ""))[0]


def recognition_key(header: str) -> str:
    """Return the key by which the dashboard recognises a column name.

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


def missing_codes() -> tuple[str, ...]:
    """Return the codes that mean a missing value by default."""
    return tuple(rules()["missing"])


def track_limits() -> Mapping[str, float]:
    """Return the limits of the track checks at upload."""
    return rules()["track"]
