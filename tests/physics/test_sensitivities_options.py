"""Sensitivities with every option, by central differences and by squares."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics as ph
from oceanco2.errors import UnknownNameError
from oceanco2.physics import sensitivities as module

NAN = np.nan
POINT = {"xco2": 400.0, "t_equ": 20.5, "sst": 20.0, "salinity": 35.0, "p_equ": 1013.0}
STEPS = {"xco2": 1e-2, "t_equ": 1e-4, "sst": 1e-4, "salinity": 1e-3, "p_equ": 1e-2}
UNITS = {
    "xco2": "uatm mol umol-1",
    "t_equ": "uatm K-1",
    "sst": "uatm K-1",
    "salinity": "uatm",
    "p_equ": "uatm hPa-1",
}


def own(f1, t1, t2, salinity):
    return (1e-3 * salinity + 1e-5 * f1) * (t2 - t1)


OPTIONS = (
    {},
    {"vapour_pressure": "dickson_2007"},
    {"temperature_correction": "takahashi_2009"},
    {"temperature_correction": "weiss_1982"},
    {"temperature_correction": "humphreys_2024_parameterised"},
    {"temperature_correction": 0.05},
    {"temperature_correction": own},
    {"mole_fraction": "pco2"},
    {"mole_fraction": "neglect"},
    {"gas_constant": 90.0},
    {"virial_pressure": 900.0},
    {"virial_pressure": "1atm"},
)


def text_of(options):
    """A name of options that is the same in every process."""
    return ",".join(f"{k}={getattr(v, '__name__', v)}" for k, v in options.items())


@pytest.mark.parametrize("options", OPTIONS, ids=text_of)
@pytest.mark.parametrize("name", POINT)
def test_slopes_of_fco2_are_those_of_the_formula(options, name):
    slopes = ph.fco2_sensitivities(*POINT.values(), **options)
    assert list(slopes) == list(POINT)
    more, less = (
        ph.fco2_at_sst(
            *(POINT | {name: POINT[name] + step}).values(), on_range="ignore", **options
        )
        for step in (STEPS[name], -STEPS[name])
    )
    difference = (more - less) / (2 * STEPS[name])
    assert slopes[name] == pytest.approx(difference, rel=2e-6, abs=1e-9)


def test_options_change_the_slopes():
    base = ph.fco2_sensitivities(*POINT.values())
    for options in OPTIONS[1:]:
        slopes = ph.fco2_sensitivities(*POINT.values(), **options)
        assert any(slopes[n] != pytest.approx(base[n], rel=1e-7) for n in POINT), (
            options
        )
    again = ph.fco2_sensitivities(
        *POINT.values(),
        vapour_pressure="weiss_price_1980",
        temperature_correction="takahashi_1993",
        mole_fraction="xco2",
        gas_constant=82.0575,
        virial_pressure=None,
    )
    assert again == base


def test_rows_that_have_no_slope():
    t = np.array([20.0, NAN, -273.2, 20.0, 20.0])
    pressure = np.array([1013.0, 1013.0, 1013.0, 0.0, 1000.0])
    slopes = ph.fco2_sensitivities(400.0, t, 20.0, 35.0, pressure)
    for slope in slopes.values():
        assert slope.shape == (5,)
        assert np.isfinite(slope).tolist() == [True, False, False, False, True]
    zero = ph.fco2_sensitivities(400.0, 20.0, 20.0, [0.0, -0.1], 1013.0)
    assert np.isfinite(zero["xco2"]).tolist() == [True, False]
    grid = ph.fco2_sensitivities(
        np.full((3, 1), 400.0), t[:1], 20.0, [34.0, 35.0], 1013.0
    )
    assert {slope.shape for slope in grid.values()} == {(3, 2)}
    assert (
        grid["salinity"][2, 1]
        == ph.fco2_sensitivities(400.0, 20.0, 20.0, 35.0, 1013.0)["salinity"]
    )


def test_names_and_units():
    given = xr.DataArray([20.0], dims="time")
    slopes = ph.fco2_sensitivities(400.0, given, 20.0, 35.0, 1013.0)
    for name, slope in slopes.items():
        assert slope.name == f"fco2_slope_{name}"
        assert slope.attrs == {
            "units": UNITS[name],
            "long_name": f"derivative of fCO2 at SST with respect to {name}",
        }
    error = ph.fco2_uncertainty(400.0, given, 20.0, 35.0, 1013.0, u_sst=0.1)
    assert error.name == "fco2_uncertainty"
    assert error.attrs == {
        "units": "uatm",
        "long_name": "standard uncertainty of fCO2 at sea surface temperature",
    }
    slopes = ph.flux_sensitivities(380.0, 400.0, 7.0, given, 35.0)
    for name, slope in slopes.items():
        text = f"derivative of the CO2 flux with respect to {name}"
        assert (slope.name, slope.attrs["long_name"]) == (f"flux_slope_{name}", text)


# ---- uncertainty --------------------------------------------------------------------


@pytest.mark.parametrize("name", POINT)
@pytest.mark.parametrize("options", [{}, {"temperature_correction": 0.05}], ids=text_of)
def test_one_error_at_a_time(name, options):
    slopes = ph.fco2_sensitivities(*POINT.values(), **options)
    found = ph.fco2_uncertainty(*POINT.values(), **{f"u_{name}": 0.3}, **options)
    assert found == pytest.approx(0.3 * abs(slopes[name]), rel=1e-12)
    assert ph.fco2_uncertainty(*POINT.values(), **options) == 0.0


@pytest.mark.parametrize("r", [-1.0, -0.4, 0.0, 0.3, 1.0])
def test_all_errors_with_correlated_temperatures(r):
    errors = {"xco2": 0.3, "t_equ": 0.05, "sst": 0.07, "salinity": 0.2, "p_equ": 0.5}
    slopes = ph.fco2_sensitivities(*POINT.values())
    terms = {n: slopes[n] * errors[n] for n in POINT}
    square = sum(x**2 for x in terms.values()) + 2 * r * terms["t_equ"] * terms["sst"]
    given = {f"u_{n}": u for n, u in errors.items()}
    found = ph.fco2_uncertainty(*POINT.values(), corr_teq_sst=r, **given)
    assert found == pytest.approx(square**0.5, rel=1e-9)


# ---- flux ---------------------------------------------------------------------------

SEA = {"fco2_water": 380.0, "fco2_air": 400.0, "wind_speed": 7.0, "temperature": 20.0}
SEA |= {"salinity": 35.0, "ice": 0.2}


def number(t):
    return 700.0 - 2.0 * t


def constant(t, s):
    return 0.03 + 1e-4 * t + 1e-5 * s


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"parametrisation": "N00"},
        {"parametrisation": "LM86"},
        {"parametrisation": {"coef": (1.0, 0.1, 0.2, 0.01)}},
        {"schmidt": "wanninkhof_1992"},
        {"schmidt": number},
        {"solubility": constant},
    ],
    ids=text_of,
)
@pytest.mark.parametrize("name", SEA)
def test_slopes_of_the_flux(name, options):
    slopes = ph.flux_sensitivities(*SEA.values(), **options)
    assert list(slopes) == list(SEA)
    step = 1e-4
    more, less = (
        ph.flux(*(SEA | {name: SEA[name] + h}).values(), **options)
        for h in (step, -step)
    )
    assert slopes[name] == pytest.approx((more - less) / (2 * step), rel=1e-6)


def test_slopes_with_a_transfer_velocity_that_is_given():
    slopes = ph.flux_sensitivities(380.0, 400.0, None, 20.0, 35.0, k=12.0)
    names = ["transfer_velocity" if n == "wind_speed" else n for n in SEA]
    assert list(slopes) == names
    k0 = ph.solubility(20.0, 35.0)
    assert slopes["fco2_water"] == pytest.approx(2.4e-4 * 12.0 * k0)
    assert slopes["fco2_air"] == pytest.approx(-2.4e-4 * 12.0 * k0)
    assert slopes["transfer_velocity"] == pytest.approx(2.4e-4 * k0 * -20.0)
    assert slopes["ice"] == pytest.approx(-2.4e-4 * 12.0 * k0 * -20.0)
    unused = ph.flux_sensitivities(380.0, 400.0, None, 20.0, 35.0, 0.0, "DM18", k=12.0)
    assert unused == slopes


@pytest.mark.parametrize("name", ["Y22-ustar", "DM18", "Wo97"])
def test_velocities_that_need_more_than_wind(name):
    full = ph.TRANSFER_VELOCITIES[name].name
    with pytest.raises(UnknownNameError, match=f"wind-only transfer velocity.*{full}"):
        ph.flux_sensitivities(*SEA.values(), name)


def test_the_step_is_lost_in_the_value():
    """1e-30 times a slope is far below the last digit of any value."""
    assert 0.0 < module._STEP < 1e-20
    assert module._FCO2_UNITS == UNITS
