"""The gas transfer velocity of CO2 at the Schmidt number of the water."""

from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError, choose
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import FLOORS
from oceanco2.physics._engine.elementary import sqrt
from oceanco2.physics._engine.program import Program, Scalar, bind
from oceanco2.physics.parametrisations import (
    TransferVelocity,
    deike_melville_2018,
    rain_ho_1997,
    resolve_transfer_velocity,
    surfactant_pereira_2018,
    wanninkhof_2014,
    woolf_1997_kb,
)
from oceanco2.physics.schmidt import (
    SchmidtNumber,
    of_co2_in_sea_water,
    resolve_schmidt,
    schmidt_formula,
)
from oceanco2.physics.solubilities import ostwald
from oceanco2.physics.wind import RAYLEIGH

MOMENTS = (None, "rayleigh")
SURFACTANTS = (None, "pereira_2018")
RAIN = "ho_1997"

# Functions that `bind` replaces; these are the defaults.
_formula = wanninkhof_2014
_schmidt = of_co2_in_sea_water
_reference = 660.0


def _half(ratio: Any, _u: Any) -> Any:
    return 1.0 / sqrt(ratio)


_scaling = _half


def velocity(u: Any, temperature: Any, second: Any, third: Any) -> Any:
    """Transfer velocity from one wind speed, the parts put together."""
    u2 = u * u
    ratio = _schmidt(temperature) * (1.0 / _reference)
    return _formula(u, second * u2, third * (u2 * u)) * _scaling(ratio, u)


def _of_mean(u: Any, temperature: Any, p: Any) -> Any:
    return velocity(u, temperature, p[0], p[1])


def _of_moments(u: Any, u2: Any, u3: Any, temperature: Any, _p: Any) -> Any:
    ratio = _schmidt(temperature) * (1.0 / _reference)
    return _formula(u, u2, u3) * _scaling(ratio, u)


def _of_friction(u_star: Any, temperature: Any, _p: Any) -> Any:
    return _formula(u_star) / sqrt(_schmidt(temperature) * (1.0 / _reference))


def _of_waves(u_star: Any, height: Any, temperature: Any, salinity: Any, p: Any) -> Any:
    root = sqrt(_schmidt(temperature) * (1.0 / _reference))
    # p[2] is 1 or 0: some codes leave the bubbles out of the Schmidt scaling.
    bubbles = p[1] * (1.0 + p[2] * (root - 1.0))
    alpha = ostwald(temperature, salinity)
    return deike_melville_2018(u_star, height, alpha, p[0], bubbles) / root


def _of_bubbles(u: Any, temperature: Any, salinity: Any, p: Any) -> Any:
    alpha = ostwald(temperature, salinity)
    return woolf_1997_kb(u, _schmidt(temperature), alpha, p[0])


def _with_rain(k: Any, rain_rate: Any, temperature: Any, _p: Any) -> Any:
    root = sqrt(_schmidt(temperature) * (1.0 / 600.0))
    return k + rain_ho_1997(rain_rate) / root


def _with_film(k: Any, temperature: Any, _p: Any) -> Any:
    return k * surfactant_pereira_2018(temperature)


@lru_cache(maxsize=256)
def bound_velocity(entry: TransferVelocity, schmidt: SchmidtNumber) -> Scalar:
    """Return `velocity` with the formulas that the options name."""
    return bind(velocity, **_parts(entry, schmidt, "CO2", "sea"))


def _parts(
    entry: TransferVelocity, schmidt: SchmidtNumber, gas: str, water: str
) -> dict[str, Any]:
    if schmidt.needs_viscosity:
        raise OptionError(
            f"Schmidt number {schmidt.name!r} needs a viscosity: choose another one,"
            " or compute k with your own viscosity and pass it as k"
        )
    return {
        "_formula": entry.formula,
        "_schmidt": schmidt_formula(schmidt, gas, water),
        "_reference": float(entry.schmidt_reference),
        "_scaling": entry.scaling or _half,
    }


