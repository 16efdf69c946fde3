"""Limits of regions, boxes and periods, and each option by itself."""

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.socat.archive.selection import (
    Selection,
    region_letters,
    region_of,
    selection,
)
from oceanco2.socat.archive.table import ArchiveRows

FAR, DEGREE = 900.0, 1e-6

#: One place well inside of each box of the definition: latitude, longitude, region.
INSIDE = [
    *((40, 10, "A"), (40, -30, "A"), (10, -75, "A"), (20, -90, "A"), (35, 30, "A")),
    *((0, 60, "I"), (-10, 110, "I"), (-20, 140, "T")),
    *((40, 150, "N"), (40, -150, "N")),
    *((0, 150, "T"), (10, -150, "T"), (-20, -100, "T"), (0, -80, "T")),
    *((10, -95, "T"), (-20, 160, "T"), (0, 10, "Z"), (0, -30, "Z")),
    *((-40, 0, "O"), (80, 0, "R"), (68, 150, "R"), (-29, -60, "Z")),
]


@pytest.mark.parametrize(("lat", "lon", "letter"), INSIDE)
def test_the_middle_of_each_box(lat, lon, letter):
    assert region_of(lon, lat, FAR) == letter
    assert region_of(lon % 360.0, lat, FAR) == letter


#: South and west belong to a box, north and east do not: place below, at the limit.
LIMITS = [
    ("lat", -30.0, -30.0, "O", "Z"),
    ("lat", 30.0, -30.0, "Z", "A"),
    ("lat", 70.0, -30.0, "A", "R"),
    ("lat", 66.0, 150.0, "N", "R"),
    ("lat", 30.0, 150.0, "T", "N"),
    ("lat", 30.0, -150.0, "T", "N"),
    ("lat", 7.0, -75.0, " ", "A"),
    ("lat", 5.0, -90.0, "T", "T"),
    ("lat", 18.0, -90.0, "T", "A"),
    ("lat", -5.0, 120.0, "I", "T"),
    ("lat", -30.0, 60.0, "O", "I"),
    ("lon", 20.0, 0.0, "Z", "I"),
    ("lon", 100.0, 0.0, "I", "T"),
    ("lon", 130.0, -10.0, "I", "T"),
    ("lon", 147.0, -20.0, "T", "T"),
    ("lon", -100.0, 10.0, "T", "T"),
    ("lon", -84.0, 10.0, "T", "A"),
    ("lon", -68.0, 10.0, "A", "Z"),
    ("lon", 20.0, 10.0, "Z", "I"),
    ("lon", 43.0, 40.0, "A", " "),
    ("lon", 106.0, 40.0, " ", "N"),
    ("lon", -105.0, 40.0, "N", " "),
    ("lon", 43.0, 68.0, "A", "R"),
    ("lon", -100.0, 68.0, "R", "A"),
]


@pytest.mark.parametrize(("axis", "limit", "other", "below", "at"), LIMITS)
def test_limits_of_boxes(axis, limit, other, below, at):
    for value, letter in ((limit - DEGREE, below), (limit, at)):
        place = (other, value) if axis == "lat" else (value, other)
        assert region_of(*place, FAR) == letter, value


def test_the_coast_is_nearer_than_400_km():
    lat = np.full(3, 40.0)
    land = np.array([399.999, 400.0, np.nan])
    assert region_of(np.full(3, -30.0), lat, land).tolist() == ["C", "A", "A"]
    # The Southern Ocean and the Arctic come first.
    assert region_of([0.0, 0.0], [-30.1, 70.0], 1.0).tolist() == ["O", "R"]
    assert region_of(0.0, -30.0, 1.0) == "C"


NAMES = {"A": "North Atlantic", "C": "coastal", "I": "INDIAN", "N": "North Pacific"}
NAMES |= {"O": "Southern", "R": "Arctic", "T": "tropical pacific", "G": "G"}
NAMES |= {"Z": "Tropical Atlantic"}


