"""Wind profiles, drag, pressure and skin by hand."""

import math

import numpy as np
import pytest

from oceanco2 import physics as ph
from oceanco2.errors import FormulaError, OptionError, RangeWarning
from oceanco2.physics.pressure import SEA_LEVEL_PRESSURE
from oceanco2.physics.skin import COLDEST_SKIN, SALTY_SKIN, SKIN_MODELS, cold_limit
from oceanco2.physics.wind import RAYLEIGH, WIND_HEIGHTS

WIND = {
    "log_sutton_2017": 8.0 / (1.0 + math.sqrt(0.0011) / 0.4 * math.log(2.0)),
    "hsu_1994": 8.0 * 0.5**0.11,
    "power_1_7": 8.0 * 0.5 ** (1 / 7),
}


@pytest.mark.parametrize("name", WIND)
def test_profiles(name):
    assert set(WIND) == set(WIND_HEIGHTS)
    assert ph.wind_at_10m(8.0, 20.0, name) == pytest.approx(WIND[name], rel=1e-12)
    assert ph.wind_at_10m(8.0, 10.0, name) == pytest.approx(8.0, rel=1e-12)
    entry = WIND_HEIGHTS[name]
    assert ph.wind_at_10m(8.0, 20.0, entry) == ph.wind_at_10m(8.0, 20.0, name)
    assert entry.valid == (("height", 1.0, 50.0),)
    assert entry.status == ("optional" if name == "power_1_7" else "required")
    assert (entry.doi, entry.units) == ("", "1")


def test_defaults():
    log = WIND["log_sutton_2017"]
    assert ph.wind_at_10m(8.0, 20.0) == pytest.approx(log, rel=1e-12)
    assert pytest.approx((4 / math.pi, 6 / math.pi)) == RAYLEIGH


@pytest.mark.parametrize(
    ("height", "inside"), [(0.99, False), (1.0, True), (50.0, True), (50.1, False)]
)
def test_heights_of_anemometers(height, inside, recwarn):
    value = ph.wind_at_10m(8.0, height, on_range="nan")
    assert math.isfinite(value) is inside
    ph.wind_at_10m(8.0, height)
    assert bool(recwarn.list) is not inside
    ph.wind_at_10m(8.0, height, on_range="ignore")
    assert len(recwarn.list) == (0 if inside else 1)


def test_impossible_winds_and_heights():
    assert math.isnan(ph.wind_at_10m(-0.1, 20.0))
    assert ph.wind_at_10m(0.0, 20.0) == 0.0
    assert math.isnan(ph.wind_at_10m(8.0, 0.0, on_range="ignore"))


@pytest.mark.parametrize(
    ("wind", "drag"),
    [
        (0.0, 1.2e-3),
        (11.0, 1.2e-3),
        (11.1, 1.2115e-3),
        (20.0, 1.79e-3),
        (20.1, 1.8e-3),
        (30.0, 1.8e-3),
    ],
)
def test_drag(wind, drag):
    assert ph.drag_coefficient(wind) == pytest.approx(drag, rel=1e-12)


def test_negative_wind_has_no_drag():
    assert math.isnan(ph.drag_coefficient(-1.0))


PRESSURE = {
    "hydrostatic": 1000.0 + 1000.0 * 0.02897 * 9.8 / 8.314 * 15.0 / 293.15,
    "lapse_rate": 1000.0 * (1.0 - 0.0975 / (20.0 + 0.0975 + 273.15)) ** -5.257,
}


@pytest.mark.parametrize("name", PRESSURE)
def test_pressure(name):
    assert set(PRESSURE) == set(SEA_LEVEL_PRESSURE)
    got = ph.sea_level_pressure(1000.0, 20.0, 15.0, name)
    assert got == pytest.approx(PRESSURE[name], rel=1e-13)
    entry = SEA_LEVEL_PRESSURE[name]
    assert ph.sea_level_pressure(1000.0, 20.0, 15.0, entry) == got
    assert entry.valid == (("height", 0.0, 100.0),)
    assert (entry.units, entry.status) == ("hPa", "required")
    assert ph.sea_level_pressure(1000.0, 20.0, 0.0, name) == 1000.0


@pytest.mark.parametrize(
    ("height", "inside"), [(-0.1, False), (0.0, True), (100.0, True), (100.1, False)]
)
def test_heights_of_barometers(height, inside):
    value = ph.sea_level_pressure(1000.0, 20.0, height, on_range="nan")
    assert math.isfinite(value) is inside
    if not inside:
        with pytest.raises(FormulaError, match=r"height outside 0\.\.100 m"):
            ph.sea_level_pressure(1000.0, 20.0, height, on_range="raise")
        with pytest.warns(RangeWarning, match="1 of 1 samples"):
            ph.sea_level_pressure(1000.0, 20.0, height)


