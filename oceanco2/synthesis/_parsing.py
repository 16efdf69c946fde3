"""Compiled: lines of bytes to numbers, times and words. Serial, without the GIL.

A number of at most 15 digits and a power of ten are both exact in binary, so their
quotient is the double nearest to what is printed. Whatever is printed in another way
is left to Python's own conversion: its row is marked.
"""

from typing import Any

import numpy as np

from oceanco2.compiling import compiled, inlined

_POWERS = np.array([10.0**i for i in range(23)])
_LARGEST = 9007199254740992  # 2**53
#: Beyond it no digit matters any more, and the number must stay an int64.
_ENOUGH = 100_000_000_000_000_000
NAN = np.nan
NONE = np.iinfo(np.int64).min  # NaT

#: What became of a line.
FINE, UNUSUAL, WRONG_COUNT, WRONG_TIME, BLANK = 0, 1, 2, 3, 4

TAB, NEWLINE, RETURN, SPACE = 9, 10, 13, 32
#: Columns of the plan: row among the numbers, words, part of the time.
IN_NUMBERS, IN_WORDS, IN_TIME = 0, 1, 2
#: Part of the time that is a whole stamp.
STAMP = 6


@inlined
def _ends(byte: Any, sep: Any) -> Any:
    return byte in (sep, NEWLINE, RETURN)


@inlined
def _behind_blanks(text: Any, at: Any) -> Any:
    while text[at] == SPACE:
        at += 1
    return at


@inlined
def _digits(text: Any, at: Any, number: Any) -> Any:
    while True:
        digit = np.int64(text[at]) - 48
        if digit < 0 or digit > 9:
            return at, number
        if number < _ENOUGH:
            number = number * 10 + digit
        at += 1


@inlined
def read_number(text: Any, at: Any, sep: Any) -> Any:
    """Read one number."""
    at = _behind_blanks(text, at)
    first = text[at]
    negative = first == 45
    begin = at + 1 if negative else at
    behind, number = _digits(text, begin, np.int64(0))
    count = behind - begin
    decimals = 0
    if text[behind] == 46:
        point = behind + 1
        behind, number = _digits(text, point, number)
        decimals = behind - point
        count += decimals
    elif first == 78 and text[at + 1] == 97 and text[at + 2] == 78:
        behind = _behind_blanks(text, at + 3)
        return NAN, behind, _ends(text[behind], sep)
    last = _behind_blanks(text, behind)
    if not _ends(text[last], sep):
        return NAN, last, False
    if 0 < count < 19 and number <= _LARGEST:
        value = np.float64(number) / _POWERS[decimals]
        return (-value if negative else value), last, True
    return NAN, last, count == 0 and behind == at


