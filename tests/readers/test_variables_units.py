"""Units that files state, commas of three digits, and values that cannot be."""

import numpy as np
import pytest

from oceanco2.errors import DataWarning, ImpossibleWarning, ReadError
from oceanco2.platforms import VariableSource
from oceanco2.readers import variables
from oceanco2.readers.table import StreamRows, column_key, table_of, units_by_column
from tests.readers.conftest import small_platform

ANSWER = 'If this is right: [accepted] units.P_equ = "why"'


def rows_of(*tables, **definition):
    """Rows of files f1, f2 ... with columns and their units."""
    made = []
    for number, (columns, units) in enumerate(tables, 1):
        cells = {
            name: np.array(values, dtype=object) for name, values in columns.items()
        }
        table = table_of(cells, np.arange(1, len(next(iter(cells.values()))) + 1))
        table.file, table.units = f"f{number}", units
        made.append(table)
    base = small_platform("", 'SST = { column = "SST", units = "degC" }').files["a"]
    return StreamRows(made, base.model_copy(update=definition), "where")


def checked(name, rows, accepted=None, **source):
    return variables.check_units(name, VariableSource(**source), rows, accepted or {})


@pytest.mark.parametrize(
    ("stated", "declared", "told"),
    [
        ("hPa", "hPa", None),
        ("mbar", "hPa", None),
        ("HPA", "mbar", None),
        ("bananas", "hPa", None),
        ("", "hPa", None),
        ("kPa", "hPa", "kPa"),
        ("KPA", "hPa", "kPa"),
        ("degC", "hPa", "degC"),
        ("hPa", "kPa", "hPa"),
    ],
)
def test_a_row_of_units(stated, declared, told):
    rows = rows_of(({"a": ["1"]}, {"a": {stated}}))
    units, warnings = checked("P_equ", rows, column="A ", units=declared)
    assert units == declared
    message = (
        f"f1: column 'A ' is in {told!r}, but where says {declared!r}, which is used."
        f" {ANSWER}"
    )
    assert warnings == ([message] if told else [])


@pytest.mark.parametrize(
    "accepted", [{"units": "checked"}, {"units": {"P_equ": "checked"}}]
)
def test_an_answer_ends_the_warning(accepted):
    rows = rows_of(({"a": ["1"]}, {"a": {"kPa"}}))
    source = {"column": "a", "units": "hPa"}
    assert checked("P_equ", rows, accepted, **source) == ("hPa", [])
    other = {"units": {"P_atm": "checked"}}
    assert len(checked("P_equ", rows, other, **source)[1]) == 1


def test_units_in_the_name_of_the_file_count_where_there_is_no_row():
    rows = rows_of(({"press (kPa)": ["1"]}, {}))
    _, (warning,) = checked("P_equ", rows, column="PRESS (kPa)", units="hPa")
    assert warning.startswith("f1: column 'PRESS (kPa)' is in 'kPa', but where says")
    rows = rows_of(({"press (kPa)": ["1"]}, {"press (kpa)": {"hPa"}}))
    assert checked("P_equ", rows, column="press (kPa)", units="hPa")[1] == []


def test_every_column_and_file_is_compared():
    units = {"a": {"kPa"}}
    rows = rows_of(
        ({"a": ["1"], "b": ["1"]}, {"a": {"hPa"}, "b": {"Pa"}}),
        ({"a": ["1"], "b": ["1"]}, units),
        ({"a": ["1"], "b": ["1"]}, units),
        ({"c": ["1"]}, {}),
    )
    _, told = checked("P_equ", rows, sum=["a", "b"], units="hPa")
    assert [line.partition(", but")[0] for line in told] == [
        "f1: column 'b' is in 'Pa'",
        "f2: column 'a' is in 'kPa' (and 1 more)",
    ]


def test_a_column_that_a_file_lacks_does_not_hide_the_next():
    rows = rows_of(({"b": ["1"]}, {"b": {"kPa"}}))
    assert list(
        variables.stated_units("P_equ", VariableSource(sum=["a", "b"]), rows)
    ) == ["kPa"]
    _, (warning,) = checked("P_equ", rows, sum=["a", "b"], units="hPa")
    assert warning.startswith("f1: column 'b' is in 'kPa'")


def test_columns_of_one_name_have_their_own_units():
    keys = units_by_column(["T", "SST", "T", "x"], ["degC", "", "K"])
    assert keys == {"t": {"degC"}, "t #2": {"K"}}
    assert column_key(" T ", 2) == "t #2"
    rows = rows_of(({"T": ["1"], "t": ["2"]}, {"t": {"degC"}, "t #2": {"K"}}))
    first = {"column": "T", "units": "degC"}
    assert checked("SST", rows, **first)[1] == []
    assert len(checked("SST", rows, **first, occurrence=2)[1]) == 1


