"""Which observations go into a grid."""

from dataclasses import dataclass

from oceanco2.errors import OptionError

_SETS = "ABCDEFX"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows go into the grid; by default those of SOCAT's own products.

    Attributes
    ----------
    flags : tuple of int
        WOCE flags of fCO2 that are taken.
    data_sets : str
        Flags of data sets that are taken, letters; only files of SOCAT have them.
    duplicates : {"once", "all"}
        Whether exact duplicates count once.
    """

    flags: tuple[int, ...] = (2,)
    data_sets: str = "ABCD"
    duplicates: str = "once"

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        wrong = [flag for flag in self.flags if flag not in (2, 3, 4)]
        if wrong or not self.flags:
            raise OptionError(f"flags of fCO2 can be 2, 3, 4, not {wrong or 'none'}")
        letters = sorted(set(self.data_sets) - set(_SETS))
        if letters or not self.data_sets:
            said = ", ".join(letters) or "none"
            raise OptionError(f"flags of data sets can be {_SETS}, not {said}")
        if self.duplicates not in ("once", "all"):
            raise OptionError(
                f"duplicates can count 'once' or be 'all', not {self.duplicates!r}"
            )

    def __str__(self) -> str:
        """Say it in words."""
        flags = ", ".join(map(str, self.flags))
        once = " once" if self.duplicates == "once" else ""
        return (
            f"data sets with flag {', '.join(self.data_sets)} (where they have one),"
            f" fCO2 with flag {flags}, exact duplicates{once or ' all'}"
        )
