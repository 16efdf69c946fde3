"""The registry of readers: what a raw file format has to offer."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, Wanted
from oceanco2.readers.times import Cells, number_columns, read_times, text_columns
from oceanco2.registry import Registry

#: What cuts one raw file into cells.
Read = Callable[[FileDefinition, RawFile, Wanted], RawTable]
#: What makes times of all rows: ``(definition, rows, where) -> (times, notes)``.
Times = Callable[[FileDefinition, Cells, str], tuple[np.ndarray, list[str]]]
#: Whether the first bytes of a file (at least 64 kB, or all) are of a format.
Sniff = Callable[[bytes], bool]
#: What compares and warns: ``(platform, rows, labels, standards) -> doubts``.
Inspect = Callable[[Platform, Cells, np.ndarray, np.ndarray], list[str]]


def _described_times(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    return read_times(definition, rows, where), []


def _described_columns(definition: FileDefinition) -> tuple[list[str], list[str]]:
    way = definition.time
    return (text_columns(way), number_columns(way)) if way else ([], [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A raw file format.

    Attributes
    ----------
    name : str
        What ``reader = "..."`` says in a platform file.
    description : str
        One line for lists.
    proven : bool
        Whether it has read real files.
    cite : str
        Description of the instrument or format, with DOI; empty if there is none.
    read : callable
        ``(definition, raw file, wanted) -> RawTable``.
    times : callable
        ``(definition, rows, where) -> (datetime64[ns], notes)``, called once on all
        files together, so that the whole file set can decide how dates are written.
    time_columns : callable
        ``(definition) -> (texts, numbers)``, columns that `times` asks for.
    run_columns : tuple of str
        Columns of the run type, unless the platform file names others.
    runs : mapping of str to str
        Run types that are known for this format; a platform file adds and overrides.
    short_runs : collection of str
        Run types whose rows are read for type and time only.
    position : mapping of str to VariableSource
        Where latitude and longitude are, unless the platform file says otherwise.
    offers : mapping of str to VariableSource
        Variables (and ``X_delivered``) that the format has under known names: read
        where the files have them and the platform file says nothing else.
    together : callable, optional
        ``tables of all files -> tables`` where one reading stands in several files.
    clocks : callable, optional
        ``(rows, times) -> {name: times}`` of clocks that do not rule, for the rows
        that stand on the time axis: kept as ``clock_<name>``.
    options : collection of str
        Keys that ``options`` may have in the platform file.
    more_columns : tuple of str
        Number columns that `inspect` asks for.
    inspect : callable, optional
        ``(platform, rows, labels, standards) -> doubts`` on what looks odd.
    sniff : callable, optional
        ``(first bytes of a file) -> bool``: whether they are of this format; how
        ``oceanco2 platforms new`` knows the reader of an unknown file.
    """

    name: str
    description: str
    proven: bool
    cite: str = ""
    read: Read
    times: Times = _described_times
    time_columns: Callable[[FileDefinition], tuple[list[str], list[str]]] = (
        _described_columns
    )
    run_columns: tuple[str, ...] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    short_runs: Collection[str] = ()
    position: Mapping[str, VariableSource] = field(default_factory=dict)
    offers: Mapping[str, VariableSource] = field(default_factory=dict)
    together: Callable[[list[RawTable]], list[RawTable]] | None = None
    clocks: Callable[[Cells, np.ndarray], dict[str, np.ndarray]] | None = None
    options: Collection[str] = ()
    more_columns: tuple[str, ...] = ()
    inspect: Inspect | None = None
    sniff: Sniff | None = None


READERS: Registry[Reader] = Registry("reader")


def reader(
    name: str, *, description: str, proven: bool = False, **more: Any
) -> Callable[[Read], Read]:
    """Register a function as the reader of a raw file format.

    Parameters
    ----------
    name : str
        What ``reader = "..."`` says in a platform file.
    description : str
        One line for lists.
    proven : bool, default False
        Whether it has read real files.
    **more : Any
        Other attributes of `Reader` that differ from those of a plain table.

    Returns
    -------
    callable
        Decorator that leaves the function as it is.

    Examples
    --------
    A format of its own is one function in one module::

        @reader("my_logger", description="log of my instrument")
        def read_my_logger(definition, raw, wanted):
            columns, lines = ...  # from raw.content, bytes
            return table_of(columns, lines)
    """

    def register(function: Read) -> Read:
        entry = Reader(
            name=name, description=description, proven=proven, read=function, **more
        )
        READERS.add(name, entry)
        return function

    return register
