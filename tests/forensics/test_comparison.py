"""Computed results against delivered ones, and what would fit better."""

import json
import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import RangeWarning
from oceanco2.forensics.comparison import (
    Comparison,
    _pairs,
    compare,
    disagreement,
)
from oceanco2.forensics.scoring import Fit
from oceanco2.physics import fco2_at_sst, fco2_from_pco2, pco2_from_xco2
from oceanco2.platforms.settings import Reduction

N = 400
READ = (
    *("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"),
    *("T_equ", "SST", "salinity", "P_equ", "P_atm"),
)
WATER, AIR = "fCO2_water_SST_wet", "fCO2_atm_wet_actual"


def inputs():
    """Inputs of a ship, as they are printed."""
    n = np.arange(N)
    values = {
        "xCO2_water_Tequ_dry": np.round(360 + 40 * np.sin(n / 50), 2),
        "xCO2_atm_dry_actual": np.round(391 + np.cos(n / 9), 2),
        "SST": np.round(15 + 3 * np.sin(n / 70), 3),
        "T_equ": np.round(15.4 + 3 * np.sin(n / 70) + 0.1 * np.cos(n / 11), 3),
        "salinity": np.round(35 + 0.5 * np.cos(n / 60), 3),
        "P_atm": np.round(1012 + 5 * np.cos(n / 80), 2),
    }
    values["P_equ"] = np.round(values["P_atm"] - 6.0 + 0.5 * np.sin(n / 13), 2)
    return values


def results(values, **options):
    """fCO2 of water and air by SOCAT's recipe."""
    x, t, sst, s, p = (
        values[k] for k in ("xCO2_water_Tequ_dry", "T_equ", "SST", "salinity", "P_equ")
    )
    air, p_atm = values["xCO2_atm_dry_actual"], values["P_atm"]
    pco2 = pco2_from_xco2(air, sst, s, p_atm)
    water_pco2 = pco2_from_xco2(x, t, s, p)
    return {
        "fCO2_water_Tequ_wet": fco2_from_pco2(water_pco2, t, p, x),
        WATER: fco2_at_sst(x, t, sst, s, p, **options),
        AIR: fco2_from_pco2(pco2, sst, p_atm, air),
    }


def dataset(values, computed, delivered, read=READ, **set_up):
    """What `process` leaves: inputs, results, delivered results, set-up, options."""
    columns = dict(values) | computed
    columns |= {f"{name}_delivered": np.round(v, 2) for name, v in delivered.items()}
    set_up["variables"] = {name: {"height": 1.0} for name in read}
    attrs = {
        "set_up": json.dumps(set_up),
        "options": json.dumps({"reduction": Reduction().model_dump()}),
    }
    time = np.datetime64("2010-03-01", "ns") + np.arange(N) * np.timedelta64(3, "m")
    data = {name: ("time", v) for name, v in columns.items()}
    return xr.Dataset(data, coords={"time": time}, attrs=attrs)


def usual(**set_up):
    values = inputs()
    results_ = results(values)
    delivered = {name: results_[name] for name in (WATER, AIR)}
    return dataset(values, results_, delivered, **set_up)


def wrong(change):
    """A dataset whose inputs were changed before the results were computed."""
    right = inputs()
    values = right | change(right)
    delivered = {name: results(right)[name] for name in (WATER, AIR)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RangeWarning)
        computed = results(values)
    return dataset(values, computed, delivered)


def test_results_that_agree():
    ds = usual()
    found = compare(ds)
    assert [c.variable for c in found] == [WATER, AIR]
    assert not any(c.differs or c.accepted or c.better for c in found)
    water = found[0]
    assert water.computed == WATER
    assert water.units == "uatm"
    assert water.fit.rows == N
    assert water.fit.share == 1.0
    assert 0.0045 < water.fit.largest <= 0.005  # the rounding to 0.01
    assert water.recipe == (
        "xCO2_water_Tequ_dry; times (P_equ - weiss_price_1980 at T_equ); fugacity with"
        " (1 - x)^2 at T_equ; corrected to SST: takahashi_1993"
    )
    assert disagreement(found) == []


def test_nothing_was_delivered():
    values = inputs()
    assert compare(dataset(values, results(values), {})) == []


