"""Runs of gas standards and their line, against hand calculations."""

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.calibration import standards as module
from oceanco2.calibration.drying import water_offset
from oceanco2.calibration.standards import StandardRuns, fit, plausible
from oceanco2.platforms.settings import Calibration, Standard


def platform(*true, uncertainty=0.0, **options):
    gases = [
        Standard(run=f"STD{i}", xCO2=x, uncertainty=uncertainty)
        for i, x in enumerate(true, 1)
    ]
    update = {"standards": gases, "calibration": Calibration(**options)}
    return platforms.load("demo_ship").model_copy(update=update)


def runs_of(*entries):
    """Runs from (hour, gas, reading)."""
    hours, which, measured = zip(*entries, strict=True)
    n = len(hours)
    return StandardRuns(
        seconds=np.array(hours) * 3600.0,
        standard=np.array(which, dtype=np.int8),
        measured=np.array(measured, dtype=float),
        scatter=np.full(n, np.nan),
        count=np.ones(n, dtype=np.int32),
        used=np.ones(n, dtype=bool),
    )


# ---- which runs are used ------------------------------------------------------------


@pytest.mark.parametrize(
    ("true", "reading", "used"),
    [
        (400.0, 480.0, True),  # a fifth of the gas
        (400.0, 480.1, False),
        (400.0, 320.0, True),
        (400.0, 319.9, False),
        (100.0, 150.0, True),  # at least 50
        (100.0, 150.1, False),
        (0.0, -50.0, True),
        (0.0, -50.1, False),
        (400.0, np.nan, False),
    ],
)
def test_how_far_a_reading_may_be_from_its_gas(true, reading, used):
    assert plausible(runs_of((0, 0, reading)), platform(true)).tolist() == [used]


def judged(values, others=None, hours=4.0):
    """Which runs of the first gas are used, every `hours`; a set has two gases."""
    entries = [(hours * i, 0, v) for i, v in enumerate(values)]
    entries += [(hours * i + 0.5, 1, v) for i, v in enumerate(others or [])]
    return plausible(runs_of(*entries), platform(400.0, 500.0)).tolist()


def test_a_single_run_that_stands_out():
    assert judged([400, 400, 403.0, 400, 400]) == [True] * 5
    assert judged([400, 400, 403.1, 400, 400]) == [True, True, False, True, True]
    assert judged([400, 400, 396.9, 400, 400]) == [True, True, False, True, True]
    # deviations of 3 are usual here: 8 times 1.4826 of them are 35.58
    wave = [403, 400, 397, 400, 403, 400, 397, 400, 403]
    assert judged([*wave[:4], 435.5, *wave[5:]]) == [True] * 9
    used = judged([*wave[:4], 435.7, *wave[5:]])
    assert used == [True] * 4 + [False] + [True] * 4


def test_a_run_that_the_other_gas_of_its_set_follows():
    values, others = [400, 400, 420.0, 400, 400], [500, 500, 520.0, 500, 500]
    assert judged(values, others) == [True] * 10
    # in proportion: half of the change, either way
    assert judged(values, [500, 500, 510.0, 500, 500]) == [True] * 10
    one = judged(values, [500, 500, 509.9, 500, 500])
    assert (one[2], one[7]) == (False, False)
    other = judged(values, [500, 500, 480.0, 500, 500])
    assert (other[2], other[7]) == (False, False)
    # half an hour apart is the longest
    near = [(4.0 * i, 0, v) for i, v in enumerate(values)]
    for late, used in ((0.5, True), (0.51, False)):
        far = [(4.0 * i + late, 1, v) for i, v in enumerate(others)]
        found = plausible(runs_of(*near, *far), platform(400.0, 500.0))
        assert found[[2, 7]].tolist() == [used] * 2


@pytest.mark.parametrize(
    ("readings", "mean", "scatter", "count"),
    [
        ([400.0, 400.0, 401.0], 1201 / 3, np.std([0, 0, 1], ddof=1), 3),
        ([400.0, 400.0, 401.1], 400.0, 0.0, 2),
        ([1.0, 2.0, 3.0, 4.0, 10.4], 4.08, np.std([1, 2, 3, 4, 10.4], ddof=1), 5),
        ([1.0, 2.0, 3.0, 4.0, 10.5], 2.5, np.std([1, 2, 3, 4], ddof=1), 4),
        ([400.0, 500.0], 450.0, np.std([400, 500], ddof=1), 2),
        ([400.0, np.nan], 400.0, np.nan, 1),
        ([np.nan, np.nan], np.nan, np.nan, 0),
    ],
)
def test_mean_of_a_run_without_outliers(readings, mean, scatter, count):
    seconds = 10.0 * np.arange(len(readings))
    found = module._mean_of_run(np.array(readings), seconds, True, 3)
    np.testing.assert_allclose(found[2:], (mean, scatter, count), rtol=1e-12)
    assert found[1] == 3
    if count == len(readings) or count == 0:
        assert found[0] == seconds.mean()
    elif count < len(readings):
        assert found[0] == seconds[:count].mean()


