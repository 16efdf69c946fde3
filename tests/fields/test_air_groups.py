"""Groups of air measurements by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.fields import air
from oceanco2.vocabulary import BAD, GOOD

NAN = np.nan


def table(values, **more):
    data = {air.MEASURED: values} | more
    return xr.Dataset({name: ("time", v) for name, v in data.items()})


def groups_of(values, **more):
    seconds = 10.0 * np.arange(len(values))
    return air.air_groups(table(values, **more), seconds)


def test_each_sample_is_a_group_without_run_types():
    got = groups_of([1.0, NAN, 3.0])
    assert (got.rows.tolist(), got.starts.tolist()) == ([0, 2], [0, 1])
    assert got.centres.tolist() == [0.0, 20.0]


def test_groups_end_where_the_run_type_changes():
    values = [1.0, 2.0, 6.0, NAN, 4.0, 5.0, 9.0]
    got = groups_of(values, run_type=[2, 2, 2, 1, 2, 2, 3])
    assert got.rows.tolist() == [0, 1, 2, 4, 5, 6]
    assert got.starts.tolist() == [0, 3, 5]
    assert got.centres.tolist() == [10.0, 45.0, 60.0]
    assert got.medians(np.array(values)).tolist() == [2.0, 4.5, 9.0]


def test_a_missing_value_does_not_split_a_group():
    got = groups_of([1.0, NAN, 3.0], run_type=[2, 2, 2])
    assert (got.rows.tolist(), got.starts.tolist()) == ([0, 2], [0])
    assert got.centres.tolist() == [10.0]
    # Run type 0 from the first row on.
    assert groups_of([1.0, 2.0], run_type=[0, 0]).starts.tolist() == [0]


def test_flags_and_flushing():
    flags = {f"{air.MEASURED}_flag_delivered": [0, GOOD, BAD, GOOD]}
    got = groups_of([1.0, 2.0, 3.0, 4.0], flushing=[0, 0, 0, 1], **flags)
    assert got.rows.tolist() == [0, 1]
    assert groups_of([NAN, NAN]) is None


@pytest.mark.parametrize(
    ("second", "before", "after"),
    [(-5.0, 0, 0), (0.0, 0, 0), (5.0, 0, 1), (10.0, 1, 1), (15.0, 1, 2), (35.0, 2, 2)],
)
def test_around(second, before, after):
    rows = np.arange(3)
    groups = air.AirGroups(rows, rows, np.array([0.0, 10.0, 30.0]))
    got = groups.around(np.array([second]))
    assert (int(got[0][0]), int(got[1][0])) == (before, after)


def test_names():
    assert (air.MEASURED, air.INTERPOLATED) == (
        "xCO2_atm_dry_actual",
        "xCO2_atm_dry_interp",
    )
    assert air.METHOD == "linear in time between groups of air measurements"
    # One mean for each year from 1979 to 2024; CO2 rises every year.
    assert air._FIRST_YEAR + len(air._MEANS) - 1 == 2024
    growth = np.diff(air._MEANS)
    assert (growth > 0.6).all()
    assert (growth < 3.5).all()
    assert air._DEPARTURE.shape == (5, 6)
    assert (air._BEFORE, air._AFTER) == (1.1, 2.6)
