"""Limits of the profiles: default, quince-28 and none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.geography import REGIONS, socat_regions, within
from oceanco2.platforms.settings import Where

Checks = dict[str, dict[str, Any]]
#: Source to target to the run types in which the flag of the source affects it.
Consequences = Mapping[str, Mapping[str, tuple[str, ...]]]
#: Input to what a questionable and a bad flag of it become on a result.
Becomes = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of rules."""

    description: str
    checks: Mapping[str, Checks]
    speeds: Mapping[str, dict[str, Any]]
    consequences: Consequences = field(default_factory=dict)
    cascade: Becomes = field(default_factory=dict)
    sampling_only: bool = False


def _range(questionable: tuple, bad: tuple) -> dict[str, Any]:
    return {"questionable": questionable, "bad": bad}


def _range_only(questionable: tuple, bad: tuple) -> Checks:
    return {"range": _range(questionable, bad)}


_TEMPERATURE: Checks = {
    "range": _range((-3.0, 40.0), (-10.0, 50.0)),
    "spike": {"questionable": 1.0, "bad": 4.0},
    "outlier": {"questionable": 2.0, "bad": 8.0},
    "constant": {"minutes": 180.0},
}
_PRESSURE: Checks = {
    "range": _range((900.0, 1100.0), (750.0, 1250.0)),
    "spike": {"questionable": 5.0, "bad": 20.0},
    "outlier": {"questionable": 8.0, "bad": 30.0},
    "constant": {"minutes": 360.0},
    "step": {"limit": 5.0},
}
_WATER_CO2: Checks = _range_only((80.0, 1200.0), (0.0, 50000.0))
_MEASURED_CO2: Checks = _WATER_CO2 | {
    "spike": {"questionable": 20.0, "bad": 100.0},
    "outlier": {"questionable": 60.0},
    "constant": {"minutes": 120.0},
}
_AIR_CO2: Checks = _range_only((300.0, 600.0), (100.0, 2000.0))
_AIR_PCO2: Checks = _range_only((250.0, 650.0), (50.0, 2000.0))
#: Saturated air at 40 degrees holds 75 mmol/mol; zeros scatter.
_WATER_VAPOUR: Checks = _range_only((-2.0, 75.0), (-10.0, 100.0))
#: A cell may be pumped or vented to a laboratory: limits of weather do not apply.
_CELL_PRESSURE: Checks = _range_only((700.0, 1150.0), (300.0, 1300.0))
_GAS_TEMPERATURE: Checks = _range_only((-5.0, 60.0), (-40.0, 90.0))
_DIRECTION: Checks = _range_only((0.0, 360.0), (-180.0, 540.0))
_COUNTS: Checks = _range_only((1.0, inf), (0.0, inf))
_COEFFICIENT: Checks = _range_only((0.5, 2.0), (0.0, 10.0))
_FRACTION: Checks = _range_only((0.0, 1.0), (0.0, 1.0))
#: Community defaults: thresholds of the ICOS Ocean Thematic Centre and SOCAT, with
#: spikes and outliers instead of gradients, which flag fronts. Variables without a
#: limit of the centre have the range in which such an instrument works.
DEFAULT: Mapping[str, Checks] = {
    # sea water
    "SST": _TEMPERATURE | {"freezing": {}, "ice": {}},
    "T_equ": _TEMPERATURE | {"freezing": {}},
    "salinity": {
        "range": _range((0.0, 42.0), (0.0, 50.0)),
        "spike": {"questionable": 1.0, "bad": 20.0},
        "outlier": {"questionable": 2.0},
        # two decimals stay constant for 15 h in the open ocean and hardly change fCO2
        "constant": {"minutes": 1440.0},
    },
    "conductivity": _range_only((0.0, 75.0), (0.0, 90.0)),
    "T_conductivity": _range_only((-3.0, 40.0), (-10.0, 50.0)),
    # pressures: absolute ones near that of the air, differences near zero
    "P_equ": _PRESSURE | {"pressure_difference": {}, "constant_offset": {}},
    "P_atm": _PRESSURE,
    "P_analyser": _CELL_PRESSURE,
    "P_pump": _range_only((-100.0, 100.0), (-500.0, 500.0)),
    "P_vapour": _range_only((0.0, 75.0), (-5.0, 150.0)),
    # CO2 in sea water
    "xCO2_water_Tequ_dry": _MEASURED_CO2 | {"analyser_step": {}},
    "xCO2_water_Tequ_wet": _MEASURED_CO2,
    "xCO2_water_SST_dry": _WATER_CO2,
    "xCO2_water_SST_wet": _MEASURED_CO2,
    "pCO2_water_Tequ_wet": _WATER_CO2,
    "fCO2_water_Tequ_wet": _WATER_CO2,
    "pCO2_water_SST_wet": _WATER_CO2,
    "fCO2_water_SST_wet": _WATER_CO2,
    "pCO2_sensor": _WATER_CO2,
    "x12CO2": _WATER_CO2,
    "x13CO2": _range_only((0.8, 15.0), (0.0, 600.0)),
    "warming": {
        "warming": _range((-1.0, 1.0), (-3.0, 3.0)),
        "warming_outlier": {"questionable": 0.3},
        "warming_rate": {"limit": 1.0},
        "cooling": {},
        "constant_warming": {},
        "port": {},
    },
    # gas standards
    "standard_run": {
        "standard_rejected": {},
        "standard_step": {},
        "standard_drift": {},
        "standard_scatter": {},
        "standard_gap": {},
    },
    # air
    "xCO2_atm_wet_actual": _AIR_CO2,
    "xCO2_atm_dry_actual": _AIR_CO2 | {"air_plausibility": {}, "plume": {}},
    "xCO2_atm_dry_interp": _AIR_CO2 | {"air_plausibility": {}},
    "pCO2_atm_wet_actual": _AIR_PCO2,
    "fCO2_atm_wet_actual": _AIR_PCO2,
    "pCO2_atm_wet_interp": _AIR_PCO2,
    "fCO2_atm_wet_interp": _AIR_PCO2,
    "delta_fCO2": _range_only((-850.0, 850.0), (-2000.0, 35000.0)),
    "T_atm": _range_only((-45.0, 45.0), (-70.0, 60.0)),
    "wind_speed": _range_only((0.0, 50.0), (0.0, 100.0)),
    "wind_dir": _DIRECTION,
    "sea_ice_area_fraction": _FRACTION,
    "ship_speed": _range_only((0.0, 40.0), (0.0, 80.0)),
    "ship_dir": _DIRECTION,
    # flows and other diagnostics
    "gas_flow": _range_only((40.0, 200.0), (0.0, 1000.0)) | {"flow_drop": {}},
    "vent_flow": _range_only((-500.0, 1000.0), (-5000.0, 5000.0)),
    "water_flow": _range_only((0.3, 30.0), (0.0, 100.0)) | {"flow_drop": {}},
    # settings of NOAA-AOML's system; a warmer condenser leaves the gas wet
    "T_condenser": _range_only((-2.0, 8.0), (-40.0, 60.0)),
    "T_analyser": _range_only((-5.0, 70.0), (-40.0, 100.0)),
    "T_gas": _GAS_TEMPERATURE,
    "T_RH": _GAS_TEMPERATURE,
    "RH": _range_only((0.0, 100.0), (-5.0, 110.0)),
    "RH_span": _range_only((0.0, 100.0), (-5.0, 110.0)),
    "oxygen_percent": _range_only((0.0, 150.0), (-5.0, 250.0)),  # of air, or of all gas
    "oxygen_ratio": _range_only((0.0, 250.0), (-25.0, 500.0)),
    # diagnostics of analysers and sensors
    "xH2O": _WATER_VAPOUR,
    "xH2O_calibrated": _WATER_VAPOUR,
    "xH2O_water": _WATER_VAPOUR,
    "xH2O_atm": _WATER_VAPOUR,
    "xH2O_gas": _range_only((-5.0, 75.0), (-20.0, 100.0)),  # minus that of the span gas
    "xCO2_std": _range_only((0.0, 20.0), (0.0, 1000.0)),
    "zero_reading": _range_only((-20.0, 20.0), (-200.0, 200.0)),
    "span_reading": _WATER_CO2,
    "zero_coefficient": _COEFFICIENT,
    "span_coefficient": _COEFFICIENT,
    "span2_coefficient": _range_only((-1.0, 2.0), (-10.0, 10.0)),
    "zero_count": _range_only((25000.0, 100000.0), (1.0, inf)),
    "current_count": _COUNTS,
    "signal_detector": _COUNTS,
    "signal_reference": _COUNTS,
    "signal_zero": _range_only((0.2, 5.0), (0.01, 100.0)),
    "state_zero": _FRACTION,
    "state_flush": _FRACTION,
    "runtime": _range_only((0.0, inf), (0.0, inf)),
    "light_434": _COUNTS,
    "light_620": _COUNTS,
    "thermistor": _COUNTS,
    "battery": _COUNTS,
    "delta_18O_vapour": _range_only((-70.0, 10.0), (-200.0, 100.0)),
    "delta_D_vapour": _range_only((-500.0, 100.0), (-1000.0, 1000.0)),
    "deuterium_excess": _range_only((-100.0, 100.0), (-1000.0, 1000.0)),
}
#: A stuck sensor is detected later where samples are hours apart and digits few.
SPARSE = {"minutes": 2880.0}
SPEEDS: Mapping[str, dict[str, Any]] = {
    "ship": {"questionable": 30.0, "bad": 80.0},
    "surface_vehicle": {"questionable": 15.0, "bad": 80.0},
    "drifter": {"questionable": 10.0, "bad": 80.0},
    "mooring": {"questionable": 10.0, "bad": 80.0},
}


