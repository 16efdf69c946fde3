"""Air pressure brought to sea level. To add a form, decorate one function here."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import FLOORS, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import power
from oceanco2.physics._engine.program import Program, bind
from oceanco2.physics._entries import Formula, FormulaRegistry, air_pressure

SEA_LEVEL_PRESSURE: FormulaRegistry[Formula] = FormulaRegistry(
    "sea-level pressure formula",
    package="oceanco2.physics",
    modules=("pressure",),
    group="oceanco2.sea_level_pressure",
)


def register_sea_level_pressure(name: str, **about: Any) -> Callable[..., Any]:
    """Register a reduction of air pressure to sea level.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `Formula`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of pressure [hPa], air temperature
        [degree_Celsius] and height [m] that returns hPa.
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        about.setdefault("valid", (("height", 0.0, 100.0),))
        about.setdefault("units", "hPa")
        SEA_LEVEL_PRESSURE.add(name, Formula(name=name, formula=formula, **about))
        return formula

    return decorate


@register_sea_level_pressure(
    "hydrostatic",
    long_name="hydrostatic, isothermal, first order",
    expression="P + P M g h/(R T), M = 0.02897, g = 9.8, R = 8.314",
    no_doi="as in QuinCe and pySeaFlux",
)
def _hydrostatic(pressure: Any, temperature: Any, height: Any) -> Any:
    weight = 0.02897 * 9.8 / 8.314
    return pressure + pressure * weight * height / (temperature + ZERO_CELSIUS)


@register_sea_level_pressure(
    "lapse_rate",
    long_name="barometric formula with a lapse rate of 6.5 K/km",
    expression="P [1 - 0.0065 h/(t + 0.0065 h + 273.15)]^-5.257",
    no_doi="as in Pierrot's workbook",
)
def _lapse_rate(pressure: Any, temperature: Any, height: Any) -> Any:
    lapse = 0.0065 * height
    return pressure * power(1.0 - lapse / (temperature + lapse + ZERO_CELSIUS), -5.257)


_formula = _hydrostatic


def _reduce(pressure: Any, temperature: Any, height: Any, _p: Any) -> Any:
    return _formula(pressure, temperature, height)


@lru_cache(maxsize=64)
def _program(entry: Formula) -> Program:
    return Program(
        name="sea-level pressure",
        formula=bind(_reduce, _formula=entry.formula),
        arguments=("pressure", "temperature", "height"),
        floors=(FLOORS["pressure"], FLOORS["temperature"], FLOORS["any"]),
        checks=(*entry.checks(height=2), air_pressure(0)),
    )


def sea_level_pressure(
    pressure: Any,
    temperature: Any,
    height: Any,
    method: Any = "hydrostatic",
    *,
    on_range: str = "warn",
) -> Any:
    """Air pressure at sea level from that at the height of a barometer.

    Parameters
    ----------
    pressure : array_like
        Air pressure at the barometer [hPa].
    temperature : array_like
        Air temperature [degree_Celsius].
    height : array_like
        Height of the barometer above the sea, 0 to 100 [m].
    method : str or Formula, default "hydrostatic"
        A name in `SEA_LEVEL_PRESSURE`.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Air pressure at sea level [hPa], broadcast shape of the inputs.

    Examples
    --------
    >>> round(sea_level_pressure(1000.0, 20.0, 15.0), 7)
    1001.7472937
    """
    entry = method if isinstance(method, Formula) else SEA_LEVEL_PRESSURE[method]
    attrs = {
        "name": "sea_level_pressure",
        "units": "hPa",
        "long_name": "air pressure at sea level",
        "method": entry.name,
    }
    return evaluate(
        _program(entry), (pressure, temperature, height), attrs=attrs, on_range=on_range
    )
