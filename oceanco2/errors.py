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

from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from typing import Any


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

    def __init__(
        self, kind: str, name: str, known: Iterable[str], where: str = ""
    ) -> None:
        names = sorted(known)
        prefix = f"{where}: " if where else ""
        listed = f" Known: {', '.join(names)}." if names else " There is none."
        self.message = f"{prefix}no {kind} named {name!r}.{did_you_mean(name, names)}"
        self.message += listed
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return the message without the quotes that KeyError adds."""
        return self.message


class OceanCO2Warning(UserWarning):
    """Base class of the warnings."""


class RangeWarning(OceanCO2Warning):
    """Values outside the published range of a formula were computed."""


class DataWarning(OceanCO2Warning):
    """Rows or standards need a check; the message says how they were treated."""


class PluginWarning(OceanCO2Warning):
    """An entry point of another distribution cannot be used; the rest works."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest valid name.

    Examples
    --------
    >>> did_you_mean("netcfd", ["netcdf", "socat"])
    " Did you mean 'netcdf'?"
    """
    names = list(known)
    lower = {n.lower(): n for n in reversed(names)}
    close = get_close_matches(name.lower(), list(lower), n=1)
    return f" Did you mean {lower[close[0]]!r}?" if close else ""


def require_library(module: str, name: str, extra: str) -> tuple[Any, ...]:
    """Import an optional library; raise OptionError with the pip command if missing."""
    try:
        return tuple(import_module(part) for part in module.split(","))
    except ImportError:
        raise OptionError(
            f".{extra} needs {name}, which is not installed:"
            f" pip install 'oceanco2[{extra}]'"
        ) from None
