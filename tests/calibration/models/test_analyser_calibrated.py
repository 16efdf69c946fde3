"""Readings that are calibrated already, isotopes, and negative water vapour."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2 import calibration, platforms
from oceanco2.bits import TEST_BITS
from oceanco2.calibration import MODELS
from oceanco2.errors import DataWarning, PlatformError, ProcessingError
from oceanco2.qc.rows import row_layers
from oceanco2.vocabulary import QUESTIONABLE, RUN_TYPES

HEAD = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
time = { columns = ["t"], format = "%Y-%m-%dT%H:%M:%S" }
"""
RUNS = 'run_columns = ["type"]\n'
KINDS = ("water", "air", "standard", "water")
TIME = np.datetime64("2024-01-01", "ns") + np.arange(4) * np.timedelta64(10, "s")
WATER, AIR = "xCO2_water_Tequ_dry", "xCO2_atm_dry_actual"


def ship(*names, model="calibrated", runs=RUNS, more="", tables=""):
    lines = [f'{n} = {{ column = "{n}", units = "ppm"{more} }}' for n in names]
    text = "\n".join([f"{HEAD}{runs}", "[variables]", *lines])
    text += f'\n[calibration]\nmodel = "{model}"\n{tables}\n'
    return platforms.parse(text.encode(), "x.toml")


def dataset(kinds=KINDS, **values):
    data = {n: ("time", np.array(x, dtype=float)) for n, x in values.items()}
    if kinds:
        codes = np.array([RUN_TYPES[k] for k in kinds], dtype=np.int8)
        data["run_type"] = ("time", codes)
        data["standard"] = ("time", np.full(4, -1, dtype=np.int8))
    return xr.Dataset(data, coords={"time": TIME})


X = [380.0, 410.0, 250.0, 381.0]


def values(ds, name):
    return ds[name].to_numpy().tolist()


def places(ds, name):
    return np.flatnonzero(np.isfinite(ds[name])).tolist()


def test_the_entry():
    entry = MODELS["calibrated"]
    assert entry.description == (
        "analyser whose readings are calibrated: split by run type, dried"
    )
    assert set(entry.outputs(ship("xCO2"))) == {WATER}
    assert set(entry.outputs(ship("x12CO2", "x13CO2"))) == {WATER}
    assert set(entry.outputs(ship("x12CO2"))) == set()
    assert set(entry.outputs(ship("xH2O"))) == set()
    absent = ship("xH2O").model_copy(
        update={"variables": platforms.load("tsg_dfo_2024").variables}
    )
    assert set(entry.outputs(absent)) == set()


def test_readings_are_split_by_run_type():
    out = calibration.calibrate(dataset(xCO2=X), ship("xCO2"))
    assert values(out, WATER)[::3] == [380.0, 381.0]
    assert places(out, WATER) == [0, 3]
    assert values(out, AIR)[1] == 410.0
    assert places(out, AIR) == [1]
    assert "calibration_status" not in out
    assert values(out, "flushing") == [0, 0, 0, 0]
    assert "xCO2_calibrated" not in out
    assert "dried_with" not in out[WATER].attrs


def test_without_run_types_all_is_water():
    out = calibration.calibrate(dataset(None, xCO2=X), ship("xCO2", runs=""))
    assert values(out, WATER) == X
    assert AIR not in out
    ds = dataset(None, SST=X)
    assert calibration.calibrate(ds, ship("xCO2"))["SST"].identical(ds["SST"])


def test_flushing_counts():
    ds = dataset(("air", "water", "water", "water"), xCO2=X)
    flushed = ship("xCO2", tables="[runs]\nflushing_seconds = { water = 10 }")
    assert values(calibration.calibrate(ds, flushed), "flushing") == [0, 1, 1, 0]


def test_wet_readings_are_dried():
    wet = ship("xCO2", more=", dry = false")
    out = calibration.calibrate(dataset(xCO2=X, xH2O=[10.0] * 4), wet)
    np.testing.assert_allclose(out[WATER][0], 380.0 / 0.99, rtol=1e-14)
    with pytest.raises(ProcessingError, match=r"drying needs \[variables.xH2O\]"):
        calibration.calibrate(dataset(xCO2=X), wet)
    zero = ship("xCO2", more=", dry = false", tables="water_zero = true")
    out = calibration.calibrate(dataset(xCO2=X, xH2O=[10.0, 10.0, 1.0, 10.0]), zero)
    np.testing.assert_allclose(out[WATER][0], 380.0 / 0.991, rtol=1e-14)
    with pytest.raises(ProcessingError, match="water_zero needs run types"):
        calibration.calibrate(dataset(None, xCO2=X, xH2O=[10.0] * 4), zero)


# ---- isotopes -----------------------------------------------------------------------

ISOTOPES = {"x12CO2": [375.0, 405.0, 247.0, 376.0], "x13CO2": [5.0, 5.0, 3.0, 5.0]}


def test_isotopes_are_added():
    out = calibration.calibrate(dataset(**ISOTOPES), ship(*ISOTOPES))
    assert values(out, "xCO2") == X
    assert (
        out["xCO2"].attrs["method"] == "sum of 12CO2 and 13CO2; from x12CO2 and x13CO2"
    )
    assert places(out, WATER) == [0, 3]
    assert values(out, AIR)[1] == 410.0


