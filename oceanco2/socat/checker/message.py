"""Messages of the upload checker."""

from dataclasses import dataclass

#: In increasing order. A row with an error is flagged bad; one critical message makes
#: the whole data set unacceptable.
SEVERITIES = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the upload checker."""

    row: int
    columns: tuple[int, ...]
    severity: str
    type: str
    text: str
    line: int = 0
