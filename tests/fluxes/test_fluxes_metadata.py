"""What a flux says of itself: methods, flags and tests of each of its variables."""

import numpy as np
import pytest

from oceanco2 import physics
from oceanco2.bits import TEST_BITS
from oceanco2.fluxes import flux
from oceanco2.fluxes.uncertainty import DEFAULTS, choose_uncertainties
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, VARIABLES
from tests.datasets import canonical_dataset, set_flag

NEW = ("wind_speed_10m", "solubility", "transfer_velocity", "fCO2_atm_wet_flux")
NEW += ("flux_CO2",)


@pytest.fixture
def ds():
    return canonical_dataset(40)


def computed(ds, **options):
    return flux(ds, **({"wind": 7.0, "xco2_air": 400.0, "pressure": 1013.25} | options))


def test_every_variable_has_flags_tests_and_units(ds):
    out = computed(ds)
    for name in NEW:
        assert out[name].dims == out[f"{name}_flag"].dims == ("time",)
        assert out[f"{name}_tests"].dims == ("time",)
        assert out[name].attrs["units"] == VARIABLES[name].units
        names = out[name].attrs["ancillary_variables"].split()
        assert names[:2] == [f"{name}_flag", f"{name}_tests"]
        assert out[f"{name}_flag"].dtype == np.int8
    base = "flux_CO2_uncertainty"
    assert names[2:] == [base, f"{base}_systematic"]
    for name in names[2:]:
        assert out[name].dims == ("time",)
        assert out[name].attrs["units"] == "mmol m-2 d-1"
    assert "systematic" in out[f"{base}_systematic"].attrs["long_name"]
    assert out["air_source"].dims == ("time",)
    assert out["air_source"].dtype == np.int8
    assert out["air_source"].attrs["flag_meanings"].split() == [
        *("none", "measured_interp", "measured_actual", "given"),
    ]


#: Which inputs each variable is computed from: a bad one makes it bad.
FROM = {
    "SST": {"solubility", "transfer_velocity", "flux_CO2"},
    "salinity": {"solubility", "flux_CO2"},
    "fCO2_water_SST_wet": {"flux_CO2"},
    "wind_speed": {"wind_speed_10m", "transfer_velocity", "flux_CO2"},
    "sea_ice_area_fraction": {"flux_CO2"},
}


@pytest.mark.parametrize("name", FROM)
def test_flags_of_the_inputs_reach_what_is_computed(ds, name):
    for own, value in (("wind_speed", 7.0), ("sea_ice_area_fraction", 0.25)):
        ds[own] = ("time", np.full(40, value))
        ds[f"{own}_flag"] = ("time", np.full(40, GOOD, "int8"))
        ds[f"{own}_tests"] = ("time", np.zeros(40, "int64"))
    rows = np.flatnonzero(np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()))
    ds = set_flag(ds, rows[3], name, BAD, "range")
    ds = set_flag(ds, rows[4], name, QUESTIONABLE, "spike")
    out = computed(ds, wind=None)
    for new in NEW:
        flags = out[f"{new}_flag"].to_numpy()[rows[3:6]]
        if new in FROM[name]:
            assert flags[:2].tolist() == [BAD, QUESTIONABLE], new
            assert flags[2] == GOOD
        else:
            assert (flags <= GOOD).all(), new
    if name == "sea_ice_area_fraction":
        open_water = computed(ds.drop_vars(name), wind=None)["flux_CO2"]
        np.testing.assert_allclose(out["flux_CO2"], 0.75 * open_water)


def test_bad_ice_given_as_an_option_has_no_flag(ds):
    out = computed(ds, ice=0.5)
    assert out["flux_CO2"].attrs["ice"] != "none"
    assert (out["flux_CO2_flag"].to_numpy() <= GOOD).any()


def test_high_wind_counts_where_wind_counts(ds):
    """Above 20 m/s; the formula of Wanninkhof (2014) ends at 15 m/s."""
    rows = np.flatnonzero(np.isfinite(ds["fCO2_water_SST_wet"].to_numpy()))[:3]
    wind = np.full(40, 7.0)
    wind[rows] = 15.1, 20.0, 20.1
    ds["wind_speed"] = ("time", wind)
    out = computed(ds, wind=None)
    for name in NEW:
        wanted = name in ("transfer_velocity", "flux_CO2")
        flags = out[f"{name}_flag"].to_numpy()[rows]
        assert (flags[:2] <= GOOD).all(), name
        assert (flags[2] == QUESTIONABLE) == wanted, name
        tests = out[f"{name}_tests"].to_numpy()[rows[2]]
        assert bool(tests & TEST_BITS["outside_formula"]) == wanted


