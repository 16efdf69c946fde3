"""Binning against a pandas formulation, and memory that goes with cells, not rows."""

import os
import tracemalloc

import numpy as np
import pandas as pd

from oceanco2.grids import Accumulator
from tests.benchmarks.timing import seconds

STRICT = os.environ.get("OCEANCO2_BENCHMARK") == "strict"
ROWS = 5_000_000 if STRICT else 500_000
PER_CRUISE = 5_000
NAMES = ("time", "latitude", "longitude", "dataset_id", "fco2", "sst", "salinity")


def cruises(n, seed=0):
    """Ships that go straight, a row every 150 s, one cruise behind the other."""
    rng = np.random.default_rng(seed)
    sets = n // PER_CRUISE
    step = np.arange(PER_CRUISE)
    heading = rng.uniform(0, 2 * np.pi, sets)[:, None]
    north = rng.uniform(-60, 60, sets)[:, None] + np.sin(heading) * step * 0.004
    east = rng.uniform(0, 360, sets)[:, None] + np.cos(heading) * step * 0.006
    start = rng.integers(0, 50 * 365 * 86_400, sets)[:, None]
    return {
        "time": (start + step * 150).ravel().astype("datetime64[s]"),
        "latitude": north.ravel(),
        "longitude": (east % 360).ravel(),
        "dataset_id": np.repeat(np.arange(sets), PER_CRUISE),
        "fco2": rng.normal(380, 20, sets * PER_CRUISE).round(3),
        "sst": rng.normal(15, 5, sets * PER_CRUISE).round(3),
        "salinity": rng.normal(35, 1, sets * PER_CRUISE).round(3),
    }


def ours(values):
    sums = Accumulator("monthly")
    sums.add(**values)
    return sums.result()


def by_pandas(values):
    """The same numbers but the weighted deviation: two groupby, one over the other."""
    table = pd.DataFrame({name: values[name] for name in NAMES[4:]})
    month = values["time"].astype("datetime64[M]").astype(int)
    row = np.floor(values["latitude"]).astype(int) + 90
    column = np.floor(values["longitude"] + 180).astype(int) % 360
    table["cell"] = (month * 180 + row) * 360 + column
    table["set"] = values["dataset_id"]
    table["north"] = values["latitude"] % 1 - 0.5
    table["east"] = values["longitude"] % 1 - 0.5
    by_cell = table.groupby("cell")
    names = list(NAMES[4:])
    plain = by_cell[names].agg(["count", "mean", "min", "max", "std"])
    offsets = by_cell[["north", "east"]].mean()
    means = table.groupby(["cell", "set"])[names].mean().groupby(level=0)
    return plain, offsets, means.agg(["count", "mean"])


def test_binning_takes_a_fraction_of_the_time_of_pandas():
    values = cruises(ROWS)
    result, (plain, _, weighted) = ours(values), by_pandas(values)
    assert result.attrs["cells_with_data"] == len(plain) == len(weighted)
    for _ in range(3):  # others may be using the machine
        fast, slow = seconds(lambda: ours(values), lambda: by_pandas(values), turns=3)
        # Measured: 5 million rows 0.4 s against 4 s.
        if slow / fast > (6.0 if STRICT else 3.0):
            break
    assert slow / fast > (6.0 if STRICT else 3.0), f"{slow:.3f} s against {fast:.3f} s"


def test_cost_is_linear_and_memory_goes_with_cells():
    few, many = cruises(ROWS // 5), cruises(ROWS)
    short, long = seconds(lambda: ours(few), lambda: ours(many))
    assert long / short < 5 * 2.0
    same = Accumulator("monthly")
    same.add(**few)
    before = same.nbytes
    tracemalloc.start()
    for _ in range(5):  # the same cells again
        same.add(**few)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert same.nbytes == before
    assert peak < 2_000_000  # no copy of a column
    assert same.rows == 6 * len(few["fco2"])