@compiled
def days_of(year: Any, month: Any, day: Any) -> Any:
    """Count the days since 1970-01-01 of the Gregorian calendar."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


@compiled
def time_of(clock: Any) -> Any:
    """Put a time together."""
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
        behind, number = _digits(text, at, np.int64(0))
        if behind == at:
            return behind, False
        clock[part] = number
        if part == 4:
            break
        mark = text[behind]
        wanted = 45 if part < 2 else (84 if part == 2 else 58)
        if mark != wanted and not (part == 2 and mark == SPACE):
            return behind, False
        at = behind + 1
    if text[behind] == 58:
        value, behind, fine = read_number(text, behind + 1, sep)
        clock[5] = value
        return behind, fine
    return behind, _ends(text[behind], sep)


@inlined
def _same(text: Any, a: Any, b: Any, length: Any) -> Any:
    i = 0
    while i < length and text[a + i] == text[b + i]:
        i += 1
    return i == length


@compiled
def find_word(
    text: Any, at: Any, length: Any, words: Any, count: Any, table: Any
) -> Any:
    """Look a word up in the list of those already met, or add it."""
    # Fowler, Noll and Vo, 32 bits: products stay within an int64.
    mixed = np.int64(2166136261)
    for i in range(length):
        mixed = (mixed ^ np.int64(text[at + i])) * 16777619 & 0xFFFFFFFF
    mask = np.int64(table.size - 1)
    slot = (mixed ^ (mixed >> 15)) & mask
    while table[slot] >= 0:
        known = table[slot]
        if words[known, 1] == length and _same(text, words[known, 0], at, length):
            return np.int64(known), count
        slot = (slot + 1) & mask
    table[slot] = count
    words[count, 0] = at
    words[count, 1] = length
    return count, count + 1


@inlined
def _keep_word(
    text: Any, begin: Any, behind: Any, place: Any, into: Any, words: Any
) -> Any:
    """Note which word stands in a cell; mostly it is that of the line before."""
    word, line = place
    codes, counts, tables = into
    last = behind
    if text[behind] == NEWLINE and behind > begin and text[behind - 1] == RETURN:
        last -= 1
    length = last - begin
    index = np.int64(codes[word, line - 1]) if line > 0 else np.int64(-1)
    if (
        index < 0
        or words[word, index, 1] != length
        or not _same(text, words[word, index, 0], begin, length)
    ):
        index, counts[word] = find_word(
            text, begin, length, words[word], counts[word], tables[word]
        )
    codes[word, line] = index


@inlined
def _cell(
    text: Any, at: Any, sep: Any, entry: Any, numbers: Any, line: Any, clock: Any
) -> Any:
    """Read a number or part of the time; return the byte behind, and if it was one."""
    number, part = entry
    if part == STAMP:
        return read_stamp(text, at, sep, clock)
    value, at, fine = read_number(text, at, sep)
    if number >= 0:
        numbers[number, line] = value
    if part >= 0:
        clock[part] = value
    return at, fine


@inlined
def _judge(text: Any, span: Any, count: Any, fine: Any, time: Any) -> Any:
    """Say what became of a line; `count` is how many cells it has too many."""
    if count != 0:
        first = text[span[0]]
        empty = span[1] - span[0] <= 2 and (first in (NEWLINE, RETURN))
        return BLANK if empty else WRONG_COUNT
    if not fine:
        return UNUSUAL
    return WRONG_TIME if time == NONE else FINE


@compiled
def parse(text: Any, bounds: Any, sep: Any, plan: Any, into: Any) -> Any:
    """Parse whole lines.

    Parameters
    ----------
    text : ndarray of uint8
        The lines; the last byte is a line end.
    bounds : tuple of int
        First byte, and byte behind the last line.
    sep : int
        Byte between cells.
    plan : ndarray of int64
        For each column of the file its row among the numbers, its row among the words
        and its part of the time; -1 where it has none.
    into : tuple of ndarray
        What is filled: numbers (float64, a row for each column); times (int64,
        nanoseconds since 1970); of words their codes (int32), first byte and length
        (int64), counts (int64) and hash tables (int32, all -1); first bytes of lines
        (int64, one longer than there are lines); what became of them (uint8).

    Returns
    -------
    int
        Number of lines.
    """
    numbers, times, codes, words, counts, tables, rows, state = into
    (at, end), fields = bounds, plan.shape[0]
    timed = plan[:, IN_TIME].max() >= 0
    clock, line = np.zeros(6), 0
    while at < end:
        rows[line] = at
        field, good, stop = 0, True, False
        clock[:] = 0.0
        while not stop:
            number = word = part = -1
            if field < fields:
                number, word, part = plan[field, 0], plan[field, 1], plan[field, 2]
            begin = at
            if number >= 0 or part >= 0:
                at, fine = _cell(text, at, sep, (number, part), numbers, line, clock)
                good &= fine
            while text[at] != sep and text[at] != NEWLINE:
                at += 1
            if word >= 0:
                lists = codes, counts, tables
                _keep_word(text, begin, at, (word, line), lists, words)
            stop = text[at] == NEWLINE
            field += 1
            at += 1
        times[line] = time_of(clock) if timed else 0
        span = rows[line], at
        state[line] = _judge(text, span, field - fields, good, times[line])
        if field != fields:
            codes[:, line] = -1
        line += 1
    rows[line] = at
    return line
