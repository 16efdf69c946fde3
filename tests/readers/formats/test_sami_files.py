"""Whole files of a SAMI2-CO2: rows, notes and warnings of logs and of clients."""

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import FileDefinition
from oceanco2.readers import READERS
from oceanco2.readers.formats import sami
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns
from tests.readers.formats.test_sami_records import client, record


def read(*lines, encoding="auto"):
    raw = RawFile("x.log", "\n".join(lines).encode(), "")
    definition = FileDefinition(reader="sami", encoding=encoding)
    return sami.read_sami(definition, raw, RequiredColumns.of([], []))


def line(kind, **more):
    return "2014/05/07 #* *" + record(kind, **more).upper()


COLUMNS = [
    *("kind", "seconds", "type", *(f"light {i + 1}" for i in range(14))),
    *("battery", "thermistor", "id", sami.TIMESTAMP),
]


def test_a_log():
    table = read("words", line(4), line(5, seconds=7), "", line(3), line(128))
    assert table.names == COLUMNS
    assert table.lines.tolist() == [2, 3]
    assert table.lines.dtype == np.int32
    assert table.column("kind").tolist() == ["measurement", "blank"]
    assert table.column("kind").dtype == object
    assert table.column("seconds").tolist() == [3_482_269_603.0, 7.0]
    assert table.column("type").tolist() == [4.0, 5.0]
    assert table.column("light 14").tolist() == [113.0, 113.0]
    assert table.column("id").tolist() == [194.0, 194.0]
    assert not table.damaged.any()
    assert table.notes[-1] == "x.log: 2 other records"
    assert table.warnings == []
    one = read(line(4), line(3))
    assert one.notes[-1] == "x.log: 1 other records"
    assert not any("other" in note for note in read(line(4)).notes)


def test_damaged_records_are_counted_and_eight_are_named():
    for count, end in ((8, "7, 8, 9)"), (9, "7, 8, 9 ...)")):
        table = read(line(4), *[line(4)[:-2]] * count)
        assert table.lines.tolist() == [1]
        assert table.warnings == [
            f"x.log: {count} records truncated or with a wrong checksum"
            f" (lines 2, 3, 4, 5, 6, {end}: not used"
        ]


def test_the_text_of_a_client():
    lines = [":SAMIinfo", line(4), "4 1 2", " :Data", ":Data", client(5), "", client(4)]
    table = read(*lines, client(3), "4 1 2", "words", line(4))
    # records above the line of names are read, client lines only below it
    assert table.lines.tolist() == [2, 6, 8]
    assert table.column("kind").tolist() == ["measurement", "blank", "measurement"]
    np.testing.assert_array_equal(table.column("id"), [194.0, np.nan, np.nan])
    assert table.column("seconds").tolist() == [3_482_269_603.0, 1.0, 1.0]
    assert table.warnings == [
        "x.log: 3 records truncated or with a wrong checksum (lines 10, 11, 12):"
        " not used"
    ]


def test_no_measurement():
    for lines in ((line(3),), ("words",), (":Data", "words"), (line(4)[:-2],)):
        with pytest.raises(ReadError) as caught:
            read(*lines)
        assert str(caught.value) == (
            "x.log: no SAMI2-CO2 measurement found; it starts"
            f" {chr(10).join(lines)[:60]!r}"
        )


def test_the_encoding_of_the_platform_file_is_used():
    with pytest.raises(ReadError, match="ascii"):
        read(line(4), "µ", encoding="ascii")
    assert read(line(4), "µ", encoding="utf-8").lines.tolist() == [1]


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"*C204" + b"A" * 72, False),  # the kind is the third byte
        (b"*C22704" + b"A" * 70, True),
        (b"x *C22705" + b"0" * 71, True),
        (b"*C22704" + b"A" * 69, False),
        (b"*C22706" + b"A" * 70, False),
        (b"*c22704" + b"A" * 70, False),
        (b"a\n:SAMIinfo\n", True),
        (b":Data", False),
    ],
)
def test_how_a_file_is_recognised(head, found):
    assert READERS["sami"].sniff(head) is found


def test_the_shortest_record():
    assert sami.parse_record("C20202")[1:] == [2.0]
    assert sami.parse_record("C201") is None
    assert sami.parse_record("C2") is None
    assert sami.parse_record("") is None


CONSTANTS = ":SAMIinfo\r\nCal1 0.0422\r\nCal2: 0.6761\r\nCal3\t-1.5798\r\nCal4=16.5\r\n"


def described(text):
    return READERS["sami"].draft_tables(RawFile("x.txt", text.encode(), ""))


def test_a_draft_has_the_constants_of_its_own_file():
    lines, questions = described(CONSTANTS + ":Data\r\nCal1 9\r\n")
    assert lines == [
        "\n[calibration]",
        'model = "sami"',
        "\n[sami]",
        "CalA = 0.0422",
        "CalB = 0.6761",
        "CalC = -1.5798",
        "CalT = 16.5",
    ]
    assert questions == [
        "[sami] Cal1 to Cal4 of the file taken as CalA, CalB, CalC, CalT"
    ]


def test_a_draft_without_constants_asks_for_them():
    for text in ("*C227", CONSTANTS.replace("Cal4", "Cal9"), ":Data\n" + CONSTANTS):
        lines, questions = described(text)
        assert lines == [
            "\n[calibration]",
            'model = "sami"',
            "# [sami]",
            *(f"# {name} = NUMBER" for name in ("CalA", "CalB", "CalC", "CalT")),
        ]
        assert questions == [
            "[sami] CalA, CalB, CalC, CalT: from the sheet of the sensor"
        ]


def test_variables_of_a_sami_in_a_draft():
    drafted = READERS["sami"].drafted
    columns = {name: source.column for name, (source,) in drafted.items()}
    lights = {"light_434": "light 7", "light_620": "light 8"}
    assert columns == lights | {"thermistor": "thermistor"}
