"""Which checks run on which variable, with which limits."""

import math
from collections.abc import Mapping
from typing import Any

from oceanco2.errors import OptionError, PlatformError, UnknownNameError, did_you_mean
from oceanco2.platforms import Platform
from oceanco2.qc.checks import CHECKS

Checks = dict[str, dict[str, Any]]
#: Checks of time and place that always run and have no options.
_FIXED = {"position", "time_order", "duplicate_time"}


def _range(questionable: tuple, bad: tuple) -> dict[str, Any]:
    return {"questionable": questionable, "bad": bad}


_TEMPERATURE: Checks = {
    "range": _range((-3.0, 40.0), (-10.0, 50.0)),
    "spike": {"questionable": 1.0, "bad": 4.0},
    "outlier": {"questionable": 2.0, "bad": 8.0},
    "constant": {"minutes": 120.0},
}
_PRESSURE: Checks = {
    "range": _range((900.0, 1100.0), (750.0, 1250.0)),
    "spike": {"questionable": 5.0, "bad": 20.0},
    "outlier": {"questionable": 8.0, "bad": 30.0},
    "constant": {"minutes": 360.0},
}
_WATER_CO2: Checks = {"range": _range((80.0, 1200.0), (0.0, 50000.0))}
_AIR_CO2: Checks = {"range": _range((300.0, 600.0), (100.0, 2000.0))}
#: Community defaults: thresholds of the ICOS Ocean Thematic Centre and SOCAT, with
#: spikes and outliers in the place of gradients, which blame fronts.
DEFAULT: Mapping[str, Checks] = {
    "SST": _TEMPERATURE,
    "T_equ": _TEMPERATURE,
    "salinity": {
        "range": _range((0.0, 42.0), (0.0, 50.0)),
        "spike": {"questionable": 1.0, "bad": 20.0},
        "outlier": {"questionable": 2.0},
        "constant": {"minutes": 120.0},
    },
    "P_equ": _PRESSURE,
    "P_atm": _PRESSURE,
    "xCO2_water_Tequ_dry": _WATER_CO2
    | {
        "spike": {"questionable": 20.0, "bad": 100.0},
        "outlier": {"questionable": 60.0},
        "constant": {"minutes": 120.0},
    },
    "xCO2_water_SST_dry": _WATER_CO2,
    "pCO2_water_Tequ_wet": _WATER_CO2,
    "fCO2_water_Tequ_wet": _WATER_CO2,
    "pCO2_water_SST_wet": _WATER_CO2,
    "fCO2_water_SST_wet": _WATER_CO2,
    "xCO2_atm_dry_actual": _AIR_CO2,
    "xCO2_atm_dry_interp": _AIR_CO2,
    "pCO2_atm_wet_actual": {"range": _range((250.0, 650.0), (50.0, 2000.0))},
    "fCO2_atm_wet_actual": {"range": _range((250.0, 650.0), (50.0, 2000.0))},
    "pCO2_atm_wet_interp": {"range": _range((250.0, 650.0), (50.0, 2000.0))},
    "fCO2_atm_wet_interp": {"range": _range((250.0, 650.0), (50.0, 2000.0))},
    "warming": {"warming": _range((-1.0, 1.0), (-3.0, 3.0))},
    "gas_flow": {"range": _range((40.0, 200.0), (0.0, 1000.0))},
    "water_flow": {"range": _range((0.3, 30.0), (0.0, 100.0))},
    "wind_speed": {"range": _range((0.0, 50.0), (0.0, 100.0))},
}
#: A stuck sensor shows later where samples are hours apart and digits few.
_SPARSE = {"minutes": 2880.0}
SPEEDS: Mapping[str, dict[str, float]] = {
    "ship": {"questionable": 30.0, "bad": 80.0},
    "surface_vehicle": {"questionable": 15.0, "bad": 80.0},
    "drifter": {"questionable": 10.0, "bad": 80.0},
    "mooring": {"questionable": 10.0, "bad": 80.0},
}
PROFILES = ("default", "none")


