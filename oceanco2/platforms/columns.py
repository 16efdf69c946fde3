"""What the name of a column says of its CO2: dry or wet, air or water, temperature."""

import re
from collections.abc import Collection, Iterator

from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.schema import Platform, VariableSource

#: Pairs that exclude each other: word for a message, pattern of the name of a column,
#: part of the name of a variable. Letters before a word belong to another one or to a
#: unit (uatm).
_PAIRS = (
    (("dry", r"dry", "_dry"), ("wet", r"wet|humid|moist", "_wet")),
    (("air", r"air|atm", "_atm_"), ("water", r"sw(?![a-z])|sea|water", "_water_")),
    (
        ("at SST", r"sst", "_SST_"),
        ("at equilibrator temperature", r"(?:(?<=@)|at )te?qu?(?![a-z])", "_Tequ_"),
    ),
)


def says(columns: Collection[str], pattern: str) -> bool:
    """Return whether the name of a column contains a word.

    Examples
    --------
    >>> says(["CO2_dry"], "dry"), says(["pCO2 uatm"], "atm"), says(["fCO2@SST"], "sst")
    (True, False, True)
    """
    word = re.compile(rf"(?<![a-zµμ])(?:{pattern})")
    return any(word.search(column.lower()) for column in columns)


def misnamed(platform: Platform) -> list[str]:
    """Return a warning for each column of CO2 that is of another kind by its name."""
    messages = []
    for table in ("variables", "delivered"):
        for name, source in getattr(platform, table).items():
            for kind, opposite in _contradictions(name, source):
                column = " + ".join(source.columns)
                message = (
                    f"[{table}.{name}] column {column!r} is {kind} by its name, the"
                    f" variable is {opposite}"
                )
                messages += unanswered(platform.accepted, "columns", message, name)
    return messages


def _contradictions(name: str, source: VariableSource) -> Iterator[tuple[str, str]]:
    """Yield what the column says, and what the variable is instead."""
    if "CO2" not in name or not source.columns:
        return
    kind = name
    if name in ("xCO2", "x12CO2", "x13CO2"):
        kind += "_wet" if source.dry is False else "_dry"
    for number, pair in enumerate(_PAIRS):
        if number == 0 and not name.startswith("x"):
            continue  # a partial pressure is one in wet air, however it is written
        for (word, pattern, _), (other, own, part) in (pair, pair[::-1]):
            named = says(source.columns, pattern) and not says(source.columns, own)
            if named and part in kind:
                yield word, other
