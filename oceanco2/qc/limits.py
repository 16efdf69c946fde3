"""Limits of the profiles, and their conditions in space and time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import MONTHS
from oceanco2.errors import OptionError, not_allowed, not_found
from oceanco2.geography import REGIONS, socat_regions, within
from oceanco2.platforms.settings import Where
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import VARIABLES

Checks = dict[str, dict[str, Any]]
#: Source to target to the run types in which the flag of the source affects it.
Consequences = Mapping[str, Mapping[str, tuple[str, ...]]]
#: Input to what a questionable and a bad flag of it become on a result.
Becomes = Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of rules; limits are facts of the checks and of the variables."""

    name: str
    description: str
    consequences: Consequences = field(default_factory=dict)
    cascade: Becomes = field(default_factory=dict)
    sampling_only: bool = False
    #: Whether the limits that the vocabulary has for its variables apply.
    community: bool = False

    @property
    def checks(self) -> dict[str, Checks]:
        """Return the default limits: variable to check to options."""
        chosen: dict[str, Checks] = {name: {} for name in (*VARIABLES, RUNS)}
        if self.community:
            for name, variable in VARIABLES.items():
                chosen[name] |= {n: dict(o) for n, o in variable.limits.items()}
        for check in sorted(CHECKS.values(), key=lambda check: check.bit):
            for name, options in check.limits.get(self.name, {}).items():
                chosen[name][check.name] = dict(options)
        return {name: checks for name, checks in chosen.items() if checks}

    def checks_for(self, kind: str, measured: Iterable[str] = ()) -> dict[str, Checks]:
        """Return the default limits for a kind of platform and what it measures."""
        chosen = self.checks
        for name in measured if self.community else ():
            more = VARIABLES[name].measured.items()
            chosen.setdefault(name, {}).update({n: dict(o) for n, o in more})
        for check in CHECKS.values():
            kinds = check.kinds.get(self.name, {})
            if kind not in kinds:
                continue
            options = kinds[kind]
            names = [name for name, checks in chosen.items() if check.name in checks]
            for name in names or check.tables:
                checks = chosen.setdefault(name, {})
                checks.pop(check.name, None)
                if options is not None:
                    checks[check.name] = dict(options)
        return chosen

    @property
    def by_kind(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return the checks whose limits are those of a kind of platform only."""
        used = {name for checks in self.checks.values() for name in checks}
        return {
            check.name: {kind: dict(options or {}) for kind, options in kinds.items()}
            for check in CHECKS.values()
            if (kinds := check.kinds.get(self.name)) and check.name not in used
        }


#: Variables of the profile quince-28 that have all of QuinCe's checks of a series.
QUINCE_TEMPERATURES = ("SST", "T_equ", "T_atm")
QUINCE_CO2 = (
    *("xCO2_water_Tequ_dry", "xCO2_water_Tequ_wet", "xCO2_water_SST_dry"),
    *("xCO2_water_SST_wet", "xCO2_atm_dry_actual", "xCO2_atm_wet_actual"),
    "pCO2_water_Tequ_wet",
)
QUINCE_SERIES = (
    *QUINCE_TEMPERATURES,
    "salinity",
    "P_equ",
    "P_atm",
    "xH2O",
    *QUINCE_CO2,
)


def for_all(names: Iterable[str], **options: Any) -> dict[str, dict[str, Any]]:
    """Return the same limits for several variables."""
    return dict.fromkeys(names, options)


#: What the checks of gas standard runs are named for.
RUNS = "standard_run"
_ALWAYS: tuple[str, ...] = ()  # all rows
PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        # Spikes and outliers instead of gradients, which flag fronts.
        Profile("default", "community defaults, corrected", community=True),
        Profile(
            "quince-28",
            "the rules and thresholds of QuinCe 28",
            {
                "warming": dict.fromkeys(("SST", "T_equ", "water_flow"), _ALWAYS),
                **{flow: {} for flow in ("water_flow", "gas_flow")},
            },
            sampling_only=True,
        ),
        Profile("none", "only impossible values and the checks you name"),
    )
}

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
    matches = [i for i, name in enumerate(MONTHS, 1) if word in (name, name[:3])]
    if not matches:
        raise OptionError(not_allowed("month", month, ("1 to 12", *MONTHS)))
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
