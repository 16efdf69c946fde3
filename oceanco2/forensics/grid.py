"""All combinations of the field's habits, as sums of logarithms."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.factors import ATM, Factors, unit_factor
from oceanco2.forensics.recipe import Recipe, unusual
from oceanco2.forensics.scoring import loss
from oceanco2.physics import TEMPERATURE_CORRECTIONS, WATER_VAPOUR

#: What one step away from the usual recipe must gain in log-likelihood.
PRICE = 3.0
#: Rows of the sample that a median skips.
_THIN = 9


def usual_of(columns: Columns, source: str) -> dict[str, Any]:
    """Name the columns that the usual recipe takes."""
    air = "_atm_" in source
    pressures = ("P_atm", "P_equ") if air else ("P_equ", "P_atm")
    there = [p for p in pressures if p in columns.values]
    at_equ = "Tequ" in source and "T_equ" in columns.values
    return {
        "pressure": there[0] if there else "standard_atmosphere",
        "temperature": "T_equ" if at_equ else "SST",
        "salinity": "salinity" if "salinity" in columns.values else 35.0,
    }


def _pressures(columns: Columns, source: str) -> list[str]:
    there: list[str] = [p for p in ("P_equ", "P_atm") if p in columns.values]
    if {"P_equ", "P_atm"} <= set(there):
        one, other = columns.values["P_equ"], columns.values["P_atm"]
        if np.array_equal(one, other, equal_nan=True):
            there = [usual_of(columns, source)["pressure"]]
    if "P_atm" in there and "_atm_" not in source:
        there.append("P_atm + 3")
    return [*there, "standard_atmosphere"]


def _vapours(columns: Columns, source: str, start: Recipe) -> Iterator[Recipe]:
    """Every way to the partial pressure."""
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
        at = replace(start, pressure=pressure)
        yield at
        for formula, t, s in product(WATER_VAPOUR, temperatures, salinities):
            yield replace(at, vapour=formula, vapour_temperature=t, salinity=s)
    if "P_equ" in columns.values:
        yield replace(start, pressure="1013/P")


def _fugacities(columns: Columns, source: str, start: Recipe) -> Iterator[Recipe]:
    yield start
    if source.startswith("fCO2"):
        return
    ways = (
        ("xco2", "pco2", "neglect")
        if source.startswith("xCO2")
        else (
            "pco2",
            "neglect",
        )
    )
    at = [t for t in ("T_equ", "SST", "T_atm") if t in columns.values]
    at = [t for t in at if t != "T_atm" or "_atm_" in source]
    for way, pressure, t in product(ways, ("measured", "standard_atmosphere"), at):
        yield replace(
            start, fugacity=way, virial_pressure=pressure, fugacity_temperature=t
        )


def _laws(columns: Columns, source: str) -> list[str]:
    if "Tequ" not in source or not {"T_equ", "SST"} <= set(columns.values):
        return ["none"]
    return list(TEMPERATURE_CORRECTIONS)


class Grid:
    """Logarithms of all combinations, added up."""

    def __init__(
        self, columns: Columns, factors: Factors, target: str, source: str
    ) -> None:
        self.columns, self.factors = columns, factors
        self.target, self.source = target, source
        self.usual = usual_of(columns, source)
        self.published = np.log(columns.published[target])
        #: For each way to a partial pressure: it, what it makes, and how it goes on.
        self.ways = [way for start in self._starts() for way in self._ways(start)]

    def _ways(
        self, start: Recipe
    ) -> Iterator[tuple[Recipe, np.ndarray, tuple[list[Recipe], np.ndarray]]]:
        ln_source = self.factors.source(start)
        ends = _ends(self.columns, self.factors, self.source, start, np.exp(ln_source))
        for recipe in _vapours(self.columns, self.source, start):
            yield recipe, ln_source + self.factors.vapour(recipe), ends[recipe.pressure]

    def _starts(self) -> list[Recipe]:
        wet = self.source.startswith("xCO2") and self.source.endswith("_wet")
        water = "xH2O_atm" if "_atm_" in self.source else "xH2O_water"
        dryings = (False, True) if wet and water in self.columns.values else (False,)
        return [Recipe(self.source, dried=dried) for dried in dryings]

    def best(self, scale: np.ndarray, number: int) -> list[Recipe]:
        """Return the cheapest recipes, half of them but for a pressure offset."""
        plain: list[tuple[float, Recipe]] = []
        shifted: list[tuple[float, Recipe]] = []
        for recipe, ln_pco2, (recipes, sums) in self.ways:
            apart = sums + (ln_pco2 - self.published)
            for units in ("uatm", "ubar", "Pa"):
                ratio = (apart + np.log(unit_factor(units))) / scale
                plain += self._cheapest(ratio, recipe, recipes, units)
            if number > 1 and recipe.pressure in ("P_equ", "P_atm"):
                ratio = self._shifted(apart, recipe) / scale
                shifted += self._cheapest(ratio, recipe, recipes, "uatm")
        found = [recipe for _, recipe in sorted(plain, key=_first)[:number]]
        found += [recipe for _, recipe in sorted(shifted, key=_first)[:number]]
        return list(dict.fromkeys(found))

    def _shifted(self, apart: np.ndarray, recipe: Recipe) -> np.ndarray:
        """Take off what the pressure offset that fits best would make."""
        effect = pressure_effect(self.factors, recipe)
        if np.ndim(effect) == 0:
            effect = np.full(apart.shape[1], effect)
        some = slice(None, None, _THIN)
        offset = np.nanmedian(apart[:, some] / effect[some], axis=1)
        return apart - offset[:, None] * effect

    def _cheapest(
        self, ratio: np.ndarray, begin: Recipe, ends: list[Recipe], units: str
    ) -> list[tuple[float, Recipe]]:
        """Price the dozen recipes that fit best."""
        misfit = np.nanmean(loss(ratio), axis=1) * min(ratio.shape[1], 200)
        out = []
        for i in np.argsort(misfit)[:12]:
            recipe = _joined(begin, ends[i], units)
            price = PRICE * unusual(recipe, self.target, self.usual)
            out.append((float(misfit[i]) + price, recipe))
        return out


def pressure_effect(factors: Factors, recipe: Recipe) -> Any:
    """Relative effect of one hPa."""
    return np.exp(-factors.vapour(recipe)) / ATM


def _first(pair: tuple[float, Recipe]) -> float:
    return pair[0]


def _joined(begin: Recipe, end: Recipe, units: str) -> Recipe:
    # Without mole fraction and without virial term no pressure enters.
    enters = begin.source.startswith("xCO2") or (
        end.fugacity != "none" and end.virial_pressure == "measured"
    )
    return replace(
        begin,
        pressure=begin.pressure if enters else "",
        fugacity=end.fugacity,
        virial_pressure=end.virial_pressure,
        fugacity_temperature=end.fugacity_temperature,
        temperature_correction=end.temperature_correction,
        units=units,
    )


def _ends(
    columns: Columns,
    factors: Factors,
    source: str,
    start: Recipe,
    plain: np.ndarray,
) -> dict[str, tuple[list[Recipe], np.ndarray]]:
    """Fugacity terms and temperature steps for each pressure, one row each."""
    laws = _laws(columns, source)
    steps = [
        np.broadcast_to(
            factors.step(replace(start, temperature_correction=law), plain),
            plain.shape,
        )
        for law in laws
    ]
    out = {}
    names = [*_pressures(columns, source), "1013/P"]
    if "P_equ" not in columns.values:
        names.remove("1013/P")
    for name in names:
        recipes, sums = [], []
        for end in _fugacities(columns, source, replace(start, pressure=name)):
            fugacity = factors.fugacity(end, plain)
            for law, step in zip(laws, steps, strict=True):
                recipes.append(replace(end, temperature_correction=law))
                sums.append(fugacity + step)
        out[name] = recipes, np.array(sums)
    return out
