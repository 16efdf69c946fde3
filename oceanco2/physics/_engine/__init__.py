"""How a scalar formula becomes a fast loop: NumPy and numba only."""
