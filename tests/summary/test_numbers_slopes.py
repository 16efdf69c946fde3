"""Statistics of standards made by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.summary import numbers

T0 = np.datetime64("2020-01-01T00:00", "ns")


def hours(*values):
    return T0 + np.array(values) * np.timedelta64(1, "h")


def test_slopes():
    assert numbers._slope(hours(0, 24, 48), np.array([1.0, 2.0, 3.0])) == (
        pytest.approx(1.0)
    )
    assert numbers._slope(hours(0, 12), np.array([3.0, 2.0])) == pytest.approx(-2.0)
    assert numbers._slope(hours(0), np.array([3.0])) is None
    assert numbers._slope(hours(5, 5), np.array([3.0, 4.0])) is None


def test_number():
    assert numbers.number(np.max, np.empty(0)) is None
    assert numbers.number(np.max, np.array([1, 2])) == 2.0


def runs(**more):
    values = {
        "standard_run_true": [400.0, 400.0, 400.0, 0.0, np.nan],
        "standard_run_measured": [401.0, 403.0, np.nan, 0.5, 1.0],
        "standard_run_used": [1, 1, 1, 0, 1],
        "standard_run_residual": [3.0, 4.0, np.nan, np.nan, 1.0],
    } | more
    table = {k: ("standard_run", v) for k, v in values.items() if v is not None}
    table["standard_run_time"] = ("standard_run", hours(0, 24, 30, 1, 2))
    return xr.Dataset(table)


def test_standards():
    zero, gas = numbers.standards(runs())
    assert zero == {
        "xCO2": 0.0,
        "runs": 1,
        "used": 0,
        "mean_difference": 0.5,
        "drift": 0.0,
        "drift_per_day": None,
        "residual": None,
        "longest_gap_hours": None,
    }
    assert gas == pytest.approx(
        {
            "xCO2": 400.0,
            "runs": 3,
            "used": 3,
            "mean_difference": 2.0,
            "drift": 2.0,
            "drift_per_day": 2.0,
            "residual": 12.5**0.5,
            "longest_gap_hours": 24.0,
        }
    )
    zero, gas = numbers.standards(
        runs(standard_run_used=None, standard_run_residual=None)
    )
    assert zero["used"] == 1
    assert "residual" not in gas
    assert numbers.standards(xr.Dataset()) == []
    assert numbers.standards(runs(standard_run_true=None)) == []
