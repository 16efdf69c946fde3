"""Draft a platform file for undocumented files; guesses are marked CHECK."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import FileDefinition, Platform, Time, available, parse
from oceanco2.readers.columns import RecognisedColumn, find_variables
from oceanco2.readers.guessed_times import find_time
from oceanco2.readers.guessing import (
    Layout,
    find_layout,
    layout_of_table,
    simplify_name,
)
from oceanco2.readers.reader import READERS, Reader
from oceanco2.readers.sources import RawFile, find_sources
from oceanco2.readers.table import RequiredColumns, locate
from oceanco2.readers.text_table import SEPARATOR_NAMES
from oceanco2.readers.times import TIMESTAMP

_GO_COLUMN = b"equ temp"
#: Shipped platform files that are good examples of a reader.
_EXAMPLES = ("go_workshop_2019", "demo_hydroc", "crimp2_2016")


def draft_platform(paths: Iterable[str | Path]) -> tuple[str, list[str]]:
    """Draft the platform file of undocumented raw files.

    Parameters
    ----------
    paths : iterable of str or Path
        Files, globs, folders or zips; files with the same columns are one stream.

    Returns
    -------
    text : str
        TOML with comments; ``CHECK`` marks what must be checked by hand.
    questions : list of str
        What must be checked, one line each.

    Raises
    ------
    ReadError
        If a file is neither a table nor of a known format.
    """
    raw_files = [source.load() for source in find_sources(paths)]
    recognised = [
        (raw_file, name)
        for raw_file in raw_files
        if (name := _recognise_reader(raw_file))
    ]
    if recognised:
        return _from_example(recognised)
    layouts: dict[tuple[str, ...], Layout] = {}
    files: dict[tuple[str, ...], list[str]] = {}
    for raw_file in sorted(raw_files, key=lambda r: r.name):
        layout = find_layout(raw_file.content, raw_file.name)
        key = tuple(layout.names)
        layouts.setdefault(key, layout)
        files.setdefault(key, []).append(raw_file.name)
    # The stream with CO2 is the main one.
    streams = [
        (layout, files[key], find_variables(layout)) for key, layout in layouts.items()
    ]
    return _platform_text(sorted(streams, key=lambda stream: -_count_co2(stream[2])))


def _count_co2(recognised: dict[str, dict[str, RecognisedColumn]]) -> int:
    return sum("CO2" in n for n in (*recognised["variables"], *recognised["delivered"]))


def _recognise_reader(raw: RawFile) -> str | None:
    head = raw.content[:20000]
    for name, entry in READERS.items():
        # The column names of a PANGAEA table are recognised like those of a CSV.
        if name != "pangaea" and entry.sniff is not None and entry.sniff(head):
            return name
    lower = head.lower()
    return "general_oceanics" if _GO_COLUMN in lower and b"licor" in lower else None


def _from_example(recognised: list[tuple[RawFile, str]]) -> tuple[str, list[str]]:
    """Copy a shipped platform file that uses the same reader."""
    raw, reader = recognised[0]
    shipped = available()
    order = [n for n in _EXAMPLES if n in shipped]
    order += [n for n in shipped if n not in order]
    for name in order:
        text = shipped[name].read_text(encoding="utf-8")
        if f'reader = "{reader}"' not in text:
            continue
        questions = [
            f"all columns, sensors and constants are those of {name!r}: replace them"
            " with your own",
            "name, platform_code and metadata",
        ]
        questions += _describe_runs(raw) if reader == "general_oceanics" else []
        head = [
            f"# {raw.name} has the format {reader!r}; this is a copy of the platform",
            f"# file {name!r}, which uses it.",
            *(f"# CHECK: {question}" for question in questions),
        ]
        body = re.sub(r"\A(#[^\n]*\n)+", "", text)
        body = re.sub(r'(?m)^name = ".*"$', 'name = "NAME"', body, count=1)
        code = 'platform_code = "????"     # CHECK: ICES/NODC code, 4 characters'
        body = re.sub(r"(?m)^platform_code = .*$", code, body, count=1)
        pattern = json.dumps(
            _common_pattern([r.name for r, n in recognised if n == reader])
        )
        body = _with_pattern(body, reader, pattern)
        return "\n".join(head) + "\n" + body, questions
    return _from_readers(recognised)


def _from_readers(recognised: list[tuple[RawFile, str]]) -> tuple[str, list[str]]:
    """Draft from the columns that the readers find, one stream for each reader."""
    streams = []
    for reader in dict.fromkeys(name for _, name in recognised):
        raw_files = [raw for raw, name in recognised if name == reader]
        layout = _read_layout(raw_files[0], reader)
        columns = find_variables(layout)
        _add_offers(columns, layout, READERS[reader])
        streams.append((layout, [raw.name for raw in raw_files], columns))
    streams.sort(key=lambda stream: -_count_co2(stream[2]))
    for name in ("latitude", "longitude"):
        if not any(name in columns["variables"] for *_, columns in streams):
            question = f"no column looks like a {name}: {{ value = ... }} if fixed"
            streams[0][2]["variables"][name] = RecognisedColumn(
                {"absent": True}, [question]
            )
    text, questions = _platform_text(streams)
    for layout, _, columns in streams:
        lines = _describe_unknown(layout, columns)
        if lines:
            question = f"columns of {layout.file} that were not recognised"
            text += "\n".join([f"# CHECK: {question}", *lines]) + "\n"
            questions.append(question)
    return text, questions


def _read_layout(raw: RawFile, reader: str) -> Layout:
    """Read all columns of a file as texts."""
    entry, definition = READERS[reader], FileDefinition(reader=reader)
    names = entry.read(definition, raw, RequiredColumns.of([], [])).names
    table = entry.read(definition, raw, RequiredColumns.of(names, []))
    layout = layout_of_table(table, raw.name, reader)
    for column in entry.run_columns:
        position = locate(layout.names, column)
        labels = sorted(set(layout.columns[position])) if position is not None else []
        layout.questions.append(f"run types in {column!r}: {', '.join(labels)}")
    return layout


def _add_offers(
    columns: dict[str, dict[str, RecognisedColumn]], layout: Layout, entry: Reader
) -> None:
    """Add the variables that the reader knows by name; they win over guesses."""
    for name, source in {**entry.position, **entry.offers}.items():
        if locate(layout.names, source.columns[0]) is None:
            continue
        described = source.model_dump(mode="json", exclude_defaults=True)
        if source.flag and locate(layout.names, source.flag) is None:
            del described["flag"]
        table = "delivered" if name.endswith("_delivered") else "variables"
        columns[table][name.removesuffix("_delivered")] = RecognisedColumn(described)


def _describe_unknown(
    layout: Layout, columns: dict[str, dict[str, RecognisedColumn]]
) -> list[str]:
    """Comment with an entry to complete for each column that was not recognised."""
    entry = READERS[layout.reader]
    time, _ = _time_of(layout)
    definition = FileDefinition(
        reader=layout.reader, time=Time(**time) if time else None
    )
    texts, numbers = entry.time_columns(definition)
    used = [*entry.run_columns, *texts, *numbers, TIMESTAMP]
    for column in (c for table in columns.values() for c in table.values()):
        for value in column.source.values():
            used += value if isinstance(value, list) else [value]
    lines = []
    for name, cells in zip(layout.names, layout.columns, strict=True):
        first = next((text for text in cells if text), "")
        if first and name and name not in used:
            source = _inline_table({"column": name, "units": "UNITS"})
            lines.append(f"# VARIABLE = {source}   # begins with {first}")
    return lines


def _time_of(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find the time columns of a stream, unless its reader knows them."""
    definition = FileDefinition(reader=layout.reader)
    if any(READERS[layout.reader].time_columns(definition)):
        return {}, []
    return find_time(layout)


