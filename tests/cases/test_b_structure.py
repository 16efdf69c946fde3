"""Structure that changes inside a file or between files."""

import numpy as np
import pytest

from oceanco2 import platforms, readers
from tests.cases.conftest import first_of, matches, tables


def test_header_changes_in_mid_file(case):
    """Rows below the second header are read by it, or the file is refused."""
    outcome = case.process("*.csv")
    if outcome.code:
        outcome.fails(r"a\.csv", r"\b32\b", "header|column")
        return
    ds = case.dataset()
    assert ds.sizes["time"] == 60
    assert float(ds.SST[30]) == pytest.approx(10.390)
    assert float(ds.T_equ[30]) == pytest.approx(10.560)
    assert float(ds.fCO2_water_SST_wet[30]) == pytest.approx(390.556, abs=5e-4)
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}


def test_two_files_two_time_formats(case):
    case.process("*.csv").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 100
    assert ds.time[0] == np.datetime64("2024-03-01T00:00")
    assert ds.time[-1] == np.datetime64("2024-03-01T16:30")


def only_days(case, *days):
    """Leave one file with days as 01/03/2024 and formats of both orders."""
    (case / "a.csv").unlink()
    head, rows = case.table("b.csv")
    for cells, day in zip(rows, np.resize(np.sort(days), len(rows)), strict=True):
        cells[0] = f"{day}/03/2024"
    case.write_table(head, sorted(rows), "b.csv")
    formats = '"%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"'
    old = '"%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M"'
    case.edit("platform.toml", (old, formats))


def test_two_files_two_time_formats__both_fit(case):
    """01/03 is the first of March or the third of January: an error."""
    only_days(case, "01")
    case.process("b.csv").fails(r"b\.csv", "%d/%m|day")


def test_two_files_two_time_formats__one_fits_the_file(case):
    """The 13th decides for every row: dates are never chosen one by one."""
    only_days(case, "01", "13")
    case.process("b.csv").succeeds()
    months = case.dataset().time.dt.month.to_numpy()
    assert months.size == 40
    assert set(months) == {3}


def test_newest_row_first(case):
    case.process("*.csv").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 60
    assert np.all(np.diff(ds.time.to_numpy()) > np.timedelta64(0))
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}
    assert set(ds.time_flag.to_numpy()) == {2}
    assert float(ds.fCO2_water_SST_wet[0]) == pytest.approx(380.118, abs=5e-4)


def test_ooi_netcdf_deployments_out_of_order(case):
    """Blocks in another order are no fault of a clock: two seams at most."""
    case.process("ooi_pco2w_cut.nc", platform="ooi.toml").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 90
    assert np.all(np.diff(ds.time.to_numpy()) > np.timedelta64(0))
    assert int((ds.time_flag != 2).sum()) <= 2


NAME = "gomecc2_underway_discrete_cut.csv"


def test_csv_header_line_breaks(case):
    """A quoted name may hold a line break; the draft reads the file."""
    document, sources = tables(case.draft(NAME))
    columns = first_of(document["files"])["time"]["columns"]
    stamps = [" ".join(name.split()) for name in columns]
    assert stamps == ["DATE UTC", "START TIME UTC"]
    named = {k: " ".join(v.get("column", "").split()) for k, v in sources.items()}
    assert "fCO2 (uatm)" in named.values()
    assert named["salinity"] == "SALINITY"
    definition = platforms.load(case / "x.toml")
    ds = first_of(readers.read(definition, case / NAME))
    assert ds.time[0] == np.datetime64("2012-07-22T12:00")
    assert ds.time[1] == np.datetime64("2012-07-22T15:59")
    np.testing.assert_allclose(ds.salinity[:2], [35.963, 35.997])
    np.testing.assert_allclose(ds.longitude[:2], [-83.286, -84.037])


CONTRADICTION = (r"a\.csv", r"b\.csv", r"\b60\b")


@pytest.mark.parametrize("files", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_two_files_contradict_each_other(case, files):
    """Neither value is good, whatever the order of the files."""
    outcome = case.process(*files).succeeds()
    outcome.warns(*CONTRADICTION)
    ds = case.dataset()
    there = np.isfinite(ds.fCO2_water_SST_wet).to_numpy()
    assert there.any()
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()[there]) == {3}


def test_two_files_contradict_each_other__upload(case):
    """No row of the cruise can be uploaded."""
    case.process("*.csv", options=("--socat", "x.tsv"))
    upload = case / "x.tsv"
    lines = upload.read_text(encoding="utf-8") if upload.exists() else ""
    assert [x for x in lines.splitlines() if x.startswith("ZZ99")] == []


def test_two_files_contradict_each_other__one_left_out(case):
    outcome = case.process("b.csv").succeeds()
    assert not matches(outcome.warnings, r"b\.csv")
    ds = case.dataset()
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}
    assert float(ds.xCO2_water_Tequ_dry[0]) == pytest.approx(395.0)


def test_position_dash_between_degrees_and_minutes(case):
    outcome = case.process("*.csv").succeeds()
    assert not matches(outcome.warnings, "latitude|longitude|position")
    ds = case.dataset()
    assert float(ds.latitude[0]) == pytest.approx(46.22333, abs=1e-5)
    assert float(ds.longitude[0]) == pytest.approx(-4.43667, abs=1e-5)
    assert int(np.isfinite(ds.latitude).sum()) == 60
