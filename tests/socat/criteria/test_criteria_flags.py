"""The flag that follows from criteria made by hand, and the table of them."""

import pytest

from oceanco2.socat import criteria
from oceanco2.socat.criteria import Judgement
from oceanco2.socat.criteria.rules import Criterion


def made(key, needed, state, proof=True):
    return Criterion(
        key, "sop", f"text {key}", needed, proof, state, f"found {key}", 1.0, 2.0, "s"
    )


@pytest.mark.parametrize(
    ("state", "proof", "hopeful", "met"),
    [
        ("holds", True, False, True),
        ("holds", False, True, True),
        ("fails", True, True, False),
        ("fails", False, False, False),
        ("unknown", True, False, False),
        ("unknown", True, True, True),
        ("unknown", False, False, True),
        ("unknown", False, True, True),
    ],
)
def test_met(state, proof, hopeful, met):
    assert criteria._is_met(made("x", "A", state, proof), hopeful) is met


@pytest.mark.parametrize(
    ("needed", "flag"),
    [
        ("", "A"),
        ("A", "B"),
        ("AB", "C"),
        ("ABC", "D"),
        ("ABCD", "E"),
        ("ABCDE", "S"),
        ("BC", "A"),
    ],
)
def test_best(needed, flag):
    assert criteria._best([made("x", needed, "fails")], False) == flag
    assert criteria._best([made("x", needed, "unknown")], False) == flag
    assert criteria._best([made("x", needed, "unknown")], True) == "A"


def test_reasons():
    items = [made("x", "AB", "fails"), made("y", "A", "unknown")]
    assert criteria._reasons(items, "C") == [
        "not B: text x: fails (found x)",
        "not A: also text y: unknown (found y)",
    ]
    assert criteria._reasons(items, "A") == []
    assert criteria._reasons(items[:1], "C")[1] == "not A: the same"
    assert [r[:6] for r in criteria._reasons([made("x", "ABCDE", "fails")], "S")] == [
        f"not {letter}:"[:6] for letter in "EDCBA"
    ]
    both = [made("x", "B", "fails"), made("y", "B", "fails")]
    assert criteria._reasons(both, "C")[0] == (
        "not B: text x: fails (found x); text y: fails (found y)"
    )


def test_table():
    items = (made("x", "AB", "fails"), made("y", "", "holds"))
    lines = criteria.criteria_text(Judgement(items, "C", "B", ("because",))).split("\n")
    assert lines[0] == "criterion  for  state  found"
    assert lines[1] == f"{'-' * 9}  ---  -----  {'-' * 95}"
    assert lines[2] == "text x     AB   fails  found x"
    assert lines[3] == "text y     -    holds  found y"
    assert lines[4] == "suggested data set flag: C (B if all unknown criteria hold)"
    assert lines[5] == "  because"
    same = criteria.criteria_text(Judgement(items, "C", "C", ())).split("\n")
    assert same[4:] == ["suggested data set flag: C"]


def test_long_texts_are_wrapped():
    long = Criterion("k", "sop", "t", "A", True, "holds", "word " * 60, 1, 2, "s")
    reason = "reason " * 40
    text = criteria.criteria_text(Judgement((long,), "A", "A", (reason,)))
    lines = text.split("\n")
    assert max(map(len, lines)) <= 118
    assert lines[3].startswith(" " * 23 + "word")
    assert any(line.startswith("  reason") for line in lines)
    assert lines[-1].startswith("    reason")


def test_judgement_as_a_dictionary():
    item = made("x", "A", "fails")
    assert Judgement((item,), "B", "A", ("r",)).to_dict() == {
        "suggested_flag": "B",
        "at_best": "A",
        "reasons": ["r"],
        "criteria": [item.to_dict()],
    }
