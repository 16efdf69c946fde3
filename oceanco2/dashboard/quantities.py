"""Numbers with units, as written in metadata documents."""

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as written in the document."""

    text: str = ""
    unit: str = ""

    @property
    def value(self) -> float:
        """The number in the text."""
        match = _NUMBER.search(self.text)
        return float(match["number"]) if match else math.nan

    @property
    def full_unit(self) -> str:
        """The stated unit, or the one in the text."""
        match = _NUMBER.search(self.text)
        return self.unit or (match["rest"].strip() if match else "")


# A sign belongs to the number; "+/-", "±" and "<" before it do not.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>(?:(?<!/)-)?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"(?P<rest>[^\d,;()]*)"
)

#: An empty quantity.
NOT_STATED = Quantity()


def quantities(text: str, unit: str = "") -> tuple[Quantity, ...]:
    """Split a list of numbers, such as concentrations of standard gases.

    Examples
    --------
    >>> [q.value for q in quantities("0, 250.1 and 448.6 ppm")]
    [0.0, 250.1, 448.6]
    >>> quantities("0, 250.1 ppm")[0].full_unit
    'ppm'
    """
    matches = list(_NUMBER.finditer(re.sub(r"\band\b", ",", text)))
    last_unit = unit or (matches[-1]["rest"].strip() if matches else "")
    return tuple(Quantity(match["number"], last_unit) for match in matches)
