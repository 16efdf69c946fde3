"""Plan which columns of a file are read; their units and CF names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from oceanco2.errors import OptionError, ReadError, not_found
from oceanco2.socat.archive import _kernels
from oceanco2.socat.archive.preamble import SocatFile, constants
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.columns import COLUMNS, ArchiveColumn, column_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


CLOCK = ("yr", "mon", "day", "hh", "mm", "ss")
STAMP = "Date/Time"
TIME = "time"
#: Other names that users have for columns.
_ALIASES = {
    "lat": "latitude",
    "lon": "longitude",
    "salinity": "sal",
    "depth": "sample_depth",
    "fco2": "fCO2rec",
    "d2l": "dist_to_land",
    "t_equ": "Tequ",
    "p_equ": "Pequ",
    "p_atm": "PPPP",
}
INTEGERS = ("fCO2rec_src", "fCO2rec_flag", *CLOCK[:5])


def bare(header: str) -> str:
    """Return a header without its unit in brackets."""
    return header.strip().split(" [", maxsplit=1)[0]


def canonical(name: str, others: Iterable[str] = ()) -> str:
    """Return the standard name of the column that a user names."""
    column = column_of(name)
    if column:
        return column.name
    others = list(others)
    name = name.strip()
    if name not in others and bare(name) in others:
        name = bare(name)
    names = [TIME, *(c.name for c in COLUMNS), *others]
    lower = {n.lower(): n for n in names} | _ALIASES
    if name in others or name.lower() in lower:
        return name if name in others else lower[name.lower()]
    raise OptionError(not_found("column", name, dict.fromkeys(names)))


@dataclass(frozen=True)
class Layout:
    """Columns that are read from each line of a file."""

    file: SocatFile
    fields: dict[str, int]
    numbers: tuple[str, ...]
    labels: tuple[str, ...]
    timed: bool
    plan: Array = field(repr=False)
    duplicates: tuple[tuple[str, int, int], ...]
    fixed: dict[str, str]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of a row, in the order of the file."""
        selected = {*self.numbers, *self.labels}
        names: list[str] = [name for name in self.fixed if name not in selected]
        for name in self.fields:
            if self.timed and name in (CLOCK[0], STAMP, TIME):
                names.append(TIME)
            if name in selected:
                names.append(name)
        return tuple(names)


def _positions(
    header: Sequence[str],
) -> tuple[dict[str, int], tuple[tuple[str, int, int], ...]]:
    fields: dict[str, int] = {}
    duplicates = []
    for i, text in enumerate(header):
        column = column_of(text)
        name = column.name if column else bare(text)
        if not column and name in fields:
            name = text.strip()
        if name in fields:
            duplicates.append((name, fields[name], i))
        elif name:
            fields[name] = i
    return fields, tuple(duplicates)


def lay_out(
    file: SocatFile, columns: Iterable[str] | None = None, also: Iterable[str] = ()
) -> Layout:
    """Plan what is read from each line."""
    fields, duplicates = _positions(file.header)
    fixed = {n: t for n, t in constants(file).items() if n not in fields}
    has_clock = all(part in fields for part in CLOCK[:5])
    has_time = has_clock or STAMP in fields or TIME in fields
    if columns is None:
        clock = {*CLOCK, STAMP} if has_time else set()
        selected = [name for name in (*fixed, *fields) if name not in clock]
        selected += [TIME] if has_time else []
    else:
        selected = [canonical(name, fields) for name in columns]
    present = {*fields, *fixed} | ({TIME} if has_time else set())
    for name in selected:
        if name not in present:
            raise ReadError(_missing_column(file, name, present))
    more = (name for name in also if name in present)
    selected = list(dict.fromkeys([*selected, *more]))
    if columns is not None:
        fixed = {n: t for n, t in fixed.items() if n in selected}
    cells = [name for name in selected if name in fields and name != TIME]
    labels = tuple(name for name in cells if _is_text(name))
    numbers = tuple(name for name in cells if not _is_text(name))
    timed = TIME in selected
    plan = _plan(file, fields, numbers, labels, timed)
    return Layout(file, fields, numbers, labels, timed, plan, duplicates, fixed)


def _plan(
    file: SocatFile,
    fields: dict[str, int],
    numbers: tuple[str, ...],
    labels: tuple[str, ...],
    timed: bool,
) -> Array:
    plan = np.full((len(file.header), 3), -1, np.int64)
    for row, name in enumerate(numbers):
        plan[fields[name], _kernels.IN_NUMBERS] = row
    for row, name in enumerate(labels):
        plan[fields[name], _kernels.IN_LABELS] = row
    if timed and CLOCK[0] in fields:
        for part, name in enumerate(CLOCK):
            if name in fields:
                plan[fields[name], _kernels.IN_TIME] = part
    elif timed and STAMP in fields:
        plan[fields[STAMP], _kernels.IN_TIME] = _kernels.WHOLE_STAMP
    return plan


def _is_text(name: str) -> bool:
    column = column_of(name)
    if column:
        return column.kind == "text"
    # Columns added by this package are numbers; any others are read as text.
    return "oceanco2" not in name


def _missing_column(file: SocatFile, name: str, present: set[str]) -> str:
    where = f"{file.name}, line {file.line} (header)"
    if name == TIME:
        listed = ", ".join(file.header)
        return f"{where}: no columns yr, mon, day, hh, mm. Available: {listed}."
    # Another column of SOCAT is never a misspelling of the missing one.
    others = [n for n in present if n != TIME and not column_of(n)]
    return f"{where}: {not_found('column', name, file.header, similar=others)}"


_EPOCH = "seconds since 1970-01-01T00:00:00Z"
_STANDARD_NAMES = {
    "longitude": "longitude",
    "latitude": "latitude",
    "sample_depth": "depth",
    "sal": "sea_water_practical_salinity",
    "SST": "sea_surface_temperature",
    "PPPP": "air_pressure_at_mean_sea_level",
    "fCO2rec": "fugacity_of_carbon_dioxide_in_sea_water",
}


def attributes_of(name: str, added: Mapping[str, ArchiveColumn]) -> dict[str, Any]:
    """Return the attributes of a column."""
    if name == TIME:
        return {
            "standard_name": "time",
            "long_name": "time (UTC)",
            "units": _EPOCH,
            "calendar": "standard",
        }
    column = column_of(name) or added.get(name)
    if column is None:
        return {}
    attrs = {"long_name": column.long_name}
    attrs |= {"units": column.units} if column.units else {}
    if name in _STANDARD_NAMES:
        attrs["standard_name"] = _STANDARD_NAMES[name]
    return attrs


def as_dataset(frame: "pd.DataFrame") -> "xr.Dataset":
    """Return a table as a Dataset."""
    import xarray as xr

    variables = {}
    for name in frame:
        column, attrs = frame[name], attributes_of(str(name), {})
        if name == TIME:
            attrs = {k: v for k, v in attrs.items() if k not in ("units", "calendar")}
        is_text = str(column.dtype) == "category"
        values = column.astype(object) if is_text else column
        variables[str(name)] = ("obs", values.to_numpy(), attrs)
    info = frame.attrs["socat"]
    attrs = {
        "source": ", ".join(file["file"] for file in info["files"]),
        "selection": info["selection"],
        "rows_read": info["rows_read"],
        "lines_set_aside": info["lines_set_aside"],
    }
    return xr.Dataset(variables, attrs=attrs)
