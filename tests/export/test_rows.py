"""Rows of exchange files: which, in what order, with what flags and comments."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS, mask_attrs
from oceanco2.errors import ProcessingError
from oceanco2.export.rows import (
    comments,
    measurements,
    require,
    require_attribute,
    require_flags,
    results,
    usable_values,
    worst_flag,
)
from oceanco2.export.values import (
    automatic_layer,
    flags_of,
    merge_variables,
    types_of,
    uncertainty_of,
    undecided,
    values_of,
)
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE, RUN_TYPES, VALUE_TYPES

NAN = np.nan
START = np.datetime64("2024-03-01T00:00:00", "ns")
WATER = "fCO2_water_SST_wet"
ACTUAL, INTERP = "fCO2_atm_wet_actual", "fCO2_atm_wet_interp"


def made(time=None, **columns):
    """A dataset along time; `latitude` and `longitude` are coordinates."""
    size = len(next(iter(columns.values())))
    seconds = np.arange(size, dtype=float) if time is None else np.array(time, float)
    stamps = START + np.rint(seconds * 1e9).astype("int64").astype("timedelta64[ns]")
    data = {}
    for name, values in columns.items():
        kind = "int8" if name.endswith(("_flag", "_type", "run_type")) else float
        if name.endswith("_tests"):
            kind = "int64"
        attrs = mask_attrs("SST") if name.endswith("_tests") else {}
        data[name] = ("time", np.array(values, kind), attrs)
    return xr.Dataset(data, coords={"time": stamps})


def rows_of(ds, **options):
    found = measurements(ds, "the receiver", **options)
    return found.rows.tolist(), found.left_out


def test_rows_with_a_result_or_a_flag_on_one():
    ds = made(
        **{
            WATER: [1.0, NAN, NAN, NAN, NAN],
            f"{WATER}_flag": [GOOD, QUESTIONABLE, BAD, MISSING, 0],
        }
    )
    assert rows_of(ds) == ([0, 1, 2], {"no CO2 measurement": 2})
    good = made(**{WATER: [NAN, 1.0], f"{WATER}_flag": [GOOD, GOOD]})
    assert rows_of(good) == ([1], {"no CO2 measurement": 1})  # good, but no value


def test_interpolated_air_is_no_measurement():
    air = {ACTUAL: [1.0, NAN, NAN], INTERP: [NAN, 1.0, NAN]}
    ds = made(**air, **{WATER: [NAN, NAN, 1.0]})
    found = measurements(ds, "r")
    assert found.rows.tolist() == [0, 2]
    assert found.water.tolist() == [False, True]
    assert rows_of(ds, include_air=False) == ([2], {"no CO2 measurement": 2})
    # Interpolated water does not exist; interpolated air with water is a row of water.
    both = made(**{INTERP: [1.0, 1.0], WATER: [1.0, NAN]})
    assert rows_of(both)[0] == [0]


def test_runs_without_a_result():
    kinds = [RUN_TYPES[n] for n in ("water", "air", "standard", "water")]
    ds = made(run_type=kinds, **{WATER: [NAN, NAN, NAN, 1.0]})
    assert rows_of(ds)[0] == [3]
    found = measurements(ds, "r", with_missing=True)
    assert found.rows.tolist() == [0, 1, 3]
    assert found.water.tolist() == [True, False, True]
    assert rows_of(ds, with_missing=True, include_air=False)[0] == [0, 3]
    untyped = ds.drop_vars("run_type")
    assert rows_of(untyped, with_missing=True)[0] == [0, 1, 2, 3]


def test_reasons_and_order():
    ds = made(
        time=[5, 4, 3, 3, 2, 1, 0],
        flushing=[0, 1, 0, 0, 0, 0, 0],
        **{WATER: [1.0, 1.0, 1.0, 1.0, NAN, 1.0, 1.0]},
    )
    ds["time"] = ds["time"].where(np.arange(7) != 6)
    ds["latitude"] = ("time", [1.0, 1.0, 1.0, 1.0, 1.0, 90.1, 1.0])
    ds["longitude"] = ("time", np.full(7, 1.0))
    rows, left_out = rows_of(ds)
    assert rows == [5, 2, 3, 0]
    assert left_out == {"no time": 1, "flushing": 1, "no CO2 measurement": 1}
    rows, left_out = rows_of(ds, with_position=True, distinct=True)
    assert rows == [2, 0]
    assert left_out["no position"] == 1
    assert left_out["same time as the row before"] == 1
    with pytest.raises(ProcessingError, match="for the receiver: 1 flushing"):
        rows_of(ds.isel(time=[1]))


def test_times_are_rounded_to_milliseconds():
    ds = made(time=[0.0004999, 0.0005, 1.0], **{WATER: [1.0, 1.0, 1.0]})
    found = measurements(ds, "r").time
    assert (
        found.tolist()
        == np.array(
            ["2024-03-01T00:00:00", "2024-03-01T00:00:00.001", "2024-03-01T00:00:01"],
            "datetime64[ms]",
        ).tolist()
    )


@pytest.mark.parametrize(
    ("longitude", "written"),
    [
        *((180.0, 180.0), (180.5, -179.5), (-180.0, 180.0), (-180.5, 179.5)),
        *((360.0, 0.0), (-360.0, 0.0), (360.1, NAN), (-360.1, NAN), (NAN, NAN)),
    ],
)
def test_longitudes_between_180(longitude, written):
    ds = made(**{WATER: [1.0]})
    ds["longitude"] = ("time", [longitude])
    ds["latitude"] = ("time", [-90.0])
    found = measurements(ds, "r")
    np.testing.assert_array_equal(found.longitude, [written])
    np.testing.assert_array_equal(found.latitude, [-90.0])
    nowhere = measurements(ds.drop_vars(["longitude", "latitude"]), "r")
    assert np.isnan([nowhere.longitude[0], nowhere.latitude[0]]).all()


def test_what_a_receiver_requires():
    ds = made(**{WATER: [1.0]})
    require(ds, [WATER], "R")
    message = r"R needs SST: it is missing in the dataset\s+\(platform file: \[var"
    with pytest.raises(ProcessingError, match=message):
        require(ds, [WATER, "SST"], "R")
    with pytest.raises(ProcessingError, match=r"\[variables\] depth"):
        require(ds, ["depth"], "R")
    for name, words in (("salinity", "value = 35.0"), ("pCO2_water_SST_wet", "T_equ")):
        with pytest.raises(ProcessingError, match=words):
            require(ds, [name], "R")
    with pytest.raises(ProcessingError, match="R needs quality flags"):
        require_flags(ds, [WATER], "R")
    require_flags(ds.assign({f"{WATER}_flag": ds[WATER]}), ["x", WATER], "R")
    assert require_attribute(ds.assign_attrs(a=" b "), "a", "R", "k") == "b"
    for attrs in ({}, {"a": " "}, {"a": None}):
        with pytest.raises(ProcessingError, match=r"R needs 'a'.*platform file: k\)"):
            require_attribute(ds.assign_attrs(attrs), "a", "R", "k")


def test_results_of_both_sides():
    assert all("water" in name for name in results("water"))
    assert all("atm" in name for name in results("air"))
    assert WATER in results("water")
    assert {ACTUAL, INTERP} <= set(results("air"))


def test_the_worst_flag():
    one = {"a_flag": [GOOD, QUESTIONABLE, BAD, MISSING, 0]}
    two = {"b_flag": [BAD, GOOD, QUESTIONABLE, GOOD, MISSING]}
    ds = made(**one, **two)
    assert worst_flag(ds, ["a", "b", "c"]).tolist() == [BAD, QUESTIONABLE, BAD, GOOD, 0]
    assert worst_flag(ds, ["a"]).tolist() == [GOOD, QUESTIONABLE, BAD, 0, 0]


RANGE, SPIKE, INPUT, ABSENT = (
    TEST_BITS[n] for n in ("range", "spike", "input", "missing")
)


def explained(flag, tests, sst_flag=GOOD, sst_tests=0, **options):
    ds = made(
        **{
            f"{WATER}_flag": [flag],
            f"{WATER}_tests": [tests],
            "SST_flag": [sst_flag],
            "SST_tests": [sst_tests],
        }
    )
    (text,) = comments(ds, np.array([0]), [WATER], **options)
    return text


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((BAD, RANGE), "range"),
        ((QUESTIONABLE, RANGE | SPIKE), "range, spike"),
        ((GOOD, RANGE), "flagged without a test"),
        ((BAD, 0), "flagged without a test"),
        ((BAD, INPUT | ABSENT), "flagged without a test"),
        ((BAD, RANGE | INPUT, BAD, RANGE), "SST: range"),
        ((BAD, RANGE | INPUT | SPIKE, QUESTIONABLE, RANGE), "spike; SST: range"),
        ((BAD, RANGE | INPUT, GOOD, RANGE), "range"),
        ((BAD, RANGE, BAD, RANGE), "range"),  # no bit of an input
        ((BAD, RANGE | INPUT, BAD, SPIKE), "range"),  # not its input
    ],
)
def test_comments(arguments, text):
    assert sorted(explained(*arguments).split(", ")) == sorted(text.split(", "))
    if len(arguments) == 4 and "SST" in text:
        assert "SST" not in explained(*arguments, with_inputs=False)


def test_underscores_are_blanks():
    assert explained(BAD, TEST_BITS["not_calibrated"]) == "not calibrated"


def test_reasons_of_people():
    ds = made(
        time=[0, 10, 20, 30],
        **{f"{WATER}_flag": [BAD] * 4, f"{WATER}_tests": [RANGE] * 4},
    )

    def reasons(**changes):
        entry = {
            "variable": WATER,
            "flag": 4,
            "reason": "by hand",
            "start": "2024-03-01T00:00:10Z",
            "end": "2024-03-01T00:00:20Z",
        } | changes
        found = ds.assign_attrs(manual_flags=json.dumps([entry]))
        return comments(found, np.arange(4), [WATER])

    assert reasons() == ["range", "range (by hand)", "range (by hand)", "range"]
    assert reasons(flag=3) == reasons()
    nothing = ["range"] * 4
    for changes in ({"flag": 2}, {"reason": ""}, {"variable": "SST"}):
        assert reasons(**changes) == nothing
    assert reasons(reason="range") == nothing  # said already
    near = {"start": "2024-03-01T00:00:10.000500", "end": "2024-03-01T00:00:19.999500"}
    assert reasons(**near) == reasons()
    far = {"start": "2024-03-01T00:00:10.000501", "end": "2024-03-01T00:00:19.999499"}
    assert reasons(**far) == nothing
    as_list = ds.assign_attrs(manual_flags=[])
    assert comments(as_list, np.arange(4), [WATER]) == nothing


def test_usable_values():
    ds = made(SST=[1.0, 99.0, np.inf, NAN], SST_type=[1, 1, 1, 1])
    ds["SST_type"][:] = VALUE_TYPES["measured"]
    values, notes = usable_values(ds, "SST")
    np.testing.assert_array_equal(values, [1.0, NAN, NAN, NAN])
    assert notes == ["1 impossible values are written as missing"]
    ds["SST_type"][0] = VALUE_TYPES["nominal"]
    values, notes = usable_values(ds, "SST")
    assert np.isnan(values).all()
    assert notes[0] == "1 nominal values, not measured, are not written"
    constant = made(salinity=[35.0, 35.0, NAN])
    assert usable_values(constant, "salinity")[1] == []
    constant["salinity"].attrs["value_type"] = "nominal"
    values, notes = usable_values(constant, "salinity")
    assert np.isnan(values).all()
    assert notes == ["2 nominal values, not measured, are not written"]
    for name in ("sample_depth", "latitude", "longitude"):
        depth = made(**{name: [5.0]})
        depth[name].attrs["value_type"] = "nominal"
        assert usable_values(depth, name)[0].tolist() == [5.0]


# ---- values -------------------------------------------------------------------------


def test_the_first_variable_with_a_value_or_a_flag():
    ds = made(
        a=[1.0, NAN, NAN, NAN, np.inf],
        a_flag=[GOOD, BAD, MISSING, 0, GOOD],
        a_uncertainty=[0.1, 0.2, 0.3, 0.4, 0.5],
        b_interp=[5.0, 6.0, 7.0, NAN, 9.0],
        b_interp_uncertainty=[1.1, 1.2, 1.3, 1.4, 1.5],
    )
    rows = np.arange(5)
    names = ["none", "a", "b_interp"]
    merged = merge_variables(ds, names, rows)
    np.testing.assert_array_equal(merged.values, [1.0, NAN, 7.0, NAN, 9.0])
    assert merged.flags.tolist() == [GOOD, BAD, 0, 9, 0]
    assert merged.source.tolist() == [1, 1, 2, -1, 2]
    kinds = [VALUE_TYPES[n] for n in ("measured", "missing", "interpolated")]
    assert merged.types.tolist() == [*kinds, 0, kinds[2]]
    sigma = uncertainty_of(ds, names, rows, merged)
    np.testing.assert_array_equal(sigma, [0.1, NAN, 1.3, NAN, 1.5])
    one = rows[1:2]
    assert uncertainty_of(ds, names, one, merge_variables(ds, names, one)) is None
    np.testing.assert_array_equal(values_of(ds, "a", rows[[4, 0]]), [NAN, 1.0])
    assert np.isnan(values_of(ds, "none", rows)).all()


def test_flags_and_types_of_a_variable():
    ds = made(SST=[1.0, 2.0, NAN], position_flag=[GOOD, BAD, 0])
    rows = np.arange(3)
    for name in ("latitude", "longitude", "position"):
        assert flags_of(ds, name, rows).tolist() == [GOOD, BAD, 0]
    assert flags_of(ds, "SST", rows).tolist() == [0, 0, 0]
    measured, missing = VALUE_TYPES["measured"], VALUE_TYPES["missing"]
    assert types_of(ds, "SST", rows).tolist() == [measured, measured, missing]
    ds["SST"].attrs["value_type"] = "nominal"
    assert types_of(ds, "SST", rows)[0] == VALUE_TYPES["nominal"]
    ds["SST"].attrs["value_type"] = "unheard"
    assert types_of(ds, "SST", rows)[0] == measured
    ds["SST_type"] = ("time", np.full(3, VALUE_TYPES["interpolated"], "int8"))
    assert types_of(ds, "SST", rows)[0] == VALUE_TYPES["interpolated"]


def test_the_automatic_layer():
    manual = TEST_BITS["manual"]
    ds = made(SST_flag=[BAD, GOOD], SST_tests=[manual | RANGE, RANGE])
    ds["SST_flag_automatic"] = ("time", np.array([GOOD, GOOD], "int8"))
    ds.attrs = {"manual_flags": "[]", "title": "t"}
    layer = automatic_layer(ds)
    assert layer["SST_flag"].to_numpy().tolist() == [GOOD, GOOD]
    assert layer["SST_tests"].to_numpy().tolist() == [RANGE, RANGE]
    assert layer["SST_tests"].dtype == np.int64
    assert layer.attrs == {"title": "t"}
    assert ds["SST_flag"].to_numpy().tolist() == [BAD, GOOD]


def test_flags_that_nobody_decided():
    manual = TEST_BITS["manual"]
    ds = made(
        a_flag=[BAD, BAD, QUESTIONABLE, GOOD, MISSING],
        a_tests=[0, manual, RANGE, RANGE, ABSENT],
        b_flag=[GOOD, BAD, GOOD, GOOD, GOOD],
    )
    found = undecided(ds, ["a", "b"], np.arange(5))
    assert found.tolist() == [True, False, True, False, False]
