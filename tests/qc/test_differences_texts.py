"""Differences of flags as numbers and text."""

import numpy as np
import xarray as xr

from oceanco2.qc.differences import Change, Differences, differences
from oceanco2.qc.manual import ManualFlag

DAYS = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"]


def dataset(days, **flags):
    time = np.array(days, "datetime64[ns]")
    variables = {f"{n}_flag": ("time", np.array(f, np.int8)) for n, f in flags.items()}
    return xr.Dataset(variables, {"time": time})


def test_datasets():
    a = dataset(DAYS, SST=[2, 3, 3, 2], salinity=[2, 2, 2, 2])
    b = dataset(DAYS[1:], SST=[4, 4, 2], P_equ=[2, 2, 2])
    found = differences(a, b)
    second, third = (f"{day}T00:00:00.000" for day in DAYS[1:3])
    assert found.changes == [Change("SST", second, third, 2, 3, 4)]
    assert (found.rows, found.rows_only_a, found.rows_only_b) == (3, 1, 0)
    assert (found.only_a, found.only_b) == (["salinity"], ["P_equ"])
    assert found.counts() == {"SST": {(3, 4): 2}}
    table = found.to_dict()
    assert not table["identical"]
    assert table["rows"] == {"both": 3, "only_a": 1, "only_b": 0}
    assert table["variables"]["SST"]["changed"] == 2
    assert table["variables"]["SST"]["counts"] == [{"from": 3, "to": 4, "rows": 2}]
    assert found.text() == (
        "effective flags of 3 rows compared; 1 rows only in A, 0 only in B\n"
        "flags only in A: salinity\nflags only in B: P_equ\n"
        "SST: questionable -> bad 2 rows\n"
        f"  {second} to {third}  2 rows  questionable -> bad"
    )


def test_equal_datasets():
    a = dataset(DAYS, SST=[2, 3, 3, 2])
    found = differences(a, a)
    assert found.to_dict()["identical"]
    assert found.text().endswith("in B\nno flag differs")
    other = dataset(["2025-01-01"], SST=[2])
    text = differences(a, other).text()
    assert text.endswith("the datasets have no times in common: nothing to compare")
    repeated = dataset([DAYS[0], DAYS[0]], SST=[2, 3])
    found = differences(repeated, dataset([DAYS[0]], SST=[4]))
    assert [(c.before, c.after) for c in found.changes] == [(2, 4)]
    assert found.rows_only_a == 1


def test_lists():
    one = ManualFlag(DAYS[0], DAYS[1], "SST", 3, "x", "", "")
    two = ManualFlag(DAYS[0], DAYS[1], "SST", 4, "x", "", "")
    found = differences([one], [two])
    assert found.layer == "manual"
    assert (found.rows, found.rows_only_a) == (None, None)
    (change,) = found.changes
    assert (change.start[:10], change.end[:10]) == (DAYS[0], DAYS[1])
    assert (change.rows, change.before, change.after) == (None, 3, 4)
    assert "SST: questionable -> bad 1 periods" in found.text()
    assert differences([one], [one]).to_dict()["identical"]


def test_counts_by_kind():
    changes = [Change("a", "", "", n, 2, 3) for n in (2, 5, None)]
    assert Differences("manual", changes=changes).counts() == {"a": {(2, 3): 8}}
