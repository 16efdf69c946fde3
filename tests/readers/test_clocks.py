"""Times and files of a stream that contradict each other."""

import os
import warnings
import zipfile

import numpy as np
import pytest

from oceanco2.errors import DataWarning
from oceanco2.pipeline import process
from oceanco2.platforms import parse
from oceanco2.readers import read
from tests.readers.conftest import small_platform

SST = 'SST = { column = "SST", units = "degC" }'
TABLE = 'separator = ","\n'


@pytest.fixture
def told(tmp_path):
    """Stream that files give, and what is said about them."""

    def make(files, table=TABLE, variables=SST, more="", modified=None):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
            if modified is not None:
                os.utime(tmp_path / name, (modified, modified))
        platform = small_platform(table, variables, more)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            ds = read(platform, [tmp_path / name for name in files])["a"]
        return ds, [str(w.message) for w in caught]

    return make


def rows(times, values=None, header="time,SST\n"):
    values = [i % 30 for i in range(len(times))] if values is None else values
    lines = (
        f"{str(t).replace('T', ' ')},{v}\n" for t, v in zip(times, values, strict=True)
    )
    return header + "".join(lines)


def hours(start, count, step=60):
    return np.datetime64(start, "s") + np.arange(count) * np.timedelta64(step, "m")


def test_rows_of_a_clock_that_was_not_set(told):
    times = [*hours("1980-01-06T00:00:10", 2), *hours("2024-03-01", 60)]
    ds, said = told({"a.csv": rows(times)})
    assert said == [
        "a.csv:2: 2 of 62 rows, 1980-01-06 00:00 to 1980-01-06 01:00, are 44.2 years"
        " from all others (clock not set), not good"
    ]
    assert ds.sizes["time"] == 62
    # Between two deployments the nearer one counts.
    times = [*hours("2024-03-01", 60), *hours("2010-03-01", 1), *hours("2026-01-01", 1)]
    said = told({"a.csv": rows(times)})[1]
    assert said == [
        "a.csv:62: 2 of 62 rows, 2010-03-01 00:00 to 2026-01-01 00:00, are 1.8 years"
        " from all others (clock not set), not good"
    ]


def test_rows_before_1950_and_in_the_future(told):
    times = [*hours("1904-01-01", 1), *hours("2024-03-01", 3), *hours("2099-01-01", 2)]
    assert told({"a.csv": rows(times)})[1] == [
        "a.csv:2: 1 of 6 rows, 1904-01-01 00:00 to 1904-01-01 00:00, are before 1950,"
        " not good",
        "a.csv:6: 2 of 6 rows, 2099-01-01 00:00 to 2099-01-01 01:00, are in the"
        " future, not good",
    ]


def test_an_input_that_is_newer_than_the_clock(told, tmp_path):
    text = rows(hours("2099-01-01", 2))
    modified = float(np.datetime64("2099-01-01T00:30", "s").astype(int))
    ds, said = told({"a.csv": text}, modified=modified)
    assert said == []
    assert ds.attrs["newest_input"] == "2099-01-01T00:30:00"
    ds, said = told({"a.csv": text}, modified=modified - 86_400 + 1500)
    assert len(said) == 1  # the second row is more than a day newer
    assert "1 of 2 rows, 2099-01-01 01:00" in said[0]
    ds, said = told({"a.csv": text}, modified=1e9)
    assert "2 of 2 rows" in said[0]
    assert "newest_input" not in ds.attrs
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.csv", text)
    os.utime(tmp_path / "a.zip", (modified, modified))
    platform = small_platform(TABLE, SST)
    ds = read(platform, [tmp_path / "a.zip"])["a"]
    assert ds.attrs["newest_input"] == "2099-01-01T00:30:00"


