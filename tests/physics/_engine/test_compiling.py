"""Compiled loops: the same on every core, quick to start, kept on disk."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from types import FunctionType

import numba
import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.compiling import jit_disabled
from oceanco2.physics._engine import compiling
from oceanco2.physics._engine.program import bind
from oceanco2.physics.air_sea_flux import flux_program
from oceanco2.physics.equilibrator import chain_program
from oceanco2.physics.parametrisations import resolve_transfer_velocity
from oceanco2.physics.schmidt import resolve_schmidt
from oceanco2.physics.solubilities import resolve_solubility
from oceanco2.physics.temperature import resolve_correction
from oceanco2.physics.vapour import resolve_vapour

ROOT = Path(__file__).parents[3]
N = 300_001
WIND_ONLY = [n for n, e in ph.TRANSFER_VELOCITIES.items() if not e.inputs]
ignore = {"on_range": "ignore"}
pytestmark = pytest.mark.compiled
compiled_only = pytest.mark.skipif(jit_disabled(), reason="NUMBA_DISABLE_JIT is set")


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
def test_compiled_agrees_with_plain_numpy(name, sea):
    arguments, call = PROGRAMS[name]
    arrays = [sea[a][:5000] for a in arguments]
    compiled = call(*arrays)
    with compiling.use_jit(False):
        by_numpy = call(*arrays)
    np.testing.assert_allclose(by_numpy, compiled, rtol=1e-12, atol=1e-11)


def program(correction="takahashi_1993"):
    vapour = resolve_vapour("weiss_price_1980")
    return chain_program(vapour, resolve_correction(correction), "xco2")


@compiled_only
@pytest.mark.parametrize("what", ["chain", "flux"])
def test_the_loops_are_vector_code(what, monkeypatch):
    fused = program()
    if what == "flux":
        fused = flux_program(
            "bulk",
            resolve_transfer_velocity("W14"),
            resolve_schmidt("wanninkhof_2014"),
            resolve_solubility("weiss_1974"),
            resolve_vapour("weiss_price_1980"),
        )
    # What comes from the disk cannot be inspected.
    monkeypatch.setattr(compiling, "on_disk", lambda loop, how: numba.njit(**how)(loop))
    kernel = compiling.compiled_loop(fused)
    vectors = [np.ones(4) for _ in fused.arguments]
    parameters = (82.0575,) if what == "chain" else (1.0, 1.0, 82.0575, 0.0)
    kernel(*vectors, np.ones(4), parameters)
    assembly = "".join(kernel.inspect_asm().values())
    assert re.search(r"v?f?m(ul|add\w*)pd|fm(ul|la)\s+v\d+\.2d", assembly)
    assert not re.search(r"call.*\b(exp|log|pow)\b", assembly)


@compiled_only
def test_kernels_are_kept_on_disk_and_named_by_what_they_use():
    kernel = compiling.compiled(program())
    one = compiling.compiled_loop(program())
    other = compiling.compiled_loop(program("takahashi_2009"))
    assert one.__qualname__ != other.__qualname__
    assert one.__qualname__ == compiling.compiled_loop(program()).__qualname__
    assert type(kernel).__name__ == "CPUDispatcher"
    assert kernel.stats.cache_path


@compiled_only
def test_limits_and_floors_are_part_of_the_name(shapes):
    usual, _ = shapes[2]
    (first, *rest) = usual.checks
    others = (
        replace(usual, checks=(replace(first, low=first.low - 1.0), *rest)),
        replace(usual, checks=(replace(first, high=first.high + 1.0), *rest)),
        replace(usual, floors=(usual.floors[0], 0.5)),
        replace(usual, joint_check=lambda t, _s: t > 30.0),
    )
    names = {compiling.compiled_loop(p).__qualname__ for p in (usual, *others)}
    assert len(names) == 5
    same = replace(usual, name="another name", checks=usual.checks)
    assert compiling.compiled_loop(same).__qualname__ in names


@compiled_only
def test_compiling_can_be_switched_off_for_a_while():
    fused = program()
    kernel = compiling.kernel_of(fused)
    assert kernel is compiling.compiled(fused)
    with compiling.use_jit(False):
        assert compiling.kernel_of(fused).__name__ == "kernel"
        with compiling.use_jit(True):
            assert compiling.kernel_of(fused) is kernel
        assert compiling.kernel_of(fused) is not kernel
    assert compiling.kernel_of(fused) is kernel


@compiled_only
def test_a_users_function_is_not_kept_on_disk():
    own = chain_program(
        resolve_vapour(lambda t, s: 0.02 + 0.0 * t * s),
        resolve_correction("takahashi_1993"),
        "xco2",
    )
    assert compiling.digest(own.formula) is None
    assert compiling.compiled_loop(own).stats.cache_path is None


def test_bound_copies_are_shared():
    formula = program().formula
    assert bind(compiling.no_joint_check, a=1) is bind(compiling.no_joint_check, a=1)
    assert program().formula is formula


@pytest.fixture(scope="module")
def shapes():
    """One program of every number of arguments, with the parameters of a call."""
    found = {}

    def keep(program, arrays, parameters=()):
        found.setdefault(len(program.arguments), (program, parameters or (0.0,)))
        return np.zeros(()), 0

    patch = pytest.MonkeyPatch()
    patch.setattr("oceanco2.physics._arrays.run", keep)
    ph.schmidt_number(20.0)
    ph.water_vapour_pressure(20.0, 35.0)
    ph.fugacity_coefficient(20.0, 1013.0, 400.0)
    ph.correct_to_temperature(400.0, 20.5, 20.0, "takahashi_2009", salinity=35.0)
    ph.fco2_at_sst(400.0, 20.5, 20.0, 35.0, 1013.0)
    ph.flux(380.0, 400.0, 7.0, 20.0, 35.0)
    ph.flux_from_xco2(380.0, 400.0, 7.0, 20.0, 35.0, 1013.0)
    ph.flux_from_xco2(380.0, 400.0, 7.0, 20.0, 35.0, 1013.0, scheme="rapid")
    patch.undo()
    return found


@pytest.mark.parametrize("count", range(1, 9))
def test_every_shape_of_loop_treats_each_argument_alike(count, shapes):
    """Limits, floors and NaN of each argument, compiled as by NumPy."""
    program, parameters = shapes[count]
    rng = np.random.default_rng(count)
    usual = {"fraction": 400.0, "pressure": 1013.0, "salinity": 35.0, "ice": 0.5}
    middle = [usual.get(name, 10.0) for name in program.arguments]
    arrays = [m * rng.uniform(0.95, 1.05, 4 * count + 3) for m in middle]
    for n, array in enumerate(arrays):
        checks = [c for c in program.checks if c.index == n and c.minus < 0]
        below = max((c.low for c in checks), default=-np.inf) - 1e-6
        above = min((c.high for c in checks), default=np.inf) + 1e-6
        least = program.floors[n] - 1.0
        bad = [v if np.isfinite(v) else 0.0 for v in (below, above, least)]
        array[4 * n : 4 * n + 4] = [*bad, np.nan]
    results = {}
    for name, kernel in (
        ("compiled", compiling.compiled(program)),
        ("numpy", compiling.by_numpy(program)),
    ):
        out = np.zeros(arrays[0].size)
        results[name] = kernel(*arrays, out, parameters), out
    counts, values = zip(*results.values(), strict=True)
    assert counts[0] == counts[1] > 0
    np.testing.assert_allclose(*values, rtol=1e-12, atol=1e-11)
    assert np.isfinite(values[0][-3:]).all()


def test_the_loop_of_two_results_gives_both():
    rows = {"sst": np.arange(15.0, 25.0), "t_equ": 20.0, "salinity": 35.0}
    inputs = {"p_equ": 1013.0, "xco2_equ_dry": np.where(np.arange(10) % 2, 400.0, 0.0)}
    inputs |= {"fco2_sst_wet": 390.0}
    value, number = ph.fco2rec(**rows, **inputs)
    assert number.tolist() == [6, 1] * 5
    with compiling.use_jit(False):
        by_numpy, same = ph.fco2rec(**rows, **inputs)
    np.testing.assert_array_equal(same, number)
    np.testing.assert_allclose(by_numpy, value, rtol=1e-14)


def test_the_source_of_a_loop_is_written_for_its_arguments():
    assert compiling.loop_source(2).strip().splitlines() == [
        "def loop(a0, a1, out, p):",
        "    widen()",
        "    count = 0",
        "    for i in range(out.size):",
        "        x0, x1 = a0[i], a1[i]",
        "        outside = joint_check(x0, x1)",
        "        outside |= out_of(x0, LOW[0], HIGH[0])",
        "        outside |= out_of(x1, LOW[1], HIGH[1])",
        "        count += outside",
        "        impossible = x0 < FLOOR[0]",
        "        impossible |= x1 < FLOOR[1]",
        "        out[i] = NAN if impossible else formula(x0, x1, p)",
        "    return count",
    ]


def shifted(u):
    """A formula with a constant, a helper and a docstring."""
    return 2.0 + scaled(u)


def scaled(u):
    return 3.0 * np.exp(u)


def rebuilt(function, **scope):
    copy = FunctionType(function.__code__, {**function.__globals__, **scope})
    copy.__module__ = "oceanco2.physics.trial"
    return copy


def test_a_digest_covers_what_a_function_reaches():
    helper = rebuilt(scaled)
    usual = compiling.digest(rebuilt(shifted, scaled=helper))
    assert usual == compiling.digest(rebuilt(shifted, scaled=rebuilt(scaled)))

    def change(function, old, new):
        constants = tuple(new if c == old else c for c in function.__code__.co_consts)
        copy = rebuilt(function)
        copy.__code__ = function.__code__.replace(co_consts=constants)
        return copy

    other = change(shifted, 2.0, 2.5)
    other.__globals__["scaled"] = helper
    assert compiling.digest(other) != usual
    deeper = rebuilt(shifted, scaled=change(scaled, 3.0, 3.5))
    assert compiling.digest(deeper) != usual
    lines = shifted.__code__.replace(co_firstlineno=7, co_varnames=("wind",))
    moved = rebuilt(shifted, scaled=helper)
    moved.__code__ = lines
    assert compiling.digest(moved) == usual
    text = change(shifted, shifted.__doc__, "Another docstring.")
    text.__globals__["scaled"] = helper
    text.__doc__ = "Another docstring."
    assert compiling.digest(text) == usual


def test_what_has_no_known_content_is_not_kept():
    foreign = rebuilt(shifted, scaled=rebuilt(scaled))
    foreign.__module__ = "somebody.else"
    assert compiling.digest(foreign) is None
    table = rebuilt(shifted, scaled={1.0: 2.0})
    assert compiling.digest(table) is None


@pytest.fixture
def package(tmp_path):
    """Return a copy of the package that a test may change."""
    shutil.copytree(
        ROOT / "oceanco2",
        tmp_path / "oceanco2",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    return tmp_path / "oceanco2"


KERNELS = """
import numpy as np, oceanco2.physics as ph
from oceanco2.physics._engine import compiling
made = []
keep = compiling.compiled_loop
compiling.compiled_loop = lambda program: made.append(keep(program)) or made[-1]
x = np.full(3, 10.0)
calls = {
    "N00": lambda: ph.transfer_velocity(x, 20.0, "N00"),
    "Ho06": lambda: ph.transfer_velocity(x, 20.0, "Ho06"),
    "flux": lambda: ph.flux(380.0, 400.0, x, 20.0, 35.0, parametrisation="N00"),
    "solubility": lambda: ph.solubility(x, 35.0),
    "salinity": lambda: ph.salty_skin(x),
}
for name, call in calls.items():
    value = float(call()[0])
    (kernel,) = [made.pop()]
    fresh = sum(kernel.stats.cache_misses.values())
    print(name, "compiled" if fresh else "from disk", repr(value))
