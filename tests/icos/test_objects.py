"""Manifest and entries of a package, each whole."""

import hashlib
import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.icos import objects
from oceanco2.icos.portal import PortalObject, Version, object_id
from oceanco2.icos.table_check import IcosCheck
from oceanco2.platforms import Station
from oceanco2.provenance import package_version
from oceanco2.readers.sources import RawFile

NOW = "2024-06-01T00:00:00Z"
START, STOP = "2024-03-01T06:00:00.000Z", "2024-03-02T07:00:00.000Z"
CHECK = IcosCheck(120, 100, START, STOP, ("Date/Time",), ())
SHIP = Station(name="Ship", category="31", id="OS_X", url="http://example.org/OS_X")
FIXED = SHIP.model_copy(update={"category": "41"})
COMMENT = f"made by oceanco2 {package_version()}"


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def made(latitude=(1.25, -3.5), longitude=(10.0, 20.1234567), **attrs):
    coords = {"latitude": ("time", [*latitude]), "longitude": ("time", [*longitude])}
    return xr.Dataset(coords=coords, attrs=attrs)


def table(level=2, **changes):
    return PortalObject("99ZZ20240301.csv", sha("table"), level, START, STOP, **changes)


BOUNDS = {"south": -3.5, "north": 1.25, "west": 10.0, "east": 20.123457}


def test_a_whole_manifest():
    ds = made(
        platform_code="99ZZ",
        platform_name="Ship",
        platform_file="ship.toml",
        comment="Calm",
    )
    intervals = {"a.txt": ("t0", "t1"), "b.txt": ("t2", "t3")}
    expected = {
        "metadata": {
            "name": "99ZZ20240301",
            "start": START,
            "end": STOP,
            "platformCode": "99ZZ",
            "platformName": "Ship",
            "instrumentName": "ship.toml",
            "nrt": False,
            "last_touched": NOW,
            "comments": "Calm",
            "bounds": BOUNDS,
            "quince_information": COMMENT,
        },
        "calibrations": {
            "sensorCalibrations": {},
            "externalStandards": [],
            "calculationCoefficients": {},
        },
        "exportFiles": {
            "ICOS OTC": {
                "filename": "99ZZ20240301.csv",
                "records": 120,
                "validStartDate": START,
                "validEndDate": STOP,
                "validBounds": BOUNDS,
            }
        },
        "raw": [
            {"filename": "a.txt", "start": "t0", "end": "t1"},
            {"filename": "b.txt", "start": "t2", "end": "t3"},
        ],
    }
    assert objects.manifest(ds, table(), CHECK, intervals) == {"manifest": expected}
    bare = objects.manifest(made(), table(1), CHECK, {})["manifest"]
    keys = ("platformCode", "platformName", "instrumentName", "comments")
    assert [bare["metadata"][key] for key in keys] == [""] * 4
    assert bare["metadata"]["nrt"] is True
    assert bare["raw"] == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "flags", "bounds"),
    [
        ((90.0, -90.0), (0.0, 180.0), None, (-90.0, 90.0, -180.0, 0.0)),
        ((90.1, 1.0), (5.0, 6.0), None, (1.0, 1.0, 6.0, 6.0)),
        ((2.0, 1.0), (360.0, 350.0), None, (1.0, 2.0, -10.0, 0.0)),
        ((2.0, 1.0), (-360.5, 190.0), None, (1.0, 1.0, -170.0, -170.0)),
        ((2.0, 1.0), (5.0, 6.0), (4, 3), (1.0, 1.0, 6.0, 6.0)),
        ((2.0, np.nan), (5.0, 6.0), (2, 2), (2.0, 2.0, 5.0, 5.0)),
        ((2.0, 1.0), (5.0, 6.0), (4, 4), None),
        ((np.nan, np.nan), (5.0, 6.0), None, None),
    ],
)
def test_bounds(latitude, longitude, flags, bounds):
    ds = made(latitude, longitude)
    if flags:
        ds["position_flag"] = "time", np.array(flags, "int8")
    keys = ("south", "north", "west", "east")
    expected = dict(zip(keys, bounds, strict=True)) if bounds else {}
    assert objects._bounds(ds) == expected


def test_calibrations():
    options = {"calibration": {"order": 1}, "other": 2}
    ds = made(options=json.dumps(options))
    for name, attrs in (("SST", {"sensor": 12}), ("P_equ", {"sensor": ""}), ("x", {})):
        ds[name] = "time", [0.0, 1.0], attrs
    true = [374.86, np.nan, 248.421251, 374.86]
    ds["standard_run_true"] = "standard_run", true
    assert objects._calibrations(ds) == {
        "sensorCalibrations": {"SST": "12"},
        "externalStandards": [248.4213, 374.86],
        "calculationCoefficients": {"order": 1},
    }
    assert objects._calibrations(made(options="{}"))["calculationCoefficients"] == {}


def test_the_entry_of_a_raw_file():
    file = RawFile("a.txt", b"a", sha("a"))
    entry = objects.raw_entry(file, SHIP, start=START, stop=STOP)
    assert entry.to_dict() == {
        "fileName": "a.txt",
        "hashSum": sha("a"),
        "id": object_id(sha("a")),
        "level": 0,
        "start": START,
        "stop": STOP,
        "replaces": [],
        "path": "raw/a.txt",
        "metadataFile": "metadata/a.txt.json",
        "metadata": {
            "submitterId": "OTC",
            "hashSum": sha("a"),
            "fileName": "a.txt",
            "objectSpecification": "http://meta.icos-cp.eu/resources/cpmeta/"
            "otcL0DataObject",
            "specificInfo": {
                "station": "http://example.org/OS_X",
                "acquisitionInterval": {"start": START, "stop": STOP},
            },
            "references": {"duplicateFilenameAllowed": True},
        },
    }


