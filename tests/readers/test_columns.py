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
        ("SEAWATER_QC", True, False),
        ("WATER_flag", True, False),
        ("O2_WATER_QC", False, False),
        ("ATM_PRE_FLAG", False, False),
        ("AIRTEMP_FLAG", False, False),
        ("row flag", True, True),
        ("brow flag", False, False),
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


# ---- names --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("XCO2WAT", "xCO2_water_Tequ_dry"),
        ("XCO2SEA", "xCO2_water_Tequ_dry"),
        ("XCO2EQU", "xCO2_water_Tequ_dry"),
        ("VCO2SEAWATER", "xCO2_water_Tequ_dry"),
        ("XCO2DRY", "xCO2_water_Tequ_dry"),
        ("XCO2WATERSST", "xCO2_water_SST_dry"),
        ("XCO2WATSSTDRY", "xCO2_water_SST_dry"),
        ("XCO2EQWET", "xCO2_water_Tequ_wet"),
        ("XCO2WETSST", "xCO2_water_SST_wet"),
        ("XCO2ATM", "xCO2_atm_dry_actual"),
        ("XCO2AIRWET", "xCO2_atm_wet_actual"),
        ("XCO2INATMOSPHERE", "xCO2_atm_dry_actual"),
        ("XCO2AINTERPOLATED", "xCO2_atm_dry_interp"),
        ("XCO2AIRWETINTERP", None),
        ("XCO2", "xCO2"),
        ("XCO2PPM", "xCO2"),
        ("XCO2CORRECTED", "xCO2"),
        ("PCO2", "pCO2_water_SST_wet"),
        ("PCO2WATEQ", "pCO2_water_Tequ_wet"),
        ("PCO2EQUILIBRATOR", "pCO2_water_Tequ_wet"),
        ("PCO2SWATSST", "pCO2_water_SST_wet"),
        ("PCO2DRY", None),
        ("FCO2SEA", "fCO2_water_SST_wet"),
        ("FCO2INSITU", "fCO2_water_SST_wet"),
        ("FCO2ATM", "fCO2_atm_wet_actual"),
        ("FCO2ATMINTERP", "fCO2_atm_wet_interp"),
        ("FCO2AIRSW", None),
        ("XCO2SOIL", None),
        ("CO2WATER", None),
        ("CO2", None),
        ("CO2DRY", "xCO2"),
        ("CO2WETPPM", "xCO2"),
        ("DXCO2", None),
    ],
)
def test_what_a_name_with_co2_says(name, variable):
    assert module.co2_variable(name) == variable


def test_a_wet_gas_is_not_dry():
    assert module.co2_variable("XCO2SEA", wet=True) == "xCO2_water_Tequ_wet"
    assert module.co2_variable("XCO2AIR", wet=True) == "xCO2_atm_wet_actual"
    layout = layout_of(xCO2sea="380", TEQ="10")
    layout.units = ["ppmv, wet", "degC"]
    found = find_variables(layout)["variables"]
    assert found["xCO2_water_Tequ_wet"].source == {"column": "xCO2sea", "units": "ppm"}
    layout.units = ["ppmv, dry", "degC"]
    assert "xCO2_water_Tequ_dry" in find_variables(layout)["variables"]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("T (TS)", ["TTS", "T"]),
        ("SST [degC]", ["SST"]),
        ("xCO2 SW (wet) (umol/mol)", ["XCO2SWWET", "XCO2SW"]),
        ("SBE37_TEMP_mean", ["SBE37TEMPMEAN", "SBE37TEMP"]),
        ("xCO2_ATM_ppm", ["XCO2ATM"]),
        ("T_equ_avg", ["TEQUAVG", "TEQU"]),
    ],
)
def test_spellings_of_a_name(name, spellings):
    assert module._spellings(name) == spellings


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("umol+1mol-1", "umol mol-1"),
        ("ppmv, dry", "ppm"),
        ("wet ppm", "ppm"),
        ("deg C", "degree_Celsius"),
        ("drywet", ""),
        ("x", ""),
    ],
)
def test_units_with_more_words(text, unit):
    assert module._printed_unit(text) == unit


def test_atm_at_the_end_of_a_name_is_the_air():
    assert module.split_unit("xCO2_ATM") == ("XCO2ATM", "")
    assert module.split_unit("P [atm]") == ("P", "atm")
    assert find_variables(layout_of(xCO2_ATM="400"))["variables"]["xCO2_atm_dry_actual"]


