"""Tables of a platform file that describe how streams are combined."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from oceanco2.platforms.checking import WrongKey, known
from oceanco2.platforms.settings import Moment, Positive, Table

#: How a sensor reports: continuously, in bursts, or as found from its times.
Mode = Literal["continuous", "periodic", "auto"]


def _seconds(value: Any) -> Any:
    if value == "auto" or isinstance(value, int | float):
        return value
    raise ValueError("must be a number of seconds, or 'auto'")


#: Seconds, or to be estimated by correlation with the equilibrator.
Lag = Annotated[float | Literal["auto"], BeforeValidator(_seconds)]


class GroupLag(Table):
    """Time that the water takes from one group of sensors to the next."""

    from_: str = Field(alias="from")
    to: str
    time: Moment | None = None
    seconds: float


class Alignment(Table):
    """How other streams are aligned to the times of the main one.

    ``groups`` are sensor groups in the order of the flow; a variable with a ``group``
    is taken from the time when the water was there. The times of the main stream are
    those of ``main_group``, the last one by default.
    """

    main: str | None = None
    max_gap_seconds: Positive = 300.0
    interpolation: Literal["linear", "nearest"] = "linear"
    mode: Mode = "continuous"
    groups: list[str] = []
    main_group: str | None = None
    lags: list[GroupLag] = []

    @property
    def home(self) -> str:
        """Return the group that the times of the main stream belong to.

        Returns
        -------
        str
            ``main_group``, else the last of ``groups``; empty without groups.
        """
        return self.main_group or (self.groups[-1] if self.groups else "")


def check_flow(table: Alignment) -> None:
    """Check that groups are unique and that lags are between neighbours."""
    where = "alignment.groups"
    if len(set(table.groups)) < len(table.groups):
        raise WrongKey(where, "a group appears more than once")
    if table.main_group is not None:
        known("alignment.main_group", "group", table.main_group, table.groups)
    pairs = list(pairwise(table.groups))
    for number, lag in enumerate(table.lags, 1):
        where = f"alignment.lags {number}"
        for name in (lag.from_, lag.to):
            known(where, "group", name, table.groups)
        if (lag.from_, lag.to) not in pairs:
            allowed = ", ".join(f"{a!r} to {b!r}" for a, b in pairs)
            raise WrongKey(
                where,
                f"{lag.from_!r} to {lag.to!r} are not neighbours in the order of the"
                f" flow. Allowed: {allowed}.",
            )
        others = [x for x in table.lags if x.from_ == lag.from_ and x is not lag]
        if any(x.time is None or x.time == lag.time for x in others):
            raise WrongKey(
                where, f"{lag.from_!r} to {lag.to!r} needs a 'time' of its own"
            )
