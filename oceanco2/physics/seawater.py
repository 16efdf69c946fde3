"""TEOS-10 by gsw: densities and temperatures, never for Weiss-type formulas.

Solubility, vapour pressure and Schmidt numbers are fits in practical salinity. With
Absolute Salinity the solubility is wrong by up to -8.5e-4.
"""

from typing import Any

import numpy as np

from oceanco2.errors import choose
from oceanco2.physics._arrays import wrap
from oceanco2.physics._engine.program import Array
from oceanco2.units import IPTS_68, ITS_90, T_68_PER_T_90

#: Units of salinity, longitude, latitude and sea pressure.
_PLACE = ("1", "degrees_east", "degrees_north", "dbar")


def _attrs(name: str, units: str, long_name: str) -> dict[str, str]:
    return {"name": name, "units": units, "long_name": long_name, "method": "TEOS-10"}


def _positive(salinity: Array) -> Array:
    # gsw takes a negative salinity for 0.
    return np.where(salinity < 0.0, np.nan, salinity)


def _absolute(
    salinity: Array, longitude: Array, latitude: Array, pressure: Array
) -> Array:
    import gsw

    # gsw knows longitudes from -360 on and does not accept more than 360.
    return np.asarray(
        gsw.SA_from_SP(_positive(salinity), pressure, longitude % 360.0, latitude)
    )


_SCALES = {ITS_90: 1.0, IPTS_68: 1.0 / T_68_PER_T_90}


def practical_salinity(
    conductivity: Any,
    temperature: Any,
    pressure: Any = 0.0,
    *,
    temperature_scale: str = "ITS-90",
) -> Any:
    """Practical salinity (PSS-78) from conductivity.

    Parameters
    ----------
    conductivity : array_like
        Conductivity [mS cm-1]; ten times that in S m-1.
    temperature : array_like
        Temperature of the water in the conductivity cell [degree_Celsius].
    pressure : array_like, default 0
        Sea pressure in the cell [dbar].
    temperature_scale : {"ITS-90", "IPTS-68"}
        Scale of `temperature`. PSS-78 is on that of 1968: what is taken for it and is
        on that of 1990 makes the salinity 0.003 too high at 15 degree_Celsius.

    Returns
    -------
    float, ndarray, Series or DataArray
        Practical salinity [1]; below 2 with the extension of Hill et al.

    References
    ----------
    .. [1] UNESCO (1981), Tech. Pap. Mar. Sci. 36.
    .. [2] Hill, Dauphinee and Woods (1986), IEEE J. Ocean. Eng. 11, 109-112,
       doi:10.1109/JOE.1986.1145154.

    Examples
    --------
    Standard sea water:

    >>> round(practical_salinity(42.914, 15.0, temperature_scale="IPTS-68"), 6)
    35.0
    """
    choose("temperature_scale", temperature_scale, tuple(_SCALES))
    scale = _SCALES[temperature_scale]

    def kernel(c: Array, t: Array, p: Array) -> Array:
        import gsw

        return np.asarray(gsw.SP_from_C(np.where(c < 0.0, np.nan, c), scale * t, p))

    attrs = {
        "name": "practical_salinity",
        "units": "1",
        "long_name": "practical salinity",
        "method": f"PSS-78, temperature on {temperature_scale}",
    }
    return wrap(
        kernel,
        (conductivity, temperature, pressure),
        attrs,
        ("mS cm-1", "degree_Celsius", "dbar"),
    )


def absolute_salinity(
    salinity: Any, longitude: Any, latitude: Any, pressure: Any = 0.0
) -> Any:
    """Absolute Salinity (TEOS-10) from practical salinity.

    Parameters
    ----------
    salinity : array_like
        Practical salinity [1].
    longitude : array_like
        Longitude [degrees_east].
    latitude : array_like
        Latitude [degrees_north].
    pressure : array_like, default 0
        Sea pressure [dbar].

    Returns
    -------
    float, ndarray, Series or DataArray
        Absolute Salinity [g kg-1].

    Examples
    --------
    >>> round(absolute_salinity(35.0, -30.0, 0.0), 7)
    35.1652921
    """
    attrs = _attrs("absolute_salinity", "g kg-1", "Absolute Salinity")
    return wrap(_absolute, (salinity, longitude, latitude, pressure), attrs, _PLACE)