def test_standard_names_win_over_names():
    layout = layout_of(a="1 2", b="3 4", c="5 6", SST="7 8", d="9 9")
    layout.standard_names = {
        "a": "sea_water_temperature",
        "b": "surface_partial_pressure_of_carbon_dioxide_in_sea_water",
        "c": "air_pressure",
        "d": "nothing_known",
    }
    found = find_variables(layout)
    assert found["variables"]["SST"].source["column"] == "a"
    assert found["variables"]["P_atm"].source["column"] == "c"
    assert found["delivered"]["pCO2_water_SST_wet"].source["column"] == "b"


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        # without a unit nobody knows what CO2 is
        ({"CO2": "390", "H2O": "12"}, {"xH2O_water": "H2O"}),
        ({"CO2_ppm": "390", "H2O": "12"}, {"xCO2": "CO2_ppm", "xH2O": "H2O"}),
        ({"CO2_uatm": "390"}, {"pCO2_water_SST_wet": "CO2_uatm"}),
        ({"CO2": "390", "type": "EQU"}, {"xCO2": "CO2"}),
        ({"xCO2": "390"}, {"xCO2": "xCO2"}),
        (
            {"xCO2": "390", "XH2O": "9", "SST": "9"},
            {"xCO2_water_SST_dry": "xCO2", "xH2O_water": "XH2O"},
        ),
        ({"xCO2": "390", "XH2O": "9"}, {"xCO2": "xCO2", "xH2O": "XH2O"}),
        ({"xCO2": "390", "type": "EQU ATM", "SST": "9 9"}, {"xCO2": "xCO2"}),
        ({"xCO2": "390", "type": "EQU STD1", "SST": "9 9"}, {"xCO2": "xCO2"}),
        (
            {"xCO2": "390", "type": "EQU", "SST": "9", "TEQ": "9"},
            {"xCO2_water_Tequ_dry": "xCO2"},
        ),
        ({"xCO2": "390", "SST": "9"}, {"xCO2_water_SST_dry": "xCO2"}),
        (
            {"xCO2": "390", "xCO2_sea": "391", "TEQ": "9"},
            {"xCO2_water_Tequ_dry": "xCO2_sea"},
        ),
        ({"H2O": "12"}, {"xH2O_water": "H2O"}),
        ({"CO2_ppm": "x", "SST": "9"}, {"xCO2_water_SST_dry": "CO2_ppm"}),
    ],
)
def test_what_co2_without_more_words_is(columns, found):
    tables = find_variables(layout_of(**columns))
    gases = {
        name: column.source["column"]
        for table in tables.values()
        for name, column in table.items()
        if "2" in name
    }
    assert gases == found


def test_what_is_asked_of_co2_without_more_words():
    of_analyser = find_variables(layout_of(CO2_ppm="390", H2O="12"))["variables"]
    assert of_analyser["xCO2"].questions == [
        "dry or wet? dry = false takes off the water vapour that was measured"
    ]
    columns = {"CO2_ppm": "390", "SST": "9"}
    for labels, standards in (("EQU ATM", False), ("EQU STD1", True)):
        found = find_variables(layout_of(**columns, type=labels))["variables"]
        calibrated = [q for q in found["xCO2"].questions if '"calibrated"' in q]
        assert bool(calibrated) is not standards
    result = find_variables(layout_of(xCO2_ppm="390", TEQ="9"))["variables"]
    assert result["xCO2_water_Tequ_dry"].questions == [
        "of sea water, dry and calibrated?"
    ]


def test_water_vapour_in_umol_of_an_analyser():
    """Above 100 the unit can be right: no gas holds so many mmol mol-1."""
    for cells, unit in (("99 99", "mmol mol-1"), ("100 100", "umol mol-1")):
        source, questions = entry("XH2O_umol/mol", cells, "xH2O_water")
        assert source["units"] == unit
        assert bool(questions) == (unit == "mmol mol-1")


# ---- positions ----------------------------------------------------------------------


def hemispheres(**columns):
    found = find_variables(layout_of(**columns))["variables"]
    return [found[n].source.get("hemisphere") for n in ("latitude", "longitude")]


@pytest.mark.parametrize(
    ("north", "east", "found"),
    [
        ("a", "ew1", ["a", "ew1"]),  # both beside their positions
        ("Mode", "b", [None, None]),
        ("a", "Type", [None, None]),
        ("abcd", "b", [None, None]),
        ("Lat_dir", "LonDir", ["Lat_dir", "LonDir"]),
        ("N/S", "E/W", ["N/S", "E/W"]),
        ("hemi", "hemisphere", ["hemi", "hemisphere"]),
    ],
)
def test_letters_beside_both_positions(north, east, found):
    columns = {"LAT": "1 2", north: "N S", "LON": "3 4", east: "E W"}
    assert hemispheres(**columns) == found


