"""Recipe forensics: how the results of a delivered table were computed."""

from dataclasses import replace

import numpy as np
import xarray as xr

from oceanco2.forensics.columns import Columns, columns_of
from oceanco2.forensics.factors import Factors
from oceanco2.forensics.findings import Finding, Place, of_recipe, of_table, rows_off
from oceanco2.forensics.grid import usual_of
from oceanco2.forensics.recipe import Recipe
from oceanco2.forensics.report import Diagnosis, Result
from oceanco2.forensics.scoring import Fit, fit_of, rounding
from oceanco2.forensics.search import alike, sample_of, search, sources_of

__all__ = ["Diagnosis", "Finding", "Fit", "Recipe", "Result", "diagnose_table"]

#: Inputs that people exchange.
_SWAPS = (("T_equ", "SST"), ("SST", "salinity"))


def diagnose_table(ds: xr.Dataset) -> Diagnosis:
    """Say which recipe reproduces the published results of a table.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``: inputs by their names (``xCO2_water_Tequ_dry``, ``T_equ``,
        ``SST``, ``salinity``, ``P_equ``, ...) and published results as
        ``X_delivered`` or by name.

    Returns
    -------
    Diagnosis
        For each result the recipe, how well it does, what cannot be told apart, and
        what is odd.

    References
    ----------
    .. [1] Pierrot et al. (2009), Deep-Sea Res. II 56, 512-522,
       doi:10.1016/j.dsr2.2008.12.005: the recipe that others are measured by.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from oceanco2.physics import fco2_at_sst
    >>> n = np.arange(50.0)
    >>> inputs = {"xCO2_water_Tequ_dry": 380 + n, "T_equ": 15.3 + n / 50,
    ...           "SST": 15.0 + n / 60, "salinity": 35.1 + 0 * n,
    ...           "P_equ": 1010.0 + n / 10}
    >>> fco2 = fco2_at_sst(*(inputs[k] for k in (
    ...     "xCO2_water_Tequ_dry", "T_equ", "SST", "salinity", "P_equ")))
    >>> ds = xr.Dataset({k: ("time", v) for k, v in inputs.items()})
    >>> ds["fCO2_water_SST_wet_delivered"] = "time", fco2
    >>> diagnose_table(ds).results[0].verdict
    'reproduced'
    """
    columns = columns_of(ds)
    place = _place(ds)
    results: list[Result] = []
    for target in columns.published:
        results += _results(columns, target, place)
    results = _consistent(results)
    findings = of_table(columns) + _crossed(results)
    printed = {name: columns.steps[name] for name in columns.values}
    return Diagnosis(ds.sizes["time"], results, findings, printed)


def _consistent(results: list[Result]) -> list[Result]:
    """Blame one column once: from a mislabelled one no step is missing."""
    moved = {
        result.target
        for result in results
        if any(finding.kind == "mislabelled" for finding in result.findings)
    }
    kept = []
    for result in results:
        findings = result.findings
        if result.recipe is not None and result.recipe.source in moved:
            missing = "missing_temperature_correction"
            findings = [f for f in findings if f.kind != missing]
        kept.append(replace(result, findings=findings))
    return kept


def _crossed(results: list[Result]) -> list[Finding]:
    """Water with the pressure of the air, air with that of the equilibrator."""
    used = {
        ("_atm_" in r.target, r.recipe.pressure)
        for r in results
        if r.recipe is not None and r.recipe.source.startswith("xCO2")
    }
    if used != {(False, "P_atm"), (True, "P_equ")}:
        return []
    text = "P_equ and P_atm stand in each other's column"
    return [Finding("swapped_columns", text)]


def _place(ds: xr.Dataset) -> Place:
    rows = np.arange(1, ds.sizes["time"] + 1)
    times = ds["time"].to_numpy() if "time" in ds.coords else rows
    if not np.issubdtype(times.dtype, np.datetime64):
        times = np.full(times.shape, np.datetime64("NaT", "s"))
    if "source_row" in ds:
        return Place(times, ds["source_row"].to_numpy(), "lines")
    return Place(times, rows, "rows")


def _results(columns: Columns, target: str, place: Place) -> list[Result]:
    sources = sources_of(columns, target)
    first = [s for s in sources if s.startswith("xCO2")]
    steps = [s for s in sources if s not in first]
    out = _main(columns, target, first, place)
    for source in steps:
        step = _from(columns, target, source, place)
        if step is None:
            continue
        better = not out or step.share > out[0].share + 0.05
        kin = source[0] == target[0] and "Tequ" in source and "_SST_" in target
        if better or (kin and step.verdict == "reproduced"):
            out.append(step)
    return out or [Result(target)]


def _main(
    columns: Columns, target: str, sources: list[str], place: Place
) -> list[Result]:
    """Take the mole fraction that does best, exchanging inputs if none does."""
    found = [r for s in sources if (r := _from(columns, target, s, place))]
    if not found:
        return []
    best = _best(found)
    if best.verdict == "reproduced" and best.exact:
        return [best]
    for pair in _SWAPS:
        if not set(pair) <= set(columns.values):
            continue
        other = columns.swapped(*pair)
        tried = [r for s in sources if (r := _from(other, target, s, place))]
        if not tried:
            continue
        better = _best(tried)
        if better.share > best.share + 0.3 or (better.exact and not best.exact):
            best = _exchanged(better, pair)
    return [best]


def _best(results: list[Result]) -> Result:
    """Return the first source unless another explains clearly more."""
    best = results[0]
    for result in results[1:]:
        if result.share > best.share + 0.05:
            best = result
    return best


def _exchanged(result: Result, pair: tuple[str, str]) -> Result:
    text = f"{result.target}: {pair[0]} and {pair[1]} stand in each other's column"
    finding = Finding("swapped_columns", text, result.target)
    return replace(result, swapped=pair, findings=[finding, *result.findings])


def _from(columns: Columns, target: str, source: str, place: Place) -> Result | None:
    """Find the recipe of a result from one source."""
    candidates = search(sample_of(columns, target, source), target, source)
    if not candidates:
        return None
    recipe = candidates[0].recipe
    factors = Factors(columns)
    digits = rounding(columns, target, source)
    published = columns.published[target]
    computed = factors.result(recipe)
    fit = fit_of(computed, published, digits.bound)
    usual = _usual(columns, target, source)
    usual_fit = fit_of(factors.result(usual), published, digits.bound)
    if fit.share < 0.9 and usual_fit.share > fit.share - 0.1:
        # Nothing explains the table: then nothing unusual is claimed.
        recipe, fit, computed = usual, usual_fit, factors.result(usual)
    findings = of_recipe(recipe, target, columns)
    findings += rows_off(computed / published - 1.0, digits, target, place)
    return Result(
        target,
        recipe,
        fit,
        usual_fit,
        alike(candidates),
        exact=digits.scale(computed / published - 1.0)[1],
        reached=fit.percentile_95 / float(np.nanmedian(published)),
        findings=findings,
    )


def _usual(columns: Columns, target: str, source: str) -> Recipe:
    """Return the recipe of SOCAT for what the column is called."""
    names = usual_of(columns, source)
    recipe = Recipe(source, pressure=names["pressure"])
    if names["temperature"] not in columns.values:  # then neither vapour nor fugacity
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
