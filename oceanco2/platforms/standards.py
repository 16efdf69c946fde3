"""Gas standards of a platform file: their labels, scales and spread."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

from oceanco2.platforms.settings import Standard, WrongKey

#: Standards closer together than this do not determine a slope [umol mol-1]: the
#: samples of one cruise differ by more.
LEAST_SPAN = 20.0
#: X2019 = slope X2007 + intercept; Hall et al. (2021), doi:10.5194/amt-14-3015-2021.
_SLOPE, _INTERCEPT = 1.00079, -0.142
_OLD, _NEW = "X2007", "X2019"


def check_labels(standards: Sequence[Standard]) -> None:
    """Raise WrongKey for two cylinders with one label from the same time on."""
    for one, other in combinations(standards, 2):
        if one.label == other.label and one.valid_from == other.valid_from:
            raise WrongKey(
                "standards",
                f"run {other.run!r} is two gases at the same time, {one.xCO2:g} and"
                f" {other.xCO2:g} umol mol-1; if one replaced the other, give the later"
                " one its valid_from",
            )


def scale_name(text: str) -> str:
    """Return the name of a scale, however it is spelt; empty if there is none.

    Examples
    --------
    >>> scale_name("WMO-CO2-x2019"), scale_name("NOAA X 2007 scale"), scale_name(" ")
    ('X2019', 'X2007', '')
    """
    found = re.search(r"\bX[ _-]?(\d{2,4})", text.replace("_", " "), re.IGNORECASE)
    return f"X{found[1]}" if found else " ".join(text.upper().split())


def on_scale(standards: Sequence[Standard], scale: str | None) -> list[Standard]:
    """Return the standards on a scale; WrongKey if one cannot be converted."""
    if scale is None:
        return [*standards]
    return [_converted(standard, scale) for standard in standards]


def _converted(standard: Standard, scale: str) -> Standard:
    old = scale_name(standard.scale)
    if standard.xCO2 == 0.0 or old == scale_name(scale):
        return standard
    if old != _OLD:
        stated = f"is on {standard.scale!r}" if old else "does not state its scale"
        raise WrongKey(
            "calibration.scale",
            f"standard {standard.run!r} {stated}: only WMO {_OLD} can be converted to"
            f" WMO {_NEW}",
        )
    text = f"{scale} (converted from {standard.xCO2:g} on {standard.scale})"
    value = _SLOPE * standard.xCO2 + _INTERCEPT
    return standard.model_copy(update={"xCO2": value, "scale": text})


def mixed_scales(standards: Sequence[Standard]) -> str:
    """Describe standards on more than one scale; empty if they are on one."""
    runs: dict[str, list[str]] = defaultdict(list)
    for standard in standards:
        scale = scale_name(standard.scale)
        if scale and standard.xCO2 > 0.0:
            runs[scale].append(standard.run)
    if len(runs) < 2:
        return ""
    parts = ", ".join(f"{scale} ({', '.join(names)})" for scale, names in runs.items())
    message = f"[[standards]] are on {len(runs)} scales: {parts}"
    if {*runs} == {_OLD, _NEW}:
        difference = _SLOPE * 400.0 + _INTERCEPT - 400.0
        message += (
            f", which are {difference:.2f} umol mol-1 apart at 400; [calibration]"
            f' scale = "WMO {_NEW}" converts them'
        )
    return message


def one_concentration(standards: Sequence[Standard], include_zero: bool) -> str:
    """Describe standards that do not determine a slope; empty if they do."""
    used = [s for s in standards if include_zero or s.xCO2 > 0.0]
    values = sorted({standard.xCO2 for standard in used})
    if len(used) < 2 or values[-1] - values[0] >= LEAST_SPAN:
        return ""
    span = " to ".join(f"{x:g}" for x in dict.fromkeys((values[0], values[-1])))
    kind = "one concentration" if len(values) == 1 else "nearly one concentration"
    return (
        f"[[standards]] have {kind} ({span} umol mol-1): they do not determine the"
        " slope of the analyser; only their mean offset is taken off, all values are"
        " questionable"
    )
