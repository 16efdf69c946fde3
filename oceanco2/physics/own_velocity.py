"""A transfer velocity of the user's own: coefficients, a function, an object."""

import inspect
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError
from oceanco2.physics._engine.program import Scalar, bind
from oceanco2.physics.parametrisations import TRANSFER_VELOCITIES, TransferVelocity

_a0, _a1, _a2, _a3 = 0.0, 0.0, 0.251, 0.0


def _own_polynomial(u: Any, u2: Any, u3: Any) -> Any:
    return _a0 + _a1 * u + _a2 * u2 + _a3 * u3


@lru_cache(maxsize=256)
def _own_coefficients(coef: tuple[float, ...], reference: float) -> TransferVelocity:
    names = ("_a0", "_a1", "_a2", "_a3")
    terms = [f"{a:g} <U^{n}>" for n, a in enumerate(coef) if a]
    return TransferVelocity(
        name="own",
        long_name="own coefficients",
        formula=bind(_own_polynomial, **dict(zip(names, coef, strict=True))),
        expression=" + ".join(terms),
        schmidt_reference=reference,
        moments=tuple(n for n, a in enumerate(coef) if n and a),
        status="own",
    )


def _from_mapping(own: Mapping[str, Any]) -> TransferVelocity:
    unknown = set(own) - {"coef", "sc_ref"}
    coef = tuple(float(a) for a in own.get("coef", ()))
    if unknown or not 1 <= len(coef) <= 4:
        raise OptionError(
            "your own transfer velocity is {'coef': (a0, a1, a2, a3), 'sc_ref': 660}"
            f" for a0 + a1 U + a2 U^2 + a3 U^3; this is {dict(own)!r}"
        )
    coef = (*coef, 0.0, 0.0, 0.0)[:4]
    return _own_coefficients(coef, float(own.get("sc_ref", 660.0)))


_function = TRANSFER_VELOCITIES["wanninkhof_2014"].formula


def _of_wind(u: Any, _u2: Any, _u3: Any) -> Any:
    return _function(u)


@lru_cache(maxsize=64)
def _own_function(function: Scalar) -> TransferVelocity:
    name = getattr(function, "__name__", "own")
    simple = len(inspect.signature(function).parameters) == 1
    return TransferVelocity(
        name=name,
        long_name=name,
        formula=bind(_of_wind, _function=function) if simple else function,
        expression="own function of U" if simple else "own function of U, U2, U3",
        moments=(1,) if simple else (1, 2, 3),
        status="own",
    )


def resolve_transfer_velocity(parametrisation: Any) -> TransferVelocity:
    """Return the entry of a name, or make one of a user's own."""
    if isinstance(parametrisation, TransferVelocity):
        return parametrisation
    if isinstance(parametrisation, Mapping):
        return _from_mapping(parametrisation)
    if callable(parametrisation):
        return _own_function(parametrisation)
    return TRANSFER_VELOCITIES[parametrisation]
