"""The gas standards have to determine the answer."""

import numpy as np
import pytest

from tests.cases.conftest import matches


def test_standard_defined_twice(case):
    """One label is one cylinder at a time: refused before data are read."""
    named = ("STD2", r"\b400\b", r"\b430\b")
    case.run("platforms", "platform.toml").fails(*named)
    (case / "a.csv").write_text("no table at all\n", encoding="utf-8")
    case.process("*.csv").fails(*named)


def test_standard_defined_twice__one_after_the_other(case):
    """From a date on another cylinder may have the label."""
    case.edit(
        "platform.toml",
        ("xCO2 = 430.0\n", "xCO2 = 430.0\nvalid_from = 2024-06-01T00:00:00Z\n"),
    )
    case.run("platforms", "platform.toml").succeeds()
    case.process("*.csv").succeeds()
    values = case.dataset().xCO2_water_Tequ_dry
    assert float(values[6]) == pytest.approx(380.09, abs=0.02)


def test_standards_of_one_concentration(case):
    """No slope: measured minus the mean offset, questionable, and told."""
    outcome = case.process("*.csv").succeeds()
    outcome.warns("standard", r"\b400\b")
    ds = case.dataset()
    water = np.isfinite(ds.xCO2_water_Tequ_dry).to_numpy()
    assert water.sum() == 54
    assert float(ds.xCO2_water_Tequ_dry[6]) == pytest.approx(382.08, abs=0.01)
    assert set(ds.xCO2_water_Tequ_dry_flag.to_numpy()[water]) == {3}
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()[water]) <= {3, 4}
    assert float(ds.xCO2_water_Tequ_dry_uncertainty[6]) > 0.15


def test_standards_of_one_concentration__farther_away(case):
    """The uncertainty grows with the distance from 400."""
    head, rows = case.table()
    label, reading = head.index("type"), head.index("co2")
    water = [i for i, cells in enumerate(rows) if cells[label] == "EQU"]
    for i, value in zip(water[20:22], (359.5, 260.0), strict=True):
        rows[i][reading] = value
    case.write_table(head, rows)
    case.process("*.csv").succeeds()
    ds = case.dataset()
    values, deviation = ds.xCO2_water_Tequ_dry, ds.xCO2_water_Tequ_dry_uncertainty
    distances = (np.abs(values.to_numpy() - x) for x in (399.5, 300.0))
    near, far = map(np.nanargmin, distances)
    middle = float(deviation[6])
    assert float(deviation[near]) < middle < float(deviation[far])


def test_standards_on_mixed_scales(case):
    """Two scales are 0.18 umol mol-1 apart at 400."""
    outcome = case.process("*.csv")
    lines = outcome.errors if outcome.code else outcome.warnings
    assert matches(lines, "X2007", "X2019"), lines


def test_standards_on_mixed_scales__one_scale(case):
    case.edit("platform.toml", ("X2007", "X2019"))
    assert not matches(case.process("*.csv").succeeds().warnings, "X2019")


def test_uncertainty_of_unstated_standards_is_zero(case):
    """Assumed and never 0: at least the scatter of the result, 0.34."""
    case.process("*.csv").succeeds()
    ds = case.dataset()
    water = np.isfinite(ds.xCO2_water_Tequ_dry).to_numpy()
    air = np.isfinite(ds.xCO2_atm_dry_actual).to_numpy()
    deviation = ds.xCO2_water_Tequ_dry_uncertainty.to_numpy()[water]
    assert np.nanmin(ds.calibration_uncertainty.to_numpy()[water | air]) > 0.0
    assert deviation.min() >= 0.34
    assert deviation.max() < 10.0
    # air at 420 lies between the standards of 400 and 450, water at 700 does not
    assert ds.xCO2_atm_dry_actual_uncertainty.to_numpy()[air].max() < deviation.min()


def test_uncertainty_of_unstated_standards_is_zero__stated(case):
    """With 0.1 stated for each standard."""
    case.edit("platform.toml", ("scale =", "uncertainty = 0.1\nscale ="))
    case.process("*.csv").succeeds()
    deviation = float(case.dataset().xCO2_water_Tequ_dry_uncertainty[6])
    assert 0.75 < deviation < 1.5
