"""Reading and writing files: what is written, and every message."""

import hashlib

import pytest

from oceanco2 import files
from oceanco2.errors import OptionError, OutputError, ProcessingError, ReadError


def message(error, call, /, *arguments, **options):
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    return str(caught.value)


def test_digests(tmp_path):
    # Of NIST, FIPS 180-2, appendix B.1.
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    path = tmp_path / "a"
    path.write_bytes(b"abc")
    assert files.digest(b"abc") == files.file_digest(path) == expected
    assert hashlib.sha256(b"").hexdigest() == files.digest(b"")
    missing = tmp_path / "b"
    assert message(ReadError, files.file_digest, missing) == f"{missing}: no such file"


def test_files_that_must_exist(tmp_path):
    path = tmp_path / "a"
    text = message(ReadError, files.check_file, path, "the land")
    assert text == f"{path}: no such file (the land)"
    assert message(ReadError, files.check_file, path) == f"{path}: no such file"
    text = message(ReadError, files.check_file, tmp_path)
    assert text == f"{tmp_path}: is a directory"
    path.touch()
    files.check_file(path)


def test_outputs(tmp_path):
    path = tmp_path / "no" / "a"
    text = message(OutputError, files.check_writable, None, path)
    assert text == f"{path}: no folder {path.parent}"
    text = message(OutputError, files.check_writable, tmp_path)
    assert text == f"{tmp_path}: is a directory"
    files.check_writable(None, tmp_path / "a")
    path = tmp_path / "a"
    text = message(OutputError, files.check_no_overwrite, [path], None, path)
    assert text == f"{path}: is also an input; choose another output file"
    files.check_no_overwrite([path], None, tmp_path / "b")
    again = tmp_path / "." / "a"
    text = message(OptionError, files.check_once, [path, again])
    assert text == f"{again}: is given more than once"
    files.check_once([path, tmp_path / "b"])


def fail(fault, /, *arguments, **options):
    with files.reading("p", *arguments, **options):
        raise fault


FAILURES = [
    ((FileNotFoundError(2, "x"),), {}, "p: no such file"),
    ((PermissionError(13, "Permission denied"),), {}, "p: permission denied"),
    ((OSError("a  b\nc"),), {}, "p: cannot be read: a b c"),
    ((OSError(-51, "NetCDF: Unknown"),), {}, "p: cannot be read: NetCDF: Unknown"),
    ((OSError("x"), "netCDF"), {}, "p: cannot be read as netCDF: x"),
    ((ValueError("x"), "A", (ValueError,)), {}, "p: cannot be read as A: x"),
    (
        (
            ValueError("did not find a match in any of xarray's ..."),
            "A",
            (ValueError,),
        ),
        {},
        "p: cannot be read as A: unknown file format",
    ),
    ((OSError("x" * 201),), {}, f"p: cannot be read: {'x' * 200}"),
]


@pytest.mark.parametrize(("arguments", "options", "expected"), FAILURES)
def test_reading(arguments, options, expected):
    assert message(ReadError, fail, *arguments, **options) == expected
    assert message(ProcessingError, fail, *arguments, error=ProcessingError) == expected


def test_reading_passes_other_errors():
    assert message(ValueError, fail, ValueError("x")) == "x"
    assert message(OutputError, fail, OutputError("x")) == "x"


def fail_to_write(path):
    with files.writing(path, (ValueError,)) as temporary:
        temporary.write_bytes(b"new")
        assert temporary.name == path.name
        assert temporary.parent.parent == path.parent
        raise ValueError("x")


def test_writing_is_atomic(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match="cannot be written: x"):
        fail_to_write(path)
    assert path.read_bytes() == b"old"
    files.write_bytes(b"new", path)
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_json(tmp_path):
    path = tmp_path / "a.json"
    files.write_json({"b": 1, "a": [tmp_path]}, path)
    expected = f'{{\n  "a": [\n    "{tmp_path}"\n  ],\n  "b": 1\n}}\n'
    assert path.read_text() == expected


def test_folders(tmp_path):
    new = tmp_path / "a" / "b"
    assert files.create_folder(new) == files.create_folder(str(new)) == new
    assert new.is_dir()
    with files.writing_folder(new / "c") as temporary:
        (temporary / "d").mkdir()
        (temporary / "d" / "e").write_text("1")
    assert (new / "c" / "d" / "e").read_text() == "1"
    (new / "c" / "kept").touch()
    with files.writing_folder(new / "c") as temporary:
        (temporary / "d").mkdir()
        (temporary / "d" / "e").write_text("2")
    assert (new / "c" / "d" / "e").read_text() == "2"
    assert (new / "c" / "kept").exists()
    moved = []
    with files.writing_folder(new / "c", move=lambda *paths: moved.append(paths)):
        pass
    assert moved[0][1] == new / "c"
    path = new / "file"
    path.touch()
    call = files.writing_folder(path).__enter__
    assert message(OutputError, call) == f"{path}: is a file, not a folder"
    call = files.writing_folder(new, empty=True).__enter__
    assert message(OutputError, call) == f"{new}: is not empty; choose a new folder"
    (tmp_path / "empty").mkdir()
    with files.writing_folder(tmp_path / "empty", empty=True) as temporary:
        (temporary / "x").touch()
    assert (tmp_path / "empty" / "x").exists()
    text = message(OutputError, files.create_folder, path)
    assert text == f"{path}: file exists"