def test_attributes_of_the_methods(ds):
    attrs = computed(ds)["flux_CO2"].attrs
    assert attrs["method"] == "wanninkhof_2014"
    assert attrs["schmidt_number"] == "wanninkhof_2014"
    assert attrs["solubility"] == "weiss_1974"
    assert attrs["scheme"] == "bulk"
    assert attrs["ice"] == "none"
    assert "doi:10.4319/lom.2014.12.351" in attrs["references"]
    assert "2016" not in attrs["references"]
    assert attrs["formula"].endswith("(Sc/660)^-1/2")
    assert "skin" not in attrs
    assert attrs["wind"].endswith("height 10 m")
    rapid = computed(ds, scheme="rapid")["flux_CO2"].attrs
    assert rapid["skin"] == "donlon_2002, salinity +0.1; SST is the subskin"
    assert rapid["references"].endswith("doi:10.1002/2015JC011427")
    given = computed(ds, scheme="rapid", cool_skin=-0.2, salty_skin=0.0)["flux_CO2"]
    assert given.attrs["skin"] == "given, salinity +0; SST is the subskin"
    out = computed(ds, wind_height=18.5)
    assert out["wind_speed_10m"].attrs["comment"].startswith("wind: ")
    assert out["wind_speed_10m"].attrs["comment"].endswith("height 18.5 m")
    assert out["solubility"].attrs["method"] == "weiss_1974"
    assert out["transfer_velocity"].attrs["method"] == "wanninkhof_2014"
    assert out["fCO2_atm_wet_flux"].attrs["comment"].startswith("air: ")
    assert out["fCO2_atm_wet_flux"].attrs["pressure"]
    assert "flux of CO2, wanninkhof_2014, bulk" in out.attrs["history"]


def test_the_schmidt_number_formula_of_another_scaling(ds):
    attrs = computed(ds, parametrisation="N00")["flux_CO2"].attrs
    assert attrs["formula"].endswith("(Sc/600)^-1/2")


#: Half of the published two-sigma figures (transfer velocity: 20 %).
ONE_SIGMA = {
    "transfer_velocity": 0.1,
    "schmidt": 0.0125,
    "solubility": 0.001,
    "SST": 0.15,
    "salinity": 0.1,
    "fCO2_air": 0.5,
    "fCO2_water": 5.0,
}


def test_uncertainties_of_the_inputs():
    assert dict(DEFAULTS) == ONE_SIGMA
    assert choose_uncertainties(None, None) == ONE_SIGMA
    assert choose_uncertainties(0.2, None)["transfer_velocity"] == 0.2
    chosen = choose_uncertainties(0.2, {"transfer_velocity": 0, "SST": 1})
    assert chosen == ONE_SIGMA | {"transfer_velocity": 0.0, "SST": 1.0}


@pytest.mark.parametrize("name", [*ONE_SIGMA])
def test_each_part_of_the_uncertainty(ds, name):
    """One part alone: the rest is zero; relative parts count as they are."""
    ds = ds.drop_vars([n for n in ds if str(n).endswith("_uncertainty")])
    ds = ds.drop_vars([n for n in ds if str(n).startswith(("fCO2_atm", "xCO2_atm"))])
    alone = dict.fromkeys(ONE_SIGMA, 0.0) | {name: 0.05}
    out = computed(ds, uncertainties=alone)
    total = out["flux_CO2_uncertainty"].to_numpy()
    shared = out["flux_CO2_uncertainty_systematic"].to_numpy()
    size = np.abs(out["flux_CO2"].to_numpy())
    rows = np.isfinite(size)
    assert rows.sum() > 20
    if name in ("transfer_velocity", "schmidt", "solubility"):
        np.testing.assert_allclose(total[rows], 0.05 * size[rows])
        np.testing.assert_allclose(shared[rows], total[rows])
    elif name == "fCO2_air":  # given, not measured: the same error in all rows
        slope = out["transfer_velocity"] * out["solubility"] * 0.24e-3 * 0.05
        np.testing.assert_allclose(total[rows], slope.to_numpy()[rows], rtol=1e-6)
        np.testing.assert_allclose(shared[rows], total[rows])
    else:
        assert (total[rows] > 0).all()
        assert (shared[rows] == 0).all()
    if name == "fCO2_water":
        slope = out["transfer_velocity"] * out["solubility"] * 0.24e-3 * 0.05
        np.testing.assert_allclose(total[rows], slope.to_numpy()[rows], rtol=1e-6)
    if name in ("SST", "salinity"):
        names = ("fCO2_water_SST_wet", "fCO2_atm_wet_flux", "wind_speed_10m")
        state = {n: out[n].to_numpy() for n in (*names, "SST", "salinity")}
        more, less = (
            physics.flux(*(state | {name: state[name] + step}).values())
            for step in (0.05, -0.05)
        )
        np.testing.assert_allclose(total[rows], np.abs(more - less)[rows] / 2)
