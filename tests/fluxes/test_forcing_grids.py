"""Forcing on the rows: limits in time, cut-outs and seams of grids, what is refused."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.fluxes import forcing
from oceanco2.fluxes.forcing import AIR, ICE, PRESSURE, WIND, Join, join
from oceanco2.vocabulary import VARIABLES

NAN = np.nan
START = np.datetime64("2010-06-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")


def times(hours):
    return START + (np.array(hours, dtype=float) * 3600).astype("m8[s]")


def ship(hours, **place):
    data = {k: ("time", np.array(v, dtype=float)) for k, v in place.items()}
    return xr.Dataset(coords={"time": times(hours), **data})


def series(hours, values, name="w"):
    return xr.DataArray(np.array(values, float), {"time": times(hours)}, name=name)


# ---- numbers and arrays -------------------------------------------------------------


def test_numbers_and_arrays_of_rows():
    ds = ship([0, 1])
    for value in (7, 7.0, np.float32(7), np.int16(7)):
        found = join(WIND, value, ds, Join())
        assert found.values.tolist() == [7.0, 7.0]
        assert (found.source, found.more) == ("7 everywhere", {})
    for values in ([1, 2], (1, 2), np.array([1, 2], "i2")):
        found = join(WIND, values, ds, Join())
        assert found.values.tolist() == [1.0, 2.0]
        assert found.values.dtype == np.float64
        assert (found.source, found.more) == ("given for each row", {})
    for wrong in ([1.0], np.ones((2, 1))):
        with pytest.raises(
            OptionError, match=r"does not match 2 rows; use a DataArray"
        ):
            join(WIND, wrong, ds, Join())
    for wrong in (True, False):
        with pytest.raises(OptionError) as caught:
            join(ICE, wrong, ds, Join())
        assert str(caught.value) == f"ice must not be {wrong}"


def test_messages_of_numbers():
    for kind, units in ((WIND, " m s-1"), (PRESSURE, " hPa"), (ICE, "")):
        low, high = VARIABLES[kind.variable].bounds
        with pytest.raises(OptionError) as caught:
            join(kind, 1e6, ship([0]), Join())
        text = f"{kind.option} must be between {low:g} and {high:g}{units}, not 1e+06"
        assert str(caught.value) == text


def test_kinds():
    assert [k.option for k in (WIND, PRESSURE, ICE, AIR)] == [
        *("wind", "pressure", "ice", "xco2_air")
    ]
    assert [k.variable for k in (WIND, PRESSURE, ICE, AIR)] == [
        *("wind_speed", "P_atm", "sea_ice_area_fraction", "xCO2_atm_dry_interp")
    ]
    assert [k.units for k in (WIND, PRESSURE, ICE, AIR)] == [
        *("m s-1", "hPa", "1", "umol mol-1")
    ]
    assert forcing.JOINS == ("linear", "nearest")


def test_axes_of_one_place_are_left_out():
    field = series([0, 6], [4.0, 10.0]).expand_dims(latitude=[5.0], level=[1])
    found = join(WIND, field, ship([3]), Join())
    assert found.values.tolist() == [7.0]
    assert found.source == "given, linear in time, samples up to 6 h away"
    one = xr.DataArray([[6.0]], dims=("a", "b"))
    assert join(WIND, one, ship([3, 4]), Join()).values.tolist() == [6.0, 6.0]
    renamed = series([0, 6], [4.0, 10.0]).rename(time="valid_time")
    assert join(WIND, renamed, ship([3]), Join()).values.tolist() == [7.0]


def test_no_time_and_no_overlap():
    with pytest.raises(ProcessingError) as caught:
        join(WIND, xr.DataArray([1.0, 2.0], dims="x", name="w"), ship([0]), Join())
    text = "given: wind_speed has no time dimension (x)"
    assert str(caught.value) == text
    with pytest.raises(ProcessingError) as caught:
        join(WIND, series([0, 6], [1.0, 2.0]), ship([500, 501]), Join())
    assert str(caught.value) == (
        "wind from given has no value for any row (linear in time, samples up to 6 h"
        " away): it covers 2010-06-01T00:00 to 2010-06-01T06:00, the dataset"
        " 2010-06-21T20:00 to 2010-06-21T21:00"
    )
    with pytest.raises(ProcessingError, match="it covers no time, the dataset 2010-"):
        join(WIND, series([], []), ship([0]), Join())
    with pytest.raises(ProcessingError, match="no value for any row"):
        join(WIND, series([0, 6], [NAN, -999.0]), ship([3]), Join())


def test_powers_have_limits_of_their_own():
    high = VARIABLES["wind_speed"].bounds[1]
    for name, power in (("wind_speed_squared", 2), ("wind_speed_cubed", 3)):
        values = [0.0, high**power, high**power * 1.001, -0.1]
        ds = xr.Dataset(
            {
                "wind_speed": series([0, 1, 2, 3], [1.0] * 4),
                name: series([0, 1, 2, 3], values),
            }
        )
        found = join(WIND, ds, ship([0, 1, 2, 3]), Join()).more
        assert list(found) == [name]
        np.testing.assert_array_equal(found[name], [0.0, high**power, NAN, NAN])


# ---- times --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "limit", "linear", "nearest"),
    [
        (0.0, 1.0, 4.0, 4.0),
        (6.0, 1.0, 10.0, 10.0),
        (3.0, 3.0, 7.0, 4.0),  # as far from both: the earlier one
        (3.0, 2.99, NAN, NAN),
        (2.0, 4.0, 6.0, 4.0),
        (2.0, 3.9, NAN, 4.0),
        (4.0, 4.0, 8.0, 10.0),
        (4.0, 3.9, NAN, 10.0),
        (7.0, 1.0, NAN, 10.0),
        (7.0, 0.9, NAN, NAN),
        (-1.0, 1.0, NAN, 4.0),
        (-1.0, 0.9, NAN, NAN),
    ],
)
def test_how_far_a_sample_may_be(hour, limit, linear, nearest):
    wind = series([0, 6], [4.0, 10.0])
    ds = ship([0.0, hour])  # the first row always has a value
    for method, value in (("linear", linear), ("nearest", nearest)):
        found = join(WIND, wind, ds, Join(method, limit)).values
        np.testing.assert_allclose(found, [4.0, value])


def test_times_that_are_missing_or_twice():
    wind = series([0, 6, 6], [4.0, 10.0, 99.0])
    assert join(WIND, wind, ship([6.0, 3.0]), Join()).values.tolist() == [10.0, 7.0]
    wind["time"] = np.array([START, np.datetime64("NaT"), START + 6 * HOUR])
    np.testing.assert_allclose(join(WIND, wind, ship([2.0]), Join()).values, 4 + 95 / 3)


# ---- grids --------------------------------------------------------------------------


def axis(values, name="latitude"):
    values = np.array(values, dtype=float)
    return xr.DataArray(values, {name: values}, (name,))


@pytest.mark.parametrize(
    ("points", "kept"),
    [
        ([50.0], [30, 40, 50, 60]),
        ([51.0], [40, 50, 60, 70]),
        ([51.0, 62.0], [40, 50, 60, 70, 80]),
        ([0.0], [0, 10]),
        ([-99.0], [0, 10]),
        ([90.0], [70, 80, 90]),
        ([999.0], [80, 90]),
        ([51.0, NAN], [40, 50, 60, 70]),
        ([NAN], []),
        ([], []),
    ],
)
def test_a_cut_out_has_two_nodes_on_either_side(points, kept):
    array = axis(range(0, 100, 10))
    found = forcing._crop(array, "latitude", np.array(points, dtype=float))
    assert found.to_numpy().tolist() == kept


@pytest.mark.parametrize(
    ("nodes", "wraps"),
    [
        (range(0, 360, 10), True),
        (range(-180, 180, 90), True),
        (range(0, 351, 10), True),
        (np.arange(0.0, 346.0, 10.0), False),  # the gap is 1.5 steps or more
        (np.arange(0.0, 346.1, 10.0), False),
        ([0.0, 100.0, 211.0], True),
        ([0.0, 100.0, 210.0], False),
        (range(0, 361, 10), False),  # closed already
    ],
)
def test_the_first_meridian_again_after_the_last(nodes, wraps):
    array = axis(nodes, "longitude")
    found = forcing._wrap_longitude(array)
    assert (found.size == array.size + 1) == wraps
    if wraps:
        assert found[-1] == array[0]
        assert float(found["longitude"][-1]) == array.to_numpy()[0] + 360.0
        np.testing.assert_array_equal(found[:-1], array)
    else:
        assert found is array


def field(latitudes, longitudes, hours=(0, 6, 12), names=("time", "lat", "lon")):
    t, y, x = np.meshgrid(hours, latitudes, longitudes, indexing="ij")
    coords = dict(zip(names, (times(hours), latitudes, longitudes), strict=True))
    values = 5.0 + 0.1 * t + 0.02 * y + 0.01 * x
    return xr.DataArray(values, coords, names, name="w")


NAMES = [
    *(("time", "latitude", "longitude"), ("time", "lat", "lon"), ("t", "y", "x")),
    *(("TIME", "LATITUDE", "LONGITUDE"), ("T", "LAT", "LON"), ("T", "LATS", "LONS")),
]


@pytest.mark.parametrize("names", NAMES)
def test_names_and_order_of_axes(names):
    grid = field([-10.0, 0.0, 10.0], [0.0, 10.0, 20.0], names=names)
    ds = ship([3.0, 9.0], latitude=[-5.0, 5.0], longitude=[5.0, -342.0])
    expected = [5.0 + 0.3 - 0.1 + 0.05, 5.0 + 0.9 + 0.1 + 0.18]
    shuffled = grid.transpose(names[2], names[0], names[1])[::-1, :, ::-1]
    for array in (grid, shuffled):
        found = join(WIND, array, ds, Join()).values
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_rows_without_a_place_and_outside():
    grid = field([-10.0, 0.0, 10.0], [0.0, 10.0, 20.0])
    latitudes, longitudes = [0.0, NAN, 0.0, 10.1, -10.0], [5.0, 5.0, NAN, 5.0, 20.0]
    ds = ship([3.0] * 5, latitude=latitudes, longitude=longitudes)
    found = join(WIND, grid, ds, Join()).values
    assert np.isfinite(found).tolist() == [True, False, False, False, True]
    lost = ship([3.0], latitude=[NAN], longitude=[5.0])
    with pytest.raises(ProcessingError, match="no value for any row"):
        join(WIND, grid, lost, Join())
    far = ship([60.0, 3.0], latitude=[0.0] * 2, longitude=[5.0] * 2)
    assert np.isfinite(join(WIND, grid, far, Join()).values).tolist() == [False, True]


def test_grids_that_do_not_fit():
    grid = field([-10.0, 0.0], [0.0, 10.0])
    text = "it must be along time, or time, latitude and longitude"
    for array, ds in (
        (grid.rename(lat="row"), ship([0], latitude=[0.0], longitude=[0.0])),
        (grid[:, :, 0], ship([0], latitude=[0.0], longitude=[0.0])),
        (grid, ship([0], latitude=[0.0])),
    ):
        with pytest.raises(ProcessingError, match=text):
            join(WIND, array, ds, Join())
    with pytest.raises(ProcessingError) as caught:
        join(WIND, grid.rename(lat="row"), ship([0]), Join())
    start = "given: wind_speed is along time, row, lon; "
    assert str(caught.value) == start + text


def test_integers_with_a_code_of_missing_values():
    wind = xr.DataArray([4, -999, 10], {"time": times([0, 3, 6])}, name="w")
    assert join(WIND, wind, ship([3.0]), Join()).values.tolist() == [7.0]