_TEMPLATES: dict[str, tuple[Scalar, tuple[str, ...], tuple[str, ...]]] = {
    "mean": (_of_mean, ("wind_speed", "temperature"), ("wind", "temperature")),
    "moments": (
        _of_moments,
        ("wind_speed", "wind_speed_squared", "wind_speed_cubed", "temperature"),
        ("wind", "wind", "wind", "temperature"),
    ),
    "yang_2022_ustar": (
        _of_friction,
        ("friction_velocity", "temperature"),
        ("wind", "temperature"),
    ),
    "deike_melville_2018": (
        _of_waves,
        ("friction_velocity", "wave_height", "temperature", "salinity"),
        ("wind", "wind", "temperature", "salinity"),
    ),
    "woolf_1997_kb": (
        _of_bubbles,
        ("wind_speed", "temperature", "salinity"),
        ("wind", "temperature", "salinity"),
    ),
    "rain": (
        _with_rain,
        ("transfer_velocity", "rain_rate", "temperature"),
        ("any", "wind", "temperature"),
    ),
    "film": (_with_film, ("transfer_velocity", "temperature"), ("any", "temperature")),
}


@lru_cache(maxsize=256)
def _program(
    template: str, entry: TransferVelocity, schmidt: SchmidtNumber, gas: str, water: str
) -> Program:
    formula, arguments, kinds = _TEMPLATES[template]
    parts = _parts(entry, schmidt, gas, water)
    if template == "mean":
        bound = bind(formula, velocity=bind(velocity, **parts))
    else:
        used = formula.__code__.co_names
        bound = bind(formula, **{k: v for k, v in parts.items() if k in used})
    positions = {name: i for i, name in enumerate(arguments)}
    checks = (*entry.checks(**positions), *schmidt.checks(**positions))
    if template in ("rain", "film"):  # they were checked with k itself
        checks = ()
    floors = tuple(FLOORS[kind] for kind in kinds)
    return Program("transfer velocity", bound, arguments, floors, checks)


def transfer_velocity(
    wind_speed: Any,
    temperature: Any,
    parametrisation: Any = "W14",
    *,
    wind_speed_squared: Any = None,
    wind_speed_cubed: Any = None,
    moments: str | None = None,
    schmidt: Any = "wanninkhof_2014",
    gas: str = "CO2",
    water: str = "sea",
    rain_rate: Any = None,
    surfactant: str | None = None,
    friction_velocity: Any = None,
    wave_height: Any = None,
    salinity: Any = None,
    a_nb: float | None = None,
    a_b: float | None = None,
    scale_bubbles: bool = False,
    v0: float = 2450.0,
    on_range: str = "warn",
) -> Any:
    """Gas transfer velocity at the Schmidt number of the water.

    A quadratic formula wants the mean of the squared wind, not the square of the
    mean wind: give `wind_speed_squared` (and `wind_speed_cubed`) where the winds
    are means. Without them the wind is squared, and a DataArray says so in its
    attribute ``wind_moments``.

    Parameters
    ----------
    wind_speed : array_like or None
        Wind speed at 10 m; None where only friction velocity counts [m s-1].
    temperature : array_like
        Water temperature [degree_Celsius].
    parametrisation : str, TransferVelocity, mapping or callable, default "W14"
        A name in `TRANSFER_VELOCITIES`, long or short; or your own object,
        ``{"coef": (a0, a1, a2, a3), "sc_ref": 660}``, or function of U.
    wind_speed_squared, wind_speed_cubed : array_like, optional
        Mean of the squared and of the cubed wind [m2 s-2, m3 s-3].
    moments : {None, "rayleigh"}
        ``"rayleigh"`` takes (4/pi) U^2 and (6/pi) U^3 for a mean wind U.
    schmidt : str, SchmidtNumber or callable
        A name in `SCHMIDT_NUMBERS`, or your own.
    gas : str
        Gas of the Schmidt number.
    water : {"sea", "fresh"}
        Water of the Schmidt number.
    rain_rate : array_like, optional
        Adds the term of Ho et al. (1997) [mm h-1].
    surfactant : {None, "pereira_2018"}
        Factor by surfactants, for ``"nightingale_2000"`` only.
    friction_velocity : array_like, optional
        Friction velocity of the air, where the parametrisation needs it [m s-1].
    wave_height : array_like, optional
        Significant wave height, where the parametrisation needs it [m].
    salinity : array_like, optional
        Practical salinity, where the parametrisation needs it [1].
    a_nb, a_b : float, optional
        Coefficients of ``"deike_melville_2018"``, which has no agreed ones.
    scale_bubbles : bool
        Multiply the bubble term of ``"deike_melville_2018"`` with sqrt(Sc/660).
    v0 : float
        Coefficient of ``"woolf_1997_kb"`` [cm h-1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside a published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Transfer velocity [cm h-1], broadcast shape of the inputs.

    Raises
    ------
    UnknownNameError
        If there is no such parametrisation.
    UnverifiedError
        If its paper has not been read yet.
    OptionError
        If an input that it needs is missing.

    References
    ----------
    .. [1] Wanninkhof (2014), Limnol. Oceanogr. Methods 12, 351-362,
       doi:10.4319/lom.2014.12.351.

    Examples
    --------
    >>> round(transfer_velocity(10.0, 20.0), 10)
    24.9428263079
    >>> own = {"coef": (0, 0, 0.3), "sc_ref": 660}
    >>> round(transfer_velocity(10.0, 20.0, own), 4)
    29.8121
    """
    inputs = dict(locals())  # every input by its name
    entry = resolve_transfer_velocity(parametrisation)
    number = resolve_schmidt(schmidt)
    choose("moments", moments, MOMENTS)
    choose("surfactant", surfactant, SURFACTANTS)
    if surfactant and entry.name != "nightingale_2000":
        raise OptionError(f"surfactant {surfactant!r} is for 'nightingale_2000' only")
    k, attrs = _compute(entry, number, inputs)
    for template, term, extra in (
        ("film", surfactant, ()),
        ("rain", rain_rate, (rain_rate,)),
    ):
        if term is not None:
            attrs[template] = SURFACTANTS[1] if template == "film" else RAIN
            program = _program(template, entry, number, gas, water)
            k = evaluate(program, (k, *extra, temperature), attrs=attrs)
    return k


