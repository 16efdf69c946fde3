"""Run types of labels, rows that continue a run, standards, running means."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import runs
from oceanco2.vocabulary import RUN_TYPES
from tests.readers.conftest import small_platform

PATTERNS = {
    "EQU": "water",
    "STD*": "standard",
    "STD*Z": "zero",
    "*-DRAIN": "same",
    "*X": "ignored",
}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        (" equ ", ("EQU", "water")),
        ("std1", ("STD1", "standard")),
        ("STD1z", ("STD1Z", "zero")),
        ("equ-drain", ("EQU", "water")),
        ("std2z-drain", ("STD2Z", "zero")),
        ("-drain", ("-DRAIN", "same")),
        ("ATM", ("ATM", None)),
        ("atm-drain", ("ATM", None)),
        ("abx", ("ABX", "ignored")),
    ],
)
def test_labels(label, expected):
    assert runs.resolve_label(label, PATTERNS) == expected


def test_an_exact_pattern_is_preferred():
    patterns = {"STD**1": "zero", "S*": "water", "STD1": "span"}
    assert runs.resolve_label("STD1", patterns) == ("STD1", "span")
    assert runs.resolve_label("same", {"SAME": "same"}) == ("SAME", "same")


def platform_of(more=""):
    return small_platform("", 'SST = { column = "SST", units = "degC" }', more)


def classify(labels, platform=None, undamaged=None, preset=PATTERNS):
    labels = np.array(labels, dtype=object)
    days = ["2020-01-01", "2020-02-01", "2020-01-31", "2019-12-31"]
    time = np.resize(np.array(days, "datetime64[ns]"), labels.size)
    if undamaged is None:
        undamaged = np.ones(labels.size, dtype=bool)
    platform = platform or platform_of()
    return runs.classify_runs(
        platform, preset, labels, time, lambda row: f"f:{row}", undamaged
    )


def test_standards_are_those_of_the_time():
    # The newer gas counts from its date on.
    platform = platform_of()
    spec = [
        type("S", (), {"run": "std1", "xCO2": x, "valid_from": when})
        for x, when in (
            (300.0, np.datetime64("2020-02-01T00:00:00").item()),
            (200.0, np.datetime64("2020-01-01T00:00:00").item()),
        )
    ]
    platform = type("P", (), {"standards": spec, "runs": None, "path": "p"})
    found = classify(["STD1"] * 4 + ["EQU", "std1-drain"], platform)
    assert found.standard.tolist() == [1, 0, 1, -1, -1, 0]
    kinds = [RUN_TYPES["standard"]] * 4 + [RUN_TYPES["water"], RUN_TYPES["standard"]]
    assert found.run_type.tolist() == kinds
    assert found.run_type.dtype == found.standard.dtype == np.int8
    assert found.notes == []


def test_rows_that_continue_a_run():
    preset = {"EQU": "water", "ATM": "air", "=": "same"}
    found = classify(["=", "EQU", "=", "=", "ATM", "="], preset=preset)
    words = ["unknown", "water", "water", "water", "air", "air"]
    assert found.run_type.tolist() == [RUN_TYPES[w] for w in words]


def test_unknown_labels():
    with pytest.raises(ReadError, match=r"f:1: .*'WHAT'.*\(2 rows\)"):
        classify(["EQU", "WHAT", "WHAT"])
    found = classify(["EQU", "WHAT"], undamaged=np.array([True, False]))
    assert found.run_type.tolist() == [RUN_TYPES["water"], RUN_TYPES["unknown"]]
    assert found.notes == []
    found = classify(["EQU", " | ", " | "])
    assert found.notes == ["f:1: no run type (2 rows): these rows are not used"]
    assert found.run_type[1] == RUN_TYPES["unknown"]


def mean(values, window, seconds=None, segment=None):
    values = np.array(values, dtype=float)
    seconds = np.arange(values.size) if seconds is None else np.array(seconds)
    segment = np.zeros(values.size, int) if segment is None else np.array(segment)
    return runs.running_mean(values, seconds.astype(float), window, segment).tolist()


def test_running_means():
    assert mean([], 2) == []
    assert mean([1, 2, 6], 0) == [1, 2, 6]
    assert mean([1, 2, 6], 1.9) == [1, 2, 6]
    assert mean([1, 2, 6], 2) == [1.5, 3, 4]
    assert mean([1, 2, 6], 4) == [3, 3, 3]
    assert mean([1, 2, 6], 4, segment=[0, 0, 1]) == [1.5, 1.5, 6]
    assert mean([1, 2, 6], 4, segment=[1, 0, 0]) == [1, 4, 4]
    assert mean([1, 2, 6], 2, seconds=[0, 1, 3]) == [1.5, 1.5, 6]
    found = mean([1, np.nan, 6], 2)
    assert found[0] == 1
    assert np.isnan(found[1])
    assert found[2] == 6
    assert np.isnan(mean([np.nan], 2)).all()


def test_a_zero_gas_with_a_concentration_is_a_standard():
    """State 2 of a SubCTech is zero gas, unless the platform file has a standard 2."""
    preset = {"1": "standard", "2": "zero", "5": "water"}
    assert classify(["1", "2", "5"], preset=preset).run_type.tolist() == [
        RUN_TYPES[word] for word in ("standard", "zero", "water")
    ]
    more = '[[standards]]\nrun = " 2 "\nxCO2 = 508.0\n'
    rows = classify(["1", "2", "5"], platform_of(more), preset=preset)
    names = ("standard", "standard", "water")
    assert rows.run_type.tolist() == [RUN_TYPES[word] for word in names]
    assert rows.standard.tolist() == [-1, 0, -1]
    # a span that is listed among the standards stays a span
    more = '[[standards]]\nrun = "SPAN"\nxCO2 = 508.0\n'
    rows = classify(["SPAN"], platform_of(more), preset={"SPAN": "span"})
    assert rows.run_type.tolist() == [RUN_TYPES["span"]]
