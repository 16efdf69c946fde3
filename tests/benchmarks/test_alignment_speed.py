"""A million rows join sixty thousand: compared with peers in the same run."""

import numpy as np
import pandas as pd

from oceanco2.alignment import Readings, value_at
from tests.benchmarks.test_speed import measured
from tests.benchmarks.timing import seconds

ROWS, TARGET_ROWS = 1_000_000, 60_000


def test_a_million_rows_join_about_as_fast_as_with_pandas():
    """Values, flags, types and what was used, against the good neighbours alone."""
    rng = np.random.default_rng(0)
    times = np.cumsum(rng.uniform(0.5, 1.5, ROWS))
    values = np.sin(times / 3600.0)
    flags = np.full(ROWS, 2)
    flags[rng.random(ROWS) < 0.01] = 4
    at = np.sort(rng.uniform(times[0], times[-1], TARGET_ROWS))
    sensor = Readings(times, values, flags)
    right = pd.DataFrame({"t": times, "x": values, "flag": flags})
    left = pd.DataFrame({"t": at})

    def peer():
        good = right[right["flag"] == 2]
        for way in ("backward", "forward"):
            pd.merge_asof(left, good, on="t", direction=way, tolerance=300.0)

    found = value_at(sensor, at)
    np.testing.assert_allclose(found.values, np.sin(at / 3600.0), atol=1e-6)

    def ratio():
        ours, theirs = seconds(lambda: value_at(sensor, at), peer, turns=2, share=0.2)
        return ours / theirs

    best = measured(ratio, [lambda r: r < 1.0])
    print(f"value_at: {best:.2f} of two pandas.merge_asof")
    assert best < 2.0


def test_the_bare_line_is_near_numpy():
    times = np.arange(float(ROWS))
    at = np.arange(5.5, 9e5, 15.0)
    sensor = Readings(times, times)

    def ratio():
        ours, theirs = seconds(
            lambda: value_at(sensor, at),
            lambda: np.interp(at, times[np.isfinite(times)], times),
            turns=2,
            share=0.2,
        )
        return ours / theirs

    best = measured(ratio, [lambda r: r < 10.0])
    print(f"value_at: {best:.1f} times numpy.interp")
    assert best < 20.0
