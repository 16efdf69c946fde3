"""Exceptions and warnings of oceanco2.

* OceanCO2Error
  - PlatformError    (a platform file is invalid)
  - ReadError        (a raw file does not match its platform file)
  - UnitsError       (units are unknown or of another quantity)
  - UnknownNameError (no such platform, reader, check, format, parametrisation)
  - OptionError      (the value of an option is invalid)
  - ProcessingError  (a dataset lacks an input, or --strict found warnings)
  - FormulaError     (values outside the range of a formula, if requested)
  - UnverifiedError  (a formula that has not been checked against its paper)
  - OutputError      (a file cannot be written)
  - RegistrationError (an entry of a registry is incomplete, or its name is taken)
* OceanCO2Warning
  - RangeWarning     (values outside the published range of a formula)
  - DataWarning      (rows or standards to check)
  - PluginWarning    (another distribution's entry cannot be used)
"""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class OceanCO2Error(Exception):
    """Base class: catch this to catch all errors of oceanco2."""


class PlatformError(OceanCO2Error, ValueError):
    """A platform file violates the schema; the message names file, table and key."""


class ReadError(OceanCO2Error, ValueError):
    """A raw file does not have the layout its platform file declares."""


class UnitsError(OceanCO2Error, ValueError):
    """Units are unknown or cannot be converted to the canonical ones."""


class OptionError(OceanCO2Error, ValueError):
    """The value of an option is invalid; the message says what is allowed."""


class ProcessingError(OceanCO2Error, ValueError):
    """A dataset lacks an input, or a strict run found warnings."""


class FormulaError(OceanCO2Error, ValueError):
    """Values are outside the range of a formula, and the caller asked for an error."""


class UnverifiedError(OceanCO2Error, NotImplementedError):
    """A formula is not available until it is checked against its paper; says why."""


class OutputError(OceanCO2Error, OSError):
    """A file cannot be written; no partial file is left."""


class RegistrationError(OceanCO2Error, ValueError):
    """An entry of a registry is incomplete, or its name or bit is taken."""


class UnknownNameError(OceanCO2Error, KeyError):
    """No entry has that name; the message lists close matches and all names."""

    def __str__(self) -> str:
        """Return the message without the quotes that KeyError adds."""
        return str(self.args[0])


class OceanCO2Warning(UserWarning):
    """Base class of the warnings."""


class RangeWarning(OceanCO2Warning):
    """Values outside the published range of a formula were computed."""


class DataWarning(OceanCO2Warning):
    """Rows or standards need a check; the message says how they were treated."""


class ImpossibleWarning(DataWarning):
    """No value of a variable is possible in the units it is read in."""


class PluginWarning(OceanCO2Warning):
    """An entry point of another distribution cannot be used; the rest works."""


def choose(
    kind: str,
    value: T,
    allowed: Iterable[Any],
    where: str = "",
    *,
    error: Callable[[str], Exception] = OptionError,
) -> T:
    """Return a value if it is allowed; raise an error that lists the allowed ones.

    Examples
    --------
    >>> choose("format", "netcdf", ["netcdf", "socat"])
    'netcdf'
    """
    choices = list(allowed)
    if value not in choices:
        raise error(_with_location(where, not_allowed(kind, value, choices)))
    return value


def choose_name(
    kind: str,
    name: str,
    names: Iterable[str],
    where: str = "",
    *,
    error: Callable[[str], Exception] = UnknownNameError,
) -> str:
    """Return a name if there is such an entry; raise an error that lists all names."""
    choices = list(names)
    if name not in choices:
        raise error(_with_location(where, not_found(kind, name, choices)))
    return name


def not_allowed(kind: str, value: Any, allowed: Iterable[Any]) -> str:
    """Return the message for a value that is not allowed.

    Examples
    --------
    >>> not_allowed("format", "netcfd", ["netcdf", "socat"])
    "format must be one of netcdf, socat, not 'netcfd'. Did you mean 'netcdf'?"
    """
    choices = list(allowed)
    hint = did_you_mean(str(value), (c for c in choices if isinstance(c, str)))
    listed = ", ".join(map(str, choices))
    return f"{kind} must be one of {listed}, not {value!r}{hint and '.'}{hint}"


