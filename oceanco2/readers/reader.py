"""The registry of readers, one for each raw file format."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from oceanco2.errors import OptionError, choose_name
from oceanco2.platforms import FileDefinition, Platform, VariableSource
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RawTable, RequiredColumns
from oceanco2.readers.times import Cells, number_columns, read_times, text_columns
from oceanco2.registry import READERS

#: Splits one raw file into cells.
Read = Callable[[FileDefinition, RawFile, RequiredColumns], RawTable]
#: Times of all rows: ``(definition, rows, where) -> (times, notes)``.
Times = Callable[[FileDefinition, Cells, str], tuple[np.ndarray, list[str]]]
#: Tables of a file whose layout is not known: ``(options, text)`` of each.
Texts = Callable[[RawFile], list[tuple[Mapping[str, Any], str]]]
#: What a draft says beyond files and variables: ``raw file -> (lines, questions)``.
DraftTables = Callable[[RawFile], tuple[list[str], list[str]]]
#: Whether a file has the format, from its first bytes (at least 64 kB, or all).
Sniff = Callable[[bytes], bool]
#: Checks and warns: ``(platform, rows, labels, standards) -> warnings``.
Inspect = Callable[[Platform, Cells, np.ndarray, np.ndarray], list[str]]


def _times_of_platform(
    definition: FileDefinition, rows: Cells, where: str
) -> tuple[np.ndarray, list[str]]:
    return read_times(definition, rows, where), []


def _columns_of_platform(definition: FileDefinition) -> tuple[list[str], list[str]]:
    time = definition.time
    return (text_columns(time), number_columns(time)) if time else ([], [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A raw file format.

    Attributes
    ----------
    name : str
        Value of ``reader = "..."`` in a platform file.
    description : str
        One line, shown in lists.
    proven : bool
        Whether it has been tested on real files.
    cite : str
        Description of the instrument or format, with DOI; empty if there is none.
    read : callable
        ``(definition, raw file, required) -> RawTable``.
    times : callable
        ``(definition, rows, where) -> (datetime64[ns], notes)``, called once on all
        files together, because the format of dates may follow from all files only.
    time_columns : callable
        ``(definition) -> (texts, numbers)``, the columns that `times` reads.
    run_columns : tuple of str
        Columns of the run type, unless the platform file names others.
    runs : mapping of str to str
        Run types of this format; a platform file adds to and overrides them.
    short_runs : collection of str
        Run types of which only type and time are read.
    position : mapping of str to VariableSource
        Columns of latitude and longitude, unless the platform file names others.
    offers : mapping of str to VariableSource
        Variables (and ``X_delivered``) with fixed names in this format: read where
        the files have them, unless the platform file describes them differently.
    together : callable, optional
        ``tables of all files -> tables``, where one reading is split over files.
    clocks : callable, optional
        ``(rows, times) -> {name: times}`` of secondary clocks, for the rows on the
        time axis: kept as ``clock_<name>``.
    options : collection of str
        Keys allowed in ``options`` of the platform file.
    more_columns : tuple of str
        Number columns that `inspect` reads.
    inspect : callable, optional
        ``(platform, rows, labels, standards) -> warnings`` about suspicious values.
    sniff : callable, optional
        ``(first bytes of a file) -> bool``: whether the file has this format; used
        by ``oceanco2 platforms new`` to recognise an undocumented file.
    states_units : bool
        Whether files say of every column in which units it is: a platform file may
        then leave out ``units``.
    drafted : mapping of str to sequence of VariableSource
        What a draft of a platform file writes for columns with fixed names: the first
        source whose columns the file has. Unlike `offers` they are not read unless
        the platform file has them.
    draft_tables : callable, optional
        ``raw file -> (lines, questions)``: further tables of a draft, for example
        calibration constants in the head of the file; what the file does not say
        stands in a comment.
    texts : callable, optional
        ``raw file -> [(options, text)]``: tables separated by tabs whose layout is
        to be guessed, for example the sheets of a workbook.
    """

    name: str
    description: str
    proven: bool
    cite: str = ""
    read: Read
    times: Times = _times_of_platform
    time_columns: Callable[[FileDefinition], tuple[list[str], list[str]]] = (
        _columns_of_platform
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
    states_units: bool = False
    drafted: Mapping[str, Sequence[VariableSource]] = field(default_factory=dict)
    draft_tables: DraftTables | None = None
    texts: Texts | None = None

    @property
    def needs_time(self) -> bool:
        """Return whether the platform file has to describe the time.

        Returns
        -------
        bool
            True if the format has no time of its own.
        """
        return self.times is _times_of_platform


def drafted_sources(
    units: Mapping[tuple[str, str], str],
) -> dict[str, tuple[VariableSource, ...]]:
    """Return the sources of variables, in order, from ``(variable, column): units``.

    Examples
    --------
    >>> found = drafted_sources({("SST", "Intake Temp"): "K", ("SST", "SST"): "K"})
    >>> [source.column for source in found["SST"]]
    ['Intake Temp', 'SST']
    """
    out: dict[str, tuple[VariableSource, ...]] = {}
    for (name, column), unit in units.items():
        out[name] = (*out.get(name, ()), VariableSource(column=column, units=unit))
    return out


def reader(
    name: str, *, description: str, proven: bool = False, **more: Any
) -> Callable[[Read], Read]:
    """Register a function as the reader of a raw file format.

    Parameters
    ----------
    name : str
        Value of ``reader = "..."`` in a platform file.
    description : str
        One line, shown in lists.
    proven : bool, default False
        Whether it has been tested on real files.
    **more : Any
        Other attributes of `Reader`, where they differ from the defaults.

    Returns
    -------
    callable
        Decorator that returns the function unchanged.

    Examples
    --------
    A new format is one function in one module::

        @reader("my_logger", description="log of my instrument")
        def read_my_logger(definition, raw, required):
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


def check_reader_options(platform: Platform, name: str) -> None:
    """Raise OptionError for an option of ``[files.NAME]`` that its reader lacks."""
    definition = platform.files[name]
    options = READERS[definition.reader].options
    where = f"{platform.path}: [files.{name}] reader {definition.reader!r}"
    for option in definition.options:
        choose_name("option", option, options, where, error=OptionError)
