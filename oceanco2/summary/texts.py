"""What a dataset holds and how good it is, in words and tables."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import xarray as xr

from oceanco2.qc.criteria import criteria_text
from oceanco2.summary.numbers import judged, summary

_WIDTH = 118  # of what could be longer


def summary_text(ds: xr.Dataset, crossover: bool | None = None) -> str:
    """Say in tables what a dataset holds and how good it is.

    Parameters
    ----------
    ds : xarray.Dataset
        From any room on.
    crossover : bool, optional
        Whether a high-quality crossover was found; None if nobody looked.

    Returns
    -------
    str
        Text without a final line break.
    """
    found = summary(ds, crossover)
    parts = [_head(found), _coverage_text(found["coverage"])]
    parts += [_variables_text(found["variables"]), _tests_text(found["variables"])]
    parts += [_shares_text(found["flags"]), _people_text(found["people"])]
    parts += [_standards_text(found["standards"]), _warming_text(found["warming"])]
    if "flux" in found:
        parts.append(_flux_text(found["flux"]))
    if "criteria" in found:
        parts.append(criteria_text(judged(ds, crossover)))
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
    rows: list[tuple[str, ...]] = [("test that fired", "rows")]
    for test, on in found.items():
        first, *rest = wrap(", ".join(on), _WIDTH - 18)
        rows.append((test.replace("_", " "), first))
        rows += [("", line) for line in rest]
    return _table(rows, left=2) if len(rows) > 1 else ""


def _standards_text(standards: Iterable[Mapping[str, Any]]) -> str:
    head = ("standard", "runs", "used", "read - true", "drift", "per day")
    rows: list[tuple[str, ...]] = [(*head, "residual", "longest gap")]
    for gas in standards:
        keys = ("mean_difference", "drift", "drift_per_day", "residual")
        numbers = (_short(gas.get(key)) for key in keys)
        gap = gas["longest_gap_hours"]
        counts = (str(gas["runs"]), str(gas["used"]))
        last = "" if gap is None else f"{gap:.3g} h"
        rows.append((f"{gas['xCO2']:g} umol mol-1", *counts, *numbers, last))
    return _table(rows, left=1) if len(rows) > 1 else ""


def _coverage_text(found: Mapping[str, Any]) -> str:
    if not found["samples"]:
        return ""
    lines = [f"{found['samples']:,} water samples in {found['days']:.2f} days"]
    if "share_of_time" in found:
        gaps = found["gaps"]
        lines[0] += f", one every {found['interval_minutes']:.3g} min"
        told = f"{100 * found['share_of_time']:.1f} % of the time covered"
        told += f", {gaps['number']:,} gaps"
        if gaps["longest"]:
            longest = gaps["longest"][0]
            told += f", the longest {longest['hours']:.1f} h from {longest['start']}"
        lines.append(told)
    if "west" in found:
        lines.append(
            f"{_degrees(found['south'], 'NS')} to {_degrees(found['north'], 'NS')},"
            f" {_degrees(found['west'], 'EW')} to {_degrees(found['east'], 'EW')};"
            f" {found['distance_km']:,.0f} km sailed"
        )
    if "speed" in found:
        speed = found["speed"]
        lines[-1] += (
            f"; speed {speed['median']:.1f} kn, at most {speed['maximum']:.1f} kn"
        )
    return "\n".join(lines)


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):.3f} {letters[0] if value >= 0 else letters[1]}"


def _shares_text(found: Mapping[str, Any]) -> str:
    if not found:
        return ""
    flags = (f"{100 * n:.2f} % {word}" for word, n in found["by_flag"].items())
    return f"fCO2 of the water, {found['values']:,} values: {', '.join(flags)}"


def _people_text(found: Mapping[str, Any]) -> str:
    if not found["variables"]:
        return ""
    said = (
        f"{name} {sum(about['flags'].values()):,}"
        for name, about in found["variables"].items()
    )
    return f"flagged by people ({found['lines']} lines): {', '.join(said)}"


def _warming_text(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return ""
    rate = found["rate_95_percent"]
    text = (
        f"warming: median {found['median']:.3f} degC, {found['minimum']:.3f} to"
        f" {found['maximum']:.3f}; beyond 1 degC {100 * found['share_above_1']:.3g} %,"
        f" beyond 3 degC {100 * found['share_above_3']:.3g} %"
    )
    if rate is not None:
        text += f"; 95 % of the hours change by less than {rate:.2g} degC/h"
    return text


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
