"""The day of an expocode against the first row."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import pipeline, platforms
from oceanco2.errors import DataWarning
from oceanco2.expocode import date_in
from oceanco2.vocabulary import BAD, GOOD

HEAD = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
latitude = { value = 1.0 }
"""


def compared(expocode, *days, flags=None, more=""):
    """Notes and warnings about the rows of some days."""
    metadata = f'[metadata]\nexpocode = "{expocode}"\n' if expocode else ""
    text = f"{HEAD}{metadata}{more}"
    platform = platforms.parse(text.encode(), "x.toml")
    moments = [day if "T" in day else f"{day}T23:00" for day in days]
    time = np.array(moments, dtype="datetime64[ns]")
    codes = np.array(flags or [GOOD] * len(days), dtype=np.int8)
    data = {"time_flag": ("time", codes)}
    attrs = {"reading_notes": ["first"]}
    ds = xr.Dataset(data, coords={"time": time}, attrs=attrs)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        out = pipeline._compare_expocode(ds, platform)
    assert all(w.category is DataWarning for w in caught)
    notes = out.attrs["reading_notes"]
    assert notes[0] == "first"
    return notes[1:], [str(w.message) for w in caught]


@pytest.mark.parametrize(
    ("day", "noted", "warned"),
    [
        ("2024-02-28", False, True),
        ("2024-02-29", True, False),  # an hour before the day: local time
        ("2024-03-01", False, False),
        ("2024-03-02", False, False),
        ("2024-03-03", True, False),
        ("2024-04-01", True, False),
        ("2024-04-02", False, True),
    ],
)
def test_days_after_the_expocode(day, noted, warned):
    notes, messages = compared("ZZ9920240301", day, "2025-01-01")
    assert (bool(notes), bool(messages)) == (noted, warned)


@pytest.mark.parametrize(("moment", "warned"), [("10:00", False), ("09:59", True)])
def test_a_day_of_local_time(moment, warned):
    _, messages = compared("ZZ9920240301", f"2024-02-29T{moment}")
    assert bool(messages) == warned


def test_what_is_written():
    text = (
        "x.toml: [metadata] expocode 'ZZ9920240301' is of a cruise from 2024-03-01 on"
    )
    notes, _ = compared("ZZ9920240301", "2024-03-10", "2024-03-05")
    assert notes == [f"{text}, the first row is of 2024-03-05: 4 days later"]
    _, messages = compared("ZZ9920240301", "2024-02-20")
    assert messages == [
        f"{text}, the first row is of 2024-02-20: 10 days earlier. If this is right:"
        ' [accepted] expocode = "why"'
    ]
    answered = '[accepted]\nexpocode = "as published"\n'
    assert compared("ZZ9920240301", "2024-02-20", more=answered) == ([], [])


def test_rows_without_a_good_time_do_not_count():
    flags = [BAD, GOOD]
    assert compared("ZZ9920240301", "1980-01-01", "2024-03-01", flags=flags) == ([], [])
    assert compared("ZZ9920240301", "1980-01-01", flags=[BAD]) == ([], [])
    assert compared("", "1980-01-01") == ([], [])


def test_days_of_expocodes():
    assert date_in("zz9920240301-1") == np.datetime64("2024-03-01")
    assert date_in("ZZ99X20241231") == np.datetime64("2024-12-31")


def test_the_expocode_of_another_platform():
    def doubts(expocode, more=""):
        text = f'{HEAD}[metadata]\nexpocode = "{expocode}"\n{more}'
        return pipeline._doubts(platforms.parse(text.encode(), "x.toml"))

    (line,) = doubts("33AT20240301")
    assert line == (
        "x.toml: [metadata] expocode '33AT20240301' does not begin with the"
        " platform_code 'ZZ99'. If this is right: [accepted] expocode = \"why\""
    )
    assert doubts("zz9920240301") == []
    assert doubts("33AT20240301", '[accepted]\nexpocode = "a leg"\n') == []
