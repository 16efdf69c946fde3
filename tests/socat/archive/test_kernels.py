"""Bytes to numbers, times, labels and back, each against what Python itself makes."""

from fractions import Fraction

import numpy as np
import pytest

from oceanco2.socat.archive._kernels import (
    EMPTY,
    NONE,
    UNUSUAL,
    VALID,
    WRONG_COUNT,
    WRONG_TIME,
    LineArrays,
    Separators,
    find_label,
    parse,
    print_number,
    print_rows,
    print_whole,
    read_number,
    read_stamp,
    rounded,
    splice_columns,
    time_of,
)

TAB, COMMA = 9, 44


def as_bytes(text):
    return np.frombuffer(bytearray(text), np.uint8)


def test_states_are_different():
    assert len({VALID, UNUSUAL, WRONG_COUNT, WRONG_TIME, EMPTY}) == 5


# 0.0005 as a double is above 5e-4, 0.0015 below 15e-4, and so on.
@pytest.mark.parametrize("scale", [1.0, 10.0, 1e3, 1e5, 1e9])
def test_products_are_rounded_as_exact_fractions(scale):
    halves = [(i + 0.5) / scale for i in (0, 1, 2, 3, 1000, 123457)]
    for value in [*halves, *np.nextafter(halves, 0), *np.nextafter(halves, 1e9), 0.4]:
        exact = round(Fraction(float(value)) * Fraction(scale))
        assert rounded(float(value), scale) == exact, value


def test_ties_go_to_the_even_number():
    assert [int(rounded(v, 1.0)) for v in (0.5, 1.5, 2.5, 3.5)] == [0, 2, 2, 4]


@pytest.mark.parametrize(
    ("number", "least", "text"),
    [
        (0, 1, b"0"),
        (9, 1, b"9"),
        (10, 1, b"10"),
        (100, 2, b"100"),
        (7, 2, b"07"),
        (42, 5, b"00042"),
        (1234567890, 1, b"1234567890"),
    ],
)
def test_whole_numbers(number, least, text):
    out = as_bytes(b"." * 20)
    assert print_whole(np.int64(number), least, out, 2) == 2 + len(text)
    assert out.tobytes() == b".." + text + b"." * (18 - len(text))


@pytest.mark.parametrize(
    ("value", "decimals", "width", "point", "text"),
    [
        (np.nan, 3, 1, 1, b"NaN"),
        (0.0, 0, 1, 1, b"0."),
        (0.0, 0, 1, 0, b"0"),
        (-0.0, 1, 1, 1, b"-0.0"),
        (-0.0, 0, 1, 0, b"0"),
        (-1.25, 1, 1, 1, b"-1.2"),
        (-3.0, 0, 1, 0, b"-3"),
        (5.0, 0, 2, 1, b"05."),
        (5.0, 0, 2, 0, b"05"),
        (1.0625, 3, 1, 1, b"1.062"),
        (12.05, 2, 3, 1, b"012.05"),
        (0.001, 3, 1, 1, b"0.001"),
    ],
)
def test_numbers(value, decimals, width, point, text):
    out = as_bytes(b"_" * 12)
    end = print_number(value, decimals, width, point, out, 1)
    assert out.tobytes() == b"_" + text + b"_" * (11 - len(text))
    assert end == 1 + len(text)


def test_rows():
    numbers = np.array([[1.0, 2.5], [-3.0, np.nan]])
    codes = np.array([[1, 0]])
    table = np.array(
        [[0, 1, 0, 1, 0], [1, 0, 0, 1, 0], [0, 0, 2, 1, 1]],  # second, text, first
    )
    blob, starts = as_bytes(b"abcde"), np.array([0, 2, 5])
    out = np.zeros(60, np.uint8)
    end = as_bytes(b"\r\n")
    used = print_rows(numbers, codes, table, blob, starts, end, out)
    assert out[:used].tobytes() == b"-3\tcde\t1.00\r\nNaN\tab\t2.50\r\n"
    only_text = table[1:2]
    used = print_rows(np.empty((0, 2)), codes, only_text, blob, starts, end[1:], out)
    assert out[:used].tobytes() == b"cde\nab\n"


