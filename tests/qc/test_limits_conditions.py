"""Conditions in space and time: how they may be written, and where they hold."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.geography import REGIONS
from oceanco2.platforms.settings import Where
from oceanco2.qc.limits import condition, for_all, rows_where


def written(**table):
    return condition(Where(checks={"SST": {}}, **table))


@pytest.mark.parametrize("letter", [c for c in REGIONS if c != "C"])
def test_regions_by_letter_and_name(letter):
    name = REGIONS[letter]
    for word in (letter, letter.lower(), name, name.replace("_", " ").title()):
        assert written(region=word) == {"region": [letter]}
    assert written(region=[name.replace("_", "-"), "R"])["region"] == [letter, "R"]


MONTHS = (
    "january february march april may june july august september october november"
    " december"
)


def test_months_by_number_name_and_three_letters():
    for number, name in enumerate(MONTHS.split(), 1):
        for month in (number, name, f" {name.upper()} ", name[:3].title()):
            assert written(months=[month]) == {"months": [number]}
    assert written(months=["Dec", 1, "january"]) == {"months": [1, 12]}


def test_boxes_and_names():
    box = [-90.0, -180.0, 90.0, 360.0]
    assert written(box=box, name="all") == {"box": box, "name": "all"}
    assert written(latitude=[0, 10])["box"] == [0.0, -180.0, 10.0, 180.0]
    assert written(longitude=[170, -170])["box"] == [-90.0, 170.0, 90.0, -170.0]
    assert written(box=[5, 0, 5, 0])["box"] == [5.0, 0.0, 5.0, 0.0]
    both = written(latitude=[1, 2], longitude=[3, 4])
    assert both == {"box": [1.0, 3.0, 2.0, 4.0]}


@pytest.mark.parametrize("word", ["DJF", "mam", " Jja", "SON"])
def test_seasons_of_initials(word):
    assert written(season=word) == {"season": [word.strip().upper()]}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"region": "coastal"}, "not a box"),
        ({"region": "C"}, "not a box"),
        ({"region": "artic"}, "Did you mean 'arctic'"),
        ({"box": [10, 0, 5, 1]}, "'box' must have latitudes from south to north"),
        ({"box": [-90.1, 0, 5, 1]}, "between -90 and 90: -90.1, 5"),
        ({"box": [0, 0, 90.1, 1]}, "latitudes"),
        ({"latitude": [5, 1]}, "'latitude' must have latitudes"),
        ({"box": [0, -180.1, 5, 1]}, "longitudes must be between -180 and 360"),
        ({"box": [0, 0, 5, 360.1]}, "longitudes .*: 0, 360.1"),
        ({"box": [0, 0, 1, 1], "latitude": [0, 1]}, "not both"),
        ({"box": [0, 0, 1, 1], "longitude": [0, 1]}, "not both"),
        ({"months": [0]}, "1 to 12, january"),
        ({"months": [13]}, "month"),
        ({"months": ["ja"]}, "month"),
        ({"season": "monsoon"}, "DJF, MAM, JJA, SON, winter"),
        ({"name": "x"}, "needs at least one of region, box"),
    ],
)
def test_conditions_that_cannot_be(table, words):
    with pytest.raises(OptionError, match=words):
        written(**table)


def rows(latitude=0.0, longitude=0.0):
    """A row in the middle of each month of 1969 and 2020."""
    months = [f"{y}-{m:02d}-15" for y in (1969, 2020) for m in range(1, 13)]
    time = np.array(months, dtype="datetime64[ns]")
    position = {
        name: ("time", np.full(24, value))
        for name, value in (("latitude", latitude), ("longitude", longitude))
        if value is not None
    }
    return rows_where(xr.Dataset(coords={"time": time, **position}))


def months_of(mask):
    assert (mask[:12] == mask[12:]).all()
    return (np.flatnonzero(mask[:12]) + 1).tolist()


@pytest.mark.parametrize(
    ("season", "north", "south"),
    [
        ("winter", [1, 2, 12], [6, 7, 8]),
        ("spring", [3, 4, 5], [9, 10, 11]),
        ("summer", [6, 7, 8], [1, 2, 12]),
        ("autumn", [9, 10, 11], [3, 4, 5]),
        ("DJF", [1, 2, 12], [1, 2, 12]),
        ("MAM", [3, 4, 5], [3, 4, 5]),
        ("JJA", [6, 7, 8], [6, 7, 8]),
        ("SON", [9, 10, 11], [9, 10, 11]),
    ],
)
def test_seasons_on_both_sides_of_the_equator(season, north, south):
    assert months_of(rows(0.0)({"season": [season]})) == north
    assert months_of(rows(-0.1)({"season": [season]})) == south
    if season in ("winter", "summer"):
        assert not rows(np.nan)({"season": [season]}).any()


def test_all_conditions_must_hold():
    holds = rows(60.0, -20.0)
    assert holds({"name": "x"}).all()
    assert months_of(holds({"months": [3, 12], "region": ["A"]})) == [3, 12]
    assert not holds({"months": [3], "region": ["N"]}).any()
    assert holds({"box": [50.0, -30.0, 60.0, -20.0]}).all()
    assert not holds({"box": [50.0, -30.0, 59.9, -20.0]}).any()
    two = holds({"season": ["DJF", "summer"]})
    assert months_of(two) == [1, 2, 6, 7, 8, 12]
    without = rows(None, None)
    assert not without({"region": ["A"]}).any()
    assert months_of(without({"months": [1]})) == [1]


def test_the_same_limits_for_several_variables():
    assert for_all(("a", "b"), x=1) == {"a": {"x": 1}, "b": {"x": 1}}
