"""Rows of the samples of every reader, times of platform files, and encodings.

`first_rows.json` has, for each sample, the first and last line with a reading, their
number, and every cell of the first row as it is printed in the file (null for NaN).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from oceanco2.errors import OptionError, ReadError
from oceanco2.platforms import FileDefinition, Time, load
from oceanco2.readers import READERS
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns, StreamRows, table_of
from oceanco2.text import decode

HERE = Path(__file__).parent
ROWS = json.loads((HERE / "first_rows.json").read_text(encoding="utf-8"))
BINARY = ("netcdf", "spreadsheet")
TEXTS = [name for name in ROWS if name not in BINARY]
OWN_CLOCK = ("asvco2",)


def raw_of(name):
    samples = (HERE.parent / "samples").glob(f"{name}.*")
    path = next(p for p in samples if p.suffix != ".toml")
    return RawFile(path.name, path.read_bytes(), "")


def read(name, raw, texts=None, numbers=(), **changes):
    if name == "spreadsheet":
        pytest.importorskip("openpyxl")
    platform = load(HERE.parent / "samples" / f"{name}.toml")
    definition = platform.files["data"].model_copy(update=changes)
    texts = ROWS[name]["first row"] if texts is None else texts
    return READERS[name].read(definition, raw, RequiredColumns.of(texts, numbers))


@pytest.mark.parametrize("name", ROWS)
def test_the_first_row_of_a_sample(name):
    table = read(name, raw_of(name))
    first, last, count = ROWS[name]["lines"]
    assert (table.lines[0], table.lines[-1], table.lines.size) == (first, last, count)
    assert table.lines.dtype == np.int32
    assert table.damaged.tolist() == [False] * count
    assert table.content.shape == np.unique(table.content).shape == (count,)
    assert table.warnings == []
    cells = {n: table.cells[i] for i, n in enumerate(table.names) if i in table.cells}
    assert list(cells) == list(ROWS[name]["first row"])
    for column, expected in ROWS[name]["first row"].items():
        found = cells[column][0]
        assert cells[column].shape == (count,)
        if expected is None:
            assert np.isnan(found)
        else:
            assert found == expected, column
            assert isinstance(found, str) is isinstance(expected, str)


@pytest.mark.parametrize("name", ROWS)
def test_columns_that_are_not_needed_are_not_read(name):
    if name in ("pro_oceanus", "sami"):
        pytest.skip("every column is read")
    table = read(name, raw_of(name), texts=())
    always = {
        *("zero", "flush", "state", "timeS", "seconds since 1970"),
        *(("Quality",) if name == "contros_ferrybox" else ()),
    }
    assert {table.names[i] for i in table.cells} <= always


@pytest.mark.parametrize("name", TEXTS)
def test_notes_of_the_encoding_come_first(name):
    if name == "saildrone_json":
        pytest.skip("has no line of its own")
    raw = raw_of(name)
    content = raw.content.rstrip(b"\n") + b"\n\xb5\n"
    notes = decode(content, "auto", raw.name)[1]
    assert notes
    table = read(name, RawFile(raw.name, content, ""))
    assert table.notes[: len(notes)] == notes
    assert table.lines[0] == ROWS[name]["lines"][0]
    with pytest.raises(ReadError, match="ascii"):
        read(name, RawFile(raw.name, content, ""), encoding="ascii")


@pytest.mark.parametrize("name", [n for n in ROWS if n not in OWN_CLOCK])
def test_times_of_the_platform_file_come_before_those_of_the_format(name):
    time = Time(date="D", date_format="%Y%m%d", day_fraction="F", offset_seconds=60)
    definition = FileDefinition(reader=name, time=time)
    texts, numbers = READERS[name].time_columns(definition)
    more = ["GPS Time"] if name == "subctech" else []
    assert (list(texts), list(numbers)) == (["D"], ["F", *more])
    columns = {"D": np.array(["20240102"], dtype=object), "F": np.array([0.5])}
    rows = StreamRows([table_of(columns, np.array([1]))], definition, "here")
    times, notes = READERS[name].times(definition, rows, "here")
    assert times.tolist() == [np.datetime64("2024-01-02T12:01", "ns").astype(int)]
    assert times.dtype == np.dtype("datetime64[ns]")
    assert notes == []


@pytest.mark.parametrize(
    ("name", "columns", "expected"),
    [
        (
            "mapco2_csv",
            {"Date": "03/04/2024", "Time": "05:06"},
            "2024-03-04T05:06",
        ),
        (
            "subctech",
            {"DATE": "2024-03-04", "TIME": "05:06:07", "FRAC": 250.0},
            "2024-03-04T05:06:07.250",
        ),
        ("asvco2", {"time": "2024-03-04T05:06:07Z"}, "2024-03-04T05:06:07"),
        (
            "general_oceanics",
            {"PC Date": "13/04/2024", "PC Time": "05:06:07"},
            "2024-04-13T05:06:07",
        ),
        (
            "mapco2",
            {"run start": "2024/03/04 05:06:07", "minute": 10.0},
            "2024-03-04T05:16:07",
        ),
        (
            "pro_oceanus",
            {"instrument time": "2024/03/04 05:06:07"},
            "2024-03-04T05:06:07",
        ),
        (
            "contros_ferrybox",
            {"Timestamp": "2024.03.04 05:06:07"},
            "2024-03-04T05:06:07",
        ),
        ("pangaea", {"Date/Time": "2024-03-04T05:06:07"}, "2024-03-04T05:06:07"),
        ("pangaea", {"Date/Time": "2024-03-04T05:06"}, "2024-03-04T05:06"),
        (
            "socat",
            {"yr": 2024.0, "mon": 3.0, "day": 4.0, "hh": 5.0, "mm": 6.0, "ss": 7.0},
            "2024-03-04T05:06:07",
        ),
        ("sami", {"seconds since 1970": 86400.5}, "1970-01-02T00:00:00.500"),
        ("netcdf", {"seconds since 1970": 86400.5}, "1970-01-02T00:00:00.500"),
    ],
)
def test_times_of_a_format(name, columns, expected):
    definition = FileDefinition(reader=name)
    cells = {
        k: np.array([v], dtype=object if isinstance(v, str) else float)
        for k, v in columns.items()
    }
    rows = StreamRows([table_of(cells, np.array([1]))], definition, "here")
    times, notes = READERS[name].times(definition, rows, "here")
    assert times[0] == np.datetime64(expected)
    assert times.dtype == np.dtype("datetime64[ns]")
    assert notes == []
    for column in columns:
        if column in ("FRAC", "PC Date") or name in ("mapco2",):
            continue
        less = {k: v for k, v in cells.items() if k != column} | {"x": np.zeros(1)}
        without = StreamRows([table_of(less, np.array([1]))], definition, "here")
        with pytest.raises(ReadError, match=column):
            READERS[name].times(definition, without, "here")


@pytest.mark.parametrize("name", ["general_oceanics", "mapco2"])
def test_clocks_that_are_wrong_by_some_seconds(name):
    values = {
        "PC Date": "13/04/2024",
        "PC Time": "05:06:07",
        "run start": "2024/04/13 05:06:07",
        "minute": "0",
    }
    cells = {c: np.array([text], dtype=object) for c, text in values.items()}
    for seconds in (0, 1.5, -90):
        options = {"offset_seconds": seconds}
        definition = FileDefinition(reader=name, options=options)
        rows = StreamRows([table_of(cells, np.array([1]))], definition, "here")
        times, _ = READERS[name].times(definition, rows, "here")
        start = np.datetime64("2024-04-13T05:06:07", "ms")
        assert times[0] - start == np.timedelta64(round(1000 * seconds), "ms")
    wrong = FileDefinition(reader=name, options={"offset_seconds": True})
    with pytest.raises(OptionError, match="must be a number, not True"):
        READERS[name].times(wrong, rows, "here")
