"""The functions that formulas are written with, twice.

A formula is plain Python on `exp`, `log`, `power`, `sqrt` and `where`. Called as
it is, it uses NumPy's and takes numbers or arrays (complex ones too, which gives
exact derivatives). Compiled, the same names become the ``fast_`` functions below:
plain arithmetic that LLVM can turn into vector code, which a call of libm would
prevent. They hold for finite arguments; exp stays at exp(+-708) beyond.

Method: Cody and Waite's reduction of the argument, Chebyshev polynomials of the rest
computed with 60 digits, the exponent set by an integer view.
"""

from typing import Any

import numpy as np

exp = np.exp
log = np.log
power = np.power
sqrt = np.sqrt
where = np.where

NAN = np.nan
_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01  # 33 bits: times an exponent it is exact
_LN2_LOW = 1.90821492927058770002e-10
# Adding it rounds to an integer, which then stands in the low bits.
_MAGIC = 6755399441055744.0
_ONE = 4607182418800017408  # bits of 1.0
_SQRT_HALF = 4604544271217802189  # bits of sqrt(1/2)
_MAGIC_BITS = 4843621399236968448

_E0, _E1, _E2, _E3, _E4 = (
    0.5000000000000001,
    0.16666666666666669,
    0.04166666666662399,
    0.008333333333330051,
    0.0013888888917281794,
)
_E5, _E6, _E7, _E8, _E9 = (
    0.00019841269863105968,
    2.480152119021773e-05,
    2.7557268378684192e-06,
    2.7620138719733994e-07,
    2.5100424157005067e-08,
)
_L0, _L1, _L2, _L3, _L4, _L5, _L6 = (
    0.666666666666667,
    0.3999999999989889,
    0.28571428626253836,
    0.22222211089379496,
    0.1818289243253687,
    0.15331611722055008,
    0.14617807153417325,
)


def fast_where(condition: Any, yes: Any, no: Any) -> Any:
    """Choose one of two numbers."""
    return yes if condition else no


def fast_exp(x: Any) -> Any:
    """Exponential function, error below 2 units in the last place."""
    x = where(x < -708.0, -708.0, x)
    x = where(x > 709.0, 709.0, x)
    shifted = x * _LOG2_E + _MAGIC
    whole = shifted - _MAGIC
    r = (x - whole * _LN2_HIGH) - whole * _LN2_LOW
    high = _E5 + r * (_E6 + r * (_E7 + r * (_E8 + r * _E9)))
    series = _E0 + r * (_E1 + r * (_E2 + r * (_E3 + r * (_E4 + r * high))))
    scale = np.int64((np.float64(shifted).view(np.int64) << 52) + _ONE).view(np.float64)
    return scale * (1.0 + (r + r * r * series))


def fast_log(x: Any) -> Any:
    """Natural logarithm, error below 2 units in the last place."""
    bits = np.float64(x).view(np.int64)
    exponent = (bits - _SQRT_HALF) >> 52
    f = np.int64(bits - (exponent << 52)).view(np.float64) - 1.0
    # Conversion of integers by arithmetic: not every processor has it for vectors.
    whole = np.int64(exponent + _MAGIC_BITS).view(np.float64) - _MAGIC
    s = f / (2.0 + f)
    z = s * s
    series = _L0 + z * (_L1 + z * (_L2 + z * (_L3 + z * (_L4 + z * (_L5 + z * _L6)))))
    half = 0.5 * f * f
    low = s * (half + z * series) + whole * _LN2_LOW
    value = whole * _LN2_HIGH - ((half - low) - f)
    return where(x > 0.0, value, NAN)


def fast_power(x: Any, y: Any) -> Any:
    """Power of a number that is not negative."""
    value = fast_exp(y * fast_log(x))
    return where(x == 0.0, where(y > 0.0, 0.0, np.inf), value)


#: What a name of a formula becomes when it is compiled.
COMPILED = {exp: fast_exp, log: fast_log, power: fast_power, where: fast_where}
