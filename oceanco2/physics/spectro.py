"""Spectrophotometric pCO2: counts of a SAMI2-CO2 to temperature and pCO2."""

from typing import Any

import numpy as np

from oceanco2.physics._arrays import wrap
from oceanco2.physics._constants import ZERO_CELSIUS
from oceanco2.physics._engine.program import Array


def sami_temperature(thermistor: Any, full_scale: float = 4096.0) -> Any:
    """Temperature of a SAMI2-CO2.

    Parameters
    ----------
    thermistor : array_like
        Counts, above 0 and below `full_scale`.
    full_scale : float, default 4096
        4096 for 12-bit hardware, 16384 for 14-bit.

    Returns
    -------
    float, ndarray, Series or DataArray
        Temperature [degree_Celsius].

    References
    ----------
    .. [1] OOI (2015), data product specification 1341-00490, sea water pCO2.

    Examples
    --------
    >>> round(sami_temperature(2019.0), 3)
    12.313
    """

    def kernel(counts: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            ln = np.log(17400.0 * counts / (full_scale - counts))
            kelvin = 1.0 / (0.0010183 + 0.000241 * ln + 1.5e-7 * ln**3)
        return np.where(np.isfinite(kelvin), kelvin - ZERO_CELSIUS, np.nan)

    attrs = {
        "name": "temperature",
        "units": "degree_Celsius",
        "long_name": "temperature of the sensor",
    }
    return wrap(kernel, (thermistor,), attrs)


def sami_pco2(
    absorbance_434: Any, absorbance_620: Any, temperature: Any, calibration: Any
) -> Any:
    """Partial pressure of CO2 from the absorbances of a SAMI2-CO2.

    Parameters
    ----------
    absorbance_434, absorbance_620 : array_like
        Absorbances, -log10 of the ratio to its blank [1].
    temperature : array_like
        Temperature of the sensor [degree_Celsius].
    calibration : sequence of float
        CalT [degree_Celsius], CalA, CalB, CalC of the sensor.

    Returns
    -------
    float, ndarray, Series or DataArray
        Partial pressure at 100 % humidity and at `temperature` [uatm]; NaN where
        there is none.

    References
    ----------
    .. [1] OOI (2015), data product specification 1341-00490, sea water pCO2, with
       the vendor's correction of blanks of 2018.

    Examples
    --------
    >>> x = sami_pco2(0.3, 0.2, 12.0, (16.5, 0.0422, 0.6761, -1.5798))
    >>> round(x, 3)
    382.499
    """
    at, a, b, c = (float(value) for value in calibration)

    def kernel(first: Array, second: Array, t: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = second / first
            start = -np.log10((ratio - 0.0043) / (2.136 - 0.2105 * ratio))
            warm = start + 0.008 * (t - at)
            slope = 0.0075778 - 0.0012389 * warm - 0.00048757 * warm**2
            response = start + slope * (t - at)
            root = np.sqrt(b * b - 4.0 * a * (c - response))
            return np.asarray(10.0 ** ((-b + root) / (2.0 * a)))

    attrs = {
        "name": "pco2",
        "units": "uatm",
        "long_name": "partial pressure of CO2 at 100 % humidity",
    }
    return wrap(kernel, (absorbance_434, absorbance_620, temperature), attrs)
