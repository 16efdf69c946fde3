"""From the equilibrator to the sea: the chain of Pierrot et al. (2009), fused."""

from functools import lru_cache
from typing import Any

from oceanco2.errors import choose
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import ATM_PER_HPA, FLOORS, GAS_CONSTANT_VIRIAL
from oceanco2.physics._engine.elementary import exp
from oceanco2.physics._engine.program import Program, bind
from oceanco2.physics._entries import Formula, air_pressure
from oceanco2.physics.fugacity import FRACTIONS, MOLE_FRACTIONS, VIRIAL, virial_exponent
from oceanco2.physics.mole_fraction import resolve_virial_pressure
from oceanco2.physics.temperature import (
    TemperatureCorrection,
    large_step,
    resolve_correction,
    step_checks,
    takahashi_1993,
)
from oceanco2.physics.vapour import resolve_vapour, weiss_price_1980

# Functions that `bind` replaces; these are the defaults.
_vapour = weiss_price_1980
_fraction = FRACTIONS["xco2"]
_log_ratio = takahashi_1993

ARGUMENTS = ("xco2", "t_equ", "sst", "salinity", "p_equ", "virial_pressure")
_KINDS = (
    "fraction",
    "temperature",
    "temperature",
    "salinity",
    "pressure",
    "pressure",
)


def _chain(
    xco2: Any, t_equ: Any, sst: Any, salinity: Any, p_equ: Any, virial: Any, p: Any
) -> Any:
    pco2 = xco2 * (p_equ * ATM_PER_HPA - _vapour(t_equ, salinity))
    exponent = virial_exponent(t_equ, virial, _fraction(xco2, pco2), p[0])
    return pco2 * exp(exponent + _log_ratio(0.0, t_equ, sst, salinity))


def _chain_by_fugacity(
    xco2: Any, t_equ: Any, sst: Any, salinity: Any, p_equ: Any, virial: Any, p: Any
) -> Any:
    pco2 = xco2 * (p_equ * ATM_PER_HPA - _vapour(t_equ, salinity))
    fco2 = pco2 * exp(virial_exponent(t_equ, virial, _fraction(xco2, pco2), p[0]))
    return fco2 * exp(_log_ratio(fco2, t_equ, sst, salinity))


_inner = _chain


def _at_one_pressure(
    xco2: Any, t_equ: Any, sst: Any, salinity: Any, p_equ: Any, p: Any
) -> Any:
    return _inner(xco2, t_equ, sst, salinity, p_equ, p_equ, p)


def _joint_check(_xco2: Any, t_equ: Any, sst: Any, _salinity: Any, _p_equ: Any) -> Any:
    return large_step(t_equ, sst)


def _joint_check_of_six(
    _xco2: Any, t_equ: Any, sst: Any, _salinity: Any, _p_equ: Any, _virial: Any
) -> Any:
    return large_step(t_equ, sst)


@lru_cache(maxsize=256)
def chain_program(
    vapour: Formula,
    correction: TemperatureCorrection,
    mole_fraction: str,
    separate_pressure: bool = False,
) -> Program:
    """Return the chain with the formulas that the options name."""
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    chain = _chain_by_fugacity if correction.needs_fugacity else _chain
    formula = bind(
        chain,
        _vapour=vapour.formula,
        _fraction=FRACTIONS[mole_fraction],
        _log_ratio=correction.formula,
    )
    if not separate_pressure:
        formula = bind(_at_one_pressure, _inner=formula)
    count = 6 if separate_pressure else 5
    return Program(
        name="fCO2 at sea surface temperature",
        formula=formula,
        arguments=ARGUMENTS[:count],
        floors=tuple(FLOORS[kind] for kind in _KINDS[:count]),
        checks=(
            *vapour.checks(temperature=1, salinity=3),
            *VIRIAL.checks(temperature=1),
            *correction.checks(salinity=3),
            *step_checks(1, 2),
            air_pressure(4, "p_equ"),
        ),
        joint_check=_joint_check_of_six if separate_pressure else _joint_check,
    )


def fco2_at_sst(
    xco2: Any,
    t_equ: Any,
    sst: Any,
    salinity: Any,
    p_equ: Any,
    *,
    vapour_pressure: Any = "weiss_price_1980",
    temperature_correction: Any = "takahashi_1993",
    mole_fraction: str = "xco2",
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    virial_pressure: Any = None,
    on_range: str = "warn",
) -> Any:
    """Fugacity of CO2 in sea water at sea surface temperature, from the equilibrator.

    The recipe of Pierrot et al. (2009) in one pass over the arrays: 100 % humidity
    at equilibrator temperature, virial term, temperature step last and on fCO2.

    Parameters
    ----------
    xco2 : array_like
        Mole fraction of CO2 in dry air [umol mol-1].
    t_equ : array_like
        Equilibrator temperature [degree_Celsius].
    sst : array_like
        Sea surface temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    p_equ : array_like
        Absolute pressure in the equilibrator [hPa].
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your separate.
    temperature_correction : str, float, TemperatureCorrection or callable
        A name in `TEMPERATURE_CORRECTIONS`, or your separate.
    mole_fraction : {"xco2", "pco2", "neglect"}
        What the virial term takes as mole fraction.
    gas_constant : float
        82.0575 as Pierrot and QuinCe, 82.057 as SOCAT [cm3 atm mol-1 K-1].
    virial_pressure : array_like or "1atm", optional
        Pressure of the virial term, where it is not `p_equ` [hPa].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside a published range or where SST is more than 1 K off.

    Returns
    -------
    float, ndarray, Series or DataArray
        Fugacity [uatm], broadcast shape of the inputs.

    References
    ----------
    .. [1] Pierrot et al. (2009), Deep-Sea Res. II 56, 512-522,
       doi:10.1016/j.dsr2.2008.12.005.

    Examples
    --------
    >>> round(fco2_at_sst(400.0, 20.5, 20.0, 35.0, 1013.25), 9)
    381.201189783
    """
    vapour = resolve_vapour(vapour_pressure)
    correction = resolve_correction(temperature_correction)
    separate = virial_pressure is not None
    virial = (resolve_virial_pressure(virial_pressure),) if separate else ()
    attrs = {
        "name": "fco2",
        "units": "uatm",
        "long_name": "fugacity of CO2 in sea water at sea surface temperature",
        "vapour_pressure": vapour.name,
        "temperature_correction": correction.name,
        "mole_fraction": mole_fraction,
    }
    return evaluate(
        chain_program(vapour, correction, mole_fraction, separate),
        (xco2, t_equ, sst, salinity, p_equ, *virial),
        (float(gas_constant),),
        attrs=attrs,
        on_range=on_range,
    )
