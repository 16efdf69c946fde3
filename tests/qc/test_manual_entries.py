"""Manual flags: lines of the CSV, rows they find, the audit as text."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import DataWarning, ProcessingError
from oceanco2.qc import manual
from oceanco2.qc.manual import COLUMNS, ManualFlag, RowFinder

HEADER = ",".join(COLUMNS)


def read(tmp_path, *lines, header=HEADER):
    path = tmp_path / "m.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return manual.read_manual(path)


def test_a_line(tmp_path):
    (entry,) = read(tmp_path, "2024-01-01, ,SST,4,why,Ada,2024-02-01")
    assert entry.content == (
        *("2024-01-01", "2024-01-01T23:59:59.999", "SST", 4, "why", "Ada"),
        "2024-02-01",
    )
    assert (entry.file, entry.line, len(entry.sha256)) == ("m.csv", 2, 64)
    for mark in ";\t":
        header = HEADER.upper().replace(",", mark)
        line = "# note\n\n2024-01-01T10:00+02:30,,SST,2,,,".replace(",", mark)
        (entry,) = read(tmp_path, line, header=header)
        assert entry.start == entry.end == "2024-01-01T07:30:00.000"
        assert (entry.flag, entry.line) == (2, 4)
    (entry,) = read(tmp_path, "2024-01-01T10:00-01,2024-01-01T12:00Z,SST,3,x,,")
    assert (entry.start, entry.end) == ("2024-01-01T11:00:00.000", "2024-01-01T12:00Z")


FAULTS = [
    ("2024-01-01,,SST,4,,,", "flag 4 requires a reason"),
    ("2024-01-01,,SST,3,,,", "flag 3 requires a reason"),
    ("2024-01-01,,SST,9,x,,", "flag must be 2, 3 or 4, not '9'"),
    ("2024-01-01,,SST,1,x,,", "flag must be 2, 3 or 4, not '1'"),
    ("2024-01-02,2024-01-01,SST,3,x,,", "end is before start"),
    (",,SST,3,x,,", "a time is required"),
    ("now,,SST,3,x,,", "'now' is not an ISO time"),
    ("2024-02-30T00:00,,SST,3,x,,", "is not an ISO time"),
    ("2024-01-01,,SST,3,x,,later", "when: 'later' is not an ISO time"),
    ("2024-01-01,,SST,3,x,", "6 fields instead of 7"),
    ('2024-01-01,,SST,3,"x\ny",,', "must not continue on the next line"),
]


@pytest.mark.parametrize(("line", "message"), FAULTS)
def test_faults(tmp_path, line, message):
    with pytest.raises(ProcessingError) as caught:
        read(tmp_path, line)
    assert message in str(caught.value)


def test_other_headers(tmp_path):
    with pytest.raises(ProcessingError, match="the first line must be start,end"):
        read(tmp_path, header="start,end")
    assert read(tmp_path) == []


def entry(start, end=None, variable="SST", flag=4, **more):
    fields = {"reason": "why", "who": "Ada", "when": "2024", "file": "m.csv", "line": 2}
    return ManualFlag(start, end or start, variable, flag, **(fields | more))


def test_rows():
    time = np.datetime64("2024-01-01", "ns") + np.timedelta64(1, "m") * np.array(
        [2, 0, 1, 3]
    )
    finder = RowFinder(time)
    found = finder.rows(entry("2024-01-01T00:01", "2024-01-01T00:02"))
    assert found.tolist() == [2, 0]
    assert finder.size == 4
    for text, rows in (
        ("2024-01-01T00:01:00.0005", 1),
        ("2024-01-01T00:00:59.9995", 1),
        ("2024-01-01T00:01:00.000501", 0),
        ("2024-01-01T00:00:59.999499", 0),
    ):
        assert finder.rows(entry(text)).size == rows


def dataset():
    time = np.array(["2024-01-01", "2024-01-02", "2024-01-03"], "datetime64[ns]")
    return xr.Dataset(
        {
            "SST": ("time", [1.0, 2.0, 3.0]),
            "SST_flag": ("time", np.array([2, 4, 3], np.int8)),
            "SST_tests": ("time", np.zeros(3, np.int64)),
            "SST_flag_automatic": ("time", np.array([2, 3, 3], np.int8)),
            "SST_flag_manual": ("time", np.array([0, 4, 0], np.int8)),
        },
        {"time": time},
    )


def test_arrays():
    ds = dataset()
    names = {"SST": None, "salinity": None}
    later = [entry("2024-01-01", "2024-01-02"), entry("2024-01-02", flag=2)]
    found = manual.flag_arrays(later, ds, names, "m.csv")
    assert list(found) == ["SST"]
    assert found["SST"].tolist() == [4, 2, 0]
    with pytest.warns(DataWarning, match="m.csv:2: SST 2023-01-01: no row"):
        manual.flag_arrays([entry("2023-01-01")], ds, names, "m.csv")
    position = [entry("2024-01-01", variable="latitude")]
    with pytest.raises(ProcessingError, match="Did you mean 'position'"):
        manual.flag_arrays(position, ds, names, "m.csv")
    with pytest.raises(ProcessingError, match="no variable named 'sst'"):
        manual.flag_arrays([entry("2024-01-01", variable="sst")], ds, names, "m")


def test_audit():
    ds = dataset()
    entries = [
        entry("2024-01-01", "2024-01-02"),
        entry("2024-01-02", who="", when=""),
        entry("2023-01-01", flag=3),
    ]
    flags = manual.ManualEntries(entries, {})
    automatic = {"SST": ds["SST_flag_automatic"].to_numpy()}
    attrs = manual.audit_attrs(flags, ds["time"].to_numpy(), automatic)
    trail = attrs["manual_flags"]
    assert [(e["rows"], e["rows_standing"]) for e in trail] == [(2, 1), (1, 1), (0, 0)]
    assert trail[0]["automatic"] == {"good": 1, "questionable": 1}
    assert (
        manual.audit_attrs(manual.ManualEntries([], {}), ds["time"].to_numpy(), {})
        == {}
    )
    for stored in (trail, json.dumps(trail)):
        ds.attrs["manual_flags"] = stored
        assert manual.stored_entries(ds) == entries
        found = manual.audit(ds)
        assert found["variables"] == {"SST": {"flags": {"bad": 1}, "changed": 1}}
        assert found["remarks"] == [
            "1 entries without who and when: m.csv:2",
            "1 entries that match no row of this dataset: m.csv:2",
        ]
    text = manual.audit_text(ds)
    assert text.startswith(
        "SST: bad, 2024-01-01 to 2024-01-02, 2 rows (1 in effect)\n  why\n"
        "  Ada, 2024; m.csv:2 sha256 \n"
        "  automatic flags there: good 1, questionable 1\n"
        "SST: bad, 2024-01-02, 1 rows (1 in effect)\n  why\n  no name, no date; "
    )
    assert "SST: manual flags bad 1; 1 differ from the automatic flag" in text
    assert manual.audit_text(xr.Dataset()) == "no manual flags"


def test_remarks_name_five_entries():
    base = {"file": "f", "flag": 3, "who": "", "when": "x", "rows": 1}
    for n, end in ((5, "f:5"), (6, "f:5 ...")):
        lines = [base | {"line": i} for i in range(1, n + 1)]
        (text,) = manual._remarks(lines)
        assert text.startswith(f"{n} entries without who: f:1, f:2")
        assert text.endswith(end)
    assert manual._remarks([base | {"line": 1, "flag": 2}]) == []


def test_template():
    lines = manual.manual_template(dataset()).splitlines()
    third = "2024-01-03T00:00:00.000"
    assert lines == [HEADER, f"#{third},{third},SST,3,no test named,,"]
    with pytest.raises(ProcessingError, match="has no flags: nothing to review"):
        manual.manual_template(xr.Dataset())
