"""Readings of sensors to mole fraction, vapour pressure, temperature and pCO2.

Membrane sensors (CONTROS HydroC), moored systems that dry by their own humidity sensor
(MAPCO2), and spectrophotometers (SAMI2-CO2).
"""

from typing import Any

import numpy as np

from oceanco2.physics._arrays import wrap
from oceanco2.physics._constants import HPA_PER_ATM, ZERO_CELSIUS
from oceanco2.physics._engine.program import Array
from oceanco2.physics.vapour import water_vapour_pressure


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
    return wrap(
        kernel,
        (signal, t_gas, p_ndir, k1, k2, k3),
        attrs,
        ("", "degree_Celsius", "hPa"),
    )


def vapour_of_humidity(humidity: Any, humidity_dry: Any, t_humidity: Any) -> Any:
    """Vapour pressure of a gas by its relative humidity above that of dry gas.

    Parameters
    ----------
    humidity : array_like
        Relative humidity of the gas [percent].
    humidity_dry : array_like
        What the same sensor reads in the dry span gas: its offset [percent].
    t_humidity : array_like
        Temperature of the humidity sensor [degree_Celsius].

    Returns
    -------
    float, ndarray, Series or DataArray
        (humidity - humidity_dry)/100 es, with es = 1.004 * 6.1365 hPa
        exp[17.502 t/(240.97 + t)] [hPa], broadcast shape of the inputs.

    References
    ----------
    .. [1] Sutton et al. (2014), Earth Syst. Sci. Data 6, 353-366,
       doi:10.5194/essd-6-353-2014.

    Examples
    --------
    >>> round(vapour_of_humidity(70.0, 36.0, 28.1), 4)
    13.0298
    """

    def kernel(rh: Array, rh_dry: Array, t: Array) -> Array:
        saturated = np.asarray(
            water_vapour_pressure(t, np.zeros(t.shape), "buck_licor")
        )
        return np.asarray((rh - rh_dry) / 100.0 * saturated)

    attrs = {
        "name": "vapour_pressure",
        "units": "hPa",
        "long_name": "vapour pressure by relative humidity",
    }
    units = ("percent", "percent", "degree_Celsius")
    return wrap(kernel, (humidity, humidity_dry, t_humidity), attrs, units)


def mapco2_dry_mole_fraction(
    xco2: Any, pressure: Any, humidity: Any, temperature: Any, humidity_span: Any
) -> Any:
    """Mole fraction of CO2 in dry air as a MAPCO2 computes it on board.

    The span gas is dry: what the sensor shows in it is its offset.

    Parameters
    ----------
    xco2 : array_like
        Reading with the pump off [umol mol-1].
    pressure : array_like
        Pressure in the analyser, pump off [hPa].
    humidity : array_like
        Relative humidity of the sample [percent].
    temperature : array_like
        Temperature of the humidity sensor [degree_Celsius].
    humidity_span : array_like
        Relative humidity of the span gas, flow off [percent].

    Returns
    -------
    float, ndarray, Series or DataArray
        Mole fraction in dry air [umol mol-1].

    References
    ----------
    .. [1] Sutton et al. (2014), Earth Syst. Sci. Data 6, 353-366,
       doi:10.5194/essd-6-353-2014.

    Examples
    --------
    The cycle of 00:00 of CRIMP2, 2016-08-15, printed 407.70 by the system:

    >>> x = mapco2_dry_mole_fraction(402.47, 1012.3, 70.0, 28.1, 36.0)
    >>> round(x, 2)
    407.72
    """

    def kernel(x: Array, p: Array, rh: Array, t: Array, dry: Array) -> Array:
        vapour = np.asarray(vapour_of_humidity(rh, dry, t))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(x / (1.0 - vapour / p))

    attrs = {
        "name": "xco2",
        "units": "umol mol-1",
        "long_name": "mole fraction of CO2 in dry air",
    }
    inputs = (xco2, pressure, humidity, temperature, humidity_span)
    units = ("umol mol-1", "hPa", "percent", "degree_Celsius", "percent")
    return wrap(kernel, inputs, attrs, units)


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
        # at 0 and at full scale the logarithm is infinite: no temperature
        return np.where(np.isfinite(ln + kelvin), kelvin - ZERO_CELSIUS, np.nan)

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
    return wrap(
        kernel,
        (absorbance_434, absorbance_620, temperature),
        attrs,
        ("", "", "degree_Celsius"),
    )
