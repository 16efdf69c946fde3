"""Lines of a CO2-Pro: numbers, messages and broken lines."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers import READERS
from oceanco2.readers.formats.pro_oceanus import read_pro_oceanus
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns

READING = "#2020/01/02 03:04:05, M,1,-2.5,+400,4.25,5,6,7,8,9,W"
MESSAGE = "2020/01/02 03:04:05.1 [a]: text"


def read(*lines, encoding="auto"):
    raw = RawFile("f", "\n".join(lines).encode(), "")
    definition = FileDefinition(reader="pro_oceanus", encoding=encoding)
    return read_pro_oceanus(definition, raw, RequiredColumns.of([], []))


def test_kinds_of_columns():
    table = read("", READING, f" {READING} ")
    assert table.lines.tolist() == [2, 3]
    assert table.lines.dtype == np.int32
    texts = ("logger time", "instrument time", "state")
    for name in table.names:
        assert table.column(name).dtype == (object if name in texts else np.float64)
    values = [float(table.column(n)[0]) for n in table.names[2:11]]
    assert values == [1.0, -2.5, 400.0, 4.25, 5.0, 6.0, 7.0, 8.0, 9.0]
    assert not table.damaged.any()
    assert (table.warnings, table.notes) == ([], read(READING).notes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        *(
            (" M", " N"),
            (",W", ",B"),
            ("#", ""),
            (",9", ""),
            (",9", ",9,9"),
            (",1", ","),
        ),
        *(("-2.5", "-2."), ("-2.5", "x"), ("2020/01", "20/01"), ("05,", "05.5,")),
    ],
)
def test_lines_that_are_no_readings(old, new):
    table = read(READING, READING.replace(old, new, 1))
    assert table.lines.tolist() == [1]
    assert table.warnings == ["f: 1 broken lines (2): not used"]


def test_forms_of_readings():
    for old, new in ((", M", ",M"), (",W", ",A"), ("#", "2020/01/02 03:04:05.12  #")):
        assert read(READING.replace(old, new, 1)).lines.tolist() == [1]


def test_messages_are_counted():
    def notes(*lines):
        table = read(*lines, READING)
        assert table.warnings == []
        return [n for n in table.notes if "messages" in n]

    assert notes("", " ") == []
    assert notes(MESSAGE) == ["f: 1 messages"]
    assert notes(MESSAGE, MESSAGE, "a b [x:") == ["f: 3 messages"]
    assert read("a [x]: b", READING).warnings == ["f: 1 broken lines (1): not used"]


def test_eight_broken_lines_are_named():
    numbers = "2, 3, 4, 5, 6, 7, 8, 9"
    table = read(READING, *["x"] * 8)
    assert table.warnings == [f"f: 8 broken lines ({numbers}): not used"]
    table = read(READING, *["x"] * 9)
    assert table.warnings == [f"f: 9 broken lines ({numbers} ...): not used"]


def test_files_without_readings():
    for text in (MESSAGE, "x"):
        with pytest.raises(ReadError) as caught:
            read(text)
        expected = f"f: no reading of a CO2-Pro found; it starts {text[:60]!r}"
        assert str(caught.value) == expected


def test_notes_of_the_encoding_come_first():
    with pytest.raises(ReadError, match="ascii"):
        read(READING, "µ", encoding="ascii")
    raw = RawFile("f", f"{READING}\n{MESSAGE} \xb5".encode("latin-1"), "")
    definition = FileDefinition(reader="pro_oceanus")
    table = read_pro_oceanus(definition, raw, RequiredColumns.of([], []))
    assert len(table.notes) >= 1
    assert table.notes[-1] == "f: 1 messages"


def test_how_a_file_is_recognised():
    sniff = READERS["pro_oceanus"].sniff
    assert sniff(b"x\n" + READING.encode()) is True
    assert sniff(READING.replace(", M", ",M").encode()) is True
    for old, new in ((" M", " N"), ("#", ""), ("2020/01", "20/01"), ("05,", "5,")):
        assert sniff(READING.replace(old, new, 1).encode()) is False


NATIVE = "W M,2021,05,25,11,51,24,55544,52106,448.94,40.00,10.70,13.40,1000,12.3"


def test_lines_as_the_instrument_prints_them():
    lines = [NATIVE, NATIVE.replace("W M", "A M").replace("448.94", "453.14")]
    table = read("x", *lines)
    assert table.lines.tolist() == [2, 3]
    row = {name: table.column(name)[0] for name in table.names}
    assert np.isnan([row.pop("T detector"), row.pop("T source")]).all()
    assert row == {
        "logger time": "",
        "instrument time": "2021/05/25 11:51:24",
        "zero": 55544.0,
        "current": 52106.0,
        "CO2": 448.94,
        "T irga": 40.0,
        "humidity": 10.7,
        "T humidity": 13.4,
        "P gas": 1000.0,
        "supply voltage": 12.3,
        "state": "W",
    }
    assert table.column("state").tolist() == ["W", "A"]
    assert table.column("CO2").tolist() == [448.94, 453.14]
    assert table.warnings == ["f: 1 broken lines (1): not used"]


@pytest.mark.parametrize(
    "line",
    [
        f" {NATIVE} ",
        f"{NATIVE},",
        f"#{NATIVE}",
        NATIVE.replace("M,2021", "M, 2021"),
        NATIVE.replace("12.3", " 12.3"),
        f"2021/05/25 11:53:24.5 {NATIVE}",
        NATIVE.replace(",05,25,", ",5,25,"),
    ],
)
def test_other_forms_of_native_lines(line):
    table = read(line)
    assert table.column("instrument time").tolist() == ["2021/05/25 11:51:24"]
    assert table.column("supply voltage").tolist() == [12.3]
    logger = "2021/05/25 11:53:24.5" if line.startswith("2021") else ""
    assert table.column("logger time").tolist() == [logger]


@pytest.mark.parametrize(
    "line",
    [
        NATIVE.replace("W M", "W Z"),
        NATIVE.replace("W M", "X M"),
        NATIVE.removesuffix(",12.3"),
        NATIVE + ",1",
        NATIVE.replace("448.94", ""),
        NATIVE.replace("2021", "21"),
    ],
)
def test_native_lines_that_lack_or_have_too_much(line):
    table = read(NATIVE, line)
    assert table.lines.tolist() == [1]
    assert table.warnings == ["f: 1 broken lines (2): not used"]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (NATIVE, True),
        (f"x\r\n{NATIVE}", True),
        (f"#{NATIVE}", True),
        (f"2021/05/25 11:53:24 {NATIVE}", True),
        (NATIVE.replace("W M", "A M"), True),
        (f"x{NATIVE}", False),
        (NATIVE.replace("W M", "W D"), False),
        ("W M,x", False),
    ],
)
def test_native_lines_are_recognised(head, found):
    assert READERS["pro_oceanus"].sniff(head.encode()) is found


def test_what_a_draft_says_of_a_co2_pro():
    entry = READERS["pro_oceanus"]
    columns = {name: source.column for name, (source,) in entry.drafted.items()}
    assert columns == {
        "xCO2": "CO2",
        "P_analyser": "P gas",
        "P_equ": "P gas",
        "P_vapour": "humidity",
        "zero_count": "zero",
        "current_count": "current",
        "T_analyser": "T irga",
    }
    assert entry.drafted["xCO2"][0].dry is False
    lines, questions = entry.draft_tables(None)
    assert lines == ["\n[calibration]", 'model = "pro_oceanus"']
    assert questions == []
