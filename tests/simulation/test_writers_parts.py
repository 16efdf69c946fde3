"""Cells of raw files: numbers, positions, times, columns, lines that are lost."""

from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import OptionError
from oceanco2.platforms import Time, VariableSource
from oceanco2.simulation.faults import Day
from oceanco2.simulation.instrument import SimulatedRows
from oceanco2.simulation.writers import (
    _apply_faults,
    _invert_polynomials,
    _run_columns,
    _split_parts,
    arrange_columns,
    format_numbers,
    format_positions,
    format_times,
    time_columns,
)

T = np.array(["2024-03-01T06:00:00", "2024-12-31T23:59:59.500"], "datetime64[ms]")


def cells(columns):
    return {name: texts.tolist() for name, texts in columns.items()}


def test_numbers():
    assert format_numbers(np.array([1.25, np.nan, -3.0]), 3).tolist() == [
        *("1.250", "", "-3.000"),
    ]


@pytest.mark.parametrize(
    ("value", "layout", "digits", "text"),
    [
        (12.3456789, "decimal", 5, "12.34568"),
        (-12.5, "decimal", 2, "-12.50"),
        (12.5, "ddmm.mmmm", 4, "1230.0000"),
        (-0.1, "ddmm.mmmm", 4, "-006.0000"),
        (5.0 / 60.0, "ddmm.mmmm", 4, "005.0000"),
        (12.9999999999, "ddmm.mmmm", 4, "1300.0000"),
        (12.5, "dd mm.mmmm", 4, "12 30.0000"),
        (-12.5, "dd mm.mmmm", 2, "-12 30.00"),
        (12.0 + 34.0 / 60.0 + 5.25 / 3600.0, "ddmmss", 2, "123405.25"),
        (-(1.0 + 2.0 / 60.0 + 3.0 / 3600.0), "ddmmss", 1, "-10203.0"),
        (12.99999999, "ddmmss", 2, "130000.00"),
        (np.nan, "ddmmss", 2, ""),
    ],
)
def test_positions(value, layout, digits, text):
    source = VariableSource(column="x", format=layout)
    found = format_positions(np.array([value]), "latitude", source, digits)
    assert cells(found) == {"x": [text]}


def test_signs_and_letters_of_positions():
    values = np.array([-1.5, 2.5, 0.0])
    for name, letters in (("latitude", "SNN"), ("longitude", "WEE")):
        source = VariableSource(column="x", hemisphere="h")
        assert cells(format_positions(values, name, source, 1)) == {
            "x": ["1.5", "2.5", "0.0"],
            "h": list(letters),
        }
    for positive in ("west", "south"):
        source = VariableSource(column="x", positive=positive)
        found = format_positions(values[:2], "longitude", source, 1)
        assert cells(found) == {"x": ["1.5", "-2.5"]}
    for positive in ("east", "north"):
        source = VariableSource(column="x", positive=positive)
        found = format_positions(values[:2], "longitude", source, 1)
        assert cells(found) == {"x": ["-1.5", "2.5"]}


def test_columns_in_order():
    one, two, other = (np.array([x], object) for x in ("1", "2", "3"))
    columns = {("a", 2): two, ("b", 1): other, ("a", 1): one}
    table = [(n, t.tolist()) for n, t in arrange_columns(columns, None, 1)]
    assert table == [("a", ["1"]), ("b", ["3"]), ("a", ["2"])]
    table = arrange_columns(columns, ["b", "x", "a", "a", "a"], 1)
    assert [(n, t.tolist()) for n, t in table] == [
        *(("b", ["3"]), ("x", [""]), ("a", ["1"]), ("a", ["2"]), ("a", [""])),
    ]
    skipped = arrange_columns({("a", 3): one}, None, 1)
    assert [t.tolist() for _, t in skipped] == [[""], [""], ["1"]]


#: Descriptions of time and what is written.
TIMES = [
    (
        {"columns": ["d", "t"], "format": "%d/%m/%y %H:%M:%S"},
        {"d": ["01/03/24", "31/12/24"], "t": ["06:00:00", "23:59:59"]},
    ),
    (
        {"columns": ["d", "t"], "format": "%d %b %Y %H:%M"},
        {"d": ["01 Mar 2024", "31 Dec 2024"], "t": ["06:00", "23:59"]},
    ),
    (
        {"seconds": "s", "since": datetime(2024, 3, 1, tzinfo=UTC)},
        {"s": ["21600.000", "26438399.500"]},
    ),
    (
        {"days": "n", "since": "excel"},
        {"n": ["45352.25000000", "45657.99999421"]},
    ),
    (
        {"days": "n", "since": datetime(2024, 3, 1, tzinfo=UTC)},
        {"n": ["0.25000000", "305.99999421"]},
    ),
    (
        {"decimal_year": "y"},
        {"y": ["2024.16461748634", "2024.99999998419"]},
    ),
    (
        {"date": "d", "date_format": "%Y%m%d", "time": "t", "time_format": "%H%M%S"},
        {"d": ["20240301", "20241231"], "t": ["060000", "235959"]},
    ),
    (
        {"date": "d", "date_format": ["%Y%m%d", "%d.%m.%Y"], "day_fraction": "f"},
        {"d": ["20240301", "20241231"], "f": ["0.250000000", "0.999994213"]},
    ),
    (
        {"year": "Y", "month": "M", "day": "D"},
        {
            "Y": ["2024", "2024"],
            "M": ["03", "12"],
            "D": ["1.2500000000", "31.9999942130"],
        },
    ),
    (
        {"year": "Y", "month": "M", "day": "D", "hour": "h"},
        {
            "Y": ["2024", "2024"],
            "M": ["03", "12"],
            "D": ["1", "31"],
            "h": ["6.000000000", "23.999861111"],
        },
    ),
    (
        {"year": 2024, "day_of_year": "doy"},
        {"doy": ["61.2500000000", "366.9999942130"]},
    ),
    (
        {"year": "Y", "day_of_year": "doy", "january_first": 0, "hour": "h"}
        | {"minute": "m", "second": "s"},
        {
            "Y": ["2024", "2024"],
            "doy": ["60", "365"],
            "h": ["6", "23"],
            "m": ["0", "59"],
            "s": ["0.000000000", "59.500000000"],
        },
    ),
]


