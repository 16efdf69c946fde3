"""Salinity that the open sea does not have, and copies of temperature."""

import numpy as np
import pandas as pd
import pytest

from oceanco2.geography import is_inland
from oceanco2.qc.checks.salinity import (
    check_copied,
    check_unusual,
    is_offshore,
    is_unusual,
)
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import GOOD, QUESTIONABLE

OPEN, SHELF, COAST, BLACK_SEA = (45.0, -20.0), (45.0, -5.0), (51.3, 2.5), (43.0, 34.0)
#: Annual means around them are 35.6 to 35.8 at the first, 35 to 35.6 at the second.


def unusual(values, place=OPEN, minutes=5.0, **options):
    x = np.array(values, dtype=float)
    lat, lon = (np.full(x.size, c) for c in place)
    seconds = 60.0 * minutes * np.arange(x.size)
    found = check_unusual(x, seconds, latitude=lat, longitude=lon, **options)
    assert found.dtype == np.int8
    return (found == QUESTIONABLE).tolist()


@pytest.mark.parametrize(
    ("salinity", "expected"),
    [
        (0.0, True),
        (0.035, True),
        (5.0, True),
        (20.0, True),
        (31.5, True),
        (31.7, False),
        (35.7, False),
        (39.7, False),
        (39.9, True),
    ],
)
def test_the_open_ocean_has_its_salinity(salinity, expected):
    assert unusual([salinity] * 4) == [expected] * 4
    # Rivers, ice and rain reach as far as this.
    assert unusual([salinity] * 4, SHELF) == [False] * 4
    assert unusual([salinity] * 4, BLACK_SEA) == [False] * 4


def test_the_margin_is_an_option():
    assert unusual([34.5], margin=1.0) == [True]
    assert unusual([34.7], margin=1.0) == [False]
    assert unusual([36.9], margin=1.0) == [True]
    assert unusual([36.7], margin=1.0) == [False]
    one = np.array([31.5]), np.array([45.0]), np.array([-20.0])
    assert is_unusual(*one).tolist() == [True]
    assert is_unusual(*one, 5.0).tolist() == [False]


def away(inside, before=35.0, after=35.0, rows=3, **options):
    """Rows that are flagged in the middle of nine on each side; the rest is not."""
    values = [before] * 9 + [inside] * rows + [after] * 9
    found = unusual(values, **({"place": SHELF} | options))
    assert not any(found[:9] + found[9 + rows :])
    return found[9 : 9 + rows]


@pytest.mark.parametrize("inside", [0.0, 5.0, 20.0, 30.0, 40.0])
def test_gone_and_back_in_one_step_each(inside):
    assert away(inside) == [True] * 3
    assert away(inside, place=COAST) == [False] * 3
    assert away(inside, place=(np.nan, np.nan)) == [False] * 3


def test_offshore():
    lat = np.array([45.0, 58.0, 55.0, np.nan, 45.0, 0.0, 0.0])
    lon = np.array([-20.0, 3.0, 8.0, 0.0, np.nan, 8.6, 4.0])  # Gabon: 9.3
    found = is_offshore(lat, lon).tolist()
    assert found == [True, True, False, False, False, False, True]


def test_steps_of_five():
    assert away(30.01) == [False] * 3
    assert away(30.0) == [True] * 3
    assert away(30.01, step=4.9) == [True] * 3


def test_a_front_stays():
    assert away(28.0, after=28.0) == [False] * 3
    assert away(25.0, after=30.0) == [False] * 3  # half of it
    assert away(25.0, after=30.1) == [True] * 3
    assert away(25.0, after=15.0) == [False] * 3


def test_steps_in_one_reading():
    assert away(25.0, minutes=90.0) == [True] * 3
    assert away(25.0, minutes=91.0) == [False] * 3
    assert away(25.0, minutes=91.0, max_gap_minutes=91.0) == [True] * 3


def test_no_longer_than_half_a_day():
    assert away(25.0, minutes=60.0, rows=13) == [True] * 13
    assert away(25.0, minutes=60.0, rows=14) == [False] * 14
    assert away(25.0, minutes=60.0, rows=14, hours=13.0) == [True] * 14


