"""Checks of expocode, platform, people (docs/socat-rules.md#metadata-lines)."""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from oceanco2.dashboard.expocode import check_expocode
from oceanco2.errors import ProcessingError
from oceanco2.socat.checker.message import Message
from oceanco2.socat.types import rules

PLATFORM_TYPES = ("Ship", "Mooring", "Drifting Buoy")
#: Flags that the investigators may suggest; other letters are rejected.
SUGGESTED_FLAGS = "ABCDESXP"


@cache
def platform_names() -> Mapping[str, str]:
    """Return the platforms of the list of NODC codes of 2017."""
    table = files("oceanco2.socat") / "tables" / "platforms.txt.gz"
    lines = gzip.decompress(table.read_bytes()).decode("utf-8").splitlines()
    pairs = (line.partition(" ") for line in lines if not line.startswith("#"))
    return MappingProxyType({code: name for code, _, name in pairs})


def guess_platform_type(name: str, expocode: str = "") -> str:
    """Guess the platform type as the dashboard does where it is not stated.

    Examples
    --------
    >>> guess_platform_type("TAO170W_0N", "316420221010")
    'Mooring'
    >>> guess_platform_type("Ronald H. Brown", "33RO20100308")
    'Ship'
    """
    upper = name.upper()
    for word, kind in (
        ("MOORING", "Mooring"),
        ("DRIFTING BUOY", "Drifting Buoy"),
        ("BUOY", "Mooring"),
    ):
        if word in upper:
            return kind
    for kind, codes in rules()["platform_codes"].items():
        if expocode[:4].upper() in codes.split():
            return kind
    return "Ship"


def metadata_messages(
    metadata: Mapping[str, str],
    lines: Mapping[str, int],
    columns: Mapping[str, int],
) -> Iterator[Message]:
    """Check the metadata items of lines and columns."""

    def message(item: str, severity: str, text: str) -> Message:
        line = lines.get(item, 0)
        column = () if line or item not in columns else (columns[item],)
        where = f"line {line}: " if line else f"column {columns.get(item)}: "
        return Message(0, column, severity, "metadata", f"{where}{text}", line)

    if "expocode" in metadata:
        for severity, text in _expocode_problems(metadata["expocode"]):
            yield message("expocode", severity, text)
    flag = metadata.get("suggested_flag", "B")
    if flag not in tuple(SUGGESTED_FLAGS):
        yield message(
            "suggested_flag",
            "CRITICAL",
            f"suggested QC {flag!r} is not a letter A to E",
        )
    people = _count_names(metadata.get("investigators", ""))
    groups = _count_names(metadata.get("organization", ""))
    if groups not in (0, 1, people):
        yield message(
            "organization",
            "ERROR",
            f"{groups} organizations for {people} investigators: one, or one for each",
        )
    kind = metadata.get("platform_type", "Ship")
    if kind.lower() not in map(str.lower, PLATFORM_TYPES):
        choices = ", ".join(PLATFORM_TYPES)
        yield message(
            "platform_type", "WARNING", f"platform type {kind!r} is none of {choices}"
        )


def _expocode_problems(text: str) -> Iterator[tuple[str, str]]:
    try:
        code = check_expocode(text)
    except ProcessingError as error:
        yield "CRITICAL", str(error)
        return
    if code[:4] not in platform_names():
        yield "WARNING", f"platform code {code[:4]} is not in the NODC list of 2017"


def _count_names(text: str) -> int:
    return sum(bool(part.strip()) for part in text.split(";"))
