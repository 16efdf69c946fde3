"""Search all combinations of common methods, as sums of logarithms."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from oceanco2.forensics.columns import AIR, SOURCES, WATER, Columns
from oceanco2.forensics.recipes import ATM, Factors, Recipe, oddness, unit_factor
from oceanco2.forensics.scoring import Rounding, effective_number, loss, rounding
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


def standard_recipe(columns: Columns, target: str, source: str) -> Recipe:
    """Return the recipe of SOCAT for the name of the column."""
    names = standard_columns(columns, source)
    recipe = Recipe(source, pressure=names["pressure"])
    if (
        names["temperature"] not in columns.values
    ):  # without temperature neither vapour nor fugacity
        return recipe
    if source.startswith("xCO2"):
        water = "xH2O_atm" if "_atm_" in source else "xH2O_water"
        recipe = replace(
            recipe,
            dried=source.endswith("_wet") and water in columns.values,
            vapour="weiss_price_1980",
            vapour_temperature=names["temperature"],
            salinity=names["salinity"],
        )
    if target.startswith("fCO2") and not source.startswith("fCO2"):
        recipe = replace(
            recipe,
            fugacity="xco2" if source.startswith("xCO2") else "pco2",
            fugacity_temperature=names["temperature"],
        )
    both = {"T_equ", "SST"} <= set(columns.values)
    steps = both and "Tequ" in source and "_SST_" in target
    return replace(recipe, temperature_correction="takahashi_1993" if steps else "none")


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
            start for source in self._sources() for start in self._start_sums(source)
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


_SAMPLE = 900
#: Candidates that are computed exactly.
_MAX_CANDIDATES = 60
#: Difference in log-likelihood that distinguishes two recipes.
_MIN_DIFFERENCE = 4.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe and its fit on the sample."""

    recipe: Recipe
    misfit: float
    cost: float


def sample_of(columns: Columns, target: str, source: str) -> Columns:
    """Choose rows with source and result, evenly over the table."""
    complete = np.isfinite(columns.published[target]) & (columns.published[target] > 0)
    complete &= np.isfinite(columns.values[source])
    for name in ("SST", "T_equ", "P_equ"):
        needed = name == "SST" or "_atm_" not in source
        if name in columns.values and needed:
            usable = np.isfinite(columns.values[name])
            complete &= usable if (complete & usable).any() else True
    rows = np.flatnonzero(complete)
    sample = np.unique(np.linspace(0, max(rows.size - 1, 0), _SAMPLE).astype(int))
    return columns.select(rows[sample] if rows.size else rows)


def sources_of(columns: Columns, target: str) -> list[str]:
    """List the possible sources of a result, best first."""
    if target in AIR:
        return [AIR[target]] if AIR[target] in columns.values else []
    available = [s for s in SOURCES if s in columns.values and s != target]
    if WATER[target] == "SST":
        return available
    return [s for s in available if "Tequ" in s or s.startswith("xCO2")]


def search(columns: Columns, target: str, source: str) -> list[Candidate]:
    """Rank all recipes from one source."""
    published = columns.published[target]
    if published.size < 5:
        return []
    factors = Factors(columns)
    digits = rounding(columns, target, source)
    grid = Grid(columns, factors, target, source)

    def exact(recipe: Recipe) -> bool:
        return digits.scale(factors.result(recipe) / published - 1.0)[1]

    first = grid.best(digits.spread, 1)[0]
    scale, _ = digits.scale(factors.result(first) / published - 1.0)
    candidates = rank_recipes(
        columns, factors, target, grid.best(scale, _MAX_CANDIDATES), digits
    )
    if candidates and not exact(candidates[0].recipe):
        # A recipe that used the printed digits may rank below less precise ones.
        sharper = rank_recipes(
            columns, factors, target, grid.best(digits.result, _MAX_CANDIDATES), digits
        )
        if exact(sharper[0].recipe):
            return sharper
    return candidates


def rank_recipes(
    columns: Columns,
    factors: Factors,
    target: str,
    recipes: list[Recipe],
    digits: Rounding,
) -> list[Candidate]:
    """Compute recipes exactly and order them."""
    published = columns.published[target]
    ratios = [factors.result(r) / published - 1.0 for r in recipes]
    for recipe, ratio in list(zip(recipes, ratios, strict=True)):
        step = columns.steps.get(recipe.pressure, 0.0)
        with_offset = _with_pressure_offset(
            recipe, ratio, factors, published=published, step=step
        )
        if with_offset is not None:
            recipes = [*recipes, with_offset]
            ratios.append(factors.result(with_offset) / published - 1.0)
    table = np.array(ratios)
    finite = np.isfinite(table).all(axis=0)
    if finite.sum() < 5:
        return []
    table, spread = table[:, finite], digits.spread[finite]
    best = table[int(np.argmin(np.median(np.abs(table) / spread, axis=1)))]
    precision = digits.select(finite)
    scale, exact = precision.scale(best)
    # Rounding decides only if it alone explains the differences.
    independent = effective_number(best / scale, 200 if exact else 40)
    out = []
    for recipe, row in zip(recipes, table, strict=True):
        misfit = (
            float(loss(precision.without_offset(row, best) / scale).mean())
            * independent
        )
        standard = standard_columns(columns, recipe.source)
        cost = misfit + PENALTY * oddness(recipe, target, standard)
        out.append(Candidate(recipe, misfit, cost))
    return sorted(out, key=lambda c: c.cost)


def _with_pressure_offset(
    recipe: Recipe,
    ratio: np.ndarray,
    factors: Factors,
    *,
    published: np.ndarray,
    step: float,
) -> Recipe | None:
    """Add the constant pressure offset that fits best; None without one."""
    usable = recipe.source.startswith("xCO2") and recipe.units == "uatm"
    if not usable or recipe.pressure not in ("P_equ", "P_atm"):
        return None
    effect = pressure_effect(factors, recipe)
    offset = -float(np.nanmedian(ratio / effect))
    if not max(0.02, 2.5 * step) < abs(offset) < 60.0:
        return None
    # Repeated once, because the fugacity term changes as well.
    with_offset = replace(recipe, pressure_offset=offset)
    remaining = factors.result(with_offset) / published - 1.0
    offset -= float(np.nanmedian(remaining / effect))
    return replace(recipe, pressure_offset=round(offset, 4))


def indistinguishable(candidates: list[Candidate]) -> dict[str, list[Any]]:
    """List alternatives that the numbers do not distinguish from the best recipe."""
    first = candidates[0]
    chosen = asdict(first.recipe)
    out: dict[str, list[Any]] = {}
    for candidate in candidates[1:]:
        if candidate.misfit > first.misfit + _MIN_DIFFERENCE:
            continue
        parts = asdict(candidate.recipe)
        changed = [key for key in parts if parts[key] != chosen[key]]
        if len(changed) == 1 and changed[0] != "pressure_offset":
            out.setdefault(changed[0], []).append(parts[changed[0]])
    return out
