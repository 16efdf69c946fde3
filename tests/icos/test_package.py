"""Packages for the Carbon Portal, from raw files to what an upload would send."""

import hashlib
import json
import zipfile

import numpy as np
import pytest

from oceanco2.cli import main
from oceanco2.errors import OptionError, OutputError, ProcessingError, ReadError
from oceanco2.export import write
from oceanco2.icos.package import icos_package
from oceanco2.icos.package_check import check_package, parcels_of
from oceanco2.icos.table_check import check_icos
from tests.datasets import canonical_dataset, set_flag


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"what the analyser wrote into {name}\n")
    return folder


def made_from(raw, n=130, kind="ship", **attrs):
    """A dataset whose first half is from the first file."""
    files = sorted(raw.iterdir())
    ds = canonical_dataset(n, kind=kind)
    half = (np.arange(n) >= n // 2).astype("int16")
    ds["source_file"] = ("time", half, ds["source_file"].attrs)
    defaults = {
        "source_files": [f.name for f in files],
        "source_files_sha256": [
            hashlib.sha256(f.read_bytes()).hexdigest() for f in files
        ],
        "station": "OS_BALTIC-VOS",
    }
    return ds.assign_attrs(defaults | attrs)


def test_layout_and_content(tmp_path, raw):
    package = icos_package(made_from(raw), [raw], level=2)
    package.write(tmp_path / "out")
    inside = {
        p.relative_to(tmp_path / "out").as_posix()
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert inside == {
        "dataset/ICOS OTC/99ZZ20240301.csv",
        "raw/a.txt",
        "raw/b.txt",
        "manifest.json",
        "objects.json",
        "metadata/a.txt.json",
        "metadata/b.txt.json",
        "metadata/99ZZ20240301.csv.json",
    }
    assert check_package(tmp_path / "out").faults == ()
    table = json.loads(package.files["metadata/99ZZ20240301.csv.json"])
    hashes = [hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(raw.iterdir())]
    assert table["specificInfo"]["production"]["sources"] == hashes
    created = table["specificInfo"]["production"]["creationDate"]
    assert created == "2024-06-01T00:00:00Z"
    assert table["specificInfo"]["nRows"] == 120
    first = json.loads(package.files["metadata/a.txt.json"])
    assert first["specificInfo"]["acquisitionInterval"] == {
        "start": "2024-03-01T06:00:00.000Z",
        "stop": "2024-03-01T08:40:16.000Z",
    }
    manifest = json.loads(package.files["manifest.json"])["manifest"]
    assert set(manifest) == {"metadata", "calibrations", "exportFiles", "raw"}
    assert manifest["metadata"]["nrt"] is False
    assert manifest["exportFiles"]["ICOS OTC"]["records"] == 120
    assert [entry["filename"] for entry in manifest["raw"]] == ["a.txt", "b.txt"]
    assert manifest["metadata"]["bounds"]["south"] == -30.0


@pytest.mark.parametrize("level", [1, 2])
def test_folder_and_zip_hold_the_same_and_same_bytes_twice(tmp_path, raw, level):
    for name in ("x.zip", "y.zip"):
        icos_package(made_from(raw), [raw], level=level).write(tmp_path / name)
    assert (tmp_path / "x.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()
    assert check_package(tmp_path / "x.zip").faults == ()
    package = icos_package(made_from(raw), [raw / "*.txt"], level=level)
    package.write(tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        for name, content in package.files.items():
            assert archive.read(f"{package.name}/{name}") == content
            assert (tmp_path / "out" / name).read_bytes() == content
    assert package.name == {1: "99ZZ_NRT_20240301", 2: "99ZZ20240301"}[level]


def test_fixed_stations_have_their_own_specification(tmp_path, raw):
    ds = made_from(raw, kind="mooring", station="OS_48MB")
    package = icos_package(ds, [raw], level=1)
    package.write(tmp_path / "out")
    assert check_package(tmp_path / "out").faults == ()
    metadata = json.loads(package.files["metadata/99ZZ_NRT_20240301.csv.json"])
    assert metadata["objectSpecification"].endswith("icosOtcFosL1Product")
    assert "sources" not in metadata["specificInfo"]["production"]


def test_next_versions_follow_from_earlier_packages(tmp_path, raw):
    icos_package(made_from(raw, 65), [raw], level=1).write(tmp_path / "l1")
    index = tmp_path / "l1" / "objects.json"
    old = json.loads(index.read_text())["objects"][-1]
    first = icos_package(made_from(raw, 26), [raw], level=2, previous=[index])
    assert first.version.replaces == (old["hashSum"],)
    assert not first.version.partial
    first.write(tmp_path / "l2")
    both = [index, tmp_path / "l2" / "objects.json"]
    later = made_from(raw, 65).isel(time=slice(30, 65))
    second = icos_package(later, [raw], level=2, previous=both)
    assert second.version.partial
    metadata = json.loads(second.files["metadata/99ZZ20240301.csv.json"])
    assert metadata["isNextVersionOf"] == [old["hashSum"]]
    assert metadata["references"]["partialUpload"] is True
    again = [n for n in second.files if n.startswith("metadata/again_")]
    assert len(again) == 1
    other = json.loads(second.files[again[0]])
    assert other["references"]["partialUpload"] is True
    assert other["hashSum"] == json.loads(both[1].read_text())["objects"][-1]["hashSum"]
    second.write(tmp_path / "part")
    assert check_package(tmp_path / "part").faults == ()
    parcels = parcels_of(tmp_path / "part")
    assert [p.content is None for p in parcels] == [False, False, False, True]
    with pytest.raises(ProcessingError, match="must not replace final"):
        icos_package(made_from(raw, 20), [raw], level=1, previous=both)


def test_flagged_values_are_reviewed_before_level_2(raw):
    ds = set_flag(made_from(raw), 5, "fCO2_water_SST_wet", 3, "range")
    with pytest.raises(ProcessingError, match="have no manual decision"):
        icos_package(ds, [raw], level=2)
    assert icos_package(ds, [raw], level=2, undecided="accept").check.accepted
    assert icos_package(ds, [raw], level=1).check.accepted


def test_the_raw_files_must_be_those_of_the_dataset(tmp_path, raw):
    ds = made_from(raw)
    other = tmp_path / "c.txt"
    other.write_text("something else")
    with pytest.raises(
        ProcessingError, match=r"c.txt is not a raw file of the dataset"
    ):
        icos_package(ds, [raw, other], level=1)
    with pytest.raises(
        ProcessingError, match=r"b.txt, a raw file .* is missing or has changed"
    ):
        icos_package(ds, [raw / "a.txt"], level=1)
    (raw / "truth.nc").write_text("lies beside them")  # a folder may hold more
    assert icos_package(ds, [raw], level=1).check.accepted
    (raw / "b.txt").write_text("changed")
    with pytest.raises(ProcessingError, match=r"b.txt.* has changed"):
        icos_package(ds, [raw], level=1)
    with pytest.raises(ProcessingError, match="does not name the raw files"):
        icos_package(
            ds.assign_attrs(source_files=[], source_files_sha256=[]), [raw], level=1
        )


def test_other_refusals(tmp_path, raw):
    ds = made_from(raw)
    with pytest.raises(ProcessingError, match="platform file: station"):
        icos_package(ds.assign_attrs(station="", platform_name=""), [raw], level=1)
    with pytest.raises(OptionError, match="level must be 1 or 2, not 0"):
        icos_package(ds, [raw], level=0)
    package = icos_package(ds, [raw], level=1)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="is not empty"):
        package.write(tmp_path / "full")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        package.write(tmp_path / "full" / "mine.txt")
    with pytest.raises(OutputError, match="no folder"):
        package.write(tmp_path / "no" / "out")
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read as a list of objects"),
        ("{}", "neither a list of objects nor 'objects'"),
        ("[1]", "object 1: lacks fileName"),
        ('[{"fileName": "a"}]', "lacks hashSum, level, start, stop"),
        (
            '[{"fileName": "a", "hashSum": "b", "level": 7, "start": "", "stop": ""}]',
            "level must be one of 0, 1, 2, not 7",
        ),
        (
            '[{"fileName": "a", "hashSum": "b", "level": 1, "start": "", "stop": ""}]',
            "object 1: 'b' is not a SHA-256",
        ),
    ],
)
def test_lists_of_earlier_objects_are_checked(tmp_path, raw, content, message):
    path = tmp_path / "previous.json"
    path.write_text(content)
    with pytest.raises(ReadError, match=f"previous.json.*{message}"):
        icos_package(made_from(raw), [raw], level=1, previous=[path])


# ---- a package after somebody's hands -----------------------------------------------


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


TABLE = "dataset/ICOS OTC/99ZZ20240301.csv"
HANDS = {
    "hashSum is not that of the file": lambda p: edit(p / "raw/a.txt", "what", "What"),
    "Date/Time: '2024-03-01 06": lambda p: edit(p / TABLE, "01T06", "01 06"),
    "nRows is 120, the table has 121": lambda p: (p / TABLE).write_text(
        (p / TABLE).read_text() + (p / TABLE).read_text().splitlines()[-1] + "\n"
    ),
    "differs from objects.json": lambda p: edit(
        p / "metadata/a.txt.json", "OTC", "ATC"
    ),
    "raw/b.txt: no such file": lambda p: (p / "raw/b.txt").unlink(),
    "raw/c.txt: not in objects.json": lambda p: (p / "raw/c.txt").write_text("x"),
    "manifest.json: missing": lambda p: (p / "manifest.json").unlink(),
    "its raw files are not": lambda p: edit(p / "manifest.json", "a.txt", "z.txt"),
    "id is not that": lambda p: edit(p / "objects.json", '"id": "', '"id": "x'),
}


@pytest.mark.parametrize("message", HANDS)
def test_changed_packages_are_refused(tmp_path, raw, message):
    icos_package(made_from(raw), [raw], level=2).write(tmp_path / "out")
    HANDS[message](tmp_path / "out")
    assert any(message in fault for fault in check_package(tmp_path / "out").faults)
    with pytest.raises((ProcessingError, ReadError)):
        parcels_of(tmp_path / "out")


def test_what_is_no_package(tmp_path):
    with pytest.raises(ReadError, match=r"there is no objects.json"):
        check_package(tmp_path)
    (tmp_path / "x.zip").write_text("no zip")
    with pytest.raises(ReadError, match="cannot be read as a package"):
        check_package(tmp_path / "x.zip")


def test_commands(tmp_path, raw, capsys):
    write(made_from(raw), tmp_path / "out.nc")
    package = ["icos", "package", str(tmp_path / "out.nc"), "--raw", str(raw)]
    target = str(tmp_path / "p.zip")
    assert main([*package, "--level", "2", "-o", target]) == 0
    assert "99ZZ20240301: level 2, 120 rows" in capsys.readouterr().out
    assert main(["icos", "check", target]) == 0
    assert "accepted; 3 objects" in capsys.readouterr().out
    assert main(["icos", "upload", target, "--token", "secret"]) == 0
    output = capsys.readouterr().out
    assert output.count("POST https://meta.icos-cp.eu/upload") == 3
    assert output.count("PUT https://data.icos-cp.eu/objects/") == 3
    assert "nothing was sent" in output
    assert "secret" not in output
    assert main(["icos", "upload", target, "--try"]) == 0
    output = capsys.readouterr().out
    assert output.startswith("PUT https://data.icos-cp.eu/tryingest?specUri=")
    assert "&nRows=120\nnothing was sent" in output
    assert main(["icos", "upload", target, "--yes"]) == 2
    assert "sending needs --token" in capsys.readouterr().err


def test_the_table_in_the_package_is_the_exported_one(tmp_path, raw):
    ds = made_from(raw)
    write(ds, tmp_path / "x.csv", format="icos_l2")
    package = icos_package(ds, [raw], level=2)
    assert package.files[TABLE] == (tmp_path / "x.csv").read_bytes()
    assert check_icos(package.files[TABLE]).rows == package.check.rows


def test_from_raw_files_over_the_judgement_of_a_person_to_the_final_package(tmp_path):
    """L1 first, then manual flags, then L2 as its next version, from the same files."""
    from oceanco2.pipeline import process
    from oceanco2.platforms import parse, shipped
    from oceanco2.simulation import simulate

    raw = tmp_path / "raw"
    simulate("demo_ship", days=0.4, seed=3, folder=raw, faults=("spikes",))
    text = (shipped() / "demo_ship.toml").read_text("utf-8")
    text = text.replace("platform_code", 'station = "OS_GOSars"\nplatform_code', 1)
    platform = parse(text.encode(), "ship.toml")
    ds = process(platform, [raw / "*dat.txt", raw / "*tsg.csv"])
    icos_package(ds, [raw], level=1).write(tmp_path / "l1")
    index = tmp_path / "l1" / "objects.json"
    flagged = np.isin(ds["fCO2_water_SST_wet_flag"].to_numpy(), (3, 4))
    assert flagged.any()
    with pytest.raises(ProcessingError, match="have no manual decision"):
        icos_package(ds, [raw], level=2, previous=[index])
    lines = ["start,end,variable,flag,reason,who,when"]
    lines += [
        f"{moment},{moment},{name},4,a spike indeed,N. N.,2024-06-01"
        for moment in np.datetime_as_string(ds["time"].to_numpy()[flagged], unit="ms")
        for name in ("fCO2_water_SST_wet", "pCO2_water_SST_wet")
    ]
    (tmp_path / "flags.csv").write_text("\n".join(lines))
    final = process(
        platform, [raw / "*dat.txt", raw / "*tsg.csv"], manual=tmp_path / "flags.csv"
    )
    package = icos_package(final, [raw], level=2, previous=[index])
    old = json.loads(index.read_text())["objects"][-1]
    assert package.version.replaces == (old["hashSum"],)
    package.write(tmp_path / "l2")
    assert check_package(tmp_path / "l2").faults == ()
    content = package.files[f"dataset/ICOS OTC/{package.name}.csv"]
    assert content.count(b"a spike indeed") >= 2 * int(flagged.sum())
