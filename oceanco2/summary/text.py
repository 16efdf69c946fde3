"""Coverage, ranges and quality of a dataset, as text with tables."""

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import xarray as xr

from oceanco2.socat.criteria import criteria_text
from oceanco2.socat.criteria.evidence import RESULT
from oceanco2.summary.numbers import data_set_flag, summary

_WIDTH = 118  # of lines that may be longer


def summary_text(ds: xr.Dataset, crossover: bool | None = None) -> str:
    """Return coverage, ranges and quality of a dataset as text.

    Parameters
    ----------
    ds : xarray.Dataset
        From any processing step.
    crossover : bool, optional
        Whether a high-quality crossover was found; None if not checked.

    Returns
    -------
    str
        Text without a final line break.
    """
    numbers = summary(ds, crossover)
    parts = [_header_text(numbers), _coverage_text(numbers["coverage"])]
    parts += [_variables_text(numbers["variables"]), _tests_text(numbers["variables"])]
    parts += [_shares_text(numbers["flags"]), _manual_text(numbers["people"])]
    parts += [_standards_text(numbers["standards"]), _warming_text(numbers["warming"])]
    parts.append(_delivered_text(numbers["delivered"]))
    if "flux" in numbers:
        parts.append(_flux_text(numbers["flux"]))
    if "criteria" in numbers:
        parts.append(criteria_text(data_set_flag(ds, crossover)))
    return "\n\n".join(part for part in parts if part)


def _header_text(numbers: Mapping[str, Any]) -> str:
    first, last = numbers["period"]
    lines = [f"{numbers['platform'] or 'dataset'}, {first} to {last}"]
    kinds = ", ".join(f"{n:,} {word}" for word, n in numbers["run_types"].items())
    lines.append(f"{numbers['rows']:,} rows{f': {kinds}' if kinds else ''}")
    return "\n".join(lines)


_FLAG_NAMES = ("good", "questionable", "bad", "missing", "not_evaluated")


def _variables_text(variables: Mapping[str, Mapping[str, Any]]) -> str:
    flag_names = [
        w
        for w in _FLAG_NAMES
        if any(w in v.get("flags", {}) for v in variables.values())
    ]
    head = ("variable", "units", "minimum", "median", "maximum", "sigma")
    rows: list[tuple[str, ...]]
    rows = [(*head, *(w.replace("_", " ") for w in flag_names))]
    none_is_good = False
    for name, numbers in variables.items():
        if not numbers["values"]:
            continue
        keys, of_all = ("minimum", "median", "maximum"), numbers.get("of_all_values")
        none_is_good |= of_all is not None
        texts = [_format_number((of_all or numbers)[key]) for key in keys]
        if of_all is not None:
            texts = [f"({text})" for text in texts]
        texts.append(_format_number(numbers.get("uncertainty")))
        flags = numbers.get("flags")
        counts = [f"{flags.get(w, 0):,}" if flags else "" for w in flag_names]
        rows.append((name, numbers["units"], *texts, *counts))
    note = "\n( ) of all values: none of them is good" if none_is_good else ""
    return _table(rows, left=2) + note if len(rows) > 1 else ""


def _format_number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if abs(value) >= 1000 else f"{value:.4g}"


#: Intermediate results, which repeat the tests of their inputs.
_INTERMEDIATE = ("solubility", "transfer_velocity", "fCO2_atm_wet_flux")


def _tests_text(variables: Mapping[str, Mapping[str, Any]]) -> str:
    rows_by_test: dict[str, list[str]] = {}
    for name, numbers in variables.items():
        if name in _INTERMEDIATE or name.startswith(
            ("pCO2_", "xCO2_", "fCO2_water_Tequ")
        ):
            continue
        for test, n in numbers.get("tests", {}).items():
            # Missing values are in the table of flags already.
            if test not in ("missing", "input"):
                rows_by_test.setdefault(test, []).append(f"{name} {n:,}")
    rows: list[tuple[str, ...]] = [("test", "flagged rows")]
    for test, counts in rows_by_test.items():
        first, *rest = wrap(", ".join(counts), _WIDTH - 18)
        rows.append((test.replace("_", " "), first))
        rows += [("", line) for line in rest]
    return _table(rows, left=2) if len(rows) > 1 else ""


def _standards_text(standards: Iterable[Mapping[str, Any]]) -> str:
    head = ("standard", "runs", "used", "read - true", "drift", "per day")
    rows: list[tuple[str, ...]] = [(*head, "residual", "longest gap")]
    for gas in standards:
        keys = ("mean_difference", "drift", "drift_per_day", "residual")
        numbers = (_format_number(gas.get(key)) for key in keys)
        gap = gas["longest_gap_hours"]
        counts = (str(gas["runs"]), str(gas["used"]))
        last = "" if gap is None else f"{gap:.3g} h"
        rows.append((f"{gas['xCO2']:g} umol mol-1", *counts, *numbers, last))
    return _table(rows, left=1) if len(rows) > 1 else ""