def test_isotopes_as_they_are_delivered():
    """Without run types there are no standards: as with the model "calibrated"."""
    plain = ship(*ISOTOPES, model="gas_standards", runs="")
    out = calibration.calibrate(dataset(None, **ISOTOPES), plain)
    assert values(out, WATER) == X
    humid = ship(*ISOTOPES, model="gas_standards", runs="", more=", dry = false")
    out = calibration.calibrate(dataset(None, **ISOTOPES, xH2O=[10.0] * 4), humid)
    np.testing.assert_allclose(out[WATER], np.array(X) / 0.99, rtol=1e-14)


def test_the_sum_is_calibrated_by_standards():
    gases = (
        '[[standards]]\nrun = "A"\nxCO2 = 200.0\n[[standards]]\nrun = "B"\nxCO2 = 400.0'
    )
    platform = ship(*ISOTOPES, model="gas_standards", tables=gases)
    ds = dataset(("standard", "standard", "water", "standard"), **ISOTOPES)
    ds["x12CO2"][:] = [205.0, 405.0, 300.0, 205.0]
    ds["x13CO2"][:] = 5.0
    ds["standard"][:] = [0, 1, -1, 0]
    out = calibration.calibrate(ds, platform)
    np.testing.assert_allclose(out[WATER][2], 295.0, rtol=1e-12)


def test_a_total_that_is_read_is_not_replaced():
    out = calibration.calibrate(dataset(xCO2=X, **ISOTOPES), ship("xCO2", *ISOTOPES))
    assert "method" not in out["xCO2"].attrs
    assert values(out, "xCO2") == X


# ---- before data are read -----------------------------------------------------------


def test_an_analyser_needs_run_types():
    message = (
        r"x.toml: \[variables.xCO2\] is an analyser reading, but there are no run types"
        r": set 'run_columns' .* or \[calibration\] model = \"calibrated\" if it is"
    )
    with pytest.raises(PlatformError, match=message):
        calibration.outputs(ship("xCO2", model="gas_standards", runs=""))
    calibration.outputs(ship("xCO2", runs=""))
    calibration.outputs(ship(*ISOTOPES, model="gas_standards", runs=""))
    with pytest.raises(ProcessingError, match=message):
        calibration.calibrate(
            dataset(None, xCO2=X), ship("xCO2", model="gas_standards", runs="")
        )


GAS = '[[standards]]\nrun = "{}"\nxCO2 = {}\n'


@pytest.mark.parametrize(
    ("tables", "count"),
    [
        ("", 0),
        (GAS.format("A", 400.0), 1),
        (GAS.format("A", 400.0) + GAS.format("B", 0.0), 1),
        ("include_zero = true\n" + GAS.format("A", 400.0) + GAS.format("B", 0.0), None),
        (GAS.format("A", 400.0) + GAS.format("B", 250.0), None),
        ("allow_uncalibrated = true\n", None),
        ("minimum_standards = 3\n" + GAS.format("A", 400.0) + GAS.format("B", 9.0), 2),
    ],
)
def test_an_analyser_needs_standards(tables, count):
    platform = ship("xCO2", model="gas_standards", tables=tables)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert set(calibration.outputs(platform)) == {WATER}
    messages = [str(w.message) for w in caught if w.category is DataWarning]
    needed = platform.calibration.minimum_standards
    expected = (
        f"x.toml: no xCO2 can be calibrated: {count} non-zero gases in [[standards]],"
        f' {needed} are needed; [calibration] model = "calibrated" if the readings are'
        " calibrated"
    )
    assert messages == ([] if count is None else [expected])


# ---- negative water vapour ----------------------------------------------------------


def test_slightly_negative_water_vapour_keeps_the_value():
    wet = ship("xCO2", more=", dry = false")
    ds = dataset(xCO2=[*X[:3], np.nan], xH2O=[-0.5, 10.0, -0.7, -0.9])
    with pytest.warns(DataWarning) as caught:
        out = calibration.calibrate(ds, wet)
    assert [str(w.message) for w in caught] == [
        "1 samples are dried with a negative xH2O, down to -0.5 mmol mol-1: values are"
        " kept, questionable"
    ]
    np.testing.assert_allclose(out[WATER][0], 380.0 / 1.0005, rtol=1e-14)
    assert out[WATER].attrs["dried_with"] == "xH2O"
    layers = {test: (rows, flag) for test, rows, flag in row_layers(out, wet, WATER)}
    rows, flag = layers["diagnostic"]
    assert rows.tolist() == [True, False, False, False]
    assert flag == QUESTIONABLE
    assert "diagnostic" in TEST_BITS
    assert "diagnostic" not in {t for t, *_ in row_layers(out, wet, "xCO2")}


def test_a_delivered_wet_fraction_keeps_the_value():
    ds = dataset(
        None, xCO2_water_SST_wet=[*X[:3], np.nan], xH2O_water=[-0.5, 0.0, 20.0, -0.6]
    )
    with pytest.warns(DataWarning, match="1 samples are dried with a negative xH2O_w"):
        out = calibration.calibrate(ds, ship("xH2O"))
    dry = "xCO2_water_SST_dry"
    expected = [380.0 / 1.0005, 410.0, 250.0 / 0.98]
    np.testing.assert_allclose(out[dry][:3], expected, rtol=1e-14)
    assert out[dry].attrs["dried_with"] == "xH2O_water"
    assert out[dry].attrs["method"] == "dried by the water measured with it"
    out = calibration.calibrate(ds.isel(time=[1, 2]), ship("xH2O"))
    assert "dried_with" not in out[dry].attrs
