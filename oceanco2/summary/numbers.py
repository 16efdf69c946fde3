"""Coverage, ranges and quality of a dataset, as numbers."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.columns import upload_columns
from oceanco2.metadata import document_of
from oceanco2.qc import audit
from oceanco2.qc.criteria import Judgement, judge
from oceanco2.qc.warming import warming_of
from oceanco2.socat.criteria.evidence import RESULT, Evidence
from oceanco2.socat.document.missing import missing_items
from oceanco2.summary.gases import number, standards
from oceanco2.summary.track import coverage, iso
from oceanco2.vocabulary import FLAG_VALUES, GOOD, RUN_TYPES, TEST_BITS, VARIABLES

_FLUX = "flux_CO2"


def summary(ds: xr.Dataset, crossover: bool | None = None) -> dict[str, Any]:
    """Return coverage, ranges and quality of a dataset as numbers.

    Parameters
    ----------
    ds : xarray.Dataset
        From any processing step.
    crossover : bool, optional
        Whether a high-quality crossover was found; None if not checked.

    Returns
    -------
    dict
        Ready for JSON: ``platform``, ``period``, ``rows``, ``run_types``,
        ``coverage`` (see `oceanco2.summary.track.coverage`), ``variables`` (count,
        range and median of the values that are neither bad nor questionable, units,
        flags, tests, median uncertainty), ``standards``, ``warming``, ``flags`` (share
        of the values of fCO2 by flag and by test), ``people`` (rows with
        manual flags), ``flux``, and the data set flag with its ``criteria``.
    """
    names = [str(n) for n in ds.data_vars if n in VARIABLES]
    times = ds["time"].to_numpy()
    times = times[~np.isnat(times)]
    period: list[str | None] = [None, None]
    if times.size:
        period = [iso(times.min()), iso(times.max())]
    evidence = Evidence(ds)
    out: dict[str, Any] = {
        "platform": ds.attrs.get("platform_name"),
        "expocode": ds.attrs.get("expocode"),
        "period": period,
        "rows": int(ds.sizes.get("time", 0)),
        "run_types": _run_types(ds),
        "coverage": coverage(ds, evidence.water),
        "variables": {name: _variable_numbers(ds, name) for name in names},
        "standards": standards(ds),
        "flags": _shares(ds, evidence.water),
    }
    warming = warming_of(ds, evidence.water)
    out["warming"] = warming.numbers() if warming is not None else None
    manual = audit(ds)
    out["people"] = {
        "lines": len(manual["entries"]),
        "variables": manual["variables"],
    }
    if _FLUX in ds:
        out["flux"] = _flux(ds)
    if evidence.water.any():
        out |= data_set_flag(ds, crossover).to_dict()
    return out


def data_set_flag(ds: xr.Dataset, crossover: bool | None = None) -> Judgement:
    """Evaluate a data set by SOCAT's criteria, its metadata included.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed dataset.
    crossover : bool, optional
        Whether a high-quality crossover was found; None if not checked.

    Returns
    -------
    Judgement
        See `oceanco2.qc.criteria.judge`.
    """
    return judge(ds, crossover=crossover, missing_metadata=missing_metadata(ds))


def missing_metadata(ds: xr.Dataset) -> list[str] | None:
    """List the items missing from the metadata document of a data set."""
    if not {"time", "latitude", "longitude"} <= set(ds.variables):
        return None
    columns = [
        (column.header, column.variable)
        for column in upload_columns()
        if column.variable in ds.variables
        and np.isfinite(ds[column.variable].to_numpy()).any()
    ]
    try:
        return list(missing_items(document_of(ds, columns)))
    except ProcessingError:
        return None


def _shares(ds: xr.Dataset, rows: np.ndarray) -> dict[str, Any]:
    """Return the share of the values of fCO2 by flag and by test."""
    if not rows.any() or f"{RESULT}_flag" not in ds:
        return {}
    flag = ds[f"{RESULT}_flag"].to_numpy()[rows]
    out: dict[str, Any] = {
        "values": int(rows.sum()),
        "by_flag": {
            name: float((flag == code).mean())
            for name, code in FLAG_VALUES.items()
            if (flag == code).any()
        },
    }
    if f"{RESULT}_tests" in ds:
        mask = ds[f"{RESULT}_tests"].to_numpy()[rows]
        shares = {
            test: float(((mask & b) != 0).mean()) for test, b in TEST_BITS.items()
        }
        out["by_test"] = {test: share for test, share in shares.items() if share}
    return out


def _run_types(ds: xr.Dataset) -> dict[str, int]:
    if "run_type" not in ds:
        return {}
    kinds = ds["run_type"].to_numpy()
    counts = {word: int((kinds == code).sum()) for word, code in RUN_TYPES.items()}
    return {word: n for word, n in counts.items() if n}


def _flags(ds: xr.Dataset, name: str) -> dict[str, int]:
    flag = ds[f"{name}_flag"].to_numpy()
    counts = {word: int((flag == code).sum()) for word, code in FLAG_VALUES.items()}
    return {word: n for word, n in counts.items() if n}


def _tests(ds: xr.Dataset, name: str) -> dict[str, int]:
    mask = ds[f"{name}_tests"].to_numpy()
    counts = {test: int(((mask & bit) != 0).sum()) for test, bit in TEST_BITS.items()}
    return {test: n for test, n in counts.items() if n}


def _variable_numbers(ds: xr.Dataset, name: str) -> dict[str, Any]:
    values = ds[name].to_numpy()
    selected = np.isfinite(values)
    out: dict[str, Any] = {
        "units": VARIABLES[name].units,
        "values": int(selected.sum()),
    }
    if f"{name}_flag" in ds:
        selected &= ds[f"{name}_flag"].to_numpy() <= GOOD
        out["flags"] = _flags(ds, name)
    if f"{name}_tests" in ds:
        out["tests"] = _tests(ds, name)
    out |= _range(values[selected])
    if f"{name}_uncertainty" in ds:
        sigma = ds[f"{name}_uncertainty"].to_numpy()[selected]
        out["uncertainty"] = number(np.median, sigma[np.isfinite(sigma)])
    return out


def _range(values: np.ndarray) -> dict[str, float | None]:
    statistics = {"minimum": np.min, "median": np.median, "maximum": np.max}
    return {name: number(statistic, values) for name, statistic in statistics.items()}


def _flux(ds: xr.Dataset) -> dict[str, Any]:
    values = ds[_FLUX].to_numpy()
    selected = np.isfinite(values)
    if f"{_FLUX}_flag" in ds:
        selected &= ds[f"{_FLUX}_flag"].to_numpy() <= GOOD
    attrs = ds[_FLUX].attrs
    out: dict[str, Any] = {
        "method": attrs.get("method"),
        "scheme": attrs.get("scheme"),
        "references": attrs.get("references"),
        "units": VARIABLES[_FLUX].units,
        "rows": int(selected.sum()),
        "mean": number(np.mean, values[selected]),
    }
    for part in ("uncertainty", "uncertainty_systematic"):
        if f"{_FLUX}_{part}" in ds:
            sigma = ds[f"{_FLUX}_{part}"].to_numpy()[selected]
            out[part] = number(np.median, sigma[np.isfinite(sigma)])
    return out
