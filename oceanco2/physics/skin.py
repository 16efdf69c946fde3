"""The cool and salty skin of the sea. To add a model, decorate one function here."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.physics._arrays import evaluate, wrap
from oceanco2.physics._constants import FLOORS
from oceanco2.physics._engine.elementary import exp, where
from oceanco2.physics._engine.program import Array, Program, bind
from oceanco2.physics._entries import UNITS, Formula, FormulaRegistry

#: Sea water does not get colder than this at the skin.
COLDEST_SKIN = -1.79  # degree_Celsius, 271.36 K
SALTY_SKIN = 0.1  # practical salinity of the skin above that below


@dataclass(frozen=True, slots=True, kw_only=True)
class SkinModel(Formula):
    """A model of the cool skin.

    Attributes
    ----------
    inputs : tuple of str
        What it needs beside wind speed.
    """

    inputs: tuple[str, ...] = ()
    units: str = "K"


SKIN_MODELS: FormulaRegistry[SkinModel] = FormulaRegistry(
    "skin model",
    package="oceanco2.physics",
    modules=("skin",),
    group="oceanco2.skin_models",
)


def register_skin_model(name: str, **about: Any) -> Callable[..., Any]:
    """Register a model of the cool skin.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `SkinModel`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of wind speed [m s-1] that returns skin minus
        subskin temperature [K].
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        SKIN_MODELS.add(name, SkinModel(name=name, formula=formula, **about))
        return formula

    return decorate


@register_skin_model(
    "donlon_2002",
    long_name="Donlon et al. (2002)",
    expression="-0.14 - 0.30 exp(-U/3.7)",
    doi="10.1175/1520-0442(2002)015<0353:TIVOSS>2.0.CO;2",
)
def _donlon_2002(u: Any) -> Any:
    return -0.14 - 0.30 * exp(-1.0 / 3.7 * u)


@register_skin_model(
    "fixed",
    long_name="fixed, the value of FluxEngine",
    expression="-0.17",
    doi="10.1029/1999GL900547",
    note="Donlon et al. (1999) report -0.14 +- 0.1 K above 6 m/s",
)
def _fixed(u: Any) -> Any:
    return -0.17 + 0.0 * u


@register_skin_model(
    "none", long_name="no skin", expression="0", no_doi="not a formula"
)
def _none(u: Any) -> Any:
    return 0.0 * u


_GRAVITY = 9.80665  # m s-2
_HEAT_CAPACITY = 4000.0  # J kg-1 K-1, of water, as in COARE
_DENSITY = 1022.0  # kg m-3, of water
_VISCOSITY = 1e-6  # m2 s-1, of water
_CONDUCTIVITY = 0.6  # W m-1 K-1, of water


def _fairall_1996(
    u_star: Array,
    sensible: Array,
    latent_flux: Array,
    longwave: Array,
    shortwave: Array,
    t: Array,
    salinity: Array,
    *,
    air_density: float,
    latent: float,
) -> Any:
    buoyancy = (16.0 * _GRAVITY * _HEAT_CAPACITY * (_DENSITY * _VISCOSITY) ** 3) / (
        _CONDUCTIVITY * air_density
    ) ** 2
    warm = np.maximum(t - 1.0, 0.0)
    fresh = 1e-5 * (2.2 * warm**0.82 - 5.0)
    salty = 2.1e-5 * np.maximum(t + 3.2, 0.0) ** 0.79
    expansion = fresh + (salty - fresh) * salinity / 35.0
    friction = u_star * np.sqrt(air_density / _DENSITY)
    heat = sensible + latent_flux + longwave - shortwave
    depth = np.full(
        np.broadcast_shapes(friction.shape, expansion.shape, heat.shape), 1e-3
    )
    for _ in range(100):
        share = 0.065 + 11.0 * depth - 6.6e-5 / depth * (1.0 - np.exp(-depth / 8e-4))
        heat = sensible + latent_flux + longwave - shortwave * share
        brine = 7.5e-4 * salinity * latent_flux * _HEAT_CAPACITY / latent
        sinking = expansion * heat + brine
        convection = np.maximum(buoyancy * sinking / u_star**4, 0.0) ** 0.75
        saunders = 6.0 / np.cbrt(1.0 + convection)
        new = saunders * _VISCOSITY / friction
        new = np.where(sinking > 0.0, new, np.minimum(new, 0.01))
        moved = (np.abs(new - depth) >= 1e-12 * new).any()
        depth = new
        if not moved:
            break
    return -heat * depth / _CONDUCTIVITY


register_skin_model(
    "fairall_1996",
    long_name="Fairall et al. (1996), constants of COARE 3.6",
    expression="-Q d/kw, d by iteration with the Saunders coefficient",
    doi="10.1029/95JC03190",
    status="optional",
    inputs=(
        "friction_velocity",
        "sensible_heat",
        "latent_heat",
        "longwave",
        "shortwave",
        "temperature",
        "salinity",
    ),
    note="reproduces COARE 3.6 to 6e-5 K; the DOI has not been confirmed",
)(_fairall_1996)

_model = _donlon_2002


def _of_wind(u: Any, _p: Any) -> Any:
    return _model(u)


