"""What the head of a file says of its platform and its thermometers."""

import re

import numpy as np
import pandas as pd

from oceanco2.platforms import Platform, VariableSource
from oceanco2.platforms.contradictions import unanswered
from oceanco2.readers.table import RawTable, StreamRows, column_key
from oceanco2.units import IPTS_68, T_68_PER_T_90

#: Column that is read as text where a file has it.
EXPOCODE = "expocode"
_CODE = re.compile(r"\bexpo ?code\W+([A-Z0-9]{4,6}\d{8})\b", re.IGNORECASE)
_PLATFORM = re.compile(r"\bplatform[ _]?code\W+([A-Z0-9]{4})\b", re.IGNORECASE)


def head_messages(platform: Platform, rows: StreamRows) -> list[str]:
    """Return expocodes and codes of platforms that contradict the platform file."""
    messages: list[str] = []
    for table in rows.tables:
        messages += _platform_messages(platform, table)
    return messages


def _platform_messages(platform: Platform, table: RawTable) -> list[str]:
    """Compare expocodes and the platform code of a file with the platform file."""
    cells = table.column(EXPOCODE)
    texts: list[str] = []
    if cells is not None and cells.dtype == object:
        texts = list(pd.unique(cells))
    codes = {str(text).strip().upper() for text in texts}
    codes |= {m[1].upper() for x in table.preamble if (m := _CODE.search(x))}
    codes = {code for code in codes if re.fullmatch(r"[A-Z0-9]{4,6}\d{8}.*", code)}
    names = {m[1].upper() for x in table.preamble if (m := _PLATFORM.search(x))}
    own = (platform.metadata.expocode or platform.platform_code).strip().upper()
    wrong = sorted(codes if not any(code.startswith(own) for code in codes) else ())
    wrong += sorted(name for name in names if not own.startswith(name))
    if not wrong:
        return []
    message = f"{table.file}: it is of {wrong[0]!r}, but {platform.path} of {own!r}"
    return unanswered(platform.accepted, "expocode", message)


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