EXPLAINED = {
    "exchanged temperatures": (
        lambda v: {"SST": v["T_equ"], "T_equ": v["SST"]},
        "With T_equ and SST exchanged they agree",
    ),
    "exchanged pressures": (
        lambda v: {"P_equ": v["P_atm"], "P_atm": v["P_equ"]},
        "With P_equ and P_atm exchanged they agree",
    ),
    "exchanged gases": (
        lambda v: {
            "xCO2_water_Tequ_dry": v["xCO2_atm_dry_actual"],
            "xCO2_atm_dry_actual": v["xCO2_water_Tequ_dry"],
        },
        "With xCO2_water_Tequ_dry and xCO2_atm_dry_actual exchanged they agree",
    ),
    "air as water": (
        lambda v: {"xCO2_water_Tequ_dry": v["xCO2_atm_dry_actual"]},
        "xCO2_water_Tequ_dry has the values of the air, xCO2_atm_dry_actual",
    ),
    "salinity as temperature": (
        lambda v: {"SST": v["salinity"], "salinity": v["SST"]},
        "With SST and salinity exchanged they agree",
    ),
    "no temperature step": (
        lambda v: {"T_equ": v["SST"]},
        "T_equ is +0.00 K from SST; +0.41 K would explain it",
    ),
    "pressure 5 hPa high": (
        lambda v: {"P_equ": v["P_equ"] + 5.0},
        "They agree with: xCO2_water_Tequ_dry; times (P_equ -5.000 hPa -",
    ),
    "pressure of the air": (
        lambda v: {"P_equ": v["P_atm"]},
        "95 % would be within 0.187 with: xCO2_water_Tequ_dry; times (P_equ -5.979 hPa",
    ),
    "SST of a sensor 0.2 K off": (
        lambda v: {"SST": v["SST"] - 0.2 + 0.15 * np.sin(np.arange(N))},
        "T_equ is +0.60 K from SST; +0.40 K would explain it",
    ),
}


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_wrong_input_is_named(name):
    change, text = EXPLAINED[name]
    ds = wrong(change)
    first = compare(ds)[0]
    assert first.variable == WATER
    assert first.differs
    assert not first.accepted
    assert first.better.startswith(text)
    (message,) = disagreement([first])
    assert message.startswith(f"{WATER}: computed minus delivered is ")
    assert message.endswith(
        f'{first.better}. If this is right: [accepted] delivered.{WATER} = "why"'
    )


def test_nothing_that_is_known_explains_it():
    noise = np.random.default_rng(1).normal(0.0, 9.0, N)
    found = compare(wrong(lambda v: {"salinity": v["salinity"]}))
    assert not found[0].differs
    ds = usual()
    ds[f"{WATER}_delivered"] += noise
    assert compare(ds)[0].differs
    assert compare(ds)[0].better == ""


def test_columns_exchanged():
    ds = usual()
    names = {f"{WATER}_delivered": f"{AIR}_delivered"}
    names |= {f"{AIR}_delivered": f"{WATER}_delivered"}
    found = compare(ds.rename(names))
    assert found[0].better == f"The delivered values are those of {AIR}"
    (message,) = disagreement(found)
    assert (
        f". {AIR} differs as well. If this is right: [accepted] delivered =" in message
    )


def test_a_column_delivered_under_another_name():
    ds = usual().drop_vars(f"{AIR}_delivered")
    ds["xCO2_water_SST_wet"] = "time", np.full(N, 700.0)
    ds["xCO2_water_SST_wet_delivered"] = ds[f"{WATER}_delivered"].copy()
    ds[f"{WATER}_delivered"] = "time", np.full(N, 200.0)
    better = {c.variable: c.better for c in compare(ds)}
    text = "The column delivered as xCO2_water_SST_wet has the computed values"
    assert better[WATER] == text
    assert better["xCO2_water_SST_wet"] == f"The delivered values are those of {WATER}"


def test_a_name_that_nothing_was_computed_for():
    ds = usual().rename({f"{WATER}_delivered": "fCO2_water_x"}).drop_vars(AIR)
    ds = ds.rename({f"{AIR}_delivered": "x"})
    ds["fCO2_atm_wet_interp_delivered"] = ds["fCO2_water_x"]
    found = compare(ds)
    assert [(c.variable, c.computed) for c in found] == [("fCO2_atm_wet_interp", WATER)]
    assert found[0].differs
    assert found[0].text() == (
        f"fCO2_atm_wet_interp as delivered has the values of {WATER} as computed: 100.0"
        " % of 400 rows agree within 2.000 uatm"
    )
    # of another quantity nothing can be said
    ds["pCO2_atm_wet_interp_delivered"] = ds["fCO2_water_x"]
    assert len(compare(ds)) == 1