@lru_cache(maxsize=64)
def _program(entry: SkinModel) -> Program:
    return Program(
        name="cool skin",
        formula=bind(_of_wind, _model=entry.formula),
        arguments=("wind_speed",),
        floors=(FLOORS["wind"],),
        checks=entry.checks(wind_speed=0),
    )


def cool_skin(
    wind_speed: Any = None,
    method: Any = "donlon_2002",
    *,
    friction_velocity: Any = None,
    sensible_heat: Any = None,
    latent_heat: Any = None,
    longwave: Any = None,
    shortwave: Any = 0.0,
    temperature: Any = None,
    salinity: Any = None,
    air_density: float = 1.2,
    latent_heat_of_vaporisation: float = 2.45e6,
) -> Any:
    """Skin minus subskin temperature of the sea.

    Parameters
    ----------
    wind_speed : array_like, optional
        Wind speed at 10 m [m s-1].
    method : str or SkinModel, default "donlon_2002"
        A name in `SKIN_MODELS`.
    friction_velocity : array_like, optional
        Of the air, for ``"fairall_1996"`` [m s-1].
    sensible_heat, latent_heat, longwave : array_like, optional
        Net upward heat fluxes, for ``"fairall_1996"`` [W m-2].
    shortwave : array_like
        Net short-wave radiation into the sea, for ``"fairall_1996"`` [W m-2].
    temperature : array_like, optional
        Subskin temperature, for ``"fairall_1996"`` [degree_Celsius].
    salinity : array_like, optional
        Practical salinity, for ``"fairall_1996"`` [1].
    air_density : float
        Density of the air [kg m-3].
    latent_heat_of_vaporisation : float
        Of water [J kg-1].

    Returns
    -------
    float, ndarray, Series or DataArray
        Temperature difference, negative for a cool skin [K].

    Raises
    ------
    OptionError
        If an input that the model needs is missing.

    References
    ----------
    .. [1] Donlon et al. (2002), J. Climate 15, 353-369,
       doi:10.1175/1520-0442(2002)015<0353:TIVOSS>2.0.CO;2.

    Examples
    --------
    >>> round(cool_skin(7.0), 12)
    -0.185235880249
    """
    inputs = dict(locals())  # every input by its name
    entry = method if isinstance(method, SkinModel) else SKIN_MODELS[method]
    attrs = {
        "name": "cool_skin",
        "units": "K",
        "long_name": "skin minus subskin temperature of the sea",
        "method": entry.name,
    }
    needed = entry.inputs or ("wind_speed",)
    for name in needed:
        if inputs[name] is None:
            raise OptionError(f"skin model {entry.name!r} needs {name}")
    if not entry.inputs:
        return evaluate(_program(entry), (wind_speed,), attrs=attrs)
    constants = {
        "air_density": float(air_density),
        "latent": float(latent_heat_of_vaporisation),
    }

    def kernel(*arrays: Array) -> Array:
        with np.errstate(all="ignore"):
            return np.asarray(entry.formula(*arrays, **constants))

    units = [UNITS.get(name, "W m-2") for name in needed]
    return wrap(kernel, [inputs[name] for name in needed], attrs, units)


def cold_limit(temperature: Any) -> Any:
    """Keep a skin temperature above the freezing point of sea water, the formula."""
    return where(temperature < COLDEST_SKIN, COLDEST_SKIN, temperature)


def _skin_temperature(temperature: Any, difference: Any, _p: Any) -> Any:
    return cold_limit(temperature + difference)


_SKIN_TEMPERATURE = Program(
    "skin temperature",
    _skin_temperature,
    ("temperature", "difference"),
    (FLOORS["temperature"], FLOORS["any"]),
)


def skin_temperature(temperature: Any, difference: Any) -> Any:
    """Temperature of the cool skin, not below -1.79 degree_Celsius.

    Parameters
    ----------
    temperature : array_like
        Subskin temperature [degree_Celsius].
    difference : array_like
        Skin minus subskin temperature, see `cool_skin` [K].

    Returns
    -------
    float, ndarray, Series or DataArray
        Skin temperature [degree_Celsius].

    Examples
    --------
    >>> round(skin_temperature(20.0, -0.17), 2)
    19.83
    """
    attrs = {
        "name": "skin_temperature",
        "units": "degree_Celsius",
        "long_name": "skin temperature of the sea",
    }
    return evaluate(_SKIN_TEMPERATURE, (temperature, difference), attrs=attrs)


def _skin_salinity(salinity: Any, difference: Any, _p: Any) -> Any:
    return salinity + difference


_SKIN_SALINITY = Program(
    "skin salinity",
    _skin_salinity,
    ("salinity", "difference"),
    (FLOORS["salinity"], FLOORS["any"]),
)


def salty_skin(salinity: Any, difference: Any = SALTY_SKIN) -> Any:
    """Practical salinity of the salty skin.

    Parameters
    ----------
    salinity : array_like
        Practical salinity below the skin [1].
    difference : array_like, default 0.1
        What evaporation adds [1].

    Returns
    -------
    float, ndarray, Series or DataArray
        Practical salinity of the skin [1].

    Examples
    --------
    >>> round(salty_skin(35.0), 1)
    35.1
    """
    attrs = {
        "name": "skin_salinity",
        "units": "1",
        "long_name": "practical salinity of the skin of the sea",
    }
    return evaluate(_SKIN_SALINITY, (salinity, difference), attrs=attrs)
