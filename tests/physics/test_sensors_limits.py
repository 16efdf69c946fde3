"""Counts at the ends of the scale, and water vapour below zero."""

import numpy as np
import pytest

from oceanco2 import physics as ph


@pytest.mark.parametrize(
    ("counts", "full_scale", "finite"),
    [
        (0.0, 4096.0, False),
        (4096.0, 4096.0, False),
        (5000.0, 4096.0, False),
        (-1.0, 4096.0, False),
        (2019.0, 4096.0, True),
        (16384.0, 16384.0, False),
        (4096.0, 16384.0, True),
    ],
)
def test_a_thermistor_at_the_ends_of_its_scale(counts, full_scale, finite):
    assert np.isfinite(ph.sami_temperature(counts, full_scale)) == finite


@pytest.mark.parametrize(
    ("vapour", "dry"),
    [(-0.5, 400.0 / 1.0005), (-10.0, 400.0 / 1.01), (0.0, 400.0), (-10.01, np.nan)],
)
def test_water_vapour_may_be_slightly_negative(vapour, dry):
    np.testing.assert_allclose(ph.dry_mole_fraction(400.0, vapour), dry, rtol=1e-14)
    assert np.isnan(ph.dry_mole_fraction(-1.0, vapour))
