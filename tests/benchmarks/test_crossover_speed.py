"""Crossovers: every pair within the window, against arrays and against a tree."""

import os

import numpy as np
from scipy.spatial import cKDTree

from oceanco2.geography import EARTH_KM, distance_km
from oceanco2.socat.crossovers.pairs import Track, crossover
from tests.benchmarks.test_speed import measured
from tests.benchmarks.timing import seconds

STRICT = os.environ.get("OCEANCO2_BENCHMARK") == "strict"


def track(n, code, east):
    """A ship that samples every two minutes; two of them sail in company."""
    rng = np.random.default_rng(len(code) + int(10 * east))
    way = np.arange(n) / n
    lat, lon = -40 + 20 * np.sin(9 * way + east), 60 * way + east
    sst = 18 + 5 * np.sin(9 * way) + rng.normal(0, 0.1, n)
    fco2 = 380 + rng.normal(0, 3, n)
    return Track(code, code, lon, lat, np.arange(n) * 120.0, sst, fco2)


def with_arrays(a, b, block=500):
    """Distances of all pairs, block by block: the nearest that agree."""
    best = np.inf
    for start in range(0, a.seconds.size, block):
        part = slice(start, start + block)
        one = (a.latitude[part, None], a.longitude[part, None])
        km = distance_km(*one, b.latitude[None], b.longitude[None])
        days = (b.seconds[None] - a.seconds[part, None]) / 86400
        far = np.sqrt(km**2 + (30 * days) ** 2)
        agree = np.abs(b.sst[None] - a.sst[part, None]) <= 0.3
        agree &= np.abs(b.fco2[None] - a.fco2[part, None]) <= 5
        best = min(best, np.where(agree & (far < 80), far, np.inf).min())
    return best


def with_a_tree(a, b):
    """Nearest pair only, whether it agrees or not."""
    places = []
    for one in (a, b):
        lat, lon = np.radians(one.latitude), np.radians(one.longitude)
        x, y = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon)
        space = [EARTH_KM * v for v in (x, y, np.sin(lat))]
        places.append(np.stack([*space, one.seconds / 86400 * 30], axis=1))
    return cKDTree(places[1]).query(places[0], distance_upper_bound=80)[0].min()


def test_a_crossover_takes_a_small_part_of_the_time_of_arrays():
    a, b = track(2000, "AAAA", 0.0), track(2000, "BBBB", 0.3)
    assert abs(crossover(a, b).distance_km - with_arrays(a, b)) < 1e-9

    def ratio():
        calls = (lambda: crossover(a, b), lambda: with_arrays(a, b))
        ours, theirs = seconds(*calls, turns=2, share=0.2)
        return ours / theirs

    best = measured(ratio, [lambda r: r < 0.1])
    print(f"crossover of 2,000 x 2,000 rows: {best:.4f} of arrays")
    assert best < 0.1


def test_long_tracks_against_a_tree_that_asks_less():
    size = 100_000 if STRICT else 20_000
    a, b = track(size, "AAAA", 0.0), track(size, "BBBB", 0.3)

    def ratio():
        calls = (lambda: crossover(a, b), lambda: with_a_tree(a, b))
        ours, theirs = seconds(*calls, turns=2, share=0.2)
        return ours / theirs

    best = measured(ratio, [lambda r: r < 4.0])
    print(f"crossover of {size:,} x {size:,} rows: {best:.2f} of a tree")
    assert best < 8.0