def _with_pattern(body: str, reader: str, pattern: str) -> str:
    """Set the pattern of the table that uses the reader."""
    where = rf'(reader = "{reader}"[^\n]*\npattern = )"[^"\n]*"'
    return re.sub(where, lambda m: m.group(1) + pattern, body, count=1)


def _describe_runs(raw: RawFile) -> list[str]:
    """List the run types and standards of a General Oceanics log."""
    layout = find_layout(raw.content, raw.name)
    lower_names = [name.strip().lower() for name in layout.names]
    if "type" not in lower_names or "std val" not in lower_names:
        return []
    types = layout.columns[lower_names.index("type")]
    entered = layout.numbers(lower_names.index("std val"))
    labels, counts = np.unique(types.astype(str), return_counts=True)
    counted = ", ".join(
        f"{label} ({c})" for label, c in zip(labels, counts, strict=True)
    )
    lines = [f"run types of the file: {counted}"]
    for label in labels:
        values = entered[types == label]
        values = values[np.isfinite(values)]
        if label.upper().startswith("STD") and values.size:
            lines.append(
                f"standard {label}: the operator entered {np.median(values):g}; is that"
                " its certificate?"
            )
    return lines


def _common_pattern(names: list[str]) -> str:
    """Find the most specific pattern that all names match."""
    first = names[0]
    if len(set(names)) == 1:
        return re.sub(r"\d{4,}", "*", first)
    head = _common_prefix(names)
    tail = _common_prefix([name[len(head) :][::-1] for name in names])[::-1]
    return f"{head}*{tail}"


def _common_prefix(names: list[str]) -> str:
    """Return the common prefix of all names."""
    first, last = min(names), max(names)
    same = (a == b for a, b in zip(first, last, strict=False))
    return first[: next((i for i, s in enumerate(same) if not s), len(first))]


