"""Select the observations of a grid."""

from dataclasses import dataclass

from oceanco2.errors import OptionError

_SETS = "ABCDEFX"


@dataclass(frozen=True, slots=True)
class Choice:
    """Conditions for rows of a grid; by default those of SOCAT's products.

    Attributes
    ----------
    flags : str
        Accepted data set flags (letters); only files of SOCAT have them.
    woce : tuple of int
        Accepted WOCE flags of fCO2.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    recomputed : bool
        Whether fCO2rec of SOCAT files is recomputed.
    """

    flags: str = "ABCD"
    woce: tuple[int, ...] = (2,)
    duplicates: str = "once"
    recomputed: bool = False

    def __post_init__(self) -> None:
        """Validate the conditions."""
        wrong = [flag for flag in self.woce if flag not in (2, 3, 4)]
        if wrong or not self.woce:
            flags = ", ".join(map(str, wrong)) or "none"
            raise OptionError(f"flags of fCO2 must be 2, 3 or 4, not {flags}")
        letters = sorted(set(self.flags) - set(_SETS))
        if letters or not self.flags:
            invalid = ", ".join(letters) or "none"
            raise OptionError(
                f"flags of data sets must be letters of {_SETS}, not {invalid}"
            )
        if not isinstance(self.recomputed, bool):
            raise OptionError(
                f"recomputed must be True or False, not {self.recomputed!r}"
            )
        if self.duplicates not in ("once", "all"):
            raise OptionError(
                f"duplicates must be 'once' or 'all', not {self.duplicates!r}"
            )

    def __str__(self) -> str:
        """Return the conditions as text."""
        woce = ", ".join(map(str, self.woce))
        once = " once" if self.duplicates == "once" else " all"
        again = "recomputed " if self.recomputed else ""
        return (
            f"data sets with flag {', '.join(self.flags)} (where they have one),"
            f" {again}fCO2 with flag {woce}, exact duplicates{once}"
        )
