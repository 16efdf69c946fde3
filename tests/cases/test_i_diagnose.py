"""`diagnose` says what holds, and is not stopped by what it does not need."""

import json

from tests.cases.conftest import first_of, matches, tables

RAW = "06MT19941012_cut.txt"


def test_time_cells_empty_crash(case):
    """Rows without a time do not end a draft: their number is reported."""
    text = case.draft(RAW)
    document, _ = tables(text)
    time = first_of(document["files"])["time"]
    assert time["columns"] == ["Date UTC", "Time UTC"]
    assert time["format"] == "%d.%m.%Y %H:%M:%S"
    lines = [line for line in text.splitlines() if "CHECK" in line]
    # CASE.md says 11, but 7 rows of the file have an empty time
    assert matches(lines, r"\b7\b", "time")


def test_time_cells_empty_crash__diagnose(case):
    outcome = case.run("diagnose", RAW, "--json").succeeds()
    assert json.loads(outcome.out)["file"] == RAW
