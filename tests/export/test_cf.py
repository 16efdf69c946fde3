"""Attributes and encoding of single variables."""

import json
from pathlib import PurePosixPath

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.cf import (
    CHUNK,
    base_name,
    check_standard_names,
    coverage,
    decode_time,
    encode_time,
    encoding_of,
    netcdf_attrs,
    restore_attrs,
    temperature_scale,
    variable_attrs,
)


def test_times_there_and_back():
    times = np.array(["1970-01-01", "2024-03-01T00:00:00.250", "1969-12-31T23:59:59.5"])
    times = times.astype("datetime64[ns]")
    seconds = encode_time(times)
    assert seconds.tolist() == [0.0, 1709251200.25, -0.5]
    assert np.array_equal(decode_time(seconds), times)
    lost = decode_time([np.nan, np.inf, 1.0])
    assert np.isnat(lost).tolist() == [True, True, False]
    assert lost.dtype == "datetime64[ns]"
    assert np.isnan(encode_time(np.array(["NaT"], "datetime64[ns]")))[0]


@pytest.mark.parametrize(
    ("name", "base", "kind"),
    [
        ("time", "time", "coordinate"),
        ("latitude", "latitude", "coordinate"),
        ("longitude", "longitude", "coordinate"),
        ("sample_depth", "sample_depth", "coordinate"),
        ("SST", "SST", "physicalMeasurement"),
        ("SST_raw", "SST", "physicalMeasurement"),
        ("SST_flag", "SST", "qualityInformation"),
        ("SST_flag_automatic", "SST", "qualityInformation"),
        ("SST_flag_manual", "SST", "qualityInformation"),
        ("SST_flag_delivered", "SST", "qualityInformation"),
        ("SST_tests", "SST", "qualityInformation"),
        ("SST_type", "SST", "qualityInformation"),
        ("SST_uncertainty", "SST", "qualityInformation"),
        ("SST_raw_uncertainty", "SST", "qualityInformation"),
        ("run_type_note", "run_type_note", "auxiliaryInformation"),
    ],
)
def test_names_and_content(name, base, kind):
    assert base_name(name) == base
    assert coverage(name) == kind


def test_temperatures_on_a_scale_and_differences():
    assert temperature_scale("SST", "degree_Celsius") == "temperature: on_scale"
    assert temperature_scale("SST_raw", "K") == "temperature: on_scale"
    difference = "temperature: difference"
    assert temperature_scale("SST_uncertainty", "K") == difference
    assert temperature_scale("warming", "degree_Celsius") == difference
    assert temperature_scale("SST", "m") is None
    assert temperature_scale("SST", None) is None


def attrs_of(name, values, names=(), **attrs):
    return variable_attrs(name, xr.Variable("time", values, attrs), set(names))


def test_attributes_of_axes():
    time = attrs_of("time", np.array(["2024-01-01"], "datetime64[ns]"))
    assert time == {
        "standard_name": "time",
        "long_name": "time",
        "axis": "T",
        "units": "seconds since 1970-01-01T00:00:00Z",
        "calendar": "standard",
        "units_metadata": "leap_seconds: utc",
        "coverage_content_type": "coordinate",
    }
    assert attrs_of("latitude", np.zeros(1))["axis"] == "Y"
    assert attrs_of("longitude", np.zeros(1))["axis"] == "X"
    assert attrs_of("sample_depth", np.zeros(1))["positive"] == "down"
    assert "axis" not in attrs_of("sample_depth", np.zeros(1))


def test_attributes_of_a_variable():
    plain = attrs_of("made_up_name", np.zeros(1))
    assert plain == {
        "long_name": "made up name",
        "coverage_content_type": "auxiliaryInformation",
        "units": "1",
    }
    own = attrs_of("SST", np.zeros(1), units="K", long_name="x")
    assert (own["units"], own["long_name"]) == ("K", "x")
    assert own["units_metadata"] == "temperature: on_scale"
    given = {"units": "K", "units_metadata": "u", "coverage_content_type": "c"}
    kept = attrs_of("SST", np.zeros(1), **given)
    assert kept["units_metadata"] == "u"
    assert kept["coverage_content_type"] == "c"
    flags = {"flag_meanings": "a b", "flag_values": [1, 2], "flag_masks": 3}
    flag = attrs_of("SST_flag", np.zeros(1, "int8"), **flags)
    assert "units" not in flag
    assert flag["flag_values"].dtype == flag["flag_masks"].dtype == np.int8
    assert flag["flag_masks"].tolist() == [3]
    assert "units" not in attrs_of("label", np.array(["a"]))


