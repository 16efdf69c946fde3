"""What each format says to a draft: how it is recognised, and its variables."""

import pytest

from oceanco2.readers import READERS
from oceanco2.readers.sources import RawFile

#: Format: variable -> columns of each choice, their unit, and other keys.
DRAFTED = {
    "general_oceanics": {
        "SST": ("Intake Temp|SST", "degree_Celsius"),
        "salinity": ("Salinity", "1"),
        "T_equ": ("equ temp", "degree_Celsius"),
        "P_atm": ("atm press", "hPa"),
        "P_equ": (
            "WBPressure+equ press|WB Pressure+equ press|licor press+equ press",
            "hPa",
        ),
        "xCO2": ("CO2 um/m", "umol mol-1"),
        "xH2O": ("H2O mm/m", "mmol mol-1"),
        "gas_flow": ("licor flow", "mL min-1"),
        "vent_flow": ("vent flow", "mL min-1"),
        "water_flow": ("H2O flow", "L min-1"),
        "T_analyser": ("licor temp", "degree_Celsius"),
        "P_analyser": ("licor press", "hPa"),
        "T_condenser": ("cond temp", "degree_Celsius"),
    },
    "contros_table": {
        "signal_detector": ("Signal_Raw", "1"),
        "signal_reference": ("Signal_Ref", "1"),
        "state_zero": ("State_Zero|zero", "1"),
        "state_flush": ("State_Flush|flush", "1"),
        "runtime": ("Runtime", "s"),
        "T_gas": ("T_Gas", "degree_Celsius"),
        "P_analyser": ("P_NDIR", "mbar"),
        "P_equ": ("P_In", "mbar"),
        "pCO2_water_SST_wet_delivered": ("PCO2_Corr", "uatm"),
    },
    "mapco2": {
        "xCO2": ("xCO2", "umol mol-1"),
        "cycle": ("cycle", "1"),
        "SST": ("water temp", "degree_Celsius"),
        "salinity": ("water sal", "1"),
        "xCO2_std": ("xCO2 sd", "umol mol-1"),
        "P_analyser": ("licor press", "kPa"),
        "T_analyser": ("licor temp", "degree_Celsius"),
        "RH": ("RH", "percent"),
        "T_RH": ("RH temp", "degree_Celsius"),
        "oxygen_percent": ("O2", "percent"),
        "signal_detector": ("raw 1", "1"),
        "signal_reference": ("raw 2", "1"),
        "zero_coefficient": ("zero coefficient", "1"),
        "span_coefficient": ("span coefficient", "1"),
        "span2_coefficient": ("span2 coefficient", "1"),
        "zero_status": ("zero status", "1"),
        "span_status": ("span status", "1"),
        "xCO2_water_SST_dry_delivered": ("SW_xCO2(dry)", "umol mol-1"),
        "xCO2_atm_dry_actual_delivered": ("Atm_xCO2(dry)", "umol mol-1"),
    },
    "saildrone_json": {
        "latitude": ("gps_lat", ""),
        "longitude": ("gps_lng", ""),
        "SST": ("temp_sbe37_mean", "degree_Celsius"),
        "salinity": ("sal_sbe37_mean", "1"),
        "xCO2_water_SST_dry": ("xco2_dry_sw_mean_asvco2", "umol mol-1"),
        "xCO2_atm_dry_actual": ("xco2_dry_air_mean_asvco2", "umol mol-1"),
    },
    "seabird_cnv": {
        "SST": (
            "t190C|t168C|tnc290C|tnc268C|t3890C"
            "|t090C|t068C|tv290C|tv268C|tnc90C|tnc68C",
            "degree_Celsius",
        ),
        "T_conductivity": ("t090C|t068C|tv290C|tv268C|tnc90C|tnc68C", "degree_Celsius"),
        "conductivity": ("c0S/m|c0mS/cm|c0uS/cm", "S m-1|mS cm-1|uS cm-1"),
        "salinity": ("sal00|sal11", "1"),
    },
    "socat": {"fCO2_water_SST_wet": ("fCO2rec [uatm]", "uatm")},
    "subctech": {
        "SST": ("waterTemp", "degree_Celsius"),
        "conductivity": ("waterCond", "mS cm-1"),
        "P_equ": ("CellPress-DPressInt|CellPress", "mbar"),
        "xCO2": ("CO2", "ppm"),
        "xH2O": ("H2O", "mmol mol-1"),
        "T_analyser": ("CellTemp", "degree_Celsius"),
        "P_analyser": ("CellPress", "mbar"),
        "gas_flow": ("FLOWgas", "mL min-1"),
        "ship_speed": ("Speed", "knot"),
        "ship_dir": ("Course", "degree"),
    },
}
DRAFTED |= {
    "contros_ferrybox": DRAFTED["contros_table"],
    "asvco2": DRAFTED["mapco2"],
}


def described(source):
    sign = "-" if source.difference else "+"
    return sign.join(source.columns)


