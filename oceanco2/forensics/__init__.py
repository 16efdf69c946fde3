"""Infer how the results of a delivered table were computed."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.alignment import align
from oceanco2.errors import ReadError
from oceanco2.export import open_dataset
from oceanco2.forensics.columns import AIR, SOURCES, Columns, columns_of
from oceanco2.forensics.recipes import Factors, Recipe, missing_warming, oddness
from oceanco2.forensics.report import (
    Diagnosis,
    Finding,
    Result,
    RowLabels,
    is_constant,
    likely_cause,
    recipe_findings,
    row_findings,
    table_findings,
)
from oceanco2.forensics.scoring import Fit, fit_of, rounding
from oceanco2.forensics.search import (
    indistinguishable,
    sample_of,
    search,
    sources_of,
    standard_columns,
    standard_recipe,
)
from oceanco2.platforms import Platform, load
from oceanco2.readers import guessed_platform, read

__all__ = ["Diagnosis", "Finding", "Fit", "Recipe", "Result", "diagnose_table"]


#: Inputs that are often swapped.
_SWAPS = (
    *(("T_equ", "SST"), ("SST", "salinity")),
    *((water, air) for water in SOURCES[:4] for air in dict.fromkeys(AIR.values())),
)
#: A swap is as unusual as two unusual steps of a recipe (`oddness`).
_SWAP_ODDNESS = 2.0
#: Largest pressure offset that is named where a missing warming explains it, too [hPa].
_LARGEST_OFFSET = 3.0


def diagnose_table(ds: xr.Dataset) -> Diagnosis:
    """Find the recipe that reproduces the published results of a table.

    Parameters
    ----------
    ds : xarray.Dataset
        Along ``time``: inputs by their names (``xCO2_water_Tequ_dry``, ``T_equ``,
        ``SST``, ``salinity``, ``P_equ``, ...) and published results as
        ``X_delivered`` or by name.

    Returns
    -------
    Diagnosis
        For each result the recipe, its fit, alternatives that cannot be distinguished,
        and findings.

    References
    ----------
    .. [1] Pierrot et al. (2009), Deep-Sea Res. II 56, 512-522,
       doi:10.1016/j.dsr2.2008.12.005: the standard recipe.

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
    labels = _row_labels(ds)
    steps = {name: columns.steps[name] for name in columns.values}
    findings = table_findings(columns)
    columns = _with_equilibrator(columns)
    results: list[Result] = []
    for target in columns.published:
        results += _results_of(columns, target, labels)
    results = [_what_holds(result) for result in _drop_explained(results)]
    findings += _swapped_pressures(results)
    return Diagnosis(ds.sizes["time"], results, findings, steps)


def _with_equilibrator(columns: Columns) -> Columns:
    """Let a mole fraction be of the equilibrator where only the name says otherwise.

    Two temperatures were measured, and the name of the column does not say at which.
    """
    at_sst, at_equ = "xCO2_water_SST_dry", "xCO2_water_Tequ_dry"
    values = columns.values
    if at_equ in values or not {at_sst, "T_equ", "SST"} <= set(values):
        return columns
    return replace(
        columns,
        values=values | {at_equ: values[at_sst]},
        steps=columns.steps | {at_equ: columns.steps[at_sst]},
    )


def _what_holds(result: Result) -> Result:
    """Drop the findings of a recipe that does not explain a result, and say so."""
    fit = result.fit
    if fit is None or not fit.rows or not result.verdict.startswith("not"):
        return result
    kept = [f for f in result.findings if f.kind == "missing_warming"]
    if not kept:
        text = (
            f"{result.target}: no recipe explains it; computed minus published is"
            f" {fit.median:+.2f} uatm in the median by the standard one"
        )
        kept = [Finding("not_reproduced", text, result.target, fit.median, "uatm")]
    return replace(result, findings=kept)


