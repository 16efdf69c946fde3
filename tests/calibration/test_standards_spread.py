"""Standards of one concentration, and what the scatter of readings means."""

import numpy as np
import pytest

from oceanco2.calibration.standards import fit, noise_of
from oceanco2.vocabulary import CALIBRATION_STATUS
from tests.calibration.test_standards_numbers import platform, runs_of

ACCEPTED = CALIBRATION_STATUS["uncalibrated_accepted"]
TWO_SIDED = CALIBRATION_STATUS["two_sided"]
#: Three gases read 360, 361 and 362 before and after the samples.
RUNS = [(h, i, 360.0 + i) for h in (0.0, 2.0) for i in range(3)]
READINGS = np.array([361.0, 341.0, 261.0])


def calibrated(*true, runs=RUNS, readings=READINGS, **options):
    ship = platform(*true, **options)
    return fit(readings, np.full(readings.size, 3600.0), runs_of(*runs), ship)


@pytest.mark.parametrize("method", ["linear", "piecewise"])
def test_of_one_concentration_only_the_offset_is_taken_off(method):
    """All of 400, read as 361 on average; the slope may be wrong by a tenth."""
    found = calibrated(400.0, 400.0, 400.0, uncertainty=0.3, method=method)
    np.testing.assert_allclose(found.calibrated, READINGS + 39.0)
    np.testing.assert_allclose(found.slope, 1.0)
    np.testing.assert_allclose(found.intercept, 39.0)
    assert found.status.tolist() == [ACCEPTED] * 3
    offset = 0.3 / 3**0.5
    np.testing.assert_allclose(
        found.uncertainty, np.hypot(offset, [0.0, 2.0, 10.0]), rtol=1e-12
    )


def test_gases_must_be_twenty_apart():
    close = calibrated(400.0, 400.0, 419.99)
    assert close.status.tolist() == [ACCEPTED] * 3
    np.testing.assert_allclose(close.slope, 1.0)
    apart = calibrated(400.0, 400.0, 420.0)
    assert apart.status.tolist() == [TWO_SIDED] * 3
    assert (apart.slope > 1.0).all()


def test_gases_that_read_alike_have_no_slope():
    alike = [(h, i, 360.0) for h in (0.0, 2.0) for i in range(2)]
    found = calibrated(350.0, 450.0, runs=alike)
    assert found.status.tolist() == [ACCEPTED] * 3
    np.testing.assert_allclose(found.calibrated, READINGS + 40.0)


def test_too_few_gases_stay_uncalibrated():
    found = calibrated(400.0, runs=[(0.0, 0, 360.0), (2.0, 0, 360.0)])
    assert found.status.tolist() == [CALIBRATION_STATUS["not_calibrated"]] * 3
    assert np.isnan(found.calibrated).all()


def with_scatter(values, scatter, count, used=None):
    runs = runs_of(*((i, 0, x) for i, x in enumerate(values)))
    changes = {
        "scatter": np.array(scatter, dtype=float),
        "count": np.array(count, dtype=np.int32),
    }
    if used is not None:
        changes["used"] = np.array(used)
    return runs.__class__(
        **{n: changes.get(n, getattr(runs, n)) for n in runs.__slots__}
    )


@pytest.mark.parametrize(
    ("values", "scatter", "count", "expected"),
    [
        ([400.0, 400.0], [0.0, 0.0], [9, 9], 0.1),  # assumed
        ([], [], [], 0.1),
        ([400.0], [0.6], [9], 0.2),  # of the mean of nine
        ([400.0, 400.0], [0.6, 0.0], [9, 9], (0.04 / 2) ** 0.5),
        ([400.0, 400.0], [0.6, np.nan], [9, 1], 0.2),
        # deviations of 0 1 0 1 0 from running medians of 401 have a median of 0 ...
        ([401.0, 400.0, 401.0, 402.0, 401.0], [np.nan] * 5, [1] * 5, 0.1),
        # ... those of 1 1 0 one of 1
        ([400.0, 402.0, 401.0], [np.nan] * 3, [1] * 3, 1.4826),
        ([400.0, 402.0], [np.nan] * 2, [1] * 2, 0.1),  # a drift perhaps
    ],
)
def test_noise_of_a_run(values, scatter, count, expected):
    if not values:
        runs = with_scatter([400.0], [9.0], [4], used=[False])
    else:
        runs = with_scatter(values, scatter, count)
    assert noise_of(runs) == pytest.approx(expected, rel=1e-12)
