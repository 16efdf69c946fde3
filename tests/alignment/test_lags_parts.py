"""Parts of the estimate of a lag, each against its definition."""

import importlib
import inspect
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from oceanco2.alignment.lags import Lag, differ, find_lag
from oceanco2.errors import ProcessingError

#: The package has a function of the same name.
module = importlib.import_module("oceanco2.alignment.lags")
RNG = np.random.default_rng(7)
DAY = np.datetime64("2024-03-01", "ns")


def test_defaults_are_a_quarter_of_an_hour_and_five_minutes():
    defaults = {k: p.default for k, p in inspect.signature(find_lag).parameters.items()}
    assert (defaults["longest"], defaults["max_gap"]) == (900.0, 300.0)


def line(step, count=10, start=0.0):
    times = start + step * np.arange(count)
    return times, times.copy()


@pytest.mark.parametrize(
    ("one", "two", "step"),
    [(1.0, 9.0, 5.0), (5.0, 9.0, 5.0), (8.0, 7.0, 7.0), (60.0, 70.0, 60.0)],
)
def test_the_grid_has_the_step_of_the_faster_series_within_limits(one, two, step):
    found, grids = module._common_grid(line(one, 20), line(two, 20), 300.0)
    assert found == step
    end = min(19 * one, 19 * two)
    assert [g.size for g in grids] == [int(np.ceil(end / step))] * 2
    for grid in grids:
        np.testing.assert_allclose(grid, step * np.arange(grid.size), atol=1e-9)


def test_slow_series_are_put_on_steps_of_a_minute():
    assert module._common_grid(line(100.0), line(200.0), 300.0)[0] == 60.0


def test_the_grid_covers_the_common_period_and_leaves_gaps():
    one, two = line(10.0, 11), line(10.0, 11, start=40.0)
    step, (first, second) = module._common_grid(one, two, 300.0)
    assert step == 10.0
    assert first.tolist() == second.tolist() == [40.0, 50.0, 60.0, 70.0, 80.0, 90.0]
    gap = (np.delete(two[0], [2, 3, 4]), np.delete(two[1], [2, 3, 4]))
    _, (_, second) = module._common_grid(one, gap, 25.0)
    np.testing.assert_array_equal(
        np.isnan(second), [False, False, True, False, True, False]
    )
    _, (_, second) = module._common_grid(one, gap, 30.0)
    assert np.isfinite(second).all()


def test_too_few_values_or_no_time_in_common():
    assert module._common_grid(line(10.0, 2), line(10.0), 300.0) == (0.0, [])
    assert module._common_grid(line(10.0, 3), line(10.0), 300.0)[0] == 10.0
    assert module._common_grid(line(10.0), line(10.0, start=90.0), 300.0) == (0.0, [])
    found = find_lag(line(10.0), line(10.0, start=1e6))
    assert np.isnan(found[:3]).all()
    assert found[3:] == (0, "the two series have no time in common")


@pytest.mark.parametrize(
    ("values", "usable"),
    [
        ([0, 0, 0, 0, 5, 0, 0, 0, 0], [1, 1, 1, 1, 0, 1, 1, 1, 1]),
        ([0, 0, 0, 0, 1.0, 0, 0, 0, 0], [1] * 9),  # at the limit of 1 K
        ([0, 0, 0, 0, 1.001, 0, 0, 0, 0], [1, 1, 1, 1, 0, 1, 1, 1, 1]),
        ([0, 0, 0, 0, -5, np.nan, 0, 0, 0], [1, 1, 1, 1, 0, 0, 1, 1, 1]),
        ([0, 0, 0, 0, 8, 8, 8, 8, 8], [1] * 9),  # a front
        ([5, 0, 0, 0, 0, 0], [1] * 6),  # the first value stands for those before
        ([np.nan, np.inf], [0, 0]),
        ([], []),
    ],
)
def test_spikes(values, usable):
    found = module._not_spikes(np.array(values, dtype=float))
    assert found.tolist() == [bool(u) for u in usable]


