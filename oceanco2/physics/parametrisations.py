"""Gas transfer velocities. To add one, decorate one function here.

A formula of wind takes U, the mean of U^2 and the mean of U^3 and returns k [cm h-1]
at its reference Schmidt number. Those that need friction velocity, waves or salinity
follow, and then those that users give as coefficients, functions or objects.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, RegistrationError
from oceanco2.physics._engine.elementary import exp, log, power, sqrt, where
from oceanco2.physics._engine.program import Scalar, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

_UP_TO_20 = (("wind_speed", 0.0, 20.0),)
_UNREAD = "it will be added when the paper has been read"


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferVelocity(Formula):
    """A gas transfer parametrisation.

    Attributes
    ----------
    short_name : str
        Initials and year; accepted as a name, too.
    schmidt_reference : float
        Schmidt number that the formula is for [1].
    moments : tuple of int
        Powers of wind speed whose means it uses: 1, 2, 3.
    scaling : callable or None
        Function of Sc/reference and U; None is the power -1/2.
    inputs : tuple of str
        Inputs that it needs beside wind and temperature.
    fitted_on_means : bool
        Whether it was fitted on mean winds, so that these are right.
    units : str
        Units of the result.
    relative_uncertainty : float or None
        Standard uncertainty of k over k (half of a published range) [1].
    """

    short_name: str = ""
    schmidt_reference: float = 660.0
    moments: tuple[int, ...] = (2,)
    scaling: Callable[..., Any] | None = None
    inputs: tuple[str, ...] = ()
    fitted_on_means: bool = False
    units: str = "cm h-1"

    @property
    def moments_text(self) -> str:
        """Return the wind moments as text.

        Returns
        -------
        str
            For example ``"<U>, <U^2>"``.
        """
        if not self.moments:
            return "none"
        if self.fitted_on_means:
            return "long-term mean <U>, squared"
        return ", ".join("<U>" if m == 1 else f"<U^{m}>" for m in self.moments)


TRANSFER_VELOCITIES: FormulaRegistry[TransferVelocity] = FormulaRegistry(
    "transfer velocity",
    package="oceanco2.physics",
    modules=("parametrisations",),
    group="oceanco2.transfer_velocities",
    reserved={
        "fay_2021_jra55": f"the coefficient for JRA55 is not verified; {_UNREAD}",
        "wanninkhof_mcgillis_1999": "sources disagree on its reference Schmidt number"
        f" (4.7 %); {_UNREAD}",
        "mcgillis_2004": f"its reference Schmidt number is not verified; {_UNREAD}",
        "butterworth_miller_2016": f"its coefficients are not verified; {_UNREAD}",
        "prytherch_2010": f"its coefficients are not verified; {_UNREAD}",
        "edson_2011": f"its coefficients are not verified; {_UNREAD}",
        "ribas_ribas_2019": f"paper and public code contradict each other; {_UNREAD}",
        "k06_linear": f"its origin is unclear; {_UNREAD}",
        "ho_2011": f"known only as cited by others; {_UNREAD}",
        "oceanflux_kb": f"its coefficients are not verified; {_UNREAD}",
        "brumer_2017": f"its coefficients are not verified; {_UNREAD}",
        "blomquist_2017": f"only its exponents are public; {_UNREAD}",
        "zappa_2007": f"its coefficients are not verified; {_UNREAD}",
        "coare_gas_3.1": "it needs full bulk meteorology and is not implemented here",
        "coare_gas_3.6": "it needs full bulk meteorology and is not implemented here",
        "johnson_2010": "not in this release",
    },
)


def _check_moments(entry: TransferVelocity) -> None:
    """Vary each mean power of the wind: those that change k are those it uses."""
    used = tuple(power for power in (1, 2, 3) if _uses(entry.formula, power))
    if used != tuple(sorted(entry.moments)):
        raise RegistrationError(
            f"transfer velocity {entry.name!r}: its function uses the wind moments"
            f" {used}, but moments={entry.moments}"
        )


def _uses(formula: Callable[..., Any], power: int) -> bool:
    for wind in (0.5, 2.0, 5.0, 9.0, 14.0):
        moments = [wind, 1.2 * wind**2, 1.9 * wind**3]
        other = moments.copy()
        other[power - 1] *= 1.25
        with np.errstate(all="ignore"):
            if not np.array_equal(formula(*moments), formula(*other), equal_nan=True):
                return True
    return False


def register_transfer_velocity(
    name: str, short_name: str = "", **about: Any
) -> Callable[..., Any]:
    """Register a gas transfer parametrisation.

    Parameters
    ----------
    name : str
        The name users type.
    short_name : str
        Another name of the same.
    **about
        Fields of `TransferVelocity`: ``expression``, ``doi``,
        ``schmidt_reference``, ``moments``...

    Returns
    -------
    callable
        Decorator of a function of U, <U^2> and <U^3> at 10 m [m s-1 ...] that
        returns k [cm h-1] at the reference Schmidt number.
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        about.setdefault("valid", _UP_TO_20)
        about.setdefault("long_name", name)
        entry = TransferVelocity(
            name=name, short_name=short_name, formula=formula, **about
        )
        if not entry.inputs:
            _check_moments(entry)
        aliases = (short_name,) if short_name else ()
        TRANSFER_VELOCITIES.add(name, entry, *aliases)
        return formula

    return decorate


