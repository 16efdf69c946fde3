"""Parts of a General Oceanics log: labels, dates, the second clock, std val."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers.formats import general_oceanics as log
from oceanco2.readers.reader import READERS
from oceanco2.readers.runs import resolve_label
from oceanco2.readers.sources import RawFile


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("EQU", "water"),
        ("ATM", "air"),
        ("STD1", "standard"),
        ("STD1z", "zero"),
        ("STD4s", "span"),
        ("ATM-DRAIN", "air"),
        ("STD1z-DRAIN", "zero"),
        ("EMERGENCY STOP", "ignored"),
        ("FILTER", "ignored"),
        ("GO TO SLEEP", "ignored"),
        ("IGN", "ignored"),
        ("SHUT DOWN", "ignored"),
        ("WAKE UP", "ignored"),
    ],
)
def test_each_label(label, kind):
    patterns = {k.upper(): v for k, v in log._RUNS.items()}
    assert resolve_label(label, patterns)[1] == kind
    short = READERS["general_oceanics"].short_runs
    assert (label in short) is (kind == "ignored")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Type\tPC Date", True),
        ('"TYPE"\tx\t"GPS Date"', True),
        ("Type\tDate", False),
        ("PC Date\tPC Time", False),
        ("Type,PC Date", False),
    ],
)
def test_headers(line, expected):
    assert log._is_header(line) is expected
    assert log._sniff(b"text\n" + line.encode()) is expected


def texts(*cells):
    return np.array(cells, dtype=object)


@pytest.mark.parametrize(
    ("day", "clock", "first", "expected"),
    [
        ("03/04/2020", "05:06:07", True, "2020-04-03T05:06:07"),
        ("03/04/2020", "05:06:07", False, "2020-03-04T05:06:07"),
        ("03/04/20", "05:06:07", True, "2020-04-03T05:06:07"),
        ("03/04/20", "05:06:07", False, "2020-03-04T05:06:07"),
        ("2020/03/04", "05:06:07", True, "2020-03-04T05:06:07"),
        ("03/04/2020", "05:06", True, "2020-04-03T05:06:00"),
        ("2020/03/04", "05:06", False, "2020-03-04T05:06:00"),
    ],
)
def test_moments(day, clock, first, expected):
    times = log._parse_moments(texts(day), texts(clock), first=first)
    assert times[0] == np.datetime64(expected)


def test_slashes():
    dates = texts("1-2-2020", "1.2.20", "//", " / ", "", "--")
    assert log._with_slashes(dates).tolist() == ["1/2/2020", "1/2/20", "", "", "", ""]


class Rows:
    def __init__(self, **columns):
        self.columns = columns

    def texts(self, name, **_):
        if name not in self.columns:
            raise ReadError(name)
        return self.columns[name]

    def numbers(self, name, **_):
        return self.texts(name), None


def test_the_other_clock_fills_gaps():
    start = np.datetime64("2020-04-03T05:00:00", "ms")
    times = np.array([start, start + 60_000, start + 120_000, "NaT"], start.dtype)
    days = texts(*["03/04/2020"] * 4)
    clocks = texts("05:00:10", "05:01:12", "05:02:20", "05:03:12")
    rows = Rows(d=days, t=clocks)
    found, notes = log._compare_clock(times, rows, ("d", "t"), first=True)
    assert found[:3].tolist() == times[:3].tolist()
    assert found[3] == start + 180_000
    assert notes == [
        "clock of 't' minus the one used: median 12 s, from 10 to 20 s",
        "1 rows have a time of that clock only: used, 12 s subtracted",
    ]
    found, notes = log._compare_clock(times[:3], Rows(), ("d", "t"), first=True)
    assert notes == []
    empty = Rows(d=texts("", "", ""), t=texts("", "", ""))
    found, notes = log._compare_clock(times[:3], empty, ("d", "t"), first=True)
    assert (found.tolist(), notes) == (times[:3].tolist(), [])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ("PC Date", "PC Time")),
        ({"clock": "pc"}, ("PC Date", "PC Time")),
        ({"clock": "gps"}, ("GPS date", "gps time")),
    ],
)
def test_clock_columns(options, expected):
    definition = SimpleNamespace(options=options, time=None)
    assert log._clock_columns(definition) == expected
    names = ["PC Date", "PC Time", "GPS date", "gps time"]
    assert log._time_columns(definition) == (names, [])


# ---- drafts -------------------------------------------------------------------------

LOG = "\n".join(
    "\t".join(row.split("|"))
    for row in (
        "Type|PC Date|PC Time|std val|equ temp|licor press",
        "STD1|1|2|250|3.5|4",
        "STD1|1|2|252|3.5|4",
        "STD1|1|2|260|3.5|4",
        "std2z|1|2|0|3.5|4",
        "EQU|1|2|999|3.5|4",
        "STD3|1|2|x|3.5|4",
    )
)
QUESTIONS = [
    "P_equ: is 'equ press' the difference to this pressure, or a pressure itself?",
    "xCO2: dried before the analyser? else dry = false",
    "run types of the file: EQU (1), STD1 (3), STD3 (1), std2z (1)",
    "standard STD1: the operator entered 252; is that its certificate?",
    "standard std2z: the operator entered 0; is that its certificate?",
]


def described(text):
    return log._draft_tables(RawFile("x_dat.txt", text.encode(), ""))


def test_runs_and_standards_of_a_log():
    assert described(LOG) == ([], QUESTIONS)
    without = LOG.replace("std val", "other")
    assert described(without) == ([], QUESTIONS[:3])
    upper = LOG.replace("Type", " TYPE ").replace("std val", "STD VAL")
    assert described(upper) == ([], QUESTIONS)
