"""Compiled: lines of bytes to numbers, times and labels, and back to lines.

A number of at most 15 digits and a power of ten are both exact in binary, so their
quotient is the double nearest to the printed number. Rows with numbers in any other
format are marked; Python converts them afterwards.
"""

from typing import Any, NamedTuple

import numpy as np

from oceanco2.compiling import compiled, inlined
from oceanco2.dates import day_number

_NAN = np.frombuffer(b"NaN", np.uint8)
_SPLIT = 134217729.0  # 2**27 + 1
_SCALES = np.array([10.0**i for i in range(16)])


@compiled
def rounded(value: Any, scale: Any) -> Any:
    """Round ``value * scale`` to an integer, half to even, without rounding error."""
    product = value * scale
    integer = np.floor(product)
    rest = product - integer - 0.5
    if abs(rest) < 1e-3:
        # The exact rounding error of the product of two doubles (Dekker 1971).
        a, b = _SPLIT * value, _SPLIT * scale
        high_a, high_b = a - (a - value), b - (b - scale)
        low_a, low_b = value - high_a, scale - high_b
        error = low_a * low_b - (
            ((product - high_a * high_b) - low_a * high_b) - high_a * low_b
        )
        rest = rest + error
    number = np.int64(integer)
    if rest > 0.0 or (rest == 0.0 and number & 1):
        number += 1
    return number


@compiled
def print_whole(number: Any, least: Any, out: Any, at: Any) -> Any:
    """Print a non-negative integer; return the position after it."""
    count, rest = 1, number // 10
    while rest > 0:
        count, rest = count + 1, rest // 10
    count = max(count, least)
    for i in range(at + count - 1, at - 1, -1):
        out[i] = np.uint8(48 + number % 10)
        number //= 10
    return at + count


