"""Names, units and codes of the variables of a dataset, shared by all steps.

One dataset along ``time`` goes through the processing steps. A variable ``X`` of the
table below may be accompanied by

* ``X_raw``          as measured, where ``X`` was calibrated or reduced
* ``X_delivered``    a result delivered with the file, kept for comparison
* ``X_type``         measured, interpolated, nominal or missing (alignment)
* ``X_uncertainty``  one standard deviation, units of ``X``
* ``X_flag``         effective WOCE flag; ``X_flag_automatic``, ``X_flag_manual``
* ``X_tests``        bit mask of the tests that flagged a value (`TESTS`)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


__all__ = [
    "AIR_RESULTS",
    "BAD",
    "CALIBRATION_STATUS",
    "FLAG_VALUES",
    "GOOD",
    "MISSING",
    "QUESTIONABLE",
    "RUN_TYPES",
    "SUFFIXES",
    "VALUE_TYPES",
    "VARIABLES",
    "WATER_RESULTS",
    "Variable",
    "attrs_of",
    "coded_attrs",
    "flag_attrs",
    "possible",
]

FLAG_VALUES: Mapping[str, int] = MappingProxyType(
    {"not_evaluated": 0, "good": 2, "questionable": 3, "bad": 4, "missing": 9}
)
#: Variable of the rows that another file contradicts.
CONFLICT = "file_conflict"
#: Attribute of a salinity that is absolute (TEOS-10) until it is converted.
ABSOLUTE = "absolute_salinity"
GOOD, QUESTIONABLE, BAD, MISSING = (
    FLAG_VALUES[word] for word in ("good", "questionable", "bad", "missing")
)

#: Type of a row of a raw file. "same" (a drain) takes the type of the run before.
RUN_TYPES: Mapping[str, int] = MappingProxyType(
    {
        "unknown": 0,
        "water": 1,
        "air": 2,
        "standard": 3,
        "zero": 4,
        "span": 5,
        "ignored": 6,
        "flush": 7,  # a membrane sensor recovers from its zero
    }
)

#: Origin of a value.
VALUE_TYPES: Mapping[str, int] = MappingProxyType(
    {"missing": 0, "measured": 1, "interpolated": 2, "nominal": 3}
)

#: How a value was calibrated.
CALIBRATION_STATUS: Mapping[str, int] = MappingProxyType(
    {"not_calibrated": 0, "two_sided": 1, "one_sided": 2, "uncalibrated_accepted": 3}
)


#: Checks of quality control by name, with their options.
Limits = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Variable:
    """One canonical variable.

    Attributes
    ----------
    name : str
        Name on the dataset, SOCAT spelling.
    units : str
        UDUNITS string.
    long_name : str
        Human-readable name.
    standard_name : str, optional
        CF standard name (table v93), if one exists.
    physical : tuple of float, optional
        Lowest and highest possible value, wider than any range of quality
        control; no result is computed from values outside.
    limits : dict
        Checks of the default profile of quality control with their options.
    measured : dict
        Those that are added where it is read from a file and not computed.
    uncertainty : float, optional
        Assumed standard uncertainty, for data that come without one.
    inputs : tuple of str
        What a result is computed from: its flag is the worst of theirs.
    aliases : tuple of str
        What columns of raw files are called: patterns for the name in letters and
        digits only, without the unit; capital or small letters.
    """

    name: str
    units: str
    long_name: str
    standard_name: str | None = None
    physical: tuple[float, float] | None = None
    limits: Limits = field(default_factory=dict)
    measured: Limits = field(default_factory=dict)
    uncertainty: float | None = None
    inputs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def bounds(self) -> tuple[float, float]:
        """Lowest and highest possible value.

        Returns
        -------
        tuple of float
            ``physical``, infinite if not given.
        """
        return self.physical or (-inf, inf)

    def attrs(self) -> dict[str, Any]:
        """Return CF attributes.

        Returns
        -------
        dict
            ``units``, ``long_name`` and, if known, ``standard_name``.
        """
        attrs = {"units": self.units, "long_name": self.long_name}
        if self.standard_name is not None:
            attrs["standard_name"] = self.standard_name
        return attrs


_T = (-4.0, 60.0)  # sea water freezes above -3
_P = (500.0, 1300.0)
_X = (0.0, 50000.0)
_CO2 = "mole fraction of CO2 in"


def _range(
    questionable: tuple[float, float], bad: tuple[float, float]
) -> dict[str, Any]:
    return {"questionable": questionable, "bad": bad}


def _within(questionable: tuple[float, float], bad: tuple[float, float]) -> Limits:
    return {"range": _range(questionable, bad)}


# Default limits: thresholds of the ICOS Ocean Thematic Centre and SOCAT, with spikes
# and outliers instead of gradients, which flag fronts. Variables without a limit of
# the centre have the range in which such an instrument works.
_TEMPERATURE: Limits = {
    "range": _range((-3.0, 40.0), (-10.0, 50.0)),
    "spike": {"questionable": 1.0, "bad": 4.0},
    "outlier": {"questionable": 2.0, "bad": 8.0},
    "constant": {"minutes": 180.0},
}
_PRESSURE: Limits = {
    "range": _range((900.0, 1100.0), (750.0, 1250.0)),
    "spike": {"questionable": 5.0, "bad": 20.0},
    "outlier": {"questionable": 8.0, "bad": 30.0},
    "constant": {"minutes": 360.0},
    "step": {"limit": 5.0},
}
_WATER_CO2: Limits = _within((80.0, 1200.0), (0.0, 50000.0))
_CO2_SERIES: Limits = {
    "spike": {"questionable": 20.0, "bad": 100.0},
    "outlier": {"questionable": 60.0},
    "constant": {"minutes": 120.0},
}
_MEASURED_CO2: Limits = _WATER_CO2 | _CO2_SERIES
_AIR_CO2: Limits = _within((300.0, 600.0), (100.0, 2000.0))
_AIR_PCO2: Limits = _within((250.0, 650.0), (50.0, 2000.0))
# saturated air at 40 degrees holds 75 mmol/mol; zeros scatter
_WATER_VAPOUR: Limits = _within((-2.0, 75.0), (-10.0, 100.0))
# a cell may be pumped or vented to a laboratory: limits of weather do not apply
_CELL_PRESSURE: Limits = _within((700.0, 1150.0), (300.0, 1300.0))
_GAS_TEMPERATURE: Limits = _within((-5.0, 60.0), (-40.0, 90.0))
_DIRECTION: Limits = _within((0.0, 360.0), (-180.0, 540.0))
_COUNTS: Limits = _within((1.0, inf), (0.0, inf))
_COEFFICIENT: Limits = _within((0.5, 2.0), (0.0, 10.0))
_FRACTION: Limits = _within((0.0, 1.0), (0.0, 1.0))

# Assumed uncertainties: the accuracy that SOCAT requires for data of flags A and B
# (SOP criteria of Bakker et al. 2016, doi:10.5194/essd-8-383-2016), and for CO2
# delivered without one, half of the 2 uatm that they allow.

_COMMON_INPUTS = ("water_flow", "gas_flow", "position", "time")
#: Inputs of the results of a membrane sensor.
SENSOR_SIGNALS = (
    *("signal_detector", "signal_reference", "state_zero", "state_flush", "runtime"),
    *("T_gas", "P_analyser", "P_vapour", "zero_count", "current_count"),
)


def _air_inputs(kind: str, *others: str) -> tuple[str, ...]:
    dry = f"xCO2_atm_dry_{kind}"
    return (dry, "SST", "salinity", "P_atm", "position", "time", *others)


def _table(*variables: Variable) -> Mapping[str, Variable]:
    return MappingProxyType({variable.name: variable for variable in variables})


VARIABLES = _table(
    # position
    Variable(
        "latitude",
        "degrees_north",
        "latitude",
        "latitude",
        (-90.0, 90.0),
        aliases=("(GPRMC|GPS)?LAT(ITUDE)?(DEC)?(DEG(REES?)?)?([NS]|NORTH|SOUTH)?",),
    ),
    Variable(
        "longitude",
        "degrees_east",
        "longitude",
        "longitude",
        (-360.0, 360.0),
        aliases=(
            "(GPRMC|GPS)?(LONG?(ITUDE)?|LNG)(DEC)?(DEG(REES?)?)?([EW]|EAST|WEST)?",
        ),
    ),
    Variable(
        "sample_depth",
        "m",
        "depth of the sea water intake",
        "depth",
        aliases=("(SAMPLE|INTAKE)?DEPTH(WATER)?",),
    ),
    Variable(
        "ship_speed",
        "knot",
        "speed of the platform over ground",
        limits=_within((0.0, 40.0), (0.0, 80.0)),
        aliases=("SHIPSPEED", "SPEED(OVERGROUND)?", "SOG"),
    ),
    Variable(
        "ship_dir",
        "degree",
        "direction of the platform, clockwise from north",
        limits=_DIRECTION,
    ),
    # sea water
    Variable(
        "SST",
        "degree_Celsius",
        "sea surface temperature",
        "sea_surface_temperature",
        _T,
        limits=_TEMPERATURE,
        uncertainty=0.05,
        aliases=(
            "SST(TSG|DEGC)?",
            "TSW",
            "TEMP(ERATURE)?(WATER|INTAKE)?",
            "(WATER|INTAKE|SEA(WATER)?)TEMP(ERATURE)?",
            "SEASURFACETEMPERATURE",
            "SBE3[0-9]*O?(TEMP(ERATURE)?)?",
            "TEMPERATUREINTAKEITS90",
            "T(TS|W|WATER|SEA|SW)",
            "(PCO2W)?THERMISTORTEMP(ERATURE)?",
        ),
    ),
    Variable(
        "salinity",
        "1",
        "sea surface practical salinity",
        "sea_water_practical_salinity",
        (0.0, 50.0),
        limits={
            "range": _range((0.0, 42.0), (0.0, 50.0)),
            "spike": {"questionable": 1.0, "bad": 20.0},
            "outlier": {"questionable": 2.0},
            # two decimals stay constant for 15 h in the open ocean, hardly change fCO2
            "constant": {"minutes": 1440.0},
        },
        uncertainty=0.1,
        aliases=(
            "SAL(INITY)?(TSG|INTERP|PSU)?",
            "SSS",
            "S(TS|W|TSG)",
            "PSAL",
            "(SEASURFACE|PRACTICAL|SEAWATER(PRACTICAL)?)SALINITY",
            "SBE[0-9]*(PLS)?SAL(INITY)?",
        ),
    ),
    Variable(
        "conductivity",
        "mS cm-1",
        "conductivity of sea water",
        "sea_water_electrical_conductivity",
        (0.0, 100.0),
        limits=_within((0.0, 75.0), (0.0, 90.0)),
        aliases=("(WATER)?COND(UCTIVITY)?",),
    ),
    Variable(
        "T_conductivity",
        "degree_Celsius",
        "temperature of the water in the conductivity cell",
        physical=_T,
        limits=_within((-3.0, 40.0), (-10.0, 50.0)),
        aliases=("TEMPERATURETSG(ITS90)?",),
    ),
    # equilibrator and analyser
    Variable(
        "T_equ",
        "degree_Celsius",
        "equilibrator temperature",
        physical=_T,
        limits=_TEMPERATURE,
        uncertainty=0.05,
        aliases=(
            "TEMP(ERATURE)?EQU?(IL?(IBRATOR)?)?",
            "EQU?(IL(IBRATOR)?|I)?TE?MP(ERATURE)?",
            "TEQU?(IL(IBRATOR)?|I)?",
            "TEMPERATUREOFEQUILIBRATION",
            "TCELL(EQUILIBRATOR)?",
        ),
    ),
    Variable(
        "P_equ",
        "hPa",
        "absolute pressure in the equilibrator",
        physical=_P,
        limits=_PRESSURE,
        uncertainty=2.0,
        aliases=(
            "PRESS?(URE)?EQU?(IL(IBRATOR)?)?",
            "EQU?(IL(IBRATOR)?|I)?PRESS?(URE)?",
            "PEQU?(IL(IBRATOR)?|I)?",
            "EQPRE",
            "AIRPRESSUREEQU",
            "PRESSUREINEQUILIBRATOR",
        ),
    ),
    Variable(
        "xCO2",
        "umol mol-1",
        "mole fraction of CO2 as read by the analyser",
        uncertainty=0.1,
    ),
    Variable(
        "xH2O",
        "mmol mol-1",
        "mole fraction of water as read by the analyser",
        limits=_WATER_VAPOUR,
    ),
    Variable(
        "xCO2_calibrated", "umol mol-1", f"{_CO2} the gas, after the gas standards"
    ),
    Variable(
        "xH2O_calibrated",
        "mmol mol-1",
        "mole fraction of water, zero taken off",
        limits=_WATER_VAPOUR,
    ),
    Variable(
        "xH2O_water",
        "mmol mol-1",
        "mole fraction of water, equilibrated gas",
        limits=_WATER_VAPOUR,
        aliases=("H2OSW", "XH2O(EQU?I?)?"),
    ),
    Variable(
        "xH2O_atm",
        "mmol mol-1",
        "mole fraction of water, air sample",
        limits=_WATER_VAPOUR,
        aliases=("H2OAIR",),
    ),
    Variable(
        "gas_flow",
        "mL min-1",
        "gas flow through the analyser",
        limits=_within((40.0, 200.0), (0.0, 1000.0)),
        aliases=("LICORFLOW", "GASFLOW", "FLOWGAS"),
    ),
    Variable(
        "vent_flow",
        "mL min-1",
        "gas flow through the vent",
        limits=_within((-500.0, 1000.0), (-5000.0, 5000.0)),
    ),
    Variable(
        "water_flow",
        "L min-1",
        "water flow through the equilibrator",
        limits=_within((0.3, 30.0), (0.0, 100.0)),
        aliases=("H2OFLOW", "WATERFLOW"),
    ),
    Variable(
        "T_analyser",
        "degree_Celsius",
        "temperature of the analyser cell",
        limits=_within((-5.0, 70.0), (-40.0, 100.0)),
        aliases=("(LICOR|CELL)TEMP(ERATURE)?",),
    ),
    Variable(
        "P_analyser", "hPa", "pressure of the analyser cell", limits=_CELL_PRESSURE
    ),
    Variable(
        "T_gas",
        "degree_Celsius",
        "temperature of the gas stream",
        limits=_GAS_TEMPERATURE,
    ),
    Variable(
        "P_vapour",
        "hPa",
        "partial pressure of water in the gas stream",
        limits=_within((0.0, 75.0), (-5.0, 150.0)),
    ),
    Variable(
        "signal_detector", "1", "raw signal of the detector [counts]", limits=_COUNTS
    ),
    Variable(
        "signal_reference",
        "1",
        "reference signal of the detector [counts]",
        limits=_COUNTS,
    ),
    Variable(
        "state_zero",
        "1",
        "zero gas is measured; a share in means over time",
        limits=_FRACTION,
    ),
    Variable(
        "state_flush",
        "1",
        "the sensor flushes; a share in means over time",
        limits=_FRACTION,
    ),
    Variable(
        "runtime",
        "s",
        "running time of the sensor",
        limits=_within((0.0, inf), (0.0, inf)),
    ),
    Variable(
        "signal_zero",
        "1",
        "raw over reference signal of the zero gas",
        limits=_within((0.2, 5.0), (0.01, 100.0)),
    ),
    Variable(
        "T_condenser",
        "degree_Celsius",
        "temperature of the condenser",
        # settings of NOAA-AOML's system; a warmer condenser leaves the gas wet
        limits=_within((-2.0, 8.0), (-40.0, 60.0)),
    ),
    Variable(
        "oxygen_percent",
        "percent",
        "oxygen in the gas sample",
        limits=_within((0.0, 150.0), (-5.0, 250.0)),  # of air, or of all gas
        aliases=("PERCENTO2", "O2PERCENT", "MAPCO2O2"),
    ),
    # systems that set zero and span in every cycle
    Variable("cycle", "1", "measuring cycle: its start as yyyymmddhhmmss"),
    Variable(
        "xCO2_std",
        "umol mol-1",
        "scatter of the analyser within a reading",
        limits=_within((0.0, 20.0), (0.0, 1000.0)),
    ),
    Variable(
        "RH",
        "percent",
        "relative humidity of the gas in the analyser",
        limits=_within((0.0, 100.0), (-5.0, 110.0)),
    ),
    Variable(
        "T_RH",
        "degree_Celsius",
        "temperature of the humidity sensor",
        limits=_GAS_TEMPERATURE,
    ),
    Variable(
        "RH_span",
        "percent",
        "relative humidity of the span gas of the cycle",
        limits=_within((0.0, 100.0), (-5.0, 110.0)),
    ),
    Variable(
        "zero_reading",
        "umol mol-1",
        "zero gas after the zero was set",
        limits=_within((-20.0, 20.0), (-200.0, 200.0)),
    ),
    Variable(
        "span_reading",
        "umol mol-1",
        "span gas after the span was set",
        limits=_WATER_CO2,
    ),
    Variable(
        "zero_coefficient", "1", "zero coefficient of the analyser", limits=_COEFFICIENT
    ),
    Variable(
        "span_coefficient", "1", "span coefficient of the analyser", limits=_COEFFICIENT
    ),
    Variable(
        "span2_coefficient",
        "1",
        "secondary span coefficient of the analyser",
        limits=_within((-1.0, 2.0), (-10.0, 10.0)),
    ),
    Variable("zero_status", "1", "status byte of the zero"),
    Variable("span_status", "1", "status byte of the span"),
    Variable(
        "xH2O_gas",
        "mmol mol-1",
        "mole fraction of water left in the gas",
        limits=_within((-5.0, 75.0), (-20.0, 100.0)),  # minus that of the span gas
    ),
    Variable(
        "P_pump",
        "hPa",
        "pressure with the pump off minus pump on",
        limits=_within((-100.0, 100.0), (-500.0, 500.0)),
    ),
    Variable(
        "oxygen_ratio",
        "percent",
        "oxygen of equilibrated gas over that of air",
        limits=_within((0.0, 250.0), (-25.0, 500.0)),
    ),
    # membrane sensors, spectrophotometers and isotope analysers
    Variable(
        "zero_count",
        "1",
        "detector counts of gas free of CO2",
        limits=_within((25000.0, 100000.0), (1.0, inf)),
    ),
    Variable("current_count", "1", "detector counts of the sample", limits=_COUNTS),
    Variable("light_434", "1", "light ratio at 434 nm, counts", limits=_COUNTS),
    Variable("light_620", "1", "light ratio at 620 nm, counts", limits=_COUNTS),
    Variable("thermistor", "1", "reading of the thermistor, counts", limits=_COUNTS),
    Variable("battery", "1", "reading of the battery, counts", limits=_COUNTS),
    Variable(
        "x12CO2",
        "umol mol-1",
        "mole fraction of 12CO2 as read by the analyser",
        limits=_WATER_CO2,
    ),
    Variable(
        "x13CO2",
        "umol mol-1",
        "mole fraction of 13CO2 as read by the analyser",
        limits=_within((0.8, 15.0), (0.0, 600.0)),
    ),
    Variable(
        "delta_18O_vapour",
        "1e-3",
        "delta 18O of water vapour",
        limits=_within((-70.0, 10.0), (-200.0, 100.0)),
    ),
    Variable(
        "delta_D_vapour",
        "1e-3",
        "delta D of water vapour",
        limits=_within((-500.0, 100.0), (-1000.0, 1000.0)),
    ),
    Variable(
        "deuterium_excess",
        "1e-3",
        "deuterium excess of water vapour",
        limits=_within((-100.0, 100.0), (-1000.0, 1000.0)),
    ),
    # CO2 in sea water
    Variable(
        "xCO2_water_Tequ_wet",
        "umol mol-1",
        f"{_CO2} humid equilibrated gas",
        physical=_X,
        limits=_MEASURED_CO2,
    ),
    Variable(
        "xCO2_water_Tequ_dry",
        "umol mol-1",
        f"{_CO2} dry equilibrated gas",
        physical=_X,
        limits=_MEASURED_CO2,
        uncertainty=1.0,
        aliases=(
            "XCO2(W|EQU?|DRY|PM)",
            "XCO2WATER(EQU?|TEQU?|EQUI?TEMP)DRY",
            "VCO2SW",
            "XCO2INWATERCALIBRATEDINDRYAIR",
        ),
    ),
    Variable(
        "xCO2_water_SST_wet",
        "umol mol-1",
        f"{_CO2} humid gas equilibrated at sea surface temperature",
        physical=_X,
        limits=_MEASURED_CO2,
        aliases=("XCO2SWWET",),
    ),
    Variable(
        "xCO2_water_SST_dry",
        "umol mol-1",
        f"{_CO2} dry gas equilibrated at sea surface temperature",
        physical=_X,
        limits=_WATER_CO2,
        measured=_CO2_SERIES,
        uncertainty=1.0,
        aliases=("XCO2SWDRY", "XCO2WATERSSTDRY"),
    ),
    Variable(
        "pCO2_water_Tequ_wet",
        "uatm",
        "partial pressure of CO2 at equilibrator temperature, 100 % humidity",
        physical=_X,
        limits=_WATER_CO2,
        measured=_CO2_SERIES,
        uncertainty=1.0,
        inputs=(
            "xCO2_water_Tequ_dry",
            "xCO2_water_Tequ_wet",
            "T_equ",
            "salinity",
            "P_equ",
            *_COMMON_INPUTS,
            *SENSOR_SIGNALS,
        ),
        aliases=("PCO2(T?EQU?|WATER(T?EQU?)WET)",),
    ),
    Variable(
        "fCO2_water_Tequ_wet",
        "uatm",
        "fugacity of CO2 at equilibrator temperature, 100 % humidity",
        physical=_X,
        limits=_WATER_CO2,
        measured=_CO2_SERIES,
        uncertainty=1.0,
        inputs=(
            "xCO2_water_Tequ_dry",
            "pCO2_water_Tequ_wet",
            "T_equ",
            "salinity",
            "P_equ",
            *_COMMON_INPUTS,
        ),
        aliases=("FCO2(EQU?|WATER(T?EQU?)WET)",),
    ),
    Variable(
        "pCO2_water_SST_wet",
        "uatm",
        "partial pressure of CO2 in sea water at sea surface temperature",
        "surface_partial_pressure_of_carbon_dioxide_in_sea_water",
        _X,
        limits=_WATER_CO2,
        measured=_CO2_SERIES,
        uncertainty=1.0,
        inputs=(
            "xCO2_water_Tequ_dry",
            "xCO2_water_SST_dry",
            "xCO2_water_SST_wet",
            "T_equ",
            "SST",
            "salinity",
            "P_equ",
            "warming",
            *_COMMON_INPUTS,
            *SENSOR_SIGNALS,
        ),
        aliases=("PCO2(INSITU|SST|WAT(ER)?|SW(SAT)?|(SW|W)(AT)?SST|WATERSSTWET)?",),
    ),
    Variable(
        "fCO2_water_SST_wet",
        "uatm",
        "fugacity of CO2 in sea water at sea surface temperature",
        "fugacity_of_carbon_dioxide_in_sea_water",
        _X,
        limits=_WATER_CO2,
        measured=_CO2_SERIES,
        uncertainty=2.0,
        inputs=(
            "xCO2_water_Tequ_dry",
            "xCO2_water_SST_dry",
            "pCO2_water_SST_wet",
            "fCO2_water_Tequ_wet",
            "T_equ",
            "SST",
            "salinity",
            "P_equ",
            "warming",
            *_COMMON_INPUTS,
        ),
        aliases=(
            "FCO2(INSITU|SST|WAT(ER)?|SW(SAT)?|(SW|W)(AT)?SST|WATERSSTWET|PATMTEQCORRECTED|PATM)?",
        ),
    ),
    Variable(
        "pCO2_sensor",
        "uatm",
        "partial pressure of CO2 in a membrane sensor, before its response time",
        physical=_X,
        limits=_WATER_CO2,
    ),
    Variable(
        "warming",
        "K",
        "equilibrator minus sea surface temperature",
        inputs=("T_equ", "SST"),
    ),
    # air
    Variable(
        "P_atm",
        "hPa",
        "air pressure at sea level",
        "air_pressure_at_mean_sea_level",
        _P,
        limits=_PRESSURE,
        uncertainty=2.0,
        aliases=(
            "PRESS?(URE)?ATM(SSP|ATSSP)?",
            "PRESSEALEVEL",
            "ATM(OSPHERIC)?PRE(SS?(URE)?)?",
            "PATM",
            "P(BARO|AIR)",
            "PPPP(INTERP)?",
            "LICORATMPRESSURE",
            "AIRPRESSURE",
            "SLP",
            "BARO(METER|METRICPRESSURE)?",
            "(AIR|BAR)PRESS|MSLP|SEALEVELPRESSURE",
        ),
    ),
    Variable(
        "T_atm",
        "degree_Celsius",
        "air temperature",
        "air_temperature",
        limits=_within((-45.0, 45.0), (-70.0, 60.0)),
        aliases=("AIRTE?MP(ERATURE)?", "TATM", "TAIR"),
    ),
    Variable(
        "xCO2_atm_wet_actual",
        "umol mol-1",
        f"{_CO2} humid air, measured",
        physical=_X,
        limits=_AIR_CO2,
        aliases=("XCO2(AIR|ATM)WET",),
    ),
    Variable(
        "xCO2_atm_dry_actual",
        "umol mol-1",
        f"{_CO2} dry air, measured",
        physical=_X,
        limits=_AIR_CO2,
        uncertainty=1.0,
        aliases=("XCO2(A|ATM|AIR|INATMOSPHERE)(DRY)?(ACTUAL)?",),
    ),
    Variable(
        "xCO2_atm_dry_interp",
        "umol mol-1",
        f"{_CO2} dry air, at the time of the water sample",
        "mole_fraction_of_carbon_dioxide_in_dry_air",
        _X,
        limits=_AIR_CO2,
        uncertainty=1.0,
        inputs=("xCO2_atm_dry_actual",),
        aliases=("XCO2(A|ATM|AIR)(DRY)?INTERP(OLATED)?",),
    ),
    Variable(
        "pCO2_atm_wet_actual",
        "uatm",
        "partial pressure of CO2 in moist air, where air was measured",
        physical=_X,
        limits=_AIR_PCO2,
        inputs=_air_inputs("actual", "gas_flow", "xCO2_atm_wet_actual"),
        aliases=("PCO2(AIR|ATM|INATMOSPHERE)(SAT|WET)?(ACTUAL)?",),
    ),
    Variable(
        "pCO2_atm_wet_interp",
        "uatm",
        "partial pressure of CO2 in moist air, at the time of the water sample",
        "surface_partial_pressure_of_carbon_dioxide_in_air",
        _X,
        limits=_AIR_PCO2,
        inputs=_air_inputs("interp"),
        aliases=("PCO2(A|(ATM|AIR)(WET)?INTERP(OLATED)?)",),
    ),
    Variable(
        "fCO2_atm_wet_actual",
        "uatm",
        "fugacity of CO2 in moist air, where air was measured",
        physical=_X,
        limits=_AIR_PCO2,
        inputs=_air_inputs("actual", "gas_flow", "xCO2_atm_wet_actual"),
        aliases=("FCO2(AIR|ATM|INATMOSPHERE)(SAT|WET)?(ACTUAL)?",),
    ),
    Variable(
        "fCO2_atm_wet_interp",
        "uatm",
        "fugacity of CO2 in moist air, at the time of the water sample",
        physical=_X,
        limits=_AIR_PCO2,
        inputs=_air_inputs("interp"),
        aliases=("FCO2(A|(ATM|AIR)(WET)?INTERP(OLATED)?)",),
    ),
    Variable(
        "delta_fCO2",
        "uatm",
        "fugacity of CO2, sea water minus air",
        limits=_within((-850.0, 850.0), (-2000.0, 35000.0)),
        inputs=("fCO2_water_SST_wet", "fCO2_atm_wet_interp"),
        aliases=("(D|DEL|DELTA)FCO2",),
    ),
    Variable(
        "wind_speed",
        "m s-1",
        "wind speed",
        "wind_speed",
        (0.0, 100.0),
        limits=_within((0.0, 50.0), (0.0, 100.0)),
        aliases=("(ABSOLUTE|TRUE)?WIND(SPEED(TRUE)?)?",),
    ),
    Variable(
        "wind_dir",
        "degree",
        "wind direction, from",
        "wind_from_direction",
        limits=_DIRECTION,
    ),
    Variable(
        "sea_ice_area_fraction",
        "1",
        "fraction of the sea covered by ice",
        "sea_ice_area_fraction",
        (0.0, 1.0),
        limits=_FRACTION,
    ),
    # fluxes
    Variable("wind_speed_10m", "m s-1", "wind speed at 10 m"),
    Variable(
        "fCO2_atm_wet_flux", "uatm", "fugacity of CO2 in moist air, as in the flux"
    ),
    Variable("transfer_velocity", "cm h-1", "gas transfer velocity of CO2"),
    Variable("solubility", "mol m-3 atm-1", "solubility of CO2 in sea water"),
    Variable(
        "flux_CO2",
        "mmol m-2 d-1",
        "flux of CO2 between sea and air, positive out of the ocean",
        "surface_upward_mole_flux_of_carbon_dioxide",
    ),
)
#: CO2 results of sea water and of air, in the order of exchange formats.
WATER_RESULTS = (
    "xCO2_water_Tequ_dry",
    "xCO2_water_SST_dry",
    "pCO2_water_Tequ_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_Tequ_wet",
    "fCO2_water_SST_wet",
)
AIR_RESULTS = (
    "xCO2_atm_dry_actual",
    "pCO2_atm_wet_actual",
    "fCO2_atm_wet_actual",
    "xCO2_atm_dry_interp",
    "pCO2_atm_wet_interp",
    "fCO2_atm_wet_interp",
)

#: Suffixes that may follow the name of a canonical variable.
SUFFIXES = (
    "_raw",
    "_delivered",
    "_type",
    "_uncertainty",
    "_flag",
    "_flag_automatic",
    "_flag_manual",
    "_tests",
)


def attrs_of(name: str, **extra: Any) -> dict[str, Any]:
    """Return the CF attributes of a variable of the dataset, suffixes included.

    Parameters
    ----------
    name : str
        A name of `VARIABLES`, optionally followed by ``_raw``, ``_delivered`` or
        ``_uncertainty``.
    **extra : Any
        More attributes; they take precedence.

    Returns
    -------
    dict
        ``units``, ``long_name`` and, for at most one variable of the dataset,
        ``standard_name``.

    Examples
    --------
    >>> attrs_of("SST_raw")
    {'units': 'degree_Celsius', 'long_name': 'sea surface temperature, as measured'}
    """
    endings = {"_raw": "as measured", "_delivered": "as delivered"}
    for suffix, ending in endings.items():
        if name.endswith(suffix):
            base = VARIABLES[name.removesuffix(suffix)]
            attrs = {"units": base.units, "long_name": f"{base.long_name}, {ending}"}
            return attrs | extra
    if name.endswith("_uncertainty"):
        base = VARIABLES[name.removesuffix("_uncertainty")]
        ending = f"standard uncertainty (one sigma) of {base.long_name}"
        attrs = {"units": base.units, "long_name": ending}
        if base.standard_name:
            attrs["standard_name"] = f"{base.standard_name} standard_error"
        return attrs | extra
    return VARIABLES[name].attrs() | extra


def possible(name: str, values: "np.ndarray") -> "np.ndarray":
    """Return values with NaN where they are impossible.

    Parameters
    ----------
    name : str
        A name of `VARIABLES`.
    values : ndarray
        In canonical units; not changed.

    Returns
    -------
    ndarray of float64
        A copy.

    Examples
    --------
    >>> import numpy as np
    >>> possible("P_equ", np.array([0.9, 1013.25]))
    array([    nan, 1013.25])
    """
    import numpy as np

    values = np.array(values, dtype=np.float64)
    low, high = VARIABLES[name].bounds
    values[~((values >= low) & (values <= high))] = np.nan
    return values


def coded_attrs(meaning: str, codes: Mapping[str, int], dtype: Any) -> dict[str, Any]:
    """Return the CF attributes of a variable with codes.

    Parameters
    ----------
    meaning : str
        The ``long_name``.
    codes : mapping of str to int
        Name to code.
    dtype : dtype
        Type of the variable; ``flag_values`` must have the same.

    Returns
    -------
    dict
        ``long_name``, ``flag_values`` and ``flag_meanings``.
    """
    import numpy as np

    return {
        "long_name": meaning,
        "flag_values": np.array(list(codes.values()), dtype=dtype),
        "flag_meanings": " ".join(codes),
    }


#: CO2 of sea water in the order in which a dataset is summarised by it.
CO2_RESULTS = (
    "fCO2_water_SST_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_Tequ_wet",
    "pCO2_water_Tequ_wet",
    "xCO2_water_SST_dry",
    "xCO2_water_Tequ_dry",
)


def flag_attrs(name: str, layer: str = "effective") -> dict[str, Any]:
    """Return the CF attributes of a flag variable (int8).

    Parameters
    ----------
    name : str
        The variable the flag belongs to.
    layer : str, default "effective"
        ``"effective"``, ``"automatic"`` or ``"manual"``.

    Returns
    -------
    dict
        CF ``flag_values`` and ``flag_meanings``; the effective flag is the one with
        the standard name.
    """
    attrs = coded_attrs(f"WOCE quality flag of {name}, {layer}", FLAG_VALUES, "int8")
    if layer == "effective":
        attrs["standard_name"] = "quality_flag"
    return attrs
