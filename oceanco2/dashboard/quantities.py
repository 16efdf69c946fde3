"""Numbers with units as people write them in metadata."""

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as people write it."""

    text: str = ""
    unit: str = ""

    @property
    def value(self) -> float:
        """The number in the text."""
        found = _NUMBER.search(self.text)
        return float(found["number"]) if found else math.nan

    @property
    def full_unit(self) -> str:
        """The unit, from wherever it was given."""
        found = _NUMBER.search(self.text)
        return self.unit or (found["rest"].strip() if found else "")


# A sign belongs to the number; "+/-", "±" and "<" before it do not.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>(?:(?<!/)-)?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"(?P<rest>[^\d,;()]*)"
)


#: Where nothing is said.
UNSAID = Quantity()


def quantities(text: str, unit: str = "") -> tuple[Quantity, ...]:
    """Take a list of numbers apart, such as concentrations of standard gases.

    Examples
    --------
    >>> [q.value for q in quantities("0, 250.1 and 448.6 ppm")]
    [0.0, 250.1, 448.6]
    >>> quantities("0, 250.1 ppm")[0].full_unit
    'ppm'
    """
    found = list(_NUMBER.finditer(re.sub(r"\band\b", ",", text)))
    last = unit or (found[-1]["rest"].strip() if found else "")
    return tuple(Quantity(match["number"], last) for match in found)
