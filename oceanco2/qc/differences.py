"""Compare the flags of two files: what changed, how, and on which rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, choose
from oceanco2.qc.manual import NO_MANUAL_FLAG, ManualFlag, flag_arrays, flagged_names
from oceanco2.vocabulary import FLAG_VALUES

LAYERS = ("effective", "automatic", "manual")
_FLAG_NAMES = {code: word for word, code in FLAG_VALUES.items()}
Side = xr.Dataset | list[ManualFlag]


@dataclass(frozen=True, slots=True)
class Change:
    """A period in which a flag changed in one way."""

    variable: str
    start: str
    end: str
    rows: int | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Differences:
    """The result of `differences`."""

    layer: str
    rows: int | None = None
    rows_only_a: int | None = None
    rows_only_b: int | None = None
    only_a: list[str] = field(default_factory=list)
    only_b: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def counts(self) -> dict[str, dict[tuple[int, int], int]]:
        """Count changes by variable."""
        out: dict[str, dict[tuple[int, int], int]] = {}
        for change in self.changes:
            counts = out.setdefault(change.variable, {})
            pair = (change.before, change.after)
            counts[pair] = counts.get(pair, 0) + (
                1 if change.rows is None else change.rows
            )
        return out

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        variables = {
            name: {
                "changed": sum(pairs.values()),
                "counts": [
                    {"from": a, "to": b, "rows": n} for (a, b), n in pairs.items()
                ],
                "changes": [
                    {
                        "start": change.start,
                        "end": change.end,
                        "rows": change.rows,
                        "from": change.before,
                        "to": change.after,
                    }
                    for change in self.changes
                    if change.variable == name
                ],
            }
            for name, pairs in self.counts().items()
        }
        rows = (self.rows, self.rows_only_a, self.rows_only_b)
        unmatched = any((self.rows_only_a, self.rows_only_b, self.only_a, self.only_b))
        return {
            "identical": not self.changes and not unmatched,
            "layer": self.layer,
            "rows": dict(zip(("both", "only_a", "only_b"), rows, strict=True)),
            "variables_only_a": self.only_a,
            "variables_only_b": self.only_b,
            "variables": variables,
        }

    def text(self) -> str:
        """Return the differences as text."""
        lines = []
        if self.rows is not None:
            lines.append(
                f"{self.layer} flags of {self.rows:,} rows compared;"
                f" {self.rows_only_a:,} rows only in A, {self.rows_only_b:,} only in B"
            )
        for side, names in (("A", self.only_a), ("B", self.only_b)):
            if names:
                lines.append(f"flags only in {side}: {', '.join(names)}")
        for name, pairs in self.counts().items():
            unit = "periods" if self.rows is None else "rows"
            counts = (
                f"{_change_text(a, b)} {n:,} {unit}" for (a, b), n in pairs.items()
            )
            lines.append(f"{name}: {', '.join(counts)}")
            lines += [_change_line(c) for c in self.changes if c.variable == name]
        if self.rows == 0:
            lines.append("the datasets have no times in common: nothing to compare")
        elif not self.changes:
            lines.append("no flag differs")
        return "\n".join(lines)


def _change_text(before: int, after: int) -> str:
    return f"{_FLAG_NAMES[before]} -> {_FLAG_NAMES[after]}".replace("_", " ")


def _change_line(change: Change) -> str:
    period = " to ".join(dict.fromkeys((change.start, change.end)))
    rows = "" if change.rows is None else f"  {change.rows:,} rows"
    return f"  {period}{rows}  {_change_text(change.before, change.after)}"


def differences(a: Side, b: Side, layer: str = "effective") -> Differences:
    """Compare the flags of two datasets, two lists of manual flags, or one of each.

    Parameters
    ----------
    a, b : xarray.Dataset or list of ManualFlag
        Datasets are compared row by row, paired by time; two lists period by
        period; a list and a dataset by the manual flags that the dataset contains.
    layer : str, default "effective"
        ``"effective"``, ``"automatic"`` or ``"manual"``; for lists only the last.

    Returns
    -------
    Differences
        Empty if the flags are the same.

    Raises
    ------
    OptionError
        If there is no such layer.
    ProcessingError
        If a dataset has no flags, or lacks a variable that a list names.
    """
    choose("layer", layer, LAYERS)
    if isinstance(a, xr.Dataset) and isinstance(b, xr.Dataset):
        return _of_datasets(a, b, layer)
    if isinstance(a, xr.Dataset):
        times, names = a["time"].to_numpy(), _flagged(a)
        rows: int | None = times.size
    elif isinstance(b, xr.Dataset):
        times, names, rows = b["time"].to_numpy(), _flagged(b), b["time"].size
    else:
        times, names, rows = (
            _period_points([*a, *b]),
            [e.variable for e in [*a, *b]],
            None,
        )
    times_only = xr.Dataset(coords={"time": times})
    flags_a, flags_b = (_manual_flags(side, times_only, names) for side in (a, b))
    changes = _all_changes(times, flags_a, flags_b, by_period=rows is None)
    unmatched = None if rows is None else 0
    return Differences("manual", rows, unmatched, unmatched, changes=changes)


def _flagged(ds: xr.Dataset) -> list[str]:
    names = flagged_names(ds)
    if not names:
        raise ProcessingError("the dataset has no flags: nothing to compare")
    return names


def _manual_flags(
    side: Side, times_only: xr.Dataset, names: Iterable[str]
) -> dict[str, np.ndarray]:
    if isinstance(side, xr.Dataset):
        return _layer(side, "manual")
    path = side[0].file if side else ""
    return flag_arrays(side, times_only, dict.fromkeys(names), path)


def _layer(ds: xr.Dataset, layer: str) -> dict[str, np.ndarray]:
    end = "_flag" if layer == "effective" else f"_flag_{layer}"
    names = [name for name in _flagged(ds) if f"{name}{end}" in ds]
    return {name: ds[f"{name}{end}"].to_numpy() for name in names}


def _of_datasets(a: xr.Dataset, b: xr.Dataset, layer: str) -> Differences:
    flags_a, flags_b = _layer(a, layer), _layer(b, layer)
    rows_a, rows_b = _pairs(a["time"].to_numpy(), b["time"].to_numpy())
    times = a["time"].to_numpy()[rows_a]
    flags_a = {name: flags[rows_a] for name, flags in flags_a.items()}
    flags_b = {name: flags[rows_b] for name, flags in flags_b.items()}
    only: tuple[list[str], list[str]] = ([], [])
    if layer != "manual":  # without manual flags there is no variable
        only = (
            [n for n in flags_a if n not in flags_b],
            [n for n in flags_b if n not in flags_a],
        )
        flags_a, flags_b = (
            {n: s[n] for n in flags_a if n in flags_b} for s in (flags_a, flags_b)
        )
    return Differences(
        layer,
        rows_a.size,
        a["time"].size - rows_a.size,
        b["time"].size - rows_b.size,
        *only,
        changes=_all_changes(times, flags_a, flags_b, by_period=False),
    )


def _pairs(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pair rows of the same time; of equal times the first with the first."""
    if a.size == b.size and (a == b).all():
        rows = np.arange(a.size)
        return rows, rows
    import pandas as pd

    keys = [
        pd.MultiIndex.from_arrays([side, pd.Series(side).groupby(side).cumcount()])
        for side in (a, b)
    ]
    matches = keys[1].get_indexer(keys[0])
    rows_a = np.flatnonzero(matches >= 0)
    return rows_a, matches[rows_a]


