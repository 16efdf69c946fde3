"""What is wrong in a platform file, with the place where it stands."""

from collections.abc import Iterable

from oceanco2.errors import did_you_mean


class WrongKey(ValueError):
    """A wrong word somewhere in the file; carries the place for the message."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(message)
        self.where = where


def known(where: str, kind: str, name: str, names: Iterable[str]) -> None:
    """Refuse a name that is not there."""
    if name not in (words := sorted(names)):
        hint = did_you_mean(name, words)
        raise WrongKey(
            where, f"no {kind} named {name!r}.{hint} Known: {', '.join(words)}."
        )
