"""Fluxes on a dataset: values, sign, flags, tests, uncertainty, what is missing."""

import numpy as np
import pytest
import xarray as xr

import oceanco2.fluxes.inputs
from oceanco2 import physics
from oceanco2.bits import TEST_BITS
from oceanco2.errors import (
    FormulaError,
    OptionError,
    ProcessingError,
    RangeWarning,
    UnknownNameError,
    UnverifiedError,
)
from oceanco2.export import open_dataset, write
from oceanco2.fluxes import flux
from oceanco2.fluxes.uncertainty import DEFAULTS
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, attrs_of
from tests.datasets import canonical_dataset, set_flag

START = np.datetime64("2010-06-01T00:00", "ns")
HOUR = np.timedelta64(1, "h")


def rows(n=1, **columns):
    """A dataset of given columns, nothing flagged."""
    values = {
        "fCO2_water_SST_wet": 380.0,
        "fCO2_atm_wet_interp": 400.0,
        "wind_speed": 7.0,
        "SST": 20.0,
        "salinity": 35.0,
        "P_atm": 1013.25,
    }
    values |= columns
    data = {
        k: ("time", np.broadcast_to(np.asarray(v, float), (n,)).copy(), attrs_of(k))
        for k, v in values.items()
        if v is not None
    }
    place = {"latitude": ("time", np.full(n, -30.0))}
    place["longitude"] = ("time", np.full(n, 10.0))
    return xr.Dataset(data, {"time": START + np.arange(n) * HOUR, **place})


def value(ds, name="flux_CO2"):
    return ds[name].to_numpy()


# ---- values and sign ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, -1.94858907845),
        (
            {
                "fCO2_water_SST_wet": 350.0,
                "fCO2_atm_wet_interp": 410.0,
                "wind_speed": 10.0,
                "SST": 5.0,
                "salinity": 34.0,
                "sea_ice_area_fraction": 0.2,
            },
            -10.1852741736,
        ),
        (
            {
                "fCO2_water_SST_wet": 425.0,
                "wind_speed": 6.0,
                "salinity": 33.0,
            },
            0.65929039471 / 0.365,
        ),
        ({"fCO2_water_SST_wet": 400.0}, 0.0),
    ],
)
def test_check_values(columns, expected):
    assert value(flux(rows(**columns)))[0] == pytest.approx(expected, rel=1e-10)


def test_every_factor_is_on_the_dataset():
    ds = canonical_dataset(260)
    out = flux(ds, "N00", ice=0.25)
    k, k0 = value(out, "transfer_velocity"), value(out, "solubility")
    gradient = value(out, "fCO2_water_SST_wet") - value(out, "fCO2_atm_wet_flux")
    product = 2.4e-4 * k * k0 * gradient * 0.75
    np.testing.assert_allclose(value(out), product, rtol=1e-12)
    np.testing.assert_array_equal(value(out, "wind_speed_10m"), value(ds, "wind_speed"))
    for name in ("flux_CO2", "transfer_velocity", "solubility", "wind_speed_10m"):
        assert out[name].attrs["units"] == attrs_of(name)["units"]
        assert out[f"{name}_flag"].dtype == np.int8
        assert out[f"{name}_tests"].dtype == np.int64
        assert f"{name}_flag" in out[name].attrs["ancillary_variables"]


def test_positive_is_out_of_the_ocean():
    out = flux(canonical_dataset(2600))
    there = np.isfinite(value(out))
    assert there.sum() == 2000
    gradient = (value(out, "fCO2_water_SST_wet") - value(out, "fCO2_atm_wet_interp"))[
        there
    ]
    assert (np.sign(value(out)[there]) == np.sign(gradient)).all()
    assert value(out)[there].mean() < 0  # 366 against 390 uatm: uptake
    assert "positive: out of the ocean" in out["flux_CO2"].attrs["comment"]


def test_nothing_that_was_there_is_changed():
    ds = canonical_dataset(130)
    before = ds.copy(deep=True)
    out = flux(ds)
    xr.testing.assert_identical(ds, before)
    xr.testing.assert_identical(
        out[list(before.data_vars)].drop_attrs(), before.drop_attrs()
    )
    assert "flux of CO2, wanninkhof_2014, bulk" in out.attrs["history"]


