"""Which rows of a dataset are written for SOCAT, and why the others are not."""

import numpy as np
import pytest

from oceanco2.bits import TEST_BITS
from oceanco2.errors import ProcessingError
from oceanco2.socat.upload.rows import select
from oceanco2.vocabulary import RUN_TYPES
from tests.datasets import canonical_dataset

WATER = [
    name
    for name in canonical_dataset(2).data_vars
    if "CO2_water" in name and name.endswith(("dry", "wet"))
]


def dataset(n=10, **changes):
    """Water rows; a change is a row and a value of a variable."""
    ds = canonical_dataset(n).copy(deep=True)
    for name, (row, value) in changes.items():
        ds[name].to_numpy()[row] = value
    return ds


def chosen(ds, air=False, bad=True):
    return select(ds, include_air=air, include_bad=bad)


def missing(ds, row):
    """Take the results of sea water away from a row."""
    for name in WATER:
        ds[name].to_numpy()[row] = np.nan
        if f"{name}_flag" in ds:
            ds[f"{name}_flag"].to_numpy()[row] = 9
    return ds


def test_all_rows():
    found = chosen(dataset())
    assert found.rows.tolist() == list(range(10))
    assert found.left_out == {}
    assert found.water_flag.tolist() == [2] * 10
    assert found.air_only.tolist() == [False] * 10
    assert found.time.dtype == "datetime64[ms]"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"latitude": (3, np.nan)}, "no position"),
        ({"longitude": (3, np.nan)}, "no position"),
        ({"run_type": (3, RUN_TYPES["air"])}, None),
    ],
)
def test_reasons(changes, reason):
    found = chosen(dataset(**changes))
    assert found.left_out == ({reason: 1} if reason else {})
    assert (3 in found.rows) is (reason is None)


def test_rows_of_contradicting_files_and_of_clocks_that_were_not_set():
    ds = dataset()
    conflict = np.zeros(10, np.int8)
    conflict[[1, 2]] = 1
    tests = np.zeros(10, np.int64)
    tests[[2, 4]] = TEST_BITS["impossible_time"]
    tests[6] = TEST_BITS["duplicate_time"]
    ds = ds.assign(file_conflict=("time", conflict), time_tests=("time", tests))
    found = chosen(ds)
    assert found.left_out == {"contradicted by another file": 2, "impossible time": 1}
    assert found.rows.tolist() == [0, 3, 5, 6, 7, 8, 9]


def test_rows_without_time():
    ds = dataset()
    time = ds["time"].to_numpy().copy()
    time[[2, 5]] = np.datetime64("NaT")
    ds = ds.assign_coords(time=time)
    ds["latitude"].to_numpy()[5] = np.nan
    assert chosen(ds).left_out == {"no time": 2}


@pytest.mark.parametrize("name", RUN_TYPES)
def test_runs_without_a_result(name):
    ds = missing(dataset(run_type=(4, RUN_TYPES[name])), 4)
    expected = "water runs without a result" if name == "water" else f"{name} runs"
    assert chosen(ds).left_out == {expected: 1}
    bare = ds.drop_vars("run_type")
    assert chosen(bare).left_out == {"without a CO2 value of sea water": 1}


def test_flags_of_rows():
    ds = dataset()
    ds["fCO2_water_SST_wet_flag"].to_numpy()[[1, 2]] = [3, 4]
    found = chosen(ds)
    assert found.water_flag.tolist()[:4] == [2, 3, 4, 2]
    found = chosen(ds, bad=False)
    assert found.left_out == {"flagged bad": 1}
    assert found.water_flag.tolist()[:3] == [2, 3, 2]
    for name in WATER:
        if f"{name}_flag" in ds:
            ds[f"{name}_flag"].to_numpy()[5] = 0
    assert chosen(ds).left_out == {"not evaluated by quality control": 1}


def test_rows_of_air():
    ds = dataset(13)
    found = chosen(ds, air=True)
    assert found.left_out == {"standard runs": 1}
    assert found.air_only.tolist() == [False] * 10 + [True] * 2
    assert found.water_flag.tolist() == [2] * 10 + [0] * 2
    assert found.air_flag.tolist()[-2:] == [2, 2]
    ds["xCO2_atm_dry_actual_flag"].to_numpy()[11] = 4
    assert chosen(ds, air=True).air_flag.tolist()[-2:] == [2, 4]
    found = chosen(ds, air=True, bad=False)
    assert found.left_out == {"standard runs": 1, "air runs": 1}
    assert chosen(ds).left_out == {"standard runs": 1, "air runs": 2}


