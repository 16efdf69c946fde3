"""Mole fraction of CO2 in dry air and its pressure in moist air, either way."""

from functools import lru_cache
from typing import Any

from oceanco2.errors import choose
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import (
    ATM_PER_HPA,
    FLOORS,
    GAS_CONSTANT_VIRIAL,
    HPA_PER_ATM,
)
from oceanco2.physics._engine.elementary import exp
from oceanco2.physics._engine.program import Program, Scalar, bind
from oceanco2.physics._entries import Formula, air_pressure
from oceanco2.physics.fugacity import (
    FRACTIONS,
    MOLE_FRACTIONS,
    VIRIAL,
    attributes,
    bound_fugacity,
    moist_fugacity,
    virial_exponent,
)
from oceanco2.physics.vapour import resolve_vapour, weiss_price_1980

# Functions that `bind` replaces; these are the defaults.
_vapour = weiss_price_1980
_fraction = FRACTIONS["xco2"]


def _to_partial(xco2: Any, temperature: Any, salinity: Any, pres: Any, _p: Any) -> Any:
    return xco2 * (pres * ATM_PER_HPA - _vapour(temperature, salinity))


def _from_partial(
    pco2: Any, temperature: Any, salinity: Any, pres: Any, _p: Any
) -> Any:
    return pco2 / (pres * ATM_PER_HPA - _vapour(temperature, salinity))


def _moist(
    xco2: Any, temperature: Any, salinity: Any, pressure: Any, virial: Any, p: Any
) -> Any:
    return moist_fugacity(xco2, temperature, salinity, pressure, virial, p[0])


def _moist_at_one_pressure(
    xco2: Any, temperature: Any, salinity: Any, pressure: Any, p: Any
) -> Any:
    return moist_fugacity(xco2, temperature, salinity, pressure, pressure, p[0])


def _moist_inverse(
    fco2: Any, temperature: Any, salinity: Any, pressure: Any, virial: Any, p: Any
) -> Any:
    # xCO2 is sought and enters the small virial term: a few rounds, as above.
    dry = pressure * ATM_PER_HPA - _vapour(temperature, salinity)
    pco2 = fco2 * exp(-virial_exponent(temperature, virial, fco2, p[0]))
    fraction = _fraction(pco2 / dry, pco2)
    pco2 = fco2 * exp(-virial_exponent(temperature, virial, fraction, p[0]))
    fraction = _fraction(pco2 / dry, pco2)
    pco2 = fco2 * exp(-virial_exponent(temperature, virial, fraction, p[0]))
    return pco2 / dry


@lru_cache(maxsize=256)
def _moist_program(
    formula: Scalar, name: str, first: str, vapour: Formula, fraction: str
) -> Program:
    kinds = ("fraction", "temperature", "salinity", "pressure", "pressure")
    checks = (*vapour.checks(temperature=1, salinity=2), air_pressure(3))
    arguments: tuple[str, ...] = (first, "temperature", "salinity", "pressure")
    if formula is _moist_at_one_pressure:
        bound = bind(formula, moist_fugacity=bound_fugacity(vapour, fraction))
        checks = checks + VIRIAL.checks(temperature=1)
        floors = tuple(FLOORS[k] for k in kinds[:4])
        return Program(name, bound, arguments, floors, checks)
    if formula is _moist:
        bound = bind(formula, moist_fugacity=bound_fugacity(vapour, fraction))
    elif formula is _moist_inverse:
        part = FRACTIONS[fraction]
        bound = bind(_moist_inverse, _vapour=vapour.formula, _fraction=part)
    else:
        bound = bind(formula, _vapour=vapour.formula)
        return Program(
            name, bound, arguments, tuple(FLOORS[k] for k in kinds[:4]), checks
        )
    checks = checks + VIRIAL.checks(temperature=1)
    floors = tuple(FLOORS[k] for k in kinds)
    return Program(name, bound, (*arguments, "virial_pressure"), floors, checks)


def pco2_from_xco2(
    xco2: Any,
    temperature: Any,
    salinity: Any,
    pressure: Any,
    *,
    vapour_pressure: Any = "weiss_price_1980",
    on_range: str = "warn",
) -> Any:
    """Partial pressure of CO2 in air at 100 % humidity over sea water.

    Parameters
    ----------
    xco2 : array_like
        Mole fraction of CO2 in dry air [umol mol-1].
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    pressure : array_like
        Total pressure [hPa].
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your own.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Partial pressure [uatm], broadcast shape of the inputs.

    Examples
    --------
    >>> round(pco2_from_xco2(420.0, 20.0, 35.0, 1013.25), 8)
    410.49851505
    """
    vapour = resolve_vapour(vapour_pressure)
    return evaluate(
        _moist_program(_to_partial, "partial pressure", "xco2", vapour, "xco2"),
        (xco2, temperature, salinity, pressure),
        attrs=attributes(
            "pco2", "uatm", "partial pressure of CO2", vapour_pressure=vapour.name
        ),
        on_range=on_range,
    )


def xco2_from_pco2(
    pco2: Any,
    temperature: Any,
    salinity: Any,
    pressure: Any,
    *,
    vapour_pressure: Any = "weiss_price_1980",
    on_range: str = "warn",
) -> Any:
    """Mole fraction of CO2 in dry air, the inverse of `pco2_from_xco2`.

    Parameters
    ----------
    pco2 : array_like
        Partial pressure [uatm].
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    pressure : array_like
        Total pressure [hPa].
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your own.
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Mole fraction [umol mol-1], broadcast shape of the inputs.

    Examples
    --------
    >>> round(xco2_from_pco2(410.49851505, 20.0, 35.0, 1013.25), 6)
    420.0
    """
    vapour = resolve_vapour(vapour_pressure)
    return evaluate(
        _moist_program(_from_partial, "mole fraction", "pco2", vapour, "xco2"),
        (pco2, temperature, salinity, pressure),
        attrs=attributes(
            "xco2",
            "umol mol-1",
            "mole fraction of CO2 in dry air",
            vapour_pressure=vapour.name,
        ),
        on_range=on_range,
    )