def _quince_checks(gradient: float, questionable: tuple | None, bad: tuple) -> Checks:
    limits = {"bad": bad} if questionable is None else _range(questionable, bad)
    return {
        "constant": {"minutes": 120.0},
        "range": limits,
        "deviation": {"sigma": 5.0},
        "gradient": {"limit": gradient, "max_gap_minutes": inf},
    }


_Q_TEMPERATURE = _quince_checks(3.0, (-5.0, 40.0), (-10.0, 50.0))
_Q_PRESSURE = _quince_checks(50.0, (900.0, 1100.0), (750.0, 1250.0))
_Q_CO2 = _quince_checks(20.0, (80.0, 1200.0), (0.0, 50000.0))
_Q_STANDARDS: Checks = {"missing_standards": {"minimum": 2.0}}
_KNOTS = 160.0 * 3600.0 / 1852.0  # of 160 m/s
_FAST = {"questionable": _KNOTS, "bad": _KNOTS, "blame": "both"}
_ALWAYS: tuple[str, ...] = ()  # all rows
#: The thresholds of QuinCe 28.2, its table of sensor types under our names.
QUINCE_28: Mapping[str, Checks] = {
    "SST": _Q_TEMPERATURE,
    "T_equ": _Q_TEMPERATURE,
    "T_atm": _Q_TEMPERATURE,
    "salinity": _quince_checks(3.0, (0.0, 42.0), (0.0, 50.0)),
    "P_equ": _quince_checks(50.0, (-3.0, 1100.0), (-5.0, 1250.0)),
    "P_atm": _Q_PRESSURE,
    "xH2O": _quince_checks(5.0, None, (-10.0, 100.0)),
    "xCO2": {"standard_offset": {"limit": 4.0}},
    "xCO2_water_Tequ_dry": _Q_CO2 | _Q_STANDARDS,
    "xCO2_water_Tequ_wet": _Q_CO2,
    "xCO2_water_SST_dry": _Q_CO2,
    "xCO2_water_SST_wet": _Q_CO2,
    "xCO2_atm_dry_actual": _Q_CO2 | _Q_STANDARDS,
    "xCO2_atm_wet_actual": _Q_CO2,
    "pCO2_water_Tequ_wet": _Q_CO2,
    "x12CO2": {"isotope_sum": {"limit": 0.001}},
    "zero_count": {"range": {"bad": (25000.0, 100000.0)}},
    "warming": {"warming": _range((-1.0, 1.0), (-0.1, 3.0))},
}
PROFILES: Mapping[str, Profile] = {
    "default": Profile("community defaults, corrected", DEFAULT, SPEEDS),
    "quince-28": Profile(
        "the rules and thresholds of QuinCe 28",
        QUINCE_28,
        dict.fromkeys(SPEEDS, _FAST),
        {
            "warming": dict.fromkeys(("SST", "T_equ", "water_flow"), _ALWAYS),
            **{flow: {} for flow in ("water_flow", "gas_flow")},
        },
        sampling_only=True,
    ),
    "none": Profile("only impossible values and the checks you name", {}, SPEEDS),
}

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
#: Seasons by the initials of their months, the same everywhere.
_INITIALS = {
    "DJF": (12, 1, 2),
    "MAM": (3, 4, 5),
    "JJA": (6, 7, 8),
    "SON": (9, 10, 11),
}
#: Local seasons: half a year later in the southern hemisphere.
_LOCAL = {"winter": "DJF", "spring": "MAM", "summer": "JJA", "autumn": "SON"}

