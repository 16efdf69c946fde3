"""What the dashboard says about a file."""

from dataclasses import dataclass

#: From the mildest to the worst. A row with an error is bad; with one critical message
#: the whole data set is unacceptable.
SEVERITIES = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the dashboard."""

    row: int
    columns: tuple[int, ...]
    severity: str
    type: str
    text: str
    line: int = 0
