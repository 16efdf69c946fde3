"""Versions of tables at the ICOS Carbon Portal: what a new one replaces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oceanco2.errors import ProcessingError


@dataclass(frozen=True, slots=True)
class PortalObject:
    """A table that is, or will be, at the portal."""

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
            f"{text!r} is no time such as 2020-01-01T00:00:00.000Z"
        ) from None


@dataclass(frozen=True, slots=True)
class Version:
    """How a new object stands to what is at the portal."""

    replaces: tuple[str, ...] = ()
    partial: bool = False
    siblings: tuple[PortalObject, ...] = ()


def version_of(new: PortalObject, older: Sequence[PortalObject]) -> Version:
    """Decide what a new object replaces."""
    same = [one for one in older if one.digest == new.digest]
    if any(one.level != new.level for one in same):
        raise ProcessingError(
            f"{new.file_name} (L{new.level}) has the same bytes as {same[0].file_name}"
            f" (L{same[0].level}), and by its bytes the portal knows an object: nothing"
            " in it is new"
        )
    rest = [one for one in older if one.digest != new.digest]
    hit = [one for one in rest if one.overlaps(new) and not _replaced(one, rest)]
    final = [one for one in hit if one.level == 2]
    if new.level == 1 and final:
        raise ProcessingError(
            f"{new.file_name} (L1) overlaps {final[0].file_name} (L2): near-real-time"
            " data must not replace final ones"
        )
    if len(hit) > 1:
        names = ", ".join(one.file_name for one in hit)
        raise ProcessingError(
            f"{new.file_name} overlaps {len(hit)} objects ({names}): it can be the"
            " next version of one only"
        )
    if not hit:
        return Version()
    (old,) = hit
    if old.level == 2 and old.file_name != new.file_name:
        raise ProcessingError(
            f"{new.file_name} overlaps {old.file_name}, which is L2 too: a new version"
            " must have the same file name"
        )
    siblings = tuple(one for one in rest if old.digest in one.replaces)
    return Version((old.digest,), bool(siblings), siblings)


def _replaced(old: PortalObject, others: Collection[PortalObject]) -> bool:
    """Whether nothing is left of an object that others replace."""
    heirs = [one for one in others if old.digest in one.replaces]
    if any(heir.covers(old) for heir in heirs):
        return True
    # Several together: walk from the start on; a second may lie between two files.
    reached = moment(old.start)
    for heir in sorted(heirs, key=lambda one: moment(one.start)):
        if (moment(heir.start) - reached).total_seconds() <= 1:
            reached = max(reached, moment(heir.stop))
    return bool(heirs) and reached >= moment(old.stop)
