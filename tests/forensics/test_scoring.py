"""Fit and rounding, by hand."""

import numpy as np
import pytest

from oceanco2.forensics.columns import Columns
from oceanco2.forensics.scoring import (
    Rounding,
    effective_number,
    fit_of,
    loss,
    rounding,
)

SOURCE, TARGET = "xCO2_water_Tequ_dry", "fCO2_water_SST_wet"
TINY = 3e-8  # relative, between programs


def test_loss_is_students_t_of_three_degrees():
    np.testing.assert_allclose(loss(np.array([0.0, 3.0])), [0.0, 2 * np.log(4.0)])


def test_fit_by_hand():
    published = np.array([100.0, 200.0, 300.0, np.nan, 400.0])
    computed = np.array([101.0, 198.0, 300.0, 5.0, np.nan])
    fit = fit_of(computed, published, np.full(5, 0.01))
    assert fit.rows == 3
    assert fit.median == 0.0
    assert fit.largest == 2.0
    assert fit.percentile_95 == pytest.approx(1.9)  # sizes 0, 1, 2
    assert fit.share == 1.0  # the limits are 1, 2 and 3, and belong to it
    assert fit.tolerance == pytest.approx(2.0)
    assert fit_of(computed, published, np.full(5, 0.0099)).share == pytest.approx(1 / 3)
    empty = fit_of(np.full(2, np.nan), np.ones(2), np.ones(2))
    assert (empty.rows, empty.share) == (0, 0.0)
    assert np.isnan([empty.median, empty.largest, empty.tolerance]).all()


@pytest.mark.parametrize(
    ("ratio", "most", "number"),
    [
        ([1.0, 2.0], 9, 2.0),  # too few to see
        ([1.0, 1.0, 1.0, 1.0], 3, 3.0),  # no difference
        ([1.0, 1.0, 1.0, 1.0], 9, 4.0),
        # Products of neighbours over squares: r = -2/3, n (1 - r) / (1 + r) = 15.
        ([1.0, -1.0, 0.0, 1.0, -1.0, 0.0, 0.0], 99, None),
        ([1.0, -1.0, 1.0, -1.0], 9, 9.0),  # r = -3/4: 28, but at most nine
        ([1.0, 1.0, 1.0, -1.0, -1.0, -1.0], 99, 6 * (1 - 0.5) / (1 + 0.5)),
        ([-9.0, -3.0, -3.0, 3.0, 3.0, 3.0], 99, 6 * (1 - 0.5) / (1 + 0.5)),
    ],
)
def test_number_of_independent_rows(ratio, most, number):
    if number is None:
        r = -2.0 / 4.0
        number = 7 * (1 - r) / (1 + r)
    assert effective_number(np.array(ratio), most) == pytest.approx(number)


VALUES = {SOURCE: 400.0, "T_equ": 15.0, "SST": 14.0, "P_equ": 1000.0, "P_atm": 1000.0}
VALUES |= {"salinity": 35.0, "xCO2_water_SST_dry": 400.0, "xCO2_atm_dry_actual": 400.0}
STEPS = dict.fromkeys([*VALUES, TARGET, "fCO2_water_Tequ_wet", "x"], 0.01)
#: Half a step of each column, and its relative effect.
HALF = 0.005
GAINS = {
    (SOURCE, TARGET): [1 / 400, 2e-5, 1 / 990, 0.0423, 0.0423],
    (SOURCE, "fCO2_water_Tequ_wet"): [1 / 400, 2e-5, 1 / 990, 3e-3],
    ("xCO2_water_SST_dry", TARGET): [1 / 400, 2e-5, 1 / 990, 3e-3],
    ("xCO2_atm_dry_actual", "fCO2_atm_wet_actual"): [1 / 400, 2e-5, 1 / 990, 3e-3],
}


@pytest.mark.parametrize(("source", "target"), GAINS)
def test_differences_that_rounding_explains(source, target):
    arrays = {name: np.full(6, value) for name, value in VALUES.items()}
    published = {target: np.full(6, 350.0)}
    found = rounding(Columns(arrays, published, STEPS | {target: 0.1}), target, source)
    halves = np.array([0.05 / 350, *(HALF * g for g in GAINS[source, target])])
    np.testing.assert_allclose(found.bound, halves.sum() + TINY)
    np.testing.assert_allclose(found.spread, np.sqrt((halves**2).sum() / 3) + TINY)
    np.testing.assert_allclose(found.result, halves[0] / np.sqrt(3) + TINY)
    np.testing.assert_allclose([half for half, _ in found.shifts], halves[1:])


def test_columns_without_digits_explain_nothing():
    arrays = {name: np.full(6, value) for name, value in VALUES.items()}
    arrays["SST"] = np.arange(6.0)
    arrays["T_equ"] = np.array([1.0, 2, 3, 4, np.nan, np.nan])
    columns = Columns(arrays, {TARGET: np.full(6, 350.0)}, {TARGET: 0.1, "SST": 0.01})
    found = rounding(columns, TARGET, SOURCE)
    half = 0.005 * 0.0423
    assert found.shifts == ((pytest.approx(half), pytest.approx(2 / np.sqrt(6))),)
    columns.steps["T_equ"], columns.steps[SOURCE] = 0.01, 1.0
    shares = [share for _, share in rounding(columns, TARGET, SOURCE).shifts]
    assert shares == [1.0, 1.0, pytest.approx(2 / np.sqrt(6))]


def made(spread=2e-4, result=1e-4, shifts=()):
    ones = np.ones(5)
    return Rounding(5e-4 * ones, spread * ones, result * ones, shifts)


def test_the_rounding_of_the_result_alone_may_explain_it():
    digits = made()
    ratio = np.array([-1.0, 1.0, -1.0, 1.0, 1.0]) * 1.5e-4 / 1.4826
    scale, exact = digits.scale(ratio)
    assert exact
    np.testing.assert_allclose(scale, 1e-4)
    scale, exact = digits.scale(ratio * 1.02)
    assert not exact
    np.testing.assert_allclose(scale, 1.53e-4)
    few = digits.select(np.array([0, 2]))
    assert few.bound.size == few.spread.size == few.result.size == 2


def test_a_constant_difference_within_rounding_is_taken_off():
    shifts = ((1e-4, 1.0), (3e-4, 0.5), (9e-4, 1.0))
    digits = made(shifts=shifts)
    best = np.full(5, 1e-4 / 1.4826)  # of width 1e-4: shifts up to 3e-4 count
    ratio = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) * 1e-4
    inside = digits.without_offset(ratio + 2e-4, best)
    np.testing.assert_allclose(inside, ratio, atol=1e-12)
    outside = digits.without_offset(ratio + 4e-4, best)
    np.testing.assert_allclose(outside, ratio + 1.5e-4, atol=1e-12)
    below = digits.without_offset(ratio - 4e-4, best)
    np.testing.assert_allclose(below, ratio - 1.5e-4, atol=1e-12)
