"""Raw columns into canonical variables: sums, units, positions, delivered flags."""

import numpy as np

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import VariableSource
from oceanco2.readers.positions import to_degrees, to_half_circle
from oceanco2.readers.rows import Rows
from oceanco2.units import to_canonical
from oceanco2.vocabulary import FLAG_VALUES, MISSING, SUFFIXES, VARIABLES


def base_name(name: str) -> str:
    """Return the canonical name below a name on the dataset.

    Parameters
    ----------
    name : str
        For example ``"SST_raw"``.

    Returns
    -------
    str
        A key of `VARIABLES`.

    Examples
    --------
    >>> base_name("fCO2_water_SST_wet_delivered")
    'fCO2_water_SST_wet'
    """
    return next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)


def values_of(
    name: str, source: VariableSource, rows: Rows
) -> tuple[np.ndarray, np.ndarray]:
    """Read one variable.

    Parameters
    ----------
    name : str
        Name on the dataset, with a suffix where it has one.
    source : VariableSource
        Where it comes from.
    rows : Rows
        Cells of the stream.

    Returns
    -------
    values : ndarray of float64
        In canonical units, NaN where missing.
    odd : ndarray of bool
        Cells that are no numbers.

    Raises
    ------
    UnitsError
        If the units cannot be converted.
    ReadError
        If a column is not there.
    """
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
    for column in source.columns[1:]:
        values, strange = rows.numbers(column, missing=source.missing)
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
    """Read flags that came with the file.

    Parameters
    ----------
    source : VariableSource
        Its ``flag_map`` says what texts mean; ``2``, ``2.0``, ``3``, ``4``, ``9`` and
        blank (not evaluated) are understood without.
    rows : Rows
        Cells of the stream.
    name : str
        Name of the flag column.

    Returns
    -------
    ndarray of int8
        WOCE flags.

    Raises
    ------
    ReadError
        If a text has no meaning.
    """
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
