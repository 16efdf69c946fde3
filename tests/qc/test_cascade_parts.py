"""Interpolated air in the cascade, on nine rows that can be followed by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.fields.air import METHOD
from oceanco2.qc.cascade import INPUTS, InterpolatedAir, cascade
from oceanco2.vocabulary import GOOD, RUN_TYPES

WATER, AIR = RUN_TYPES["water"], RUN_TYPES["air"]
ACTUAL, INTERP = "xCO2_atm_dry_actual", "xCO2_atm_dry_interp"
#: Water, two air samples, two of water, one of air, two of water, one without air.
KINDS = np.array([WATER, AIR, AIR, WATER, WATER, AIR, WATER, WATER, WATER])


def dataset(method=METHOD, **changes):
    air = np.where(KINDS == AIR, 410.0, np.nan)
    water = np.where(KINDS == WATER, 410.0, np.nan)
    water[8] = np.nan
    data = {"run_type": KINDS, ACTUAL: air, INTERP: water} | changes
    time = np.datetime64("2024-01-01", "ns") + np.arange(9) * np.timedelta64(60, "s")
    ds = xr.Dataset({k: ("time", v) for k, v in data.items()}, {"time": time})
    if method:
        ds[INTERP].attrs["method"] = method
    return ds


def flags_and_tests(**flagged):
    flags = np.where(KINDS == AIR, GOOD, 9).astype(np.int8)
    tests = np.zeros(9, np.int64)
    for row, (flag, bits) in flagged.items():
        flags[int(row[1:])], tests[int(row[1:])] = flag, bits
    return flags, tests


def test_air_is_derived_if_it_was_interpolated_here():
    assert InterpolatedAir(dataset()).is_derived is True
    assert not InterpolatedAir(dataset("linear")).is_derived
    assert not InterpolatedAir(dataset("")).is_derived
    assert not InterpolatedAir(dataset().drop_vars(ACTUAL)).is_derived
    assert not InterpolatedAir(dataset().drop_vars(INTERP)).is_derived
    none = dataset(**{ACTUAL: np.full(9, np.nan)})
    assert not InterpolatedAir(none).is_derived


def test_flags_go_to_the_rows_computed_from_a_sample():
    air = InterpolatedAir(dataset())
    assert air._seconds.tolist() == [60.0 * i for i in range(9)]
    flags, tests = air.layer(*flags_and_tests(_2=(3, 4)))
    # The first two samples are one group: it makes rows 0, 3 and 4.
    assert flags.tolist() == [3, 2, 2, 3, 3, 2, 2, 2, 2]
    assert tests.tolist() == [4, 0, 0, 4, 4, 0, 0, 0, 0]
    assert (flags.dtype, tests.dtype) == (np.int8, np.int64)
    flags, tests = air.layer(*flags_and_tests(_1=(3, 4), _2=(4, 8), _5=(3, 16)))
    assert flags.tolist() == [4, 2, 2, 4, 4, 2, 3, 3, 2]
    assert tests.tolist() == [12, 0, 0, 28, 28, 0, 16, 16, 0]
    # A missing sample entered nothing; good ones pass on no tests.
    flags, tests = air.layer(*flags_and_tests(_5=(9, 1), _1=(2, 32)))
    assert flags.tolist() == [2] * 9
    assert tests.tolist() == [0] * 9


def test_the_sample_behind_a_row():
    air = InterpolatedAir(dataset())
    rows = np.zeros(9, bool)
    assert air.samples(rows).tolist() == [-1] * 9
    rows[5] = True
    assert air.samples(rows).tolist() == [-1, -1, -1, 5, 5, -1, 5, 5, -1]
    rows[2] = True
    assert air.samples(rows).tolist() == [2, -1, -1, 2, 2, -1, 5, 5, -1]
    rows[1] = True
    found = air.samples(rows)
    assert found.tolist() == [1, -1, -1, 1, 1, -1, 5, 5, -1]
    assert found.dtype == np.int64


def test_flags_of_samples_that_a_person_accepts_are_lifted():
    air = InterpolatedAir(dataset())
    automatic = flags_and_tests(_1=(3, 4), _5=(3, 8))
    local = np.full(9, 3, np.int8), np.array([4, 0, 0, 4, 12, 0, 8, 10, 0])
    assert air.lift_accepted(local, automatic, None) is local
    manual = np.zeros(9, np.int8)
    manual[1] = GOOD
    flags, tests = air.lift_accepted(local, automatic, manual)
    bit = TEST_BITS["manual"]
    # Rows 0 and 3 have the test of the first sample only; 4 has one of the other, too.
    assert flags.tolist() == [2, 3, 3, 2, 3, 3, 3, 3, 3]
    assert tests.tolist() == [4 | bit, 0, 0, 4 | bit, 12, 0, 8, 10, 0]
    assert flags.dtype == np.int8
    manual[5] = GOOD
    flags, _ = air.lift_accepted(local, automatic, manual)
    assert flags.tolist() == [2, 3, 3, 2, 2, 3, 2, 3, 3]
    # Good flags stay as they are, and a manual flag of a good sample answers nothing.
    good = np.full(9, GOOD, np.int8), local[1]
    assert (air.lift_accepted(good, automatic, manual)[1] == local[1]).all()
    flags, _ = air.lift_accepted(local, flags_and_tests(), manual)
    assert (flags == 3).all()
    manual[[1, 5]] = 3
    assert (air.lift_accepted(local, automatic, manual)[0] == 3).all()


BITS = {name: TEST_BITS[name] for name in ("missing", "physical", "input", "gap")}


def layer(flag, bits=0):
    return np.array([flag], np.int8), np.array([bits], np.int64)


@pytest.mark.parametrize(
    ("source", "flag", "bits", "value", "becomes", "expected"),
    [
        ("SST", 3, 4, 1.0, {}, (3, 4 | BITS["input"])),
        ("SST", 4, 4, 1.0, {"SST": (2, 3)}, (3, 4 | BITS["input"])),
        ("SST", 3, 4, 1.0, {"SST": (2, 3)}, (2, 4 | BITS["input"])),
        ("SST", 2, 4, 1.0, {}, (2, 0)),
        ("wind_speed", 4, 4, 1.0, {}, (2, 0)),
        ("salinity", 3, 4, 1.0, None, (2, 4 | BITS["input"])),
        ("salinity", 4, 4, 1.0, None, (3, 4 | BITS["input"])),
        ("SST", 2, 0, np.nan, {}, (9, BITS["missing"])),
        (
            *("SST", 4, BITS["physical"], np.nan, {}),
            (4, BITS["physical"] | BITS["input"] | BITS["missing"]),
        ),
    ],
)
def test_one_input_and_a_result(source, flag, bits, value, becomes, expected):
    local = layer(2)
    flags, tests = cascade(
        "fCO2_water_SST_wet",
        local,
        {source: layer(flag, bits)},
        np.array([value]),
        becomes,
    )
    assert (int(flags[0]), int(tests[0])) == expected
    assert (int(local[0][0]), int(local[1][0])) == (2, 0)


@pytest.mark.parametrize(
    ("source", "passed"),
    [
        *((name, True) for name in ("SST", "T_equ", "salinity", "P_equ")),
        *((name, False) for name in ("water_flow", "gas_flow", "position", "time")),
        ("warming", False),
        ("xCO2_water_Tequ_dry", True),
        ("xCO2_water_SST_wet", False),
    ],
)
def test_inputs_that_may_be_missing(source, passed):
    """The tests of a missing input are passed on, unless it is not needed."""
    name = "pCO2_water_SST_wet"
    assert source in INPUTS[name]
    missing = {source: layer(9, 1)}
    flags, tests = cascade(name, layer(2), missing, np.array([np.nan]), {})
    assert int(flags[0]) == 9
    assert int(tests[0]) == BITS["missing"] | (BITS["input"] if passed else 0)
    flags, _ = cascade(name, layer(2), missing, np.array([1.0]), {})
    assert int(flags[0]) == GOOD