def _period_points(entries: Iterable[ManualFlag]) -> np.ndarray:
    """Return every time at which a flag may change, and one between any two."""
    bounds = np.unique(
        np.array(
            [t.removesuffix("Z") for e in entries for t in (e.start, e.end)],
            dtype="datetime64[ns]",
        )
    )
    between = bounds[:-1] + (bounds[1:] - bounds[:-1]) // 2
    return np.sort(np.concatenate([bounds, between]))


def _all_changes(
    times: np.ndarray,
    left: dict[str, np.ndarray],
    right: dict[str, np.ndarray],
    by_period: bool,
) -> list[Change]:
    no_flags = np.full(times.shape, NO_MANUAL_FLAG, np.int8)
    out = []
    for name in dict.fromkeys([*left, *right]):
        flags = left.get(name, no_flags), right.get(name, no_flags)
        out += _changes(name, times, *flags, by_period)
    return out


def _changes(
    name: str, times: np.ndarray, before: np.ndarray, after: np.ndarray, by_period: bool
) -> list[Change]:
    order = np.argsort(times, kind="stable")
    kind = np.where(before != after, 1 + 16 * before.astype(int) + after, 0)[order]
    if not kind.size:
        return []
    starts = np.flatnonzero(np.diff(kind, prepend=-1))
    ends = np.append(starts[1:], kind.size) - 1
    out = []
    for start, end in zip(starts, ends, strict=True):
        if not kind[start]:
            continue
        # Odd points lie between two bounds: the period extends to both.
        first, last = (start - start % 2, end + end % 2) if by_period else (start, end)
        row = order[start]
        first_time, last_time = (
            str(np.datetime_as_string(times[order[i]], "ms")) for i in (first, last)
        )
        rows = None if by_period else int(end - start + 1)
        turn = int(before[row]), int(after[row])
        out.append(Change(name, first_time, last_time, rows, *turn))
    return out
