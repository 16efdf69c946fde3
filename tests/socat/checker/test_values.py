"""Numbers, units, missing values, limits, flags, positions and the track."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oceanco2.geography import distance_km
from oceanco2.socat.checker import check_text
from oceanco2.socat.checker.columns import CheckedColumn, CheckOptions
from oceanco2.socat.checker.rows import check_track
from oceanco2.socat.checker.values import between_180, numbers_of
from oceanco2.socat.types import data_types, missing_codes
from tests.uploads import NAMES, row, upload


def messages_of(text, **options):
    check = check_text(text, options=CheckOptions(**options))
    return [(m.severity, m.row, m.columns, m.text) for m in check.messages]


def with_column(name, cells):
    rows = [[*row(k), cell] for k, cell in enumerate(cells)]
    return upload(rows, names=(*NAMES, name))


def value(cell, kind, unit, missing=None):
    values, wrong = numbers_of([cell], CheckedColumn(1, "x", kind, unit, missing))
    return None if wrong.size else float(values[0])


# ---- numbers and units --------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        ("12.5", "deg E", 12.5),
        ("12.5", "deg W", -12.5),
        ("12 30", "deg min E", 12.5),
        ("-12 30", "deg min E", -12.5),
        ("-0 30", "deg min E", -0.5),
        ("12° 30.6'", "deg min W", -12.51),
        ("12 30 36", "deg min sec E", 12.51),
        ("12:30:36.0", "deg min sec W", -12.51),
        ("12.3036", "DDD.MMSSss E", 12.51),
        ("-12.303660", "DDD.MMSSss E", -(12 + 30 / 60 + 36.6 / 3600)),
        ("12", "DDD.MMSSss W", -12.0),
        ("12.3", "DDD.MMSSss E", 12.5),
        ("12 60", "deg min E", None),
        ("12 -3", "deg min E", None),
        ("12", "deg min E", None),
        ("12 30 61", "deg min sec E", None),
        ("12.6100", "DDD.MMSSss E", None),
        ("12.5W", "deg W", None),
    ],
)
def test_degrees(cell, unit, expected):
    for kind in ("longitude", "latitude"):
        name = unit.replace("W", "S").replace("E", "N").replace("DDD", "DD")
        found = value(cell, kind, name if kind == "latitude" else unit)
        assert found == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("kind", "unit", "cell", "expected"),
    [
        ("Pressure_equi", "hPa", "1013.25", 1013.25),
        ("Pressure_equi", "kPa", "101.325", 1013.25),
        ("Pressure_atm", "mmHg", "760", 1013.249764),
        ("xH2O_equi", "mmol/mol", "13", 13.0),
        ("xH2O_equi", "umol/mol", "13000", 13.0),
        ("ship_speed", "knots", "10", 10.0),
        ("ship_speed", "km/h", "18.52", 10.0),
        ("ship_speed", "m/s", "5.144444", 10.0),
        ("ship_speed", "mph", "11.5077945", 10.0),
        ("wind_speed_true", "m/s", "10", 10.0),
        ("xCO2_water_sst_dry_ppm", "umol/mol", "380", 380.0),
        ("day_of_year", "Jan1=0.0", "59.5", 60.5),
    ],
)
def test_units(kind, unit, cell, expected):
    assert unit in data_types()[kind].units
    assert value(cell, kind, unit) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("code", [*missing_codes(), "NaN", "n/a", "nan", "Null"])
def test_missing_values(code):
    assert np.isnan(value(code, "temp", ""))
    assert np.isnan(value(code, "latitude", "deg min N"))


def test_a_missing_value_of_ones_own_replaces_the_others():
    assert np.isnan(value("-9", "temp", "", "-9"))
    assert np.isnan(value("", "temp", "", "-9"))
    assert value("-999", "temp", "", "-9") == -999
    assert value("NaN", "temp", "", "-9") is None
    text = with_column("SST [deg C]", ["18", "-9.00"])
    assert messages_of(text)[0][3] == "-9 outside [-5, 40]"
    assert messages_of(text, missing={"#10": "-9.00"}) == []


@pytest.mark.parametrize(
    "cell", ["1011.3.0", "1_0", "١٢", "inf", "1e999", "12,5", "0x10", "--5", "1 2"]
)
def test_what_is_no_number(cell):
    assert value(cell, "temp", "") is None
    found = messages_of(with_column("SST [deg C]", ["18", cell]))
    assert found == [("ERROR", 2, (10,), f"not a number: {cell}")]


@settings(deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1), st.sampled_from(["", "NA", "x"]))
def test_numbers_are_what_python_reads(numbers, other):
    cells = [*map(repr, numbers), other]
    assume(not set(missing_codes()) & set(cells[:-1]))
    values, wrong = numbers_of(cells, CheckedColumn(1, "x", "temp", "deg C"))
    assert values[:-1].tolist() == numbers
    assert np.isnan(values[-1])
    assert wrong.tolist() == ([len(numbers)] if other == "x" else [])


# ---- limits -------------------------------------------------------------------------

LIMITED = [
    ("Sample_depth [m]", 10, 0, None, None, 16000),
    ("Salinity [PSU]", 35, -0.1, 0, 42, 50),
    ("SST [deg C]", 18, -10, -5, 40, 50),
    ("T_equ [deg C]", 18, -10, -5, 40, 50),
    ("T_atm", 18, -10, -5, 40, 50),
    ("P_equ [hPa]", 1010, 750, 900, 1100, 1250),
    ("P_atm [hPa]", 1010, 750, 900, 1100, 1250),
    ("xCO2_water_Tequ_dry [umol/mol]", 380, 0, 80, 1200, 50000),
    ("xCO2_atm_interp [umol/mol]", 380, 0, 80, 1200, 50000),
    ("delta_fCO2 [uatm]", 1, -850, None, 850, 35000),
    ("xH2O_equ [mmol/mol]", 10, None, 0.2, 20, None),
    ("ship_speed [knots]", 10, None, 0, 50, None),
    ("wind_speed_true [m/s]", 10, None, 0, 50, None),
    ("ship_dir [deg clk N]", 10, None, 0, 360, None),
    ("wind_dir_true", 10, None, 0, 360, None),
]


@pytest.mark.parametrize(("name", "good", "bad", "low", "high", "worst"), LIMITED)
def test_limits(name, good, bad, low, high, worst):
    """docs/socat-rules.md#checks-of-values; reported only outside."""
    for limit, sign, severity in (
        (bad, -1, "ERROR"),
        (low, -1, "WARNING"),
        (high, 1, "WARNING"),
        (worst, 1, "ERROR"),
    ):
        if limit is None:
            continue
        at, beyond = messages_of(with_column(name, [str(limit)])), limit + sign * 0.01
        found = messages_of(with_column(name, [str(good), repr(beyond)]))
        assert [(s, r, c) for s, r, c, _ in found] == [(severity, 2, (10,))]
        milder = {"ERROR": "WARNING", "WARNING": None}[severity]
        edge = low if sign < 0 else high
        doubtful = milder is not None and edge is not None
        assert [s for s, *_ in at] == ([milder] if doubtful else [])


