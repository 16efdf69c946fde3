"""Metadata lines, lines of column names, and what the head of a file says."""

import pytest

from oceanco2.socat.checker import header
from oceanco2.socat.checker.reading import Record


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("Expocode: X", "expocode"),
        ("dataset expocode = X", "expocode"),
        ("cruise expocode: X", "expocode"),
        ("# Vessel Name: X", "platform_name"),
        ("ship: X", "platform_name"),
        ("platform: X", "platform_name"),
        ("PI: X", "investigators"),
        ("PIs: X", "investigators"),
        ("investigator names: X", "investigators"),
        ("Organization: X", "organization"),
        ("Organizations: X", "organization"),
        ("pi org: X", "organization"),
        ("investigator organization: X", "organization"),
        ("orgs: X", "organization"),
        ("type: X", "platform_type"),
        ("Vessel Type: X", "platform_type"),
        ("platform type: X", "platform_type"),
        ("suggested QC: X", "suggested_flag"),
        ("PI suggested QC: X", "suggested_flag"),
        ("pi qc: X", "suggested_flag"),
    ],
)
def test_tags(line, item):
    assert header.read_metadata_line(line) == (item, "X")


@pytest.mark.parametrize("line", ["Expocode:", "Expocode X", "code: X", "QC: X", ""])
def test_other_lines(line):
    assert header.read_metadata_line(line) is None


def test_lines_of_names():
    names = list("abcdef")
    assert header._is_header(names)
    assert not header._is_header(names[:5])
    assert header._is_header([*names, "g"])
    assert not header._is_header([*names, ""])
    assert not header._is_header([*names, "1"])
    assert header._is_sentence(["note: a", *names])
    assert not header._is_sentence(["note: a", "latitude"])
    assert not header._is_sentence(["note", *names])


@pytest.mark.parametrize(
    ("cell", "number"),
    [("1", True), ("-1e5", True), ("nan", True), ("a", False), ("", False)],
)
def test_numbers(cell, number):
    assert header.is_number(cell) is number


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        ("a b c d e", ""),
        ("a b c d e 1", " (line 7: field 6 is 1)"),
        ("a b c d e f", ""),
        ("a b c d e f 1 2", " (line 7: field 7 is 1)"),
        ("a b c d e 1 2", ""),
        ("- b c d e f", " (line 7: field 1 is blank)"),
    ],
)
def test_hint(cells, hint):
    fields = ["" if cell == "-" else cell for cell in cells.split()]
    assert header._header_hint(Record(7, fields)) == hint


def test_message_of_a_split_line():
    message = header._split_line_message(Record(4, list("abcdef")))
    assert (message.row, message.columns, message.severity) == (0, (), "CRITICAL")
    assert (message.type, message.line) == ("metadata", 4)
    assert message.text.startswith("line 4 is split into 6 pieces")


@pytest.mark.parametrize(
    ("name", "code", "kind"),
    [
        ("Mooring A", "", "Mooring"),
        ("drifting buoy 3", "", "Drifting Buoy"),
        ("Buoy 3", "", "Mooring"),
        ("Ship", "3164", "Mooring"),
        ("Ship", "", "Ship"),
        ("Ship", "33RO20100308", "Ship"),
    ],
)
def test_platform_types(name, code, kind):
    assert header.guess_platform_type(name, code) == kind


def test_platform_names():
    names = header.platform_names()
    assert "33RO" in names
    assert not any(code.startswith("#") for code in names)
    assert all(len(code) == 4 for code in list(names)[:100])


def found(metadata, lines=None, columns=None):
    messages = header.metadata_messages(metadata, lines or {}, columns or {})
    return [(m.columns, m.severity, m.text, m.line) for m in messages]


GOOD = {"expocode": "33RO20100308", "investigators": "A; B", "suggested_flag": "A"}


def test_good_metadata():
    assert found(GOOD) == []
    assert found({}) == []
    for groups in ("X", "X; Y", "X; Y;", ""):
        assert found(GOOD | {"organization": groups}) == []
    for kind in ("ship", "MOORING", "Drifting Buoy"):
        assert found(GOOD | {"platform_type": kind}) == []
    for flag in header.SUGGESTED_FLAGS:
        assert found(GOOD | {"suggested_flag": flag}) == []
    assert header.SUGGESTED_FLAGS == "ABCDESXP"


def test_faults_of_metadata():
    (fault,) = found(GOOD | {"suggested_flag": "F"}, {"suggested_flag": 3})
    text = "line 3: suggested QC 'F' is not a letter A to E"
    assert fault == ((), "CRITICAL", text, 3)
    (fault,) = found(GOOD | {"suggested_flag": "AB"}, {}, {"suggested_flag": 5})
    text = "column 5: suggested QC 'AB' is not a letter A to E"
    assert fault == ((5,), "CRITICAL", text, 0)
    (fault,) = found(GOOD | {"organization": "X; Y; Z"}, {"organization": 2})
    assert fault[1] == "ERROR"
    assert "3 organizations for 2 investigators" in fault[2]
    (fault,) = found(GOOD | {"platform_type": "Plane"}, {"platform_type": 9})
    assert (fault[1], fault[3]) == ("WARNING", 9)
    (fault,) = found(GOOD | {"expocode": "QQQQ20100308"}, {"expocode": 1})
    assert fault[:2] == ((), "WARNING")
    text = "line 1: platform code QQQQ is not in the NODC list of 2017"
    assert fault[2] == text
    (fault,) = found(GOOD | {"expocode": "33RO"}, {"expocode": 1}, {"expocode": 2})
    assert (fault[0], fault[1], fault[3]) == ((), "CRITICAL", 1)


def test_counted_names():
    counts = [header._count_names(text) for text in ("", "A", "A;B", "A; ;B", ";")]
    assert counts == [0, 1, 2, 2, 0]
