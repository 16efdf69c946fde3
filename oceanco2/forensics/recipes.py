"""Recipes of a published result, how unusual each is, and their factors."""

from dataclasses import asdict, dataclass
from math import exp
from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns
from oceanco2.physics import (
    correct_to_temperature,
    dry_mole_fraction,
    fco2_from_pco2,
    water_vapour_pressure,
)
from oceanco2.units import HPA_PER_ATM

#: Relative change of fugacity with temperature [K-1], Takahashi et al. (1993).
PER_KELVIN = 0.0423
#: Largest error of a temperature that is named as an explanation [K].
_LARGEST_STEP = 5.0
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
            parts.append(self._pressure_text())
        parts.append(self._fugacity_text())
        correction = self.temperature_correction
        parts.append(
            "no temperature correction"
            if correction == "none"
            else f"corrected to SST: {correction}"
        )
        if self.units != "uatm":
            parts.append(f"in {self.units}")
        return "; ".join(parts)

    def _pressure_text(self) -> str:
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

    def _fugacity_text(self) -> str:
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
    starts_from_fugacity = recipe.source.startswith("fCO2")
    if not starts_from_fugacity:
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


ATM = HPA_PER_ATM
_UNITS = {"uatm": 1.0, "ubar": 1.01325, "Pa": 0.101325}


class Factors:
    """Factors of recipes on the rows of one table."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self._vapour_pressures: dict[Any, np.ndarray] = {}

    def column(self, name: str | float) -> np.ndarray | float:
        """Return an input."""
        return self.columns.values[name] if isinstance(name, str) else name

    def pressure(self, name: str) -> np.ndarray | float:
        """Return a pressure."""
        if name == "standard_atmosphere":
            return ATM
        if name == "P_atm + 3":
            return self.columns.values["P_atm"] + 3.0
        return self.columns.values["P_equ" if name == "1013/P" else name]

    def source(self, recipe: Recipe) -> np.ndarray:
        """Logarithm of the source of a recipe."""
        values = self.columns.values[recipe.source]
        if recipe.dried:
            water = "xH2O_atm" if "_atm_" in recipe.source else "xH2O_water"
            values = dry_mole_fraction(values, self.columns.values[water])
        return _log(values)

    def vapour(self, recipe: Recipe) -> np.ndarray | float:
        """Logarithm of pressure minus water vapour, in atm."""
        if not recipe.source.startswith("xCO2"):
            return 0.0
        pressure = self.pressure(recipe.pressure) + recipe.pressure_offset
        if recipe.pressure == "1013/P":
            return _log(1013.0 / pressure)
        if recipe.vapour == "none":
            return _log(pressure / ATM)
        key = (recipe.vapour, recipe.vapour_temperature, recipe.salinity)
        if key not in self._vapour_pressures:
            self._vapour_pressures[key] = water_vapour_pressure(
                self.column(recipe.vapour_temperature),
                self.column(recipe.salinity),
                recipe.vapour,
                on_range="ignore",
            )
        return _log((pressure - self._vapour_pressures[key]) / ATM)

    def fugacity(self, recipe: Recipe, pco2: np.ndarray) -> np.ndarray | float:
        """Logarithm of the fugacity coefficient."""
        if recipe.fugacity == "none":
            return 0.0
        pressure: Any = ATM
        if recipe.virial_pressure == "measured":
            pressure = self.pressure(recipe.pressure) + recipe.pressure_offset
        fraction = pco2
        if recipe.fugacity == "xco2" and recipe.source.startswith("xCO2"):
            fraction = self.columns.values[recipe.source]
        mole_fraction = "neglect" if recipe.fugacity == "neglect" else "xco2"
        temperature = self.column(recipe.fugacity_temperature)
        ones = np.ones(pco2.shape)
        return _log(
            fco2_from_pco2(
                ones,
                temperature,
                pressure,
                fraction,
                mole_fraction=mole_fraction,
                on_range="ignore",
            )
        )

    def step(self, recipe: Recipe, fco2: np.ndarray) -> np.ndarray | float:
        """Logarithm of the step from equilibrator to sea surface temperature."""
        if recipe.temperature_correction == "none":
            return 0.0
        values = self.columns.values
        corrected = correct_to_temperature(
            fco2,
            values["T_equ"],
            values["SST"],
            recipe.temperature_correction,
            salinity=values.get("salinity", 35.0),
            on_range="ignore",
        )
        return _log(corrected / fco2)

    def result(self, recipe: Recipe) -> np.ndarray:
        """Compute a recipe exactly."""
        pco2 = np.exp(self.source(recipe) + self.vapour(recipe))
        fco2 = pco2 * np.exp(self.fugacity(recipe, pco2))
        return fco2 * np.exp(self.step(recipe, fco2)) * _UNITS[recipe.units]


def missing_warming(computed: np.ndarray, published: np.ndarray) -> float | None:
    """Return the median warming that is missing; None if it has no sign or is large."""
    with np.errstate(invalid="ignore", divide="ignore"):
        missing = np.log(computed / published) / PER_KELVIN
    missing = missing[np.isfinite(missing)]
    if not missing.size:
        return None
    median = float(np.median(missing))
    of_one_sign = (np.sign(missing) == np.sign(median)).mean() >= 0.9
    return median if of_one_sign and abs(median) <= _LARGEST_STEP else None


def unit_factor(units: str) -> float:
    """Return the factor from uatm to units."""
    return _UNITS[units]


def _log(values: Any) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return np.log(np.where(array > 0.0, array, np.nan))
