"""Multilinear interpolation that never extrapolates and is exact at the nodes."""

from collections.abc import Sequence
from itertools import product

import numpy as np

#: Rows interpolated at a time, so that temporary arrays stay small.
BLOCK = 500_000


def seconds(times: np.ndarray, origin: np.datetime64) -> np.ndarray:
    """Return times as seconds since an origin."""
    return (times - origin) / np.timedelta64(1, "s")


def _as_numbers(axis: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if axis.dtype.kind != "M":
        return np.asarray(axis, np.float64), np.asarray(points, np.float64)
    return seconds(axis, axis[0]), seconds(points, axis[0])


def brackets(
    axis: np.ndarray, points: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the nodes on both sides of each point."""
    below = np.clip(np.searchsorted(axis, points, side="right") - 1, 0, None)
    above = np.minimum(below + 1, axis.size - 1)
    width = np.where(above > below, axis[above] - axis[below], 1.0)
    weight = (points - axis[below]) / width
    outside = ~((points >= axis[0]) & (points <= axis[-1]))
    return below, np.where(outside, np.nan, weight), above


def interpolate_grid(
    values: np.ndarray, axes: Sequence[np.ndarray], points: Sequence[np.ndarray]
) -> np.ndarray:
    """Interpolate linearly along every axis.

    Parameters
    ----------
    values : ndarray
        On the nodes; a node that is NaN matters only where it has weight.
    axes : sequence of ndarray
        Nodes of each dimension, ascending numbers or datetime64.
    points : sequence of ndarray
        One array per dimension, all of equal length.

    Returns
    -------
    ndarray of float64
        NaN outside the nodes.

    Examples
    --------
    >>> nodes, points = np.array([0.0, 1.0]), np.array([0.5, 2.0])
    >>> interpolate_grid(np.array([1.0, 3.0]), [nodes], [points])
    array([ 2., nan])
    """
    shape = np.shape(points[0])
    flat = [np.ravel(p) for p in points]
    out = np.empty(flat[0].size)
    for start in range(0, out.size, BLOCK):
        rows = slice(start, start + BLOCK)
        out[rows] = _interpolate_block(values, axes, [p[rows] for p in flat])
    return out.reshape(shape)


def _interpolate_block(
    values: np.ndarray, axes: Sequence[np.ndarray], points: Sequence[np.ndarray]
) -> np.ndarray:
    sides = [
        brackets(*_as_numbers(axis, p)) for axis, p in zip(axes, points, strict=True)
    ]
    total = np.zeros(points[0].size)
    for corner in product((0, 1), repeat=len(sides)):
        weight = np.ones(points[0].size)
        index = []
        for side, (below, fraction, above) in zip(corner, sides, strict=True):
            weight = weight * (fraction if side else 1.0 - fraction)
            index.append(above if side else below)
        # A missing node without weight does not matter.
        total += np.where(weight == 0.0, 0.0, weight * values[tuple(index)])
    return total
