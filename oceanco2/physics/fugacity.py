"""Fugacity of CO2: the virial term, moist air, and partial pressure either way."""

from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError, choose
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import (
    ATM_PER_HPA,
    COLDEST,
    FLOORS,
    GAS_CONSTANT_VIRIAL,
    ZERO_CELSIUS,
)
from oceanco2.physics._engine.elementary import exp
from oceanco2.physics._engine.program import Program, Scalar, bind
from oceanco2.physics._entries import Formula, air_pressure
from oceanco2.physics.vapour import weiss_price_1980

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

# Functions that `bind` replaces; these are the defaults.
_vapour = weiss_price_1980


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
    """Return `moist_fugacity` with the formulas that the options name."""
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    fraction = FRACTIONS[mole_fraction]
    return bind(moist_fugacity, _vapour=vapour.formula, _fraction=fraction)


def attributes(name: str, units: str, long_name: str, **more: str) -> dict[str, str]:
    """Return the attributes of a result."""
    return {"name": name, "units": units, "long_name": long_name, **more}


def _coefficient(temperature: Any, pressure: Any, fraction: Any, p: Any) -> Any:
    return exp(virial_exponent(temperature, pressure, fraction, p[0]))


def _to_fugacity(pco2: Any, temperature: Any, pressure: Any, xco2: Any, p: Any) -> Any:
    fraction = _fraction(xco2, pco2)
    return pco2 * exp(virial_exponent(temperature, pressure, fraction, p[0]))


def _from_fugacity(
    fco2: Any, temperature: Any, pressure: Any, xco2: Any, p: Any
) -> Any:
    return fco2 * exp(
        -virial_exponent(temperature, pressure, _fraction(xco2, fco2), p[0])
    )


def _from_fugacity_implicit(
    fco2: Any, temperature: Any, pressure: Any, _xco2: Any, p: Any
) -> Any:
    # The mole fraction is the pCO2 sought. It changes the result by 4e-9 per
    # 1e-3, so that three rounds reach the last bit.
    pco2 = fco2 * exp(-virial_exponent(temperature, pressure, fco2, p[0]))
    pco2 = fco2 * exp(-virial_exponent(temperature, pressure, pco2, p[0]))
    return fco2 * exp(-virial_exponent(temperature, pressure, pco2, p[0]))


@lru_cache(maxsize=256)
def _virial_program(formula: Scalar, name: str, first: str, fraction: str) -> Program:
    bound = formula
    if formula is not _coefficient and formula is not _from_fugacity_implicit:
        bound = bind(formula, _fraction=FRACTIONS[fraction])
    if first == "":
        arguments: tuple[str, ...] = ("temperature", "pressure", "xco2")
        floors = tuple(FLOORS[k] for k in ("temperature", "pressure", "fraction"))
        checks = (*VIRIAL.checks(temperature=0), air_pressure(1))
        return Program(name, bound, arguments, floors, checks)
    arguments = (first, "temperature", "pressure", "xco2")
    kinds = ("fraction", "temperature", "pressure", "fraction")
    floors = tuple(FLOORS[k] for k in kinds)
    checks = (*VIRIAL.checks(temperature=1), air_pressure(2))
    return Program(name, bound, arguments, floors, checks)


def fugacity_coefficient(
    temperature: Any,
    pressure: Any,
    xco2: Any = 0.0,
    *,
    mole_fraction: str = "xco2",
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    on_range: str = "warn",
) -> Any:
    """Fugacity of CO2 over its partial pressure, by the virial equation.

    Parameters
    ----------
    temperature : array_like
        Temperature [degree_Celsius].
    pressure : array_like
        Total pressure [hPa].
    xco2 : array_like, default 0
        Mole fraction of CO2 [umol mol-1].
    mole_fraction : {"xco2", "pco2", "neglect"}
        Whether `xco2` is used; ``"pco2"`` takes a partial pressure [uatm] in
        the place of `xco2`.
    gas_constant : float
        82.0575 as Pierrot and QuinCe, 82.057 as SOCAT [cm3 atm mol-1 K-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Fugacity coefficient [1], broadcast shape of the inputs.

    References
    ----------
    .. [1] Weiss (1974), Mar. Chem. 2, 203-215, doi:10.1016/0304-4203(74)90015-2.

    Examples
    --------
    >>> round(fugacity_coefficient(20.0, 1013.25, 400.0), 12)
    0.996606868615
    """
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    program = _virial_program(_coefficient, "fugacity coefficient", "", "xco2")
    fraction = 0.0 if mole_fraction == "neglect" else xco2
    attrs = attributes("fugacity_coefficient", "1", "fugacity coefficient of CO2")
    return evaluate(
        program,
        (temperature, pressure, fraction),
        (float(gas_constant),),
        attrs=attrs,
        on_range=on_range,
    )


