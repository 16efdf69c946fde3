"""Solubility of CO2 in sea water. To add a form, decorate one function here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError, choose
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import COLDEST, FLOORS, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import exp, log
from oceanco2.physics._engine.program import Program, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

_RANGE = (("temperature", COLDEST, 40.0), ("salinity", 0.0, 40.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Solubility(Formula):
    """A solubility of CO2.

    Attributes
    ----------
    per_mass : callable or None
        The same per mass of sea water [mol kg-1 atm-1].
    moist : bool
        Whether it multiplies the dry mole fraction at 1 atm, not the fugacity.
    """

    per_mass: Callable[..., Any] | None = None
    moist: bool = False
    units: str = "mol L-1 atm-1"


SOLUBILITIES: FormulaRegistry[Solubility] = FormulaRegistry(
    "solubility",
    package="oceanco2.physics",
    modules=("solubilities",),
    group="oceanco2.solubilities",
)


def register_solubility(name: str, **about: Any) -> Callable[..., Any]:
    """Register a solubility of CO2.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `Solubility`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of temperature [degree_Celsius] and practical
        salinity [1] that returns mol L-1 atm-1.
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        SOLUBILITIES.add(name, Solubility(name=name, formula=formula, **about))
        return formula

    return decorate


def _weiss_1974_per_mass(temperature: Any, salinity: Any) -> Any:
    t = (temperature + ZERO_CELSIUS) * 0.01
    fresh = -60.2409 + 93.4517 * (1.0 / t) + 23.3585 * log(t)
    return exp(fresh + salinity * (0.023517 + t * (-0.023656 + 0.0047036 * t)))


@register_solubility(
    "weiss_1974",
    long_name="Weiss (1974), table I",
    expression="ln K0 = A1 + A2 (100/T) + A3 ln(T/100)"
    " + S [B1 + B2 (T/100) + B3 (T/100)^2]",
    doi="10.1016/0304-4203(74)90015-2",
    valid=_RANGE,
    per_mass=_weiss_1974_per_mass,
)
def weiss_1974(temperature: Any, salinity: Any) -> Any:
    """Solubility of CO2 after Weiss (1974), per litre."""
    kelvin = temperature + ZERO_CELSIUS
    t = kelvin * 0.01
    fresh = -58.0931 + 90.5069 * (100.0 / kelvin) + 22.2940 * log(t)
    return exp(fresh + salinity * (0.027766 + t * (-0.025888 + 0.0050578 * t)))


@register_solubility(
    "weiss_price_1980_f",
    long_name="Weiss and Price (1980), F for moist air at 1 atm",
    expression="ln F = A1 + A2 (100/T) + A3 ln(T/100) + A4 (T/100)^2"
    " + S [B1 + B2 (T/100) + B3 (T/100)^2]",
    doi="10.1016/0304-4203(80)90024-9",
    valid=_RANGE,
    status="optional",
    moist=True,
    note="multiplies the dry mole fraction at 1 atm; humidity and fugacity are in it",
)
def _weiss_price_1980_f(temperature: Any, salinity: Any) -> Any:
    kelvin = temperature + ZERO_CELSIUS
    t = kelvin * 0.01
    fresh = -160.7333 + 215.4152 * (100.0 / kelvin) + 89.8920 * log(t) - 1.47759 * t * t
    return exp(fresh + salinity * (0.029941 + t * (-0.027455 + 0.0053407 * t)))


_solubility = weiss_1974
_scale = 1000.0


def _scaled(temperature: Any, salinity: Any, _p: Any) -> Any:
    return _scale * _solubility(temperature, salinity)


@lru_cache(maxsize=64)
def _program(entry: Solubility, per: str) -> Program:
    formula, scale = entry.formula, 1000.0
    if per == "mass":
        if entry.per_mass is None:
            raise OptionError(f"solubility {entry.name!r} has no form per mass")
        formula, scale = entry.per_mass, 1.0
    return Program(
        name="solubility of CO2",
        formula=bind(_scaled, _solubility=formula, _scale=scale),
        arguments=("temperature", "salinity"),
        floors=(FLOORS["temperature"], FLOORS["salinity"]),
        checks=entry.checks(temperature=0, salinity=1),
    )