def conservative_temperature(
    salinity: Any, temperature: Any, longitude: Any, latitude: Any, pressure: Any = 0.0
) -> Any:
    """Conservative Temperature (TEOS-10).

    Parameters
    ----------
    salinity : array_like
        Practical salinity [1].
    temperature : array_like
        In-situ temperature [degree_Celsius].
    longitude : array_like
        Longitude [degrees_east].
    latitude : array_like
        Latitude [degrees_north].
    pressure : array_like, default 0
        Sea pressure [dbar].

    Returns
    -------
    float, ndarray, Series or DataArray
        Conservative Temperature [degree_Celsius].

    Examples
    --------
    >>> round(conservative_temperature(35.0, 20.0, -30.0, 0.0), 7)
    19.9928476
    """

    def kernel(s: Array, t: Array, lon: Array, lat: Array, p: Array) -> Array:
        import gsw

        return np.asarray(gsw.CT_from_t(_absolute(s, lon, lat, p), t, p))

    attrs = _attrs(
        "conservative_temperature", "degree_Celsius", "Conservative Temperature"
    )
    inputs = (salinity, temperature, longitude, latitude, pressure)
    return wrap(kernel, inputs, attrs, ("1", "degree_Celsius", *_PLACE[1:]))


def density(
    salinity: Any, temperature: Any, longitude: Any, latitude: Any, pressure: Any = 0.0
) -> Any:
    """Density of sea water (TEOS-10).

    Parameters
    ----------
    salinity : array_like
        Practical salinity [1].
    temperature : array_like
        In-situ temperature [degree_Celsius].
    longitude : array_like
        Longitude [degrees_east].
    latitude : array_like
        Latitude [degrees_north].
    pressure : array_like, default 0
        Sea pressure [dbar].

    Returns
    -------
    float, ndarray, Series or DataArray
        In-situ density [kg m-3].

    Examples
    --------
    >>> round(density(35.0, 20.0, -30.0, 0.0), 5)
    1024.76557
    """

    def kernel(s: Array, t: Array, lon: Array, lat: Array, p: Array) -> Array:
        import gsw

        absolute = _absolute(s, lon, lat, p)
        return np.asarray(gsw.rho(absolute, gsw.CT_from_t(absolute, t, p), p))

    attrs = _attrs("density", "kg m-3", "density of sea water")
    inputs = (salinity, temperature, longitude, latitude, pressure)
    return wrap(kernel, inputs, attrs, ("1", "degree_Celsius", *_PLACE[1:]))


def freezing_temperature(
    salinity: Any, longitude: Any, latitude: Any, pressure: Any = 0.0
) -> Any:
    """Freezing point of sea water saturated with air (TEOS-10).

    Parameters
    ----------
    salinity : array_like
        Practical salinity [1].
    longitude : array_like
        Longitude [degrees_east].
    latitude : array_like
        Latitude [degrees_north].
    pressure : array_like, default 0
        Sea pressure [dbar].

    Returns
    -------
    float, ndarray, Series or DataArray
        Freezing point [degree_Celsius].

    Examples
    --------
    >>> round(freezing_temperature(35.0, -30.0, 0.0), 8)
    -1.92102866
    """

    def kernel(s: Array, lon: Array, lat: Array, p: Array) -> Array:
        import gsw

        saturation = 1.0
        return np.asarray(gsw.t_freezing(_absolute(s, lon, lat, p), p, saturation))

    attrs = _attrs("freezing_temperature", "degree_Celsius", "freezing point")
    return wrap(kernel, (salinity, longitude, latitude, pressure), attrs, _PLACE)


def per_volume_from_per_mass(concentration: Any, density: Any) -> Any:
    """Amount per volume of sea water from amount per mass.

    Parameters
    ----------
    concentration : array_like
        Amount per mass [umol kg-1].
    density : array_like
        Density of the sea water [kg m-3].

    Returns
    -------
    float, ndarray, Series or DataArray
        Amount per volume [mmol m-3].

    Examples
    --------
    >>> per_volume_from_per_mass(2000.0, 1025.0)
    2050.0
    """

    def kernel(amount: Array, rho: Array) -> Array:
        return np.asarray(1e-3 * amount * rho)

    attrs = {
        "name": "concentration",
        "units": "mmol m-3",
        "long_name": "amount per volume of sea water",
    }
    return wrap(kernel, (concentration, density), attrs, ("umol kg-1", "kg m-3"))


def per_mass_from_per_volume(concentration: Any, density: Any) -> Any:
    """Amount per mass of sea water from amount per volume.

    Parameters
    ----------
    concentration : array_like
        Amount per volume [mmol m-3].
    density : array_like
        Density of the sea water [kg m-3].

    Returns
    -------
    float, ndarray, Series or DataArray
        Amount per mass [umol kg-1].

    Examples
    --------
    >>> per_mass_from_per_volume(2050.0, 1025.0)
    2000.0
    """

    def kernel(amount: Array, rho: Array) -> Array:
        return np.asarray(1e3 * amount / rho)

    attrs = {
        "name": "concentration",
        "units": "umol kg-1",
        "long_name": "amount per mass of sea water",
    }
    return wrap(kernel, (concentration, density), attrs, ("mmol m-3", "kg m-3"))
