"""Report lines of a SOCAT file that are not rows, each with its line number."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from oceanco2.errors import ReadError

#: What can be wrong with a line.
KINDS = {
    "fields": "the number of cells differs from the header",
    "number": "a cell is not a number",
    "time": "invalid date or time",
    "expocode": "invalid expocode",
    "header": "repeated header",
    "truncated": "the file ends within the line",
    "encoding": "bytes that cannot be decoded in the encoding of the file",
    "column": "a column appears twice in the header",
    "end": "the last line has no line end",
}
#: Most problems in the attributes of a table, and in a report.
KEPT, LISTED = 1000, 100_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem of one line; the line is skipped or kept."""

    file: str
    line: int
    kind: str
    text: str
    row: str = ""
    skipped: bool = True

    def __str__(self) -> str:
        """Return one line of text."""
        outcome = "skipped" if self.skipped else "kept"
        return f"{self.file}, line {self.line}: {self.text}; {outcome}"

    def as_dict(self) -> dict[str, Any]:
        """Return the problem as a dict, for tables and JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "text": self.text,
            "set_aside": self.skipped,
            "row": self.row,
        }


@dataclass
class LineCounts:
    """Counts of lines below the headers: rows, empty and skipped lines, problems."""

    lines: int = 0
    rows: int = 0
    selected: int = 0
    empty: int = 0
    skipped: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    strict: bool = False

    def record(self, problems: Iterable[Problem]) -> None:
        """Count and list problems; raise ReadError at the first if strict."""
        for problem in problems:
            if self.strict and problem.kind != "end":
                raise ReadError(f"{problem} (strict)")
            self.kinds[problem.kind] += 1
            self.skipped += problem.skipped
            if len(self.problems) < LISTED:
                self.problems.append(problem)
            else:
                self.unlisted += 1

    def summary(self) -> str:
        """Return the counts as one line of text."""
        text = f"{self.lines} lines: {self.rows} rows read"
        if self.skipped:
            text += f", {self.skipped} skipped"
        if self.empty:
            text += f", {self.empty} empty"
        kinds = ", ".join(f"{n} x {KINDS[k]}" for k, n in sorted(self.kinds.items()))
        return f"{text} ({kinds})" if kinds else text