def _coverage_text(coverage: Mapping[str, Any]) -> str:
    if not coverage["samples"]:
        return ""
    lines = [f"{coverage['samples']:,} water samples in {coverage['days']:.2f} days"]
    if "share_of_time" in coverage:
        gaps = coverage["gaps"]
        lines[0] += f", one every {coverage['interval_minutes']:.3g} min"
        text = f"{100 * coverage['share_of_time']:.1f} % of the time covered"
        text += f", {gaps['number']:,} gaps"
        if gaps["longest"]:
            longest = gaps["longest"][0]
            text += f", the longest {longest['hours']:.1f} h from {longest['start']}"
        lines.append(text)
    if "west" in coverage:
        south, north = (_degrees(coverage[side], "NS") for side in ("south", "north"))
        west, east = (_degrees(coverage[side], "EW") for side in ("west", "east"))
        lines.append(
            f"{south} to {north}, {west} to {east};"
            f" {coverage['distance_km']:,.0f} km sailed"
        )
    if "speed" in coverage:
        speed = coverage["speed"]
        lines[-1] += (
            f"; speed {speed['median']:.1f} kn, at most {speed['maximum']:.1f} kn"
        )
    return "\n".join(lines)


def _degrees(value: float, letters: str) -> str:
    return f"{abs(value):.3f} {letters[0] if value >= 0 else letters[1]}"


def _shares_text(shares: Mapping[str, Any]) -> str:
    if not shares:
        return ""
    flags = (f"{100 * n:.2f} % {word}" for word, n in shares["by_flag"].items())
    name = shares.get("variable", RESULT)
    what = "fCO2 of the water" if name == RESULT else name
    return f"{what}, {shares['values']:,} values: {', '.join(flags)}"


def _manual_text(manual: Mapping[str, Any]) -> str:
    if not manual["variables"]:
        return ""
    counts = (
        f"{name} {sum(entry['flags'].values()):,}"
        for name, entry in manual["variables"].items()
    )
    return f"manual flags ({manual['lines']} entries): {', '.join(counts)}"


def _warming_text(warming: Mapping[str, Any] | None) -> str:
    if warming is None:
        return ""
    rate = warming["rate_95_percent"]
    text = (
        f"warming: median {warming['median']:.3f} degC, {warming['minimum']:.3f} to"
        f" {warming['maximum']:.3f};"
        f" beyond 1 degC {100 * warming['share_above_1']:.3g} %,"
        f" beyond 3 degC {100 * warming['share_above_3']:.3g} %"
    )
    if warming["median"] < 0.0:
        text += "; colder than the sea: T_equ and SST may be exchanged"
    if rate is not None:
        text += f"; 95 % of the hours change by less than {rate:.2g} degC/h"
    return text


def _delivered_text(comparisons: Iterable[Mapping[str, Any]]) -> str:
    """Return how far results are from those that came with the file."""
    head = ("computed - delivered", "rows", "median", "95 %", "largest", "agree")
    rows: list[tuple[str, ...]] = [(*head, "within")]
    notes = []
    for numbers in comparisons:
        name, fit = numbers["variable"], numbers["fit"]
        values = (f"{fit[key]:.3f}" for key in ("percentile_95", "largest"))
        share = f"{100 * fit['share']:.1f} %"
        median = f"{fit['median']:+.3f}"
        count, within = f"{fit['rows']:,}", f"{fit['tolerance']:.3f}"
        rows.append((name, count, median, *values, share, within))
        accepted = "differs, as the platform file says" if numbers["accepted"] else ""
        if numbers["computed"] != name:
            accepted = f"has the values of {numbers['computed']}"
        notes += [f"{name}: {text}" for text in (accepted, numbers["better"]) if text]
    if len(rows) == 1:
        return ""
    return "\n".join([_table(rows, left=1), *notes])


def _flux_text(flux: Mapping[str, Any]) -> str:
    if flux["mean"] is None:
        return "flux: no row with a good value"
    direction = "out of" if flux["mean"] > 0 else "into"
    text = f"flux: mean {_format_number(flux['mean'])} {flux['units']},"
    text += f" {direction} the ocean, {flux['rows']:,} good rows"
    if flux.get("uncertainty") is not None:
        text += f"; one row +- {_format_number(flux['uncertainty'])}"
    if flux.get("uncertainty_systematic") is not None:
        systematic = _format_number(flux["uncertainty_systematic"])
        text += f", of which {systematic} is shared by all rows"
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
