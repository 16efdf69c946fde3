"""The whole answer of the dashboard about a file: for programs and for people."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from oceanco2.dashboard.checker import Check
from oceanco2.dashboard.document import Document
from oceanco2.dashboard.messages import Message
from oceanco2.dashboard.recognition import missing_codes
from oceanco2.dashboard.suggestion import Suggestion, suggest_flag

#: With more rows in error a data set will probably be suspended.
MANY_ERRORS = 50


@dataclass(frozen=True, slots=True)
class Account:
    """What the dashboard would say about a file and its metadata document."""

    check: Check
    suggestion: Suggestion
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return everything, ready for JSON."""
        check = self.check
        return {
            "file": check.source.name,
            "acceptable": check.acceptable,
            "status": check.status,
            "counts": check.counts,
            "rows": len(check.lines),
            "error_rows": check.error_rows,
            "likely_suspended": check.error_rows > MANY_ERRORS,
            "suggested_flag": self.suggestion.flag,
            "reasons": list(self.suggestion.reasons),
            "reminders": list(self.suggestion.reminders),
            "pi_suggested_flag": check.metadata.get("suggested_flag"),
            "submission": {
                "possible": not self.refusals,
                "refusals": list(self.refusals),
            },
            "separator": check.head.separator,
            "encoding": check.source.encoding,
            "header_line": check.head.line or None,
            "metadata": {**check.metadata, "platform_type_guessed": check.guessed},
            "columns": [
                {
                    "number": column.number,
                    "name": column.name,
                    "type": column.type,
                    "unit": column.unit,
                    "mapped": column.mapped,
                }
                for column in check.columns
            ],
            "messages": [_message(check, message) for message in check.messages],
            "remarks": list(self.remarks),
            "woce_water": check.woce_water.tolist(),
        }

    def text(self, most: int = 20) -> str:
        """Return everything that people want to read."""
        return "\n".join(_lines(self, most))


def account_of(check: Check, document: Document | None = None) -> Account:
    """Add to a check what follows from the metadata document."""
    columns = [(column.name, column.type) for column in check.columns]
    suggestion = suggest_flag(document, columns)
    refusals = tuple(_refusals(check, document))
    remarks = (*_remarks(check), *_about_document(check, document))
    return Account(check, suggestion, refusals, remarks)


def _refusals(check: Check, document: Document | None) -> Iterator[str]:
    """List why the data set is rejected (docs/socat-rules.md#checks-of-values)."""
    if check.status == "Unchecked":
        kinds = {"column": "names of columns", "fields": "broken rows"}
        said = {m.type for m in check.messages if m.severity == "CRITICAL"}
        why = " and ".join(word for kind, word in kinds.items() if kind in said)
        yield f"the data set cannot be checked: {why}"
    elif not check.acceptable:
        count = check.counts["CRITICAL"]
        yield f"the data set is unacceptable: {count} critical messages"
    types = {column.number: column.type for column in check.columns}
    places = Counter(
        types.get(m.columns[0], "") if m.type in ("range", "number") else m.type
        for m in check.messages
        if m.severity != "WARNING" and m.columns and m.row
    )
    wrong = places["longitude"] + places["latitude"] + places["position"]
    if wrong:
        yield f"errors of longitude or latitude in the file: {wrong}"
    late = sum(places[kind] for kind in ("time", "order"))
    if late:
        yield f"errors of time in the file: {late}"
    if document is None:
        yield "no metadata document (OME or OADS file, or any attachment)"


def _remarks(check: Check) -> Iterator[str]:
    if check.date_orders:
        yield (
            "dates that cannot be read so would be read as "
            f"{' or '.join(check.date_orders)}: say so at upload (--date-order)"
        )
    for number, code in _nearly_missing(check):
        yield (
            f"column {number}: {code} is written in a way that does not count as"
            " missing: name it at upload (--missing)"
        )
    yield from _about_start(check)
    for line in check.head.ignored:
        yield f"says nothing to the dashboard: {line}"
    if not check.whole:
        yield (
            f"the last line ({check.lines[-1]}) does not end: the file may have broken"
            " off there"
        )
    if check.guessed and check.head.header:
        kind = check.metadata["platform_type"]
        yield f"the type of the platform is not given: taken for {kind}"
    if check.error_rows > MANY_ERRORS:
        yield (
            f"{check.error_rows} rows with errors, more than {MANY_ERRORS}: the data"
            " set will probably be suspended, the dashboard asks for confirmation"
        )


