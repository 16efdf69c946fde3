"""Packages by the bytes: zips, times and names of raw files, the index."""

import hashlib
import json
import zipfile

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.icos import package as p
from oceanco2.icos.package import Package, icos_package
from oceanco2.icos.portal import Version
from oceanco2.icos.table_check import IcosCheck
from oceanco2.readers.sources import RawFile
from tests.datasets import set_flag
from tests.icos.test_package import made_from

CHECK = IcosCheck(1, 1, "first", "last", (), ())


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for name in ("b.txt", "a.txt"):
        (folder / name).write_text(f"{name}\n")
    return folder


@pytest.mark.parametrize("name", ["x.zip", "x.ZIP"])
def test_a_zip(tmp_path, name):
    files = {"raw/a.txt": b"a" * 500, "index.json": b"{}"}
    package = Package("top", files, CHECK, Version())
    assert package.write(str(tmp_path / name)) == tmp_path / name
    with zipfile.ZipFile(tmp_path / name) as archive:
        members = archive.infolist()
        assert [m.filename for m in members] == ["top/raw/a.txt", "top/index.json"]
        for member in members:
            assert member.compress_type == zipfile.ZIP_DEFLATED
            assert member.external_attr == 0o644 << 16
            assert member.date_time == (1980, 1, 1, 0, 0, 0)
        assert members[0].compress_size < 50
        assert archive.read("top/raw/a.txt") == b"a" * 500


def test_a_folder(tmp_path):
    files = {"deep/er/a.txt": b"a", "deep/er/b.txt": b"b", "i.json": b"{}"}
    package = Package("top", files, CHECK, Version())
    assert package.write(tmp_path / "out") == tmp_path / "out"
    for name, content in files.items():
        assert (tmp_path / "out" / name).read_bytes() == content


def test_text_of_json():
    assert p._json({"a": ["ø", 1]}) == '{\n  "a": [\n    "ø",\n    1\n  ]\n}\n'.encode()


def test_times_of_raw_files():
    files = [RawFile(n, b"", n * 64) for n in "abc"]
    start = np.datetime64("2024-03-01T00:00:00", "ns")
    time = start + np.array([3, 1, 2, 0]) * np.timedelta64(1500, "ms")
    ds = xr.Dataset(
        {"source_file": ("time", np.array([0, 0, 1, 1], "int16"))},
        {"time": time},
        {"source_files_sha256": [f.digest for f in files]},
    )
    intervals = [p._time_interval(ds, file, CHECK) for file in files]
    assert intervals == [
        ("2024-03-01T00:00:01.500Z", "2024-03-01T00:00:04.500Z"),
        ("2024-03-01T00:00:00.000Z", "2024-03-01T00:00:03.000Z"),
        ("first", "last"),
    ]
    lost = time.copy()
    lost[0] = np.datetime64("NaT")
    found = p._time_interval(ds.assign_coords(time=lost), files[0], CHECK)
    assert found == ("2024-03-01T00:00:01.500Z",) * 2
    bare = ds.drop_vars("source_file")
    assert p._time_interval(bare, files[0], CHECK) == ("first", "last")


def test_raw_files_in_order_of_names(raw, tmp_path):
    ds = made_from(raw)
    attrs = {k: ds.attrs[k][::-1] for k in ("source_files", "source_files_sha256")}
    reversed_ = ds.assign_attrs(attrs)
    found = p._raw_files(reversed_, [raw])
    assert [f.name for f in found] == ["a.txt", "b.txt"]
    assert found[0].digest == hashlib.sha256(b"a.txt\n").hexdigest()
    (raw / "other.txt").write_text("not named, and of no interest")
    assert [f.name for f in p._raw_files(ds, [raw])] == ["a.txt", "b.txt"]
    for name in ("a.txt", "b.txt"):
        (raw / name).write_text("changed")
    with pytest.raises(
        ProcessingError, match=r"^a.txt, a raw .* since it was processed \(1 more\)$"
    ):
        p._raw_files(ds, [raw])
    with pytest.raises(ProcessingError, match=r"^b.txt is not a raw file of the data"):
        p._raw_files(ds, [raw / "b.txt", raw])


def test_one_missing_file_and_two_of_one_name(raw, tmp_path):
    ds = made_from(raw)
    (raw / "b.txt").unlink()
    with pytest.raises(ProcessingError, match=r"^b\.txt, .* since it was processed$"):
        p._raw_files(ds, [raw])
    (raw / "deep").mkdir()
    (raw / "deep" / "a.txt").write_text("another one")
    both = [hashlib.sha256(t).hexdigest() for t in (b"a.txt\n", b"another one")]
    ds = ds.assign_attrs(source_files=["a.txt", "a.txt"], source_files_sha256=both)
    with pytest.raises(ProcessingError, match=r"two raw files have the name a\.txt"):
        p._raw_files(ds, [raw / "a.txt", raw / "deep"])


def test_the_index_lists_the_raw_files_first(raw):
    package = icos_package(made_from(raw), [raw], level=2)
    assert package.name == "99ZZ20240301"
    assert package.version == Version()
    entries = json.loads(package.files["objects.json"])["objects"]
    assert [(e["fileName"], e["level"]) for e in entries] == [
        *(("a.txt", 0), ("b.txt", 0), ("99ZZ20240301.csv", 2)),
    ]
    assert list(package.files) == [
        "dataset/ICOS OTC/99ZZ20240301.csv",
        "raw/a.txt",
        "raw/b.txt",
        "manifest.json",
        "metadata/a.txt.json",
        "metadata/b.txt.json",
        "metadata/99ZZ20240301.csv.json",
        "objects.json",
    ]
    table = package.files["dataset/ICOS OTC/99ZZ20240301.csv"]
    assert entries[2]["hashSum"] == hashlib.sha256(table).hexdigest()
    assert (entries[2]["start"], entries[2]["stop"]) == (
        package.check.start,
        package.check.stop,
    )
    assert package.files["raw/a.txt"] == b"a.txt\n"
    manifest = json.loads(package.files["manifest.json"])["manifest"]
    times = [(e["start"], e["stop"]) for e in entries[:2]]
    assert [(e["start"], e["end"]) for e in manifest["raw"]] == times
    assert times[0][1] < times[1][0]


@pytest.mark.parametrize(
    ("level", "undecided", "accepted"),
    [
        (1, None, True),
        (2, None, False),
        (1, "accept", True),
        (2, "accept", True),
        (1, "refuse", False),
        (2, "refuse", False),
    ],
)
def test_flags_without_a_decision(raw, level, undecided, accepted):
    ds = set_flag(made_from(raw, 26), 5, "fCO2_water_SST_wet", 3, "range")
    ds["fCO2_water_SST_wet_flag_automatic"].to_numpy()[5] = 3
    if accepted:
        package = icos_package(ds, [raw], level=level, undecided=undecided)
        assert package.check.accepted
    else:
        with pytest.raises(ProcessingError, match="have no manual decision"):
            icos_package(ds, [raw], level=level, undecided=undecided)


def test_a_table_that_the_portal_would_reject(raw):
    ds = made_from(raw, 26).copy(deep=True)
    for layer in ("flag", "flag_automatic"):
        ds[f"position_{layer}"].to_numpy()[:] = 4
    message = "^99ZZ20240301.csv: the portal would reject it: no position with flag"
    with pytest.raises(ProcessingError, match=message):
        icos_package(ds, [raw], level=2)
    fixed = ds.assign_attrs(station="OS_48MB", platform_kind="mooring")
    assert icos_package(fixed, [raw], level=2).check.accepted
