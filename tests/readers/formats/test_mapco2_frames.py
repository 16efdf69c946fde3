"""Parts of a MAPCO2 frame: heads, fixes, system lines, states, warnings."""

import pytest

from oceanco2.readers.formats import mapco2
from oceanco2.readers.formats.mapco2 import (
    READING,
    STATES,
    UNKNOWN_STATE,
    Frame,
    Log,
    Reading,
    assign_states,
    is_head,
)

HEAD = "NORM x y 2020/01/02 03:04:05 Papa 0142 5.13 01/02/2020"


def line(minute, last="4"):
    cells = [str(minute), *["1.5"] * (len(READING) - 2), last]
    return " ".join(cells)


def readings(minutes):
    return [Reading(i + 2, line(m).split()) for i, m in enumerate(minutes)]


def test_names_of_states_and_fields():
    assert STATES == (
        "zero on",
        "zero off",
        "zero postcal",
        "span on",
        "span off",
        "span postcal",
        "equil on",
        "equil off",
        "air on",
        "air off",
    )
    assert len(READING) == 17
    assert [READING.index(n) for n in ("minute", "xCO2", "O2", "RH", "RH temp")] == [
        0,
        5,
        7,
        9,
        11,
    ]
    assert mapco2.RUNS == {
        "zero*": "zero",
        "span*": "span",
        "equil on": "ignored",
        "equil off": "water",
        "air on": "ignored",
        "air off": "air",
        "unplaced": "ignored",
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NORM", True),
        ("FAST x", True),
        ("STSF ", True),
        ("NORMAL", False),
        ("TEST a b 2020/1/2 3:04:05", True),
        ("TEST a 2020/1/2 3:04:05", False),
        ("ab a b 2020/1/2 3:04:05", False),
    ],
)
def test_heads(text, expected):
    assert is_head(text) is expected


def test_head_of_a_frame():
    frame = mapco2._frame_of_head(7, HEAD)
    assert (frame.line, frame.mode, frame.start) == (7, "NORM", "2020/01/02 03:04:05")
    assert (frame.name, frame.serial, frame.firmware) == ("Papa", "0142", "5.13")
    frame = mapco2._frame_of_head(7, "norm x y 2020/01/02 03:04:05 Papa 0142")
    assert (frame.mode, frame.serial, frame.firmware) == ("NORM", "0142", "")
    frame = mapco2._frame_of_head(3, "FAST broken line")
    assert (frame.line, frame.mode, frame.start, frame.name) == (3, "FAST", "", "")


def test_what_is_a_reading():
    fields = line(5).split()
    assert mapco2._is_reading(fields)
    assert not mapco2._is_reading(fields[:-1])
    assert not mapco2._is_reading(["5.0", *fields[1:]])
    assert mapco2._is_reading([*fields[:12], *["x"] * 5])
    assert not mapco2._is_reading([*fields[:11], *["x"] * 6])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", False),
        ("5 20.1", True),
        ("123 20.1", True),
        ("1234 20.1", False),
        ("5. 20.1", False),
        ("5 20", False),
        ("5 2.1 3 4 5 6 7 x x x", True),
        ("5 2.1 3 4 5 6 x x x x", False),
    ],
)
def test_short_readings(text, expected):
    assert mapco2._is_short_reading(text.split()) is expected


def test_a_log_is_read_line_by_line():
    log = Log()
    lines = [
        HEAD,
        "01/02/2020 03:10:00 5005.5 N 14456.1 W 12",
        "13.1 14.2 1.01 0.98 5 00FF",
        line(1),
        "7 20.1",
        "SBE16 DATA",
        "1 2 3",
        "END",
        "SW_xCO2(dry) 380.1 Atm_xCO2(dry) 400.2",
        "nonsense",
        "8 20.1",
        "01/02/2020 06:10:00 5005.5 N 14456.1 W",
    ]
    for number, text in enumerate(lines, 1):
        log.read_line(number, text)
    first, second = log.frames
    assert first.fix == {
        "date": "01/02/2020",
        "time": "03:10:00",
        "lat": "5005.5",
        "ns": "N",
        "lon": "14456.1",
        "ew": "W",
        "seconds": "12",
    }
    assert first.system == ["13.1", "14.2", "1.01", "0.98", "5", "00FF"]
    assert [(r.line, r.short) for r in first.readings] == [(4, False), (5, True)]
    assert first.readings[1].fields == ["7", *[""] * 16]
    assert first.sbe16 == ["1", "2", "3"]
    assert first.dry_values == {"sw": "380.1", "atm": "400.2"}
    assert first.closed
    assert log.unread == [10, 11]
    assert (second.line, second.mode, second.fix["seconds"]) == (12, "", "")


