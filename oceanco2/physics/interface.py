"""The formulas of the air-sea flux, bulk and interfacial, put together."""

from functools import lru_cache
from typing import Any

from oceanco2.physics._constants import FLOORS, FLUX_FACTOR
from oceanco2.physics._engine.elementary import where
from oceanco2.physics._engine.program import Check, Program, Scalar, bind
from oceanco2.physics._entries import Formula
from oceanco2.physics.fugacity import VIRIAL, bound_fugacity, moist_fugacity
from oceanco2.physics.parametrisations import TransferVelocity
from oceanco2.physics.schmidt import SchmidtNumber
from oceanco2.physics.skin import cold_limit
from oceanco2.physics.solubilities import Solubility, weiss_1974
from oceanco2.physics.transfer import bound_velocity, velocity

# Parts that programs exchange; these are the defaults.
_solubility = weiss_1974
_velocity = velocity


def _given(k: Any, _temperature: Any, _second: Any, _third: Any) -> Any:
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
    """Return the flux with the parts that the options name."""
    parts: dict[str, Any] = {
        "_solubility": k0.formula,
        "_velocity": _given if entry is None else bound_velocity(entry, schmidt),
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
        Check("sea ice (clipped)", "ice", 0.0, 1.0, "1", at["ice"]),
    )
    floors = tuple(FLOORS[kind] for kind in kinds)
    return Program("air-sea CO2 flux", bound, tuple(names), floors, checks)
