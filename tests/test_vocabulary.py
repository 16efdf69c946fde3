"""Names, units and codes that stand in files: a change would make them unreadable."""

import csv
import re

import numpy as np
import pytest

from oceanco2 import vocabulary
from oceanco2.bits import TEST_BITS, TESTS, named_tests
from oceanco2.qc.cascade import INPUTS
from oceanco2.qc.check import CHECKS
from oceanco2.units import CANONICAL_UNITS
from oceanco2.vocabulary import VARIABLES, attrs_of, flag_attrs


@pytest.fixture
def table(reference):
    def read(name):
        with (reference / name).open(newline="", encoding="utf-8") as file:
            return [tuple(row) for row in csv.reader(file)][1:]

    return read


def test_variables_their_units_and_possible_values(table):
    found = [
        (name, v.units, v.standard_name or "", *map(repr, v.bounds))
        for name, v in VARIABLES.items()
    ]
    assert set(table("variables.csv")) <= set(found)  # there may be new ones


@pytest.mark.parametrize(
    "name", ["FLAG_VALUES", "RUN_TYPES", "VALUE_TYPES", "CALIBRATION_STATUS"]
)
def test_codes(table, name):
    expected = {word: int(code) for of, word, code in table("codes.csv") if of == name}
    assert expected.items() <= dict(getattr(vocabulary, name)).items()


@pytest.mark.parametrize("name", VARIABLES)
def test_every_unit_is_known(name):
    units = VARIABLES[name].units
    message = (
        f"VARIABLES: row {name!r} has units {units!r}; oceanco2/units.py lacks them"
    )
    assert units in CANONICAL_UNITS, message


@pytest.mark.parametrize("name", VARIABLES)
def test_limits_are_options_of_checks(name):
    for check, options in VARIABLES[name].limits.items():
        CHECKS[check].options.validate_options(options)


def test_assumed_uncertainties():
    # Bakker et al. (2016), doi:10.5194/essd-8-383-2016: 0.05 degC, 2 hPa, 2 uatm
    for name in ("SST", "T_equ"):
        assert VARIABLES[name].uncertainty == 0.05
    for name in ("P_equ", "P_atm", "fCO2_water_SST_wet"):
        assert VARIABLES[name].uncertainty == 2.0
    assert VARIABLES["salinity"].uncertainty == VARIABLES["xCO2"].uncertainty == 0.1
    halves = {n for n, v in VARIABLES.items() if v.uncertainty == 1.0}
    assert halves == {
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry"),
        *("xCO2_atm_dry_actual", "xCO2_atm_dry_interp"),
        *("pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet", "pCO2_water_SST_wet"),
    }


def test_results_are_flagged_after_their_inputs():
    names = list(INPUTS)
    assert set(names) == {n for n, v in VARIABLES.items() if v.inputs}
    for number, name in enumerate(names):
        assert set(INPUTS[name]) <= {*VARIABLES, "position", "time"}
        assert not set(INPUTS[name]) & set(names[number:]), name


def test_an_alias_means_one_variable():
    aliases = [(n, a) for n, v in VARIABLES.items() for a in v.aliases]
    words = [alias for _, alias in aliases if re.fullmatch("[A-Za-z0-9]+", alias)]
    assert len(words) > 30
    for word in words:
        matches = {n for n, a in aliases if re.fullmatch(a, word, re.IGNORECASE)}
        assert len(matches) == 1, (word, matches)


def test_vocabulary_attributes():
    for name, variable in VARIABLES.items():
        assert attrs_of(name)["units"] == variable.units
        assert "standard_name" not in attrs_of(f"{name}_delivered")
    standard_name = attrs_of("fCO2_water_SST_wet_uncertainty")["standard_name"]
    assert standard_name == "fugacity_of_carbon_dioxide_in_sea_water standard_error"
    assert flag_attrs("SST")["flag_values"].dtype == np.int8
    assert named_tests(sum(TEST_BITS.values())) == list(TESTS)


