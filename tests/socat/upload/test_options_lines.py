"""Metadata lines of upload files: where each comes from, and what is refused."""

import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import SOCAT_TYPES
from oceanco2.socat.upload.options import Upload, UploadOptions, metadata_lines

ATTRS = {
    "creator_name": "Nobody,  N.; Other, O.;",
    "organizations": "One; Two",
    "institution": "Three",
    "platform_name": " Ship ",
    "platform_kind": "ship",
    "expocode": "ZZ9920240301",
    "suggested_flag": "B",
}


def lines(notes=None, options=None, **attrs):
    merged = {k: v for k, v in (ATTRS | attrs).items() if v is not None}
    ds = xr.Dataset(attrs=merged)
    return metadata_lines(
        ds, options or UploadOptions(), [] if notes is None else notes
    )


def test_all_lines():
    notes = []
    assert lines(notes) == [
        "Expocode: ZZ9920240301",
        "Vessel Name: Ship",
        "PIs: Nobody, N.; Other, O.",
        "Organization: One; Two",
        "Vessel Type: Ship",
        "Suggested QC: B",
    ]
    assert notes == []


@pytest.mark.parametrize("kind", SOCAT_TYPES)
def test_vessel_types(kind):
    assert f"Vessel Type: {SOCAT_TYPES[kind]}" in lines(platform_kind=kind)


@pytest.mark.parametrize(
    ("attrs", "line"),
    [
        ({"organizations": None}, "Organization: Three"),
        ({"organizations": "", "institution": None}, None),
        ({"organizations": "Only"}, "Organization: Only"),
        ({"organizations": ["A", " B "]}, "Organization: A; B"),
    ],
)
def test_organizations(attrs, line):
    found = [text for text in lines(**attrs) if text.startswith("Organization")]
    assert found == ([line] if line else [])


def test_flags():
    assert lines(suggested_flag=None)[-1] == "Vessel Type: Ship"
    assert lines(suggested_flag="")[-1] == "Vessel Type: Ship"
    assert lines(options=UploadOptions(suggested_flag="C"))[-1] == "Suggested QC: C"


def test_letters_that_are_replaced():
    notes = []
    assert "Vessel Name: Orsted" in lines(notes, platform_name="Ørsted")
    assert notes == ["Vessel Name: 'Ørsted' is written 'Orsted'"]


@pytest.mark.parametrize(
    ("attrs", "words"),
    [
        ({"creator_name": " ;"}, "SOCAT needs the names of the investigators"),
        ({"creator_name": None}, "SOCAT needs the names of the investigators"),
        ({"organizations": "A; B; C"}, "3 organizations for 2 investigators"),
        ({"platform_name": " "}, "SOCAT needs the name of the platform"),
        ({"platform_name": None}, "SOCAT needs the name of the platform"),
        ({"platform_kind": "balloon"}, "platform_kind must be one of"),
        ({"platform_kind": None}, "platform_kind must be one of"),
        ({"suggested_flag": "F"}, "suggested_flag must be a letter A to E, not 'F'"),
        ({"suggested_flag": "AB"}, "suggested_flag must be a letter A to E"),
    ],
)
def test_what_is_refused(attrs, words):
    with pytest.raises(ProcessingError, match=words):
        lines(**attrs)


def test_an_upload_without_columns():
    made = Upload("text", 1, {}, ())
    assert (made.separator, made.columns) == ("\t", ())


def test_messages_are_counted_by_kind(tmp_path):
    names = ["Year", "Month", "Day", "Hour", "Minute", "Longitude", "Latitude"]
    rows = [("0", "10", "99"), ("1", "10", "88"), ("2", "10", "-15")]
    rows += [("4", "20", "5"), ("5", "30", "5")]
    cells = [[*names, "SST [deg C]"]]
    cells += [["2024", "3", "1", hour, "0", lon, "-30", t] for hour, lon, t in rows]
    text = "Expocode: ZZ9920240301\nVessel Name: S\nPIs: N\n\n"
    text += "".join(";".join(line) + "\n" for line in cells)
    made = Upload(text, 3, {"x": 2}, ("n",), ";")
    assert made.account() == {
        "rows_written": 3,
        "rows_left_out": {"x": 2},
        "notes": ["n"],
        "findings": {
            "CRITICAL: no xCO2, pCO2 or fCO2 of sea water": 1,
            "ERROR: Longitude: speed": 1,
            "ERROR: SST [deg C]: outside [-10, 50]": 3,
            "WARNING: Longitude: speed": 1,
            "WARNING: Year: no seconds in 5 rows": 1,
        },
    }
    assert len(made.check()) == 7
    path = made.write(tmp_path / "a.csv")
    assert path.read_text() == text
    assert path == tmp_path / "a.csv"
