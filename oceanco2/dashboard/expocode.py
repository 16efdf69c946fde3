"""Expocodes: platform code and first day of a data set."""

import re
from datetime import date

from oceanco2.errors import ProcessingError


def check_expocode(expocode: str) -> str:
    """Check an expocode by the rule of SOCAT.

    Examples
    --------
    >>> check_expocode(" 33at20120417 ")
    '33AT20120417'
    """
    code = expocode.strip().upper()
    rule = "four characters of the platform and YYYYMMDD, for example 33AT20120417"
    if not 12 <= len(code) <= 14 or not re.fullmatch(r"[A-Z0-9-]+", code):
        raise ProcessingError(
            f"expocode {expocode!r} is not {rule}: 12 to 14 of A-Z, 0-9 and -"
        )
    start = 4 if code[4].isdigit() else 5
    match = re.fullmatch(r"(\d{4})(\d{2})(\d{2})[A-Z0-9-]{0,2}", code[start:])
    try:
        if match is None:
            raise ValueError
        date(*(int(part) for part in match.groups()))
    except ValueError:
        raise ProcessingError(
            f"expocode {expocode!r} is not {rule}: no date in it"
        ) from None
    return code
