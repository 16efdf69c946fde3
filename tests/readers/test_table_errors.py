"""Errors about columns, and what an entry of the registry of readers states."""

import pytest

from oceanco2.readers import READERS
from oceanco2.readers.reader import Reader
from oceanco2.readers.table import locate, missing_column

#: Readers that have read real files of their instruments (docs/instruments.md).
PROVEN = {
    *("contros_ferrybox", "delimited", "general_oceanics", "mapco2", "mapco2_csv"),
    *("netcdf", "pangaea", "pro_oceanus", "sami", "socat", "spreadsheet", "subctech"),
}


def test_only_a_repeated_column_has_a_number():
    once = str(missing_column(["Temp", "temp"], "temp", 1, "a.csv", "[files.x]"))
    third = str(missing_column(["Temp", "temp"], "temp", 3, "a.csv", "[files.x]"))
    nowhere = str(missing_column(["Temp"], "salt", 3, "a.csv", "[files.x]"))
    assert once.startswith("a.csv: [files.x]: no column named 'temp'")
    assert third.startswith("a.csv: [files.x]: no column number 3 named 'temp'")
    assert nowhere.startswith("a.csv: [files.x]: no column named 'salt'")


@pytest.mark.parametrize(
    ("name", "occurrence", "position"),
    [("T", 1, 0), ("T", 2, 2), ("t", 1, 3), ("T ", 1, 0), ("T", 3, 3), ("S", 1, None)],
)
def test_a_column_by_its_exact_name_first(name, occurrence, position):
    assert locate(["T", "x", "T", "t"], name, occurrence) == position


def test_which_readers_have_read_real_files():
    assert {name for name, entry in READERS.items() if entry.proven} == PROVEN


def test_an_entry_states_nothing_that_it_was_not_given():
    entry = Reader(name="x", description="y", proven=False, read=len)
    assert entry.cite == ""
    for name in ("run_columns", "short_runs", "options", "more_columns"):
        assert tuple(getattr(entry, name)) == ()
    for name in ("runs", "position", "offers"):
        assert dict(getattr(entry, name)) == {}
    for name in ("together", "clocks", "inspect", "sniff"):
        assert getattr(entry, name) is None
