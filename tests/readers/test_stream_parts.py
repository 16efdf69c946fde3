"""Parts of a stream: order of files, notes, attributes, short and damaged rows."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.platforms import VariableSource
from oceanco2.readers import stream
from oceanco2.readers.runs import RunRows
from oceanco2.readers.table import StreamRows, table_of
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.conftest import small_platform


def rows_of(**columns):
    size = len(next(iter(columns.values())))
    table = table_of(columns, np.arange(1, size + 1))
    table.file, table.digest = "f", "d"
    base = small_platform("", 'SST = { column = "SST", units = "degC" }').files["a"]
    return StreamRows([table], base, "here")


def test_natural_order():
    names = ["a10", "a9", "b1", "a", "a9b"]
    assert sorted(names, key=stream._natural_key) == ["a", "a9", "a9b", "a10", "b1"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ({"value": 1.0}, {"value_type": "nominal"}),
        ({"absent": True}, {"value_type": "missing"}),
        ({"column": "a"}, {"source_column": "a"}),
        ({"sum": ["a", "b"]}, {"source_column": "a + b"}),
        ({"difference": ["a", "b"]}, {"source_column": "a - b"}),
        ({"column": "a", "sensor": "s"}, {"source_column": "a", "sensor": "s"}),
        (
            {"column": "a", "smooth_seconds": 60},
            {"source_column": "a", "smoothing": "running mean over 60 s of a"},
        ),
        (
            {"sum": ["a", "b"], "smooth_seconds": 60},
            {"source_column": "a + b", "smoothing": "running mean over 60 s of b"},
        ),
    ],
)
def test_attributes_of_sources(source, expected):
    assert stream._source_attrs(VariableSource(**source)) == expected


@pytest.mark.parametrize(("count", "noted"), [(49, 49), (50, 50), (51, 51), (60, 51)])
def test_notes_are_limited(count, noted):
    rows = rows_of(a=np.array([1.0]))
    notes = [str(i) for i in range(count - 1)]
    attrs = stream._stream_attrs(rows, {"rows_read": 1}, ["m"], notes)
    assert len(attrs["reading_notes"]) == noted
    assert attrs["reading_notes"][0] == "m"
    if count > 50:
        assert attrs["reading_notes"][-1] == f"... {count - 50} more"
    assert attrs["source_files"] == ["f"]
    assert attrs["source_files_sha256"] == ["d"]
    assert attrs["rows_read"] == 1


@pytest.mark.parametrize(
    ("files", "text"),
    [(["f"], "f"), (list("abc"), "a, b, c"), (list("abcd"), "a, b, c ...")],
)
def test_absent_columns(files, text):
    rows = SimpleNamespace(absent={"x": files})
    expected = f"{text}: no column 'x', treated as missing"
    assert stream._absent_columns(rows) == [expected]


def test_messages_of_rows():
    rows = rows_of(a=np.array([1.0, 2.0, 3.0]))
    time = np.array(["NaT", "2020-01-01", "NaT"], "datetime64[ns]")
    assert stream._rows_without_time(rows, time) == [
        "f: 2 rows (lines 1, 3) without a readable time: not used"
    ]
    damaged = np.array([False, True, False])
    assert stream._damaged_rows(rows, damaged) == [
        "f: line 2 with a different number of fields than the header: kept as damaged"
    ]
    assert stream._damaged_rows(rows, damaged & False) == []


def test_invalid_cells():
    rows = rows_of(
        a=np.array(["1", "x" * 50, "y"], dtype=object),
        A=np.array(["1", "p", "q"], dtype=object),
        b=np.array(["1", "z", "2"], dtype=object),
    )
    invalid = np.array([False, True, True])
    tail = "(2 such cells, treated as missing, rows kept as damaged)"
    for source, name, text in (
        ({"column": "a"}, "SST", f"SST: {'x' * 40!r} is not a number"),
        ({"column": "a"}, "latitude", f"latitude: {'x' * 40!r} is not a position"),
        ({"sum": ["b", "A"]}, "SST", "SST: 'z' + 'p' is not a number"),
        ({"column": "a", "occurrence": 2}, "SST", "SST: 'p' is not a number"),
    ):
        found = stream._invalid_cells(name, VariableSource(**source), rows, invalid)
        assert found == [f"f:2: {text} {tail}"]
    nothing = stream._invalid_cells("SST", None, rows, invalid & False)
    assert nothing == []


def test_short_rows():
    labels = np.array([" wake up", "EQU", "WAKE UP"], dtype=object)
    ignored, water = RUN_TYPES["ignored"], RUN_TYPES["water"]
    runs = RunRows(labels, np.array([ignored, water, water]), np.zeros(3), [])
    rows = rows_of(a=np.array([1.0, 2.0, 3.0]))
    found = stream._short_rows(runs, ["Wake*"], rows)
    assert found.tolist() == [True, False, False]
    for other in ((None, ["Wake*"]), (runs, [])):
        assert stream._short_rows(*other, rows).tolist() == [False] * 3


def test_running_means_stop_at_runs():
    time = np.datetime64("2020-01-01", "ns") + np.arange(3) * np.timedelta64(1, "s")
    values = np.array([1.0, 3.0, 8.0])
    assert stream._make_smoother(time, None)(values, 2.0).tolist() == [2.0, 4.0, 5.5]
    runs = RunRows(values, np.array([1, 1, 2]), values, [])
    assert stream._make_smoother(time, runs)(values, 2.0).tolist() == [2.0, 2.0, 8.0]
