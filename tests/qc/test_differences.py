"""Differences of flags as text, as JSON and from small datasets."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.qc.differences import Change, Differences, differences
from oceanco2.qc.manual import NO_MANUAL_FLAG

CHANGES = [
    Change("SST", "A", "B", 1200, 2, 4),
    Change("salinity", "A", "A", 1, 0, 3),
    Change("SST", "C", "C", 1, 2, 4),
    Change("SST", "D", "E", 5, 3, 9),
]
BOTH = Differences("effective", 3000, 2, 0, ["T_equ", "P_equ"], [], CHANGES)


def test_text_of_rows():
    assert BOTH.text().splitlines() == [
        "effective flags of 3,000 rows compared; 2 rows only in A, 0 only in B",
        "flags only in A: T_equ, P_equ",
        "SST: good -> bad 1,201 rows, questionable -> missing 5 rows",
        "  A to B  1,200 rows  good -> bad",
        "  C  1 rows  good -> bad",
        "  D to E  5 rows  questionable -> missing",
        "salinity: not evaluated -> questionable 1 rows",
        "  A  1 rows  not evaluated -> questionable",
    ]


def test_text_of_periods_and_of_nothing():
    one = Differences("manual", changes=[Change("SST", "A", "B", None, 2, 4)])
    assert one.text() == "SST: good -> bad 1 periods\n  A to B  good -> bad"
    assert Differences("manual").text() == "no flag differs"
    same = Differences("manual", 5, 0, 0, [], ["SST"])
    assert same.text().splitlines() == [
        "manual flags of 5 rows compared; 0 rows only in A, 0 only in B",
        "flags only in B: SST",
        "no flag differs",
    ]
    apart = Differences("manual", 0, 5, 6).text().splitlines()
    assert apart[1:] == ["the datasets have no times in common: nothing to compare"]


def test_everything_for_json():
    content = BOTH.to_dict()
    assert list(content["variables"]) == ["SST", "salinity"]
    assert content["variables"]["salinity"] == {
        "changed": 1,
        "counts": [{"from": 0, "to": 3, "rows": 1}],
        "changes": [{"start": "A", "end": "A", "rows": 1, "from": 0, "to": 3}],
    }
    assert content["variables"]["SST"]["changed"] == 1206
    assert len(content["variables"]["SST"]["changes"]) == 3
    del content["variables"]
    assert content == {
        "identical": False,
        "layer": "effective",
        "rows": {"both": 3000, "only_a": 2, "only_b": 0},
        "variables_only_a": ["T_equ", "P_equ"],
        "variables_only_b": [],
    }
    for same in (Differences("manual"), Differences("manual", 5, 0, 0)):
        assert same.to_dict()["identical"] is True
    for other in ((5, 1, 0), (5, 0, 1), (5, 0, 0, ["a"]), (5, 0, 0, [], ["a"])):
        assert Differences("manual", *other).to_dict()["identical"] is False


def dataset(hours, **layers):
    time = np.datetime64("2020-01-01T00", "ns") + np.array(hours) * np.timedelta64(
        1, "h"
    )
    variables = {n: ("time", np.array(f, dtype=np.int8)) for n, f in layers.items()}
    variables |= {
        name.split("_flag")[0]: ("time", np.zeros(len(hours))) for name in layers
    }
    return xr.Dataset(variables, coords={"time": time})


def test_datasets_are_paired_by_time():
    a = dataset([0, 1, 2, 3, 4], SST_flag=[2, 2, 3, 3, 2], P_equ_flag=[2] * 5)
    b = dataset([1, 2, 3, 9], SST_flag=[2, 4, 4, 2], T_equ_flag=[2] * 4)
    found = differences(a, b)
    assert (found.rows, found.rows_only_a, found.rows_only_b) == (3, 2, 1)
    assert (found.only_a, found.only_b) == (["P_equ"], ["T_equ"])
    assert found.changes == [
        Change("SST", "2020-01-01T02:00:00.000", "2020-01-01T03:00:00.000", 2, 3, 4)
    ]
    assert differences(a, a).changes == []


def test_changes_of_different_kinds_are_periods_of_their_own():
    a = dataset([0, 1, 2, 3, 4], SST_flag=[2, 2, 2, 3, 2])
    b = dataset([0, 1, 2, 3, 4], SST_flag=[3, 3, 4, 4, 2])
    found = [
        (c.start[11:13], c.end[11:13], c.rows, c.before, c.after)
        for c in differences(a, b).changes
    ]
    assert found == [
        ("00", "01", 2, 2, 3),
        ("02", "02", 1, 2, 4),
        ("03", "03", 1, 3, 4),
    ]


def test_equal_times_are_paired_in_their_order():
    a = dataset([0, 0, 1], SST_flag=[2, 3, 2])
    b = dataset([0, 0, 0, 1], SST_flag=[2, 4, 2, 2])
    found = differences(a, b)
    assert (found.rows, found.rows_only_b) == (3, 1)
    assert [(c.before, c.after) for c in found.changes] == [(3, 4)]


def test_layers_and_datasets_that_cannot_be_compared():
    a = dataset([0, 1], SST_flag=[2, 2], SST_flag_manual=[NO_MANUAL_FLAG, 4])
    b = dataset([0, 1], SST_flag=[2, 2])
    (change,) = differences(a, b, "manual").changes
    assert (change.before, change.rows, change.start[11:13]) == (4, 1, "01")
    assert differences(a, b, "manual").only_a == []
    with pytest.raises(OptionError, match="layer must be one of effective, automatic"):
        differences(a, b, "all")
    with pytest.raises(ProcessingError, match="no flags: nothing to compare"):
        differences(a, dataset([0]))