def test_a_published_variable_of_the_platform_file():
    """Results under [variables] are kept; they are compared with the recipe, too."""
    values = inputs()
    right = results(values)[WATER]
    for shift, differs in ((0.0, False), (0.5, True)):
        computed = {WATER: np.round(right + shift, 2)}
        found = compare(dataset(values, computed, {}, read=(*READ, WATER)))
        assert [(c.variable, c.differs) for c in found] == [(WATER, differs)]
        assert found[0].fit.median == pytest.approx(-shift, abs=0.005)
    assert compare(dataset({}, computed, {}, read=(WATER,))) == []


@pytest.mark.parametrize(
    ("set_up", "accepted"),
    [
        ({}, False),
        ({"accepted": {"delivered": "another recipe"}}, True),
        ({"accepted": {"delivered": {WATER: "another recipe"}}}, True),
        ({"accepted": {"delivered": {AIR: "another recipe"}}}, False),
        ({"accepted": {"units": "as printed"}}, False),
        ({"within": {WATER: 2.1}}, True),
        ({"within": {WATER: 1.9}}, False),
        ({"within": {AIR: 2.1}}, False),
        ({"within": {WATER: 1.9}, "accepted": {"delivered": "why"}}, True),
    ],
)
def test_answers(set_up, accepted):
    ds = usual(**set_up)
    ds[f"{WATER}_delivered"] += 2.0
    water, air = compare(ds)
    assert water.differs
    assert water.accepted is accepted
    assert bool(water.better) is not accepted
    assert (air.differs, air.accepted) == (False, False)
    assert bool(disagreement([water, air])) is not accepted


def calibrated(shift):
    """A sensor: its own pCO2, and that from its signals."""
    shown = 400 + 100 * np.sin(np.arange(N) / 40)
    computed = {"pCO2_water_SST_wet": shown * (1 + shift)}
    return dataset({}, computed, {"pCO2_water_SST_wet": shown}, read=("SST",))


@pytest.mark.parametrize(
    ("shift", "differs"), [(0.0, False), (0.0049, False), (0.0055, True), (-0.01, True)]
)
def test_calibrated_results_differ_beyond_half_a_percent(shift, differs):
    (found,) = compare(calibrated(shift))
    assert found.differs is differs
    assert found.recipe == ""
    assert found.better == ""
    assert found.fit.tolerance == pytest.approx(2.0, abs=0.2)


def test_good_rows_count_where_a_tenth_is_good():
    ds = calibrated(0.0)
    name = "pCO2_water_SST_wet"
    ds[name] = ds[name] + np.where(np.arange(N) < 40, 0.0, 90.0)
    for good, rows, differs in ((40, 40, False), (39, N, True)):
        flag = np.where(np.arange(N) < good, 2, 3)
        ds[f"{name}_flag"] = "time", flag.astype("int8")
        (found,) = compare(ds)
        assert (found.fit.rows, found.differs) == (rows, differs)
    ds[f"{name}_flag"] = "time", np.where(np.arange(N) < 40, 3, 4).astype("int8")
    assert compare(ds)[0].fit.rows == 40
    ds[f"{name}_flag"] = "time", np.full(N, 4, dtype="int8")
    assert compare(ds)[0].fit.rows == N


@pytest.mark.parametrize(("rows", "found"), [(5, 1), (4, 0)])
def test_five_rows_are_needed(rows, found):
    assert len(compare(calibrated(0.1).isel(time=slice(rows)))) == found


def test_a_shift_that_the_digits_do_not_explain():
    """0.02 uatm are less than the rounding of one row and show in the median."""
    ds = usual()
    for shift, differs in ((0.005, False), (0.018, True)):
        moved = ds.copy()
        moved[WATER] = moved[WATER] + shift
        fit = compare(moved)[0]
        assert fit.fit.share == 1.0
        assert fit.differs is differs


