"""Rows within the flushing time, in which an instrument settles after a change."""

from typing import Any

import numpy as np

from oceanco2.platforms import Platform
from oceanco2.vocabulary import RUN_TYPES, coded_attrs


def flushing(
    run_type: np.ndarray,
    seconds: np.ndarray,
    platform: Platform,
    changed: np.ndarray | None = None,
) -> tuple[str, np.ndarray, dict[str, Any]]:
    """Mark rows up to the flushing time after the start of a run, inclusive."""
    begins = np.diff(run_type, prepend=-1) != 0
    if changed is not None:
        begins |= changed
    starts = np.maximum.accumulate(np.where(begins, np.arange(run_type.size), 0))
    elapsed = seconds - seconds[starts] if run_type.size else seconds
    out = np.zeros(run_type.shape, dtype=np.int8)
    limits = platform.runs.flushing_seconds if platform.runs else {}
    for name, limit in limits.items():
        if limit > 0:
            out[(run_type == RUN_TYPES[name]) & (elapsed <= limit)] = 1
    attrs = coded_attrs("within the flushing time", {"no": 0, "yes": 1}, "int8")
    return "time", out, attrs
