"""What each fault does to a made day: to which sensors, by how much, for how long."""

import numpy as np
import pytest

from oceanco2.simulation.faults import FAULTS, Day, choose_period, choose_rows
from oceanco2.simulation.instrument import SimulatedRows
from oceanco2.vocabulary import RUN_TYPES

#: Readings of the undisturbed day; the intake stands in both files.
READINGS = {
    "T_equ": 15.0,
    "SST": 14.6,
    "salinity": 35.0,
    "P_equ": 1010.0,
    "latitude": 50.0,
    "longitude": -10.0,
    "xCO2": 400.0,
    "water_flow": 2.0,
    "gas_flow": 80.0,
    "span_status": 0.0,
    "RH": 62.0,
}
STEP, LAG, SETS = 120.0, 60.0, 10800.0
STANDARDS = ("STD1", "STD2", "STD3", "STD4")
TYPES = ("standard",) * 4 + ("air",) * 5 + ("water",) * 81  # of three hours


def made_day(days=1, **changes):
    """A day with a reading every two minutes: four standards, air, then water."""
    size = int(days * 720)
    types = np.array([RUN_TYPES[t] for t in TYPES], dtype=np.int8)
    labels = np.array([*STANDARDS, *["ATM"] * 5, *["EQU"] * 81], dtype=object)
    t = np.arange(size) * STEP + 60.0
    stream = np.arange(-300.0, days * 86400.0 + 300.0, 10.0)
    readings = READINGS | changes
    rows = SimulatedRows(
        t,
        np.resize(labels, size),
        {n: np.full(size, v) for n, v in readings.items()},
        {"run_type": np.resize(types, size)},
    )
    intake = {
        n: np.full(stream.size, readings[n])
        for n in ("SST", "salinity", "latitude", "longitude")
    }
    day = Day(
        rows,
        SimulatedRows(stream, np.full(stream.size, ""), intake, {}),
        STANDARDS,
        LAG,
    )
    day.clock_shift, day.entered_factor = np.zeros(size), np.ones(size)
    day.is_logged = np.ones(size, dtype=bool)
    return day


def struck(name, seed=0, day=None):
    """Strike; return the day, the rows returned, and what changed in each file."""
    day = day or made_day()
    before = {n: v.copy() for n, v in day.rows.measured.items()}
    earlier = {n: v.copy() for n, v in day.stream.measured.items()}
    rows = FAULTS[name].spoil(day, np.random.default_rng(seed))
    changed = [
        {
            n: np.flatnonzero(v != was[n])
            for n, v in readings.measured.items()
            if not np.array_equal(v, was[n])
        }
        for readings, was in ((day.rows, before), (day.stream, earlier))
    ]
    return day, rows, *changed


def in_water(day, rows):
    return (day.rows.truth["run_type"][rows] == RUN_TYPES["water"]).all()


#: Single readings: variable, number, their value, and which rows of water.
SINGLE = {
    "spikes": ("T_equ", 4, (9.0, 21.0), slice(2, -2, 7)),
    "dropouts": ("P_equ", 6, (0.0,), slice(None)),
    "gps_jump": ("latitude", 1, (48.5,), slice(3, -3)),
    "warming_outliers": ("T_equ", 6, (15.7,), slice(3, -3, 9)),
}


@pytest.mark.parametrize("name", SINGLE)
def test_single_readings(name):
    variable, number, values, places = SINGLE[name]
    seen = set()
    for seed in range(20):
        day, rows, changed, stream = struck(name, seed)
        assert list(changed) == [variable]
        assert not stream
        assert np.array_equal(changed[variable], rows)
        assert rows.size == number
        assert (np.diff(rows) > 0).all()
        assert set(rows) <= set(day.water()[places])
        seen |= set(np.round(day.rows.measured[variable][rows], 9))
    assert seen == set(values)


#: Faults that last: variable, hours, value, and whether air between is spoilt too.
LASTING = {
    "low_water_flow": ("water_flow", 1, 0.05, False),
    "low_gas_flow": ("gas_flow", 1, 12.0, False),
    "warming_anomaly": ("T_equ", 1, 16.8, False),
    "cold_equilibrator": ("T_equ", 3, 13.8, False),
    "pressure_offset": ("P_equ", 3, 1028.0, True),
    "pressure_step": ("P_equ", 1, 1017.0, True),
    "bare_difference": ("P_equ", 1, 0.6, False),
    "weak_water_flow": ("water_flow", 1, 1.1, False),
    "weak_gas_flow": ("gas_flow", 1, 44.0, False),
}