@pytest.mark.parametrize("letter", NAMES)
def test_names_of_regions(letter):
    assert region_letters(NAMES[letter]) == {letter}
    assert region_letters(f" {letter} ") == {letter}


def test_letters_and_names_together():
    assert region_letters("AZ, arctic") == {"A", "Z", "R"}
    with pytest.raises(OptionError, match="'AQ'"):
        region_letters("AQ")
    with pytest.raises(OptionError, match="''"):
        region_letters("A,,Z")


def rows(**columns):
    """Rows with numbers; `time` is apart."""
    time = columns.pop("time", None)
    numbers = {k: np.asarray(v, float) for k, v in columns.items()}
    size = len(next(iter(numbers.values()))) if numbers else len(time)
    if time is not None:
        time = np.asarray(time, "datetime64[ns]")
    empty = np.zeros((size, 2), np.int64)
    return ArchiveRows(numbers, {}, time, np.arange(size), np.zeros(0, np.uint8), empty)


def kept(chosen, taken, name):
    return chosen(taken).numbers[name].tolist()


def test_a_box_has_all_four_sides():
    lat = [9.9, 10.0, 20.0, 20.1, 15.0, 15.0]
    lon = [5.0, 5.0, 5.0, 5.0, 359.9, 360.0]
    here = rows(latitude=lat, longitude=lon)
    assert kept(selection(box=(0, 10, 5, 20)), here, "latitude") == [10.0, 20.0, 15.0]
    assert kept(selection(box="-1,10,5,20"), here, "latitude") == [10, 20, 15, 15]
    assert kept(selection(box="350,-90,10,90"), here, "longitude") == lon
    assert kept(selection(box="-180,-90,180,90"), here, "longitude") == lon
    assert kept(selection(box="5.1,-90,359.9,90"), here, "longitude") == [359.9]


@pytest.mark.parametrize(
    "box",
    [
        *("1,2,3", "1,2,3,4,5", "a,b,c,d", (0, 1, 2), "0,10,5,-10", "0,-90.1,5,0"),
        *("0,0,5,90.1", "-361,0,5,1", "361,0,5,1", "0,0,361,1", "0,0,-361,1"),
    ],
)
def test_no_such_box(box):
    with pytest.raises(OptionError, match="box must be"):
        selection(box=box)


def test_whole_globe_and_poles_are_a_box():
    assert selection(box=(-360, -90, 360, 90)).box == (-360.0, -90.0, 360.0, 90.0)
    assert selection(box=(0, 5, 0, 5)).box == (0.0, 5.0, 0.0, 5.0)


PERIODS = {
    "2010": ("2010-01-01", "2011-01-01"),
    "2010-12": ("2010-12-01", "2011-01-01"),
    "2010-12-31": ("2010-12-31", "2011-01-01"),
    "2010-12-31T18:00": ("2010-12-31T18:00", "2010-12-31T18:01"),
    " 2010-12-31T18:00:05Z": ("2010-12-31T18:00:05", "2010-12-31T18:00:06"),
}


@pytest.mark.parametrize("text", PERIODS)
def test_periods_are_whole(text):
    begin, following = (np.datetime64(t, "ns") for t in PERIODS[text])
    assert selection(start=text).start == begin
    assert selection(end=text).end == following
    assert selection(start=text, end=text).start == begin
    step = np.timedelta64(1, "ns")
    times = [begin - step, begin, following - step, following]
    one = selection(start=text, end=text)
    assert one(rows(time=times)).time.tolist() == np.array(times[1:3]).tolist()


def test_periods_that_are_none():
    with pytest.raises(OptionError, match="start 2011 must be before end 2010"):
        selection(start="2011", end="2010")
    for value in ("soon", "NaT", "2010-13"):
        with pytest.raises(OptionError, match=f"end must be a time .*{value}"):
            selection(end=value)
    exact = np.datetime64("2010-01-01T00:00:00")
    assert selection(start=exact).start == exact


