"""Run types, labels and standards of the rows; running means within a run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from oceanco2.errors import ReadError, not_found
from oceanco2.platforms import Platform
from oceanco2.platforms.contradictions import unanswered
from oceanco2.readers.times import Cells
from oceanco2.vocabulary import RUN_TYPES

#: Column of a General Oceanics log: the concentration that the operator typed.
STANDARD_VALUE = "std val"
#: Relative difference of a typed concentration that is too large, from 100 umol mol-1;
#: the scales X2007 and X2019 differ by 0.0004.
_LARGE_DIFFERENCE = 0.001


@dataclass(frozen=True, slots=True)
class RunRows:
    """Run types of the rows of a stream."""

    labels: np.ndarray
    run_type: np.ndarray
    standard: np.ndarray
    notes: list[str]


def classify_runs(
    platform: Platform,
    preset: Mapping[str, str],
    labels: np.ndarray,
    time: np.ndarray,
    locate: Callable[[int], str],
    undamaged: np.ndarray,
) -> RunRows:
    """Find the run type of every row."""
    patterns = _label_patterns(platform, preset)
    unique, inverse = np.unique(labels.astype(str), return_inverse=True)
    usual = {k.strip().upper(): v for k, v in (preset or _USUAL).items()}
    bases, run_types = [], []
    notes: list[str] = []
    for number, label in enumerate(unique.tolist()):
        base, run_type = resolve_label(label, patterns)
        rows = np.flatnonzero((inverse == number) & undamaged)
        if rows.size:
            entry = (platform, label, rows.size, locate(int(rows[0])))
            if run_type is None:
                notes.append(_unknown_label(*entry, patterns))
            else:
                notes += _unusual_label(*entry, run_type, usual)
        bases.append(base)
        run_types.append(run_type or "unknown")
    codes = np.array(
        [RUN_TYPES.get(run_type, -1) for run_type in run_types], dtype=np.int8
    )[inverse]
    which = np.array(bases, dtype=object)[inverse]
    codes, which = _inherit_runs(codes, which)
    return RunRows(
        labels, codes, _standard_indices(platform, which, codes, time), notes
    )


#: What labels mean where a format does not say it.
_USUAL = {
    **{"EQU*": "water", "WATER*": "water", "ATM*": "air", "AIR*": "air"},
    **{"STD*": "standard", "STANDARD*": "standard", "ZERO*": "zero", "SPAN*": "span"},
    **dict.fromkeys(("EMERGENCY STOP", "GO TO SLEEP", "SHUT DOWN"), "ignored"),
    **dict.fromkeys(("FILTER*", "FLUSH*", "IGN", "WAKE UP"), "ignored"),
    "*-DRAIN": "same",
}
_SAMPLES = ("water", "air")


def _unusual_label(
    platform: Platform,
    label: str,
    count: int,
    where: str,
    run_type: str,
    usual: Mapping[str, str],
) -> list[str]:
    """Warn of a label of another gas that is read as water or air, or the reverse."""
    meaning = resolve_label(label, usual)[1]
    if meaning in (None, "same", run_type) or run_type == "same":
        return []
    if run_type not in _SAMPLES and meaning not in _SAMPLES:
        return []
    message = (
        f"{where}: run type {label!r} ({count} rows) is {run_type!r} in"
        f" {platform.path}, but usually {meaning!r}"
    )
    return unanswered(platform.accepted, "runs", message, label)


def _label_patterns(platform: Platform, preset: Mapping[str, str]) -> dict[str, str]:
    local = platform.runs.labels if platform.runs else {}
    patterns = {k.strip().upper(): v for k, v in preset.items()}
    # A zero gas with a concentration of its own is used as a standard.
    labels = (standard.run.strip().upper() for standard in platform.standards)
    patterns |= {n: "standard" for n in labels if patterns.get(n) == "zero"}
    return patterns | {k.strip().upper(): v for k, v in local.items()}


def resolve_label(label: str, patterns: Mapping[str, str]) -> tuple[str, str | None]:
    """Find the run type of a label, and the label that it belongs to.

    Examples
    --------
    >>> resolve_label("std2-drain", {"STD*": "standard", "*-DRAIN": "same"})
    ('STD2', 'standard')
    """
    simplified = label.strip().upper()
    matches = [p for p in patterns if fnmatchcase(simplified, p)]
    if not matches:
        return simplified, None
    best = max(matches, key=lambda p: (p == simplified, len(p.replace("*", ""))))
    run_type = patterns[best]
    if run_type == "same" and best.startswith("*"):
        base = simplified.removesuffix(best[1:])
        return (
            resolve_label(base, patterns)
            if base and base != simplified
            else (simplified, "same")
        )
    return simplified, run_type


def _unknown_label(
    platform: Platform, label: str, count: int, where: str, patterns: Mapping[str, str]
) -> str:
    message = f"{where}: unknown run type {label!r} ({count} rows)"
    if not label.strip("| "):
        return f"{where}: no run type ({count} rows): these rows are not used"
    if platform.runs and platform.runs.unknown == "ignored":
        return f"{message}: these rows are not used"
    unknown = not_found("run type", label, sorted(patterns))
    raise ReadError(
        f"{where}: {unknown} Add it ({count} rows) to [runs] of {platform.path},"
        f' for example "{label}" = "ignored".'
    )


def _inherit_runs(
    codes: np.ndarray, which: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows that continue the run before them get its type."""
    has_type = codes >= 0
    if has_type.all():
        return codes, which
    last = np.maximum.accumulate(np.where(has_type, np.arange(codes.size), -1))
    codes = np.where(last >= 0, codes[last], RUN_TYPES["unknown"]).astype(np.int8)
    return codes, np.where(last >= 0, which[last], which)


