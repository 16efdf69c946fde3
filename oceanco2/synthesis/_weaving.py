"""Compiled: cells of lines copied byte by byte, with new numbers behind them."""

from typing import Any

import numpy as np

from oceanco2.compiling import compiled
from oceanco2.socat_format._digits import print_number

_NEWLINE, _RETURN = 10, 13


@compiled
def _find(text: Any, at: Any, end: Any, sep: Any, places: Any) -> None:
    """Find where the first cells of a line begin."""
    found = 1
    places[0] = at
    for i in range(at, end):
        if text[i] == sep and found < places.size:
            places[found] = i + 1
            found += 1
    if found < places.size:
        places[found] = end + 1


@compiled
def _copy(text: Any, span: Any, separators: Any, out: Any, to: Any) -> Any:
    at, end = span
    sep, wanted = separators
    for i in range(at, end):
        out[to] = wanted if text[i] == sep else text[i]
        to += 1
    return to


@compiled
def weave(
    text: Any,
    spans: Any,
    fields: Any,
    separators: Any,
    numbers: Any,
    table: Any,
    out: Any,
) -> Any:
    """Copy lines, or cells of them, and print numbers behind them."""
    sep, wanted = separators
    places = np.empty(fields.max() + 2 if fields.size else 1, np.int64)
    to = 0
    for r in range(spans.shape[0]):
        at, end = spans[r, 0], spans[r, 1] - 1
        returns = end > at and text[end - 1] == _RETURN
        end -= returns
        if fields.size:
            _find(text, at, end, sep, places)
            for k in range(fields.size):
                field = fields[k]
                span = places[field], places[field + 1] - 1
                to = _copy(text, span, separators, out, to)
                out[to] = wanted
                to += 1
            to -= 1
        else:
            to = _copy(text, (at, end), separators, out, to)
        for c in range(numbers.shape[0]):
            out[to] = wanted
            to = print_number(
                numbers[c, r], table[c, 0], table[c, 1], table[c, 2], out, to + 1
            )
        if returns:
            out[to] = _RETURN
            to += 1
        out[to] = _NEWLINE
        to += 1
    return to
