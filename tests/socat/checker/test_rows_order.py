"""Rows out of order: seen from both ends, each with its words."""

import numpy as np
import pytest

from oceanco2.socat.checker.rows import both_passes


@pytest.mark.parametrize(
    # Forwards: rows with an earlier time below them; backwards: a later time above.
    ("seconds", "forward", "backward"),
    [
        ([0.0, 60.0, 120.0], [], []),
        ([0.0, 120.0, 60.0, 180.0], [1], [2]),
        ([300.0, 0.0, 60.0, 120.0], [0], [1, 2, 3]),
        ([0.0, 60.0, 120.0, 30.0], [1, 2], [3]),
    ],
)
def test_rows_that_are_out_of_order(seconds, forward, backward):
    lon = np.linspace(0.0, 0.001, len(seconds))
    passes = both_passes(np.array(seconds), lon, np.zeros(len(seconds)))
    for findings, rows in zip(passes, (forward, backward), strict=True):
        order = [f for f in findings if f.test == "order"]
        assert [f.row for f in order] == rows
        words = {(f.severity, f.reason) for f in order}
        assert words <= {("CRITICAL", "time-misordered")}
