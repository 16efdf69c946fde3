"""Warming, pressures, steps, flows and surroundings: rules on arrays made by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import OptionError
from oceanco2.physics import freezing_temperature
from oceanco2.qc import CHECKS
from oceanco2.qc._kernels import running_median
from oceanco2.qc.check import NOTED
from oceanco2.qc.checks.pressures import (
    check_constant_offset,
    check_pressure_difference,
)
from oceanco2.qc.checks.series import check_analyser_step, check_flow_drop, check_step
from oceanco2.qc.checks.surroundings import check_freezing, check_ice, check_port
from oceanco2.qc.checks.warming import (
    check_constant_warming,
    check_cooling,
    check_warming_outlier,
    check_warming_rate,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

RNG = np.random.default_rng(20)
N = 600
T = np.arange(N) * 103.0
SEA = 12.0 + 0.3 * np.sin(T / 30000.0)
WHEN = np.datetime64("2024-02-01", "ns") + (T * 1e9).astype("timedelta64[ns]")


def noise(scale, size=N):
    return RNG.normal(0.0, scale, size)


def fired(flags):
    return np.flatnonzero(flags != GOOD)


# ---- the running median --------------------------------------------------------------


@settings(deadline=None)
@given(
    st.lists(st.floats(-50, 50) | st.just(np.nan), max_size=50),
    st.integers(1, 12),
    st.floats(0.5, 30.0),
)
def test_running_median_is_that_of_each_window(values, samples, minutes):
    x = np.array(values, dtype=float)
    t = np.cumsum(np.resize([10.0, 100.0, 700.0], x.size))
    got, scatter, count = running_median(
        x, t, samples=samples, minutes=minutes, limit=-1.0
    )
    there = np.flatnonzero(np.isfinite(x))
    for number, i in enumerate(there):
        near = np.abs(np.arange(there.size) - number) <= samples // 2
        window = x[there[near & (np.abs(t[there] - t[i]) <= 60.0 * minutes)]]
        assert count[i] == window.size
        assert got[i] == pytest.approx(np.median(window))
        spread = 1.4826 * np.median(np.abs(window - np.median(window)))
        assert scatter[i] == pytest.approx(spread, abs=1e-9)
    assert np.isnan(got[np.isnan(x)]).all()


# ---- warming -------------------------------------------------------------------------


def test_warming_outliers_stand_out_by_a_third_of_a_kelvin():
    warming = 0.3 + noise(0.02)
    warming[[100, 300]] += 0.45
    warming[200] += 0.2
    warming[400] += 4.0
    flags = check_warming_outlier(warming, T, SST=SEA)
    np.testing.assert_array_equal(fired(flags), [100, 300, 400])
    assert flags[400] == BAD
    assert flags[100] == QUESTIONABLE


def test_a_front_that_the_equilibrator_follows_is_no_outlier():
    sea = SEA + np.where(T[300] < T, 3.0, 0.0)
    inside = SEA + np.where(T[302] < T, 3.0, 0.0)  # two samples later
    warming = 0.3 + inside - sea
    assert (check_warming_rate(warming, T, SST=sea) == GOOD).all()
    lagged = check_warming_outlier(warming, T, SST=sea)
    assert set(fired(lagged)) <= {301, 302}
    stood = check_warming_outlier(0.3 + SEA - sea, T, SST=sea)
    assert (stood[330:] == GOOD).all()  # the new level is the background there


def test_warming_may_change_by_a_kelvin_an_hour():
    for rate, doubtful in ((0.5, False), (0.9, False), (1.3, True), (2.0, True)):
        warming = 0.3 + rate * np.clip(T - T[200], 0.0, 3600.0) / 3600.0
        flags = check_warming_rate(warming + noise(0.01), T, SST=SEA)
        assert (flags != GOOD).any() == doubtful, rate
        around = np.abs(T - T[200] - 1800.0) <= 3600.0
        assert (flags[~around] == GOOD).all()
    # A sensor at the intake that jumps is no front: the equilibrator stays.
    odd = np.where(T[300] < T, 2.0, 0.0)
    assert fired(check_warming_rate(0.3 - odd, T, SST=SEA + odd)).size
    # Both change, by 2 K and by 0.7 K: a front.
    sea, inside = SEA + odd, SEA + 0.35 * odd
    assert not fired(check_warming_rate(inside - sea, T, SST=sea)).size


def test_cooling_is_unlikely_where_the_sea_is_cold():
    cold = np.full(N, -0.4) + noise(0.02)
    for latitude, month, doubtful in (
        (5.0, "2024-02", False),
        (45.8, "2024-02", False),
        (65.0, "2024-02", True),
        (65.0, "2024-08", True),
        (-65.0, "2024-08", True),
    ):
        when = np.datetime64(month, "ns") + (WHEN - WHEN[0])
        lat = np.full(N, latitude)
        flags = check_cooling(cold, T, latitude=lat, time=when)
        assert (flags == QUESTIONABLE).mean() == (1.0 if doubtful else 0.0), latitude
    slight = np.full(N, -0.2)
    for latitude, month, doubtful in (
        (70.0, "2024-02-01", True),
        (70.0, "2024-08-14", False),
        (-70.0, "2024-08-14", True),
        (-70.0, "2024-02-14", False),
    ):
        when = np.datetime64(month, "ns") + (WHEN - WHEN[0])
        lat = np.full(N, latitude)
        flags = check_cooling(slight, T, latitude=lat, time=when)
        assert (flags != GOOD).any() == doubtful, (latitude, month)


def test_constant_warming_is_reported_for_a_data_set_and_flagged_in_a_stretch():
    sea = SEA + noise(0.02)
    whole = check_constant_warming((sea + 0.2) - sea, T, SST=sea)
    assert (whole == NOTED).all()
    some = 0.2 + noise(0.02)
    some[100:400] = 0.2
    flags = check_constant_warming(some, T, SST=sea)
    np.testing.assert_array_equal(fired(flags), np.arange(100, 400))
    assert (flags[100:400] == QUESTIONABLE).all()
    # Water that does not change may warm alike all day.
    still = np.full(N, 12.0)
    assert not fired(check_constant_warming(np.full(N, 0.2), T, SST=still)).size
    # Printed to tenths, warming often repeats, but not for hours.
    coarse = np.round(0.2 + noise(0.06), 1)
    assert not fired(check_constant_warming(coarse, T, SST=np.round(sea, 1))).size


# ---- pressure ------------------------------------------------------------------------

AIR = 1012.0 + 8.0 * np.sin(T / 60000.0)


def test_pressures_are_held_against_each_other():
    inside = AIR + 1.0 + noise(0.3)
    inside[50] -= 30.0
    inside[60] -= 70.0
    inside[70] = 0.9
    flags = check_pressure_difference(inside, T, P_equ=inside, P_atm=AIR)
    np.testing.assert_array_equal(fired(flags), [50, 60, 70])
    np.testing.assert_array_equal(flags[[50, 60, 70]], [QUESTIONABLE, BAD, BAD])
    # 68.8 hPa below the air, as a cruise of the flux data has it, for a while.
    low = inside - np.where((T[200] < T) & (T[300] > T), 68.8, 0.0)
    flags = check_pressure_difference(low, T, P_equ=low, P_atm=AIR)
    assert (flags[201:300] == BAD).all()
    # An offset that stays is doubted throughout.
    off = AIR + 12.0 + noise(0.3)
    flags = check_pressure_difference(off, T, P_equ=off, P_atm=AIR)
    assert (flags == QUESTIONABLE).all()
    # The other one is impossible: that is no reason.
    pressure = np.full(N, 1012.0)
    dead = np.full(N, 835.0)
    assert not fired(
        check_pressure_difference(pressure, T, P_equ=pressure, P_atm=dead)
    ).size


def test_a_pressure_computed_from_the_other_is_reported():
    made = AIR + 3.0
    flags = check_constant_offset(made, T, P_equ=made, P_atm=AIR)
    assert (flags == NOTED).all()
    for own in (AIR.copy(), AIR + 3.0 + noise(0.2)):  # open to the air; measured
        assert not fired(check_constant_offset(own, T, P_equ=own, P_atm=AIR)).size


def test_a_gauge_that_steps_is_flagged_on_both_sides():
    gauge = AIR + noise(0.3) + np.where(np.arange(N) >= 250, 8.0, 0.0)
    np.testing.assert_array_equal(fired(check_step(gauge, T, limit=5.0)), [249, 250])
    kinds = np.where(np.arange(N) >= 250, 2, 1)
    assert not fired(check_step(gauge, T, limit=5.0, run_type=kinds)).size
    front = AIR + noise(0.3) + np.clip((T - T[250]) / 3600.0, 0.0, 1.0) * 8.0
    assert not fired(check_step(front, T, limit=5.0)).size
    spike = AIR + noise(0.3)
    spike[250] += 30.0
    assert not fired(check_step(spike, T, limit=5.0)).size


# ---- analyser ------------------------------------------------------------------------


def test_an_analyser_that_steps_is_flagged_until_its_standards():
    kinds = np.ones(N, dtype=np.int8)
    kinds[[100, 101, 102, 400, 401, 402]] = 3
    x = 400.0 + 5.0 * np.sin(T / 9000.0) + noise(0.1)
    x[250:400] += 6.0
    x[kinds == 3] = np.nan
    water = {"T_equ": SEA, "salinity": 35.0 + noise(0.02), "run_type": kinds}
    flags = check_analyser_step(x, T, **water)
    np.testing.assert_array_equal(fired(flags), np.arange(250, 400))
    # In other water CO2 is other, too; and it changes in minutes, not at once.
    other = SEA + np.where(np.arange(N) >= 250, 0.5, 0.0)
    assert not fired(check_analyser_step(x, T, **(water | {"T_equ": other}))).size
    given = water | {"salinity": np.full(N, 35.0)}  # not measured
    assert not fired(check_analyser_step(x, T, **given)).size
    # A slope does not hide it.
    steep = x + 0.5 * np.arange(N)
    np.testing.assert_array_equal(
        fired(check_analyser_step(steep, T, **water)), np.arange(250, 400)
    )
    slow = x + 0.0
    slow[250:400] -= 6.0 * np.exp(-(T[250:400] - T[249]) / 250.0)
    assert not fired(check_analyser_step(slow, T, **water)).size
    # Back again before the standards: only what lies between.
    back = x + 0.0
    back[320:400] -= 6.0
    flags = check_analyser_step(back, T, **water)
    np.testing.assert_array_equal(fired(flags), np.arange(250, 320))


# ---- flows ---------------------------------------------------------------------------


def test_flows_are_held_against_their_own_in_each_run():
    kinds = np.where(np.arange(N) % 20 < 5, 2, 1).astype(np.int8)
    flow = np.where(kinds == 2, 106.0, 84.0) + noise(0.5)
    flow[300:330] = np.where(kinds[300:330] == 1, 45.0, flow[300:330])
    flow[500] = 1.0
    expected = [*np.flatnonzero(flow < 50.0)]
    flags = check_flow_drop(flow, T, time=WHEN, run_type=kinds)
    np.testing.assert_array_equal(fired(flags), expected)
    assert flags[500] == BAD
    assert (flags[expected[0]]) == QUESTIONABLE
    nothing = check_flow_drop(np.zeros(N), T, time=WHEN, run_type=kinds)
    assert not fired(nothing).size  # that is for the range to tell


# ---- surroundings --------------------------------------------------------------------


def test_water_below_its_freezing_point():
    """TEOS-10: -1.9210 at salinity 35."""
    point = freezing_temperature(35.0, -30.0, 0.0)
    assert point == pytest.approx(-1.92102866011, abs=1e-8)
    sst = np.array([-1.8, point - 0.05, point - 0.2, point - 0.6, 5.0, np.nan, -0.5])
    salinity = np.array([35.0, 35, 35, 35, 35, 35, 5.0])
    flags = check_freezing(sst, sst, salinity=salinity)
    expected = [GOOD, GOOD, QUESTIONABLE, BAD, GOOD, GOOD, QUESTIONABLE]
    np.testing.assert_array_equal(flags, expected)
    ice = check_ice(sst, sst, sea_ice_area_fraction=np.linspace(0.4, 1.0, 7))
    np.testing.assert_array_equal(fired(ice), [5, 6])


def lying(still, warm, flow=None, **options):
    lat = 60.0 + np.cumsum(np.where(still, 0.0, 0.005))
    lat = lat + noise(2e-5)
    return check_port(
        0.3 + np.where(still, warm, 0.0) + noise(0.02),
        T,
        latitude=lat,
        longitude=np.full(N, 5.0),
        water_flow=flow,
        **options,
    )


def test_a_berth_is_a_stay_with_water_that_stands():
    still = (np.arange(N) >= 200) & (np.arange(N) < 400)  # six hours
    assert not fired(lying(still, 0.0)).size  # a station, far from land
    flags = lying(still, 1.5)
    assert set(np.arange(202, 398)) <= set(fired(flags)) <= set(np.arange(195, 405))
    short = (np.arange(N) >= 200) & (np.arange(N) < 300)
    assert not fired(lying(short, 1.5)).size
    flow = np.where(still, np.abs(noise(2.0)), 2.4)
    assert fired(lying(still, 0.0, flow)).size > 190
    assert not fired(lying(still, 0.0, np.full(N, 2.4))).size
    known = f"10 10; {60.0 + 0.005 * 200:.3f}, 5.0"
    assert fired(lying(still, 0.0, ports=known)).size > 190
    with pytest.raises(OptionError, match="ports: 'Bergen'"):
        lying(still, 0.0, ports="Bergen")


def test_a_ferry_that_comes_back_does_not_lie_still():
    lat = 60.0 + 0.3 * np.abs((T % 7200.0) / 3600.0 - 1.0)
    flags = check_port(np.full(N, 2.0), T, latitude=lat, longitude=np.full(N, 5.0))
    assert not fired(flags).size


# ---- properties ----------------------------------------------------------------------

CHECK_INPUTS = {
    "warming_outlier": {"SST"},
    "warming_rate": {"SST"},
    "cooling": {"latitude", "time"},
    "constant_warming": {"SST"},
    "pressure_difference": {"P_equ", "P_atm"},
    "constant_offset": {"P_equ", "P_atm"},
    "step": {"run_type"},
    "analyser_step": {"T_equ", "salinity", "run_type"},
    "flow_drop": {"time", "run_type"},
    "freezing": {"salinity", "latitude", "longitude"},
    "ice": {"sea_ice_area_fraction"},
    "port": {"latitude", "longitude", "water_flow"},
    "plume": set(),
    "air_plausibility": {"time", "latitude"},
    "climatology": {"time", "latitude", "longitude"},
}
#: How far a rule looks, in samples of 103 s.
REACH = {"flow_drop": 900, "plume": 450}


def inputs(values):
    size = values.size
    t = np.arange(size) * 103.0
    kinds = np.resize(np.array([1, 1, 1, 2, 3], dtype=np.int8), size)
    wave = np.resize(np.array([0.0, 0.4, np.nan, 1.3, 7.0]), size)
    return t, {
        "SST": 10.0 + wave,
        "T_equ": 10.2 + wave,
        "salinity": 30.0 + wave,
        "latitude": 50.0 + wave,
        "longitude": 170.0 + wave,
        "P_equ": values,
        "P_atm": 1000.0 + wave,
        "water_flow": wave,
        "run_type": kinds,
        "sea_ice_area_fraction": wave,
        "time": np.datetime64("2020-05-01", "ns") + (t * 1e9).astype("m8[ns]"),
    }


@settings(deadline=None)
@given(st.lists(st.floats(-50, 1050) | st.just(np.nan), max_size=60))
def test_no_check_changes_a_value_or_makes_nan_doubtful(values):
    values = np.array(values, dtype=float)
    t, others = inputs(values)
    for name, needs in CHECK_INPUTS.items():
        handed = {need: others[need].copy() for need in needs}
        options = {"limit": 3.0} if name == "step" else {}
        before = values.copy()
        flags = CHECKS[name].function(values, t, **handed, **options)
        np.testing.assert_array_equal(values, before)
        for need in needs:
            np.testing.assert_array_equal(handed[need], others[need])
        assert flags.dtype == np.int8
        assert flags.shape == values.shape
        assert set(np.unique(flags)) <= {NOTED, GOOD, QUESTIONABLE, BAD}, name


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_more_rows_change_flags_only_within_reach(seed):
    """All but those that judge a data set as a whole."""
    rng = np.random.default_rng(seed)
    values = 0.3 + rng.normal(0.0, 0.05, 150) + 0.7 * (rng.random(150) > 0.97)
    values[60:] += rng.choice([0.0, 2.0])
    t, others = inputs(values)
    for name, needs in CHECK_INPUTS.items():
        if name in ("constant_warming", "constant_offset", "port", *REACH):
            continue
        options = {"limit": 1.0} if name == "step" else {}

        def flags(stop, check=CHECKS[name].function, needs=needs, options=options):
            handed = {need: others[need][:stop] for need in needs}
            return check(values[:stop], t[:stop], **handed, **options)

        np.testing.assert_array_equal(flags(150)[:90], flags(126)[:90], err_msg=name)


def test_every_check_says_what_it_needs():
    for name, needs in CHECK_INPUTS.items():
        assert needs <= {*CHECKS[name].needs, *CHECKS[name].wants}
