"""CONTROS HydroC CO2 and CO2 FT: files of a FerryBox and tables of a logger."""

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.platforms.schema import Time
from oceanco2.readers.reader import drafted_sources, reader
from oceanco2.readers.records import split_below
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns, merge_tables, texts_of
from oceanco2.readers.text_table import (
    SEPARATORS,
    Head,
    fields,
    guess_separator,
    split_rows,
)
from oceanco2.readers.times import default_clock
from oceanco2.text import decode, split_lines

_CITE = "Fietzek et al. (2014), doi:10.1175/JTECH-D-13-00083.1"
_times, _time_columns = default_clock(
    Time(columns=["Timestamp"], format="%Y.%m.%d %H:%M:%S")
)
_MISSING_VALUES = (66666.0, 99999.0)
#: Column added by this reader: WOCE flag from the quality bits.
_FLAG = "Quality flag"
_SIGNALS = {"signal_raw", "signal_ref"}
_ZEROS = {"signal_raw_z": "Signal_raw", "signal_ref_z": "Signal_ref"}
_ZEROS |= {"runtime_z": "Runtime"}


def _drafted(flag: str | None = None) -> dict[str, tuple[VariableSource, ...]]:
    """Columns of the signals, which all HydroC call alike."""
    units = {
        ("signal_reference", "Signal_Ref"): "1",
        ("state_zero", "State_Zero"): "1",
        ("state_zero", "zero"): "1",
        ("state_flush", "State_Flush"): "1",
        ("state_flush", "flush"): "1",
        ("runtime", "Runtime"): "s",
        ("T_gas", "T_Gas"): "degree_Celsius",
        ("P_analyser", "P_NDIR"): "mbar",
        ("P_equ", "P_In"): "mbar",
    }
    signal = VariableSource(column="Signal_Raw", units="1", flag=flag)
    shown = VariableSource(column="PCO2_Corr", units="uatm")
    return {
        "signal_detector": (signal,),
        **drafted_sources(units),
        "pCO2_water_SST_wet_delivered": (shown,),
    }


def _draft_tables(_raw: RawFile) -> tuple[list[str], list[str]]:
    """Ask for the calibration sheet of the sensor."""
    lines = [
        *("\n[calibration]", 'model = "hydroc"'),
        *("\n# [hydroc]", '# zero_mode = "continuous"'),
        *("# [[hydroc.coefficients]]", "# valid_from = DATE"),
        *(f"# {name} = NUMBER" for name in ("F", "k1", "k2", "k3", "runtime")),
    ]
    return lines, ["[hydroc] zero_mode and the coefficients of the calibration sheet"]


@reader(
    "contros_ferrybox",
    description="CONTROS HydroC in a 4H-Jena FerryBox: a file for each parameter or"
    " zero cycle, head lines begin with $",
    proven=True,
    cite=_CITE,
    times=_times,
    time_columns=_time_columns,
    sniff=lambda head: b"\n$DATASETS" in head,
    drafted=_drafted(_FLAG),
    draft_tables=_draft_tables,
    states_units=True,
)
def read_contros_ferrybox(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split one file of a FerryBox into cells."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    heads = [i for i, s in enumerate(lines) if s.strip().upper() == "$DATASETS"]
    if not heads:
        raise ReadError(
            f"{raw.name}: no line '$DATASETS': not a FerryBox file;"
            f" it starts {text[:60]!r}"
        )
    parts = []
    for start, stop in zip(heads, [*heads[1:], len(lines)], strict=True):
        part = _read_block(definition, lines, start, stop, required=required)
        if part is not None:
            parts.append(part)
    if not parts:
        raise ReadError(f"{raw.name}: ends before its column names")
    table = merge_tables(parts)
    table.notes = notes + table.notes
    return table


def _read_block(
    definition: FileDefinition,
    lines: list[str],
    start: int,
    stop: int,
    *,
    required: RequiredColumns,
) -> RawTable | None:
    """Read the block below one $DATASETS, up to the next header."""
    if start + 1 >= stop or not lines[start + 1].startswith("$"):
        return None
    first = start + 2
    # A line end in the middle of the names, before the line of units.
    units = next((i for i in range(first, stop) if lines[i].startswith("$")), first)
    if not any(line[:1].isdigit() for line in lines[first:units]):
        first = units
    text = "".join(lines[start + 1 : first])
    names = [name.strip() for name in text.lstrip("$").split("\t")]
    # The line of units and the header of the next block also begin with $.
    rows = [i for i in range(first, stop) if not lines[i].startswith("$")]
    last = next((i for i in range(first + 1, stop) if lines[i].startswith("$")), stop)
    begin = rows[0] if rows else stop
    head = Head(begin, names, "\t")
    if lines[first : first + 1] and lines[first].startswith("$"):
        head.units.append(lines[first].lstrip("$").split("\t"))
    with_quality = RequiredColumns(required.texts, required.numbers | {"quality"})
    table = split_rows(definition, lines, head, (begin, max(begin, last)), with_quality)
    _mask_missing(table)
    quality = table.column("Quality")
    if quality is None:
        return table
    table.names = [*table.names, _FLAG]
    if _FLAG.lower() in required.texts | required.numbers:
        good = np.array([text.strip() in ("0", "0.0") for text in texts_of(quality)])
        flags = np.where(good, "2", "4").astype(object)
        table.cells[len(table.names) - 1] = flags
    return table


def _mask_missing(table: RawTable) -> None:
    for cells in table.cells.values():
        if cells.dtype != object:
            cells[np.isin(cells, _MISSING_VALUES)] = np.nan


def _sniff_table(head: bytes) -> bool:
    lower = head.lower()
    is_table = b"signal_raw" in lower and b"signal_ref" in lower
    return is_table and b"\n$datasets" not in lower


@reader(
    "contros_table",
    description="CONTROS HydroC table of an SD card or logger, with its zero table",
    cite=_CITE,
    sniff=_sniff_table,
    drafted=_drafted(),
    draft_tables=_draft_tables,
)
def read_contros_table(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Split a table of signals into cells; the header may be on any line."""
    text, notes = decode(raw.content, definition.encoding, raw.name)
    lines = split_lines(text)
    head, zeros = _find_signal_head(definition, lines, raw.name)
    table = split_below(definition, lines, head, required, raw.name)
    if zeros:
        for name, value in (("zero", 1.0), ("flush", 0.0)):
            table.names = [*table.names, name]
            table.cells[len(table.names) - 1] = np.full(table.lines.size, value)
    table.notes = notes + table.notes
    return table


def _find_signal_head(
    definition: FileDefinition, lines: list[str], file: str
) -> tuple[Head, bool]:
    for i, line in enumerate(lines):
        lower = line.lower()
        if "signal_raw" not in lower or "signal_ref" not in lower:
            continue
        name = definition.separator
        separator = SEPARATORS[name.lower()] if name else guess_separator(line)
        names = [name.strip() for name in fields(line, separator)]
        zeros = not _SIGNALS & {name.lower() for name in names}
        if zeros:
            names = [_ZEROS.get(name.lower(), name) for name in names]
        return Head(i + 1, names, separator, {line}), zeros
    start = " ".join(lines[:3])[:60]
    raise ReadError(
        f"{file}: no header line with signal_raw and signal_ref; it starts {start!r}"
    )