def test_a_dated_line_without_position_is_a_fix_and_other_blocks_are_left_out():
    log = Log()
    for number, text in enumerate(
        [HEAD, "01/02/2020 03:10:00 no", "PH", "1 2", "END"], 1
    ):
        log.read_line(number, text)
    assert log.frames[0].fix == {"date": "01/02/2020", "time": "03:10:00"}
    assert (log.frames[0].sbe16, log.block, log.unread) == ([], "", [])
    log = Log()
    log.read_line(1, "7 20.1")
    assert (log.frames, log.unread) == ([], [1])
    log.read_line(2, line(1))
    assert [f.line for f in log.frames] == [2]


def states(frame, other):
    assign_states([frame, *other])
    return [r.state for r in frame.readings]


def test_states_from_minutes():
    whole = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]

    def other():
        return [Frame(1, readings=readings(whole))]

    assert states(Frame(1, readings=readings(whole)), []) == list(STATES)
    extra = Frame(1, readings=readings([*whole, 11]))
    assert states(extra, []) == [*STATES, UNKNOWN_STATE]
    repeated = Frame(1, readings=readings([*whole, 10]))
    assert states(repeated, []) == list(STATES)
    cut = Frame(1, readings=readings([1, 2, 3]))
    assert states(cut, []) == list(STATES[:3])
    closed = Frame(1, readings=readings([1, 2, 3]), closed=True)
    assert states(closed, []) == [UNKNOWN_STATE] * 3
    assert states(closed, other()) == list(STATES[:3])
    lost = Frame(1, readings=readings([1, 3, 10]), closed=True)
    assert states(lost, other()) == ["zero on", "zero postcal", "air off"]
    strange = Frame(1, readings=readings([1, 33]), closed=True)
    assert states(strange, other()) == [UNKNOWN_STATE] * 2
    strange = Frame(1, readings=readings([1, 33]))
    assert states(strange, other()) == ["zero on", "zero off"]
    same = [1, 2, 2, 4, 5, 6, 7, 8, 9, 10]
    unclear = Frame(1, readings=readings([1, 2, 4]), closed=True)
    assert states(unclear, [Frame(1, readings=readings(same))]) == [
        "zero on",
        UNKNOWN_STATE,
        "span on",
    ]


@pytest.mark.parametrize(
    ("fix", "expected"),
    [
        ({}, False),
        ({"date": "01/02/2020", "lat": "50.1", "lon": "144.1"}, True),
        ({"date": "01/02/2020", "lat": "00.0", "lon": "000.0"}, False),
        ({"date": "01/02/2020", "lat": "00.0", "lon": "144.0"}, True),
        ({"date": "01/02/2020", "lat": "50.0", "lon": "000.0"}, True),
        ({"date": "00/00/0000", "lat": "50.1", "lon": "144.1"}, False),
        ({"date": "01/02/2020", "time": "1"}, False),
    ],
)
def test_fixes(fix, expected):
    assert mapco2._has_fix(Frame(1, fix=fix)) is expected


def test_positions_are_degrees():
    fix = {"date": "01/02/2020", "lat": "5030.0", "ns": "S"}
    fix |= {"lon": "14415.0", "ew": "W"}
    assert mapco2._frame_position(Frame(1, fix=fix)) == {
        "latitude": "-50.5",
        "longitude": "-144.25",
    }
    bad = mapco2._frame_position(Frame(1, fix=fix | {"lat": "9930.0"}))
    assert bad == {"latitude": "9930.0S", "longitude": "-144.25"}


def test_system_lines():
    old = mapco2._system_values(["13.1", "14.2", "1.01", "0.98", "05FF", "1.5", "2"])
    assert old == {
        "logic battery": "13.1",
        "transmitter battery": "14.2",
        "zero coefficient": "1.01",
        "span coefficient": "0.98",
        "flags": "05FF",
        "span status": "5",
        "zero status": "255",
        "SST": "1.5",
        "SST sd": "2",
    }
    new = mapco2._system_values(["13", "14", "1", "2", "3.5", "FF0a", "0.0", "1", "-0"])
    assert (new["span2 coefficient"], new["flags"]) == ("3.5", "FF0a")
    assert (new["span status"], new["zero status"]) == ("255", "10")
    assert [new[n] for n in mapco2._MET[:6]] == [""] * 6
    without = mapco2._system_values(["13", "14", "1", "2", "3.5", "x"])
    assert without == {
        "logic battery": "13",
        "transmitter battery": "14",
        "zero coefficient": "1",
        "span coefficient": "2",
    }