READ = {
    b"1.5": 1.5,
    b"-1.5": -1.5,
    b"  7  ": 7.0,
    b"0": 0.0,
    b"9": 9.0,
    b".5": 0.5,
    b"-.25": -0.25,
    b"3.": 3.0,
    b"9007199254740992": 9007199254740992.0,
    b"0.1234567890123456": 0.1234567890123456,
    b"000000000000000012": 12.0,
    b"NaN": np.nan,
    b" NaN ": np.nan,
    b"": np.nan,
    b"   ": np.nan,
}
NOT_READ = [
    *(b"+1", b"1e3", b"a", b"1 2", b"NAN", b"Na", b"NaNs", b"1:", b"1/", b"--1"),
    *(b"1.2.3", b".", b"-", b"-.", b"9007199254740993", b"0000000000000000001"),
]  # fmt: skip


@pytest.mark.parametrize("end", [b"\t", b"\n", b"\r\n"])
@pytest.mark.parametrize("cell", READ)
def test_cells_that_are_numbers(cell, end):
    text = as_bytes(b"x" + cell + end + b"9\n")
    value, at, valid = read_number(text, 1, TAB)
    assert valid
    assert at == 1 + len(cell)
    np.testing.assert_array_equal(value, READ[cell])


@pytest.mark.parametrize("cell", NOT_READ)
def test_cells_that_python_reads_afterwards(cell):
    value, _, valid = read_number(as_bytes(cell + b"\t\n"), 0, TAB)
    assert not valid
    assert np.isnan(value)


def test_the_sign_of_zero_is_read():
    value, _, _ = read_number(as_bytes(b"-0.0\n"), 0, TAB)
    assert np.signbit(value)


def nanoseconds(text):
    return int(np.datetime64(text, "ns").astype(np.int64))


@pytest.mark.parametrize(
    ("clock", "time"),
    [
        ((1970, 1, 1, 0, 0, 0), "1970-01-01T00:00:00"),
        ((1900, 1, 1, 0, 0, 0), "1900-01-01T00:00:00"),
        ((2200, 12, 31, 23, 59, 59), "2200-12-31T23:59:59"),
        ((2000, 2, 29, 12, 30, 15.5), "2000-02-29T12:30:15.5"),
        ((2001, 2, 28, 1, 2, 3), "2001-02-28T01:02:03"),
        ((2001, 12, 31, 23, 59, 60), "2002-01-01T00:00:00"),
        ((2010, 4, 30, 5, 6, 0.000000001), "2010-04-30T05:06:00.000000001"),
        ((1899, 12, 31, 0, 0, 0), None),
        ((2201, 1, 1, 0, 0, 0), None),
        ((2001, 0, 1, 0, 0, 0), None),
        ((2001, 13, 1, 0, 0, 0), None),
        ((2001, 1, 0, 0, 0, 0), None),
        ((2001, 1, 32, 0, 0, 0), None),
        ((2001, 2, 29, 0, 0, 0), None),
        ((2001, 4, 31, 0, 0, 0), None),
        ((2001, 1, 1, 24, 0, 0), None),
        ((2001, 1, 1, -1, 0, 0), None),
        ((2001, 1, 1, 0, 60, 0), None),
        ((2001, 1, 1, 0, -1, 0), None),
        ((2001, 1, 1, 0, 0, 60.001), None),
        ((2001, 1, 1, 0, 0, -0.001), None),
        ((2001.5, 1, 1, 0, 0, 0), None),
        ((2001, 1.5, 1, 0, 0, 0), None),
        ((2001, 1, 1.5, 0, 0, 0), None),
        ((2001, 1, 1, 0.5, 0, 0), None),
        ((2001, 1, 1, 0, 0.5, 0), None),
        ((np.nan, 1, 1, 0, 0, 0), None),
        ((2001, 1, 1, 0, 0, np.nan), None),
    ],
)
def test_clocks(clock, time):
    expected = np.iinfo(np.int64).min if time is None else nanoseconds(time)
    assert time_of(np.array(clock, float)) == expected


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        (b"2005-01-07T01:08", [2005, 1, 7, 1, 8, 0]),
        (b"2005-01-07 01:08", [2005, 1, 7, 1, 8, 0]),
        (b"2005-01-07T01:08:30", [2005, 1, 7, 1, 8, 30]),
        (b"2005-01-07T01:08:30.25", [2005, 1, 7, 1, 8, 30.25]),
        (b"2005/01/07T01:08", None),
        (b"2005-01/07T01:08", None),
        (b"2005-01-07x01:08", None),
        (b"2005-01-07T01-08", None),
        (b"2005 01-07T01:08", None),
        (b"2005-01 07T01:08", None),
        (b"2005-01-07T01 08", None),
        (b"2005-01-07", None),
        (b"2005--07T01:08", None),
        (b"2005-01-07T01:08x", None),
        (b"2005-01-07T01:08:3x", None),
        (b"", None),
    ],
)
@pytest.mark.parametrize("end", [b"\t", b"\n", b"\r\n"])
def test_stamps(cell, clock, end):
    found = np.full(6, 7.5)
    at, valid = read_stamp(as_bytes(cell + end + b"\n"), 0, TAB, found)
    assert valid == (clock is not None)
    if valid:
        assert found.tolist() == clock
        assert at == len(cell)


