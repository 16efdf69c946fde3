"""Errors in a platform file, with the key that they belong to."""

from collections.abc import Iterable

from oceanco2.errors import did_you_mean


class WrongKey(ValueError):
    """An invalid entry of the file; holds its key for the message."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


def known(where: str, kind: str, name: str, names: Iterable[str]) -> None:
    """Raise WrongKey if a name is not one of those allowed."""
    if name not in (choices := sorted(names)):
        hint = did_you_mean(name, choices)
        raise WrongKey(
            where, f"no {kind} named {name!r}.{hint} Known: {', '.join(choices)}."
        )