def test_flags_and_numbers():
    assert selection(flags="a, b").flags == {"A", "B"}
    assert selection(flags=["E", "XN"]).flags == {"E", "X", "N"}
    assert selection(flags="ABCDEFSXNU").flags == set("ABCDEFSXNU")
    for wrong in ("", "AQ", ", "):
        with pytest.raises(OptionError, match="flags must be one or more of A, B"):
            selection(flags=wrong)
    assert selection(woce=2).woce == {2}
    assert selection(woce="2,3").woce == {2, 3}
    assert selection(woce=[4, 9]).woce == {4, 9}
    assert selection(src=range(15)).src == set(range(15))
    for name, wrong in (("woce", 5), ("woce", 0), ("woce", "x"), ("src", 15)):
        with pytest.raises(OptionError, match=f"{name} must be one or more of "):
            selection(**{name: wrong})
    for wrong in ("", []):
        with pytest.raises(OptionError, match="src must be"):
            selection(src=wrong)
    assert selection(expocodes=" 33ro*, 06aq").expocodes == ("33RO*", "06AQ")
    assert selection(expocodes=["a", " "]).expocodes == ("A",)
    with pytest.raises(OptionError, match="expocodes must not be empty"):
        selection(expocodes=" , ")
    with pytest.raises(OptionError, match="no option named 'regon'"):
        selection(regon="A")


#: Options, the columns they need, and their text.
CONDITIONS = [
    ({}, (), "all rows"),
    ({"region": "RO"}, ("longitude", "latitude"), "region OR"),
    ({"region": "G"}, ("longitude", "latitude"), "region G"),
    (
        {"region": "ZA"},
        ("longitude", "latitude", "dist_to_land"),
        "region AZ",
    ),
    ({"box": (0, 1.5, 2, 3)}, ("longitude", "latitude"), "box 0,1.5,2,3"),
    ({"start": "2010"}, ("time",), "from 2010-01-01T00:00:00.000000000"),
    ({"end": "2010"}, ("time",), "before 2011-01-01T00:00:00.000000000"),
    ({"flags": "BA"}, ("QC_Flag",), "QC_Flag AB"),
    ({"woce": "3,2"}, ("fCO2rec_flag",), "fCO2rec_flag 2,3"),
    ({"src": [5, 1]}, ("fCO2rec_src",), "fCO2rec_src 1,5"),
    ({"expocodes": "a*,b"}, ("Expocode",), "expocodes A*,B"),
]


@pytest.mark.parametrize(("options", "columns", "text"), CONDITIONS)
def test_columns_and_text_of_each_condition(options, columns, text):
    chosen = selection(**options)
    assert chosen.required_columns == columns
    assert chosen.is_all == (not options)
    assert str(chosen) == text


def test_conditions_are_listed_in_one_order():
    options = {k: v for more, *_ in CONDITIONS[3:] for k, v in more.items()}
    texts = [text for *_, text in CONDITIONS[3:]]
    assert str(selection(**options)) == "; ".join(texts)


def test_numbers_of_a_condition():
    here = rows(fCO2rec_flag=[2, 3, 4, 9], fCO2rec_src=[1, 2, 3, 0])
    assert kept(selection(woce="2,9"), here, "fCO2rec_flag") == [2, 9]
    assert kept(selection(src=2), here, "fCO2rec_src") == [2]
    assert kept(selection(src=2, woce=2), here, "fCO2rec_src") == []
    assert selection()(here) is here


def test_regions_of_rows():
    here = rows(
        latitude=[40, 40, -40, 80],
        longitude=[-30, -30, 0, 0],
        dist_to_land=[900, 1] * 2,
    )
    assert kept(selection(region="A"), here, "latitude") == [40]
    assert kept(selection(region="CR"), here, "latitude") == [40, 80]
    assert kept(selection(region="G"), here, "latitude") == [40, 40, -40, 80]
    del here.numbers["dist_to_land"]
    assert kept(selection(region="OR"), here, "latitude") == [-40, 80]
    assert Selection().required_columns == ()