def test_flags_are_compared_as_texts():
    cells = ["2", "3", "4", "", "NaN", "2.0", "9", "5", "1", "0", "A", "10"]
    check = check_text(with_column("WOCE_CO2_water", cells))
    assert [(m.row, m.severity) for m in check.messages] == [
        (7, "WARNING"),
        (8, "WARNING"),
        (9, "WARNING"),
        (10, "ERROR"),
        (11, "ERROR"),
        (12, "WARNING"),
    ]
    assert check.woce_water.tolist() == [2, 3, 4, 2, 2, 2, 9, 5, 1, 4, 4, 4]


def test_errors_set_flag_4_and_warnings_nothing():
    names = (*NAMES, "SST [deg C]", "WOCE_CO2_water")
    cells = [("18", "3"), ("45", "3"), ("55", "3"), ("x", ""), ("18", "")]
    rows = [[*row(k), *pair] for k, pair in enumerate(cells)]
    check = check_text(upload(rows, names=names))
    assert check.woce_water.tolist() == [3, 3, 4, 4, 2]
    assert check.acceptable
    assert check.error_rows == 2


# ---- positions ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"Latitude": "NaN"}, [("CRITICAL", (8,), "latitude is missing")]),
        ({"Longitude": ""}, [("CRITICAL", (7,), "longitude is missing")]),
        ({"Latitude": "9o"}, [("CRITICAL", (8,), "not a number: 9o")]),
        ({"Latitude": "90.5"}, [("CRITICAL", (8,), "90.5 outside [-90, 90]")]),
        ({"Longitude": "541"}, [("CRITICAL", (7,), "541 outside [-540, 540]")]),
        ({"Longitude": "370"}, [("WARNING", (7,), "370 outside [-180, 360]")]),
        ({"Longitude": "-350"}, [("WARNING", (7,), "-350 outside [-180, 360]")]),
    ],
)
def test_positions(change, found):
    check = check_text(upload([row(0, **change)]))
    assert [(m.severity, m.columns, m.text) for m in check.messages] == found
    if found[0][0] == "CRITICAL":
        assert (check.status, check.acceptable) == ("Unacceptable", False)
        assert check.woce_water.tolist() == [4]
    else:
        assert check.track[1][0] == 10