def test_labels_are_found_again_also_where_slots_collide():
    words = [f"w{i}".encode() for i in range(7)] + [b"", b"w", b"w10", b"v1"]
    text = as_bytes(b"|".join([*words, *words, b""]))
    labels, table = np.zeros((16, 2), np.int64), np.full(16, -1, np.int32)
    count, at, found = 0, 0, []
    for word in words * 2:
        index, count = find_label(text, at, len(word), labels, count, table)
        found.append(int(index))
        at += len(word) + 1
    assert found == [*range(11), *range(11)]
    assert count == 11
    for index, word in enumerate(words):
        start, length = labels[index]
        assert text[start : start + length].tobytes() == word


def parsed(text, plan, sep=TAB, size=8, start=0):
    plan = np.array(plan, np.int64)
    into = LineArrays(
        np.full((plan[:, 0].max() + 1, size), -7.0),
        np.full(size, -7, np.int64),
        np.full((plan[:, 1].max() + 1, size), -7, np.int32),
        np.zeros((plan[:, 1].max() + 1, 8, 2), np.int64),
        np.zeros(plan[:, 1].max() + 1, np.int64),
        np.full((plan[:, 1].max() + 1, 16), -1, np.int32),
        np.full(size + 1, -7, np.int64),
        np.full(size, 9, np.uint8),
    )
    return parse(as_bytes(text), start, len(text), sep, plan, into), into


#: label, number, year to minute, a cell that nobody reads
PLAN = [[-1, 0, -1], [0, -1, -1], *([-1, -1, i] for i in range(5)), [-1, -1, -1]]
GOOD = b"A\t1.5\t2000\t1\t2\t3\t4\tany\n"