def test_default_of_pressure():
    default = ph.sea_level_pressure(1000.0, 20.0, 15.0)
    assert default == pytest.approx(PRESSURE["hydrostatic"], rel=1e-13)
    assert math.isnan(ph.sea_level_pressure(0.0, 20.0, 15.0, on_range="ignore"))
    assert math.isnan(ph.sea_level_pressure(1000.0, -273.15, 15.0))


@pytest.mark.parametrize(
    ("name", "wind", "value"),
    [
        ("donlon_2002", 0.0, -0.44),
        ("donlon_2002", 3.7, -0.14 - 0.30 / math.e),
        ("donlon_2002", 7.4, -0.14 - 0.30 / math.e**2),
        ("fixed", 5.0, -0.17),
        ("none", 5.0, 0.0),
    ],
)
def test_skin_of_wind(name, wind, value):
    assert ph.cool_skin(wind, name) == pytest.approx(value, rel=1e-12)
    assert SKIN_MODELS[name].inputs == ()
    assert SKIN_MODELS[name].units == "K"
    if name == "donlon_2002":
        assert ph.cool_skin(wind) == ph.cool_skin(wind, name)


def test_skin_needs_its_inputs():
    with pytest.raises(OptionError, match="wind_speed"):
        ph.cool_skin()
    given = {"friction_velocity": 0.2, "sensible_heat": 10.0, "latent_heat": 80.0}
    given |= {"longwave": 50.0, "temperature": 20.0, "salinity": 35.0}
    assert ph.cool_skin(method="fairall_1996", **given) < 0.0
    for name in given:
        with pytest.raises(OptionError, match=name):
            ph.cool_skin(method="fairall_1996", **{**given, name: None})


FLUXES = {
    "friction_velocity": 0.3,
    "sensible_heat": 10.0,
    "latent_heat": 90.0,
    "longwave": 60.0,
    "temperature": 20.0,
    "salinity": 35.0,
}


def fairall(sun=0.0, rho=1.2, latent=2.45e6, **inputs):
    """The published equations, one sample, iterated to the end."""
    f = {**FLUXES, **inputs}
    u, t, s = f["friction_velocity"], f["temperature"], f["salinity"]
    a = 1e-5 * (2.2 * max(t - 1.0, 0.0) ** 0.82 - 5.0)
    a += (2.1e-5 * max(t + 3.2, 0.0) ** 0.79 - a) * s / 35.0
    big = 16 * 9.80665 * 4000.0 * (1022.0 * 1e-6) ** 3 / (0.6**2 * rho**2)
    d = 1e-3
    for _ in range(300):
        absorbed = 0.065 + 11 * d - 6.6e-5 / d * (1 - math.exp(-d / 8e-4))
        q = f["sensible_heat"] + f["latent_heat"] + f["longwave"] - sun * absorbed
        sink = a * q + 7.5e-4 * s * f["latent_heat"] * 4000.0 / latent
        saunders = 6 / (1 + max(big * sink / u**4, 0.0) ** 0.75) ** (1 / 3)
        d = saunders * 1e-6 / (u * math.sqrt(rho / 1022.0))
        d = d if sink > 0 else min(d, 0.01)
    return -q * d / 0.6


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {"temperature": 5.0},
        {"temperature": 0.5},
        {"salinity": 10.0},
        {"friction_velocity": 0.05},
        {"friction_velocity": 0.8},
        {"latent_heat": -30.0},
        {"latent_heat": -90.0, "friction_velocity": 0.005},
    ],
)
@pytest.mark.parametrize("sun", [0.0, 500.0])
def test_fairall(inputs, sun):
    got = ph.cool_skin(method="fairall_1996", shortwave=sun, **{**FLUXES, **inputs})
    assert got == pytest.approx(fairall(sun, **inputs), rel=1e-7)


def test_fairall_constants():
    got = ph.cool_skin(
        method="fairall_1996",
        air_density=1.3,
        latent_heat_of_vaporisation=2.5e6,
        **FLUXES,
    )
    assert got == pytest.approx(fairall(rho=1.3, latent=2.5e6), rel=1e-9)
    model = SKIN_MODELS["fairall_1996"]
    assert model.status == "optional"
    assert set(model.inputs) == {*FLUXES, "shortwave"}


def test_skin_limits():
    assert COLDEST_SKIN == -1.79
    assert SALTY_SKIN == 0.1
    assert ph.skin_temperature(-1.7, -0.2) == -1.79
    assert ph.skin_temperature(-1.5, -0.2) == pytest.approx(-1.7)
    assert float(cold_limit(np.float64(-1.79))) == -1.79
    assert ph.salty_skin(35.0) == pytest.approx(35.1)
    assert ph.salty_skin(35.0, 0.3) == pytest.approx(35.3)
    assert math.isnan(ph.salty_skin(-0.5))
    assert ph.salty_skin(0.0) == pytest.approx(0.1)
