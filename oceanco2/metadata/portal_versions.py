"""Versions of tables at the ICOS Carbon Portal: what a new one replaces."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oceanco2.errors import ProcessingError


@dataclass(frozen=True, slots=True)
class PortalObject:
    """A table that is, or will be, at the portal.

    Attributes
    ----------
    file_name : str
        Its name there.
    digest : str
        SHA-256 of its bytes.
    level : int
        1 or 2.
    start, stop : str
        First and last time, ISO 8601, UTC.
    replaces : tuple of str
        Digests of the objects that it is a next version of.
    metadata : mapping, optional
        As it was registered, where that is known.
    """

    file_name: str
    digest: str
    level: int
    start: str
    stop: str
    replaces: tuple[str, ...] = ()
    metadata: Mapping[str, Any] | None = None

    def overlaps(self, other: "PortalObject") -> bool:
        """Whether two objects have time in common.

        Parameters
        ----------
        other : PortalObject
            The other.

        Returns
        -------
        bool
            Both ends belong to an object.
        """
        return moment(self.start) <= moment(other.stop) and moment(
            other.start
        ) <= moment(self.stop)

    def covers(self, other: "PortalObject") -> bool:
        """Whether all time of another object lies within this one.

        Parameters
        ----------
        other : PortalObject
            The other.

        Returns
        -------
        bool
            True if there is nothing left of it.
        """
        return moment(self.start) <= moment(other.start) and moment(
            other.stop
        ) <= moment(self.stop)


def moment(text: str) -> datetime:
    """Read a time of the portal.

    Parameters
    ----------
    text : str
        ISO 8601, UTC.

    Returns
    -------
    datetime
        With its zone.

    Raises
    ------
    ProcessingError
        If it is no time.
    """
    try:
        return datetime.fromisoformat(f"{text.removesuffix('Z')}+00:00")
    except (ValueError, AttributeError):
        raise ProcessingError(
            f"{text!r} is no time such as 2020-01-01T00:00:00.000Z"
        ) from None


@dataclass(frozen=True, slots=True)
class Version:
    """How a new object stands to what is at the portal.

    Attributes
    ----------
    replaces : tuple of str
        Digests for ``isNextVersionOf``; none or one.
    partial : bool
        ``partialUpload``: another object replaces part of the same one already.
    siblings : tuple of PortalObject
        Those others: they must be registered as partial, too.
    """

    replaces: tuple[str, ...] = ()
    partial: bool = False
    siblings: tuple[PortalObject, ...] = ()


def version_of(new: PortalObject, older: Sequence[PortalObject]) -> Version:
    """Decide what a new object replaces.

    Parameters
    ----------
    new : PortalObject
        Level 1 or 2.
    older : sequence of PortalObject
        Tables of levels 1 and 2 of the same station; what others replace wholly
        counts no more.

    Returns
    -------
    Version
        What goes into the metadata.

    Raises
    ------
    ProcessingError
        If near-real-time data would replace final ones, if the file replaced has
        another name, if there is more than one, or if the same bytes are there
        already at another level.

    Notes
    -----
    ===  ========================  ====================================================
    new  overlapping               then
    ===  ========================  ====================================================
    L1   none                      upload
    L1   one L1                    next version; partial if another replaces part of it
    L1   an L2                     refused
    L2   none                      upload
    L2   one L1                    next version; partial if another replaces part of it
    L2   one L2                    next version if the file name is the same, or refused
    any  more than one             refused
    ===  ========================  ====================================================
    """
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
