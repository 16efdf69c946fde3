"""Logarithms of the factors of recipes, each computed once."""

from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.recipes import Recipe
from oceanco2.physics import (
    correct_to_temperature,
    dry_mole_fraction,
    fco2_from_pco2,
    water_vapour_pressure,
)

ATM = 1013.25
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


def unit_factor(units: str) -> float:
    """Return the factor from uatm to units."""
    return _UNITS[units]


def _log(values: Any) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return np.log(np.where(array > 0.0, array, np.nan))
