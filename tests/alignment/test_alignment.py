import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.alignment import align, interpolate
from oceanco2.vocabulary import VALUE_TYPES, attrs_of

START = np.datetime64("2024-03-01", "ns")


def stream(seconds, **variables):
    time = START + (np.array(seconds) * 1e9).astype("timedelta64[ns]")
    attrs = {"source_files": ["f"], "source_files_sha256": ["0"], "reading_notes": []}
    attrs |= {"rows_read": len(seconds), "rows_rejected": 0, "rows_duplicated": 0}
    data = {
        n: ("time", np.array(v, dtype=float), attrs_of(n)) for n, v in variables.items()
    }
    places = {n: data.pop(n) for n in ("latitude", "longitude") if n in data}
    return xr.Dataset(data, coords={"time": time, **places}, attrs=attrs)


def join(main, other, **changes):
    ship = platforms.load("demo_ship")
    source = ship.variables["SST"].model_copy(update={"lag_seconds": 0.0} | changes)
    ship = ship.model_copy(update={"variables": ship.variables | {"SST": source}})
    return align({"analyser": main, "tsg": other}, ship)


def test_between_neighbours_never_beyond():
    ds = join(
        stream([-10, 0, 30, 60, 70], T_equ=[1, 2, 3, 4, 5]),
        stream([0, 60], SST=[10, 16]),
    )
    np.testing.assert_allclose(ds["SST"], [np.nan, 10.0, 13.0, 16.0, np.nan])
    kinds = [
        VALUE_TYPES[k] for k in ("missing", "measured", "interpolated", "measured")
    ]
    np.testing.assert_array_equal(ds["SST_type"], [*kinds, VALUE_TYPES["missing"]])
    np.testing.assert_array_equal(ds["T_equ"], [1, 2, 3, 4, 5])


def test_gaps_and_impossible_values_are_not_bridged_blindly():
    other = stream([0, 100, 200, 1000], SST=[10, 999, 12, 20])
    ds = join(stream([100, 400, 700], T_equ=[1, 2, 3]), other)
    np.testing.assert_allclose(ds["SST"], [11.0, np.nan, np.nan])


def test_lag_is_how_much_earlier_the_water_passed_the_sensor():
    other = stream([0, 100, 200], SST=[10, 20, 30])
    ds = join(stream([150], T_equ=[1]), other, lag_seconds=60.0)
    assert float(ds["SST"][0]) == pytest.approx(19.0)


def test_positions_over_the_date_line():
    other = stream([0, 100], SST=[1, 2], latitude=[0, 1], longitude=[179.5, -179.5])
    ds = join(stream([50, 100], T_equ=[1, 2]), other)
    np.testing.assert_allclose(ds["longitude"], [180.0, -179.5])


@given(
    knots=st.lists(st.integers(0, 10_000), min_size=2, max_size=30, unique=True),
    at=st.lists(st.integers(-100, 10_100), min_size=1, max_size=30),
)
def test_a_straight_line_comes_back(knots, at):
    times = np.array(sorted(knots), dtype=float)
    wanted = np.array(at, dtype=float)
    values, kind = interpolate(times, 3.0 * times + 1.0, wanted, 500.0)
    there = kind > 0
    np.testing.assert_allclose(values[there], 3.0 * wanted[there] + 1.0)
    assert np.isnan(values[~there]).all()
    outside = (wanted < times[0]) | (wanted > times[-1])
    assert not there[outside].any()


def test_a_million_rows_join_sixty_thousand():
    times = np.arange(1_000_000.0)
    values, _ = interpolate(times, times, np.arange(5.5, 9e5, 15.0), 300.0)
    np.testing.assert_allclose(values, np.arange(5.5, 9e5, 15.0))
