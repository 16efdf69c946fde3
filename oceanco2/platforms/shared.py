"""Columns of a platform file that cannot be what it calls them."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from oceanco2.platforms.settings import WrongKey
from oceanco2.vocabulary import VARIABLES

if TYPE_CHECKING:
    from oceanco2.platforms.schema import Platform

#: Units of quantities that are one in some systems.
_MAY_BE_ONE = ("hPa",)
_POSITION = {"latitude", "longitude"}


def check_columns(platform: "Platform") -> None:
    """Raise WrongKey if one column is read as two quantities of different units."""
    for column, (table, name), (other_table, other) in _shared(platform):
        units = VARIABLES[name].units, VARIABLES[other].units
        if units[0] != units[1]:
            raise WrongKey(
                f"{other_table}.{other}",
                f"column {column!r} is read as {table}.{name} already: it cannot be in"
                f" {units[0]!r} and in {units[1]!r}",
            )


def one_column_for_two(platform: "Platform") -> Iterator[tuple[str, str, str]]:
    """Yield columns that are read as two variables, and both names."""
    for column, (_, name), (_, other) in _shared(platform):
        water_and_air = ("_water_" in name) != ("_water_" in other)
        alike = VARIABLES[name].units in _MAY_BE_ONE or water_and_air
        if name != other and not alike:
            yield column, name, other


Where = tuple[str, str]


def _shared(platform: "Platform") -> Iterator[tuple[str, Where, Where]]:
    """Yield each column that two tables name, and where."""
    places: dict[tuple[str, str, int], list[Where]] = {}
    names: dict[tuple[str, str, int], str] = {}
    for table in ("variables", "delivered"):
        for name, source in getattr(platform, table).items():
            if source.column is not None:
                column = source.column.strip()
                key = platform.file_of(source), column.lower(), source.occurrence
                names.setdefault(key, column)
                places.setdefault(key, []).append((table, name))
    for key, where in places.items():
        for one, two in combinations(where, 2):
            if len(_POSITION & {one[1], two[1]}) != 1:  # both or none
                yield names[key], one, two
