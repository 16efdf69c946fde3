"""What a frame, a reading and a log of MAPCO2 contain before anything is read."""

from oceanco2.readers.formats import mapco2
from oceanco2.readers.formats.mapco2 import Frame, Log, Reading

EMPTY = {
    "line": 3,
    "mode": "",
    "start": "",
    "name": "",
    "serial": "",
    "firmware": "",
    "fix": {},
    "system": [],
    "readings": [],
    "dry_values": {},
    "closed": False,
    "sbe16": [],
}


def fields(entry):
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


def test_empty_frames_readings_and_logs():
    assert fields(Frame(3)) == EMPTY
    assert fields(Reading(4, ["1"])) == {
        "line": 4,
        "fields": ["1"],
        "state": "unplaced",
        "short": False,
    }
    assert fields(Log()) == {
        "frames": [],
        "unread": [],
        "block": "",
        "block_fields": [],
    }


def test_heads_with_and_without_their_parts():
    def head(text):
        return {k: v for k, v in fields(mapco2._frame_of_head(3, text)).items() if v}

    assert head("NORM lost") == {"line": 3, "mode": "NORM"}
    begin = "norm 1 2 2016/8/5 1:02:03"
    start = {"line": 3, "mode": "NORM", "start": "2016/8/5 1:02:03"}
    assert head(begin) == start
    assert head(f"{begin} A B 0042") == start | {"name": "A B", "serial": "0042"}
    whole = {"name": "A", "serial": "1", "firmware": "06.09"}
    assert head(f"{begin} A 1 06.09") == start | whole
    assert head(f"{begin} A 1 06.09 03/27/2015") == start | whole
    assert head(f"{begin} A 1 03/27/2015") == start | {"name": "A", "serial": "1"}
    assert head(f"{begin} A x") == start


def test_values_of_a_frame_without_anything():
    values = mapco2._frame_values(Frame(3))
    assert set(values) == set(mapco2._FRAME_COLUMNS)
    assert set(values.values()) == {""}


def test_values_of_a_whole_frame():
    frame = Frame(3, "NORM", "2016/08/15 00:01:02", "A", "42", "6.09")
    frame.fix = {"date": "08/15/2016", "time": "00:05:03", "seconds": "40"}
    frame.fix |= {"lat": "2130.0", "ns": "N", "lon": "15745.0", "ew": "W"}
    frame.system = ["10.4", "10.1", "0.8", "0.7", "0.1", "0a1F", "27.1"]
    values = {k: v for k, v in mapco2._frame_values(frame).items() if v}
    assert values == {
        "mode": "NORM",
        "system": "A",
        "serial": "42",
        "firmware": "6.09",
        "run start": "2016/08/15 00:01:02",
        "cycle": "20160815000102",
        "latitude": "21.5",
        "longitude": "-157.75",
        "fix date": "08/15/2016",
        "fix time": "00:05:03",
        "fix seconds": "40",
        "logic battery": "10.4",
        "transmitter battery": "10.1",
        "zero coefficient": "0.8",
        "span coefficient": "0.7",
        "span2 coefficient": "0.1",
        "flags": "0a1F",
        "span status": "10",
        "zero status": "31",
        "SST": "27.1",
        "water temp": "27.1",
    }
    frame.fix["lat"] = "2160.0"
    assert mapco2._frame_values(frame)["latitude"] == "2160.0N"