def _drop_explained(results: list[Result]) -> list[Result]:
    """Drop missing corrections that a mislabelled source column explains."""
    mislabelled = {
        result.target
        for result in results
        if any(finding.kind == "mislabelled" for finding in result.findings)
    }
    kept = []
    for result in results:
        findings = result.findings
        if result.recipe is not None and result.recipe.source in mislabelled:
            missing = "missing_temperature_correction"
            findings = [f for f in findings if f.kind != missing]
        kept.append(replace(result, findings=findings))
    return kept


def _swapped_pressures(results: list[Result]) -> list[Finding]:
    """Check for water computed with P_atm and air with P_equ."""
    used = {
        ("_atm_" in r.target, r.recipe.pressure)
        for r in results
        if r.recipe is not None and r.recipe.source.startswith("xCO2")
    }
    if used != {(False, "P_atm"), (True, "P_equ")}:
        return []
    text = "P_equ and P_atm are swapped"
    return [Finding("swapped_columns", text)]


def _row_labels(ds: xr.Dataset) -> RowLabels:
    rows = np.arange(1, ds.sizes["time"] + 1)
    times = ds["time"].to_numpy() if "time" in ds.coords else rows
    if not np.issubdtype(times.dtype, np.datetime64):
        times = np.full(times.shape, np.datetime64("NaT", "s"))
    if "source_row" in ds:
        return RowLabels(times, ds["source_row"].to_numpy(), "lines")
    return RowLabels(times, rows, "rows")


def _results_of(columns: Columns, target: str, labels: RowLabels) -> list[Result]:
    sources = sources_of(columns, target)
    mole_fractions = [s for s in sources if s.startswith("xCO2")]
    other_sources = [s for s in sources if s not in mole_fractions]
    results = _best_results(columns, target, mole_fractions, labels)
    for source in other_sources:
        result = _result_from(columns, target, source, labels)
        if result is None:
            continue
        better = not results or result.share > results[0].share + 0.05
        same_quantity = (
            source[0] == target[0] and "Tequ" in source and "_SST_" in target
        )
        if better or (same_quantity and result.verdict == "reproduced"):
            results.append(result)
    return results or [Result(target)]


def _best_results(
    columns: Columns, target: str, sources: list[str], labels: RowLabels
) -> list[Result]:
    """Choose the best mole fraction; try swapped inputs if none fits."""
    candidates = [r for s in sources if (r := _result_from(columns, target, s, labels))]
    if not candidates:
        return []
    best = _best_result(candidates)
    usual = _oddness(best, columns) < _SWAP_ODDNESS
    if best.verdict == "reproduced" and best.exact and usual:
        return [best]
    for pair in _SWAPS:
        if not set(pair) <= set(columns.values):
            continue
        if any(is_constant(columns.values[name]) for name in pair):
            continue
        swapped = columns.swapped(*pair)
        swapped_results = [
            r for s in sources if (r := _result_from(swapped, target, s, labels))
        ]
        if not swapped_results:
            continue
        better = _best_result(swapped_results)
        if _explains_more(better, best) or _is_simpler(better, best, columns):
            best = _mark_swapped(better, pair)
    return [_missing_warming(best, columns)]


def _explains_more(swapped: Result, best: Result) -> bool:
    """Whether a swap explains many more rows, and the values come much nearer."""
    more = swapped.share > best.share + 0.3 or (swapped.exact and not best.exact)
    return more and swapped.reached < 0.5 * best.reached


def _is_simpler(swapped: Result, best: Result, columns: Columns) -> bool:
    """Whether a swap explains as much with a much more usual recipe."""
    as_much = swapped.verdict == "reproduced"
    as_much = as_much and swapped.reached <= 1.5 * best.reached
    simpler = _oddness(swapped, columns) + _SWAP_ODDNESS < _oddness(best, columns)
    return as_much and simpler


def _oddness(result: Result, columns: Columns) -> float:
    """Measure how unusual the recipe of a result is, a swap included."""
    if result.recipe is None:
        return 0.0
    standard = standard_columns(columns, result.recipe.source)
    swap = _SWAP_ODDNESS if result.swapped else 0.0
    return swap + oddness(result.recipe, result.target, standard)