def test_rapid_is_the_formula_with_air_at_the_skin():
    ds = rows(
        3, fCO2_atm_wet_interp=None, SST=[5.0, 20.0, 29.0], wind_speed=[3.0, 7.0, 14.0]
    )
    out = flux(ds, xco2_air=410.0, scheme="rapid")
    columns = ("fCO2_water_SST_wet", "wind_speed", "SST", "salinity", "P_atm")
    water, wind, sst, salt, bar = (value(ds, name) for name in columns)
    expected = physics.flux_from_xco2(
        water, 410.0, wind, sst, salt, bar, scheme="rapid"
    )
    np.testing.assert_allclose(value(out), expected, rtol=1e-9)
    assert "Woolf" in out["flux_CO2"].attrs["references"]
    assert "donlon_2002" in out["flux_CO2"].attrs["skin"]


def test_rapid_without_a_skin_is_bulk():
    ds = canonical_dataset(130)
    skinless = flux(ds, scheme="rapid", cool_skin="none", salty_skin=0.0)
    np.testing.assert_allclose(value(skinless), value(flux(ds)), rtol=1e-9)
    given = flux(ds, scheme="rapid", cool_skin=-0.17)
    fixed = flux(ds, scheme="rapid", cool_skin="fixed")
    np.testing.assert_allclose(value(given), value(fixed), rtol=1e-12)


def test_metadata_say_how_the_wind_was_squared():
    ds = rows()
    assert "raised to the power" in flux(ds)["flux_CO2"].attrs["wind_moments"]
    assumed = flux(ds, moments="rayleigh")
    assert "Rayleigh" in assumed["flux_CO2"].attrs["wind_moments"]
    assert value(assumed)[0] == pytest.approx(value(flux(ds))[0] * 4 / np.pi)
    winds = xr.Dataset({"wind_speed": 7.0, "wind_speed_squared": 60.0})
    winds = winds.expand_dims(time=ds["time"].to_numpy())
    given = flux(ds, wind=winds)
    assert "given: wind_speed_squared" in given["flux_CO2"].attrs["wind_moments"]
    assert value(given)[0] == pytest.approx(value(flux(ds))[0] * 60 / 49)
    # A law that wants the mean wind does not take the mean of the squares.
    linear = {"coef": (0.0, 2.0), "sc_ref": 660}
    assert value(flux(ds, linear, wind=winds))[0] == value(flux(ds, linear))[0]


def test_names_and_sources_are_on_the_product():
    about = flux(rows(), "Ho06")["flux_CO2"].attrs
    assert about["method"] == "ho_2006"
    assert "10.1029/2006GL026817" in about["references"]
    assert "0.266 <U^2>" in about["formula"]
    assert about["schmidt_number"] == "wanninkhof_2014"
    assert about["solubility"] == "weiss_1974"


def test_wind_of_another_height():
    out = flux(rows(wind_speed=8.0), wind_height=20.0)
    assert value(out, "wind_speed_10m")[0] == pytest.approx(7.56520691997, rel=1e-10)
    hsu = flux(rows(wind_speed=8.0), wind_height=20.0, wind_profile="hsu_1994")
    assert value(hsu, "wind_speed_10m")[0] == pytest.approx(7.41270449512, rel=1e-10)


def test_rows_are_independent_of_the_blocks(monkeypatch):
    ds = canonical_dataset(300)
    whole = flux(ds, scheme="rapid", xco2_air=400.0)
    monkeypatch.setattr(oceanco2.fluxes.inputs, "BLOCK", 7)
    xr.testing.assert_equal(whole, flux(ds, scheme="rapid", xco2_air=400.0))


def test_file_opened_again_gives_the_same(tmp_path):
    ds = canonical_dataset(260)
    write(ds, tmp_path / "out.nc")
    again = flux(open_dataset(tmp_path / "out.nc"))
    direct = flux(ds)
    for name in ("flux_CO2", "flux_CO2_flag", "flux_CO2_uncertainty", "air_source"):
        np.testing.assert_array_equal(value(again, name), value(direct, name))
    write(again, tmp_path / "flux.nc")
    with xr.open_dataset(tmp_path / "flux.nc") as written:
        assert written["flux_CO2"].attrs["standard_name"].startswith("surface_upward")


