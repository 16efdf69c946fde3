"""Exactly at each limit, the type of flags, and options that are not the defaults."""

import numpy as np
import pytest

from oceanco2.qc.check import NOTED, Series
from oceanco2.qc.checks import (
    air,
    climatology,
    pressures,
    series,
    standards,
    surroundings,
    track,
    warming,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

N = 40
MINUTES = 60.0 * np.arange(N)
TIME = np.datetime64("2020-05-05", "ns") + (60 * np.arange(N)).astype("m8[s]")
ZERO, ONE = np.zeros(N), np.ones(N)
PLACE = {"latitude": ZERO, "longitude": ZERO}
RUNS = {
    f"standard_run_{name}": values
    for name, values in {
        **{"standard": np.zeros(N, int), "used": np.ones(N, int)},
        **{"true": ONE, "residual": ZERO, "std": ZERO, "count": np.full(N, 3)},
    }.items()
}


def runs(*names):
    return {f"standard_run_{name}": RUNS[f"standard_run_{name}"] for name in names}


CALLS = [
    (series.check_range, {}),
    (series.check_warming, {}),
    (series.check_constant, {}),
    (series.check_gradient, {"limit": 1.0}),
    (series.check_spike, {"questionable": 1.0, "bad": 2.0}),
    (series.check_outlier, {"questionable": 1.0}),
    (series.check_flow_drop, {"time": TIME}),
    (series.check_deviation, {}),
    (series.check_step, {"limit": 1.0}),
    (series.check_analyser_step, {"T_equ": ONE, "salinity": ONE}),
    (air.check_air_plausibility, {"time": TIME, "latitude": ZERO}),
    (air.check_plume, {}),
    (climatology.check_climatology, {"time": TIME, **PLACE, "file": ""}),
    (warming.check_warming_outlier, {"SST": ONE}),
    (warming.check_warming_rate, {"SST": ONE}),
    (warming.check_cooling, {"latitude": ZERO, "time": TIME}),
    (warming.check_constant_warming, {"SST": ONE}),
    (pressures.check_pressure_difference, {"P_equ": ONE, "P_atm": ONE}),
    (pressures.check_constant_offset, {"P_equ": ONE, "P_atm": ONE}),
    (surroundings.check_freezing, {"salinity": ONE}),
    (surroundings.check_ice, {"sea_ice_area_fraction": ZERO}),
    (surroundings.check_port, PLACE),
    (standards.check_standard_rejected, runs("true", "used")),
    (standards.check_standard_step, runs("standard", "used", "true")),
    (standards.check_standard_drift, runs("standard", "used", "residual")),
    (standards.check_standard_scatter, runs("std", "count")),
    (standards.check_standard_gap, runs("standard", "used")),
    (
        standards.check_missing_standards,
        {"standards_before": ONE + 1} | {"standards_after": ONE + 1},
    ),
    (standards.check_standard_offset, {"standard_concentration": ONE}),
    (standards.check_isotope_sum, {"x13CO2": ZERO, "xCO2": ONE}),
]


@pytest.mark.parametrize(
    ("check", "inputs"), CALLS, ids=lambda c: getattr(c, "__name__", "")
)
@pytest.mark.parametrize("empty", [False, True])
def test_flags_are_small_integers_of_the_shape_of_the_values(check, inputs, empty):
    rows = slice(0) if empty else slice(None)
    cut = {k: v[rows] if isinstance(v, np.ndarray) else v for k, v in inputs.items()}
    values = np.linspace(1.0, 1.001, N)[rows]
    found = check(values, MINUTES[rows], **cut)
    assert found.dtype == np.int8
    assert found.shape == values.shape
    assert set(found.tolist()) <= {NOTED, GOOD, QUESTIONABLE, BAD}


def test_flags_of_tracks_are_small_integers():
    found = [
        track.check_position(ZERO, ZERO),
        track.check_speed(ZERO, ZERO, MINUTES),
        track.check_time_order(MINUTES, ZERO, np.arange(N)),
        track.check_duplicate_time(MINUTES),
    ]
    for flags in found:
        assert flags.dtype == np.int8
        assert flags.tolist() == [GOOD] * N


# ---- exactly at a limit nothing is flagged ------------------------------------------


def one_off(size, background=0.0):
    values = np.full(N, background)
    values[20] += size
    return values


def flag_of(check, size, background=0.0, **inputs):
    found = check(one_off(size, background), MINUTES, **inputs)
    assert (np.delete(found, 20) == GOOD).all()
    return int(found[20])


SIZES = [
    (series.check_range, {"questionable": (-1.0, 2.0), "bad": (-4.0, 8.0)}, 2.0, 8.0),
    (series.check_range, {"questionable": (-1.0, 2.0), "bad": (-4.0, 8.0)}, -1.0, -4.0),
    (series.check_warming, {}, 1.0, 3.0),
    (series.check_warming, {}, -1.0, -3.0),
    (series.check_spike, {"questionable": 2.0, "bad": 8.0}, 2.0, 8.0),
    (series.check_spike, {"questionable": 2.0, "bad": 8.0}, -2.0, -8.0),
    (series.check_outlier, {"questionable": 2.0, "bad": 8.0}, 2.0, 8.0),
    (series.check_outlier, {"questionable": 2.0, "bad": 8.0}, -2.0, -8.0),
    (air.check_plume, {}, 5.0, 50.0),
    (
        warming.check_warming_outlier,
        {"SST": np.zeros(N), "questionable": 0.25, "bad": 2.0},
        *(0.25, 2.0),
    ),
]


@pytest.mark.parametrize(("check", "options", "low", "high"), SIZES)
def test_the_limit_itself_is_good(check, options, low, high):
    more = 1.0 + 1e-9
    for size, flag in (
        *((low, GOOD), (low * more, QUESTIONABLE)),
        *((high, QUESTIONABLE), (high * more, BAD)),
    ):
        assert flag_of(check, size, **options) == flag, size


def test_pressures_at_their_limits():
    equ, atm = np.full(N, 1000.0), np.full(N, 1000.0)

    def found(difference, **options):
        there = equ.copy()
        there[20] += difference
        flags = pressures.check_pressure_difference(
            there, MINUTES, P_equ=there, P_atm=atm, **options
        )
        assert (np.delete(flags, 20) == GOOD).all()
        return int(flags[20])

    assert [found(d) for d in (15.0, 15.01, -15.01, 50.0, 50.01)] == [2, 3, 3, 3, 4]
    # A whole series that is off by more than the offset.
    for difference, flag in (
        (10.0, GOOD),
        (10.01, QUESTIONABLE),
        (-10.01, QUESTIONABLE),
    ):
        flags = pressures.check_pressure_difference(
            equ + difference, MINUTES, P_equ=equ + difference, P_atm=atm
        )
        assert (flags == flag).all()
    # The other pressure must be plausible.
    for other, flag in ((870.0, BAD), (869.9, GOOD), (1085.0, BAD), (1085.1, GOOD)):
        flags = pressures.check_pressure_difference(
            equ, MINUTES, P_equ=equ, P_atm=np.full(N, other)
        )
        assert (flags == flag).all()
    flags = pressures.check_pressure_difference(
        atm, MINUTES, P_equ=atm + 20.0, P_atm=atm
    )
    assert (flags == QUESTIONABLE).all()


@pytest.mark.parametrize(
    ("apart", "kinds", "flag"),
    [(10, 10, NOTED), (10, 9, GOOD), (19, 19, NOTED)],
)
def test_pressures_of_which_one_is_computed(apart, kinds, flag):
    equ = 1000.0 + np.resize(np.arange(kinds), N)
    found = pressures.check_constant_offset(equ, MINUTES, P_equ=equ, P_atm=equ - apart)
    assert (found == flag).all()


def test_a_share_of_equal_differences():
    equ = 1000.0 + np.arange(N)
    for others, flag in ((2, NOTED), (3, GOOD)):  # of 40: 95 % and less
        atm = equ - 5.0
        atm[:others] -= 1.0
        found = pressures.check_constant_offset(equ, MINUTES, P_equ=equ, P_atm=atm)
        assert (found[others:] == flag).all()
        assert (found[:others] == GOOD).all()
    # No difference at all is no offset; within the tolerance neither.
    for offset, flag in ((0.0, GOOD), (0.25, GOOD), (0.5, NOTED)):
        found = pressures.check_constant_offset(
            equ, MINUTES, P_equ=equ, P_atm=equ - offset, tolerance=0.25
        )
        assert (found == flag).all()


@pytest.mark.parametrize(("latitude", "flag"), [(-2.0, GOOD), (-2.0625, BAD)])
def test_marine_air_at_its_limits(monkeypatch, latitude, flag):
    monkeypatch.setattr(air, "_expected", lambda time, latitude, file: latitude * 0.0)
    limits = {"questionable": (-2.0, 2.0), "bad": (-2.0, 2.0)}
    for sign in (-1.0, 1.0):
        found = air.check_air_plausibility(
            np.full(N, sign * latitude), MINUTES, time=TIME, latitude=ONE, **limits
        )
        assert (found == flag).all()


def test_measures_of_a_series():
    x = np.array([1.0, 2.0, 5.0, 5.0, 5.0, 1.0])
    t = 60.0 * np.array([0.0, 1.0, 3.0, 4.0, 6.0, 6.0])
    rows = Series(x, t, np.arange(6))
    constant = series._measure_constant(rows, series.ConstantOptions())
    assert constant.tolist() == [0.0, 0.0, 3.0, 3.0, 3.0, 0.0]
    # Steps 1, 3, 0, 0, -4 in 1, 2, 1, 2 and 0 minutes.
    gradient = series._measure_gradient(rows, series.GradientOptions(limit=1.0))
    assert gradient.tolist()[:4] == [1.0, 1.5, 1.5, 0.0]
    assert gradient[4] == 0.0
    assert np.isnan(gradient[5])
    options = series.SpikeOptions(questionable=1.0, bad=2.0)
    spike = series._measure_spike(rows, options)
    np.testing.assert_array_equal(spike, [np.nan, -1.0, 0.0, 0.0, 0.0, np.nan])
    options = series.OutlierOptions(questionable=1.0, samples=3)
    outlier = series._measure_outlier(rows, options)
    # Medians of three (two at the ends): 1.5, 2, 5, 5, 5, 3.
    assert outlier.tolist() == [0.5, 0.0, 0.0, 0.0, 0.0, 2.0]
    deviation = series._measure_deviation(rows, series.DeviationOptions())
    np.testing.assert_allclose(deviation, np.abs(x - 19.0 / 6.0) / x.std())
    last = Series(x, t, np.array([5]))
    assert series._measure_outlier(last, options).tolist() == [2.0]
    assert series._measure_constant(last, series.ConstantOptions()).tolist() == [0.0]


def test_gaps_of_a_series_at_their_limits():
    """Neighbours exactly so many minutes away count."""
    values = np.array([0.0] * 10 + [9.0] + [0.0] * 10)
    for minutes, flagged in ((15.0, True), (15.01, False)):
        t = 60.0 * minutes * np.arange(21)
        found = series.check_spike(values, t, questionable=1.0, bad=99.0)
        assert (found[10] == QUESTIONABLE) == flagged
    for minutes, flagged in ((60.0, True), (60.01, False)):
        t = 60.0 * minutes * np.arange(21)
        found = series.check_gradient(values + 1e-3 * np.arange(21), t, limit=0.1)
        assert (found > GOOD).any() == flagged


def test_a_constant_for_exactly_so_long():
    for minutes, flagged in ((120.0, False), (121.0, True)):
        t = 60.0 * np.linspace(0.0, minutes, 10)
        assert (series.check_constant(np.ones(10), t) > GOOD).all() == flagged
        assert (series.check_constant(np.ones(10), t) > GOOD).any() == flagged


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_deviations(sign):
    """One of 100: mean 0.01 d, standard deviation d times the root of 0.0099."""
    values = np.zeros(100)
    values[3] = sign * 7.0
    ratio = 0.99 / np.sqrt(0.0099)  # 9.95
    t = 60.0 * np.arange(100)
    for sigma, flag in ((ratio + 0.01, False), (ratio - 0.01, True)):
        found = series.check_deviation(values, t, sigma=sigma)
        assert (found > GOOD).tolist() == [flag and i == 3 for i in range(100)]


# ---- steps --------------------------------------------------------------------------


def stepped(size, n=30, at=15):
    return np.where(np.arange(n) < at, 0.0, size) + 1e-3 * np.resize([0.0, 1.0], n)


def test_steps_at_their_limits():
    t = 60.0 * np.arange(30)
    for size, found in ((4.002, [14, 15]), (3.998, []), (-4.002, [14, 15])):
        flags = series.check_step(stepped(size), t, limit=4.0)
        assert np.flatnonzero(flags == QUESTIONABLE).tolist() == found
    # Seven values before and seven after.
    for n, at, found in ((14, 7, True), (13, 7, False), (14, 6, False), (15, 8, True)):
        flags = series.check_step(stepped(9.0, n, at), t[:n], limit=4.0)
        assert (flags > GOOD).any() == found
    for minutes, found in ((20.0, True), (20.01, False)):
        gaps = t * minutes
        flags = series.check_step(stepped(9.0), gaps, limit=4.0)
        assert (flags > GOOD).any() == found
    kinds = np.ones(30, int)
    assert (series.check_step(stepped(9.0), t, limit=4.0, run_type=kinds) > GOOD).any()
    kinds[15:] = 2
    assert (series.check_step(stepped(9.0), t, limit=4.0, run_type=kinds) == GOOD).all()


def test_steps_against_scatter():
    """Values alternate by 1: half of them are one from the medians beside the step."""
    t = 60.0 * np.arange(30)
    values = np.where(np.arange(30) < 15, 0.0, 20.0) + np.resize([0.0, 0.0, 1.0], 30)
    before, after = series.find_steps(values, t, limit=4.0, sigma=0.0, minutes=20.0)
    assert (before.tolist(), after.tolist()) == ([14], [15])
    found = series.find_steps(values, t, limit=21.0, sigma=0.0, minutes=20.0)
    assert [rows.size for rows in found] == [0, 0]


def test_fits_of_steps():
    """Slope 2 a value, a step of 10 more between the seventh and the eighth."""
    x = 2.0 * np.arange(14) + np.where(np.arange(14) < 7, 0.0, 10.0)
    x[2] += 1.0
    t = 60.0 * np.arange(14)
    (size, slope), deviations, near = series._fit_steps(x, t, np.array([6]), 60.0)
    assert (size.tolist(), slope.tolist(), near.tolist()) == ([10.0], [2.0], [True])
    assert deviations.tolist() == [[0.0] * 13 + [1.0]]
    assert not series._fit_steps(x, t, np.array([6]), 59.0)[2][0]
    moved = t.copy()
    moved[13] += 1.0
    assert not series._fit_steps(x, moved, np.array([6]), 60.0)[2][0]


def analyser(size=9.0, T=0.0, S=0.0, run_type=None, back=None, **options):
    n = 40
    at = np.arange(n) >= 15
    values = np.where(at, size, 0.0) + 1e-3 * np.resize([0.0, 1.0], n)
    if back is not None:
        values[back:] -= size
    wobble = 1e-6 * np.arange(n)
    found = series.check_analyser_step(
        *(values, MINUTES),
        T_equ=20.0 + wobble + T * at,
        salinity=35.0 + wobble + S * at,
        run_type=run_type,
        **options,
    )
    return np.flatnonzero(found == QUESTIONABLE).tolist()


def test_steps_of_an_analyser():
    assert analyser() == list(range(15, 40))
    assert analyser(3.9) == []
    assert analyser(4.1) == list(range(15, 40))
    assert analyser(3.9, limit=3.0) == list(range(15, 40))
    assert analyser(T=0.059) == list(range(15, 40))
    assert analyser(T=0.061) == analyser(T=-0.061) == []
    assert analyser(S=0.099) == list(range(15, 40))
    assert analyser(S=0.101) == []
    assert analyser(T=0.061, S=0.101, T_limit=0.07, S_limit=0.11) != []
    assert analyser(back=30) == list(range(15, 30))
    kinds = np.ones(40, int)
    kinds[25] = 3
    assert analyser(run_type=kinds) == list(range(15, 25))


def test_until_the_next_standards_or_a_step_back():
    def until(ends, starts):
        flags = np.full(10, GOOD, dtype=np.int8)
        series._flag_until(np.array(ends), np.array(starts, dtype=int), flags)
        return np.flatnonzero(flags == QUESTIONABLE).tolist()

    assert until([6, 10], []) == []
    assert until([6, 10], [2]) == [2, 3, 4, 5]
    assert until([6, 10], [2, 4]) == [2, 3]
    assert until([6, 10], [2, 4, 5]) == [2, 3, 5]
    assert until([6, 10], [2, 7]) == [2, 3, 4, 5, 7, 8, 9]
    assert until([6, 10], [2, 6]) == [2, 3, 4, 5, 6, 7, 8, 9]


def test_missing_values_are_no_outliers_and_keep_their_rows():
    values = np.full(N, 10.0)
    values[[3, 20]] = np.nan
    values[[12, 30]] = [15.0, 25.0]
    found = series.check_outlier(values, MINUTES, questionable=2.0, bad=8.0)
    assert found.shape == values.shape
    assert np.flatnonzero(found == QUESTIONABLE).tolist() == [12]
    assert np.flatnonzero(found == BAD).tolist() == [30]
    assert (found[[3, 20]] == GOOD).all()


def test_a_climatology_is_read_for_the_months_of_complete_rows(monkeypatch):
    read = []

    def remember(file, variable, months):
        read.append((file, variable, months))

    def expected(field, time, latitude, longitude, *, trend, year):
        read.append((time.size, latitude.tolist(), longitude.tolist(), trend, year))
        return np.full(time.size, 400.0), np.zeros(time.size)

    monkeypatch.setattr(climatology, "read_climatology", remember)
    monkeypatch.setattr(climatology, "climatology_at", expected)
    time = np.array(
        ["2020-01-05", "2020-03-05", "2020-05-05", "2020-07-05", "2020-09-05"],
        "datetime64[ns]",
    )
    values = np.array([400.0, np.nan, 600.0, 800.0, 100.0])
    latitude = np.array([1.0, 2.0, 3.0, np.nan, 5.0])
    longitude = np.array([6.0, 7.0, 8.0, 9.0, 10.0])
    found = climatology.check_climatology(
        *(values, np.arange(5.0)),
        time=time,
        latitude=latitude,
        longitude=longitude,
        file="f",
    )
    assert found.tolist() == [GOOD, GOOD, QUESTIONABLE, GOOD, QUESTIONABLE]
    (file, variable, months), call = read
    assert (file, variable, len(months)) == ("f", "", 3)
    assert call == (3, [1.0, 3.0, 5.0], [6.0, 8.0, 10.0], 0.0, None)
    longitude[:] = np.nan
    read.clear()
    found = climatology.check_climatology(
        *(values, np.arange(5.0)),
        time=time,
        latitude=latitude,
        longitude=longitude,
        file="f",
    )
    assert (found.tolist(), read) == ([GOOD] * 5, [])


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_an_analyser_between_two_gaps(sign):
    """A longer pause ends the flags as gas standards do."""
    n = 40
    at = np.arange(n) >= 15
    values = np.where(at, sign * 9.0, 0.0) + 1e-3 * np.resize([0.0, 1.0], n)
    seconds = MINUTES + np.where(np.arange(n) >= 30, 60.0 * 9.5, 0.0)
    water = 1e-6 * np.arange(n)
    inputs = {"T_equ": 20.0 + water, "salinity": 35.0 + water}
    found = series.check_analyser_step(values, seconds, **inputs)
    assert np.flatnonzero(found == QUESTIONABLE).tolist() == list(range(15, 30))
    seconds = MINUTES + np.where(np.arange(n) >= 30, 60.0 * 9.0, 0.0)
    found = series.check_analyser_step(values, seconds, **inputs)
    assert np.flatnonzero(found == QUESTIONABLE).tolist() == list(range(15, 40))
    values[33] = np.nan
    found = series.check_analyser_step(values, seconds, **inputs)
    assert found[33] == GOOD
    inputs["salinity"] = np.full(n, 35.0)  # not measured: nobody knows
    found = series.check_analyser_step(values, seconds, **inputs)
    assert (found == GOOD).all()
