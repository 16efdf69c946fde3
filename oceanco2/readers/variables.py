"""Raw columns into canonical variables: sums, units, positions, delivered flags."""

from typing import Protocol

import numpy as np

from oceanco2.errors import ReadError, did_you_mean
from oceanco2.platforms import FileDefinition, VariableSource
from oceanco2.readers.numbers import to_degrees, to_half_circle, to_numbers
from oceanco2.units import to_canonical
from oceanco2.vocabulary import FLAG_VALUES, MISSING, SUFFIXES, VARIABLES


class Rows(Protocol):
    """What is needed of the rows of a stream."""

    def column(self, name: str, occurrence: int = 1) -> np.ndarray:
        """Return the texts of a column.

        Parameters
        ----------
        name : str
            Column name.
        occurrence : int, default 1
            Which one, where a name stands several times.

        Returns
        -------
        ndarray of object
            One text a row.
        """

    def joined(self, attribute: str) -> np.ndarray:
        """Return an array of the tables, joined.

        Parameters
        ----------
        attribute : str
            Its name.

        Returns
        -------
        ndarray
            One element a row.
        """


def values_of(
    name: str, source: VariableSource, rows: Rows, definition: FileDefinition
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
    definition : FileDefinition
        Missing codes and decimal sign of the files.

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
    base = next((name.removesuffix(s) for s in SUFFIXES if name.endswith(s)), name)
    variable = VARIABLES[base]
    units = source.units or variable.units
    if source.value is not None:
        full = np.full(rows.joined("lines").shape, float(source.value))
        return to_canonical(full, units, variable.units), np.zeros(full.shape, bool)
    if base in ("latitude", "longitude"):
        return _position(base, source, rows, definition)
    missing = {*definition.missing, *source.missing}
    parts = [
        to_numbers(rows.column(c, source.occurrence), missing, definition.decimal)
        for c in source.columns
    ]
    total = parts[0][0]
    odd = parts[0][1]
    for values, strange in parts[1:]:
        total = total - values if source.difference else total + values
        odd = odd | strange
    return np.array(to_canonical(total, units, variable.units)), odd


def _position(
    name: str, source: VariableSource, rows: Rows, definition: FileDefinition
) -> tuple[np.ndarray, np.ndarray]:
    texts = rows.column(source.columns[0], source.occurrence)
    letters = rows.column(source.hemisphere) if source.hemisphere else None
    codes = [*definition.missing, *source.missing]
    if definition.decimal == ",":
        texts = np.array([t.replace(",", ".") for t in texts], dtype=object)
    source = source.model_copy(update={"missing": codes})
    degrees, odd = to_degrees(texts, source, letters)
    return (to_half_circle(degrees) if name == "longitude" else degrees), odd


def delivered_flags(
    source: VariableSource, texts: np.ndarray, where: str
) -> np.ndarray:
    """Read flags that came with the file.

    Parameters
    ----------
    source : VariableSource
        Its ``flag_map`` says what texts mean; ``2``, ``2.0``, ``3``, ``4``, ``9`` and
        blank (not evaluated) are understood without.
    texts : ndarray of object
        Cells of the flag column.
    where : str
        Key of the platform file.

    Returns
    -------
    ndarray of int8
        WOCE flags.

    Raises
    ------
    ReadError
        If a text has no meaning.
    """
    unique, inverse = np.unique(texts.astype(str), return_inverse=True)
    codes = np.array([_flag(t, source, where) for t in unique], dtype=np.int8)
    return codes[inverse]


def _flag(text: str, source: VariableSource, where: str) -> int:
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
        f"{where}: flag {text!r} in column {source.flag!r} has no meaning.{hint}"
        " Known: 0, 2, 3, 4, 9; say others in flag_map."
    )