@pytest.mark.parametrize(("spec", "expected"), TIMES)
def test_times_as_described(spec, expected):
    definition = SimpleNamespace(time=Time(**spec))
    found = cells(time_columns(definition, T, "[files.x]"))
    assert list(found) == list(expected)
    for name, texts in expected.items():
        if name == "s" and "since" not in spec:  # a remainder of the day
            read = [float(x) for x in found[name]]
            np.testing.assert_allclose(read, [0.0, 59.5], atol=1e-4)
        else:
            assert found[name] == texts, name


def test_local_times_and_what_cannot_be_written():
    spec = {"columns": ["t"], "format": "%Y-%jT%H", "offset_seconds": 7200}
    found = time_columns(SimpleNamespace(time=Time(**spec)), T[:1], "w")
    assert cells(found) == {"t": ["2024-061T04"]}
    three = {"columns": ["a", "b", "c"], "format": "%Y-%m-%d %H:%M"}
    with pytest.raises(OptionError, match=r"'%Y-%m-%d %H:%M' in\s+3 columns"):
        time_columns(SimpleNamespace(time=Time(**three)), T, "w")
    with pytest.raises(OptionError, match=r"\[files.x\] lacks 'time'"):
        time_columns(SimpleNamespace(time=None), T, "[files.x]")
    assert format_times(T[:1], "%j %y").tolist() == ["061 24"]


def parts(source, values, scale=1.0):
    raw = np.array(values) / scale
    found = _split_parts(VariableSource(**source), np.array(values), raw, scale, 2)
    return cells(found)


def test_values_that_are_read_from_several_columns():
    assert parts({"column": "a"}, [1.5]) == {"a": ["1.50"]}
    assert parts({"sum": ["a", "b"]}, [1.5, 0.5]) == {
        "a": ["1.10", "0.50"],
        "b": ["0.40", "0.00"],
    }
    assert parts({"sum": ["a", "b", "c"]}, [10.0], 0.1) == {
        "a": ["92.00"],
        "b": ["4.00"],
        "c": ["4.00"],
    }
    assert parts({"sum": ["a", "b"]}, [1.0]) == {"a": ["0.60"], "b": ["0.40"]}
    assert parts({"difference": ["a", "b"]}, [10.0], 0.1) == {
        "a": ["104.00"],
        "b": ["4.00"],
    }


def test_calibrations_are_inverted_from_their_dates_on():
    def entry(date, *polynomial):
        return SimpleNamespace(
            valid_from=datetime.fromisoformat(f"{date}T00:00:00+00:00"),
            polynomial=list(polynomial),
        )

    entries = [entry("2024-06-01", 1.0, 2.0), entry("2024-01-01", 0.5, 1.0, 0.01)]
    times = np.array(["2023-12-31", "2024-01-01", "2024-06-01"], "datetime64[ms]")
    values = np.full(3, 10.0)
    found = _invert_polynomials(values, entries, times)
    assert found[0] == 10.0
    assert 0.5 + found[1] + 0.01 * found[1] ** 2 == pytest.approx(10.0)
    assert found[2] == pytest.approx(4.5)
    assert values.tolist() == [10.0] * 3


def job(main=True, labels=("a|b", "c"), columns=("r1", "r2"), **day):
    size = len(labels)
    rows = SimulatedRows(np.arange(size), np.array(labels, object), {}, {})
    made = Day(rows, rows, ())
    made.is_logged = np.ones(size, dtype=bool)
    for name, value in day.items():
        setattr(made, name, value)
    definition = SimpleNamespace(run_columns=columns)
    return SimpleNamespace(main=main, day=made, rows=rows, definition=definition)


def test_parts_of_a_label_have_columns():
    assert cells(_run_columns(job())) == {"r1": ["a", "c"], "r2": ["b", ""]}
    assert all(v.dtype == object for v in _run_columns(job()).values())
    assert _run_columns(job(main=False)) == {}
    assert _run_columns(job(columns=None)) == {}


LINES = [f"line {n} of ten" for n in range(10)]


def test_lines_of_the_log():
    ten = {"labels": ["x"] * 10}
    assert _apply_faults(job(**ten), LINES) == LINES
    cut = _apply_faults(job(**ten, truncated=[3]), LINES)
    assert cut == [*LINES[:3], "line 3 ", *LINES[4:]]  # six tenths of 13 letters
    twice = _apply_faults(job(**ten, repeated=[2, 3, 4]), LINES)
    assert twice == [*LINES[:5], *LINES[2:5], *LINES[5:]]
    end = _apply_faults(job(**ten, repeated=[8, 9]), LINES)
    assert end == [*LINES, *LINES[8:]]
    logged = np.arange(10) != 3
    fewer = _apply_faults(job(**ten, is_logged=logged, repeated=[2, 3]), LINES)
    assert fewer == [*LINES[:3], LINES[2], *LINES[4:]]
    assert _apply_faults(job(main=False, **ten, truncated=[3]), LINES) == LINES
