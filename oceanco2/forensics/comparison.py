"""What was computed against what came with the file, and what would fit better."""

import warnings
from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.forensics.columns import AIR, SOURCES, WATER, Columns, columns_of
from oceanco2.forensics.recipes import Factors, Recipe, missing_warming
from oceanco2.forensics.scoring import Fit, Rounding, fit_within, rounding
from oceanco2.forensics.search import (
    sample_of,
    search,
    sources_of,
    standard_recipe,
)
from oceanco2.platforms import SetUp
from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.settings import Reduction
from oceanco2.platforms.setup import attribute_table
from oceanco2.vocabulary import GOOD, QUESTIONABLE, VARIABLES

#: Share of the rows that must agree.
_SHARE = 0.9
#: Rows needed for a statement, and the share of them that must have a better flag.
_ROWS, _FEW = 5, 0.1
#: Difference of an instrument's own results from those of its calibrated signals: the
#: accuracy that SOCAT asks of the best data sets, 2 uatm, relative to 400.
_CALIBRATED, _TYPICAL = 0.005, 400.0
#: Rows in which an explanation is searched.
_SAMPLE = 5000
#: Relative difference of columns with the same quantity.
_EQUAL = 1e-3
#: Largest difference of a recipe that is named though it does not fit: relative to the
#: values, and to the difference that it explains.
_NEAR, _MUCH = 0.01, 0.2
_DIFFERENCE = "delta_fCO2"
_RESULTS = tuple(dict.fromkeys((*WATER, *AIR, *SOURCES, *AIR.values(), _DIFFERENCE)))
#: Inputs that are often exchanged.
EXCHANGED = (
    ("T_equ", "SST"),
    ("P_equ", "P_atm"),
    ("SST", "salinity"),
    *((water, air) for water in SOURCES[:4] for air in dict.fromkeys(AIR.values())),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A computed result against the delivered one.

    Attributes
    ----------
    variable : str
        Result that came with the file.
    computed : str
        The computed result; without one of that name, another with the same values.
    units : str
        Its units.
    fit : Fit
        Computed minus delivered.
    recipe : str
        How it was computed.
    differs : bool
        Whether the difference is larger than the printed digits explain.
    accepted : bool
        Whether the platform file says that it may differ.
    better : str
        What would reproduce the delivered values; empty if nothing was found.
    """

    variable: str
    computed: str
    units: str
    fit: Fit
    recipe: str = ""
    differs: bool = False
    accepted: bool = False
    better: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return everything.

        Returns
        -------
        dict
            Ready for JSON.
        """
        return asdict(self)

    def text(self) -> str:
        """Describe the difference in one line.

        Returns
        -------
        str
            Text.
        """
        fit = self.fit
        if self.computed != self.variable:
            return (
                f"{self.variable} as delivered has the values of {self.computed} as"
                f" computed: {100 * fit.share:.1f} % of {fit.rows:,} rows agree within"
                f" {fit.tolerance:.3f} {self.units}"
            )
        return (
            f"{self.variable}: computed minus delivered is {fit.median:+.3f}"
            f" {self.units} in the median, 95 % within {fit.percentile_95:.3f}, largest"
            f" {fit.largest:.3f}; {100 * fit.share:.1f} % of {fit.rows:,} rows agree"
            f" within {fit.tolerance:.3f}"
        )


@dataclass
class _Pair:
    """Rows with a computed and a delivered value."""

    target: str
    columns: Columns
    computed: np.ndarray
    delivered: np.ndarray
    rows: np.ndarray
    read: Container[str]
    options: Mapping[str, str]

    @cached_property
    def source(self) -> str | None:
        """The column that the result was computed from; None if it was calibrated."""
        sources = sources_of(self.columns, self.target) if self.is_result else []
        return next((s for s in sources if s in self.read), None)

    @property
    def is_result(self) -> bool:
        """Whether it is a partial pressure or fugacity."""
        return self.target in WATER or self.target in AIR

    @cached_property
    def rounding(self) -> Rounding | None:
        """What the printed digits explain."""
        if self.source is None:
            return None
        return rounding(self.columns, self.target, self.source)

    @cached_property
    def allowed(self) -> np.ndarray:
        """Largest difference of each row that is accepted."""
        calibrated = _CALIBRATED * np.maximum(np.abs(self.delivered), _TYPICAL)
        if self.rounding is None:
            return calibrated
        bound = self.rounding.bound
        return np.where(np.isfinite(bound), bound * np.abs(self.delivered), calibrated)

    @cached_property
    def shift(self) -> float:
        """Largest median difference that is accepted."""
        if self.rounding is None:
            return float(np.median(self.allowed))
        relative = sum(half * share for half, share in self.rounding.shifts)
        noise = 3.0 * np.median(self.rounding.spread) / self.delivered.size**0.5
        digits = float(np.median(self.rounding.result)) + noise
        return (relative + digits) * float(np.median(np.abs(self.delivered)))

    def fit(self, computed: np.ndarray) -> Fit:
        """Compare values with the delivered ones."""
        return fit_within(computed, self.delivered, self.allowed)

    def differs(self, fit: Fit) -> bool:
        """Whether a difference is larger than the printed digits explain."""
        few = self.rounding is not None and fit.share < _SHARE
        return few or not abs(fit.median) <= self.shift

    def explains(self, values: np.ndarray) -> bool:
        """Whether values are the delivered ones within what the digits explain."""
        fit = self.fit(values)
        enough = fit.rows >= max(_ROWS, 0.5 * self.delivered.size)
        return enough and fit.share >= _SHARE and not self.differs(fit)

    def equals(self, first: np.ndarray, second: np.ndarray) -> bool:
        """Whether two columns hold the same quantity."""
        allowed = np.maximum(self.allowed, _EQUAL * np.abs(self.computed))
        fit = fit_within(first, second, allowed)
        return fit.rows >= max(_ROWS, 0.5 * self.delivered.size) and fit.share >= _SHARE

    def sample(self) -> "_Pair":
        """Return some of the rows, evenly over the data."""
        some = slice(None, None, 1 + self.rows.size // _SAMPLE)
        return replace(
            self,
            columns=self.columns.select(some),
            computed=self.computed[some],
            delivered=self.delivered[some],
            rows=self.rows[some],
        )

    def result(self, recipe: Recipe) -> np.ndarray:
        """Compute a recipe."""
        return Factors(self.columns).result(recipe)

    @cached_property
    def recipe(self) -> Recipe | None:
        """The recipe of the platform file."""
        if self.source is None:
            return None
        recipe = standard_recipe(self.columns, self.target, self.source)
        chosen = self.options
        # Those that the recipe does not use change nothing.
        recipe = replace(
            recipe,
            vapour=chosen["vapour_pressure"],
            virial_pressure=chosen["virial_pressure"],
        )
        if recipe.fugacity == "xco2":
            recipe = replace(recipe, fugacity=chosen["mole_fraction"])
        if recipe.temperature_correction != "none":
            correction = chosen["temperature_correction"]
            recipe = replace(recipe, temperature_correction=correction)
        return recipe


def compare(ds: xr.Dataset) -> list[Comparison]:
    """Compare the computed results of a dataset with those that came with the file.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed dataset.

    Returns
    -------
    list of Comparison
        One per result; those that differ, unless that is accepted, with what would
        fit better.
    """
    set_up = SetUp.of(ds)
    out = []
    for pair, name in _pairs(ds, set_up.variables):
        fit = pair.fit(pair.computed)
        differs = name != pair.target or pair.differs(fit)
        accepted = differs and _is_accepted(set_up, pair.target, fit)
        explain = name == pair.target and differs and not accepted
        better = _explanation(pair, ds) if explain else ""
        recipe = pair.recipe.words() if pair.recipe is not None else ""
        units = VARIABLES[pair.target].units
        out.append(
            Comparison(pair.target, name, units, fit, recipe, differs, accepted, better)
        )
    return out


def disagreement(comparisons: list[Comparison]) -> list[str]:
    """Return the warning about results that differ from the delivered ones, if any."""
    found = [c for c in comparisons if c.differs and not c.accepted]
    if not found:
        return []
    # A difference of air and water repeats that of its parts.
    found.sort(key=lambda c: (c.variable == _DIFFERENCE, c.variable not in WATER))
    first, *others = found
    message = f"{first.text()}. {first.better}" if first.better else first.text()
    if others:
        names = ", ".join(c.variable for c in others)
        message += f". {names} {'differ' if len(others) > 1 else 'differs'} as well"
    return unanswered({}, "delivered", message, "" if others else first.variable)


def _is_accepted(set_up: SetUp, name: str, fit: Fit) -> bool:
    """Whether the platform file has answered a difference."""
    if fit.percentile_95 <= set_up.within.get(name, -1.0):
        return True
    return not unanswered(set_up.accepted, "delivered", "", name)


@dataclass(frozen=True, slots=True)
class _Dataset:
    """A dataset, the columns that its results were computed from, and the options."""

    ds: xr.Dataset
    columns: Columns
    read: Container[str]
    options: Mapping[str, str]

    def pair(self, target: str, computed: str, published: str) -> _Pair | None:
        """Return the rows of two variables; None without enough of them."""
        if computed not in self.ds:
            return None
        values, delivered = (_values(self.ds, name) for name in (computed, published))
        both = np.isfinite(values) & np.isfinite(delivered)
        rows = best_rows(self.ds, computed, both)
        if rows.size < _ROWS:
            return None
        return _Pair(
            target,
            self.columns.select(rows),
            values[rows],
            delivered[rows],
            rows=rows,
            read=self.read,
            options=self.options,
        )

    def pairs(self, target: str) -> Iterator[tuple[_Pair, str]]:
        """Yield a delivered result with the computed one, or with those it equals."""
        published = f"{target}_delivered"
        pair = self.pair(target, target, published)
        if pair is not None:
            yield pair, target
            return
        for name in _RESULTS:
            other = (
                self.pair(target, name, published) if name[:4] == target[:4] else None
            )
            if other is not None and other.equals(other.computed, other.delivered):
                yield other, name

    def recomputed(self, target: str) -> Iterator[tuple[_Pair, str]]:
        """Yield a result that is a variable of the platform file, and its recipe's."""
        pair = self.pair(target, target, target)
        if "SST" not in self.columns.values or pair is None:
            return
        if pair.recipe is not None:
            pair.computed = pair.result(pair.recipe)
            yield pair, target


def _pairs(ds: xr.Dataset, read: Container[str]) -> Iterator[tuple[_Pair, str]]:
    """Yield each published result with the computed one."""
    delivered = [n for n in _RESULTS if f"{n}_delivered" in ds]
    published = [n for n in (*WATER, *AIR) if n in read and n not in delivered]
    if not delivered and not published:
        return
    stated = attribute_table(ds, "options").get("reduction")
    options = Reduction().model_dump() | (stated if isinstance(stated, dict) else {})
    dataset = _Dataset(ds, columns_of(ds, read=read), read, options)
    for name in delivered:
        yield from dataset.pairs(name)
    for name in published:
        yield from dataset.recomputed(name)


def _values(ds: xr.Dataset, name: str) -> np.ndarray:
    return ds[name].to_numpy().astype(float)


def best_rows(ds: xr.Dataset, name: str, both: np.ndarray) -> np.ndarray:
    """Return the rows of the best flag that a tenth of them have."""
    for limit in (GOOD, QUESTIONABLE):
        if f"{name}_flag" in ds:
            rows = both & (ds[f"{name}_flag"].to_numpy() <= limit)
            if rows.sum() >= max(_ROWS, _FEW * both.sum()):
                return np.flatnonzero(rows)
    return np.flatnonzero(both)


def _explanation(pair: _Pair, ds: xr.Dataset) -> str:
    """Return what would reproduce the delivered values; empty if nothing is found."""
    with warnings.catch_warnings():
        # Recipes without a value of one input have no median.
        warnings.simplefilter("ignore", RuntimeWarning)
        return next(_better(pair.sample(), ds), "")


def _better(pair: _Pair, ds: xr.Dataset) -> Iterator[str]:
    """Yield what would reproduce the delivered values, the simplest first."""
    yield from _other_columns(pair, ds)
    yield from _exchanged(pair)
    recipes: list[Recipe] = []
    if pair.source is not None:
        sample = sample_of(pair.columns, pair.target, pair.source)
        recipes = [c.recipe for c in search(sample, pair.target, pair.source)]
    if recipes and pair.explains(pair.result(recipes[0])):
        yield f"They agree with: {recipes[0].words()}"
    yield from _warming(pair, measured=False)
    yield from _nearest(pair, recipes)
    yield from _warming(pair, measured=True)


def _nearest(pair: _Pair, recipes: list[Recipe]) -> Iterator[str]:
    """Yield recipes that come near, the most usual first."""
    near = min(
        _MUCH * pair.fit(pair.computed).percentile_95,
        _NEAR * float(np.median(pair.delivered)),
    )
    for recipe in recipes:
        away = pair.fit(pair.result(recipe)).percentile_95
        if away <= near:
            yield f"95 % would be within {away:.3f} with: {recipe.words()}"


def _other_columns(pair: _Pair, ds: xr.Dataset) -> Iterator[str]:
    """Yield columns that equal the delivered or the computed result."""
    for name in _RESULTS:
        if name == pair.target:
            continue
        if name in ds and pair.equals(_values(ds, name)[pair.rows], pair.delivered):
            yield f"The delivered values are those of {name}"
        column = f"{name}_delivered"
        if column in ds and pair.equals(_values(ds, column)[pair.rows], pair.computed):
            yield f"The column delivered as {name} has the computed values"


def _exchanged(pair: _Pair) -> Iterator[str]:
    """Yield inputs that reproduce the delivered values when exchanged."""
    values, recipe = pair.columns.values, pair.recipe
    if recipe is None:
        return
    for first, second in EXCHANGED:
        if first not in values or second not in values:
            continue
        if first == "T_equ" and "_SST_" not in pair.target:
            continue
        exchanged = pair.columns.swapped(first, second)
        if pair.explains(Factors(exchanged).result(recipe)):
            yield f"With {first} and {second} exchanged they agree"
    source = recipe.source
    for air in dict.fromkeys(AIR.values()):
        if air in values and pair.target in WATER:
            both = np.isfinite(values[air]) & np.isfinite(values[source])
            if both.any() and (values[air] == values[source])[both].all():
                yield f"{source} has the values of the air, {air}"


def _warming(pair: _Pair, *, measured: bool) -> Iterator[str]:
    """Yield the warming that would explain the difference; `measured`: there is one."""
    values = pair.columns.values
    if "_SST_" not in pair.target or "T_equ" not in values or "SST" not in values:
        return
    warming = values["T_equ"] - values["SST"]
    missing = missing_warming(pair.computed, pair.delivered)
    if missing is not None and measured == bool(np.any(warming)):
        now = float(np.nanmedian(warming))
        yield (
            f"T_equ is {now:+.2f} K from SST; {now + missing:+.2f} K would explain it"
        )
