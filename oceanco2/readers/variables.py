"""Convert raw columns to variables, and record the origin of each row."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from oceanco2.errors import ImpossibleWarning, ReadError, not_found
from oceanco2.platforms import VariableSource
from oceanco2.platforms.contradictions import Answers, unanswered
from oceanco2.readers.numbers import (
    ambiguous_commas,
    to_degrees,
    to_half_circle,
    unpack,
)
from oceanco2.readers.runs import RunRows
from oceanco2.readers.table import StreamRows, column_key, locate
from oceanco2.units import (
    conversion,
    converts,
    reconcile,
    spellings,
    split_name,
    stated,
    to_canonical,
)
from oceanco2.vocabulary import (
    ABSOLUTE,
    CONFLICT,
    FLAG_VALUES,
    MISSING,
    QUESTIONABLE,
    RUN_TYPES,
    SUFFIXES,
    VARIABLES,
    coded_attrs,
    flag_attrs,
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


def conflict_variables(
    conflict: np.ndarray, data: Mapping[str, Any], *, is_main: bool
) -> dict[str, Any]:
    """Variables for rows that another file contradicts.

    Those of another stream than the main one are not interpolated: questionable.
    """
    if is_main:
        words = {"no": 0, "yes": 1}
        attrs = coded_attrs("another file contradicts the row", words, "int8")
        return {CONFLICT: ("time", conflict.astype(np.int8), attrs)}
    flags: dict[str, Any] = {}
    for name in data:
        base = base_name(name)
        if base in VARIABLES:
            key = f"{base}_flag_delivered"
            codes = data[key][1] if key in data else np.zeros(conflict.shape, np.int8)
            worse = np.where(conflict, np.maximum(codes, QUESTIONABLE), codes)
            flags[key] = ("time", worse.astype(np.int8), flag_attrs(base, "delivered"))
    return flags


def _run_variables(runs: RunRows) -> dict[str, Any]:
    texts, which = np.unique(runs.labels.astype(str), return_inverse=True)
    # CF allows letters, digits and _ - . + @ in flag_meanings.
    meanings = [re.sub(r"[^\w.+@-]", "_", t.strip(), flags=re.ASCII) for t in texts]
    unique, code = np.unique(
        [meaning or "blank" for meaning in meanings], return_inverse=True
    )
    codes = {str(meaning): i for i, meaning in enumerate(unique)}
    attrs = coded_attrs("run type as logged", codes, np.int16)
    # Messages quote labels of standards as they are in the file.
    logged = [str(texts[code == i][0]).strip() for i in range(unique.size)]
    standards = np.unique(code[which][runs.run_type == RUN_TYPES["standard"]])
    if any(logged[i] != unique[i] for i in standards):
        attrs["labels"] = "\n".join(logged)
    status = {"standard_name": "status_flag"}
    standard_attrs = {
        "long_name": "gas standard, index into [[standards]], -1 for none"
    }
    return {
        "run_label": (
            "time",
            code[which].astype(np.int16),
            attrs,
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
Bounds = tuple[float, float]
_PACKED_FORMATS = ("ddmm.mmmm", "dddmm.mmmm")
#: Share of values that must be possible in other units to propose these.
_MOST = 0.9
#: Share of values that are reported only if there are units to propose.
_FEW = 0.1
#: Ranges of variables that have no possible one, by the beginning of the name.
_USUAL: Mapping[str, Bounds] = {
    "T_": (-80.0, 100.0),
    "P_analyser": (100.0, 2000.0),
    "xH2O": (-10.0, 200.0),
}
#: CO2 of air and water [umol mol-1 or uatm]: none of all samples is below.
_CO2 = ("xCO2_water", "xCO2_atm", "pCO2", "fCO2")
_LEAST_CO2, _MOST_CO2 = 1.0, 50000.0
#: Water vapour [mmol mol-1] that dried gas of an equilibrator still has. Tables of
#: moorings print umol/mol above values of 5 to 40 mmol mol-1.
_DRIEST = 0.1


def base_name(name: str) -> str:
    """Return the canonical name of a variable of the dataset.

    Examples
    --------
    >>> base_name("fCO2_water_SST_wet_delivered")
    'fCO2_water_SST_wet'
    """
    return next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)


def check_format(source: VariableSource, rows: StreamRows) -> None:
    """Compare the format of positions that a file prints with the platform file."""
    for table in rows.tables:
        for column in source.columns:
            for unit in sorted(table.units.get(column_key(column), ())):
                if unit in _PACKED_FORMATS and source.format != "ddmm.mmmm":
                    raise ReadError(
                        f"{table.file}: column {column!r} is in {unit!r},"
                        f" but the format is {source.format!r}"
                    )


def _occurrences(source: VariableSource) -> list[tuple[str, int]]:
    """Return the columns, and which one of those of its name each is."""
    first = [source.occurrence, *[1] * len(source.columns)]
    return list(zip(source.columns, first, strict=False))


def stated_units(
    name: str, source: VariableSource, rows: StreamRows
) -> dict[str, list[str]]:
    """Return the units that files state for the columns of a variable, and where.

    A file that states none is under the key "".
    """
    canonical = VARIABLES[name].units
    found: dict[str, list[str]] = {}
    for table in rows.tables:
        for column, occurrence in _occurrences(source):
            position = locate(table.names, column, occurrence)
            if position is None:
                continue
            texts = table.units.get(column_key(column, occurrence), ())
            units = [u for text in sorted(texts) if (u := stated(text, canonical))]
            for unit in units or [split_name(table.names[position], canonical)[1]]:
                found.setdefault(unit, []).append(f"{table.file}: column {column!r}")
    return found


def check_units(
    name: str, source: VariableSource, rows: StreamRows, accepted: Answers
) -> tuple[str, list[str]]:
    """Return the units of a variable, and warnings about others that files state."""
    found = stated_units(name, source, rows)
    canonical = VARIABLES[name].units
    if not source.units and "" in found:
        raise ReadError(
            f"{rows.where}: lacks 'units', for example {canonical!r}; {found[''][0]}"
            " states none"
        )
    units, wrong = reconcile(found, source.units, canonical)
    warnings = []
    for unit in wrong:
        others = f" (and {len(found[unit]) - 1} more)" if len(found[unit]) > 1 else ""
        message = f"{found[unit][0]} is in {unit!r}{others}"
        if not source.units:
            raise ReadError(
                f"{message}, but {found[units][0]} in {units!r}: give each its own"
                f" [files.*], or the right 'units' ({rows.where})"
            )
        message += f", but {rows.where} says {units!r}, which is used"
        if name.startswith("xH2O") and _is_too_dry(unit, source, rows):
            rows.notes.append(f"{message}: no gas above water is so dry")
        else:
            warnings += unanswered(accepted, "units", message, name)
    return units, warnings


_MASS = "g kg-1"


def absolute_salinity(
    name: str, source: VariableSource, rows: StreamRows
) -> tuple[dict[str, Any], list[str]]:
    """Return the attribute of absolute salinity, or a question about the column."""
    if name not in ("salinity", "salinity_raw"):
        return {}, []
    absolute = {ABSOLUTE: "yes"}
    if source.absolute is not None or not source.columns:
        return (absolute if source.absolute else {}), []
    columns = {column.strip().lower() for column in source.columns}
    words = " ".join(columns).lower()
    for table in rows.tables:
        for column, standard_name in table.standard_names.items():
            words += f" {standard_name}" if column.strip().lower() in columns else ""
    if "absolute" in words or "practical" in words:
        return (absolute if "absolute" in words else {}), []
    found = {source.units: [rows.where]} | stated_units("salinity", source, rows)
    masses = [unit for unit in found if converts(unit, _MASS)]
    return {}, [
        f"{found[unit][0]}: salinity in {unit!r}: is it absolute salinity (TEOS-10)?"
        " Then set absolute = true, it is converted to practical salinity;"
        f" absolute = false says that it is practical ({rows.where})"
        for unit in masses[:1]
    ]


def _is_too_dry(unit: str, source: VariableSource, rows: StreamRows) -> bool:
    """Whether water vapour would be that of no gas in contact with the sea."""
    canonical = VARIABLES["xH2O"].units
    numbers = rows.numbers(source.columns[0])[0]
    return converts(unit, canonical) and bool(
        np.nanmax(to_canonical(numbers, unit, canonical), initial=0.0) < _DRIEST
    )


def check_commas(name: str, source: VariableSource, rows: StreamRows) -> None:
    """Raise ReadError where a comma may separate thousands or be a decimal comma."""
    file = rows.definition
    if file.decimal == "," or file.thousands:
        return
    for column, occurrence in _occurrences(source):
        cells = rows.cells(column, occurrence)
        found = ambiguous_commas(cells) if cells.dtype == object else cells[:0]
        if found.size:
            raise ReadError(
                f"{rows.tables[0].file}: column {column!r} has cells such as"
                f" {found[0]!r}: {_meaning_of_commas(name, source, found)}"
                f" ({rows.where})"
            )


def _meaning_of_commas(name: str, source: VariableSource, cells: np.ndarray) -> str:
    """Propose what commas mean where only one reading is possible, else both."""
    canonical = VARIABLES[name].units
    low, high = VARIABLES[name].bounds
    possible = {}
    for key, mark in (("decimal", "."), ("thousands", "")):
        numbers = [float(cell.replace(",", mark)) for cell in cells]
        values = to_canonical(numbers, source.units or canonical, canonical)
        possible[key] = bool(((values >= low) & (values <= high)).mean() > 0.5)
    keys = [key for key, fits in possible.items() if fits]
    keys = keys if len(keys) == 1 else [*possible]
    settings = " or ".join(f"{key} = ','" for key in keys)
    number = cells[0].replace(",", "." if keys[0] == "decimal" else "")
    reason = f": only {number} is possible" if len(keys) == 1 else ""
    return f"set {settings} in its table [files.*]{reason}"


def possible_units(name: str, source: VariableSource, rows: StreamRows) -> list[str]:
    """Return units that values may have, those that the files state first."""
    canonical = VARIABLES[name].units
    found = [*stated_units(name, source, rows), *spellings(canonical)]
    if name == "salinity":
        found = [unit for unit in found if unit not in ("percent", "%")]
    return [unit for unit in dict.fromkeys(found) if converts(unit, canonical)]


def impossible(
    name: str, units: str, values: np.ndarray, others: Iterable[str], where: str
) -> ImpossibleWarning | None:
    """Return the warning that no value of a variable can be right, or not all.

    ``others`` are units in which the values may be possible, the likeliest first. A
    tenth of the values is reported only if they are possible in one of these.
    """
    low, high = _limits(name)
    values = values[np.isfinite(values)]
    outside = (values < low) | (values > high)
    count, size = int(outside.sum()), values.size
    # A zero gas is among the readings of CO2: if all are zero, none can be right.
    few = size if low == _LEAST_CO2 else _FEW * size
    if not count or count < few:
        return None
    canonical = VARIABLES[name].units
    scale, offset = conversion(units, canonical)
    read = (values[outside] - offset) / scale
    text = f"{name}: {count} of {size} values cannot be ({_span(read, units)})"
    other = next((u for u in others if _fits(read, u, canonical, low, high)), "")
    if other:
        converted = to_canonical(read, other, canonical)
        converted = converted[(converted >= low) & (converted <= high)]
        text += f"; in {other} they would be {_span(converted, canonical)}"
    elif layout := _layout(name, read, high):
        text += f"; with format = {layout!r} they could be"
    elif count < size:  # codes of missing values, for example
        return None
    return ImpossibleWarning(f"{text} ({where})")


def _layout(name: str, numbers: np.ndarray, largest: float) -> str:
    """Return the format in which numbers are positions, empty if there is none."""
    if name not in ("latitude", "longitude"):
        return ""
    for layout in ("ddmm.mmmm", "ddmmss"):
        degrees, wrong = unpack(np.abs(numbers), layout)
        if (~wrong & (degrees <= largest)).mean() >= _MOST:
            return layout
    return ""


def _limits(name: str) -> Bounds:
    """Return the possible range, or the range of what instruments give."""
    if name == "xCO2" or name.startswith(_CO2):
        return _LEAST_CO2, _MOST_CO2
    by_prefix = (limits for start, limits in _USUAL.items() if name.startswith(start))
    return VARIABLES[name].physical or next(by_prefix, VARIABLES[name].bounds)


def _fits(
    values: np.ndarray, unit: str, canonical: str, low: float, high: float
) -> bool:
    """Whether most values are possible in a unit."""
    converted = to_canonical(values, unit, canonical)
    return bool(((converted >= low) & (converted <= high)).mean() >= _MOST)


def _span(values: np.ndarray, units: str) -> str:
    low, high = float(values.min()), float(values.max())
    numbers = f"{low:.4g} to {high:.4g}" if low < high else f"{low:.4g}"
    return f"{numbers} {units}".removesuffix(" 1")


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