def _standard_indices(
    platform: Platform, which: np.ndarray, codes: np.ndarray, time: np.ndarray
) -> np.ndarray:
    out = np.full(codes.shape, -1, dtype=np.int8)
    rows = codes == RUN_TYPES["standard"]
    order = sorted(
        range(len(platform.standards)), key=lambda i: platform.standards[i].valid_from
    )
    for index in order:  # a later deployment replaces an earlier one
        standard = platform.standards[index]
        since = np.datetime64(standard.valid_from.replace(tzinfo=None), "s")
        selected = rows & (which == standard.run.strip().upper()) & (time >= since)
        out[selected] = index
    return out


def compare_standards(
    platform: Platform, rows: Cells, labels: np.ndarray, standards: np.ndarray
) -> list[str]:
    """Compare ``std val``, typed by the operator, with the platform file."""
    try:
        typed = rows.numbers(STANDARD_VALUE)[0]
    except ReadError:
        return []
    messages = []
    for index, standard in enumerate(platform.standards):
        # zero and span runs of real logs have a value of 0, others none
        selected = (standards == index) & np.isfinite(typed) & (typed != 0.0)
        limit = _LARGE_DIFFERENCE * max(standard.xCO2, 100.0)
        off = selected & (np.abs(typed - standard.xCO2) > limit)
        if off.any():
            values = ", ".join(f"{v:g}" for v in np.unique(typed[off])[:3])
            message = (
                f"run {labels[off][0]}: {STANDARD_VALUE!r} is {values} in {off.sum()}"
                f" of {selected.sum()} rows, the platform file says {standard.xCO2:g}"
                " (which is used)"
            )
            answers = platform.accepted
            messages += unanswered(answers, "standards", message, standard.run)
    return messages


#: Run types whose CO2 is not that of water, and not that of air.
_NOT_WATER = [RUN_TYPES[word] for word in ("air", "standard", "zero", "span")]
_NOT_AIR = [RUN_TYPES[word] for word in ("water", "standard", "zero", "span")]


def of_other_runs(platform: Platform, name: str, runs: RunRows | None) -> np.ndarray:
    """Return mask or indices of rows whose CO2 is not that of a variable.

    A variable of air loses rows only where it shares its column with one of water:
    a column of its own may repeat the air in every row.
    """
    none = np.zeros(0, dtype=np.intp)
    source = platform.variables.get(name)
    if runs is None or source is None or not source.columns or "CO2_" not in name:
        return none
    if "_water_" in name:
        return np.isin(runs.run_type, _NOT_WATER)
    is_shared = any(
        "CO2_water_" in other and entry.columns == source.columns
        for other, entry in platform.variables.items()
    )
    return np.isin(runs.run_type, _NOT_AIR) if is_shared else none


def running_mean(
    values: np.ndarray, seconds: np.ndarray, window: float, segment: np.ndarray
) -> np.ndarray:
    """Return the mean over a centred time window within a segment; NaN are ignored.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(5.0)
    >>> running_mean(np.array([0.0, 3.0, 6.0, 9.0, 0.0]), t, 2.0, t > 3)
    array([1.5, 3. , 6. , 7.5, 0. ])
    """
    if not values.size:
        return values.copy()
    starts = np.flatnonzero(np.diff(segment.astype(np.int64), prepend=-1) != 0)
    which = np.searchsorted(starts, np.arange(values.size), side="right") - 1
    ends = np.append(starts[1:], values.size)
    half = window / 2.0
    first = np.searchsorted(seconds, seconds - half, side="left")
    last = np.searchsorted(seconds, seconds + half, side="right")
    first = np.maximum(first, starts[which])
    last = np.minimum(last, ends[which])
    is_finite = np.isfinite(values)
    # Differences from the mean keep more digits in the sums.
    overall_mean = values[is_finite].mean() if is_finite.any() else 0.0
    total = np.concatenate(
        [[0.0], np.cumsum(np.where(is_finite, values - overall_mean, 0.0))]
    )
    count = np.concatenate([[0], np.cumsum(is_finite)])
    window_count = count[last] - count[first]
    mean = overall_mean + (total[last] - total[first]) / np.maximum(window_count, 1)
    return np.where(is_finite, mean, np.nan)
