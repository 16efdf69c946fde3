"""Options of the transfer velocity by their definitions."""

import math

import pytest

from oceanco2 import physics as ph
from oceanco2.errors import OptionError
from oceanco2.physics import parametrisations as p
from oceanco2.physics import transfer

T = 12.0
SC = ph.schmidt_number(T)
ROOT = math.sqrt(SC / 660.0)


def k(wind=8.0, name="W14", **options):
    return ph.transfer_velocity(wind, T, name, on_range="ignore", **options)


def test_default():
    assert k() == pytest.approx(0.251 * 64 / ROOT, rel=1e-12)
    assert k(name="Ho06") == pytest.approx(0.266 * 64 / math.sqrt(SC / 600))


def test_moments():
    ray = 4 / math.pi * 64, 6 / math.pi * 512
    assert k(moments="rayleigh") == pytest.approx(0.251 * ray[0] / ROOT)
    expected = (3 + 0.8 + 0.064 * ray[0] + 0.011 * ray[1]) / ROOT
    assert k(name="W09", moments="rayleigh") == pytest.approx(expected)
    assert k(wind_speed_squared=70.0) == pytest.approx(0.251 * 70 / ROOT)
    assert k(None, wind_speed_squared=70.0) == pytest.approx(0.251 * 70 / ROOT)
    got = k(name="W09", wind_speed_squared=70.0, wind_speed_cubed=600.0)
    assert got == pytest.approx((3 + 0.8 + 4.48 + 6.6) / ROOT)
    got = k(name="M01", wind_speed_cubed=600.0)
    assert got == pytest.approx((3.3 + 15.6) / ROOT)
    means = k(name="W92LT", wind_speed_squared=70.0)
    assert means == pytest.approx(0.39 * 64 / ROOT)


@pytest.mark.parametrize(
    ("wind", "name", "options", "text"),
    [
        (None, "W14", {}, "needs wind_speed"),
        (None, "N00", {"wind_speed_squared": 9.0}, "needs wind_speed"),
        (8.0, "W09", {"wind_speed_squared": 9.0}, "needs wind_speed_cubed"),
        (8.0, "W09", {"wind_speed_cubed": 9.0}, "needs wind_speed_squared"),
        (
            *(8.0, "W14", {"wind_speed_squared": 9.0, "moments": "rayleigh"}),
            "not both",
        ),
        (8.0, "W14", {"surfactant": "pereira_2018"}, "'nightingale_2000' only"),
        (8.0, "N00", {"surfactant": "pereira"}, "surfactant"),
        (8.0, "W14", {"moments": "weibull"}, "moments"),
        (None, "Y22-ustar", {}, "needs friction_velocity"),
        (8.0, "Wo97", {}, "needs salinity"),
        (None, "Wo97", {"salinity": 35.0}, "needs wind_speed"),
    ],
)
def test_what_is_missing(wind, name, options, text):
    with pytest.raises(OptionError, match=text):
        k(wind, name, **options)


def test_rain_and_film():
    rain = float(p.rain_ho_1997(10.0)) / math.sqrt(SC / 600.0)
    assert k(rain_rate=10.0) == pytest.approx(k() + rain)
    film = float(p.surfactant_pereira_2018(T))
    plain = k(name="N00")
    slick = k(name="N00", surfactant="pereira_2018")
    assert slick == pytest.approx(plain * film)
    both = k(name="N00", surfactant="pereira_2018", rain_rate=10.0)
    assert both == pytest.approx(plain * film + rain)


def test_friction_and_bubbles():
    got = k(None, "Y22-ustar", friction_velocity=0.3)
    assert got == pytest.approx(float(p.yang_2022_ustar(0.3)) / ROOT)
    alpha = float(transfer.ostwald(T, 35.0))
    got = k(name="Wo97", salinity=35.0)
    expected = float(p.woolf_1997_kb(8.0, SC, alpha, 2450.0))
    assert got == pytest.approx(expected, rel=1e-9)
    got = k(name="Wo97", salinity=35.0, v0=2540.0)
    assert got == pytest.approx(expected * 2540 / 2450, rel=1e-9)
    waves = {"friction_velocity": 0.3, "wave_height": 2.0, "salinity": 35.0}
    waves |= {"a_nb": 1.5e-4, "a_b": 1e-5}
    got = k(None, "DM18", **waves)
    formula = p.deike_melville_2018
    expected = float(formula(0.3, 2.0, alpha, 1.5e-4, 1e-5)) / ROOT
    assert got == pytest.approx(expected, rel=1e-9)
    got = k(None, "DM18", scale_bubbles=True, **waves)
    expected = float(formula(0.3, 2.0, alpha, 1.5e-4, 1e-5 * ROOT)) / ROOT
    assert got == pytest.approx(expected, rel=1e-9)
    for name in waves:
        with pytest.raises(OptionError, match=f"needs {name}"):
            k(None, "DM18", **{**waves, name: None})


def test_notes_on_moments():
    import xarray as xr

    wind = xr.DataArray([8.0], dims="time")
    notes = [
        ("W14", {}, "the mean wind was raised to the power"),
        ("LM86", {}, "mean wind, as the formula wants it"),
        ("W92LT", {}, "mean wind, as the formula wants it"),
        ("Wo97", {"salinity": 35.0}, "mean wind"),
        ("Y22-ustar", {"friction_velocity": wind}, "not needed"),
        ("W14", {"wind_speed_squared": wind}, "given"),
        (
            *("W14", {"moments": "rayleigh"}),
            "of a Rayleigh distribution with the mean wind",
        ),
    ]
    for name, options, note in notes:
        attrs = k(wind, name, **options).attrs
        assert attrs["wind_moments"] == note
        assert attrs["units"] == "cm h-1"
        assert attrs["long_name"] == "gas transfer velocity of CO2"
        assert attrs["schmidt_number"] == "wanninkhof_2014"
    attrs = k(wind, "N00", rain_rate=1.0, surfactant="pereira_2018").attrs
    assert (attrs["rain"], attrs["film"]) == ("ho_1997", "pereira_2018")
    assert {"rain", "film"} & set(k(wind).attrs) == set()