@pytest.mark.parametrize(
    ("size", "position"), [(34, 28), (36, 28), (44, 38), (46, 38), (35, None)]
)
def test_sbe16_blocks(size, position):
    fields = [str(i) for i in range(size)]
    found = mapco2._sbe16_values(fields)
    if position is None:
        assert found == {}
        return
    assert found == {
        "SBE16 temp": "0",
        "SBE16 temp sd": "1",
        "SBE16 cond": "2",
        "SBE16 cond sd": "3",
        "SBE16 sal": str(position),
        "SBE16 sal sd": str(position + 1),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9999", ""),
        ("-99.99", ""),
        ("999", "999"),
        ("99.9", "99.9"),
        ("9998", "9998"),
        ("99.990", "99.990"),
    ],
)
def test_nines_are_missing(text, expected):
    assert mapco2._drop_nines(text) == expected


def test_frame_values():
    frame = mapco2._frame_of_head(1, HEAD)
    frame.fix = {"date": "01/02/2020", "time": "03:10:00", "seconds": "9"}
    frame.sbe16 = [str(i) for i in range(34)]
    found = mapco2._frame_values(frame)
    expected = {
        "mode": "NORM",
        "system": "Papa",
        "serial": "0142",
        "firmware": "5.13",
        "run start": "2020/01/02 03:04:05",
        "cycle": "20200102030405",
        "fix date": "01/02/2020",
        "fix time": "03:10:00",
        "fix seconds": "9",
        "water temp": "0",
        "water sal": "28",
        "latitude": "",
    }
    assert expected.items() <= found.items()
    frame.system = ["13", "14", "1", "2", "00FF", "12.5", "0", "4", "0", "35.1"]
    found = mapco2._frame_values(frame)
    assert (found["water temp"], found["water sal"]) == ("12.5", "35.1")


def test_labels_and_values_of_the_system():
    reading = Reading(1, [], "equil off")
    label = mapco2._state_label
    assert label(Frame(1, mode="NORM"), reading) == "equil off"
    assert label(Frame(1, mode="DEPL"), reading) == "DEPL equil off"
    frame = Frame(1, dry_values={"sw": "380"})
    computed = mapco2._computed_by_system
    assert computed(frame, reading, "sw", "equil off") == "380"
    assert computed(frame, reading, "sw", "air off") == ""
    assert computed(frame, reading, "atm", "equil off") == ""


def test_the_last_number_of_a_cut_file_is_dropped():
    shorter = Frame(1, readings=[Reading(1, line(1).split())])
    shorter.readings.append(Reading(2, [*line(2, "").split(), ""]))
    mapco2._drop_cut_number([shorter])
    assert shorter.readings[1].short
    assert shorter.readings[1].fields == ["2", *[""] * 16]
    same = Frame(1, readings=readings([1, 2]))
    mapco2._drop_cut_number([same])
    assert not same.readings[1].short
    single = Frame(1, readings=readings([1]))
    mapco2._drop_cut_number([single])
    assert single.readings[0].short
    dry = Frame(1, dry_values={"sw": "380.1", "atm": "40"})
    mapco2._drop_cut_number([dry])
    assert dry.dry_values == {"sw": "380.1"}
    dry = Frame(1, dry_values={"sw": "380.1", "atm": "400.2"})
    mapco2._drop_cut_number([dry])
    assert len(dry.dry_values) == 2
    dry = Frame(1, dry_values={"sw": "380.1"})
    mapco2._drop_cut_number([dry])
    assert dry.dry_values == {}


@pytest.mark.parametrize(
    ("clock", "warned"),
    [("04:04:05", 0), ("04:04:06", 1), ("02:04:05", 0), ("02:04:04", 1)],
)
def test_clocks_may_differ_by_an_hour(clock, warned):
    fix = {"date": "01/02/2020", "time": clock, "lat": "5005.5", "lon": "14456.1"}
    frame = Frame(4, start="2020/01/02 03:04:05", fix=fix)
    messages = mapco2._clock_warnings([frame], "a")
    assert len(messages) == warned
    if warned:
        assert "line 4" in messages[0]
        hours = "1.0 h" if clock > "03" else "-1.0 h"
        assert f"is {hours} from" in messages[0]
    assert mapco2._clock_warnings([Frame(4, start=frame.start)], "a") == []


def test_warnings_of_frames():
    log = Log(unread=[9])
    log.frames = [Frame(1, mode="NORM"), Frame(2, mode="ODD", readings=readings([1]))]
    messages = mapco2._frame_warnings(log, "f")
    assert [m.split(":")[1].strip() for m in messages] == [
        "skipped line 9",
        "no reading in the frame of line 1",
        "line 2",
        "line 2",
    ]
    assert "unknown mode" in messages[2]
    assert "state of the reading unknown" in messages[3]


@pytest.mark.parametrize(
    ("head", "expected"),
    [(b"NORM x", True), (b"\nFAST x", True), (b"DEPL x", False), (b"abc", False)],
)
def test_sniffing(head, expected):
    assert mapco2._sniff(head) is expected