@pytest.mark.parametrize(
    ("longitude", "written"),
    [(180.5, -179.5), (-180.0, 180.0), (180.0, 180.0), (359.0, -1.0), (-10.0, -10.0)],
)
def test_longitudes(longitude, written):
    found = chosen(dataset(longitude=(0, longitude)))
    assert found.longitude[0] == pytest.approx(written)


def test_rows_are_in_order_and_once():
    ds = dataset()
    time = ds["time"].to_numpy().copy()
    time[:] = time[[9, 1, 2, 3, 3, 5, 6, 7, 8, 0]]
    ds = ds.assign_coords(time=time)
    for name, value in (("latitude", 1.0), ("longitude", 2.0)):
        ds[name].to_numpy()[3:5] = value
    assert chosen(ds).rows.tolist() == [9, 1, 2, 3, 5, 6, 7, 8, 0]
    assert chosen(ds).left_out == {"same time and position as the row before": 1}
    for name in ("latitude", "longitude"):
        other = ds.copy(deep=True)
        other[name].to_numpy()[4] += 2e-5
        assert chosen(other).left_out == {}
        other[name].to_numpy()[4] -= 1.8e-5
        assert chosen(other).rows.size == 9


def test_equal_times_are_ordered_by_longitude_then_latitude():
    """The dashboard orders by time, longitude, latitude."""
    ds = dataset()
    time = ds["time"].to_numpy().copy()
    time[:3] = time[0]
    ds = ds.assign_coords(time=time)
    ds["longitude"].to_numpy()[:3] = [2.0, 1.0, 1.0]
    ds["latitude"].to_numpy()[:3] = [0.0, 5.0, 4.0]
    assert chosen(ds).rows.tolist()[:3] == [2, 1, 0]
    ds["longitude"].to_numpy()[:3] = [-179.999999, 179.0, -179.0]
    assert chosen(ds).rows.tolist()[:3] == [2, 1, 0]


def test_times_are_rounded_to_milliseconds():
    ds = dataset()
    time = ds["time"].to_numpy().copy()
    time[0] = np.datetime64("2024-03-01T05:00:00.000499999", "ns")
    time[1] = np.datetime64("2024-03-01T05:00:00.000500000", "ns")
    found = chosen(ds.assign_coords(time=time))
    assert found.time[:2].astype("int64").tolist() == [1709269200000, 1709269200001]


def test_what_is_needed():
    for name in ("latitude", "longitude"):
        words = f"SOCAT needs {name}: it is missing"
        with pytest.raises(ProcessingError, match=words):
            chosen(dataset().drop_vars(name))
    without = dataset().drop_vars(WATER)
    with pytest.raises(ProcessingError, match="SOCAT needs CO2 of sea water"):
        chosen(without)
    flags = [name for name in dataset().data_vars if name.endswith("_flag")]
    with pytest.raises(ProcessingError, match="SOCAT needs WOCE flags"):
        chosen(dataset().drop_vars(flags))
    nowhere = dataset(3)
    nowhere["latitude"].to_numpy()[:] = np.nan
    missing(nowhere, 1)
    with pytest.raises(ProcessingError) as caught:
        chosen(nowhere)
    assert str(caught.value) == (
        "no row can be written for SOCAT: 2 no position; 1 water runs without a result"
    )


@pytest.mark.parametrize(
    ("flag", "test", "written"),
    [
        (4, "position", False),
        (2, "position", True),  # a person calls it good
        (4, "speed", True),
        (9, "position", True),
    ],
)
def test_positions_that_are_none_are_not_written(flag, test, written):
    ds = dataset(position_flag=(3, flag), position_tests=(3, TEST_BITS[test]))
    found = chosen(ds)
    assert (3 in found.rows) is written
    assert found.left_out == ({} if written else {"no position": 1})
    assert 3 in chosen(ds.drop_vars("position_tests")).rows
    assert 3 in chosen(ds.drop_vars("position_flag")).rows