def test_only_settled_readings_count():
    settled = np.array([False, True, True])
    found = module._mean_of_run(np.array([9.0, 5.0, 7.0]), np.arange(3.0), settled, 0)
    assert found[:3] == (1.5, 0, 6.0)


# ---- the line -----------------------------------------------------------------------

TWO = runs_of((0, 0, 210.0), (0.0, 1, 420.0), (4, 0, 212.0), (4.0, 1, 424.0))


def test_a_line_between_two_runs_of_two_gases():
    found = fit(np.array([315.0]), np.array([3600.0]), TWO, platform(200.0, 400.0))
    # a quarter of the way: 210.5 and 421
    slope = 200.0 / 210.5
    assert found.slope[0] == pytest.approx(slope)
    assert found.intercept[0] == pytest.approx(200.0 - slope * 210.5, abs=1e-9)
    assert found.calibrated[0] == pytest.approx(slope * 315.0)
    assert (found.number[0], found.status[0], found.age[0]) == (2, 1, 1.0)
    assert found.residual[0] == pytest.approx(0.0, abs=1e-9)
    assert found.distance[0] == 0.0
    assert found.number.dtype == found.status.dtype == np.int8


@pytest.mark.parametrize(
    ("reading", "distance"),
    [(210.0, 0.0), (420.0, 0.0), (199.5, -10.0), (430.5, 10.0)],
)
def test_distance_from_the_span_of_the_gases(reading, distance):
    at_start = np.array([0.0])
    found = fit(np.array([reading]), at_start, TWO, platform(200.0, 400.0))
    assert found.distance[0] == pytest.approx(distance, abs=1e-9)
    with_zero = runs_of((0, 0, 210.0), (0, 1, 420.0), (0, 2, 0.0))
    ship = platform(200.0, 400.0, 0.0, include_zero=True)
    found = fit(np.array([reading]), at_start, with_zero, ship)
    assert found.distance[0] == pytest.approx(distance, abs=1e-9)
    assert found.number[0] == 3


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0, 1.5])
def test_uncertainty_of_certificates_and_readings(share):
    """Weights of the two gases at a reading between them: 1 - share and share."""
    reading = np.array([210.0 + share * 210.0])
    ship = platform(200.0, 400.0, uncertainty=0.3)
    found = fit(reading, np.array([0.0]), TWO, ship, noise=0.2)
    of_one = np.hypot(0.3, 0.2 * 200.0 / 210.0)
    expected = of_one * np.hypot(1.0 - share, share)
    assert found.uncertainty[0] == pytest.approx(expected)


def test_three_gases_that_are_not_on_one_line():
    true, measured = np.array([200.0, 400.0, 600.0]), np.array([201.0, 398.0, 603.0])
    runs = runs_of(*((0, i, m) for i, m in enumerate(measured)))
    found = fit(np.array([390.0]), np.array([0.0]), runs, platform(*true))
    slope, intercept = np.polyfit(measured, true, 1)
    assert found.slope[0] == pytest.approx(slope)
    assert found.intercept[0] == pytest.approx(intercept)
    squares = (intercept + slope * measured - true) ** 2
    assert found.residual[0] == pytest.approx(np.sqrt(squares.sum()))  # 3 - 2 = 1


def test_four_gases_have_two_degrees_of_freedom():
    true = np.array([200.0, 300.0, 400.0, 500.0])
    measured = np.array([201.0, 299.0, 402.0, 500.0])
    runs = runs_of(*((0, i, m) for i, m in enumerate(measured)))
    found = fit(np.array([390.0]), np.array([0.0]), runs, platform(*true))
    squares = (np.polyval(np.polyfit(measured, true, 1), measured) - true) ** 2
    assert found.residual[0] == pytest.approx(np.sqrt(squares.sum() / 2.0))


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        (100.0, 100.0),  # below: the first piece goes on
        (200.0, 200.0),
        (300.0, 300.0),
        (400.0, 400.0),
        (450.0, 500.0),
        (500.0, 600.0),
        (550.0, 700.0),  # above: the last
    ],
)
def test_pieces_between_the_gases(reading, expected):
    runs = runs_of((0, 0, 500.0), (0, 1, 200.0), (0, 2, 400.0))
    ship = platform(600.0, 200.0, 400.0, method="piecewise")
    found = fit(np.array([reading]), np.array([0.0]), runs, ship)
    assert found.calibrated[0] == pytest.approx(expected)


