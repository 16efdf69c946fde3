"""Schema of platform files: streams and how they are combined (pydantic models)."""

import re
from codecs import lookup
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from oceanco2.dates import ORIGINS
from oceanco2.errors import UnitsError, choose, choose_name
from oceanco2.platforms.contradictions import check_answers
from oceanco2.platforms.settings import (
    QC,
    Calibration,
    Equilibrator,
    Intake,
    Metadata,
    Moment,
    NotNegative,
    Positive,
    Reduction,
    Sensor,
    Standard,
    Table,
    WrongKey,
)
from oceanco2.platforms.shared import check_columns
from oceanco2.platforms.standards import check_labels, on_scale
from oceanco2.registry import READERS
from oceanco2.units import conversion, split_name
from oceanco2.vocabulary import RUN_TYPES, VARIABLES

T = TypeVar("T")
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
        choose_name(
            "group",
            table.main_group,
            table.groups,
            error=partial(WrongKey, "alignment.main_group"),
        )
    pairs = list(pairwise(table.groups))
    for number, lag in enumerate(table.lags, 1):
        where = f"alignment.lags {number}"
        for name in (lag.from_, lag.to):
            choose_name("group", name, table.groups, error=partial(WrongKey, where))
        if (lag.from_, lag.to) not in pairs:
            allowed = ", ".join(f"{a!r} to {b!r}" for a, b in pairs)
            raise WrongKey(
                where,
                f"{lag.from_!r} to {lag.to!r} are not neighbours in the order of the"
                f" flow. Allowed: {allowed}.",
            )
        others = [x for x in table.lags if x.from_ == lag.from_ and x is not lag]
        if any(x.time is None or x.time == lag.time for x in others):
            raise WrongKey(where, f"{lag.from_!r} to {lag.to!r} needs its own 'time'")


def _origin(value: Any) -> Any:
    if isinstance(value, str) and not value[:1].isdigit():
        choose("origin", value, [*ORIGINS, "a date"], error=ValueError)
    return value


#: Day 0 of a count: a date, or the name of one that TOML cannot hold.
Origin = Annotated[
    Moment | Literal["excel", "excel_1904", "matlab", "julian"],
    BeforeValidator(_origin),
]


class Time(Table):
    """Columns of date and time, always UTC after ``offset_seconds``.

    One of: ``columns`` joined by a blank and read with ``format`` (of several
    formats each file is read with the one that fits it); ``date`` with
    ``date_format`` plus ``time`` or ``day_fraction``; ``year`` ... ``second`` columns;
    ``year`` plus ``day_of_year``; ``seconds`` or ``days`` since ``since``; a
    ``decimal_year``.
    """

    columns: list[str] | None = None
    format: str | list[str] | None = None
    date: str | None = None
    date_format: str | list[str] | None = None
    time: str | None = None
    time_format: str | list[str] = ["%H:%M:%S", "%H:%M"]
    day_fraction: str | None = None
    year: str | int | None = None
    month: str | None = None
    day: str | None = None
    hour: str | None = None
    minute: str | None = None
    second: str | None = None
    day_of_year: str | None = None
    january_first: Literal[0, 1] = 1
    seconds: str | None = None
    days: str | None = None
    since: Origin = datetime(1970, 1, 1, tzinfo=UTC)
    decimal_year: str | None = None
    offset_seconds: float = 0.0

    @model_validator(mode="after")
    def _one_method(self) -> "Time":
        methods = {
            "columns": self.columns,
            "date": self.date,
            "day_of_year": self.day_of_year,
            "month": self.month,
            "seconds": self.seconds,
            "days": self.days,
            "decimal_year": self.decimal_year,
        }
        used = [name for name, value in methods.items() if value]
        if len(used) != 1:
            raise ValueError(
                f"must have exactly one of {', '.join(methods)}; it has"
                f" {', '.join(used) or 'none'}"
            )
        if self.days and "since" not in self.model_fields_set:
            names = ", ".join(map(repr, ORIGINS))
            raise ValueError(f"'days' needs 'since': a date, or one of {names}")
        if self.columns and not self.format:
            raise ValueError("'columns' needs 'format'")
        if self.date and not self.date_format:
            raise ValueError("'date' needs 'date_format'")
        if self.date and not (self.time or self.day_fraction or self.hour):
            raise ValueError("'date' needs 'time', 'day_fraction' or 'hour'")
        if (self.day_of_year or self.month) and self.year is None:
            raise ValueError("needs 'year', a column or a number")
        if self.month and not self.day:
            raise ValueError("'month' needs 'day'")
        return self

    @model_validator(mode="after")
    def _one_clock(self) -> "Time":
        clocks = [k for k in ("time", "day_fraction", "hour") if getattr(self, k)]
        if len(clocks) > 1:
            raise ValueError(f"must have only one of {', '.join(clocks)}")
        complete = ("columns", "seconds", "days", "decimal_year")
        method = next((key for key in complete if getattr(self, key)), "")
        if clocks and method:
            raise ValueError(f"{clocks[0]!r} has no effect with {method!r}")
        if (self.minute and not self.hour) or (self.second and not self.minute):
            raise ValueError("'second' needs 'minute', 'minute' needs 'hour'")
        return self

    @model_validator(mode="after")
    def _formats(self) -> "Time":
        date_formats = {"format": self.format if self.columns else None}
        date_formats |= {"date_format": self.date_format if self.date else None}
        for key, formats in date_formats.items():
            for fmt in [formats] if isinstance(formats, str) else formats or []:
                _check_format(key, fmt, _DATES)
        times = self.time_format if self.time else []
        for fmt in [times] if isinstance(times, str) else times:
            _check_format("time_format", fmt, _CLOCKS)
        return self


