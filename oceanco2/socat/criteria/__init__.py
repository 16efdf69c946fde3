"""The criteria of SOCAT's data set flags A to E, and the flag that follows from them.

These criteria use the data set: its values and its platform file.
`oceanco2.socat.criteria.suggestion` is different: it holds the rules by which the
upload dashboard lowers a flag from the metadata document alone.

Sources of the criteria: "table 2" and "SOP" are Bakker et al. (2016),
doi:10.5194/essd-8-383-2016; "wording of the QC editor" is the newer program of NOAA
PMEL; "2019" and "2025" are the cookbooks for quality control of SOCAT (2025:
doi:10.25607/OBP-1665.2, its abstract).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

import xarray as xr

from oceanco2.socat.criteria.evidence import Evidence
from oceanco2.socat.criteria.rules import Criterion, all_criteria

Letter = Literal["A", "B", "C", "D", "E", "S"]
_TABLE_WIDTH = 118  # of the table
_LETTERS: tuple[Letter, ...] = ("A", "B", "C", "D", "E")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Criteria and the flag that follows from them."""

    criteria: tuple[Criterion, ...]
    flag: Letter
    at_best: Letter
    reasons: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything ready for JSON."""
        return {
            "suggested_flag": self.flag,
            "at_best": self.at_best,
            "reasons": list(self.reasons),
            "criteria": [criterion.to_dict() for criterion in self.criteria],
        }


def judge(
    ds: xr.Dataset,
    *,
    crossover: bool | None = None,
    missing_metadata: Sequence[str] | None = None,
) -> Judgement:
    """Evaluate a data set by SOCAT's criteria."""
    criteria = tuple(all_criteria(Evidence(ds), crossover, missing_metadata))
    flag, at_best = _best(criteria, False), _best(criteria, True)
    return Judgement(criteria, flag, at_best, tuple(_reasons(criteria, flag)))


def _reasons(criteria: Sequence[Criterion], flag: Letter) -> list[str]:
    """Return the unmet criteria of each better flag, each once, nearest flag first."""
    better = _LETTERS if flag == "S" else _LETTERS[: _LETTERS.index(flag)]
    listed: set[str] = set()
    out = []
    for letter in reversed(better):
        unmet = [c for c in _needed(criteria, letter) if not _is_met(c, False)]
        new = [c for c in unmet if c.key not in listed]
        prefix = "also " if new and len(new) < len(unmet) else ""
        listed |= {c.key for c in unmet}
        details = "; ".join(f"{c.text}: {c.state} ({c.finding})" for c in new)
        out.append(
            f"not {letter}: {prefix}{details or 'the same'}".replace("also the", "the")
        )
    return out


def _needed(criteria: Iterable[Criterion], letter: str) -> list[Criterion]:
    return [c for c in criteria if letter in c.needed_for]


def _is_met(criterion: Criterion, hopeful: bool) -> bool:
    """Whether a criterion allows a flag."""
    if criterion.state == "unknown":
        return hopeful or not criterion.proof
    return criterion.state == "holds"


def _best(criteria: Sequence[Criterion], hopeful: bool) -> Letter:
    for letter in _LETTERS:
        if all(_is_met(c, hopeful) for c in _needed(criteria, letter)):
            return letter
    return "S"


def criteria_text(judgement: Judgement) -> str:
    """Return the criteria as a table, and the flag with its reasons."""
    rows = [("criterion", "for", "state", "found")]
    rows += [
        (c.text, c.needed_for or "-", c.state, c.finding) for c in judgement.criteria
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    width = _TABLE_WIDTH - sum(widths) - 6
    lines = []
    for row in rows:
        cells = [row[i].ljust(widths[i]) for i in range(3)]
        parts = wrap(row[3], width) or [""]
        lines.append("  ".join([*cells, parts[0]]).rstrip())
        lines += [" " * (_TABLE_WIDTH - width) + part for part in parts[1:]]
    lines.insert(1, "  ".join("-" * size for size in (*widths, width)))
    lines.append(f"suggested data set flag: {judgement.flag}")
    if judgement.at_best != judgement.flag:
        lines[-1] += f" ({judgement.at_best} if all unknown criteria hold)"
    for reason in judgement.reasons:
        lines += wrap(
            reason, _TABLE_WIDTH, initial_indent="  ", subsequent_indent="    "
        )
    return "\n".join(lines)
