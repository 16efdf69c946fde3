"""Columns of the files of SOCAT, from ``columns.toml``: upload and published files."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from oceanco2.errors import RegistrationError, choose, choose_name
from oceanco2.socat.types import OTHER, data_types
from oceanco2.vocabulary import VARIABLES


@dataclass(frozen=True, slots=True)
class UploadColumn:
    """One column of an upload file."""

    header: str
    type: str
    variable: str = ""
    decimals: int = 0
    side: str = "common"
    archive: str = ""

    @property
    def is_water_co2(self) -> bool:
        """Whether it is CO2 in sea water, of which SOCAT needs one column."""
        return self.type[1:].startswith("CO2_water_")

    @property
    def is_air_co2(self) -> bool:
        """Whether it is CO2 in air."""
        return self.type[1:].startswith("CO2_atm_")


#: Print formats: text, integers padded with zeros, numbers with a decimal point.
TEXT, INTEGER, NUMBER = "text", "integer", "number"


@dataclass(frozen=True, slots=True)
class ArchiveColumn:
    """A column of a file published by SOCAT."""

    name: str
    header: str
    kind: str
    long_name: str
    units: str = ""
    decimals: int = 0
    width: int = 1
    others: tuple[str, ...] = ()


Row = dict[str, Any]


@cache
def _table() -> dict[str, list[Row]]:
    text = (files("oceanco2.socat") / "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def _check_row(row: Row, keys: Iterable[str], required: Iterable[str]) -> str:
    """Validate the keys of a row; return where it is, for messages."""
    where = f"socat/columns.toml: column {row.get('header', '?')!r}"
    for key in row:
        choose_name("key", key, keys, where, error=RegistrationError)
    missing = [key for key in required if key not in row]
    if missing:
        raise RegistrationError(f"{where}: {' and '.join(missing)} missing")
    decimals = row.get("decimals", 0)
    if type(decimals) is not int or not 0 <= decimals <= _MOST_DECIMALS:
        raise RegistrationError(
            f"{where}: decimals must be an integer between 0 and {_MOST_DECIMALS},"
            f" not {decimals!r}"
        )
    return where


def _check_once(texts: Iterable[str], what: str) -> None:
    """Raise an error if a text appears more than once."""
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise RegistrationError(
                f"socat/columns.toml: {what} {text!r} appears more than once"
            )
        seen.add(text)


def make_upload_columns(rows: Iterable[Row]) -> tuple[UploadColumn, ...]:
    """Make the columns of an upload file from the rows of the table."""
    usable = [name for name in data_types() if name != "unknown"]
    columns = []
    for row in rows:
        required = ["header", "type", *(["decimals"] if row.get("variable") else ())]
        where = _check_row(row, UploadColumn.__dataclass_fields__, required)
        column = UploadColumn(**row)
        choose_name("type", column.type, usable, where, error=RegistrationError)
        if column.variable:
            choose_name(
                "variable", column.variable, VARIABLES, where, error=RegistrationError
            )
        if column.archive:
            choose_name(
                "archive column",
                column.archive,
                _BY_NAME,
                where,
                error=RegistrationError,
            )
        choose("side", column.side, _SIDES, where, error=RegistrationError)
        columns.append(column)
    _check_once((column.header for column in columns), "header")
    types = (column.type for column in columns if column.type != OTHER)
    _check_once(types, "type")
    return tuple(columns)


@cache
def upload_columns() -> tuple[UploadColumn, ...]:
    """Return all possible columns, in order."""
    return make_upload_columns(_table()["column"])


@cache
def headers_to_declare() -> frozenset[str]:
    """Return the headers that the submitter has to declare as type other."""
    return frozenset(c.header for c in upload_columns() if c.type == OTHER)


_MOST_DECIMALS = 9
_SIDES = ("common", "water", "air")


def make_archive_columns(rows: Iterable[Row]) -> tuple[ArchiveColumn, ...]:
    """Make the columns of the published files from the rows of the table."""
    columns = []
    for row in rows:
        required = ["header", "long_name", "kind"]
        required += ["decimals"] if row.get("kind") == NUMBER else []
        keys = set(ArchiveColumn.__dataclass_fields__) - {"name"}
        where = _check_row(row, keys, required)
        kinds = (TEXT, INTEGER, NUMBER)
        choose("kind", row["kind"], kinds, where, error=RegistrationError)
        name = row["header"].split(" [", maxsplit=1)[0]
        others = tuple(row.get("others", ()))
        columns.append(ArchiveColumn(**row | {"name": name, "others": others}))
    _check_once(
        (text for c in columns for text in {c.name, c.header, *c.others}), "header"
    )
    return tuple(columns)


#: Columns of the enhanced file, in its order.
COLUMNS: tuple[ArchiveColumn, ...] = make_archive_columns(_table()["archive"])
HEADERS = tuple(column.header for column in COLUMNS)
#: The synthesis and regional files up to v2019 lack the six CO2 columns.
SYNTHESIS_HEADERS = tuple(header for header in HEADERS if "CO2water" not in header)
_BY_NAME = {column.name: column for column in COLUMNS}
_BY_HEADER = {
    text: column
    for column in COLUMNS
    for text in (column.name, column.header, *column.others)
} | {c.header: _BY_NAME[c.archive] for c in upload_columns() if c.archive}


def column_of(text: str) -> ArchiveColumn | None:
    """Return the column with a header or name.

    Examples
    --------
    >>> column_of("SOCAT_DOI").name
    'Source_DOI'
    """
    text = text.strip()
    column = _BY_HEADER.get(text)
    if column or "fCO2water_SST_wet" not in text or "Recomputed" not in text:
        return column
    # PANGAEA: the second column of that name differs by its method in brackets.
    return _BY_NAME["fCO2rec"]


def header_line(names: Iterable[str] = HEADERS) -> bytes:
    r"""Return the header line of a file.

    Examples
    --------
    >>> header_line(["Expocode", "sal"])
    b'Expocode\tsal\n'
    """
    return ("\t".join(names) + "\n").encode()
