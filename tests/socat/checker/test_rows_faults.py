"""Rows of upload files block by block: faults, tracks, what is kept."""

import numpy as np
import pytest

from oceanco2.socat import checker
from oceanco2.socat.checker import check_file, check_text
from oceanco2.socat.checker.rows import check_track, concatenate
from tests.uploads import HEAD, NAMES, row, upload

HOUR = 3600.0
KNOT = 1.852  # km per hour


def track(*legs):
    """Findings of a track on the equator: hours and kilometres from the start."""
    hours, km = np.array(legs, dtype=float).T
    degrees = km / (6371.007 * np.pi / 180)
    found = check_track(hours * HOUR, degrees, np.zeros(len(legs)))
    return [(f.row, f.test, f.severity, f.reason) for f in found]


@pytest.mark.parametrize(
    ("knots", "severity"),
    [(79.9, None), (80.1, "WARNING"), (399.9, "WARNING"), (400.1, "ERROR")],
)
def test_speeds(knots, severity):
    """The dashboard warns above 80 kn and calls it an error above 400 kn."""
    found = track((0, 0), (1, knots * KNOT))
    expected = (1, "speed", severity, f"speed {knots:.1f} kn")
    assert found == ([expected] if severity else [])
    assert track((0, 0), (2, 2 * knots * KNOT)) == found


def test_gaps_and_jumps():
    limits = checker.rows.track_limits()
    warn, error = limits["gap_warning"], limits["gap_error"]
    assert (warn, error) == (28, 84)
    assert track((0, 0), (24 * warn, 0)) == []
    assert track((0, 0), (24 * warn + 1, 0)) == [
        (1, "gap", "WARNING", f"gap {warn + 1 / 24:.1f} d")
    ]
    assert track((0, 0), (24 * error, 0))[0][2] == "WARNING"
    assert track((0, 0), (24 * error + 1, 0))[0][2] == "ERROR"
    assert track((0, 0), (0, 1)) == [(1, "speed", "ERROR", "speed infinite")]
    assert track((0, 0), (0, 0)) == track((0, 0)) == []


def test_rows_out_of_order():
    found = track((0, 0), (3, 0), (1, 0), (2, 0), (4, 0))
    assert found == [(1, "order", "CRITICAL", "time-misordered")]
    found = track((0, 0), (1, 0), (2, 0), (0.5, 0), (3, 0))
    assert found == [(3, "order", "CRITICAL", "time-misordered")]


def test_concatenation():
    assert concatenate([], "int8").dtype == np.int8
    assert concatenate([]).dtype == np.float64
    assert concatenate([np.array([1]), np.array([2, 3])]).tolist() == [1, 2, 3]


def messages(text):
    check = check_text(text)
    return [(m.row, m.severity, m.type, m.text) for m in check.messages]


@pytest.mark.parametrize(
    ("last", "end", "text"),
    [
        (["1", "2"], "\n", "2 fields, the header has 9"),
        (["1", "2"], "", "2 fields, the header has 9; the file breaks off here"),
        ([*row(2), "x"], "\n", "10 fields, the header has 9"),
        (list(NAMES), "\n", "the names of the columns again"),
        (['"a"b', *row(2)[1:]], "\n", "a quote amid text"),
    ],
)
def test_faults_of_rows(last, end, text):
    rows = upload([row(0), row(1), last])
    found = messages(rows.rstrip("\n") + end)
    assert found == [(3, "CRITICAL", "fields", text)]
    check = check_text(rows)
    assert check.woce_water.tolist() == [2, 2, 4]
    assert np.isnan([values[2] for values in check.track]).all()
    assert check.lines.tolist() == [5, 6, 7]


def test_blocks_make_no_difference(monkeypatch, tmp_path):
    rows = [row(k, Latitude="95" if k == 4 else "-30") for k in range(7)]
    rows[5] = rows[5][:3]
    path = tmp_path / "a.tsv"
    path.write_text(upload(rows))
    whole = check_file(path, keep=("latitude", "none"))
    monkeypatch.setattr(checker, "_BLOCK", 2)
    parts = check_file(path, keep=("latitude", "none"))
    assert parts.messages == whole.messages
    assert list(parts.kept) == list(whole.kept) == ["latitude"]
    np.testing.assert_array_equal(parts.kept["latitude"], whole.kept["latitude"])
    np.testing.assert_array_equal(parts.track, whole.track)
    assert parts.woce_water.tolist() == whole.woce_water.tolist()
    assert parts.woce_water.tolist() == [2, 2, 2, 2, 4, 4, 2]
    assert parts.complete is True


def test_files_without_rows_or_times():
    assert messages(upload([])) == [(0, "CRITICAL", "fields", "no data rows")]
    names = [n.replace("Hour", "note") for n in NAMES]
    found = [m for m in messages(upload(names=names)) if m[2] == "time"]
    assert len(found) == 1
    assert found[0][:3] == (0, "CRITICAL", "time")
    assert found[0][3].startswith("no columns that give date and time; one of: ")
    assert " + " in found[0][3]
    assert "; " in found[0][3]
    names = [n for n in NAMES if n != "Second"]
    rows = [
        [c for n, c in zip(NAMES, row(k), strict=True) if n != "Second"] for k in (0, 1)
    ]
    assert messages(upload(rows, names)) == [
        (0, "WARNING", "time", "no seconds in 2 rows: taken as 0")
    ]


def test_columns_of_messages_about_the_track():
    rows = [row(0), row(1, Longitude="80"), row(2, Longitude="80")]
    (fast,) = check_text(upload(rows)).messages
    assert (fast.row, fast.type) == (2, "speed")
    assert fast.columns == (7, 8, 1, 2, 3, 4, 5, 6)
    rows = [row(0), row(2), row(1), row(3)]
    (order,) = check_text(upload(rows)).messages
    assert order.columns == (1, 2, 3, 4, 5, 6)
    later = [row(0), row(1, Year="2025")]
    (gap,) = check_text(upload(later)).messages
    assert (gap.type, gap.columns) == ("gap", (1, 2, 3, 4, 5, 6))
    skipped = [row(0), row(1, Latitude="x"), row(2, Longitude="80")]
    found = [m for m in check_text(upload(skipped)).messages if m.type == "speed"]
    assert [m.row for m in found] == [3]


def test_expocodes_in_lines_and_columns():
    names = (*NAMES, "Expocode")
    for code, count in (("ZZ9920240301", 0), ("zz9920240301", 0), ("AA9920240301", 1)):
        rows = [[*row(k), code] for k in range(2)]
        found = [
            m for m in check_text(upload(rows, names)).messages if "in a line" in m.text
        ]
        assert len(found) == count
    (only,) = found
    assert only.text == "expocode AA9920240301 in column 10, ZZ9920240301 in a line"
    assert (only.row, only.columns, only.severity, only.line) == (0, (10,), "ERROR", 1)
    assert HEAD.startswith("Expocode: ZZ9920240301")