def checks_of(platform: Platform) -> dict[str, Checks]:
    """Return the checks of every variable with their limits.

    Parameters
    ----------
    platform : Platform
        Its ``qc`` table; what it says of a check replaces the default's limits.

    Returns
    -------
    dict
        Variable to check to options.
    """
    chosen: dict[str, Checks] = {}
    if platform.qc.profile == "default":
        chosen = {name: dict(checks) for name, checks in DEFAULT.items()}
        if platform.kind == "mooring":
            for checks in chosen.values():
                if "constant" in checks:
                    checks["constant"] = _SPARSE
    for name, checks in platform.qc.checks.items():
        chosen.setdefault(name, {}).update(checks)
    chosen.setdefault("latitude", {}).setdefault("speed", dict(SPEEDS[platform.kind]))
    return chosen


def check_options(platform: Platform) -> None:
    """Check every name and option of ``[qc.*]`` before data are read.

    Parameters
    ----------
    platform : Platform
        A loaded platform.

    Raises
    ------
    PlatformError
        If a profile, check or option does not exist or cannot be; one line with file,
        table and the nearest right word.
    """
    where = f"{platform.path}: [qc]"
    if platform.qc.profile not in PROFILES:
        hint = did_you_mean(platform.qc.profile, PROFILES)
        raise PlatformError(
            f"{where} no profile named {platform.qc.profile!r}.{hint}"
            f" Known: {', '.join(PROFILES)}."
        )
    for variable, checks in platform.qc.checks.items():
        for name, options in checks.items():
            where = f"{platform.path}: [qc.{variable}.{name}]"
            try:
                _check_one(variable, name, options)
            except (UnknownNameError, OptionError) as error:
                raise PlatformError(f"{where} {error}") from None


def _check_one(variable: str, name: str, options: Any) -> None:
    entry = CHECKS[name]
    if name in _FIXED:
        raise OptionError(f"check {name!r} cannot be set here: it has no options")
    if entry.tables and variable not in entry.tables:
        tables = " or ".join(f"[qc.{table}]" for table in entry.tables)
        raise OptionError(f"check {name!r} cannot be set here: it belongs to {tables}")
    if not isinstance(options, dict):
        raise OptionError("needs a table of options")
    known = entry.options
    for key in options:
        if key not in known:
            hint = did_you_mean(key, known)
            raise OptionError(
                f"no option named {key!r}.{hint} Known: {', '.join(known)}."
            )
    for key, parameter in known.items():
        if parameter.default is parameter.empty and key not in options:
            raise OptionError(f"lacks {key!r}")
    for key, value in options.items():
        _check_value(key, value, known[key].default)


def _check_value(key: str, value: Any, default: Any) -> None:
    if isinstance(default, str):
        if not isinstance(value, str):
            raise OptionError(f"{key!r} must be a text")
    elif isinstance(default, tuple):
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise OptionError(f"{key!r} must be two numbers [lowest, highest]")
        if not all(map(_is_number, value)):
            raise OptionError(f"{key!r} must be two numbers [lowest, highest]")
        if value[1] < value[0]:
            raise OptionError(f"{key!r} has its highest below its lowest: {value}")
    elif not _is_number(value) or value < 0:
        raise OptionError(f"{key!r} must be a number that is not negative")


def _is_number(value: Any) -> bool:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    return fits and not math.isnan(value)


def describe_checks() -> list[tuple[str, str, str]]:
    """List checks with their options, then the limits of the default profile.

    Returns
    -------
    list of tuple of str
        Rows of a table: check or variable, options or limits, description.
    """
    rows = [("check", "options", "what it flags")]
    for name, entry in CHECKS.items():
        words = list(entry.options) if name not in _FIXED else []
        rows.append((name, ", ".join(words) or "-", entry.description))
    for variable, checks in DEFAULT.items():
        for name, options in checks.items():
            limits = ", ".join(f"{k} {_shown(v)}" for k, v in options.items())
            rows.append((f"[qc.{variable}]", f"{name}: {limits}", "default"))
    for kind, speeds in SPEEDS.items():
        limits = ", ".join(f"{k} {_shown(v)}" for k, v in speeds.items())
        rows.append(("[qc.latitude]", f"speed: {limits}", f"default of a {kind}"))
    return rows


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{value[0]:g}, {value[1]:g}]"
    if isinstance(value, str):
        return value or "none"
    return f"{value:g}"
