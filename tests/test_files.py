"""Whole files or none, and no output over an input."""

import pytest

from oceanco2 import files
from oceanco2.errors import OptionError, OutputError


def test_whole_file_or_none(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")

    def fail():
        with files.whole_file(path) as temporary:
            temporary.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    with files.whole_file(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(OutputError), files.whole_file(tmp_path / "no" / "x"):
        pass


def test_what_is_read_is_not_written_over(tmp_path):
    path, link = tmp_path / "x.txt", tmp_path / "y.txt"
    path.write_text("old")
    link.symlink_to(path)
    files.check_apart([path], tmp_path / "z.txt", None)
    for name in (path, link, tmp_path / "no" / ".." / "x.txt"):
        with pytest.raises(OutputError, match="choose another output file"):
            files.check_apart([path], name)
    files.check_once([path, tmp_path / "z.txt"])
    with pytest.raises(OptionError, match="is given more than once"):
        files.check_once([path, link])
