"""Report of the upload check, as JSON and as text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np

from oceanco2.socat.checker import Check
from oceanco2.socat.checker.message import Message
from oceanco2.socat.columns import headers_to_declare
from oceanco2.socat.criteria.suggestion import Suggestion, suggest_flag
from oceanco2.socat.document.model import Document
from oceanco2.socat.types import OTHER, missing_codes

#: A data set with more rows in error will probably be suspended.
MANY_ERRORS = 50


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The check of a file, its metadata document and the suggested flag."""

    check: Check
    suggestion: Suggestion
    refusals: tuple[str, ...]
    remarks: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a dictionary for JSON."""
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
        """Return the report as text."""
        return "\n".join(_lines(self, most))


def make_report(check: Check, document: Document | None = None) -> CheckReport:
    """Make the report of a check, with the results from the metadata document."""
    columns = [(column.name, column.type) for column in check.columns]
    suggestion = suggest_flag(document, columns)
    refusals = tuple(_rejections(check, document))
    remarks = (*_remarks(check), *_about_document(check, document))
    return CheckReport(check, suggestion, refusals, remarks)


def _rejections(check: Check, document: Document | None) -> Iterator[str]:
    """List why the data set is rejected (docs/socat-rules.md#checks-of-values)."""
    if check.status == "Unchecked":
        kinds = {"column": "names of columns", "fields": "broken rows"}
        types_of_messages = {m.type for m in check.messages if m.severity == "CRITICAL"}
        why = " and ".join(
            word for kind, word in kinds.items() if kind in types_of_messages
        )
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
    position_errors = places["longitude"] + places["latitude"] + places["position"]
    if position_errors:
        yield f"errors of longitude or latitude in the file: {position_errors}"
    time_errors = sum(places[kind] for kind in ("time", "order"))
    if time_errors:
        yield f"errors of time in the file: {time_errors}"
    if document is None:
        yield "no metadata document (OME or OADS file, or any attachment)"


def columns_to_declare(check: Check) -> tuple[str, ...]:
    """Return the columns that the submitter declares as type other at upload."""
    names = headers_to_declare()
    return tuple(c.name for c in check.columns if c.type == OTHER and c.name in names)


def _remarks(check: Check) -> Iterator[str]:
    for name in columns_to_declare(check):
        yield f"{name} is not known to SOCAT: declare it as 'other' in the upload form"
    if check.date_orders:
        yield (
            "dates that are invalid in this order are valid as "
            f"{' or '.join(check.date_orders)}: state it at upload (--date-order)"
        )
    for number, code in _unlisted_missing_codes(check):
        yield (
            f"column {number}: {code} in this spelling does not count as missing:"
            " state it at upload (--missing)"
        )
    yield from _about_start(check)
    for line in check.head.ignored:
        yield f"ignored by the dashboard: {line}"
    if not check.complete:
        yield (
            f"the last line ({check.lines[-1]}) has no line break: the file may be"
            " truncated"
        )
    if check.guessed and check.head.header:
        kind = check.metadata["platform_type"]
        yield f"the type of the platform is not stated: assumed to be {kind}"
    if check.error_rows > MANY_ERRORS:
        yield (
            f"{check.error_rows} rows with errors, more than {MANY_ERRORS}: the data"
            " set will probably be suspended and the dashboard asks for confirmation"
        )


def _about_document(check: Check, document: Document | None) -> Iterator[str]:
    """Report a document that describes another data set."""
    if document is None:
        return
    # Some documents state only the code of the platform (11SS).
    named = (code.strip() for code in (document.dataset_id, *document.expocodes))
    stated = dict.fromkeys(code for code in named if re.match(r"\w{4}.?\d{8}", code))
    expocode = check.metadata.get("expocode", "").strip()
    if (
        expocode
        and stated
        and expocode.upper() not in {code.upper() for code in stated}
    ):
        yield (
            f"the metadata document describes {', '.join(stated)}, the file is"
            f" {expocode}"
        )


def _about_start(check: Check) -> Iterator[str]:
    """Compare the date in the expocode with that of the first row."""
    times = check.track[0][np.isfinite(check.track[0])]
    match = re.match(
        r"\s*\w{4}\D?(\d{4})(\d\d)(\d\d)", check.metadata.get("expocode", "")
    )
    if not times.size or match is None:
        return
    first = datetime.fromtimestamp(float(times.min()), UTC).date()
    day = "-".join(match.groups())
    if first.isoformat() != day:
        yield f"the expocode has the date {day}, the first row {first.isoformat()}"


def _unlisted_missing_codes(check: Check) -> list[tuple[int, str]]:
    """Columns with out-of-range values that are usual missing-value codes."""
    codes = {code for code in missing_codes() if code[1:2].isdigit()}
    out_of_range = {
        (m.columns[0], m.text.split()[0])
        for m in check.messages
        if m.type == "range" and m.columns
    }
    return sorted((number, code) for number, code in out_of_range if code in codes)


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


def _lines(account: CheckReport, most: int) -> Iterator[str]:
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
    yield from _message_table(check, most)
    yield from (f"note: {text}" for text in account.remarks)
    counts = ", ".join(f"{check.counts[s]} {s}" for s in reversed(check.counts))
    yield f"{check.status}: {counts}; {check.error_rows} rows with errors"
    suggested = check.metadata.get("suggested_flag")
    in_file = f" (suggested in the file: {suggested})" if suggested else ""
    yield f"flag suggested by the dashboard: {account.suggestion.flag}{in_file}"
    yield from (f"  {reason}" for reason in account.suggestion.reasons)
    yield from (
        f"  please check: {reminder}" for reminder in account.suggestion.reminders
    )
    if account.refusals:
        yield "would be rejected at submission:"
        yield from (f"  {reason}" for reason in account.refusals)
    else:
        yield "ready for submission"


def _message_table(check: Check, most: int) -> Iterator[str]:
    """Messages as a table: at most `most` of one kind, then how many more there are."""
    numbers_of_kinds: Counter[tuple[str, str, tuple[int, ...]]] = Counter()
    rows = []
    for message in check.messages:
        kind = (message.severity, message.type, message.columns if message.row else ())
        numbers_of_kinds[kind] += 1
        if numbers_of_kinds[kind] <= most:
            rows.append(_row(check, message))
    if rows:
        yield from _table(("severity", "row", "line", "column", "message"), rows)
    for (severity, test, columns), count in numbers_of_kinds.items():
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
