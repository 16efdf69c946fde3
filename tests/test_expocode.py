"""Expocodes by the rule of SOCAT: platform, date of the first day, at most 14."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import (
    SOCAT_TYPES,
    check_expocode,
    expocode_of,
    first_day,
    possible_times,
)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("33AT20120417", "33AT20120417"),
        (" 33at20120417 ", "33AT20120417"),
        ("33AT20120417-1", "33AT20120417-1"),
        ("33AT201204171", "33AT201204171"),
        ("QUIMA20120417", "QUIMA20120417"),
        ("33AT20120229", "33AT20120229"),
    ],
)
def test_codes_that_are_right(given, code):
    assert check_expocode(given) == code


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("33AT2012041", "12 to 14"),
        ("33AT20120417-12", "12 to 14"),
        ("33AT_0120417", "12 to 14"),
        ("33AT20120230", "no date"),
        ("33AT20121301", "no date"),
        ("33AT00000417", "no date"),
        ("33AT2012O417", "no date"),
        ("QUIMAX20120417", "no date"),
        ("QUIMAX201204", "no date"),
    ],
)
def test_codes_that_are_wrong(given, words):
    with pytest.raises(ProcessingError, match=words) as caught:
        check_expocode(given)
    assert repr(given) in str(caught.value)


def dataset(*times, **attrs):
    return xr.Dataset(coords={"time": np.array(times, "datetime64[ns]")}, attrs=attrs)


def test_the_first_day_whatever_the_order():
    ds = dataset("2020-03-05T23:59", "NaT", "2020-03-04T23:59")
    assert first_day(ds) == "20200304"
    with pytest.raises(ProcessingError, match="no row with a time"):
        first_day(dataset("NaT"))


def test_a_clock_that_was_not_set_begins_no_cruise():
    ds = dataset("1980-01-06", "2020-03-04", "2020-03-05")
    assert first_day(ds.assign(time_flag=("time", [4, 2, 2]))) == "20200304"
    assert first_day(ds.assign(time_flag=("time", [4, 3, 2]))) == "20200304"
    assert first_day(ds.assign(time_flag=("time", [2, 2, 4]))) == "19800106"
    assert first_day(ds.assign(time_flag=("time", [4, 4, 4]))) == "19800106"
    three = dataset("1980-01-06", "2020-03-04", "2020-03-05")
    found = possible_times(three.assign(time_flag=("time", [4, 9, 2])))
    assert found.tolist() == three["time"].to_numpy()[1:].tolist()
    ds = dataset("NaT", "2020-03-04")
    assert possible_times(ds).size == 1
    assert first_day(ds.assign(time_flag=("time", [9, 4]))) == "20200304"


def test_the_given_code_wins_over_platform_and_day():
    day = "2020-03-04T12:00"
    assert expocode_of(dataset(day, platform_code="33AT")) == "33AT20200304"
    both = dataset(day, platform_code="33AT", expocode="33ro20190101")
    assert expocode_of(both) == "33RO20190101"
    with pytest.raises(ProcessingError, match="neither the attribute 'expocode'"):
        expocode_of(dataset(day))


def test_types_of_platforms_at_socat():
    assert dict(SOCAT_TYPES) == {
        "ship": "Ship",
        "mooring": "Mooring",
        "drifter": "Drifting Buoy",
        "surface_vehicle": "Drifting Buoy",
    }
