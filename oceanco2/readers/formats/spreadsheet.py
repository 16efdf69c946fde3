"""Spreadsheets (.xls, .xlsx): one sheet as a table.

Cells are converted to text, and the sheet is then read as a text table described in
the platform file. Needs the extra ``excel``.
"""

import csv
import io
import warnings
from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from oceanco2.errors import ReadError, choose_name, require_library
from oceanco2.platforms import FileDefinition
from oceanco2.readers.reader import reader
from oceanco2.readers.records import split_below
from oceanco2.readers.runs import STANDARD_VALUE, compare_standards
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
from oceanco2.readers.text_table import find_head

_XLS, _XLSX = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


def _sniff(head: bytes) -> bool:
    # Zips are unpacked before they reach a reader, so this is a workbook.
    return head.startswith((_XLS, _XLSX))


def _texts(raw: RawFile) -> list[tuple[dict[str, str], str]]:
    """Return every sheet as text."""
    out = []
    for name in sheet_names(raw):
        rows = _cells_as_text(read_sheet(raw, name))
        out.append(({"sheet": name}, "\n".join("\t".join(row) for row in rows)))
    return out


@reader(
    "spreadsheet",
    description="one sheet of an Excel workbook, .xls or .xlsx (extra 'excel')",
    proven=True,
    options=("sheet",),
    sniff=_sniff,
    texts=_texts,
    more_columns=(STANDARD_VALUE,),
    inspect=compare_standards,
)
def read_spreadsheet(
    definition: FileDefinition, raw: RawFile, required: RequiredColumns
) -> RawTable:
    """Read one sheet: ``options = { sheet = "name" }``, the first by default."""
    rows = read_sheet(raw, definition.options.get("sheet"))
    texts = _cells_as_text(rows)
    definition = definition.model_copy(update={"separator": "tab", "decimal": "."})
    lines = ["\t".join(row).rstrip("\t") for row in texts]
    head = find_head(definition, lines, raw.name)
    width = len(head.names)
    # Empty cells at the end of a row are cells, not missing fields.
    lines = ["\t".join([*row[:width], *_extra_cells(row[width:])]) for row in texts]
    table = split_below(definition, lines, head, required, raw.name)
    table.preamble = head.above(lines)
    return table


def _extra_cells(cells: list[str]) -> list[str]:
    return cells if any(cells) else []


def read_sheet(raw: RawFile, sheet: object = None) -> list[list[Any]]:
    """Read the cells of a sheet."""
    return _read_workbook(raw, _read_xls, _read_xlsx, sheet)


def sheet_names(raw: RawFile) -> list[str]:
    """List the sheets of a workbook."""
    return _read_workbook(raw, _names_of_xls, _names_of_xlsx)


def _read_workbook(
    raw: RawFile,
    read_xls: Callable[..., Any],
    read_xlsx: Callable[..., Any],
    *more: Any,
) -> Any:
    """Read something of a workbook; damage gives one clear error."""
    is_xls = raw.content.startswith(_XLS)
    try:
        return (read_xls if is_xls else read_xlsx)(raw, *more)
    except ReadError:
        raise
    except Exception as error:  # a corrupt workbook may raise anything
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ReadError(f"{raw.name}: not a readable workbook: {reason}") from None


def _open_xls(raw: RawFile) -> Any:
    xlrd = require_library("xlrd", "excel", f"{raw.name}: .xls", error=ReadError)
    return xlrd.open_workbook(file_contents=raw.content, logfile=io.StringIO())


def _names_of_xls(raw: RawFile) -> list[str]:
    return list(_open_xls(raw).sheet_names())


def _read_xls(raw: RawFile, required: object) -> list[list[Any]]:
    """Read a sheet of .xls, where dates are numbers with a format."""
    book = _open_xls(raw)
    sheet = book.sheet_by_name(_sheet_name(required, book.sheet_names(), raw.name))
    return [
        [_xls_cell(cell, book.datemode) for cell in sheet.row(i)]
        for i in range(sheet.nrows)
    ]


def _xls_cell(cell: Any, datemode: int) -> object:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        moment = xlrd.xldate.xldate_as_datetime(cell.value, datemode)
        if cell.value < 1:
            return moment.time()
        return moment if cell.value % 1 else moment.date()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    return "" if cell.ctype == xlrd.XL_CELL_ERROR else cell.value


def _open_xlsx(raw: RawFile) -> Any:
    needed_by = f"{raw.name}: .xlsx"
    openpyxl = require_library("openpyxl", "excel", needed_by, error=ReadError)
    return openpyxl.load_workbook(
        io.BytesIO(raw.content), read_only=True, data_only=True
    )


def _names_of_xlsx(raw: RawFile) -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about features that openpyxl ignores
        return list(_open_xlsx(raw).sheetnames)


def _read_xlsx(raw: RawFile, required: object) -> list[list[Any]]:
    """Read a sheet of .xlsx."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about features that openpyxl ignores
        book = _open_xlsx(raw)
        sheet = book[_sheet_name(required, book.sheetnames, raw.name)]
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    midnight = time(0, 0)
    return [
        [
            c.date() if isinstance(c, datetime) and c.time() == midnight else c
            for c in row
        ]
        for row in rows
    ]


def _sheet_name(sheet: object, names: Collection[str], file: str) -> str:
    if not names:
        raise ReadError(f"{file}: the workbook has no sheet")
    if sheet is None:
        return next(iter(names))
    return choose_name("sheet", str(sheet), names, file, error=ReadError)


def _cells_as_text(rows: list[list[Any]]) -> list[list[str]]:
    """Convert cells to texts; dates get a time if their column has times."""
    timed = {
        column
        for row in rows
        for column, cell in enumerate(row)
        if isinstance(cell, datetime)
    }
    return [
        [_cell_text(cell, timed=column in timed) for column, cell in enumerate(row)]
        for row in rows
    ]


def _cell_text(cell: object, *, timed: bool) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _quote(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    elif isinstance(cell, date) and not isinstance(cell, datetime):
        return f"{cell} 00:00:00" if timed else str(cell)
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(cell.total_seconds(), 60)
        return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{seconds:02.0f}"
    return str(cell)


def _quote(text: str) -> str:
    text = " ".join(text.split())
    if '"' not in text:
        return text
    out = io.StringIO()
    csv.writer(out, delimiter="\t", lineterminator="").writerow([text])
    return out.getvalue()
