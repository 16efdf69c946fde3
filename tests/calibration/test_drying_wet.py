"""Gas that is dry by the platform file and wet by its water vapour."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import calibration, platforms
from oceanco2.calibration.drying import wet_gas
from oceanco2.errors import DataWarning, PlatformError
from oceanco2.vocabulary import RUN_TYPES

HEAD = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
"""
TIME = np.datetime64("2024-01-01", "ns") + np.arange(4) * np.timedelta64(1, "h")


def platform(*lines, more=""):
    text = "\n".join([HEAD, *lines, more])
    return platforms.parse(text.encode(), "x.toml")


def source(name, column="co2", more=""):
    return f'{name} = {{ column = "{column}", units = "ppm"{more} }}'


def dataset(runs=None, **values):
    data = {n: ("time", np.full(4, x, dtype=float)) for n, x in values.items()}
    if runs is not None:
        codes = np.array([RUN_TYPES[word] for word in runs], dtype=np.int8)
        data["run_type"] = ("time", codes)
    return xr.Dataset(data, coords={"time": TIME})


@pytest.mark.parametrize(
    ("name", "vapour"),
    [
        ("xCO2", "xH2O"),
        ("x12CO2", "xH2O"),
        ("xCO2_water_Tequ_dry", "xH2O_water"),
        ("xCO2_water_Tequ_dry", "xH2O"),
        ("xCO2_water_SST_dry", "xH2O_water"),
        ("xCO2_water_SST_dry", "xH2O"),
        ("xCO2_atm_dry_actual", "xH2O_atm"),
        ("xCO2_atm_dry_actual", "xH2O"),
        ("xCO2_atm_dry_interp", "xH2O_atm"),
    ],
)
def test_more_than_five_per_thousand_of_water(name, vapour):
    ship = platform(source(name))
    assert wet_gas(dataset(**{name: 400.0, vapour: 5.0}), ship) == []
    (line,) = wet_gas(dataset(**{name: 400.0, vapour: 12.04}), ship)
    assert line == (
        f"x.toml: [variables.{name}] is of dry gas, but the median of {vapour} is 12.0"
        " mmol mol-1, 1.2 % of the CO2. An analyser that prints it in dry air: dry ="
        f' "corrected". If this is right: [accepted] dry_gas.{name} = "why"'
    )
    assert wet_gas(dataset(**{name: 400.0, "SST": 12.0}), ship) == []
    assert wet_gas(dataset(**{vapour: 12.0}), ship) == []


def test_the_first_vapour_counts():
    ship = platform(source("xCO2_water_SST_dry"))
    ds = dataset(xCO2_water_SST_dry=400.0, xH2O_water=1.0, xH2O=12.0)
    assert wet_gas(ds, ship) == []


@pytest.mark.parametrize(
    ("line", "more"),
    [
        (source("xCO2", "CO2_dry"), ""),
        (source("xCO2", more=', dry = "corrected"'), ""),
        (source("xCO2", more=", dry = false"), ""),
        (source("xCO2"), "[calibration]\nmoisture_correction = true\n"),
        (source("xCO2"), '[accepted]\ndry_gas.xCO2 = "why not"\n'),
        (source("xCO2_water_SST_wet"), ""),
    ],
)
def test_what_answers_it(line, more):
    ds = dataset(xCO2=400.0, xH2O=12.0, xCO2_water_SST_wet=400.0)
    assert wet_gas(ds, platform(line, more=more)) == []
    assert len(wet_gas(ds, platform(source("xCO2")))) == 1


def test_only_samples_count():
    ship = platform(source("xCO2"))
    ds = dataset(["standard", "zero", "span", "water"], xCO2=400.0, xH2O=0.0)
    ds["xH2O"][3] = 12.0
    assert len(wet_gas(ds, ship)) == 1
    ds["xCO2"][3] = np.nan
    assert wet_gas(ds, ship) == []
    ds = dataset(["standard", "standard", "standard", "air"], xCO2=400.0, xH2O=0.0)
    ds["xH2O"][3] = 12.0
    assert len(wet_gas(ds, ship)) == 1
    ds = dataset(["standard"] * 4, xCO2=400.0, xH2O=12.0)
    assert wet_gas(ds, ship) == []


def test_calibration_warns_of_it():
    ship = platform(source("xCO2_water_SST_dry"))
    ds = dataset(xCO2_water_SST_dry=400.0, xH2O=12.0)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        calibration.calibrate(ds, ship)
    assert [w.category for w in caught] == [DataWarning]


def test_dry_is_a_key_of_an_analyser():
    for name in ("xCO2", "x12CO2", "x13CO2"):
        platform(source(name, more=", dry = false"))
    message = r"\[variables.xCO2_water_SST_dry\] dry = false is for xCO2 only"
    with pytest.raises(PlatformError, match=message):
        platform(source("xCO2_water_SST_dry", more=", dry = false"))
    platform(source("xCO2_water_SST_dry", more=', dry = "corrected"'))
    with pytest.raises(PlatformError, match="dry"):
        platform(source("xCO2", more=', dry = "damp"'))