Condition = dict[str, Any]


def condition(table: Where) -> Condition:
    """Validate the conditions of a table and write them in one form."""
    conditions: Condition = {"name": table.name} if table.name else {}
    if table.region:
        conditions["region"] = [_region(word) for word in _as_list(table.region)]
    if table.box is not None:
        conditions["box"] = _box("box", *table.box)
    if table.latitude is not None or table.longitude is not None:
        south, north = table.latitude or (-90.0, 90.0)
        west, east = table.longitude or (-180.0, 180.0)
        if "box" in conditions:
            raise OptionError("give 'box' or 'latitude' and 'longitude', not both")
        conditions["box"] = _box("latitude", south, west, north, east)
    if table.months:
        conditions["months"] = sorted({_month(month) for month in table.months})
    if table.season:
        conditions["season"] = [_season(word) for word in _as_list(table.season)]
    if not set(conditions) - {"name"}:
        raise OptionError(
            "needs at least one of region, box, latitude, longitude, months and season"
        )
    return conditions


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _region(word: str) -> str:
    letter, name = word.strip().upper(), word.strip().lower()
    name = name.replace(" ", "_").replace("-", "_")
    codes = {text: code for code, text in REGIONS.items()}
    code = letter if letter in REGIONS else codes.get(name)
    if code is None:
        hint = did_you_mean(name, codes)
        regions = ", ".join(f"{code} {text}" for code, text in REGIONS.items())
        raise OptionError(f"no region named {word!r}.{hint} Known: {regions}.")
    if code == "C":
        raise OptionError("region 'coastal' is not a box: define your own box")
    return code


