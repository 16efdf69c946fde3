"""Times that only their distance to the others, or to today, betrays."""

import os
from datetime import UTC, datetime

import numpy as np

from tests.cases.conftest import matches


def upload_lines(case):
    return (case / "x.tsv").read_text(encoding="utf-8").splitlines()


def test_clock_not_set_at_start(case):
    """Two rows of 1980 before a cruise of 2024: not good, and named."""
    outcome = case.process("*.csv", options=("--socat", "x.tsv")).succeeds()
    assert matches(outcome.lines, "1980", r"\b2\b|\btwo\b")
    assert upload_lines(case)[0].endswith("ZZ9920240301")
    ds = case.dataset()
    early = ds.time.dt.year < 2000
    assert int((~early).sum()) == 60
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()[~early]) == {2}
    assert not set(ds.fCO2_water_SST_wet_flag.to_numpy()[early]) & {2}
    rows = [x for x in upload_lines(case) if x.startswith("ZZ99")]
    assert len([x for x in rows if "\t1980" in x and "\t2\t" in x]) == 0


def test_clock_not_set_at_start__deployments_years_apart(case):
    """Two deployments of a mooring with years between them are no fault."""
    case.edit("platform.toml", ('kind = "ship"', 'kind = "mooring"'))
    head, rows = case.table()
    for i, cells in enumerate(rows[2:]):
        cells[2:4] = ["45.0000", "-20.0000"]
        if i < 30:
            cells[0] = "2018-03-01"
    case.write_table(head, rows[2:])
    outcome = case.process("*.csv").succeeds()
    assert not matches(outcome.warnings, "2018")
    ds = case.dataset()
    assert ds.sizes["time"] == 60
    assert set(ds.time_flag.to_numpy()) == {2}
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}


def test_cruise_in_the_future(case):
    """A measurement cannot be of the future: a warning, and no good value."""
    year = datetime.now(UTC).year + 5
    case.edit("a.csv", ("2031-", f"{year}-"))
    case.process("*.csv").succeeds().warns(f"{year}|future")
    ds = case.dataset()
    assert ds.time[0] == np.datetime64(f"{year}-03-01")
    assert not set(ds.fCO2_water_SST_wet_flag.to_numpy()) & {2}


def test_cruise_in_the_future__date_of_a_build(case, monkeypatch):
    """The date that makes outputs reproducible measures no cruise."""
    year = datetime.now(UTC).year
    case.edit("a.csv", ("2031-", f"{year - 1}-"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    outcome = case.process("*.csv").succeeds()
    assert not matches(outcome.warnings, "future|clock|time")
    assert set(case.dataset().fCO2_water_SST_wet_flag.to_numpy()) == {2}
    case.edit("a.csv", (f"{year - 1}-", f"{year + 5}-"))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "4000000000")
    case.process("*.csv").succeeds()
    assert not set(case.dataset().fCO2_water_SST_wet_flag.to_numpy()) & {2}


def test_cruise_in_the_future__clock_of_this_computer_is_wrong(case):
    """A file that is newer than the clock shows that the clock is late."""
    year = datetime.now(UTC).year + 5
    case.edit("a.csv", ("2031-", f"{year}-"))
    written = datetime(year, 3, 1, 12, tzinfo=UTC).timestamp()
    os.utime(case / "a.csv", (written, written))
    outcome = case.process("*.csv").succeeds()
    assert not matches(outcome.warnings, "future|clock|time")
    assert set(case.dataset().fCO2_water_SST_wet_flag.to_numpy()) == {2}


def test_seabird_started_before_new_year(case):
    """From day 365 of the start to day 1 of the scan: the new year began."""
    case.process("a.csv", "b.cnv").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 20
    assert 14.895 <= float(ds.SST.min()) <= float(ds.SST.max()) <= 14.955
    assert int(np.isfinite(ds.SST).sum()) == 20
    assert set(ds.SST_flag.to_numpy()) == {2}
