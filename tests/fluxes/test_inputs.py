"""Inputs of a flux: where each comes from, what is left out, and what it says."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics
from oceanco2.errors import ProcessingError, UnitsError
from oceanco2.fluxes import inputs as module
from oceanco2.fluxes.forcing import Join
from oceanco2.fluxes.inputs import by_blocks, gather, required_variable
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE

NAN = np.nan
START = np.datetime64("2010-06-01", "ns")
VALUES = {
    "fCO2_water_SST_wet": 380.0,
    "SST": 20.0,
    "salinity": 35.0,
    "wind_speed": 7.0,
    "P_atm": 1013.25,
    "latitude": -30.0,
}
OPTIONS = {
    "wind": None,
    "wind_height": 10.0,
    "wind_profile": "log_sutton_2017",
    "xco2_air": None,
    "pressure": None,
    "ice": None,
    "joining": Join(),
}
INTERP, ACTUAL = "fCO2_atm_wet_interp", "fCO2_atm_wet_actual"


def dataset(n=4, **columns):
    values = {k: v for k, v in (VALUES | columns).items() if v is not None}
    data = {
        k: ("time", np.array(np.broadcast_to(np.asarray(v, dtype=float), (n,))))
        for k, v in values.items()
    }
    return xr.Dataset(data, {"time": START + np.arange(n) * np.timedelta64(1, "h")})


def gathered(ds, **options):
    return gather(ds, **(OPTIONS | options))


def fugacity(x, pressure=1013.25):
    return physics.fco2_from_xco2(x, 20.0, 35.0, pressure)


def test_codes_and_names():
    assert module.AIR_SOURCES == {
        "none": 0,
        "measured_interp": 1,
        "measured_actual": 2,
        "given": 3,
    }
    assert module.KINDS == ("interp", "actual")
    assert module.WATER == "fCO2_water_SST_wet"


# ---- what the dataset must have -----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("fCO2_water_SST_wet", "process raw files first, or reduce"),
        ("SST", "name its column in the platform file"),
        ("salinity", "a constant in the platform file is enough: value = 35.0"),
        (
            "wind_speed",
            "give wind=: a number in m s-1, a DataArray, or a netCDF or CSV file"
            " (on the command line --wind)",
        ),
    ],
)
def test_what_is_missing_and_how_to_give_it(name, hint):
    for value, state in ((None, "is missing"), (-999.0, "has no values")):
        ds = dataset(**{INTERP: 390.0, name: value})
        with pytest.raises(ProcessingError) as caught:
            gathered(ds)
        assert str(caught.value) == f"a flux needs {name}, which {state}: {hint}"


def test_a_pressure_has_no_option_on_the_command_line():
    for value, state in ((None, "is missing"), (-999.0, "has no values")):
        with pytest.raises(ProcessingError) as caught:
            gathered(dataset(P_atm=value), xco2_air=400.0)
        assert str(caught.value) == (
            f"a flux needs P_atm, which {state}: give pressure=: a number in hPa, a"
            " DataArray, or a netCDF or CSV file"
        )


def test_impossible_values_are_left_out():
    ds = dataset(2, SST=[20.0, 99.0])
    found = required_variable(ds, "SST", "x")
    np.testing.assert_array_equal(found, [20.0, NAN])
    ds = dataset(2, wind_speed=[7.0, -1.0], **{INTERP: [-5.0, 390.0]})
    found = gathered(ds).columns
    np.testing.assert_array_equal(found["wind"], [7.0, NAN])
    np.testing.assert_array_equal(found["air"], [NAN, 390.0])
    ds = dataset(2, sea_ice_area_fraction=[0.5, 1.5], **{INTERP: 390.0})
    np.testing.assert_array_equal(gathered(ds).columns["ice"], [0.5, NAN])


def test_variables_that_state_other_units_are_converted():
    stated = {
        "SST": (293.15, "K"),
        "salinity": (35.0, "psu"),
        "wind_speed": (25.2, "km/h"),
        "P_atm": (101325.0, "Pa"),
        "fCO2_water_SST_wet": (38.5035, "Pa"),
        INTERP: (39.51675, "Pa"),
    }
    ds = dataset(**{name: value for name, (value, _) in stated.items()})
    expected = gathered(dataset(**{INTERP: 390.0})).columns
    for name, (_, units) in stated.items():
        ds[name].attrs["units"] = units
    found = gathered(ds).columns
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=1e-12, err_msg=name)
    np.testing.assert_allclose(module.possible_values(ds, "P_atm"), 1013.25)
    ds["SST"].attrs["units"] = "hPa"
    with pytest.raises(UnitsError, match=r"^SST: units .* 'degree_Celsius'.*not 'hPa'"):
        gathered(ds)


# ---- wind and ice -------------------------------------------------------------------


def test_wind_of_the_ship():
    found = gathered(dataset(**{INTERP: 390.0}))
    assert found.descriptions["wind"] == "the ship's own; height 10 m"
    assert found.columns["wind"].tolist() == [7.0] * 4
    assert found.moments == {}
    assert found.descriptions["ice"] == "none"
    assert found.columns["ice"].tolist() == [0.0] * 4


def test_wind_and_its_powers_are_brought_to_10_m():
    ds = dataset(**{INTERP: 390.0})
    height = 18.5
    profile = next(n for n in physics.WIND_HEIGHTS if n != "log_sutton_2017")
    factor = physics.wind_at_10m(1.0, height, profile)
    assert factor != physics.wind_at_10m(1.0, height)
    wind = xr.Dataset(
        {
            "wind_speed": ("time", [6.0] * 4),
            "wind_speed_squared": ("time", [40.0] * 4),
            "wind_speed_cubed": ("time", [300.0] * 4),
        },
        {"time": ds["time"]},
    )
    found = gathered(ds, wind=wind, wind_height=height, wind_profile=profile)
    np.testing.assert_allclose(found.columns["wind"], 6.0 * factor)
    np.testing.assert_allclose(found.moments["wind_speed_squared"], 40 * factor**2)
    np.testing.assert_allclose(found.moments["wind_speed_cubed"], 300 * factor**3)
    assert list(found.moments) == ["wind_speed_squared", "wind_speed_cubed"]
    assert found.descriptions["wind"].endswith("; height 18.5 m")


def test_quality_of_what_is_given_is_not_that_of_the_ship():
    flags = {
        f"{name}_flag": ("time", np.array([GOOD, BAD, GOOD, GOOD], "int8"))
        for name in (*VALUES, "sea_ice_area_fraction")
    }
    ds = dataset(sea_ice_area_fraction=0.25, **{INTERP: 390.0}).assign(flags)
    found = gathered(ds)
    assert set(found.parts) == {"SST", "salinity", "water", "air", "wind", "ice"}
    for name in ("SST", "salinity", "water", "wind", "ice"):
        assert found.parts[name].flag.tolist() == [GOOD, BAD, GOOD, GOOD]
    assert found.columns["ice"].tolist() == [0.25] * 4
    assert found.descriptions["ice"] == "on the dataset"
    found = gathered(ds, wind=6.0, ice=0.5)
    assert set(found.parts) == {"SST", "salinity", "water", "air"}
    assert found.columns["wind"].tolist() == [6.0] * 4
    assert found.columns["ice"].tolist() == [0.5] * 4
    bare = gathered(dataset(**{INTERP: 390.0}))
    assert bare.parts["wind"] is bare.parts["ice"] is bare.parts["SST"] is None


# ---- air ----------------------------------------------------------------------------


def test_interpolated_air_comes_before_measured():
    ds = dataset(**{INTERP: [390.0, NAN, NAN, 391.0], ACTUAL: [380, 381, NAN, 382]})
    found = gathered(ds)
    np.testing.assert_array_equal(found.columns["air"], [390.0, 381.0, NAN, 391.0])
    assert found.air_source.tolist() == [1, 2, 0, 1]
    assert found.air_source.dtype == np.int8
    assert found.descriptions["air"] == "measured on board"
    assert "pressure" not in found.descriptions
    assert found.parts["air"].flag.tolist() == [0, 0, MISSING, 0]


def test_bad_air_is_replaced_only_if_other_air_is_given():
    flags = np.array([GOOD, QUESTIONABLE, BAD, MISSING], "int8")
    ds = dataset(**{INTERP: [390.0, 391.0, 392.0, NAN]})
    ds = ds.assign({f"{INTERP}_flag": ("time", flags)})
    found = gathered(ds)
    assert found.air_source.tolist() == [1, 1, 1, 0]
    assert found.parts["air"].flag.tolist() == [GOOD, QUESTIONABLE, BAD, MISSING]
    found = gathered(ds, xco2_air=410.0)
    assert found.air_source.tolist() == [1, 1, 3, 3]
    given = fugacity(410.0)
    np.testing.assert_allclose(found.columns["air"], [390.0, 391.0, given, given])
    assert found.parts["air"].flag.tolist() == [GOOD, QUESTIONABLE, 0, 0]
    assert found.descriptions["air"].startswith("measured on board, else xCO2 from ")
    assert found.descriptions["pressure"] == "P_atm"


def test_air_that_is_given_alone():
    found = gathered(dataset(), xco2_air=410.0, pressure=1000.0)
    np.testing.assert_allclose(found.columns["air"], fugacity(410.0, 1000.0))
    assert found.air_source.tolist() == [3] * 4
    assert found.descriptions["air"].startswith("xCO2 from ")
    assert found.descriptions["pressure"] != "P_atm"
    ds = dataset(2, P_atm=[1013.25, 20.0])
    found = gathered(ds, xco2_air=410.0)
    assert np.isnan(found.columns["air"]).tolist() == [False, True]
    assert found.air_source.tolist() == [3, 0]


def test_dry_air_of_the_ship_with_a_pressure():
    names = ("xCO2_atm_dry_interp", "xCO2_atm_dry_actual")
    both = {names[0]: [400.0, NAN, NAN, -1.0], names[1]: 410.0}
    found = gathered(dataset(**both))
    air = fugacity(400.0)
    np.testing.assert_allclose(found.columns["air"], [air, NAN, NAN, NAN])
    assert found.air_source.tolist() == [1, 0, 0, 0]
    assert found.air_source.dtype == np.int8
    assert found.descriptions["air"] == "xCO2_atm_dry_interp measured on board"
    assert found.descriptions["pressure"] == "P_atm"
    flag = np.array([GOOD, GOOD, BAD, GOOD], "int8")
    ds = dataset(**(both | {names[0]: None}))
    ds = ds.assign({f"{names[1]}_flag": ("time", flag)})
    found = gathered(ds, pressure=1000.0)
    np.testing.assert_allclose(found.columns["air"], fugacity(410.0, 1000.0))
    assert found.air_source.tolist() == [2] * 4
    assert found.descriptions["air"] == "xCO2_atm_dry_actual measured on board"
    assert found.parts["air"].flag.tolist() == flag.tolist()
    empty = both | {names[0]: NAN}
    assert gathered(dataset(**empty)).air_source.tolist() == [2] * 4
    with pytest.raises(ProcessingError, match="needs CO2 in the air, which was not"):
        gathered(dataset())


# ---- air by latitude ----------------------------------------------------------------


def by_latitude(**attrs):
    times = np.array(["2010-05-01", "2010-07-01"], "datetime64[ns]")
    return xr.DataArray(
        [[390.0, 400.0], [390.0, 400.0]],
        coords={"time": times, "sin_latitude": [-1.0, 1.0]},
        dims=("time", "sin_latitude"),
        attrs=attrs,
    )


def test_air_by_the_sine_of_latitude():
    """At 30 S the sine is -0.5: a quarter of the way from pole to pole."""
    for attrs, name in (
        ({}, "a field by latitude"),
        ({"source_file": "a.txt"}, "a.txt"),
    ):
        found = gathered(dataset(), xco2_air=by_latitude(**attrs))
        np.testing.assert_allclose(found.columns["air"], fugacity(392.5), rtol=1e-12)
        text = f"xCO2 from {name}, linear in time and sine of latitude"
        assert found.descriptions["air"] == text


def test_air_by_latitude_that_does_not_fit():
    with pytest.raises(ProcessingError, match="air by latitude needs latitude"):
        gathered(dataset(latitude=None), xco2_air=by_latitude())
    late = by_latitude(source_file="a.txt")
    late["time"] = late["time"] + np.timedelta64(366, "D")
    with pytest.raises(ProcessingError) as caught:
        gathered(dataset(), xco2_air=late)
    assert str(caught.value) == (
        "xco2_air from a.txt covers 2011-05-02 to 2011-07-02: no row is within"
    )


def test_files_of_air_by_latitude_are_known_by_their_content(tmp_path):
    path = tmp_path / "air.txt"
    assert not module._is_air_by_latitude(path)
    path.write_text("time,CO2\n2010-06-01,400\n")
    assert not module._is_air_by_latitude(path)
    path.write_text("# x\n" * 10 + "# Sine of latitude steps: -1 1\n")
    assert module._is_air_by_latitude(path)
    path.write_text("#" * 20_000 + "Sine of latitude steps: -1 1\n")
    assert not module._is_air_by_latitude(path)
    for name, dims, wanted in (
        ("CO2", ("TDAY", "LAT"), True),
        ("CO2", ("TDAY",), False),
        ("CO2", ("TDAY", "LAT", "LON"), False),
        ("co2", ("TDAY", "LAT"), False),
    ):
        file = tmp_path / f"{name}{len(dims)}.nc"
        xr.Dataset({name: (dims, np.ones([2] * len(dims)))}).to_netcdf(file)
        assert module._is_air_by_latitude(file) is wanted
        assert module._is_air_by_latitude(tmp_path) is False


def test_a_file_by_latitude_is_read_as_such(tmp_path):
    days = np.array(["2010-05-01", "2010-07-01"], "datetime64[ns]")
    ds = xr.Dataset(
        {"CO2": (("TDAY", "LAT"), [[390.0, 400.0], [390.0, 400.0]])},
        {"TDAY": days, "LAT": [-90.0, 90.0]},
    )
    ds.to_netcdf(tmp_path / "air.nc")
    for path in (tmp_path / "air.nc", str(tmp_path / "air.nc")):
        found = gathered(dataset(), xco2_air=path)
        np.testing.assert_allclose(found.columns["air"], fugacity(392.5), rtol=1e-12)
        assert found.descriptions["air"].startswith("xCO2 from air.nc, linear in")


# ---- blocks -------------------------------------------------------------------------


@pytest.mark.parametrize("block", [1, 2, 3, 4, 5, 100])
def test_blocks_of_rows(monkeypatch, block):
    monkeypatch.setattr(module, "BLOCK", block)
    sizes = []

    def formula(a, b, *, scale, word):
        assert word == "x"
        assert a.size == b.size == scale.size
        sizes.append(a.size)
        return a * scale - b

    a, b, scale = np.arange(5.0), np.arange(5.0)[::-1], np.arange(5.0) + 10.0
    found = by_blocks(formula, a, b, scale=scale, word="x")
    np.testing.assert_array_equal(found, a * scale - b)
    assert sum(sizes) == 5
    assert max(sizes) == min(block, 5)
    assert found.dtype == np.float64