def fco2_from_xco2(
    xco2: Any,
    temperature: Any,
    salinity: Any,
    pressure: Any,
    *,
    vapour_pressure: Any = "weiss_price_1980",
    mole_fraction: str = "xco2",
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    virial_pressure: Any = None,
    on_range: str = "warn",
) -> Any:
    """Fugacity of CO2 in air at 100 % humidity over sea water.

    With equilibrator temperature and pressure it is the fugacity in the
    equilibrator; with sea surface temperature, salinity and sea-level pressure
    it is the fugacity in the marine air.

    Parameters
    ----------
    xco2 : array_like
        Mole fraction of CO2 in dry air [umol mol-1].
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    pressure : array_like
        Total pressure [hPa].
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your own.
    mole_fraction : {"xco2", "pco2", "neglect"}
        What the virial term takes as mole fraction.
    gas_constant : float
        82.0575 as Pierrot and QuinCe, 82.057 as SOCAT [cm3 atm mol-1 K-1].
    virial_pressure : array_like or "1atm", optional
        Pressure of the virial term, where it is not `pressure` [hPa].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

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
    >>> round(fco2_from_xco2(420.0, 20.0, 35.0, 1013.25), 9)
    409.105608228
    """
    vapour = resolve_vapour(vapour_pressure)
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    formula: Scalar = _moist_at_one_pressure
    virial: tuple[Any, ...] = ()
    if virial_pressure is not None:
        formula, virial = _moist, (resolve_virial_pressure(virial_pressure),)
    return evaluate(
        _moist_program(formula, "fugacity", "xco2", vapour, mole_fraction),
        (xco2, temperature, salinity, pressure, *virial),
        (float(gas_constant),),
        attrs=attributes(
            "fco2",
            "uatm",
            "fugacity of CO2",
            vapour_pressure=vapour.name,
            mole_fraction=mole_fraction,
        ),
        on_range=on_range,
    )


def xco2_from_fco2(
    fco2: Any,
    temperature: Any,
    salinity: Any,
    pressure: Any,
    *,
    vapour_pressure: Any = "weiss_price_1980",
    mole_fraction: str = "xco2",
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    virial_pressure: Any = None,
    on_range: str = "warn",
) -> Any:
    """Mole fraction of CO2 in dry air, the inverse of `fco2_from_xco2`.

    Parameters
    ----------
    fco2 : array_like
        Fugacity [uatm].
    temperature : array_like
        Water temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    pressure : array_like
        Total pressure [hPa].
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your own.
    mole_fraction : {"xco2", "pco2", "neglect"}
        What the virial term takes as mole fraction.
    gas_constant : float
        Gas constant [cm3 atm mol-1 K-1].
    virial_pressure : array_like or "1atm", optional
        Pressure of the virial term, where it is not `pressure` [hPa].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Mole fraction [umol mol-1], broadcast shape of the inputs.

    Examples
    --------
    >>> round(xco2_from_fco2(409.105608228, 20.0, 35.0, 1013.25), 6)
    420.0
    """
    vapour = resolve_vapour(vapour_pressure)
    choose("mole_fraction", mole_fraction, MOLE_FRACTIONS)
    virial = pressure
    if virial_pressure is not None:
        virial = resolve_virial_pressure(virial_pressure)
    return evaluate(
        _moist_program(_moist_inverse, "mole fraction", "fco2", vapour, mole_fraction),
        (fco2, temperature, salinity, pressure, virial),
        (float(gas_constant),),
        attrs=attributes(
            "xco2",
            "umol mol-1",
            "mole fraction of CO2 in dry air",
            vapour_pressure=vapour.name,
            mole_fraction=mole_fraction,
        ),
        on_range=on_range,
    )


def resolve_virial_pressure(virial_pressure: Any) -> Any:
    """Return the pressure of the virial term."""
    if isinstance(virial_pressure, str):
        choose("virial_pressure", virial_pressure, ("1atm",))
        return HPA_PER_ATM
    return virial_pressure


def dry_mole_fraction(xco2_wet: Any, xh2o: Any) -> Any:
    """Mole fraction of CO2 in dry air from that in the humid cell of an analyser.

    Parameters
    ----------
    xco2_wet : array_like
        Mole fraction in humid air [umol mol-1].
    xh2o : array_like
        Mole fraction of water vapour [mmol mol-1]; the zero of an analyser scatters,
        so that values down to -10 are possible.

    Returns
    -------
    float, ndarray, Series or DataArray
        Mole fraction in dry air [umol mol-1], broadcast shape of the inputs.

    Examples
    --------
    >>> round(dry_mole_fraction(325.6, 2.69), 6)
    326.478226
    """
    attrs = attributes("xco2", "umol mol-1", "mole fraction of CO2 in dry air")
    return evaluate(_DRY, (xco2_wet, xh2o), attrs=attrs)


#: Water vapour that an analyser of a dry gas may show [mmol mol-1].
_LOWEST_VAPOUR = -10.0


def _dry(xco2_wet: Any, xh2o: Any, _p: Any) -> Any:
    return xco2_wet / (1.0 - 1e-3 * xh2o)


_DRY = Program(
    "dry mole fraction",
    _dry,
    ("xco2_wet", "xh2o"),
    (FLOORS["fraction"], _LOWEST_VAPOUR),
)
