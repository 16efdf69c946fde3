"""Stations of the ICOS ocean network: codes, call signs, categories, portal ids."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

from pydantic import Field

from oceanco2.errors import UnknownNameError, not_found
from oceanco2.platforms.settings import Table

_KINDS = {"31": "ship", "32": "ship", "3B": "surface_vehicle", "41": "mooring"}
_SOCAT = {"ship": "Ship", "surface_vehicle": "Ship", "mooring": "Mooring"}


class Station(Table):
    """One station of the network."""

    name: str
    platform_code: str | None = Field(default=None, pattern=r"^[A-Z0-9]{4}$")
    call_sign: str | None = None
    category: Literal["31", "32", "3B", "41"]
    id: str
    url: str = ""

    @property
    def kind(self) -> str:
        """Kind of platform, in the words of platform files.

        Returns
        -------
        str
            ``"ship"``, ``"mooring"`` or ``"surface_vehicle"``.
        """
        return _KINDS[self.category]

    @property
    def vessel_type(self) -> str:
        """Vessel type, in the words of SOCAT.

        Returns
        -------
        str
            One of SOCAT's three; a surface vehicle is a ship.
        """
        return _SOCAT[self.kind]


@lru_cache
def stations() -> tuple[Station, ...]:
    """List the stations of the ICOS ocean network.

    Returns
    -------
    tuple of Station
        18 stations in the order of the Ocean Thematic Centre.

    Examples
    --------
    >>> len(stations())
    18
    """
    text = (files("oceanco2.platforms") / "stations.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    base = table["base"]
    return tuple(Station(url=base + row["id"], **row) for row in table["stations"])


def station(word: str) -> Station:
    """Find a station by its id, name, call sign or code.

    Parameters
    ----------
    word : str
        Case does not matter; a platform code of two stations finds the first.

    Returns
    -------
    Station
        With its address at the Carbon Portal.

    Raises
    ------
    UnknownNameError
        If there is no such station.

    Examples
    --------
    >>> station("58G2").url
    'http://meta.icos-cp.eu/resources/stations/OS_GOSars'
    """
    for entry in stations():
        names = (entry.id, entry.name, entry.call_sign, entry.platform_code)
        if word.strip().lower() in {n.lower() for n in names if n}:
            return entry
    ids = [s.id for s in stations()]
    raise UnknownNameError(not_found("station", word, ids))
