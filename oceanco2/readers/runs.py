"""What the run type column says: labels, run types and standards of the rows."""

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


def classify(
    platform: Platform,
    preset: Mapping[str, str],
    labels: np.ndarray,
    time: np.ndarray,
    place: Callable[[int], str],
    judged: np.ndarray,
) -> RunRows:
    """Find the run type of every row."""
    patterns = _patterns(platform, preset)
    unique, inverse = np.unique(labels.astype(str), return_inverse=True)
    bases, words, notes = [], [], []
    for number, label in enumerate(unique.tolist()):
        base, word = resolve(label, patterns)
        if word is None:
            rows = np.flatnonzero((inverse == number) & judged)
            if rows.size:
                where = place(int(rows[0]))
                notes.append(_unknown(platform, label, rows.size, where, patterns))
            word = "unknown"
        bases.append(base)
        words.append(word)
    codes = np.array([RUN_TYPES.get(w, -1) for w in words], dtype=np.int8)[inverse]
    which = np.array(bases, dtype=object)[inverse]
    codes, which = _followed(codes, which)
    return RunRows(labels, codes, _standards(platform, which, codes, time), notes)


def _patterns(platform: Platform, preset: Mapping[str, str]) -> dict[str, str]:
    own = platform.runs.labels if platform.runs else {}
    merged = {k.strip().upper(): v for k, v in preset.items()}
    return merged | {k.strip().upper(): v for k, v in own.items()}


def resolve(label: str, patterns: Mapping[str, str]) -> tuple[str, str | None]:
    """Find what a label means.

    Examples
    --------
    >>> resolve("std2-drain", {"STD*": "standard", "*-DRAIN": "same"})
    ('STD2', 'standard')
    """
    plain = label.strip().upper()
    fits = [p for p in patterns if fnmatchcase(plain, p)]
    if not fits:
        return plain, None
    best = max(fits, key=lambda p: (p == plain, len(p.replace("*", ""))))
    word = patterns[best]
    if word == "same" and best.startswith("*"):
        base = plain.removesuffix(best[1:])
        return resolve(base, patterns) if base and base != plain else (plain, "same")
    return plain, word


def _unknown(
    platform: Platform, label: str, count: int, where: str, patterns: Mapping[str, str]
) -> str:
    said = f"{where}: run type {label!r} is not known ({count} rows)"
    if not label.strip("| "):
        return f"{where}: no run type ({count} rows): these rows are not used"
    if platform.runs and platform.runs.unknown == "ignored":
        return f"{said}: these rows are not used"
    hint = did_you_mean(label.upper(), patterns)
    raise ReadError(
        f"{said}.{hint} Say in [runs] of {platform.path} what it is, for example"
        f' "{label}" = "ignored". Known: {", ".join(sorted(patterns))}.'
    )


def _followed(codes: np.ndarray, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give rows that belong to the run before them its type."""
    own = codes >= 0
    if own.all():
        return codes, which
    last = np.maximum.accumulate(np.where(own, np.arange(codes.size), -1))
    codes = np.where(last >= 0, codes[last], RUN_TYPES["unknown"]).astype(np.int8)
    return codes, np.where(last >= 0, which[last], which)


def _standards(
    platform: Platform, which: np.ndarray, codes: np.ndarray, time: np.ndarray
) -> np.ndarray:
    out = np.full(codes.shape, -1, dtype=np.int8)
    rows = codes == RUN_TYPES["standard"]
    order = sorted(
        range(len(platform.standards)), key=lambda i: platform.standards[i].valid_from
    )
    for index in order:  # a later deployment overwrites an earlier one
        standard = platform.standards[index]
        since = np.datetime64(standard.valid_from.replace(tzinfo=None), "s")
        here = rows & (which == standard.run.strip().upper()) & (time >= since)
        out[here] = index
    return out