# ---- air ----------------------------------------------------------------------------


def test_air_of_the_ship_first_then_what_was_given():
    ds = rows(
        4,
        fCO2_atm_wet_interp=[400.0, np.nan, np.nan, 300.0],
        fCO2_atm_wet_actual=[1.0, 401.0, np.nan, np.nan],
    )
    flag = np.array([2, 9, 9, 4], dtype="int8")
    ds["fCO2_atm_wet_interp_flag"] = ("time", flag)
    alone = flux(ds)
    assert value(alone, "air_source").tolist() == [1, 2, 0, 1]
    assert value(alone, "flux_CO2_flag").tolist() == [0 + GOOD, 0, MISSING, BAD]
    filled = flux(ds, xco2_air=410.0)
    assert value(filled, "air_source").tolist() == [1, 2, 3, 3]
    expected = physics.fco2_from_xco2(410.0, 20.0, 35.0, 1013.25)
    np.testing.assert_allclose(value(filled, "fCO2_atm_wet_flux")[2:], expected)
    assert "measured on board, else" in filled["flux_CO2"].attrs["air"]


def test_pressure_can_be_given():
    ds = rows(P_atm=None, fCO2_atm_wet_interp=None)
    with pytest.raises(ProcessingError, match=r"P_atm.*give pressure="):
        flux(ds, xco2_air=410.0)
    low = flux(ds, xco2_air=410.0, pressure=980.0)
    high = flux(ds, xco2_air=410.0, pressure=1040.0)
    assert value(low)[0] > value(high)[0]


def test_air_that_lacked_a_pressure():
    """A ship that measured xCO2 in air but no sea level pressure."""
    ds = rows(2, P_atm=None, fCO2_atm_wet_interp=None, xCO2_atm_dry_interp=410.0)
    ds["xCO2_atm_dry_interp_flag"] = ("time", np.array([2, 3], dtype="int8"))
    with pytest.raises(ProcessingError, match=r"P_atm.*give pressure="):
        flux(ds)
    out = flux(ds, pressure=1000.0)
    expected = physics.fco2_from_xco2(410.0, 20.0, 35.0, 1000.0)
    np.testing.assert_allclose(value(out, "fCO2_atm_wet_flux"), expected)
    assert value(out, "air_source").tolist() == [1, 1]
    assert value(out, "flux_CO2_flag").tolist() == [GOOD, QUESTIONABLE]


# ---- what is missing ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        ("wind_speed", "wind_speed.*give wind=.*--wind"),
        ("SST", "needs SST"),
        ("salinity", r"salinity.*value = 35\.0"),
        ("fCO2_water_SST_wet", "needs fCO2_water_SST_wet"),
        ("fCO2_atm_wet_interp", "CO2 in the air.*xco2_air=.*--xco2-air"),
    ],
)
def test_missing_forcing_says_how_to_give_it(gone, words):
    with pytest.raises(ProcessingError, match=words):
        flux(rows(**{gone: None}))
    with pytest.raises(ProcessingError, match=words):
        flux(rows(**{gone: np.nan}))


def test_fluxes_are_not_computed_twice():
    with pytest.raises(ProcessingError, match="already"):
        flux(flux(rows()))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"parametrisation": "W15"}, UnknownNameError, "Did you mean 'W"),
        ({"parametrisation": "ho_2011"}, UnverifiedError, "not available"),
        ({"parametrisation": "yang_2022_ustar"}, OptionError, "friction_velocity"),
        ({"scheme": "bulky"}, OptionError, "Did you mean 'bulk'"),
        ({"schmidt": "wanninkhof_2013"}, UnknownNameError, "wanninkhof_2014"),
        ({"solubility": "weiss_1975"}, UnknownNameError, "weiss_1974"),
        ({"cool_skin": "donlon_2003", "scheme": "rapid"}, UnknownNameError, "donlon"),
        ({"cool_skin": "fairall_1996", "scheme": "rapid"}, OptionError, "cool_skin="),
        ({"on_range": "shout"}, OptionError, "on_range"),
        ({"wind": -3.0}, OptionError, "wind must be between 0 and 100 m s-1, not -3"),
        ({"ice": 1.5}, OptionError, "ice must be between 0 and 1, not 1.5"),
        ({"xco2_air": -1.0}, OptionError, "xco2_air"),
        ({"join": "linaer"}, OptionError, "Did you mean 'linear'"),
        ({"limit_hours": 0.0}, OptionError, "limit_hours"),
        ({"uncertainties": {"SSST": 1.0}}, UnknownNameError, "Did you mean 'SST'"),
        ({"uncertainties": {"SST": -1.0}}, OptionError, "SST"),
        ({"wind": True}, OptionError, "wind"),
        ({"wind": [1.0, 2.0]}, OptionError, "shape"),
        ({"wind": {"speed": 3}}, OptionError, "dict"),
    ],
)
def test_options_that_cannot_be(options, error, words):
    with pytest.raises(error, match=words):
        flux(rows(), **options)