def test_pieces_leave_out_a_gas_without_a_run():
    runs = runs_of((0, 0, 200.0), (0, 2, 400.0))
    ship = platform(200.0, 300.0, 400.0, method="piecewise")
    found = fit(np.array([250.0, 350.0]), np.zeros(2), runs, ship)
    assert found.calibrated.tolist() == [250.0, 350.0]


@pytest.mark.parametrize(
    ("hours", "status", "number", "age"),
    [
        (-2.01, 0, 0, np.nan),
        (-2.0, 2, 2, 2.0),
        (0.0, 1, 2, 0.0),  # at a run: it is on both sides
        (1.0, 2, 2, 1.0),  # the later one is 3 hours away
        (2.0, 1, 2, 2.0),
        (6.0, 2, 2, 2.0),
        (6.01, 0, 0, np.nan),
    ],
)
def test_runs_within_the_longest_age(hours, status, number, age):
    ship = platform(200.0, 400.0, max_age_hours=2.0)
    found = fit(np.array([300.0]), np.array([hours * 3600.0]), TWO, ship)
    assert (found.status[0], found.number[0]) == (status, number)
    np.testing.assert_allclose(found.age, [age])
    assert np.isfinite(found.calibrated[0]) == (number == 2)
    for values in (found.slope, found.intercept, found.residual, found.uncertainty):
        assert np.isfinite(values[0]) == (number == 2)


def test_the_age_is_that_of_the_gas_farthest_in_time():
    runs = runs_of((0, 0, 200.0), (1, 1, 400.0))
    found = fit(np.array([300.0]), np.array([2.5 * 3600]), runs, platform(200.0, 400.0))
    assert found.age[0] == 2.5
    assert found.status[0] == 2


def test_what_few_or_one_sided_gases_give():
    one = runs_of((0, 0, 200.0))
    at = np.array([1800.0])
    reading = np.array([300.0])
    accepted = fit(reading, at, one, platform(200.0, 400.0, allow_uncalibrated=True))
    assert accepted.calibrated.tolist() == [300.0]
    assert accepted.status.tolist() == [3]
    assert np.isnan(accepted.slope[0])
    refused = fit(reading, at, TWO, platform(200.0, 400.0, minimum_standards=3))
    assert np.isnan(refused.calibrated[0])
    assert (refused.status[0], refused.number[0]) == (0, 2)
    late = np.array([5 * 3600.0])
    rejected = fit(reading, late, TWO, platform(200.0, 400.0, one_sided="reject"))
    assert (rejected.status[0], rejected.number[0]) == (0, 0)
    kept = fit(reading, late, TWO, platform(200.0, 400.0, one_sided="accept"))
    assert (kept.status[0], kept.number[0]) == (2, 2)


def test_equal_readings_give_an_offset():
    runs = runs_of((0, 0, 300.0), (0, 1, 300.0))
    found = fit(np.array([310.0]), np.array([0.0]), runs, platform(200.0, 400.0))
    assert found.slope.tolist() == [1.0]
    assert found.calibrated.tolist() == [310.0]


def test_a_cylinder_that_replaces_another_of_its_label():
    gases = [
        Standard(run="STD1", xCO2=200.0),
        Standard(run=" std1 ", xCO2=220.0),
        Standard(run="STD2", xCO2=400.0),
    ]
    ship = platform().model_copy(update={"standards": gases})
    since = np.array([0.0, 100.0, 0.0])
    found = module._not_in_force(ship, since, np.array([-1.0, 0.0, 99.0, 100.0]))
    assert found.tolist() == [
        [True, False, False, True],
        [True, True, True, False],
        [True, False, False, False],
    ]


# ---- water in dry standards ---------------------------------------------------------


def test_water_that_the_analyser_shows_in_dry_gas():
    xh2o = np.array([0.1, 0.3, 9.0, 9.0, 0.6, np.nan, 9.0])
    seconds = 3600.0 * np.array([0.0, 1.0, 2.0, 2.5, 4.5, 5.0, 8.6])
    dry = np.array([1, 1, 0, 0, 1, 1, 0], dtype=bool)
    found = water_offset(xh2o, seconds, dry, 4.0)
    # means: 0.2 at 0.5 h and 0.6 at 4.5 h, 0.1 each hour between
    np.testing.assert_allclose(found[:6], [0.2, 0.25, 0.35, 0.4, 0.6, 0.6])
    assert np.isnan(found[6])
    assert water_offset(xh2o, seconds, dry, 4.2)[6] == 0.6
    assert np.isnan(water_offset(xh2o, seconds, ~dry & False, 4.0)).all()
