"""Where every standard uncertainty comes from, on two rows computed by hand."""

import numpy as np
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2 import platforms
from oceanco2.uncertainty import add_uncertainty
from oceanco2.vocabulary import VARIABLES

SHIP = platforms.available()["demo_ship"].read_text()
#: What the platform file of the ship states.
STATED = {"SST": 0.02, "T_equ": 0.02, "salinity": 0.05, "P_equ": 0.5, "P_atm": 0.5}
INPUTS = {
    "SST": [15.0, 15.1],
    "T_equ": [15.4, 15.2],
    "salinity": [35.0, np.nan],
    "P_equ": [1012.0, 1013.0],
    "P_atm": [1014.0, 1015.0],
}
WET, DRY = "CO2_water_SST_wet", "xCO2_water_Tequ_dry"
ACTUAL, INTERP = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"


def ship(old="", new=""):
    text = SHIP.replace(old, new) if old else SHIP
    assert text != SHIP or not old
    return platforms.parse(text.encode(), "ship.toml")


def dataset(attrs=None, **variables):
    data = {name: ("time", np.array(values)) for name, values in variables.items()}
    time = np.array(["2024-02-01", "2024-02-02"], "datetime64[ns]")
    ds = xr.Dataset(data, coords={"time": time})
    for name, text in (attrs or {}).items():
        ds[name].attrs["uncertainty_source"] = text
    return ds


def made(ds, platform=None):
    """Names, values and sources of what is added."""
    out = add_uncertainty(ds, platform or ship())
    new = {n: out[n] for n in out.data_vars if n not in ds}
    assert all(n.endswith("_uncertainty") for n in new)
    assert all(v.dims == ("time",) for v in new.values())
    for name, variable in new.items():
        base = VARIABLES[name.removesuffix("_uncertainty")]
        assert variable.attrs["units"] == base.units
    names = {n: n.removesuffix("_uncertainty") for n in new}
    return (
        {names[n]: v.to_numpy() for n, v in new.items()},
        {names[n]: v.attrs["uncertainty_source"] for n, v in new.items()},
    )


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_inputs_have_what_the_platform_file_states():
    found, sources = made(dataset(**INPUTS))
    assert set(found) == set(STATED)
    for name, sigma in STATED.items():
        present = np.isfinite(INPUTS[name])
        close(found[name], np.where(present, sigma, np.nan))
        assert sources[name] == "platform file"


def test_what_nobody_states_is_assumed():
    found, sources = made(dataset(**{DRY: [400.0, np.nan]}))
    close(found[DRY], [1.0, np.nan])
    assert sources == {DRY: "assumed"}


def test_interpolation_in_time_adds_to_the_sensor():
    ds = dataset(SST=[1.0, 2.0], SST_interpolation_uncertainty=[0.03, np.nan])
    found, sources = made(ds)
    close(found["SST"], [np.hypot(0.02, 0.03), 0.02])
    assert sources["SST"] == (
        "platform file; interpolation in time: structure function of its stream"
    )


def test_an_uncertainty_that_is_there_stays_and_is_used():
    ds = dataset(**INPUTS, T_equ_uncertainty=[0.3, 0.4], **{DRY: [400.0, 401.0]})
    ds[f"f{WET}"] = ("time", [390.0, 391.0])
    found, _ = made(ds)
    assert "T_equ" not in found
    expected = ph.fco2_uncertainty(
        *(np.array(v) for v in ([400.0, 401.0], *water_inputs())),
        u_xco2=1.0,
        u_t_equ=np.array([0.3, 0.4]),
        u_sst=0.02,
        u_salinity=0.05,
        u_p_equ=0.5,
    )
    close(found[f"f{WET}"], expected)


def water_inputs(*names):
    return [INPUTS[name] for name in names or ("T_equ", "SST", "salinity", "P_equ")]


CALIBRATED = {"calibration_uncertainty": [0.2, 0.3], "calibration_slope": [1.1, 0.9]}
TOTAL = np.hypot([0.11, 0.09], [0.2, 0.3])


def test_calibrated_mole_fractions():
    names = ("xCO2_calibrated", DRY, ACTUAL, INTERP)
    ds = dataset(**CALIBRATED, xCO2_water_SST_dry=[400.0, 401.0])
    found, sources = made(ds.assign({n: ("time", [400.0, 401.0]) for n in names}))
    text = "reading: platform file; standards: certificates, readings and fit"
    for name in names:
        close(found[name], TOTAL)
        assert sources[name] == text
    close(found["xCO2_water_SST_dry"], [1.0, 1.0])
    assert set(found) == {*names, "xCO2_water_SST_dry"}


