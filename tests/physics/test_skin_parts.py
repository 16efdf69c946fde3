"""The cool and the salty skin: what is needed, where it ends, warm and cold water."""

import math

import numpy as np
import pytest

from oceanco2 import physics as ph
from oceanco2.errors import OptionError
from oceanco2.physics import skin
from tests.physics.test_skin import SEA, absorbed


def by_bisection(t=20.0, s=35.0, u=0.2, heats=(10.0, 100.0, 60.0), **more):
    """Thickness where both sides of Saunders' equation are equal; sunshine absorbed."""
    sunshine = more.get("sunshine", 0.0)
    air, latent = more.get("air", 1.2), more.get("latent", 2.45e6)
    fresh = 1e-5 * (2.2 * max(t - 1.0, 0.0) ** 0.82 - 5.0)
    salty = 2.1e-5 * max(t + 3.2, 0.0) ** 0.79
    expansion = fresh + (salty - fresh) * s / 35.0

    def heat(depth):
        return sum(heats) - sunshine * absorbed(depth)

    def excess(depth):
        sinking = expansion * heat(depth) + 7.5e-4 * s * heats[1] * 4000.0 / latent
        group = 16.0 * 9.80665 * 4000.0 * (1022.0 * 1e-6) ** 3 / (0.6 * air) ** 2
        convection = max(group * sinking / u**4, 0.0) ** 0.75
        new = 6.0 / (1.0 + convection) ** (1 / 3) * 1e-6 / (u * math.sqrt(air / 1022.0))
        return (new if sinking > 0.0 else min(new, 0.01)) - depth

    low, high = 1e-7, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    return -heat(low) * low / 0.6


def by_the_package(t=20.0, s=35.0, u=0.2, heats=(10.0, 100.0, 60.0), **more):
    sensible, latent_flux, longwave = heats
    names = {"air": "air_density", "latent": "latent_heat_of_vaporisation"}
    names["sunshine"] = "shortwave"
    return ph.cool_skin(
        method="fairall_1996",
        friction_velocity=u,
        sensible_heat=sensible,
        latent_heat=latent_flux,
        longwave=longwave,
        temperature=t,
        salinity=s,
        **{names[k]: v for k, v in more.items()},
    )


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"t": 0.5},  # below 1 degC fresh water stops at its lowest expansion
        {"t": 1.5},
        {"t": -1.5, "s": 34.0},
        {"t": 30.0, "s": 10.0},
        {"s": 0.0},
        {"u": 0.05},
        {"u": 0.6},
        {"u": 0.01, "heats": (-50.0, 0.0, -20.0)},  # warmed: it floats, 1 cm at most
        {"u": 0.01, "heats": (-50.0, -30.0, -20.0)},
        {"u": 0.3, "heats": (-50.0, 0.0, -20.0)},
        {"heats": (5.0, 200.0, 40.0), "sunshine": 400.0},
        {"air": 1.3},
        {"latent": 2.6e6},
        {"t": -1.0, "heats": (30.0, 10.0, 60.0), "s": 2.0},
    ],
)
def test_saunders_in_water_of_any_kind(state):
    assert by_the_package(**state) == pytest.approx(by_bisection(**state), rel=1e-8)


def test_defaults_of_the_constants():
    default = ph.cool_skin(method="fairall_1996", **SEA)
    more = {"air_density": 1.2, "latent_heat_of_vaporisation": 2.45e6}
    assert ph.cool_skin(method="fairall_1996", shortwave=0.0, **more, **SEA) == default


def test_rows_of_one_call_do_not_depend_on_each_other():
    speeds, heats = (
        np.array([0.05, 0.2, 0.5, np.nan]),
        np.array([100.0, 50.0, 200.0, 1]),
    )
    found = ph.cool_skin(
        method="fairall_1996",
        **(SEA | {"friction_velocity": speeds, "latent_heat": heats}),
    )
    for row, (u, latent) in enumerate(zip(speeds, heats, strict=True)):
        one = by_the_package(u=float(u), heats=(10.0, float(latent), 60.0))
        np.testing.assert_allclose(found[row], one, rtol=1e-9)
    assert np.isnan(found).tolist() == [False] * 3 + [True]
    empty = ph.cool_skin(
        method="fairall_1996", **(SEA | {"friction_velocity": np.array([])})
    )
    assert empty.shape == (0,)


@pytest.mark.parametrize("name", SEA)
def test_each_input_is_needed(name):
    with pytest.raises(OptionError) as caught:
        ph.cool_skin(method="fairall_1996", **(SEA | {name: None}))
    assert str(caught.value) == f"skin model 'fairall_1996' needs {name}"


@pytest.mark.parametrize("name", ["donlon_2002", "fixed", "none"])
def test_wind_is_needed(name):
    with pytest.raises(OptionError) as caught:
        ph.cool_skin(method=name)
    assert str(caught.value) == f"skin model {name!r} needs wind_speed"
    entry = skin.SKIN_MODELS[name]
    assert ph.cool_skin(7.0, entry) == ph.cool_skin(7.0, name)
    assert np.isnan(ph.cool_skin([-0.1, np.nan], name)).all()
    assert np.isfinite(ph.cool_skin([0.0, 40.0], name)).all()


def test_values_that_do_not_depend_on_wind():
    wind = np.array([0.0, 3.0, 30.0])
    assert ph.cool_skin(wind, "fixed").tolist() == [-0.17] * 3
    assert ph.cool_skin(wind, "none").tolist() == [0.0] * 3
    assert ph.cool_skin(0.0) == pytest.approx(-0.44, rel=1e-14)


def test_entries_of_skin_models():
    entry = skin.SkinModel(name="a", long_name="A", formula=abs, expression="x")
    assert (entry.units, entry.inputs) == ("K", ())
    assert (skin.COLDEST_SKIN, skin.SALTY_SKIN) == (-1.79, 0.1)

    @ph.register_skin_model("test_only", long_name="T", expression="-U", no_doi="x")
    def formula(u):
        return -1.0 * u

    try:
        assert ph.cool_skin(2.0, "test_only") == -2.0
        assert skin.SKIN_MODELS["test_only"].formula is formula
    finally:
        skin.SKIN_MODELS._entries.pop("test_only")


def test_temperature_and_salinity_at_the_skin():
    nan = np.nan
    found = ph.skin_temperature([20.0, -1.62, -1.63, nan, -274.0, 20.0], -0.17)
    np.testing.assert_allclose(found, [19.83, -1.79, -1.79, nan, nan, 19.83])
    assert ph.skin_temperature(20.0, 0.5) == 20.5
    np.testing.assert_allclose(
        ph.salty_skin([35.0, 0.0, -0.1, nan]), [35.1, 0.1, nan, nan]
    )
    assert ph.salty_skin(35.0, -0.5) == 34.5
    assert skin._SKIN_TEMPERATURE.name == "skin temperature"
    assert skin._SKIN_TEMPERATURE.arguments == ("temperature", "difference")
    assert skin._SKIN_SALINITY.name == "skin salinity"
    assert skin._SKIN_SALINITY.arguments == ("salinity", "difference")
    assert skin._program(skin.SKIN_MODELS["fixed"]).name == "cool skin"
    assert skin._program(skin.SKIN_MODELS["fixed"]).arguments == ("wind_speed",)