def test_rows_without_place_do_not_disturb_the_track():
    rows = [row(k) for k in range(5)]
    rows[2] = row(2, Latitude="-999")
    rows[3] = row(3, Minute="61")
    found = messages_of(upload(rows))
    assert [(s, r) for s, r, *_ in found] == [
        ("CRITICAL", 3),
        ("ERROR", 4),
        ("CRITICAL", 4),
    ]


@settings(deadline=None)
@given(st.floats(-540, 540))
def test_longitudes_are_the_same_meridian_between_180(longitude):
    found = between_180(np.array([longitude]))[0]
    assert -180 < found <= 180
    turns = (found - longitude) / 360
    assert abs(turns - round(turns)) < 1e-9


# ---- the track ----------------------------------------------------------------------


def literally(seconds, longitude, latitude):
    """docs/socat-rules.md#track-checks, word by word and slowly."""
    n = len(seconds)
    places = sorted(
        range(1, n + 1),
        key=lambda r: (seconds[r - 1], longitude[r - 1], latitude[r - 1], r),
    )

    def walk(sequence, expected, step):
        misordered, accepted = [], []
        for number in sequence:
            while (number - expected) * step > 0:
                misordered.append(expected)
                expected += step
            if number == expected:
                accepted.append(number)
                expected += step
        return sorted(misordered), sorted(accepted, key=places.index)

    answers = []
    for sequence, first, step in ((places, 1, 1), (places[::-1], n, -1)):
        misordered, accepted = walk(sequence, first, step)
        found = [(number, "order", "CRITICAL") for number in misordered]
        for before, after in itertools.pairwise(accepted):
            a, b = before - 1, after - 1
            km = float(
                distance_km(latitude[a], longitude[a], latitude[b], longitude[b])
            )
            hours = (seconds[b] - seconds[a]) / 3600
            days = hours / 24
            still = np.inf if km > 0 else 0.0
            knots = 0.539957 * km / hours if hours else still
            if knots > 80:
                found.append((after, "speed", "ERROR" if knots > 400 else "WARNING"))
            elif days > 28:
                found.append((after, "gap", "ERROR" if days > 84 else "WARNING"))
        answers.append(found)
    forward, backward = answers
    return backward if len(backward) < len(forward) else forward


track_row = st.tuples(
    st.integers(0, 8) | st.integers(0, 4000),  # hours
    st.sampled_from([0.0, 0.001, 1.0, 8.0]) | st.floats(-180, 180),
    st.sampled_from([0.0, 0.001]) | st.floats(-90, 90),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(track_row, max_size=14))
def test_track_is_what_the_text_says(rows):
    hours, longitude, latitude = np.array(rows, dtype=float).reshape(-1, 3).T
    found = check_track(hours * 3600, longitude, latitude)
    expected = literally(hours * 3600, longitude, latitude)
    assert [(f.row + 1, f.test, f.severity) for f in found] == expected


@settings(deadline=None)
@given(st.permutations(range(12)))
def test_shuffled_rows(order):
    """One row a time, hours apart: every row is in order or named, none twice."""
    hours = np.array(order, dtype=float)
    still = np.zeros(12)
    found = check_track(hours * 3600, still, still)
    rows = [f.row for f in found]
    assert len(set(rows)) == len(rows)
    kept = np.delete(hours, rows)
    assert (np.diff(kept) > 0).all()
    expected = literally(hours * 3600, still, still)
    assert [row + 1 for row in rows] == [row for row, *_ in expected]


def test_equal_times():
    moment = np.zeros(3)
    east = np.array([0.0, 0.0, 0.001])
    assert check_track(moment[:2], east[:2], moment[:2]) == []  # nothing moves
    (found,) = check_track(moment, east, moment)
    assert (found.row, found.test, found.severity) == (2, "speed", "ERROR")
    assert found.reason == "speed infinite"
    falling = check_track(moment, east[::-1], moment)
    assert {f.test for f in falling} == {"order"}


def test_messages_are_ready_for_json():
    rows = [row(0), row(2, Longitude="12"), row(1), row(3, Latitude="x")]
    check = check_text(upload(rows))
    json.dumps([(m.row, m.columns, m.text) for m in check.messages])
    assert all(type(m.row) is int for m in check.messages)
