"""Why forcing has no value, values of another unit, and versions of ERA5."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import (
    DataWarning,
    OceanCO2Error,
    OptionError,
    ProcessingError,
)
from oceanco2.fluxes.coverage import NotCoveredError, check_possible
from oceanco2.fluxes.forcing import AIR, ICE, PRESSURE, WIND, Join, join
from tests.fluxes.test_forcing_grids import series, ship, times
from tests.fluxes.test_inputs import INTERP, dataset, fugacity, gathered

NAN = np.nan


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (ICE, [50.0] * 4, "values 50 cannot be a fraction (0 to 1): percent?"),
        (
            ICE,
            [0.0, 0.0, 12.0, 99.0, NAN],
            "values 12 to 99 cannot be a fraction (0 to 1): percent?",
        ),
        (ICE, [0.5, *[30.0] * 20], "values 30 cannot be a fraction (0 to 1): percent?"),
        (ICE, [10.0], "values 10 cannot be a fraction (0 to 1): percent?"),
        (
            PRESSURE,
            [101300.0, 99000.0],
            "values 99000 to 101300 cannot be a pressure in hPa (500 to 1300): Pa?",
        ),
        (
            PRESSURE,
            [101.3],
            "values 101.3 cannot be a pressure in hPa (500 to 1300): kPa?",
        ),
        (
            PRESSURE,
            [1.01],
            "values 1.01 cannot be a pressure in hPa (500 to 1300): atm?",
        ),
        (
            WIND,
            [700.0, 1200.0],
            "values 700 to 1200 cannot be a wind speed in m s-1 (0 to 100): cm s-1?",
        ),
        (
            AIR,
            [4.1e-4],
            "values 0.00041 cannot be a mole fraction in umol mol-1 (50 to 50000):"
            " mol mol-1?",
        ),
        (
            AIR,
            [410000.0],
            "values 410000 cannot be a mole fraction in umol mol-1 (50 to 50000):"
            " nmol mol-1?",
        ),
    ],
)
def test_values_of_another_unit(kind, values, message):
    with pytest.raises(ProcessingError) as caught:
        check_possible(kind, np.array(values), "x.nc")
    assert str(caught.value) == f"{kind.option} from x.nc: {message}"


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (ICE, [0.0, 1.0, 0.5]),
        (ICE, [0.0, 2.54, 2.53, 2.54]),  # codes of land and coast
        (ICE, [9.9]),
        (ICE, [0.5, *[30.0] * 19]),  # more than a code of missing values
        (ICE, [NAN, NAN]),
        (ICE, []),
        (ICE, [-999.0, 9999.0, 1e20]),
        (ICE, [50.0, 9999.0]),  # half of them are possible in percent
        (PRESSURE, [1013.0, 101300.0]),
        (PRESSURE, [-999.0]),
        (WIND, [8.0] * 20 + [999.0]),
        (WIND, [0.0, 0.0]),
    ],
)
def test_values_of_this_unit_and_codes(kind, values):
    check_possible(kind, np.array(values), "x.nc")


def grid(values, hours=(0.0, 6.0), name="w"):
    coords = {"time": times(hours), "lat": [50.0, 60.0], "lon": [0.0, 10.0]}
    shape = (len(hours), 2, 2)
    data = np.broadcast_to(np.asarray(values, float), shape).copy()
    return xr.DataArray(data, coords, name=name)


def here(hours=(3.0,), latitude=55.0, longitude=5.0):
    size = len(hours)
    return ship(hours, latitude=[latitude] * size, longitude=[longitude] * size)


START = r"^ice from given has no value for any row \(linear in time, .* away\): "


@pytest.mark.parametrize(
    ("field", "ds", "message"),
    [
        (
            grid(0.5),
            here([500.0]),
            "it covers 2010-06-01T00:00 to 2010-06-01T06:00, .*",
        ),
        (
            grid(0.5),
            here(latitude=30.0),
            "it covers latitudes 50 to 60, the dataset 30 to 30",
        ),
        (
            grid(0.5),
            here(longitude=-20.0),
            "it covers longitudes 0 to 10, the dataset 340 to 340",
        ),
        (grid(0.5), here(latitude=NAN), "the dataset has no latitude"),
        (grid(0.5), here(longitude=NAN), "the dataset has no longitude"),
        (grid(NAN), here(), r"all its values are missing \(NaN\)"),
        (
            grid(-5.0),
            here(),
            r"values -5 cannot be a fraction \(0 to 1\)",
        ),
        (
            grid([[[0.5, NAN], [NAN, NAN]]]),
            here(),
            "its values there are missing; it covers 2010-06-01T00:00 to .*",
        ),
        (
            series([0, 100], [0.5, 0.5]),
            ship([50]),
            "its values there are missing; it covers 2010-06-01T00:00 to 2010-06-05.*",
        ),
        (series([], []), ship([0]), "it covers no time, the dataset 2010-06-01.*"),
    ],
)
def test_why_no_row_has_a_value(field, ds, message):
    with pytest.raises(NotCoveredError, match=f"{START}{message}$"):
        join(ICE, field, ds, Join())


def test_limits_are_said_with_their_units():
    message = r"values -999 to -998 cannot be a pressure in hPa \(500 to 1300 hPa\)$"
    with pytest.raises(NotCoveredError, match=message):
        join(PRESSURE, series([0, 6], [-999.0, -998.0]), ship([3]), Join())


def test_another_unit_is_named_in_every_form_of_forcing():
    for option in (
        grid(50.0),
        series([0, 6], [50.0, 40.0]),
        np.array([50.0]),
        [50.0],
        grid([[[0.0, 0.0], [0.0, 50.0]]]),
    ):
        with pytest.raises(ProcessingError, match="percent"):
            join(ICE, option, here(), Join())
    stated = series([0, 6], [50.0, 40.0]).assign_attrs(units="%")
    assert join(ICE, stated, ship([3]), Join()).values.tolist() == [0.45]
    far = grid(0.5, hours=(0.0, 6.0, 500.0))
    far[2] = 50.0  # nowhere near the rows
    assert join(ICE, far, here(), Join()).values.tolist() == [0.5]


@pytest.mark.parametrize(
    "numbers", [[1, 5], [5, 1], ["0001", "0005"], ["0005", "0001"]]
)
@pytest.mark.parametrize("along", ["grid", "time"])
def test_final_and_preliminary_values_are_merged(numbers, along):
    """The final value counts where both are given."""
    final, preliminary = [2.0, NAN], [9.0, 4.0]
    columns = {1: final, 5: preliminary}
    parts = []
    for number in numbers:
        part = columns[int(number)]
        field = grid(np.array(part).reshape(2, 1, 1)) if along == "grid" else None
        parts.append(series([0, 6], part) if field is None else field)
    whole = xr.concat(parts, xr.DataArray(numbers, dims="expver", name="expver"))
    found = join(WIND, whole, here([0.0, 3.0, 6.0]), Join())
    assert found.values.tolist() == [2.0, 3.0, 4.0]


def test_other_dimensions_are_named():
    members = grid(3.0).expand_dims(number=[0, 1])
    message = "along number, time, lat, lon; it must be along time, or time, latitude"
    with pytest.raises(ProcessingError, match=message):
        join(WIND, members.rename("w"), here(), Join())


def test_air_that_no_atmosphere_has():
    message = r"^xco2_air from the option: values 0.0004 cannot be .*: mol mol-1\?$"
    with pytest.raises(OptionError, match=message):
        join(AIR, 0.0004, here(), Join())
    assert join(AIR, 49.0, here(), Join()).values.tolist() == [49.0]


def test_times_that_come_twice():
    twice = xr.concat([grid(3.0), grid(3.0)], "time")
    assert join(WIND, twice, here([0.0, 3.0, 6.0]), Join()).values.tolist() == [3.0] * 3


def test_an_air_file_of_another_time():
    """The air of the ship is used, and the rest is said."""
    late = xr.DataArray(
        [[390.0, 400.0], [390.0, 400.0]],
        coords={
            "time": np.array(["2011-05-01", "2011-07-01"], "datetime64[ns]"),
            "sin_latitude": [-1.0, 1.0],
        },
        dims=("time", "sin_latitude"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NotCoveredError, match=r"no row is within$"):
            gathered(dataset(), xco2_air=late)
        with pytest.raises(NotCoveredError, match=r"no row is within$"):
            gathered(dataset(**{INTERP: [NAN] * 4}), xco2_air=late)
    own = dataset(**{INTERP: [400.0, 401.0, NAN, 402.0]})
    message = "covers 2011-05-01 to 2011-07-01: no row is within; air measured on"
    message += " board is used, 1 rows have none$"
    with pytest.warns(DataWarning, match=message):
        found = gathered(own, xco2_air=late)
    assert found.air_source.tolist() == [1, 1, 0, 1]
    np.testing.assert_array_equal(found.columns["air"], [400.0, 401.0, NAN, 402.0])
    assert found.descriptions["air"] == "measured on board"
    along = series([5000, 5006], [400.0, 400.0])
    with pytest.warns(DataWarning, match="air measured on board is used"):
        gathered(own, xco2_air=along)
    near = gathered(own, xco2_air=400.0)
    assert near.columns["air"][2] == pytest.approx(fugacity(400.0))


def test_a_height_that_nobody_gave_is_said_to_be_assumed():
    own = dataset(**{INTERP: 400.0})
    texts = {
        (None, None): "the ship's own; height 10 m, assumed",
        (None, 10.0): "the ship's own; height 10 m",
        (8.0, None): "8 everywhere; height 10 m",
    }
    for (wind, height), text in texts.items():
        found = gathered(own, wind=wind, wind_height=height)
        assert found.descriptions["wind"] == text
        assert found.columns["wind"].tolist() == [wind or 7.0] * 4
    assert gathered(own, wind_height=20).columns["wind"][0] < 6.9


def test_damaged_files_of_wind_give_one_line(tmp_path):
    """Whatever a library says about a damaged file, in one line that names it."""
    path = tmp_path / "w.nc"
    series(range(40), range(40), "wind_speed").to_netcdf(path, engine="netcdf4")
    content = path.read_bytes()
    generator = np.random.default_rng(2)
    refused = 0
    for _ in range(40):
        damaged = bytearray(content)
        for place in generator.integers(0, len(content), 60):
            damaged[place] = generator.integers(0, 256)
        path.write_bytes(damaged)
        try:
            join(WIND, path, ship([3]), Join())
        except OceanCO2Error:
            refused += 1
    assert refused > 10


def test_times_that_no_clock_can_count(tmp_path):
    path = tmp_path / "w.nc"
    field = xr.Dataset({"wind_speed": ("time", [1.0, 2.0])}, {"time": [0.0, 1e300]})
    field["time"].attrs["units"] = "days since 1970-01-01"
    field.to_netcdf(path, engine="netcdf4")
    with pytest.raises(OceanCO2Error, match=r"w\.nc: cannot be read as netCDF: "):
        join(WIND, path, ship([3]), Join())