@compiled
def print_number(
    value: Any, decimals: Any, width: Any, point: Any, out: Any, at: Any
) -> Any:
    """Print a number as ``%#.<decimals>f``; return the position after it."""
    if np.isnan(value):
        out[at : at + 3] = _NAN
        return at + 3
    if value < 0.0 or (point and np.signbit(value)):
        out[at] = 45
        at += 1
        value = -value
    scale = np.int64(_SCALES[decimals])
    number = rounded(value, _SCALES[decimals])
    at = print_whole(number // scale, width, out, at)
    if point:
        out[at] = 46
        at += 1
    return print_whole(number % scale, decimals, out, at) if decimals else at


@compiled
def print_rows(
    numbers: Any, codes: Any, table: Any, blob: Any, starts: Any, end: Any, out: Any
) -> Any:
    """Print rows of numbers and labels; return the bytes written."""
    at = 0
    size = numbers.shape[1] if numbers.shape[0] else codes.shape[1]
    for r in range(size):
        for c in range(table.shape[0]):
            if c > 0:
                out[at] = 9
                at += 1
            row = table[c, 1]
            if table[c, 0]:
                label = codes[row, r]
                for i in range(starts[label], starts[label + 1]):
                    out[at] = blob[i]
                    at += 1
            else:
                at = print_number(
                    numbers[row, r],
                    table[c, 2],
                    table[c, 3],
                    table[c, 4],
                    out,
                    at,
                )
        for i in range(end.size):
            out[at] = end[i]
            at += 1
    return at


_POWERS_OF_TEN = np.array([10.0**i for i in range(23)])
_LARGEST = 9007199254740992  # 2**53
#: Further digits are ignored: they do not matter, and the number must fit an int64.
_MOST_DIGITS = 100_000_000_000_000_000
NAN = np.nan
NONE = np.iinfo(np.int64).min  # NaT

#: States of a line.
VALID, UNUSUAL, WRONG_COUNT, WRONG_TIME, EMPTY = 0, 1, 2, 3, 4

TAB, NEWLINE, RETURN, SPACE = 9, 10, 13, 32
#: Columns of the plan: row among the numbers, row among the labels, part of the time.
IN_NUMBERS, IN_LABELS, IN_TIME = 0, 1, 2
#: Part of the time of a column with complete time stamps.
WHOLE_STAMP = 6


class LineArrays(NamedTuple):
    """Arrays that `parse` fills: values, labels, and the state of each line."""

    numbers: Any  # float64, one row per column
    times: Any  # int64, nanoseconds since 1970
    codes: Any  # int32, label of each line, one row per column
    labels: Any  # int64, first byte and length of each distinct label
    counts: Any  # int64, number of distinct labels
    tables: Any  # int32, hash tables, all -1
    starts: Any  # int64, first byte of each line, one longer than there are lines
    state: Any  # uint8


@inlined
def _ends(byte: Any, sep: Any) -> Any:
    return byte in (sep, NEWLINE, RETURN)


@inlined
def _skip_blanks(text: Any, at: Any) -> Any:
    while text[at] == SPACE:
        at += 1
    return at


@inlined
def _digits(text: Any, at: Any, number: Any) -> Any:
    while True:
        digit = np.int64(text[at]) - 48
        if digit < 0 or digit > 9:
            return at, number
        if number < _MOST_DIGITS:
            number = number * 10 + digit
        at += 1


@inlined
def read_number(text: Any, at: Any, sep: Any) -> Any:
    """Read one number; return it, the position after it, and whether it is valid."""
    at = _skip_blanks(text, at)
    first = text[at]
    negative = first == 45
    begin = at + 1 if negative else at
    after, number = _digits(text, begin, np.int64(0))
    count = after - begin
    decimals = 0
    if text[after] == 46:
        point = after + 1
        after, number = _digits(text, point, number)
        decimals = after - point
        count += decimals
    elif first == 78 and text[at + 1] == 97 and text[at + 2] == 78:
        after = _skip_blanks(text, at + 3)
        return NAN, after, _ends(text[after], sep)
    last = _skip_blanks(text, after)
    if not _ends(text[last], sep):
        return NAN, last, False
    if 0 < count < 19 and number <= _LARGEST:
        value = np.float64(number) / _POWERS_OF_TEN[decimals]
        return (-value if negative else value), last, True
    return NAN, last, count == 0 and after == at


days_of = compiled(day_number)


@compiled
def time_of(clock: Any) -> Any:
    """Return nanoseconds since 1970 from year to second; NaT if invalid."""
    for i in range(5):
        if clock[i] != np.floor(clock[i]):
            return NONE
    if not (1900.0 <= clock[0] <= 2200.0 and 1.0 <= clock[1] <= 12.0):
        return NONE
    if not (0.0 <= clock[3] < 24.0 and 0.0 <= clock[4] < 60.0):
        return NONE
    if not (0.0 <= clock[5] <= 60.0 and 1.0 <= clock[2] <= 31.0):
        return NONE
    year, month = np.int64(clock[0]), np.int64(clock[1])
    day = days_of(year, month, np.int64(clock[2]))
    following = days_of(year + month // 12, month % 12 + 1, 1)
    if day >= following:
        return NONE
    minutes = (day * 24 + np.int64(clock[3])) * 60 + np.int64(clock[4])
    return minutes * 60000000000 + np.int64(np.rint(clock[5] * 1e9))


@compiled
def read_stamp(text: Any, at: Any, sep: Any, clock: Any) -> Any:
    """Read a time like ``2005-01-07T01:08`` or ``2005-01-07T01:08:30``."""
    clock[5] = 0.0
    for part in range(5):
        after, number = _digits(text, at, np.int64(0))
        if after == at:
            return after, False
        clock[part] = number
        if part == 4:
            break
        separator = text[after]
        expected = 45 if part < 2 else (84 if part == 2 else 58)
        if separator != expected and not (part == 2 and separator == SPACE):
            return after, False
        at = after + 1
    if text[after] == 58:
        value, after, valid = read_number(text, after + 1, sep)
        clock[5] = value
        return after, valid
    return after, _ends(text[after], sep)


@inlined
def _same(text: Any, a: Any, b: Any, length: Any) -> Any:
    i = 0
    while i < length and text[a + i] == text[b + i]:
        i += 1
    return i == length


@compiled
def find_label(
    text: Any, at: Any, length: Any, labels: Any, count: Any, table: Any
) -> Any:
    """Return the index of a label, and the number of labels; add it if it is new."""
    # Fowler, Noll and Vo, 32 bits: products stay within an int64.
    digest = np.int64(2166136261)
    for i in range(length):
        digest = (digest ^ np.int64(text[at + i])) * 16777619 & 0xFFFFFFFF
    mask = np.int64(table.size - 1)
    slot = (digest ^ (digest >> 15)) & mask
    while table[slot] >= 0:
        index = table[slot]
        if labels[index, 1] == length and _same(text, labels[index, 0], at, length):
            return np.int64(index), count
        slot = (slot + 1) & mask
    table[slot] = count
    labels[count, 0] = at
    labels[count, 1] = length
    return count, count + 1


@inlined
def _store_label(
    text: Any, begin: Any, after: Any, row: Any, line: Any, into: Any
) -> Any:
    """Store which label is in a cell; it is mostly that of the line before."""
    last = after
    if text[after] == NEWLINE and after > begin and text[after - 1] == RETURN:
        last -= 1
    length = last - begin
    labels = into.labels[row]
    index = np.int64(into.codes[row, line - 1]) if line > 0 else np.int64(-1)
    if (
        index < 0
        or labels[index, 1] != length
        or not _same(text, labels[index, 0], begin, length)
    ):
        index, into.counts[row] = find_label(
            text, begin, length, labels, into.counts[row], into.tables[row]
        )
    into.codes[row, line] = index


@inlined
def _read_cell(text: Any, at: Any, sep: Any, part: Any, clock: Any) -> Any:
    """Read a number or part of the time; return it, the position after it, validity."""
    if part == WHOLE_STAMP:
        at, valid = read_stamp(text, at, sep, clock)
        return NAN, at, valid
    value, at, valid = read_number(text, at, sep)
    if part >= 0:
        clock[part] = value
    return value, at, valid


@inlined
def _line_state(
    text: Any, begin: Any, after: Any, extra: Any, valid: Any, time: Any
) -> Any:
    """Return the state of a line that has `extra` cells too many."""
    if extra != 0:
        first = text[begin]
        empty = after - begin <= 2 and (first in (NEWLINE, RETURN))
        return EMPTY if empty else WRONG_COUNT
    if not valid:
        return UNUSUAL
    return WRONG_TIME if time == NONE else VALID


@compiled
def parse(text: Any, start: Any, end: Any, sep: Any, plan: Any, into: Any) -> Any:
    """Parse the lines from `start` to `end` into `LineArrays`; return their number.

    The last byte is a newline. `plan` has for each column of the file its row among
    the numbers, its row among the labels and its part of the time; -1 for none.
    """
    at, fields = start, plan.shape[0]
    timed = plan[:, IN_TIME].max() >= 0
    clock, line = np.zeros(6), 0
    while at < end:
        into.starts[line] = at
        field, good, stop = 0, True, False
        clock[:] = 0.0
        while not stop:
            number = row = part = -1
            if field < fields:
                number, row, part = plan[field, 0], plan[field, 1], plan[field, 2]
            begin = at
            if number >= 0 or part >= 0:
                value, at, valid = _read_cell(text, at, sep, part, clock)
                good &= valid
                if number >= 0:
                    into.numbers[number, line] = value
            while text[at] != sep and text[at] != NEWLINE:
                at += 1
            if row >= 0:
                _store_label(text, begin, at, row, line, into)
            stop = text[at] == NEWLINE
            field += 1
            at += 1
        time = time_of(clock) if timed else 0
        into.times[line] = time
        into.state[line] = _line_state(
            text, into.starts[line], at, field - fields, good, time
        )
        if field != fields:
            into.codes[:, line] = -1
        line += 1
    into.starts[line] = at
    return line


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
