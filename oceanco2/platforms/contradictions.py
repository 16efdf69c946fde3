"""Contradictions: what a file says against what its platform file or its results say.

A contradiction is one warning that quotes both sides and says how to answer it. A table
``[accepted]`` of the platform file answers it for good; the answer is in the output.
"""

import json
import re
from collections.abc import Mapping
from functools import partial

from oceanco2.errors import choose_name
from oceanco2.platforms.settings import WrongKey

#: Name of a contradiction to what contradicts what: the keys of ``[accepted]``.
CONTRADICTIONS: Mapping[str, str] = {
    "air": "measured air, and the marine air of its dates and latitudes",
    "delivered": "results that came with the file, and the computed ones",
    "units": "units that the file prints, and those of the platform file",
    "clocks": "the clock that is used, and another clock of the same log",
    "columns": "a column or its name, and the variable that is read from it",
    "no_result": "CO2 that is declared, and what fCO2 needs",
    "dry_gas": "gas that is dry by the platform file, and its water vapour",
    "dates": "dates as they are read, and with day and month exchanged",
    "expocode": "the expocode, and the first row or the platform code",
    "pressures": "pressure of the equilibrator, and of the air",
    "temperature_scale": "scale that a file states, and that of the platform file",
    "runs": "meaning of a run type, and its usual one",
    "scales": "one gas standard and another on a different scale",
    "standards": "gas standards of the platform file, and those that the log shows",
    "temperatures": "temperature of the equilibrator, and of the sea",
    "valid_range": "values of a netCDF file, and the range that it calls valid",
    "land": "positions inland, and a platform at sea",
    "positions": "positions, and the columns, signs or formats they are read with",
    "copies": "two quantities, and the same values in both",
    "salinity": "salinity, and what this part of the sea has",
    "zone": "the time zone that a file states, and `offset_seconds`",
    "constant": "a measured quantity, and one value in all rows",
}

#: Reasons by contradiction, for all variables or by variable.
Answers = Mapping[str, str | Mapping[str, str]]


def check_answers(accepted: Answers) -> None:
    """Raise WrongKey for an answer to no contradiction, or without a reason."""
    for name, reason in accepted.items():
        where = f"accepted.{name}"
        error = partial(WrongKey, where)
        choose_name("contradiction", name, CONTRADICTIONS, error=error)
        reasons = [reason] if isinstance(reason, str) else [*reason.values()]
        if not reasons or not all(text.strip() for text in reasons):
            raise WrongKey(where, 'needs a reason, for example "checked on board"')


def is_answered(accepted: Answers, name: str, variable: str = "") -> bool:
    """Return whether the platform file has answered a contradiction."""
    answer = accepted.get(name, {})
    return isinstance(answer, str) or variable in answer


def unanswered(
    accepted: Answers, name: str, message: str, variable: str = ""
) -> list[str]:
    """Return the warning about a contradiction; empty if it has been answered."""
    if is_answered(accepted, name, variable):
        return []
    is_bare = re.fullmatch(r"[\w-]*", variable, re.ASCII)
    key = f"{name}.{variable if is_bare else json.dumps(variable)}".rstrip(".")
    stop = "" if message.endswith("?") else "."
    return [f'{message}{stop} If this is right: [accepted] {key} = "why"']
