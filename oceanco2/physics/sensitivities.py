"""Sensitivities and linear propagation of uncertainty.

Derivatives are exact: a formula is evaluated at x + i h with h = 1e-30, and the
imaginary part over h is the analytic derivative to the last bits, whatever formulas
the options name. No coefficient is written twice.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from oceanco2.errors import UnknownNameError, not_found
from oceanco2.physics._arrays import wrap
from oceanco2.physics._constants import GAS_CONSTANT_VIRIAL
from oceanco2.physics._engine.program import Array, Program
from oceanco2.physics._entries import UNITS
from oceanco2.physics.air_sea_flux import flux_program
from oceanco2.physics.equilibrator import chain_program
from oceanco2.physics.mole_fraction import resolve_virial_pressure
from oceanco2.physics.parametrisations import resolve_transfer_velocity
from oceanco2.physics.schmidt import resolve_schmidt
from oceanco2.physics.solubilities import resolve_solubility
from oceanco2.physics.temperature import resolve_correction
from oceanco2.physics.vapour import resolve_vapour

_STEP = 1e-30


def _derivative(
    program: Program, parameters: tuple[float, ...], along: int
) -> Callable[..., Array]:
    def kernel(*arrays: Array) -> Array:
        shifted = [
            array + (1j * _STEP if i == along else 0.0)
            for i, array in enumerate(arrays)
        ]
        with np.errstate(all="ignore"):
            value = program.formula(*shifted, parameters)
        slope = np.asarray(np.imag(value) / _STEP)
        shape = np.broadcast_shapes(*(a.shape for a in arrays))
        slope = np.array(np.broadcast_to(slope, shape))
        for array, floor in zip(arrays, program.floors, strict=True):
            slope = np.where((array < floor) | np.isnan(array), np.nan, slope)
        return slope

    return kernel


def fco2_sensitivities(
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
) -> dict[str, Any]:
    """Return the derivatives of `fco2_at_sst` with respect to each input.

    Parameters
    ----------
    xco2, t_equ, sst, salinity, p_equ : array_like
        As for `fco2_at_sst`.
    vapour_pressure : str, Formula or callable
        As for `fco2_at_sst`.
    temperature_correction : str, float, TemperatureCorrection or callable
        As for `fco2_at_sst`.
    mole_fraction : {"xco2", "pco2", "neglect"}
        As for `fco2_at_sst`.
    gas_constant : float
        As for `fco2_at_sst` [cm3 atm mol-1 K-1].
    virial_pressure : array_like or "1atm", optional
        As for `fco2_at_sst` [hPa].

    Returns
    -------
    dict of str to array_like
        For ``"xco2"`` [uatm/(umol mol-1)], ``"t_equ"`` and ``"sst"`` [uatm K-1],
        ``"salinity"`` [uatm] and ``"p_equ"`` [uatm hPa-1].

    Examples
    --------
    >>> slopes = fco2_sensitivities(400.0, 20.5, 20.0, 35.0, 1013.25)
    >>> round(slopes["t_equ"], 6)
    -16.670826
    """
    program = chain_program(
        resolve_vapour(vapour_pressure),
        resolve_correction(temperature_correction),
        mole_fraction,
        virial_pressure is not None,
    )
    inputs = [xco2, t_equ, sst, salinity, p_equ]
    if virial_pressure is not None:
        inputs.append(resolve_virial_pressure(virial_pressure))
    input_units = [UNITS[argument] for argument in program.arguments]
    slopes = {}
    for i, (name, units) in enumerate(_FCO2_UNITS.items()):
        attrs = {
            "name": f"fco2_slope_{name}",
            "units": units,
            "long_name": f"derivative of fCO2 at SST with respect to {name}",
        }
        kernel = _derivative(program, (float(gas_constant),), i)
        slopes[name] = wrap(kernel, inputs, attrs, input_units)
    return slopes


_FCO2_UNITS = {
    "xco2": "uatm mol umol-1",
    "t_equ": "uatm K-1",
    "sst": "uatm K-1",
    "salinity": "uatm",
    "p_equ": "uatm hPa-1",
}


def fco2_uncertainty(
    xco2: Any,
    t_equ: Any,
    sst: Any,
    salinity: Any,
    p_equ: Any,
    *,
    u_xco2: Any = 0.0,
    u_t_equ: Any = 0.0,
    u_sst: Any = 0.0,
    u_salinity: Any = 0.0,
    u_p_equ: Any = 0.0,
    corr_teq_sst: Any = 0.0,
    **options: Any,
) -> Any:
    """Propagate uncertainties linearly through `fco2_at_sst`.

    Parameters
    ----------
    xco2, t_equ, sst, salinity, p_equ : array_like
        As for `fco2_at_sst`.
    u_xco2, u_t_equ, u_sst, u_salinity, u_p_equ : array_like, default 0
        Standard uncertainties, in the units of the inputs.
    corr_teq_sst : array_like, default 0
        Correlation of the errors of `t_equ` and `sst`, -1 to 1 [1].
    **options
        Options of `fco2_at_sst`, such as ``temperature_correction``.

    Returns
    -------
    float, ndarray, Series or DataArray
        Standard uncertainty [uatm].

    Examples
    --------
    >>> u = {"u_t_equ": 0.05, "u_sst": 0.05}
    >>> round(fco2_uncertainty(400.0, 20.5, 20.0, 35.0, 1013.25, **u), 4)
    1.1597
    >>> common = fco2_uncertainty(
    ...     400.0, 20.5, 20.0, 35.0, 1013.25, corr_teq_sst=1.0, **u
    ... )
    >>> round(common, 4)
    0.0273
    """
    slopes = fco2_sensitivities(xco2, t_equ, sst, salinity, p_equ, **options)
    errors = {
        "xco2": u_xco2,
        "t_equ": u_t_equ,
        "sst": u_sst,
        "salinity": u_salinity,
        "p_equ": u_p_equ,
    }
    attrs = {
        "name": "fco2_uncertainty",
        "units": "uatm",
        "long_name": "standard uncertainty of fCO2 at sea surface temperature",
    }
    inputs = [*slopes.values(), *errors.values(), corr_teq_sst]
    units = [""] * 5 + ["umol mol-1", "K", "K", "1", "hPa"]
    return wrap(_propagate, inputs, attrs, units)


def _propagate(*arrays: Array) -> Array:
    slopes, errors, correlation = arrays[:5], arrays[5:10], arrays[10]
    terms = [slope * error for slope, error in zip(slopes, errors, strict=True)]
    # 2 r a b = (a + b)^2 - a^2 - b^2 for r = 1 without the loss of digits.
    x, t_equ, sst, salinity, pressure = terms
    both = (1.0 - np.abs(correlation)) * (t_equ**2 + sst**2)
    common = np.abs(correlation) * (t_equ + np.sign(correlation) * sst) ** 2
    return np.asarray(np.sqrt(x**2 + both + common + salinity**2 + pressure**2))


def flux_sensitivities(
    fco2_water: Any,
    fco2_air: Any,
    wind_speed: Any,
    temperature: Any,
    salinity: Any,
    ice: Any = 0.0,
    parametrisation: Any = "W14",
    *,
    schmidt: Any = "wanninkhof_2014",
    solubility: Any = "weiss_1974",
    k: Any = None,
) -> dict[str, Any]:
    """Return the derivatives of the bulk `flux` with respect to each input.

    Parameters
    ----------
    fco2_water, fco2_air, wind_speed, temperature, salinity, ice : array_like
        As for `flux`.
    parametrisation : str, TransferVelocity, mapping or callable
        As for `flux`.
    schmidt : str, SchmidtNumber or callable
        As for `flux`.
    solubility : str, Solubility or callable
        As for `flux`.
    k : array_like, optional
        As for `flux`; with it the derivative is by k, not by wind speed.

    Returns
    -------
    dict of str to array_like
        For ``"fco2_water"``, ``"fco2_air"``, ``"wind_speed"`` (or
        ``"transfer_velocity"``), ``"temperature"``, ``"salinity"`` and ``"ice"``
        [mmol m-2 d-1 over the units of the input].

    Examples
    --------
    >>> slopes = flux_sensitivities(380.0, 400.0, 7.0, 20.0, 35.0)
    >>> round(slopes["fco2_water"], 9)
    0.097429454
    """
    entry = None if k is not None else resolve_transfer_velocity(parametrisation)
    if entry is not None and entry.inputs:
        raise UnknownNameError(not_found("wind-only transfer velocity", entry.name, ()))
    program = flux_program(
        "bulk", entry, resolve_schmidt(schmidt), resolve_solubility(solubility), None
    )
    wind = wind_speed if k is None else k
    inputs = (fco2_water, fco2_air, wind, temperature, salinity, ice)
    slopes: Mapping[str, Any] = {
        name: wrap(
            _derivative(program, (1.0, 1.0, 1.0, 0.0), i),
            inputs,
            {
                "name": f"flux_slope_{name}",
                "long_name": f"derivative of the CO2 flux with respect to {name}",
            },
            [UNITS[argument] for argument in program.arguments],
        )
        for i, name in enumerate(program.arguments)
    }
    return dict(slopes)
