"""Rows of numbers and texts to bytes, exactly as C's printf prints them, but fast."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.socat_format.columns import NUMBER, TEXT, Column

Array = np.ndarray[Any, Any]
#: Beyond it a number in units of its last digit is no whole number any more.
_LARGEST = 2.0**52


@dataclass(frozen=True, slots=True)
class Text:
    """A column of texts: an index for each row into the list of its words.

    Attributes
    ----------
    codes : ndarray of int32
        Index of each row.
    words : sequence of bytes
        The texts.
    """

    codes: Array
    words: Sequence[bytes]

    @classmethod
    def of(cls, values: Sequence[str]) -> "Text":
        """Make a column of plain texts.

        Parameters
        ----------
        values : sequence of str
            One for each row.

        Returns
        -------
        Text
            The column.
        """
        index: dict[str, int] = {}
        codes = [index.setdefault(value, len(index)) for value in values]
        words = [word.encode() for word in index]
        return cls(np.array(codes, dtype=np.int32), words)


def format_rows(
    columns: Sequence[Column], values: Mapping[str, Array | Text], ends: bytes = b"\n"
) -> bytes:
    r"""Print rows, tab between the cells, in the formats of SOCAT.

    Parameters
    ----------
    columns : sequence of Column
        Columns in the order to print them.
    values : mapping of str to ndarray or Text
        Column name to values, all of one length. NaN is printed as ``NaN``.
    ends : bytes
        End of a line.

    Returns
    -------
    bytes
        The lines.

    Examples
    --------
    >>> from oceanco2.socat_format import column_of
    >>> columns = [column_of("ss"), column_of("longitude"), column_of("sal")]
    >>> values = {"ss": [3.0], "longitude": [0.0], "sal": [np.nan]}
    >>> format_rows(columns, {k: np.array(v) for k, v in values.items()})
    b'03.\t0.00000\tNaN\n'
    """
    numbers = [_float64(values[c.name]) for c in columns if c.kind != TEXT]
    texts = [_as_text(values[c.name]) for c in columns if c.kind == TEXT]
    size = numbers[0].size if numbers else texts[0].codes.size
    if not size:
        return b""
    plan = _plan(columns, numbers, texts)
    if any(_is_unusual(n, c) for n, c in zip(numbers, _numeric(columns), strict=True)):
        return _plainly(columns, values, ends)
    from oceanco2.socat_format._digits import print_rows

    matrix = np.ascontiguousarray(numbers) if numbers else np.empty((0, size))
    codes = np.ascontiguousarray([t.codes for t in texts], dtype=np.int64)
    codes = codes.reshape(len(texts), size) + plan.first[:, None]
    room = size * (plan.room + len(columns) + len(ends))
    out = np.empty(room, np.uint8)
    end = np.frombuffer(ends, np.uint8)
    used = print_rows(matrix, codes, plan.table, plan.blob, plan.starts, end, out)
    return out[:used].tobytes()


@dataclass(frozen=True, slots=True)
class _Plan:
    table: Array  # of each column: is text, row of its matrix, decimals, width, point
    blob: Array  # all words behind each other
    starts: Array  # where each begins
    first: Array  # of each text column: its first word
    room: int  # bytes that a row can take


def _plan(
    columns: Sequence[Column], numbers: Sequence[Array], texts: Sequence[Text]
) -> _Plan:
    table = np.zeros((len(columns), 5), np.int64)
    counts = {True: 0, False: 0}
    for row, column in zip(table, columns, strict=True):
        kind = column.kind == TEXT
        row[:] = kind, counts[kind], column.decimals, column.width, 0
        row[4] = column.kind == NUMBER
        counts[kind] += 1
    words = [word for text in texts for word in text.words]
    lengths = np.array([0, *map(len, words)], np.int64)
    sizes = [0, *(len(text.words) for text in texts)]
    first = np.cumsum(sizes)[: len(texts)]
    longest = [max(map(len, text.words), default=0) for text in texts]
    return _Plan(
        table,
        np.frombuffer(b"".join(words) or b" ", np.uint8),
        np.cumsum(lengths),
        first,
        sum(longest) + 24 * len(numbers),
    )


def _numeric(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.kind != TEXT]


def _float64(values: Any) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


def _as_text(values: Any) -> Text:
    if isinstance(values, Text):
        return values
    return Text.of([str(value) for value in values])


def _is_unusual(values: Array, column: Column) -> bool:
    with np.errstate(invalid="ignore"):
        large = np.abs(values) * 10.0**column.decimals >= _LARGEST
    return bool(large.any())


def _plainly(
    columns: Sequence[Column], values: Mapping[str, Any], ends: bytes
) -> bytes:
    cells = []
    for column in columns:
        if column.kind == TEXT:
            text = _as_text(values[column.name])
            cells.append([text.words[code] for code in text.codes])
        else:
            numbers = _float64(values[column.name])
            cells.append([one_cell(value, column).encode() for value in numbers])
    rows = (b"\t".join(row) for row in zip(*cells, strict=True))
    return b"".join(row + ends for row in rows)


def one_cell(value: float, column: Column) -> str:
    """Print one number.

    Examples
    --------
    >>> from oceanco2.socat_format import column_of
    >>> one_cell(-1.0, column_of("ETOPO2_depth"))
    '-1.'
    """
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else f"{value:f}"
    if column.kind != NUMBER:
        return f"{round(value):0{column.width}d}"
    width = column.width + 1 + column.decimals if column.width > 1 else 0
    return f"{value:#0{width}.{column.decimals}f}"
