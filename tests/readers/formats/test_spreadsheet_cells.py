"""Cells of a spreadsheet as text."""

from datetime import date, datetime, time, timedelta

import pytest

from oceanco2.errors import ReadError
from oceanco2.readers.formats import spreadsheet


@pytest.mark.parametrize(
    ("cell", "plain", "timed"),
    [
        (None, "", ""),
        ("a  b\n c", "a b c", "a b c"),
        ('say "x"', '"say ""x"""', '"say ""x"""'),
        (3.0, "3", "3"),
        (3.25, "3.25", "3.25"),
        (-4.0, "-4", "-4"),
        (1e15, "1000000000000000.0", "1000000000000000.0"),
        (999999999999999.0, "999999999999999", "999999999999999"),
        (True, "True", "True"),
        (7, "7", "7"),
        (date(2020, 1, 2), "2020-01-02", "2020-01-02 00:00:00"),
        (datetime(2020, 1, 2, 3, 4, 5), "2020-01-02 03:04:05", "2020-01-02 03:04:05"),
        (time(3, 4, 5), "03:04:05", "03:04:05"),
        (timedelta(hours=1, minutes=2, seconds=3), "01:02:03", "01:02:03"),
        (timedelta(hours=26, seconds=59), "26:00:59", "26:00:59"),
    ],
)
def test_texts_of_cells(cell, plain, timed):
    assert spreadsheet._cell_text(cell, timed=False) == plain
    assert spreadsheet._cell_text(cell, timed=True) == timed


def test_dates_in_a_column_with_times():
    rows = [[date(2020, 1, 2), date(2020, 1, 2)], [datetime(2020, 1, 2, 3), "x"]]
    assert spreadsheet._cells_as_text(rows) == [
        ["2020-01-02 00:00:00", "2020-01-02"],
        ["2020-01-02 03:00:00", "x"],
    ]


def test_names_of_sheets():
    assert spreadsheet._sheet_name(None, ["a", "b"], "f") == "a"
    assert spreadsheet._sheet_name("b", ["a", "b"], "f") == "b"
    assert spreadsheet._sheet_name(2020, ["a", "2020"], "f") == "2020"
    with pytest.raises(ReadError, match="f: the workbook has no sheet"):
        spreadsheet._sheet_name(None, [], "f")
    with pytest.raises(ReadError, match="sheet"):
        spreadsheet._sheet_name("c", ["a", "b"], "f")


def test_more_cells_than_names():
    assert spreadsheet._extra_cells(["", ""]) == []
    assert spreadsheet._extra_cells(["", "x"]) == ["", "x"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"PK\x03\x04...", True),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", True),
        (b"PK\x05\x06", False),
        (b"a,b", False),
    ],
)
def test_sniffing(head, expected):
    assert spreadsheet._sniff(head) is expected


def test_cells_of_old_workbooks():
    """Dates are days since 1899-12-30; below 1 there is no date."""
    xlrd = pytest.importorskip("xlrd")
    from types import SimpleNamespace

    def cell(kind, value):
        entry = SimpleNamespace(ctype=getattr(xlrd, f"XL_CELL_{kind}"), value=value)
        return spreadsheet._xls_cell(entry, 0)

    assert cell("DATE", 0.5) == time(12, 0)
    assert cell("DATE", 43832.0) == date(2020, 1, 2)
    assert not isinstance(cell("DATE", 43832.0), datetime)
    assert cell("DATE", 43832.25) == datetime(2020, 1, 2, 6)
    assert cell("BOOLEAN", 1) is True
    assert cell("BOOLEAN", 0) is False
    assert cell("ERROR", 7) == ""
    assert cell("NUMBER", 7.5) == 7.5
    assert cell("TEXT", "a") == "a"
