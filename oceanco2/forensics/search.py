"""Search all combinations of common methods on a sample of the rows."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from oceanco2.forensics.columns import AIR, SOURCES, WATER, Columns
from oceanco2.forensics.factors import Factors
from oceanco2.forensics.grid import PENALTY, Grid, pressure_effect, standard_columns
from oceanco2.forensics.recipes import Recipe, oddness
from oceanco2.forensics.scoring import Rounding, effective_number, loss, rounding

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
