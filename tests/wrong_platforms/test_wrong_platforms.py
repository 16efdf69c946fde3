"""Wrong platform files: the table is as drawn, and what each of them gives.

`OCEANCO2_WRONG_PLATFORMS=all` runs the whole table; otherwise a few quick platforms.
"""

import os
import tomllib

import pytest

from tests.golden.set_b import FILES
from tests.wrong_platforms import run
from tests.wrong_platforms.draw import (
    COLUMNS,
    COUNT,
    PLATFORMS,
    candidates,
    draw,
    leaves,
    shipped,
    table,
)
from tests.wrong_platforms.edit import EXCHANGED, Missing, change

DRAWN = table("drawn.csv")
MOST_SILENT = 10
#: Platforms with few rows.
QUICK = ("crimp2_2016", "munida_2005", "nuka_arctica_2005_socat")
WHOLE = os.environ.get("OCEANCO2_WRONG_PLATFORMS") == "all"


def names(row):
    return tuple(row[x] for x in COLUMNS)


def label(row):
    return f"{row['platform']}-{row['key']}"


def plain_values(text):
    """Return path to value of a platform file, tables excepted."""
    return {
        ".".join(path): value
        for path, value in leaves(tomllib.loads(text))
        if not isinstance(value, dict)
        and not (isinstance(value, list) and value and isinstance(value[0], dict))
    }


def test_the_table_is_what_the_seed_draws():
    assert draw(table("candidates.csv")) == DRAWN
    assert len({names(row) for row in DRAWN}) == COUNT
    simulated = {"demo_ship", "demo_hydroc", "demo_mapco2"}
    assert {row["platform"] for row in DRAWN} == {*FILES, *simulated}
    assert {path.stem for path in PLATFORMS.glob("*.toml")} >= {*FILES, *simulated}


def test_the_draw_was_from_all_keys_of_the_shipped_files():
    """Keys that a file was given since are not in the draw; none was left out."""
    drawn_from = {names(row)[:3] for row in table("candidates.csv")}
    assert drawn_from <= {names(row)[:3] for row in candidates()}


@pytest.mark.parametrize("row", DRAWN, ids=label)
def test_a_change_applies_to_one_key(row):
    text = shipped(row["platform"])
    wrong = change(text, row["key"], row["old"], row["new"])
    before, after = plain_values(text), plain_values(wrong)
    different = {k for k in before | after if before.get(k) != after.get(k)}
    assert different
    keys = row["key"].split(EXCHANGED)
    parent = row["key"].rpartition(".")[0]
    renamed = f"{parent}.{row['new'].partition(' = ')[0]}"
    assert all(
        f"{k}.".startswith((*(f"{x}." for x in keys), f"{renamed}.")) for k in different
    )
    kept = set(text.splitlines()) - set(wrong.splitlines())
    assert len(kept) <= len(keys)  # comments and every other line stay


EXAMPLE = """\
name = "X"   # one, two
[files.a]
time = { columns = ["d, }", "t"], format = "%d" }
[variables]
SST = { column = "T # {", units = "K", missing = ["-9"] }  # of the sea
[[standards]]
run = "1"
xCO2 = 1.5
[[standards]]
run = "2"
xCO2 = 2.5
"""


@pytest.mark.parametrize(
    ("key", "old", "new", "line"),
    [
        (
            "variables.SST.units",
            "x",
            'units = "degC"',
            'T # {", units = "degC", missing',
        ),
        ("variables.SST.column", "x", 'column = "T"', 'SST = { column = "T", units'),
        ("variables.SST.missing", "x", "", 'units = "K" }  # of the sea'),
        ("variables.SST.column", "x", "", 'SST = { units = "K"'),
        ("variables.SST", "x", "T_equ", 'T_equ = { column = "T # {"'),
        ("variables.SST.dry", "", "dry = false", '["-9"], dry = false }  # of'),
        ("files.a.time.columns", "x", 'columns = ["t"]', 'time = { columns = ["t"], f'),
        ("files.a.optional", "", "optional = true", "[files.a]\noptional = true\ntime"),
        ("qc.profile", "", 'profile = "none"', '\n\n[qc]\nprofile = "none"\n'),
        ("name", "x", 'name = "Y"', 'name = "Y"   # one, two\n'),
        ("standards.2.xCO2", "x", "", 'run = "2"\n'),
        ("standards.1.xCO2 <> standards.2.xCO2", "1.5", "2.5", 'run = "2"\nxCO2 = 1.5'),
    ],
)
def test_an_edit_changes_what_it_names(key, old, new, line):
    wrong = change(EXAMPLE, key, old, new)
    assert line in wrong
    tomllib.loads(wrong)


def test_a_key_that_does_not_exist_is_an_error():
    with pytest.raises(Missing, match=r"variables\.SST\.dry"):
        change(EXAMPLE, "variables.SST.dry", "dry = true", "dry = false")


def compared(rows, data, folder):
    """Return the outcomes of rows that are not as recorded."""
    recorded = {names(row): row["outcome"] for row in table("outcomes.csv")}
    made = {names(row): row["outcome"] for row in run.run(rows, data, folder)}
    assert len(made) == len(rows) > 0
    return {k: (v, recorded[k]) for k, v in made.items() if v != recorded[k]}


def test_outcomes_of_a_simulated_buoy_are_as_recorded(tmp_path):
    rows = [row for row in DRAWN if row["platform"] == "demo_mapco2"]
    assert compared(rows, None, tmp_path) == {}


def test_outcomes_of_quick_platforms_are_as_recorded(test_data, tmp_path):
    rows = [row for row in DRAWN if row["platform"] in QUICK]
    assert compared(rows, test_data, tmp_path) == {}


@pytest.mark.skipif(not WHOLE, reason="OCEANCO2_WRONG_PLATFORMS=all runs all of them")
def test_outcomes_of_all_are_as_recorded(test_data, tmp_path):
    assert compared(DRAWN, test_data, tmp_path) == {}


def test_few_are_silent_each_with_its_reason():
    outcomes = table("outcomes.csv")
    assert [names(row) for row in outcomes] == [names(row) for row in DRAWN]
    silent = {names(row)[:3] for row in outcomes if row["outcome"] == "silent"}
    reasons = {names(row)[:3]: row["reason"] for row in table("silent_reasons.csv")}
    assert len(silent) <= MOST_SILENT
    assert set(reasons) == silent
    assert all(len(reason.split()) > 3 for reason in reasons.values())
