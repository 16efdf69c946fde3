"""Counts of lines, problems, and how parts and numbers are made."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import OptionError, ReadError
from oceanco2.socat.archive import parsing, printing
from oceanco2.socat.archive.parsing import LineCounts, Problem
from oceanco2.socat.columns import ArchiveColumn


def test_problem():
    problem = Problem("a.tsv", 3, "time", "invalid")
    assert str(problem) == "a.tsv, line 3: invalid; skipped"
    assert problem.as_dict() == {
        "file": "a.tsv",
        "line": 3,
        "kind": "time",
        "text": "invalid",
        "set_aside": True,
        "row": "",
    }
    kept = Problem("a.tsv", 3, "end", "no end", "x", skipped=False)
    assert str(kept) == "a.tsv, line 3: no end; kept"
    assert (kept.as_dict()["set_aside"], kept.as_dict()["row"]) == (False, "x")


def test_counts():
    counts = LineCounts()
    assert counts.summary() == "0 lines: 0 rows read"
    counts.record(
        [Problem("a", 1, "time", "t"), Problem("a", 2, "end", "e", "", False)]
    )
    counts.record([Problem("a", 4, "time", "t")])
    counts.lines, counts.rows, counts.empty = 9, 6, 1
    assert (counts.skipped, counts.unlisted, len(counts.problems)) == (2, 0, 3)
    assert counts.summary() == (
        "9 lines: 6 rows read, 2 skipped, 1 empty (1 x the last line has no line end,"
        " 2 x invalid date or time)"
    )


def test_problems_are_listed_up_to_a_limit(monkeypatch):
    monkeypatch.setattr(parsing, "LISTED", 2)
    counts = LineCounts()
    counts.record(Problem("a", i, "time", "t") for i in range(5))
    assert (len(counts.problems), counts.unlisted, counts.skipped) == (2, 3, 5)
    assert counts.kinds == {"time": 5}


def test_strict():
    counts = LineCounts(strict=True)
    counts.record([Problem("a", 2, "end", "e", "", False)])
    with pytest.raises(ReadError, match=r"a, line 1: t; skipped \(strict\)"):
        counts.record([Problem("a", 1, "time", "t")])
    assert parsing.KEPT == 1000
    assert parsing.LISTED == 100_000


def test_missing_codes():
    codes = [-999.0, -999.9, -999.99, -999.999, -9999.0, -9999.9, -9999.99]
    codes += [-99999.0, -99999.9]
    valid = [-998.0, -1000.0, -99.0, 0.0, -9998.0]
    layout = SimpleNamespace(numbers=("SST", "ETOPO2_depth"))
    numbers = np.array([codes + valid] * 2)
    parsing._mask_missing_codes(layout, numbers)
    assert np.isnan(numbers[0, : len(codes)]).all()
    assert numbers[0, len(codes) :].tolist() == valid
    assert numbers[1].tolist() == codes + valid


def column(kind="number", decimals=2, width=1):
    return ArchiveColumn("x", "x", kind, "an x", decimals=decimals, width=width)


@pytest.mark.parametrize(
    ("value", "options", "text"),
    [
        (1.0, {}, "1.00"),
        (-1.005e3, {"decimals": 0}, "-1005."),
        (3.0, {"decimals": 0, "width": 2}, "03."),
        (3.5, {"decimals": 1, "width": 2}, "03.5"),
        (3.0, {"kind": "integer", "width": 2}, "03"),
        (3.6, {"kind": "integer", "width": 1}, "4"),
        (np.nan, {}, "NaN"),
        (np.inf, {}, "inf"),
        (-np.inf, {}, "-inf"),
    ],
)
def test_numbers(value, options, text):
    assert printing.format_number(value, column(**options)) == text


def test_large_numbers_are_formatted_by_python():
    limit = 2.0**52
    for decimals in (0, 2):
        numbers = np.array([limit / 10.0**decimals])
        assert printing._is_unusual(numbers, column(decimals=decimals))
        assert printing._is_unusual(-numbers, column(decimals=decimals))
        assert not printing._is_unusual(numbers * 0.999, column(decimals=decimals))
    assert not printing._is_unusual(np.array([np.nan]), column())


def test_texts():
    text = printing.Text.of(["b", "a", "b"])
    assert (text.codes.tolist(), list(text.labels)) == ([0, 1, 0], [b"b", b"a"])
    assert printing._as_text(text) is text
    assert list(printing._as_text([1, 2]).labels) == [b"1", b"2"]


def test_rows_of_texts_and_numbers():
    columns = [
        ArchiveColumn("t", "t", "text", "a text"),
        column(),
        ArchiveColumn("u", "u", "text", "another text"),
    ]
    values = {"t": ["a", "bb"], "x": np.array([1.0, np.nan]), "u": ["", "c"]}
    expected = b"a\t1.00\t\r\nbb\tNaN\tc\r\n"
    assert printing.format_rows(columns, values, b"\r\n") == expected
    assert printing._format_in_python(columns, values, b"\r\n") == expected
    assert printing.format_rows(columns[:1], {"t": []}) == b""
    assert printing.format_rows(columns[:1], {"t": ["z"]}) == b"z\n"


def test_kinds_of_problems():
    assert set(parsing.KINDS) == {
        *("fields", "number", "time", "expocode", "header"),
        *("truncated", "encoding", "column", "end"),
    }


def test_part_bytes():
    from oceanco2.socat.grid import parts

    assert parts.PART == 268_435_456
    with pytest.raises(OptionError, match="part_bytes must be 1 or more, not 0"):
        parts.split_socat([], part_bytes=0)
    source = SimpleNamespace(size=100, divisible=True)
    file = SimpleNamespace(source=source, start=10)
    assert parts._windows(file, 40) == [(10, 50), (50, 90), (90, 100)]
    assert parts._windows(file, 90) == [(10, 100)]
    file.start = 100
    assert parts._windows(file, 40) == [()]
    file.start, source.divisible = 10, False
    assert parts._windows(file, 40) == [()]
