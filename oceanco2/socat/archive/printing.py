"""Format rows of numbers and texts exactly as C's printf does, but faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oceanco2.socat.columns import NUMBER, TEXT, ArchiveColumn

Array = np.ndarray[Any, Any]
#: Largest number, in units of its last digit, that is an exact integer.
_LARGEST = 2.0**52


@dataclass(frozen=True, slots=True)
class Text:
    """A column of texts: for each row an index into its labels."""

    codes: Array
    labels: Sequence[bytes]

    @classmethod
    def of(cls, values: Sequence[str]) -> "Text":
        """Make a column from one text per row."""
        index: dict[str, int] = {}
        codes = [index.setdefault(value, len(index)) for value in values]
        labels = [label.encode() for label in index]
        return cls(np.array(codes, dtype=np.int32), labels)


def format_rows(
    columns: Sequence[ArchiveColumn],
    values: Mapping[str, Array | Text],
    ends: bytes = b"\n",
) -> bytes:
    r"""Format rows with tabs between cells as SOCAT does.

    Examples
    --------
    >>> from oceanco2.socat.columns import column_of
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
        return _format_in_python(columns, values, ends)
    from oceanco2.socat.archive._kernels import print_rows

    matrix = np.ascontiguousarray(numbers) if numbers else np.empty((0, size))
    codes = np.ascontiguousarray([t.codes for t in texts], dtype=np.int64)
    codes = codes.reshape(len(texts), size) + plan.first[:, None]
    capacity = size * (plan.row_bytes + len(columns) + len(ends))
    out = np.empty(capacity, np.uint8)
    end = np.frombuffer(ends, np.uint8)
    used = print_rows(matrix, codes, plan.table, plan.blob, plan.starts, end, out)
    return out[:used].tobytes()


@dataclass(frozen=True, slots=True)
class _Plan:
    table: Array  # of each column: is text, row of its matrix, decimals, width, point
    blob: Array  # all labels, concatenated
    starts: Array  # first byte of each label
    first: Array  # of each text column: its first label
    row_bytes: int  # most bytes of a row


def _plan(
    columns: Sequence[ArchiveColumn], numbers: Sequence[Array], texts: Sequence[Text]
) -> _Plan:
    table = np.zeros((len(columns), 5), np.int64)
    counts = {True: 0, False: 0}
    for row, column in zip(table, columns, strict=True):
        is_text = column.kind == TEXT
        row[:] = is_text, counts[is_text], column.decimals, column.width, 0
        row[4] = column.kind == NUMBER
        counts[is_text] += 1
    labels = [label for text in texts for label in text.labels]
    lengths = np.array([0, *map(len, labels)], np.int64)
    sizes = [0, *(len(text.labels) for text in texts)]
    first = np.cumsum(sizes)[: len(texts)]
    longest = [max(map(len, text.labels), default=0) for text in texts]
    return _Plan(
        table,
        np.frombuffer(b"".join(labels) or b" ", np.uint8),
        np.cumsum(lengths),
        first,
        sum(longest) + 24 * len(numbers),
    )


def _numeric(columns: Sequence[ArchiveColumn]) -> list[ArchiveColumn]:
    return [column for column in columns if column.kind != TEXT]


def _float64(values: Any) -> Array:
    return np.ascontiguousarray(values, dtype=np.float64)


def _as_text(values: Any) -> Text:
    if isinstance(values, Text):
        return values
    return Text.of([str(value) for value in values])


def _is_unusual(values: Array, column: ArchiveColumn) -> bool:
    with np.errstate(invalid="ignore"):
        large = np.abs(values) * 10.0**column.decimals >= _LARGEST
    return bool(large.any())


def _format_in_python(
    columns: Sequence[ArchiveColumn], values: Mapping[str, Any], ends: bytes
) -> bytes:
    cells = []
    for column in columns:
        if column.kind == TEXT:
            text = _as_text(values[column.name])
            cells.append([text.labels[code] for code in text.codes])
        else:
            numbers = _float64(values[column.name])
            cells.append([format_number(value, column).encode() for value in numbers])
    rows = (b"\t".join(row) for row in zip(*cells, strict=True))
    return b"".join(row + ends for row in rows)


def format_number(value: float, column: ArchiveColumn) -> str:
    """Format one number as a cell of a column.

    Examples
    --------
    >>> from oceanco2.socat.columns import column_of
    >>> format_number(-1.0, column_of("ETOPO2_depth"))
    '-1.'
    """
    if not np.isfinite(value):
        return "NaN" if np.isnan(value) else f"{value:f}"
    if column.kind != NUMBER:
        return f"{round(value):0{column.width}d}"
    width = column.width + 1 + column.decimals if column.width > 1 else 0
    return f"{value:#0{width}.{column.decimals}f}"
