"""Moored systems: humid readings dried by their own humidity sensor."""

from typing import Any

import numpy as np

from oceanco2.physics._arrays import wrap
from oceanco2.physics._engine.program import Array
from oceanco2.physics.vapour import water_vapour_pressure


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

    said = "vapour pressure by relative humidity"
    attrs = {"name": "vapour_pressure", "units": "hPa", "long_name": said}
    return wrap(kernel, (humidity, humidity_dry, t_humidity), attrs)


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
    return wrap(kernel, inputs, attrs)