@pytest.mark.parametrize(
    ("given", "median"),
    [([0.4, np.nan], 0.4), ([0.2, 0.5], 0.35), ([np.nan] * 2, None)],
)
def test_air_of_a_calibration_model_is_as_uncertain_as_its_median_sample(given, median):
    ds = dataset(
        {f"{ACTUAL}_uncertainty": "the model"},
        **{ACTUAL: [np.nan, 410.0], INTERP: [410.0, 410.0]},
        **{f"{ACTUAL}_uncertainty": given},
    )
    found, sources = made(ds)
    close(found[INTERP], [np.nan if median is None else median] * 2)
    assert sources == {INTERP: "median of the air samples"}


def test_air_without_a_model_is_assumed():
    found, sources = made(dataset(**{INTERP: [410.0, 410.0], ACTUAL: [410.0, 410.0]}))
    close(found[INTERP], [1.0, 1.0])
    assert sources[INTERP] == "assumed"


U = {"u_t_equ": 0.02, "u_sst": 0.02, "u_salinity": 0.05, "u_p_equ": 0.5}
RESULTS = {
    f"f{WET}": [380.0, 381.0],
    f"p{WET}": [382.0, 383.0],
    "fCO2_water_Tequ_wet": [386.0, 387.0],
    "pCO2_water_Tequ_wet": [388.0, 389.0],
}
SALT = {"salinity": [35.0, 34.0]}
LINEAR = "linear propagation from"
OTHER_FORMULAS = {
    "temperature_correction": "takahashi_2009",
    "vapour_pressure": "dickson_2007",
    "mole_fraction": "pco2",
}


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ("", {}),
        *((f'{k} = "{v}"', {k: v}) for k, v in OTHER_FORMULAS.items()),
        ('virial_pressure = "standard_atmosphere"', {"virial_pressure": "1atm"}),
    ],
)
def test_results_of_water(table, options):
    x = np.array([400.0, 401.0])
    ds = dataset(**INPUTS | SALT | RESULTS, **{DRY: x})
    platform = ship("[intake]", f"[reduction]\n{table}\n[intake]")
    found, sources = made(ds, platform)
    t_equ, sst, salinity, pressure = map(np.array, water_inputs())
    salinity = np.array(SALT["salinity"])
    total = ph.fco2_uncertainty(
        x, t_equ, sst, salinity, pressure, u_xco2=1.0, **U, **options
    )
    close(found[f"f{WET}"], total)
    close(found[f"p{WET}"], total * np.array([382.0 / 380.0, 383.0 / 381.0]))
    at_equ = ph.fco2_uncertainty(
        x, t_equ, t_equ, salinity, pressure, u_xco2=1.0, corr_teq_sst=1.0, **U | options
    )
    close(found["fCO2_water_Tequ_wet"], at_equ)
    close(found["pCO2_water_Tequ_wet"], at_equ * [388.0 / 386.0, 389.0 / 387.0])
    text = f"{LINEAR} {DRY}, T_equ, SST, salinity, P_equ"
    assert {sources[name] for name in RESULTS} == {text}


def test_impossible_inputs_give_no_uncertainty():
    ds = dataset(**INPUTS | SALT | {"P_equ": [1012.0, 9.0]}, **{DRY: [400.0, 401.0]})
    found, _ = made(ds.assign({f"f{WET}": ("time", [380.0, 381.0])}))
    assert np.isfinite(found[f"f{WET}"]).tolist() == [True, False]


def test_results_of_a_mole_fraction_at_the_temperature_of_the_sea():
    x = np.array([400.0, 401.0])
    results = {n: v for n, v in RESULTS.items() if "SST" in n}
    ds = dataset(**INPUTS | SALT | results, xCO2_water_SST_dry=x)
    found, sources = made(ds)
    sst, pressure = np.array(INPUTS["SST"]), np.array(INPUTS["P_equ"])
    total = ph.fco2_uncertainty(
        *(x, sst, sst, np.array(SALT["salinity"]), pressure),
        u_xco2=1.0,
        corr_teq_sst=1.0,
        **U,
    )
    close(found[f"f{WET}"], total)
    close(found[f"p{WET}"], total * np.array([382.0 / 380.0, 383.0 / 381.0]))
    text = f"{LINEAR} xCO2_water_SST_dry, SST, salinity, P_equ"
    assert sources[f"f{WET}"] == sources[f"p{WET}"] == text


