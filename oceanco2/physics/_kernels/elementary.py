"""The functions that formulas are written with, twice.

A formula is plain Python on `exp`, `log`, `power`, `sqrt` and `where`. Called as
it is, it uses NumPy's and takes numbers or arrays (complex ones too, which gives
exact derivatives). Compiled, the same names become the scalars below: plain
arithmetic that LLVM can turn into vector code, which a call of libm would prevent.
"""

import numpy as np

exp = np.exp
log = np.log
power = np.power
sqrt = np.sqrt
where = np.where

NAN = float("nan")
