"""Phases, zeros, coefficients and response of a HydroC in small numbers."""

from datetime import UTC, datetime

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from oceanco2.calibration.models import hydroc
from oceanco2.calibration.models.hydroc import HydroC, Phases, ResponseTime, Zeros
from oceanco2.errors import ProcessingError
from oceanco2.vocabulary import RUN_TYPES

WATER, ZERO, FLUSH = (RUN_TYPES[w] for w in ("water", "zero", "flush"))
IGNORED = RUN_TYPES["ignored"]


def sheet(month=1, **more):
    first = {"valid_from": datetime(2020, month, 1, tzinfo=UTC)}
    return first | {"F": 6e4, "k1": 1.0, "k2": 2.0, "k3": 3.0} | more


def table_of(*sheets, **more):
    return HydroC(coefficients=[*(sheets or (sheet(),))], **more)


def phases_of(zero, flush, seconds=None, **more):
    seconds = np.arange(len(zero)) * 10.0 if seconds is None else np.array(seconds)
    data = {"state_zero": ("time", zero), "state_flush": ("time", flush)}
    return Phases.of(xr.Dataset(data), seconds, table_of(**more))


def test_defaults():
    table = table_of()
    assert table.zero_mode == "continuous"
    assert table.zero_flush_seconds == table.response_time_seconds == 0.0
    assert table.relative_uncertainty is None
    assert table.response is None
    assert ResponseTime(tau_seconds=1.0).smoothing_seconds == 0.0


@pytest.mark.parametrize("name", ["F", "k1", "k2", "k3"])
def test_the_first_sheet_is_complete(name):
    with pytest.raises(ValidationError, match="lacks F, k1, k2 or k3"):
        table_of(sheet(2), sheet(1, **{name: None}))
    assert len(table_of(sheet(2, **{name: None}), sheet(1)).coefficients) == 2


def test_factory_zeros_are_given():
    with pytest.raises(ValidationError, match="needs s2beam_zero"):
        table_of(zero_mode="factory")
    assert table_of(sheet(), sheet(2, s2beam_zero=0.9), zero_mode="factory")
    with pytest.raises(ValidationError):
        HydroC(coefficients=[])


def test_states():
    found = phases_of([0.0, 1.0, 0.5, 0.0, np.nan], [0.0, 0.0, 1.0, 0.2, 1.0])
    assert found.run_type.tolist() == [WATER, ZERO, ZERO, FLUSH, IGNORED]
    assert found.flushing.tolist() == [False, False, True, True, False]
    assert found.water.tolist() == [True, False, False, False, False]
    assert found.settled.tolist() == [True, False, False, False, False]
    made = found.variables()
    assert made["flushing"][1].tolist() == [0, 0, 1, 1, 0]
    assert made["run_type"][2]["standard_name"] == "status_flag"


def test_flushing_times():
    zero, flush = [1.0] * 3 + [0.0] * 6, [0.0] * 3 + [1.0] * 2 + [0.0] * 4
    found = phases_of(zero, flush, zero_flush_seconds=10.0)
    assert found.flushing.tolist() == [True, True, False, True, True] + [False] * 4
    found = phases_of(zero, flush, zero_flush_seconds=9.9)
    assert found.flushing.tolist()[:3] == [True, False, False]
    # Water settles from the start of the flush phase, at 30 s.
    found = phases_of(zero, flush, response_time_seconds=30.0)
    assert found.flushing.tolist() == [False] * 3 + [True] * 4 + [False] * 2
    found = phases_of([0.0] * 3, [0.0] * 3, response_time_seconds=10.0)
    assert found.flushing.tolist() == [True, True, False]
    assert not phases_of([1.0, 0.0], [0.0, 0.0]).flushing.any()


@pytest.mark.parametrize(
    ("code", "expected"),
    [([], []), ([1], [(0, 1)]), ([1, 1, 2, 1], [(0, 2), (2, 3), (3, 4)])],
)
def test_sequences(code, expected):
    assert hydroc._runs(np.array(code, dtype=np.int8)) == expected


def test_zero_groups():
    zero = [1.0, 1.0, 1.0, 0.0, 1.0, 1.0]
    phases = phases_of(zero, [0.0] * 6)
    beam = np.array([0.8, 1.0, np.nan, 5.0, 0.7, 0.9])
    axis = np.array([0.0, 10.0, 20.0, 30.0, 40.0, np.nan])
    found = hydroc.zero_groups(phases, beam, axis)
    np.testing.assert_allclose(found.where, [5.0, 40.0])
    np.testing.assert_allclose(found.value, [0.9, 0.7])
    np.testing.assert_allclose(found.count, [2, 1])
    np.testing.assert_allclose(found.scatter, [0.1, 0.0], atol=1e-12)
    # The median of 0.1 / sqrt(2) / 0.9 and 0.
    assert found.error == pytest.approx(0.1 / np.sqrt(2) / 0.9 / 2)
    none = hydroc.zero_groups(phases_of([0.0], [0.0]), np.ones(1), np.ones(1))
    assert none.error == 0.0
    assert np.isnan(none.at(np.ones(2), "continuous")).all()
    assert none.variables(np.array([]), np.array([]), "runtime") == {}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("continuous", [1.0, 1.0, 1.5, 2.0, 2.0, np.nan]),
        ("zero_after_sleep", [np.nan, 1.0, 1.0, 2.0, 2.0, np.nan]),
        ("zero_before_sleep", [1.0, 1.0, 2.0, 2.0, np.nan, np.nan]),
    ],
)
def test_zeros_of_rows(mode, expected):
    where, value = np.array([10.0, 20.0]), np.array([1.0, 2.0])
    zeros = Zeros(where, value, np.ones(2), np.zeros(2))
    axis = np.array([5.0, 10.0, 15.0, 20.0, 25.0, np.nan])
    np.testing.assert_array_equal(zeros.at(axis, mode), expected)


