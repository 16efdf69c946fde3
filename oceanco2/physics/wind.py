"""Wind at 10 m, its moments and its drag. To add a profile, decorate one function."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import FLOORS
from oceanco2.physics._engine.elementary import log, power, where
from oceanco2.physics._engine.program import Program, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

WIND_HEIGHTS: FormulaRegistry[Formula] = FormulaRegistry(
    "wind height formula",
    package="oceanco2.physics",
    modules=("wind",),
    group="oceanco2.wind_heights",
)

#: <U^2>/<U>^2 and <U^3>/<U>^3 of a Rayleigh distribution.
RAYLEIGH = (4.0 / math.pi, 6.0 / math.pi)


def register_wind_height(name: str, **about: Any) -> Callable[..., Any]:
    """Register a wind profile.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `Formula`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of height [m] that returns U(10 m)/U(height).
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        about.setdefault("valid", (("height", 1.0, 50.0),))
        WIND_HEIGHTS.add(name, Formula(name=name, formula=formula, **about))
        return formula

    return decorate


@register_wind_height(
    "log_sutton_2017",
    long_name="logarithmic profile, drag coefficient 1.1e-3",
    expression="u/[1 + sqrt(0.0011)/0.4 ln(z/10)]",
    no_doi="as used by Sutton et al. (2017); the DOI has not been confirmed",
)
def _log_sutton_2017(height: Any) -> Any:
    return 1.0 / (1.0 + math.sqrt(0.0011) / 0.4 * log(0.1 * height))


@register_wind_height(
    "hsu_1994",
    long_name="Hsu et al. (1994), power law",
    expression="u (10/z)^0.11",
    no_doi="the DOI has not been confirmed",
)
def _hsu_1994(height: Any) -> Any:
    return power(0.1 * height, -0.11)


@register_wind_height(
    "power_1_7",
    long_name="power law with the exponent 1/7",
    expression="u (10/z)^(1/7)",
    status="optional",
    no_doi="an engineering rule",
)
def _power_1_7(height: Any) -> Any:
    return power(0.1 * height, -1.0 / 7.0)


_profile = _log_sutton_2017


def _at_10m(wind_speed: Any, height: Any, _p: Any) -> Any:
    return wind_speed * _profile(height)


@lru_cache(maxsize=64)
def _program(entry: Formula) -> Program:
    return Program(
        name="wind speed at 10 m",
        formula=bind(_at_10m, _profile=entry.formula),
        arguments=("wind_speed", "height"),
        floors=(FLOORS["wind"], FLOORS["height"]),
        checks=entry.checks(height=1),
    )


def wind_at_10m(
    wind_speed: Any,
    height: Any,
    method: Any = "log_sutton_2017",
    *,
    on_range: str = "warn",
) -> Any:
    """Wind speed at 10 m from that at the height of an anemometer.

    Parameters
    ----------
    wind_speed : array_like
        Wind speed at `height` [m s-1].
    height : array_like
        Height above the sea, 1 to 50 [m].
    method : str or Formula, default "log_sutton_2017"
        A name in `WIND_HEIGHTS`.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Wind speed at 10 m [m s-1], broadcast shape of the inputs.

    Examples
    --------
    >>> round(wind_at_10m(8.0, 20.0), 10)
    7.56520692
    """
    entry = method if isinstance(method, Formula) else WIND_HEIGHTS[method]
    attrs = {
        "name": "wind_speed",
        "units": "m s-1",
        "long_name": "wind speed at 10 m",
        "method": entry.name,
    }
    return evaluate(
        _program(entry), (wind_speed, height), attrs=attrs, on_range=on_range
    )


def _large_pond_1981(u: Any, _p: Any) -> Any:
    high = where(u <= 20.0, 4.9e-4 + 6.5e-5 * u, 1.8e-3)
    return where(u <= 11.0, 1.2e-3, high)


_DRAG = Program(
    "drag coefficient", _large_pond_1981, ("wind_speed",), (FLOORS["wind"],)
)


def drag_coefficient(wind_speed: Any) -> Any:
    """Neutral drag coefficient after Large and Pond (1981).

    Parameters
    ----------
    wind_speed : array_like
        Wind speed at 10 m [m s-1].

    Returns
    -------
    float, ndarray, Series or DataArray
        Drag coefficient [1]: 1.2e-3 up to 11 m s-1, 1.8e-3 above 20 m s-1.

    References
    ----------
    .. [1] Large and Pond (1981), J. Phys. Oceanogr. 11, 324-336.

    Examples
    --------
    >>> drag_coefficient(15.0)
    0.001465
    """
    attrs = {
        "name": "drag_coefficient",
        "units": "1",
        "long_name": "neutral drag coefficient at 10 m",
        "method": "large_pond_1981",
    }
    return evaluate(_DRAG, (wind_speed,), attrs=attrs)
