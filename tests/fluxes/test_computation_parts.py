"""The formulas of a flux: texts, factors on the rows, the skin, ranges."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics
from oceanco2.errors import FormulaError, OptionError, ProcessingError, RangeWarning
from oceanco2.fluxes import _INPUTS, attributes
from oceanco2.fluxes.computation import (
    ON_RANGE,
    SCHEMES,
    Model,
    compute,
    moments_used,
    outside_range,
)
from oceanco2.fluxes.inputs import Inputs
from oceanco2.physics.schmidt import resolve_schmidt
from oceanco2.physics.solubilities import resolve_solubility
from oceanco2.vocabulary import attrs_of

NAN = np.nan
GIVEN = {
    "scheme": "bulk",
    "moments": None,
    "schmidt": "wanninkhof_2014",
    "solubility": "weiss_1974",
    "cool_skin": "donlon_2002",
    "salty_skin": 0.1,
    "on_range": "flag",
}
COLUMNS = {
    "water": [380.0, 350.0, 420.0],
    "air": [400.0, 405.0, 390.0],
    "wind": [7.0, 5.0, 11.0],
    "SST": [20.0, 5.0, 28.0],
    "salinity": [35.0, 33.0, 36.0],
    "ice": [0.0, 0.2, 0.5],
}
SQUARED, CUBED = "wind_speed_squared", "wind_speed_cubed"


def model(velocity="W14", **options):
    return Model.of(velocity, **(GIVEN | options))


def inputs(moments=None, descriptions=None, **changes):
    columns = {k: np.array(v, dtype=float) for k, v in (COLUMNS | changes).items()}
    texts = {"wind": "A", "air": "B", "ice": "C"} | (descriptions or {})
    return Inputs(columns, moments or {}, np.ones(3, np.int8), {}, texts)


def computed(of=None, given=None, **ds):
    data = {k: ("time", np.array(v, dtype=float)) for k, v in ds.items()}
    given = given or inputs()
    values, run = compute(of or model(), given, xr.Dataset(data))
    return values, run, given


# ---- names and texts ----------------------------------------------------------------


def test_schemes_and_policies():
    assert ON_RANGE == ("flag", "warn", "nan", "raise")
    assert SCHEMES == {
        "bulk": "0.24 k K0(SST) (fCO2_water - fCO2_air) (1 - ice)",
        "rapid": "0.24 k(T_skin) [K0(SST) fCO2_water - K0(T_skin, S_skin) fCO2_air]"
        " (1 - ice)",
    }
    assert _INPUTS == {
        "wind_speed_10m": ("wind",),
        "solubility": ("SST", "salinity"),
        "transfer_velocity": ("wind", "SST"),
        "fCO2_atm_wet_flux": ("air",),
        "flux_CO2": ("water", "air", "wind", "SST", "salinity", "ice"),
    }


def test_every_name_is_looked_up():
    found = model()
    assert found.velocity is physics.TRANSFER_VELOCITIES["W14"]
    assert found.schmidt is physics.SCHMIDT_NUMBERS["wanninkhof_2014"]
    assert found.solubility is physics.SOLUBILITIES["weiss_1974"]
    assert found.cool_skin is physics.SKIN_MODELS["donlon_2002"]
    assert found.formulas == (found.velocity, found.schmidt, found.solubility)
    assert (found.scheme, found.moments, found.on_range) == ("bulk", None, "flag")
    assert found.salty_skin == 0.1
    assert model(cool_skin=-0.2).cool_skin == -0.2


def test_velocities_that_need_more_than_wind():
    entries = physics.TRANSFER_VELOCITIES.values()
    (one,) = [e for e in entries if e.inputs == ("friction_velocity",)]
    with pytest.raises(OptionError) as caught:
        model(one.name)
    assert str(caught.value) == (
        f"transfer velocity {one.name!r} needs friction_velocity: compute it with"
        " physics.flux"
    )
    (more,) = [e for e in physics.TRANSFER_VELOCITIES.values() if len(e.inputs) == 5]
    with pytest.raises(OptionError, match="friction_velocity and wave_height and sali"):
        model(more.name)


ROW = (
    "wind of the row raised to the power: too low a transfer velocity if the"
    " winds are means over many hours (give wind_speed_squared or moments)"
)
RAYLEIGH = "powers of a Rayleigh distribution with the mean wind of the row"
MEAN = "mean wind, as the formula wants it"


@pytest.mark.parametrize(
    ("name", "moments", "text"),
    [
        ("W14", None, ROW),
        ("N00", None, ROW),
        ("W14", "rayleigh", RAYLEIGH),
        ("LM86", None, "wind of the row, no powers needed"),
        ("LM86", "rayleigh", "wind of the row, no powers needed"),
        ("W92LT", None, MEAN),
        ("W92LT", "rayleigh", MEAN),
        ({"coef": (0.0, 0.0, 0.0, 0.1)}, None, ROW),
        ({"coef": (0.0, 0.0, 0.0, 0.1)}, "rayleigh", RAYLEIGH),
    ],
)
def test_how_powers_of_the_wind_are_made(name, moments, text):
    assert model(name, moments=moments).wind_moments == text


def test_moments_that_the_formula_uses():
    squares, cubes = np.full(3, 60.0), np.full(3, 500.0)
    given = inputs({SQUARED: squares, CUBED: cubes})
    assert set(moments_used(model("W14"), given)) == {SQUARED}
    assert set(moments_used(model({"coef": (0, 0, 0, 1)}), given)) == {CUBED}
    assert set(moments_used(model({"coef": (0, 0, 1, 1)}), given)) == {SQUARED, CUBED}
    assert moments_used(model("LM86"), given) == {}
    assert moments_used(model("W92LT"), given) == {}
    assert moments_used(model("W14"), given)[SQUARED] is squares


# ---- factors ------------------------------------------------------------------------


def test_factors_and_their_product():
    values, run, given = computed()
    columns = given.columns
    assert list(values) == list(_INPUTS)
    assert values["wind_speed_10m"] is columns["wind"]
    assert values["fCO2_atm_wet_flux"] is columns["air"]
    k0 = [
        physics.solubility(*x) for x in zip([20, 5, 28.0], [35, 33, 36.0], strict=True)
    ]
    np.testing.assert_allclose(values["solubility"], k0, rtol=1e-14)
    schmidt = physics.schmidt_number(columns["SST"])
    k = 0.251 * columns["wind"] ** 2 * (schmidt / 660.0) ** -0.5
    np.testing.assert_allclose(values["transfer_velocity"], k, rtol=1e-12)
    gradient = columns["water"] - columns["air"]
    flux = 2.4e-4 * k * k0 * gradient * (1.0 - columns["ice"])
    np.testing.assert_allclose(values["flux_CO2"], flux, rtol=1e-12)
    again = run({**columns, "water": columns["air"]})
    np.testing.assert_array_equal(again, np.zeros(3))
    with pytest.raises(ProcessingError, match="already contains flux_CO2: use the one"):
        computed(flux_CO2=[0.0] * 3)


def same(t):
    return 700.0 + 0.0 * t


def constant(t, s):
    return 0.03 + 0.0 * t * s


@pytest.mark.parametrize(
    ("options", "share"),
    [
        ({"schmidt": resolve_schmidt(same)}, {"transfer_velocity"}),
        ({"solubility": resolve_solubility(constant)}, {"solubility"}),
        ({"moments": "rayleigh"}, {"transfer_velocity"}),
    ],
)
def test_each_option_reaches_the_factor_it_belongs_to(options, share):
    values, _, given = computed(replace(model(), **options))
    base, _, _ = computed()
    changed = {n for n in values if not np.allclose(values[n], base[n], rtol=1e-9)}
    assert changed == share | {"flux_CO2"}
    (name,) = share
    ratio = values[name] / base[name]
    np.testing.assert_allclose(values["flux_CO2"] / base["flux_CO2"], ratio)
    if "moments" in options:  # the mean square is 4/pi of the squared mean
        np.testing.assert_allclose(ratio, 4.0 / np.pi)
    if name == "solubility":
        np.testing.assert_allclose(values[name], 30.0)
    if "schmidt" in options:
        k = 0.251 * given.columns["wind"] ** 2 * (700.0 / 660.0) ** -0.5
        np.testing.assert_allclose(values[name], k)


def test_moments_that_are_given():
    base, _, _ = computed()
    squares = 1.3 * np.array(COLUMNS["wind"]) ** 2
    values, _, _ = computed(given=inputs({SQUARED: squares, CUBED: squares}))
    for name in ("transfer_velocity", "flux_CO2"):
        np.testing.assert_allclose(values[name], 1.3 * base[name], rtol=1e-12)


# ---- skin ---------------------------------------------------------------------------


@pytest.mark.parametrize("salty", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("skin", ["donlon_2002", "fixed", -0.3])
def test_rapid_by_its_parts(skin, salty):
    """Air keeps its dry mole fraction: at the skin its water vapour is another."""
    of = model(scheme="rapid", cool_skin=skin, salty_skin=salty)
    pressures = [1000.0, 1020.0, 990.0]
    values, _, given = computed(of, P_atm=pressures)
    columns = {k: np.array(v, dtype=float) for k, v in COLUMNS.items()}
    step = skin if isinstance(skin, float) else physics.cool_skin(columns["wind"], skin)
    at_skin = columns["SST"] + step
    state = (columns["SST"], columns["salinity"], pressures)
    x = physics.xco2_from_fco2(columns["air"], *state)
    air = physics.fco2_from_xco2(x, at_skin, columns["salinity"] + salty, pressures)
    np.testing.assert_allclose(values["fCO2_atm_wet_flux"], air, rtol=1e-12)
    np.testing.assert_allclose(given.columns["air"], air, rtol=1e-12)
    k = physics.transfer_velocity(columns["wind"], at_skin)
    np.testing.assert_allclose(values["transfer_velocity"], k, rtol=1e-12)
    below = physics.solubility(columns["SST"], columns["salinity"])
    np.testing.assert_allclose(values["solubility"], below, rtol=1e-12)
    above = physics.solubility(at_skin, columns["salinity"] + salty)
    flux = 2.4e-4 * k * (below * columns["water"] - above * air)
    np.testing.assert_allclose(
        values["flux_CO2"], flux * (1.0 - columns["ice"]), rtol=1e-11
    )


@pytest.mark.parametrize(
    ("pressure", "used"),
    [
        (500.0, 1013.25),
        (500.1, 500.1),
        (1299.9, 1299.9),
        (1300.0, 1013.25),
        (NAN, 1013.25),
        (None, 1013.25),
    ],
)
def test_pressure_at_the_skin(pressure, used):
    more = {} if pressure is None else {"P_atm": [pressure] * 3}
    values, _, _ = computed(model(scheme="rapid"), **more)
    expected, _, _ = computed(model(scheme="rapid"), P_atm=[used] * 3)
    name = "fCO2_atm_wet_flux"
    np.testing.assert_array_equal(values[name], expected[name])
    other, _, _ = computed(model(scheme="rapid"), P_atm=[used * 0.999] * 3)
    assert not np.allclose(other[name], values[name], rtol=1e-9)


def test_skin_models_that_need_more_than_wind():
    with pytest.raises(OptionError) as caught:
        computed(model(scheme="rapid", cool_skin="fairall_1996"))
    needs = ", ".join(physics.SKIN_MODELS["fairall_1996"].inputs)
    assert str(caught.value) == (
        f"skin model 'fairall_1996' needs {needs}: compute it with physics.cool_skin"
        " and pass the result as cool_skin="
    )


def test_a_skin_of_every_row():
    steps = np.array([-0.1, -0.2, -0.3])
    values, _, _ = computed(model(scheme="rapid", cool_skin=steps))
    for i, step in enumerate(steps):
        one, _, _ = computed(model(scheme="rapid", cool_skin=float(step)))
        assert values["flux_CO2"][i] == one["flux_CO2"][i]


# ---- outside the range --------------------------------------------------------------

#: Wanninkhof (2014) holds from 3 to 15 m/s; its Schmidt numbers from -2 to 40 degC.
OUTSIDE = {"wind": [7.0, 2.9, 15.1]}


def test_rows_outside_of_any_formula():
    of = model()
    assert outside_range(of, inputs()).tolist() == [False] * 3
    assert outside_range(of, inputs(**OUTSIDE)).tolist() == [False, True, True]
    edge = inputs(wind=[3.0, 15.0, NAN])
    assert outside_range(of, edge).tolist() == [False] * 3
    limits = {name: ends for name, *ends in of.schmidt.valid}["temperature"]
    warm = inputs(SST=[limits[0], limits[1], limits[1] + 0.1])
    assert outside_range(of, warm).tolist() == [False, False, True]
    limits = {name: ends for name, *ends in of.solubility.valid}["salinity"]
    salty = inputs(salinity=[limits[0], limits[1], limits[1] + 0.1])
    assert outside_range(of, salty).tolist() == [False, False, True]


def test_policies_outside_the_range():
    base, _, _ = computed(model(on_range="flag"), inputs(**OUTSIDE))
    assert np.isfinite(base["flux_CO2"]).all()
    of = model(on_range="nan")
    values, _, _ = computed(of, inputs(**OUTSIDE))
    np.testing.assert_array_equal(values["flux_CO2"], [base["flux_CO2"][0], NAN, NAN])
    for name in ("transfer_velocity", "solubility", "wind_speed_10m"):
        np.testing.assert_array_equal(values[name], base[name])
    valid = "; ".join(f"{f.name}: {f.valid_text}" for f in of.formulas if f.valid)
    assert "wanninkhof_2014: wind_speed 3..15 m s-1" in valid
    text = f"flux: 2 of 3 rows outside {valid}"
    with pytest.warns(RangeWarning) as caught:
        warned, _, _ = computed(model(on_range="warn"), inputs(**OUTSIDE))
    assert [str(w.message) for w in caught] == [text]
    np.testing.assert_array_equal(warned["flux_CO2"], base["flux_CO2"])
    with pytest.raises(FormulaError) as error:
        computed(model(on_range="raise"), inputs(**OUTSIDE))
    assert str(error.value) == text


@pytest.mark.parametrize("policy", ["warn", "nan", "raise"])
def test_rows_without_a_flux_are_not_outside(policy):
    given = inputs(**OUTSIDE, water=[380.0, NAN, NAN])
    values, _, _ = computed(model(on_range=policy), given)
    assert np.isfinite(values["flux_CO2"]).tolist() == [True, False, False]


# ---- attributes ---------------------------------------------------------------------


def test_all_attributes():
    found = attributes(model(), inputs())
    formula = "k = (0.251 <U^2>) (Sc/660)^-1/2"
    velocity = {
        "method": "wanninkhof_2014",
        "formula": formula,
        "references": "Wanninkhof (2014), doi:10.4319/lom.2014.12.351",
        "schmidt_number": "wanninkhof_2014",
        "wind_moments": ROW,
    }
    flux = velocity | {
        "scheme": "bulk",
        "formula": f"{SCHEMES['bulk']}; {formula}",
        "solubility": "weiss_1974",
        "wind": "A",
        "air": "B",
        "ice": "C",
        "comment": "positive: out of the ocean; negative: into the ocean",
    }
    assert found == {
        "wind_speed_10m": attrs_of("wind_speed_10m", comment="wind: A"),
        "solubility": attrs_of("solubility", method="weiss_1974"),
        "transfer_velocity": attrs_of("transfer_velocity", **velocity),
        "fCO2_atm_wet_flux": attrs_of("fCO2_atm_wet_flux", comment="air: B"),
        "flux_CO2": attrs_of("flux_CO2", **flux),
    }


def test_attributes_that_depend_on_the_options():
    rapid = attributes(model(scheme="rapid"), inputs())["flux_CO2"]
    assert rapid["skin"] == "donlon_2002, salinity +0.1; SST is the subskin"
    assert rapid["references"] == (
        "Wanninkhof (2014), doi:10.4319/lom.2014.12.351; Woolf et al. (2016),"
        " doi:10.1002/2015JC011427"
    )
    assert rapid["formula"].startswith(SCHEMES["rapid"])
    rapid = model(scheme="rapid", cool_skin=-0.2, salty_skin=-0.25)
    skin = attributes(rapid, inputs())["flux_CO2"]["skin"]
    assert skin == "given, salinity -0.25; SST is the subskin"
    given = inputs(descriptions={"pressure": "D"})
    assert attributes(model(), given)["fCO2_atm_wet_flux"]["pressure"] == "D"
    own = attributes(model({"coef": (0.0, 0.3), "sc_ref": 600}), inputs())
    assert own["transfer_velocity"]["references"] == "own coefficients"
    assert own["transfer_velocity"]["formula"] == "k = (0.3 <U^1>) (Sc/600)^-1/2"
    scaled = attributes(model("LM86"), inputs())["transfer_velocity"]["formula"]
    expression = physics.TRANSFER_VELOCITIES["LM86"].expression
    assert scaled == f"k = {expression}, with its own Schmidt number scaling"
    both = {SQUARED: np.ones(3), CUBED: np.ones(3)}
    for coefficients, names in (
        ((0.0, 0.0, 1.0, 1.0), f"{SQUARED}, {CUBED}"),
        ((0.0, 0.0, 0.0, 1.0), CUBED),
    ):
        found = attributes(model({"coef": coefficients}), inputs(both))
        text = f"means of the powers given: {names}"
        assert found["flux_CO2"]["wind_moments"] == text
        assert found["transfer_velocity"]["wind_moments"] == text