def test_the_options_of_the_platform_file_are_its_recipe():
    values = inputs()
    options = {"temperature_correction": "takahashi_2009"}
    delivered = {WATER: results(values, **options)[WATER]}
    ds = dataset(values, results(values, **options), delivered)
    reduction = Reduction(
        temperature_correction="takahashi_2009",
        mole_fraction="neglect",
        virial_pressure="standard_atmosphere",
        vapour_pressure="dickson_2007",
    )
    ds.attrs["options"] = json.dumps({"reduction": reduction.model_dump()})
    (found,) = compare(ds)
    assert not found.differs
    assert found.recipe == (
        "xCO2_water_Tequ_dry; times (P_equ - dickson_2007 at T_equ); fugacity without"
        " (1 - x)^2, at 1 atm at T_equ; corrected to SST: takahashi_2009"
    )
    ds = dataset(values, results(values), delivered)
    assert compare(ds)[0].better.endswith("corrected to SST: takahashi_2009")


def test_the_text_and_the_order_of_the_warning():
    fit = Fit(1200, -1.5, 2.25, 3.125, 0.125, 0.0625)
    one = [
        Comparison(name, name, "uatm", fit, differs=True)
        for name in ("delta_fCO2", AIR, WATER)
    ]
    text = (
        f"{WATER}: computed minus delivered is -1.500 uatm in the median, 95 % within"
        " 2.250, largest 3.125; 12.5 % of 1,200 rows agree within 0.062"
    )
    assert one[2].text() == text
    (message,) = disagreement(one)
    assert message == (
        f"{text}. {AIR}, delta_fCO2 differ as well."
        ' If this is right: [accepted] delivered = "why"'
    )
    assert one[0].to_dict() == {
        "variable": "delta_fCO2",
        "computed": "delta_fCO2",
        "units": "uatm",
        "fit": {
            "rows": 1200,
            "median": -1.5,
            "percentile_95": 2.25,
            "largest": 3.125,
            "share": 0.125,
            "tolerance": 0.0625,
        },
        "recipe": "",
        "differs": True,
        "accepted": False,
        "better": "",
    }


def test_options_that_the_dataset_does_not_state_are_the_defaults():
    ds = usual()
    for options in ("{}", '{"reduction": {}}', '{"reduction": 3}'):
        ds.attrs["options"] = options
        assert not any(c.differs for c in compare(ds))


def test_a_sensor_with_two_temperatures():
    """The warming is named where no recipe starts from a column that was read."""
    values = inputs()
    right = results(values)[WATER]
    computed = {WATER: right * np.exp(0.0423 * -0.5)}
    ds = dataset(values, computed, {WATER: right}, read=("T_equ", "SST"))
    text = "T_equ is +0.40 K from SST; -0.10 K would explain it"
    assert compare(ds)[0].better == text
    for name in ("T_equ", "SST"):
        assert compare(ds.drop_vars(name))[0].better == ""


def test_results_at_the_equilibrator_have_no_warming():
    values = inputs()
    right = results(values)
    name = "fCO2_water_Tequ_wet"
    shown = right[name] * np.exp(0.0423 * 0.4)
    found = compare(dataset(values, {name: right[name]}, {name: shown}))[0]
    assert found.differs
    assert "K would explain it" not in found.better


def test_long_data_are_explained_by_a_sample():
    ds = xr.concat([usual() for _ in range(40)], "time", combine_attrs="override")
    pair, _ = next(_pairs(ds, READ))
    for size, kept in ((4999, 4999), (5000, 2500), (10000, 3334), (16000, 4000)):
        pair, _ = next(_pairs(ds.isel(time=slice(size)), READ))
        some = pair.sample()
        assert some.rows.size == kept
        lengths = {some.computed.size, some.delivered.size}
        lengths |= {v.size for v in some.columns.values.values()}
        assert lengths == {kept}
        assert (some.delivered == pair.delivered[some.rows]).all()


def test_a_published_variable_needs_a_temperature():
    values = inputs()
    name = "pCO2_water_Tequ_wet"
    published = {name: np.full(N, 300.0)}
    read = ("xCO2_water_Tequ_dry", "P_equ", name)
    assert compare(dataset(values, published, {}, read=read)) == []
    assert len(compare(dataset(values, published, {}, read=(*read, "SST")))) == 1
