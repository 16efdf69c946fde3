"""Every combination of the field's habits, tried on a sample of the rows."""

from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from oceanco2.forensics.columns import AIR, SOURCES, WATER, Columns
from oceanco2.forensics.factors import Factors
from oceanco2.forensics.grid import PRICE, Grid, pressure_effect, usual_of
from oceanco2.forensics.recipe import Recipe, unusual
from oceanco2.forensics.scoring import Rounding, effective, loss, rounding

_SAMPLE = 900
#: Candidates that are computed exactly.
_FINALISTS = 60
#: Difference in log-likelihood that tells two recipes apart.
_APART = 4.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe and how it does on the sample."""

    recipe: Recipe
    misfit: float
    cost: float


def sample_of(columns: Columns, target: str, source: str) -> Columns:
    """Take rows that have both, evenly over the table."""
    there = np.isfinite(columns.published[target]) & (columns.published[target] > 0)
    there &= np.isfinite(columns.values[source])
    for name in ("SST", "T_equ", "P_equ"):
        needed = name == "SST" or "_atm_" not in source
        if name in columns.values and needed:
            usable = np.isfinite(columns.values[name])
            there &= usable if (there & usable).any() else True
    rows = np.flatnonzero(there)
    keep = np.unique(np.linspace(0, max(rows.size - 1, 0), _SAMPLE).astype(int))
    return columns.at(rows[keep] if rows.size else rows)


def sources_of(columns: Columns, target: str) -> list[str]:
    """List what a result could have been computed from, best first."""
    if target in AIR:
        return [AIR[target]] if AIR[target] in columns.values else []
    mine = [s for s in SOURCES if s in columns.values and s != target]
    if WATER[target] == "SST":
        return mine
    return [s for s in mine if "Tequ" in s or s.startswith("xCO2")]


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
    found = ranked(columns, factors, target, grid.best(scale, _FINALISTS), digits)
    if found and not exact(found[0].recipe):
        # One that was computed from the printed digits hides among blurred ones.
        again = ranked(
            columns, factors, target, grid.best(digits.result, _FINALISTS), digits
        )
        if exact(again[0].recipe):
            return again
    return found


def ranked(
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
        moved = _moved(recipe, ratio, factors, (published, step))
        if moved is not None:
            recipes = [*recipes, moved]
            ratios.append(factors.result(moved) / published - 1.0)
    table = np.array(ratios)
    fine = np.isfinite(table).all(axis=0)
    if fine.sum() < 5:
        return []
    table, spread = table[:, fine], digits.spread[fine]
    best = table[int(np.argmin(np.median(np.abs(table) / spread, axis=1)))]
    near = digits.at(fine)
    scale, exact = near.scale(best)
    # Digits decide sharply only where they are all that is left to explain.
    independent = effective(best / scale, 200 if exact else 40)
    out = []
    for recipe, row in zip(recipes, table, strict=True):
        misfit = float(loss(near.unshifted(row, best) / scale).mean()) * independent
        usual = usual_of(columns, recipe.source)
        cost = misfit + PRICE * unusual(recipe, target, usual)
        out.append(Candidate(recipe, misfit, cost))
    return sorted(out, key=lambda c: c.cost)


def _moved(
    recipe: Recipe,
    ratio: np.ndarray,
    factors: Factors,
    printed: tuple[np.ndarray, float],
) -> Recipe | None:
    """Give a recipe the constant pressure offset that fits best, if it has any."""
    published, step = printed
    usable = recipe.source.startswith("xCO2") and recipe.units == "uatm"
    if not usable or recipe.pressure not in ("P_equ", "P_atm"):
        return None
    effect = pressure_effect(factors, recipe)
    offset = -float(np.nanmedian(ratio / effect))
    if not max(0.02, 2.5 * step) < abs(offset) < 60.0:
        return None
    # The fugacity term changes a little as well: once more.
    near = replace(recipe, pressure_offset=offset)
    again = factors.result(near) / published - 1.0
    offset -= float(np.nanmedian(again / effect))
    return replace(recipe, pressure_offset=round(offset, 4))


def alike(candidates: list[Candidate]) -> dict[str, list[Any]]:
    """List what the numbers cannot tell from the chosen recipe."""
    first = candidates[0]
    chosen = asdict(first.recipe)
    out: dict[str, list[Any]] = {}
    for candidate in candidates[1:]:
        if candidate.misfit > first.misfit + _APART:
            continue
        parts = asdict(candidate.recipe)
        changed = [key for key in parts if parts[key] != chosen[key]]
        if len(changed) == 1 and changed[0] != "pressure_offset":
            out.setdefault(changed[0], []).append(parts[changed[0]])
    return out