"""


@compiled_only
def test_a_changed_formula_is_compiled_anew_and_no_other(package, tmp_path):
    def kernels():
        code = f"import sys; sys.path.insert(0, {str(package.parent)!r})\n{KERNELS}"
        lines = run(code, NUMBA_CACHE_DIR=str(tmp_path / "cache")).splitlines()
        return dict(line.split(" ", maxsplit=1) for line in lines)

    def edit(name, old, new):
        file = package / "physics" / name
        text = file.read_text()
        assert text.count(old) == 1
        file.write_text(text.replace(old, new))

    def compiled_now():
        after = kernels()
        return {k for k, text in after.items() if text.startswith("compiled")}, after

    first = kernels()
    assert all(text.startswith("compiled") for text in first.values())
    edit("parametrisations.py", "return 0.266 * u2", "return 0.266 * u2  # a comment")
    edit("_engine/elementary.py", "_L0, _L1", "# Minimax.\n_L0, _L1")
    names, second = compiled_now()
    assert not names
    assert [t.split()[-1] for t in second.values()] == [
        t.split()[-1] for t in first.values()
    ]
    edit("parametrisations.py", "return 0.222 * u2 +", "return 0.2221 * u2 +")
    names, third = compiled_now()
    assert names == {"N00", "flux"}
    assert third["N00"].split()[-1] != first["N00"].split()[-1]
    edit("_engine/elementary.py", "    0.666666666666667,", "    0.666666666666668,")
    assert compiled_now()[0] == {"flux", "solubility"}


SMALL = """
import numpy as np, oceanco2.physics as ph, oceanco2
x = np.full(400_000, 20.0)
print(oceanco2.__file__, float(ph.solubility(x, 35.0)[-1]), ph.fco2rec(
    sst=20.0, fco2_sst_wet=390.0)[1])
