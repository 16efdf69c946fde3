"""Heads of whole files: names, units, separators, and what is not a head."""

import pytest

from oceanco2.errors import OptionError
from oceanco2.socat.checker.header import Head, find_head
from oceanco2.socat.checker.reading import Source

NAMES = ("Year", "Month", "Day", "Hour", "Latitude", "Longitude")
LINE = "\t".join(NAMES)


def head(text, separator=None):
    return find_head(Source("x", text=text), separator)[0]


def rest(text):
    return [record.line for record in find_head(Source("x", text=text))[1]]


def test_a_head_with_metadata():
    found = head(f"Expocode: A\nremark\nPIs: B; C\n\n{LINE}\n1\t2\t3\t4\t5\t6\n")
    assert found == Head(
        delimiter="\t",
        metadata={"expocode": "A", "investigators": "B; C"},
        lines={"expocode": 1, "investigators": 3},
        ignored=("line 2: remark",),
        names=NAMES,
        header=NAMES,
        line=5,
    )
    assert found.separator == "tab"


@pytest.mark.parametrize(
    ("units", "header", "first"),
    [
        ("1\t2\t3\t4\t5\t6", NAMES, 2),
        ("a\tb\tc\td\te\t6", NAMES, 2),
        ("a\tb\tc\td\te", NAMES, 2),
        (
            "a\tb\t\td\te\tf",
            tuple(
                f"{n} [{u}]" if u else n
                for n, u in zip(NAMES, ["a", "b", "", "d", "e", "f"], strict=True)
            ),
            3,
        ),
    ],
)
def test_a_line_of_units(units, header, first):
    text = f"{LINE}\n{units}\n7\t8\t9\t10\t11\t12\n"
    found = head(text)
    assert (found.names, found.header, found.line) == (NAMES, header, 1)
    assert rest(text)[0] == first


def test_names_that_come_again():
    text = f"{LINE}\n{LINE}\n1\t2\t3\t4\t5\t6\n"
    (message,) = head(text).messages
    assert message.text == "line 2: the names of the columns again"
    assert (message.severity, message.type, message.line) == ("CRITICAL", "column", 2)
    assert (message.row, message.columns) == (0, ())
    assert head(text).header == NAMES
    assert rest(text) == [3]
    assert head(f"{LINE}\n").names == NAMES


@pytest.mark.parametrize(
    ("word", "mark"), [("tab", "\t"), ("comma", ","), ("semicolon", ";")]
)
def test_the_separator_that_fits_best(word, mark):
    text = f"PIs: A\n{LINE}\n".replace("\t", mark)
    assert head(text).separator == word
    assert head(text, word).names == NAMES
    for other in {"tab", "comma", "semicolon"} - {word}:
        found = head(text, other)
        assert (found.names, found.separator) == ((), other)
    with pytest.raises(OptionError, match="separator must be one of"):
        head(text, "space")


def test_no_head():
    found = head("a\nb\n")
    (message,) = found.messages
    assert message.text == (
        "no line with the names of the columns: 6 or more, none blank, none a number"
    )
    assert (message.severity, message.type, message.line) == ("CRITICAL", "column", 0)
    assert (found.line, found.names, found.header) == (0, (), ())
    text = "\t".join([*NAMES[:5], "9"]) + "\n"
    assert head(text).messages[0].text.endswith(" (line 1: field 6 is 9)")
    assert head(text + text.replace("9", "8")).messages[0].text.endswith("is 9)")


@pytest.mark.parametrize(("count", "found"), [(499, True), (500, False)])
def test_the_head_has_at_most_five_hundred_records(count, found):
    assert bool(head("remark\n" * count + LINE + "\n").names) is found


def test_long_lines_are_cut():
    found = head(f"{'x' * 90}\n{LINE}\n")
    assert found.ignored == (f"line 1: {'x' * 80}",)


def test_a_sentence_with_commas():
    text = "note: a, b, c, d, e, f\nPIs: a, b, c, d, e, f\n" + LINE.replace("\t", ",")
    found = head(f"{text}\n", "comma")
    assert found.names == NAMES
    assert [m.line for m in found.messages] == [1, 2]
    assert {m.severity for m in found.messages} == {"CRITICAL"}
    assert found.metadata == {"investigators": "a b c d e f"}
