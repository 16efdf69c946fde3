"""The demanded ratios, measured within one run.

OCEANCO2_BENCHMARK_POINTS sets the length of the long arrays; 10 million is what the
targets are for. Shorter ones flatter whole-array numpy, whose temporaries are
then taken from memory that the process already has. OCEANCO2_BENCHMARK=strict asks
for the full ratios: on cores that others use at the same time they cannot be had.
"""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.compiling import jit_disabled
from tests.benchmarks import numpy_formulas as plain
from tests.benchmarks import peers
from tests.benchmarks.timing import memory_floor, sea, seconds

pytestmark = pytest.mark.skipif(jit_disabled(), reason="NUMBA_DISABLE_JIT is set")
STRICT = os.environ.get("OCEANCO2_BENCHMARK", "") == "strict"
N = int(os.environ.get("OCEANCO2_BENCHMARK_POINTS", "10_000_000"))


@pytest.fixture(scope="module")
def long():
    return sea(N)


def arrays(table, names):
    return [table[name] for name in names.split()]


FUSED = {
    "chain": ("xco2 t_equ sst salinity pressure", ph.fco2_at_sst, plain.chain),
    "flux": (
        "fco2 xco2 wind sst salinity pressure ice",
        ph.flux_from_xco2,
        plain.flux,
    ),
}


def measured(call, limits, attempts=4):
    """Take the best of some attempts: others may be using the machine."""
    found = []
    for _ in range(attempts):
        found.append(call())
        if all(limit(found[-1]) for limit in limits):
            return found[-1]
    return min(found)


@pytest.mark.parametrize("name", FUSED)
def test_fused_chains_are_within_twice_the_memory_floor(name, long):
    names, call, _ = FUSED[name]
    inputs = arrays(long, names)
    call(*inputs)
    memory_floor(inputs)

    def ratio():
        fused, floor = seconds(lambda: call(*inputs), lambda: memory_floor(inputs))
        return fused / floor

    best = measured(ratio, [lambda r: r < 2.0])
    print(f"{name}: {best:.2f} of the memory floor")
    assert best < (2.0 if STRICT else 3.0)


@pytest.mark.parametrize("name", FUSED)
def test_fused_chains_are_twenty_times_numpy(name, long):
    names, call, numpy = FUSED[name]
    inputs = arrays(long, names)
    np.testing.assert_allclose(call(*inputs), numpy(*inputs), rtol=1e-9, atol=1e-9)

    def ratio():
        fused, whole = seconds(lambda: call(*inputs), lambda: numpy(*inputs))
        return fused / whole

    best = measured(ratio, [lambda r: r < 1 / 20])
    print(f"{name}: {1 / best:.1f} times whole-array numpy")
    # 20 is for two cores that nobody else uses.
    assert best < (1 / 20 if STRICT else 1 / 10)


SINGLE = {
    "water vapour": ("sst salinity", ph.water_vapour_pressure, plain.vapour),
    "virial": ("sst pressure xco2", ph.fugacity_coefficient, plain.factor),
    "solubility": ("sst salinity", ph.solubility, plain.solubility),
    "Schmidt": ("sst", ph.schmidt_number, plain.schmidt),
    "transfer": ("wind sst", ph.transfer_velocity, plain.transfer),
    "fugacity": ("xco2 sst salinity pressure", ph.fco2_from_xco2, plain.fugacity),
}


@pytest.mark.parametrize("points", [10_000, 1_000_000])
@pytest.mark.parametrize("name", [*SINGLE, *FUSED])
def test_every_formula_is_as_fast_as_numpy(name, points, long):
    names, call, numpy = (SINGLE | FUSED)[name]
    inputs = [array[:points] for array in arrays(long, names)]
    call(*inputs)

    def ratio():
        ours, theirs = seconds(
            lambda: call(*inputs), lambda: numpy(*inputs), turns=2, share=0.05
        )
        return ours / theirs

    best = measured(ratio, [lambda r: r < 1.0])
    print(f"{name}, {points} points: {1 / best:.1f} times numpy")
    assert best < 1.0


FIRST = """
import time
start = time.perf_counter()
import numpy as np, oceanco2.physics as ph
x = np.full(10, 20.0)
ph.water_vapour_pressure(x, 35.0)
ph.fugacity_coefficient(x, 1013.0, 400.0)
ph.fco2_from_pco2(400.0, x, 1013.0)
ph.pco2_from_fco2(400.0, x, 1013.0)
ph.pco2_from_xco2(400.0, x, 35.0, 1013.0)
ph.xco2_from_pco2(400.0, x, 35.0, 1013.0)
ph.fco2_from_xco2(400.0, x, 35.0, 1013.0)
ph.correct_to_temperature(400.0, x, x)
ph.fco2_at_sst(400.0, x, x, 35.0, 1013.0)
ph.sea_level_pressure(1000.0, x, 10.0)
ph.solubility(x, 35.0)
ph.schmidt_number(x)
ph.transfer_velocity(7.0, x)
ph.wind_at_10m(x, 10.0)
ph.cool_skin(x)
ph.flux(380.0, 400.0, 7.0, x, 35.0)
ph.flux(380.0, 400.0, 7.0, x, 35.0, scheme="rapid")
ph.flux_from_xco2(380.0, 400.0, 7.0, x, 35.0, 1013.0)
print(time.perf_counter() - start)
"""


def first_call(cache):
    done = subprocess.run(
        [sys.executable, "-c", FIRST],
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def test_first_call_is_quick_and_the_second_process_quicker(tmp_path):
    cold = first_call(tmp_path)
    warm = min(first_call(tmp_path) for _ in range(3))
    print(f"first calls of everything {cold:.2f} s, from the cache {warm:.2f} s")
    assert list(tmp_path.rglob("*.nbi"))
    assert cold < (5.0 if STRICT else 15.0)
    assert warm < cold


def test_dask_scales_over_threads(long):
    import dask
    import dask.array as da

    names, call, _ = FUSED["flux"]
    lazy = [da.from_array(a, chunks=N // 8) for a in arrays(long, names)]
    graph = call(*lazy)
    expected = call(*arrays(long, names))
    with dask.config.set(scheduler="threads"):
        np.testing.assert_array_equal(graph.compute(), expected)
        start = time.perf_counter()
        graph.compute()
        spent = time.perf_counter() - start
    (numpy,) = seconds(lambda: plain.flux(*arrays(long, names)), turns=1)
    print(f"dask: {numpy / spent:.1f} times whole-array numpy")
    assert spent < numpy


def test_peers_differ_only_for_the_known_reasons():
    table, missing = peers.compare(points=20_000, turns=1, share=0.001)
    if len(missing) == len(peers.PEERS):
        pytest.skip("no other package is installed")
    for title, _, apart, with_recipe, _ in table:
        assert (apart if with_recipe is None else with_recipe) < 1e-12, title
