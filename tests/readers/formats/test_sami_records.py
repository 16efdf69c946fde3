"""Records of a SAMI2-CO2: checksums, kinds and lines of a client."""

import numpy as np
import pytest

from oceanco2.readers.formats import sami


def record(kind, counts=16, seconds=3_482_269_603, length=None):
    body = bytes([kind]) + seconds.to_bytes(4, "big")
    body += b"".join((100 + i).to_bytes(2, "big") for i in range(counts))
    size = len(body) + 2 if length is None else length
    content = bytes([0xC2, size]) + body
    checksum = sum(content[1:size]) % 256
    return (content + bytes([checksum])).hex()


@pytest.mark.parametrize("kind", [4, 5])
def test_measurements_and_blanks(kind):
    counts = [float(100 + i) for i in range(16)]
    expected = [3_482_269_603.0, float(kind), *counts, 194.0]
    assert sami.parse_record(record(kind)) == expected
    assert sami.parse_record(record(kind) + "F") == expected


def test_other_records():
    assert sami.parse_record(record(3)) == [3_482_269_603.0, 3.0]
    assert sami.parse_record(record(127))[0] == 3_482_269_603.0
    control = sami.parse_record(record(128))
    assert np.isnan(control[0])
    assert control[1:] == [128.0]
    assert sami.parse_record(record(4, counts=15)) is None
    assert sami.parse_record(record(4, counts=17)) is None
    assert sami.parse_record(record(4)[:-2]) is None
    assert sami.parse_record(record(4)[:-2] + "zz") is None
    wrong = int(record(4)[-2:], 16) ^ 1
    assert sami.parse_record(record(4)[:-2] + f"{wrong:02x}") is None
    assert sami.parse_record("C202") is None


def test_length_of_a_time():
    # Six bytes before the checksum do not contain four bytes of time.
    short = bytes([1, 6, 4, 0, 0, 0])
    short += bytes([sum(short[1:]) % 256])
    found = sami.parse_record(short.hex())
    assert np.isnan(found[0])
    assert found[1:] == [4.0]
    full = bytes([1, 7, 3, 0, 0, 0, 9])
    full += bytes([sum(full[1:]) % 256])
    assert sami.parse_record(full.hex()) == [9.0, 3.0]


def client(kind, size=18):
    return " ".join([str(kind), *map(str, range(1, size))])


@pytest.mark.parametrize("kind", [4, 5])
def test_client_lines(kind):
    found = sami._parse_client_line(client(kind))
    assert found[:3] == [1.0, float(kind), 2.0]
    assert found[17] == 17.0
    assert np.isnan(found[18])
    assert len(found) == 19
    assert sami._parse_client_line(client(kind, 25))[:18] == found[:18]
    assert sami._parse_client_line(client(kind, 17)) is None


def test_client_lines_that_are_not_readings():
    assert sami._parse_client_line("") == []
    assert sami._parse_client_line(client(3)) == []
    assert sami._parse_client_line(client(6)) == []
    assert sami._parse_client_line("4 x") is None


def test_columns():
    rows = [(3, [10.0, 4.0, *range(2, 19)]), (8, [20.0, 5.0, *range(2, 19)])]
    table = sami._table(rows)
    assert table.column("kind").tolist() == ["measurement", "blank"]
    assert table.lines.tolist() == [3, 8]
    assert table.column("light 1").tolist() == [2.0, 2.0]
    assert table.column("light 14").tolist() == [15.0, 15.0]
    assert table.column("battery").tolist() == [16.0, 16.0]
    assert table.column("thermistor").tolist() == [17.0, 17.0]
    assert table.column("id").tolist() == [18.0, 18.0]
    # 1904 to 1970: 66 years with 17 leap days.
    seconds = table.column(sami.TIMESTAMP)
    assert seconds.tolist() == [10.0 - (66 * 365 + 17) * 86400, 20.0 - 24107 * 86400]
