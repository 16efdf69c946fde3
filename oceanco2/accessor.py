"""``ds.co2``: looking at a dataset, not processing it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.errors import UnknownNameError
from oceanco2.vocabulary import (
    FLAG_VALUES,
    GOOD,
    RUN_TYPES,
    TEST_BITS,
    VARIABLES,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

_FLUX = "flux_CO2"


@xr.register_dataset_accessor("co2")
class CO2Accessor:
    """What ``ds.co2`` offers.

    Parameters
    ----------
    ds : xarray.Dataset
        The dataset that is looked at.
    """

    def __init__(self, ds: xr.Dataset) -> None:
        self._ds = ds

    def good(self, name: str, *flags: int) -> xr.DataArray:
        """Return a variable with NaN where it is not good.

        Parameters
        ----------
        name : str
            A variable that has a flag.
        *flags : int
            WOCE flags to keep; 2 (good) by default.

        Returns
        -------
        xarray.DataArray
            A copy of the variable, its attributes kept.

        Raises
        ------
        UnknownNameError
            If there is no such variable, or none with a flag.
        """
        flagged = [str(n) for n in self._ds.data_vars if f"{n}_flag" in self._ds]
        if name not in flagged:
            raise UnknownNameError("variable with a flag", name, flagged)
        keep = self._ds[f"{name}_flag"].isin(flags or (GOOD,))
        return self._ds[name].where(keep)

    def flag_counts(self, name: str) -> dict[str, int]:
        """Count the flags of a variable.

        Parameters
        ----------
        name : str
            A variable that has a flag.

        Returns
        -------
        dict of str to int
            Word of the flag to number of rows; flags that occur only.
        """
        return _flags(self._ds, name)

    def doubts(self, name: str | None = None) -> "pd.DataFrame":
        """Say of every doubtful value which test found what beyond which limit.

        Parameters
        ----------
        name : str, optional
            One variable; all that have flags by default.

        Returns
        -------
        pandas.DataFrame
            See `oceanco2.qc.explain`.
        """
        from oceanco2.qc import explain

        return explain(self._ds, name)

    def summary(self) -> str:
        """Return counts, ranges, flags and tests as text.

        Returns
        -------
        str
            Some tables; `summary` of this module gives the numbers.
        """
        return summary_text(self._ds)

    def overview(self) -> "Figure":
        """Draw everything in one picture.

        Returns
        -------
        matplotlib.figure.Figure
            See `oceanco2.figures.overview`.
        """
        from oceanco2.figures import overview

        return overview(self._ds)

    def plot(self, *names: str) -> "Figure":
        """Draw variables against time, coloured by their flags.

        Parameters
        ----------
        *names : str
            Variables; fCO2 of the water by default.

        Returns
        -------
        matplotlib.figure.Figure
            See `oceanco2.figures.series`.
        """
        from oceanco2.figures import series

        return series(self._ds, *(names or ("fCO2_water_SST_wet",)))

    def track(self, name: str = "fCO2_water_SST_wet") -> "Figure":
        """Draw where a variable was measured.

        Parameters
        ----------
        name : str, default "fCO2_water_SST_wet"
            Variable that colours the track.

        Returns
        -------
        matplotlib.figure.Figure
            See `oceanco2.figures.track`.
        """
        from oceanco2.figures import track

        return track(self._ds, name)


def summary(ds: xr.Dataset) -> dict[str, Any]:
    """Say in numbers what a dataset holds and how good it is.

    Parameters
    ----------
    ds : xarray.Dataset
        From any room on.

    Returns
    -------
    dict
        Ready for JSON: ``platform``, ``period``, ``rows``, ``run_types``,
        ``variables`` (count, range and median of the values that are neither bad nor
        questionable, units, flags, tests, median uncertainty), ``standards`` and
        ``flux``.
    """
    names = [str(n) for n in ds.data_vars if n in VARIABLES]
    times = ds["time"].to_numpy()
    times = times[~np.isnat(times)]
    period: list[str | None] = [None, None]
    if times.size:
        period = [_iso(times.min()), _iso(times.max())]
    out: dict[str, Any] = {
        "platform": ds.attrs.get("platform_name"),
        "period": period,
        "rows": int(ds.sizes.get("time", 0)),
        "run_types": _run_types(ds),
        "variables": {name: _variable(ds, name) for name in names},
        "standards": _standards(ds),
    }
    if _FLUX in ds:
        out["flux"] = _flux(ds)
    return out


def _iso(moment: np.datetime64) -> str:
    return f"{np.datetime_as_string(moment, unit='s')}Z"


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


def _variable(ds: xr.Dataset, name: str) -> dict[str, Any]:
    values = ds[name].to_numpy()
    there = np.isfinite(values)
    out: dict[str, Any] = {"units": VARIABLES[name].units, "values": int(there.sum())}
    if f"{name}_flag" in ds:
        there &= ds[f"{name}_flag"].to_numpy() <= GOOD
        out["flags"] = _flags(ds, name)
    if f"{name}_tests" in ds:
        out["tests"] = _tests(ds, name)
    out |= _range(values[there])
    if f"{name}_uncertainty" in ds:
        sigma = ds[f"{name}_uncertainty"].to_numpy()[there]
        out["uncertainty"] = _number(np.median, sigma[np.isfinite(sigma)])
    return out


def _range(values: np.ndarray) -> dict[str, float | None]:
    ways = {"minimum": np.min, "median": np.median, "maximum": np.max}
    return {word: _number(way, values) for word, way in ways.items()}


def _number(way: Any, values: np.ndarray) -> float | None:
    return float(way(values)) if values.size else None


def _standards(ds: xr.Dataset) -> list[dict[str, Any]]:
    if not ds.sizes.get("standard_run") or "standard_run_true" not in ds:
        return []
    true = ds["standard_run_true"].to_numpy()
    off = ds["standard_run_measured"].to_numpy() - true
    used = np.ones(true.size, dtype=bool)
    if "standard_run_used" in ds:
        used = ds["standard_run_used"].to_numpy() > 0
    rows = []
    for concentration in np.unique(true[np.isfinite(true)]):
        mine = true == concentration
        seen = off[mine & np.isfinite(off)]
        rows.append(
            {
                "xCO2": float(concentration),
                "runs": int(mine.sum()),
                "used": int((mine & used).sum()),
                "mean_difference": _number(np.mean, seen),
                "drift": _number(np.ptp, seen),
            }
        )
    return rows


def _flux(ds: xr.Dataset) -> dict[str, Any]:
    values = ds[_FLUX].to_numpy()
    there = np.isfinite(values)
    if f"{_FLUX}_flag" in ds:
        there &= ds[f"{_FLUX}_flag"].to_numpy() <= GOOD
    about = ds[_FLUX].attrs
    out: dict[str, Any] = {
        "method": about.get("method"),
        "scheme": about.get("scheme"),
        "references": about.get("references"),
        "units": VARIABLES[_FLUX].units,
        "rows": int(there.sum()),
        "mean": _number(np.mean, values[there]),
    }
    for part in ("uncertainty", "uncertainty_systematic"):
        if f"{_FLUX}_{part}" in ds:
            sigma = ds[f"{_FLUX}_{part}"].to_numpy()[there]
            out[part] = _number(np.median, sigma[np.isfinite(sigma)])
    return out


def summary_text(ds: xr.Dataset) -> str:
    """Say in tables what a dataset holds and how good it is.

    Parameters
    ----------
    ds : xarray.Dataset
        From any room on.

    Returns
    -------
    str
        Text without a final line break.
    """
    found = summary(ds)
    parts = [_head(found), _variables_text(found["variables"])]
    parts += [_tests_text(found["variables"]), _standards_text(found["standards"])]
    if "flux" in found:
        parts.append(_flux_text(found["flux"]))
    return "\n\n".join(part for part in parts if part)


def _head(found: Mapping[str, Any]) -> str:
    first, last = found["period"]
    lines = [f"{found['platform'] or 'dataset'}, {first} to {last}"]
    kinds = ", ".join(f"{n:,} {word}" for word, n in found["run_types"].items())
    lines.append(f"{found['rows']:,} rows{f': {kinds}' if kinds else ''}")
    return "\n".join(lines)


_WORDS = ("good", "questionable", "bad", "missing", "not_evaluated")


def _variables_text(variables: Mapping[str, Mapping[str, Any]]) -> str:
    words = [
        w for w in _WORDS if any(w in v.get("flags", {}) for v in variables.values())
    ]
    head = ("variable", "units", "minimum", "median", "maximum", "sigma")
    rows: list[tuple[str, ...]]
    rows = [(*head, *(w.replace("_", " ") for w in words))]
    for name, about in variables.items():
        if not about["values"]:
            continue
        numbers = [about["minimum"], about["median"], about["maximum"]]
        numbers.append(about.get("uncertainty"))
        flags = about.get("flags")
        counts = [f"{flags.get(w, 0):,}" if flags else "" for w in words]
        rows.append((name, about["units"], *map(_short, numbers), *counts))
    return _table(rows, left=2) if len(rows) > 1 else ""


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if abs(value) >= 1000 else f"{value:.4g}"


#: Steps on the way, whose tests are those of their inputs again.
_STEPS = ("solubility", "transfer_velocity", "fCO2_atm_wet_flux")


def _tests_text(variables: Mapping[str, Mapping[str, Any]]) -> str:
    found: dict[str, list[str]] = {}
    for name, about in variables.items():
        if name in _STEPS or name.startswith(("pCO2_", "xCO2_", "fCO2_water_Tequ")):
            continue
        for test, n in about.get("tests", {}).items():
            # A missing value is in the table of flags already.
            if test not in ("missing", "input"):
                found.setdefault(test, []).append(f"{name} {n:,}")
    rows = [(test.replace("_", " "), ", ".join(on)) for test, on in found.items()]
    return _table([("test that fired", "rows"), *rows], left=2) if rows else ""


def _standards_text(standards: Iterable[Mapping[str, Any]]) -> str:
    rows: list[tuple[str, ...]]
    rows = [("standard", "runs", "used", "read - true", "drift")]
    for gas in standards:
        numbers = map(_short, (gas["mean_difference"], gas["drift"]))
        counts = (str(gas["runs"]), str(gas["used"]))
        rows.append((f"{gas['xCO2']:g} umol mol-1", *counts, *numbers))
    return _table(rows, left=1) if len(rows) > 1 else ""


def _flux_text(flux: Mapping[str, Any]) -> str:
    if flux["mean"] is None:
        return "flux: no row with a good value"
    way = "out of" if flux["mean"] > 0 else "into"
    text = f"flux: mean {_short(flux['mean'])} {flux['units']}, {way} the ocean"
    text += f", {flux['rows']:,} good rows"
    if flux.get("uncertainty") is not None:
        text += f"; one row +- {_short(flux['uncertainty'])}"
    if flux.get("uncertainty_systematic") is not None:
        text += f", of which {_short(flux['uncertainty_systematic'])} for all alike"
    return f"{text}\n      {flux['references']}" if flux["references"] else text


def _table(rows: Sequence[tuple[str, ...]], left: int) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = (
            cell.ljust(width) if i < left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
