"""Raw columns into canonical variables: sums, units, positions, delivered flags."""

from collections.abc import Callable

import numpy as np

from oceanco2.errors import ReadError, UnitsError, did_you_mean
from oceanco2.platforms import VariableSource
from oceanco2.readers.positions import to_degrees, to_half_circle
from oceanco2.readers.rows import Rows
from oceanco2.units import KNOWN_UNITS, conversion, to_canonical
from oceanco2.vocabulary import FLAG_VALUES, MISSING, SUFFIXES, VARIABLES

#: ``(values, window in seconds) -> running mean`` along the rows.
Smooth = Callable[[np.ndarray, float], np.ndarray]
_PACKED = ("ddmm.mmmm", "dddmm.mmmm")


def base_name(name: str) -> str:
    """Return the canonical name below a name on the dataset.

    Examples
    --------
    >>> base_name("fCO2_water_SST_wet_delivered")
    'fCO2_water_SST_wet'
    """
    return next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)


def check_units(name: str, source: VariableSource, rows: Rows) -> None:
    """Compare the units that a file tells with those of the platform file."""
    for table in rows.tables:
        for column in source.columns:
            for unit in sorted(table.units.get(column.strip().lower(), ())):
                said = f"{table.file}: column {column!r} is in {unit!r}"
                if name in ("latitude", "longitude"):
                    if unit in _PACKED and source.format != "ddmm.mmmm":
                        raise ReadError(f"{said}, format is {source.format!r}")
                elif unit in KNOWN_UNITS and not _agree(name, source, unit):
                    raise ReadError(f"{said}, {rows.where} says {source.units!r}")


def _agree(name: str, source: VariableSource, unit: str) -> bool:
    wanted = VARIABLES[name].units
    try:
        return conversion(unit, wanted) == conversion(source.units or wanted, wanted)
    except UnitsError:
        return False


def values_of(
    name: str, source: VariableSource, rows: Rows, smooth: Smooth
) -> tuple[np.ndarray, np.ndarray]:
    """Read one variable."""
    base = base_name(name)
    variable = VARIABLES[base]
    units = source.units or variable.units
    if not source.columns:
        value = np.nan if source.value is None else source.value
        full = np.full(rows.joined("lines").shape, float(value))
        return to_canonical(full, units, variable.units), np.zeros(full.shape, bool)
    if base in ("latitude", "longitude"):
        return _position(base, source, rows)
    total, odd = rows.numbers(
        source.columns[0], source.occurrence, missing=source.missing
    )
    if source.smooth_seconds and len(source.columns) == 1:
        total = smooth(total, source.smooth_seconds)
    for column in source.columns[1:]:
        values, strange = rows.numbers(column, missing=source.missing)
        if source.smooth_seconds:
            values = smooth(values, source.smooth_seconds)
        total = total - values if source.difference else total + values
        odd = odd | strange
    return np.array(to_canonical(total, units, variable.units)), odd


def _position(
    name: str, source: VariableSource, rows: Rows
) -> tuple[np.ndarray, np.ndarray]:
    cells = rows.cells(source.columns[0], source.occurrence)
    letters = rows.texts(source.hemisphere) if source.hemisphere else None
    codes = [*rows.definition.missing, *source.missing]
    coded = source.model_copy(update={"missing": codes})
    degrees, odd = to_degrees(name, cells, coded, letters, rows.definition.decimal)
    return (to_half_circle(degrees) if name == "longitude" else degrees), odd


def delivered_flags(source: VariableSource, rows: Rows, name: str) -> np.ndarray:
    """Read flags that came with the file."""
    # In a row of another length than the header any text may stand there.
    texts = np.where(rows.joined("damaged"), "", rows.texts(name))
    unique, first, inverse = np.unique(
        texts.astype(str), return_index=True, return_inverse=True
    )
    codes = [
        _flag(str(text), source, rows, int(row))
        for text, row in zip(unique, first, strict=True)
    ]
    return np.array(codes, dtype=np.int8)[inverse]


def _flag(text: str, source: VariableSource, rows: Rows, row: int) -> int:
    plain = text.strip().removesuffix(".0").removesuffix(".")
    for spelling in (text.strip(), plain):
        if spelling in source.flag_map:
            return source.flag_map[spelling]
    known = {str(code): code for code in FLAG_VALUES.values()}
    if plain in known:
        return known[plain]
    if plain.lower() in {"", "nan"}:
        return FLAG_VALUES["not_evaluated"]
    if plain.startswith("-9"):
        return MISSING
    hint = did_you_mean(plain, [*known, *source.flag_map])
    raise ReadError(
        f"{rows.place(row)}: flag {text!r} in column {source.flag!r} has no meaning."
        f"{hint} Known: 0, 2, 3, 4, 9; say others in flag_map ({rows.where})."
    )
