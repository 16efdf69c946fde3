"""Convert raw columns to variables, and record the origin of each row."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from oceanco2.errors import ReadError, UnitsError, not_found
from oceanco2.platforms import VariableSource
from oceanco2.readers.numbers import to_degrees, to_half_circle
from oceanco2.readers.runs import RunRows
from oceanco2.readers.table import StreamRows
from oceanco2.units import KNOWN_UNITS, conversion, to_canonical
from oceanco2.vocabulary import (
    FLAG_VALUES,
    MISSING,
    RUN_TYPES,
    SUFFIXES,
    VARIABLES,
    coded_attrs,
)


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


#: ``(values, window in seconds) -> running mean`` along the rows.
Smooth = Callable[[np.ndarray, float], np.ndarray]
_PACKED_FORMATS = ("ddmm.mmmm", "dddmm.mmmm")


def base_name(name: str) -> str:
    """Return the canonical name of a variable of the dataset.

    Examples
    --------
    >>> base_name("fCO2_water_SST_wet_delivered")
    'fCO2_water_SST_wet'
    """
    return next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)


def check_units(name: str, source: VariableSource, rows: StreamRows) -> None:
    """Compare the units printed in a file with those of the platform file."""
    for table in rows.tables:
        for column in source.columns:
            for unit in sorted(table.units.get(column.strip().lower(), ())):
                message = f"{table.file}: column {column!r} is in {unit!r}"
                if name in ("latitude", "longitude"):
                    if unit in _PACKED_FORMATS and source.format != "ddmm.mmmm":
                        raise ReadError(
                            f"{message}, but the format is {source.format!r}"
                        )
                elif unit in KNOWN_UNITS and not _same_units(name, source, unit):
                    raise ReadError(f"{message}, but {rows.where} has {source.units!r}")


def _same_units(name: str, source: VariableSource, unit: str) -> bool:
    canonical = VARIABLES[name].units
    try:
        return conversion(unit, canonical) == conversion(
            source.units or canonical, canonical
        )
    except UnitsError:
        return False


def values_of(
    name: str, source: VariableSource, rows: StreamRows, smooth: Smooth
) -> tuple[np.ndarray, np.ndarray]:
    """Read one variable."""
    base = base_name(name)
    variable = VARIABLES[base]
    units = source.units or variable.units
    if not source.columns:
        value = np.nan if source.value is None else source.value
        full = np.full(rows.concatenate("lines").shape, float(value))
        return to_canonical(full, units, variable.units), np.zeros(full.shape, bool)
    if base in ("latitude", "longitude"):
        return _position(base, source, rows)
    total, invalid = rows.numbers(
        source.columns[0], source.occurrence, missing=source.missing
    )
    if source.smooth_seconds and len(source.columns) == 1:
        total = smooth(total, source.smooth_seconds)
    for column in source.columns[1:]:
        values, invalid_part = rows.numbers(column, missing=source.missing)
        if source.smooth_seconds:
            values = smooth(values, source.smooth_seconds)
        total = total - values if source.difference else total + values
        invalid = invalid | invalid_part
    return np.array(to_canonical(total, units, variable.units)), invalid


def _position(
    name: str, source: VariableSource, rows: StreamRows
) -> tuple[np.ndarray, np.ndarray]:
    cells = rows.cells(source.columns[0], source.occurrence)
    letters = rows.texts(source.hemisphere) if source.hemisphere else None
    codes = [*rows.definition.missing, *source.missing]
    with_codes = source.model_copy(update={"missing": codes})
    degrees, invalid = to_degrees(
        name, cells, with_codes, letters, rows.definition.decimal
    )
    return (to_half_circle(degrees) if name == "longitude" else degrees), invalid


def delivered_flags(source: VariableSource, rows: StreamRows, name: str) -> np.ndarray:
    """Read flags delivered with the file."""
    # A row with another number of fields than the header may have any text there.
    texts = np.where(rows.concatenate("damaged"), "", rows.texts(name))
    unique, first, inverse = np.unique(
        texts.astype(str), return_index=True, return_inverse=True
    )
    codes = [
        _flag_code(str(text), source, rows, int(row))
        for text, row in zip(unique, first, strict=True)
    ]
    return np.array(codes, dtype=np.int8)[inverse]


def _flag_code(text: str, source: VariableSource, rows: StreamRows, row: int) -> int:
    simplified = text.strip().removesuffix(".0").removesuffix(".")
    for spelling in (text.strip(), simplified):
        if spelling in source.flag_map:
            return source.flag_map[spelling]
    flag_codes = {str(code): code for code in FLAG_VALUES.values()}
    if simplified in flag_codes:
        return flag_codes[simplified]
    if simplified.lower() in {"", "nan"}:
        return FLAG_VALUES["not_evaluated"]
    if simplified.startswith("-9"):
        return MISSING
    unknown = not_found("flag", text, [*flag_codes, *source.flag_map])
    raise ReadError(
        f"{rows.locate(row)}: column {source.flag!r}: {unknown}"
        f" Add others to flag_map ({rows.where})."
    )
