"""What each column of an undocumented table becomes."""

import numpy as np
import pytest

from oceanco2.readers import columns as module
from oceanco2.readers.columns import RecognisedColumn, find_variables
from oceanco2.readers.guessing import Layout


def layout_of(**columns):
    """A layout with some columns of texts."""
    cells = [np.array(c.split(), dtype=object) for c in columns.values()]
    return Layout("a.csv", names=list(columns), columns=cells, rows=len(cells[0]))


def entry(name, cells, variable, missing=(), table="variables"):
    layout = layout_of(**{name: cells})
    layout.missing = list(missing)
    column = find_variables(layout)[table][variable]
    return column.source, column.questions


@pytest.mark.parametrize(
    ("name", "cells", "variable", "units", "questions"),
    [
        ("SST_C", "1 2", "SST", "degree_Celsius", []),
        ("SST [K]", "280 281", "SST", "K", []),
        ("SST", "1 2", "SST", "degree_Celsius", ["is it degree_Celsius?"]),
        ("SST_hPa", "1 2", "SST", "degree_Celsius", ["given in hPa, which is not"]),
        ("SAL", "35 34", "salinity", "1", []),
        ("SST_C", "x", "SST", "degree_Celsius", ["'x' assumed", "no number"]),
        ("SST_C", "5 " * 11, "SST", "degree_Celsius", ["it is 5 in every row"]),
        ("TEQU_C", "5 " * 11, "T_equ", "degree_Celsius", ["it is 5 in every row"]),
        ("SST_C", "5 " * 10, "SST", "degree_Celsius", []),
        ("TATM_C", "5 " * 11, "T_atm", "degree_Celsius", []),
        ("SST_C", "5 " * 11 + "6", "SST", "degree_Celsius", []),
        ("XH2O_EQU_umol/mol", "9 1.1 0", "xH2O_water", "mmol mol-1", ["mmol/mol"]),
        ("XH2O_EQU_umol/mol", "9 1.0 0", "xH2O_water", "umol mol-1", []),
        ("H2OSW_mmol/mol", "9 2", "xH2O_water", "mmol mol-1", []),
        ("PATM_hPa", "199.9", "P_atm", "hPa", ["values of about 199.9: which unit?"]),
        ("PATM_hPa", "200", "P_atm", "hPa", []),
        ("PEQU_kPa", "101.3", "P_equ", "kPa", []),
    ],
)
def test_units_and_questions_of_a_column(name, cells, variable, units, questions):
    source, asked = entry(name, cells, variable)
    assert source["column"] == name
    assert source["units"] == units
    assert len(asked) == len(questions)
    for words, question in zip(questions, asked, strict=True):
        assert words in question


def test_texts_that_are_assumed_to_be_missing():
    source, questions = entry("SST_C", "1 B A NaN -9 n/a A", "SST", ["-9"])
    assert source["missing"] == ["A", "B"]
    assert questions == ["'A', 'B' assumed to be missing"]
    assert "missing" not in entry("SST_C", "1 a b c d e f", "SST")[0]
    assert len(entry("SST_C", "1 a b c d e", "SST")[0]["missing"]) == 5


def test_the_first_column_of_a_name_counts_and_later_ones_are_numbered():
    cells = [np.array(["1"], object)] * 4
    layout = Layout("a", names=["x", "x", "SST", "SST"], columns=cells)
    layout.units = ["", "", "K", "degC"]
    source = find_variables(layout)["variables"]["SST"].source
    assert source == {"column": "SST", "units": "K"}
    layout = Layout("a", names=["x", "SST_K", "SST_K"], columns=cells[:3])
    found = find_variables(layout)["variables"]["SST"]
    assert "occurrence" not in found.source


@pytest.mark.parametrize(
    ("name", "simple", "unit"),
    [
        ("SST (TSG) [degC]", "SST", "degree_Celsius"),
        ("x [µmol/mol]", "X", "umol mol-1"),
        ("x (ppm) [y]", "X", "ppm"),
        ("x [y]", "X", ""),
        ("Conductivity_S_m", "CONDUCTIVITY", "S m-1"),
        ("P_equ_hPa ", "PEQU", "hPa"),
        ("hPa", "HPA", ""),
        ("S_m", "S", "m"),
        ("wind_m_s", "WIND", "m s-1"),
    ],
)
def test_names_and_units(name, simple, unit):
    assert module.split_unit(name) == (simple, unit)


@pytest.mark.parametrize(
    ("cells", "source", "question"),
    [
        ("45.5 -90", {}, None),
        ("4530.5 12", {"format": "ddmm.mmmm"}, "degrees and minutes in one number"),
        ("90.1", {"format": "ddmm.mmmm"}, "degrees and minutes"),
        ("45N 12N 13S", {}, "positions with letters"),
        ("45e 1 2", {}, None),
    ],
)
def test_positions(cells, source, question):
    found, questions = entry("LAT", cells, "latitude")
    assert found == {"column": "LAT"} | source
    assert len(questions) == (question is not None)
    assert question is None or question in questions[0]
    assert entry("LON", "-360 360", "longitude") == ({"column": "LON"}, [])
    assert entry("LON", "361", "longitude")[0]["format"] == "ddmm.mmmm"