def _which(mole_fraction: str | None, xco2: Any) -> str:
    if mole_fraction is None:
        return "pco2" if xco2 is None else "xco2"
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    if mole_fraction == "xco2" and xco2 is None:
        raise OptionError("mole_fraction 'xco2' needs xco2; without it use 'pco2'")
    return mole_fraction


def fco2_from_pco2(
    pco2: Any,
    temperature: Any,
    pressure: Any,
    xco2: Any = None,
    *,
    mole_fraction: str | None = None,
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    on_range: str = "warn",
) -> Any:
    """Fugacity of CO2 from its partial pressure.

    Parameters
    ----------
    pco2 : array_like
        Partial pressure [uatm].
    temperature : array_like
        Temperature [degree_Celsius].
    pressure : array_like
        Total pressure of the virial term [hPa].
    xco2 : array_like, optional
        Mole fraction of CO2 in dry air [umol mol-1].
    mole_fraction : {"xco2", "pco2", "neglect"}, optional
        What the virial term takes; `xco2` where it is given, else `pco2`.
    gas_constant : float
        82.0575 as Pierrot and QuinCe, 82.057 as SOCAT [cm3 atm mol-1 K-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Fugacity [uatm], broadcast shape of the inputs.

    References
    ----------
    .. [1] Weiss (1974), Mar. Chem. 2, 203-215, doi:10.1016/0304-4203(74)90015-2.

    Examples
    --------
    >>> round(fco2_from_pco2(350.0, 25.0, 1013.25, gas_constant=82.057), 9)
    348.883199731
    """
    which = _which(mole_fraction, xco2)
    return evaluate(
        _virial_program(_to_fugacity, "fugacity", "pco2", which),
        (pco2, temperature, pressure, pco2 if xco2 is None else xco2),
        (float(gas_constant),),
        attrs=attributes("fco2", "uatm", "fugacity of CO2", mole_fraction=which),
        on_range=on_range,
    )


def pco2_from_fco2(
    fco2: Any,
    temperature: Any,
    pressure: Any,
    xco2: Any = None,
    *,
    mole_fraction: str | None = None,
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    on_range: str = "warn",
) -> Any:
    """Partial pressure of CO2 from its fugacity, the inverse of `fco2_from_pco2`.

    Parameters
    ----------
    fco2 : array_like
        Fugacity [uatm].
    temperature : array_like
        Temperature [degree_Celsius].
    pressure : array_like
        Total pressure of the virial term [hPa].
    xco2 : array_like, optional
        Mole fraction of CO2 in dry air [umol mol-1].
    mole_fraction : {"xco2", "pco2", "neglect"}, optional
        What the virial term takes; `xco2` where it is given, else the result.
    gas_constant : float
        Gas constant [cm3 atm mol-1 K-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Partial pressure [uatm], broadcast shape of the inputs.

    Examples
    --------
    >>> round(pco2_from_fco2(fco2_from_pco2(350.0, 25.0, 1013.25), 25.0, 1013.25), 9)
    350.0
    """
    which = _which(mole_fraction, xco2)
    formula = _from_fugacity_implicit if which == "pco2" else _from_fugacity
    return evaluate(
        _virial_program(formula, "partial pressure", "fco2", which),
        (fco2, temperature, pressure, fco2 if xco2 is None else xco2),
        (float(gas_constant),),
        attrs=attributes(
            "pco2", "uatm", "partial pressure of CO2", mole_fraction=which
        ),
        on_range=on_range,
    )
