"""Where the computation starts, what it needs, and the uncertainty of every entry."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import physics as ph
from oceanco2 import platforms
from oceanco2.errors import PlatformError, ProcessingError
from oceanco2.platforms import VariableSource
from oceanco2.platforms.settings import Reduction
from oceanco2.reduction import ENTRIES, check_inputs, entry_of, method, reduce
from oceanco2.uncertainty import add_uncertainty
from oceanco2.vocabulary import attrs_of

TIME = np.datetime64("2024-03-01", "ns") + np.arange(2).astype("timedelta64[h]")
CASE = {"SST": 20.0, "T_equ": 20.5, "salinity": 35.0, "P_equ": 1000.0}
NAN = np.nan


def dataset(**values):
    data = {
        n: ("time", np.full(2, v, dtype=float), attrs_of(n)) for n, v in values.items()
    }
    return xr.Dataset(data, coords={"time": TIME})


def ship(variables=(), **options):
    base = platforms.load("demo_ship")
    update = {"reduction": Reduction(**options)}
    if variables != ():
        sources = {n: VariableSource(value=1.0, **v) for n, v in variables.items()}
        update |= {"variables": sources, "sensors": {}}
    return base.model_copy(update=update)


def first(ds, name):
    return float(ds[name].to_numpy()[0])


NEEDED = {
    "xCO2_water_Tequ_dry": {"T_equ", "SST", "salinity", "P_equ"},
    "xCO2_water_SST_dry": {"SST", "salinity", "P_equ"},
    "pCO2_water_Tequ_wet": {"T_equ", "SST", "P_equ"},
    "fCO2_water_Tequ_wet": {"T_equ", "SST"},
    "pCO2_water_SST_wet": {"SST", "P_equ"},
}


def test_entries_in_their_order():
    assert list(ENTRIES) == list(NEEDED)
    everything = dataset(**dict.fromkeys([*NEEDED, *CASE], 1.0))
    for name in NEEDED:
        assert entry_of(everything) == name
        everything = everything.drop_vars(name)
    assert entry_of(everything) is None


@pytest.mark.parametrize("entry", NEEDED)
def test_what_an_entry_needs(entry):
    values = dict.fromkeys(NEEDED[entry], 10.0)
    assert entry_of(dataset(**{entry: 400.0}, **values)) == entry
    for lacking in NEEDED[entry]:
        others = {n: v for n, v in values.items() if n != lacking}
        with pytest.raises(ProcessingError, match=f"{entry} cannot .*{lacking}"):
            entry_of(dataset(**{entry: 400.0}, **others))
        platform = ship({n: {} for n in [*others, entry]})
        with pytest.raises(PlatformError, match=f"lacks {lacking}: {entry} cannot"):
            check_inputs(platform)
    check_inputs(ship({n: {} for n in [*values, entry]}))
    check_inputs(ship({n: {} for n in values}), {entry})
    check_inputs(ship({"SST": {}}))
    for at in ("SST", "Tequ"):
        wet = ship({f"xCO2_water_{at}_wet": {}})
        with pytest.raises(PlatformError, match=f"xCO2_water_{at}_dry cannot"):
            check_inputs(wet)


def test_results_at_one_temperature_and_pressure():
    values = {n: v for n, v in CASE.items() if n != "T_equ"}
    out = reduce(dataset(xCO2_water_SST_dry=400.0, **values), ship())
    pco2 = ph.pco2_from_xco2(400.0, 20.0, 35.0, 1000.0)
    assert first(out, "pCO2_water_SST_wet") == pytest.approx(float(pco2))
    fco2 = ph.fco2_from_pco2(pco2, 20.0, 1000.0, 400.0)
    assert first(out, "fCO2_water_SST_wet") == pytest.approx(float(fco2))
    assert "pCO2_water_Tequ_wet" not in out
    assert "delta_fCO2" not in out


def test_pco2_at_equilibrator_temperature_with_and_without_its_mole_fraction():
    start = {"pCO2_water_Tequ_wet": 390.0, **CASE}
    without = reduce(dataset(**start), ship())
    with_wet = reduce(dataset(**start, xCO2_water_Tequ_wet=5000.0), ship())
    by_pco2 = ph.fco2_from_pco2(390.0, 20.5, 1000.0, mole_fraction="pco2")
    assert first(without, "fCO2_water_Tequ_wet") == pytest.approx(float(by_pco2))
    by_x = ph.fco2_from_pco2(390.0, 20.5, 1000.0, 5000.0)
    assert first(with_wet, "fCO2_water_Tequ_wet") == pytest.approx(float(by_x))
    assert float(by_x) != float(by_pco2)
    ratio = first(without, "pCO2_water_SST_wet") / first(without, "fCO2_water_SST_wet")
    assert ratio == pytest.approx(390.0 / float(by_pco2))


def test_fco2_at_equilibrator_temperature_gives_fco2_only():
    out = reduce(dataset(fCO2_water_Tequ_wet=380.0, T_equ=21.0, SST=20.0), ship())
    expected = 380.0 * np.exp(-0.0423)
    assert first(out, "fCO2_water_SST_wet") == pytest.approx(expected, rel=1e-9)
    assert "pCO2_water_SST_wet" not in out


def test_the_standard_atmosphere_of_the_virial_pressure():
    start = {"xCO2_water_Tequ_dry": 400.0, **CASE}
    out = reduce(dataset(**start), ship(virial_pressure="standard_atmosphere"))
    pco2 = first(out, "pCO2_water_Tequ_wet")
    expected = ph.fco2_from_pco2(pco2, 20.5, 1013.25, 400.0)
    assert first(out, "fCO2_water_Tequ_wet") == pytest.approx(float(expected))
    measured = reduce(dataset(**start), ship())
    assert first(measured, "fCO2_water_Tequ_wet") > first(out, "fCO2_water_Tequ_wet")
    assert "virial_pressure: standard_atmosphere" in method(
        ship(virial_pressure="standard_atmosphere")
    )
    text = out.attrs["history"]
    assert "reduced (vapour_pressure: weiss_price_1980; temperature_correction" in text


AIR = {"SST": 20.0, "salinity": 35.0, "P_atm": 1010.0}


def test_air_and_the_difference_to_the_better_of_two():
    gases = {"xCO2_atm_dry_actual": 420.0, "xCO2_atm_dry_interp": 415.0}
    water = {"fCO2_water_SST_wet": 380.0}
    out = reduce(dataset(**gases, **AIR, **water), ship())
    for kind, mole in (("actual", 420.0), ("interp", 415.0)):
        pco2 = ph.pco2_from_xco2(mole, 20.0, 35.0, 1010.0)
        fco2 = ph.fco2_from_pco2(pco2, 20.0, 1010.0, mole)
        assert first(out, f"pCO2_atm_wet_{kind}") == pytest.approx(float(pco2))
        assert first(out, f"fCO2_atm_wet_{kind}") == pytest.approx(float(fco2))
    difference = 380.0 - first(out, "fCO2_atm_wet_interp")
    assert first(out, "delta_fCO2") == pytest.approx(difference)
    alone = reduce(dataset(xCO2_atm_dry_actual=420.0, **AIR, **water), ship())
    difference = 380.0 - first(alone, "fCO2_atm_wet_actual")
    assert first(alone, "delta_fCO2") == pytest.approx(difference)
    given = reduce(dataset(delta_fCO2=1.0, **gases, **AIR, **water), ship())
    assert first(given, "delta_fCO2") == 1.0
    own = reduce(dataset(fCO2_atm_wet_actual=7.0, **gases, **AIR), ship())
    assert first(own, "fCO2_atm_wet_actual") == 7.0
    for lacking in AIR:
        values = {n: v for n, v in AIR.items() if n != lacking}
        assert "fCO2_atm_wet_actual" not in reduce(dataset(**gases, **values), ship())


# ---- uncertainty --------------------------------------------------------------------


def u(out, name):
    ds = out[f"{name}_uncertainty"]
    return float(ds.to_numpy()[0]), ds.attrs["uncertainty_source"]


STATED = {
    name: {"uncertainty": value}
    for name, value in {
        "SST": 0.03,
        "T_equ": 0.04,
        "salinity": 0.02,
        "P_equ": 0.5,
        "P_atm": 0.7,
    }.items()
}


def test_delivered_results_have_their_own_or_the_assumed_uncertainty():
    at_sst = dataset(fCO2_water_SST_wet=380.0, pCO2_water_SST_wet=381.0, SST=20.0)
    out = add_uncertainty(at_sst, ship(STATED))
    value, source = u(out, "fCO2_water_SST_wet")
    assert value == 2.0  # of SOCAT
    assert source == "linear propagation from the delivered CO2, T_equ, SST"
    assert u(out, "pCO2_water_SST_wet")[0] == pytest.approx(2.0 * 381.0 / 380.0)
    assert u(out, "SST") == (0.03, "platform file")
    stated = ship(STATED | {"fCO2_water_SST_wet": {"uncertainty": 3.0}})
    assert u(add_uncertainty(at_sst, stated), "fCO2_water_SST_wet")[0] == 3.0


def test_a_delivered_result_at_equilibrator_temperature():
    ds = reduce(dataset(fCO2_water_Tequ_wet=380.0, T_equ=21.0, SST=20.0), ship())
    platform = ship(STATED | {"fCO2_water_Tequ_wet": {"uncertainty": 1.5}})
    out = add_uncertainty(ds, platform)
    fco2 = first(ds, "fCO2_water_SST_wet")
    expected = np.hypot(1.5, np.hypot(0.04, 0.03) * 0.0423 * fco2)
    assert u(out, "fCO2_water_SST_wet")[0] == pytest.approx(expected)
    assert u(out, "fCO2_water_Tequ_wet")[0] == 1.5


def test_results_of_a_model_keep_their_uncertainty():
    computed = xr.DataArray([1.5, NAN], dims="time", attrs={"uncertainty_source": "m"})
    ds = dataset(pCO2_water_SST_wet=381.0, fCO2_water_SST_wet=380.0, SST=20.0)
    ds = ds.assign(pCO2_water_SST_wet_uncertainty=computed)
    out = add_uncertainty(ds, ship(STATED))
    assert u(out, "pCO2_water_SST_wet") == (1.5, "m")
    found = out["fCO2_water_SST_wet_uncertainty"].to_numpy()
    np.testing.assert_array_equal(found, [1.5, NAN])


def test_a_mole_fraction_at_sst_uses_one_thermometer():
    start = dataset(xCO2_water_SST_dry=400.0, **CASE).drop_vars("T_equ")
    platform = ship(STATED | {"xCO2_water_SST_dry": {"uncertainty": 0.8}})
    out = add_uncertainty(reduce(start, platform), platform)
    values = (400.0, 20.0, 35.0, 1000.0)
    total = 0.0
    for i, sigma in enumerate((0.8, 0.03, 0.02, 0.5)):
        shift = np.zeros(4)
        shift[i] = 0.5 * sigma
        up, down = (ph.fco2_from_xco2(*(np.array(values) + s)) for s in (shift, -shift))
        total += float(up - down) ** 2
    value, source = u(out, "fCO2_water_SST_wet")
    assert value == pytest.approx(np.sqrt(total), rel=1e-3)
    names = "xCO2_water_SST_dry, SST, salinity, P_equ"
    assert source == f"linear propagation from {names}"


def test_interpolation_in_time_adds_to_a_sensor():
    ds = dataset(SST=20.0, fCO2_water_SST_wet=380.0)
    gap = {"SST_interpolation_uncertainty": ("time", [0.04, NAN])}
    out = add_uncertainty(ds.assign(gap), ship(STATED))
    np.testing.assert_allclose(out["SST_uncertainty"], [0.05, 0.03])
    text = "platform file; interpolation in time: structure function of its stream"
    assert u(out, "SST")[1] == text


def test_readings_and_standards_of_an_analyser():
    ds = dataset(xCO2_water_Tequ_dry=400.0, **CASE, **{"xCO2_atm_dry_interp": 415.0})
    ds = ds.assign(
        calibration_uncertainty=("time", [0.4, 0.4]),
        calibration_slope=("time", [1.5, 1.5]),
        xCO2=("time", [390.0, 390.0]),
    )
    platform = ship(STATED | {"xCO2": {"uncertainty": 0.2}})
    out = add_uncertainty(reduce(ds, platform), platform)
    value, source = u(out, "xCO2_water_Tequ_dry")
    assert value == pytest.approx(0.5)  # 1.5 * 0.2 and 0.4
    assert source == "reading: platform file; standards: certificates, readings and fit"
    assert u(out, "xCO2_atm_dry_interp") == (pytest.approx(0.5), source)
    both = out["fCO2_water_SST_wet_uncertainty"].to_numpy()[0]
    assert both > 0.4


def test_air_of_a_model_lends_its_median_to_the_water_samples():
    ds = dataset(xCO2_atm_dry_interp=415.0, xCO2_atm_dry_actual=415.0, **AIR)
    of_model = ("time", [0.7, 0.9], {"uncertainty_source": "m"})
    ds = reduce(ds.assign(xCO2_atm_dry_actual_uncertainty=of_model), ship())
    ds = ds.assign(fCO2_water_SST_wet=("time", [380.0, 380.0]))
    out = add_uncertainty(ds, ship(STATED))
    assert u(out, "xCO2_atm_dry_interp") == (
        pytest.approx(0.8),
        "median of the air samples",
    )
    none = ds.assign(xCO2_atm_dry_actual_uncertainty=("time", [NAN, NAN]))
    out_none = add_uncertainty(none, ship(STATED))
    assert np.isnan(out_none["xCO2_atm_dry_interp_uncertainty"]).all()
    names = "xCO2_atm_dry_interp, SST, salinity, P_atm"
    value, source = u(out, "fCO2_atm_wet_interp")
    assert source == f"linear propagation from {names}"
    ratio = first(ds, "pCO2_atm_wet_interp") / first(ds, "fCO2_atm_wet_interp")
    assert u(out, "pCO2_atm_wet_interp") == (pytest.approx(value * ratio), source)
    assert out.attrs["history"].endswith("uncertainties propagated")


def test_the_difference_to_air():
    gases = {"xCO2_atm_dry_interp": 415.0, "fCO2_water_SST_wet": 380.0}
    out = add_uncertainty(reduce(dataset(**gases, **AIR), ship(STATED)), ship(STATED))
    parts = (u(out, n)[0] for n in ("fCO2_water_SST_wet", "fCO2_atm_wet_interp"))
    assert u(out, "delta_fCO2") == (pytest.approx(np.hypot(*parts)), "water and air")
    gone = dataset(**gases, **AIR)
    gone["SST"][1] = NAN
    out = add_uncertainty(reduce(gone, ship(STATED)), ship(STATED))
    assert np.isnan(out["SST_uncertainty"].to_numpy()).tolist() == [False, True]