_DATES = (("%Y", "%y"), ("%m", "%b", "%B", "%j"), ("%d", "%j"))
_CLOCKS = (("%H", "%I"),)


def _check_format(key: str, fmt: str, required: tuple[tuple[str, ...], ...]) -> None:
    """Reject formats that no parser knows or that lack a required part."""
    example = datetime(2011, 12, 13, 14, 15, 16, tzinfo=UTC)
    try:
        datetime.strptime(example.strftime(fmt), fmt)
    except (ValueError, re.error) as error:
        raise ValueError(f"{key} {fmt!r} cannot be used: {error}") from None
    for words in required:
        if not any(word in fmt for word in words):
            raise ValueError(
                f"{key} {fmt!r} lacks {' or '.join(words)};"
                " for example '%d/%m/%Y' and '%H:%M:%S'"
            )
    codes = re.findall("%.", fmt)
    faults = {
        "has %S without %M": "%S" in codes and "%M" not in codes,
        "has %S between %H and %M": "%H%S%M" in "".join(codes),
        "has %p, which has no effect on %H: use %I": {"%p", "%H"} <= {*codes},
        "has %I without %p": "%I" in codes and "%p" not in codes,
    }
    for fault, found in faults.items():
        if found:
            raise ValueError(f"{key} {fmt!r} {fault}")


_SEPARATORS = ("tab", "comma", "semicolon", "pipe", "space", *"\t,;| ")


class Header(Table):
    """Lines before the rows."""

    skip: int = Field(default=0, ge=0)
    until: str | None = None
    rows: int = Field(default=1, ge=0)
    units: int = Field(default=0, ge=0)


class FileDefinition(Table):
    """One stream: files of the same format."""

    reader: str
    pattern: str = "*"
    optional: bool = False
    separator: str | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    encoding: str = "auto"
    comment: str | None = None
    header: Header = Header()
    names: list[str] | None = None
    missing: list[str] = []
    rows_with: list[str] = []
    prefer: str | None = None
    time: Time | None = None
    run_columns: list[str] | None = None
    options: dict[str, Any] = {}

    @model_validator(mode="after")
    def _readable(self) -> "FileDefinition":
        if self.separator is not None and self.separator.lower() not in _SEPARATORS:
            choose("separator", self.separator, _SEPARATORS[:5], error=ValueError)
        if self.encoding != "auto":
            try:
                lookup(self.encoding)
            except LookupError:
                raise ValueError(f"no encoding named {self.encoding!r}") from None
        if not self.header.rows and not self.names:
            raise ValueError("header has no row of names: set 'names'")
        if self.decimal == "," and (self.separator or "").lower() in ("comma", ","):
            raise ValueError("decimal and separator must not both be a comma")
        if self.thousands == self.decimal:
            raise ValueError(f"decimal and thousands must not both be {self.decimal!r}")
        return self