def test_ancillary_variables_are_those_in_the_file():
    names = "SST_flag SST_tests SST_type"
    shown = attrs_of("SST", np.zeros(1), {"SST_tests", "x"}, ancillary_variables=names)
    assert shown["ancillary_variables"] == "SST_tests"
    none = attrs_of("SST", np.zeros(1), {"x"}, ancillary_variables=names)
    assert "ancillary_variables" not in none


def test_what_netcdf_cannot_store_is_text():
    attrs = {
        "b": [1, "x"],
        "a": {"k": (1, np.float64(2.5))},
        "c": True,
        "d": np.bool_(False),
        "e": np.array(["u", "v"]),
        "f": 1.5,
        "g": np.int8(3),
        "h": np.arange(2),
        "i": None,
        "j": PurePosixPath("x/y"),
        "k": "é",
        "l": ("é",),
    }
    stored = netcdf_attrs(attrs)
    assert list(stored) == [*"abcdefghjkl", "json_attributes"]
    assert stored["json_attributes"] == "a b c d e l"
    assert stored["b"] == '[1, "x"]'
    assert json.loads(stored["a"]) == {"k": [1, 2.5]}
    assert (stored["c"], stored["d"], stored["e"]) == ("true", "false", '["u", "v"]')
    assert stored["l"] == '["é"]'
    assert stored["j"] == "x/y"
    assert stored["g"] == 3
    assert isinstance(stored["g"], np.int8)
    back = restore_attrs(stored)
    assert back["a"] == {"k": [1, 2.5]}
    assert back["c"] is True
    assert back["d"] is False
    assert back["e"] == ["u", "v"]
    assert isinstance(back["g"], int)
    assert back["h"].tolist() == [0, 1]
    assert "json_attributes" not in back
    assert "json_attributes" not in netcdf_attrs({"a": 1})
    one = restore_attrs({"flag_values": np.int8(2), "flag_masks": np.int8(4)})
    assert one["flag_values"].tolist() == [2]
    assert one["flag_masks"].tolist() == [4]


def encoded(name, values):
    return encoding_of(name, xr.Variable("time", values))


def test_fill_values_and_chunks():
    assert np.isnan(encoded("SST", np.zeros(3))["fill_value"])
    for name in ("time", "latitude", "longitude"):
        assert "fill_value" not in encoded(name, np.zeros(3))
        assert np.isnan(encoded(name, np.array([0.0, np.nan]))["fill_value"])
    whole = encoded("SST_flag", np.zeros(3, "int8"))
    assert whole == {
        "zlib": True,
        "complevel": 1,
        "shuffle": True,
        "chunksizes": (3,),
        "chunk_cache": 16 * CHUNK,
    }
    assert CHUNK == 2**16
    assert encoded("x", np.zeros(CHUNK + 1, "uint8"))["chunksizes"] == (CHUNK,)
    assert encoded("x", np.array(["a"])) == {}
    assert encoded("x", np.zeros(0, "int8")) == {}
    assert encoding_of("x", xr.Variable((), 1)) == {}


def test_two_variables_never_share_a_standard_name():
    def named(*names):
        return {
            f"v{i}": xr.Variable((), 0, {"standard_name": name} if name else {})
            for i, name in enumerate(names)
        }

    check_standard_names(named("a", "b", "", "", "time", "time"))
    check_standard_names(named("quality_flag", "quality_flag"))
    check_standard_names(named("status_flag", "status_flag"))
    message = "v2 and v0 have the same CF standard name 'a'"
    with pytest.raises(ProcessingError, match=message):
        check_standard_names(named("a", "b", "a"))


def test_attributes_that_netcdf_cannot_store_become_json():
    from pathlib import Path

    attrs = {
        "files": [Path("a.csv"), np.float32(1.5)],
        "flags": {"n": np.int64(3)},
        "empty": None,
        "folder": Path("raw"),
        "yes": True,
        "number": 2.5,
    }
    stored = netcdf_attrs(attrs)
    assert stored == {
        "files": '["a.csv", 1.5]',
        "flags": '{"n": 3}',
        "folder": "raw",
        "yes": "true",
        "number": 2.5,
        "json_attributes": "files flags yes",
    }
