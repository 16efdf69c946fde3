"""Fugacity of CO2 at another temperature. To add a form, decorate one function here.

Each form gives ln(f2/f1), so that a chain adds it to the virial exponent and takes
one exponential for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import FLOORS, GAS_CONSTANT, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import exp, log
from oceanco2.physics._engine.program import Check, Program, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

#: SOCAT allows this much for its flags A and B.
LARGEST_STEP = 1.0  # K
_UNREAD = "it will be added when the paper has been read"


@dataclass(frozen=True, slots=True, kw_only=True)
class TemperatureCorrection(Formula):
    """A temperature correction of fCO2.

    Attributes
    ----------
    needs_salinity : bool
        Whether the formula takes salinity.
    needs_fugacity : bool
        Whether ln(f2/f1) depends on f1.
    """

    needs_salinity: bool = False
    needs_fugacity: bool = False


TEMPERATURE_CORRECTIONS: FormulaRegistry[TemperatureCorrection] = FormulaRegistry(
    "temperature correction",
    package="oceanco2.physics",
    modules=("temperature",),
    group="oceanco2.temperature_corrections",
    reserved={
        "copin_montegut_1988": "its public coefficients give 3.5 %/K at 20 degC and"
        f" the corrigendum of 1989 is needed, too; {_UNREAD}",
        "goyet_1993": f"the coefficients are not available; {_UNREAD}",
        "wanninkhof_2022": f"about 4.13 %/K; {_UNREAD}",
    },
)


def register_temperature_correction(name: str, **about: Any) -> Callable[..., Any]:
    """Register a temperature correction.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `TemperatureCorrection`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of fCO2 [uatm], temperature from and to
        [degree_Celsius] and practical salinity [1] that returns ln(f2/f1).
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        entry = TemperatureCorrection(name=name, formula=formula, **about)
        TEMPERATURE_CORRECTIONS.add(name, entry)
        return formula

    return decorate


