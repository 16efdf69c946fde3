"""CONTROS HydroC CO2 and CO2 FT: files of a FerryBox, and plain tables of a logger."""

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.platforms.schema import Time
from oceanco2.readers.cells import SEPARATORS, fields, sniff
from oceanco2.readers.delimited import Head, rows_of
from oceanco2.readers.entries import reader
from oceanco2.readers.sources import RawFile
from oceanco2.readers.stamps import usual_clock
from oceanco2.readers.table import RawTable, Wanted, merged, texts_of
from oceanco2.readers.text import decode, split_lines

_CITE = "Fietzek et al. (2014), doi:10.1175/JTECH-D-13-00083.1"
_times, _time_columns = usual_clock(
    Time(columns=["Timestamp"], format="%Y.%m.%d %H:%M:%S")
)
_UNDEFINED = (66666.0, 99999.0)
#: Columns of this package: what the quality bits mean for the row.
_FLAG = "Quality flag"
_SIGNALS = {"signal_raw", "signal_ref"}
_ZEROS = {"signal_raw_z": "Signal_raw", "signal_ref_z": "Signal_ref"}
_ZEROS |= {"runtime_z": "Runtime"}


@reader(
    "contros_ferrybox",
    description="CONTROS HydroC in a 4H-Jena FerryBox: a file for each parameter or"
    " zero cycle, head lines begin with $",
    proven=True,
    cite=_CITE,
    times=_times,
    time_columns=_time_columns,
    sniff=lambda head: b"\n$DATASETS" in head,
)
def read_contros_ferrybox(
    definition: FileDefinition, raw: RawFile, wanted: Wanted
) -> RawTable:
    """Cut one file of a FerryBox into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    heads = [i for i, s in enumerate(lines) if s.strip().upper() == "$DATASETS"]
    if not heads:
        raise ReadError(f"{raw.name}: no line '$DATASETS': not a file of a FerryBox")
    parts = []
    for start, stop in zip(heads, [*heads[1:], len(lines)], strict=True):
        part = _block(definition, lines, (start, stop), wanted)
        if part is not None:
            parts.append(part)
    if not parts:
        raise ReadError(f"{raw.name}: ends before its column names")
    table = merged(parts)
    table.notes = notes + table.notes
    return table


def _block(
    definition: FileDefinition, lines: list[str], span: tuple[int, int], wanted: Wanted
) -> RawTable | None:
    """Read what stands below one $DATASETS, up to the next head."""
    start, stop = span
    if start + 1 >= stop or not lines[start + 1].startswith("$"):
        return None
    names = [name.strip() for name in lines[start + 1].lstrip("$").split("\t")]
    first = start + 2
    # The line of units, and the head of the next block, begin with $ as well.
    rows = [i for i in range(first, stop) if not lines[i].startswith("$")]
    last = next((i for i in range(first + 1, stop) if lines[i].startswith("$")), stop)
    begin = rows[0] if rows else stop
    head = Head(begin, names, "\t")
    needs = Wanted(wanted.texts, wanted.numbers | {"quality"})
    table = rows_of(definition, lines, head, (begin, max(begin, last)), needs)
    _undefine(table)
    quality = table.column("Quality")
    if quality is not None and _FLAG.lower() in wanted.texts | wanted.numbers:
        table.names = [*table.names, _FLAG]
        fine = np.array([text.strip() in ("0", "0.0") for text in texts_of(quality)])
        flags = np.where(fine, "2", "4").astype(object)
        table.cells[len(table.names) - 1] = flags
    return table


def _undefine(table: RawTable) -> None:
    for cells in table.cells.values():
        if cells.dtype != object:
            cells[np.isin(cells, _UNDEFINED)] = np.nan


@reader(
    "contros_table",
    description="CONTROS HydroC table of an SD card or logger, with its zero table",
    cite=_CITE,
    sniff=lambda head: b"signal_raw" in head.lower() and b"signal_ref" in head.lower(),
)
def read_contros_table(
    definition: FileDefinition, raw: RawFile, wanted: Wanted
) -> RawTable:
    """Cut a table of signals into cells, wherever its header stands."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    head, zeros = _signal_head(definition, lines, raw.name)
    table = rows_of(definition, lines, head, (head.start, len(lines)), wanted)
    if zeros:
        for name, value in (("zero", 1.0), ("flush", 0.0)):
            table.names = [*table.names, name]
            table.cells[len(table.names) - 1] = np.full(table.lines.size, value)
    table.notes = notes + table.notes
    return table


def _signal_head(
    definition: FileDefinition, lines: list[str], file: str
) -> tuple[Head, bool]:
    for i, line in enumerate(lines):
        lower = line.lower()
        if "signal_raw" not in lower or "signal_ref" not in lower:
            continue
        said = definition.separator
        separator = SEPARATORS[said.lower()] if said else sniff(line)
        names = [name.strip() for name in fields(line, separator)]
        zeros = not _SIGNALS & {name.lower() for name in names}
        if zeros:
            names = [_ZEROS.get(name.lower(), name) for name in names]
        return Head(i + 1, names, separator, {line}), zeros
    raise ReadError(f"{file}: no line names signal_raw and signal_ref")