@register_transfer_velocity(
    "wanninkhof_2014",
    "W14",
    long_name="Wanninkhof (2014)",
    expression="0.251 <U^2>",
    doi="10.4319/lom.2014.12.351",
    valid=(("wind_speed", 3.0, 15.0),),
    relative_uncertainty=0.10,
)
def wanninkhof_2014(_u: Any, u2: Any, _u3: Any) -> Any:
    """Transfer velocity at Sc = 660 after Wanninkhof (2014), the default."""
    return 0.251 * u2


@register_transfer_velocity(
    "wanninkhof_1992",
    "W92",
    long_name="Wanninkhof (1992), short-term winds",
    expression="0.31 <U^2>",
    doi="10.1029/92JC00188",
    relative_uncertainty=0.125,
)
def _wanninkhof_1992(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.31 * u2


@register_transfer_velocity(
    "wanninkhof_1992_longterm",
    "W92LT",
    long_name="Wanninkhof (1992), long-term mean winds",
    expression="0.39 <U>^2",
    doi="10.1029/92JC00188",
    moments=(1,),
    fitted_on_means=True,
    relative_uncertainty=0.125,
    note="for the square of a long-term mean wind, not the mean square",
)
def _wanninkhof_1992_longterm(u: Any, _u2: Any, _u3: Any) -> Any:
    return 0.39 * u * u


@register_transfer_velocity(
    "nightingale_2000",
    "N00",
    long_name="Nightingale et al. (2000)",
    expression="0.222 <U^2> + 0.333 <U>",
    doi="10.1029/1999GB900091",
    schmidt_reference=600.0,
    moments=(1, 2),
    relative_uncertainty=0.10,
)
def _nightingale_2000(u: Any, u2: Any, _u3: Any) -> Any:
    return 0.222 * u2 + 0.333 * u


@register_transfer_velocity(
    "ho_2006",
    "Ho06",
    long_name="Ho et al. (2006)",
    expression="0.266 <U^2>",
    doi="10.1029/2006GL026817",
    schmidt_reference=600.0,
)
def _ho_2006(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.266 * u2


@register_transfer_velocity(
    "sweeney_2007",
    "SW07",
    long_name="Sweeney et al. (2007)",
    expression="0.27 <U^2>",
    doi="10.1029/2006GB002784",
    relative_uncertainty=0.15,
)
def _sweeney_2007(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.27 * u2


@register_transfer_velocity(
    "mcgillis_2001",
    "M01",
    long_name="McGillis et al. (2001)",
    expression="3.3 + 0.026 <U^3>",
    doi="10.1016/S0304-4203(01)00042-1",
    moments=(3,),
)
def _mcgillis_2001(_u: Any, _u2: Any, u3: Any) -> Any:
    return 3.3 + 0.026 * u3


@register_transfer_velocity(
    "wanninkhof_2009",
    "W09",
    long_name="Wanninkhof et al. (2009)",
    expression="3 + 0.1 <U> + 0.064 <U^2> + 0.011 <U^3>",
    doi="10.1146/annurev.marine.010908.163742",
    moments=(1, 2, 3),
)
def _wanninkhof_2009(u: Any, u2: Any, u3: Any) -> Any:
    return 3.0 + 0.1 * u + 0.064 * u2 + 0.011 * u3


def _liss_merlivat_scaling(ratio: Any, u: Any) -> Any:
    # Smooth water up to 3.6 m/s: the power is -2/3.
    return where(u <= 3.6, exp(-2.0 / 3.0 * log(ratio)), 1.0 / sqrt(ratio))


@register_transfer_velocity(
    "liss_merlivat_1986",
    "LM86",
    long_name="Liss and Merlivat (1986)",
    expression="0.17 U (U <= 3.6), 2.85 U - 9.65 (U <= 13), 5.9 U - 49.3",
    schmidt_reference=600.0,
    moments=(1,),
    scaling=_liss_merlivat_scaling,
    no_doi="book chapter (Reidel, 1986)",
    note="(Sc/600)^-2/3 up to 3.6 m/s",
)
def _liss_merlivat_1986(u: Any, _u2: Any, _u3: Any) -> Any:
    rough = where(u <= 13.0, 2.85 * u - 9.65, 5.9 * u - 49.3)
    return where(u <= 3.6, 0.17 * u, rough)


@register_transfer_velocity(
    "takahashi_2009",
    "T09",
    long_name="Takahashi et al. (2009)",
    expression="0.26 <U^2>",
    doi="10.1016/j.dsr2.2008.12.009",
    status="optional",
    relative_uncertainty=0.15,
    note="the paper uses the Schmidt number wanninkhof_1992",
)
def _takahashi_2009(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.26 * u2


@register_transfer_velocity(
    "nightingale_2000_north_sea",
    "N00NS",
    long_name="Nightingale et al. (2000), North Sea",
    expression="0.23 <U^2> + 0.1 <U>",
    schmidt_reference=600.0,
    moments=(1, 2),
    status="optional",
    no_doi="the DOI has not been confirmed",
)
def _nightingale_2000_north_sea(u: Any, u2: Any, _u3: Any) -> Any:
    return 0.23 * u2 + 0.1 * u


@register_transfer_velocity(
    "nightingale_2000b",
    "N00b",
    long_name="Nightingale et al. (2000), second paper",
    expression="0.24 <U^2> + 0.061 <U>",
    schmidt_reference=600.0,
    moments=(1, 2),
    status="optional",
    no_doi="the DOI has not been confirmed",
    note="one public code",
)
def _nightingale_2000b(u: Any, u2: Any, _u3: Any) -> Any:
    return 0.24 * u2 + 0.061 * u


@register_transfer_velocity(
    "goddijn_murphy_2012",
    "GM12",
    long_name="Goddijn-Murphy et al. (2012), direct component only",
    expression="max(0, 2.2 <U> - 3.4)",
    moments=(1,),
    status="optional",
    no_doi="the DOI has not been confirmed",
    note="no bubbles; negative below 1.55 m/s, where it is set to 0",
)
def _goddijn_murphy_2012(u: Any, _u2: Any, _u3: Any) -> Any:
    k = 2.2 * u - 3.4
    return where(k < 0.0, 0.0 * k, k)


@register_transfer_velocity(
    "yang_2022",
    "Y22",
    long_name="Yang et al. (2022), neutral wind",
    expression="0.36 + 1.203 <U> + 0.167 <U^2>",
    doi="10.3389/fmars.2022.826421",
    moments=(1, 2),
    status="optional",
)
def _yang_2022(u: Any, u2: Any, _u3: Any) -> Any:
    return 0.36 + 1.203 * u + 0.167 * u2


@register_transfer_velocity(
    "fay_2021_era5",
    "Fay21-ERA5",
    long_name="Fay et al. (2021), scaled for ERA5 winds",
    expression="0.271 <U^2>",
    doi="10.5194/essd-13-4693-2021",
    status="optional",
    note="scaled to a global 16.5 cm/h; for this wind product only",
)
def _fay_2021_era5(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.271 * u2


@register_transfer_velocity(
    "fay_2021_ccmp",
    "Fay21-CCMP",
    long_name="Fay et al. (2021), scaled for CCMP winds",
    expression="0.257 <U^2>",
    doi="10.5194/essd-13-4693-2021",
    status="optional",
    note="scaled to a global 16.5 cm/h; for this wind product only",
)
def _fay_2021_ccmp(_u: Any, u2: Any, _u3: Any) -> Any:
    return 0.257 * u2


@register_transfer_velocity(
    "yang_2022_ustar",
    "Y22-ustar",
    long_name="Yang et al. (2022), friction velocity",
    expression="1.47 + 76.67 u* + 20.48 u*^2",
    doi="10.3389/fmars.2022.826421",
    valid=(),
    moments=(),
    inputs=("friction_velocity",),
    status="optional",
)
def yang_2022_ustar(u_star: Any) -> Any:
    """Transfer velocity at Sc = 660 after Yang et al. (2022)."""
    return 1.47 + u_star * (76.67 + 20.48 * u_star)


@register_transfer_velocity(
    "deike_melville_2018",
    "DM18",
    long_name="Deike and Melville (2018), wind and bubbles",
    expression="3.6e5 [A_NB u* + A_B u*^(5/3) (g Hs)^(2/3)/alpha]",
    doi="10.1029/2018GL078758",
    valid=(),
    moments=(),
    inputs=("friction_velocity", "wave_height", "salinity", "a_nb", "a_b"),
    status="optional",
    note="A_NB and A_B must be supplied by the caller: implementations differ by 20 %",
)
def deike_melville_2018(
    u_star: Any, wave_height: Any, alpha: Any, a_nb: Any, a_b: Any
) -> Any:
    """Transfer velocity at Sc = 660 after Deike and Melville (2018)."""
    bubbles = power(u_star, 5.0 / 3.0) * power(9.81 * wave_height, 2.0 / 3.0)
    return 3.6e5 * (a_nb * u_star + a_b * bubbles / alpha)


@register_transfer_velocity(
    "woolf_1997_kb",
    "Wo97",
    long_name="Woolf (1997), bubbles only",
    expression="V0 W/alpha [1 + (14 alpha Sc^-1/2)^(-1/1.2)]^-1.2, W = 3.84e-6 U^3.41",
    valid=(("wind_speed", 0.0, 20.0),),
    moments=(1,),
    inputs=("salinity",),
    status="optional",
    no_doi="the DOI has not been confirmed",
    note="the bubble part only, at the Schmidt number of the water; V0 = 2450 cm/h,"
    " 2540 in Johnson (2010)",
)
def woolf_1997_kb(u: Any, schmidt: Any, alpha: Any, v0: Any) -> Any:
    """Transfer velocity by bubbles after Woolf (1997)."""
    whitecaps = whitecap_fraction(u)
    saturation = power(14.0 * alpha / sqrt(schmidt), -1.0 / 1.2)
    return v0 * whitecaps / alpha * exp(-1.2 * log(1.0 + saturation))


def rain_ho_1997(rain_rate: Any) -> Any:
    """Transfer velocity at Sc = 600 by rain after Ho et al. (1997)."""
    k = 0.929 + rain_rate * (0.679 - 0.0015 * rain_rate)
    return where(rain_rate > 0.0, k, 0.0 * rain_rate)


def surfactant_pereira_2018(temperature: Any) -> Any:
    """Factor on `nightingale_2000` by surfactants after Pereira et al. (2018)."""
    warm = where(temperature > 0.0, temperature, 0.0 * temperature)
    return 1.0 - 0.0046e-2 * power(warm, 2.5673)


def whitecap_fraction(u: Any) -> Any:
    """Share of the sea covered by whitecaps after Monahan and O'Muircheartaigh."""
    return 3.84e-6 * power(u, 3.41)


_a0, _a1, _a2, _a3 = 0.0, 0.0, 0.251, 0.0


def _custom_polynomial(u: Any, u2: Any, u3: Any) -> Any:
    return _a0 + _a1 * u + _a2 * u2 + _a3 * u3


@lru_cache(maxsize=256)
def _custom_coefficients(coef: tuple[float, ...], reference: float) -> TransferVelocity:
    names = ("_a0", "_a1", "_a2", "_a3")
    terms = [f"{a:g} <U^{n}>" for n, a in enumerate(coef) if a]
    return TransferVelocity(
        name="own",
        long_name="own coefficients",
        formula=bind(_custom_polynomial, **dict(zip(names, coef, strict=True))),
        expression=" + ".join(terms),
        schmidt_reference=reference,
        moments=tuple(n for n, a in enumerate(coef) if n and a),
        status="own",
    )


def _from_mapping(settings: Mapping[str, Any]) -> TransferVelocity:
    unknown = set(settings) - {"coef", "sc_ref"}
    coef = tuple(float(a) for a in settings.get("coef", ()))
    if unknown or not 1 <= len(coef) <= 4:
        raise OptionError(
            "a transfer velocity of coefficients must be {'coef': (a0, a1, a2, a3),"
            " 'sc_ref': 660} for a0 + a1 U + a2 U^2 + a3 U^3,"
            f" not {dict(settings)!r}"
        )
    coef = (*coef, 0.0, 0.0, 0.0)[:4]
    return _custom_coefficients(coef, float(settings.get("sc_ref", 660.0)))


_function = wanninkhof_2014


def _of_wind(u: Any, _u2: Any, _u3: Any) -> Any:
    return _function(u)


@lru_cache(maxsize=64)
def _custom_function(function: Scalar) -> TransferVelocity:
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
    """Return the entry of a name, or make one of coefficients or a function."""
    if isinstance(parametrisation, TransferVelocity):
        return parametrisation
    if isinstance(parametrisation, Mapping):
        return _from_mapping(parametrisation)
    if callable(parametrisation):
        return _custom_function(parametrisation)
    return TRANSFER_VELOCITIES[parametrisation]