@pytest.mark.parametrize("name", DRAFTED)
def test_variables_of_a_draft(name):
    drafted = READERS[name].drafted
    columns = {
        variable: "|".join(map(described, choices))
        for variable, choices in drafted.items()
    }
    assert columns == {variable: c for variable, (c, _) in DRAFTED[name].items()}
    for variable, (_, units) in DRAFTED[name].items():
        found = [choice.units for choice in drafted[variable]]
        assert found == units.split("|") * (len(found) // (units.count("|") + 1))


def test_other_keys_of_the_variables():
    """Humid gas, and flags of rows."""
    others = {}
    for name, entry in READERS.items():
        for variable, choices in entry.drafted.items():
            more = choices[0].model_dump(exclude_defaults=True)
            for key in ("column", "sum", "difference", "units"):
                more.pop(key, None)
            if more:
                others[name, variable] = more
    humid = ("mapco2", "asvco2", "subctech", "pro_oceanus")
    assert others == {
        **{(name, "xCO2"): {"dry": False} for name in humid},
        ("contros_ferrybox", "signal_detector"): {"flag": "Quality flag"},
        ("socat", "fCO2_water_SST_wet"): {"flag": "fCO2rec_flag"},
    }


RAW = RawFile("x", b"x", "")
HYDROC = [
    "\n[calibration]",
    'model = "hydroc"',
    "\n# [hydroc]",
    '# zero_mode = "continuous"',
    "# [[hydroc.coefficients]]",
    "# valid_from = DATE",
    *(f"# {name} = NUMBER" for name in ("F", "k1", "k2", "k3", "runtime")),
]
SHEET = "[hydroc] zero_mode and the coefficients of the calibration sheet"


@pytest.mark.parametrize(
    ("name", "lines", "questions"),
    [
        ("contros_table", HYDROC, [SHEET]),
        ("contros_ferrybox", HYDROC, [SHEET]),
        ("mapco2", ["\n[calibration]", 'model = "mapco2"'], []),
        ("asvco2", ["\n[calibration]", 'model = "mapco2"'], []),
        ("subctech", [], ["T_equ: no thermometer at the membrane: that of SST?"]),
        (
            "seabird_cnv",
            [],
            ["SST: the thermometer at the intake, or that of the conductivity cell?"],
        ),
    ],
)
def test_tables_of_a_draft(name, lines, questions):
    assert READERS[name].draft_tables(RAW) == (lines, questions)


HEADER = "Expocode\tversion\tSource_DOI\tQC_Flag\tyr\tmon"
STATS = "State,SN,Timestamp\nZPON, A1, 2021-04-29T18:30:17Z, 25.0\n"
MOORING = "Date,Time,xCO2 SW (wet),H2O SW,xCO2 Air (wet)"


@pytest.mark.parametrize(
    ("name", "head", "found"),
    [
        ("socat", HEADER, True),
        ("socat", f"SOCAT data report\n\n{HEADER}\n", True),
        ("socat", "Expocode\tversion\tDataset Name", False),
        ("socat", f" {HEADER}", False),
        ("socat", HEADER.replace("\t", ","), False),
        ("mapco2_csv", MOORING, True),
        ("mapco2_csv", "\n" * 199 + MOORING, True),
        ("mapco2_csv", "\n" * 200 + MOORING, False),
        ("mapco2_csv", MOORING.replace("H2O", "x"), False),
        ("mapco2_csv", MOORING.replace("SW (wet)", "SW (dry)"), False),
        ("mapco2_csv", "DATE_UTC,TIME_UTC,xCO2_EQU_ppm,xCO2_ATM_ppm", False),
        ("subctech", "x\n@NAME,DATE,TIME,CO2,STATUS\n", True),
        ("subctech", "@NAME,DATE,TIME,CO2\n@DATA,STATUS\n", False),
        ("subctech", "@NAME,DATE,STATUS2\n", False),
        ("asvco2", STATS + "ZPOFF, A1, 2021-04-29T18:32:17Z, 25.0", True),
        ("asvco2", STATS, False),
        ("asvco2", STATS.replace("ZPON", "x") + "ZPOFF, A1, y", False),
        ("asvco2", "Time, SW_xCO2(dry), Atm_xCO2(dry)\n2021-04-29, 401, 415\n", True),
        ("asvco2", "Time, xCO2(dry)\n" + "2021, 401\n" * 2, True),
        ("asvco2", "Time, xCO2(dry)\n" + "2021, 401\n" * 3, False),
        ("asvco2", "Time, xCO2\n2021, 401\n", False),
        ("asvco2", "", False),
    ],
)
def test_how_a_format_is_recognised(name, head, found):
    assert READERS[name].sniff(head.encode()) is found


def test_sheets_of_a_workbook_are_tables(tmp_path):
    """Empty cells at the end of a row stay; other sheets are tables of their own."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "one"
    for row in (("a", "b", "c"), (1, 2, None)):
        book.active.append(row)
    book.create_sheet("two").append(("x\ny", 5.5))
    book.save(tmp_path / "x.xlsx")
    raw = RawFile("x.xlsx", (tmp_path / "x.xlsx").read_bytes(), "")
    assert READERS["spreadsheet"].texts(raw) == [
        ({"sheet": "one"}, "a\tb\tc\n1\t2\t"),
        ({"sheet": "two"}, "x y\t5.5"),
    ]


def test_columns_and_sheets_of_a_workbook_in_a_draft(tmp_path):
    from oceanco2.readers import draft_platform

    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "About"
    book.active.append(("A cruise", "of somebody"))
    book.active.append(("and more", "words"))
    sheet = book.create_sheet("Data")
    sheet.append(("TIME", "SST [degC]", "xCO2_sea [ppm]"))
    for minute in range(5):
        sheet.append((f"2024-03-01 00:0{minute}:00", 10.5 + minute, 380.5))
    book.save(tmp_path / "x.xlsx")
    text, questions = draft_platform([tmp_path / "x.xlsx"])
    assert 'options = { sheet = "Data" }' in text
    assert 'SST = { column = "SST [degC]"' in text
    words = "[files.data] not used: x.xlsx: no separator splits it into columns of"
    assert f"{words} numbers" in questions