@pytest.mark.parametrize(
    ("level", "station", "kind"),
    [
        (1, SHIP, "icosOtcL1Product_v2"),
        (2, SHIP, "icosOtcL2Product"),
        (1, FIXED, "icosOtcFosL1Product"),
        (2, FIXED, "icosOtcFosL2Product"),
    ],
)
def test_the_entry_of_a_table(level, station, kind):
    files = [RawFile(n, n.encode(), sha(n)) for n in ("a", "b")]
    version = Version((sha("old"),), True)
    entry = objects.table_entry(table(level), station, CHECK, version, files)
    production = {
        "creator": "http://meta.icos-cp.eu/resources/organizations/OTC",
        "contributors": [],
        "creationDate": NOW,
        "comment": COMMENT,
    }
    if level == 2:
        production["sources"] = [sha("a"), sha("b")]
    assert entry.to_dict() == {
        "fileName": "99ZZ20240301.csv",
        "hashSum": sha("table"),
        "id": object_id(sha("table")),
        "level": level,
        "start": START,
        "stop": STOP,
        "replaces": [sha("old")],
        "path": "dataset/ICOS OTC/99ZZ20240301.csv",
        "metadataFile": "metadata/99ZZ20240301.csv.json",
        "metadata": {
            "submitterId": "OTC",
            "hashSum": sha("table"),
            "fileName": "99ZZ20240301.csv",
            "objectSpecification": f"http://meta.icos-cp.eu/resources/cpmeta/{kind}",
            "specificInfo": {
                "station": "http://example.org/OS_X",
                "nRows": 120,
                "production": production,
            },
            "references": {"duplicateFilenameAllowed": True, "partialUpload": True},
            "isNextVersionOf": [sha("old")],
        },
    }
    first = objects.table_entry(table(level), station, CHECK, Version(), files)
    assert first.replaces == []
    assert "isNextVersionOf" not in first.metadata
    assert first.metadata["references"]["partialUpload"] is False


def test_entries_that_become_partial():
    references = {"duplicateFilenameAllowed": True, "partialUpload": False}
    metadata = {"fileName": "x", "references": references}
    old = table(replaces=(sha("old"),), metadata=metadata)
    (entry,) = objects.partial_entries([old])
    assert entry.to_dict() == {
        "fileName": "99ZZ20240301.csv",
        "hashSum": sha("table"),
        "id": object_id(sha("table")),
        "level": 2,
        "start": START,
        "stop": STOP,
        "replaces": [sha("old")],
        "path": None,
        "metadataFile": f"metadata/again_{sha('table')[:12]}_99ZZ20240301.csv.json",
        "metadata": {
            "fileName": "x",
            "references": {"duplicateFilenameAllowed": True, "partialUpload": True},
        },
    }
    assert references["partialUpload"] is False  # the original stays
    (bare,) = objects.partial_entries([table(metadata={})])
    assert bare.metadata == {"references": {"partialUpload": True}}
    assert objects.partial_entries([]) == []
    with pytest.raises(ProcessingError, match=r"99ZZ20240301\.csv replaces part of"):
        objects.partial_entries([table()])


def entry(name, level=1, **changes):
    made_entry = {"fileName": name, "hashSum": sha(name), "level": level}
    return made_entry | {"start": START, "stop": STOP} | changes


def test_earlier_objects(tmp_path):
    one, two = tmp_path / "1.json", tmp_path / "2.json"
    known = entry("b", 2, replaces=["x"], metadata={"a": 1})
    raw = [entry("raw", 0), entry("a", replaces=None), known]
    one.write_text(json.dumps({"objects": raw}))
    later = entry("b", 2, start=STOP)
    two.write_text(json.dumps([later, entry("ø")]), encoding="utf-8")
    found = objects.earlier_objects([one, str(two)])
    assert found == [
        PortalObject("a", sha("a"), 1, START, STOP),
        PortalObject("b", sha("b"), 2, STOP, STOP),
        PortalObject("ø", sha("ø"), 1, START, STOP),
    ]
    (_, first) = objects.earlier_objects([one])
    assert first == PortalObject("b", sha("b"), 2, START, STOP, ("x",), {"a": 1})
    assert objects.earlier_objects([]) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([entry("a"), 1], "object 2: lacks fileName, hashSum, level, start, stop"),
        ([{"fileName": "a", "stop": ""}], "object 1: lacks hashSum, level, start$"),
        ([entry("a", 3)], "object 1: level must be one of 0, 1, 2, not 3"),
        ([entry("a", start=STOP, stop=START)], "object 1: stop is before start"),
        ([entry("a", start="x")], "object 1: 'x' is not a time"),
        ([entry("a", hashSum="z")], "object 1: 'z' is not a SHA-256"),
        ({"object": []}, "contains neither a list of objects nor 'objects'"),
        ("text", "contains neither a list of objects nor 'objects'"),
    ],
)
def test_lists_that_are_refused(tmp_path, content, message):
    path = tmp_path / "p.json"
    path.write_text(json.dumps(content))
    with pytest.raises(ReadError, match=f"p.json: {message}"):
        objects.earlier_objects([path])


def test_raw_files_in_a_list_are_not_read_further(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(json.dumps([entry("a", 0, hashSum="z", start="x")]))
    assert objects.earlier_objects([path]) == []
