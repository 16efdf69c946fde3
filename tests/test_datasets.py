"""Datasets that no step could process, and flags that nobody recorded."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.datasets import (
    check_dataset,
    check_flags_recorded,
    set_by_hand,
    whole_numbers,
)
from oceanco2.errors import ProcessingError, ReadError

TIMES = np.datetime64("2024-03-01", "ns") + np.arange(4) * np.timedelta64(1, "h")


def made(**variables):
    columns = {name: ("time", values) for name, values in variables.items()}
    return xr.Dataset(
        {"SST": ("time", [8.0, 9.0, 10.0, 11.0])} | columns
    ).assign_coords(time=TIMES)


def test_what_is_right_is_accepted():
    good = made(SST_flag=[0, 2.0, 4, 9], SST_tests=[0, 1, 4, 0], note=list("abcd"))
    other = xr.Dataset({"standard_run_flag": ("standard_run", np.array([3, 2]))})
    check_dataset(xr.merge([good, other]))
    check_dataset(made(SST_flag_delivered=[1.5, np.nan, 7, 8]))
    check_dataset(made(SST_flag=np.zeros(4, "uint8")))


@pytest.mark.parametrize(
    ("ds", "message"),
    [
        (made().drop_vars("time"), "the dataset has no time"),
        (
            xr.Dataset({"time": (("a", "b"), TIMES.reshape(2, 2))}),
            "time must be along one dimension, not a and b",
        ),
        (
            made().assign_coords(time=np.arange(4.0)),
            "time has no units such as 'days since 1970-01-01'",
        ),
        (made(SST=list("abcd")), "SST must hold numbers, not text"),
        (made(SST_raw=TIMES), "SST_raw must hold numbers, not times"),
        (made(SST=np.ones(4, complex)), "SST must hold numbers, not complex numbers"),
        (made().assign(SST=3.0), "SST must be along time, not none"),
        (
            made().assign(salinity=(("time", "depth"), np.ones((4, 2)))),
            "salinity must be along time, not time and depth",
        ),
        (made(SST_flag=list("abcd")), "SST_flag must hold numbers, not text"),
        (made(time_flag=list("abcd")), "time_flag must hold flags: whole numbers"),
        (
            made(SST_flag=[2, 2.5, 3, 4]),
            "SST_flag must be one of 0, 2, 3, 4, 9, not 2.5:"
            " of averaged rows take the worst flag",
        ),
        (
            made(SST_flag_manual=[2, 7, 3, 4]),
            "SST_flag_manual must be one of 0, 2, 3, 4, 9, not 7",
        ),
        (
            made(SST_flag_automatic=[2, np.nan, np.nan, 4]),
            "SST_flag_automatic has no flag in 2 rows; drop the rows, or flag them 9",
        ),
        (
            made(SST_tests=[0, 0.5, 0, 0]),
            "SST_tests must hold bits of tests: they cannot be averaged",
        ),
        (
            made(SST_tests=[0, 0, 0, -1]),
            "SST_tests must hold bits of tests: they cannot be averaged",
        ),
        (
            made(time_tests=list("abcd")),
            "time_tests must hold bits of tests: they cannot be averaged",
        ),
    ],
)
def test_what_cannot_be_processed(ds, message):
    with pytest.raises(ProcessingError) as caught:
        check_dataset(ds)
    assert str(caught.value) == message
    with pytest.raises(ReadError) as caught:
        check_dataset(ds, "x.nc", error=ReadError)
    assert str(caught.value) == f"x.nc: {message}"


def test_codes_become_integers_again():
    ds = made(
        SST_flag=[2.0, 4, 2, 9],
        SST_flag_automatic=[2.0, 2, 2, 9],
        SST_flag_manual=[0.0, 4, 0, 0],
        SST_tests=[0.0, 2.0**40, 0, 0],
    )
    again = whole_numbers(ds)
    assert {n: str(again[n].dtype) for n in again.data_vars} == {
        "SST": "float64",
        "SST_flag": "int8",
        "SST_flag_automatic": "int8",
        "SST_flag_manual": "int8",
        "SST_tests": "int64",
    }
    assert again["SST_tests"].to_numpy().tolist() == [0, 2**40, 0, 0]
    same = made(SST_flag=np.array([2, 2, 2, 2], "int16"))
    assert whole_numbers(same)["SST_flag"].dtype == "int16"


def test_flags_set_by_hand():
    assert set_by_hand(made(), "SST") is None
    assert set_by_hand(made(SST_flag=[2, 2, 2, 2]), "SST") is None
    assert set_by_hand(made(SST_flag_automatic=[2, 2, 2, 2]), "SST") is None
    ds = made(SST_flag=[2, 4, 3, 9], SST_flag_automatic=[2, 2, 2, 2])
    assert set_by_hand(ds, "SST").tolist() == [False, True, True, True]
    ds["SST"][3] = np.nan  # removed, and flagged so
    assert set_by_hand(ds, "SST").tolist() == [False, True, True, False]
    ds["SST"][1] = np.nan
    assert set_by_hand(ds, "SST").tolist() == [False, True, True, False]
    known = ds.assign(SST_flag_manual=("time", [0, 4, 0, 0]))
    assert set_by_hand(known, "SST").tolist() == [False, False, True, False]
    position = made(position_flag=[9, 2, 2, 2], position_flag_automatic=[2, 2, 2, 2])
    assert set_by_hand(position, "position").tolist() == [True, False, False, False]


def changed(flag, automatic=(2, 2, 2, 2), **more):
    return made(SST_flag=list(flag), SST_flag_automatic=list(automatic), **more)


@pytest.mark.parametrize(
    ("ds", "rows", "first"),
    [
        (changed([2, 4, 4, 2]), 2, "01:00:00"),
        (changed([2, 2, 2, 4], SST_tests=[8, 8, 8, 0]), 1, "03:00:00"),
        # a manual flag that was written beside the flag
        (changed([2, 2, 2, 2], SST_flag_manual=[0, 0, 3, 0]), 1, "02:00:00"),
        (changed([3, 3, 3, 3], [3] * 4, SST_flag_manual=[2, 0, 0, 0]), 1, "00:00:00"),
        (changed([3, 3, 3, 3], [3] * 4, SST_flag_manual=[0, 4, 0, 0]), 1, "01:00:00"),
    ],
)
def test_changed_flags_are_refused_where_they_would_stay_alone(ds, rows, first):
    with pytest.raises(ProcessingError) as caught:
        check_flags_recorded(ds)
    assert str(caught.value) == (
        f"SST_flag was changed by hand in {rows} rows, first 2024-03-01T{first}:"
        " oceanco2.set_flags(ds) records this and passes it on to the results"
    )


@pytest.mark.parametrize(
    "ds",
    [
        made(),
        changed([2, 2, 2, 2]),
        changed([2, 4, 2, 2], SST_tests=[0, 8, 0, 0]),
        changed([2, 4, 2, 2], SST_flag_manual=[0, 4, 0, 0]),
        # a diagnostic makes a questionable value bad
        changed([4, 2, 2, 2], [4, 2, 2, 2], SST_flag_manual=[3, 0, 0, 0]),
        # nothing to flag
        changed([9, 2, 2, 2], [9, 2, 2, 2], SST_flag_manual=[4, 0, 0, 0]).assign(
            SST=("time", [np.nan, 1, 1, 1])
        ),
    ],
)
def test_flags_that_are_in_order(ds):
    check_flags_recorded(ds)


def test_a_manual_flag_of_a_position_counts():
    ds = made(
        position_flag=[2, 2, 2, 2],
        position_flag_automatic=[2, 2, 2, 2],
        position_flag_manual=[0, 4, 0, 0],
    )
    with pytest.raises(ProcessingError, match="position_flag was changed by hand in 1"):
        check_flags_recorded(ds)
