"""Which columns and variables of a stream are read, and from which files."""

from dataclasses import replace

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition, VariableSource, parse
from oceanco2.readers import READERS, stream
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RequiredColumns, table_of

TEXT = """
schema = 1
name = "A"
kind = "ship"
platform_code = "99ZZ"
[files.a]
reader = "delimited"
[files.b]
reader = "delimited"
[variables]
latitude = { absent = true }
longitude = { value = 5.0 }
T_atm = { absent = true }
SST = { column = "s", units = "K", sensor = "x" }
T_equ = { same_as = "SST" }
salinity = { file = "b", column = "sal", units = "1" }
P_atm = { file = "b", column = "p", units = "hPa", height = 10.0 }
P_equ = { sum = ["p", "q"], units = "hPa" }
[delivered]
fCO2_water_SST_wet = { file = "b", column = "f", units = "uatm" }
pCO2_water_SST_wet = { column = "g", units = "uatm" }
[[sensors.x.calibrations]]
valid_from = 2020-01-01T00:00:00Z
polynomial = [0.0, 1.0]
"""
SHIP = parse(TEXT.encode(), "a.toml")
PLAIN = READERS["delimited"]


def test_variables_of_each_stream():
    """Constants and absent ones belong to the main stream, copies to none."""
    main = stream._stream_variable_sources(SHIP, "a", PLAIN)
    assert list(main) == [
        *("longitude", "T_atm", "SST_raw", "P_equ", "pCO2_water_SST_wet_delivered")
    ]
    other = stream._stream_variable_sources(SHIP, "b", PLAIN)
    assert list(other) == ["salinity", "P_atm_raw", "fCO2_water_SST_wet_delivered"]
    assert main["SST_raw"] is SHIP.variables["SST"]


def test_what_a_format_offers_is_added_to_the_main_stream():
    sources = {
        n: VariableSource(column=n) for n in ("SST", "latitude", "wind_speed", "P_atm")
    }
    results = ("pCO2_water_SST_wet_delivered", "fCO2_atm_wet_actual_delivered")
    offers = sources | {n: VariableSource(column=n) for n in results}
    position = {n: VariableSource(column=n) for n in ("latitude", "gps")}
    entry = replace(PLAIN, offers=offers, position=position)
    main = stream._stream_variable_sources(SHIP, "a", entry)
    more = set(main) - set(stream._stream_variable_sources(SHIP, "a", PLAIN))
    assert more == {"gps", "wind_speed", "fCO2_atm_wet_actual_delivered"}
    other = stream._stream_variable_sources(SHIP, "b", entry)
    assert set(other) == set(stream._stream_variable_sources(SHIP, "b", PLAIN))


def table(*names, file="f", size=1):
    found = table_of({n: np.arange(float(size)) for n in names}, np.arange(1, size + 1))
    found.file, found.digest = file, file
    return found


def test_offered_variables_that_the_files_lack():
    one = VariableSource(column="A", flag="QF")
    two, own = VariableSource(column="B"), VariableSource(column="C", flag="Q")
    entry = replace(PLAIN, offers={"one": one, "two": two})
    sources = {"one": one, "two": two, "own": own}

    def available(*names):
        found = stream._available_variables(sources, entry, [table(n) for n in names])
        return {name: source.flag for name, source in found.items()}

    assert available("x") == {"own": "Q"}
    assert available("a") == {"one": None, "own": "Q"}
    assert available("a", "qf") == {"one": "QF", "own": "Q"}
    assert available("a", "b") == {"one": None, "two": None, "own": "Q"}


def test_columns_that_are_needed():
    definition = FileDefinition(reader="delimited", rows_with=["W"])
    sources = {
        "a": VariableSource(column="A", flag="QF", hemisphere="H"),
        "b": VariableSource(sum=["B", "C"]),
        "c": VariableSource(value=1.0),
    }
    entry = replace(
        PLAIN,
        run_columns=("Type",),
        more_columns=("More",),
        time_columns=lambda _: (["D"], ["N"]),
    )
    found = stream._required_columns(definition, entry, sources)
    assert found == RequiredColumns.of(
        ["D", "Type", "QF", "H", "expocode"], ["N", "More", "W", "A", "B", "C"]
    )
    named = definition.model_copy(update={"run_columns": ["Run"]})
    found = stream._required_columns(named, entry, {})
    assert found == RequiredColumns.of(["D", "Run", "expocode"], ["N", "More", "W"])


def source(name, content):
    return Source(name, name, True, lambda: content)


def read_tables(*sources, read=None):
    entry = replace(
        PLAIN, read=read or (lambda _d, raw, _r: table("x", size=len(raw.content) - 1))
    )
    definition = FileDefinition(reader="delimited")
    return stream._read_tables(definition, entry, list(sources), None)


def test_files_are_read_once_in_natural_order():
    files = [source(n, n.encode() * 2) for n in ("a10", "a9", "a1")]
    tables, messages = read_tables(*files, source("copy", b"a1a1"))
    assert [t.file for t in tables] == ["a1", "a9", "a10"]
    assert all(len(t.digest) == 64 for t in tables)
    assert messages == []


def test_files_without_rows():
    tables, messages = read_tables(
        source("c", b"1"), source("b", b" \n"), source("a", b"12"), source("d", b"2")
    )
    assert [t.file for t in tables] == ["a"]
    assert messages == [
        "b: the file is empty",
        "c: has a header but no rows",
        "d: has a header but no rows",
    ]
    with pytest.raises(ReadError) as caught:
        read_tables(source("c", b"1"), source("b", b""))
    assert str(caught.value) == "b: the file is empty"


def test_rows_with_a_value_in_one_of_some_columns():
    texts = np.array(["1", " NaN ", "-9", "", "x"], dtype=object)
    one = table_of({"a": texts, "b": np.array([np.nan] * 4 + [1.0])}, np.arange(5))
    two = table_of({"a": texts[1:3], "b": np.full(2, np.nan)}, np.arange(2))
    one.file, two.file = "one", "two"
    keys = {"reader": "delimited", "missing": [" -9 "]}
    definition = FileDefinition(rows_with=["a"], **keys)
    found = stream._rows_with(definition, [one, two], "here")
    assert [t.lines.tolist() for t in found] == [[0, 4]]
    both = FileDefinition(rows_with=["b", "a"], **keys)
    assert stream._rows_with(both, [two, one], "here")[0].lines.tolist() == [0, 4]
    only = FileDefinition(rows_with=["b"], **keys)
    assert stream._rows_with(only, [one], "here")[0].lines.tolist() == [4]
    with pytest.raises(ReadError) as caught:
        stream._rows_with(both, [two], "here")
    assert str(caught.value) == "two: no row has a value in b, a (here)"
