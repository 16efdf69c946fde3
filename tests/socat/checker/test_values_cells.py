"""Cells, angles, factors, flags and constants of the checker, on both sides."""

import math

import numpy as np
import pytest

from oceanco2.socat.checker import values
from oceanco2.socat.checker.columns import CheckedColumn


def column(kind, unit="", missing=None, number=1):
    return CheckedColumn(number, kind, kind, unit, missing)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1", 1.0),
        ("-1.5", -1.5),
        ("+.5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("1E-3", 0.001),
        ("1e999", None),
        ("1_0", None),
        ("inf", None),
        ("nan", None),
        ("", None),
        (".", None),
        ("\u0661", None),
    ],
)
def test_decimals(cell, number):
    assert values._parse_decimal(cell) == number


@pytest.mark.parametrize(
    ("cell", "count", "angle"),
    [
        ("12 30", 2, 12.5),
        ("-12 30", 2, -12.5),
        ("-0 30", 2, -0.5),
        ("12 30 36", 3, 12.51),
        ("12° 30' 36\"", 3, 12.51),
        ("12:30", 2, 12.5),
        ("12.25", 1, 12.25),
        ("12 0", 2, 12.0),
        ("12 59.9", 2, 12 + 59.9 / 60),
        ("12 60", 2, None),
        ("12 -1", 2, None),
        ("12 30 60", 3, None),
        ("12 30", 3, None),
        ("12 30 1", 2, None),
        ("12 x", 2, None),
    ],
)
def test_separate_angles(cell, count, angle):
    read = values._parse_separate_angle(cell, count)
    assert read is None if angle is None else read == pytest.approx(angle, abs=1e-12)


@pytest.mark.parametrize(
    ("cell", "angle"),
    [
        ("12", 12.0),
        ("12.3", 12.5),
        ("12.30", 12.5),
        ("12.3036", 12.51),
        ("12.303636", 12.5 + 36.36 / 3600),
        ("-12.3", -12.5),
        ("+12.3", 12.5),
        ("12.5959", 12 + 59 / 60 + 59 / 3600),
        ("12.60", None),
        ("12.0060", None),
        ("12.", 12.0),
        ("x", None),
        (".30", None),
    ],
)
def test_packed_angles(cell, angle):
    read = values._parse_packed_angle(cell)
    assert read is None if angle is None else read == pytest.approx(angle, abs=1e-12)


@pytest.mark.parametrize(
    ("longitude", "wrapped"),
    [
        (-180.0, 180.0),
        (-179.9, -179.9),
        (180.0, 180.0),
        (180.5, -179.5),
        (360.0, 0.0),
        (270.0, -90.0),
        (-181.0, 179.0),
        (540.0, 180.0),
        (0.0, 0.0),
    ],
)
def test_wrapped_longitudes(longitude, wrapped):
    assert values.between_180(np.array([longitude]))[0] == pytest.approx(wrapped)


def test_factors_are_those_of_the_units():
    assert values.FACTORS["kPa"] == 10.0
    assert values.FACTORS["mmHg"] == pytest.approx(1013.25 / 760, rel=1e-6)
    assert values.FACTORS["umol/mol"] == 0.001
    assert values.FACTORS["km/h"] == pytest.approx(1 / 1.852)
    assert values.FACTORS["m/s"] == pytest.approx(3600 / 1852)
    assert values.FACTORS["mph"] == pytest.approx(1609.344 / 1852)
    assert len(values.FACTORS) == 6


def test_factor_of_a_column():
    kind = "Pressure_equi"
    first, *others = column(kind).kind.units
    assert first == "hPa"
    assert "kPa" in others
    assert values.factor_of(column(kind)) == 1.0
    assert values.factor_of(column(kind, "hPa")) == 1.0
    assert values.factor_of(column(kind, "kPa")) == 10.0
    assert values.factor_of(column(kind, "mbar")) == 1.0
    read, invalid = values.numbers_of(["101.3", "x", ""], column(kind, "kPa"))
    assert read[0] == pytest.approx(1013.0)
    assert np.isnan(read[1:]).all()
    assert invalid.tolist() == [1]


@pytest.mark.parametrize(
    ("kind", "unit", "cell", "number"),
    [
        ("longitude", "deg W", "10", -10.0),
        ("longitude", "deg E", "10", 10.0),
        ("latitude", "deg S", "10", -10.0),
        ("latitude", "deg N", "10", 10.0),
        ("longitude", "deg min W", "10 30", -10.5),
        ("longitude", "deg min E", "10 30", 10.5),
        ("latitude", "deg min S", "10 30", -10.5),
        ("latitude", "deg min sec N", "10 30 36", 10.51),
        ("day_of_year", "Jan1=0.0", "0.5", 1.5),
        ("day_of_year", "Jan1=1.0", "1.5", 1.5),
    ],
)
def test_numbers_in_units(kind, unit, cell, number):
    read, invalid = values.numbers_of([cell], column(kind, unit))
    assert read[0] == pytest.approx(number)
    assert invalid.size == 0


