"""Checks: arrays in, int8 WOCE flags out. To add one, write one decorated function.

Values never change. Checks ignore NaN; missing values are flagged afterwards.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, wraps
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from oceanco2.bits import OTHER_TESTS, PLUGIN_BITS
from oceanco2.errors import (
    OptionError,
    RegistrationError,
    choose_name,
    invalid_value,
    not_found,
)
from oceanco2.qc.limits import PROFILES, RUNS
from oceanco2.registry import CHECKS
from oceanco2.vocabulary import GOOD, VARIABLES

#: Flag of a check that sets its bit without making the value questionable.
NOTED = 1
_LEVELS = ("questionable", "bad")
_PACKAGE = "oceanco2."


def _is_number(value: Any) -> bool:
    fits = isinstance(value, int | float) and not isinstance(value, bool)
    return fits and not math.isnan(value)


def _read_number(value: Any) -> Any:
    if not _is_number(value) or value < 0:
        raise ValueError("must be a number that is not negative")
    return value


def _read_count(value: Any) -> int:
    if not _is_number(value) or value < 1 or value != value // 1:
        raise ValueError(f"must be a whole number from 1, not {value!r}")
    return int(value)


def _read_pair(value: Any) -> tuple[Any, ...]:
    pair = isinstance(value, list | tuple) and len(value) == 2
    if not pair or not all(map(_is_number, value)):
        raise ValueError("must be two numbers [lowest, highest]")
    if value[1] < value[0]:
        raise ValueError(f"must be [lowest, highest], not {value}")
    return tuple(value)


def _read_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    return value


#: Types of options: a number that is not negative, a whole number, lowest and highest.
Number = Annotated[float, BeforeValidator(_read_number)]
Count = Annotated[int, BeforeValidator(_read_count)]
Pair = Annotated[tuple[float, float], BeforeValidator(_read_pair)]
Text = Annotated[str, BeforeValidator(_read_text)]


class Options(BaseModel):
    """Options of a check: unknown names and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    #: Whether the limits are lower ones: bad is below questionable.
    falling: ClassVar[bool] = False

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Return the options that have a default."""
        fields = cls.model_fields.items()
        return {name: f.default for name, f in fields if not f.is_required()}

    @classmethod
    def validate_options(cls, options: Mapping[str, Any]) -> None:
        """Raise OptionError, one line, if a name or a value is invalid."""
        try:
            cls.model_validate(dict(options))
        except ValidationError as error:
            raise OptionError(_explain(cls, error)) from None

    @classmethod
    def validate_order(cls, options: Mapping[str, Any]) -> None:
        """Raise OptionError for two limits of which one can never take effect."""
        low, high = (options.get(level) for level in _LEVELS)
        if not (_is_number(low) and _is_number(high)) or cls.falling:
            return
        if high < low:  # type: ignore[operator]
            raise OptionError(f"'bad' must not be below 'questionable': {high}, {low}")


def _explain(model: type[Options], error: ValidationError) -> str:
    """Return the first fault in one line; misspelt names first."""
    order = ("extra_forbidden", "missing")
    fault = min(error.errors(), key=lambda f: [*order, f["type"]].index(f["type"]))
    cause = fault.get("ctx", {}).get("error")
    if isinstance(cause, OptionError):
        return str(cause)
    key = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return not_found("option", key, model.model_fields)
    if fault["type"] == "missing":
        return f"lacks {key!r}"
    message = fault["msg"].removeprefix("Value error, ")
    if message.startswith("Input should be"):
        message = invalid_value(fault)
    return f"{key!r} {message}"


@dataclass(frozen=True, slots=True)
class Series:
    """The finite values of a variable, and the rows that are asked for."""

    x: np.ndarray
    seconds: np.ndarray
    at: np.ndarray

    def neighbours(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return values and times of neighbours."""
        where = self.at + step
        exists = (where >= 0) & (where < self.x.size)
        nearest = np.clip(where, 0, self.x.size - 1)
        values, seconds = self.x[nearest], self.seconds[nearest]
        return np.where(exists, values, np.nan), np.where(exists, seconds, np.nan)


@dataclass(frozen=True, slots=True)
class Track:
    """All fixes, and the rows that are asked for."""

    latitude: np.ndarray
    longitude: np.ndarray
    seconds: np.ndarray
    at: np.ndarray


