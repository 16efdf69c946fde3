"""Notes, warnings and times of a SubCTech log."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers import READERS
from oceanco2.readers.formats.subctech import read_subctech
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns, StreamRows, table_of

DEFINITION = FileDefinition(reader="subctech")


def read(*lines, texts=("a",), numbers=("b",), **keys):
    raw = RawFile("x.log", "\n".join(lines).encode(), "")
    definition = FileDefinition(reader="subctech", **keys)
    return read_subctech(definition, raw, RequiredColumns.of(texts, numbers))


def times(where="here", **columns):
    cells = {
        name.replace("_", " "): np.array(values, dtype=kind)
        for name, values in columns.items()
        for kind in [object if isinstance(values[0], str) else float]
    }
    size = len(next(iter(cells.values())))
    rows = StreamRows([table_of(cells, np.arange(size))], DEFINITION, where)
    found, notes = READERS["subctech"].times(DEFINITION, rows, where)
    assert found.dtype == np.dtype("datetime64[ns]")
    return found, notes


def test_milliseconds_of_the_logger():
    fractions = [0.0, 999.0, 1000.0, -1.0, np.nan, 0.5]
    found, notes = times(DATE=["2024-05-01"] * 6, TIME=["00:00:01"] * 6, FRAC=fractions)
    start = np.datetime64("2024-05-01T00:00:01", "ns")
    passed = (found - start) / np.timedelta64(1, "ms")
    assert passed.tolist() == [0.0, 999.0, 0.0, 0.0, 0.0, 0.0]
    assert notes == []


def test_the_offset_of_the_gps_is_noted():
    clocks = [5.0, 7.0, 30.0, np.nan, 8.0]
    found, notes = times(
        DATE=["2024-05-01"] * 5, TIME=["00:00:00"] * 5, GPS_Time=clocks
    )
    assert notes == ["clock of the GPS minus the one used: median 8 s, from 5 to 30 s"]
    assert (found == np.datetime64("2024-05-01")).all()
    _, notes = times(DATE=["2024-05-01"], TIME=["00:00:00"], GPS_Time=[np.nan])
    assert notes == []


def test_times_that_cannot_be_read():
    with pytest.raises(ReadError) as caught:
        times(DATE=["1.5.2024"], TIME=["12:00"])
    text = "cannot read times with 'DATE' and 'TIME'; the row has '1.5.2024 12:00'"
    assert text in str(caught.value)


def test_texts_of_the_instrument_and_what_is_not_read():
    texts = [f"text {i}" for i in range(12)]
    lines = ["@DATA,0,0", *texts, "text 3", "@NAME,a,b", "@UNIT,m,hPa,K", "@DATA,x,1.5"]
    table = read(*lines, "lost", "@DATA,y,2.5", "@MEAN,1", "@NAME,B,c", "@DATA,3.5,z")
    assert table.names == ["a", "b", "c"]
    assert table.column("a").tolist()[:2] == ["x", "y"]
    assert table.column("b").tolist() == [1.5, 2.5, 3.5]
    assert table.lines.tolist() == [17, 19, 22]
    assert table.notes[-10:] == [f"x.log: text {i}" for i in range(10)]
    assert not any("text 10" in note for note in table.notes)
    assert table.warnings == [
        "x.log: line 1 before the first @NAME: not read",
        "x.log: line 18 of no record: not read",
    ]
    assert table.units == {"a": {"m"}, "b": {"hPa"}}


def test_names_of_the_platform_file_and_decimal_commas():
    table = read("@DATA,x,1", "@DATA,y,2", names=["a", " b"])
    assert table.column("b").tolist() == [1.0, 2.0]
    table = read("@NAME,a,b", '@DATA,x,"1,5"', '@DATA,y,"2,5"', decimal=",")
    assert table.column("b").tolist() == [1.5, 2.5]
    with pytest.raises(ReadError, match="not a SubCTech log: no record @NAME"):
        read("@DATA,x,1")


def test_units_of_a_column_in_several_heads():
    heads = ["@NAME,a,b", "@UNIT,m,hPa", "@DATA,x,1", "@NAME,a,b", "@UNIT,m,kPa"]
    assert read(*heads, "@DATA,x,1").units == {"a": {"m"}, "b": {"hPa", "kPa"}}
