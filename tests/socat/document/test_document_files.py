"""Which files are read as which documents."""

import pytest

from oceanco2.errors import ReadError, UnknownNameError
from oceanco2.socat.document import FORMATS, faults_of, metadata_bytes, read_document
from tests.socat.document.filled import DOCUMENT


def written(tmp_path, content):
    path = tmp_path / "x.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("text", "name", "fault"),
    [
        ('<oads_metadata version="1"/>', "OADS 1", "namespace must be 'http"),
        ("<oads_metadata/>", "OADS", "namespace must be 'http"),
        ('<dataset_metadata metadata_version="v1"/>', "OCADS v1", "namespace must be"),
        ("<variables_by_type/>", "OCADS", "namespace must be"),
        ("<x_tags/>", "OME", None),
        ('<n:x_tags xmlns:n="urn:n"/>', "OME", None),
    ],
)
def test_kinds_by_the_root(tmp_path, text, name, fault):
    path = written(tmp_path, text)
    assert read_document(path).format == name
    faults = faults_of(path)
    if fault is None:
        assert faults == []
    else:
        assert faults[0].reason.startswith(fault)


def test_other_roots(tmp_path):
    path = written(tmp_path, "<metadata/>")
    for read in (read_document, faults_of):
        with pytest.raises(ReadError) as caught:
            read(path)
        assert str(caught.value).startswith(f"{path}: the root of a metadata document")
        for root in ("oads_metadata", "dataset_metadata", "variables_by_type"):
            assert root in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"<a", b'<?xml encoding="x"?><a/>', b"\xff"])
def test_files_that_are_no_xml(tmp_path, content):
    with pytest.raises(ReadError, match="cannot be read as XML"):
        read_document(written(tmp_path, content))


def test_formats(tmp_path):
    assert list(FORMATS) == ["oads", "ocads"]
    assert metadata_bytes(DOCUMENT) == metadata_bytes(DOCUMENT, "oads")
    for name in FORMATS:
        path = written(tmp_path, metadata_bytes(DOCUMENT, name))
        assert faults_of(path) == []
        assert read_document(path).format.startswith(name.upper())
    with pytest.raises(UnknownNameError, match="no metadata format named 'ome'"):
        metadata_bytes(DOCUMENT, "ome")