@dataclass(frozen=True, slots=True)
class Derived:
    """An input of a check that is computed from variables of the dataset."""

    sources: tuple[str, ...]
    compute: Callable[[xr.Dataset], np.ndarray]


#: Profile to variable to options: default limits.
Limits = Mapping[str, Mapping[str, Mapping[str, Any]]]
#: Profile to kind of platform to options, or None if the check does not run there.
KindLimits = Mapping[str, Mapping[str, Mapping[str, Any] | None]]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A check that a platform file can name, and every fact about it.

    Attributes
    ----------
    name : str
        The name in ``[qc.VARIABLE]`` and of the bit in ``X_tests``.
    bit : int
        Position of its bit in ``X_tests``, for ever; 58 to 62 are those of plug-ins.
    function : callable
        ``(values, seconds, *, <needs>, <wants>, <options>) -> flags``.
    description : str
        One line for lists.
    reference : str
        Where the rule comes from.
    options : type of Options
        A pydantic model of the options, with their defaults.
    needs : tuple of str
        Other variables or coordinates of the dataset, passed as keyword-only
        arrays of the same length and name. Where one is missing, the
        check does not run, and ``tests_applied`` of the flag says so.
    wants : tuple of str
        As `needs`, but optional: None is passed where one is missing.
    tables : tuple of str
        The only variables it may be used for; empty: any.
    pairs : tuple of str
        Two variables that are compared: the check does not run if one of them was
        made from the other or is not measured.
    derived : mapping
        Needs that are computed from variables of the dataset.
    limits : mapping
        Profile to variable to options: where it runs by default.
    kinds : mapping
        Profile to kind of platform to options that are used there instead; None if
        the check does not run on such a platform.
    measure : callable, optional
        ``(series, options) -> measures``: what is compared with a limit, on the rows
        that are asked about, where it is not the value itself.
    sentence : str
        Format of a measure in the explanation of a flag.
    tested : str
        The variable that is compared with the limits, if not the flagged one.
    fixed : bool
        Whether it always runs, on times or positions, and has no options.
    track : bool
        Whether it takes latitude, longitude and seconds.
    impossible : bool
        Whether it sees impossible values, too, and given (nominal) ones.
    affects : {"both", "since_last", "nothing"}
        Of gas standard runs: the samples that a flagged run affects.
    all_runs : bool
        Of gas standard runs: whether rejected runs count as neighbours.
    contradiction : str
        Of ``[accepted]``: its answer is the reason not to run, of all variables or
        of one.
    """

    name: str
    bit: int
    function: Callable[..., np.ndarray]
    description: str
    reference: str
    options: type[Options] = Options
    needs: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    derived: Mapping[str, Derived] = field(default_factory=dict)
    limits: Limits = field(default_factory=dict)
    kinds: KindLimits = field(default_factory=dict)
    measure: Callable[[Any, Any], np.ndarray] | None = None
    sentence: str = ""
    tested: str = ""
    fixed: bool = False
    track: bool = False
    impossible: bool = False
    affects: Literal["both", "since_last", "nothing"] = "both"
    all_runs: bool = False
    contradiction: str = ""

    @cached_property
    def defaults(self) -> Mapping[str, Any]:
        """Return the options that have a default, with their defaults."""
        return self.options.defaults()

    @property
    def option_names(self) -> list[str]:
        """Return the names of the options that a platform file can set."""
        return list(self.options.model_fields)

    def with_defaults(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return options completed with their defaults."""
        return {**self.defaults, **options}


def register(
    name: str,
    *,
    bit: int | None = None,
    description: str = "",
    reference: str = "",
    **facts: Any,
) -> Callable[[Callable[..., np.ndarray]], Callable[..., np.ndarray]]:
    """Register a function as a check; `facts` are the other attributes of `Check`."""

    def decorate(function: Callable[..., np.ndarray]) -> Callable[..., np.ndarray]:
        entry = _entry(name, function, bit, description, reference, facts)
        CHECKS.add(name, entry)
        return entry.function

    return decorate


