"""What every transfer velocity says of itself is true of its formula."""

import numpy as np
import pytest

from oceanco2.physics.parametrisations import TRANSFER_VELOCITIES
from oceanco2.physics.schmidt import SCHMIDT_NUMBERS

#: Means of U, U^2, U^3 that the published forms contain, and their Schmidt number.
PUBLISHED = {
    "wanninkhof_2014": ((2,), 660.0, 0.251 * 49.0),
    "wanninkhof_1992": ((2,), 660.0, 0.31 * 49.0),
    "wanninkhof_1992_longterm": ((1,), 660.0, 0.39 * 49.0),
    "nightingale_2000": ((1, 2), 600.0, 0.222 * 49.0 + 0.333 * 7.0),
    "ho_2006": ((2,), 600.0, 0.266 * 49.0),
    "sweeney_2007": ((2,), 660.0, 0.27 * 49.0),
    "mcgillis_2001": ((3,), 660.0, 3.3 + 0.026 * 343.0),
    "wanninkhof_2009": (
        (1, 2, 3),
        660.0,
        3.0 + 0.1 * 7.0 + 0.064 * 49.0 + 0.011 * 343.0,
    ),
    "liss_merlivat_1986": ((1,), 600.0, 2.85 * 7.0 - 9.65),
    "takahashi_2009": ((2,), 660.0, 0.26 * 49.0),
    "nightingale_2000_north_sea": ((1, 2), 600.0, 0.23 * 49.0 + 0.1 * 7.0),
    "nightingale_2000b": ((1, 2), 600.0, 0.24 * 49.0 + 0.061 * 7.0),
    "goddijn_murphy_2012": ((1,), 660.0, 2.2 * 7.0 - 3.4),
    "yang_2022": ((1, 2), 660.0, 0.36 + 1.203 * 7.0 + 0.167 * 49.0),
    "fay_2021_era5": ((2,), 660.0, 0.271 * 49.0),
    "fay_2021_ccmp": ((2,), 660.0, 0.257 * 49.0),
}
BY_WIND = [n for n, e in TRANSFER_VELOCITIES.items() if e.moments and not e.inputs]


def test_no_formula_of_wind_is_lost():
    assert set(PUBLISHED) <= set(BY_WIND)


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_form(name):
    moments, reference, at_seven = PUBLISHED[name]
    entry = TRANSFER_VELOCITIES[name]
    assert entry.moments == moments
    assert entry.schmidt_reference == reference
    assert float(entry.formula(7.0, 49.0, 343.0)) == pytest.approx(at_seven, rel=1e-12)


@pytest.mark.parametrize("name", BY_WIND)
def test_a_formula_changes_with_the_moments_that_it_names_and_with_no_other(name):
    entry = TRANSFER_VELOCITIES[name]
    mean = np.array([7.0, 49.0, 343.0])
    changes = tuple(
        power
        for power in (1, 2, 3)
        if float(entry.formula(*np.where(np.arange(1, 4) == power, 1.1 * mean, mean)))
        != float(entry.formula(*mean))
    )
    assert changes == entry.moments


def test_the_limits_of_a_range_are_inside():
    """Wanninkhof (2014) is for 3 to 15 m/s; Wanninkhof (1992) for 0 to 30 degC."""
    wind = np.array([2.99, 3.0, 15.0, 15.01])
    found = TRANSFER_VELOCITIES["wanninkhof_2014"].outside(wind_speed=wind)
    assert found.tolist() == [True, False, False, True]
    temperature = np.array([-0.01, 0.0, 30.0, 30.01])
    found = SCHMIDT_NUMBERS["wanninkhof_1992"].outside(temperature=temperature)
    assert found.tolist() == [True, False, False, True]
