"""Wind and other forcing brought to the rows: times, grids, files, units."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError, ReadError, UnitsError
from oceanco2.fluxes.forcing import ICE, PRESSURE, WIND, Join, join

START = np.datetime64("2010-06-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")


def ship(hours, latitude=0.0, longitude=0.0):
    hours = np.atleast_1d(np.asarray(hours, dtype=float))
    times = START + (hours * 3600).astype("int64") * np.timedelta64(1, "s")
    place = {
        "latitude": ("time", np.broadcast_to(latitude, hours.shape).copy()),
        "longitude": ("time", np.broadcast_to(longitude, hours.shape).copy()),
    }
    return xr.Dataset(coords={"time": times, **place})


def series(hours, values, **attrs):
    times = START + np.asarray(hours) * HOUR
    return xr.DataArray(
        np.asarray(values, float), {"time": times}, name="w", attrs=attrs
    )


def joined(given, ds, kind=WIND, **how):
    return join(kind, given, ds, Join(**how)).values  # noqa: PD011


def test_linear_within_the_limit():
    wind = series([0, 6, 30], [4.0, 10.0, 20.0])
    found = joined(wind, ship([-1, 0, 3, 6, 7, 18, 30, 31]))
    np.testing.assert_allclose(
        found, [np.nan, 4.0, 7.0, 10.0, np.nan, np.nan, 20.0, np.nan]
    )
    found = joined(wind, ship([18]), limit_hours=12)
    np.testing.assert_allclose(found, [15.0])


def test_nearest_within_the_limit():
    wind = series([0, 6, 30], [4.0, 10.0, 20.0])
    found = joined(wind, ship([-1, 2, 4, 11, 13, 33]), method="nearest")
    np.testing.assert_allclose(found, [4.0, 4.0, 10.0, 10.0, np.nan, 20.0])
    assert joined(wind, ship([-7, 0]), method="nearest")[1] == 4.0


def test_gaps_disorder_and_duplicates_of_the_forcing():
    wind = series([6, 0, 3, 6], [10.0, 4.0, np.nan, 10.0])
    np.testing.assert_allclose(joined(wind, ship([3.0])), [7.0])


def test_one_value_of_every_row_is_taken_as_it_is():
    ds = ship([0, 1, 2])
    values = np.array([1.0, np.nan, 3.0])
    np.testing.assert_array_equal(joined(values, ds), values)
    np.testing.assert_array_equal(joined(series([0, 1, 2], values), ds), values)
    assert joined(5, ds).tolist() == [5.0] * 3
    zero = joined(xr.DataArray(6.0), ds)
    assert zero.tolist() == [6.0] * 3


def test_pandas_series():
    index = pd.date_range("2010-06-01", periods=3, freq="6h", name="time")
    found = joined(pd.Series([4.0, 10.0, 16.0], index=index), ship([3, 9]))
    np.testing.assert_allclose(found, [7.0, 13.0])


def test_units_are_converted_and_unknown_ones_refused():
    ds = ship([0])
    found = joined(series([0], [10.0], units="knots"), ds)
    assert found[0] == pytest.approx(5.1444, abs=1e-4)
    assert joined(series([0], [10.0], units="m s**-1"), ds)[0] == 10.0
    bar = joined(series([0], [101325.0], units="Pa"), ds, PRESSURE)
    assert bar[0] == pytest.approx(1013.25)
    ice = joined(series([0], [25.0], units="percent"), ds, ICE)
    assert ice[0] == pytest.approx(0.25)
    with pytest.raises(UnitsError, match="furlong"):
        joined(series([0], [10.0], units="furlong"), ds)


def plane(time, latitude, longitude):
    """A field that linear interpolation gets exactly right."""
    return 5.0 + 0.1 * time + 0.02 * latitude + 0.01 * longitude


def grid(latitudes, longitudes, hours=(0, 6, 12)):
    t, y, x = np.meshgrid(hours, latitudes, longitudes, indexing="ij")
    coords = {
        "valid_time": START + np.asarray(hours) * HOUR,
        "latitude": np.asarray(latitudes, float),
        "longitude": np.asarray(longitudes, float),
    }
    return xr.DataArray(plane(t, y, x), coords, tuple(coords), name="si10")


def test_grid_is_linear_in_time_and_place():
    field = grid(np.arange(60, -61, -10), np.arange(0, 101, 10))
    ds = ship([1, 5, 11.5, 13], [55.5, -3.0, 0.0, 0.0], [3.0, 97.0, 50.0, 50.0])
    found = joined(field, ds)
    hours = np.array([1, 5, 11.5])
    place = ds["latitude"].to_numpy()[:3], ds["longitude"].to_numpy()[:3]
    np.testing.assert_allclose(found[:3], plane(hours, *place), rtol=1e-12)
    assert np.isnan(found[3])


def test_grid_around_the_world_and_its_edges():
    field = grid(np.arange(-60, 61, 30), np.arange(0, 360, 10))
    west = joined(field, ship([0], 0.0, -20.0))
    np.testing.assert_allclose(west, plane(0, 0, 340))
    # Between the last and the first meridian the world goes on.
    seam = joined(field, ship([0], 0.0, 355.0))
    np.testing.assert_allclose(seam, 0.5 * (plane(0, 0, 350) + plane(0, 0, 0)))
    part = grid(np.arange(-60, 61, 30), np.arange(-180, -99, 10))
    np.testing.assert_allclose(joined(part, ship([0], 0.0, 181.0)), plane(0, 0, -179))
    ds = ship([0, 0, 0], [0.0, 70.0, 0.0], [-150.0, -150.0, 20.0])
    assert np.isfinite(joined(part, ds)).tolist() == [True, False, False]


def test_single_point_with_place_dimensions():
    field = grid([0.0], [220.0])
    np.testing.assert_allclose(
        joined(field, ship([3])), plane(np.array([3]), 0.0, 220.0)
    )


def test_eastward_and_northward_wind():
    speed = grid(np.arange(-60, 61, 30), np.arange(0, 360, 10))
    ds = xr.Dataset({"u10": 0.6 * speed, "v10": -0.8 * speed, "t2m": speed + 280})
    found = joined(ds, ship([0], 10.0, 15.0))
    np.testing.assert_allclose(found, plane(0, 10.0, 15.0), rtol=1e-12)


def test_netcdf_file(tmp_path):
    field = grid(np.arange(-60, 61, 30), np.arange(0, 360, 10))
    field.attrs |= {"units": "m s-1", "standard_name": "wind_speed"}
    xr.Dataset({"ten_metre": field, "other": (field + 1).drop_attrs()}).to_netcdf(
        tmp_path / "w.nc"
    )
    found = join(WIND, tmp_path / "w.nc", ship([0]), Join())
    np.testing.assert_allclose(found.values, plane(0, 0, 0))
    assert found.source == "w.nc, linear in time, samples up to 6 h away"


def test_csv_file_with_moments(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(
        "# buoy\ntime, wind_speed [knots], wind_speed_squared\n"
        "2010-06-01T00:00:00Z, 10, 30\n2010-06-01T06:00:00Z, 20, 60\n"
    )
    found = join(WIND, str(path), ship([3]), Join())
    np.testing.assert_allclose(found.values, [15 * 1852 / 3600])
    np.testing.assert_allclose(found.more["wind_speed_squared"], [45.0])


def test_codes_of_missing_values_are_not_mixed_with_winds(tmp_path):
    wind = series([0, 2, 4, 6], [4.0, -999.0, 1e35, 10.0])
    np.testing.assert_allclose(joined(wind, ship([1, 2, 4, 5.99])), [5, 6, 8, 9.99])
    nearest = joined(wind, ship([2.5]), method="nearest")
    np.testing.assert_allclose(nearest, [4.0])
    field = grid([-10.0, 0.0, 10.0], [0.0, 10.0])
    field[1, 1, 1] = -999.0
    found = joined(field, ship([5.9, 5.9, 6.0], [5.0, 5.0, -10.0], [9.0, 0.0, 10.0]))
    assert np.isnan(found).tolist() == [True, False, False]


def test_daily_wind_of_a_mooring(test_data):
    path = test_data / "met_tao_daily/met0n140w_dy.cdf"
    hours = (np.datetime64("2004-05-23T06:19") - START) / HOUR + 3.0 * np.arange(898)
    ds = ship(hours)
    found = join(WIND, path, ds, Join(limit_hours=24.0))
    assert 0.1 <= np.nanmin(found.values) < np.nanmax(found.values) <= 11.0
    assert np.isfinite(found.values).mean() > 0.95
    assert "met0n140w_dy.cdf" in found.source
    with xr.open_dataset(path) as file:
        own = file["WS_401"].to_numpy().ravel()
        day = np.flatnonzero(file["time"] == np.datetime64("2004-07-01T12:00"))[0]
    noon = ds.isel(time=[0]).assign_coords(
        time=np.array(["2004-07-01T12:00"], "M8[ns]")
    )
    exact = join(WIND, path, noon, Join(limit_hours=24.0))
    assert exact.values[0] == pytest.approx(own[day], rel=1e-6)  # noqa: PD011


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,wind_speed\n2010,3\n", "no column 'time'"),
        ("time,wind_speed\n2010-06-01,fast\n", "fast"),
        ("time,wind_speed\nyesterday,3\n", "yesterday"),
        ("", "neither netCDF nor CSV"),
        (
            "time,gust,lull\n2010-06-01,3,1\n",
            "no variable is recognised as wind_speed.*gust, lull",
        ),
    ],
)
def test_csv_that_cannot_be_used(tmp_path, text, words):
    path = tmp_path / "w.csv"
    path.write_text(text)
    with pytest.raises((ReadError, ProcessingError), match=words):
        joined(path, ship([0]))


def test_binary_rubbish_and_files_that_are_not_there(tmp_path):
    path = tmp_path / "w.nc"
    path.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(ReadError, match=r"w\.nc"):
        joined(path, ship([0]))
    with pytest.raises(ReadError, match="no such file"):
        joined(tmp_path / "x.nc", ship([0]))


def test_forcing_that_does_not_fit():
    with pytest.raises(ProcessingError, match="2010-06-01T00:00 to 2010-06-01T06:00"):
        joined(series([0, 6], [1.0, 2.0]), ship([500, 501]))
    with pytest.raises(ProcessingError, match="has no time dimension"):
        joined(xr.DataArray([1.0, 2.0], dims="x"), ship([0, 1]))
    odd = grid([0.0, 1.0], [0.0, 1.0]).rename(latitude="row")
    with pytest.raises(ProcessingError, match="time, latitude and longitude"):
        joined(odd, ship([0]))
    with pytest.raises(
        OptionError, match=r"wind must be between 0 and \d+ m s-1, not 400"
    ):
        joined(xr.DataArray(400.0), ship([0]))
    moments = xr.Dataset(
        {
            "wind_speed": series([0], [3.0]),
            "wind_speed_squared": series([0], [3.0], units="knots"),
        }
    )
    with pytest.raises(UnitsError, match="m2 s-2"):
        joined(moments, ship([0]))
