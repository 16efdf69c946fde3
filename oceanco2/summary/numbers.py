"""Coverage, ranges, gas standards and quality of a dataset; the report of a run."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2 import provenance
from oceanco2.bits import bits_of
from oceanco2.dates import DAY, HOUR, SECOND
from oceanco2.errors import ProcessingError
from oceanco2.expocode import possible_times
from oceanco2.files import digest, written
from oceanco2.forensics.comparison import compare
from oceanco2.geography import distance_km, west_and_east
from oceanco2.qc import audit
from oceanco2.qc.warming import warming_of
from oceanco2.socat.columns import upload_columns
from oceanco2.socat.criteria import Judgement, judge
from oceanco2.socat.criteria.evidence import RESULT, Evidence
from oceanco2.socat.document import document_of
from oceanco2.socat.document.missing import missing_items
from oceanco2.units import KM_PER_NAUTICAL_MILE
from oceanco2.vocabulary import (
    BAD,
    CO2_RESULTS,
    FLAG_VALUES,
    GOOD,
    MISSING,
    RUN_TYPES,
    VARIABLES,
)


def number(statistic: Any, values: np.ndarray) -> float | None:
    """Reduce values to one number."""
    return float(statistic(values)) if values.size else None


def standards(ds: xr.Dataset) -> list[dict[str, Any]]:
    """Return the statistics of each gas standard.

    Parameters
    ----------
    ds : xarray.Dataset
        With the variables along ``standard_run``.

    Returns
    -------
    list of dict
        For each gas ``xCO2``, ``runs``, ``used``, ``mean_difference`` (read minus
        true), ``drift`` (largest minus smallest difference), ``drift_per_day`` (slope
        of the used runs), ``residual`` (root mean square after the fit)
        [umol mol-1] and ``longest_gap_hours`` between used runs.
    """
    if not ds.sizes.get("standard_run") or "standard_run_true" not in ds:
        return []
    true = ds["standard_run_true"].to_numpy()
    used = np.ones(true.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy() > 0
    return [
        {"xCO2": float(gas)} | _statistics_of_gas(ds, true == gas, used)
        for gas in np.unique(true[np.isfinite(true)])
    ]


def _statistics_of_gas(
    ds: xr.Dataset, rows: np.ndarray, used: np.ndarray
) -> dict[str, Any]:
    difference = (ds["standard_run_measured"] - ds["standard_run_true"]).to_numpy()
    valid = difference[rows & np.isfinite(difference)]
    in_use = rows & used & np.isfinite(difference)
    # A standard that is not used in the fit (zero gas) still shows the drift.
    for_drift = in_use if in_use.any() else rows & np.isfinite(difference)
    out: dict[str, Any] = {
        "runs": int(rows.sum()),
        "used": int((rows & used).sum()),
        "mean_difference": number(np.mean, valid),
        "drift": number(np.ptp, valid),
    }
    times = ds["standard_run_time"].to_numpy()
    out["drift_per_day"] = _slope(times[for_drift], difference[for_drift])
    if "standard_run_residual" in ds:
        residual = ds["standard_run_residual"].to_numpy()[rows]
        residual = residual[np.isfinite(residual)]
        out["residual"] = number(lambda v: np.sqrt(np.mean(v**2)), residual)
    gaps = np.diff(np.sort(times[in_use])) / HOUR
    out["longest_gap_hours"] = number(np.max, gaps)
    return out


def _slope(times: np.ndarray, difference: np.ndarray) -> float | None:
    if times.size < 2 or times.min() == times.max():
        return None
    days = (times - times.min()) / DAY
    days = days - days.mean()
    return float((days * difference).sum() / (days**2).sum())


#: Least time between fixes for a speed: closer ones show rounding, not speed [s].
_FIX_SECONDS = 60
_LISTED = 10


def iso(moment: np.datetime64) -> str:
    """Format a time, ISO 8601 in UTC."""
    return f"{np.datetime_as_string(moment, unit='s')}Z"


def coverage(ds: xr.Dataset, rows: np.ndarray) -> dict[str, Any]:
    """Return the coverage in time and space of some samples."""
    time = ds["time"].to_numpy()
    rows = rows & ~np.isnat(time)
    out: dict[str, Any] = {"samples": int(rows.sum())}
    if not rows.any():
        return out
    times = np.sort(time[rows])
    hours = np.diff(times) / HOUR
    out |= {"start": iso(times[0]), "end": iso(times[-1])}
    total = float((times[-1] - times[0]) / HOUR)
    out["days"] = total / 24.0
    if total > 0:
        interval = float(np.median(hours[hours > 0]))
        gaps = np.flatnonzero(hours > max(5.0 * interval, 1.0))
        out["interval_minutes"] = 60.0 * interval
        out["share_of_time"] = 1.0 - float(hours[gaps].sum()) / total
        longest = gaps[np.argsort(-hours[gaps], kind="stable")]
        out["gaps"] = {
            "number": int(gaps.size),
            "hours": float(hours[gaps].sum()),
            "longest": [
                {
                    "start": iso(times[i]),
                    "end": iso(times[i + 1]),
                    "hours": float(hours[i]),
                }
                for i in longest[:_LISTED]
            ],
        }
    return out | _track(ds)


def _track(ds: xr.Dataset) -> dict[str, Any]:
    """Return bounds, distance and speed along the fixes that are not bad."""
    if "latitude" not in ds.variables or "longitude" not in ds.variables:
        return {}
    time = ds["time"].to_numpy()
    lat, lon = (ds[n].to_numpy().astype(float) for n in ("latitude", "longitude"))
    valid = np.isfinite(lat) & np.isfinite(lon) & (np.abs(lat) <= 90) & ~np.isnat(time)
    for name in ("position", "time"):
        if f"{name}_flag" in ds:
            valid &= ~np.isin(ds[f"{name}_flag"].to_numpy(), (BAD, MISSING))
    rows = np.flatnonzero(valid)
    if not rows.size:
        return {}
    rows = rows[np.argsort(time[rows], kind="stable")]
    west, east = west_and_east((lon[rows] + 180.0) % 360.0 - 180.0)
    out: dict[str, Any] = {
        "west": west,
        "east": east,
        "south": float(lat[rows].min()),
        "north": float(lat[rows].max()),
    }
    seconds = (time[rows] - time[rows[0]]) / SECOND
    kept = rows[np.unique(np.floor(seconds / _FIX_SECONDS), return_index=True)[1]]
    legs = distance_km(lat[kept[:-1]], lon[kept[:-1]], lat[kept[1:]], lon[kept[1:]])
    out["distance_km"] = float(legs.sum())
    hours = np.diff(time[kept]) / HOUR
    if legs.size and (hours > 0).all():
        speed = legs / hours / KM_PER_NAUTICAL_MILE
        fastest = int(speed.argmax())
        out["speed"] = {
            "median": float(np.median(speed)),
            "maximum": float(speed[fastest]),
            "maximum_at": iso(time[kept[fastest + 1]]),
        }
    return out


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
        ``coverage`` (see `oceanco2.summary.numbers.coverage`), ``variables`` (count,
        range and median of the values that are neither bad nor questionable, units,
        flags, tests, median uncertainty), ``standards``, ``warming``, ``delivered``
        (computed minus delivered), ``flags`` (share of the values of fCO2 by flag and
        by test), ``people`` (rows with manual flags), ``flux``, and the data set flag
        with its ``criteria``.
    """
    names = [str(n) for n in ds.data_vars if n in VARIABLES]
    times = possible_times(ds)
    period: list[str | None] = [None, None]
    if times.size:
        period = [iso(times.min()), iso(times.max())]
    evidence = Evidence(ds)
    result, rows = _result(ds)
    out: dict[str, Any] = {
        "platform": ds.attrs.get("platform_name"),
        "expocode": ds.attrs.get("expocode"),
        "period": period,
        "rows": int(ds.sizes.get("time", 0)),
        "run_types": _run_types(ds),
        "coverage": coverage(ds, rows),
        "variables": {name: _variable_numbers(ds, name) for name in names},
        "standards": standards(ds),
        "flags": _shares(ds, result, rows),
    }
    warming = warming_of(ds, evidence.water)
    out["warming"] = warming.numbers() if warming is not None else None
    out["delivered"] = [comparison.to_dict() for comparison in compare(ds)]
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
        See `oceanco2.socat.criteria.judge`.
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