def test_spikes_of_noisy_series_are_larger():
    """Ten times 1.4826 median deviations from the median of five."""
    values = RNG.normal(0.0, 3.0, 400)
    padded = [values[0]] * 2 + values.tolist() + [values[-1]] * 2
    deviation = [abs(v - np.median(padded[i : i + 5])) for i, v in enumerate(values)]
    limit = 14.826 * np.median(deviation)
    for factor, usable in ((0.999, True), (1.001, False)):
        spoilt = values.copy()
        spoilt[200] = np.median(np.delete(values[198:203], 2)) + 50.0
        rest = np.median(spoilt[198:203])
        spoilt[200] = rest + factor * limit
        assert module._not_spikes(spoilt)[200] == usable


def test_the_mean_of_an_hour_is_subtracted():
    values = RNG.normal(size=40)
    values[[3, 4, 20]] = np.nan
    found = module._high_pass(values, 600.0)  # three steps on either side
    expected = [
        v - np.nanmean(values[max(i - 3, 0) : i + 4]) for i, v in enumerate(values)
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert np.isnan(module._high_pass(np.full(9, np.nan), 600.0)).all()
    alone = np.full(9, np.nan)
    alone[4] = 3.0
    assert module._high_pass(alone, 600.0)[4] == 0.0


@pytest.mark.parametrize("block", [4, 5, 23, 100])
def test_sums_of_blocks_for_every_shift(block):
    x, y = RNG.normal(size=23), RNG.normal(size=23)
    x[[2, 9]] = y[[0, 9, 17]] = np.nan
    sums = module._block_sums(x, y, 3, block)
    assert sums.shape == (-(-23 // block), 6, 7)
    expected = np.zeros_like(sums)
    for i in range(23):
        for shift in range(-3, 4):
            if not 0 <= i + shift < 23:
                continue
            a, b = x[i], y[i + shift]
            if np.isfinite(a) and np.isfinite(b):
                products = [1.0, a, a * a, b, b * b, a * b]
                expected[i // block, :, shift + 3] += products
    np.testing.assert_allclose(sums, expected, atol=1e-12)


def moments(x, y):
    products = (np.ones_like(x), x, x * x, y, y * y, x * y)
    return [np.array([p.sum()]) for p in products]


@pytest.mark.parametrize(("count", "known"), [(29, False), (30, True), (31, True)])
def test_correlation_needs_thirty_pairs(count, known):
    x, y = RNG.normal(size=count), RNG.normal(size=count)
    found = module._correlation(*moments(x, y))
    assert np.isfinite(found).tolist() == [known]
    if known:
        assert found[0] == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-12)


def test_correlation_of_series_that_hardly_change():
    """The product of the mean squares must be above 1e-12 K4."""
    x = np.tile([1.0, -1.0], 20)
    for size, known in ((0.99e-6, False), (1.01e-6, True)):
        found = module._correlation(*moments(x, size * x))
        assert np.isfinite(found).tolist() == [known]
    assert np.isnan(module._correlation(*moments(x, 0 * x))).all()
    assert np.isnan(module._correlation(*moments(x[:0], x[:0]))).all()


def test_the_peak_of_a_parabola():
    at = np.arange(11.0)
    for top in (3.0, 3.3, 6.7):
        assert module._peak(1.0 - 0.01 * (at - top) ** 2, 2) == pytest.approx(top)
    # away from the highest point other values do not count
    curve = 1.0 - 0.01 * (at - 4.2) ** 2
    curve[[0, 1, 7, 8, 9]] = -1.0
    assert module._peak(curve, 2) == pytest.approx(4.2)
    assert module._peak(curve, 3) != pytest.approx(4.2, abs=0.01)
    curve[5] = np.nan
    assert module._peak(curve, 2) == pytest.approx(4.2)
    assert np.isnan(module._peak(np.full(4, np.nan), 2))
    # fewer than three points, or a valley: the highest point itself
    assert module._peak(np.array([1.0, 2.0]), 3) == 1.0
    assert module._peak(np.array([4.0, 1.0, 0.0, 1.0, 3.0]), 9) == 0.0
    assert module._peak(np.array([2.0, 2.0, 2.0]), 2) == 0.0
    # a maximum beyond the points that are used is brought to their end
    assert module._peak(np.array([0.0, 1.0, 1.9, 2.79]), 1) <= 4.0
    ends = -((at - 30.0) ** 2)
    assert module._peak(ends, 2) == 12.0


def test_resampled_blocks():
    x, y = RNG.normal(size=(2, 90))
    one = module._block_sums(x, y, 2, 90)
    draws = list(module._bootstrap(one))
    assert len(draws) == 400
    for draw in draws[:5]:
        np.testing.assert_allclose(draw, module._correlation(*one[0]))
    two = module._block_sums(x, y, 2, 45)
    found = np.array([d[2] for d in module._bootstrap(two)])
    expected = [
        module._correlation(*s)[2] for s in (2 * two[0], two.sum(0), 2 * two[1])
    ]
    counts = [np.isclose(found, e).sum() for e in expected]
    assert sum(counts) == 400
    assert np.abs(np.array(counts) - [100, 200, 100]).max() < 40
    again = np.array([d[2] for d in module._bootstrap(two)])
    np.testing.assert_array_equal(found, again)


@pytest.mark.parametrize("independent", [4.0, 10.0, 57.5])
@pytest.mark.parametrize("r", [0.6, 0.9, 0.97])
def test_chance_is_refused_at_one_in_a_thousand(monkeypatch, independent, r):
    """Student's t of a correlation, times the number of shifts that were tried."""
    monkeypatch.setattr(module, "_independent_pairs", lambda *_: independent)
    freedom = independent - 2.0
    chance = stats.t.sf(r * np.sqrt(freedom / (1.0 - r**2)), freedom)
    for factor, refused in ((0.999, False), (1.001, True)):
        reason = module._rejection_reason(None, None, r, factor * 1e-3 / chance)
        assert bool(reason) is refused
        if refused:
            assert reason == f"correlation {r:.2f} is not more than chance gives"


def test_a_correlation_of_one_is_as_sure_as_one_less_1e_12(monkeypatch):
    monkeypatch.setattr(module, "_independent_pairs", lambda *_: 4.0)
    chance = stats.t.sf(np.sqrt(2.0 / 1e-12), 2.0)
    for factor, refused in ((0.999, False), (1.001, True)):
        reason = module._rejection_reason(None, None, 1.0, factor * 1e-3 / chance)
        assert bool(reason) is refused


def parabola(top):
    return 1.0 - 1e-4 * (np.arange(181.0) - top) ** 2


@pytest.fixture
def estimate(monkeypatch):
    """Lag of correlations with their maxima at some seconds; a grid of 10 s."""

    def run(seconds, apart=0.0, refused=""):
        fast = [np.zeros(8), np.zeros(8)]
        sums = np.zeros((2, 6, 181))
        sums[:, 0, 7] = 3.0, 4.0
        top = 90.0 + seconds / 10.0
        draws = [parabola(top - apart / 10.0), parabola(top + apart / 10.0)]
        monkeypatch.setattr(module, "_common_grid", lambda *_: (10.0, fast))
        monkeypatch.setattr(module, "_block_sums", lambda *_: sums)
        monkeypatch.setattr(module, "_correlation", lambda *_: parabola(top))
        monkeypatch.setattr(module, "_bootstrap", lambda _: draws)
        monkeypatch.setattr(module, "_rejection_reason", lambda *_: refused)
        return find_lag(None, None)

    return run


@pytest.mark.parametrize("seconds", [0.0, 123.4, -809.0, 809.0])
def test_a_lag_with_its_uncertainty(estimate, seconds):
    lag, spread, highest, pairs, reason = estimate(seconds, 20.0)
    assert (lag, spread) == pytest.approx((seconds, 20.0), abs=1e-6)
    assert highest == pytest.approx(1.0, abs=3e-5)
    assert (pairs, reason) == (7, "")


@pytest.mark.parametrize(
    ("seconds", "apart", "reason"),
    [
        (811.0, 0.0, "the correlation still rises at 811 s"),
        (-811.0, 0.0, "the correlation still rises at -811 s"),
        (0.0, 224.0, ""),
        (0.0, 226.0, "parts of the data disagree (+- 226 s)"),
        (811.0, 300.0, "the correlation still rises at 811 s"),
    ],
)
def test_lags_that_are_not_used(estimate, seconds, apart, reason):
    assert estimate(seconds, apart)[-1] == reason
    assert estimate(seconds, apart, "before")[-1] == "before"


def test_blocks_of_two_hours_and_shifts_of_a_quarter(monkeypatch):
    seen = []

    def record(first, second, max_shift, block):
        seen.append((first.size, second.size, max_shift, block))
        return np.zeros((1, 6, 2 * max_shift + 1))

    monkeypatch.setattr(module, "_block_sums", record)
    found = find_lag(line(20.0, 61), line(40.0, 41), longest=600.0)
    assert seen == [(60, 60, 30, 360)]
    assert found[3:] == (0, "too few values that change")
    assert np.isnan(found[:3]).all()


def test_independent_values_that_are_needed(monkeypatch):
    for count, reason in ((3.99, "too few independent values"), (4.0, "")):
        monkeypatch.setattr(module, "_independent_pairs", lambda *_, n=count: n)
        assert module._rejection_reason(None, None, 1.0, 1) == reason


def test_independent_pairs_after_bartlett():
    x = np.convolve(RNG.normal(size=60), np.ones(4), "same")
    y = np.convolve(RNG.normal(size=60), np.ones(6), "same")
    x[[5, 6]] = y[30] = np.nan
    both = np.isfinite(x) & np.isfinite(y)
    a, b = np.where(both, x, 0.0), np.where(both, y, 0.0)

    def autocorrelation(v, k):
        return sum(v[i] * v[i + k] for i in range(v.size - k)) / (v @ v)

    products = [autocorrelation(a, k) * autocorrelation(b, k) for k in range(1, 60)]
    expected = 57.0 / (1.0 + 2.0 * sum(p for p in products if p > 0))
    assert both.sum() == 57
    assert module._independent_pairs(x, y) == pytest.approx(expected)
    assert module._independent_pairs(np.zeros(5), np.zeros(5)) == 5.0
    found = module._autocovariance(a)
    expected = [sum(a[i] * a[i + k] for i in range(60 - k)) for k in range(60)]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def lag(seconds=60.04, uncertainty=2.26, reason="", pairs=9):
    return Lag(DAY, DAY, seconds, uncertainty, 0.98765, pairs, reason)


def test_what_is_said_about_a_lag():
    assert lag().found
    assert lag().rounded == 60.0
    assert lag(seconds=-3.26).rounded == -3.3
    assert lag().attrs == {
        "lag_seconds": 60.0,
        "lag_uncertainty_seconds": 2.3,
        "lag_source": "correlation of T_equ and SST: 0.988",
    }
    lost = lag(reason="why")
    assert not lost.found
    assert lost.rounded == 0.0
    assert lost.attrs == {"lag_seconds": 0.0, "lag_source": "not found: why"}


def test_lags_that_differ_by_more_than_chance():
    """Chi square with one degree of freedom is above 10.828 in one of a thousand."""
    apart = np.sqrt(2.0 * stats.chi2.isf(1e-3, 1))
    for factor, differs in ((0.999, False), (1.001, True)):
        pair = [lag(10.0, 1.0), lag(10.0 + factor * apart, 1.0)]
        assert differ(pair) is differs
        wider = [lag(10.0, 1.0), lag(10.0 + factor * apart * np.sqrt(2.5), 2.0)]
        assert differ(wider) is differs
    third = [lag(0.0, 1.0), lag(0.0, 1.0), lag(4.5, 1.0)]
    assert stats.chi2.sf(13.5, 2) > 1e-3
    assert differ(third) is False
    assert differ([lag(0.0, 1.0), lag(0.0, 1.0), lag(4.6, 1.0)]) is True
    far = lag(1000.0, 1.0)
    assert differ([lag(), far]) is True
    assert differ([far]) is differ([]) is False
    assert differ([lag(), lag(1000.0, 1.0, reason="x")]) is False
    assert differ([lag(), lag(1000.0, 0.0)]) is False


# ---- periods ------------------------------------------------------------------------


def streams(*hours, name="SST", **others):
    time = DAY + (np.array(hours, dtype=float) * 3600e9).astype("timedelta64[ns]")
    data = {
        n: ("time", np.full(time.size, v)) for n, v in ({name: 5.0} | others).items()
    }
    return xr.Dataset(data, coords={"time": time})


SHIP = SimpleNamespace(path="ship.toml")


@pytest.fixture
def periods(monkeypatch):
    """Record the seconds of both series instead of estimating lags."""
    seen = []

    def record(first, second):
        seen.append((first[0].tolist(), second[0].tolist()))
        return 1.0, 2.0, 0.5, len(first[0]) * len(second[0]), "x"

    monkeypatch.setattr(module, "find_lag", record)
    return seen


def test_the_whole_period_then_days_with_data(periods):
    one = streams(12, 30, 48, 80)
    two = streams(13, 31, 48, name="T_equ_raw")
    found = module.lags({"a": one, "b": two}, SHIP)
    assert periods[0] == (
        [0.0, 64800.0, 129600.0, 244800.0],
        [3600.0, 68400.0, 129600.0],
    )
    days = [(f.start - DAY, f.end - DAY) for f in found]
    hours = [(s / np.timedelta64(1, "h"), e / np.timedelta64(1, "h")) for s, e in days]
    # both ends of a day belong to it; the fourth has no T_equ
    assert hours == [(12.0, 80.0), (0.0, 24.0), (24.0, 48.0), (48.0, 72.0)]
    assert [f.pairs for f in found] == [12, 1, 4, 1]
    assert (found[0].seconds, found[0].uncertainty) == (1.0, 2.0)
    assert (found[0].correlation, found[0].reason) == (0.5, "x")
    whole = module.total_lag({"a": one, "b": two}, SHIP)
    assert (whole.start, whole.end) == (found[0].start, found[0].end)


def test_a_single_day_is_not_repeated(periods):
    one, two = streams(1, 2, 3), streams(2, 4, name="T_equ")
    assert len(module.lags({"a": one, "b": two}, SHIP)) == len(periods) == 1


def test_two_days_are_listed(periods):
    one, two = streams(12, 30), streams(13, 31, name="T_equ")
    found = module.lags({"a": one, "b": two}, SHIP)
    assert [f.start for f in found[1:]] == [DAY, DAY + np.timedelta64(1, "D")]
    assert len(periods) == 3


def test_where_the_temperatures_are_found():
    empty, one = streams(), streams(1, 2, T_equ_raw=99.0, SST_raw=1.0)
    (sst_time, sst), (_, equ) = module._temperatures({"a": empty, "b": one}, SHIP)
    assert sst_time.tolist() == one["time"].to_numpy().tolist()
    assert sst.tolist() == [5.0, 5.0]
    assert np.isnan(equ).all()  # 99 degC is not possible
    with pytest.raises(ProcessingError) as caught:
        module._temperatures({"b": streams(1)}, SHIP)
    assert str(caught.value) == (
        "ship.toml: estimating a lag needs SST and T_equ; T_equ is missing"
    )
