"""Table of `oceanco2 checks`: checks, limits of the profiles, regions."""

from collections.abc import Mapping
from typing import Any

from oceanco2.errors import OptionError, did_you_mean
from oceanco2.geography import REGIONS
from oceanco2.qc.check import CHECKS
from oceanco2.qc.limits import PROFILES
from oceanco2.qc.plan import FIXED


def describe_checks(profile: str = "default") -> list[tuple[str, str, str]]:
    """List checks with their options, then the limits of a profile.

    Parameters
    ----------
    profile : str, default "default"
        Profile whose limits are listed.

    Returns
    -------
    list of tuple of str
        Rows of a table: check or variable, options or limits, description.

    Raises
    ------
    OptionError
        If there is no such profile.
    """
    if profile not in PROFILES:
        hint = did_you_mean(profile, PROFILES)
        raise OptionError(
            f"no profile named {profile!r}.{hint} Known: {', '.join(PROFILES)}."
        )
    rows = [("check", "options", "what it flags")]
    for name, entry in CHECKS.items():
        labels = list(entry.options) if name not in FIXED else []
        rows.append((name, ", ".join(labels) or "-", entry.description))
    chosen = PROFILES[profile]
    for variable, checks in chosen.checks.items():
        for name, options in checks.items():
            text = (
                format_options(options or CHECKS[name].with_defaults({})) or "no limits"
            )
            rows.append((f"[qc.{variable}]", f"{name}: {text}", profile))
    for kind, speeds in chosen.speeds.items():
        limits = f"speed: {format_options(speeds)}"
        rows.append(("[qc.latitude]", limits, f"{profile}, of a {kind}"))
    for source, targets in chosen.consequences.items():
        text = ", ".join(
            f"{name} in {' '.join(runs) or 'all rows'}"
            for name, runs in targets.items()
        )
        text = text or "none, unless you list them"
        rows.append((f"[qc.{source}]", f"consequences: {text}", profile))
    for name, rules in PROFILES.items():
        rows.append(("profile", name, rules.description))
    for letter, word in REGIONS.items():
        text = "of SOCAT" if letter != "C" else "of SOCAT; not a box: define your own"
        rows.append(("region", f"{letter} {word}", text))
    return rows


def format_options(options: Mapping[str, Any]) -> str:
    """Format options in one line."""
    return ", ".join(f"{key} {_format_value(value)}" for key, value in options.items())


def _format_value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"[{value[0]:g}, {value[1]:g}]"
    if isinstance(value, str):
        return value or "none"
    return f"{value:g}"
