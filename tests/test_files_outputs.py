"""Outputs: nothing that is read is written over, links, modes, sets, full disks."""

import errno
import json
import os
import socket
import stat

import pytest

from oceanco2 import files, staging
from oceanco2.errors import OptionError, OutputError, ReadError


def message(error, call, /, *arguments, **options):
    with pytest.raises(error) as caught:
        call(*arguments, **options)
    return str(caught.value)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_kinds_of_files_that_are_no_output(tmp_path):
    pipe, plug, loop = (tmp_path / name for name in ("pipe", "plug", "loop"))
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(plug))
        assert (
            message(OutputError, files.check_writable, plug) == f"{plug}: is a socket"
        )
    assert message(OutputError, files.check_writable, pipe) == f"{pipe}: is a pipe"
    null = "/dev/null: is a device"
    assert message(OutputError, files.check_writable, "/dev/null") == null
    loop.symlink_to(loop)
    text = message(OutputError, files.check_writable, loop)
    assert text.startswith(f"{loop}: ")
    text = message(OutputError, files.check_writable, tmp_path / ("x" * 300))
    assert text.endswith("file name too long")
    text = message(OutputError, files.check_writable, tmp_path / "a\0b")
    assert text.endswith("embedded null byte") or "null" in text


def test_read_only_files_are_no_output_not_even_for_root(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    for mode, allowed in ((0o444, False), (0o644, True), (0o464, True)):
        path.chmod(mode)
        if allowed:
            files.check_writable(path)
        else:
            text = message(OutputError, files.check_writable, path)
            assert text == f"{path}: is read-only"
    with pytest.raises(OutputError), files.writing(tmp_path / "none" / "a"):
        pass
    path.chmod(0o444)
    with pytest.raises(OutputError, match="read-only"), files.writing(path):
        pass
    assert path.read_text() == "old"


def test_folders_without_permission(tmp_path, monkeypatch):
    asked = []

    def access(path, mode):
        asked.append((path, mode))
        return False

    monkeypatch.setattr(os, "access", access)
    path = tmp_path / "a"
    text = message(OutputError, files.check_writable, path)
    assert text == f"{path}: permission denied"
    assert asked == [(tmp_path.resolve(), os.W_OK | os.X_OK)]
    path.touch()
    assert message(OutputError, files.check_writable, path) == f"{path}: is read-only"
    assert asked[1] == (path.resolve(), os.W_OK)


@pytest.mark.parametrize(
    ("name", "refused"),
    [("a.nc", 0), ("a.NC4", 0), ("a", 0), ("a.csv", 1), ("a.nc.gz", 1), ("nc", 0)],
)
def test_suffixes(name, refused):
    if not refused:
        files.check_suffix(name, (".nc", ".nc4"), "netCDF")
        return
    text = message(OptionError, files.check_suffix, name, (".nc", ".nc4"), "netCDF")
    assert text == f"{name}: netCDF is written; name it .nc or .nc4"


def test_no_suffix_of_no_output():
    files.check_suffix(None, (".nc",), "netCDF")


def test_outputs_are_no_inputs_and_not_each_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").write_text("raw")
    (tmp_path / "hard").hardlink_to(tmp_path / "raw")
    (tmp_path / "link").symlink_to("raw")
    files.check_outputs(["raw"], {"-o": "a", "--report": None, "--socat": "b"})
    for name in ("raw", "hard", "link", "./raw", tmp_path / "raw"):
        text = message(OutputError, files.check_outputs, ["raw"], {"-o": name})
        assert text == f"{name}: is also an input; choose another output file"
    for one, two in (("a", "./a"), ("hard", "raw"), ("link", "hard")):
        outputs = {"--output": one, "--socat": two}
        text = message(OptionError, files.check_outputs, [], outputs)
        assert text == f"{two}: is given for --output and for --socat"
    assert message(OptionError, files.check_once, ["raw", "link"]) == (
        "link: is given more than once"
    )


def test_what_a_command_read_is_not_written_over(tmp_path):
    path, other = tmp_path / "a", tmp_path / "b"
    path.write_text("old")
    other.hardlink_to(path)
    with files.inputs_remembered() as read:
        with files.reading(path):
            path.read_text()
        assert set(read.values()) == {str(path)}
        for name in (path, other):
            text = message(OutputError, files.write_bytes, b"new", name)
            assert text == f"{name}: was read as an input; choose another output file"
        with files.reading(tmp_path / "c.zip: member x"):
            pass
        files.write_bytes(b"new", tmp_path / "c")
    assert path.read_text() == "old"
    files.write_bytes(b"new", path)  # outside of commands
    assert path.read_text() == "new"
    with files.reading(path):
        pass
    files.write_bytes(b"newer", path)


def test_links_are_followed(tmp_path):
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "real.nc", tmp_path / "link.nc"
    link.symlink_to(real)
    for text in ("first", "second"):
        with files.writing(link) as temporary:
            assert temporary.name == "link.nc"
            assert temporary.parent.parent == real.parent
            temporary.write_text(text)
        assert link.is_symlink()
        assert real.read_text() == text
    folder = tmp_path / "folder"
    folder.symlink_to(real.parent)
    with files.writing_folder(folder) as temporary:
        (temporary / "more").write_text("more")
    assert folder.is_symlink()
    assert names(real.parent) == ["more", "real.nc"]


def test_modes_are_kept(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o600)
    files.write_bytes(b"new", path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_pipes_are_inputs(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    files.check_file(tmp_path / "pipe")
    assert files.is_readable_file(tmp_path / "pipe")
    assert not files.is_readable_file(tmp_path)


def test_files_of_a_run_appear_together(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("old")
    assert files.current_run() == ""
    with files.one_set("r1"):
        assert files.current_run() == "r1"
        files.write_bytes(b"new", a)
        assert a.read_text() == "old"
        assert files.written(a).read_text() == "new"
        assert files.written(b) == b
        with files.one_set("r2"):  # part of the first
            files.write_bytes(b"new", b)
        assert not b.exists()
        text = message(OutputError, files.write_bytes, b"x", a)
        assert text == f"{a}: is also another output; choose another name"
    assert files.current_run() == ""
    assert files.written(a) == a
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "a": "new",
        "b": "new",
    }


def fail_after(path):
    with files.one_set():
        files.write_bytes(b"new", path)
        raise KeyboardInterrupt


def test_no_file_of_a_run_that_fails(tmp_path):
    a = tmp_path / "a"
    a.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        fail_after(a)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a": "old"}


def test_a_set_that_cannot_be_put_in_place(tmp_path, monkeypatch):
    def refuse(entries, run_id):
        assert [entry.place for entry in entries] == [tmp_path / "a"]
        assert run_id == "r1"
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(staging, "put_in_place", refuse)

    def write():
        with files.one_set("r1"):
            files.write_bytes(b"new", tmp_path / "a")

    text = message(OutputError, write)
    assert text == f"{tmp_path / 'a'}: read-only file system"
    assert names(tmp_path) == []


def test_files_of_a_folder_replace_no_input_and_no_folder(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a").mkdir()

    def write(name):
        with files.writing_folder(folder) as temporary:
            (temporary / "b").write_text("new")
            (temporary / name).write_text("new")

    assert message(OutputError, write, "a") == f"{folder / 'a'}: is a directory"
    assert names(folder) == ["a"]
    (folder / "c").write_text("old")
    with files.inputs_remembered():
        with files.reading(folder / "c"):
            pass
        assert "was read as an input" in message(OutputError, write, "c")
    assert names(folder) == ["a", "c"]
    write("c")
    assert (folder / "c").read_text() == "new"
    assert names(tmp_path) == ["out"]


def write_with(path, error):
    with files.writing(path, (RuntimeError,)) as temporary:
        temporary.write_text("half")
        raise error


def test_a_full_disk_is_named_where_the_library_does_not(tmp_path, monkeypatch):
    path = tmp_path / "a.nc"
    text = message(OutputError, write_with, path, RuntimeError("NetCDF: HDF error"))
    assert text == f"{path}: cannot be written: NetCDF: HDF error"
    written = []

    class Full:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return False

        def write(self, content):
            written.append(len(content))
            raise OSError(errno.ENOSPC, "No space left on device")

    def stage(error):
        with monkeypatch.context() as patched:
            patched.setattr(type(path), "open", again)
            with files.writing(path, (RuntimeError,)) as temporary:
                temporary.write_text("half")
                raise error

    opened = type(path).open

    def again(self, mode="r", *arguments, **options):
        if mode == "ab":
            return Full()
        return opened(self, mode, *arguments, **options)

    text = message(OutputError, stage, RuntimeError("NetCDF: HDF error"))
    assert text == f"{path}: no space left on device"
    text = message(OutputError, stage, OSError(-101, "NetCDF: HDF error"))
    assert text == f"{path}: no space left on device"
    denied = PermissionError(errno.EACCES, "Permission denied")
    assert message(OutputError, stage, denied) == f"{path}: permission denied"
    assert written == [1 << 20, 1 << 20]
    text = message(OutputError, stage, MemoryError())
    assert text == f"{path}: no space left on device"
    text = message(OutputError, write_with, path, MemoryError())
    assert text == f"{path}: cannot be written: not enough memory"


def test_memory_while_reading():
    def read():
        with files.reading("a"):
            raise MemoryError

    assert message(ReadError, read) == "a: cannot be read: not enough memory"


def test_json_has_no_infinity(tmp_path):
    numbers = [1.5, float("nan"), {"a": float("inf")}, (2, -float("inf")), True, None]
    text = files.json_text(numbers)
    assert json.loads(text) == [1.5, None, {"a": None}, [2, None], True, None]
    assert text.startswith("[\n  1.5,")
    assert files.json_text({"é": 1}, ensure_ascii=False, indent=None) == '{"é": 1}'
    files.write_json({"b": float("inf"), "a": 1}, tmp_path / "a.json")
    expected = '{\n  "a": 1,\n  "b": null\n}\n'
    assert (tmp_path / "a.json").read_text() == expected