def test_a_column_of_letters_is_the_hemisphere():
    layout = layout_of(LAT="1 2 3", a="n S N", LON="4 5 6", b="E e W", c="N E S")
    found = find_variables(layout)["variables"]
    assert found["latitude"].source == {"column": "LAT", "hemisphere": "a"}
    assert found["longitude"].source == {"column": "LON", "hemisphere": "b"}


# ---- what is needed for processing --------------------------------------------------


def completed(*names):
    """Sources and questions after completion, by variable."""
    tables = {"variables": {}, "delivered": {}}
    for name in names:
        table = "delivered" if name[0] in "pf" else "variables"
        tables[table][name] = RecognisedColumn({"column": name})
    module._complete(tables)
    return tables["variables"], tables["delivered"]


def test_a_mole_fraction_without_equilibrator_temperature_is_at_sst():
    variables, _ = completed("xCO2_water_Tequ_dry", "SST", "salinity", "P_equ")
    assert set(variables) == {"xCO2_water_SST_dry", "SST", "salinity", "P_equ"}
    column = variables["xCO2_water_SST_dry"]
    assert column.source == {"column": "xCO2_water_Tequ_dry"}
    assert column.questions == ["no equilibrator temperature: assumed to be at SST"]
    variables, _ = completed("xCO2_water_Tequ_dry", "T_equ", "salinity", "P_equ")
    assert "xCO2_water_Tequ_dry" in variables


def test_air_pressure_and_salinity_of_35_stand_in():
    variables, _ = completed("xCO2_water_SST_dry", "P_atm")
    assert variables["P_equ"].source == {"column": "P_atm"}
    assert variables["P_equ"].questions == [
        "no equilibrator pressure: air pressure is used"
    ]
    assert variables["salinity"].source == {"value": 35.0, "units": "1"}
    assert variables["salinity"].questions == ["no salinity: 35 is used"]
    assert "salinity" in completed("xCO2")[0]
    for present in (("SST", "P_atm"), ("xCO2_atm_dry_actual", "P_atm")):
        assert not {"P_equ", "salinity"} & set(completed(*present)[0])
    for present in ("salinity", "conductivity"):
        variables, _ = completed("xCO2_water_SST_dry", "P_equ", "P_atm", present)
        assert variables["P_equ"].source == {"column": "P_equ"}
        assert ("salinity" in variables) == (present == "salinity")


@pytest.mark.parametrize(
    ("result", "inputs"),
    [
        ("pCO2_water_Tequ_wet", {"T_equ", "SST", "P_equ"}),
        ("fCO2_water_Tequ_wet", {"T_equ", "SST"}),
        ("pCO2_water_SST_wet", {"SST", "P_equ"}),
        ("fCO2_water_SST_wet", {"SST"}),
    ],
)
def test_a_result_is_an_input_where_there_is_nothing_else(result, inputs):
    variables, delivered = completed(result, *inputs)
    assert set(variables) == {*inputs, result}
    assert delivered == {}
    assert "cannot be recomputed" in variables[result].questions[0]
    for lacking in inputs:
        variables, delivered = completed(result, *(inputs - {lacking}))
        assert result in delivered
        assert result not in variables
    variables, delivered = completed(result, *inputs, "xCO2_water_SST_dry", "salinity")
    assert result in delivered


def test_only_the_first_result_is_an_input():
    everything = ("pCO2_water_Tequ_wet", "fCO2_water_SST_wet", "T_equ", "SST", "P_equ")
    variables, delivered = completed(*everything)
    assert set(delivered) == {"fCO2_water_SST_wet"}
    assert "pCO2_water_Tequ_wet" in variables


# ---- flags --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "water", "air"),
    [
        ("WOCE_QC_FLAG", True, True),
        ("QF", True, True),
        ("xCO2_water_flag", True, False),
        ("fCO2_SW_QF", True, False),
        ("xCO2_air_QF", False, True),
        ("ATM_FLAG", False, True),
        ("WOCE_CO2", True, False),
        ("SUBFLAG", False, False),
        ("FLAGS", False, False),
        ("QF2", False, False),
    ],
)
def test_columns_of_flags(name, water, air):
    columns = {
        "xCO2_water_SST_dry": RecognisedColumn({"column": "a"}),
        "xCO2_atm_dry_actual": RecognisedColumn({"column": "b"}),
        "SST": RecognisedColumn({"column": "c"}),
    }
    module._assign_flags(layout_of(**{"a": "1 2", name: "2 3.0 4 9 NaN"}), columns)
    flags = [column.source.get("flag") for column in columns.values()]
    assert flags == [name if water else None, name if air else None, None]
    for column in columns.values():
        assert "flag_map" not in column.source
        assert column.questions == []


def test_unknown_flags_are_asked_for():
    column = RecognisedColumn({"column": "a"})
    layout = layout_of(QF="2 5 A", QCFLAG="2 2 2")
    module._assign_flags(layout, {"xCO2_water_SST_dry": column})
    assert column.source["flag"] == "QF"
    assert column.source["flag_map"] == {"5": 9, "A": 9}
    assert column.questions == ["what do the flags 5, A mean?"]
    many = RecognisedColumn({"column": "a"})
    letters = " ".join("ABCDEFGHIJKLMN")
    module._assign_flags(layout_of(QF=letters), {"xCO2_water_SST_dry": many})
    assert list(many.source["flag_map"]) == list("ABCDEFGHIJKL")
