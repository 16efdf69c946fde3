"""Schmidt numbers. To add a form, decorate one function or add one polynomial here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from oceanco2.errors import OptionError, UnknownNameError, choose, not_found
from oceanco2.physics._arrays import evaluate
from oceanco2.physics._constants import COLDEST, FLOORS, GAS_CONSTANT, ZERO_CELSIUS
from oceanco2.physics._engine.elementary import exp
from oceanco2.physics._engine.program import Program, Scalar, bind
from oceanco2.physics._entries import Formula, FormulaRegistry

WATERS = ("sea", "fresh")
Coefficients = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SchmidtNumber(Formula):
    """A form of the Schmidt number.

    Attributes
    ----------
    polynomials : mapping of (str, str) to tuple of float
        Coefficients a0..a4 in degree_Celsius for (water, gas).
    needs_viscosity : bool
        Whether the formula takes a viscosity and a salinity, too.
    """

    polynomials: Mapping[tuple[str, str], Coefficients] | None = None
    needs_viscosity: bool = False


SCHMIDT_NUMBERS: FormulaRegistry[SchmidtNumber] = FormulaRegistry(
    "Schmidt number",
    package="oceanco2.physics",
    modules=("schmidt",),
    group="oceanco2.schmidt_numbers",
)

_WANNINKHOF_2014: dict[tuple[str, str], Coefficients] = {
    ("sea", "CO2"): (2116.8, -136.25, 4.7353, -0.092307, 0.0007555),
    ("sea", "O2"): (1920.4, -135.6, 5.2122, -0.10939, 0.00093777),
    ("sea", "N2"): (2304.8, -162.75, 6.2557, -0.13129, 0.0011255),
    ("sea", "N2O"): (2356.2, -166.38, 6.3952, -0.13422, 0.0011506),
    ("sea", "CH4"): (2101.2, -131.54, 4.4931, -0.08676, 0.00070663),
    ("sea", "DMS"): (2855.7, -177.63, 6.0438, -0.11645, 0.00094743),
    ("sea", "SF6"): (3177.5, -200.57, 6.8865, -0.13335, 0.0010877),
    ("sea", "CFC11"): (3579.2, -222.63, 7.5749, -0.14595, 0.0011874),
    ("sea", "CFC12"): (3828.1, -249.86, 8.7603, -0.1716, 0.001408),
    ("sea", "Rn"): (3489.6, -244.56, 8.9713, -0.18022, 0.0014985),
    ("sea", "CH3Br"): (2181.8, -138.4, 4.7663, -0.092448, 0.0007547),
    ("sea", "CCl4"): (4398.7, -308.25, 11.798, -0.24709, 0.0021159),
    ("fresh", "CO2"): (1923.6, -125.06, 4.3773, -0.085681, 0.00070284),
    ("fresh", "O2"): (1745.1, -124.34, 4.8055, -0.10115, 0.00086842),
    ("fresh", "N2O"): (2141.2, -152.56, 5.8963, -0.12411, 0.0010655),
    ("fresh", "CH4"): (1909.4, -120.78, 4.1555, -0.080578, 0.00065777),
    ("fresh", "DMS"): (2595.0, -163.12, 5.5902, -0.10817, 0.00088204),
    ("fresh", "SF6"): (3035.0, -196.35, 6.851, -0.13387, 0.0010972),
    ("fresh", "CFC11"): (3460.0, -217.49, 7.4537, -0.14423, 0.0011761),
    ("fresh", "CFC12"): (3478.6, -229.32, 8.0961, -0.15923, 0.0013095),
    ("fresh", "Rn"): (3171.0, -224.28, 8.2809, -0.16699, 0.0013915),
    ("fresh", "CH3Br"): (2109.2, -135.17, 4.6884, -0.091317, 0.00074715),
    ("fresh", "CCl4"): (3997.2, -282.69, 10.88, -0.22855, 0.0019605),
}
_WANNINKHOF_1992: dict[tuple[str, str], Coefficients] = {
    ("sea", "CO2"): (2073.1, -125.62, 3.6276, -0.043219, 0.0),
    ("fresh", "CO2"): (1911.1, -118.11, 3.4527, -0.041320, 0.0),
}

_a0, _a1, _a2, _a3, _a4 = _WANNINKHOF_2014["sea", "CO2"]


def _polynomial(t: Any) -> Any:
    return _a0 + t * (_a1 + t * (_a2 + t * (_a3 + t * _a4)))


def _of(coefficients: Coefficients) -> Scalar:
    names = ("_a0", "_a1", "_a2", "_a3", "_a4")
    return bind(_polynomial, **dict(zip(names, coefficients, strict=True)))


def register_schmidt_number(name: str, **about: Any) -> Callable[..., Any]:
    """Register a form of the Schmidt number of CO2 in sea water.

    Parameters
    ----------
    name : str
        The name users type.
    **about
        Fields of `SchmidtNumber`: ``long_name``, ``expression``, ``doi``...

    Returns
    -------
    callable
        Decorator of a function of temperature [degree_Celsius].
    """

    def decorate(formula: Callable[..., Any]) -> Callable[..., Any]:
        SCHMIDT_NUMBERS.add(name, SchmidtNumber(name=name, formula=formula, **about))
        return formula

    return decorate


register_schmidt_number(
    "wanninkhof_2014",
    long_name="Wanninkhof (2014), table 1",
    expression="2116.8 - 136.25 t + 4.7353 t^2 - 0.092307 t^3 + 0.0007555 t^4",
    doi="10.4319/lom.2014.12.351",
    valid=(("temperature", COLDEST, 40.0),),
    polynomials=_WANNINKHOF_2014,
    note="one public code gives N2, Rn, CH3Br and CCl4, and fresh water of all but"
    " CO2, O2 and SF6; He, Ne, Ar and Kr are not here",
)(_of(_WANNINKHOF_2014["sea", "CO2"]))

# Exactly 0: below it this polynomial is 2.7 % low, above 30 up to 68 %.
register_schmidt_number(
    "wanninkhof_1992",
    long_name="Wanninkhof (1992), table A1",
    expression="2073.1 - 125.62 t + 3.6276 t^2 - 0.043219 t^3",
    doi="10.1029/92JC00188",
    valid=(("temperature", 0.0, 30.0),),
    polynomials=_WANNINKHOF_1992,
)(_of(_WANNINKHOF_1992["sea", "CO2"]))


@register_schmidt_number(
    "groger_mikolajewicz_2011",
    long_name="Groger and Mikolajewicz (2011)",
    expression="142.653 + 1955.9 exp(-0.0663147 t)",
    doi="10.1016/j.ocemod.2011.05.003",
    status="optional",
    note="coefficients from a public code; the DOI has not been confirmed",
)
def _groger_mikolajewicz_2011(temperature: Any) -> Any:
    return 142.653 + 1955.9 * exp(-0.0663147 * temperature)


def diffusivity(temperature: Any, salinity: Any) -> Any:
    """Diffusivity of CO2 in water after Jahne et al. (1987), the formula.

    Examples
    --------
    >>> round(float(diffusivity(20.0, 0.0)) * 1e9, 9)
    1.676158968
    """
    energy = -19510.0 / GAS_CONSTANT
    fresh = 5.019e-6 * exp(energy / (temperature + ZERO_CELSIUS))
    return fresh * (1.0 - 0.049 / 35.5 * salinity)


@register_schmidt_number(
    "jahne_1987",
    long_name="Jahne et al. (1987), diffusivity; the viscosity is yours",
    expression="nu/D, D = 5.019e-6 exp[-19510/(R T)] (1 - 0.049 S/35.5)",
    doi="10.1029/JC092iC10p10767",
    status="optional",
    needs_viscosity=True,
)
def _jahne_1987(temperature: Any, viscosity: Any, salinity: Any) -> Any:
    return viscosity / diffusivity(temperature, salinity)


@lru_cache(maxsize=64)
def _custom(function: Callable[..., Any]) -> SchmidtNumber:
    name = getattr(function, "__name__", "own")
    return SchmidtNumber(
        name=name, long_name=name, formula=function, expression="own", status="own"
    )


def resolve_schmidt(method: Any) -> SchmidtNumber:
    """Return the entry of a name, or make one of a function."""
    if isinstance(method, SchmidtNumber):
        return method
    return _custom(method) if callable(method) else SCHMIDT_NUMBERS[method]


@lru_cache(maxsize=256)
def schmidt_formula(entry: SchmidtNumber, gas: str, water: str) -> Scalar:
    """Return the scalar formula of a gas in a water."""
    choose("water", water, WATERS)
    table = entry.polynomials
    if (water, gas) not in (table or {("sea", "CO2")}):
        gases = [g for w, g in table or {("sea", "CO2")} if w == water]
        kind = f"gas of {entry.name} in {water} water"
        raise UnknownNameError(not_found(kind, gas, gases))
    return _of(table[water, gas]) if table else entry.formula


#: After Wanninkhof (2014), the default.
of_co2_in_sea_water = _of(_WANNINKHOF_2014["sea", "CO2"])
_schmidt = of_co2_in_sea_water


def _number(temperature: Any, _p: Any) -> Any:
    return _schmidt(temperature)


def _number_viscosity(temperature: Any, viscosity: Any, salinity: Any, _p: Any) -> Any:
    return _jahne_1987(temperature, viscosity, salinity)


@lru_cache(maxsize=64)
def _program(entry: SchmidtNumber, gas: str, water: str) -> Program:
    formula = schmidt_formula(entry, gas, water)
    checks = entry.checks(temperature=0)
    floor = FLOORS["temperature"]
    if entry.needs_viscosity:
        names: tuple[str, ...] = ("temperature", "viscosity", "salinity")
        floors = (floor, FLOORS["pressure"], FLOORS["salinity"])
        return Program("Schmidt number", _number_viscosity, names, floors, checks)
    bound = bind(_number, _schmidt=formula)
    return Program("Schmidt number", bound, ("temperature",), (floor,), checks)


def schmidt_number(
    temperature: Any,
    gas: str = "CO2",
    method: Any = "wanninkhof_2014",
    *,
    water: str = "sea",
    viscosity: Any = None,
    salinity: Any = None,
    on_range: str = "warn",
) -> Any:
    """Schmidt number of a gas in water: viscosity over diffusivity.

    Parameters
    ----------
    temperature : array_like
        Water temperature [degree_Celsius].
    gas : str, default "CO2"
        CO2, O2, N2 (sea water only), N2O, CH4, DMS, SF6, CFC11, CFC12, Rn, CH3Br
        or CCl4.
    method : str, SchmidtNumber or callable, default "wanninkhof_2014"
        A name in `SCHMIDT_NUMBERS`, or your own function of temperature.
    water : {"sea", "fresh"}
        Sea water of salinity 35, or fresh water.
    viscosity : array_like, optional
        Kinematic viscosity, for ``"jahne_1987"`` only [m2 s-1].
    salinity : array_like, optional
        Practical salinity, for ``"jahne_1987"`` only [1].
    on_range : {"warn", "nan", "raise", "ignore"}
        What happens outside the published range.

    Returns
    -------
    float, ndarray, Series or DataArray
        Schmidt number [1].

    Raises
    ------
    UnknownNameError
        If there is no such method, or it has no such gas.
    OptionError
        If a viscosity is missing, or supplied to a form that takes none.

    References
    ----------
    .. [1] Wanninkhof (2014), Limnol. Oceanogr. Methods 12, 351-362,
       doi:10.4319/lom.2014.12.351.

    Examples
    --------
    >>> round(schmidt_number(20.0), 6)
    668.344
    """
    entry = resolve_schmidt(method)
    extra = (viscosity, salinity)
    supplied = sum(value is not None for value in extra)
    if supplied != (2 if entry.needs_viscosity else 0):
        needs = "needs" if entry.needs_viscosity else "takes no"
        raise OptionError(f"Schmidt number {entry.name!r} {needs} viscosity, salinity")
    inputs = (temperature, *extra) if entry.needs_viscosity else (temperature,)
    attrs = {
        "name": "schmidt_number",
        "units": "1",
        "long_name": f"Schmidt number of {gas} in {water} water",
        "method": entry.name,
    }
    program = _program(entry, gas, water)
    return evaluate(program, inputs, attrs=attrs, on_range=on_range)