def month_first(days, step=60):
    """Times of consecutive days that were read with the month first."""
    times = np.concatenate([hours(f"2024-03-{d:02}", 1440 // step, step) for d in days])
    texts = [str(t) for t in times]
    return [f"{t[:5]}{t[8:10]}-{t[5:7]}{t[10:]}" for t in texts]


def test_days_that_follow_each_other_with_day_and_month_exchanged(told):
    text = rows(month_first([1, 2, 3]))
    message = (
        "a.csv:26: dates 2024-01-03, 2024-02-03 ... are a month apart; with day and"
        " month exchanged, 2024-03-01, 2024-03-02 ..., rows follow each other. If this"
        ' is right: [accepted] dates.a = "why"'
    )
    assert told({"a.csv": text})[1] == [message]
    for answer in ('dates.a = "monthly"', 'dates = "monthly"'):
        assert told({"a.csv": text}, more=f"[accepted]\n{answer}")[1] == []
    assert len(told({"a.csv": rows(month_first([11, 12]))})[1]) == 1


@pytest.mark.parametrize(
    "times",
    [
        month_first([1]),
        month_first([1, 3]),
        month_first([2, 3])[12:],
        month_first([1, 2], step=480),  # three rows a day
        [str(t) for t in hours("2024-03-01", 48)],
        [t for d in (1, 2, 3) for t in month_first([d], 180)[:4]],  # a part of the day
        [t.replace("-03T", "-13T") for t in month_first([1, 2])],
    ],
)
def test_days_that_are_as_they_should(told, times):
    said = told({"a.csv": rows(times)})[1]
    expected = times == month_first([2, 3])[12:]  # the first day may be half
    assert len(said) == expected, said


def test_two_files_that_contradict_each_other(told):
    times = hours("2024-03-01", 4)
    files = {"a.csv": rows(times, [1.1, 2.1, 3.1, 4.1])}
    files["b.csv"] = rows(times, [1.1, 2.5, 3.5, 4.1])
    ds, said = told(files)
    assert said == [
        "a.csv and b.csv have different values at 2 times, 2024-03-01 01:00 to"
        " 2024-03-01 02:00, for example SST 2.1 and 2.5: none is good. Leave one file"
        ' out, or name the right one: [files.a] prefer = "b.csv"'
    ]
    assert sorted(ds["SST"].to_numpy()) == [1.1, 2.1, 2.5, 3.1, 3.5, 4.1]
    assert ds["file_conflict"].to_numpy().tolist() == [0, 1, 1, 1, 1, 0]
    assert ds["file_conflict"].dtype == np.int8
    for prefer, right in (
        ("b.csv", [2.5, 3.5]),
        ("b*", [2.5, 3.5]),
        ("a*", [2.1, 3.1]),
    ):
        ds, said = told(files, f'{TABLE}prefer = "{prefer}"\n')
        assert said == []
        kept = ds["SST"].to_numpy()[ds["file_conflict"].to_numpy() == 0]
        assert kept.tolist() == [1.1, *right, 4.1]
    for prefer in ("c.csv", "*.csv"):
        ds, said = told(files, f'{TABLE}prefer = "{prefer}"\n')
        assert len(said) == 1
        assert ds["file_conflict"].to_numpy().tolist() == [0, 1, 1, 1, 1, 0]


def test_three_files(told):
    times = hours("2024-03-01", 3)
    files = {f"{name}.csv": rows(times, [1.5, 9, 9]) for name in "ab"}
    files["c.csv"] = rows(times, [2.5, 9, 8])
    ds, said = told(files)
    assert [text[6:][:38] for text in said] == [
        "and c.csv have different values at 2 t"
    ]
    assert ds["file_conflict"].to_numpy().tolist() == [1, 1, 0, 1, 1]


@pytest.mark.parametrize(
    ("one", "two", "differ"),
    [
        ("1.25", "1.250", False),
        ("1.25", "1.254", False),
        ("1.25", "1.256", True),
        ("1.2", "1.3", True),
        ("1", "", False),
    ],
)
def test_other_digits_are_no_contradiction(told, one, two, differ):
    times = hours("2024-03-01", 2)
    # The lines differ, or they are dropped as doublets.
    header = "time,SST,n\n"
    files = {"a.csv": rows(times, [f"{one},1"] * 2, header)}
    files["b.csv"] = rows(times, [f"{two},2"] * 2, header)
    ds, said = told(files)
    assert len(said) == differ
    assert ("file_conflict" in ds) is differ


def test_the_end_of_a_file_and_the_start_of_the_next(told):
    files = {
        "a.csv": rows(hours("2024-03-01", 3)),
        "b.csv": rows(hours("2024-03-01T02:00", 3)),
    }
    ds, said = told(files)
    assert said == []
    assert "file_conflict" not in ds
    files["b.csv"] = rows(hours("2024-03-01T01:00", 3), [7, 8, 9])
    assert len(told(files)[1]) == 1
    # One corrected row, the others are doublets.
    times = hours("2024-03-01", 3)
    files = {"a.csv": rows(times), "b.csv": rows(times, [0, 5, 2])}
    assert "at 1 times" in told(files)[1][0]


def test_rows_of_one_file_and_of_other_runs(told):
    times = [*hours("2024-03-01", 2), *hours("2024-03-01", 2)]
    assert "file_conflict" not in told({"a.csv": rows(times)})[0]
    runs = 'run_columns = ["run"]\n'
    more = '[runs]\n"W" = "water"\n"A" = "air"\n'
    header = "time,SST,run\n"
    times = hours("2024-03-01", 2)
    files = {"a.csv": rows(times, ["1,W"] * 2, header)}
    files["b.csv"] = rows(times, ["2,A"] * 2, header)
    assert told(files, TABLE + runs, more=more)[1] == []
    for run, name in (("W", "water"), ("A", "air"), ("Z", "zero")):
        files = {"a.csv": rows(times, [f"1,{run}"] * 2, header)}
        files["b.csv"] = rows(times, [f"2,{run}"] * 2, header)
        said = told(files, TABLE + runs, more=f'{more}"Z" = "zero"\n')[1]
        assert len(said) == (name != "zero")


def test_damaged_rows_contradict_nothing(told):
    times = hours("2024-03-01", 3)
    header = "time,SST,x,y\n"
    files = {"a.csv": rows(times, ["1,2,3"] * 3, header)}
    files["b.csv"] = rows(times, ["1,2,3", "5", "1,2,4"], header)
    ds, said = told(files)
    assert len(said) == 1  # the damaged row
    assert "different number of fields" in said[0]
    assert "file_conflict" not in ds


TWO_STREAMS = """
schema = 1
name = "Two"
kind = "ship"
platform_code = "99ZZ"
[files.main]
reader = "delimited"
pattern = "m*.csv"
time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }
[files.tsg]
reader = "delimited"
pattern = "t*.csv"
time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }
[variables]
latitude = { value = 60.0 }
longitude = { value = 5.0 }
salinity = { value = 35.0, units = "1" }
P_equ = { value = 1013.0, units = "hPa" }
xCO2_water_SST_dry = { column = "x", units = "umol mol-1" }
SST = { file = "tsg", column = "SST", units = "degC" }
"""


def test_streams_beside_the_main_one_are_not_interpolated_there(tmp_path):
    times = hours("2024-03-01", 30)
    names = ("m.csv", "t1.csv", "t2.csv")
    right = [10 + i % 7 / 100 for i in range(30)]
    wrong = [value + 0.1 * (10 <= i < 20) for i, value in enumerate(right)]
    for name, text in zip(
        names,
        (
            rows(times, [400 + i % 7 for i in range(30)], "time,x\n"),
            rows(times, right),
            rows(times, wrong),
        ),
        strict=True,
    ):
        (tmp_path / name).write_text(text)
    platform = parse(TWO_STREAMS.encode(), "two.toml")
    with pytest.warns(
        DataWarning, match=r"t1.csv and t2.csv have different values at 10"
    ):
        ds = process(platform, [tmp_path / name for name in names])
    good = ds["SST_flag"].to_numpy() == 2
    assert good.tolist() == [True] * 10 + [False] * 10 + [True] * 10
    assert not (ds["fCO2_water_SST_wet_flag"].to_numpy()[10:20] == 2).any()
