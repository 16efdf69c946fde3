"""Files of an ASVCO2: readings, diagnostics and DRY values."""

import numpy as np
import pytest

from oceanco2.readers.formats import asvco2
from oceanco2.readers.formats.mapco2 import READING, STATES
from oceanco2.readers.table import RequiredColumns

CODES = "0001 0x00FF 0010 0000 000a 0000 0000 FFFF"


def reading(state="", fields=16, time="2020-01-02T03:04:05Z"):
    return ", ".join([state, "A1", time, *(str(i) for i in range(fields))])


def test_names_of_states():
    names = [
        "ZPON",
        "ZPOFF",
        "ZPPCAL",
        "SPON",
        "SPOFF",
        "SPPCAL",
        "EPON",
        "EPOFF",
        "APON",
        "APOFF",
    ]
    assert dict(zip(names, STATES, strict=True)) == asvco2._STATES
    assert list(asvco2._FIELDS) == list(READING[1:])


def test_readings():
    lines = ["", "state,x", reading("odd"), "", "a,b", reading("apoff", 15), *[""] * 6]
    lines += [CODES, "Zero coefficient: 1.5", "co2kspan : -2e-1", "span2 coefficient:3"]
    rows, unread = asvco2._read_stats(lines)
    assert unread == [5]
    assert [(n, complete) for n, complete, _ in rows] == [(3, True), (6, False)]
    first, second = rows[0][2], rows[1][2]
    assert (first["state"], second["state"]) == ("zero on", "air off")
    assert (first["serial"], first["time"]) == ("A1", "2020-01-02T03:04:05Z")
    assert [first[name] for name in READING[1:]] == [str(i) for i in range(16)]
    assert READING[1] not in second
    for row in (first, second):
        assert row["cycle"] == "20200102030405"
        assert row["zero coefficient"] == "1.5"
        assert row["span coefficient"] == "-2e-1"
        assert row["span2 coefficient"] == "3"
        assert row["zero flags"] == "255"
    table = asvco2._table(rows, RequiredColumns.of(["time"], ["licor temp"]))
    assert table.damaged.tolist() == [False, True]
    assert table.lines.tolist() == [3, 6]
    assert table.column("licor temp").tolist() == ["0", ""]
    assert table.column("state").tolist() == ["zero on", "air off"]
    assert table.column("serial") is None


def test_flags():
    found = asvco2._read_diagnostics(["0001 0002", CODES, CODES.replace("1", "2")])
    assert found == {
        "general flags": "1",
        "zero flags": "255",
        "span flags": "16",
        "span2 flags": "0",
        "equil air flags": "10",
        "clock flags": "0",
        "flow flags": "0",
        "licor flags": "65535",
    }
    assert asvco2._read_diagnostics([]) == {}


@pytest.mark.parametrize(
    ("line", "values"),
    [("t, 1, 2, 3", ("1", "2")), ("t,1", ("1", "")), ("t", ("", ""))],
)
def test_dry_lines(line, values):
    rows = asvco2._read_dry(["", "head", "", line, "x,8,9"])
    assert rows == [
        (
            4,
            True,
            {
                "state": "dry",
                "time": "t",
                "SW_xCO2(dry)": values[0],
                "Atm_xCO2(dry)": values[1],
            },
        )
    ]


def test_dry_values_are_moved():
    required = RequiredColumns.of(["time"], ["SW_xCO2(dry)", "Atm_xCO2(dry)"])
    states = ["equil off", "air off", "air on"]
    stats = asvco2._table(
        [(i, True, {"state": s}) for i, s in enumerate(states)], required
    )
    dry = asvco2._table(asvco2._read_dry(["h", "t,1,2"]), required)
    other = asvco2._table([(1, True, {"state": "air off"})], required)
    stats.file = dry.file = "a"
    other.file = "b"
    joined = asvco2._join_folders([stats, dry, other])
    water = [t.column("SW_xCO2(dry)").tolist() for t in joined]
    air = [t.column("Atm_xCO2(dry)").tolist() for t in joined]
    assert water == [["1", "", ""], [""], [""]]
    assert air == [["", "2", ""], [""], [""]]


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-02T03:04:05Z",
        "2020-01-02T03:04:05",
        "2020-01-02T03:04:05.000Z",
        "2020-01-02T03:04:05.0",
    ],
)
def test_times(text):
    times = asvco2.parse_each(np.array([text], dtype=object), asvco2._FORMATS)
    assert times[0] == np.datetime64("2020-01-02T03:04:05")
