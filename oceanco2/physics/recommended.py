"""Recommended fCO2 of SOCAT: fourteen algorithms in the order of their priority."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oceanco2.compiling import threads
from oceanco2.physics._arrays import wrap_pair
from oceanco2.physics._engine.compiling import pair_kernel
from oceanco2.physics._engine.elementary import NAN, exp
from oceanco2.physics._engine.program import Array
from oceanco2.physics._engine.running import chunk_size, spread
from oceanco2.physics._entries import UNITS
from oceanco2.physics.fugacity import moist_fugacity, virial_exponent

#: Gas constant of SOCAT's scripts [cm3 atm mol-1 K-1].
_GAS = 82.057
#: fCO2 per degree, Takahashi et al. (1993): never another one in SOCAT.
_WARMING = 0.0423
#: From pressure at sea level to pressure in an equilibrator [hPa].
_OVERPRESSURE = 3.0

#: Arguments of `fco2rec`, in the order of `recommend`.
ARGUMENTS = (
    "sst",
    "t_equ",
    "salinity",
    "woa_salinity",
    "p_equ",
    "p_atm",
    "ncep_slp",
    "xco2_equ_dry",
    "xco2_sst_dry",
    "pco2_equ_wet",
    "pco2_sst_wet",
    "fco2_equ_wet",
    "fco2_sst_wet",
)
#: What the numbers mean.
ALGORITHMS = {
    0: "none",
    1: "xCO2_equ, P, S",
    2: "xCO2_SST, P, S",
    3: "pCO2_equ, P",
    4: "pCO2_SST, P",
    5: "fCO2_equ",
    6: "fCO2_SST",
    7: "pCO2_equ, NCEP",
    8: "pCO2_SST, NCEP",
    9: "xCO2_equ, P, WOA",
    10: "xCO2_SST, P, WOA",
    11: "xCO2_equ, NCEP, S",
    12: "xCO2_SST, NCEP, S",
    13: "xCO2_equ, NCEP, WOA",
    14: "xCO2_SST, NCEP, WOA",
}

_ATTRS = (
    {"name": "fCO2rec", "units": "uatm", "long_name": "recommended fCO2 of SOCAT"},
    {
        "name": "fCO2rec_src",
        "long_name": "algorithm of the recommended fCO2",
        "flag_values": np.arange(15, dtype=np.int8),
        "flag_meanings": " ".join(
            text.replace(", ", "_") for text in ALGORITHMS.values()
        ),
    },
)


def _nonzero(value: Any) -> Any:
    # SOCAT's scripts take zero for missing: in P_equ and in every result.
    return abs(value) > 0.0


def _finite(value: Any) -> Any:
    return value * 0.0 == 0.0


def _from_dry(x: Any, t: Any, s: Any, p: Any, sst: Any) -> Any:
    # t is that of the equilibrator, or SST: then the last factor is 1.
    if _finite(x + t + s + p + sst):
        return moist_fugacity(x, t, s, p, p, _GAS) * exp(_WARMING * (sst - t))
    return NAN


def _from_wet(pco2: Any, t: Any, p: Any, sst: Any) -> Any:
    # The partial pressure itself stands for the mole fraction in the virial term.
    if _finite(pco2 + t + p + sst):
        factor = exp(virial_exponent(t, p, pco2, _GAS))
        return pco2 * factor * exp(_WARMING * (sst - t))
    return NAN


def _choose(
    sst: Any,
    te: Any,
    s: Any,
    woa: Any,
    p_equ: Any,
    p_atm: Any,
    ncep: Any,
    xe: Any,
    xs: Any,
    pe: Any,
    ps: Any,
    fe: Any,
    fs: Any,
) -> Any:
    """Return the first available result, and the number of its algorithm."""
    p = p_equ if _nonzero(p_equ) else p_atm + _OVERPRESSURE
    value, number = _measured(sst, te, s, p, xe, xs, pe, ps)
    if number == 0:
        value, number = _fugacity(sst, te, fe, fs)
    if number == 0:
        n = ncep + _OVERPRESSURE
        value, number = _external(sst, te, s, woa, p, n, xe, xs, pe, ps)
    return value, number


def _measured(
    sst: Any, te: Any, s: Any, p: Any, xe: Any, xs: Any, pe: Any, ps: Any
) -> Any:
    value = _from_dry(xe, te, s, p, sst)
    if _nonzero(value):
        return value, 1
    value = _from_dry(xs, sst, s, p, sst)
    if _nonzero(value):
        return value, 2
    value = _from_wet(pe, te, p, sst)
    if _nonzero(value):
        return value, 3
    value = _from_wet(ps, sst, p, sst)
    if _nonzero(value):
        return value, 4
    return NAN, 0


def _fugacity(sst: Any, te: Any, fe: Any, fs: Any) -> Any:
    value = fe * exp(_WARMING * (sst - te)) if _finite(fe + sst + te) else NAN
    if _nonzero(value):
        return value, 5
    if _nonzero(fs):
        return fs, 6
    return NAN, 0


def _external(
    sst: Any,
    te: Any,
    s: Any,
    woa: Any,
    p: Any,
    n: Any,
    xe: Any,
    xs: Any,
    pe: Any,
    ps: Any,
) -> Any:
    value = _from_wet(pe, te, n, sst)
    if _nonzero(value):
        return value, 7
    value = _from_wet(ps, sst, n, sst)
    if _nonzero(value):
        return value, 8
    number = 9
    for salinity, pressure in ((woa, p), (s, n), (woa, n)):
        value = _from_dry(xe, te, salinity, pressure, sst)
        if _nonzero(value):
            return value, number
        value = _from_dry(xs, sst, salinity, pressure, sst)
        if _nonzero(value):
            return value, number + 1
        number += 2
    return NAN, 0


def recommend(arrays: Sequence[Array], values: Array, numbers: Array) -> None:
    """Compute rows in the calling thread, for callers that use threads themselves."""
    with np.errstate(all="ignore"):
        pair_kernel(_choose, len(ARGUMENTS))(*arrays, values, numbers)


def _kernel(*arrays: Array) -> tuple[Array, Array]:
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    values, numbers = np.empty(shape), np.empty(shape, np.int8)
    flat = [np.broadcast_to(a, shape).reshape(-1) for a in arrays]
    flat_values, flat_numbers = values.reshape(-1), numbers.reshape(-1)
    chunk = chunk_size(max(flat_values.size, 1), threads())

    def task(start: int) -> int:
        window = slice(start, start + chunk)
        parts = [np.ascontiguousarray(a[window]) for a in flat]
        recommend(parts, flat_values[window], flat_numbers[window])
        return 0

    if flat_values.size:
        spread(task, range(0, flat_values.size, chunk))
    return values, numbers


def fco2rec(
    *,
    sst: Any,
    t_equ: Any = NAN,
    salinity: Any = NAN,
    woa_salinity: Any = NAN,
    p_equ: Any = NAN,
    p_atm: Any = NAN,
    ncep_slp: Any = NAN,
    xco2_equ_dry: Any = NAN,
    xco2_sst_dry: Any = NAN,
    pco2_equ_wet: Any = NAN,
    pco2_sst_wet: Any = NAN,
    fco2_equ_wet: Any = NAN,
    fco2_sst_wet: Any = NAN,
) -> tuple[Any, Any]:
    """Recommended fCO2 as SOCAT computes it, and the number of the algorithm.

    The first algorithm, in the order of the numbers, that has what it needs wins, row
    by row. Pressure in the equilibrator is `p_equ`, or `p_atm` + 3 hPa; algorithms 7,
    8 and 11 to 14 take `ncep_slp` + 3 hPa. Zero is missing for `p_equ` and for results,
    as in SOCAT's scripts. In algorithms 3, 4, 7 and 8 the partial pressure itself
    stands for the mole fraction in the virial term; warming is 0.0423 per degree,
    taken last. The gas constant is 82.057 cm3 atm mol-1 K-1.

    Parameters
    ----------
    sst, t_equ : float or array_like
        Temperature of the sea surface and of the equilibrator [degree_Celsius].
    salinity, woa_salinity : float or array_like, default NaN
        Practical salinity, measured and of the World Ocean Atlas [1].
    p_equ, p_atm, ncep_slp : float or array_like, default NaN
        Pressure in the equilibrator, of the air at sea level and that of the
        NCEP/NCAR reanalysis [hPa].
    xco2_equ_dry, xco2_sst_dry : float or array_like, default NaN
        Mole fraction in dry air, at the two temperatures [umol mol-1].
    pco2_equ_wet, pco2_sst_wet : float or array_like, default NaN
        Partial pressure at 100 % humidity, at the two temperatures [uatm].
    fco2_equ_wet, fco2_sst_wet : float or array_like, default NaN
        Fugacity at 100 % humidity, at the two temperatures [uatm].

    Returns
    -------
    value : float, ndarray, Series, DataArray or dask array
        Fugacity fCO2rec [uatm]; NaN where there is none.
    number : int, or integers of the same kind
        Number of the algorithm, 0 where there is none.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413, table 6,
       doi:10.5194/essd-8-383-2016.
    .. [2] Pfeil et al. (2013), Earth Syst. Sci. Data 5, 125-143,
       doi:10.5194/essd-5-125-2013.

    Examples
    --------
    >>> known = {"sst": 18.0, "t_equ": 18.35, "salinity": 35.2}
    >>> value, number = fco2rec(**known, p_equ=1012.0, xco2_equ_dry=380.0)
    >>> round(value, 6), number
    (365.045084, 1)
    >>> value, number = fco2rec(**known, ncep_slp=1011.3, pco2_sst_wet=367.0)
    >>> round(value, 6), number
    (365.722019, 8)
    """
    inputs = (
        sst,
        t_equ,
        salinity,
        woa_salinity,
        p_equ,
        p_atm,
        ncep_slp,
        xco2_equ_dry,
        xco2_sst_dry,
        pco2_equ_wet,
        pco2_sst_wet,
        fco2_equ_wet,
        fco2_sst_wet,
    )
    units = [UNITS[name] for name in ARGUMENTS]
    return wrap_pair(_kernel, inputs, _ATTRS, np.int8, units)
