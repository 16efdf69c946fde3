"""Temperatures on the scale of 1968, which the head of a file states."""

import numpy as np

from oceanco2.platforms import Platform, VariableSource
from oceanco2.platforms.contradictions import unanswered
from oceanco2.readers.table import StreamRows, column_key
from oceanco2.units import IPTS_68, T_68_PER_T_90


def on_its_90(
    platform: Platform,
    name: str,
    source: VariableSource,
    rows: StreamRows,
    values: np.ndarray,
) -> tuple[np.ndarray, list[str]]:
    """Return temperatures on ITS-90, and what contradicts the platform file.

    The one beside a conductivity cell stays on the scale that the platform file states.
    """
    keys = [column_key(column, source.occurrence) for column in source.columns]
    stated = [
        next((t.scales[key] for key in keys if key in t.scales), "")
        for t in rows.tables
    ]
    scale = _declared(platform, name)
    if scale:
        others = [i for i, found in enumerate(stated) if found not in ("", scale)]
        if not others:
            return values, []
        message = (
            f"{rows.tables[others[0]].file}: column {source.columns[0]!r} is on"
            f" {stated[others[0]]}, but {platform.path} says [calibration]"
            f" temperature_scale = {scale!r}, which is used"
        )
        return values, unanswered(platform.accepted, "temperature_scale", message, name)
    old = np.array([found == IPTS_68 for found in stated])[rows.file_index()]
    return np.where(old, values / T_68_PER_T_90, values), []


def _declared(platform: Platform, name: str) -> str:
    """Return the scale that the platform file states for a thermometer, if it does."""
    has_own = "T_conductivity" in platform.variables
    of_cell = "T_conductivity" if has_own else "SST"
    options = platform.calibration
    is_stated = "temperature_scale" in options.model_fields_set
    if name != of_cell or "conductivity" not in platform.variables or not is_stated:
        return ""
    return options.temperature_scale
