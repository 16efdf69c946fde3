"""A damaged, foreign or full cache of machine code costs time, never the result."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

CODE = """
import sys
import numpy as np
from oceanco2 import compiling
def FUNCTION(x):
    total = 0.0
    for i in range(x.size):
        total += FACTOR * x[i]
    return total
kernel = compiling.on_disk(FUNCTION, {"nogil": True})
PREPARE
print(kernel(np.arange(4.0)), sum(kernel.stats.cache_hits.values()))
"""


@pytest.fixture
def run(tmp_path):
    """Compile a small loop in a process of its own; return its result and its hits."""

    def run(factor=1.0, prepare=""):
        path = tmp_path / "loop.py"
        text = CODE.replace("FUNCTION", "loop").replace("FACTOR", str(factor))
        text = text.replace("PREPARE", prepare)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        environment = os.environ | {
            "NUMBA_CACHE_DIR": str(tmp_path / "cache"),
            "NUMBA_DISABLE_JIT": "0",
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        done = subprocess.run(
            [sys.executable, str(path)],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        result, hits = done.stdout.split()
        return float(result), int(hits)

    return run


def files(tmp_path, suffix):
    return sorted((tmp_path / "cache").rglob(f"*.{suffix}"))


def test_damage(run, tmp_path):
    assert run() == (6.0, 0)
    assert run() == (6.0, 1)
    (data,), (index,) = files(tmp_path, "nbc"), files(tmp_path, "nbi")
    whole = data.read_bytes()
    spoilt = bytearray(whole)
    spoilt[len(spoilt) // 2] ^= 1
    for path, content in (
        (data, bytes(spoilt)),
        (data, b""),
        (index, b"rubbish"),
    ):
        path.write_bytes(content)
        assert run() == (6.0, 0)
    assert run() == (6.0, 1)


def test_code_of_another_source_or_function_is_not_run(run, tmp_path):
    """As after a full disk: the index is new, the machine code is old."""
    assert run(1.0) == (6.0, 0)
    (data,) = files(tmp_path, "nbc")
    old = data.read_bytes()
    assert run(2.0) == (12.0, 0)
    data.write_bytes(old)
    assert run(2.0) == (12.0, 0)
    assert run(2.0) == (12.0, 1)


@pytest.mark.parametrize("where", ["_dump", "_open_for_write"])
def test_a_full_disk(run, tmp_path, where):
    prepare = f"""
def full(*_):
    raise OSError(28, "No space left on device")
kernel._cache._cache_file.{where} = full
"""
    assert run(prepare=prepare) == (6.0, 0)
    assert files(tmp_path, "nbc") == []


def test_code_that_cannot_be_linked_is_compiled_again(run):
    prepare = """
def broken(*_):
    raise RuntimeError("another processor")
kernel._cache._impl.rebuild = broken
"""
    assert run(prepare=prepare) == (6.0, 0)
    assert run(prepare=prepare) == (6.0, 0)


def test_what_a_file_of_machine_code_holds(run, tmp_path):
    import hashlib

    run()
    (data,) = files(tmp_path, "nbc")
    content = data.read_bytes()
    assert hashlib.sha256(content[32:]).digest() == content[:32]
    origin, _ = pickle.loads(content[32:])
    assert "array(float64, 1d, C)" in origin or "Array" in origin
