"""Cycles and states of MAPCO2 and ASVCO2 datasets."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration.models import mapco2
from oceanco2.errors import ProcessingError

NAMES = {
    "ZPON": "zero on",
    "ZPOFF": "zero off",
    "ZPPCAL": "zero postcal",
    "SPON": "span on",
    "SPOFF": "span off",
    "SPPCAL": "span postcal",
    "EPON": "equil on",
    "EPOFF": "equil off",
    "APON": "air on",
    "APOFF": "air off",
}


def dataset(labels, minutes, **more):
    meanings = list(dict.fromkeys(labels))
    codes = [meanings.index(label) for label in labels]
    start = np.datetime64("2020-01-01", "ns")
    time = start + np.array(minutes) * np.timedelta64(1, "m")
    attrs = {"flag_meanings": " ".join(meanings)}
    ds = xr.Dataset({"run_label": ("time", codes, attrs)}, {"time": time})
    return ds.assign({name: ("time", values) for name, values in more.items()})


@pytest.mark.parametrize(("label", "state"), NAMES.items())
def test_each_state(label, state):
    for text in (label, label.lower(), state.replace(" ", "_"), state.upper()):
        assert mapco2.Cycles.of(
            dataset([text.replace(" ", "_")], [0])
        ).states.tolist() == [state]


@pytest.mark.parametrize(
    ("labels", "minutes", "which", "count"),
    [
        (["ZPON", "EPOFF", "APOFF"], [0, 1, 2], [0, 0, 0], 1),
        (["ZPON", "APOFF", "ZPON"], [0, 1, 2], [0, 0, 1], 2),
        (["ZPON", "ZPON"], [0, 45], [0, 0], 1),
        (["ZPON", "ZPON"], [0, 46], [0, 1], 2),
        (["ZPON", "APOFF", "x", "ZPON"], [0, 1, 2, 3], [0, 0, 0, 1], 2),
    ],
)
def test_cycles(labels, minutes, which, count):
    cycles = mapco2.Cycles.of(dataset(labels, minutes))
    assert (cycles.which.tolist(), cycles.count) == (which, count)


def test_cycles_of_the_file():
    ds = dataset(["ZPON", "APOFF", "ZPON"], [0, 1, 2], cycle=[7.0, 9.0, 9.0])
    cycles = mapco2.Cycles.of(ds)
    assert (cycles.which.tolist(), cycles.count) == ([0, 1, 1], 2)
    with pytest.raises(ProcessingError, match="needs run types"):
        mapco2.Cycles.of(xr.Dataset())


def test_means_of_a_state():
    ds = dataset(["ZPON", "ZPON", "APOFF", "ZPON", "APOFF"], [0, 1, 2, 3, 4])
    cycles = mapco2.Cycles.of(ds)
    values = np.array([1.0, 3.0, np.nan, 5.0, 8.0])
    assert cycles.at(values, "zero on").tolist() == [2.0, 5.0]
    np.testing.assert_array_equal(cycles.at(values, "air off"), [np.nan, 8.0])


def test_pump_and_oxygen():
    labels = ["ZPON", "ZPOFF", "SPON", "SPOFF", "EPON", "EPOFF", "APON", "APOFF"]
    pressure = np.array([10.0, 11.0, 20.0, 22.0, 30.0, 33.0, 40.0, 44.0])
    oxygen = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 22.0, 1.0, 20.0])
    ds = dataset(labels, range(8), P_analyser=pressure, oxygen_percent=oxygen)
    new = mapco2._diagnostics(ds, mapco2.Cycles.of(ds))
    nan = np.nan
    expected = [nan, 1.0, nan, 2.0, nan, 3.0, nan, 4.0]
    np.testing.assert_array_equal(new["P_pump"][1], expected)
    np.testing.assert_allclose(new["oxygen_ratio"][1][5], 110.0)
    assert np.isnan(new["oxygen_ratio"][1]).sum() == 7
    without = mapco2._diagnostics(ds.drop_vars("oxygen_percent"), mapco2.Cycles.of(ds))
    assert set(without) == {"P_pump"}


def test_options():
    options = mapco2.MAPCO2()
    assert (options.recalibration, options.span_humidity) == ("none", "cycle")
    assert mapco2._RESULTS == {
        "equil off": "xCO2_water_SST_dry",
        "air off": "xCO2_atm_dry_actual",
    }
    assert mapco2._FAILED == 255.0