# ---- flags --------------------------------------------------------------------------


def test_flag_is_the_worst_of_the_inputs():
    ds = canonical_dataset(130)
    good = np.flatnonzero(value(ds, "fCO2_water_SST_wet_flag") == GOOD)
    ds = set_flag(ds, good[3], "SST", QUESTIONABLE, "spike")
    ds = set_flag(ds, good[7], "salinity", BAD, "range")
    ds = set_flag(ds, good[9], "fCO2_atm_wet_interp", QUESTIONABLE, "air_plausibility")
    out = flux(ds)
    flag, tests = value(out, "flux_CO2_flag"), value(out, "flux_CO2_tests")
    assert flag[good[[3, 7, 9]]].tolist() == [QUESTIONABLE, BAD, QUESTIONABLE]
    for row, test in zip(
        good[[3, 7, 9]], ("spike", "range", "air_plausibility"), strict=True
    ):
        assert tests[row] & TEST_BITS[test]
        assert tests[row] & TEST_BITS["input"]
        assert np.isfinite(value(out)[row])
    rest = np.setdiff1d(good, good[[3, 7, 9]])
    assert (flag[rest] == GOOD).all()
    assert (tests[rest] == 0).all()
    # Where there is no water there is no flux, and no other test than that.
    other = np.setdiff1d(np.arange(130), good)
    assert (flag[other] == MISSING).all()
    assert (tests[other] == TEST_BITS["missing"]).all()
    assert np.isnan(value(out)[other]).all()
    # The solubility does not care about the air.
    assert value(out, "solubility_flag")[good[9]] == GOOD
    assert value(out, "solubility_flag")[good[7]] == BAD


def test_impossible_inputs_give_no_flux():
    ds = set_flag(canonical_dataset(130), 4, "SST", BAD, "physical")
    ds["SST"].to_numpy()[4] = 500.0
    out = flux(ds)
    assert np.isnan(value(out)[4])
    assert value(out, "flux_CO2_flag")[4] == BAD
    assert value(out, "flux_CO2_tests")[4] & TEST_BITS["physical"]
    assert value(out, "SST")[4] == 500.0


def test_without_flags_nothing_is_evaluated():
    out = flux(rows(2, wind_speed=[7.0, np.nan]))
    assert value(out, "flux_CO2_flag").tolist() == [0, MISSING]


def test_wind_outside_the_published_range():
    ds = rows(5, wind_speed=[2.0, 3.0, 15.0, 16.0, 21.0])
    out = flux(ds)
    fired = (value(out, "flux_CO2_tests") & TEST_BITS["outside_formula"]) > 0
    assert fired.tolist() == [True, False, False, True, True]
    assert value(out, "flux_CO2_flag").tolist() == [0, 0, 0, 0, QUESTIONABLE]
    assert value(out, "transfer_velocity_flag")[4] == QUESTIONABLE
    assert np.isfinite(value(out)).all()
    with pytest.warns(RangeWarning, match="3 of 5 rows"):
        flux(ds, on_range="warn")
    with pytest.raises(FormulaError, match="3 of 5 rows"):
        flux(ds, on_range="raise")
    cut = flux(ds, on_range="nan")
    assert np.isnan(value(cut)).tolist() == [True, False, False, True, True]
    assert (value(cut, "flux_CO2_flag") == [9, 0, 0, 9, 9]).all()


# ---- uncertainty --------------------------------------------------------------------