def test_lines():
    text = GOOD + (
        b"B\t-2\t2000\t1\t2\t3\t4\tx\r\n"
        b"A\t+3\t2000\t1\t2\t3\t4\tx\n"  # for Python
        b"A\t3\t2000\t13\t2\t3\t4\tx\n"  # no such month
        b"A\t3\t2000\n"
        b"\r\n"
        b"A\t3\t2000\t1\t2\t3\t4\tx\ty\n"
    )
    count, into = parsed(text, PLAN)
    assert count == 7
    assert into.state[:7].tolist() == [
        *(VALID, VALID, UNUSUAL, WRONG_TIME, WRONG_COUNT, EMPTY, WRONG_COUNT),
    ]
    assert into.numbers[0, :2].tolist() == [1.5, -2.0]
    assert into.times[:2].tolist() == [nanoseconds("2000-01-02T03:04")] * 2
    assert into.times[3] == NONE
    assert into.codes[0, :7].tolist() == [0, 1, 0, 0, -1, -1, -1]
    lines = text.split(b"\n")
    starts = np.cumsum([0, *(len(line) + 1 for line in lines[:-1])])
    assert into.starts[:8].tolist() == starts.tolist()
    assert into.starts[8] == -7


def test_lines_between_two_positions_with_commas_and_no_time():
    plan = [[-1, 0, -1], [0, -1, -1], [-1, 1, -1]]
    text = b"head\na,1,b\r\n,,\nc,3,b\n"
    count, into = parsed(text, plan, COMMA, start=5)
    assert count == 3
    assert into.state[:3].tolist() == [VALID] * 3
    assert into.starts[:4].tolist() == [5, 12, 15, 21]
    assert into.times[:3].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(into.numbers[0, :3], [1, np.nan, 3])
    assert into.codes[:, :3].tolist() == [[0, 1, 2], [0, 1, 0]]
    assert into.counts.tolist() == [3, 2]
    assert into.labels[1, :2].tolist() == [[9, 1], [14, 0]]  # without the return


def test_a_stamp_and_numbers_that_are_parts_of_the_time():
    count, into = parsed(
        b"2005-01-07T01:08\t4\n2005-01-07\t5\n", [[-1, -1, 6], [0, -1, -1]]
    )
    assert count == 2
    assert into.state[:2].tolist() == [VALID, UNUSUAL]
    assert into.times[0] == nanoseconds("2005-01-07T01:08")
    both = [[0, -1, 0], [-1, -1, 1], [-1, -1, 2]]
    _, into = parsed(b"2005\t2\t3\n2006\t1\t1\n", both)
    assert into.numbers[0, :2].tolist() == [2005, 2006]
    assert into.times[:2].tolist() == [
        nanoseconds("2005-02-03"),
        nanoseconds("2006-01-01"),
    ]


def spliced(text, fields, numbers, table, new=TAB):
    ends = [i + 1 for i, byte in enumerate(text) if byte == 10]
    spans = np.array([*zip([0, *ends[:-1]], ends, strict=True)])
    out = np.zeros(200, np.uint8)
    numbers = np.array(numbers, float).reshape(len(table), len(ends))
    used = splice_columns(
        as_bytes(text),
        spans,
        np.array(fields, np.int64),
        Separators(TAB, new),
        numbers,
        np.array(table, np.int64).reshape(-1, 3),
        out,
    )
    return out[:used].tobytes()


def test_cells_are_copied_and_numbers_appended():
    text = b"a\tbb\t\tddd\r\n1\t2\t3\t4\n"
    assert spliced(text, [], [], []) == text
    assert spliced(text, [], [], [], COMMA) == text.replace(b"\t", b",")
    assert spliced(text, [0], [], []) == b"a\r\n1\n"
    assert spliced(text, [3, 0, 1], [], []) == b"ddd\ta\tbb\r\n4\t1\t2\n"
    assert spliced(text, [2, 3], [], [], COMMA) == b",ddd\r\n3,4\n"
    table = [[2, 1, 1], [0, 3, 0]]
    found = spliced(text, [1], [[1.5, -2.25], [7, 8]], table)
    assert found == b"bb\t1.50\t007\r\n2\t-2.25\t008\n"
    found = spliced(text, [], [[1.5, -2.25]], table[:1], COMMA)
    assert found == b"a,bb,,ddd,1.50\r\n1,2,3,4,-2.25\n"
    assert spliced(b"\n\r\n", [], [], []) == b"\n\r\n"
