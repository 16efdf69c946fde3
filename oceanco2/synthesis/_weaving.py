"""Compiled: copy cells of lines byte by byte, and append new numbers."""

from typing import Any, NamedTuple

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.socat_format._digits import print_number

_NEWLINE, _RETURN = 10, 13


class Separators(NamedTuple):
    """Bytes between cells, in the file and in the copy."""

    old: int
    new: int


@compiled
def _find_cells(text: Any, at: Any, end: Any, sep: Any, starts: Any) -> None:
    """Store the positions where the first cells of a line begin."""
    count = 1
    starts[0] = at
    for i in range(at, end):
        if text[i] == sep and count < starts.size:
            starts[count] = i + 1
            count += 1
    if count < starts.size:
        starts[count] = end + 1


@compiled
def _copy(text: Any, at: Any, end: Any, separators: Any, out: Any, to: Any) -> Any:
    """Copy bytes with another separator; return the position after them."""
    for i in range(at, end):
        out[to] = separators.new if text[i] == separators.old else text[i]
        to += 1
    return to


@compiled
def splice_columns(
    text: Any,
    spans: Any,
    fields: Any,
    separators: Any,
    numbers: Any,
    table: Any,
    out: Any,
) -> Any:
    """Copy lines, or cells of them, and append numbers; return the bytes written."""
    starts = np.empty(fields.max() + 2 if fields.size else 1, np.int64)
    to = 0
    for r in range(spans.shape[0]):
        at, end = spans[r, 0], spans[r, 1] - 1
        has_return = end > at and text[end - 1] == _RETURN
        end -= has_return
        if fields.size:
            _find_cells(text, at, end, separators.old, starts)
            for k in range(fields.size):
                field = fields[k]
                first, last = starts[field], starts[field + 1] - 1
                to = _copy(text, first, last, separators, out, to)
                out[to] = separators.new
                to += 1
            to -= 1
        else:
            to = _copy(text, at, end, separators, out, to)
        for c in range(numbers.shape[0]):
            out[to] = separators.new
            to = print_number(
                numbers[c, r], table[c, 0], table[c, 1], table[c, 2], out, to + 1
            )
        if has_return:
            out[to] = _RETURN
            to += 1
        out[to] = _NEWLINE
        to += 1
    return to
