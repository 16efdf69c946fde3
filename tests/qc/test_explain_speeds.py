"""No speed is called too fast that is not."""

import numpy as np
import pytest

from oceanco2.qc import explain, flag
from oceanco2.qc.check import Track
from oceanco2.qc.checks.track import SpeedOptions, _measure_speed
from tests.datasets import canonical_dataset


def measured(rows, **options):
    """Fixes a minute apart along a meridian; minutes of latitude are nautical miles."""
    latitude = np.array([0.0, 0.5, 1.0, 31.0, 31.5, 32.0, 2.0]) / 60
    track = Track(latitude, np.zeros(7), 60.0 * np.arange(7), np.array(rows))
    return _measure_speed(track, SpeedOptions(**options))


def test_only_speeds_above_the_limit_are_measured():
    found = measured(range(7), questionable=100.0, bad=2000.0)
    fast = [2, 3, 5, 6]
    assert np.isnan(found[[0, 1, 4]]).all()
    assert found[fast] == pytest.approx([1800, 1800, 1800, 1800], rel=5e-3)
    slow = measured(range(7), questionable=20.0, bad=2000.0)
    assert slow[[0, 1, 4]] == pytest.approx([30, 30, 30], rel=5e-3)
    exact = float(measured([0], questionable=1.0)[0])
    assert np.isnan(measured([0], questionable=exact)).all()


def test_explanations_of_a_block_of_misplaced_fixes():
    from oceanco2.platforms import load

    ds = canonical_dataset(130)
    ds["latitude"][40:50] = ds["latitude"][40:50] + 5.0
    made = flag(ds, load("demo_ship"))
    table = explain(made, "position")
    table = table[table["test"] == "speed"]
    assert len(table) > 2
    speeds = table["measured"].to_numpy()
    assert (speeds[np.isfinite(speeds)] > 30).all()
    assert np.isnan(speeds).any()
    for row in table[np.isnan(speeds)].itertuples():
        assert "knots" not in row.reason
        assert "faster than such a platform can move" in row.reason
