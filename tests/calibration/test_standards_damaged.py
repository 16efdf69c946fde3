"""Damaged lines of gas standards calibrate nothing."""

import numpy as np
import xarray as xr

from oceanco2.calibration.standards import collect_runs, undamaged
from oceanco2.vocabulary import RUN_TYPES
from tests.calibration.test_standards_numbers import platform

SHIP = platform(0.0, 400.0)


def runs(readings, **more):
    size = len(readings)
    data = {
        "xCO2": ("time", np.array(readings, float)),
        "run_type": ("time", np.full(size, RUN_TYPES["standard"], np.int8)),
        "standard": ("time", np.ones(size, np.int8)),
    }
    ds = xr.Dataset(data | {k: ("time", np.array(v)) for k, v in more.items()})
    return collect_runs(ds, SHIP, np.arange(size) * 1000.0)


def test_readings_of_damaged_lines_are_left_out():
    found = runs([399.0, 30.0, 401.0], damaged=[0, 1, 0])
    assert (found.measured.tolist(), found.count.tolist()) == ([400.0], [2])
    found = runs([399.0, 400.0, 401.0], damaged=[0, 0, 0])
    assert (found.measured.tolist(), found.count.tolist()) == ([400.0], [3])


def test_where_nothing_is_damaged():
    values = np.array([1.0, 2.0])
    assert undamaged(xr.Dataset(), values) is values
    ds = xr.Dataset({"damaged": ("time", [1, 0])})
    np.testing.assert_array_equal(undamaged(ds, values), [np.nan, 2.0])
