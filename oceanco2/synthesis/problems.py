"""Lines that are no rows: each is told with its number, none is dropped in silence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from oceanco2.errors import ReadError

#: What can be wrong with a line.
KINDS = {
    "fields": "another number of cells than the header has",
    "number": "a cell that is no number",
    "time": "a date or time that cannot be",
    "expocode": "an expocode that cannot be",
    "header": "the header once more",
    "truncated": "the file ends within the line",
    "encoding": "bytes that are no text in the encoding of the file",
    "column": "a column that stands twice in the header",
    "end": "the last line has no line end",
}
#: So many problems stand in the attributes of a table, and so many in a report.
KEPT, LISTED = 1000, 100_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something odd on one line."""

    file: str
    line: int
    kind: str
    text: str
    row: str = ""
    aside: bool = True

    def __str__(self) -> str:
        """Return one line of text."""
        done = "set aside" if self.aside else "kept"
        return f"{self.file}, line {self.line}: {self.text}; {done}"

    def as_dict(self) -> dict[str, Any]:
        """Return it for tables and JSON."""
        return {
            "file": self.file,
            "line": self.line,
            "kind": self.kind,
            "text": self.text,
            "set_aside": self.aside,
            "row": self.row,
        }


@dataclass
class Tally:
    """What became of every line below a header."""

    lines: int = 0
    rows: int = 0
    selected: int = 0
    blank: int = 0
    aside: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    unlisted: int = 0
    strict: bool = False

    def tell(self, problems: Iterable[Problem]) -> None:
        """Take down problems."""
        for problem in problems:
            if self.strict and problem.kind != "end":
                raise ReadError(f"{problem} (strict)")
            self.kinds[problem.kind] += 1
            self.aside += problem.aside
            if len(self.problems) < LISTED:
                self.problems.append(problem)
            else:
                self.unlisted += 1

    def summary(self) -> str:
        """Say in one line what became of the lines."""
        text = f"{self.lines} lines: {self.rows} rows read"
        if self.aside:
            text += f", {self.aside} set aside"
        if self.blank:
            text += f", {self.blank} empty"
        kinds = ", ".join(f"{n} x {KINDS[k]}" for k, n in sorted(self.kinds.items()))
        return f"{text} ({kinds})" if kinds else text
