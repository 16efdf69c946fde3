"""Cells over several lines, and headers in mid-file."""

import numpy as np
import pytest

from oceanco2.errors import DataWarning
from oceanco2.platforms import FileDefinition
from oceanco2.readers import records
from oceanco2.readers.records import join_quoted, split_table
from oceanco2.readers.table import RequiredColumns


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["a,b", "1,2"], ["a,b", "1,2"]),
        (['a,"b', 'c"', "1,2"], ['a,"b c"', "", "1,2"]),
        (['"a', "b", 'c",d', "1,2"], ['"a b c",d', "", "", "1,2"]),
        # A line that closes one cell and opens the next
        (['x,"a', 'b",c,"d', 'e"', "1"], ['x,"a b",c,"d e"', "", "", "1"]),
        (['x,"a', 'b","c', 'e",f'], ['x,"a b","c e",f', "", ""]),
        (['a;"b', 'c";d', 'e\t"f', 'g"\th'], ['a;"b c";d', "", 'e\t"f g"\th', ""]),
        (['a|"b', 'c" |d', 'e, "f', 'g"'], ['a|"b c" |d', "", 'e, "f g"', ""]),
        # Doubled quotes are quotes of the text
        (['a,"b ""x""', '""y"" c",d'], ['a,"b ""x"" ""y"" c",d', ""]),
        (['a,"b', 'say ""x""', 'c"'], ['a,"b say ""x"" c"', "", ""]),
        # Quotes that open no cell, or that nothing closes
        (['a,5"', 'b,6"'], ['a,5"', 'b,6"']),
        (['a,"b', '1,"x",2', "3,4"], ['a,"b', '1,"x",2', "3,4"]),
        (['a,"b', '1,"x', 'y",2'], ['a,"b', '1,"x y",2', ""]),
        (['a,"b', "1,2"], ['a,"b', "1,2"]),
    ],
)
def test_cells_over_several_lines(lines, joined):
    before = lines.copy()
    assert join_quoted(lines) == joined
    assert lines == before


@pytest.mark.parametrize(("between", "closed"), [(9, True), (10, False)])
def test_a_quote_is_closed_within_ten_lines(between, closed):
    lines = ['a,"b', *["x"] * between, 'c",d']
    assert (join_quoted(lines)[0] != 'a,"b') is closed
    # The count begins again with each quote.
    lines = ['a,"b', *["x"] * 9, 'c","d', *["y"] * 9, 'e"', "z"]
    assert join_quoted(lines)[1:] == [""] * 20 + ["z"]


NAMES = ["t", "sst", "teq"]


def table(text, required=NAMES, **keys):
    definition = FileDefinition.model_validate({"reader": "delimited"} | keys)
    wanted = RequiredColumns.of(required[:1], required[1:])
    return split_table(definition, text.splitlines(), wanted, "a.csv")


def columns(found):
    return {name: found.column(name).tolist() for name in NAMES}


EXPECTED = {"t": ["d1", "d2"], "sst": [1.0, 1.5], "teq": [2.0, 2.5]}
FIRST = "t,sst,teq\nd1,1,2\n"


@pytest.mark.parametrize(
    "header",
    [
        "t,teq,sst\nd2,2.5,1.5",
        "T,TEQ,SST\nd2,2.5,1.5",
        "teq,t,sst\n2.5,d2,1.5",
        "t,teq,new,sst\nd2,2.5,9,1.5",
        "x1,t,y,teq,z,sst\n9,d2,9,2.5,9,1.5",
        '"t","teq","sst"\nd2,2.5,1.5',
        "t,sst,teq\n\nt,teq,sst\nt,teq,sst\nd2,2.5,1.5",
        "t,teq,sst\nt,sst,teq\nd2,1.5,2.5",
    ],
)
def test_rows_below_a_later_header_are_read_by_it(header):
    found = table(FIRST + header)
    assert columns(found) == EXPECTED
    assert found.lines.tolist() == [2, 2 + len(header.splitlines())]
    assert not found.damaged.any()
    assert found.warnings == []


def test_a_later_header_is_noted():
    found = table(FIRST + "t,teq,sst\nd2,2.5,1.5\n")
    assert found.notes == [
        "a.csv: separator assumed to be comma",
        "a.csv:3: a new header, rows below are read by it",
    ]
    found = table(FIRST + "t,sst,teq\nd2,1.5,2.5\n", separator="comma")
    assert found.notes == []
    assert columns(found) == EXPECTED
    assert found.lines.tolist() == [2, 4]


def test_a_header_returns():
    text = FIRST + "t,teq,sst\nd2,2.5,1.5\nt,sst,teq\nd3,3,4\n"
    assert columns(table(text)) == {
        "t": ["d1", "d2", "d3"],
        "sst": [1.0, 1.5, 3.0],
        "teq": [2.0, 2.5, 4.0],
    }


def test_a_later_header_without_a_column():
    found = table(FIRST + "t,teq,other\nd2,2.5,7\n")
    assert found.warnings == ["a.csv:3: a new header without 'sst': missing below"]
    np.testing.assert_array_equal(found.column("sst"), [1.0, np.nan])
    assert found.column("teq").tolist() == [2.0, 2.5]
    found = table(FIRST + "t,other,another\nd2,2.5,7\n")
    message = "a.csv:3: a new header without 'sst', 'teq': missing below"
    assert found.warnings == [message]


@pytest.mark.parametrize(
    "row",
    [
        "t,9,9",
        "t,1x,sea",
        "sst,teq",
        "t",
        "x,sst_old,teq_old",
        "t,-.5,word",
        "sea,ship,day",
    ],
)
def test_rows_that_are_no_header(row):
    if row == "sst,teq":  # two names are enough
        assert len(table(FIRST + row + "\n1,2\n").notes) == 2
        return
    found = table(FIRST + row + "\nd2,1.5,2.5\n")
    assert len(found.notes) == 1
    assert found.lines.tolist() == [2, 3, 4]


