"""Membrane sensors: detector signals to mole fractions, and their response time."""

from typing import Any

import numpy as np

from oceanco2.physics._arrays import wrap
from oceanco2.physics._constants import HPA_PER_ATM, ZERO_CELSIUS
from oceanco2.physics._engine.program import Array


def hydroc_signal(
    signal_raw: Any, signal_ref: Any, signal_zero: Any, scale_factor: Any
) -> Any:
    """Signal of a CONTROS HydroC relative to its zero gas.

    Parameters
    ----------
    signal_raw, signal_ref : array_like
        Raw and reference signal of the detector [counts].
    signal_zero : array_like
        Raw over reference signal of the zero gas [1].
    scale_factor : array_like
        F of the calibration sheet [1].

    Returns
    -------
    float, ndarray, Series or DataArray
        F (1 - S2b / S2b of the zero gas) [1].

    References
    ----------
    .. [1] Fietzek et al. (2014), J. Atmos. Oceanic Technol. 31, 181-196,
       doi:10.1175/JTECH-D-13-00083.1.

    Examples
    --------
    >>> round(hydroc_signal(12650.0, 17000.0, 0.808, 60000.0), 4)
    4743.7391
    """

    def kernel(raw: Array, ref: Array, zero: Array, factor: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(factor * (1.0 - (raw / ref) / zero))

    attrs = {"name": "signal", "units": "1", "long_name": "processed signal"}
    return wrap(kernel, (signal_raw, signal_ref, signal_zero, scale_factor), attrs)


def hydroc_xco2(signal: Any, t_gas: Any, p_ndir: Any, k1: Any, k2: Any, k3: Any) -> Any:
    """Mole fraction of CO2 in the humid gas of a CONTROS HydroC.

    Parameters
    ----------
    signal : array_like
        Processed signal, see `hydroc_signal` [1].
    t_gas : array_like
        Temperature of the gas stream [degree_Celsius].
    p_ndir : array_like
        Pressure in the detector [hPa].
    k1, k2, k3 : array_like
        Coefficients of the calibration sheet, interpolated in running time.

    Returns
    -------
    float, ndarray, Series or DataArray
        Mole fraction in the humid gas [umol mol-1]; times the pressure at the
        membrane it is the partial pressure.

    References
    ----------
    .. [1] Fietzek et al. (2014), J. Atmos. Oceanic Technol. 31, 181-196,
       doi:10.1175/JTECH-D-13-00083.1.

    Examples
    --------
    >>> x = hydroc_xco2(4743.739050, 34.5, 1015.2, 0.06, 3.5e-6, 3e-10)
    >>> round(x, 4)
    444.4961
    """

    def kernel(s: Array, t: Array, p: Array, a: Array, b: Array, c: Array) -> Array:
        polynomial = s * (a + s * (b + s * c))
        kelvin = t + ZERO_CELSIUS
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(polynomial * HPA_PER_ATM * kelvin / (ZERO_CELSIUS * p))

    attrs = {
        "name": "xco2",
        "units": "umol mol-1",
        "long_name": "mole fraction of CO2 in humid gas",
    }
    return wrap(kernel, (signal, t_gas, p_ndir, k1, k2, k3), attrs)
