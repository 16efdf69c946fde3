"""Records of a Saildrone vehicle as a table: lists, keys, cells and times."""

import json

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers.formats import saildrone
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns
from oceanco2.readers.times import TIMESTAMP

NEW_YEAR = 1577836800.0  # 2020-01-01


def table(content, texts=("a", "b.c"), numbers=(), **definition):
    raw = RawFile("x.json", content.encode(), "")
    chosen = FileDefinition(reader="saildrone_json", **definition)
    required = RequiredColumns.of(texts, numbers)
    return saildrone.read_saildrone_json(chosen, raw, required)


def test_rows_columns_and_times():
    records = [
        {"Time": "2020-01-01T00:00:00Z", "a": 1.5, "b": {"c": " x "}, "d": 1},
        {"Time": "2020-01-01T00:00:01Z", "a": None, "e": True},
    ]
    found = table(json.dumps({"data": records}))
    assert found.names == ["Time", "a", "b.c", "d", "e", TIMESTAMP]
    assert sorted(found.cells) == [1, 2, 5]
    assert found.column("a").tolist() == ["1.5", ""]
    assert found.column("b.c").tolist() == ["x", ""]
    assert found.column(TIMESTAMP).tolist() == [NEW_YEAR, NEW_YEAR + 1.0]
    assert found.lines.tolist() == [1, 2]
    assert found.lines.dtype == np.int32
    assert found.damaged.tolist() == [False, False]
    assert found.content[0] != found.content[1]
    assert (found.notes, found.warnings) == ([], [])


def test_damaged_files_say_so():
    text = json.dumps([{"time": NEW_YEAR, "a": 1}] * 2)
    found = table(text[:-3])
    assert found.lines.size == 1
    message = "damaged JSON: 1 records before the damage are read"
    assert found.warnings == [f"x.json: {message}"]


@pytest.mark.parametrize("key", saildrone._TIMES)
def test_keys_of_the_time(key):
    found = table(json.dumps([{key.upper(): "2020-01-01 00:00:00"}]))
    assert found.column(TIMESTAMP).tolist() == [NEW_YEAR]
    assert saildrone._sniff(f'[{{"{key}": 1}}]'.encode())


def test_names_of_keys_in_the_order_of_preference():
    assert (
        *("time_interval", "time", "timestamp", "date_time", "datetime"),
    ) == saildrone._TIMES
    found = table(json.dumps([{"time": NEW_YEAR, "time_interval": NEW_YEAR + 1.0}]))
    assert found.column(TIMESTAMP).tolist() == [NEW_YEAR + 1.0]


def test_files_without_records_or_without_times():
    with pytest.raises(ReadError, match="contains no JSON records; it starts 'abc'"):
        table("abc")
    with pytest.raises(ReadError, match=r"no time in the records .*available: a, z"):
        table('[{"a": 1, "z": 2}]')
    time = {"date": "a", "date_format": "%Y%m%d", "time": "b"}
    assert table('[{"a": 1}]', time=time).names == ["a"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ([1, 2], [1, 2]),
        ({"data": [1]}, [1]),
        ({"Records": [2]}, [2]),
        ({"features": [3]}, [3]),
        ({"rows": [4]}, [4]),
        ({"rows": [4], "data": [1]}, [1]),
        ({"data": 7, "rows": [4]}, [4]),
        ({"data": 7}, [{"data": 7}]),
        ({"a": [1]}, [{"a": [1]}]),
        ("text", []),
        (None, []),
    ],
)
def test_the_list_of_records(content, found):
    assert saildrone._list_in(content) == found


def test_only_tables_are_records_and_their_tables_are_flattened():
    assert saildrone._flatten_all([{"a": 1}, 2, None]) == [{"a": 1}]
    deep = {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}
    assert saildrone._flatten(deep) == {"a.b.c.d.e": {"f": 1}}
    assert saildrone._flatten({" a ": 1, "b": {"c": 2}}) == {"a": 1, "b.c": 2}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((None, ""), (True, "true"), ([1, 2], "[1, 2]"), ({"a": 1}, '{"a": 1}')),
        *((" x ", "x"), (1.5, "1.5"), (0.1 + 0.2, "0.30000000000000004"), (7, "7")),
    ],
)
def test_text_of_a_cell(value, text):
    assert saildrone._cell_text(value) == text


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        *(
            (
                f"2020-01-01{between}00:00:02{fraction}{zone}",
                2.0 + float(f"0{fraction}"),
            )
            for between in "T "
            for fraction in ("", ".5")
            for zone in ("Z", "")
        ),
        ("1577836800", 0.0),
        ("1577836800.5", 0.5),
        ("1577836800000", 0.0),
        ("1577836800500", 0.5),
        ("100000000000", 1e11 - NEW_YEAR),
        ("100000000001", 100000000.001 - NEW_YEAR),
        ("999999999", 999999999.0 - NEW_YEAR),
        ("99999999", np.nan),
        ("15778368000000", np.nan),
        ("soon", np.nan),
        ("", np.nan),
    ],
)
def test_times_in_seconds(stamp, seconds):
    found = saildrone._seconds(np.array([stamp], dtype=object))
    np.testing.assert_allclose(found, [NEW_YEAR + seconds], rtol=0, atol=1e-3)


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b' \n{"time": 1', True),
        (b'\xef\xbb\xbf[{"time": 1', True),
        (b'x{"time": 1', False),
        (b'{"a": 1', False),
        (b"", False),
    ],
)
def test_what_is_recognised(head, known):
    assert saildrone._sniff(head) is known


def test_damaged_json_of_every_list():
    for name in ("data", "records", "features", "rows"):
        found, problem = saildrone._find_records(f'{{"a": [9], "{name}" : [{{"x": 1}},')
        assert found == [{"x": 1}]
        assert problem


@pytest.mark.parametrize(
    ("between", "count"),
    [(",", 2), (" ,\r\n\t", 2), ("", 2), ("x", 1), (",x", 1), ("]", 1)],
)
def test_only_commas_and_blanks_separate_records(between, count):
    text = f'{{"data": [{{"time": 1}}{between}{{"time": 2}}, '
    records, problem = saildrone._find_records(text)
    assert len(records) == count
    assert problem == f"damaged JSON: {count} records before the damage are read"