def not_found(
    kind: str,
    name: object,
    names: Iterable[str],
    *,
    similar: Iterable[str] | None = None,
) -> str:
    """Return the message for a name that does not exist; suggest one of `similar`.

    Examples
    --------
    >>> not_found("format", "netcfd", ["netcdf", "socat"])
    "no format named 'netcfd'. Did you mean 'netcdf'? Available: netcdf, socat."
    """
    choices = list(names)
    listed = ", ".join(choices) or "none"
    if len(listed) > _LONGEST_LIST:
        listed = f"{listed[:_LONGEST_LIST]} ..."
    hint = did_you_mean(str(name), choices if similar is None else similar)
    return f"no {kind} named {name!r}.{hint} Available: {listed}."


def no_such_file(path: Path, siblings: Iterable[str]) -> str:
    """Return the message for a missing file, with the most similar name beside it."""
    return f"{path}: no such file or folder.{did_you_mean(path.name, siblings)}"


_LONGEST_LIST = 800  # characters
#: Beginnings of messages of pydantic, and how they are worded here.
_SCHEMA_MESSAGES = {
    "Input should be a valid dictionary": "must be a table",
    "Input should be a valid string": "must be text",
    "Input should be a valid list": "must be a list",
    "Input should be a valid number": "must be a number",
    "Input should be a valid integer": "must be a whole number",
    "Input should be a valid boolean": "must be true or false",
    "Input should be a valid date": "must be a date or time such as 2024-03-01",
    "Input should be greater than or equal to": "must not be below",
    "Input should be greater than": "must be greater than",
    "Input should be less than or equal to": "must not be above",
    "String should match pattern": "must match the pattern",
}


def invalid_value(fault: Mapping[str, Any]) -> str:
    """Return the message for a value that a schema rejects, from a fault of pydantic.

    Examples
    --------
    >>> fault = {"msg": "Input should be a valid number, ...", "input": "x"}
    >>> invalid_value({"type": "float_parsing", **fault})
    "must be a number, not 'x'"
    """
    value, message = fault["input"], str(fault["msg"])
    choices = re.findall(r"'([^']*)'", message)
    if fault["type"] == "literal_error" and choices:
        return not_allowed("", value, choices).lstrip()
    for beginning, wording in _SCHEMA_MESSAGES.items():
        if message.startswith(beginning):
            rest = message.removeprefix(beginning)
            limit = rest if re.match(r" ['\d-]", rest) else ""
            return f"{wording}{limit}, not {value!r}"
    if message.startswith("Input should be"):
        return f"must be{message.removeprefix('Input should be')}, not {value!r}"
    message = message.removeprefix("Value error, ")
    shown = f" (is {value!r})" if isinstance(value, str | int | float) else ""
    return f"{message}{shown}"


def _with_location(where: str, message: str) -> str:
    return f"{where}: {message}" if where else message


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Suggest the nearest valid name.

    Examples
    --------
    >>> did_you_mean("netcfd", ["netcdf", "socat"])
    " Did you mean 'netcdf'?"
    """
    names = list(choices)
    lower = {n.lower(): n for n in reversed(names)}
    close = get_close_matches(name.lower(), list(lower), n=1)
    return f" Did you mean {lower[close[0]]!r}?" if close else ""


def require_library(
    module: str,
    extra: str,
    purpose: str,
    *,
    error: Callable[[str], Exception] = OptionError,
) -> Any:
    """Import an optional library; the error for a missing one has the pip command."""
    try:
        return import_module(module)
    except ImportError:
        raise error(
            f"{purpose} needs {module.partition('.')[0]}, which is not installed:"
            f" pip install 'oceanco2[{extra}]'"
        ) from None
