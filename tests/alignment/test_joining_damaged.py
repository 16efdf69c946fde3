"""Damaged lines of another stream give no values."""

import numpy as np

from oceanco2 import platforms
from oceanco2.alignment import align
from tests.alignment.test_joining import stream


def ship():
    ship = platforms.load("demo_ship")
    source = ship.variables["SST"].model_copy(update={"lag_seconds": 0.0})
    return ship.model_copy(update={"variables": ship.variables | {"SST": source}})


def aligned(damaged):
    main = stream([0, 60, 120], T_equ=[1, 1, 1])
    other = stream([0, 60, 120], SST_raw=[10.0, 0.001, 12.0])
    other["damaged"] = "time", np.array(damaged, np.int8)
    return align({"analyser": main, "tsg": other}, ship())["SST_raw"].to_numpy()


def test_a_line_that_lost_a_field_is_not_interpolated():
    np.testing.assert_allclose(aligned([0, 1, 0]), [10.0, 11.0, 12.0])
    np.testing.assert_array_equal(aligned([0, 0, 0]), [10.0, 0.001, 12.0])


def test_damaged_lines_of_the_main_stream_stay():
    main = stream([0, 60, 120], T_equ=[1, 99, 1])
    main["damaged"] = "time", np.array([0, 1, 0], np.int8)
    ds = align({"analyser": main}, ship())
    name = "T_equ_raw" if "T_equ_raw" in ds and "T_equ" not in ds else "T_equ"
    assert ds[name].to_numpy().tolist() == [1, 99, 1]