class VariableSource(Table):
    """Source and properties of a canonical variable."""

    file: str | None = None
    column: str | None = None
    occurrence: int = Field(default=1, ge=1)
    sum: list[str] | None = None
    difference: list[str] | None = Field(default=None, min_length=2, max_length=2)
    value: float | None = None
    same_as: str | None = None
    absent: Literal[True] | None = None
    units: str = ""
    sensor: str = ""
    format: Literal["decimal", "ddmm.mmmm", "ddmmss", "dd mm.mmmm"] = "decimal"
    hemisphere: str | None = None
    positive: Literal["east", "west", "north", "south"] | None = None
    missing: list[str] = []
    smooth_seconds: NotNegative = 0.0
    lag_seconds: Lag = 0.0
    group: str | None = None
    max_gap_seconds: Positive | None = None
    mode: Mode | None = None
    height: float = Field(default=0.0, ge=0, le=100)
    dry: bool | Literal["corrected"] = True
    absolute: bool | None = None
    uncertainty: NotNegative | None = None
    flag: str | None = None
    flag_map: dict[str, Literal[0, 2, 3, 4, 9]] = {}

    @model_validator(mode="after")
    def _one_source(self) -> "VariableSource":
        sources = ("column", "sum", "difference", "value", "same_as", "absent")
        used = [source for source in sources if getattr(self, source) is not None]
        if len(used) != 1:
            raise ValueError(
                f"must have exactly one of {', '.join(sources)}; it has"
                f" {', '.join(used) or 'none'}"
            )
        return self

    @property
    def columns(self) -> list[str]:
        """Raw columns that are read.

        Returns
        -------
        list of str
            Empty if nothing is read: a constant, a copy, an absent value.
        """
        if self.column is not None:
            return [self.column]
        return list(self.sum or self.difference or [])


class DeliveredSource(VariableSource):
    """A result that came with the file, and how far it may be from the computed one."""

    within: NotNegative | None = None


class Runs(Table):
    """Labels of the run type column and their meaning."""

    labels: dict[str, str] = {}
    flushing_seconds: dict[Literal["water", "air", "standard"], NotNegative] = {}
    unknown: Literal["error", "ignored"] = "error"

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, table: dict[str, Any]) -> dict[str, Any]:
        settings = {
            key: table[key] for key in ("flushing_seconds", "unknown") if key in table
        }
        choices = [*RUN_TYPES, "same"]
        choices.remove("unknown")
        labels = {key: value for key, value in table.items() if key not in settings}
        for label, word in labels.items():
            choose(repr(label), word, choices, error=ValueError)
        return settings | {"labels": labels}


class Platform(Table):
    """A validated platform file.

    The fields are the tables and keys of the file; ``platforms/README.md`` explains
    each with an example.
    """

    schema_: Literal[1] = Field(alias="schema")
    name: str = Field(min_length=1)
    kind: Literal["ship", "mooring", "surface_vehicle", "drifter"]
    platform_code: str = Field(pattern=r"^[A-Z0-9]{4}$")
    call_sign: str | None = None
    station: str | None = None
    files: dict[str, FileDefinition] = Field(min_length=1)
    runs: Runs | None = None
    variables: dict[str, VariableSource] = Field(min_length=1)
    delivered: dict[str, DeliveredSource] = {}
    sensors: dict[str, Sensor] = {}
    standards: list[Standard] = []
    equilibrator: Equilibrator = Equilibrator()
    intake: Intake = Intake()
    calibration: Calibration = Calibration()
    alignment: Alignment = Alignment()
    reduction: Reduction = Reduction()
    qc: QC = QC()
    metadata: Metadata = Metadata()
    accepted: dict[str, str | dict[str, str]] = {}

    #: Filled by the loader: where the file is and its SHA-256.
    path: str = ""
    sha256: str = ""
    _tables: dict[str, Table] = PrivateAttr(default_factory=dict)

    def add_tables(self, tables: Mapping[str, Table]) -> None:
        """Add the tables of calibration models, which they have validated.

        Parameters
        ----------
        tables : mapping of str to Table
            By the name of the model.
        """
        self._tables.update(tables)

    def settings(self, kind: type[T]) -> T | None:
        """Return the table of a calibration model.

        Parameters
        ----------
        kind : type
            The pydantic model of the table.

        Returns
        -------
        Table or None
            None if the platform file does not have it.
        """
        tables = (table for table in self._tables.values() if isinstance(table, kind))
        return next(tables, None)

    def main_file(self) -> str:
        """Return the stream whose times the dataset has.

        Returns
        -------
        str
            The one named by ``[alignment] main``, else the first.
        """
        return self.alignment.main or next(iter(self.files))

    def file_of(self, source: VariableSource) -> str:
        """Return the stream that a variable comes from.

        Parameters
        ----------
        source : VariableSource
            An entry of ``variables`` or ``delivered``.

        Returns
        -------
        str
            A key of ``files``.
        """
        return source.file or self.main_file()

    def needs_raw(self, name: str) -> bool:
        """Whether the reader must call a variable ``<name>_raw``.

        Parameters
        ----------
        name : str
            A key of ``variables``.

        Returns
        -------
        bool
            True if its sensor has calibrations or the value is to be reduced to sea
            level: the calibrated value then has the name itself.
        """
        source = self.variables[name]
        sensor = self.sensors.get(source.sensor)
        return bool(source.height) or bool(sensor and sensor.calibrations)

    @model_validator(mode="after")
    def _names(self) -> "Platform":
        for table in ("variables", "delivered"):
            for name, source in getattr(self, table).items():
                _check_variable(self, f"{table}.{name}", name, source)
        for name in self.qc.checks:
            choose_name(
                "variable",
                name,
                {**VARIABLES, "standard_run": None},
                error=partial(WrongKey, f"qc.{name}"),
            )
        if self.alignment.main is not None:
            choose_name(
                "file",
                self.alignment.main,
                self.files,
                error=partial(WrongKey, "alignment.main"),
            )
        check_columns(self)
        check_flow(self.alignment)
        check_answers(self.accepted)
        check_labels(self.standards)
        on_scale(self.standards, self.calibration.scale)
        return self