def _entry(
    name: str,
    function: Callable[..., np.ndarray],
    bit: int | None,
    description: str,
    reference: str,
    facts: dict[str, Any],
) -> Check:
    """Return a complete entry, or raise RegistrationError."""
    for fact, value in (("description", description), ("reference", reference)):
        if not str(value).strip():
            raise RegistrationError(f"check {name!r} has no {fact}")
    defaults = facts.get("options", Options).defaults()

    @wraps(function)
    def check(*arrays: Any, **keywords: Any) -> np.ndarray:
        return function(*arrays, **(defaults | keywords))

    entry = Check(
        name=name,
        bit=_valid_bit(name, bit, function.__module__),
        function=check if defaults else function,
        description=description,
        reference=reference,
        **facts,
    )
    _validate_arguments(entry, function)
    _validate_limits(entry)
    return entry


def _valid_bit(name: str, bit: int | None, module: str) -> int:
    """Return the bit of a check if it may have it."""
    if bit is None:
        raise RegistrationError(
            f"check {name!r} has no bit: use the lowest free one"
            f" ({PLUGIN_BITS.start} to {PLUGIN_BITS.stop - 1} in a plug-in)"
        )
    if name in OTHER_TESTS:
        raise RegistrationError(f"check {name!r} has the name of another test")
    taken = {test.bit: repr(test.name) for test in OTHER_TESTS.values()}
    for check in CHECKS.registered():
        if check.name != name:  # a name that is taken is refused by the registry
            taken[check.bit] = f"{check.name!r}{_from(check.function.__module__)}"
    if bit in taken:
        raise RegistrationError(
            f"bit {bit} of check {name!r}{_from(module)} is taken by {taken[bit]}"
        )
    built_in = module.startswith(_PACKAGE)
    if built_in and bit in PLUGIN_BITS:
        raise RegistrationError(
            f"bit {bit} of check {name!r} is reserved for plug-ins, as are"
            f" {PLUGIN_BITS.start} to {PLUGIN_BITS.stop - 1}"
        )
    if isinstance(bit, bool) or bit not in range(PLUGIN_BITS.stop):
        raise RegistrationError(
            f"bit of check {name!r} must be a whole number from 0 to"
            f" {PLUGIN_BITS.stop - 1}, not {bit!r}"
        )
    if not built_in and bit not in PLUGIN_BITS:
        raise RegistrationError(
            f"bit {bit} of check {name!r} is reserved for oceanco2: plug-ins use"
            f" {PLUGIN_BITS.start} to {PLUGIN_BITS.stop - 1}"
        )
    return bit


def _from(module: str) -> str:
    return "" if module.startswith(_PACKAGE) else f" ({module})"


def _validate_arguments(entry: Check, function: Callable[..., np.ndarray]) -> None:
    """Refuse a function that does not take exactly its inputs and options."""
    parameters = inspect.signature(function).parameters.values()
    taken = {p.name for p in parameters if p.kind is p.KEYWORD_ONLY}
    passed = {*entry.needs, *entry.wants, *entry.option_names}
    for names, verb in ((taken - passed, "takes"), (passed - taken, "does not take")):
        if names:
            raise RegistrationError(
                f"check {entry.name!r}: its function {verb}"
                f" {', '.join(sorted(names))}, which must be among needs, wants and"
                " options and among its keyword-only arguments"
            )


def _validate_limits(entry: Check) -> None:
    """Refuse default limits of an unknown profile or variable, or of a wrong type."""
    for profile in (*entry.limits, *entry.kinds):
        where = f"limits of check {entry.name!r}"
        choose_name("profile", profile, PROFILES, where, error=RegistrationError)
    for limits in entry.limits.values():
        for name, options in limits.items():
            where = f"limits of check {entry.name!r} for {name!r}"
            names = (*VARIABLES, RUNS)
            choose_name("variable", name, names, where, error=RegistrationError)
            try:
                entry.options.validate_options(options)
            except OptionError as error:
                raise RegistrationError(f"{where}: {error}") from None


def good(values: np.ndarray) -> np.ndarray:
    """Return flags that are all good."""
    return np.full(values.shape, GOOD, dtype=np.int8)


def as_floats(array: np.ndarray) -> np.ndarray:
    """Return float64, so that each loop is compiled for one type only."""
    return np.ascontiguousarray(array, dtype=np.float64)
