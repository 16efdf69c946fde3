"""Everything oceanco2 raises or warns of on purpose.

* OceanCO2Error
  - PlatformError    (a platform file is wrong)
  - ReadError        (a raw file is not what its platform says)
  - UnitsError       (units are unknown or of another kind)
  - UnknownNameError (no such platform, reader, check, format, parametrisation)
  - OptionError      (an option has a value that it cannot have)
  - ProcessingError  (a dataset lacks what a room needs, or --strict found doubts)
  - FormulaError     (values outside the range of a formula, asked to raise)
  - UnverifiedError  (a formula whose paper has not been read yet)
  - OutputError      (a file cannot be written)
  - RegistrationError (an entry of a registry is incomplete, or its name is taken)
* OceanCO2Warning
  - RangeWarning     (values outside the published range of a formula)
  - DataWarning      (rows or standards that need a look)
  - PluginWarning    (another distribution's entry cannot be used)
"""

from collections.abc import Iterable
from difflib import get_close_matches


class OceanCO2Error(Exception):
    """Base class: catch this to catch every deliberate oceanco2 error."""


class PlatformError(OceanCO2Error, ValueError):
    """A platform file breaks the schema; the message names file, table and key."""


class ReadError(OceanCO2Error, ValueError):
    """A raw file does not have the layout its platform file declares."""


class UnitsError(OceanCO2Error, ValueError):
    """Units that are unknown or cannot be converted to the canonical ones."""


class OptionError(OceanCO2Error, ValueError):
    """An option has a value that it cannot have; the message says what it can."""


class ProcessingError(OceanCO2Error, ValueError):
    """A dataset lacks what a room needs, or a strict run found doubts."""


class FormulaError(OceanCO2Error, ValueError):
    """Values outside the range of a formula, where the caller asked to raise."""


class UnverifiedError(OceanCO2Error, NotImplementedError):
    """A formula that is not shipped before its paper has been read; says why."""


class OutputError(OceanCO2Error, OSError):
    """A file cannot be written; nothing half-written is left behind."""


class RegistrationError(OceanCO2Error, ValueError):
    """An entry of a registry is incomplete, or its name or bit is taken."""


class UnknownNameError(OceanCO2Error, KeyError):
    """No entry of that name; the message lists close matches and all names."""

    def __init__(
        self, kind: str, name: str, known: Iterable[str], where: str = ""
    ) -> None:
        names = sorted(known)
        place = f"{where}: " if where else ""
        listed = f" Known: {', '.join(names)}." if names else " There is none."
        self.message = f"{place}no {kind} named {name!r}.{did_you_mean(name, names)}"
        self.message += listed
        super().__init__(self.message)

    def __str__(self) -> str:
        """Return the plain message (KeyError would quote it)."""
        return self.message


class OceanCO2Warning(UserWarning):
    """Base class of the warnings."""


class RangeWarning(OceanCO2Warning):
    """Values outside the published range of a formula were computed."""


class DataWarning(OceanCO2Warning):
    """Rows or standards that need a look; what was done is in the message."""


class PluginWarning(OceanCO2Warning):
    """An entry point of another distribution cannot be used; the rest works."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest right word.

    Examples
    --------
    >>> did_you_mean("netcfd", ["netcdf", "socat"])
    " Did you mean 'netcdf'?"
    """
    names = list(known)
    lower = {n.lower(): n for n in reversed(names)}
    close = get_close_matches(name.lower(), list(lower), n=1)
    return f" Did you mean {lower[close[0]]!r}?" if close else ""