@register_temperature_correction(
    "takahashi_1993",
    long_name="Takahashi et al. (1993), linear",
    expression="f2 = f1 exp[0.0423 (t2 - t1)]",
    doi="10.1029/93GB02263",
)
def takahashi_1993(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    """Linear temperature correction of Takahashi et al. (1993), the default."""
    return 0.0423 * (t2 - t1)


@register_temperature_correction(
    "takahashi_2009",
    long_name="Takahashi et al. (2009), quadratic",
    expression="f2 = f1 exp[0.0433 (t2 - t1) - 4.35e-5 (t2^2 - t1^2)]",
    doi="10.1016/j.dsr2.2008.12.009",
)
def _takahashi_2009(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return (t2 - t1) * (0.0433 - 4.35e-5 * (t1 + t2))


@register_temperature_correction(
    "weiss_1982",
    long_name="Weiss et al. (1982), closed form of the integral",
    expression="d ln f/dt = 0.03107 - 2.785e-4 t - 1.839e-3 ln f, f in atm",
    doi="10.1038/300511a0",
    needs_fugacity=True,
)
def _weiss_1982(f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    a, b, c = 0.03107, 2.785e-4, 1.839e-3
    q = -b / c
    p = (a - q) / c
    start = log(f1 * 1e-6)
    return p + q * t2 - start + (start - p - q * t1) * exp(-c * (t2 - t1))


def _van_t_hoff(enthalpy: Any, t1: Any, t2: Any) -> Any:
    # 1/T1 - 1/T2 with one division.
    kelvin1, kelvin2 = t1 + ZERO_CELSIUS, t2 + ZERO_CELSIUS
    return enthalpy * (1.0 / GAS_CONSTANT) * ((t2 - t1) / (kelvin1 * kelvin2))


@register_temperature_correction(
    "humphreys_2024_constant",
    long_name="Humphreys (2024), van 't Hoff with a constant",
    expression="f2 = f1 exp[(28995/R)(1/T1 - 1/T2)]",
    doi="10.5194/os-20-1325-2024",
)
def _humphreys_2024_constant(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return _van_t_hoff(28995.0, t1, t2)


@register_temperature_correction(
    "humphreys_2024_parameterised",
    long_name="Humphreys (2024), van 't Hoff with a fit in t, S and fCO2",
    expression="f2 = f1 exp[(bh(t1, S, f1)/R)(1/T1 - 1/T2)]",
    doi="10.5194/os-20-1325-2024",
    valid=(("salinity", 20.0, np.inf),),
    needs_salinity=True,
    needs_fugacity=True,
    note="it drifts below salinity 20",
)
def _humphreys_2024_parameterised(f1: Any, t1: Any, t2: Any, salinity: Any) -> Any:
    enthalpy = (
        31318.4463
        + 139.487529 * t1
        - 1.21087624 * t1 * t1
        - 4.22484243 * salinity
        - 0.652212406 * salinity * salinity
        - 16.9522191 * f1
        - 5.47585838e-4 * f1 * f1
        - 3.02071783 * t1 * salinity
        + 0.166972942 * t1 * f1
        + 0.309654019 * salinity * f1
    )
    return _van_t_hoff(enthalpy, t1, t2)


@register_temperature_correction(
    "humphreys_2024_enthalpy",
    long_name="Humphreys (2024), van 't Hoff with the standard enthalpy",
    expression="f2 = f1 exp[(25288/R)(1/T1 - 1/T2)]",
    doi="10.5194/os-20-1325-2024",
    status="optional",
    note="an outlier: 3.6 %/K",
)
def _humphreys_2024_enthalpy(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return _van_t_hoff(25288.0, t1, t2)


@register_temperature_correction(
    "none", long_name="no correction", expression="f2 = f1", no_doi="not a formula"
)
def _none(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return 0.0 * (t2 - t1)


def resolve_correction(method: Any) -> TemperatureCorrection:
    """Return the entry of a name, or make one of a coefficient or a function."""
    if isinstance(method, TemperatureCorrection):
        return method
    if isinstance(method, int | float) and not isinstance(method, bool):
        return _custom_coefficient(float(method))
    if callable(method):
        return _custom_function(method)
    return TEMPERATURE_CORRECTIONS[method]


_coefficient = 0.0423


def _custom_linear(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return _coefficient * (t2 - t1)


@lru_cache(maxsize=64)
def _custom_coefficient(coefficient: float) -> TemperatureCorrection:
    return TemperatureCorrection(
        name=f"own coefficient {coefficient:g} K-1",
        long_name="own coefficient",
        formula=bind(_custom_linear, _coefficient=coefficient),
        expression=f"f2 = f1 exp[{coefficient:g} (t2 - t1)]",
        status="own",
    )


@lru_cache(maxsize=64)
def _custom_function(function: Callable[..., Any]) -> TemperatureCorrection:
    name = getattr(function, "__name__", "own")
    return TemperatureCorrection(
        name=name,
        long_name=name,
        formula=function,
        expression="own",
        status="own",
        needs_fugacity=True,
    )


def step_checks(first: int, second: int) -> tuple[Check, ...]:
    """Return the checks of a temperature step: 1 K at most, and not in kelvin."""
    name, where = "temperature correction", "temperature step"
    step = LARGEST_STEP
    return (
        Check(name, where, -step, step, "K (SOCAT flags A and B)", second, first),
        *(
            Check(name, "temperature", -np.inf, 100.0, "degree_Celsius", i, fatal=True)
            for i in (first, second)
        ),
    )


def large_step(t1: Any, t2: Any) -> Any:
    """Return whether a temperature step is larger than SOCAT allows."""
    return abs(t2 - t1) > LARGEST_STEP


def _joint_check(_f1: Any, t1: Any, t2: Any, _salinity: Any) -> Any:
    return large_step(t1, t2)


log_ratio = takahashi_1993


def _correct(f1: Any, t1: Any, t2: Any, salinity: Any, _p: Any) -> Any:
    return f1 * exp(log_ratio(f1, t1, t2, salinity))


@lru_cache(maxsize=64)
def _program(entry: TemperatureCorrection) -> Program:
    kinds = ("fraction", "temperature", "temperature", "salinity")
    return Program(
        name="fCO2 at another temperature",
        formula=bind(_correct, log_ratio=entry.formula),
        arguments=("fco2", "temperature_from", "temperature_to", "salinity"),
        floors=tuple(FLOORS[kind] for kind in kinds),
        checks=(*step_checks(1, 2), *entry.checks(salinity=3)),
        joint_check=_joint_check,
    )


def correct_to_temperature(
    fco2: Any,
    temperature_from: Any,
    temperature_to: Any,
    method: Any = "takahashi_1993",
    *,
    salinity: Any = None,
    on_range: str = "warn",
) -> Any:
    """Fugacity of CO2 in sea water brought to another temperature.

    Parameters
    ----------
    fco2 : array_like
        Fugacity at `temperature_from` [uatm].
    temperature_from, temperature_to : array_like
        Temperatures [degree_Celsius].
    method : str, float, TemperatureCorrection or callable
        A name in `TEMPERATURE_CORRECTIONS`, your own coefficient [K-1], or your
        own function of (fCO2, from, to, salinity) that returns ln(f2/f1).
    salinity : array_like, optional
        Practical salinity, for the methods that need it [1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens where the step is larger than 1 K or the published range is
        left.

    Returns
    -------
    float, ndarray, Series or DataArray
        Fugacity at `temperature_to` [uatm], broadcast shape of the inputs.

    Raises
    ------
    OptionError
        If the method needs salinity and there is none.
    FormulaError
        If a temperature is above 100: it must be in kelvin.

    References
    ----------
    .. [1] Takahashi et al. (1993), Global Biogeochem. Cycles 7, 843-878,
       doi:10.1029/93GB02263.

    Examples
    --------
    >>> round(correct_to_temperature(400.0, 20.5, 20.0), 9)
    391.628837096
    """
    entry = resolve_correction(method)
    if entry.needs_salinity and salinity is None:
        raise OptionError(f"temperature correction {entry.name!r} needs salinity")
    attrs = {
        "name": "fco2",
        "units": "uatm",
        "long_name": "fugacity of CO2 in sea water",
        "temperature_correction": entry.name,
    }
    salinity = 35.0 if salinity is None else salinity
    return evaluate(
        _program(entry),
        (fco2, temperature_from, temperature_to, salinity),
        attrs=attrs,
        on_range=on_range,
    )
