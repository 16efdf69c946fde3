"""Derived variables: salinity, copies, and variables that were not measured."""

import warnings

import numpy as np
import pytest

from oceanco2 import pipeline
from oceanco2.errors import DataWarning, PlatformError
from oceanco2.physics import practical_salinity
from oceanco2.platforms import parse
from oceanco2.vocabulary import BAD, GOOD, MISSING, VALUE_TYPES

HEAD = """
schema = 1
name = "Small"
kind = "mooring"
platform_code = "99ZZ"
[files.co2]
reader = "delimited"
pattern = "co2*.csv"
time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%S" }
[files.ctd]
reader = "delimited"
pattern = "ctd*.csv"
optional = true
time = { columns = ["time"], format = "%Y-%m-%dT%H:%M:%S" }
[variables]
pCO2_water_SST_wet = { column = "pCO2", units = "uatm" }
"""
CO2 = "time,pCO2,T,C,P\n" + "".join(
    f"2024-02-29T0{h}:00:00,{400 + h},14.9964,4.2914,1010\n" for h in range(4)
)
CTD = "time,T,C\n" + "".join(f"2024-02-29T0{h}:00:00,15.0,42.914\n" for h in range(4))
WHOLE = {
    "P_equ": '{ column = "P", units = "hPa" }',
    "SST": '{ column = "T", units = "degC" }',
    "conductivity": '{ column = "C", units = "S/m" }',
}


def made(tmp_path, files=("co2",), **variables):
    text = "".join(f"{name} = {source}\n" for name, source in variables.items())
    (tmp_path / "co2.csv").write_text(CO2)
    (tmp_path / "ctd.csv").write_text(CTD)
    platform = parse((HEAD + text).encode(), "small.toml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        return pipeline.process(platform, [tmp_path / f"{f}.csv" for f in files])


@pytest.mark.parametrize("units", ["S/m", "mS/cm"])
def test_salinity_from_conductivity_in_either_unit(tmp_path, units):
    """Standard sea water: 42.914 mS/cm at 15 degC (1968), S = 35 (UNESCO 1981)."""
    ds = made(tmp_path, **WHOLE | {"conductivity": f'{{column="C", units="{units}"}}'})
    expected = 35.0 if units == "S/m" else practical_salinity(4.2914, 14.9964)
    assert ds["salinity"].to_numpy() == pytest.approx(expected, abs=1e-5)
    assert (
        "PSS-78, temperature on ITS-90; from conductivity"
        in ds["salinity"].attrs["method"]
    )
    assert ds["salinity"].to_numpy()[0] == practical_salinity(
        float(ds["conductivity"][0]), 14.9964
    )


def test_the_temperature_of_the_cell_counts(tmp_path):
    """A thermosalinograph in the engine room is warmer than the sea."""
    cell = WHOLE | {"T_conductivity": '{ value = 15.5, units = "degC" }'}
    ds = made(tmp_path, **cell)
    assert float(ds["salinity"][0]) == practical_salinity(42.914, 15.5)
    assert practical_salinity(42.914, 15.5) < 34.6


def test_a_salinity_of_its_own_stays(tmp_path):
    ds = made(tmp_path, **WHOLE | {"salinity": '{ value = 33.0, units = "1" }'})
    assert (ds["salinity"] == 33.0).all()
    assert "method" not in ds["salinity"].attrs


def test_copies_say_so(tmp_path):
    ds = made(tmp_path, **WHOLE | {"T_equ": '{ same_as = "SST" }'})
    np.testing.assert_array_equal(ds["T_equ"], ds["SST"])
    assert ds["T_equ"].attrs["method"].startswith("not measured")
    assert "T_equ not measured: taken to be the same as SST" in ds.attrs["history"]
    assert (ds["warming"] == 0).all()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('{ same_as = "STS" }', r"\[variables.T_equ\] no variable .*'STS'.*'SST'"),
        ('{ same_as = "P_equ" }', "is in 'hPa', not 'degree_Celsius'"),
        ('{ same_as = "T_equ" }', "is itself a copy of another"),
        ('{ same_as = "SST", value = 1.0 }', "must have exactly one of"),
        ("{ absent = false }", r"variables\.T_equ\.absent"),
    ],
)
def test_wrong_copies_are_refused(tmp_path, source, text):
    with pytest.raises(PlatformError, match=text):
        made(tmp_path, **WHOLE | {"T_equ": source})


def test_unmeasured_variables_are_missing_and_the_rest_computed(tmp_path):
    ds = made(tmp_path, **WHOLE | {"SST": "{ absent = true }"})
    assert ds["fCO2_water_SST_wet"].isnull().all()
    assert (ds["fCO2_water_SST_wet_flag"] == MISSING).all()
    assert (ds["SST_type"] == VALUE_TYPES["missing"]).all()
    np.testing.assert_array_equal(ds["pCO2_water_SST_wet"], [400, 401, 402, 403])
    assert (ds["pCO2_water_SST_wet_flag"] == GOOD).all()
    assert (ds["position_flag"] == MISSING).all()


def test_what_is_forgotten_is_refused_with_the_way_out(tmp_path):
    rest = {k: v for k, v in WHOLE.items() if k != "SST"}
    with pytest.raises(PlatformError, match=r"lacks SST.*absent = true"):
        made(tmp_path, **rest)


def test_an_optional_file_that_is_not_there(tmp_path):
    ctd = '{ file = "ctd", column = "T", units = "degC" }'
    whole = made(tmp_path, files=("co2", "ctd"), **WHOLE | {"SST": ctd})
    assert whole["fCO2_water_SST_wet"].notnull().all()
    part = made(tmp_path, **WHOLE | {"SST": ctd})
    assert part["fCO2_water_SST_wet"].isnull().all()
    assert part["pCO2_water_SST_wet"].notnull().all()
    assert any("[files.ctd]" in text for text in part.attrs["warnings"])


def test_one_missing_position_is_bad_but_no_position_at_all_is_missing(tmp_path):
    """GPS that drops out is a fault; a mooring without GPS is none."""
    lat = '{ column = "P", missing = ["1010"] }'
    ds = made(tmp_path, **WHOLE, latitude=lat, longitude="{ value = 5.0 }")
    assert (ds["position_flag"] == MISSING).all()
    lat = '{ column = "pCO2", missing = ["401"], format = "ddmm.mmmm" }'
    ds = made(tmp_path, **WHOLE, latitude=lat, longitude="{ value = 5.0 }")
    assert ds["position_flag"].to_numpy()[1] == BAD
