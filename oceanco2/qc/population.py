"""A check of each value against its whole series."""

import numpy as np

from oceanco2.qc.check import good, register


@register(
    "deviation",
    "a value far from the mean of the whole series, in its standard deviations",
    "outlier test of the ICOS Ocean Thematic Centre",
)
def check_deviation(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    sigma: float = 5.0,
) -> np.ndarray:
    """Flag values far from the mean of all."""
    from oceanco2.qc import _kernels

    flags = good(values)
    floats = np.ascontiguousarray(values, dtype=np.float64)
    _kernels.deviation(floats, float(sigma), flags)
    return flags
