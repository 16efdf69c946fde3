"""Origin of rows: file, line, run, and times of secondary clocks."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from oceanco2.readers.rows import StreamRows
from oceanco2.readers.runs import RunRows
from oceanco2.vocabulary import RUN_TYPES, coded_attrs


def clock_variables(clocks: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Variables for the times of secondary clocks."""
    return {
        f"clock_{name}": (
            "time",
            times.astype("datetime64[ns]"),
            {"long_name": f"time by the clock of the {name}"},
        )
        for name, times in clocks.items()
    }


def bookkeeping_variables(
    rows: StreamRows, runs: RunRows | None, damaged: np.ndarray
) -> dict[str, Any]:
    """Variables for the origin and the run of each row."""
    meanings = {"no": 0, "yes": 1}
    file_attrs = {"long_name": "index into the attribute source_files"}
    row_attrs = {"long_name": "line of the source file, from 1"}
    data: dict[str, Any] = {
        "source_file": ("time", rows.file_index(), file_attrs),
        "source_row": ("time", rows.concatenate("lines").astype(np.int32), row_attrs),
        "damaged": (
            "time",
            damaged.astype(np.int8),
            coded_attrs("row is damaged", meanings, "int8"),
        ),
    }
    if runs is not None:
        data |= _run_variables(runs)
    return data


def _run_variables(runs: RunRows) -> dict[str, Any]:
    texts, which = np.unique(runs.labels.astype(str), return_inverse=True)
    # CF allows letters, digits and _ - . + @ in flag_meanings.
    meanings = [re.sub(r"[^\w.+@-]", "_", t.strip(), flags=re.ASCII) for t in texts]
    unique, code = np.unique(
        [meaning or "blank" for meaning in meanings], return_inverse=True
    )
    codes = {str(meaning): i for i, meaning in enumerate(unique)}
    status = {"standard_name": "status_flag"}
    standard_attrs = {
        "long_name": "gas standard, index into [[standards]], -1 for none"
    }
    return {
        "run_label": (
            "time",
            code[which].astype(np.int16),
            coded_attrs("run type as logged", codes, np.int16),
        ),
        "run_type": (
            "time",
            runs.run_type,
            coded_attrs("run type", RUN_TYPES, "int8") | status,
        ),
        "standard": ("time", runs.standard, standard_attrs),
    }
