"""The virial term, and the fugacity of CO2 in moist air put together from it."""

from functools import lru_cache
from typing import Any

from oceanco2.physics._arrays import option
from oceanco2.physics._constants import ATM_PER_HPA, COLDEST, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import exp
from oceanco2.physics._engine.program import Scalar, bind
from oceanco2.physics._entries import Formula
from oceanco2.physics.vapour import WATER_VAPOUR

#: What the virial term takes as mole fraction of CO2.
MOLE_FRACTIONS = ("xco2", "pco2", "neglect")


def second_virial_coefficient(temperature: Any) -> Any:
    """Second virial coefficient B of CO2.

    Parameters
    ----------
    temperature : float or ndarray
        Temperature [degree_Celsius].

    Returns
    -------
    float or ndarray
        B [cm3 mol-1].

    References
    ----------
    .. [1] Weiss (1974), Mar. Chem. 2, 203-215, doi:10.1016/0304-4203(74)90015-2.

    Examples
    --------
    >>> round(second_virial_coefficient(25.0), 8)
    -123.19517176
    """
    kelvin = temperature + ZERO_CELSIUS
    return -1636.75 + kelvin * (12.0408 + kelvin * (-0.0327957 + 3.16528e-5 * kelvin))


def cross_virial_coefficient(temperature: Any) -> Any:
    """Cross virial coefficient delta of CO2 in air.

    Parameters
    ----------
    temperature : float or ndarray
        Temperature [degree_Celsius].

    Returns
    -------
    float or ndarray
        The coefficient [cm3 mol-1].

    References
    ----------
    .. [1] Weiss (1974), Mar. Chem. 2, 203-215, doi:10.1016/0304-4203(74)90015-2.

    Examples
    --------
    >>> round(cross_virial_coefficient(25.0), 8)
    22.5183
    """
    return 57.7 - 0.118 * (temperature + ZERO_CELSIUS)


def virial_exponent(temperature: Any, pressure: Any, fraction: Any, gas: Any) -> Any:
    """Logarithm of fugacity over partial pressure."""
    other = 1.0 - 1e-6 * fraction
    volume = second_virial_coefficient(temperature) + 2.0 * other * other * (
        cross_virial_coefficient(temperature)
    )
    # 100/T is what the vapour pressure divides as well: one division for both.
    per_kelvin = 0.01 / gas * (100.0 / (temperature + ZERO_CELSIUS))
    return pressure * ATM_PER_HPA * volume * per_kelvin


#: Virial coefficients of CO2 in air.
VIRIAL = Formula(
    name="weiss_1974",
    long_name="Weiss (1974), equations 6, 9 and 11",
    formula=virial_exponent,
    expression="ff = exp{P [B + 2 (1 - x)^2 delta]/(R T)}",
    doi="10.1016/0304-4203(74)90015-2",
    valid=(("temperature", COLDEST, 39.85),),
)


# Parts that programs exchange; these are the defaults.
_vapour = WATER_VAPOUR["weiss_price_1980"].formula


def _fraction(xco2: Any, _pco2: Any) -> Any:
    return xco2


def _fraction_pco2(_xco2: Any, pco2: Any) -> Any:
    return pco2


def _fraction_none(_xco2: Any, _pco2: Any) -> Any:
    return 0.0


FRACTIONS = {
    "xco2": _fraction,
    "pco2": _fraction_pco2,
    "neglect": _fraction_none,
}


def moist_fugacity(
    xco2: Any, temperature: Any, salinity: Any, pressure: Any, virial: Any, gas: Any
) -> Any:
    """Fugacity of CO2 in air saturated with water vapour, the parts put together."""
    pco2 = xco2 * (pressure * ATM_PER_HPA - _vapour(temperature, salinity))
    fraction = _fraction(xco2, pco2)
    return pco2 * exp(virial_exponent(temperature, virial, fraction, gas))


@lru_cache(maxsize=256)
def bound_fugacity(vapour: Formula, mole_fraction: str) -> Scalar:
    """Return `moist_fugacity` with the parts that the options name."""
    option("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    fraction = FRACTIONS[mole_fraction]
    return bind(moist_fugacity, _vapour=vapour.formula, _fraction=fraction)


def attributes(name: str, units: str, long_name: str, **more: str) -> dict[str, str]:
    """Return the attributes of a result."""
    return {"name": name, "units": units, "long_name": long_name, **more}
