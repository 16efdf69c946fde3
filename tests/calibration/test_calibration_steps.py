"""The order of calibration: sensors, derived variables, the model, drying, warming."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import calibration, platforms
from oceanco2.calibration import MODELS, calibrate, outputs
from oceanco2.errors import PlatformError
from oceanco2.platforms.settings import Calibration
from oceanco2.vocabulary import RUN_TYPES, attrs_of

START = np.datetime64("2020-01-01", "ns")
WATER, AIR = RUN_TYPES["water"], RUN_TYPES["air"]


def ship(without=(), **more):
    base = platforms.load("demo_ship")
    variables = {k: v for k, v in base.variables.items() if k not in without}
    return base.model_copy(update={"variables": variables | more})


def dataset(**columns):
    n = len(next(iter(columns.values())))
    data = {k: ("time", np.array(v)) for k, v in columns.items()}
    time = START + np.arange(n) * np.timedelta64(1, "h")
    return xr.Dataset(data, {"time": time}, attrs={"history": "read"})


def test_what_will_be_there():
    assert outputs(ship()) == {"xCO2_water_Tequ_dry"}
    assert outputs(ship(without=("xCO2",))) == set()
    base = ship()
    source = base.variables["SST"]
    wet = ship(without=("salinity",), conductivity=source)
    assert outputs(wet) == {"xCO2_water_Tequ_dry", "salinity"}
    other = base.model_copy(update={"calibration": Calibration(model="pro_oceanus")})
    with pytest.raises(PlatformError, match="lacks P_analyser"):
        outputs(other)
    assert set(calibration.__all__) == {
        *("MODELS", "CalibrationModel", "calibrate", "outputs", "register_model")
    }
    assert "gas_standards" in MODELS


def test_warming_is_that_of_the_equilibrator():
    found = calibrate(dataset(SST=[20.0, np.nan], T_equ=[20.5, 20.5]), ship())
    np.testing.assert_array_equal(found["warming"], [0.5, np.nan])
    assert found["warming"].attrs == attrs_of("warming")
    assert found["warming"].dims == ("time",)
    own = calibrate(dataset(SST=[20.0], T_equ=[20.5], warming=[9.0]), ship())
    assert own["warming"].to_numpy().tolist() == [9.0]
    for name in ("SST", "T_equ"):
        assert "warming" not in calibrate(dataset(**{name: [20.0]}), ship())
    last = found.attrs["history"].splitlines()[-1]
    assert last.endswith("sensors and analyser calibrated")
    assert "read" in found.attrs["history"]


def test_the_steps_build_on_each_other():
    """Raw to calibrated, humid to dry, air to the times of the water samples."""
    ds = dataset(
        SST_raw=[20.0, 20.0, 20.0],
        xCO2_water_SST_wet=[390.0, 390.0, 390.0],
        xH2O_water=[20.0, 0.0, 10.0],
        xCO2_atm_wet_actual=[np.nan, 396.0, np.nan],
        xH2O_atm=[10.0, 10.0, 10.0],
        run_type=np.array([WATER, AIR, WATER], np.int8),
    )
    found = calibrate(ds, ship(without=("xCO2",)))
    assert found["SST"].to_numpy().tolist() == [20.0] * 3
    dry = [390.0 / 0.98, 390.0, 390.0 / 0.99]
    np.testing.assert_allclose(found["xCO2_water_SST_dry"], dry)
    air = [400.0, np.nan, 400.0]
    np.testing.assert_allclose(found["xCO2_atm_dry_interp"], air)
    method = "linear in time between groups of air measurements"
    name = "xCO2_atm_dry_interp"
    assert found[name].attrs == attrs_of(name, method=method)


def test_salinity_from_conductivity_and_copies():
    base = ship()
    copied = base.variables["SST"].model_copy(update={"same_as": "SST", "column": ""})
    platform = ship(without=("salinity",), conductivity=base.variables["SST"])
    platform = platform.model_copy(
        update={"variables": platform.variables | {"T_atm": copied}}
    )
    ds = dataset(conductivity=[42.914, np.nan], SST=[14.996, np.nan])
    found = calibrate(ds, platform)
    salinity = found["salinity"]
    assert float(salinity[0]) == pytest.approx(35.0, abs=2e-3)
    method = "PSS-78, temperature on ITS-90; from conductivity and SST"
    assert salinity.attrs == attrs_of("salinity", method=method)
    method = "not measured: taken to be the same as SST"
    assert found["T_atm"].attrs == attrs_of("T_atm", method=method)
    np.testing.assert_array_equal(found["T_atm"], found["SST"])
    kind = found["T_atm_type"]
    assert kind.dtype == np.int8
    assert kind.attrs["long_name"] == "origin of T_atm"
    assert kind.to_numpy().tolist() == [1, 0]
    assert f"T_atm {method}" in found.attrs["history"]
    cell = calibrate(ds.assign(T_conductivity=ds["SST"] + 1.0), platform)
    assert cell["salinity"].attrs["method"].endswith("conductivity and T_conductivity")
    assert float(cell["salinity"][0]) < 34.5
