"""Latitude and longitude in every way they are written."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.errors import DataWarning
from oceanco2.platforms import VariableSource
from oceanco2.readers.numbers import to_degrees, to_half_circle
from oceanco2.vocabulary import VARIABLES

AXES = {"lat": "latitude", "lon": "longitude"}
FORMATS = {
    "FORMAT_MINUS90_90": "decimal",
    "FORMAT_MINUS180_180": "decimal",
    "FORMAT_0_360": "decimal",
    "FORMAT_0_90": "decimal",
    "FORMAT_0_180": "decimal",
    "FORMAT_HDM": "dd mm.mmmm",
    "FORMAT_H_DDDMMmmm": "ddmm.mmmm",
    "FORMAT_DDDMMmmm": "ddmm.mmmm",
}
#: There one says which circle longitudes are in; here both are read: 200 is -160.
WIDER = {"FORMAT_0_360", "FORMAT_MINUS180_180", "FORMAT_DDDMMmmm"}


def one(axis, text, letter=None, **keys):
    source = VariableSource(column="x", **keys)
    letters = None if letter is None else np.array([letter], dtype=object)
    cells = np.array([text], dtype=object)
    degrees, invalid = to_degrees(axis, cells, source, letters)
    value = to_half_circle(degrees)[0] if axis == "longitude" else degrees[0]
    return value, bool(invalid[0])


def test_cases_of_other_programs(reference_data):
    path = reference_data / "instruments" / "position_parse_cases.csv"
    with path.open(newline="") as file:
        cases = list(csv.DictReader(file))
    assert len(cases) == 175
    for case in cases:
        axis = AXES[case["axis"]]
        value, invalid = one(
            axis,
            case["value"],
            case["hemisphere"] or None,
            format=FORMATS[case["format"]],
        )
        low, high = {"latitude": (-90, 90), "longitude": (-180, 180)}[axis]
        if case["valid"] == "true":
            expected = float(case["parsed_3dp"])
            assert not invalid, case
            # Rounded to three digits there; -179.9999 is 180 then.
            apart = (value - expected + 180) % 360 - 180
            assert abs(apart) < 0.000501, case
        elif case["format"] not in WIDER:
            # Refused, or a value that quality control refuses.
            assert invalid or not low <= value <= high, case


@pytest.mark.parametrize(
    ("axis", "text", "letter", "keys", "value"),
    [
        ("latitude", "60.5", None, {}, 60.5),
        ("latitude", "-60.5", None, {}, -60.5),
        ("latitude", "60.5N", None, {}, 60.5),
        ("latitude", "60.5 s", None, {}, -60.5),
        ("latitude", "S 60.5", None, {}, -60.5),
        ("latitude", "60.5", "S", {}, -60.5),
        ("latitude", "60.5", "south", {}, -60.5),
        ("latitude", "\u221260.5", None, {}, -60.5),
        ("latitude", "60.5°", None, {}, 60.5),
        ("latitude", "60.5", None, {"positive": "south"}, -60.5),
        ("longitude", "121.5", None, {"positive": "west"}, -121.5),
        ("longitude", "121.5W", None, {}, -121.5),
        ("longitude", "238.5", None, {}, -121.5),
        ("longitude", "360", None, {}, 0.0),
        ("longitude", "-180", None, {}, 180.0),
        ("longitude", "180", None, {}, 180.0),
        ("latitude", "6030.6", None, {"format": "ddmm.mmmm"}, 60.51),
        ("latitude", "-0030.6", None, {"format": "ddmm.mmmm"}, -0.51),
        ("latitude", "6030.6S", None, {"format": "ddmm.mmmm"}, -60.51),
        ("longitude", "00530.6", "W", {"format": "ddmm.mmmm"}, -5.51),
        ("latitude", "603036", None, {"format": "ddmmss"}, 60.51),
        ("latitude", "-603036.0", None, {"format": "ddmmss"}, -60.51),
        ("latitude", "603036 S", None, {"format": "ddmmss"}, -60.51),
        ("latitude", "60 30.6", None, {"format": "dd mm.mmmm"}, 60.51),
        ("latitude", "-0 30.6", None, {"format": "dd mm.mmmm"}, -0.51),
        ("latitude", "60°30.6'S", None, {"format": "dd mm.mmmm"}, -60.51),
        ("latitude", "60° 30′ 36″ N", None, {"format": "dd mm.mmmm"}, 60.51),
        ("longitude", "5:30.6 W", None, {"format": "dd mm.mmmm"}, -5.51),
        ("latitude", "60-30.6N", None, {"format": "dd mm.mmmm"}, 60.51),
        ("latitude", "60° - 30.6S", None, {"format": "dd mm.mmmm"}, -60.51),
        ("latitude", "60º-30-36 N", None, {"format": "dd mm.mmmm"}, 60.51),
        ("longitude", "W005–30.6", None, {"format": "dd mm.mmmm"}, -5.51),
        ("longitude", "-5-30.6", None, {"format": "dd mm.mmmm"}, -5.51),
    ],
)
def test_positions(axis, text, letter, keys, value):
    got, invalid = one(axis, text, letter, **keys)
    assert not invalid
    assert got == pytest.approx(value, abs=1e-12)


@pytest.mark.parametrize(
    ("axis", "text", "letter", "keys"),
    [
        ("latitude", "60.5E", None, {}),
        ("longitude", "60.5", "N", {}),
        ("latitude", "-60.5S", None, {}),
        ("latitude", "-60.5", "N", {}),
        ("latitude", "60.5N", "S", {}),
        ("latitude", "60.5", "", {}),
        ("latitude", "N 60.5 N", None, {}),
        ("latitude", "60 30.6", None, {}),
        ("latitude", "60,123", None, {}),
        ("latitude", "60.5", None, {"format": "dd mm.mmmm"}),
        ("latitude", "60.5 30.6", None, {"format": "dd mm.mmmm"}),
        ("latitude", "60 60", None, {"format": "dd mm.mmmm"}),
        ("latitude", "60--30", None, {"format": "dd mm.mmmm"}),
        ("latitude", "60-30.6N", None, {"format": "ddmm.mmmm"}),
        ("latitude", "60-30.6N", None, {}),
        ("latitude", "6060.0", None, {"format": "ddmm.mmmm"}),
        ("latitude", "606000", None, {"format": "ddmmss"}),
        ("latitude", "600060", None, {"format": "ddmmss"}),
        ("latitude", "abs", None, {}),
    ],
)
def test_what_is_no_position(axis, text, letter, keys):
    value, invalid = one(axis, text, letter, **keys)
    assert invalid
    assert np.isnan(value)


def test_missing_positions_are_not_odd():
    for text, letter in (("", None), ("NaN", "N"), ("-999", ""), ("", "")):
        value, invalid = one("latitude", text, letter, missing=["-999"])
        assert np.isnan(value)
        assert not invalid


def test_positions_in_a_file(reading):
    text = "time,SST,lat,lon,ns\n"
    for hour, rest in enumerate(("1,60.5,200,N", "2,60.5,200,S", "3,x,5 W,S", "4,,,")):
        text += f"2020-01-01 0{hour}:00:00,{rest}\n"
    with pytest.warns(DataWarning) as caught:
        ds = reading(
            text,
            'SST = { column = "SST", units = "degC" }\n'
            'latitude = { column = "lat", hemisphere = "ns" }\n'
            'longitude = { column = "lon" }',
        )
    assert [str(w.message)[:35] for w in caught] == [
        "a.csv:4: latitude: 'x' is not a pos"
    ]
    assert ds.coords["latitude"].dims == ("time",)
    np.testing.assert_array_equal(ds["latitude"], [60.5, -60.5, np.nan, np.nan])
    np.testing.assert_array_equal(ds["longitude"], [-160, -160, -5, np.nan])
    assert ds["latitude"].attrs["standard_name"] == "latitude"
    assert ds["damaged"].to_numpy().tolist() == [0, 0, 1, 0]


LIMITS = {"latitude": 90.0, "longitude": 180.0}


@given(data=st.data(), axis=st.sampled_from(sorted(LIMITS)))
def test_written_positions_are_read_back(data, axis):
    limit = LIMITS[axis]
    value = data.draw(st.floats(-limit, limit, exclude_min=True))
    letter = {"latitude": "NS", "longitude": "EW"}[axis][value < 0]
    size = abs(value)
    degrees = int(size)
    minutes = min((size - degrees) * 60, 59.99999999)
    for text, letters, keys in (
        (repr(value), None, {}),
        (repr(size), letter, {}),
        (f"{size!r} {letter}", None, {}) if "e" not in repr(size) else ("0", None, {}),
        (f"{letter} {degrees} {minutes:.8f}", None, {"format": "dd mm.mmmm"}),
        (f"{degrees:03d}{minutes:011.8f}", letter, {"format": "ddmm.mmmm"}),
        (
            f"{'-' if value < 0 else ''}{degrees:02d}{minutes:011.8f}",
            None,
            {"format": "ddmm.mmmm"},
        ),
    ):
        got, invalid = one(axis, text, letters, **keys)
        assert not invalid, text
        if text != "0":
            assert got == pytest.approx(value, abs=0 if not keys else 1e-8), text


@given(st.floats(-360, 360))
def test_longitudes_are_brought_into_one_circle(longitude):
    out = to_half_circle(np.array([longitude]))[0]
    assert -180 < out <= 180
    assert np.isclose((out - longitude + 180) % 360, 180, atol=1e-9)
    if -180 < longitude <= 180:
        assert out == longitude


def test_longitudes_that_are_none_stay_for_quality_control():
    low, high = VARIABLES["longitude"].physical
    for value in (-1000.0, 361.0):
        assert to_half_circle(np.array([value]))[0] == value
        assert not low <= value <= high
