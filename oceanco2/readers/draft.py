"""Draft a platform file for undocumented files; guesses are marked CHECK."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import FileDefinition, Platform, Time, VariableSource, parse
from oceanco2.readers.columns import RecognisedColumn, find_runs, find_variables
from oceanco2.readers.guessed_times import find_time
from oceanco2.readers.guessing import (
    Layout,
    find_layout,
    layout_of_table,
    simplify_name,
)
from oceanco2.readers.reader import READERS, Reader
from oceanco2.readers.sources import RawFile, find_sources, is_truth, specificity
from oceanco2.readers.table import RawTable, RequiredColumns, locate
from oceanco2.readers.text_table import SEPARATOR_NAMES
from oceanco2.readers.times import TIMESTAMP

#: Layout of a stream, its files and its columns.
Stream = tuple[Layout, list[str], dict[str, dict[str, RecognisedColumn]]]


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
    sources = find_sources(paths)
    raw_files = [source.load() for source in sources if not is_truth(source)]
    if not raw_files:
        raise ReadError("no raw files given")
    streams, unused = _find_streams(sorted(raw_files, key=lambda raw: raw.name))
    unused += [(s.name, "the truth of a simulation") for s in sources if is_truth(s)]
    streams.sort(key=lambda stream: _rank(*stream))
    text, questions = _platform_text(streams)
    more, more_questions = _tables_of_readers(streams, raw_files)
    for name, reason in unused:
        more_questions.append(f"{name} is not used: {reason}")
        more += f"# CHECK: {more_questions[-1]}\n"
    return text + more, questions + more_questions


def _find_streams(
    raw_files: list[RawFile],
) -> tuple[list[Stream], list[tuple[str, str]]]:
    """Group files by reader and columns; also name the files that cannot be used."""
    layouts: dict[tuple[Any, ...], Layout] = {}
    files: dict[tuple[Any, ...], list[str]] = {}
    unused, errors = [], []
    for raw in raw_files:
        try:
            found = _layouts_of(raw)
        except ReadError as error:
            unused.append((raw.name, str(error).removeprefix(f"{raw.name}: ")))
            errors.append(error)
            continue
        for layout in found:
            key = (layout.reader, str(layout.options), *layout.names)
            # A longer file shows more of its columns.
            if key not in layouts or layout.rows > 2 * layouts[key].rows:
                layouts[key] = layout
            files.setdefault(key, []).append(raw.name)
    if errors and not layouts:
        raise errors[0]
    streams = []
    for key, layout in layouts.items():
        columns = find_variables(layout)
        _add_known(columns, layout, READERS[layout.reader])
        streams.append((layout, files[key], columns))
    return streams, unused


def _layouts_of(raw: RawFile) -> list[Layout]:
    """Find the layouts of the tables of one file."""
    reader = _recognise_reader(raw)
    if reader is None:
        return [find_layout(raw.content, raw.name)]
    texts_of_tables = READERS[reader].texts
    if texts_of_tables is None:
        return [_read_layout(raw, reader)]
    layouts, errors = [], []
    for options, text in texts_of_tables(raw):
        try:
            layout = find_layout(text.encode(), raw.name, "\t")
        except ReadError as error:
            errors.append(error)
            continue
        layout.reader, layout.options = reader, dict(options)
        layouts.append(layout)
    if not layouts:
        raise errors[0]
    layouts[0].questions += [f"not used: {error}" for error in errors]
    return layouts


def _rank(
    layout: Layout, names: list[str], columns: dict[str, dict[str, RecognisedColumn]]
) -> tuple[bool, bool, int]:
    """Sort streams: measured CO2 before results and others, many rows before few."""
    is_measured = _count_co2({"variables": columns["variables"], "delivered": {}}) > 0
    return not is_measured, not _count_co2(columns), -layout.rows * len(names)


def _count_co2(recognised: dict[str, dict[str, RecognisedColumn]]) -> int:
    names = (*recognised["variables"], *recognised["delivered"])
    return sum(map(_is_co2, names))


def _is_co2(variable: str) -> bool:
    """Whether a variable is CO2, or a signal that CO2 is computed from."""
    return "CO2" in variable or variable in ("signal_detector", "light_434")


def _recognise_reader(raw: RawFile) -> str | None:
    """Find the reader of a known format, from the first bytes."""
    head = raw.content[:_HEAD_BYTES]
    entries = ((n, e) for n, e in READERS.items() if e.sniff and e.sniff(head))
    return next((name for name, _ in entries), None)


_HEAD_BYTES = 65536


def _read_layout(raw: RawFile, reader: str) -> Layout:
    """Read all columns of a file as texts."""
    entry, definition = READERS[reader], FileDefinition(reader=reader)
    names = entry.read(definition, raw, RequiredColumns.of([], [])).names
    unread: list[tuple[str, str]] = []
    try:
        table = entry.read(definition, raw, RequiredColumns.of(names, []))
    except ReadError:
        table, unread = _readable(raw, entry, names)
    layout = layout_of_table(table, raw.name, reader)
    layout = _without_columns(layout, {name for name, _ in unread})
    layout.questions += [f"cannot be read: {reason}" for _, reason in unread]
    for column in entry.run_columns:
        position = locate(layout.names, column)
        labels = sorted(set(layout.columns[position])) if position is not None else []
        layout.questions.append(f"run types in {column!r}: {', '.join(labels)}")
    return layout


def _readable(
    raw: RawFile, entry: Reader, names: list[str]
) -> tuple[RawTable, list[tuple[str, str]]]:
    """Read the columns that can be read; also say why others cannot."""
    definition = FileDefinition(reader=entry.name)
    unread: list[tuple[str, str]] = []

    def readable(part: list[str]) -> list[str]:
        """Find the columns that can be read, half of them at a time."""
        try:
            entry.read(definition, raw, RequiredColumns.of(part, []))
        except ReadError as error:
            if len(part) == 1:
                unread.append((part[0], str(error).removeprefix(f"{raw.name}: ")))
                return []
            middle = len(part) // 2
            return readable(part[:middle]) + readable(part[middle:])
        return part

    table = entry.read(definition, raw, RequiredColumns.of(readable(names), []))
    return table, unread


def _without_columns(layout: Layout, names: Collection[str]) -> Layout:
    kept = [i for i, name in enumerate(layout.names) if name not in names]
    layout.names = [layout.names[i] for i in kept]
    layout.columns = [layout.columns[i] for i in kept]
    layout.units = [layout.units[i] for i in kept]
    return layout


def _add_known(
    columns: dict[str, dict[str, RecognisedColumn]], layout: Layout, entry: Reader
) -> None:
    """Add the variables that the reader knows by name; they win over guesses."""
    known = {**entry.position, **entry.offers}
    for name, choices in entry.drafted.items():
        complete = [c for c in choices if _has_columns(layout, c)]
        if complete and name not in known:
            known[name] = complete[0]
    known = {n: source for n, source in known.items() if _has_columns(layout, source)}
    if entry.drafted:
        _drop_guesses(columns, known)
    for name, source in known.items():
        described = source.model_dump(mode="json", exclude_defaults=True)
        if source.flag and locate(layout.names, source.flag) is None:
            del described["flag"]
        table = "delivered" if name.endswith("_delivered") else "variables"
        columns[table][name.removesuffix("_delivered")] = RecognisedColumn(described)


def _drop_guesses(
    columns: dict[str, dict[str, RecognisedColumn]], known: Mapping[str, VariableSource]
) -> None:
    """Drop guesses about columns that a format knows, and about its CO2."""
    used = {column for source in known.values() for column in source.columns}
    for found in columns.values():
        for name in [*found]:
            guess = found[name].source.get("column")
            if guess is not None and (guess in used or "CO2" in name):
                del found[name]


def _has_columns(layout: Layout, source: VariableSource) -> bool:
    """Whether a file has the columns of a source, with a value in each."""
    positions = [locate(layout.names, name) for name in source.columns]
    return all(p is not None and any(layout.columns[p]) for p in positions)


def _describe_unknown(
    layout: Layout,
    columns: dict[str, dict[str, RecognisedColumn]],
    key: str = "",
) -> list[str]:
    """Comment with an entry to complete for each column that is not used."""
    entry = READERS[layout.reader]
    time, _ = _time_of(layout)
    definition = FileDefinition(
        reader=layout.reader, time=Time(**time) if _is_complete(time) else None
    )
    texts, numbers = entry.time_columns(definition)
    used = [*entry.run_columns, *texts, *numbers, TIMESTAMP]
    used += [] if key else [_runs_of(layout)[0], *_identity(layout)[2]]
    used += [value for value in time.values() if isinstance(value, str)]
    for column in (c for table in columns.values() for c in table.values()):
        for value in column.source.values():
            used += value if isinstance(value, list) else [value]
    known = {str(name).lower() for name in used}
    lines = []
    for name, cells in zip(layout.names, layout.columns, strict=True):
        first = next((text for text in cells if text), "")
        if name and name.lower() not in known:
            file = {"file": key} if key else {}
            source = _inline_table(file | {"column": name, "units": "UNITS"})
            begin = " ".join(f"begins with {first}".split()) if first else "empty"
            lines.append(f"# VARIABLE = {source}   # {begin}")
    return lines


def _is_complete(time: dict[str, Any]) -> bool:
    """Whether a table of times can be read as it is."""
    try:
        Time(**time)
    except ValueError:
        return False
    return True


def _time_of(layout: Layout) -> tuple[dict[str, Any], list[str]]:
    """Find the time columns of a stream, unless its reader knows them."""
    texts, numbers = READERS[layout.reader].time_columns(
        FileDefinition(reader=layout.reader)
    )
    known = (locate(layout.names, name) for name in (*texts, *numbers))
    if TIMESTAMP in numbers or any(position is not None for position in known):
        return {}, []
    return find_time(layout)


def _tables_of_readers(
    streams: list[Stream], raw_files: list[RawFile]
) -> tuple[str, list[str]]:
    """Write the tables that follow from the format, once for each reader."""
    text, questions = "", []
    by_name = {raw.name: raw for raw in raw_files}
    written = set()
    for layout, names, _ in streams:
        describe = READERS[layout.reader].draft_tables
        if describe is None or layout.reader in written:
            continue
        written.add(layout.reader)
        lines, more = describe(by_name[names[0]])
        text += "\n".join(lines) + "\n"
        questions += more
    marks = "".join(f"# CHECK: {question}\n" for question in questions)
    return (marks + text if text or marks else ""), questions


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


def _platform_text(streams: list[Stream]) -> tuple[str, list[str]]:
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
    questions += _shared_patterns(streams)
    head = _platform_head(streams[0][0], questions)
    runs = _runs_table(streams[0][0], questions)
    parts += [runs] if runs else []
    comments = _missing_positions(selected["variables"], questions)
    for number, (layout, _, _) in enumerate(streams):
        key = f"data{number + 1}" if number else ""
        lines = _describe_unknown(layout, _of_stream(selected, key), key)
        if lines:
            questions.append(f"columns of {layout.file} that are not used")
            comments += [f"# CHECK: {questions[-1]}", *lines]
    parts.append(
        _variables_table("variables", selected["variables"], questions, comments)
    )
    if selected["delivered"]:
        parts.append(_variables_table("delivered", selected["delivered"], questions))
    if not any(map(_is_co2, (*selected["variables"], *selected["delivered"]))):
        questions.append("no column is recognised as CO2")
    question_lines = "\n".join(f"# CHECK: {line}" for line in questions)
    return "\n".join([head, question_lines, *parts]).replace(
        "\n\n\n", "\n\n"
    ) + "\n", questions


def _of_stream(
    selected: dict[str, dict[str, tuple[str, RecognisedColumn]]], key: str
) -> dict[str, dict[str, RecognisedColumn]]:
    """Variables that are taken from one stream."""
    return {
        table: {name: column for name, (file, column) in found.items() if file == key}
        for table, found in selected.items()
    }


def _missing_positions(found: Collection[str], questions: list[str]) -> list[str]:
    """Comment with an entry to complete for a position that the files lack."""
    lines = []
    for name in ("latitude", "longitude"):
        if name not in found:
            question = f"no column looks like a {name}: {{ value = ... }} if fixed"
            lines.append(f"# {name} = {{ value = DEGREES }}   # CHECK: {question}")
            questions.append(question)
    return lines


def _shared_patterns(streams: list[Stream]) -> list[str]:
    """Ask about files that the pattern of another stream takes."""
    patterns = [_common_pattern(names) for _, names, _ in streams]
    questions = []
    for own, (_, names, _) in zip(patterns, streams, strict=True):
        for name in dict.fromkeys(names):
            matching = [p for p in patterns if fnmatchcase(name.lower(), p.lower())]
            if matching and specificity(max(matching, key=specificity)) > specificity(
                own
            ):
                questions.append(f"{name} matches the pattern of another table, too")
    return questions


def _identity(layout: Layout) -> tuple[str, str, list[str]]:
    """Code and name of the platform, and the columns that say them."""
    code, name, columns = "????", Path(layout.file).stem, []
    for position, column in enumerate(layout.names):
        texts = sorted({t for t in layout.columns[position] if t})
        word = simplify_name(column)
        if word == "EXPOCODE" and len(texts) == 1:
            if re.match("[A-Z0-9]{4}", texts[0]):
                code = texts[0][:4]
                columns.append(column)
        elif word in ("SHIP", "VESSEL", "MOORING", "PLATFORM") and texts:
            name = texts[0]
            columns.append(column)
    return code, name, columns


def _platform_head(layout: Layout, questions: list[str]) -> str:
    code, name, _ = _identity(layout)
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
    lines += _layout_lines(layout)
    if layout.options:
        lines.append(f"options = {_inline_table(layout.options)}")
    if key == "data" and _runs_of(layout)[0]:
        lines.append(f"run_columns = {json.dumps([_runs_of(layout)[0]])}")
    time, time_questions = _time_of(layout)
    questions += [
        f"[files.{key}] {question}" for question in [*layout.questions, *time_questions]
    ]
    if time:
        marks = "".join(f"   # CHECK: {m}" for m in time_questions[:1])
        lines.append(f"time = {_inline_table(time)}{marks}")
    return "\n".join(lines) + "\n"


def _layout_lines(layout: Layout) -> list[str]:
    """Write what a reader must know of the layout of a text table."""
    lines = []
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
    if layout.units and (is_delimited or READERS[layout.reader].texts):
        header["units"] = 1
    if header:
        lines.append(f"header = {_inline_table(header)}")
    if layout.missing:
        lines.append(f"missing = {json.dumps(layout.missing)}")
    return lines


def _runs_of(layout: Layout) -> tuple[str, dict[str, str]]:
    """Find run types in a column whose meaning no reader knows."""
    return ("", {}) if READERS[layout.reader].run_columns else find_runs(layout)


def _runs_table(layout: Layout, questions: list[str]) -> str:
    """Write what the labels of the runs mean."""
    column, labels = _runs_of(layout)
    if not labels:
        return ""
    questions.append(f"run types in {column!r}: {', '.join(labels)}")
    lines = [
        f"{json.dumps(label)} = {json.dumps(run)}" for label, run in labels.items()
    ]
    return "\n".join(["\n[runs]   # CHECK: what the labels mean", *lines]) + "\n"


def _variables_table(
    table_name: str,
    columns: dict[str, tuple[str, RecognisedColumn]],
    questions: list[str],
    comments: Collection[str] = (),
) -> str:
    lines = [f"\n[{table_name}]"]
    for variable, (key, column) in columns.items():
        source = ({"file": key} if key else {}) | column.source
        marks = "".join(f"   # CHECK: {d}" for d in column.questions[:1])
        lines.append(f"{variable} = {_inline_table(source)}{marks}")
        questions += [f"{variable}: {question}" for question in column.questions]
    return "\n".join([*lines, *comments]) + "\n"


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
