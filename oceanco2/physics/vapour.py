"""Water vapour pressure over sea water. To add one, decorate one function here."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import COLDEST, FLOORS, HPA_PER_ATM, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import exp, log, sqrt
from oceanco2.physics._engine.program import Program, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

WATER_VAPOUR: FormulaRegistry[Formula] = FormulaRegistry(
    "water vapour formula",
    package="oceanco2.physics",
    modules=("vapour",),
    group="oceanco2.water_vapour",
)

_RANGE = (("temperature", COLDEST, 39.85), ("salinity", 0.0, 40.0))


def register_water_vapour(name: str, **about: Any) -> Callable[..., Any]:
    """Register a water vapour formula.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `Formula`: ``long_name``, ``expression``, ``doi``, ``valid``...

    Returns
    -------
    callable
        Decorator of a function of temperature [degree_Celsius] and practical
        salinity [1] that returns atm.
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        about.setdefault("units", "atm")
        WATER_VAPOUR.add(name, Formula(name=name, formula=formula, **about))
        return formula

    return decorate


@register_water_vapour(
    "weiss_price_1980",
    long_name="Weiss and Price (1980), equation 10",
    expression="ln pH2O[atm] = 24.4543 - 67.4509 (100/T) - 4.8489 ln(T/100)"
    " - 0.000544 S",
    doi="10.1016/0304-4203(80)90024-9",
    valid=_RANGE,
)
def weiss_price_1980(temperature: Any, salinity: Any) -> Any:
    """Water vapour pressure in atm after Weiss and Price (1980), the default."""
    kelvin = temperature + ZERO_CELSIUS
    return exp(
        24.4543
        - 67.4509 * (100.0 / kelvin)
        - 4.8489 * log(kelvin * 0.01)
        - 0.000544 * salinity
    )


@register_water_vapour(
    "dickson_2007",
    long_name="Dickson et al. (2007), SOP 24: Wagner and Pruss (2002) with the"
    " osmotic coefficient of sea water",
    expression="p0(T) exp(-0.018 phi m), m = 31.998 S/(1000 - 1.005 S)",
    valid=_RANGE,
    no_doi="Guide to Best Practices for Ocean CO2 Measurements, PICES Special"
    " Publication 3",
)
def _dickson_2007(temperature: Any, salinity: Any) -> Any:
    kelvin = temperature + ZERO_CELSIUS
    q = 1.0 - kelvin / 647.096
    root = sqrt(q)
    series = (
        -7.85951783 * q
        + 1.84408259 * q * root
        - 11.7866497 * q**3
        + 22.6807411 * q**3 * root
        - 15.9618719 * q**4
        + 1.80122502 * q**7 * root
    )
    molality = 31.998 * salinity / (1000.0 - 1.005 * salinity)
    y = 0.5 * molality
    phi = 0.90799 + y * (-0.08992 + y * (0.18458 + y * (-0.07395 - 0.00221 * y)))
    return (22.064 / 0.101325) * exp(647.096 / kelvin * series - 0.018 * phi * molality)


@register_water_vapour(
    "buck_licor",
    long_name="Buck as in the LI-COR manual, no salinity",
    expression="1.004 * 0.61365 exp(17.502 t/(240.97 + t)) / 101.325",
    status="optional",
    doi="10.5194/essd-6-353-2014",
    note="for comparison only: it does not reproduce delivered mooring files",
)
def _buck_licor(temperature: Any, salinity: Any) -> Any:
    fresh = 1.004 * 0.61365 / 101.325
    return fresh * exp(17.502 * temperature / (240.97 + temperature)) + 0.0 * salinity


def resolve_vapour(method: Any) -> Formula:
    """Return the entry of a name, or make one of a function."""
    if isinstance(method, Formula):
        return method
    if callable(method):
        return _custom(method)
    return WATER_VAPOUR[method]


@lru_cache(maxsize=64)
def _custom(function: Callable[..., Any]) -> Formula:
    name = getattr(function, "__name__", "own")
    return Formula(
        name=name, long_name=name, formula=function, expression="own", status="own"
    )


_vapour = weiss_price_1980


def _in_hpa(temperature: Any, salinity: Any, _p: Any) -> Any:
    return HPA_PER_ATM * _vapour(temperature, salinity)


@lru_cache(maxsize=64)
def _program(entry: Formula) -> Program:
    return Program(
        name="water vapour pressure",
        formula=bind(_in_hpa, _vapour=entry.formula),
        arguments=("temperature", "salinity"),
        floors=(FLOORS["temperature"], FLOORS["salinity"]),
        checks=entry.checks(temperature=0, salinity=1),
    )


def water_vapour_pressure(
    temperature: Any,
    salinity: Any,
    method: Any = "weiss_price_1980",
    *,
    on_range: str = "warn",
) -> Any:
    """Water vapour pressure over sea water at saturation.

    Parameters
    ----------
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    method : str, Formula or callable, default "weiss_price_1980"
        A name in `WATER_VAPOUR`, or your own function of temperature and
        salinity that returns atm.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Vapour pressure [hPa], broadcast shape of the inputs.

    Raises
    ------
    UnknownNameError
        If there is no method of that name.
    FormulaError
        If a value is out of range and `on_range` is ``"raise"``.

    References
    ----------
    .. [1] Weiss and Price (1980), Mar. Chem. 8, 347-359,
       doi:10.1016/0304-4203(80)90024-9.

    Examples
    --------
    >>> round(water_vapour_pressure(25.0, 35.0) / 1013.25, 12)
    0.030655299963
    """
    entry = resolve_vapour(method)
    attrs = {
        "name": "water_vapour_pressure",
        "units": "hPa",
        "long_name": "water vapour pressure over sea water",
        "method": entry.name,
    }
    return evaluate(
        _program(entry), (temperature, salinity), attrs=attrs, on_range=on_range
    )
