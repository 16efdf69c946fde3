"""Rows that an instrument needs to settle: the limit itself still counts."""

import numpy as np

from oceanco2 import platforms
from oceanco2.calibration.model import flushing
from oceanco2.vocabulary import RUN_TYPES


def test_the_limit_is_within_and_one_second_more_is_not():
    water, air = RUN_TYPES["water"], RUN_TYPES["air"]
    run = np.array([water] * 4 + [air] * 2 + [water] * 3, np.int8)
    seconds = np.array([100.0, 130.0, 160.0, 161.0, 200.0, 201.0, 300.0, 360.0, 361.0])
    ship = platforms.load("demo_ship")
    limits = {"flushing_seconds": {"water": 60.0, "air": 0.0}}
    ship = ship.model_copy(update={"runs": ship.runs.model_copy(update=limits)})
    _, marked, _ = flushing(run, seconds, ship)
    assert marked.tolist() == [1, 1, 1, 0, 0, 0, 1, 1, 0]
    changed = np.zeros(9, dtype=bool)
    changed[3] = True  # another standard, say, without a new run type
    _, marked, _ = flushing(run, seconds, ship, changed)
    assert marked.tolist() == [1, 1, 1, 1, 0, 0, 1, 1, 0]