def _platform_text(
    streams: list[tuple[Layout, list[str], dict[str, dict[str, RecognisedColumn]]]],
) -> tuple[str, list[str]]:
    questions: list[str] = []
    parts: list[str] = []
    selected: dict[str, dict[str, tuple[str, RecognisedColumn]]] = {
        "variables": {},
        "delivered": {},
    }
    for number, (layout, names, recognised_columns) in enumerate(streams):
        key = "data" if number == 0 else f"data{number + 1}"
        parts.append(_file_table(layout, names, key, questions))
        for table_name, columns in recognised_columns.items():
            for variable, column in columns.items():
                assumed = "value" in column.source
                if variable not in selected[table_name] and not (assumed and number):
                    selected[table_name][variable] = (key if number else "", column)
    head = _platform_head(streams[0][0], questions)
    for table_name, table in selected.items():
        if table:
            parts.append(_variables_table(table_name, table, questions))
    if not any("CO2" in n for n in (*selected["variables"], *selected["delivered"])):
        questions.append("no column is recognised as CO2")
    question_lines = "\n".join(f"# CHECK: {line}" for line in questions)
    return "\n".join([head, question_lines, *parts]).replace(
        "\n\n\n", "\n\n"
    ) + "\n", questions


def _platform_head(layout: Layout, questions: list[str]) -> str:
    code, name = "????", Path(layout.file).stem
    for position, column in enumerate(layout.names):
        texts = {t for t in layout.columns[position] if t}
        if simplify_name(column) == "EXPOCODE" and len(texts) == 1:
            code = texts.pop()[:4]
        elif (
            simplify_name(column) in ("SHIP", "VESSEL", "MOORING", "PLATFORM") and texts
        ):
            name = sorted(texts)[0]
    comment = "" if code != "????" else "# CHECK: ICES/NODC code, 4 characters"
    if comment:
        questions.append("platform_code: the ICES/NODC code of the platform")
    questions.append('kind: "ship", "mooring", "surface_vehicle" or "drifter"')
    return (
        f"# Draft for {layout.file}. Correct every line marked CHECK, then validate\n"
        "# it with `oceanco2 platforms THIS_FILE`.\n"
        f'schema = 1\nname = {json.dumps(name)}\nkind = "ship"\n'
        f'platform_code = "{code}"     {comment}'
    ).rstrip() + "\n"


def _file_table(
    layout: Layout, names: list[str], key: str, questions: list[str]
) -> str:
    lines = [f"\n[files.{key}]", f'reader = "{layout.reader}"']
    lines.append(f"pattern = {json.dumps(_common_pattern(names))}")
    is_delimited = layout.reader == "delimited"
    if is_delimited:
        lines.append(f'separator = "{SEPARATOR_NAMES[layout.separator]}"')
    if layout.decimal != ".":
        lines.append(f'decimal = "{layout.decimal}"')
    if layout.comment:
        lines.append(f'comment = "{layout.comment}"')
    header: dict[str, Any] = {}
    if layout.until:
        header["until"] = layout.until
    if layout.skip and not layout.comment:
        header["skip"] = layout.skip
    if layout.units and is_delimited:
        header["units"] = 1
    if header:
        lines.append(f"header = {_inline_table(header)}")
    if layout.missing:
        lines.append(f"missing = {json.dumps(layout.missing)}")
    time, time_questions = _time_of(layout)
    questions += [
        f"[files.{key}] {question}" for question in [*layout.questions, *time_questions]
    ]
    if time:
        marks = "".join(f"   # CHECK: {m}" for m in time_questions[:1])
        lines.append(f"time = {_inline_table(time)}{marks}")
    return "\n".join(lines) + "\n"


def _variables_table(
    table_name: str,
    columns: dict[str, tuple[str, RecognisedColumn]],
    questions: list[str],
) -> str:
    lines = [f"\n[{table_name}]"]
    for variable, (key, column) in columns.items():
        source = ({"file": key} if key else {}) | column.source
        marks = "".join(f"   # CHECK: {d}" for d in column.questions[:1])
        lines.append(f"{variable} = {_inline_table(source)}{marks}")
        questions += [f"{variable}: {question}" for question in column.questions]
    return "\n".join(lines) + "\n"


def _inline_table(table: dict[str, Any]) -> str:
    """Write an inline table of TOML; JSON strings are TOML strings."""
    parts = []
    for key, value in table.items():
        if isinstance(value, dict):
            text = _inline_table({json.dumps(k): v for k, v in value.items()})
        else:
            text = json.dumps(value, ensure_ascii=False)
        parts.append(f"{key} = {text}")
    return "{ " + ", ".join(parts) + " }"


def guessed_platform(path: str | Path) -> Platform:
    """Guess the platform of one delivered table, for inspection only.

    Parameters
    ----------
    path : str or Path
        A table.

    Returns
    -------
    Platform
        As `draft_platform` describes it.

    Raises
    ------
    ReadError
        If its columns cannot be guessed.
    """
    text, questions = draft_platform([path])
    text = text.replace('platform_code = "????"', 'platform_code = "0000"')
    try:
        return parse(text.encode(), f"guess for {Path(path).name}")
    except OceanCO2Error as error:
        shown_questions = "; ".join(questions[:3])
        raise ReadError(
            f"{path}: cannot guess its columns ({shown_questions}; {error}): name a"
            " platform"
        ) from None