def test_variables_of_zeros():
    zeros = Zeros(np.array([15.0]), np.array([0.9]), np.array([4.0]), np.array([0.1]))
    time = np.datetime64("2020-01-01", "ns") + np.arange(3) * np.timedelta64(60, "s")
    made = zeros.variables(time, np.array([20.0, 10.0, np.nan]), "runtime")
    assert made["zero_group_time"][1][0] == time[0] + np.timedelta64(30, "s")
    numbers = {k: v[1].tolist() for k, v in made.items() if k != "zero_group_time"}
    assert numbers == {
        "zero_group_position": [15.0],
        "zero_group_signal": [0.9],
        "zero_group_std": [0.1],
        "zero_group_count": [4],
    }
    assert made["zero_group_position"][2] == {"long_name": "mean runtime", "units": "s"}
    assert made["zero_group_count"][1].dtype == np.int32


DAYS = np.array(["2020-01-11", "2020-01-21"], "datetime64[ns]")


def test_coefficients_between_sheets():
    second = sheet(2, k1=2.0, k2=2.0, k3=6.0, runtime=300.0, F=None)
    table = table_of(sheet(runtime=100.0), second)
    found = hydroc._Coefficients.of(table, DAYS, "f")
    axis = np.array([100.0, 150.0])
    k1, k2, k3 = found.coefficients(axis, True, DAYS)
    assert (k1.tolist(), k2.tolist(), k3.tolist()) == ([1.0, 1.25], [2, 2], [3, 3.75])
    k1, _, _ = found.coefficients(axis, False, DAYS)
    np.testing.assert_allclose(k1, [1 + 10 / 31, 1 + 20 / 31])
    assert found.two_sided(True)
    assert found.two_sided(False)
    without = hydroc._Coefficients.of(table_of(sheet(), second), DAYS, "f")
    assert without.coefficients(axis, True, DAYS)[0].tolist() == [1.0, 1.0]
    assert (without.two_sided(True), without.two_sided(False)) == (False, True)
    alone = hydroc._Coefficients.of(table_of(), DAYS, "f")
    assert alone.second is None
    assert alone.coefficients(axis, False, DAYS)[2].tolist() == [3.0, 3.0]
    assert not alone.two_sided(False)
    partial = table_of(sheet(), sheet(2, k2=None))
    assert hydroc._Coefficients.of(partial, DAYS, "f").second is None


@pytest.mark.parametrize(
    ("begin", "end", "problem"),
    [
        ("2019-12-31", "2020-01-11", "no coefficients are valid"),
        ("2020-01-01", "2020-01-31", None),
        ("2020-01-11", "2020-02-01", "change within the data"),
        ("2020-02-01", "2020-02-03", None),
    ],
)
def test_dates_of_sheets(begin, end, problem):
    table = table_of(sheet(1), sheet(2))
    time = np.array([begin, end], "datetime64[ns]")
    if problem:
        with pytest.raises(ProcessingError, match=f"^f: .*{problem}"):
            hydroc._Coefficients.of(table, time, "f")
    else:
        assert hydroc._Coefficients.of(table, time, "f").first.F == 6e4


def test_response():
    response = ResponseTime(tau_seconds=10.0)
    seconds = np.array([0.0, 10.0, 60.0, 110.1, 110.1])
    values = np.array([400.0, 410.0, 420.0, 430.0, 440.0])
    settled = np.ones(5, dtype=bool)
    out, gain = hydroc.correct_response(seconds, values, settled, response)
    first, second = np.exp(-1.0), np.exp(-5.0)
    expected = [400.0, (410 - 400 * first) / (1 - first)]
    expected += [(420 - 410 * second) / (1 - second), 430.0, 440.0]
    np.testing.assert_allclose(out, expected)
    gains = [np.sqrt(1 + d * d) / (1 - d) for d in (first, second)]
    np.testing.assert_allclose(gain, [1.0, *gains, 1.0, 1.0])
    settled[0] = False
    out, gain = hydroc.correct_response(seconds, values, settled, response)
    assert out[:2].tolist() == [400.0, 410.0]
    assert gain[:2].tolist() == [1.0, 1.0]


def test_smoothing():
    seconds, values = np.arange(4.0), np.array([1.0, 2.0, 6.0, np.nan])
    settled = np.array([True, True, True, True])
    mean, count = hydroc._smoothed(seconds, values, settled, 2.0)
    np.testing.assert_allclose(mean, [1.5, 3.0, 4.0, np.nan])
    assert count.tolist() == [2, 3, 2, 1]
    mean, count = hydroc._smoothed(seconds, values, settled, 0.0)
    assert (mean[:3].tolist(), count.tolist()) == ([1.0, 2.0, 6.0], [1, 1, 1, 1])
    settled[0] = False
    mean, count = hydroc._smoothed(seconds, values, settled, 2.0)
    assert mean[:3].tolist() == [1.0, 4.0, 4.0]
    assert count.tolist() == [1, 2, 2, 1]


def test_axis_and_temperature():
    seconds = np.arange(2.0)
    for runtime, name in (([5.0, np.nan], "runtime"), ([np.nan] * 2, "clock time")):
        ds = xr.Dataset({"runtime": ("time", runtime)})
        assert hydroc._drift_axis(ds, seconds)[1] == name
    assert hydroc._drift_axis(xr.Dataset(), seconds)[0] is seconds
    assert hydroc._temperature_part(["T_equ"]) == "Tequ"
    assert hydroc._temperature_part(["SST"]) == "SST"
    assert hydroc._ACCURACY == 0.01