def _missing_warming(result: Result, columns: Columns) -> Result:
    """Prefer a warming that was not measured to a large pressure offset."""
    values, recipe, fit = columns.values, result.recipe, result.usual
    if recipe is None or fit is None or "_SST_" not in result.target:
        return result
    if (
        result.verdict == "reproduced"
        and abs(recipe.pressure_offset) <= _LARGEST_OFFSET
    ):
        return result
    if "Tequ" not in recipe.source or not {"T_equ", "SST"} <= set(values):
        return result
    if not np.array_equal(values["T_equ"], values["SST"], equal_nan=True):
        return result
    standard = standard_recipe(columns, result.target, recipe.source)
    published = columns.published[result.target]
    warming = missing_warming(Factors(columns).result(standard), published)
    if warming is None:
        return result
    text = (
        f"{result.target}: T_equ is SST; a warming of {warming:+.2f} K that the table"
        " lacks would explain it"
    )
    finding = Finding("missing_warming", text, result.target, warming, "K")
    reached = fit.percentile_95 / float(np.nanmedian(published))
    return Result(
        result.target, standard, fit, fit, reached=reached, findings=[finding]
    )


def _best_result(results: list[Result]) -> Result:
    """Return the first result unless another explains clearly more rows."""
    best = results[0]
    for result in results[1:]:
        if result.share > best.share + 0.05:
            best = result
    return best


def _mark_swapped(result: Result, pair: tuple[str, str]) -> Result:
    text = f"{result.target}: {pair[0]} and {pair[1]} are swapped"
    finding = Finding("swapped_columns", text, result.target)
    return replace(result, swapped=pair, findings=[finding, *result.findings])


def _result_from(
    columns: Columns, target: str, source: str, labels: RowLabels
) -> Result | None:
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
    standard = standard_recipe(columns, target, source)
    standard_fit = fit_of(factors.result(standard), published, digits.bound)
    if fit.share < 0.9 and standard_fit.share > fit.share - 0.1:
        # No recipe explains the table: the standard one is reported.
        recipe, fit, computed = standard, standard_fit, factors.result(standard)
    findings = recipe_findings(recipe, target, columns)
    ratio = computed / published - 1.0
    cause = likely_cause(recipe, columns, float(np.nanpercentile(np.abs(ratio), 99)))
    findings += row_findings(ratio, digits, target, labels, cause)
    return Result(
        target,
        recipe,
        fit,
        standard_fit,
        indistinguishable(candidates),
        exact=digits.scale(ratio)[1],
        reached=fit.percentile_95 / float(np.nanmedian(published)),
        findings=findings,
    )


def diagnose(
    path: str | Path, platform: str | Path | Platform | None = None
) -> Diagnosis:
    """Find the recipe that reproduces the results of a delivered file.

    Parameters
    ----------
    path : str or Path
        A delivered table with inputs and results, or a processed netCDF.
    platform : str, Path or Platform, optional
        Describes the columns; by default they are guessed from their names.

    Returns
    -------
    Diagnosis
        Recipe, fit and findings for each published result.

    Raises
    ------
    OceanCO2Error
        If the file or the platform file is invalid.
    """
    if platform is None and Path(path).suffix.lower() in (".nc", ".nc4"):
        return diagnose_table(open_dataset(path))
    if platform is None:
        return diagnose_table(_guessed_table(path))
    if not isinstance(platform, Platform):
        platform = load(platform)
    return diagnose_table(align(read(platform, [path]), platform))


def _guessed_table(path: str | Path) -> xr.Dataset:
    """Read a table as it looks; where not every time can be read, rows in order do."""
    platform = guessed_platform(path)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            ds = align(read(platform, [path]), platform)
        except ReadError:
            ds = None
    if ds is None or ds.attrs.get("rows_rejected"):
        return align(read(platform, [path], in_order=True), platform).drop_vars("time")
    for warning in caught:
        warnings.warn_explicit(
            warning.message, warning.category, warning.filename, warning.lineno
        )
    return ds