def _result(ds: xr.Dataset) -> tuple[str, np.ndarray]:
    """Return the CO2 that a dataset is summarised by, and the rows with a value."""
    for name in CO2_RESULTS:
        if name in ds and np.isfinite(ds[name].to_numpy()).any():
            return name, np.isfinite(ds[name].to_numpy())
    return RESULT, np.zeros(ds.sizes.get("time", 0), dtype=bool)


def _shares(ds: xr.Dataset, name: str, rows: np.ndarray) -> dict[str, Any]:
    """Return the share of the values of CO2 by flag and by test."""
    if not rows.any() or f"{name}_flag" not in ds:
        return {}
    flag = ds[f"{name}_flag"].to_numpy()[rows]
    out: dict[str, Any] = {
        "variable": name,
        "values": int(rows.sum()),
        "by_flag": {
            name: float((flag == code).mean())
            for name, code in FLAG_VALUES.items()
            if (flag == code).any()
        },
    }
    if f"{name}_tests" in ds:
        mask = ds[f"{name}_tests"].to_numpy()[rows]
        shares = {
            test: float(((mask & bit) != 0).mean())
            for test, bit in bits_of(ds[f"{name}_tests"].attrs).items()
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
    mask, bits = ds[f"{name}_tests"].to_numpy(), bits_of(ds[f"{name}_tests"].attrs)
    counts = {test: int(((mask & bit) != 0).sum()) for test, bit in bits.items()}
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
    if not selected.any() and out["values"]:
        out["of_all_values"] = _range(values[np.isfinite(values)])
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


def run_report(ds: xr.Dataset, outputs: Iterable[str | Path] = ()) -> dict[str, Any]:
    """Return inputs, options, counts and warnings of a run, for ``--report``.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.process`.
    outputs : iterable of str or Path, optional
        Files that were written.

    Returns
    -------
    dict
        Versions, platform file, options, inputs and outputs with their SHA-256, rows,
        `summary`, warnings and notes of reading.
    """
    files = zip(ds.attrs["source_files"], ds.attrs["source_files_sha256"], strict=True)
    return {
        "run_id": ds.attrs.get("run_id"),
        "made": provenance.now(),
        "versions": json.loads(ds.attrs["versions"]),
        "platform": {
            "name": ds.attrs["platform_name"],
            "file": ds.attrs["platform_file"],
            "sha256": ds.attrs["platform_file_sha256"],
        },
        "options": json.loads(ds.attrs["options"]),
        "inputs": [{"name": name, "sha256": sha} for name, sha in files],
        "outputs": [
            {"name": Path(p).name, "sha256": digest(written(p).read_bytes())}
            for p in outputs
        ],
        "rows": {
            key: int(ds.attrs.get(f"rows_{key}", 0))
            for key in ("read", "rejected", "duplicated")
        },
        "summary": summary(ds),
        "warnings": list(ds.attrs.get("warnings", [])),
        "reading_notes": list(ds.attrs.get("reading_notes", [])),
    }
