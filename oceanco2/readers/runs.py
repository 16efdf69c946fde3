"""Labels, run types and standards of the rows, from the run type columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

import numpy as np

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import Platform
from oceanco2.vocabulary import RUN_TYPES


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
    bases, run_types, notes = [], [], []
    for number, label in enumerate(unique.tolist()):
        base, run_type = resolve_label(label, patterns)
        if run_type is None:
            rows = np.flatnonzero((inverse == number) & undamaged)
            if rows.size:
                where = locate(int(rows[0]))
                notes.append(
                    _unknown_label(platform, label, rows.size, where, patterns)
                )
            run_type = "unknown"
        bases.append(base)
        run_types.append(run_type)
    codes = np.array(
        [RUN_TYPES.get(run_type, -1) for run_type in run_types], dtype=np.int8
    )[inverse]
    which = np.array(bases, dtype=object)[inverse]
    codes, which = _inherit_runs(codes, which)
    return RunRows(
        labels, codes, _standard_indices(platform, which, codes, time), notes
    )


def _label_patterns(platform: Platform, preset: Mapping[str, str]) -> dict[str, str]:
    local = platform.runs.labels if platform.runs else {}
    patterns = {k.strip().upper(): v for k, v in preset.items()}
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
    hint = did_you_mean(label.upper(), patterns)
    raise ReadError(
        f"{message}.{hint} Add it to [runs] of {platform.path}, for example"
        f' "{label}" = "ignored". Known: {", ".join(sorted(patterns))}.'
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
