"""Where formulas end: smallest values, published ranges, and options of the flux."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics as ph
from oceanco2.errors import OptionError, RangeWarning, UnverifiedError
from oceanco2.physics import air_sea_flux
from oceanco2.physics.schmidt import resolve_schmidt

NAN = np.nan
#: Arguments of each formula: a value and the smallest one that means something.
X, T, S, P = (400.0, 0.0), (20.0, -273.15), (35.0, 0.0), (1013.0, 5e-324)
U, ANY = (7.0, 0.0), (0.1, -np.inf)
BULK = {
    "fco2_water": X,
    "fco2_air": X,
    "wind_speed": U,
    "temperature": T,
    "salinity": S,
}
FORMULAS = {
    ph.fugacity_coefficient: {"temperature": T, "pressure": P, "xco2": X},
    ph.fco2_from_pco2: {"pco2": X, "temperature": T, "pressure": P, "xco2": X},
    ph.pco2_from_fco2: {"fco2": X, "temperature": T, "pressure": P, "xco2": X},
    ph.pco2_from_xco2: {"xco2": X, "temperature": T, "salinity": S, "pressure": P},
    ph.xco2_from_pco2: {"pco2": X, "temperature": T, "salinity": S, "pressure": P},
    ph.fco2_from_xco2: {"xco2": X, "temperature": T, "salinity": S, "pressure": P},
    ph.xco2_from_fco2: {"fco2": X, "temperature": T, "salinity": S, "pressure": P},
    ph.fco2_at_sst: {"xco2": X, "t_equ": T, "sst": T, "salinity": S, "p_equ": P},
    ph.solubility: {"temperature": T, "salinity": S},
    ph.water_vapour_pressure: {"temperature": T, "salinity": S},
    ph.schmidt_number: {"temperature": T},
    ph.transfer_velocity: {"wind_speed": U, "temperature": T},
    ph.flux: BULK | {"ice": ANY},
    ph.flux_from_xco2: {
        **{"fco2_water": X, "xco2_air": X, "wind_speed": U, "temperature": T},
        **{"salinity": S, "pressure": P, "ice": ANY},
    },
}
CASES = [(formula, name) for formula, names in FORMULAS.items() for name in names]


def label(value):
    return getattr(value, "__name__", value)


@pytest.mark.parametrize(("formula", "name"), CASES, ids=label)
@pytest.mark.filterwarnings("ignore::oceanco2.errors.RangeWarning")
def test_below_the_smallest_value_there_is_no_result(formula, name):
    values = {n: v for n, (v, _) in FORMULAS[formula].items()}
    floor = FORMULAS[formula][name][1]
    whole = formula(**values)
    assert np.isfinite(whole)
    column = np.array([values[name], NAN, floor, np.nextafter(floor, -np.inf)])
    found = formula(**(values | {name: column}), on_range="ignore")
    assert found[0] == whole
    assert np.isnan(found[1])
    if name == "ice":  # ice is cut off instead
        assert found[3] == formula(**(values | {name: 0.0}))
        return
    assert np.isnan(found[3])
    if floor == 0.0:
        assert np.isfinite(found[2])


#: Published limits by formula: argument, the limit and which side of it is outside.
SEA = {"temperature": (-2.0, 40.0), "salinity": (0.0, 40.0)}
VAPOUR = {"temperature": (-2.0, 39.85), "salinity": (0.0, 40.0)}
OUTSIDE = {
    ph.solubility: (SEA, "weiss_1974"),
    ph.schmidt_number: ({"temperature": (-2.0, 40.0)}, "wanninkhof_2014"),
    ph.water_vapour_pressure: (VAPOUR, "weiss_price_1980"),
    ph.pco2_from_xco2: (VAPOUR, "weiss_price_1980"),
    ph.xco2_from_pco2: (VAPOUR, "weiss_price_1980"),
    ph.fco2_from_xco2: (VAPOUR, "weiss_price_1980"),
    ph.xco2_from_fco2: (VAPOUR, "weiss_price_1980"),
    ph.transfer_velocity: ({"wind_speed": (3.0, 15.0)}, "wanninkhof_2014"),
    ph.flux: ({"wind_speed": (3.0, 15.0)}, "wanninkhof_2014"),
    ph.flux_from_xco2: (VAPOUR, "weiss_price_1980"),
}
LIMITS = [(f, name) for f, (limits, _) in OUTSIDE.items() for name in limits]


@pytest.mark.parametrize(("formula", "name"), LIMITS, ids=label)
def test_published_limits_are_inside(formula, name):
    limits, of = OUTSIDE[formula]
    low, high = limits[name]
    values = {n: v for n, (v, _) in FORMULAS[formula].items()}
    for limit, beyond in ((low, low - 1e-6), (high, high + 1e-6)):
        assert np.isfinite(formula(**(values | {name: limit}), on_range="nan"))
        if name == "salinity" and limit == 0.0:
            continue  # below it there is no result at all
        with pytest.warns(RangeWarning) as caught:
            formula(**(values | {name: beyond}))
        texts = " ".join(str(w.message) for w in caught)
        assert f"{name} outside {low:g}..{high:g}" in texts
        assert f"of {of}" in texts
        assert "1 of 1 samples" in texts


# ---- options of the flux ------------------------------------------------------------

POINT = {"fco2_water": 380.0, "fco2_air": 400.0, "wind_speed": 7.0, "temperature": 20.0}
POINT |= {"salinity": 35.0}


def flux(**options):
    return ph.flux(**(POINT | options))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"scheme": "x"}, r"^scheme must be one of .*, not 'x'"),
        ({"moments": "x"}, r"^moments must be one of .*, not 'x'"),
        ({"ice_method": "x"}, r"^ice_method must be one of .*, not 'x'"),
        ({"on_range": "x"}, r"^on_range must be one of .*, not 'x'"),
        (
            {"solubility": "weiss_price_1980_f"},
            "'weiss_price_1980_f' does not multiply fugacity",
        ),
        (
            {"k": 12.0, "wind_speed_squared": 50.0},
            "k cannot be combined with wind_speed_squared",
        ),
    ],
)
def test_options_that_cannot_be(options, text):
    with pytest.raises(OptionError, match=text):
        flux(**options)


@pytest.mark.parametrize("method", air_sea_flux.ICE_RESERVED)
def test_ice_methods_that_are_kept_for_later(method):
    with pytest.raises(UnverifiedError) as caught:
        flux(ice_method=method)
    text = str(caught.value)
    assert text.startswith(f"ice method {method!r} is not available: ")
    assert text.endswith("; it will be added when the paper has been read")


def test_a_transfer_velocity_that_is_given():
    k0 = ph.solubility(20.0, 35.0)
    expected = 2.4e-4 * 12.0 * k0 * -20.0
    assert flux(k=12.0) == pytest.approx(expected, rel=1e-12)
    assert flux(k=12.0, wind_speed=None) == pytest.approx(expected, rel=1e-12)
    given = xr.DataArray([12.0], dims="time")
    attrs = flux(k=given).attrs
    assert not {"parametrisation", "schmidt_number", "wind_moments"} & set(attrs)
    assert (attrs["scheme"], attrs["solubility"]) == ("bulk", "weiss_1974")


WAVES = {"friction_velocity": 0.3, "wave_height": 2.0, "a_nb": 1.5e-4, "a_b": 1e-5}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("W14", {"wind_speed_squared": 60.0}),
        ("Y22-ustar", {"friction_velocity": 0.3}),
        ("DM18", WAVES),
        ("Wo97", {}),
        ("N00", {"rain_rate": 5.0}),
    ],
)
def test_more_inputs_reach_the_transfer_velocity(name, more):
    salt = {"salinity": 35.0} if name in ("DM18", "Wo97") else {}
    for scheme, at in (("bulk", 20.0), ("rapid", 20.0 + ph.cool_skin(7.0))):
        k = ph.transfer_velocity(7.0, at, name, **more, **salt)
        found = flux(parametrisation=name, scheme=scheme, **more)
        assert found == pytest.approx(flux(k=k, scheme=scheme), rel=1e-12)


def test_policies_reach_the_transfer_velocity():
    options = {"wind_speed": 2.0, "wind_speed_squared": 4.0}
    assert np.isfinite(flux(**options, on_range="ignore"))
    assert np.isnan(flux(**options, on_range="nan"))
    options = {"parametrisation": "W09", "moments": "rayleigh"}
    k = ph.transfer_velocity(7.0, 20.0, "W09", moments="rayleigh")
    assert flux(**options) == pytest.approx(flux(k=k), rel=1e-12)


def test_other_schmidt_numbers_and_solubilities():
    def number(t):
        return 700.0 + t

    base = flux()
    root = (ph.schmidt_number(20.0) / 720.0) ** 0.5
    assert flux(schmidt=number) == pytest.approx(base * root, rel=1e-12)
    found = flux(schmidt=number, wind_speed_squared=49.0)
    assert found == pytest.approx(base * root, rel=1e-12)
    share = 30.0 / ph.solubility(20.0, 35.0)
    found = flux(solubility=lambda t, s: 0.03 + 0.0 * t * s)
    assert found == pytest.approx(base * share, rel=1e-12)


@pytest.mark.parametrize(
    ("skin", "name", "step"),
    [
        ("fixed", "fixed", -0.17),
        (ph.SKIN_MODELS["fixed"], "fixed", -0.17),
        (-0.3, "given", -0.3),
        ("none", "none", 0.0),
    ],
)
def test_rapid_by_its_definition(skin, name, step):
    k = ph.transfer_velocity(7.0, 20.0 + step)
    below = ph.solubility(20.0, 35.0)
    for salt in (0.1, 0.0, 0.4):
        above = ph.solubility(20.0 + step, 35.0 + salt)
        expected = 2.4e-4 * k * (below * 380.0 - above * 400.0) * 0.75
        options = {"scheme": "rapid", "cool_skin": skin, "salty_skin": salt}
        found = flux(ice=0.25, **options)
        assert found == pytest.approx(expected, rel=1e-11)
    water = xr.DataArray([380.0], dims="time")
    attrs = ph.flux(**(POINT | {"fco2_water": water}), scheme="rapid", cool_skin=skin)
    assert attrs.attrs["cool_skin"] == name
    bulk = ph.flux(**(POINT | {"fco2_water": water}), cool_skin=skin)
    assert "cool_skin" not in bulk.attrs


@pytest.mark.parametrize("scheme", ["bulk", "rapid"])
@pytest.mark.parametrize("gas", [82.0575, 90.0])
@pytest.mark.parametrize("vapour", ["weiss_price_1980", "dickson_2007"])
def test_air_by_its_mole_fraction(scheme, gas, vapour):
    options = {"vapour_pressure": vapour, "gas_constant": gas}
    at, salt = 20.0, 35.0
    if scheme == "rapid":
        at, salt = 20.0 + ph.cool_skin(7.0), 35.1
    air = ph.fco2_from_xco2(405.0, at, salt, 1005.0, **options)
    found = ph.flux_from_xco2(
        380.0, 405.0, 7.0, 20.0, 35.0, 1005.0, 0.25, scheme=scheme, **options
    )
    expected = flux(fco2_air=air, ice=0.25, scheme=scheme)
    assert found == pytest.approx(expected, rel=1e-11)


# ---- programs -----------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["bulk", "rapid"])
@pytest.mark.parametrize("given", [False, True])
@pytest.mark.parametrize("moist", [False, True])
def test_names_of_the_arguments(scheme, given, moist):
    program = air_sea_flux.flux_program(
        scheme,
        None if given else ph.TRANSFER_VELOCITIES["W14"],
        resolve_schmidt("wanninkhof_2014"),
        ph.SOLUBILITIES["weiss_1974"],
        ph.WATER_VAPOUR["weiss_price_1980"] if moist else None,
    )
    names = ["fco2_water", "xco2_air" if moist else "fco2_air"]
    names += ["transfer_velocity" if given else "wind_speed", "temperature", "salinity"]
    names += ["pressure"] * moist + ["ice"] + ["cool_skin"] * (scheme == "rapid")
    assert program.name == "air-sea CO2 flux"
    assert list(program.arguments) == names
    floors = dict(zip(names, program.floors, strict=True))
    assert all(floors[n] == 0.0 for n in (*names[:3], "salinity"))
    assert floors["temperature"] == pytest.approx(-273.15)
    assert floors["ice"] == -np.inf
    last = program.checks[-1]
    assert (last.formula, last.argument, last.units) == (
        "sea ice (clipped)",
        "ice",
        "1",
    )
    assert (last.low, last.high, last.index) == (0.0, 1.0, names.index("ice"))
    arguments = [check.argument for check in program.checks]
    assert ("wind_speed" in arguments) == (not given)
    assert arguments.count("salinity") == 1 + moist
    for check in program.checks:
        assert names[check.index] == check.argument


def test_a_flux_with_too_much_ice_says_so():
    with pytest.warns(RangeWarning) as caught:
        flux(ice=1.2)
    text = "air-sea CO2 flux: 1 of 1 samples: ice outside 0..1 of sea ice (clipped)"
    assert [str(w.message) for w in caught] == [text]
