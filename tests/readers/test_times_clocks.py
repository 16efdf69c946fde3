"""Another clock of a log: how far it may differ from the one that is used."""

import warnings

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.errors import DataWarning
from oceanco2.readers import read, stream
from oceanco2.readers.times import ClockNote


@pytest.mark.parametrize(
    ("seconds", "far"),
    [
        ([84.0] * 20, False),
        ([300.0] * 20, False),
        ([300.1] * 20, True),
        ([-300.1] * 20, True),
        ([-3684.0] * 20, True),
        ([-3684.0] * 3, True),
        ([-3684.0] * 2, False),
        ([0.0] * 18 + [3600.0] * 2, False),  # a tenth
        ([0.0] * 17 + [3600.0] * 3, True),
        ([-2.0 * i for i in range(1, 237)], False),  # stands still
        ([1000.0] * 9 + [1059.0] * 11, True),
        ([1000.0] * 9 + [1061.0] * 11, False),  # differs from row to row
    ],
)
def test_five_minutes(seconds, far):
    note = ClockNote.of("gps time", np.array(seconds))
    assert note.is_far_off == far
    low, high, middle = min(seconds), max(seconds), np.median(seconds)
    assert note == (
        f"clock of 'gps time' minus the one used: median {middle:.0f} s, from {low:.0f}"
        f" to {high:.0f} s"
    )


def test_only_clocks_that_are_far_off_give_a_warning():
    ship = platforms.load("demo_ship")
    near, far = (ClockNote.of("t", np.full(3, x)) for x in (80.0, 3600.0))
    assert stream._other_clocks(ship, "analyser", ["a note", near]) == []
    assert stream._other_clocks(ship, "analyser", ["a note", near, far]) == [
        "demo_ship: [files.analyser] clock of 't' minus the one used: median 3600 s,"
        ' from 3600 to 3600 s. If this is right: [accepted] clocks.analyser = "why"'
    ]
    ship = ship.model_copy(update={"accepted": {"clocks": {"analyser": "known"}}})
    assert stream._other_clocks(ship, "analyser", [far]) == []


HEAD = "Type\tPC Date\tPC Time\tGPS date\tgps time\tlatitude\tlongitude\n"


@pytest.mark.parametrize(("minutes", "warned"), [(5, False), (6, True)])
def test_a_log_whose_clocks_differ(tmp_path, minutes, warned):
    rows = [
        f"EQU\t13/03/24\t10:{10 + i}:00\t13/03/24\t10:{10 + i - minutes}:00\t1\t2\n"
        for i in range(3)
    ]
    path = tmp_path / "a_dat.txt"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    text = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "general_oceanics"
[variables]
salinity = { value = 35.0 }
"""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ds = read(platforms.parse(text.encode(), "x.toml"), [path])["a"]
    lines = [str(w.message) for w in caught if w.category is DataWarning]
    assert [line for line in lines if "clock" in line] == (lines if warned else [])
    assert bool(lines) == warned
    assert any("clock of 'gps time'" in note for note in ds.attrs["reading_notes"])
