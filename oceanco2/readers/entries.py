"""The registry of readers: what a raw file format has to offer."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from oceanco2.platforms import FileDefinition, Platform
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RawTable
from oceanco2.registry import Registry

#: Names of columns that are wanted; None for all.
Wanted = Collection[str]
#: Column name to texts of all files, in one order.
Column = Callable[[str], np.ndarray]


@dataclass(frozen=True, slots=True)
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
    table : callable
        ``(definition, source, wanted) -> RawTable``.
    times : callable
        ``(definition, column, where) -> (datetime64[ns], notes)``, called once on all
        files together, so that the whole file set can decide how dates are written.
    time_columns : callable
        ``(definition) -> names`` of the columns that `times` asks for.
    run_columns : tuple of str
        Columns of the run type, unless the platform file names others.
    runs : mapping of str to str
        Run types that are known for this format; a platform file adds and overrides.
    short_rows : collection of str
        Run types whose rows may be short without being damaged.
    position : mapping of str to str
        Columns of latitude and longitude, unless the platform file says otherwise.
    inspect : callable, optional
        ``(platform, column, labels, standards) -> notes`` on what looks odd.
    """

    name: str
    description: str
    proven: bool
    table: Callable[[FileDefinition, Source, Wanted], RawTable]
    times: Callable[[FileDefinition, Column, str], tuple[np.ndarray, list[str]]]
    time_columns: Callable[[FileDefinition], list[str]]
    run_columns: tuple[str, ...]
    runs: Mapping[str, str]
    short_rows: Collection[str]
    position: Mapping[str, str]
    inspect: Callable[[Platform, Column, np.ndarray, np.ndarray], list[str]] | None = (
        None
    )


READERS: Registry[Reader] = Registry("reader")
