"""Run types with another meaning than usual."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.readers import runs
from oceanco2.registry import READERS

HEAD = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
SST = { value = 10.0 }
[runs]
"""


def notes(labels, table, preset=None, more="", undamaged=None):
    labels = np.array(labels, dtype=object)
    time = np.full(labels.size, np.datetime64("2024-01-01", "ns"))
    platform = platforms.parse(f"{HEAD}{table}\n{more}".encode(), "x.toml")
    good = np.ones(labels.size, dtype=bool) if undamaged is None else undamaged
    return runs.classify_runs(
        platform, preset or {}, labels, time, lambda row: f"f:{row}", good
    ).notes


@pytest.mark.parametrize(
    ("label", "run_type", "usual"),
    [
        ("WAKE UP", "water", "ignored"),
        ("wake up", "water", "ignored"),
        ("GO TO SLEEP", "air", "ignored"),
        ("SHUT DOWN", "water", "ignored"),
        ("EMERGENCY STOP", "water", "ignored"),
        ("FILTER", "water", "ignored"),
        ("FLUSHING", "water", "ignored"),
        ("IGN", "water", "ignored"),
        ("EQU", "air", "water"),
        ("EQU", "ignored", "water"),
        ("EQU", "standard", "water"),
        ("Water 1", "air", "water"),
        ("ATM", "water", "air"),
        ("AIR", "water", "air"),
        ("ATM-DRAIN", "water", "air"),
        ("STD1", "water", "standard"),
        ("standard 2", "air", "standard"),
        ("ZERO", "water", "zero"),
        ("SPAN", "air", "span"),
    ],
)
def test_another_gas_is_no_sample(label, run_type, usual):
    key = (
        label if label.isascii() and label.replace("-", "").isalnum() else f'"{label}"'
    )
    assert notes(["X", label, label], f'"{label}" = "{run_type}"\nX = "flush"') == [
        f"f:1: run type {label!r} (2 rows) is {run_type!r} in x.toml, but usually"
        f' {usual!r}. If this is right: [accepted] runs.{key} = "why"'
    ]


@pytest.mark.parametrize(
    ("label", "run_type"),
    [
        ("EQU", "water"),
        ("ATM", "air"),
        ("STD1", "standard"),
        ("ZERO", "standard"),
        ("STD1", "ignored"),
        ("WAKE UP", "flush"),
        ("5", "water"),
        ("WAKE UP 2", "water"),
        ("EQU-DRAIN", "same"),
    ],
)
def test_other_run_types(label, run_type):
    assert notes(["EQU", label], f'"{label}" = "{run_type}"\n"E*" = "water"') == []


def test_an_answer_and_damaged_rows():
    table = '"WAKE UP" = "water"'
    assert len(notes(["WAKE UP"], table)) == 1
    more = '[accepted.runs]\n"WAKE UP" = "why"\n'
    assert notes(["WAKE UP"], table, more=more) == []
    assert notes(["WAKE UP"], table, undamaged=np.array([False])) == []


def test_a_format_knows_its_own_labels():
    preset = READERS["pro_oceanus"].runs
    (line,) = notes(["W", "A"], 'W = "air"\nA = "air"', preset)
    assert "'W' (1 rows) is 'air' in x.toml, but usually 'water'" in line
    assert notes(["WAKE UP"], '"WAKE UP" = "water"', preset) == []


def test_one_pattern_for_all_labels():
    assert len(notes(["EQU", "ATM", "WAKE UP"], '"*" = "water"')) == 2