@lru_cache(maxsize=64)
def _custom(function: Callable[..., Any]) -> Solubility:
    name = getattr(function, "__name__", "own")
    return Solubility(
        name=name, long_name=name, formula=function, expression="own", status="own"
    )


def resolve_solubility(method: Any) -> Solubility:
    """Return the entry of a name, or make one of a function."""
    if isinstance(method, Solubility):
        return method
    return _custom(method) if callable(method) else SOLUBILITIES[method]


def solubility(
    temperature: Any,
    salinity: Any,
    method: Any = "weiss_1974",
    *,
    per: str = "volume",
    pressure: Any = None,
    on_range: str = "warn",
) -> Any:
    """Solubility of CO2 in sea water; it multiplies fugacity.

    Parameters
    ----------
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity, never Absolute Salinity [1].
    method : str, Solubility or callable, default "weiss_1974"
        A name in `SOLUBILITIES`, or your own function of temperature and
        salinity that returns mol L-1 atm-1.
    per : {"volume", "mass"}
        Volume or mass of sea water.
    pressure : None
        No form takes pressure (it would change K0 by 4e-5 at 970 hPa). F of
        Weiss and Price holds at 1 atm only: pressure is an error there.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Solubility, per volume [mol m-3 atm-1] or per mass [mol kg-1 atm-1].

    Raises
    ------
    OptionError
        If a pressure is given, or there is no form per mass.

    References
    ----------
    .. [1] Weiss (1974), Mar. Chem. 2, 203-215, doi:10.1016/0304-4203(74)90015-2.

    Examples
    --------
    >>> round(solubility(20.0, 35.0), 10)
    33.2152315385
    """
    choose("per", per, ("volume", "mass"))
    entry = resolve_solubility(method)
    if pressure is not None:
        raise OptionError(f"solubility {entry.name!r} takes no pressure")
    what = "in moist air at 1 atm" if entry.moist else "in sea water"
    attrs = {
        "name": "solubility",
        "units": "mol m-3 atm-1" if per == "volume" else "mol kg-1 atm-1",
        "long_name": f"solubility of CO2 {what}",
        "method": entry.name,
    }
    return evaluate(
        _program(entry, per), (temperature, salinity), attrs=attrs, on_range=on_range
    )


def ostwald(temperature: Any, salinity: Any) -> Any:
    """Ostwald solubility of CO2, the formula."""
    # R as in the public codes that the bubble terms were taken from.
    kelvin = temperature + ZERO_CELSIUS
    return weiss_1974(temperature, salinity) * (1000.0 * 8.314 / 101325.0) * kelvin


def _ostwald(temperature: Any, salinity: Any, _p: Any) -> Any:
    return ostwald(temperature, salinity)


def ostwald_solubility(
    temperature: Any, salinity: Any, *, on_range: str = "warn"
) -> Any:
    """Ostwald solubility of CO2: concentration in water over that in air.

    Parameters
    ----------
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Ostwald solubility [1].

    Examples
    --------
    >>> round(ostwald_solubility(20.0, 35.0), 9)
    0.79895182
    """
    program = _ostwald_program()
    attrs = {
        "name": "ostwald_solubility",
        "units": "1",
        "long_name": "Ostwald solubility of CO2",
        "method": "weiss_1974",
    }
    return evaluate(program, (temperature, salinity), attrs=attrs, on_range=on_range)


@lru_cache(maxsize=1)
def _ostwald_program() -> Program:
    checks = SOLUBILITIES["weiss_1974"].checks(temperature=0, salinity=1)
    floors = (FLOORS["temperature"], FLOORS["salinity"])
    return Program(
        "Ostwald solubility", _ostwald, ("temperature", "salinity"), floors, checks
    )
