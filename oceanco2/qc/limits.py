"""Limits of the profiles: default, quince-28 and none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import inf
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, not_allowed, not_found
from oceanco2.geography import REGIONS, socat_regions, within
from oceanco2.platforms.settings import Where
from oceanco2.vocabulary import VARIABLES

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


#: Community defaults; the limits of variables are facts of the vocabulary.
DEFAULT: Mapping[str, Checks] = {
    **{
        name: variable.limits for name, variable in VARIABLES.items() if variable.limits
    },
    "standard_run": {
        "standard_rejected": {},
        "standard_step": {},
        "standard_drift": {},
        "standard_scatter": {},
        "standard_gap": {},
    },
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
        raise OptionError(not_found("region", word, (*codes, *REGIONS)))
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
        raise OptionError(not_allowed("month", month, ("1 to 12", *_MONTHS)))
    return matches[0]


def _season(word: str) -> str:
    for key in (word.strip().upper(), word.strip().lower()):
        if key in _INITIALS or key in _LOCAL:
            return key
    raise OptionError(not_allowed("season", word, (*_INITIALS, *_LOCAL)))


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
