"""Entries of the registries of formulas, and how a name is looked up."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from oceanco2.errors import (
    OptionError,
    RegistrationError,
    UnknownNameError,
    UnverifiedError,
    not_found,
)
from oceanco2.physics._engine.program import Check
from oceanco2.registry import Registry
from oceanco2.vocabulary import VARIABLES

#: Units of the arguments of formulas. Powers of the wind have none here: in xarray
#: the square of a wind keeps the attributes of the wind.
UNITS = {
    **dict.fromkeys(("temperature", "t_equ", "sst"), "degree_Celsius"),
    **dict.fromkeys(("temperature_from", "temperature_to"), "degree_Celsius"),
    **dict.fromkeys(("salinity", "woa_salinity", "ice"), "1"),
    **dict.fromkeys(("pressure", "p_equ", "virial_pressure"), "hPa"),
    **dict.fromkeys(("p_atm", "ncep_slp"), "hPa"),
    **dict.fromkeys(("xco2", "xco2_wet", "xco2_dry", "xco2_air"), "umol mol-1"),
    **dict.fromkeys(("xco2_equ_dry", "xco2_sst_dry"), "umol mol-1"),
    "xh2o": "mmol mol-1",
    **dict.fromkeys(("pco2", "fco2", "fco2_water", "fco2_air"), "uatm"),
    **dict.fromkeys(("pco2_equ_wet", "pco2_sst_wet"), "uatm"),
    **dict.fromkeys(("fco2_equ_wet", "fco2_sst_wet"), "uatm"),
    **dict.fromkeys(("wind_speed", "friction_velocity"), "m s-1"),
    **dict.fromkeys(("height", "wave_height"), "m"),
    "transfer_velocity": "cm h-1",
    "cool_skin": "K",
}


def air_pressure(position: int, argument: str = "pressure") -> Check:
    """Return the check that a pressure is one of air at the sea, in hPa."""
    low, high = VARIABLES["P_equ"].bounds
    return Check("air at the sea", argument, low, high, "hPa", position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """A published formula and its properties."""

    name: str
    long_name: str
    formula: Callable[..., Any] = field(repr=False)
    expression: str
    doi: str = ""
    no_doi: str = ""
    units: str = "1"
    valid: tuple[tuple[str, float, float], ...] = ()
    status: str = "required"
    note: str = ""
    relative_uncertainty: float | None = None

    def checks(self, **positions: int) -> tuple[Check, ...]:
        """Return the range checks for a program."""
        return tuple(
            Check(self.name, argument, low, high, UNITS[argument], positions[argument])
            for argument, low, high in self.valid
            if argument in positions
        )

    def outside(self, **values: Any) -> Any:
        """Return where values are outside the published range."""
        limits = {argument: (low, high) for argument, low, high in self.valid}
        mask: Any = False
        for argument, value in values.items():
            if argument not in limits:
                raise OptionError(f"{self.name!r} has no range of {argument!r}")
            low, high = limits[argument]
            array = value if hasattr(value, "dtype") else np.asarray(value)
            mask = mask | (array < low) | (array > high)
        return mask

    @property
    def valid_text(self) -> str:
        """Return the published range as text."""
        return ", ".join(
            f"{argument} {low:g}..{high:g} {UNITS[argument]}".removesuffix(" 1")
            for argument, low, high in self.valid
        )


F = TypeVar("F", bound=Formula)


class FormulaRegistry(Registry[F]):
    """A registry with short names, and with reserved names that raise a reason."""

    def __init__(
        self, kind: str, reserved: Mapping[str, str] | None = None, **found: Any
    ) -> None:
        super().__init__(kind, **found)
        self.reserved = dict(reserved or {})
        self.aliases: dict[str, str] = {}

    def add(self, name: str, entry: F, *aliases: str) -> None:
        """Add an entry; raise if it is incomplete, or a name is taken or reserved."""
        for alias in (name, *aliases):
            if alias in self.aliases or alias in self._entries:
                self.refuse(alias)
            if alias in self.reserved:
                raise RegistrationError(
                    f"{self.kind} {alias!r} is reserved: {self.reserved[alias]}"
                )
        self._check(entry)
        super().add(name, entry)
        self.aliases.update(dict.fromkeys(aliases, name))
        self._owners.update(dict.fromkeys(aliases, self._owner))

    def _check(self, entry: F) -> None:
        what = f"{self.kind} {entry.name!r}"
        if not (entry.no_doi or re.fullmatch(r"10\.\d{4,9}/\S+", entry.doi)):
            raise RegistrationError(
                f"{what} needs doi='10.1234/...', not {entry.doi!r}; a formula without"
                " a DOI needs no_doi, which says where it comes from"
            )
        share = entry.relative_uncertainty
        if share is not None and not 0.0 <= share < 1.0:
            raise RegistrationError(
                f"{what}: relative_uncertainty must be between 0 and 1, not {share!r}"
            )

    def __getitem__(self, name: str) -> F:
        """Return the entry of a long or short name."""
        if name in self.reserved:
            reason = self.reserved[name]
            raise UnverifiedError(f"{self.kind} {name!r} is not available: {reason}")
        self.load()
        name = self.aliases.get(name, name)
        if name not in self._entries:
            names = sorted([*self._entries, *self.aliases])
            raise UnknownNameError(not_found(self.kind, name, names))
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        """Return whether a long or short name is registered."""
        self.load()
        return name in self._entries or name in self.aliases

    def __iter__(self) -> Iterator[str]:
        """Iterate over long names in order of registration."""
        self.load()
        return iter(self._entries)