def test_units_below_a_later_header():
    first = "t,sst,teq\n,degC,degC\nd1,1,2\n"
    header = {"units": 1}
    for text in ("t,teq,sst\n,degC,degC\nd2,2.5,1.5\n", "t,teq,sst\nd2,2.5,1.5\n"):
        found = table(first + text, header=header)
        assert columns(found) == EXPECTED
        assert found.units == {"sst": {"degC"}, "teq": {"degC"}}
    later = "t,teq,sst\n,degC,K\nd2,2.5,1.5\nt,sst,teq\n"
    found = table(first + later, header=header)
    assert columns(found) == EXPECTED
    assert found.units == {"sst": {"degC", "K"}, "teq": {"degC"}}
    found = table(f"{first}t,sst,teq\n,degC,degF\nd2,1.5,2.5\n", header=header)
    assert columns(found) == EXPECTED
    assert found.units == {"sst": {"degC"}, "teq": {"degC", "degF"}}


def test_other_units_below_a_later_header():
    first = "t,sst,teq\n,degC,degC\nd1,1,2\n"
    later = "t,teq,sst\n,degC,K\nd2,2.5,274.65\n"
    found = table(first + later, header={"units": 1})
    assert found.units["sst"] == {"degC", "K"}
    assert found.units["teq"] == {"degC"}


def test_headers_of_two_rows():
    first = "t,sst,sst\n,in,out\nd1,1,2\n"
    later = "t,sst,sst\n,out,in\nd2,2.5,1.5\n"
    names = ["t|", "sst|in", "sst|out"]
    found = table(first + later, names, header={"rows": 2})
    assert found.column("sst|in").tolist() == [1.0, 1.5]
    assert found.column("sst|out").tolist() == [2.0, 2.5]
    assert found.lines.tolist() == [3, 6]
    assert table(first + "t,sst,sst\n", names, header={"rows": 2}).lines.size == 1


def test_files_without_a_header():
    keys = {"header": {"rows": 0}, "names": NAMES}
    found = table("d1,1,2\nt,teq,sst\nd2,2.5,1.5\nt,teq,sst", **keys)
    assert columns(found) == EXPECTED


def test_a_file_of_headers_only():
    assert table("t,sst,teq\nt,teq,sst\n").lines.size == 0
    assert columns(table("t,sst,teq\nt,teq,sst\nd1,2,1\n"))["teq"] == [2.0]


def test_nothing_is_looked_for_without_columns():
    assert table(FIRST + "t,teq,sst\n", ["u", "v"]).lines.tolist() == [2, 3]


def test_names_with_line_breaks(reading):
    text = (
        b'"DATE\rUTC","SST\r(degC)"\r2021-03-04 00:00:00,1.5\r2021-03-04 01:00:00,2.5\r'
    )
    table = 'separator = ","\n'
    table += 'time = { columns = ["DATE UTC"], format = "%Y-%m-%d %H:%M:%S" }'
    ds = reading(text, 'SST = { column = "SST (degC)", units = "degC" }', table)
    assert ds["SST"].to_numpy().tolist() == [1.5, 2.5]
    assert ds["source_row"].to_numpy().tolist() == [4, 5]


def test_sheets_and_tables_of_signals(reading):
    openpyxl = pytest.importorskip("openpyxl")
    import io

    book = openpyxl.Workbook()
    for row in (
        *(["t", "a", "b"], ["2021-03-04 00:00:00", 1, 2]),
        *(["t", "b", "a"], ["2021-03-04 01:00:00", 2.5, 1.5]),
    ):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    time = 'time = { columns = ["t"], format = "%Y-%m-%d %H:%M:%S" }'
    variables = 'SST = { column = "a", units = "degC" }'
    ds = reading(
        content.getvalue(), variables, f'reader = "spreadsheet"\n{time}', name="a.xlsx"
    )
    assert ds["SST"].to_numpy().tolist() == [1.0, 1.5]
    text = "t,signal_raw,signal_ref\n2021-03-04 00:00:00,1,2\n"
    text += "t,signal_ref,signal_raw\n2021-03-04 01:00:00,2.5,1.5\n"
    variables = 'signal_detector = { column = "signal_raw", units = "1" }'
    ds = reading(text, variables, f'reader = "contros_table"\n{time}')
    assert ds["signal_detector"].to_numpy().tolist() == [1.0, 1.5]
    zeros = text.replace("signal_raw", "signal_raw_z").replace("ref", "ref_z")
    zeros = zeros.splitlines()[:2] * 2
    ds = reading("\n".join(zeros), variables, f'reader = "contros_table"\n{time}')
    assert ds["signal_detector"].to_numpy().tolist() == [1.0]


def test_a_row_of_words_stays_a_row_without_time(reading):
    text = "time,SST\n2021-03-04 00:00:00,1\nGPS,lost\n2021-03-04 01:00:00,2\n"
    with pytest.warns(DataWarning, match="line 3 without a readable time"):
        ds = reading(text, 'SST = { column = "SST", units = "degC" }')
    assert ds.sizes["time"] == 2


def test_lines_that_contain_a_text(monkeypatch):
    lines = ["", "Time", "1,2", "sst", "x", "TIME,SST", "y"]
    for chunk in (1, 2, 3, 7, 100):
        monkeypatch.setattr(records, "_CHUNK", chunk)
        assert records._lines_with(lines, "time", "sst") == [1, 3, 5]
    assert records._lines_with([], "time", "sst") == []
