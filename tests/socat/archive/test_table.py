"""Tables of rows that arrive in chunks: values, types, what is missing."""

import numpy as np
import pandas as pd
import pytest

from oceanco2.socat.archive.printing import Text
from oceanco2.socat.archive.table import (
    ArchiveRows,
    StringTable,
    Table,
    as_stored,
    decode_text,
    join,
)

NAN = np.nan
TIMES = np.array(["2001-02-03T04:05", "NaT", "2002-01-01"], "datetime64[ns]")


def rows(size=3, time=True, **numbers):
    numbers = {k: np.array(v, float) for k, v in numbers.items()}
    labels = {"Expocode": Text(np.array([1, 0, 1][:size]), [b"AAAA", " Ö ".encode()])}
    return ArchiveRows(
        numbers or {"SST": np.array([1.5, NAN, 3.0][:size])},
        labels,
        TIMES[:size] if time else None,
        np.arange(10, 10 + size),
        np.zeros(4, np.uint8),
        np.arange(2 * size).reshape(size, 2),
        "x.tsv",
    )


def test_taken_rows():
    whole = rows()
    assert (whole.size, whole.file) == (3, "x.tsv")
    assert whole.take(np.ones(3, bool)) is whole
    part = whole.take(np.array([True, False, True]))
    assert part.numbers["SST"].tolist() == [1.5, 3.0]
    assert part.labels["Expocode"].codes.tolist() == [1, 1]
    assert part.labels["Expocode"].labels == whole.labels["Expocode"].labels
    np.testing.assert_array_equal(part.time, TIMES[[0, 2]])
    assert part.lines.tolist() == [10, 12]
    assert part.spans.tolist() == [[0, 1], [4, 5]]
    assert part.text is whole.text
    assert (part.size, part.file) == (2, "x.tsv")
    assert rows(time=False).take(np.array([True, False, True])).time is None


def test_texts_that_meet_a_condition():
    assert rows().matches("Expocode", lambda x: x == "Ö").tolist() == [
        True,
        False,
        True,
    ]
    assert decode_text(b" caf\xc3\xa9 ") == "café"
    assert decode_text(b" caf\xe9 ") == "café"


def test_a_table_of_texts_keeps_the_order_of_appearance():
    table = StringTable()
    assert table.codes(
        Text(np.array([2, 0, 2]), [b"a", b"unused", b" b"])
    ).tolist() == ([1, 0, 1])
    assert table.labels == ["a", "b"]
    found = table.codes(Text(np.array([1, 0]), [b"c", b"b "]))
    assert found.tolist() == [1, 2]
    assert found.dtype == np.int32
    assert table.labels == ["a", "b", "c"]


def test_joined_parts():
    one = np.array([1, 2], np.int16)
    assert join([one]) is one
    assert join([one, one]).tolist() == [1, 2, 1, 2]
    assert join([]).dtype == np.float64
    assert join([], "int16").dtype == np.int16


def test_integers_are_stored_as_integers():
    values = np.array([2.0, NAN, 9.0])
    for name in ("fCO2rec_src", "fCO2rec_flag", "yr", "mon", "day", "hh", "mm"):
        stored = as_stored(name, values)
        assert stored.dtype == np.int16
        assert stored.tolist() == [2, -1, 9]
    for name in ("ss", "SST", "fCO2rec"):
        assert as_stored(name, values) is values


NAMES = ("Expocode", "time", "SST", "fCO2rec_src", "QC_Flag", "new", "x_oceanco2")
KINDS = ["int32", "datetime64[ns]", "float64", "int16", "int32", "int32", "float64"]


def test_columns_of_chunks():
    table = Table(NAMES)
    assert list(table.string_tables) == ["Expocode", "QC_Flag", "new"]
    table.add(rows(SST=[1, 2, 3], fCO2rec_src=[4, NAN, 6]))
    table.add(rows(size=1, time=False), {"x_oceanco2": np.array([7.5])})
    assert table.size == 4
    first = table.take(2)
    assert table.size == 2
    assert [str(v.dtype) for v in first.values()] == KINDS
    assert [v.size for v in first.values()] == [2] * 7
    assert first["Expocode"].tolist() == [1, 0]
    assert table.string_tables["Expocode"].labels == ["AAAA", "Ö"]
    np.testing.assert_array_equal(first["time"], TIMES[:2])
    assert first["fCO2rec_src"].tolist() == [4, -1]
    rest = table.take(5)
    assert table.size == 0
    assert rest["SST"].tolist() == [3.0, 1.5]
    assert rest["fCO2rec_src"].tolist() == [6, -1]
    assert rest["QC_Flag"].tolist() == [-1, -1]
    np.testing.assert_array_equal(rest["x_oceanco2"], [NAN, 7.5])
    np.testing.assert_array_equal(rest["time"], [TIMES[2], np.datetime64("NaT")])
    empty = table.take(1)
    assert [str(v.dtype) for v in empty.values()] == KINDS
    assert [v.size for v in empty.values()] == [0] * 7


def test_frames():
    table = Table(("Expocode", "time", "fCO2rec_src"))
    table.add(rows(fCO2rec_src=[4, NAN, 6]))
    first = table.frame(1)
    expected = pd.DataFrame(
        {
            "Expocode": pd.Categorical.from_codes([1], ["AAAA", "Ö"]),
            "time": TIMES[:1],
            "fCO2rec_src": np.array([4], np.int16),
        }
    )
    pd.testing.assert_frame_equal(first, expected)
    rest = table.frame()
    assert rest["fCO2rec_src"].tolist() == [-1, 6]
    assert rest["Expocode"].tolist() == ["AAAA", "Ö"]
    assert table.size == 0
    assert len(table.frame()) == 0


@pytest.mark.parametrize("name", ["fCO2rec_flag", "QC_Flag", "SST", "time"])
def test_a_column_that_no_file_has(name):
    table = Table((name,))
    table.add(rows(size=2, time=False, sal=[1, 2]))
    values = table.take(2)[name]
    assert str(values.dtype) == dict(zip(NAMES, KINDS, strict=True)).get(name, "int16")
    missing = {"time": np.datetime64("NaT"), "SST": NAN}.get(name, -1)
    np.testing.assert_array_equal(values, np.full(2, missing, values.dtype))
