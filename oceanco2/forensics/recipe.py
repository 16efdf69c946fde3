"""One way of computing a published result, and how unusual it is."""

from dataclasses import asdict, dataclass
from math import exp
from typing import Any

_STANDARD = "standard_atmosphere"
_MOST = 6.0
_LAWS = {"takahashi_1993": 0.0, "takahashi_2009": 1.0, "weiss_1982": 1.0}
_LAWS |= {"none": 3.0, "humphreys_2024_enthalpy": 4.0}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a result follows from printed columns.

    Attributes
    ----------
    source : str
        Column that it starts from.
    dried : bool
        Whether the mole fraction is first dried by the water printed with it.
    pressure : str
        Column, ``"P_atm + 3"``, ``"standard_atmosphere"``, or ``"1013/P"`` where the
        value is divided by the pressure.
    vapour : str
        Water vapour formula, ``"none"``.
    vapour_temperature : str
        Column at which it is saturated.
    salinity : str or float
        Column, or the constant that was assumed.
    fugacity : str
        Mole fraction in the virial term: ``"xco2"``, ``"pco2"``, ``"neglect"``;
        ``"none"`` without that term (a partial pressure).
    virial_pressure : str
        ``"measured"`` or ``"standard_atmosphere"``.
    fugacity_temperature : str
        Column; SST where fugacity comes after the temperature step.
    temperature_correction : str
        Law of the step to SST, ``"none"``.
    pressure_offset : float
        Constant that the pressure is above the printed one [hPa].
    units : str
        What the result is in: ``"uatm"``, ``"ubar"`` or ``"Pa"``.
    """

    source: str
    dried: bool = False
    pressure: str = ""
    vapour: str = "none"
    vapour_temperature: str = ""
    salinity: str | float = ""
    fugacity: str = "none"
    virial_pressure: str = "measured"
    fugacity_temperature: str = ""
    temperature_correction: str = "none"
    pressure_offset: float = 0.0
    units: str = "uatm"

    def to_dict(self) -> dict[str, Any]:
        """Return the parts that mean something.

        Returns
        -------
        dict
            Ready for JSON.
        """
        parts = asdict(self)
        if self.vapour == "none":
            parts |= {"vapour_temperature": "", "salinity": ""}
        if self.fugacity == "none":
            parts |= {"virial_pressure": "", "fugacity_temperature": ""}
        kept = ("vapour", "fugacity", "temperature_correction")
        return {k: v for k, v in parts.items() if v or k in kept}

    def words(self) -> str:
        """Say the recipe in one line.

        Returns
        -------
        str
            For people.
        """
        said = [self.source + (", dried by its water" if self.dried else "")]
        if self.source.startswith("xCO2"):
            said.append(self._pressure_words())
        said.append(self._fugacity_words())
        law = self.temperature_correction
        said.append("no temperature step" if law == "none" else f"step to SST: {law}")
        if self.units != "uatm":
            said.append(f"in {self.units}")
        return "; ".join(said)

    def _pressure_words(self) -> str:
        if self.pressure == "1013/P":
            return "divided by pressure (1013 hPa / P)"
        at = self.pressure
        if self.pressure_offset:
            at += f" {self.pressure_offset:+.3f} hPa"
        if self.vapour == "none":
            return f"times {at} without water vapour"
        salt = "" if self.salinity == "salinity" else f", salinity {self.salinity:g}"
        return f"times ({at} - {self.vapour} at {self.vapour_temperature}{salt})"

    def _fugacity_words(self) -> str:
        if self.fugacity == "none":
            return "no fugacity term"
        ways = {
            "xco2": "with (1 - x)^2",
            "pco2": "with (1 - pCO2)^2",
            "neglect": "without (1 - x)^2",
        }
        at = "" if self.virial_pressure == "measured" else ", at 1 atm"
        return f"fugacity {ways[self.fugacity]}{at} at {self.fugacity_temperature}"


def unusual(recipe: Recipe, target: str, usual: dict[str, Any]) -> float:
    """Count how far a recipe is from what the name of the column promises."""
    count = 4.0 * (recipe.pressure_offset != 0) + 4.0 * (recipe.units != "uatm")
    wants_fugacity = target.startswith("fCO2")
    given_fugacity = recipe.source.startswith("fCO2")
    if not given_fugacity:
        count += 3.0 * (wants_fugacity != (recipe.fugacity != "none"))
    if recipe.fugacity != "none":
        count += 1.0 * (recipe.virial_pressure != "measured")
        count += 1.0 * (recipe.fugacity_temperature != usual["temperature"])
        count += {"xco2": 0.0, "neglect": 0.5, "pco2": 0.7}[recipe.fugacity]
    steps = "Tequ" in recipe.source and "_SST_" in target
    law = recipe.temperature_correction
    if steps:
        count += _LAWS.get(law, 2.0)
    else:
        count += 3.0 * (law != "none")
    count += _vapour_count(recipe, usual) if recipe.source[0] == "x" else 0.0
    # Oddities seldom come alone: the tenth is no surprise after nine.
    return _MOST * (1.0 - exp(-count / _MOST))


def _vapour_count(recipe: Recipe, usual: dict[str, Any]) -> float:
    count = 0.0
    if recipe.pressure != usual["pressure"]:
        others = {"P_atm + 3": 2.0, _STANDARD: 3.0, "1013/P": 5.0}
        count += others.get(recipe.pressure, 1.5)
    if recipe.vapour == "none":
        return count + 3.0
    count += {"weiss_price_1980": 0.0, "dickson_2007": 0.8}.get(recipe.vapour, 1.2)
    count += 2.0 * (recipe.vapour_temperature != usual["temperature"])
    if recipe.salinity != usual["salinity"]:
        count += 1.0 if recipe.salinity in (35.0, usual["salinity"]) else 1.6
    return count
