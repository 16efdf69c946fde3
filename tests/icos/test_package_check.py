"""Faults of packages that were written by hand, and how packages are read."""

import hashlib
import json
import zipfile

import pytest

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.icos import package_check
from oceanco2.icos.package_check import PackageCheck, check_package, parcels_of
from oceanco2.icos.portal import object_id
from oceanco2.platforms import stations

START, STOP = "2020-01-01T00:00:00.000Z", "2020-01-02T00:00:00.000Z"
NAMES = ["fCO2 [uatm]", "pCO2 [uatm]", "P_sal [psu]", "Temp [degC]"]
FLAGS = [f"{name} QC Flag" for name in NAMES]
HEAD = ",".join(["Date/Time", "Latitude", "Longitude", *NAMES, *FLAGS])
TABLE = f"{HEAD}\n{START},1,2,3,4,5,6,2,2,2,2\n{STOP},1,2,3,4,5,6,2,2,2,2\n"
KIND = "http://meta.icos-cp.eu/resources/cpmeta/"
STATION = stations()[0].url


def sha(content):
    return hashlib.sha256(content.encode()).hexdigest()


def entry(name, content, level, **info):
    kinds = {0: "otcL0DataObject", 1: "icosOtcL1Product_v2", 2: "icosOtcL2Product"}
    folder = "raw" if level == 0 else "dataset/ICOS OTC"
    return {
        "fileName": name,
        "hashSum": sha(content),
        "id": object_id(sha(content)),
        "level": level,
        "path": f"{folder}/{name}",
        "metadataFile": f"metadata/{name}.json",
        "metadata": {
            "submitterId": "OTC",
            "hashSum": sha(content),
            "fileName": name,
            "objectSpecification": KIND + kinds[level],
            "specificInfo": {"station": STATION} | info,
        },
    }


def made(level=2):
    """Files of a package with two raw files and a table, and its entries."""
    interval = {"acquisitionInterval": {"start": START, "stop": STOP}}
    raw = {"a.txt": "first", "b.txt": "second"}
    production = {
        "creator": "http://meta.icos-cp.eu/resources/organizations/OTC",
        "creationDate": STOP,
    }
    if level == 2:
        production["sources"] = [sha(text) for text in reversed(raw.values())]
    entries = [entry(name, text, 0, **interval) for name, text in raw.items()]
    entries.append(entry("t.csv", TABLE, level, nRows=2, production=production))
    manifest = {
        "raw": [{"filename": name} for name in raw],
        "exportFiles": {"ICOS OTC": {"filename": "t.csv"}},
    }
    files = {f"raw/{name}": text for name, text in raw.items()}
    files["dataset/ICOS OTC/t.csv"] = TABLE
    return files, entries, manifest


def written(folder, files, entries, manifest):
    folder.mkdir(exist_ok=True)
    every = dict(files)
    for one in entries:
        every.setdefault(one["metadataFile"], json.dumps(one["metadata"]))
    every["objects.json"] = json.dumps({"objects": entries})
    if manifest is not None:
        every["manifest.json"] = json.dumps({"manifest": manifest})
    for name, text in every.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.mark.parametrize("level", [1, 2])
def test_a_package_without_faults(tmp_path, level):
    folder = written(tmp_path / "p", *made(level))
    assert check_package(folder) == PackageCheck(3, ())
    parcels = parcels_of(str(folder))
    assert [p.content() for p in parcels] == [b"first", b"second", TABLE.encode()]
    assert [p.metadata["fileName"] for p in parcels] == ["a.txt", "b.txt", "t.csv"]


def changed(path, value):
    """A change of one entry, by its place."""

    def change(files, entries, manifest):
        *keys, last = path
        target = {"files": files, "entries": entries, "manifest": manifest}
        for key in keys:
            target = target[key]
        target[last] = value

    return change


def partial(files, entries, manifest):
    """The table of an earlier package becomes partial: it has no file here."""
    old = json.loads(json.dumps(entries[2]))
    old["path"], old["metadataFile"] = None, "metadata/again.json"
    entries.append(old)


def spoilt_partial(files, entries, manifest):
    partial(files, entries, manifest)
    entries[3]["hashSum"] = sha("other")


