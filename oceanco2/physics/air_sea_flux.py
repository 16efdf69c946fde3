"""The air-sea flux of CO2, bulk and interfacial, fused into one pass."""

from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError, UnverifiedError, choose
from oceanco2.physics import skin
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import FLOORS, FLUX_FACTOR, GAS_CONSTANT_VIRIAL
from oceanco2.physics._engine.elementary import where
from oceanco2.physics._engine.program import Check, Program, Scalar, bind
from oceanco2.physics._entries import Formula, air_pressure
from oceanco2.physics.fugacity import VIRIAL, bound_fugacity, moist_fugacity
from oceanco2.physics.parametrisations import (
    TransferVelocity,
    resolve_transfer_velocity,
)
from oceanco2.physics.schmidt import SchmidtNumber, resolve_schmidt
from oceanco2.physics.skin import SALTY_SKIN, SKIN_MODELS, cold_limit
from oceanco2.physics.solubilities import Solubility, resolve_solubility, weiss_1974
from oceanco2.physics.transfer import bound_velocity, transfer_velocity, velocity
from oceanco2.physics.vapour import resolve_vapour
from oceanco2.physics.wind import RAYLEIGH

SCHEMES = ("bulk", "rapid")
ICE = ("linear",)
ICE_RESERVED = {"loose_2009": "the exponent 0.4 is not verified"}


def flux(
    fco2_water: Any,
    fco2_air: Any,
    wind_speed: Any,
    temperature: Any,
    salinity: Any,
    ice: Any = 0.0,
    parametrisation: Any = "W14",
    scheme: str = "bulk",
    *,
    schmidt: Any = "wanninkhof_2014",
    solubility: Any = "weiss_1974",
    cool_skin: Any = "donlon_2002",
    salty_skin: float = SALTY_SKIN,
    ice_method: str = "linear",
    moments: str | None = None,
    k: Any = None,
    on_range: str = "warn",
    **wind: Any,
) -> Any:
    """Air-sea flux of CO2, positive out of the ocean.

    Parameters
    ----------
    fco2_water : array_like
        Fugacity in the water; at subskin temperature for ``"rapid"`` [uatm].
    fco2_air : array_like
        Fugacity in the air; at skin temperature for ``"rapid"`` [uatm].
    wind_speed : array_like
        Wind speed at 10 m [m s-1].
    temperature : array_like
        Sea surface (subskin) temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    ice : array_like, default 0
        Sea-ice area fraction, clipped to 0..1 [1].
    parametrisation : str, TransferVelocity, mapping or callable, default "W14"
        See `transfer_velocity`.
    scheme : {"bulk", "rapid"}
        Bulk, or interfacial with a cool and salty skin (Woolf et al. 2016).
    schmidt : str, SchmidtNumber or callable
        A name in `SCHMIDT_NUMBERS`, or your own.
    solubility : str, Solubility or callable
        A name in `SOLUBILITIES`, or your own.
    cool_skin : str, SkinModel or array_like, default "donlon_2002"
        For ``"rapid"``: a name in `SKIN_MODELS`, or the temperature difference,
        negative for a cool skin [K].
    salty_skin : float, default 0.1
        For ``"rapid"``: salinity difference of the skin [1].
    ice_method : {"linear"}
        What ice does: 1 - ice.
    moments : {None, "rayleigh"}
        See `transfer_velocity`.
    k : array_like, optional
        Transfer velocity, taken instead of a parametrisation [cm h-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside a published range.
    **wind
        More inputs of `transfer_velocity`: ``wind_speed_squared``,
        ``wind_speed_cubed``, ``rain_rate``, ``friction_velocity``...

    Returns
    -------
    float, ndarray, Series or DataArray
        Flux [mmol m-2 d-1], broadcast shape of the inputs.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.

    References
    ----------
    .. [1] Wanninkhof (2014), Limnol. Oceanogr. Methods 12, 351-362,
       doi:10.4319/lom.2014.12.351.
    .. [2] Woolf et al. (2016), J. Geophys. Res. Oceans 121, 1229-1248,
       doi:10.1002/2015JC011427.

    Examples
    --------
    >>> round(flux(380.0, 400.0, 7.0, 20.0, 35.0), 11)
    -1.94858907845
    """
    return _flux(dict(locals()))


