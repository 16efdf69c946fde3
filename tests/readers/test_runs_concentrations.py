"""Concentrations of gas standards that the operator typed into a log."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import DataWarning
from oceanco2.platforms.settings import Standard
from oceanco2.readers import read, runs
from oceanco2.registry import READERS

LABELS = np.array(["STD 1", "STD 1", "EQU"], dtype=object)
WHICH = np.array([0, 0, -1])


class Rows:
    """Rows with one column."""

    def __init__(self, *typed):
        self.typed = np.array(typed, dtype=float)

    def numbers(self, name):
        if name != "std val" or not self.typed.size:
            raise runs.ReadError("no such column")
        return self.typed, None


def told(rows, true=300.0, accepted=None):
    platform = SimpleNamespace(
        standards=[Standard(run="STD 1", xCO2=true)], accepted=accepted or {}
    )
    return runs.compare_standards(platform, rows, LABELS, WHICH)


@pytest.mark.parametrize(
    ("typed", "true", "warned"),
    [
        (300.29, 300.0, False),
        (300.31, 300.0, True),
        (299.69, 300.0, True),
        (300.0 * 1.00041, 300.0, False),  # another scale
        (0.09, 0.0, False),
        (0.11, 0.0, True),
        (0.0, 300.0, False),  # none typed
        (np.nan, 300.0, False),
    ],
)
def test_typed_concentrations(typed, true, warned):
    found = told(Rows(typed, true, 999.0), true)
    if not warned:
        assert found == []
        return
    count = 2 if true else 1
    assert found == [
        f"run STD 1: 'std val' is {typed:g} in 1 of {count} rows, the platform file"
        f" says {true:g} (which is used). If this is right: [accepted]"
        ' standards."STD 1" = "why"'
    ]


def test_an_answer_and_no_column():
    rows = Rows(400.0, 400.0, 0.0)
    assert len(told(rows)) == 1
    assert told(rows, accepted={"standards": {"STD 1": "another cylinder"}}) == []
    assert told(Rows()) == []


def test_at_most_three_values_are_named():
    labels = np.array(["S"] * 4, dtype=object)
    platform = SimpleNamespace(standards=[Standard(run="S", xCO2=1.0)], accepted={})
    rows = Rows(4.0, 3.0, 2.0, 5.0)
    found = runs.compare_standards(platform, rows, labels, np.zeros(4, dtype=int))
    assert "is 2, 3, 4 in 4 of 4 rows" in found[0]


def test_tables_are_compared_like_logs():
    for name in ("delimited", "spreadsheet", "netcdf", "general_oceanics"):
        assert READERS[name].inspect is runs.compare_standards, name
        assert READERS[name].more_columns == ("std val",)


def test_a_log_that_was_saved_as_a_table(tmp_path):
    from oceanco2 import platforms

    text = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
separator = "comma"
run_columns = ["Type"]
time = { columns = ["t"], format = "%Y-%m-%dT%H:%M:%S" }
[runs]
"STD*" = "standard"
[variables]
xCO2 = { column = "co2", units = "ppm" }
[[standards]]
run = "STD1"
xCO2 = 250.0
"""
    table = "t,Type,std val,co2\n2024-01-01T00:00:00,STD1,252.5,250\n"
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    platform = platforms.parse(text.encode(), "x.toml")
    with pytest.warns(DataWarning, match=r"'std val' is 252.5 in 1 of 1 rows"):
        read(platform, [tmp_path / "a.csv"])
