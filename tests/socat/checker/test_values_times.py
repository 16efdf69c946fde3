"""Messages about times and numbers of single rows, word by word."""

import numpy as np
import pytest

from oceanco2.socat.checker import check_text
from oceanco2.socat.checker.columns import CheckOptions
from tests.uploads import NAMES, row, upload

SIX = (1, 2, 3, 4, 5, 6)
NOW = 1709272800.0 + 90  # 2024-03-01T06:01:30Z


def messages(rows, names=NAMES, **options):
    check = check_text(upload(rows, names), options=CheckOptions(**options))
    return [(m.row, m.columns, m.severity, m.type, m.text) for m in check.messages]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"Hour": ""}, "time is missing or not complete: 2024 3 1  1 0"),
        ({"Year": "-999"}, "time is missing or not complete: -999 3 1 6 1 0"),
        ({"Day": "31", "Month": "2"}, "not a time: 2024 2 31 6 1 0"),
        ({"Hour": "6.5"}, "not a time: 2024 3 1 6.5 1 0"),
        ({"Year": "2030"}, "in the future: 2030 3 1 6 1 0"),
    ],
)
def test_times(cells, text):
    found = messages([row(0), row(1, **cells)], now=NOW)
    assert found == [(2, SIX, "CRITICAL", "time", text)]


def test_a_missing_second_is_no_missing_time():
    found = messages([row(0), row(1, Second="")], now=NOW)
    assert found == [
        (0, SIX, "WARNING", "time", "no seconds in 1 rows: taken as 0"),
    ]


@pytest.mark.parametrize(("second", "late"), [("30", False), ("31", True)])
def test_now_is_not_the_future(second, late):
    found = messages([row(0), row(1, Second=second)], now=NOW)
    assert bool(found) is late


@pytest.mark.parametrize(
    ("column", "number", "severity"),
    [
        ("Hour", 4, "CRITICAL"),
        ("Longitude", 7, "CRITICAL"),
        ("Latitude", 8, "CRITICAL"),
        ("fCO2_water_SST_wet", 9, "ERROR"),
    ],
)
def test_cells_that_are_no_numbers(column, number, severity):
    found = messages([row(0), row(1, **{column: "x"})])
    assert found == [(2, (number,), severity, "number", "not a number: x")]


@pytest.mark.parametrize(
    ("column", "cell", "found"),
    [
        ("Longitude", "", (7, "CRITICAL", "position", "longitude is missing")),
        ("Latitude", "-999", (8, "CRITICAL", "position", "latitude is missing")),
        ("Latitude", "90.5", (8, "CRITICAL", "range", "90.5 outside [-90, 90]")),
        ("fCO2_water_SST_wet", "1e5", (9, "ERROR", "range", "outside [0, 50000]")),
        ("fCO2_water_SST_wet", "79.5", (9, "WARNING", "range", "outside [80, 1200]")),
        ("fCO2_water_SST_wet", "-999", None),
    ],
)
def test_cells_out_of_range(column, cell, found):
    result = messages([row(0), row(1, **{column: cell})])
    if found is None:
        assert result == []
        return
    ((number, columns, severity, kind, text),) = result
    assert (number, columns, severity, kind) == (2, (found[0],), *found[1:3])
    assert text.endswith(found[3])


def test_other_units_are_shown():
    names = [*NAMES, "P_equ"]
    rows = [[*row(k), cell] for k, cell in enumerate(("101.3", "250", "1000"))]
    options = {"types": {"P_equ": "Pressure_equi"}, "units": {"P_equ": "kPa"}}
    found = messages(rows, names, **options)
    assert [m[0] for m in found] == [2, 3]
    assert found[0][4].startswith("2500 outside [")
    assert found[0][4].endswith("] (250 kPa)")
    assert found[1][4].startswith("10000 outside [")


def test_flags_are_compared_as_text():
    names = [*NAMES, "WOCE_CO2_water"]
    cells = ("2", "3", "4", "9", "", "1", "5", "x")
    rows = [[*row(k), cell] for k, cell in enumerate(cells)]
    check = check_text(upload(rows, names))
    assert [(m.row, m.severity, m.text) for m in check.messages] == [
        (4, "WARNING", "9 outside [2, 4]"),
        (6, "WARNING", "1 outside [2, 4]"),
        (7, "WARNING", "5 outside [2, 4]"),
        (8, "ERROR", "x outside [1, 9]"),
    ]
    assert {(m.columns, m.type) for m in check.messages} == {((10,), "range")}
    assert check.woce_water.tolist() == [2, 3, 4, 9, 2, 1, 5, 4]


def test_two_columns_of_one_type():
    names = [*NAMES[:-1], "Latitude", NAMES[-1]]
    rows = [[*row(k)[:-1], "50", row(k)[-1]] for k in range(2)]
    check = check_text(upload(rows, names))
    assert [m.text for m in check.messages] == ["type latitude twice"]
    np.testing.assert_array_equal(check.track[2], [-30.0, -30.0])


def test_orders_of_dates_that_would_be_valid():
    names = ["Date", "Time", *NAMES[6:], "SST"]
    rows = [[day, "06:00", *row()[6:], "20"] for day in ("01-13-2024", "02-14-2024")]
    assert check_text(upload(rows, names)).date_orders == ("mm-dd-yyyy",)
    options = CheckOptions(date_order="mm-dd-yyyy")
    check = check_text(upload(rows, names), options=options)
    assert check.date_orders == ()
    assert check.track[0].tolist() == [1705125600.0, 1707890400.0]