def flux_from_xco2(
    fco2_water: Any,
    xco2_air: Any,
    wind_speed: Any,
    temperature: Any,
    salinity: Any,
    pressure: Any,
    ice: Any = 0.0,
    parametrisation: Any = "W14",
    scheme: str = "bulk",
    *,
    vapour_pressure: Any = "weiss_price_1980",
    gas_constant: float = GAS_CONSTANT_VIRIAL,
    schmidt: Any = "wanninkhof_2014",
    solubility: Any = "weiss_1974",
    cool_skin: Any = "donlon_2002",
    salty_skin: float = SALTY_SKIN,
    ice_method: str = "linear",
    moments: str | None = None,
    k: Any = None,
    on_range: str = "warn",
    **wind: Any,
) -> Any:
    """Air-sea flux of CO2 from the mole fraction in the air, in one pass.

    Parameters
    ----------
    fco2_water : array_like
        Fugacity in the water [uatm].
    xco2_air : array_like
        Mole fraction of CO2 in dry air [umol mol-1].
    wind_speed : array_like
        Wind speed at 10 m [m s-1].
    temperature : array_like
        Sea surface (subskin) temperature [degree_Celsius].
    salinity : array_like
        Practical salinity [1].
    pressure : array_like
        Air pressure at sea level [hPa].
    ice : array_like, default 0
        Sea-ice area fraction, clipped to 0..1 [1].
    parametrisation : str, TransferVelocity, mapping or callable, default "W14"
        See `transfer_velocity`.
    scheme : {"bulk", "rapid"}
        Bulk, or interfacial with a cool and salty skin.
    vapour_pressure : str, Formula or callable
        A name in `WATER_VAPOUR`, or your own.
    gas_constant : float
        Of the virial term [cm3 atm mol-1 K-1].
    schmidt : str, SchmidtNumber or callable
        A name in `SCHMIDT_NUMBERS`, or your own.
    solubility : str, Solubility or callable
        A name in `SOLUBILITIES`, or your own.
    cool_skin : str, SkinModel or array_like, default "donlon_2002"
        For ``"rapid"``, see `flux`.
    salty_skin : float, default 0.1
        For ``"rapid"``: salinity difference of the skin [1].
    ice_method : {"linear"}
        What ice does: 1 - ice.
    moments : {None, "rayleigh"}
        See `transfer_velocity`.
    k : array_like, optional
        Transfer velocity, taken instead of a parametrisation [cm h-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside a published range.
    **wind
        More inputs of `transfer_velocity`.

    Returns
    -------
    float, ndarray, Series or DataArray
        Flux [mmol m-2 d-1], broadcast shape of the inputs.

    Examples
    --------
    >>> round(flux_from_xco2(380.0, 410.0, 7.0, 20.0, 35.0, 1013.25), 9)
    -1.886722724
    """
    return _flux(dict(locals()), resolve_vapour(vapour_pressure), float(gas_constant))


def _flux(
    values: dict[str, Any], vapour: Formula | None = None, gas_constant: float = 0.0
) -> Any:
    """Return the flux; `values` has every input and option by its name."""
    choose("scheme", values["scheme"], SCHEMES)
    choose("moments", values["moments"], tuple(_FACTORS))
    _check_ice(values["ice_method"])
    number = resolve_schmidt(values["schmidt"])
    k0 = resolve_solubility(values["solubility"])
    if k0.moist:
        raise OptionError(f"solubility {k0.name!r} does not multiply fugacity")
    attrs = {
        "name": "flux_CO2",
        "units": "mmol m-2 d-1",
        "long_name": "air-sea flux of CO2, positive out of the ocean",
        "scheme": values["scheme"],
        "solubility": k0.name,
    }
    cool = _cool(values, attrs)
    entry, k = _velocity_of(values, number, cool, attrs)
    if vapour is not None:
        attrs["vapour_pressure"] = vapour.name
    program = flux_program(values["scheme"], entry, number, k0, vapour)
    values |= {"cool_skin": cool, "transfer_velocity": k}
    return evaluate(
        program,
        [values[name] for name in program.arguments],
        (*_FACTORS[values["moments"]], gas_constant, float(values["salty_skin"])),
        attrs=attrs,
        on_range=values["on_range"],
    )


def _velocity_of(
    values: dict[str, Any], number: SchmidtNumber, cool: Any, attrs: dict[str, str]
) -> tuple[TransferVelocity | None, Any]:
    """Return the entry if wind speed is enough for it, else a transfer velocity."""
    wind, k = values["wind"], values["k"]
    if k is not None:
        if wind:
            raise OptionError(f"k cannot be combined with {next(iter(wind))}")
        return None, k
    entry = resolve_transfer_velocity(values["parametrisation"])
    attrs |= {"parametrisation": entry.name, "schmidt_number": number.name}
    attrs["wind_moments"] = _moments_note(entry, values["moments"], wind)
    if not wind and not entry.inputs:
        return entry, None
    temperature = values["temperature"]
    if cool is not None:
        temperature = skin.skin_temperature(temperature, cool)
    k = transfer_velocity(
        values["wind_speed"],
        temperature,
        entry,
        schmidt=number,
        moments=values["moments"],
        on_range=values["on_range"],
        **{"salinity": values["salinity"], **wind},
    )
    return None, k


_FACTORS = {None: (1.0, 1.0), "rayleigh": RAYLEIGH}


def _moments_note(entry: TransferVelocity, moments: Any, wind: Any) -> str:
    if entry.fitted_on_means or not set(entry.moments) & {2, 3}:
        return "mean wind, as the formula wants it"
    if {"wind_speed_squared", "wind_speed_cubed"} & set(wind):
        return "given"
    if moments == "rayleigh":
        return "of a Rayleigh distribution with the mean wind"
    return "the mean wind was raised to the power"


