"""Compiled loops: the same on every core, quick to start, kept on disk."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numba
import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.physics._engine import compiling, loops
from oceanco2.physics._engine.program import bind
from oceanco2.physics.air_sea_flux import flux_program
from oceanco2.physics.equilibrator import chain_program
from oceanco2.physics.parametrisations import resolve_transfer_velocity
from oceanco2.physics.schmidt import resolve_schmidt
from oceanco2.physics.solubilities import resolve_solubility
from oceanco2.physics.temperature import resolve_correction
from oceanco2.physics.vapour import resolve_vapour

ROOT = Path(__file__).parents[2]
N = 300_001
WIND_ONLY = [n for n, e in ph.TRANSFER_VELOCITIES.items() if not e.inputs]
ignore = {"on_range": "ignore"}
compiled_only = pytest.mark.skipif(
    compiling.jit_disabled(), reason="NUMBA_DISABLE_JIT is set"
)


@pytest.fixture(scope="module")
def sea():
    rng = np.random.default_rng(1)
    sst = rng.uniform(-2, 35, N)
    return {
        "x": rng.uniform(300, 500, N),
        "t_equ": sst + rng.uniform(-0.5, 0.5, N),
        "sst": sst,
        "s": rng.uniform(0, 38, N),
        "p": rng.uniform(950, 1040, N),
        "fw": rng.uniform(300, 500, N),
        "u": rng.uniform(0, 20, N),
        "ice": rng.uniform(0, 1, N),
    }


PROGRAMS = {
    **{
        f"chain-{name}": (
            ("x", "t_equ", "sst", "s", "p"),
            lambda *a, name=name: ph.fco2_at_sst(
                *a, temperature_correction=name, **ignore
            ),
        )
        for name in ph.TEMPERATURE_CORRECTIONS
    },
    **{
        f"vapour-{name}": (
            ("sst", "s"),
            lambda *a, name=name: ph.water_vapour_pressure(*a, name, **ignore),
        )
        for name in ph.WATER_VAPOUR
    },
    **{
        f"flux-{name}": (
            ("fw", "x", "u", "sst", "s", "ice"),
            lambda *a, name=name: ph.flux(*a, name, **ignore),
        )
        for name in WIND_ONLY
    },
    "rapid": (
        ("fw", "x", "u", "sst", "s", "p", "ice"),
        lambda *a: ph.flux_from_xco2(*a, scheme="rapid", **ignore),
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_results_do_not_depend_on_length_position_or_cores(name, sea, monkeypatch):
    arguments, call = PROGRAMS[name]
    arrays = [sea[a] for a in arguments]
    monkeypatch.setenv("OCEANCO2_THREADS", "3")
    whole = call(*arrays)
    monkeypatch.setenv("OCEANCO2_THREADS", "1")
    np.testing.assert_array_equal(call(*arrays), whole)
    for first, length in ((0, 1), (1, 2), (3, 5), (7, 16), (2, 33), (11, 131_073)):
        window = slice(first, first + length)
        np.testing.assert_array_equal(call(*(a[window] for a in arrays)), whole[window])
    np.testing.assert_array_equal(call(*(a[::3] for a in arrays)), whole[::3])
    for i in range(20):
        assert call(*(float(a[i]) for a in arrays)) == whole[i]


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_agrees_with_plain_numpy(name, sea, monkeypatch):
    arguments, call = PROGRAMS[name]
    arrays = [sea[a][:5000] for a in arguments]
    compiled = call(*arrays)
    monkeypatch.setattr("oceanco2.physics._engine.running.compiled", compiling.plain)
    np.testing.assert_allclose(call(*arrays), compiled, rtol=1e-12, atol=1e-11)


def program(correction="takahashi_1993"):
    vapour = resolve_vapour("weiss_price_1980")
    return chain_program(vapour, resolve_correction(correction), "xco2")


@compiled_only
@pytest.mark.parametrize("what", ["chain", "flux"])
def test_the_loops_are_vector_code(what):
    fused = program()
    if what == "flux":
        fused = flux_program(
            "bulk",
            resolve_transfer_velocity("W14"),
            resolve_schmidt("wanninkhof_2014"),
            resolve_solubility("weiss_1974"),
            resolve_vapour("weiss_price_1980"),
        )
    loop, _ = compiling._python_loop(fused)
    kernel = numba.njit(**compiling._OPTIONS)(loop)
    vectors = [np.ones(4) for _ in fused.arguments]
    parameters = (82.0575,) if what == "chain" else (1.0, 1.0, 82.0575, 0.0)
    kernel(*vectors, np.ones(4), parameters)
    assembly = "".join(kernel.inspect_asm().values())
    assert re.search(r"v?f?m(ul|add\w*)pd|fm(ul|la)\s+v\d+\.2d", assembly)
    assert not re.search(r"call.*\b(exp|log|pow)\b", assembly)


@compiled_only
def test_kernels_are_kept_on_disk_and_named_by_their_sources():
    kernel = compiling.compiled(program())
    one = compiling._loop(program())
    other = compiling._loop(program("takahashi_2009"))
    assert one.__qualname__ != other.__qualname__
    assert one.__qualname__ == compiling._loop(program()).__qualname__
    assert type(kernel).__name__ == "CPUDispatcher"
    assert kernel.stats.cache_path


@compiled_only
def test_a_users_function_is_not_kept_on_disk():
    own = chain_program(
        resolve_vapour(lambda t, s: 0.02 + 0.0 * t * s),
        resolve_correction("takahashi_1993"),
        "xco2",
    )
    assert not compiling._is_own(own.formula)
    assert compiling._loop(own).stats.cache_path is None


def test_bound_copies_are_shared():
    formula = program().formula
    assert bind(loops.nowhere, a=1) is bind(loops.nowhere, a=1)
    assert program().formula is formula


def run(code, **environment):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_rooms_names_is_quick():
    code = (
        "import sys, oceanco2.physics\n"
        "heavy = 'numba numpy xarray pandas gsw scipy dask matplotlib'.split()\n"
        "assert not [m for m in heavy if m in sys.modules]\n"
        "from oceanco2.physics import flux, TRANSFER_VELOCITIES, density\n"
        "heavy.remove('numpy')\n"
        "print([m for m in heavy if m in sys.modules])"
    )
    assert run(code) == "[]\n"


def test_a_forked_child_can_compute():
    code = (
        "import os, numpy as np, oceanco2.physics as ph\n"
        "t = np.full(400_000, 20.0)\n"
        "ph.solubility(t, 35.0)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    ok = ph.solubility(t, 35.0)[-1] > 33.0\n"
        "    os._exit(0 if ok else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0\n"
    )
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    run(code, OCEANCO2_THREADS="2", PYTHONWARNINGS="ignore")


@compiled_only
def test_everything_runs_without_compiling():
    """The check values, the traps and the properties with NUMBA_DISABLE_JIT=1."""
    here = Path(__file__).parent
    files = ("check_values", "traps", "properties", "ranges", "own", "uncertainties")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            *(str(here / f"test_{name}.py") for name in files),
        ],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_without_compiling_numba_is_not_imported():
    code = (
        "import sys, numpy as np, oceanco2.physics as ph\n"
        "ph.fco2_at_sst(np.full(10**6, 400.0), 20.1, 20.0, 35.0, 1013.0)\n"
        "print('numba' in sys.modules)"
    )
    assert run(code, NUMBA_DISABLE_JIT="1") == "False\n"