def test_letters_that_are_no_hemisphere():
    assert hemispheres(LAT="1 2", LON="3 4", Mode="W W") == [None, None]
    assert hemispheres(LAT="1 2", Flag="N N", LON="3 4") == [None, None]
    assert hemispheres(LAT="1", Flag="N", LON="3", Mode="X") == [None, None]
    # not beside the position
    assert hemispheres(LAT="1", LON="3", Flag="N", Mode="W") == [None, None]
    # a name that says it may stand anywhere, and alone
    columns = {"E/W": "E W", "LAT": "1 2", "LON": "3 4"}
    assert hemispheres(**columns) == [None, "E/W"]
    columns = {"LAT": "1 2", "LON": "3 4", "LonDir": "N S"}
    assert hemispheres(**columns) == [None, None]
    # with a sign there is no need of letters
    columns = {"LAT": "1 -2", "N/S": "N S", "LON": "3 4", "E/W": "E W"}
    assert hemispheres(**columns) == [None, "E/W"]


@pytest.mark.parametrize(
    ("name", "unit", "cells", "positive"),
    [
        ("LonW", "", "20 21", "west"),
        ("Longitude (W)", "", "20 21", "west"),
        ("Longitude_West", "", "20 0", "west"),
        ("LON", "degrees west", "20 21", "west"),
        ("LON", "deg W", "20 21", "west"),
        ("LON", "deg E", "20 21", None),
        ("Longitude_East", "", "20 21", None),
        ("LonW", "", "-20 21", None),
        ("LON", "", "20 21", None),
    ],
)
def test_longitudes_that_count_west(name, unit, cells, positive):
    layout = layout_of(**{name: cells})
    layout.units = [unit]
    column = find_variables(layout)["variables"]["longitude"]
    assert column.source.get("positive") == positive
    assert column.questions == ([] if positive is None else ["degrees west?"])


def test_latitudes_that_count_south():
    column = find_variables(layout_of(LatS="45 46"))["variables"]["latitude"]
    assert column.source == {"column": "LatS", "positive": "south"}
    assert column.questions == ["degrees south?"]


# ---- flags by name ------------------------------------------------------------------


def flags_of(**columns):
    found = find_variables(layout_of(**columns))["variables"]
    return {n: c.source["flag"] for n, c in found.items() if "flag" in c.source}


@pytest.mark.parametrize(
    "pattern",
    [
        *("{} QC Flag", "{}_QC", "{}_quality_control", "{}_flag", "QC_{}", "WOCE_{}"),
        *("{}_QF", "Flag {}", "{}_FLAG_W", "{} WOCE flag", "{}_qartod"),
    ],
)
def test_a_flag_belongs_to_the_column_whose_name_it_has(pattern):
    names = ("Longitude", "SST [degC]", "xCO2_sea [ppm]", "TEQ")
    columns = {}
    for name in names:
        columns |= {name: "1 2", pattern.format(name): "2 4"}
    assert flags_of(**columns) == {
        variable: pattern.format(name)
        for variable, name in zip(
            ("longitude", "SST", "xCO2_water_Tequ_dry", "T_equ"), names, strict=True
        )
    }


def test_a_flag_without_the_unit_of_its_column():
    assert flags_of(**{"TEMP (degC)": "1 2", "TEMP_QC": "2 4"}) == {"SST": "TEMP_QC"}
    assert flags_of(**{"XCO2_AIR": "1 2", "AIR_XCO2_FLAG": "2 4"}) == {
        "xCO2_atm_dry_actual": "AIR_XCO2_FLAG"
    }


def test_a_flag_of_another_column_is_never_that_of_co2():
    columns = {"LAT": "1", "LAT_QC": "2", "xCO2_sea": "3", "TEQ": "9", "pH": "8"}
    assert flags_of(**columns, pH_flag="2") == {"latitude": "LAT_QC"}
    # its own flag comes before that of the row, wherever they stand
    columns = {
        "QC": "2",
        "xCO2_sea": "3",
        "xCO2_sea_QC": "2",
        "TEQ": "9",
        "TEQ_QC": "2",
    }
    assert flags_of(**columns) == {
        "xCO2_water_Tequ_dry": "xCO2_sea_QC",
        "T_equ": "TEQ_QC",
    }


@pytest.mark.parametrize(
    ("name", "rest"),
    [
        ("XCO2QCFLAG", "XCO2"),
        ("QCSST", "SST"),
        ("WOCEQCFLAG", ""),
        ("TEMPQUALITYCONTROL", "TEMP"),
        ("SUBFLAG", "SUB"),
        ("SST", None),
        ("FLAGS", "S"),
    ],
)
def test_names_without_the_words_of_a_flag(name, rest):
    assert module._flagged_name(name) == rest


