"""Coverage of a few samples, counted by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.summary.numbers import coverage


def test_times_and_gaps_of_nine_samples():
    """Samples at 0 1 2 3 . 10 11 . 14 15 16 h: gaps of seven and of three hours."""
    hours = np.array([0, 1, 2, 3, 10, 11, 14, 15, 16])
    time = np.datetime64("2024-03-01T06:00:00", "ns") + hours * np.timedelta64(1, "h")
    position = ("time", np.full(9, 10.0))
    ds = xr.Dataset(coords={"time": time, "latitude": position, "longitude": position})
    found = coverage(ds, np.ones(9, dtype=bool))
    assert found["start"] == "2024-03-01T06:00:00Z"
    assert found["end"] == "2024-03-01T22:00:00Z"
    assert found["days"] == pytest.approx(16.0 / 24.0)
    assert found["interval_minutes"] == 60.0
    assert found["gaps"] == {
        "number": 1,  # more than five intervals
        "hours": 7.0,
        "longest": [
            {
                "start": "2024-03-01T09:00:00Z",
                "end": "2024-03-01T16:00:00Z",
                "hours": 7.0,
            }
        ],
    }
    assert found["share_of_time"] == pytest.approx(9.0 / 16.0)
