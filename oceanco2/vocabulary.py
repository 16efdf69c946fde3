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
from dataclasses import dataclass
from math import inf
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


FLAG_VALUES: Mapping[str, int] = MappingProxyType(
    {"not_evaluated": 0, "good": 2, "questionable": 3, "bad": 4, "missing": 9}
)
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
    """

    name: str
    units: str
    long_name: str
    standard_name: str | None = None
    physical: tuple[float, float] | None = None

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


def _table(*variables: Variable) -> Mapping[str, Variable]:
    return MappingProxyType({variable.name: variable for variable in variables})


VARIABLES = _table(
    # position
    Variable("latitude", "degrees_north", "latitude", "latitude", (-90.0, 90.0)),
    Variable("longitude", "degrees_east", "longitude", "longitude", (-360.0, 360.0)),
    Variable("sample_depth", "m", "depth of the sea water intake", "depth"),
    Variable("ship_speed", "knot", "speed of the platform over ground"),
    Variable("ship_dir", "degree", "direction of the platform, clockwise from north"),
    # sea water
    Variable(
        "SST",
        "degree_Celsius",
        "sea surface temperature",
        "sea_surface_temperature",
        _T,
    ),
    Variable(
        "salinity",
        "1",
        "sea surface practical salinity",
        "sea_water_practical_salinity",
        (0.0, 50.0),
    ),
    Variable(
        "conductivity",
        "mS cm-1",
        "conductivity of sea water",
        "sea_water_electrical_conductivity",
        (0.0, 100.0),
    ),
    Variable(
        "T_conductivity",
        "degree_Celsius",
        "temperature of the water in the conductivity cell",
        None,
        _T,
    ),
    # equilibrator and analyser
    Variable("T_equ", "degree_Celsius", "equilibrator temperature", None, _T),
    Variable("P_equ", "hPa", "absolute pressure in the equilibrator", None, _P),
    Variable("xCO2", "umol mol-1", "mole fraction of CO2 as read by the analyser"),
    Variable("xH2O", "mmol mol-1", "mole fraction of water as read by the analyser"),
    Variable(
        "xCO2_calibrated", "umol mol-1", f"{_CO2} the gas, after the gas standards"
    ),
    Variable("xH2O_calibrated", "mmol mol-1", "mole fraction of water, zero taken off"),
    Variable("xH2O_water", "mmol mol-1", "mole fraction of water, equilibrated gas"),
    Variable("xH2O_atm", "mmol mol-1", "mole fraction of water, air sample"),
    Variable("gas_flow", "mL min-1", "gas flow through the analyser"),
    Variable("vent_flow", "mL min-1", "gas flow through the vent"),
    Variable("water_flow", "L min-1", "water flow through the equilibrator"),
    Variable("T_analyser", "degree_Celsius", "temperature of the analyser cell"),
    Variable("P_analyser", "hPa", "pressure of the analyser cell"),
    Variable("T_gas", "degree_Celsius", "temperature of the gas stream"),
    Variable("P_vapour", "hPa", "partial pressure of water in the gas stream"),
    Variable("signal_detector", "1", "raw signal of the detector [counts]"),
    Variable("signal_reference", "1", "reference signal of the detector [counts]"),
    Variable("state_zero", "1", "zero gas is measured; a share in means over time"),
    Variable("state_flush", "1", "the sensor flushes; a share in means over time"),
    Variable("runtime", "s", "running time of the sensor"),
    Variable("signal_zero", "1", "raw over reference signal of the zero gas"),
    Variable("T_condenser", "degree_Celsius", "temperature of the condenser"),
    Variable("oxygen_percent", "percent", "oxygen in the gas sample"),
    # systems that set zero and span in every cycle
    Variable("cycle", "1", "measuring cycle: its start as yyyymmddhhmmss"),
    Variable("xCO2_std", "umol mol-1", "scatter of the analyser within a reading"),
    Variable("RH", "percent", "relative humidity of the gas in the analyser"),
    Variable("T_RH", "degree_Celsius", "temperature of the humidity sensor"),
    Variable("RH_span", "percent", "relative humidity of the span gas of the cycle"),
    Variable("zero_reading", "umol mol-1", "zero gas after the zero was set"),
    Variable("span_reading", "umol mol-1", "span gas after the span was set"),
    Variable("zero_coefficient", "1", "zero coefficient of the analyser"),
    Variable("span_coefficient", "1", "span coefficient of the analyser"),
    Variable("span2_coefficient", "1", "secondary span coefficient of the analyser"),
    Variable("zero_status", "1", "status byte of the zero"),
    Variable("span_status", "1", "status byte of the span"),
    Variable("xH2O_gas", "mmol mol-1", "mole fraction of water left in the gas"),
    Variable("P_pump", "hPa", "pressure with the pump off minus pump on"),
    Variable("oxygen_ratio", "percent", "oxygen of equilibrated gas over that of air"),
    # membrane sensors, spectrophotometers and isotope analysers
    Variable("zero_count", "1", "detector counts of gas free of CO2"),
    Variable("current_count", "1", "detector counts of the sample"),
    Variable("light_434", "1", "light ratio at 434 nm, counts"),
    Variable("light_620", "1", "light ratio at 620 nm, counts"),
    Variable("thermistor", "1", "reading of the thermistor, counts"),
    Variable("battery", "1", "reading of the battery, counts"),
    Variable("x12CO2", "umol mol-1", "mole fraction of 12CO2 as read by the analyser"),
    Variable("x13CO2", "umol mol-1", "mole fraction of 13CO2 as read by the analyser"),
    Variable("delta_18O_vapour", "1e-3", "delta 18O of water vapour"),
    Variable("delta_D_vapour", "1e-3", "delta D of water vapour"),
    Variable("deuterium_excess", "1e-3", "deuterium excess of water vapour"),
    # CO2 in sea water
    Variable(
        "xCO2_water_Tequ_wet", "umol mol-1", f"{_CO2} humid equilibrated gas", None, _X
    ),
    Variable(
        "xCO2_water_Tequ_dry", "umol mol-1", f"{_CO2} dry equilibrated gas", None, _X
    ),
    Variable(
        "xCO2_water_SST_wet",
        "umol mol-1",
        f"{_CO2} humid gas equilibrated at sea surface temperature",
        None,
        _X,
    ),
    Variable(
        "xCO2_water_SST_dry",
        "umol mol-1",
        f"{_CO2} dry gas equilibrated at sea surface temperature",
        None,
        _X,
    ),
    Variable(
        "pCO2_water_Tequ_wet",
        "uatm",
        "partial pressure of CO2 at equilibrator temperature, 100 % humidity",
        None,
        _X,
    ),
    Variable(
        "fCO2_water_Tequ_wet",
        "uatm",
        "fugacity of CO2 at equilibrator temperature, 100 % humidity",
        None,
        _X,
    ),
    Variable(
        "pCO2_water_SST_wet",
        "uatm",
        "partial pressure of CO2 in sea water at sea surface temperature",
        "surface_partial_pressure_of_carbon_dioxide_in_sea_water",
        _X,
    ),
    Variable(
        "fCO2_water_SST_wet",
        "uatm",
        "fugacity of CO2 in sea water at sea surface temperature",
        "fugacity_of_carbon_dioxide_in_sea_water",
        _X,
    ),
    Variable(
        "pCO2_sensor",
        "uatm",
        "partial pressure of CO2 in a membrane sensor, before its response time",
        None,
        _X,
    ),
    Variable("warming", "K", "equilibrator minus sea surface temperature"),
    # air
    Variable(
        "P_atm",
        "hPa",
        "air pressure at sea level",
        "air_pressure_at_mean_sea_level",
        _P,
    ),
    Variable("T_atm", "degree_Celsius", "air temperature", "air_temperature"),
    Variable(
        "xCO2_atm_wet_actual", "umol mol-1", f"{_CO2} humid air, measured", None, _X
    ),
    Variable(
        "xCO2_atm_dry_actual", "umol mol-1", f"{_CO2} dry air, measured", None, _X
    ),
    Variable(
        "xCO2_atm_dry_interp",
        "umol mol-1",
        f"{_CO2} dry air, at the time of the water sample",
        "mole_fraction_of_carbon_dioxide_in_dry_air",
        _X,
    ),
    Variable(
        "pCO2_atm_wet_actual",
        "uatm",
        "partial pressure of CO2 in moist air, where air was measured",
        None,
        _X,
    ),
    Variable(
        "pCO2_atm_wet_interp",
        "uatm",
        "partial pressure of CO2 in moist air, at the time of the water sample",
        "surface_partial_pressure_of_carbon_dioxide_in_air",
        _X,
    ),
    Variable(
        "fCO2_atm_wet_actual",
        "uatm",
        "fugacity of CO2 in moist air, where air was measured",
        None,
        _X,
    ),
    Variable(
        "fCO2_atm_wet_interp",
        "uatm",
        "fugacity of CO2 in moist air, at the time of the water sample",
        None,
        _X,
    ),
    Variable("delta_fCO2", "uatm", "fugacity of CO2, sea water minus air"),
    Variable("wind_speed", "m s-1", "wind speed", "wind_speed", (0.0, 100.0)),
    Variable("wind_dir", "degree", "wind direction, from", "wind_from_direction"),
    Variable(
        "sea_ice_area_fraction",
        "1",
        "fraction of the sea covered by ice",
        "sea_ice_area_fraction",
        (0.0, 1.0),
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