def test_only_the_first_column_of_a_sum_may_be_a_later_one():
    units = {"p": {"hPa"}, "p #2": {"kPa"}, "dp": {"Pa"}}
    rows = rows_of(({"p": ["1"], "P": ["1,013"], "dp": ["1"]}, units))
    source = VariableSource(sum=["p", "dp"], occurrence=2)
    assert list(variables.stated_units("P_equ", source, rows)) == ["kPa", "Pa"]
    with pytest.raises(ReadError, match="column 'p' has cells such as '1,013'"):
        variables.check_commas("P_equ", source, rows)
    source = VariableSource(difference=["dp", "p"])
    variables.check_commas("P_equ", source, rows)


def test_units_may_be_left_out_where_every_file_states_them():
    rows = rows_of(({"a": ["1"]}, {"a": {"kPa"}}), ({"a": ["1"]}, {"a": {"kPa"}}))
    assert checked("P_equ", rows, column="a") == ("kPa", [])
    rows = rows_of(({"a": ["1"]}, {"a": {"kPa"}}), ({"a": ["1"]}, {}))
    text = "^where: lacks 'units', for example 'hPa'; f2: column 'a' states none$"
    with pytest.raises(ReadError, match=text):
        checked("P_equ", rows, column="a")
    rows = rows_of(({"a": ["1"]}, {"a": {"kPa"}}), ({"a": ["1"]}, {"a": {"hPa"}}))
    text = (
        "^f2: column 'a' is in 'hPa', but f1: column 'a' in 'kPa': give each its own"
        r" \[files\.\*\], or the right 'units' \(where\)$"
    )
    with pytest.raises(ReadError, match=text):
        checked("P_equ", rows, column="a")


@pytest.mark.parametrize(
    ("value", "unit", "warned"),
    [
        ("99.9", "umol/mol", False),  # no gas above water is so dry
        ("100", "umol/mol", True),
        ("30", "degC", True),
        ("", "umol/mol", False),
    ],
)
def test_water_vapour_that_cannot_be_so_dry_is_a_note(value, unit, warned):
    rows = rows_of(({"h2o": ["5", value] if value else [""]}, {"h2o": {unit}}))
    _, told = checked("xH2O_water", rows, column="h2o", units="mmol mol-1")
    assert len(told) == warned
    note = (
        f"f1: column 'h2o' is in {unit!r}, but where says 'mmol mol-1', which is used:"
        " no gas above water is so dry"
    )
    assert rows.notes == ([] if warned else [note])


@pytest.mark.parametrize(
    ("name", "cells", "units", "advice"),
    [
        (
            "SST",
            ["10,013", "9,998"],
            "degC",
            "decimal = ',' in * only 10.013 is possible",
        ),
        ("P_equ", ["1,013"], "hPa", "thousands = ',' in * only 1013 is possible"),
        ("P_equ", ["101,325"], "kPa", "decimal = ',' in * only 101.325 is possible"),
        ("xCO2", ["1,013"], "ppm", "decimal = ',' or thousands = ',' in *"),
        ("SST", ["99,013"], "degC", "decimal = ',' or thousands = ',' in *"),
    ],
)
def test_a_comma_before_three_digits_is_never_guessed(name, cells, units, advice):
    rows = rows_of(({"a": cells}, {}))
    source = VariableSource(column="a", units=units)
    advice = advice.replace(" *", " its table [files.*]:", 1)
    advice = advice.removesuffix(":")
    expected = f"f1: column 'a' has cells such as {cells[0]!r}: set {advice} (where)"
    with pytest.raises(ReadError) as caught:
        variables.check_commas(name, source, rows)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    "cells", [["1,013.5", "1,013"], ["1,013,000", "1,013"], ["10.5"], ["1,01", "x,123"]]
)
def test_commas_that_others_explain(cells):
    rows = rows_of(({"a": cells}, {}))
    variables.check_commas("P_equ", VariableSource(column="a", units="hPa"), rows)


@pytest.mark.parametrize("key", ["decimal", "thousands"])
def test_commas_that_the_platform_file_explains(key):
    rows = rows_of(({"a": ["1,013"]}, {}), **{key: ","})
    source = VariableSource(column="a", units="1")
    variables.check_commas("P_equ", source, rows)
    expected = {"decimal": 1.013, "thousands": 1013.0}[key]
    values, invalid = rows.numbers("a")
    assert (values.tolist(), invalid.tolist()) == ([expected], [False])


def told(name, values, units, others=("hPa", "Pa", "kPa", "bar")):
    values = np.array(values, dtype=float)
    return variables.impossible(name, units, values, others, "where")


def test_values_that_cannot_be_name_the_unit_in_which_they_can():
    warning = told("P_equ", [101.2, 101.5, np.nan, 101.8], "hPa")
    assert type(warning) is ImpossibleWarning
    assert issubclass(ImpossibleWarning, DataWarning)
    assert str(warning) == (
        "P_equ: 3 of 3 values cannot be (101.2 to 101.8 hPa); in kPa they would be"
        " 1012 to 1018 hPa (where)"
    )
    assert str(told("P_equ", [1.01e6], "bar")) == (
        "P_equ: 1 of 1 values cannot be (1010 bar); in hPa they would be 1010 hPa"
        " (where)"
    )
    assert str(told("SST", [285.0, 290.0], "degC", ["degC", "K"])) == (
        "SST: 2 of 2 values cannot be (285 to 290 degC); in K they would be"
        " 11.85 to 16.85 degree_Celsius (where)"
    )
    assert str(told("salinity", [-9.0], "1", ["psu"])) == (
        "salinity: 1 of 1 values cannot be (-9) (where)"
    )