def _check_variable(
    platform: Platform, where: str, name: str, source: VariableSource
) -> None:
    choose_name("variable", name, VARIABLES, error=partial(WrongKey, where))
    if source.file is not None:
        choose_name("file", source.file, platform.files, error=partial(WrongKey, where))
    if source.group is not None:
        choose_name(
            "group",
            source.group,
            platform.alignment.groups,
            error=partial(WrongKey, where),
        )
        if source.lag_seconds:
            raise WrongKey(where, "must have group or lag_seconds, not both")
    if source.same_as is not None:
        _check_copy(platform, where, name, source.same_as)
    _check_keys(where, name, source)
    if source.positive in ("east", "west") and name != "longitude":
        raise WrongKey(where, f"positive = {source.positive!r} is for longitude only")
    if source.positive in ("north", "south") and name != "latitude":
        raise WrongKey(where, f"positive = {source.positive!r} is for latitude only")
    _check_units(platform, where, name, source)


def _check_units(
    platform: Platform, where: str, name: str, source: VariableSource
) -> None:
    """Reject units of another quantity or size, and none where no file states any."""
    canonical = VARIABLES[name].units
    try:
        scale, _ = conversion(source.units or canonical, canonical)
    except UnitsError as error:
        raise WrongKey(where, str(error)) from None
    if canonical == "1" and scale != 1.0 and not name.endswith("_fraction"):
        text = f"{source.units!r} is of another size than numbers of {name}"
        raise WrongKey(where, f"{text}: leave it at {canonical!r}")
    if source.units or not source.columns or name in ("latitude", "longitude"):
        return
    file = platform.files[platform.file_of(source)]
    reader = READERS.get(file.reader)
    are_stated = all(split_name(column, canonical)[1] for column in source.columns)
    if file.header.units or (reader is not None and reader.states_units):
        are_stated = True  # by the files, which are not read yet
    if not are_stated:
        raise WrongKey(where, f"lacks 'units', for example {canonical!r}")


def _check_keys(where: str, name: str, source: VariableSource) -> None:
    """Reject keys that have no effect on a variable."""
    if source.height and name != "P_atm":
        raise WrongKey(where, "'height' is for P_atm only")
    if source.absolute is not None and name != "salinity":
        raise WrongKey(where, "'absolute' is for salinity only")
    if source.dry is False and name not in ("xCO2", "x12CO2", "x13CO2"):
        raise WrongKey(where, "dry = false is for xCO2 only: other names say it")


def _check_copy(platform: Platform, where: str, name: str, other: str) -> None:
    """Reject copies of missing variables, of copies, and of other quantities."""
    choose_name(
        "variable of this file",
        other,
        platform.variables,
        error=partial(WrongKey, where),
    )
    if platform.variables[other].same_as is not None:
        raise WrongKey(where, f"same_as = {other!r} is itself a copy of another")
    units, other_units = VARIABLES[name].units, VARIABLES[other].units
    if units != other_units:
        raise WrongKey(
            where, f"same_as = {other!r} is in {other_units!r}, not {units!r}"
        )
