"""Made-up MAPCO2 frames in which no two fields are alike, and a way to read bytes."""

import warnings

from oceanco2.errors import DataWarning, OceanCO2Error
from oceanco2.platforms import parse
from oceanco2.readers.sources import Source
from oceanco2.readers.stream import read_stream

HEAD = "NORM 01234 05678 {start}    TEST 0042 06.09 03/27/2015"
FIX = (
    "{date} {hour}:05:03 2127.5063 N 15747.9014 W 0040 1.1 2016/02/07 12:38:33"
    " 2016/02/07 12:38:34 I 0030"
)
SYSTEM = (
    "10.4 10.1 00.877898 00.714991 00.123456 {flags} 27.123 0.001 05.79313 0.0002"
    " 34.5678 0.0003 001.5 0.01 002.5 0.02 101 102 003.5"
)
MINUTES = (1, 2, 3, 4, 5, 7, 17, 18, 20, 21)  # of the format sheet
END = "SW_xCO2(dry) 0407.70 Atm_xCO2(dry) 0395.50 "

PLATFORM = """
schema = 1
name = "Test"
kind = "mooring"
platform_code = "3164"
[files.buoy]
reader = "mapco2"
[variables]
cycle = { column = "cycle", units = "1" }
SST = { column = "water temp", units = "degree_Celsius" }
salinity = { column = "water sal", units = "1" }
xCO2 = { column = "xCO2", units = "umol mol-1", dry = false }
xCO2_std = { column = "xCO2 sd", units = "umol mol-1" }
P_analyser = { column = "licor press", units = "kPa" }
T_analyser = { column = "licor temp", units = "degree_Celsius" }
RH = { column = "RH", units = "percent" }
T_RH = { column = "RH temp", units = "degree_Celsius" }
oxygen_percent = { column = "O2", units = "percent" }
signal_detector = { column = "raw 1", units = "1" }
signal_reference = { column = "raw 2", units = "1" }
zero_coefficient = { column = "zero coefficient", units = "1" }
span_coefficient = { column = "span coefficient", units = "1" }
span2_coefficient = { column = "span2 coefficient", units = "1" }
zero_status = { column = "zero status", units = "1" }
span_status = { column = "span status", units = "1" }
[delivered]
xCO2_water_SST_dry = { column = "SW_xCO2(dry)", units = "umol mol-1" }
xCO2_atm_dry_actual = { column = "Atm_xCO2(dry)", units = "umol mol-1" }
[calibration]
model = "mapco2"
"""


def reading(minute, number):
    """All 17 fields differ from each other and from those of other readings."""
    n = number
    return (
        f"{minute:02d} {28 + n / 10:05.2f} 0.0{n:02d} {95 + n:06.2f} 00.{n:02d}"
        f" {400 + n:07.2f} 0{n}.30 {19 + n / 10:05.2f} 0.{n} {50 + n:02d} 1.{n}"
        f" {27 + n / 10:04.1f} 0.0{n} 037{n:05d} 00{n:03d} 032{n:05d} 01{n:03d}"
    )


def frame(start="2016/08/15 00:00:00", date=None, **change):
    """Lines of one frame; lists may be changed by name."""
    year, month, day = start.split()[0].split("/")
    date = date or f"{month}/{day}/{year}"
    lines = {
        "head": HEAD.format(start=start),
        "fix": FIX.format(date=date, hour=start.split()[1][:2]),
        "system": SYSTEM.format(flags=change.pop("flags", "0000")),
        "readings": [reading(m, n) for n, m in enumerate(MINUTES)],
        "end": END,
    } | change
    parts = [lines["head"], lines["fix"], lines["system"], *lines["readings"]]
    return [line for line in [*parts, lines["end"]] if line is not None]


def text_of(*frames):
    return "\n\n".join("\n".join(lines) + "\n" for lines in frames)


def read_bytes(content, platform=PLATFORM, name="C0042_2016_08_15.txt"):
    """The stream, and what was warned of."""
    contents = content if isinstance(content, dict) else {name: content}
    sources = [
        Source(n, n, True, lambda c=c: c if isinstance(c, bytes) else c.encode())
        for n, c in contents.items()
    ]
    parsed = parse(platform.encode(), "test.toml")
    return read_stream(parsed, next(iter(parsed.files)), sources)


def outcome(content, platform=PLATFORM):
    """The stream, or the one line of the error; anything else is a fault of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            return read_bytes(content, platform)
        except OceanCO2Error as error:
            message = str(error)
            assert message
            assert "\n" not in message
            return None, [message]


def labels(ds):
    words = ds["run_label"].attrs["flag_meanings"].split()
    return [words[i] for i in ds["run_label"].to_numpy()]