def _compute(
    entry: TransferVelocity, number: SchmidtNumber, inputs: dict[str, Any]
) -> tuple[Any, dict[str, str]]:
    template, note = _template(entry, inputs)
    program = _program(template, entry, number, inputs["gas"], inputs["water"])
    attrs = {
        "name": "transfer_velocity",
        "units": entry.units,
        "long_name": f"gas transfer velocity of {inputs['gas']}",
        "parametrisation": entry.name,
        "schmidt_number": number.name,
        "wind_moments": note,
    }
    k = evaluate(
        program,
        [inputs[name] for name in program.arguments],
        _parameters(template, inputs),
        attrs=attrs,
        on_range=inputs["on_range"],
    )
    return k, attrs


def _template(entry: TransferVelocity, inputs: dict[str, Any]) -> tuple[str, str]:
    for name in entry.inputs:
        if inputs[name] is None:
            raise OptionError(f"transfer velocity {entry.name!r} needs {name}")
    if not entry.moments:
        return entry.name, "not needed"
    if inputs["wind_speed"] is None and 1 in entry.moments:
        raise OptionError(f"transfer velocity {entry.name!r} needs wind_speed")
    if entry.inputs:
        return entry.name, "mean wind"
    return _wind_template(entry, inputs)


def _wind_template(entry: TransferVelocity, inputs: dict[str, Any]) -> tuple[str, str]:
    needed = [_POWERS[m] for m in entry.moments if m in _POWERS]
    missing = [name for name in needed if inputs[name] is None]
    if entry.fitted_on_means or not needed:
        return "mean", "mean wind, as the formula wants it"
    if len(missing) < len(needed):
        if inputs["moments"] is not None:
            raise OptionError("give wind moments or moments='rayleigh', not both")
        if missing:
            raise OptionError(f"transfer velocity {entry.name!r} needs {missing[0]}")
        spare = inputs[needed[0]]
        for name in ("wind_speed", *_POWERS.values()):
            if inputs[name] is None:
                inputs[name] = spare  # a moment that the formula does not use
        return "moments", "given"
    if inputs["wind_speed"] is None:
        raise OptionError(f"transfer velocity {entry.name!r} needs wind_speed")
    if inputs["moments"] == "rayleigh":
        return "mean", "of a Rayleigh distribution with the mean wind"
    return "mean", "the mean wind was raised to the power"


_POWERS = {2: "wind_speed_squared", 3: "wind_speed_cubed"}


def _parameters(template: str, inputs: dict[str, Any]) -> tuple[float, ...]:
    if template == "mean":
        return RAYLEIGH if inputs["moments"] == "rayleigh" else (1.0, 1.0)
    if template == "deike_melville_2018":
        return tuple(float(inputs[name]) for name in ("a_nb", "a_b", "scale_bubbles"))
    if template == "woolf_1997_kb":
        return (float(inputs["v0"]),)
    return ()
