"""Which cells of a line are read, by the plan of a file."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.socat.archive import _kernels, layout


@pytest.fixture
def lay_out(monkeypatch):
    monkeypatch.setattr(layout, "constants", lambda file: file.fixed)

    def call(header, columns=None, also=(), **fixed):
        file = SimpleNamespace(name="a.tsv", line=7, header=header, fixed=fixed)
        return layout.lay_out(file, columns, also)

    return call


HEADER = ("Expocode", "yr", "mon", "day", "hh", "mm", "ss", "longitude [dec.deg.E]")
HEADER += ("SST [deg.C]", "Mine [m]", "a oceanco2 b")


def plan_of(got):
    return {i: row.tolist() for i, row in enumerate(got.plan) if (row >= 0).any()}


def cell(**roles):
    row = [-1, -1, -1]
    for name, value in roles.items():
        row[getattr(_kernels, name)] = value
    return row


def test_all_columns(lay_out):
    got = lay_out(HEADER)
    assert got.numbers == ("longitude", "SST", "a oceanco2 b")
    assert got.labels == ("Expocode", "Mine")
    assert got.timed
    assert got.columns == (
        *("Expocode", "time", "longitude", "SST", "Mine", "a oceanco2 b"),
    )
    expected = {0: cell(IN_LABELS=0), 9: cell(IN_LABELS=1)}
    expected |= {1 + part: cell(IN_TIME=part) for part in range(6)}
    expected |= {7 + row: cell(IN_NUMBERS=row) for row in range(2)}
    expected[10] = cell(IN_NUMBERS=2)
    assert plan_of(got) == expected
    assert got.plan.shape == (11, 3)
    assert got.duplicates == ()


def test_selected_columns(lay_out):
    got = lay_out(HEADER, ["sst", "lon"], also=["Expocode", "QC_Flag"])
    assert got.numbers == ("SST", "longitude")
    assert (got.labels, got.timed) == (("Expocode",), False)
    assert plan_of(got) == {
        0: cell(IN_LABELS=0),
        7: cell(IN_NUMBERS=1),
        8: cell(IN_NUMBERS=0),
    }
    assert got.columns == ("Expocode", "longitude", "SST")


def test_parts_of_the_clock_can_be_read(lay_out):
    got = lay_out(HEADER, ["yr", "time"])
    assert (got.numbers, got.timed) == (("yr",), True)
    assert got.plan[1].tolist() == cell(IN_NUMBERS=0, IN_TIME=0)
    assert got.columns == ("time", "yr")


def test_stamp(lay_out):
    got = lay_out(("Date/Time", "SST"))
    assert (got.timed, got.numbers, got.labels) == (True, ("SST",), ())
    assert got.plan[0].tolist() == cell(IN_TIME=_kernels.WHOLE_STAMP)
    assert got.columns == ("time", "SST")


def test_no_time(lay_out):
    for header in (("SST",), ("yr", "mon", "day", "hh", "SST")):
        assert not lay_out(header).timed
    with pytest.raises(ReadError, match=r"a\.tsv, line 7 \(header\): no columns yr"):
        lay_out(("SST",), ["time"])
    assert lay_out(("yr", "mon", "day", "hh", "mm")).timed


def test_missing_column(lay_out):
    with pytest.raises(ReadError, match=r"line 7 \(header\): no column named 'SST'"):
        lay_out(("sal",), ["SST"])


def test_fixed_columns(lay_out):
    got = lay_out(("SST",), Expocode="33AT20120417", SST="1")
    assert got.fixed == {"Expocode": "33AT20120417"}
    assert got.columns == ("Expocode", "SST")
    assert lay_out(("SST",), ["SST"], Expocode="a").fixed == {}
    assert lay_out(("SST",), ["Expocode"], Expocode="a").fixed == {"Expocode": "a"}


def test_duplicates():
    fields, duplicates = layout._positions(
        ("SST", "x [a]", "SST [deg.C]", "x [b]", "", "x [b]")
    )
    assert fields == {"SST": 0, "x": 1, "x [b]": 3}
    assert duplicates == (("SST", 0, 2), ("x [b]", 3, 5))
    assert np.all(np.array(layout.CLOCK) == ["yr", "mon", "day", "hh", "mm", "ss"])