@pytest.mark.parametrize("name", LASTING)
def test_a_period(name):
    variable, hours, value, between = LASTING[name]
    for seed in range(12):
        day, rows, changed, stream = struck(name, seed)
        assert list(changed) == [variable]
        assert not stream
        spoilt = changed[variable]
        np.testing.assert_allclose(day.rows.measured[variable][spoilt], value)
        first = spoilt[0]
        assert in_water(day, first)
        assert first <= day.water()[day.water().size // 2]
        time = day.rows.seconds
        inside = (time >= time[first]) & (time < time[first] + 3600 * hours)
        water = np.flatnonzero(inside & (day.rows.truth["run_type"] == 1))
        whole = np.arange(water[0], water[-1] + 1) if between else water
        assert np.array_equal(spoilt, whole)
        expected = water[[0, -1]] if name == "pressure_step" else water
        assert np.array_equal(rows, expected)


def test_water_that_stands_warms_and_does_not_flow():
    day, rows, changed, _ = struck("port_stop", 2)
    assert set(changed) == {"T_equ", "water_flow"}
    assert (day.rows.measured["T_equ"][rows] == 20.0).all()
    assert (day.rows.measured["water_flow"][rows] == 0.0).all()
    assert np.ptp(day.rows.seconds[rows]) <= 7200


def test_a_ramp_is_up_and_down_again():
    for seed in range(5):
        day, rows, changed, _ = struck("warming_ramp", seed)
        hours = (day.rows.seconds[rows] - day.rows.seconds[rows[0]]) / 3600
        expected = np.interp(hours, [0.0, 1.0, 2.0], [15.0, 17.4, 15.0])
        np.testing.assert_allclose(day.rows.measured["T_equ"][rows], expected)
        assert hours.max() > 1.6
        assert set(changed) == {"T_equ"}


@pytest.mark.parametrize(
    ("name", "variable", "hours"),
    [("stuck_sensor", "T_equ", 4), ("stuck_pressure", "P_equ", 8)],
)
def test_a_sensor_that_stands_still(name, variable, hours):
    for seed in range(5):
        day = made_day()
        day.rows.measured[variable] = 1000.0 + np.arange(720.0)
        day, rows, changed, _ = struck(name, seed, day)
        values = day.rows.measured[variable]
        period = np.arange(rows[0], rows[-1] + 1)
        assert (values[period] == 1000.0 + rows[0]).all()
        assert np.array_equal(changed[variable], period[1:])
        assert hours - 0.4 < np.ptp(day.rows.seconds[rows]) / 3600 < hours
        assert set(changed) == {variable}


def at_intake(day, stream, name):
    """Times at the intake of what changed in the stream, from first to last."""
    times = day.stream.seconds[stream[name]]
    assert (np.diff(times) == 10.0).all()
    return times[0], times[-1]


def test_intake_without_a_value_for_twenty_minutes():
    for seed in range(12):
        day, rows, changed, stream = struck("blank_intake", seed)
        assert set(changed) == set(stream) == {"SST"}
        first, last = at_intake(day, stream, "SST")
        assert last - first == 1190.0
        assert 0.2 * 86400 <= first <= 0.6 * 86400 + 10
        assert np.isnan(day.stream.measured["SST"][stream["SST"]]).all()
        passed = day.rows.seconds[changed["SST"]] - LAG
        assert first - 10 < passed[0]
        assert passed[-1] < last + 10
        assert passed.size == 10
        water = day.rows.truth["run_type"][changed["SST"]] == RUN_TYPES["water"]
        assert np.array_equal(rows, changed["SST"][water])


def test_intake_that_reads_ice():
    for seed in range(12):
        day, rows, changed, stream = struck("frozen_intake", seed)
        assert set(changed) == set(stream) == {"SST"}
        assert (day.stream.measured["SST"][stream["SST"]] == -2.6).all()
        assert (day.rows.measured["SST"][changed["SST"]] == -2.6).all()
        first, last = at_intake(day, stream, "SST")
        begin, end = day.rows.seconds[rows[[0, -1]]] - LAG
        assert (first, last) == (begin - 30.0, end + 30.0)
        assert np.array_equal(changed["SST"], np.arange(rows[0], rows[-1] + 1))
        assert np.ptp(day.rows.seconds[rows]) < 1800


def test_temperature_and_salinity_change_places():
    for seed in range(12):
        day, rows, changed, stream = struck("swapped_columns", seed)
        assert rows.size == 1
        assert in_water(day, rows)
        assert rows[0] in day.water()[3:-3]
        for readings, where in ((day.rows, changed), (day.stream, stream)):
            assert set(where) == {"SST", "salinity"}
            assert np.array_equal(where["SST"], where["salinity"])
            assert (readings.measured["SST"][where["SST"]] == 35.0).all()
            assert (readings.measured["salinity"][where["SST"]] == 14.6).all()
        assert np.array_equal(changed["SST"], rows)
        first, last = at_intake(day, stream, "SST")
        time = day.rows.seconds[rows[0]] - LAG
        assert (first, last) == (time - 20.0, time + 20.0)


def test_bubbles():
    for seed in range(5):
        day, rows, changed, stream = struck("salinity_bubbles", seed)
        assert set(changed) == set(stream) == {"salinity"}
        assert rows.size == 4
        assert set(rows) <= set(day.water()[3:-3:9])
        assert np.array_equal(changed["salinity"], rows)
        assert (day.rows.measured["salinity"][rows] == 27.0).all()
        assert (day.stream.measured["salinity"][stream["salinity"]] == 27.0).all()
        assert stream["salinity"].size == 4 * 4
        times = day.rows.seconds[rows] - LAG
        assert np.array_equal(
            day.stream.seconds[stream["salinity"]],
            (times[:, None] + np.arange(-20.0, 20.0, 10.0)).ravel(),
        )


def test_a_made_temperature_follows_the_intake():
    day = made_day()
    day.stream.measured["SST"] = day.stream.seconds / 1000.0
    day, rows, changed, stream = struck("made_temperature", 0, day)
    passed = (day.rows.seconds - LAG) / 1000.0
    np.testing.assert_allclose(day.rows.measured["SST"], passed)
    np.testing.assert_allclose(day.rows.measured["T_equ"], passed + 0.3)
    assert np.array_equal(rows, day.water())
    assert set(changed) == {"SST", "T_equ"}
    assert not stream


def test_the_clock_goes_back_an_hour_for_ten_rows():
    firsts = set()
    for seed in range(12):
        day, rows, changed, _ = struck("clock_reset", seed)
        assert not changed
        assert rows.size == 10
        assert (np.diff(rows) == 1).all()
        expected = np.where(np.isin(np.arange(720), rows), -3611.0, 0.0)
        assert np.array_equal(day.clock_shift, expected)
        firsts.add(rows[0])
    water = made_day().water()
    assert {*firsts} <= {*water[60:-15]}
    assert len(firsts) > 6


def test_lines_that_break_off_or_come_twice():
    day, rows, changed, _ = struck("truncated_row", 1)
    assert day.truncated == rows.tolist()
    assert rows.size == 2
    assert in_water(day, rows)
    assert not changed
    for seed in range(8):
        day, rows, changed, _ = struck("duplicated_block", seed)
        assert day.repeated == rows.tolist() == list(range(rows[0], rows[0] + 10))
        assert rows[0] in day.water()[:-12]
        assert not changed


def test_one_standard_reads_nonsense():
    for seed in range(6):
        day, rows, changed, _ = struck("bad_standard", seed)
        assert np.array_equal(changed["xCO2"], rows)
        assert rows.size == 1
        assert day.rows.labels[rows[0]] in ("STD3", "STD4")
        assert day.rows.measured["xCO2"][rows] == 3.0


def test_one_set_of_standards_is_lost():
    lost = set()
    for seed in range(12):
        day, rows, changed, _ = struck("missing_standards", seed)
        assert not changed
        without = np.flatnonzero(~day.is_logged)
        number = without[0] // 90
        assert np.array_equal(without, number * 90 + np.arange(4))
        assert np.array_equal(rows, number * 90 + np.arange(4, 90))
        lost.add(int(number))
    assert lost <= set(range(1, 7))  # neither the first nor the last
    assert {1, 6} <= lost
    short = made_day(days=0.25)
    day, rows, *_ = struck("missing_standards", 0, short)
    assert (~day.is_logged).sum() == 4
    assert rows.size == 86


def test_the_analyser_steps_until_the_next_standards():
    for seed in range(6):
        day, rows, changed, _ = struck("analyser_step", seed)
        assert np.array_equal(changed["xCO2"], rows)
        assert (day.rows.measured["xCO2"][rows] == 406.0).all()
        number = rows[0] // 90
        assert np.array_equal(rows, np.arange(rows[0], 90 * (number + 1)))
        assert in_water(day, rows[0])


def test_the_analyser_shifts_with_its_standards():
    numbers = set()
    for seed in range(20):
        day, rows, changed, _ = struck("analyser_shift", seed)
        spoilt = changed["xCO2"]
        assert (day.rows.measured["xCO2"][spoilt] == 407.0).all()
        first = spoilt[0] // 90
        assert np.array_equal(spoilt, np.arange(90 * first + 45, 90 * first + 225))
        sets = np.concatenate(
            [90 * first + np.arange(4, 90), 90 * first + 184 + np.arange(86)]
        )
        assert np.array_equal(rows, sets)
        numbers.add(int(first))
    assert numbers == {1, 2, 3, 4}  # whole sets before and after
    assert struck("analyser_shift", 0, made_day(days=0.5))[1].size == 0
    assert struck("analyser_shift", 0, made_day(days=0.625))[1].size > 0


def test_a_standard_drifts_by_nine_a_day():
    day, rows, changed, _ = struck("drifting_standard")
    third = np.flatnonzero(day.rows.labels == "STD3")
    assert set(changed["xCO2"]) == set(third)
    expected = 400.0 + 9.0 * (day.rows.seconds[third] - 60.0) / 86400.0
    np.testing.assert_allclose(day.rows.measured["xCO2"][third], expected)
    samples = np.flatnonzero(day.rows.truth["run_type"] != RUN_TYPES["standard"])
    assert np.array_equal(rows, samples)


def test_air_with_exhaust_and_air_of_the_laboratory():
    air = np.flatnonzero(made_day().rows.truth["run_type"] == RUN_TYPES["air"])
    added = []
    for seed in range(30):
        day, rows, changed, _ = struck("plume", seed)
        assert np.array_equal(changed["xCO2"], rows)
        assert rows.size == 4
        assert set(rows) <= set(air)
        added += list(day.rows.measured["xCO2"][rows] - 400.0)
        day, rows, changed, _ = struck("laboratory_air", seed)
        assert np.array_equal(changed["xCO2"], rows)
        assert (day.rows.measured["xCO2"][rows] == 480.0).all()
        place = int(np.flatnonzero(air == rows[0])[0])
        assert place < 20
        assert np.array_equal(rows, air[place : place + 13])  # a third of 40
    assert 12.0 <= min(added) < 16.0
    assert 56.0 < max(added) <= 60.0


def test_the_operator_typed_a_wrong_concentration():
    runs = set()
    for seed in range(12):
        day, rows, changed, _ = struck("wrong_std_val", seed)
        assert not changed
        assert (day.entered_factor[rows] == 1.1).all()
        assert (np.delete(day.entered_factor, rows) == 1.0).all()
        assert rows.size == 8
        runs |= set(day.rows.labels[rows])
    assert runs == {"STD3", "STD4"}


def test_a_cycle_without_span_gas():
    day = made_day()
    cycle = ["zero", "zero", "zero", "span", "span", "span", "ignored", "water"]
    codes = np.array([RUN_TYPES[t] for t in [*cycle, "ignored", "air"]], dtype=np.int8)
    day.rows.truth["run_type"] = np.resize(codes, 720)
    day, rows, changed, _ = struck("lost_span", 3, day)
    first = changed["span_status"][0]
    assert first % 10 == 0
    assert np.array_equal(changed["span_status"], np.arange(first, first + 10))
    assert (day.rows.measured["span_status"][first : first + 10] == 255.0).all()
    assert np.array_equal(changed["xCO2"], first + np.array([3, 4, 5]))
    assert (day.rows.measured["xCO2"][changed["xCO2"]] == 421.0).all()
    assert np.array_equal(changed["RH"], changed["xCO2"])
    assert (day.rows.measured["RH"][changed["RH"]] == 67.0).all()
    assert np.array_equal(rows, first + np.array([7, 9]))


def test_the_ship_lies_still():
    day = made_day()
    day.rows.measured["latitude"] = 40.0 + day.rows.seconds / 1e4
    day.stream.measured["latitude"] = 40.0 + day.stream.seconds / 1e4
    day.rows.measured["longitude"] = 10.0 + day.rows.seconds / 1e4
    day.stream.measured["longitude"] = 10.0 + day.stream.seconds / 1e4
    day, rows, changed, stream = struck("port_stay", 5, day)
    begin, end = day.rows.seconds[rows[[0, -1]]]
    assert 7.6 * 3600 < end - begin < 8 * 3600
    assert (day.rows.measured["T_equ"][rows] == 16.4).all()
    assert np.array_equal(changed["T_equ"], rows)
    for name, first in (("latitude", 40.0), ("longitude", 10.0)):
        for readings, where in ((day.rows, changed), (day.stream, stream)):
            time = readings.seconds
            inside = (time >= begin) & (time <= end)
            values = readings.measured[name]
            np.testing.assert_allclose(values[inside], first + begin / 1e4)
            np.testing.assert_allclose(values[~inside], first + time[~inside] / 1e4)
            assert where[name].size > 200


def test_fouled_pipes_do_not_recover():
    day, rows, changed, _ = struck("fouled_pipes")
    assert np.array_equal(rows, day.water()[324:])  # the second half of 648
    assert np.array_equal(changed["xCO2"], rows)
    assert (day.rows.measured["xCO2"][rows] == 570.0).all()


#: What a platform has to log, for faults that need more or else than they change.
NEEDS = {
    "bad_standard": {"xCO2", "standards"},
    "missing_standards": {"standards"},
    "analyser_step": {"xCO2", "standards"},
    "analyser_shift": {"xCO2", "standards"},
    "drifting_standard": {"xCO2", "standards"},
    "plume": {"xCO2", "standards"},
    "laboratory_air": {"xCO2", "standards"},
    "port_stop": {"T_equ"},
    "port_stay": {"T_equ", "latitude"},
    "wrong_std_val": {"std val"},
    "lost_span": {"span_status"},
    "fouled_pipes": {"xCO2", "water_flow"},
    "made_temperature": {"T_equ", "SST"},
    "stuck_sensor": {"T_equ"},
    "stuck_pressure": {"P_equ"},
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_what_a_fault_needs_is_logged(name):
    _, _, changed, stream = struck(name, 3)
    assert set(FAULTS[name].needs) == NEEDS.get(name, {*changed, *stream})


def test_choices():
    rng = np.random.default_rng(0)
    rows = np.arange(10, 20)
    assert np.array_equal(choose_rows(rng, rows, 99), rows)
    chosen = [choose_rows(rng, rows, 3) for _ in range(50)]
    assert all(c.size == len(set(c)) == 3 and (np.diff(c) > 0).all() for c in chosen)
    day = made_day(days=0.125)
    starts = {int(choose_period(rng, day, 1.0)[0]) for _ in range(400)}
    assert starts == set(range(9, 9 + 40))  # the first half of 81 water rows
    day.rows.truth["run_type"][:] = RUN_TYPES["air"]
    assert choose_period(rng, day, 3600.0).size == 0


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_day_without_samples(name):
    """Nothing to strike: no row is marked."""
    day = made_day()
    day.rows.truth["run_type"][:] = RUN_TYPES["ignored"]
    day.rows.labels[:] = "FILTER"
    _, rows, changed, _ = struck(name, 0, day)
    if name != "missing_standards":
        assert rows.size == 0
    assert set(changed) <= {"SST", "T_equ", "xCO2"}
