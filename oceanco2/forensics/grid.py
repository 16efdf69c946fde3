"""All combinations of common methods, as sums of logarithms."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.factors import ATM, Factors, unit_factor
from oceanco2.forensics.recipes import Recipe, oddness
from oceanco2.forensics.scoring import loss
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR

#: Gain in log-likelihood required per step away from the standard recipe.
PENALTY = 3.0
#: Step of rows of the sample for medians.
_MEDIAN_STEP = 9


def standard_columns(columns: Columns, source: str) -> dict[str, Any]:
    """Name the columns that the standard recipe uses."""
    is_air = "_atm_" in source
    pressures = ("P_atm", "P_equ") if is_air else ("P_equ", "P_atm")
    available = [p for p in pressures if p in columns.values]
    at_equ = "Tequ" in source and "T_equ" in columns.values
    return {
        "pressure": available[0] if available else "standard_atmosphere",
        "temperature": "T_equ" if at_equ else "SST",
        "salinity": "salinity" if "salinity" in columns.values else 35.0,
    }


def _pressures(columns: Columns, source: str) -> list[str]:
    available: list[str] = [p for p in ("P_equ", "P_atm") if p in columns.values]
    if {"P_equ", "P_atm"} <= set(available):
        p_equ, p_atm = columns.values["P_equ"], columns.values["P_atm"]
        if np.array_equal(p_equ, p_atm, equal_nan=True):
            available = [standard_columns(columns, source)["pressure"]]
    if "P_atm" in available and "_atm_" not in source:
        available.append("P_atm + 3")
    return [*available, "standard_atmosphere"]


def _vapours(columns: Columns, source: str, start: Recipe) -> Iterator[Recipe]:
    """Yield every recipe from the source to the partial pressure."""
    if not source.startswith("xCO2"):
        for pressure in _pressures(columns, source):
            yield replace(start, pressure=pressure)
        return
    temperatures = [t for t in ("T_equ", "SST", "T_atm") if t in columns.values]
    if "_atm_" not in source:
        temperatures = [t for t in temperatures if t != "T_atm"]
    salinities: list[str | float] = [35.0, 0.0]
    if "salinity" in columns.values:
        salinities.insert(0, "salinity")
    for pressure in _pressures(columns, source):
        with_pressure = replace(start, pressure=pressure)
        yield with_pressure
        for formula, t, s in product(WATER_VAPOUR, temperatures, salinities):
            yield replace(
                with_pressure, vapour=formula, vapour_temperature=t, salinity=s
            )
    if "P_equ" in columns.values:
        yield replace(start, pressure="1013/P")


def _fugacities(columns: Columns, source: str, start: Recipe) -> Iterator[Recipe]:
    yield start
    if source.startswith("fCO2"):
        return
    options = (
        ("xco2", "pco2", "neglect")
        if source.startswith("xCO2")
        else (
            "pco2",
            "neglect",
        )
    )
    temperatures = [t for t in ("T_equ", "SST", "T_atm") if t in columns.values]
    temperatures = [t for t in temperatures if t != "T_atm" or "_atm_" in source]
    for option, pressure, t in product(
        options, ("measured", "standard_atmosphere"), temperatures
    ):
        yield replace(
            start, fugacity=option, virial_pressure=pressure, fugacity_temperature=t
        )


def _temperature_corrections(columns: Columns, source: str) -> list[str]:
    if "Tequ" not in source or not {"T_equ", "SST"} <= set(columns.values):
        return ["none"]
    return list(TEMPERATURE_CORRECTIONS)


class Grid:
    """Sums of logarithms for all combinations."""

    def __init__(
        self, columns: Columns, factors: Factors, target: str, source: str
    ) -> None:
        self.columns, self.factors = columns, factors
        self.target, self.source = target, source
        self.standard = standard_columns(columns, source)
        self.published = np.log(columns.published[target])
        #: For each partial pressure: recipe, logarithm, and possible continuations.
        self.starts = [
            way for start in self._sources() for way in self._start_sums(start)
        ]

    def _start_sums(
        self, start: Recipe
    ) -> Iterator[tuple[Recipe, np.ndarray, tuple[list[Recipe], np.ndarray]]]:
        ln_source = self.factors.source(start)
        ends = _continuations(
            self.columns, self.factors, self.source, start, np.exp(ln_source)
        )
        for recipe in _vapours(self.columns, self.source, start):
            yield recipe, ln_source + self.factors.vapour(recipe), ends[recipe.pressure]

    def _sources(self) -> list[Recipe]:
        wet = self.source.startswith("xCO2") and self.source.endswith("_wet")
        water = "xH2O_atm" if "_atm_" in self.source else "xH2O_water"
        dryings = (False, True) if wet and water in self.columns.values else (False,)
        return [Recipe(self.source, dried=dried) for dried in dryings]

    def best(self, scale: np.ndarray, number: int) -> list[Recipe]:
        """Return the best recipes, and the best ones with a pressure offset."""
        candidates: list[tuple[float, Recipe]] = []
        shifted: list[tuple[float, Recipe]] = []
        for recipe, ln_pco2, (recipes, sums) in self.starts:
            difference = sums + (ln_pco2 - self.published)
            for units in ("uatm", "ubar", "Pa"):
                ratio = (difference + np.log(unit_factor(units))) / scale
                candidates += self._cheapest(ratio, recipe, recipes, units)
            if number > 1 and recipe.pressure in ("P_equ", "P_atm"):
                ratio = self._shifted(difference, recipe) / scale
                shifted += self._cheapest(ratio, recipe, recipes, "uatm")
        best = [recipe for _, recipe in sorted(candidates, key=_cost_of)[:number]]
        best += [recipe for _, recipe in sorted(shifted, key=_cost_of)[:number]]
        return list(dict.fromkeys(best))

    def _shifted(self, difference: np.ndarray, recipe: Recipe) -> np.ndarray:
        """Subtract the effect of the pressure offset that fits best."""
        effect = pressure_effect(self.factors, recipe)
        if np.ndim(effect) == 0:
            effect = np.full(difference.shape[1], effect)
        some = slice(None, None, _MEDIAN_STEP)
        offset = np.nanmedian(difference[:, some] / effect[some], axis=1)
        return difference - offset[:, None] * effect

    def _cheapest(
        self, ratio: np.ndarray, begin: Recipe, ends: list[Recipe], units: str
    ) -> list[tuple[float, Recipe]]:
        """Cost of the twelve recipes that fit best."""
        misfit = np.nanmean(loss(ratio), axis=1) * min(ratio.shape[1], 200)
        out = []
        for i in np.argsort(misfit)[:12]:
            recipe = _combine(begin, ends[i], units)
            penalty = PENALTY * oddness(recipe, self.target, self.standard)
            out.append((float(misfit[i]) + penalty, recipe))
        return out


def pressure_effect(factors: Factors, recipe: Recipe) -> Any:
    """Relative effect of one hPa."""
    return np.exp(-factors.vapour(recipe)) / ATM


def _cost_of(pair: tuple[float, Recipe]) -> float:
    return pair[0]


def _combine(begin: Recipe, end: Recipe, units: str) -> Recipe:
    # Without mole fraction and virial term the pressure is not used.
    uses_pressure = begin.source.startswith("xCO2") or (
        end.fugacity != "none" and end.virial_pressure == "measured"
    )
    return replace(
        begin,
        pressure=begin.pressure if uses_pressure else "",
        fugacity=end.fugacity,
        virial_pressure=end.virial_pressure,
        fugacity_temperature=end.fugacity_temperature,
        temperature_correction=end.temperature_correction,
        units=units,
    )


def _continuations(
    columns: Columns,
    factors: Factors,
    source: str,
    start: Recipe,
    values: np.ndarray,
) -> dict[str, tuple[list[Recipe], np.ndarray]]:
    """Fugacity terms and temperature corrections for each pressure, one row each."""
    corrections = _temperature_corrections(columns, source)
    steps = [
        np.broadcast_to(
            factors.step(replace(start, temperature_correction=correction), values),
            values.shape,
        )
        for correction in corrections
    ]
    out = {}
    names = [*_pressures(columns, source), "1013/P"]
    if "P_equ" not in columns.values:
        names.remove("1013/P")
    for name in names:
        recipes, sums = [], []
        for end in _fugacities(columns, source, replace(start, pressure=name)):
            fugacity = factors.fugacity(end, values)
            for correction, step in zip(corrections, steps, strict=True):
                recipes.append(replace(end, temperature_correction=correction))
                sums.append(fugacity + step)
        out[name] = recipes, np.array(sums)
    return out