def _about_document(check: Check, document: Document | None) -> Iterator[str]:
    """Say that the document describes another data set."""
    if document is None:
        return
    # Some documents name the platform only (11SS), which tells nothing.
    named = (code.strip() for code in (document.dataset_id, *document.expocodes))
    theirs = dict.fromkeys(code for code in named if re.match(r"\w{4}.?\d{8}", code))
    mine = check.metadata.get("expocode", "").strip()
    if mine and theirs and mine.upper() not in {code.upper() for code in theirs}:
        yield f"the metadata document is of {', '.join(theirs)}, the file of {mine}"


def _about_start(check: Check) -> Iterator[str]:
    """Compare the date in the expocode with that of the first row."""
    there = check.track[0][np.isfinite(check.track[0])]
    found = re.match(
        r"\s*\w{4}\D?(\d{4})(\d\d)(\d\d)", check.metadata.get("expocode", "")
    )
    if not there.size or found is None:
        return
    first = datetime.fromtimestamp(float(there.min()), UTC).date()
    day = "-".join(found.groups())
    if first.isoformat() != day:
        yield f"the expocode says {day}, the first row is of {first.isoformat()}"


def _nearly_missing(check: Check) -> list[tuple[int, str]]:
    """Columns with values out of range that equal a code for missing ones."""
    codes = {code for code in missing_codes() if code[1:2].isdigit()}
    found = {
        (m.columns[0], m.text.split()[0])
        for m in check.messages
        if m.type == "range" and m.columns
    }
    return sorted((number, code) for number, code in found if code in codes)


def _message(check: Check, message: Message) -> dict[str, Any]:
    columns = list(message.columns)
    single = columns[0] if len(columns) == 1 else None
    return {
        "severity": message.severity,
        "row": message.row or None,
        "column": columns if len(columns) > 1 else single,
        "columns": columns,
        "type": message.type,
        "text": message.text,
        "line": check.line_of(message) or None,
    }


def _lines(account: Account, most: int) -> Iterator[str]:
    check = account.check
    coding = f", {check.source.encoding}" if check.source.encoding else ""
    file = f"{check.source.name}: {check.head.separator}{coding}"
    yield f"{file}, {len(check.lines):,} rows"
    for item, value in check.metadata.items():
        guess = " (guessed)" if item == "platform_type" and check.guessed else ""
        yield f"  {item.replace('_', ' ')}: {value}{guess}"
    yield ""
    yield from _table(
        ("column", "name", "type", "unit"),
        [(str(c.number), c.name, c.type, c.unit) for c in check.columns],
    )
    yield ""
    yield from _spoken(check, most)
    yield from (f"note: {text}" for text in account.remarks)
    counts = ", ".join(f"{check.counts[s]} {s}" for s in reversed(check.counts))
    yield f"{check.status}: {counts}; {check.error_rows} rows with errors"
    given = check.metadata.get("suggested_flag")
    beside = f" (suggested in the file: {given})" if given else ""
    yield f"flag that the automation suggests: {account.suggestion.flag}{beside}"
    yield from (f"  {reason}" for reason in account.suggestion.reasons)
    yield from (f"  look at: {reminder}" for reminder in account.suggestion.reminders)
    if account.refusals:
        yield "would not be taken at submission:"
        yield from (f"  {reason}" for reason in account.refusals)
    else:
        yield "could be submitted"


def _spoken(check: Check, most: int) -> Iterator[str]:
    """Messages as a table; of one kind no more than some, and how many are left."""
    shown: Counter[tuple[str, str, tuple[int, ...]]] = Counter()
    rows = []
    for message in check.messages:
        kind = (message.severity, message.type, message.columns if message.row else ())
        shown[kind] += 1
        if shown[kind] <= most:
            rows.append(_row(check, message))
    if rows:
        yield from _table(("severity", "row", "line", "column", "message"), rows)
    for (severity, test, columns), count in shown.items():
        if count > most:
            where = f" of column {_numbers(columns)}" if columns else ""
            yield f"... {count - most:,} more: {severity} {test}{where}"
    if rows:
        yield ""


def _row(check: Check, message: Message) -> tuple[str, ...]:
    row, line = (str(n) if n else "-" for n in (message.row, check.line_of(message)))
    columns = _numbers(message.columns) or "-"
    return (message.severity, row, line, columns, message.text)


def _numbers(columns: tuple[int, ...]) -> str:
    return ",".join(map(str, columns))


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
