"""Versions of tables at the ICOS Carbon Portal: what a new one replaces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oceanco2.errors import ProcessingError


@dataclass(frozen=True, slots=True)
class PortalObject:
    """A table that is at the portal, or will be."""

    file_name: str
    digest: str
    level: int
    start: str
    stop: str
    replaces: tuple[str, ...] = ()
    metadata: Mapping[str, Any] | None = None

    def overlaps(self, other: "PortalObject") -> bool:
        """Whether two objects have time in common."""
        return moment(self.start) <= moment(other.stop) and moment(
            other.start
        ) <= moment(self.stop)

    def covers(self, other: "PortalObject") -> bool:
        """Whether all time of another object lies within this one."""
        return moment(self.start) <= moment(other.start) and moment(
            other.stop
        ) <= moment(self.stop)


def moment(text: str) -> datetime:
    """Read a time of the portal."""
    try:
        return datetime.fromisoformat(f"{text.removesuffix('Z')}+00:00")
    except (ValueError, AttributeError):
        raise ProcessingError(
            f"{text!r} is not a time such as 2020-01-01T00:00:00.000Z"
        ) from None


@dataclass(frozen=True, slots=True)
class Version:
    """Relation of a new object to those at the portal."""

    replaces: tuple[str, ...] = ()
    partial: bool = False
    siblings: tuple[PortalObject, ...] = ()


def version_of(new: PortalObject, older: Sequence[PortalObject]) -> Version:
    """Decide what a new object replaces."""
    same = [item for item in older if item.digest == new.digest]
    if any(item.level != new.level for item in same):
        raise ProcessingError(
            f"{new.file_name} (L{new.level}) has the same bytes as {same[0].file_name}"
            f" (L{same[0].level}); the portal identifies an object by its bytes, so"
            " nothing in it is new"
        )
    rest = [item for item in older if item.digest != new.digest]
    overlapping = [
        item for item in rest if item.overlaps(new) and not _replaced(item, rest)
    ]
    final = [item for item in overlapping if item.level == 2]
    if new.level == 1 and final:
        raise ProcessingError(
            f"{new.file_name} (L1) overlaps {final[0].file_name} (L2): near-real-time"
            " data must not replace final ones"
        )
    if len(overlapping) > 1:
        names = ", ".join(item.file_name for item in overlapping)
        raise ProcessingError(
            f"{new.file_name} overlaps {len(overlapping)} objects ({names}): it can be"
            " the next version of one only"
        )
    if not overlapping:
        return Version()
    (old,) = overlapping
    if old.level == 2 and old.file_name != new.file_name:
        raise ProcessingError(
            f"{new.file_name} overlaps {old.file_name}, which is L2 too: a new version"
            " must have the same file name"
        )
    siblings = tuple(item for item in rest if old.digest in item.replaces)
    return Version((old.digest,), bool(siblings), siblings)


def _replaced(old: PortalObject, others: Collection[PortalObject]) -> bool:
    """Whether the objects that replace this one cover all of its time."""
    successors = [item for item in others if old.digest in item.replaces]
    if any(successor.covers(old) for successor in successors):
        return True
    # Several together, in order; gaps of up to one second are allowed.
    reached = moment(old.start)
    for successor in sorted(successors, key=lambda item: moment(item.start)):
        if (moment(successor.start) - reached).total_seconds() <= 1:
            reached = max(reached, moment(successor.stop))
    return bool(successors) and reached >= moment(old.stop)