INFO = ("entries", 2, "metadata", "specificInfo")
CASES = {
    "a partial object": (partial, ()),
    "a partial object of another hash": (
        spoilt_partial,
        ("metadata/again.json: hashSum is not that of the file",),
    ),
    "content": (
        changed(("files", "raw/a.txt"), "First"),
        (
            "raw/a.txt: hashSum is not that of the file",
            "raw/a.txt: id is not that of the file",
        ),
    ),
    "identifier": (
        changed(("entries", 1, "id"), "x"),
        ("raw/b.txt: id is not that of the file",),
    ),
    "metadata file": (
        changed(("files", "metadata/b.txt.json"), "{}"),
        ("raw/b.txt: metadata/b.txt.json differs from objects.json",),
    ),
    "rows": (
        changed((*INFO, "nRows"), 3),
        ("dataset/ICOS OTC/t.csv: nRows is 3, the table has 2",),
    ),
    "sources": (
        changed((*INFO, "production", "sources"), [sha("first")]),
        (
            "dataset/ICOS OTC/t.csv: production.sources are not the raw files of the"
            " package",
        ),
    ),
    "a file more": (
        changed(("files", "raw/c.txt"), "x"),
        ("raw/c.txt: not in objects.json",),
    ),
    "two files more": (
        lambda files, *_: files.update({"raw/d.txt": "x", "dataset/c.csv": "y"}),
        ("dataset/c.csv: not in objects.json", "raw/d.txt: not in objects.json"),
    ),
    "a file beside": (changed(("files", "readme.txt"), "x"), ()),
    "raw files of the manifest": (
        changed(("manifest", "raw"), [{"filename": "a.txt"}]),
        ("manifest.json: its raw files are not those of objects.json",),
    ),
    "table of the manifest": (
        changed(("manifest", "exportFiles"), {"x": {"filename": "u.csv"}}),
        ("manifest.json: its export files are not those of objects.json",),
    ),
    "an empty manifest": (
        lambda *parts: parts[2].clear(),
        (
            "manifest.json: its raw files are not those of objects.json",
            "manifest.json: its export files are not those of objects.json",
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_faults(tmp_path, case):
    change, faults = CASES[case]
    parts = made()
    change(*parts)
    folder = written(tmp_path / "p", *parts)
    check = check_package(folder)
    assert check.faults == faults
    assert check.objects == len(parts[1])
    if faults:
        more = rf" \({len(faults) - 1} more\)$" if len(faults) > 1 else "$"
        with pytest.raises(ProcessingError, match=f"^{folder}: {faults[0]}{more}"):
            parcels_of(folder)
    else:
        contents = [p.content for p in parcels_of(folder)]
        assert [c is None for c in contents] == [
            one["path"] is None for one in parts[1]
        ]


def test_faults_of_the_table(tmp_path):
    """A ship needs positions, a fixed station does not."""
    files, entries, manifest = made()
    bare = TABLE.replace("Latitude", "Lat").replace("Longitude", "Lon")
    info = entries[2]["metadata"]["specificInfo"]
    entries[2] = entry("t.csv", bare, 2, **info)
    files["dataset/ICOS OTC/t.csv"] = bare
    faults = check_package(written(tmp_path / "p", files, entries, manifest)).faults
    assert [f.split(": ")[1:3] for f in faults] == [
        *(["line 1", "Latitude"], ["line 1", "Longitude"]),
    ]
    for level in (1, 2):
        one = json.loads(json.dumps(entries[2]))
        one["metadata"]["objectSpecification"] = f"{KIND}icosOtcFosL{level}Product"
        if level == 1:
            del one["metadata"]["specificInfo"]["production"]["sources"]
        folder = tmp_path / f"fixed{level}"
        parts = files, [*entries[:2], one], manifest
        assert check_package(written(folder, *parts)).faults == ()
    assert {f"{KIND}icosOtcFosL1Product", f"{KIND}icosOtcFosL2Product"} == (
        package_check._FIXED
    )


def test_what_is_missing(tmp_path):
    files, entries, _ = made()
    folder = written(tmp_path / "p", files, entries, None)
    assert check_package(folder).faults == ("manifest.json: missing",)
    (folder / "raw" / "a.txt").unlink()
    (folder / "metadata" / "b.txt.json").write_text("[")
    first, second, third = check_package(folder).faults
    assert first == f"{folder}: raw/a.txt: no such file"
    assert second.startswith(f"{folder}: metadata/b.txt.json is not JSON: ")
    assert third == "manifest.json: missing"
    (folder / "metadata" / "b.txt.json").write_text("[]")
    second = check_package(folder).faults[1]
    assert second == f"{folder}: metadata/b.txt.json is not a JSON object"
    (folder / "objects.json").write_text("{}")
    faults = check_package(folder).faults
    assert check_package(folder).objects == 0
    assert faults[0] == "dataset/ICOS OTC/t.csv: not in objects.json"
    (folder / "objects.json").unlink()
    with pytest.raises(ReadError, match=r"there is no objects\.json in it"):
        check_package(folder)


def zipped(path, folder, prefix):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{prefix}raw/", "")  # an empty folder is no file
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = file.relative_to(folder).as_posix()
                archive.write(file, f"{prefix}{name}")
    return path


@pytest.mark.parametrize("prefix", ["t/", ""])
def test_zips_with_and_without_a_folder(tmp_path, prefix):
    folder = written(tmp_path / "p", *made())
    path = zipped(tmp_path / "p.zip", folder, prefix)
    assert check_package(path) == PackageCheck(3, ())
    contents = [p.content() for p in parcels_of(path)]
    assert contents == [b"first", b"second", TABLE.encode()]
    store = package_check._PackageFiles(path)
    assert store.prefix == prefix
    assert store.names == package_check._PackageFiles(folder).names
    with pytest.raises(ReadError, match=r"p\.zip: raw/x"):
        store.read("raw/x")


def test_zips_that_are_none(tmp_path):
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(ReadError, match=r"x\.zip: cannot be read as a package"):
        check_package(tmp_path / "x.zip")
    with pytest.raises(ReadError, match="no such file"):
        check_package(tmp_path / "y.zip")
