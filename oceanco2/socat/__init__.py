"""Everything particular to SOCAT: published files, upload, checker, grid, crossovers.

`read_socat` and `iter_socat` give tables of published files, `excerpt` writes other
files, `recompute` computes fCO2rec again, `accumulate` fills the cells of a gridded
product, `open_socat` reads the preamble, `split_socat` cuts files into parts for other
machines. All of them read in chunks, on every core, and report each line that is not a
row with its number.
"""

from oceanco2._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __spec__)
