"""How old the standards are that a sample uses, and how sure its calibration is."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.calibration.standards import StandardRuns, fit
from oceanco2.platforms.settings import Calibration, Standard


def platform(*true, **options):
    standards = [Standard(run=f"STD{i}", xCO2=x) for i, x in enumerate(true, 1)]
    changed = {"standards": standards, "calibration": Calibration(**options)}
    return platforms.load("demo_ship").model_copy(update=changed)


def runs_of(hours, which, measured):
    return StandardRuns(
        seconds=np.array(hours) * 3600.0,
        standard=np.array(which, dtype=np.int8),
        measured=np.array(measured, dtype=float),
        scatter=np.full(len(hours), np.nan),
        count=np.ones(len(hours), dtype=np.int32),
        used=np.ones(len(hours), dtype=bool),
    )


def test_the_age_is_that_of_the_nearest_run_of_the_standard_that_is_farthest():
    """Standards at 0 and 6 h, and at 1 and 7 h; samples between and behind them."""
    runs = runs_of([0, 1, 6, 7], [0, 1, 0, 1], [250.0, 400.0, 250.0, 400.0])
    hours = np.array([1.0, 2.0, 3.5, 5.0, 6.0, 9.0, 18.5])
    got = fit(np.full(7, 300.0), hours * 3600.0, runs, platform(250.0, 400.0))
    # Nearest of standard 1: 1 2 2.5 1 0 3 (12.5, too old); of standard 2: 0 1 2.5 2 1 2
    np.testing.assert_allclose(got.age, [1.0, 2.0, 2.5, 2.0, 1.0, 3.0, np.nan])
    assert got.number.tolist()[:6] == [2] * 6


@pytest.mark.parametrize("xco2", [250.0, 325.0, 475.0])
def test_a_line_through_two_standards(xco2):
    """Readings 5 and 8 too high: true = 250 + 150 (reading - 255) / 153."""
    runs = runs_of([0, 0.1, 2, 2.1], [0, 1, 0, 1], [255.0, 408.0, 255.0, 408.0])
    got = fit(np.array([xco2]), np.array([3600.0]), runs, platform(250.0, 400.0))
    assert got.calibrated[0] == pytest.approx(250.0 + 150.0 * (xco2 - 255.0) / 153.0)
    assert got.slope[0] == pytest.approx(150.0 / 153.0)
    assert got.intercept[0] == pytest.approx(250.0 - 255.0 * 150.0 / 153.0)


def test_distance_from_the_span_and_uncertainty_in_numbers():
    """Certificates of 0.2 umol/mol: weights 1 0, 1/2 1/2, 2 -1 and -1/2 3/2."""
    ship = platform(250.0, 400.0)
    sure = [s.model_copy(update={"uncertainty": 0.2}) for s in ship.standards]
    ship = ship.model_copy(update={"standards": sure})
    runs = runs_of([0, 0.1, 2, 2.1], [0, 1, 0, 1], [250.0, 400.0, 250.0, 400.0])
    xco2 = np.array([250.0, 325.0, 100.0, 475.0])
    got = fit(xco2, np.full(4, 3600.0), runs, ship, noise=0.0)
    expected = 0.2 * np.sqrt([1.0, 0.5, 5.0, 2.5])
    np.testing.assert_allclose(got.uncertainty, expected, rtol=1e-9)
    np.testing.assert_allclose(got.distance, [0.0, 0.0, -150.0, 75.0], atol=1e-9)
    noisy = fit(xco2, np.full(4, 3600.0), runs, ship, noise=0.15)
    np.testing.assert_allclose(noisy.uncertainty, expected * 0.25 / 0.2, rtol=1e-9)


def test_the_residual_of_three_standards():
    """Readings 1 below, 2 above and 1 below the line: the sum of squares is 6."""
    runs = runs_of([0, 0.1, 0.2], [0, 1, 2], [299.0, 402.0, 499.0])
    ship = platform(300.0, 400.0, 500.0)
    got = fit(np.array([400.0]), np.array([400.0]), runs, ship)
    # Least squares of true on measured: slope 20000/20006, through the means (400).
    slope = 20000.0 / 20006.0
    deviations = slope * (np.array([299.0, 402.0, 499.0]) - 400.0) + 400.0
    deviations -= np.array([300.0, 400.0, 500.0])
    assert got.slope[0] == pytest.approx(slope, rel=1e-12)
    assert got.residual[0] == pytest.approx(np.sqrt((deviations**2).sum()), rel=1e-9)
