"""Other clocks of a log: days of the year, Unix times, times of the GPS."""

import re
import warnings

import numpy as np
import pytest

from oceanco2.readers import read
from oceanco2.readers.table import clock_kind
from tests.readers.conftest import small_platform

SST = 'SST = { column = "SST", units = "degC" }'
START = np.datetime64("2024-02-28T22:00", "s")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("day", ["JD_GMT", "JD", "Julian day", "julian_date", "DOY (UTC)", "yday"]),
        ("day", ["Year Day", "day-of-year", "YD_UTC", "jday", "JulDay"]),
        ("unix", ["unix", "Unix time", "epoch_seconds", "posix timestamp", "EPOCH"]),
        ("clock", ["gps time", "UTC", "TIME_UTC_hh:mm:ss", "GPS UTC datetime"][::2]),
        ("clock", ["UTC time", "DateTime GMT", "GPS timestamp", "time (UTC)"]),
        ("clock", ["day fraction", "fraction of day", "DAYFRAC", "frac_day"]),
        ("", ["END TIME UTC", "start_time_utc", "Date", "time", "local time", "FRAC"]),
        ("", ["JD_local", "SST", "", "UTC", "GPS date", "datetime", "timeJ", "day"]),
    ],
)
def test_names_of_clocks(kind, names):
    assert {clock_kind(name) for name in names if name != "UTC" or not kind} == {kind}


@pytest.fixture
def told(tmp_path):
    """Warnings of a file with a second clock, and its notes."""

    def make(name, cells, offset=0, accepted="", times=None, second=None):
        times = START + np.arange(len(cells)) * np.timedelta64(1, "h")
        lines = [
            f"{str(t).replace('T', ' ')},{i},{cell}"
            for i, (t, cell) in enumerate(zip(times, cells, strict=True))
        ]
        text = "\n".join([f"time,SST,{name}", *lines, ""])
        (tmp_path / "a.csv").write_text(text)
        time = 'columns = ["time"], format = "%Y-%m-%d %H:%M:%S"'
        table = f'separator = ","\ntime = {{ {time}, offset_seconds = {offset} }}'
        platform = small_platform(table, SST, accepted)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ds = read(platform, tmp_path / "a.csv")["a"]
        return [str(w.message) for w in caught], ds.attrs["reading_notes"]

    return make


HOURS = np.arange(30.0)  # from 28 February 22:00, day 59
DAYS = 59 + (22 + HOURS) / 24
SECONDS = START.astype(int) + 3600 * HOURS
CLOCKS = {
    "JD_GMT": [f"{d:.6f}" for d in DAYS],
    "YD": [f"{d - 1:.4f}" for d in DAYS],  # 1 January is day 0
    "julian date": [f"{2460368.5 + (22 + h) / 24:.6f}" for h in HOURS],
    "jday": [f"{60368 + (22 + h) / 24:.6f}" for h in HOURS],  # modified Julian days
    "unix": [f"{s:.0f}" for s in SECONDS],
    "epoch": [f"{1000 * s:.0f}" for s in SECONDS],
    "gps time": [f"{(22 + int(h)) % 24:02}:00:00" for h in HOURS],
    "UTC time": [f"{(22 + int(h)) % 24:02}:00" for h in HOURS],
    "time (UTC)": [f"{(22 + int(h)) % 24:02}0000" for h in HOURS],
    "GMT time": [str(START + np.timedelta64(int(h), "h")) + "Z" for h in HOURS],
    "GPS timestamp": [
        str(START + np.timedelta64(int(h), "h")).replace("T", " ") for h in HOURS
    ],
    "day fraction": [f"{(22 + h) % 24 / 24:.5f}" for h in HOURS],
}


@pytest.mark.parametrize("name", CLOCKS)
def test_clocks_that_agree_or_are_off(told, name):
    cells = CLOCKS[name]
    assert told(name, cells) == ([], [])
    assert told(name, cells, offset=290)[0] == []
    for offset in (310, -310, 10800, -10800):
        said, notes = told(name, cells, offset)
        assert len(said) == 1, offset
        assert said[0].startswith(f"small.toml: [files.a] clock of {name!r} minus the")
        median = float(re.search("median (-?[0-9]+) s", said[0])[1])
        assert -offset == pytest.approx(median, abs=5)
        assert said[0].endswith('If this is right: [accepted] clocks.a = "why"')
        assert len(notes) == 2  # the warning and the note
    assert told(name, cells, 10800, '[accepted]\nclocks = "local"')[0] == []


def test_a_median_and_its_range(told):
    cells = [f"{s:.0f}" for s in SECONDS]
    cells[3:6] = ["", "x", "-5"]
    said = told("unix", cells, 7200)[0]
    assert "median -7200 s, from -7200 to -7200 s" in said[-1]


def test_the_digits_of_a_clock_count(told):
    """Three decimals of a day are known to 43 seconds."""
    cells = [f"{d + (i % 2) * 0.000499:.3f}" for i, d in enumerate(DAYS)]
    assert told("JD", cells, 299)[0] == []
    assert len(told("JD", cells, 390)[0]) == 1


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("JD", ["60"] * 30),  # without the time of day
        ("JD", ["60"] * 16 + ["60.5"] * 14),
        ("JD", [""] * 30),
        ("unix", ["7"] * 30 and [""] * 30),
        ("gps time", ["no fix"] * 30),
        ("gps time", [""] * 30),
        ("day fraction", ["x"] * 30),
        ("local time", [f"{int(h) % 24:02}:00:00" for h in HOURS]),
    ],
)
def test_columns_that_are_no_clock(told, name, cells):
    assert told(name, cells) == ([], [])


def test_two_rows_are_too_few(told):
    assert told("unix", ["5", "3605"])[0] == []
    assert len(told("unix", ["5", "3605", "7205"])[0]) == 1


def test_days_of_another_month(told):
    """Day and month exchanged: the day of the year is far away."""
    said = told("DOY", [f"{d + 31:.7f}" for d in DAYS])[0]
    assert "median 2678400 s" in said[0]


def test_a_clock_that_is_used_is_not_compared(tmp_path):
    text = "unix,SST\n" + "".join(f"{s:.0f},{i}\n" for i, s in enumerate(SECONDS))
    (tmp_path / "a.csv").write_text(text)
    table = 'separator = ","\ntime = { seconds = "UNIX", offset_seconds = 9999 }'
    read(small_platform(table, SST), tmp_path / "a.csv")


def test_a_clock_that_one_file_lacks(tmp_path):
    time = "time,SST"
    (tmp_path / "a.csv").write_text(f"{time},unix\n2024-01-01 00:00:00,1,5\n")
    (tmp_path / "b.csv").write_text(f"{time}\n2024-01-01 01:00:00,1\n")
    ds = read(small_platform('separator = ","', SST), tmp_path)["a"]
    assert ds.attrs["reading_notes"] == []
