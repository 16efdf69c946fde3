"""Reading and writing: errors in one line, all or nothing, no output over an input."""

import errno
import stat

import pytest

from oceanco2 import files
from oceanco2.errors import OptionError, OutputError, ReadError


def test_whole_file_or_none(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with files.writing(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    with files.writing(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError), files.writing(tmp_path / "no" / "x"):
        pass


def test_what_is_read_is_not_written_over(tmp_path):
    path, link = tmp_path / "x.txt", tmp_path / "y.txt"
    path.write_text("old")
    link.symlink_to(path)
    files.check_no_overwrite([path], tmp_path / "z.txt", None)
    for name in (path, link, tmp_path / "no" / ".." / "x.txt"):
        with pytest.raises(OutputError, match="choose another output file"):
            files.check_no_overwrite([path], name)
    files.check_once([path, tmp_path / "z.txt"])
    with pytest.raises(OptionError, match="is given more than once"):
        files.check_once([path, link])


def read(reason, *arguments, **options):
    with files.reading("x.nc", *arguments, **options):
        raise reason


def test_why_a_file_cannot_be_read(tmp_path):
    for path, reason in ((tmp_path / "no", "no such file"), (tmp_path, "is a dir")):
        with pytest.raises(ReadError, match=f"^{path}: {reason}"), files.reading(path):
            path.read_bytes()
    denied = OSError(errno.EACCES, "Permission denied")
    with pytest.raises(OptionError, match=r"^x\.nc: permission denied$"):
        read(denied, error=OptionError)
    with pytest.raises(
        ReadError, match=r"^x\.nc: cannot be read as netCDF: HDF error$"
    ):
        read(OSError(-101, "HDF \n error"), "netCDF")
    with pytest.raises(ReadError, match=r"^x\.nc: cannot be read: 'a'$"):
        read(KeyError("a"), also=(KeyError,))
    with pytest.raises(KeyError, match=r"^'a'$"):
        read(KeyError("a"))
    with pytest.raises(OptionError, match=r"^mine$"):
        read(OptionError("mine"), also=(ValueError,))


def test_a_file_must_exist_before_it_is_opened(tmp_path):
    files.check_file(__file__)
    for path, reason in ((tmp_path / "no", "no such file"), (tmp_path, "is a dir")):
        with pytest.raises(ReadError, match=f"^{path}: {reason}"):
            files.check_file(path)
    with pytest.raises(ReadError, match=r"no: no such file \(option wind\)$"):
        files.check_file(tmp_path / "no", "option wind")
    unknown = ValueError("did not find a match in any of xarray's currently ...")
    with pytest.raises(
        ReadError, match=r"^x\.nc: cannot be read: unknown file format$"
    ):
        read(unknown, also=(ValueError,))


def write(path, error, *arguments):
    with files.writing(path, *arguments) as temporary:
        temporary.write_text("half")
        raise error


def write_folder(path, error, **options):
    with files.writing_folder(path, **options) as folder:
        (folder / "a").write_text("half")
        raise error


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("error", "also", "message"),
    [
        (FULL, (), "x: no space left on device"),
        (OSError("odd"), (), "x: cannot be written: odd"),
        (RuntimeError("HDF"), (RuntimeError,), "x: cannot be written: HDF"),
        (OutputError("mine"), (), "^mine"),
    ],
)
def test_why_a_file_cannot_be_written(tmp_path, error, also, message):
    path = tmp_path / "x"
    path.write_text("old")
    with pytest.raises(OutputError, match=f"{message}$"):
        write(path, error, also)
    assert path.read_text() == "old"
    with pytest.raises(OutputError, match=f"^{tmp_path / 'f'}: no space left"):
        write_folder(tmp_path / "f", FULL)
    assert list(tmp_path.iterdir()) == [path]


def test_outputs_that_cannot_be(tmp_path):
    (tmp_path / "x").write_text("a file")
    for path, reason in (
        (tmp_path, "is a directory"),
        (tmp_path / "no" / "y", f"no folder {tmp_path / 'no'}"),
    ):
        with pytest.raises(OutputError, match=f"^{path}: {reason}$"):
            files.check_writable(path)
    with pytest.raises(OutputError, match="x: is a file, not a folder"):
        write_folder(tmp_path / "x", FULL)
    with pytest.raises(OutputError, match="is not empty"):
        write_folder(tmp_path, FULL, empty=True)
    with pytest.raises(OutputError, match="y: not a directory"):
        files.create_folder(tmp_path / "x" / "y")


def test_a_folder_gains_files_and_keeps_the_others(tmp_path, monkeypatch):
    (tmp_path / "old").write_text("old")
    monkeypatch.chdir(tmp_path)
    with files.writing_folder(".") as folder:
        (folder / "deep").mkdir()
        (folder / "deep" / "new").write_text("new")
    names = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*")}
    assert names == {"old", "deep", "deep/new"}


def test_new_files_and_folders_have_the_default_mode(tmp_path):
    (tmp_path / "usual").mkdir()
    (tmp_path / "usual.txt").write_text("")
    with files.writing_folder(tmp_path / "folder"):
        pass
    files.write_bytes(b"", tmp_path / "file.txt")
    for name, usual in (("folder", "usual"), ("file.txt", "usual.txt")):
        mode = stat.S_IMODE((tmp_path / name).stat().st_mode)
        assert mode == stat.S_IMODE((tmp_path / usual).stat().st_mode)
