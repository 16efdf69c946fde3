"""Which observations go into a grid."""

from dataclasses import dataclass

from oceanco2.errors import OptionError

_SETS = "ABCDEFX"


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows go into the grid; by default those of SOCAT's own products.

    Attributes
    ----------
    flags : str
        Flags of data sets that are taken, letters; only files of SOCAT have them.
    woce : tuple of int
        WOCE flags of fCO2 that are taken.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    recomputed : bool
        Whether fCO2rec of SOCAT's files is computed again.
    """

    flags: str = "ABCD"
    woce: tuple[int, ...] = (2,)
    duplicates: str = "once"
    recomputed: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        wrong = [flag for flag in self.woce if flag not in (2, 3, 4)]
        if wrong or not self.woce:
            raise OptionError(f"flags of fCO2 can be 2, 3, 4, not {wrong or 'none'}")
        letters = sorted(set(self.flags) - set(_SETS))
        if letters or not self.flags:
            said = ", ".join(letters) or "none"
            raise OptionError(f"flags of data sets can be {_SETS}, not {said}")
        if not isinstance(self.recomputed, bool):
            raise OptionError(
                f"recomputed can be True or False, not {self.recomputed!r}"
            )
        if self.duplicates not in ("once", "all"):
            raise OptionError(
                f"duplicates can count 'once' or be 'all', not {self.duplicates!r}"
            )

    def __str__(self) -> str:
        """Say it in words."""
        woce = ", ".join(map(str, self.woce))
        once = " once" if self.duplicates == "once" else " all"
        again = "recomputed " if self.recomputed else ""
        return (
            f"data sets with flag {', '.join(self.flags)} (where they have one),"
            f" {again}fCO2 with flag {woce}, exact duplicates{once}"
        )