def test_missing_cells():
    usual = values.is_missing(column("sal"))
    assert [usual(c) for c in ("", "-999", "nan", "NaN", "null", "0")] == [
        *(True, True, True, True, True, False)
    ]
    own = values.is_missing(column("sal", missing="na7"))
    assert [own(c) for c in ("", "NA7", "na7", "-999")] == [True, True, True, False]
    read, invalid = values.numbers_of(
        ["na7", "NA7", "-999", "1"], column("sal", missing="na7")
    )
    assert np.isnan(read[:2]).all()
    assert read[2:].tolist() == [-999.0, 1.0]
    assert invalid.size == 0


def test_spellings_that_only_python_accepts_are_invalid():
    for cell in ("1_0", "inf", "\u0661"):
        read, invalid = values.numbers_of(["2", cell], column("sal"))
        assert invalid.tolist() == [1]
        assert read[0] == 2.0
        assert math.isnan(read[1])


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("2", 2),
        ("2.0", 2),
        ("0", 0),
        ("9", 9),
        ("10", 4),
        ("-1", 4),
        ("2.5", 4),
        ("x", 4),
    ],
)
def test_flags(cell, flag):
    assert values._flag(cell) == flag


def test_constant():
    made = values.Constant(column("expocode", number=3))
    made.add_block(["", "-999"], 1)
    assert made.value == ""
    made.add_block(["", "A", "A"], 3)
    assert made.value == "A"
    assert made.messages() == []
    made.add_block(["A", "", "B"], 6)
    (message,) = made.messages()
    assert message.text == "expocode is not constant: 'B' after 'A', 1 row"
    assert (message.row, message.columns, message.severity, message.type) == (
        *(8, (3,)),
        *("ERROR", "metadata"),
    )
    made.add_block(["C", "B", "A"], 9)
    (message,) = made.messages()
    assert message.text == "expocode is not constant: 'B' after 'A', 3 rows"
    assert message.row == 8


def block(columns, *rows, start=1):
    cells = list(zip(*rows, strict=True))
    made = values.Block(cells, columns, start, np.zeros(len(rows), dtype=bool))
    made.check_values()
    return made


@pytest.mark.parametrize("kind", ["latitude", "salinity", "SST", "Pressure_equi"])
def test_limits_themselves_are_allowed(kind):
    name = {"salinity": "sal", "SST": "Temperature_equi"}.get(kind, kind)
    col = column(name)
    low, high = col.kind.error
    warm, warn = col.kind.warn
    step = 0.01
    for cell, severity in (
        (low - step, "beyond"),
        (high + step, "beyond"),
        (warm, None),
        (warn, None),
        (warm - step, "warning"),
        (warn + step, "warning"),
    ):
        if not math.isfinite(cell):
            continue
        found = [m.severity for m in block([col], [repr(cell)]).messages]
        worst = "CRITICAL" if col.kind.critical else "ERROR"
        if severity is None:
            assert found == []
        elif severity == "beyond" or not low <= cell <= high:
            assert found == [worst]
        else:
            assert found == ["WARNING"]


def test_flags_of_a_block():
    col = column("WOCE_CO2_water")
    made = block([col], ["2"], ["9"], [""], ["4"], start=5)
    assert made.flags().tolist() == [2, 9, 2, 4]
    assert made.column("WOCE_CO2_water").tolist() == ["2", "9", "", "4"]
    assert all(m.type == "range" and m.columns == (1,) for m in made.messages)
    assert 5 not in [m.row for m in made.messages]
    plain = block([column("sal")], ["35"], ["x"])
    assert plain.flags().tolist() == [2, 2]
    assert plain.column("sal")[0] == 35.0
    (message,) = plain.messages
    assert (message.row, message.text, message.type) == (2, "not a number: x", "number")
    assert message.severity == "ERROR"


def test_positions_of_a_block():
    columns = [column("longitude", number=1), column("latitude", number=2)]
    made = block(columns, ["200", "10"], ["", "10"], ["5", "91"], ["x", "0"])
    seconds, lon, lat = made.track(None)
    assert np.isnan(seconds).all()
    assert lon[[0, 2]].tolist() == [-160.0, 5.0]
    assert np.isnan(lon[[1, 3]]).all()
    assert lat[[0, 1, 3]].tolist() == [10.0, 10.0, 0.0]
    assert np.isnan(lat[2])
    missing = [m for m in made.messages if m.type == "position"]
    assert [(m.row, m.columns, m.severity, m.text) for m in missing] == [
        (2, (1,), "CRITICAL", "longitude is missing")
    ]
    number = next(m for m in made.messages if m.type == "number")
    assert (number.row, number.severity) == (4, "CRITICAL")
