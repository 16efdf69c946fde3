"""Parts of variables: names, clocks, flags, labels and bookkeeping."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import VariableSource
from oceanco2.readers import variables
from oceanco2.readers.runs import RunRows
from oceanco2.readers.table import StreamRows, table_of
from oceanco2.vocabulary import FLAG_VALUES, MISSING
from tests.readers.conftest import small_platform


def rows_of(columns, units=None, **definition):
    size = len(next(iter(columns.values())))
    table = table_of(columns, np.arange(1, size + 1))
    table.file = "f"
    table.units = units or {}
    base = small_platform("", 'SST = { column = "SST", units = "degC" }').files["a"]
    return StreamRows([table], base.model_copy(update=definition), "where")


def texts(*cells):
    return np.array(cells, dtype=object)


def no_smooth(values, _window):
    return values


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("SST", "SST"),
        ("SST_raw", "SST"),
        ("fCO2_water_SST_wet_delivered", "fCO2_water_SST_wet"),
    ],
)
def test_base_names(name, base):
    assert variables.base_name(name) == base


def test_clocks():
    times = np.array(["2020-01-01"], "datetime64[s]")
    found = variables.clock_variables({"gps": times})
    dim, values, attrs = found["clock_gps"]
    assert (dim, values.dtype) == ("time", np.dtype("datetime64[ns]"))
    assert values[0] == times[0]
    assert attrs == {"long_name": "time by the clock of the gps"}


def test_bookkeeping():
    rows = rows_of({"SST": np.array([1.0, 2.0, 3.0])})
    damaged = np.array([False, True, False])
    found = variables.bookkeeping_variables(rows, None, damaged)
    assert {n: v[1].tolist() for n, v in found.items()} == {
        "source_file": [0, 0, 0],
        "source_row": [1, 2, 3],
        "damaged": [0, 1, 0],
    }
    assert [v[1].dtype for v in found.values()] == [np.int16, np.int32, np.int8]
    attrs = found["damaged"][2]
    assert attrs["flag_values"].tolist() == [0, 1]
    assert attrs["flag_meanings"] == "no yes"
    labels = texts("STD 1", "", "A-b+c@d.e_f")
    codes = np.array([1, 2, 3], dtype=np.int8)
    found = variables.bookkeeping_variables(
        rows, RunRows(labels, codes, codes - 2, []), damaged
    )
    assert found["run_label"][2]["flag_meanings"] == "A-b+c@d.e_f STD_1 blank"
    assert "labels" not in found["run_label"][2]  # STD 1 is no standard here
    runs = RunRows(labels, codes[::-1], codes - 2, [])
    found |= variables.bookkeeping_variables(rows, runs, damaged[::-1])
    assert found["run_label"][2]["labels"] == "A-b+c@d.e_f\nSTD 1\n"
    found = variables.bookkeeping_variables(
        rows, RunRows(labels, codes, codes - 2, []), damaged
    )
    assert found["run_label"][1].tolist() == [1, 2, 0]
    assert found["run_label"][1].dtype == np.int16
    assert found["run_type"][1].tolist() == [1, 2, 3]
    assert found["run_type"][2]["standard_name"] == "status_flag"
    assert found["standard"][1].tolist() == [-1, 0, 1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2", 2),
        (" 3. ", 3),
        ("4.0", 4),
        ("", FLAG_VALUES["not_evaluated"]),
        ("NaN", FLAG_VALUES["not_evaluated"]),
        ("-999", MISSING),
        ("-9.0", MISSING),
        ("good", 2),
        ("B.0", 4),
        ("7.0", 3),
    ],
)
def test_flags(text, code):
    mapping = {"good": 2, "B": 4, "7": 3}
    source = VariableSource(column="SST", flag="QF", flag_map=mapping)
    rows = rows_of({"QF": texts(text, "2")})
    found = variables.delivered_flags(source, rows, "QF")
    assert found.tolist() == [code, 2]
    assert found.dtype == np.int8


def test_unknown_flags():
    source = VariableSource(column="SST", flag="QF")
    rows = rows_of({"QF": texts("2", "x")})
    with pytest.raises(ReadError, match=r"f:2: column 'QF'.*'x'"):
        variables.delivered_flags(source, rows, "QF")
    rows.tables[0].damaged[1] = True
    found = variables.delivered_flags(source, rows, "QF")
    assert found.tolist() == [2, FLAG_VALUES["not_evaluated"]]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"column": "a"}, [1.0, 2.0]),
        ({"sum": ["a", "b"]}, [11.0, 22.0]),
        ({"difference": ["b", "a"]}, [9.0, 18.0]),
        ({"column": "a", "missing": ["2"]}, [1.0, np.nan]),
        ({"sum": ["a", "b"], "missing": ["10"]}, [np.nan, 22.0]),
    ],
)
def test_values(more, expected):
    rows = rows_of({"a": np.array([1.0, 2.0]), "b": np.array([10.0, 20.0])})
    source = VariableSource(units="hPa", **more)
    found, invalid = variables.values_of("P_equ", source, rows, no_smooth)
    np.testing.assert_allclose(found, expected)
    assert not invalid.any()


def test_units_and_invalid_cells():
    rows = rows_of({"a": texts("1", "x", "2"), "b": texts("y", "1", "2")})
    source = VariableSource(sum=["a", "b"], units="kPa")
    found, invalid = variables.values_of("P_equ", source, rows, no_smooth)
    assert found[2] == pytest.approx(40.0)
    assert invalid.tolist() == [True, True, False]
    found, invalid = variables.values_of(
        "P_equ", VariableSource(value=101.0, units="kPa"), rows, no_smooth
    )
    np.testing.assert_allclose(found, [1010.0] * 3)
    assert invalid.tolist() == [False] * 3


@pytest.mark.parametrize(
    ("columns", "expected"),
    [(["a"], [101.0, 102.0]), (["a", "b"], [111.0, 122.0])],
)
def test_only_the_added_column_is_smoothed(columns, expected):
    rows = rows_of({"a": np.array([1.0, 2.0]), "b": np.array([10.0, 20.0])})
    source = VariableSource(sum=columns, units="hPa", smooth_seconds=60.0)
    found, _ = variables.values_of(
        "P_equ", source, rows, lambda v, window: v + window + 40.0
    )
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize(
    ("name", "unit", "more", "wrong"),
    [
        ("latitude", "ddmm.mmmm", {}, True),
        ("latitude", "ddmm.mmmm", {"format": "ddmm.mmmm"}, False),
        ("longitude", "dddmm.mmmm", {}, True),
        ("longitude", "degC", {}, False),
    ],
)
def test_formats_of_positions(name, unit, more, wrong):
    rows = rows_of({"a": np.array([1.0])}, units={"a": {unit}})
    source = VariableSource(column="A ", **more)
    if wrong:
        text = f"f: column 'A ?' is in '{unit}', but the format is 'decimal'"
        with pytest.raises(ReadError, match=text):
            variables.check_format(source, rows)
    else:
        variables.check_format(source, rows)


def test_positions():
    rows = rows_of({"a": np.array([200.0, -10.0]), "b": texts("95N", "45")})
    source = VariableSource(column="a")
    found, _ = variables.values_of("longitude", source, rows, no_smooth)
    assert found.tolist() == [-160.0, -10.0]
    source = VariableSource(column="b")
    found, invalid = variables.values_of("latitude", source, rows, no_smooth)
    assert invalid.tolist() == [True, False]
    source = VariableSource(column="b", missing=["45"])
    found, invalid = variables.values_of("latitude", source, rows, no_smooth)
    assert np.isnan(found[1])
    assert not invalid[1]