def _box(key: str, south: float, west: float, north: float, east: float) -> list[float]:
    if not -90.0 <= south <= north <= 90.0:
        raise OptionError(
            f"{key!r} must have latitudes from south to north between -90 and 90:"
            f" {south:g}, {north:g}"
        )
    if not all(-180.0 <= edge <= 360.0 for edge in (west, east)):
        edges = f"{west:g}, {east:g}"
        raise OptionError(f"longitudes must be between -180 and 360: {edges}")
    return [south, west, north, east]


def _month(month: int | str) -> int:
    if isinstance(month, int) and 1 <= month <= 12:
        return month
    word = str(month).strip().lower()
    matches = [i for i, name in enumerate(_MONTHS, 1) if word in (name, name[:3])]
    if not matches:
        hint = did_you_mean(word, _MONTHS)
        raise OptionError(f"no month {month!r}.{hint} Known: 1 to 12 and their names.")
    return matches[0]


def _season(word: str) -> str:
    for key in (word.strip().upper(), word.strip().lower()):
        if key in _INITIALS or key in _LOCAL:
            return key
    names = (*_INITIALS, *_LOCAL)
    hint = did_you_mean(word, names)
    raise OptionError(f"no season {word!r}.{hint} Known: {', '.join(names)}.")


def rows_where(ds: xr.Dataset) -> Callable[[Mapping[str, Any]], np.ndarray]:
    """Return a function from a condition to the rows where it holds."""
    size = ds.sizes["time"]
    lat, lon = (
        ds[n].to_numpy() if n in ds.variables else np.full(size, np.nan)
        for n in ("latitude", "longitude")
    )

    @cache
    def region() -> np.ndarray:
        return socat_regions(lat, lon)

    @cache
    def month() -> np.ndarray:
        months = ds["time"].to_numpy().astype("datetime64[M]").astype(np.int64)
        return months % 12 + 1

    masks: dict[str, Callable[[Any], np.ndarray]] = {
        "region": lambda value: np.isin(region(), value),
        "box": lambda value: within(lat, lon, *value),
        "months": lambda value: np.isin(month(), value),
        "season": lambda value: _in_season(month(), lat, value),
    }

    def holds(conditions: Mapping[str, Any]) -> np.ndarray:
        rows = np.ones(size, dtype=bool)
        for key in masks.keys() & conditions.keys():
            rows &= masks[key](conditions[key])
        return rows

    return holds


def _in_season(
    month: np.ndarray, latitude: np.ndarray, seasons: Sequence[str]
) -> np.ndarray:
    rows = np.zeros(month.shape, dtype=bool)
    for word in seasons:
        months = _INITIALS[_LOCAL.get(word, word)]
        if word in _INITIALS:
            rows |= np.isin(month, months)
            continue
        rows |= (latitude >= 0) & np.isin(month, months)
        rows |= (latitude < 0) & np.isin((month + 5) % 12 + 1, months)
    return rows
