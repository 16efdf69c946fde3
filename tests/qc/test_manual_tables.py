"""Manual flags from spreadsheets, tables and hands, and flags of standards."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.qc.manual import (
    bad_references,
    check_references,
    given_entries,
    manual_entries,
    manual_table,
    read_manual,
)
from oceanco2.vocabulary import RUN_TYPES

HEADER = "start,end,variable,flag,reason,who,when"
START = np.datetime64("2024-03-01T06:00", "ns")
TIMES = START + np.arange(6) * np.timedelta64(10, "m")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_of_spreadsheets(tmp_path, encoding, end):
    path = tmp_path / "m.csv"
    lines = [HEADER, "2024-03-01T06:00,,SST,4,Luftblåsor,Å. Ø", "# x"]
    lines[1] += ",2024-04-01"
    path.write_bytes(end.join([*lines, ""]).encode(encoding))
    (entry,) = read_manual(path)
    assert (entry.reason, entry.who, entry.line) == ("Luftblåsor", "Å. Ø", 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"m\.csv: the first line must be start,end"),
        (b" \r\n", r"m\.csv: the first line must be start,end"),
        (bytes(range(32)) * 9, r"m\.csv: is not a text table \(binary content\)$"),
        (b"PK\x03\x04" + b"x" * 80, r"m\.csv: is a zip or Excel workbook"),
        (
            f"{HEADER}\n{'x' * 200_000}\n".encode(),
            r"m\.csv: is not a CSV: field larger",
        ),
    ],
)
def test_files_that_are_no_such_table(tmp_path, content, message):
    (tmp_path / "m.csv").write_bytes(content)
    with pytest.raises(ProcessingError, match=message):
        read_manual(tmp_path / "m.csv")


def table(**columns):
    rows = {"start": ["2024-03-01 06:00"], "variable": ["SST"], "flag": [3]}
    return pd.DataFrame(rows | {"reason": ["x"]} | columns)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        ("2024-03-01 06:00", None, "2024-03-01 06:00", "2024-03-01 06:00"),
        ("2024-03-01", "2024-03-02", "2024-03-01", "2024-03-02T23:59:59.999"),
        (START, TIMES[1], "2024-03-01T06:00:00", "2024-03-01T06:10:00"),
        # a moment at midnight is that moment; a date is the day
        (
            dt.datetime(2024, 3, 1),
            dt.datetime(2024, 3, 2),
            "2024-03-01T00:00:00",
            "2024-03-02T00:00:00",
        ),
        (
            dt.date(2024, 3, 1),
            dt.date(2024, 3, 1),
            "2024-03-01",
            "2024-03-01T23:59:59.999",
        ),
        (
            pd.Timestamp("2024-03-01T06:00", tz="Europe/Oslo"),
            pd.NaT,
            "2024-03-01T05:00:00.000",
            "2024-03-01T05:00:00.000",
        ),
        (xr.DataArray(START), np.nan, "2024-03-01T06:00:00", "2024-03-01T06:00:00"),
    ],
)
def test_times_of_a_table(start, end, first, last):
    columns = {
        k: pd.Series([v], dtype=object) for k, v in {"start": start, "end": end}.items()
    }
    (entry,) = manual_table(table(**columns))
    assert (entry.start, entry.end) == (first, last)


@pytest.mark.parametrize("flag", [4, 4.0, "4", np.int8(4), np.float32(4)])
def test_flags_of_a_table(flag):
    (entry,) = manual_table(table(flag=[flag]))
    assert entry.content == (
        *("2024-03-01 06:00", "2024-03-01 06:00", "SST", 4, "x", "", ""),
    )
    assert (entry.file, entry.line, entry.sha256) == ("Python", 1, "")


def test_columns_of_a_table():
    columns = {" End ": ["2024-03-01 07:00"], "WHO": ["N"], "When": ["2024-04-01"]}
    (entry,) = manual_table(table(**columns))
    assert (entry.end, entry.who, entry.when) == ("2024-03-01 07:00", "N", "2024-04-01")
    assert [e.line for e in manual_table(pd.concat([table(), table()]))] == [1, 2]
    assert manual_table(table().iloc[:0]) == []
    assert given_entries(None) == []
    assert given_entries(table()) == manual_table(table())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (table(flag=[3.5]), "manual flags, row 1: flag must be 2, 3 or 4, not '3.5'"),
        (table(flag=[True]), "manual flags, row 1: flag must be 2, 3 or 4, not 'True'"),
        (table(reason=[None]), "manual flags, row 1: flag 3 requires a reason"),
        (table(start=[None]), "manual flags, row 1: a time is required"),
        (table(comment=["x"]), "manual flags: no column named 'comment'"),
        (table().drop(columns="flag"), "manual flags: no column flag; needed: start, "),
        (table(Flag=[3]), "manual flags: a column twice; needed: start, end, variable"),
    ],
)
def test_tables_that_are_refused(wrong, message):
    with pytest.raises(ProcessingError, match=f"^{message}"):
        manual_table(wrong)


def flagged(flag, automatic=(2,) * 6, times=TIMES, **more):
    columns = {"SST": np.arange(6.0), "SST_flag": flag, "SST_flag_automatic": automatic}
    data = {k: ("time", np.array(v)) for k, v in (columns | more).items()}
    return xr.Dataset(data, {"time": times})


def test_flags_set_by_hand_are_manual_flags():
    ds = flagged([2, 4, 4, 2, 3, 2])
    result = manual_entries(ds, None, ["SST"])
    assert result.flags["SST"].tolist() == [0, 4, 4, 0, 3, 0]
    assert [e.content for e in result.entries] == [
        (
            *("2024-03-01T06:10:00.000", "2024-03-01T06:20:00.000", "SST", 4),
            *("set in the dataset by hand", "", ""),
        ),
        (
            *("2024-03-01T06:40:00.000", "2024-03-01T06:40:00.000", "SST", 3),
            *("set in the dataset by hand", "", ""),
        ),
    ]
    assert {e.file for e in result.entries} == {"Python"}


def test_rows_out_of_order_are_neighbours_in_time():
    ds = flagged([4, 2, 4, 2, 2, 2], times=TIMES[[1, 4, 2, 3, 0, 5]])
    (entry,) = manual_entries(ds, None, ["SST"]).entries
    assert entry.end == "2024-03-01T06:20:00.000"


def test_the_latest_word_counts():
    """Stored, then by hand, then the new table."""
    stored = {"start": "2024-03-01T06:00", "end": "2024-03-01T06:30", "variable": "SST"}
    stored |= {"flag": 3, "reason": "a", "who": "", "when": ""}
    ds = flagged([3, 4, 4, 3, 2, 2], SST_flag_manual=[3, 3, 3, 3, 0, 0])
    ds.attrs["manual_flags"] = [stored]
    new = table(start=["2024-03-01T06:20"], flag=[2])
    result = manual_entries(ds, new, ["SST"])
    assert result.flags["SST"].tolist() == [3, 4, 2, 3, 0, 0]
    reasons = [e.reason for e in result.entries]
    assert reasons == ["a", "set in the dataset by hand", "x"]


@pytest.mark.parametrize("flag", [0, 9])
def test_codes_that_nobody_may_set(flag):
    message = f"^SST_flag, changed by hand: flag must be 2, 3 or 4, not '{flag}'$"
    with pytest.raises(ProcessingError, match=message):
        manual_entries(flagged([2, flag, 2, 2, 2, 2]), None, ["SST"])


def runs(**more):
    words = ("water", "standard", "zero", "span", "air", "standard")
    run_type = ("time", np.array([RUN_TYPES[word] for word in words], "int8"))
    readings = ("time", np.arange(6.0))
    return xr.Dataset(
        {"xCO2": readings, "RH": readings, "run_type": run_type} | more,
        {"time": TIMES, "latitude": readings},
    )


def flags_of(variable, *rows, flag=4):
    columns = {
        "start": TIMES[[*rows]],
        "variable": variable,
        "flag": flag,
        "reason": "x",
    }
    return manual_table(pd.DataFrame(columns))


def listed(ds, entries):
    found = bad_references(ds, entries)
    return {name: np.flatnonzero(rows).tolist() for name, rows in found.items()}


def test_bad_readings_of_reference_gases():
    every = range(6)
    assert listed(runs(), flags_of("xCO2", *every)) == {"xCO2": [1, 2, 3, 5]}
    assert listed(runs(), flags_of("xCO2", 0, 4)) == {}
    assert listed(runs(), flags_of("xCO2", *every, flag=3)) == {}
    both = [*flags_of("xCO2", 1, 2), *flags_of("RH", 3), *flags_of("xCO2", 2, flag=2)]
    assert listed(runs(), both) == {"xCO2": [1], "RH": [3]}
    for name in ("latitude", "run_type", "SST"):
        assert listed(runs(), flags_of(name, *every)) == {}
    zeros = runs(state_zero=("time", [0, 0, 0, 0, 0.5, 1])).drop_vars("run_type")
    assert listed(zeros, flags_of("xCO2", *every)) == {"xCO2": [4, 5]}
    assert listed(zeros.drop_vars("state_zero"), flags_of("xCO2", *every)) == {}
    assert bad_references(xr.Dataset(), []) == {}


def test_flags_that_would_change_the_calibration():
    check_references(runs(), flags_of("xCO2", 0, 4))
    check_references(runs(), flags_of("xCO2", 1, flag=3))
    message = (
        "^xCO2: manual flags of 2 readings of gas standards change the calibration:"
        r" process the raw files with these flags \(process --manual\)$"
    )
    with pytest.raises(ProcessingError, match=message):
        check_references(runs(), flags_of("xCO2", 1, 5))
    row = {"start": str(TIMES[1]), "end": str(TIMES[2]), "variable": "xCO2", "flag": 4}
    known = runs().assign_attrs(
        manual_flags=[row | dict.fromkeys(("reason", "who", "when"), "")]
    )
    check_references(known, flags_of("xCO2", 1))
    with pytest.raises(ProcessingError, match="of 1 readings"):
        check_references(known, flags_of("xCO2", 1, 3))
    with pytest.raises(ProcessingError, match="of 2 readings"):
        check_references(known, flags_of("xCO2", 1, 2, flag=2))
