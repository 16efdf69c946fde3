"""Recipe of a published result, and how unusual it is."""

from dataclasses import asdict, dataclass
from math import exp
from typing import Any

_STANDARD_ATMOSPHERE = "standard_atmosphere"
_MAX_ODDNESS = 6.0
_CORRECTION_ODDNESS = {"takahashi_1993": 0.0, "takahashi_2009": 1.0, "weiss_1982": 1.0}
_CORRECTION_ODDNESS |= {"none": 3.0, "humphreys_2024_enthalpy": 4.0}


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a result follows from printed columns.

    Attributes
    ----------
    source : str
        Source column.
    dried : bool
        Whether the mole fraction is first dried with the printed water vapour.
    pressure : str
        Column, ``"P_atm + 3"``, ``"standard_atmosphere"``, or ``"1013/P"`` where the
        value is divided by the pressure.
    vapour : str
        Water vapour formula, ``"none"``.
    vapour_temperature : str
        Column with its temperature of saturation.
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
        Correction to SST, or ``"none"``.
    pressure_offset : float
        Constant added to the printed pressure [hPa].
    units : str
        Units of the result: ``"uatm"``, ``"ubar"`` or ``"Pa"``.
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
        """Return the relevant parts.

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
        """Describe the recipe in one line.

        Returns
        -------
        str
            Text.
        """
        parts = [self.source + (", dried with its water vapour" if self.dried else "")]
        if self.source.startswith("xCO2"):
            parts.append(self._pressure_words())
        parts.append(self._fugacity_words())
        correction = self.temperature_correction
        parts.append(
            "no temperature correction"
            if correction == "none"
            else f"corrected to SST: {correction}"
        )
        if self.units != "uatm":
            parts.append(f"in {self.units}")
        return "; ".join(parts)

    def _pressure_words(self) -> str:
        if self.pressure == "1013/P":
            return "divided by pressure (1013 hPa / P)"
        pressure = self.pressure
        if self.pressure_offset:
            pressure += f" {self.pressure_offset:+.3f} hPa"
        if self.vapour == "none":
            return f"times {pressure} without water vapour"
        salinity = (
            "" if self.salinity == "salinity" else f", salinity {self.salinity:g}"
        )
        return (
            f"times ({pressure} - {self.vapour} at {self.vapour_temperature}{salinity})"
        )

    def _fugacity_words(self) -> str:
        if self.fugacity == "none":
            return "no fugacity term"
        options = {
            "xco2": "with (1 - x)^2",
            "pco2": "with (1 - pCO2)^2",
            "neglect": "without (1 - x)^2",
        }
        pressure = "" if self.virial_pressure == "measured" else ", at 1 atm"
        temperature = self.fugacity_temperature
        return f"fugacity {options[self.fugacity]}{pressure} at {temperature}"


def oddness(recipe: Recipe, target: str, standard: dict[str, Any]) -> float:
    """Measure how far a recipe is from what the column name implies."""
    count = 4.0 * (recipe.pressure_offset != 0) + 4.0 * (recipe.units != "uatm")
    wants_fugacity = target.startswith("fCO2")
    given_fugacity = recipe.source.startswith("fCO2")
    if not given_fugacity:
        count += 3.0 * (wants_fugacity != (recipe.fugacity != "none"))
    if recipe.fugacity != "none":
        count += 1.0 * (recipe.virial_pressure != "measured")
        count += 1.0 * (recipe.fugacity_temperature != standard["temperature"])
        count += {"xco2": 0.0, "neglect": 0.5, "pco2": 0.7}[recipe.fugacity]
    steps = "Tequ" in recipe.source and "_SST_" in target
    correction = recipe.temperature_correction
    if steps:
        count += _CORRECTION_ODDNESS.get(correction, 2.0)
    else:
        count += 3.0 * (correction != "none")
    count += _vapour_oddness(recipe, standard) if recipe.source[0] == "x" else 0.0
    # Deviations seldom come alone, so that each further one counts less.
    return _MAX_ODDNESS * (1.0 - exp(-count / _MAX_ODDNESS))


def _vapour_oddness(recipe: Recipe, standard: dict[str, Any]) -> float:
    count = 0.0
    if recipe.pressure != standard["pressure"]:
        others = {"P_atm + 3": 2.0, _STANDARD_ATMOSPHERE: 3.0, "1013/P": 5.0}
        count += others.get(recipe.pressure, 1.5)
    if recipe.vapour == "none":
        return count + 3.0
    count += {"weiss_price_1980": 0.0, "dickson_2007": 0.8}.get(recipe.vapour, 1.2)
    count += 2.0 * (recipe.vapour_temperature != standard["temperature"])
    if recipe.salinity != standard["salinity"]:
        count += 1.0 if recipe.salinity in (35.0, standard["salinity"]) else 1.6
    return count
