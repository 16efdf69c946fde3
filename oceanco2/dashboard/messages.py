"""What the dashboard says about a file."""

from dataclasses import dataclass

#: From the mildest to the worst. A row with an error is bad; with one critical message
#: the whole data set is unacceptable.
SEVERITIES = ("WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the dashboard.

    Attributes
    ----------
    row : int
        Number of the data row from 1; 0 for the file as a whole.
    columns : tuple of int
        Numbers of the columns from 1, in the dashboard's order.
    severity : {"WARNING", "ERROR", "CRITICAL"}
        How bad it is.
    type : str
        Kind of test: ``"metadata"``, ``"column"``, ``"encoding"``, ``"fields"``,
        ``"number"``, ``"range"``, ``"time"``, ``"position"``, ``"order"``,
        ``"speed"``, ``"gap"``.
    text : str
        What is wrong.
    line : int
        Number of the line from 1 that a message without a row is about; 0 if none.
    """

    row: int
    columns: tuple[int, ...]
    severity: str
    type: str
    text: str
    line: int = 0