def _cool(values: dict[str, Any], attrs: dict[str, str]) -> Any:
    cool = values["cool_skin"]
    if values["scheme"] != "rapid":
        return None
    if not isinstance(cool, str | Formula):
        attrs["cool_skin"] = "given"
        return cool
    entry = SKIN_MODELS[cool] if isinstance(cool, str) else cool
    attrs["cool_skin"] = entry.name
    return skin.cool_skin(values["wind_speed"], entry)


def _check_ice(method: str) -> None:
    if method in ICE_RESERVED:
        reason = ICE_RESERVED[method]
        raise UnverifiedError(
            f"ice method {method!r} is not available: {reason};"
            " it will be added when the paper has been read"
        )
    choose("ice_method", method, ICE)


# Functions that `bind` replaces; these are the defaults.
_solubility = weiss_1974
_velocity = velocity


def _velocity_of_caller(k: Any, _temperature: Any, _second: Any, _third: Any) -> Any:
    return k


def _open_water(ice: Any) -> Any:
    clipped = where(ice < 0.0, 0.0, where(ice > 1.0, 1.0, ice))
    return 1.0 - clipped


_share = _open_water


def _in_air(fco2: Any, _t: Any, _s: Any, _p: Any, _virial: Any, _gas: Any) -> Any:
    return fco2


_air = moist_fugacity


def _bulk(
    fw: Any, fa: Any, u: Any, t: Any, s: Any, pressure: Any, ice: Any, p: Any
) -> Any:
    gradient = fw - _air(fa, t, s, pressure, pressure, p[2])
    speed = _velocity(u, t, p[0], p[1]) * (1000.0 * FLUX_FACTOR)
    return speed * _solubility(t, s) * gradient * _share(ice)


def _rapid(
    fw: Any,
    fa: Any,
    u: Any,
    t: Any,
    s: Any,
    pressure: Any,
    ice: Any,
    cool: Any,
    p: Any,
) -> Any:
    t_skin, s_skin = cold_limit(t + cool), s + p[3]
    below, above = _solubility(t, s), _solubility(t_skin, s_skin)
    air = _air(fa, t_skin, s_skin, pressure, pressure, p[2])
    # K0(sub) fw - K0(skin) fa, arranged so that no skin gives exactly the bulk.
    gradient = below * (fw - air) + (below - above) * air
    speed = _velocity(u, t_skin, p[0], p[1]) * (1000.0 * FLUX_FACTOR)
    return speed * gradient * _share(ice)


def _without_pressure(
    fw: Any, fa: Any, u: Any, t: Any, s: Any, ice: Any, p: Any
) -> Any:
    return _bulk(fw, fa, u, t, s, 1.0, ice, p)


def _rapid_without_pressure(
    fw: Any, fa: Any, u: Any, t: Any, s: Any, ice: Any, cool: Any, p: Any
) -> Any:
    return _rapid(fw, fa, u, t, s, 1.0, ice, cool, p)


@lru_cache(maxsize=256)
def flux_program(
    scheme: str,
    entry: TransferVelocity | None,
    schmidt: SchmidtNumber,
    k0: Solubility,
    vapour: Formula | None,
) -> Program:
    """Return the program of the flux with the formulas that the options name."""
    parts: dict[str, Any] = {
        "_solubility": k0.formula,
        "_velocity": _velocity_of_caller
        if entry is None
        else bound_velocity(entry, schmidt),
        "_air": _in_air if vapour is None else bound_fugacity(vapour, "xco2"),
    }
    bound: Scalar = bind(_rapid if scheme == "rapid" else _bulk, **parts)
    names = ["fco2_water", "fco2_air", "wind_speed", "temperature", "salinity"]
    kinds = ["fraction", "fraction", "wind", "temperature", "salinity"]
    if vapour is None:
        shell = _rapid_without_pressure if scheme == "rapid" else _without_pressure
        bound = bind(shell, **{"_rapid" if scheme == "rapid" else "_bulk": bound})
    else:
        names, kinds = [*names, "pressure"], [*kinds, "pressure"]
        names[1] = "xco2_air"
    if entry is None:
        names[2] = "transfer_velocity"
    names, kinds = [*names, "ice"], [*kinds, "any"]
    if scheme == "rapid":
        names, kinds = [*names, "cool_skin"], [*kinds, "any"]
    at = {name: i for i, name in enumerate(names)}
    checks = (
        *k0.checks(**at),
        *(schmidt.checks(**at) + entry.checks(**at) if entry else ()),
        *(vapour.checks(**at) + VIRIAL.checks(**at) if vapour else ()),
        *((air_pressure(at["pressure"]),) if vapour else ()),
        Check("sea ice (clipped)", "ice", 0.0, 1.0, "1", at["ice"]),
    )
    floors = tuple(FLOORS[kind] for kind in kinds)
    return Program("air-sea CO2 flux", bound, tuple(names), floors, checks)