def test_delivered_fco2_is_as_uncertain_as_socat_assumes():
    found, sources = made(dataset(**{f"f{WET}": [380.0, np.nan]}))
    close(found[f"f{WET}"], [2.0, np.nan])
    assert sources == {f"f{WET}": f"{LINEAR} the delivered CO2, T_equ, SST"}


def test_delivered_pco2_at_the_equilibrator_adds_two_thermometers():
    name = "pCO2_water_Tequ_wet"
    line = f'{name} = {{ column = "p", units = "uatm" }}\n'
    platform = ship("wind_speed = ", f"{line}wind_speed = ")
    ds = dataset(**INPUTS, **{name: [388.0, 389.0], f"f{WET}": [380.0, 381.0]})
    ds[f"p{WET}"] = ("time", [382.0, 383.0])
    found, sources = made(ds, platform)
    step = np.hypot(0.02, 0.02) * 0.0423 * np.array([380.0, 381.0])
    close(found[f"f{WET}"], np.hypot(1.0, step))
    close(found[f"p{WET}"], np.hypot(1.0, step) * [382.0 / 380.0, 383.0 / 381.0])
    close(found[name], [1.0, 1.0])
    assert sources[name] == "assumed"
    # fCO2 at the equilibrator has an uncertainty only if it was computed from xCO2.
    ds["fCO2_water_Tequ_wet"] = ("time", [386.0, 387.0])
    assert "fCO2_water_Tequ_wet" not in made(ds, platform)[0]


def test_the_calibration_model_may_compute_the_uncertainty():
    name = f"p{WET}_uncertainty"
    ds = dataset({name: ""}, **{name: [3.8, 7.6], f"f{WET}": [380.0, 381.0]})
    ds[f"p{WET}"] = ("time", [382.0, 383.0])
    found, _ = made(ds)
    close(found[f"f{WET}"], [3.8, 7.6])
    assert set(found) == {f"f{WET}"}


def test_no_result_no_uncertainty():
    found, _ = made(dataset(**INPUTS | SALT, **{f"p{WET}": [382.0, 383.0]}))
    assert set(found) == set(STATED)


@pytest.mark.parametrize("kind", ["actual", "interp"])
def test_results_of_air(kind):
    x = np.array([410.0, 411.0])
    dry, p, f = f"xCO2_atm_dry_{kind}", f"pCO2_atm_wet_{kind}", f"fCO2_atm_wet_{kind}"
    ds = dataset(**INPUTS | SALT, **{dry: x, p: [402.0, 403.0], f: [400.0, 401.0]})
    found, sources = made(ds)
    sst, pressure = np.array(INPUTS["SST"]), np.array(INPUTS["P_atm"])
    total = ph.fco2_uncertainty(
        *(x, sst, sst, np.array(SALT["salinity"]), pressure),
        u_xco2=1.0,
        corr_teq_sst=1.0,
        **U,
    )
    close(found[f], total)
    close(found[p], total * [402.0 / 400.0, 403.0 / 401.0])
    assert sources[f] == sources[p] == f"{LINEAR} {dry}, SST, salinity, P_atm"
    assert set(made(ds.drop_vars("P_atm"))[0]) == {*STATED, dry} - {"P_atm"}
    assert set(made(ds.drop_vars(f))[0]) == {*STATED, dry}


@pytest.mark.parametrize(
    ("kinds", "used"),
    [(["actual"], "actual"), (["interp"], "interp"), (["actual", "interp"], "interp")],
)
def test_the_difference_of_water_and_air(kinds, used):
    ds = dataset(**INPUTS | SALT, delta_fCO2=[-20.0, -21.0])
    assert "delta_fCO2" not in made(ds)[0]
    for number, kind in enumerate(kinds):
        for name, value in (("xCO2_atm_dry", 410.0), ("fCO2_atm_wet", 400.0)):
            values = ("time", [value, value + number])
            ds[f"{name}_{kind}"] = values
        ds[f"pCO2_atm_wet_{kind}"] = ("time", [402.0, 403.0])
        ds[f"xCO2_atm_dry_{kind}_uncertainty"] = ("time", [1.0 + number] * 2)
    assert "delta_fCO2" not in made(ds)[0]
    ds[f"f{WET}"] = ("time", [380.0, 381.0])
    found, sources = made(ds)
    air = found[f"fCO2_atm_wet_{used}"]
    close(found["delta_fCO2"], np.hypot(found[f"f{WET}"], air))
    assert sources["delta_fCO2"] == "water and air"


def test_the_history_says_so():
    out = add_uncertainty(dataset(SST=[1.0, 2.0]), ship())
    assert "uncertainties propagated" in out.attrs["history"]