def test_between_two_excursions_nothing_is_wrong():
    values = [35.0] * 6 + [20.0] * 2 + [35.0] * 4 + [20.0] * 2 + [35.0] * 6
    found = unusual(values, SHELF)
    assert found == [False] * 6 + [True] * 2 + [False] * 4 + [True] * 2 + [False] * 6


def test_missing_values_are_passed_over():
    values = [35.0, 35.0, np.nan, 20.0, np.nan, 20.0, np.nan, 35.0, 35.0]
    found = unusual(values, SHELF)
    assert found == [False] * 3 + [True, False, True] + [False] * 3
    assert unusual([np.nan] * 3, SHELF) == [False] * 3
    assert unusual([], SHELF) == []


def copied(sst, salinity):
    arrays = {"SST": np.array(sst, float), "salinity": np.array(salinity, float)}
    found = [
        check_copied(x, np.arange(x.size), **arrays).tolist() for x in arrays.values()
    ]
    assert found[0] == found[1]
    assert set(found[0]) <= {GOOD, QUESTIONABLE}
    return [flag == QUESTIONABLE for flag in found[0]]


def test_five_equal_readings_of_three_values_are_copies():
    sst = 20.0 + 0.01 * np.arange(9)
    salinity = np.full(9, 35.0)
    salinity[2:7] = sst[2:7]
    assert copied(sst, salinity) == [False] * 2 + [True] * 5 + [False] * 2
    salinity[6] = 35.0
    assert copied(sst, salinity) == [False] * 9
    assert copied(sst, sst) == [True] * 9


def test_equal_by_chance():
    assert copied([7.0] * 9, [7.0] * 9) == [False] * 9
    two = [7.0, 7.1] * 4
    assert copied(two, two) == [False] * 8
    three = [7.0, 7.1, 7.2] * 3
    assert copied(three, three) == [True] * 9
    gap = [7.0, 7.1, np.nan, 7.2, 7.1, 7.0]
    assert copied(gap, gap) == [True, True, False, True, True, True]


def test_where_the_checks_run():
    unusual, copied = CHECKS["unusual"], CHECKS["copied"]
    assert unusual.tables == ("salinity",)
    assert unusual.needs == ("latitude", "longitude")
    assert unusual.limits == {"default": {"salinity": {}}}
    assert unusual.contradiction == "salinity"
    assert dict(unusual.defaults) == {
        **{"margin": 4.0, "step": 5.0},
        **{"max_gap_minutes": 90.0, "hours": 12.0},
    }
    assert copied.tables == ("SST", "salinity")
    assert copied.needs == ("SST", "salinity")
    assert copied.limits == {"default": {"SST": {}, "salinity": {}}}
    assert copied.contradiction == "copies"
    assert (unusual.bit, copied.bit) == (55, 56)
    assert not any(c.kinds or c.impossible or c.wants for c in (unusual, copied))


def test_no_published_mooring_is_inland_or_unusual(data_set):
    """Coasts, reefs and the tropics: 214,766 rows of NOAA's moorings."""
    table = pd.read_csv(data_set("moorings_pmel_fco2/moorings_fco2.csv.gz"))
    assert not is_inland(table["lat"].to_numpy(), table["lon"].to_numpy()).any()
    possible = table["sal"].where(table["sal"].between(0.0, 50.0))
    times = pd.to_datetime(table["time"], utc=True)
    seconds = (times - times[0]).dt.total_seconds()
    table = table.assign(salinity=possible, seconds=seconds)
    for site, rows in table.groupby("site"):
        salinity, seconds, sst, lat, lon = (
            rows[n].to_numpy(float)
            for n in ("salinity", "seconds", "sst", "lat", "lon")
        )
        place = {"latitude": lat, "longitude": lon}
        found = check_unusual(salinity, seconds, **place)
        assert (found == GOOD).all(), site
        found = check_copied(sst, seconds, SST=sst, salinity=salinity)
        assert (found == GOOD).all(), site
