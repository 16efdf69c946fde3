"""The formulas of a flux, looked up by name before the computation."""

from dataclasses import dataclass
from typing import Any

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.physics import SCHMIDT_NUMBERS, SKIN_MODELS, SOLUBILITIES
from oceanco2.physics.parametrisations import resolve_transfer_velocity

ON_RANGE = ("flag", "warn", "nan", "raise")
SCHEMES = {
    "bulk": "0.24 k K0(SST) (fCO2_water - fCO2_air) (1 - ice)",
    "rapid": "0.24 k(T_skin) [K0(SST) fCO2_water - K0(T_skin, S_skin) fCO2_air]"
    " (1 - ice)",
}


@dataclass(frozen=True, slots=True)
class Model:
    """The formulas of a flux.

    Attributes
    ----------
    velocity, schmidt, solubility : Formula
        Entries of the registries of `oceanco2.physics`.
    scheme : str
        A key of `SCHEMES`.
    moments : str or None
        Assumed distribution of the wind.
    cool_skin : object
        Name, number or array.
    salty_skin : float
        Salinity difference [1].
    on_range : str
        One of `ON_RANGE`.
    """

    velocity: Any
    schmidt: Any
    solubility: Any
    scheme: str
    moments: str | None
    cool_skin: Any
    salty_skin: float
    on_range: str

    @classmethod
    def of(cls, parametrisation: Any, **options: Any) -> "Model":
        """Look up every name.

        Parameters
        ----------
        parametrisation : object
            As for `physics.transfer_velocity`.
        **options : Any
            The other fields, by name.

        Returns
        -------
        Model
            With entries instead of names.
        """
        _check_choice("scheme", options["scheme"], tuple(SCHEMES))
        _check_choice("on_range", options["on_range"], ON_RANGE)
        velocity = resolve_transfer_velocity(parametrisation)
        if velocity.inputs:
            needs = " and ".join(velocity.inputs)
            raise OptionError(
                f"transfer velocity {velocity.name!r} needs {needs}: compute it with"
                " physics.flux"
            )
        options["schmidt"] = SCHMIDT_NUMBERS[options["schmidt"]]
        options["solubility"] = SOLUBILITIES[options["solubility"]]
        if isinstance(options["cool_skin"], str):
            options["cool_skin"] = SKIN_MODELS[options["cool_skin"]]
        return cls(velocity=velocity, **options)

    @property
    def formulas(self) -> tuple[Any, ...]:
        """Return the formulas that have a published range.

        Returns
        -------
        tuple of Formula
            Transfer velocity, Schmidt number and solubility.
        """
        return (self.velocity, self.schmidt, self.solubility)

    @property
    def wind_moments(self) -> str:
        """Return the powers of the wind that the transfer velocity uses, as text.

        Returns
        -------
        str
            For metadata; `assemble` adds moments that the user provides.
        """
        if self.velocity.fitted_on_means:
            return "mean wind, as the formula wants it"
        if not set(self.velocity.moments) & {2, 3}:
            return "wind of the row, no powers needed"
        if self.moments == "rayleigh":
            return "powers of a Rayleigh distribution with the mean wind of the row"
        return (
            "wind of the row raised to the power: too low a transfer velocity if the"
            " winds are means over many hours (give wind_speed_squared or moments)"
        )


def _check_choice(option: str, value: Any, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        hint = did_you_mean(str(value), allowed)
        choices = ", ".join(repr(word) for word in allowed)
        raise OptionError(f"{option} must be one of {choices}, not {value!r}.{hint}")
