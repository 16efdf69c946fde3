"""The set-up that travels inside a dataset, and how accurate it says a variable is."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.errors import ProcessingError
from oceanco2.platforms import SetUp
from oceanco2.socat.criteria.evidence import Evidence
from oceanco2.socat.document.facts import Facts
from oceanco2.uncertainty import add_uncertainty

#: Before, at and between two calibrations, at the second one and after it.
TIMES = np.array(
    [
        *("2022-12-31T23:59:59", "2023-01-01T00:00:00", "2024-04-30T23:59:59"),
        *("2024-05-01T00:00:00", "2026-01-01T00:00:00"),
    ],
    dtype="datetime64[ns]",
)
#: Not in order of time, as nothing asks for it.
CALIBRATIONS = [
    {"valid_from": "2024-05-01", "polynomial": [0.0, 1.0], "uncertainty": 0.004},
    {"valid_from": "2023-01-01", "polynomial": [0.0, 1.0], "uncertainty": 0.002},
]
FROM_CALIBRATION = "calibration of the sensor"


def set_up(variables, **sensor):
    content = {"sensors": {"SBE": sensor} if sensor else {}, "variables": variables}
    return SetUp.of(xr.Dataset(attrs={"set_up": json.dumps(content)}))


def test_the_calibration_in_force_counts():
    entry = set_up({"SST": {"sensor": "SBE"}}, calibrations=CALIBRATIONS, accuracy=0.01)
    accuracy = entry.accuracy("SST", TIMES)
    assert accuracy.value.tolist() == [0.01, 0.002, 0.002, 0.004, 0.004]
    assert accuracy.source.tolist() == ["sensor SBE", *[FROM_CALIBRATION] * 4]
    assert accuracy.sources == f"sensor SBE; {FROM_CALIBRATION}"
    assert accuracy.largest() == (0.01, "sensor SBE")
    assert entry.accuracy("SST", TIMES[1:]).largest() == (0.004, FROM_CALIBRATION)


def test_before_the_first_calibration_without_an_accuracy_it_is_assumed():
    entry = set_up({"SST": {"sensor": "SBE"}}, calibrations=CALIBRATIONS)
    accuracy = entry.accuracy("SST", TIMES)
    assert accuracy.value.tolist() == [0.05, 0.002, 0.002, 0.004, 0.004]
    assert accuracy.source.tolist() == ["assumed", *[FROM_CALIBRATION] * 4]


def test_a_calibration_without_an_uncertainty_leaves_the_accuracy_of_the_sensor():
    silent = [{"valid_from": "2024-05-01", "polynomial": [0.1]}, CALIBRATIONS[1]]
    entry = set_up({"SST": {"sensor": "SBE"}}, calibrations=silent, accuracy=0.01)
    accuracy = entry.accuracy("SST", TIMES)
    assert accuracy.value.tolist() == [0.01, 0.002, 0.002, 0.01, 0.01]


def test_what_is_stated_for_the_variable_wins_at_all_times():
    variables = {"SST": {"sensor": "SBE", "uncertainty": 0.02}}
    entry = set_up(variables, calibrations=CALIBRATIONS, accuracy=0.01)
    accuracy = entry.accuracy("SST", TIMES)
    assert accuracy.value.tolist() == [0.02] * 5
    assert accuracy.sources == "platform file"


def test_zero_is_stated_too():
    entry = set_up({"SST": {"uncertainty": 0.0}})
    assert entry.accuracy("SST", TIMES).largest() == (0.0, "platform file")


def test_a_copy_is_as_accurate_as_its_original():
    variables = {"SST": {"sensor": "SBE"}, "T_equ": {"same_as": "SST"}}
    entry = set_up(variables, calibrations=CALIBRATIONS, accuracy=0.01)
    copy = entry.accuracy("T_equ", TIMES)
    assert copy.value.tolist() == [0.01, 0.002, 0.002, 0.004, 0.004]
    assert copy.source.tolist() == entry.accuracy("SST", TIMES).source.tolist()
    stated = {"P_atm": {"uncertainty": 0.5}, "P_equ": {"same_as": "P_atm"}}
    assert set_up(stated).accuracy("P_equ", TIMES).largest() == (0.5, "platform file")


def test_a_copy_may_state_an_accuracy_of_its_own():
    variables = {
        "SST": {"uncertainty": 0.02},
        "T_equ": {"same_as": "SST", "uncertainty": 0.3},
    }
    entry = set_up(variables)
    assert entry.accuracy("T_equ", TIMES).largest() == (0.3, "platform file")
    assert entry.accuracy("SST", TIMES).largest() == (0.02, "platform file")


def test_the_accuracy_of_the_sensor_counts_before_an_assumed_one():
    entry = set_up({"P_equ": {"sensor": "SBE"}}, accuracy=0.2)
    assert entry.accuracy("P_equ", TIMES).largest() == (0.2, "sensor SBE")


@pytest.mark.parametrize(
    ("name", "expected"), [("SST", 0.05), ("salinity", 0.1), ("P_equ", 2.0)]
)
def test_without_any_source_it_is_assumed(name, expected):
    for variables in ({}, {name: {"sensor": "not described"}}):
        accuracy = set_up(variables).accuracy(name, TIMES)
        assert accuracy.value.tolist() == [expected] * 5
        assert accuracy.sources == "assumed"


def test_nothing_is_assumed_for_other_variables():
    accuracy = set_up({"wind_speed": {}}).accuracy("wind_speed", TIMES)
    assert np.isnan(accuracy.value).all()
    value, source = accuracy.largest()
    assert np.isnan(value)
    assert source == accuracy.sources == "not stated"


def test_the_accuracy_has_the_shape_of_the_times():
    entry = set_up({"SST": {"sensor": "SBE"}}, calibrations=CALIBRATIONS)
    square = entry.accuracy("SST", TIMES[1:].reshape(2, 2))
    assert square.value.tolist() == [[0.002, 0.002], [0.004, 0.004]]
    one = entry.accuracy("SST", "2024-05-01")
    assert (one.value.shape, float(one.value)) == ((), 0.004)
    assert one.largest() == (0.004, FROM_CALIBRATION)
    assert np.isnan(entry.accuracy("SST", TIMES[:0]).largest()[0])


@pytest.mark.parametrize("name", platforms.available())
def test_a_dataset_holds_what_the_platform_file_says(name):
    platform = platforms.load(name)
    ds = xr.Dataset(attrs=platforms.describe(platform))
    assert SetUp.of(ds) == SetUp.from_platform(platform)
    assert SetUp.of(ds).content() == json.loads(ds.attrs["set_up"])


def test_a_dataset_without_set_up_has_an_empty_one():
    for attrs in ({}, {"set_up": ""}, {"set_up": "{}"}):
        assert SetUp.of(xr.Dataset(attrs=attrs)) == SetUp()
    assert not SetUp().has("intake")
    assert SetUp.of(xr.Dataset(attrs={"set_up": {"intake": {"depth": 5.0}}})).has(
        "intake"
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{not json", "set_up"),
        ("[1]", "set_up"),
        ('{"sensors": {"SBE": {"acuracy": 0.1}}}', "sensors.SBE.acuracy"),
        ('{"standards": [{"run": "STD1"}]}', "standards.0.xCO2"),
    ],
)
def test_a_set_up_of_another_program_is_one_clear_line(text, word):
    with pytest.raises(ProcessingError, match=word) as error:
        SetUp.of(xr.Dataset(attrs={"set_up": text}))
    assert "\n" not in str(error.value)


PLATFORM = """
schema = 1
name = "Two calibrations"
kind = "ship"
platform_code = "ZZ01"
files.main.reader = "delimited"
files.main.time = { seconds = "t" }
[variables]
SST = { column = "t1", units = "degree_Celsius", sensor = "SBE" }
salinity = { column = "s", units = "1", sensor = "SBE45" }
T_equ = { same_as = "SST" }
[sensors.SBE]
accuracy = 0.01
calibrations = [
    { valid_from = 2023-01-01, polynomial = [0, 1], uncertainty = 0.002 },
    { valid_from = 2024-05-01, polynomial = [0, 1], uncertainty = 0.004 },
]
[sensors.SBE45]
accuracy = 0.03
"""


def test_uncertainty_criteria_and_document_say_the_same():
    platform = platforms.parse(PLATFORM.encode(), "two.toml")
    values = ("time", np.full(TIMES.size, 10.0))
    ds = xr.Dataset(
        {"SST": values, "T_equ": values, "salinity": values}, {"time": TIMES}
    ).assign_attrs(platforms.describe(platform))
    out = add_uncertainty(ds, platform)
    for name in ("SST", "T_equ"):
        expected = [0.01, 0.002, 0.002, 0.004, 0.004]
        assert out[f"{name}_uncertainty"].values.tolist() == expected
        source = out[f"{name}_uncertainty"].attrs["uncertainty_source"]
        assert source == f"sensor SBE; {FROM_CALIBRATION}"
        assert Evidence(ds).accuracy(name) == (0.01, "sensor SBE")
        assert Facts(ds).accuracy(name, "degC").value == 0.01
        later = ds.isel(time=slice(1, None))
        assert Evidence(later).accuracy(name) == (0.004, FROM_CALIBRATION)
        assert Facts(later).accuracy(name, "degC").value == 0.004
    assert out["salinity_uncertainty"].values.tolist() == [0.03] * 5
    assert Evidence(ds).accuracy("salinity") == (0.03, "sensor SBE45")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("SST", 0.02), ("salinity", 0.05), ("T_equ", 0.02)),
        *(("P_equ", 0.5), ("P_atm", 0.5), ("xCO2", 0.1)),
    ],
)
def test_the_demonstration_has_one_accuracy(name, expected):
    platform = platforms.load("demo_ship")
    ds = xr.Dataset(coords={"time": TIMES}, attrs=platforms.describe(platform))
    assert Evidence(ds).accuracy(name) == (expected, "platform file")
    assert Facts(ds).accuracy(name, "").value == expected
    ds[name] = ("time", np.ones(TIMES.size))
    if name != "xCO2":  # it is read, not a result
        out = add_uncertainty(ds, platform)
        assert out[f"{name}_uncertainty"].values.tolist() == [expected] * 5
