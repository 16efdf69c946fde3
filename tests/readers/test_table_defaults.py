"""Defaults of tables, rows and sources."""

import numpy as np

from oceanco2.files import digest
from oceanco2.platforms import FileDefinition
from oceanco2.readers.formats import subctech
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RawTable, StreamRows, table_of
from oceanco2.readers.text_table import Head


def fields(entry, *names):
    return [getattr(entry, name) for name in names]


def test_a_table_of_nothing_but_cells():
    empty = np.empty(0)
    table = RawTable([], {}, empty, empty, empty)
    more = ("units", "notes", "warnings", "file", "digest")
    assert fields(table, *more) == [{}, [], [], "", ""]
    other = table_of({" a ": np.array([1.0])}, [7])
    assert fields(other, *more) == [{}, [], [], "", ""]
    assert (other.names, other.lines.tolist()) == (["a"], [7])
    assert other.lines.dtype == np.int32
    assert other.damaged.tolist() == [False]
    rows = StreamRows([other], FileDefinition(reader="x"), "here")
    assert fields(rows, "order", "absent", "where") == [None, {}, "here"]


def test_other_records():
    assert fields(Head(1, ["a"], ","), "lines", "notes") == [set(), []]
    section = subctech._Section(["a"])
    assert fields(section, "units", "lines", "rows") == [[], [], []]
    content = subctech._LogContent([])
    assert fields(content, "texts", "before_head", "unknown") == [[], [], []]


def test_a_source_is_read_when_it_is_loaded():
    raw = Source("n", "folder/n", False, lambda: b"text").load()
    assert fields(raw, "name", "content", "digest") == ["n", b"text", digest(b"text")]


def test_the_file_of_each_row():
    tables = [table_of({"a": np.zeros(n)}, np.arange(n)) for n in (2, 1)]
    rows = StreamRows(tables, FileDefinition(reader="x"), "here")
    assert rows.file_index().tolist() == [0, 0, 1]
    assert rows.file_index().dtype == np.int16
