"""Parts of the model of a HydroC: phases, zeros, response time, coefficients."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration.models.hydroc import (
    HydroC,
    HydroCCoefficients,
    Phases,
    ResponseTime,
    Zeros,
    _Coefficients,
    _smoothed,
    _tell_unsettled,
    correct_response,
    hydroc_outputs,
    zero_groups,
)
from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.platforms import load
from oceanco2.vocabulary import RUN_TYPES

WATER, ZERO, FLUSH, IGNORED = (
    RUN_TYPES[word] for word in ("water", "zero", "flush", "ignored")
)
NAN = np.nan


def sheet(day="2020-01-01", **values):
    known = {"F": 60000.0, "k1": 1.0, "k2": 2.0, "k3": 3.0}
    return HydroCCoefficients(valid_from=day, **(known | values))


def phases(zero, flush, step=10.0, **options):
    table = HydroC(coefficients=[sheet()], **options)
    states = {"state_zero": zero, "state_flush": flush}
    data = {n: ("time", np.array(v, float)) for n, v in states.items() if v}
    size = len(zero or flush or range(3))
    return Phases.of(xr.Dataset(data), step * np.arange(size), table)


STATES = ([1, 1, 1, 0, 0, 0, 0, 0, NAN], [0, 0, 0, 1, 1, 0, 0, 0, 0])


def test_phases_and_their_flushing_times():
    found = phases(*STATES, zero_flush_seconds=10.0, response_time_seconds=30.0)
    assert found.run_type.tolist() == [ZERO] * 3 + [FLUSH] * 2 + [WATER] * 3 + [IGNORED]
    assert found.run_type.dtype == np.int8
    # zero: to 10 s; flush: always; water: to 30 s after the flush began
    expected = [True, True, False, True, True, True, True, False, False]
    assert found.flushing.tolist() == expected
    assert found.water.tolist() == [False] * 5 + [True] * 3 + [False]
    assert found.settled.tolist() == [False] * 7 + [True, False]
    none = phases(*STATES)
    assert none.flushing.tolist() == [False] * 3 + [True] * 2 + [False] * 4


def test_water_settles_from_its_own_start_without_a_flush():
    found = phases([1, 0, 0, 0], [0, 0, 0, 0], response_time_seconds=10.0)
    assert found.flushing.tolist() == [False, True, True, False]
    first = phases([0, 0, 0], [0, 0, 0], response_time_seconds=10.0)
    assert first.flushing.tolist() == [True, True, False]
    later = phases([0] * 5, [0, 1, 0, 1, 0], response_time_seconds=10.0)
    assert later.flushing.tolist() == [True, True, True, True, True]


def test_water_that_follows_a_zero_at_once_is_told():
    states = [1, 0, 0, 1, 0, 1], [0, 0, 1, 0, 0, 0]
    text = (
        r"^p\.toml: \[hydroc\] lacks response_time_seconds, and water follows a zero"
        " without a flush phase 2 times: the readings until the sensor has settled"
        r" count as good\. Set it, for example to 300, or to 0 if this is right$"
    )
    table = HydroC(coefficients=[sheet()])
    with pytest.warns(DataWarning, match=text):
        _tell_unsettled(phases(*states), table, "p.toml")
    for seconds in (0.0, 1.0):
        answered = HydroC(coefficients=[sheet()], response_time_seconds=seconds)
        _tell_unsettled(phases(*states), answered, "p.toml")
    _tell_unsettled(phases(*STATES), table, "p.toml")


def test_means_over_a_change_of_state_belong_to_neither():
    found = phases([1, 0.5, 0], [0, 0, 0.5])
    assert found.run_type.tolist() == [ZERO, ZERO, FLUSH]
    assert found.flushing.tolist() == [False, True, True]


def test_a_sensor_without_states_measures_water():
    found = phases(None, None)
    assert found.run_type.tolist() == [WATER] * 3
    assert not found.flushing.any()
    nan = phases([0, 0], [NAN, 1])
    assert nan.run_type.tolist() == [WATER, FLUSH]


def test_variables_of_the_phases():
    found = phases(*STATES).variables()
    assert list(found) == ["run_type", "flushing"]
    assert found["run_type"][2]["standard_name"] == "status_flag"
    assert found["flushing"][1].dtype == np.int8
    assert found["flushing"][2]["flag_meanings"] == "no yes"


# ---- zeros --------------------------------------------------------------------------

TWO = Zeros(*(np.array(v) for v in ([10.0, 20.0], [1.0, 2.0], [4, 9], [0.1, 0.3])))
NONE = Zeros(*(np.array([]) for _ in range(4)))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("continuous", [1.0, 1.0, 1.5, 2.0, 2.0, NAN]),
        ("zero_after_sleep", [NAN, 1.0, 1.0, 2.0, 2.0, NAN]),
        ("zero_before_sleep", [1.0, 1.0, 2.0, 2.0, NAN, NAN]),
    ],
)
def test_the_zero_of_each_row(mode, expected):
    axis = np.array([5.0, 10.0, 15.0, 20.0, 25.0, NAN])
    np.testing.assert_array_equal(TWO.at(axis, mode), expected)
    assert np.isnan(NONE.at(axis, mode)).all()


def test_relative_error_of_a_zero():
    assert TWO.error == pytest.approx(0.05)  # 0.1 / 2 / 1 and 0.3 / 3 / 2
    assert NONE.error == 0.0
    values = np.array([1.0, 1.0, 1.0])
    spread = Zeros(values, values, values, np.array([0.1, 0.2, NAN]))
    assert spread.error == pytest.approx(0.1)


def test_groups_of_zero_readings():
    run_type = np.array([ZERO, ZERO, ZERO, WATER, ZERO, ZERO, ZERO], dtype=np.int8)
    flushing = np.array([1, 0, 0, 0, 0, 0, 0], dtype=bool)
    beam = np.array([9.0, 1.0, 3.0, 7.0, 4.0, NAN, 6.0])
    axis = np.array([50.0, 51.0, 53.0, 4.0, 5.0, 6.0, NAN])
    found = zero_groups(Phases(run_type, flushing), beam, axis)
    assert found.where.tolist() == [5.0, 52.0]  # in order of the axis
    assert found.value.tolist() == [4.0, 2.0]
    assert found.count.tolist() == [1.0, 2.0]
    assert found.scatter.tolist() == [0.0, 1.0]
    water = Phases(np.full(7, WATER, dtype=np.int8), flushing)
    assert zero_groups(water, beam, axis).where.size == 0


def test_variables_of_the_groups():
    time = np.datetime64("2020-01-01", "ns") + np.arange(4).astype("timedelta64[h]")
    axis = np.array([0.0, 10.0, NAN, 30.0])
    found = TWO.variables(time, axis, "runtime")
    assert list(found) == [
        f"zero_group_{n}" for n in ("time", "position", "signal", "std", "count")
    ]
    # 10 s of the axis are one hour; 20 s are halfway to the row three hours after
    assert found["zero_group_time"][1].tolist() == [
        int(time[1].astype(int)),
        int(time[2].astype(int)),
    ]
    units = [found[n][2].get("units") for n in found]
    assert units == [None, "s", "1", "1", "1"]
    assert found["zero_group_position"][2]["long_name"] == "mean runtime"
    assert found["zero_group_count"][1].dtype == np.int32
    assert NONE.variables(time, axis, "runtime") == {}


# ---- response time ------------------------------------------------------------------


def test_a_step_is_restored_and_the_noise_grows():
    decay = np.exp(-1.0)
    slow = 400.0 + np.array([0.0, 10.0 * (1.0 - decay)])
    seconds, settled = np.array([0.0, 60.0]), np.array([True, True])
    values, gain = correct_response(
        seconds, slow, settled, ResponseTime(tau_seconds=60.0)
    )
    np.testing.assert_allclose(values, [400.0, 410.0])
    expected = np.sqrt(1.0 + decay**2) / (1.0 - decay)
    np.testing.assert_allclose(gain, [1.0, expected])


@pytest.mark.parametrize(
    ("step", "settled", "changed"),
    [
        (300.0, [1, 1], True),  # five response times
        (300.1, [1, 1], False),
        (0.0, [1, 1], False),
        (60.0, [0, 1], False),
        (60.0, [1, 0], False),
    ],
)
def test_which_rows_follow_another(step, settled, changed):
    values, gain = correct_response(
        np.array([0.0, step]),
        np.array([400.0, 500.0]),
        np.array(settled, dtype=bool),
        ResponseTime(tau_seconds=60.0),
    )
    assert (values[1] != 500.0) == (gain[1] != 1.0) == changed
    assert (values[0], gain[0]) == (400.0, 1.0)


def test_missing_values_are_not_followed():
    values, gain = correct_response(
        60.0 * np.arange(3.0),
        np.array([400.0, NAN, 500.0]),
        np.ones(3, dtype=bool),
        ResponseTime(tau_seconds=60.0),
    )
    np.testing.assert_array_equal(values, [400.0, NAN, 500.0])
    assert gain.tolist() == [1.0, 1.0, 1.0]


def test_means_of_settled_rows_in_a_window():
    seconds = 10.0 * np.arange(5)
    values = np.array([1.0, 3.0, NAN, 8.0, 9.0])
    settled = np.array([1, 1, 1, 1, 0], dtype=bool)
    mean, members = _smoothed(seconds, values, settled, 20.0)
    np.testing.assert_array_equal(mean, [2.0, 2.0, NAN, 8.0, 9.0])
    assert members.tolist() == [2, 2, 2, 1, 1]
    mean, members = _smoothed(seconds, values, settled, 0.0)
    assert mean is values
    assert members.tolist() == [1.0] * 5
    response = ResponseTime(tau_seconds=10.0, smoothing_seconds=20.0)
    flat = np.full(5, 400.0)
    out, gain = correct_response(seconds, flat, np.ones(5, dtype=bool), response)
    np.testing.assert_allclose(out, flat)
    decay = np.exp(-1.0)
    one = np.sqrt(1.0 + decay**2) / (1.0 - decay)
    np.testing.assert_allclose(gain[1:4], one / np.sqrt(3.0))


# ---- coefficients -------------------------------------------------------------------


def days(*dates):
    return np.array(dates, dtype="datetime64[ns]")


def chosen(*sheets, time=("2020-03-01", "2020-03-02")):
    return _Coefficients.of(HydroC(coefficients=list(sheets)), days(*time), "f")


def test_coefficients_before_and_after_the_data():
    one, two = sheet(), sheet("2021-01-01", k1=5.0, F=None)
    found = chosen(two, one)
    assert found.first == one
    assert found.second == two
    later = chosen(one, two, time=("2021-01-01", "2021-06-01"))
    assert later.first.k1 == 5.0
    assert later.first.F == 60000.0  # of the sheet before
    assert later.second is None
    incomplete = sheet("2021-01-01", k2=None)
    assert chosen(one, incomplete).second is None
    third = sheet("2022-01-01")
    assert chosen(one, two, third).second == two
    own = chosen(one, sheet("2020-02-01", F=5.0))
    assert own.first.F == 5.0


def test_coefficients_that_do_not_cover_the_data():
    with pytest.raises(ProcessingError, match="begin 2020-03-02, the data 2020-03-01"):
        chosen(sheet("2020-03-02"))
    for day in ("2020-03-01T01:00", "2020-03-02"):
        with pytest.raises(ProcessingError, match="change within the data"):
            chosen(sheet(), sheet(day))


@pytest.mark.parametrize(
    ("runtimes", "runtime", "weights", "two_sided"),
    [
        ((100.0, 300.0), True, [0.0, 0.5], True),
        ((100.0, None), True, [0.0, 0.0], False),
        ((None, 300.0), True, [0.0, 0.0], False),
        ((300.0, 300.0), True, [0.0, 0.0], True),
        ((None, None), False, [0.25, 0.5], True),
    ],
)
def test_coefficients_drift_in_runtime_or_time(runtimes, runtime, weights, two_sided):
    one = sheet("2020-01-01", runtime=runtimes[0])
    two = sheet("2020-01-05", runtime=runtimes[1], k1=3.0, k2=2.0, k3=-1.0)
    time = ("2020-01-02", "2020-01-03")
    found = chosen(one, two, time=time)
    k1, k2, k3 = found.coefficients(np.array([100.0, 200.0]), runtime, days(*time))
    np.testing.assert_allclose(k1, 1.0 + 2.0 * np.array(weights))
    np.testing.assert_allclose(k2, [2.0, 2.0])
    np.testing.assert_allclose(k3, 3.0 - 4.0 * np.array(weights))
    assert found.two_sided(runtime) is two_sided
    alone = chosen(one, time=time)
    assert alone.two_sided(runtime) is False
    k1, _, _ = alone.coefficients(np.array([1.0, 9.0]), runtime, days(*time))
    assert k1.tolist() == [1.0, 1.0]


def test_results_are_at_the_temperature_that_is_there():
    platform = load("demo_hydroc")
    assert hydroc_outputs(platform) == ("xCO2_water_SST_wet", "pCO2_water_SST_wet")
    warmer = platform.model_copy(
        update={"variables": platform.variables | {"T_equ": platform.variables["SST"]}}
    )
    names = ("xCO2_water_Tequ_wet", "pCO2_water_Tequ_wet")
    assert hydroc_outputs(warmer) == names