def test_uncertainty_is_the_linear_propagation():
    ds = rows(
        3,
        fCO2_water_SST_wet=[350.0, 380.0, 430.0],
        wind_speed=[4.0, 7.0, 12.0],
        SST=[5.0, 20.0, 28.0],
    )
    sigma = np.array([1.0, 2.0, 3.0])
    ds["fCO2_water_SST_wet_uncertainty"] = ("time", sigma)
    out = flux(ds)
    names = ("fCO2_water_SST_wet", "fCO2_atm_wet_interp", "wind_speed", "SST")
    slopes = physics.flux_sensitivities(
        *(value(ds, n) for n in names), value(ds, "salinity")
    )
    independent = (
        (slopes["fco2_water"] * sigma) ** 2
        + (slopes["fco2_air"] * DEFAULTS["fCO2_air"]) ** 2
        + (slopes["temperature"] * DEFAULTS["SST"]) ** 2
        + (slopes["salinity"] * DEFAULTS["salinity"]) ** 2
    )
    relative = np.sqrt(0.10**2 + 0.0125**2 + 0.001**2)
    systematic = relative * np.abs(value(out))
    np.testing.assert_allclose(
        value(out, "flux_CO2_uncertainty_systematic"), systematic, rtol=1e-12
    )
    total = np.sqrt(independent + systematic**2)
    np.testing.assert_allclose(value(out, "flux_CO2_uncertainty"), total, rtol=1e-4)


@pytest.mark.parametrize(
    ("name", "share"), [("W14", 0.10), ("W92", 0.125), ("SW07", 0.15), ("Ho06", 0.10)]
)
def test_the_entry_of_a_transfer_velocity_states_its_uncertainty(name, share):
    out = flux(rows(), parametrisation=name)
    relative = np.sqrt(share**2 + 0.0125**2 + 0.001**2)
    np.testing.assert_allclose(
        value(out, "flux_CO2_uncertainty_systematic"),
        relative * np.abs(value(out)),
        rtol=1e-12,
    )


def test_the_uncertainty_of_a_users_formula_enters_the_flux():
    entry = physics.TransferVelocity(
        name="own",
        long_name="own",
        formula=lambda _u, u2, _u3: 0.3 * u2,
        expression="0.3 <U^2>",
        relative_uncertainty=0.2,
    )
    out = flux(rows(), parametrisation=entry)
    relative = np.sqrt(0.2**2 + 0.0125**2 + 0.001**2)
    np.testing.assert_allclose(
        value(out, "flux_CO2_uncertainty_systematic"),
        relative * np.abs(value(out)),
        rtol=1e-12,
    )


def test_uncertainty_of_given_air_is_systematic():
    air = flux(rows(fCO2_atm_wet_interp=None), xco2_air=408.0)
    own = flux(rows(fCO2_atm_wet_interp=value(air, "fCO2_atm_wet_flux")))
    name = "flux_CO2_uncertainty"
    assert value(air, name)[0] == pytest.approx(value(own, name)[0], rel=1e-12)
    name += "_systematic"
    assert value(air, name)[0] > 1.005 * value(own, name)[0]


def test_uncertainties_can_be_chosen():
    nothing = flux(rows(), uncertainties=dict.fromkeys(DEFAULTS, 0.0))
    assert value(nothing, "flux_CO2_uncertainty")[0] == 0.0
    one = dict.fromkeys(DEFAULTS, 0.0) | {"transfer_velocity": 0.2}
    out = flux(rows(), uncertainties=one)
    assert value(out, "flux_CO2_uncertainty")[0] == pytest.approx(0.2 * 1.94858907845)
    # Wanninkhof (1992) states 25 % at two sigma.
    w92 = flux(rows(), "W92")
    share = value(w92, "flux_CO2_uncertainty_systematic")[0] / -value(w92)[0]
    assert share == pytest.approx(np.hypot(np.hypot(0.125, 0.0125), 0.001))


def test_no_flux_no_uncertainty():
    out = flux(rows(2, fCO2_water_SST_wet=[380.0, np.nan]))
    for name in ("flux_CO2_uncertainty", "flux_CO2_uncertainty_systematic"):
        assert np.isfinite(value(out, name)).tolist() == [True, False]
