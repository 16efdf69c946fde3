"""Names, units and methods that results carry, and own functions as entries."""

import numpy as np
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2.errors import OptionError
from oceanco2.physics.parametrisations import resolve_transfer_velocity
from oceanco2.physics.recommended import ALGORITHMS
from oceanco2.physics.solubilities import resolve_solubility
from oceanco2.physics.vapour import resolve_vapour
from tests.physics.test_arrays import FUNCTIONS

SENSORS = {
    "vapour_of_humidity": ("hPa", lambda t: ph.vapour_of_humidity(70.0, 30.0, t)),
    "sami_temperature": ("degree_Celsius", lambda t: ph.sami_temperature(100 * t)),
    "freezing_temperature": (
        "degree_Celsius",
        lambda t: ph.freezing_temperature(t, 0.0, 0.0, 50.0),
    ),
    "conservative_temperature": (
        "degree_Celsius",
        lambda t: ph.conservative_temperature(35.0, t, 0.0, 50.0),
    ),
    "per_volume_from_per_mass": (
        "mmol m-3",
        lambda t: ph.per_volume_from_per_mass(t, 1025.0),
    ),
    "per_mass_from_per_volume": (
        "umol kg-1",
        lambda t: ph.per_mass_from_per_volume(t, 1025.0),
    ),
    "drag_coefficient": ("1", ph.drag_coefficient),
    "ostwald_solubility": ("1", lambda t: ph.ostwald_solubility(t, 35.0)),
}
CALLS = FUNCTIONS | SENSORS
VELOCITY = {"parametrisation": "wanninkhof_2014", "schmidt_number": "wanninkhof_2014"}
BULK = {"scheme": "bulk", "solubility": "weiss_1974"} | VELOCITY
#: Name of the result, and attributes that say how it was computed.
METHODS = {
    "water_vapour_pressure": ("water_vapour_pressure", {"method": "weiss_price_1980"}),
    "fugacity_coefficient": ("fugacity_coefficient", {}),
    "fco2_from_pco2": ("fco2", {"mole_fraction": "pco2"}),
    "pco2_from_fco2": ("pco2", {"mole_fraction": "pco2"}),
    "pco2_from_xco2": ("pco2", {"vapour_pressure": "weiss_price_1980"}),
    "xco2_from_pco2": ("xco2", {"vapour_pressure": "weiss_price_1980"}),
    "fco2_from_xco2": (
        "fco2",
        {"vapour_pressure": "weiss_price_1980", "mole_fraction": "xco2"},
    ),
    "xco2_from_fco2": (
        "xco2",
        {"vapour_pressure": "weiss_price_1980", "mole_fraction": "xco2"},
    ),
    "correct_to_temperature": ("fco2", {"temperature_correction": "takahashi_1993"}),
    "fco2_at_sst": (
        "fco2",
        {
            "vapour_pressure": "weiss_price_1980",
            "temperature_correction": "takahashi_1993",
            "mole_fraction": "xco2",
        },
    ),
    "sea_level_pressure": ("sea_level_pressure", {"method": "hydrostatic"}),
    "solubility": ("solubility", {"method": "weiss_1974"}),
    "solubility_mass": ("solubility", {"method": "weiss_1974"}),
    "schmidt_number": ("schmidt_number", {"method": "wanninkhof_2014"}),
    "transfer_velocity": ("transfer_velocity", VELOCITY),
    "wind_at_10m": ("wind_speed", {"method": "log_sutton_2017"}),
    "cool_skin": ("cool_skin", {"method": "donlon_2002"}),
    "skin_temperature": ("skin_temperature", {}),
    "salty_skin": ("skin_salinity", {}),
    "flux": ("flux_CO2", BULK),
    "flux_rapid": ("flux_CO2", BULK | {"scheme": "rapid", "cool_skin": "donlon_2002"}),
    "flux_from_xco2": ("flux_CO2", BULK | {"vapour_pressure": "weiss_price_1980"}),
    "density": ("density", {"method": "TEOS-10"}),
    "practical_salinity": (
        "practical_salinity",
        {"method": "PSS-78, temperature on ITS-90"},
    ),
    "absolute_salinity": ("absolute_salinity", {"method": "TEOS-10"}),
    "fco2_uncertainty": ("fco2_uncertainty", {}),
    "vapour_of_humidity": ("vapour_pressure", {}),
    "sami_temperature": ("temperature", {}),
    "freezing_temperature": ("freezing_temperature", {"method": "TEOS-10"}),
    "conservative_temperature": ("conservative_temperature", {"method": "TEOS-10"}),
    "per_volume_from_per_mass": ("concentration", {}),
    "per_mass_from_per_volume": ("concentration", {}),
    "drag_coefficient": ("drag_coefficient", {"method": "large_pond_1981"}),
    "ostwald_solubility": ("ostwald_solubility", {"method": "weiss_1974"}),
}
TEXTS = {"long_name", "wind_moments", "references"}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.filterwarnings("ignore::oceanco2.errors.RangeWarning")
def test_name_units_and_methods(name):
    units, call = CALLS[name]
    given = xr.DataArray(np.array([5.0, 15.0]), dims="time", attrs={"comment": "?"})
    result = call(given)
    shown = {k: v for k, v in result.attrs.items() if k not in TEXTS}
    expected, methods = METHODS[name]
    assert result.name == expected
    assert shown == {"units": units} | methods


