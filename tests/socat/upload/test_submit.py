"""One step for submitters: data, metadata and report; refused when it must be."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.cli import main
from oceanco2.errors import OptionError, OutputError, ProcessingError, UnknownNameError
from oceanco2.export import write
from oceanco2.socat import upload
from oceanco2.socat.checker import columns, report
from oceanco2.socat.columns import UploadColumn, upload_columns
from oceanco2.socat.document import faults_of, read_document
from oceanco2.socat.upload import socat_upload
from oceanco2.socat.upload.submit import submit
from oceanco2.vocabulary import attrs_of
from tests.datasets import canonical_dataset, set_flag

DEMO = platforms.load("demo_ship")


def complete(n=60):
    """A dataset with everything that SOCAT wants to know."""
    ds = canonical_dataset(n)
    kept = {"expocode": "33RO20240301", "suggested_flag": "B"}
    attrs = platforms.describe(DEMO)
    return ds.assign_attrs(attrs | kept)


def test_everything_in_one_folder(tmp_path):
    ds = set_flag(complete(), 3, "SST", 3, "range")
    done = submit(ds, tmp_path / "a" / "b")
    assert done.acceptable
    assert done.account.refusals == ()
    assert done.account.suggestion.flag == "B"
    assert done.gaps == ()
    names = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert names == {
        "33RO20240301.tsv",
        "33RO20240301_OADS.xml",
        "33RO20240301_check.json",
        "33RO20240301_check.txt",
    }
    assert done.files["data"].read_text() == socat_upload(ds).text
    assert faults_of(done.files["metadata"]) == []
    assert read_document(done.files["metadata"]).dataset_id == "33RO20240301"


def test_the_report_says_what_was_done_and_found(tmp_path):
    ds = complete().copy(deep=True)
    ds["SST"].to_numpy()[2:5] = 45.0
    done = submit(ds, tmp_path)
    report = json.loads(done.files["report"].read_text())
    assert report == json.loads(json.dumps(done.to_dict()))
    assert report["written"]["rows"] == 48
    assert report["written"]["left_out"] == {"air runs": 8, "standard runs": 4}
    assert report["dashboard"]["counts"]["WARNING"] == 3
    assert report["dashboard"]["file"] == "33RO20240301.tsv"
    assert report["missing_metadata"] == []
    text = done.files["text"].read_text()
    assert "48 rows; skipped: 8 air runs, 4 standard runs" in text
    assert "the metadata are complete" in text
    assert str(tmp_path) not in text


def test_same_input_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1720000000")
    for name in ("a", "b"):
        submit(complete(), tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


@pytest.mark.parametrize("separator", ["comma", "semicolon"])
def test_other_separators_and_ocads(tmp_path, separator):
    done = submit(complete(), tmp_path, separator=separator, format="ocads")
    assert done.acceptable
    assert done.files["data"].name == "33RO20240301.csv"
    assert done.account.check.metadata["investigators"] == "Nobody, N."
    assert faults_of(done.files["metadata"]) == []
    assert done.account.suggestion.flag == "B"


def test_what_is_missing_is_named_and_lowers_the_flag(tmp_path):
    done = submit(canonical_dataset(60), tmp_path)
    assert any("[equilibrator] vented" in gap.key for gap in done.gaps)
    assert done.account.suggestion.flag in "DS"
    assert "missing in the metadata -> key" in done.files["text"].read_text()
    better = submit(complete().assign_attrs(set_up=""), tmp_path, platform=DEMO)
    assert better.gaps == ()


def test_refused_files_are_whole_and_marked(tmp_path):
    """Times that have not been yet are critical: the dashboard would refuse them."""
    ds = complete()
    later = ds["time"].to_numpy() + np.timedelta64(365 * 40, "D")
    done = submit(ds.assign_coords(time=later), tmp_path)
    assert not done.acceptable
    assert not json.loads(done.files["report"].read_text())["acceptable"]
    assert done.account.refusals
    assert len(done.files["data"].read_text().splitlines()) == 48 + 8
    assert "would be rejected" in done.files["text"].read_text()


@pytest.mark.parametrize(
    ("attrs", "options", "error", "words"),
    [
        ({"creator_name": ""}, {}, ProcessingError, "investigators"),
        ({"expocode": "33RO"}, {}, ProcessingError, "12 to 14"),
        ({}, {"format": "oadss"}, UnknownNameError, "'oads'"),
        ({}, {"separator": "tabb"}, OptionError, "'tab'"),
        ({}, {"suggested_flag": "F"}, OptionError, "suggested_flag"),
    ],
)
def test_nothing_is_written_where_nothing_can_be(
    tmp_path, attrs, options, error, words
):
    ds = complete().assign_attrs(attrs)
    with pytest.raises(error, match=words):
        submit(ds, tmp_path / "x", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "x").write_text("a file")
    with pytest.raises(OutputError, match="y: not a directory"):
        submit(complete(), tmp_path / "x" / "y")


def test_commands(tmp_path, capsys):
    out = write(complete(), tmp_path / "out.nc")
    assert main(["socat", "submit", str(out), "-o", str(tmp_path / "s")]) == 0
    output = capsys.readouterr().out
    assert "33RO20240301: ready for submission" in output
    meta = str(tmp_path / "m.xml")
    assert main(["socat", "metadata", str(out), "-o", meta]) == 0
    assert "m.xml: OADS, complete" in capsys.readouterr().out
    data = str(tmp_path / "s" / "33RO20240301.tsv")
    assert main(["socat", "check", data, "--metadata", meta]) == 0
    assert "flag suggested by the dashboard: B" in capsys.readouterr().out
    assert main(["socat", "check", data, "--metadata", meta, "--json"]) == 0
    about = json.loads(capsys.readouterr().out)["metadata_document"]
    assert about == {"format": "OADS a0.2.2s", "faults": [], "missing": []}
    bare = write(canonical_dataset(60), tmp_path / "bare.nc")
    assert main(["socat", "metadata", str(bare), "-o", meta]) == 0
    output = capsys.readouterr().out
    assert "[equilibrator] vented" in output
    filled = ["--platform", "demo_ship", "--format", "ocads"]
    assert main(["socat", "metadata", str(bare), "-o", meta, *filled]) == 0
    assert "OCADS, complete" in capsys.readouterr().out
    later = complete()
    later = later.assign_coords(time=later["time"] + np.timedelta64(365 * 40, "D"))
    path = write(later, tmp_path / "later.nc")
    assert main(["socat", "submit", str(path), "-o", str(tmp_path / "t")]) == 1
    assert len(list((tmp_path / "t").iterdir())) == 4


def test_several_cruises_are_merged(tmp_path, capsys):
    first = write(complete(), tmp_path / "a.nc")
    second = complete().assign_attrs(expocode="33RO20240401")
    second = write(second, tmp_path / "b.nc")
    merged = tmp_path / "all.tsv"
    assert main(["socat", "merge", str(second), str(first), "-o", str(merged)]) == 0
    assert "96 rows of 2 data sets" in capsys.readouterr().out
    assert main(["socat", "merge", str(first), str(first), "-o", str(merged)]) == 2
    assert "given more than once" in capsys.readouterr().err


def test_an_invalid_document_is_named(tmp_path, capsys):
    done = submit(complete(), tmp_path)
    data, path = str(done.files["data"]), tmp_path / "wrong.xml"
    text = done.files["metadata"].read_text().replace("purpose>", "propose>")
    path.write_text(text)
    assert main(["socat", "check", data, "--metadata", str(path)]) == 0
    assert (
        "propose: no element named 'propose'. Did you mean 'purpose'"
        in capsys.readouterr().out
    )
    path.write_text("<xml/>")
    assert main(["socat", "check", data, "--metadata", str(path)]) == 1
    assert "the root of a metadata document must be one of" in capsys.readouterr().err


@pytest.fixture
def _one_more_column(monkeypatch):
    row = UploadColumn("test_quantity [K]", "other", "warming", 1, "water")
    more = (*upload_columns(), row)
    monkeypatch.setattr(upload, "upload_columns", lambda: more)
    own = frozenset({row.header})
    for module in (columns, report):
        monkeypatch.setattr(module, "headers_to_declare", lambda: own)


@pytest.mark.usefixtures("_one_more_column")
def test_a_column_that_socat_does_not_know(tmp_path, capsys):
    ds = complete()
    plain = submit(ds, tmp_path / "without")
    assert "other" not in plain.account.check.types
    assert "declare" not in plain.files["text"].read_text()
    warming = xr.DataArray(ds["T_equ"] - ds["SST"], attrs=attrs_of("warming"))
    ds = ds.assign(warming=warming)
    done = submit(ds, tmp_path / "with")
    assert done.acceptable
    assert done.account.check.header[-1] == "test_quantity [K]"
    assert done.account.check.types.count("other") == 1
    sentence = "is not known to SOCAT: declare it as 'other' in the upload form"
    assert f"note: test_quantity [K] {sentence}" in done.files["text"].read_text()
    remarks = json.loads(done.files["report"].read_text())["dashboard"]["remarks"]
    assert remarks == [f"test_quantity [K] {sentence}"]
    before = plain.files["data"].read_text().splitlines()
    after = done.files["data"].read_text().splitlines()
    assert [line.rpartition("\t")[0] if "\t" in line else line for line in after] == (
        before
    )
    path = write(ds, tmp_path / "out.nc", format="netcdf")
    assert main(["socat", "submit", str(path), "-o", str(tmp_path / "c")]) == 0
    printed = capsys.readouterr().out
    assert "declare as 'other' in the upload form: test_quantity [K]" in printed
