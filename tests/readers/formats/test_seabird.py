"""Every clock of a Sea-Bird file, in numbers of the calendar."""

import numpy as np
import pytest

SST = 'SST = { file = "a", column = "t090C", units = "degree_Celsius" }'
TABLE = 'reader = "seabird_cnv"  # time as in general: that of the file'
START = "2024-04-12T00:00:05"  # day 103 of a leap year
#: Column, its two cells, and the times that they mean.
CLOCKS = {
    "timeS": ("0", "90", START, "2024-04-12T00:01:35"),
    "timeM": ("1", "2.5", "2024-04-12T00:01:05", "2024-04-12T00:02:35"),
    "timeH": ("1", "25", "2024-04-12T01:00:05", "2024-04-13T01:00:05"),
    "timeJ": ("103.5", "104.25", "2024-04-12T12:00:00", "2024-04-13T06:00:00"),
    "timeJV2": ("1", "366.5", "2024-01-01T00:00:00", "2024-12-31T12:00:00"),
    "timeSCP": ("103", "103.25", "2024-04-12T00:00:00", "2024-04-12T06:00:00"),
    "timeK": ("0", "86400", "2000-01-01T00:00:00", "2000-01-02T00:00:00"),
    "timeQ": ("3600", "7200", "2000-01-01T01:00:00", "2000-01-01T02:00:00"),
    "timeN": ("86400", "172800", "1970-01-02T00:00:00", "1970-01-03T00:00:00"),
    "timeY": ("946684800", "946684801", "2000-01-01T00:00:00", "2000-01-01T00:00:01"),
}


def converted(clock, cells, interval="seconds: 6"):
    names = [clock, "t090C"] if clock else ["t090C"]
    head = ["* Sea-Bird SBE 21 Data File:"]
    head += [f"# name {i} = {name}: what it is" for i, name in enumerate(names)]
    head += [f"# interval = {interval}", "# start_time = Apr 12 2024 00:00:05"]
    rows = [f"{cell:>12} {i + 10:>10}" for i, cell in enumerate(cells)]
    return "\n".join([*head, "*END*", *rows, ""])


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock(reading, clock):
    *cells, first, second = CLOCKS[clock]
    ds = reading(converted(clock, cells), SST, TABLE)
    assert ds["time"].to_numpy().astype("datetime64[s]").astype(str).tolist() == [
        first,
        second,
    ]


def test_rows_without_a_clock_are_an_interval_apart(reading):
    ds = reading(converted("", ["", "", ""]), SST, TABLE)
    seconds = (ds["time"].to_numpy() - np.datetime64(START)) / np.timedelta64(1, "s")
    assert seconds.tolist() == [0.0, 6.0, 12.0]


@pytest.mark.parametrize(("year", "days"), [("2024", 366), ("2023", 365)])
def test_a_day_of_the_year_goes_on_after_new_year(reading, year, days):
    text = converted("timeJ", [str(days + 0.5), "1.5", "2"]).replace("2024", year)
    ds = reading(text, SST, TABLE)
    following = int(year) + 1
    assert ds["time"].to_numpy().astype("datetime64[h]").astype(str).tolist() == [
        f"{year}-12-31T12",
        f"{following}-01-01T12",
        f"{following}-01-02T00",
    ]