def test_names_of_derivatives():
    t = xr.DataArray(np.array([5.0, 15.0]), dims="time")
    slopes = ph.fco2_sensitivities(400.0, t, t, 35.0, 1013.0)
    assert {k: (v.name, v.attrs["units"]) for k, v in slopes.items()} == {
        "xco2": ("fco2_slope_xco2", "uatm mol umol-1"),
        "t_equ": ("fco2_slope_t_equ", "uatm K-1"),
        "sst": ("fco2_slope_sst", "uatm K-1"),
        "salinity": ("fco2_slope_salinity", "uatm"),
        "p_equ": ("fco2_slope_p_equ", "uatm hPa-1"),
    }
    names = ("fco2_water", "fco2_air", "wind_speed", "temperature", "salinity", "ice")
    slopes = ph.flux_sensitivities(380.0, 400.0, 7.0, t, 35.0)
    assert [v.name for v in slopes.values()] == [f"flux_slope_{n}" for n in names]
    assert tuple(slopes) == names


def test_numbers_of_the_algorithms():
    """Pfeil et al. (2013), table 4: what each needs, in order of preference."""
    names = ("xCO2_equ", "xCO2_SST", "pCO2_equ", "pCO2_SST", "fCO2_equ", "fCO2_SST")
    needs = (", P, S", ", P, S", ", P", ", P", "", "")
    expected = ["none"] + [a + b for a, b in zip(names, needs, strict=True)]
    expected += ["pCO2_equ, NCEP", "pCO2_SST, NCEP"]
    for more in (", P, WOA", ", NCEP, S", ", NCEP, WOA"):
        expected += [f"xCO2_equ{more}", f"xCO2_SST{more}"]
    assert dict(enumerate(expected)) == ALGORITHMS
    known = {"t_equ": 18.0, "salinity": 35.0, "p_equ": 1012.0, "xco2_equ_dry": 380.0}
    value, number = ph.fco2rec(sst=xr.DataArray([18.0, np.nan], dims="time"), **known)
    assert (value.name, value.attrs["units"]) == ("fCO2rec", "uatm")
    assert number.name == "fCO2rec_src"
    assert number.attrs["flag_values"].tolist() == list(range(15))
    assert number.attrs["flag_values"].dtype == number.dtype == np.int8
    meanings = number.attrs["flag_meanings"].split()
    assert meanings[1] == "xCO2_equ_P_S"
    assert len(meanings) == 15
    assert number.to_numpy().tolist() == [1, 0]


def own(u):
    return 0.3 * u


def own_of_moments(u, u2, u3):
    return u + 0.1 * u2 + 0.01 * u3


def test_own_transfer_velocities_are_entries():
    one = resolve_transfer_velocity(own)
    assert (one.name, one.long_name, one.status) == ("own", "own", "own")
    assert one.moments == (1,)
    assert one.expression == "own function of U"
    assert one.schmidt_reference == 660.0
    three = resolve_transfer_velocity(own_of_moments)
    assert three.name == "own_of_moments"
    assert three.moments == (1, 2, 3)
    assert three.expression == "own function of U, U2, U3"
    given = resolve_transfer_velocity({"coef": (0.0, 0.1, 0.0, 0.02), "sc_ref": 600})
    assert (given.name, given.long_name) == ("own", "own coefficients")
    assert given.status == "own"
    assert given.moments == (1, 3)
    assert given.expression == "0.1 <U^1> + 0.02 <U^3>"
    assert given.schmidt_reference == 600.0
    short = resolve_transfer_velocity({"coef": (2.0,)})
    assert (short.moments, short.expression) == ((), "2 <U^0>")
    assert short.schmidt_reference == 660.0
    for wrong in ({"coef": ()}, {"coef": (1,) * 5}, {"coef": (1,), "x": 1}, {}):
        with pytest.raises(OptionError, match=r"must be \{'coef'"):
            resolve_transfer_velocity(wrong)
    four = resolve_transfer_velocity({"coef": (1.0, 0.5, 0.25, 0.125)})
    k = ph.transfer_velocity(2.0, 20.0, four)
    scale = (660.0 / ph.schmidt_number(20.0)) ** 0.5
    assert k == pytest.approx((1.0 + 1.0 + 1.0 + 1.0) * scale)
    k = ph.transfer_velocity(2.0, 20.0, own_of_moments)
    assert k == pytest.approx((2.0 + 0.4 + 0.08) * scale)


def test_other_own_functions_are_entries():
    def mine(temperature, salinity):
        return 0.02 + 0.0 * temperature * salinity

    for resolve in (resolve_vapour, resolve_solubility):
        entry = resolve(mine)
        assert (entry.name, entry.long_name) == ("mine", "mine")
        assert (entry.expression, entry.status) == ("own", "own")
        assert resolve(entry) is entry
    assert ph.water_vapour_pressure(10.0, 35.0, mine) == pytest.approx(20.265)


@pytest.mark.parametrize(
    ("wind", "drag"),
    [
        *((0.0, 1.2e-3), (11.0, 1.2e-3), (11.01, 4.9e-4 + 6.5e-5 * 11.01)),
        *((20.0, 1.79e-3), (20.01, 1.8e-3)),
    ],
)
def test_drag_coefficient_of_large_and_pond(wind, drag):
    assert ph.drag_coefficient(wind) == pytest.approx(drag, rel=1e-12)