@pytest.mark.parametrize(
    ("name", "texts", "flag_map"),
    [
        # OceanSITES, IMOS, Copernicus: 1 is good
        ("SST_QC", "1 1 4", {"1": 2, "5": 3, "6": 9, "7": 3, "8": 3}),
        ("SST_quality_control", "1 3 9", {"1": 2, "5": 3, "6": 9, "7": 3, "8": 3}),
        ("DEPTH_QC", "7 7", {"1": 2, "5": 3, "6": 9, "7": 3, "8": 3}),
        # water samples of WOCE: 6 is a mean
        ("SST_FLAG_W", "2 6", {"1": 9, "5": 9, "6": 2, "7": 3, "8": 3}),
        ("SST_FLAG_W", "2 6 X", {"6": 9, "X": 9}),
        ("SST_QC", "2 4", None),
        ("SST_QC", "2 X", {"X": 9}),
    ],
)
def test_codes_of_other_schemes(name, texts, flag_map):
    layout = layout_of(**{name.split("_")[0]: "1 2 3", name: texts})
    (column,) = find_variables(layout)["variables"].values()
    column.questions = [q for q in column.questions if "flags" in q]
    assert column.source["flag"] == name
    assert column.source.get("flag_map") == flag_map
    assert bool(column.questions) == (flag_map is not None)


def test_letters_of_data_sets_are_no_flags():
    layout = layout_of(xCO2_sea="1 2", TEQ="1 2", QC_Flag="A B")
    column = find_variables(layout)["variables"]["xCO2_water_Tequ_dry"]
    assert "flag" not in column.source
    assert column.questions[-1] == (
        "'QC_Flag' has letters, which are no flags of rows: not used"
    )


# ---- run types ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "labels", "runs"),
    [
        ("Mode", "W A", {"A": "air", "W": "water"}),
        (
            "type",
            "EQU STD1 ATM zero SPAN flush",
            {
                "ATM": "air",
                "EQU": "water",
                "SPAN": "span",
                "STD1": "standard",
                "flush": "ignored",
                "zero": "zero",
            },
        ),
        ("sample type", "seawater CAL2", {"CAL2": "standard", "seawater": "water"}),
        ("Mode", "auto manual", {}),
        ("Mode", "STD1 STD2", {}),
        ("Model", "W A", {}),
    ],
)
def test_columns_of_run_types(name, labels, runs):
    column, found = module.find_runs(layout_of(x="1", **{name: labels}))
    assert found == runs
    assert column == (name if runs else "")


def test_forty_labels_are_run_types_and_more_are_none():
    for count, column in ((39, "Mode"), (40, "")):
        labels = " ".join(["W", *(f"x{i}" for i in range(count))])
        assert module.find_runs(layout_of(Mode=labels))[0] == column


def test_a_wet_column_of_an_analyser_is_humid_gas():
    for name, wet in (
        ("CO2_wet_ppm", True),
        ("CO2_dry_ppm", False),
        ("CO2_ppm", False),
    ):
        source = find_variables(layout_of(**{name: "390"}))["variables"]["xCO2"].source
        expected = {"column": name, "units": "ppm"} | ({"dry": False} if wet else {})
        assert source == expected


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("Equil_temp", "T_equ"),
        ("T_equilibrator", "T_equ"),
        ("EquiTemperature", "T_equ"),
        ("Temp_Equil", "T_equ"),
        ("Equil_Press", "P_equ"),
        ("P_equil", "P_equ"),
        ("Seawater temperature", "SST"),
        ("T (TS)", "SST"),
        ("TSW", "SST"),
        ("pco2w_thermistor_temperature", "SST"),
        ("sea surface salinity", "salinity"),
        ("Practical Salinity", "salinity"),
        ("S (TS)", "salinity"),
        ("barometric pressure", "P_atm"),
        ("P baro", "P_atm"),
        ("MSLP", "P_atm"),
        ("sea level pressure", "P_atm"),
        ("Lng", "longitude"),
        ("Equip", None),
        ("T", None),
        ("S", None),
    ],
)
def test_more_names_of_columns(name, variable):
    found = find_variables(layout_of(**{name: "10 11"}))["variables"]
    assert set(found) == ({variable} if variable else set())


@pytest.mark.parametrize(
    ("standard_name", "variable"),
    [
        ("sea_surface_temperature", "SST"),
        ("sea_water_temperature", "SST"),
        ("sea_water_salinity", "salinity"),
        ("sea_water_practical_salinity", "salinity"),
        ("air_pressure", "P_atm"),
        ("air_pressure_at_sea_level", "P_atm"),
        ("air_pressure_at_mean_sea_level", "P_atm"),
        ("mole_fraction_of_carbon_dioxide_in_air", "xCO2_atm_dry_actual"),
        ("partial_pressure_of_carbon_dioxide_in_sea_water", "pCO2_water_SST_wet"),
        ("fugacity_of_carbon_dioxide_in_sea_water", "fCO2_water_SST_wet"),
        ("depth", "sample_depth"),
    ],
)
def test_standard_names(standard_name, variable):
    assert module._STANDARD_NAMES[standard_name] == variable
