"""What the package writes and says is what it was; see `record` for the commands.

Every run compares the short set; ``OCEANCO2_GOLDEN=all`` compares everything.
"""

import functools
import os
import subprocess
import sys

import pytest

from tests.golden.record import (
    DIGESTS,
    ROOT,
    TEXTS,
    read_digests,
    read_texts,
    surroundings,
)

#: Files that no library but the standard one has a part in: compared everywhere.
ALWAYS = (".toml", ".xml")
COMMAND = "python -m tests.golden.record"
complete = pytest.mark.skipif(
    os.environ.get("OCEANCO2_GOLDEN") != "all",
    reason="minutes of work: set OCEANCO2_GOLDEN=all",
)


@pytest.fixture(scope="session")
def recorded(tmp_path_factory):
    """Record one set in a process of its own, with one thread and a fixed date."""

    @functools.cache
    def run(which):
        out = tmp_path_factory.mktemp(which)
        done = subprocess.run(
            [
                *(sys.executable, *COMMAND.split()[1:], "--set", which),
                *("--out", out, "--work", out / "work"),
            ],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return read_digests(out / DIGESTS.name)[0], read_texts(out / TEXTS.name)

    return run


def other_libraries():
    """Say which libraries differ from those that made the digests."""
    before, now = read_digests()[1], surroundings()
    pairs = {name: (before.get(name), now[name]) for name in now}
    return [f"{n} {a} is now {b}" for n, (a, b) in pairs.items() if a != b]


def differences(which, lines, always=False):
    before = {k: v for k, v in read_digests()[0].items() if k.startswith(f"{which}/")}
    assert before, f"no digests of set {which}: {COMMAND} --write"
    names = {k for k in before.keys() | lines.keys() if before.get(k) != lines.get(k)}
    return sorted(k for k in names if not always or k.endswith(ALWAYS))


def check(which, lines):
    others = other_libraries()
    found = differences(which, lines, always=bool(others))
    more = f"\n... {len(found)} in all" if len(found) > 40 else ""
    message = "\n".join(found[:40]) + more
    assert not found, f"{COMMAND} --set {which} --write accepts:\n{message}"
    if others:
        pytest.skip(
            f"only {' and '.join(ALWAYS)} were compared, for the digests are of other"
            f" libraries: {'; '.join(others)}"
        )


def test_short_set(recorded):
    lines, _ = recorded("small")
    check("small", lines)


@complete
@pytest.mark.parametrize("which", ["formulas", "A"])
def test_files(recorded, which):
    check(which, recorded(which)[0])


@complete
def test_files_of_real_data(recorded, test_data, reference_data):
    check("B", recorded("B")[0])


@complete
@pytest.mark.parametrize("which", ["small", "formulas", "A", "texts"])
def test_texts(recorded, which):
    check_texts(which, recorded(which)[1])


@complete
def test_texts_of_real_data(recorded, test_data, reference_data):
    check_texts("B", recorded("B")[1])


def check_texts(which, texts):
    """Compare the words, one message at a time."""
    others = [x for x in other_libraries() if x.startswith(("click", "pydantic"))]
    if others:
        pytest.skip(f"words are of other libraries: {'; '.join(others)}")
    before, now = (
        set(recorded[which].split("\n\n")) for recorded in (read_texts(), texts)
    )
    gone, new = sorted(before - now), sorted(now - before)
    message = "\n\n".join(["was:", *gone[:10], "is:", *new[:10]])
    assert before == now, f"{COMMAND} --set {which} --write-texts accepts:\n{message}"
