"""A ship at rest: which rows are at the berth, counted by hand."""

import numpy as np
import pytest

from oceanco2.qc.checks.surroundings import check_port
from oceanco2.vocabulary import QUESTIONABLE

N, FIRST, AT_REST = 90, 10, 40  # rows of ten minutes; 6.5 hours at rest


def track(at_rest=AT_REST):
    seconds = 600.0 * np.arange(N)
    km = np.zeros(N)
    km[:FIRST] = np.arange(FIRST, 0, -1)
    rest = N - FIRST - at_rest
    km[FIRST + at_rest :] = np.arange(1, rest + 1)
    position = {"latitude": 60.0 + km / 111.195, "longitude": np.full(N, 5.0)}
    return seconds, position


@pytest.mark.parametrize("at_rest", [25, 26, 40])
def test_the_rows_of_a_stay(at_rest):
    """All rows at rest, no row more: 25 rows are four hours."""
    seconds, position = track(at_rest)
    found = check_port(np.full(N, 1.5), seconds, **position)
    rows = np.flatnonzero(found == QUESTIONABLE)
    assert rows.tolist() == list(range(FIRST, FIRST + at_rest))


def test_a_shorter_stop_is_no_stay():
    seconds, position = track(24)
    assert not (check_port(np.full(N, 1.5), seconds, **position) == QUESTIONABLE).any()


def test_warming_up_to_one_kelvin_is_no_stagnant_water():
    seconds, position = track()
    for warming, flagged in ((1.0, False), (1.001, True), (-1.001, True)):
        found = check_port(np.full(N, warming), seconds, **position)
        assert (found == QUESTIONABLE).any() == flagged


def test_a_given_port_needs_no_warming():
    seconds, position = track()
    for ports, flagged in (("60.0 5.0", True), ("60.1 5.0", False)):
        found = check_port(np.zeros(N), seconds, ports=ports, **position)
        assert (found == QUESTIONABLE).any() == flagged
