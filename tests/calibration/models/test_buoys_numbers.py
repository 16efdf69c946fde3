"""Readings of a CO2-Pro as partial pressures, and the blanks of a SAMI2-CO2."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration.models import buoys
from oceanco2.physics import dry_mole_fraction, sami_temperature
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.conftest import small_platform

WATER, AIR, ZERO = (RUN_TYPES[w] for w in ("water", "air", "zero"))
TIME = np.datetime64("2020-01-01", "ns") + np.arange(3) * np.timedelta64(1, "s")


def dataset(**variables):
    data = {name: ("time", np.array(v)) for name, v in variables.items()}
    return xr.Dataset(data, {"time": TIME})


def pro_oceanus(**variables):
    platform = small_platform("", 'SST = { column = "SST", units = "degC" }')
    base = {"xCO2": [400.0, 410.0, 420.0], "P_analyser": [1013.25, 506.625, 2026.5]}
    return buoys.calibrate_pro_oceanus(dataset(**(base | variables)), platform)


def test_water_alone():
    ds = pro_oceanus()
    np.testing.assert_allclose(ds["pCO2_water_SST_wet"], [400.0, 205.0, 840.0])
    np.testing.assert_allclose(ds["xCO2_water_SST_wet"], [400.0, 410.0, 420.0])
    assert "pCO2_atm_wet_actual" not in ds
    assert "flushing" in ds


def test_water_and_air():
    kinds = np.array([WATER, AIR, ZERO], dtype=np.int8)
    ds = pro_oceanus(run_type=kinds)
    nan = np.nan
    np.testing.assert_allclose(ds["pCO2_water_SST_wet"], [400.0, nan, nan])
    np.testing.assert_allclose(ds["xCO2_water_SST_wet"], [400.0, nan, nan])
    np.testing.assert_allclose(ds["pCO2_atm_wet_actual"], [nan, 205.0, nan])
    assert "xCO2_atm_dry_actual" not in ds
    assert "fCO2_atm_wet_actual" not in ds
    more = {"P_vapour": [10.0] * 3, "T_atm": [10.0] * 3}
    ds = pro_oceanus(run_type=kinds, **more)
    dry = dry_mole_fraction(410.0, 1e3 * 10.0 / 506.625)
    np.testing.assert_allclose(ds["xCO2_atm_dry_actual"], [nan, dry, nan])
    fugacity = ds["fCO2_atm_wet_actual"].to_numpy()
    assert np.isnan(fugacity).tolist() == [True, False, True]
    assert 204.0 < fugacity[1] < 205.0
    kept = pro_oceanus(run_type=kinds, pCO2_water_SST_wet=[1.0, 2.0, 3.0])
    assert kept["pCO2_water_SST_wet"].to_numpy().tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(("more", "bits"), [({}, 12), ({"bits": 14}, 14)])
def test_blanks(more, bits):
    table = buoys.Sami(CalT=10.0, CalA=0.01, CalB=0.5, CalC=-1.5, **more)
    assert table.bits == bits
    platform = SimpleNamespace(settings=lambda _: table)
    ds = dataset(
        run_type=[WATER, ZERO, WATER],
        light_434=[0.3, 0.8, 0.4],
        light_620=[0.6, 0.9, 0.7],
        thermistor=[1500.0, 1600.0, 1700.0],
    )
    found = buoys.calibrate_sami(ds, platform)
    np.testing.assert_array_equal(found["blank_434"], [np.nan, 0.8, 0.8])
    np.testing.assert_array_equal(found["blank_620"], [np.nan, 0.9, 0.9])
    expected = sami_temperature(ds["thermistor"].to_numpy(), 2.0**bits)
    np.testing.assert_array_equal(found["T_equ"], expected)
    assert np.isnan(found["pCO2_water_Tequ_wet"][:2]).all()
    untouched = SimpleNamespace(settings=lambda _: None)
    assert buoys.calibrate_sami(ds, untouched) is ds
