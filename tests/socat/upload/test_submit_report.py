"""The report of a submission, key by key and line by line."""

import json
from dataclasses import replace

import pytest

from oceanco2 import platforms
from oceanco2.socat.document import Gap
from oceanco2.socat.upload import socat_upload
from oceanco2.socat.upload.options import UploadOptions
from oceanco2.socat.upload.submit import describe_dataset, submit, with_platform
from tests.socat.upload.small import small

DEMO = platforms.load("demo_ship")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("submission")
    return submit(small(), folder, separator="semicolon", format="ocads")


def test_the_files(done):
    names = {
        "data": "99ZZ20240301.csv",
        "metadata": "99ZZ20240301_OCADS.xml",
        "report": "99ZZ20240301_check.json",
        "text": "99ZZ20240301_check.txt",
    }
    assert {key: path.name for key, path in done.files.items()} == names
    assert all(path.is_file() for path in done.files.values())
    assert done.files["data"].read_text() == done.upload.text
    assert done.upload.separator == ";"
    assert json.loads(done.files["report"].read_text()) == json.loads(
        json.dumps(done.to_dict())
    )
    assert done.files["text"].read_text() == done.text()


def test_the_report_as_json(done):
    found = done.to_dict()
    assert found.pop("dashboard") == done.account.to_dict()
    gaps = found.pop("missing_metadata")
    assert gaps == [{"item": g.item, "key": g.key} for g in done.gaps]
    assert len(gaps) > 10
    assert found == {
        "expocode": "99ZZ20240301",
        "acceptable": True,
        "files": {key: path.name for key, path in done.files.items()},
        "written": {
            "rows": 3,
            "left_out": {"air runs": 1},
            "notes": list(done.upload.notes),
        },
    }
    assert done.account.check.source.name == "99ZZ20240301.csv"


def test_the_report_as_text(done):
    two = replace(done, gaps=(Gap("a", "[b] c"), Gap("d", "[e] f")))
    assert two.text().split("\n") == [
        "99ZZ20240301: 3 rows; skipped: 1 air runs",
        *(f"  {note}" for note in done.upload.notes),
        "missing in the metadata -> key of the platform file:",
        "  a -> [b] c",
        "  d -> [e] f",
        "",
        *done.account.text().split("\n"),
        "",
    ]
    upload = replace(done.upload, rows=12345, left_out={}, notes=())
    complete = replace(done, gaps=(), upload=upload)
    assert complete.text().split("\n")[:3] == [
        "99ZZ20240301: 12,345 rows; skipped: 0",
        "the metadata are complete",
        "",
    ]
    upload = replace(upload, left_out={"air runs": 1234, "x": 1})
    assert "skipped: 1,234 air runs, 1 x\n" in replace(done, upload=upload).text()


def test_what_is_acceptable(done):
    assert done.acceptable is True
    account = replace(done.account, refusals=("why",))
    assert replace(done, account=account).acceptable is False


def test_people_and_instruments_of_a_platform_file():
    ds = small()
    found = with_platform(ds, DEMO)
    attrs = platforms.describe(DEMO)
    kept = ("options", "versions", "processing_level", "platform_file")
    for name in (*kept, "platform_file_sha256"):
        assert found.attrs.get(name) == ds.attrs.get(name)
    for name in set(attrs) - {*kept, "platform_file_sha256"}:
        assert found.attrs[name] == attrs[name]
    assert ds.attrs == small().attrs


@pytest.mark.parametrize(("air", "bad"), [(True, True), (False, True), (False, False)])
def test_the_document_is_about_the_rows_that_are_written(air, bad):
    ds = small(4)
    ds["latitude"].to_numpy()[:] = [1.0, 2.0, 0.5, 3.0]
    options = {"include_air": air, "include_bad": bad}
    upload = socat_upload(ds, **options)
    found = describe_dataset(ds, upload, UploadOptions(**options))
    assert found.south == "0.5"
    assert found.north == ("3" if air else "2" if bad else "1")
    assert len(found.variables) == sum(bool(name) for _, name in upload.columns)
