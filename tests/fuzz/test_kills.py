"""A run may be killed at any moment: files stay whole, and the next run cleans up.

``OCEANCO2_KILLS=100`` kills that many runs.
"""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from oceanco2 import open_dataset
from oceanco2.staging import interrupted
from tests.fuzz.fuzzer import SAMPLES, complete

COUNT = int(os.environ.get("OCEANCO2_KILLS", "4"))
OUTPUTS = ("o.nc", "o.tsv", "o.json")
#: Stops before each step that touches the disk when files are put in place.
CODE = """
import os, signal, sys
from pathlib import Path
from oceanco2 import staging
from oceanco2.cli import main
stop = int(sys.argv.pop(1))
count = 0
def step(function):
    def counted(*arguments, **options):
        global count
        count += 1
        if count == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **options)
    return counted
Path.replace, os.fsync = step(Path.replace), step(os.fsync)
Path.mkdir, staging.remove = step(Path.mkdir), step(staging.remove)
code = main()
print("steps", count)
sys.exit(code)
"""
WORDS = [
    "process",
    "p.toml",
    "log.csv",
    "-o",
    "o.nc",
    "--socat",
    "o.tsv",
    "--report",
    "o.json",
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (SAMPLES / "delimited.toml").read_text(encoding="utf-8")
    (tmp_path / "p.toml").write_text(complete(text))
    (tmp_path / "log.csv").write_bytes((SAMPLES / "delimited.csv").read_bytes())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    return tmp_path


def process(step=0, delay=None):
    """Run `process`; kill it at a step of writing, or after a while."""
    child = subprocess.Popen(
        [sys.executable, "-c", CODE, str(step), *WORDS],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    if delay is not None:
        time.sleep(delay)
        child.kill()
    out, err = child.communicate(timeout=120)
    return child.returncode, out, err


def contents(folder):
    return {name: (folder / name).read_bytes() for name in OUTPUTS}


def leftovers(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_killed_at_any_step(folder):
    """Old or new, never half; after the next run all are new and nothing is left."""
    code, out, _ = process()
    assert code == 0
    steps = int(out.rpartition("steps ")[2])
    assert steps > 15
    new = contents(folder)
    rng = np.random.default_rng(1)
    chosen = rng.permutation(np.arange(1, steps + 1))
    old = dict.fromkeys(OUTPUTS, b"old")
    for step in [int(n) for n in np.resize(chosen, max(1, COUNT - 1))]:
        for name in OUTPUTS:
            (folder / name).write_bytes(b"old")
        assert process(step)[0] == -signal.SIGKILL
        left = contents(folder)
        assert all(left[name] in (old[name], new[name]) for name in OUTPUTS), step
        renamed = [name for name in OUTPUTS if left[name] == new[name]]
        named = {n for files in interrupted(folder / "o.nc").values() for n in files}
        if 0 < len(renamed) < len(OUTPUTS):
            waiting = {str(folder / n) for n in OUTPUTS if n not in renamed}
            assert named == waiting, step
        else:
            assert named == set(), step
        code, _, err = process()
        assert code == 0
        assert ("put in place" in err) == (0 < len(renamed) < len(OUTPUTS)), step
        assert contents(folder) == new, step
        assert leftovers(folder) == [], step


def test_killed_at_any_time(folder):
    assert process()[0] == 0
    new = contents(folder)
    rng = np.random.default_rng(2)
    for _ in range(max(1, COUNT // 6)):
        process(delay=float(rng.uniform(0.2, 3.0)))
        assert contents(folder) == new
        assert process()[0] == 0
        assert leftovers(folder) == []
    assert open_dataset(folder / "o.nc").sizes["time"] == 40
