"""Models of buoys: their entries, flushing, and what every result says."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration import MODELS
from oceanco2.calibration.models import buoys
from oceanco2.physics import fco2_from_pco2, sami_pco2, sami_temperature
from oceanco2.platforms import load
from oceanco2.vocabulary import RUN_TYPES, attrs_of

WATER, AIR, ZERO = (RUN_TYPES[w] for w in ("water", "air", "zero"))
START = np.datetime64("2020-01-01", "ns")


def ship(**flushing):
    base = load("demo_ship")
    runs = base.runs.model_copy(update={"flushing_seconds": flushing})
    return base.model_copy(update={"runs": runs})


def dataset(seconds, **variables):
    data = {name: ("time", np.array(v)) for name, v in variables.items()}
    time = START + (np.array(seconds) * 1e9).astype("timedelta64[ns]")
    return xr.Dataset(data, {"time": time})


def test_entries():
    pro, sami = MODELS["pro_oceanus"], MODELS["sami"]
    assert pro.apply is buoys.calibrate_pro_oceanus
    assert pro.required == ("xCO2", "P_analyser")
    assert pro.outputs(ship()) == ("xCO2_water_SST_wet", "pCO2_water_SST_wet")
    assert (pro.settings, pro.in_options, pro.cite) == (None, True, "")
    assert sami.apply is buoys.calibrate_sami
    assert sami.required == ("light_434", "light_620", "thermistor")
    assert sami.outputs(ship()) == ("T_equ", "pCO2_water_Tequ_wet")
    assert (sami.settings, sami.in_options) == (buoys.Sami, False)
    assert buoys.Sami(CalT=1.0, CalA=1.0, CalB=1.0, CalC=1.0).bits == 12


METHOD = "humid mole fraction times the pressure of the gas stream"


def test_results_of_a_co2_pro_and_what_they_say():
    n = 4
    kinds = np.array([WATER, AIR, AIR, ZERO], np.int8)
    x, p = (
        np.array([400.0, 410.0, 60000.0, 1.0]),
        np.array([1000.0, 990.0, 1010.0, 1e3]),
    )
    ds = dataset(range(n), xCO2=x, P_analyser=p, run_type=kinds, T_atm=[20.0] * n)
    found = buoys.calibrate_pro_oceanus(ds.assign(P_vapour=("time", [5.0] * n)), ship())
    names = ["xCO2_water_SST_wet", "pCO2_water_SST_wet", "pCO2_atm_wet_actual"]
    names += ["xCO2_atm_dry_actual", "fCO2_atm_wet_actual"]
    assert set(found) - set(ds) == {*names, "P_vapour", "flushing"}
    for name in names:
        assert found[name].attrs == attrs_of(name, method=METHOD)
        assert found[name].dims == ("time",)
        water = "water" in name
        rows = [water, not water, not water, False]
        assert np.isfinite(found[name]).to_numpy().tolist() == rows
    pco2 = x * p / 1013.25
    np.testing.assert_allclose(found["pCO2_atm_wet_actual"][1:3], pco2[1:3])
    np.testing.assert_allclose(found["pCO2_water_SST_wet"][0], pco2[0])
    dry = 410.0 / (1.0 - 5.0 / 990.0)
    assert float(found["xCO2_atm_dry_actual"][1]) == pytest.approx(dry, rel=1e-12)
    fco2 = fco2_from_pco2(pco2[1], 20.0, 990.0, 410.0)
    assert float(found["fCO2_atm_wet_actual"][1]) == pytest.approx(fco2, rel=1e-12)


def flushing(seconds, **more):
    n = len(seconds)
    limits = {"water": 5.0, "air": 5.0}
    values = {"xCO2": [400.0] * n, "P_analyser": [1e3] * n} | more
    ds = buoys.calibrate_pro_oceanus(dataset(seconds, **values), ship(**limits))
    assert ds["flushing"].dtype == np.int8
    assert ds["flushing"].attrs["long_name"] == "within the flushing time"
    return ds["flushing"].to_numpy().tolist()


def test_flushing_begins_at_the_start_and_after_each_change():
    assert flushing([0, 5, 6, 7]) == [1, 1, 0, 0]
    kinds = np.array([WATER, WATER, AIR, AIR, AIR], np.int8)
    assert flushing([0, 6, 7, 12, 13], run_type=kinds) == [1, 0, 1, 1, 0]
    assert flushing([0, 600, 1200]) == [1, 0, 0]
    assert flushing([0, 600, 1200.5, 1206]) == [1, 0, 1, 0]
    counts = [3.0, 3.0, 4.0, 4.0, 4.0]
    assert flushing([0, 6, 7, 12, 13], zero_count=counts) == [1, 0, 1, 1, 0]
    lost = [np.nan, 0.0, 0.0, 1.0]
    assert flushing([0, 6, 12, 18], zero_count=lost) == [1, 0, 0, 1]


def test_results_of_a_sami_and_what_they_say():
    table = buoys.Sami(CalT=10.0, CalA=0.0132, CalB=0.6045, CalC=-1.4742)
    platform = SimpleNamespace(
        settings=lambda kind: table if kind is buoys.Sami else None
    )
    light = {"434": [0.8, 0.5, 0.6, 0.9], "620": [0.9, 0.6, 0.7, 0.95]}
    counts = np.array([1500.0, 1600.0, 1700.0, 1800.0])
    ds = dataset(
        range(4),
        run_type=[ZERO, WATER, AIR, ZERO],
        light_434=light["434"],
        light_620=light["620"],
        thermistor=counts,
    )
    found = buoys.calibrate_sami(ds, platform)
    new = {"T_equ", "blank_434", "blank_620", "pCO2_water_Tequ_wet"}
    assert set(found) - set(ds) == new
    for name in new:
        assert found[name].dims == ("time",)
    temperature = sami_temperature(counts, 4096.0)
    np.testing.assert_array_equal(found["T_equ"], temperature)
    assert found["T_equ"].attrs == attrs_of("T_equ")
    for wave in ("434", "620"):
        first, *_, last = light[wave]
        assert found[f"blank_{wave}"].to_numpy().tolist() == [first] * 3 + [last]
        text = f"light at {wave} nm of the last blank"
        assert found[f"blank_{wave}"].attrs == {"long_name": text, "units": "1"}
    absorbances = (-np.log10(0.5 / 0.8), -np.log10(0.6 / 0.9))
    cal = (10.0, 0.0132, 0.6045, -1.4742)
    expected = sami_pco2(*absorbances, temperature[1], cal)
    assert np.isfinite(expected)
    pco2 = found["pCO2_water_Tequ_wet"]
    np.testing.assert_allclose(pco2, [np.nan, expected, np.nan, np.nan], rtol=1e-12)
    method = f"absorbances over the last blank; CalT, A, B, C = {cal}"
    assert pco2.attrs == attrs_of("pCO2_water_Tequ_wet", method=method)
    own = ds.assign(T_equ=("time", np.zeros(4)))
    assert buoys.calibrate_sami(own, platform)["T_equ"].to_numpy().tolist() == [0.0] * 4