#: Headers of real files in letters and digits only, one or more for every pattern.
HEADERS = {
    "latitude": "LATITUDE LAT LATDECDEGREE GPRMCLAT GPSLATITUDE LATDEGN",
    "longitude": "LONGITUDE LONG LON LONDECDEGREE GPRMCLONG LONGDEGEAST",
    "sample_depth": "DEPTHWATER SAMPLEDEPTH INTAKEDEPTH",
    "ship_speed": "SHIPSPEED SPEEDOVERGROUND SPEED SOG",
    "SST": "SST SSTTSG TSW TEMP TEMPERATUREINTAKE WATERTEMP SEATEMPERATURE"
    " SEASURFACETEMPERATURE SBE38 SBE38OTEMP SBE38TEMPERATURE TEMPERATUREINTAKEITS90"
    " TTS TW TWATER TSEA THERMISTORTEMP PCO2WTHERMISTORTEMPERATURE",
    "salinity": "SAL SALINITYTSG SALPSU SSS PSAL SBE45SALINITY SBE37PLSSAL STS SW STSG"
    " SEASURFACESALINITY PRACTICALSALINITY SEAWATERSALINITY SEAWATERPRACTICALSALINITY",
    "conductivity": "COND WATERCONDUCTIVITY",
    "T_conductivity": "TEMPERATURETSG TEMPERATURETSGITS90",
    "T_equ": "TEMPEQU TEMPERATUREEQUILIBRATOR EQUTEMP EQTMP TEQU TEQ"
    " TEMPERATUREOFEQUILIBRATION TCELL TCELLEQUILIBRATOR",
    "P_equ": "PRESEQU PRESSUREEQUILIBRATOR EQUPRESS EQUILIBRATORPRESSURE PEQU"
    " EQPRE AIRPRESSUREEQU PRESSUREINEQUILIBRATOR",
    "xH2O_water": "H2OSW XH2OEQU XH2O",
    "xH2O_atm": "H2OAIR",
    "gas_flow": "LICORFLOW GASFLOW FLOWGAS",
    "water_flow": "H2OFLOW WATERFLOW",
    "T_analyser": "LICORTEMP CELLTEMPERATURE",
    "oxygen_percent": "PERCENTO2 O2PERCENT MAPCO2O2",
    "xCO2_water_Tequ_dry": "XCO2EQU XCO2W XCO2WATEREQUDRY XCO2WATEREQUITEMPDRY VCO2SW"
    " XCO2INWATERCALIBRATEDINDRYAIR",
    "xCO2_water_SST_wet": "XCO2SWWET",
    "xCO2_water_SST_dry": "XCO2SWDRY XCO2WATERSSTDRY",
    "pCO2_water_Tequ_wet": "PCO2TEQU PCO2WATERTEQWET",
    "fCO2_water_Tequ_wet": "FCO2EQU FCO2WATEREQUWET",
    "pCO2_water_SST_wet": "PCO2 PCO2INSITU PCO2SWSAT PCO2WATERSSTWET PCO2SWATSST",
    "fCO2_water_SST_wet": "FCO2 FCO2SST FCO2SWSAT FCO2WATERSSTWET FCO2PATM",
    "P_atm": "PRESATMSSP PRESSUREATMATSSP PRESSEALEVEL ATMOSPHERICPRESSURE ATMPRES PATM"
    " PPPPINTERP LICORATMPRESSURE AIRPRESSURE SLP BAROMETER PBARO PAIR AIRPRESS"
    " BARPRESS MSLP SEALEVELPRESSURE",
    "T_atm": "AIRTEMP AIRTMP AIRTEMPERATURE TATM TAIR",
    "xCO2_atm_wet_actual": "XCO2AIRWET XCO2ATMWET",
    "xCO2_atm_dry_actual": "XCO2ATM XCO2AIRDRY XCO2INATMOSPHERE XCO2ATMDRYACTUAL",
    "xCO2_atm_dry_interp": "XCO2ATMDRYINTERP XCO2AIRINTERPOLATED",
    "pCO2_atm_wet_actual": "PCO2ATM PCO2AIRSAT PCO2ATMWETACTUAL",
    "pCO2_atm_wet_interp": "PCO2A PCO2ATMWETINTERP PCO2AIRINTERPOLATED",
    "fCO2_atm_wet_actual": "FCO2ATM FCO2AIRSAT FCO2ATMWETACTUAL",
    "fCO2_atm_wet_interp": "FCO2A FCO2ATMWETINTERP FCO2AIRINTERPOLATED",
    "delta_fCO2": "DFCO2 DELTAFCO2",
    "wind_speed": "WIND WINDSPEED WINDSPEEDTRUE TRUEWINDSPEED",
}
#: What a result is computed from, and what tells that its inputs are no good.
SYSTEM = "water_flow gas_flow position time"
MEMBRANE = (
    "signal_detector signal_reference state_zero state_flush runtime T_gas P_analyser"
    " P_vapour zero_count current_count"
)
AIR = "SST salinity P_atm position time"
WET_AIR = "gas_flow xCO2_atm_wet_actual"
RESULTS = {
    "warming": "T_equ SST",
    "delta_fCO2": "fCO2_water_SST_wet fCO2_atm_wet_interp",
    "xCO2_atm_dry_interp": "xCO2_atm_dry_actual",
    **{
        f"{gas}_atm_wet_actual": f"xCO2_atm_dry_actual {AIR} {WET_AIR}"
        for gas in ("pCO2", "fCO2")
    },
    **{
        f"{gas}_atm_wet_interp": f"xCO2_atm_dry_interp {AIR}"
        for gas in ("pCO2", "fCO2")
    },
    "pCO2_water_Tequ_wet": "xCO2_water_Tequ_dry xCO2_water_Tequ_wet T_equ salinity"
    f" P_equ {SYSTEM} {MEMBRANE}",
    "fCO2_water_Tequ_wet": "xCO2_water_Tequ_dry pCO2_water_Tequ_wet T_equ salinity"
    f" P_equ {SYSTEM}",
    "pCO2_water_SST_wet": "xCO2_water_Tequ_dry xCO2_water_SST_dry xCO2_water_SST_wet"
    f" T_equ SST salinity P_equ warming {SYSTEM} {MEMBRANE}",
    "fCO2_water_SST_wet": "xCO2_water_Tequ_dry xCO2_water_SST_dry pCO2_water_SST_wet"
    f" fCO2_water_Tequ_wet T_equ SST salinity P_equ warming {SYSTEM}",
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_those_of_one_variable(name):
    aliases = [(n, a) for n, v in VARIABLES.items() for a in v.aliases]
    used = set()
    for header in HEADERS[name].split():
        found = [(n, a) for n, a in aliases if re.fullmatch(a, header)]
        assert {n for n, _ in found} == {name}, header
        used |= {a for _, a in found}
    assert used == set(VARIABLES[name].aliases)


def test_every_variable_with_aliases_has_headers_here():
    assert {n for n, v in VARIABLES.items() if v.aliases} == set(HEADERS)


def test_results_and_their_inputs():
    found = {n: set(v.inputs) for n, v in VARIABLES.items() if v.inputs}
    assert found == {n: set(inputs.split()) for n, inputs in RESULTS.items()}


def test_every_suffix_and_what_its_attributes_say():
    celsius = {"units": "degree_Celsius"}
    named = celsius | {"long_name": "sea surface temperature"}
    assert VARIABLES["SST"].attrs() == named | {
        "standard_name": "sea_surface_temperature"
    }
    assert attrs_of("SST", method="x") == VARIABLES["SST"].attrs() | {"method": "x"}
    assert attrs_of("SST_raw", units="K") == {
        "units": "K",
        "long_name": "sea surface temperature, as measured",
    }
    assert attrs_of("SST_delivered") == celsius | {
        "long_name": "sea surface temperature, as delivered"
    }
    assert attrs_of("SST_uncertainty", method="x") == celsius | {
        "long_name": "standard uncertainty (one sigma) of sea surface temperature",
        "standard_name": "sea_surface_temperature standard_error",
        "method": "x",
    }
    assert "standard_name" not in attrs_of("T_equ_uncertainty")
    assert "standard_name" not in attrs_of("T_equ")
    assert (
        *("_raw", "_delivered", "_type", "_uncertainty", "_flag"),
        *("_flag_automatic", "_flag_manual", "_tests"),
    ) == vocabulary.SUFFIXES
    longest = [v.long_name for v in VARIABLES.values() if " " not in v.long_name]
    assert longest == ["latitude", "longitude"]


def test_attributes_of_flags_and_codes():
    attrs = flag_attrs("SST")
    assert attrs["long_name"] == "WOCE quality flag of SST, effective"
    assert attrs["flag_values"].tolist() == [0, 2, 3, 4, 9]
    assert attrs["flag_meanings"] == "not_evaluated good questionable bad missing"
    assert attrs["standard_name"] == "quality_flag"
    assert list(flag_attrs("SST", "manual")) == list(attrs)[:3]
    codes = vocabulary.coded_attrs("what", {"no": 0, "yes": 7}, np.int64)
    assert codes["flag_values"].dtype == np.int64
    assert codes["flag_values"].tolist() == [0, 7]
    assert {k: v for k, v in codes.items() if k != "flag_values"} == {
        "long_name": "what",
        "flag_meanings": "no yes",
    }
    assert (vocabulary.GOOD, vocabulary.QUESTIONABLE) == (2, 3)
    assert (vocabulary.BAD, vocabulary.MISSING) == (4, 9)


def test_possible_values_include_the_limits_and_are_a_copy():
    given = np.array([500.0, 1300.0, 499.9, 1300.1, np.nan])
    found = vocabulary.possible("P_equ", given)
    np.testing.assert_array_equal(found, [500.0, 1300.0, np.nan, np.nan, np.nan])
    assert given[2] == 499.9
    assert vocabulary.possible("wind_dir", np.array([-1, 900])).tolist() == [-1, 900]
    assert vocabulary.possible("SST", np.array([5])).dtype == np.float64


def test_results_of_exchange_formats_in_their_order():
    kinds = [f"{gas}CO2" for gas in "xpf"]
    assert (
        *("xCO2_water_Tequ_dry", "xCO2_water_SST_dry"),
        *(f"{k}_water_{p}_wet" for k in kinds[1:] for p in ("Tequ", "SST")),
    ) == vocabulary.WATER_RESULTS
    ends = {"xCO2": "dry", "pCO2": "wet", "fCO2": "wet"}
    assert (
        tuple(f"{k}_atm_{ends[k]}_{how}" for how in ("actual", "interp") for k in kinds)
        == vocabulary.AIR_RESULTS
    )


def test_limits_are_those_of_the_table(table):
    """Of the checks whose default limits stand with the variables."""
    own = {"range", "spike", "outlier", "constant", "step"}
    expected = {
        row[1:]
        for row in table("limits.csv")
        if row[0] == "default" and row[2] in own and row[1] in VARIABLES
    }
    found = {
        (name, check, option, " ".join(map(str, np.atleast_1d(value).tolist())))
        for name, variable in VARIABLES.items()
        for check, options in variable.limits.items()
        for option, value in options.items()
    }
    assert expected <= found