"""


@compiled_only
@pytest.mark.parametrize("where", ["folder", "zip"])
def test_kernels_work_without_a_place_for_a_cache(where, package, tmp_path):
    place = package.parent
    if where == "zip":
        place = tmp_path / "all.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for file in sorted(package.rglob("*")):
                archive.write(file, file.relative_to(tmp_path))
        shutil.rmtree(package)
    else:
        # A file where numba would make its folder.
        (package / "physics" / "_engine" / "__pycache__").write_text("")
    nowhere = {"HOME": os.devnull, "XDG_CACHE_HOME": os.devnull, "NUMBA_CACHE_DIR": ""}
    code = f"import sys; sys.path.insert(0, {str(place)!r})\n{SMALL}"
    out = run(code, OCEANCO2_THREADS="2", PYTHONDONTWRITEBYTECODE="1", **nowhere)
    path, value, number = out.split()
    assert path.startswith(str(place))
    assert float(value) == ph.solubility(20.0, 35.0)
    assert number == "6"


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


@pytest.mark.parametrize("scheduler", ["threads", "synchronous", "processes"])
def test_compiled_loops_run_inside_dask(scheduler, sea):
    import dask
    import dask.array as da

    inputs = [sea[name][:100_000] for name in ("fw", "x", "u", "sst", "s")]
    whole = ph.flux(*inputs, **ignore)
    lazy = ph.flux(*(da.from_array(a, chunks=29_973) for a in inputs), **ignore)
    workers = 1 if scheduler == "processes" else 2  # a process starts slowly
    with dask.config.set(scheduler=scheduler, num_workers=workers):
        np.testing.assert_array_equal(lazy.compute(), whole)


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
    """The check values and the traps with NUMBA_DISABLE_JIT=1.

    The other files evaluate formulas by NumPy in this process already.
    """
    folder = ROOT / "tests" / "physics"
    files = ("test_physics_check_values", "test_physics_traps", "test_entries")
    files += ("_engine/test_program",)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-m",
            "not compiled",
            *(str(folder / f"{name}.py") for name in files),
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
