"""Fit, misfit and rounding by hand."""

import numpy as np
import pytest

from oceanco2.forensics import scoring
from oceanco2.forensics.columns import Columns

SMALL = 3e-8


def test_fit_by_hand():
    published = np.array([100.0, 200.0, np.nan, 400.0, 400.0])
    computed = np.array([100.1, 199.6, 1.0, 400.4, np.nan])
    fit = scoring.fit_of(computed, published, np.array(0.001))
    assert fit.rows == 3
    assert fit.median == pytest.approx(0.1)
    assert fit.largest == pytest.approx(0.4)
    assert fit.percentile_95 == pytest.approx(0.4)
    assert fit.share == pytest.approx(2 / 3)
    assert fit.tolerance == pytest.approx(0.2)


def test_fit_of_nothing():
    fit = scoring.fit_of(np.array([np.nan]), np.array([1.0]), np.array(0.1))
    assert (fit.rows, fit.share) == (0, 0.0)
    for value in (fit.median, fit.percentile_95, fit.largest, fit.tolerance):
        assert np.isnan(value)


def test_percentile_is_of_sizes():
    published = np.full(101, 100.0)
    fit = scoring.fit_of(published - np.arange(101.0), published, np.array(1e-3))
    assert (fit.percentile_95, fit.largest, fit.median) == (95.0, 100.0, -50.0)


def test_loss():
    x = np.array([0.0, 3.0, -3.0])
    expected = [0.0, 2 * np.log(4), 2 * np.log(4)]
    assert scoring.loss(x) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ratio", "most", "number"),
    [
        ([1.0, 2.0], 10, 2.0),
        ([1.0, 2.0], 1, 1.0),
        ([5.0] * 4, 3, 3.0),
        ([5.0] * 4, 9, 4.0),
        # Deviations -1, 0, 1: the products with the next are 0.
        ([1.0, 2.0, 3.0], 10, 3.0),
        ([1.0, 2.0, 3.0], 2, 2.0),
        # -1, -1, 1, 1: the products sum to 1, autocorrelation 1/4: 4 (3/4)/(5/4).
        ([-1.0, -1.0, 1.0, 1.0], 10, 2.4),
        # Clipped to -3, 3, -3, 3: autocorrelation -3/4: 4 (7/4)/(1/4) = 28.
        ([-9.0, 9.0, -9.0, 9.0], 100, 28.0),
    ],
)
def test_effective_number(ratio, most, number):
    assert scoring.effective_number(np.array(ratio), most) == pytest.approx(number)


def columns(**steps):
    n = 5
    values = {
        "xCO2_water_Tequ_dry": np.full(n, 400.0),
        "xCO2_atm_dry_actual": np.full(n, 420.0),
        "pCO2_water_Tequ_wet": np.full(n, 390.0),
        "SST": np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
        "T_equ": np.full(n, 12.0),
    }
    published = {
        name: np.full(n, 200.0)
        for name in (
            "pCO2_water_Tequ_wet",
            "fCO2_water_SST_wet",
            "fCO2_atm_wet_actual",
        )
    }
    return Columns(values, published, steps)


STEPS = {
    "salinity": 0.1,
    "P_equ": 0.2,
    "P_atm": 0.4,
    "SST": 0.01,
    "T_equ": 0.02,
    "xCO2_water_Tequ_dry": 0.1,
    "xCO2_atm_dry_actual": 0.2,
    "pCO2_water_Tequ_wet": 0.1,
    "fCO2_water_SST_wet": 0.1,
    "fCO2_atm_wet_actual": 0.1,
}
RESULT = 0.5 * 0.1 / 200.0


@pytest.mark.parametrize(
    ("target", "source", "halves"),
    [
        (
            "pCO2_water_Tequ_wet",
            "xCO2_water_Tequ_dry",
            [0.05 / 400, 0.05 * 2e-5, 0.1 / 990, 0.01 * 3e-3],
        ),
        (
            "fCO2_water_SST_wet",
            "xCO2_water_Tequ_dry",
            [0.05 / 400, 0.05 * 2e-5, 0.1 / 990, 0.01 * 0.0423, 0.005 * 0.0423],
        ),
        (
            "fCO2_atm_wet_actual",
            "xCO2_atm_dry_actual",
            [0.1 / 420, 0.05 * 2e-5, 0.2 / 990, 0.005 * 3e-3],
        ),
    ],
)
def test_rounding(target, source, halves):
    got = scoring.rounding(columns(**STEPS), target, source)
    parts = np.array([RESULT, *halves])
    assert got.bound == pytest.approx(np.full(5, parts.sum() + SMALL), rel=1e-12)
    spread = np.sqrt((parts**2).sum() / 3.0) + SMALL
    assert got.spread == pytest.approx(np.full(5, spread), rel=1e-12)
    assert got.result == pytest.approx(np.full(5, RESULT / np.sqrt(3) + SMALL))
    assert [half for half, _ in got.shifts] == pytest.approx(halves, rel=1e-12)


def test_fraction_that_stays():
    table = columns(**STEPS)
    assert scoring._systematic_fraction(table, "salinity") == 1.0
    assert scoring._systematic_fraction(table, "T_equ") == 1.0
    assert scoring._systematic_fraction(table, "SST") == pytest.approx(2 / 5**0.5)
    table.values["SST"] = np.full(3, np.nan)
    assert scoring._systematic_fraction(table, "SST") == 1.0


def rounding(**fields):
    n = 3
    base = {"bound": np.full(n, 4.0), "spread": np.full(n, 2.0)}
    base |= {"result": np.full(n, 1.0), "shifts": ((1.0, 0.5), (10.0, 1.0))}
    return scoring.Rounding(**(base | fields))


def test_scale_on_both_sides_of_its_limit():
    got = rounding()
    narrow, is_result = got.scale(np.full(3, 1.5 / 1.4826 * 0.999))
    assert is_result
    assert narrow.tolist() == [1.0] * 3
    wide, is_result = got.scale(np.full(3, 1.5 / 1.4826 * 1.001))
    assert not is_result
    assert wide == pytest.approx(np.full(3, 1.5015))
    exact = rounding(result=np.full(3, 1.4826), spread=np.full(3, 2.0))
    assert exact.scale(np.full(3, 1.5))[1]


def test_offset_that_rounding_explains():
    got = rounding()
    # A width of 1: only the shift of 1 (half of it) counts.
    best = np.full(3, 1.0 / 1.4826)
    left = got.without_offset(np.array([2.0, 3.0, 4.0]), best)
    assert left == pytest.approx([1.5, 2.5, 3.5])
    left = got.without_offset(np.array([-0.3, -0.2, 0.0]), best)
    assert left == pytest.approx([-0.1, 0.0, 0.2])
    # A width of 4: the shift of 10 counts as well.
    left = got.without_offset(np.full(3, -20.0), np.full(3, 4.0 / 1.4826))
    assert left == pytest.approx(np.full(3, -9.5))


def test_selected_rows():
    got = rounding(bound=np.arange(3.0), spread=np.arange(3.0) + 10)
    part = got.select(np.array([False, True, True]))
    assert part.bound.tolist() == [1.0, 2.0]
    assert part.spread.tolist() == [11.0, 12.0]
    assert part.result.tolist() == [1.0, 1.0]
    assert part.shifts == got.shifts