@pytest.mark.parametrize(("inside", "outside"), [(500.0, 499.9), (1300.0, 1300.1)])
def test_the_limits_are_possible(inside, outside):
    assert told("P_equ", [inside], "hPa") is None
    assert told("P_equ", [outside], "hPa") is not None


@pytest.mark.parametrize(("count", "is_told"), [(1, False), (2, True)])
def test_a_tenth_of_the_values_in_another_unit_is_told(count, is_told):
    values = [1013.0] * (20 - count) + [101.3] * count
    text = (
        f"P_equ: {count} of 20 values cannot be (101.3 hPa); in kPa they would be"
        " 1013 hPa (where)"
    )
    found = told("P_equ", values, "hPa")
    assert (None if found is None else str(found)) == (text if is_told else None)
    codes = [1013.0] * (20 - count) + [-999.0] * count
    assert told("P_equ", codes, "hPa") is None


@pytest.mark.parametrize(
    ("name", "possible", "impossible", "units", "other"),
    [
        ("xCO2", 1.0, 4e-4, "ppm", "mol mol-1"),
        ("xCO2", 50000.0, 50000.1, "ppm", "nmol mol-1"),
        ("xCO2_water_Tequ_dry", 1.0, 0.4, "ppm", None),
        ("xCO2_atm_dry_actual", 1.0, 4e-4, "ppm", "mol mol-1"),
        ("pCO2_water_SST_wet", 1.0, 0.4, "uatm", "hPa"),
        ("fCO2_water_SST_wet", 1.0, 40e-3, "uatm", "hPa"),
        ("P_analyser", 100.0, 99.0, "hPa", "kPa"),
        ("P_analyser", 2000.0, 101325.0, "hPa", "Pa"),
        ("T_analyser", 100.0, 288.0, "degC", "K"),
        ("T_atm", -80.0, -80.1, "degC", "degF"),
        ("xH2O", -10.0, -10.1, "mmol mol-1", "umol mol-1"),
        ("xH2O_water", 200.0, 20000.0, "mmol mol-1", "umol mol-1"),
    ],
)
def test_usual_ranges(name, possible, impossible, units, other):
    others = variables.spellings(variables.VARIABLES[name].units)
    assert told(name, [possible], units, others) is None
    text = str(told(name, [impossible], units, others))
    assert text.startswith(f"{name}: 1 of 1 values cannot be")
    assert (f"; in {other} they would be" in text) if other else ("; in" not in text)


def test_a_zero_gas_among_the_readings_of_co2_is_right():
    values = [4e-4, 4e-4, 400.0]
    assert told("xCO2", values, "ppm", ["mol mol-1"]) is None
    assert told("xCO2", values[:2], "ppm", ["mol mol-1"]) is not None


def test_nothing_is_said_without_values_or_limits():
    assert told("P_equ", [np.nan], "hPa") is None
    assert told("xCO2_std", [0.0], "ppm", ()) is None
    assert told("ship_speed", [-1e9], "knot", ()) is None


@pytest.mark.parametrize(("missing", "hint"), [(1, True), (2, False)])
def test_most_values_must_be_possible_in_other_units(missing, hint):
    values = [101.3] * (10 - missing) + [-999.0] * missing
    assert (
        "in kPa they would be 1013 hPa" in str(told("P_equ", values, "hPa"))
    ) is hint


def test_units_of_the_file_are_proposed_first():
    rows = rows_of(({"a": ["1"]}, {"a": {"psi"}}))
    source = VariableSource(column="a", units="hPa")
    found = variables.possible_units("P_equ", source, rows)
    assert found[:3] == ["psi", "hPa", "mbar"]
    assert len(found) == len(set(found))
    rows = rows_of(({"a": ["1"]}, {"a": {"degC"}}))
    assert "degC" not in variables.possible_units("P_equ", source, rows)
    rows = rows_of(({"a": ["1"]}, {}))
    assert "percent" not in variables.possible_units("salinity", source, rows)


@pytest.mark.parametrize(
    ("name", "values", "text"),
    [
        (
            "latitude",
            [4530.5, 4559.9],
            "2 of 2 values cannot be (4530 to 4560*ddmm.mmmm",
        ),
        ("latitude", [-453015.0], "1 of 1 values cannot be (-4.53e+05*ddmmss"),
        ("latitude", [4575.0], "1 of 1 values cannot be (4575*"),
        ("latitude", [9100.0], "1 of 1 values cannot be (9100*"),
        ("longitude", [12030.5], "1 of 1 values cannot be (1.203e+04*ddmm.mmmm"),
    ],
)
def test_positions_in_degrees_and_minutes_without_a_blank(name, values, text):
    units = variables.VARIABLES[name].units
    text, layout = text.split("*")
    expected = f"{name}: {text} {units})"
    if layout:
        expected += f"; with format = {layout!r} they could be"
    assert str(told(name, values, units, ())) == f"{expected} (where)"
