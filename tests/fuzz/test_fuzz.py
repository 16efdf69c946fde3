"""Damaged inputs give whole files or one line, and no number that is silently another.

``OCEANCO2_FUZZ=20000`` runs that many cases, ``python -m tests.fuzz`` without pytest.
"""

import os

import numpy as np
import pytest

from tests.fuzz import damage
from tests.fuzz.fuzzer import KINDS, Case, hunt, run, sow

COUNT = int(os.environ.get("OCEANCO2_FUZZ", "2000"))
SEED = int(os.environ.get("OCEANCO2_FUZZ_SEED", "1"))
#: Each part takes a while; parts can run side by side.
PARTS = 4


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Undamaged files."""
    return sow(tmp_path_factory.mktemp("seeds"))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_wrong_passes_in_silence(seeds, tmp_path, part):
    assert hunt(seeds, tmp_path, SEED, range(part, COUNT, PARTS)) == []


def test_every_case_can_be_run_again(seeds):
    for number in range(20):
        one, two = (Case(seeds, 1, number) for _ in range(2))
        assert one.words == two.words
        assert one.rng.random() == two.rng.random()
    assert sum(KINDS.values()) == pytest.approx(1)
    assert {Case(seeds, 1, n).kind for n in range(200)} == {
        kind.__name__.strip("_") for kind in KINDS
    }


@pytest.mark.parametrize("way", {*damage.TEXT, *damage.BINARY})
def test_every_accident_happens(way):
    content = b"a,b,c\n" + b"".join(b"%d,1.5,2\n" % n for n in range(50))
    changed = [way(content, np.random.default_rng(n)) for n in range(9)]
    assert sum(one != content for one in changed) >= 5
    assert changed == [way(content, np.random.default_rng(n)) for n in range(9)]
    assert isinstance(way(b"", np.random.default_rng(0)), bytes)


@pytest.fixture
def case(seeds, tmp_path, monkeypatch):
    """A case of a raw file whose command is replaced by a fault."""
    number = next(n for n in range(99) if Case(seeds, 1, n).kind == "raw")
    work = tmp_path / "work"
    work.mkdir()

    def faults(fault):
        monkeypatch.setattr("tests.fuzz.fuzzer.main", fault)
        found = Case(seeds, 1, number).run(work)
        return [text.partition(": process ")[2] for text in found]

    return faults


def test_the_fuzzer_sees_faults(case, tmp_path):
    """Each invariant, broken on purpose."""
    import sys

    def traceback(words):
        raise KeyError("x")

    def unexpected(words):
        print("oceanco2: unexpected error", file=sys.stderr)
        return 1

    def silent(words):
        return 1

    def half(words):
        (tmp_path / "work" / words[words.index("-o") + 1]).write_text("half")
        print("oceanco2: no", file=sys.stderr)
        return 1

    def changed(words):
        (tmp_path / "work" / words[1]).write_text("")
        print("oceanco2: no", file=sys.stderr)
        return 1

    def odd(words):
        print("oceanco2: no\x1b", file=sys.stderr)
        return 3

    for fault, text in (
        (traceback, "KeyError"),
        (unexpected, "unexpected error"),
        (silent, "0 lines of errors"),
        (half, "but wrote"),
        (changed, "an input has changed"),
        (odd, "exit 3"),
        (odd, "control characters"),
    ):
        assert any(text in found for found in case(fault)), text


def test_commands_run_as_typed():
    done = run(["nonsense"])
    assert (done.code, done.out) == (2, "")
    assert done.errors == done.err.splitlines()
