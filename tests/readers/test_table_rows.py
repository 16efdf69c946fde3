"""Rows of several files: columns, order in time, duplicates, merging."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import table as tables
from oceanco2.readers.table import RequiredColumns, StreamRows, table_of
from tests.readers.conftest import small_platform


def texts(*cells):
    return np.array(cells, dtype=object)


def make(file, **columns):
    size = len(next(iter(columns.values())))
    made = table_of(columns, np.arange(1, size + 1))
    made.file, made.digest = file, f"digest of {file}"
    return made


def rows_of(*parts):
    base = small_platform("", 'SST = { column = "SST", units = "degC" }').files["a"]
    return StreamRows(list(parts), base.model_copy(update={"missing": ["-9"]}), "here")


def test_required_columns():
    found = RequiredColumns.of([" Time", "QF"], ["SST ", "qf"])
    assert (found.texts, found.numbers) == ({"time", "qf"}, {"sst"})
    names = ["x", "SST", "Time", "sst"]
    assert found.positions_in(names) == {1: False, 2: True, 3: False}


@pytest.mark.parametrize(
    ("name", "occurrence", "expected"),
    [
        ("H2O", 1, 1),
        ("h2o", 1, 2),
        ("h2o", 2, 2),
        ("H2O", 2, 3),
        ("H2O", 3, 3),
        ("H2O", 4, None),
        (" TIME ", 1, 0),
        ("t", 1, None),
    ],
)
def test_positions_of_names(name, occurrence, expected):
    names = ["time", "H2O", "h2o", "H2O"]
    assert tables.locate(names, name, occurrence) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([3], "line 3"),
        ([3, 4], "2 rows (lines 3, 4)"),
        (range(1, 6), "5 rows (lines 1, 2, 3, 4, 5)"),
        (range(1, 7), "6 rows (lines 1, 2, 3, 4, 5 ...)"),
    ],
)
def test_lines_of_messages(lines, expected):
    assert tables.format_lines(lines) == expected


def test_texts_and_hashes():
    assert tables.texts_of(np.array([1.0, np.nan, 0.1])).tolist() == ["1.0", "", "0.1"]
    mixed = tables.concatenate_cells([np.array([1.5]), texts("a")])
    assert mixed.tolist() == ["1.5", "a"]
    same = tables.concatenate_cells([np.array([1.5]), np.array([2.0])])
    assert same.dtype == np.float64
    hashes = tables.hash_lines(["a", "b", "a"])
    assert hashes[0] == hashes[2] != hashes[1]
    assert tables.hash_lines([]).dtype == hashes.dtype == np.uint64


def test_selected_rows():
    made = make("f", a=np.array([1.0, 2.0]), b=texts("x", "y"))
    made.notes = ["note"]
    part = made.select(np.array([False, True]))
    assert (part.column("a").tolist(), part.column("B").tolist()) == ([2.0], ["y"])
    assert (part.lines.tolist(), part.damaged.tolist()) == ([2], [False])
    assert part.content.tolist() == made.content[1:].tolist()
    assert (part.file, part.notes) == ("f", ["note"])


def test_merged_tables():
    one = make("f", a=np.array([1.0]), b=texts("x"))
    two = make("f", B=texts("y"), c=np.array([3.0]))
    one.units, two.units = {"a": {"m"}}, {"a": {"cm"}, "c": {"K"}}
    one.notes, two.notes, two.warnings = ["n1"], ["n2"], ["w"]
    two.damaged[:] = True
    merged = tables.merge_tables([one, two])
    assert merged.names == ["a", "b", "c"]
    assert merged.column("b").tolist() == ["x", "y"]
    np.testing.assert_array_equal(merged.column("a"), [1.0, np.nan])
    np.testing.assert_array_equal(merged.column("c"), [np.nan, 3.0])
    assert merged.units == {"a": {"m", "cm"}, "c": {"K"}}
    assert (merged.notes, merged.warnings) == (["n1", "n2"], ["w"])
    assert merged.damaged.tolist() == [False, True]
    assert merged.lines.tolist() == [1, 1]
    assert tables.merge_tables([one]) is one
    assert tables._column_keys(["A", "b", "a"]) == [("a", 0), ("b", 0), ("a", 1)]


def test_columns_of_several_files():
    rows = rows_of(make("f", a=np.array([1.0, -9.0])), make("g", b=np.array([3.0])))
    np.testing.assert_array_equal(rows.cells("a"), [1.0, -9.0, np.nan])
    assert rows.absent == {"a": ["g"]}
    values, invalid = rows.numbers("a")
    np.testing.assert_array_equal(values, [1.0, np.nan, np.nan])
    assert not invalid.any()
    values, _ = rows.numbers("a", missing=["1"])
    assert np.isnan(values).all()
    assert rows.texts("b").tolist() == ["", "", "3.0"]
    with pytest.raises(ReadError, match=r"g: here: .*'a'"):
        rows.cells("a", required=True)
    with pytest.raises(ReadError, match=r"g: here: .*'a'"):
        rows.texts("a", required=True)
    with pytest.raises(ReadError, match=r"g: here: .*'a'"):
        rows.numbers("a", required=True)
    with pytest.raises(ReadError, match=r"f: here: .*'c'"):
        rows.cells("c")
    with pytest.raises(ReadError, match=r"f: here: .*column number 2"):
        rows.cells("a", 2)
    assert rows.file_index().tolist() == [0, 0, 1]
    assert [rows.locate(i) for i in range(3)] == ["f:1", "f:2", "g:1"]


def test_order_in_time():
    late = make("f", a=np.array([5.0, 4.0, 6.0]))
    early = make("g", a=np.array([1.0, 5.0, 4.0]))
    rows = rows_of(late, early)
    days = ["2020-01-05", "2020-01-04", "NaT", "2020-01-01", "2020-01-05", "2020-01-04"]
    time, duplicates = rows.sort_by_time(np.array(days, "datetime64[ns]"))
    assert duplicates == 2
    assert [t.file for t in rows.tables] == ["g", "f"]
    assert rows.numbers("a")[0].tolist() == [1.0, 4.0, 5.0]
    assert np.array_equal(time, np.array([days[3], days[5], days[4]], time.dtype))
    assert rows.file_index().tolist() == [0, 0, 0]
    assert [rows.locate(i) for i in range(3)] == ["g:1", "g:3", "g:2"]
