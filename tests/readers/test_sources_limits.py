"""Zips that would fill the memory, pipes, folders, and files that are no raw files."""

import os
import zipfile

import pytest

from oceanco2.errors import ReadError
from oceanco2.platforms import load
from oceanco2.readers import sources
from oceanco2.readers.sources import assign_sources, find_sources


def message(call, *arguments):
    with pytest.raises(ReadError) as caught:
        call(*arguments)
    return str(caught.value)


class Archive:
    """A zip, as far as its size is asked for."""

    def __init__(self, sizes):
        self.members = []
        for size, packed in sizes:
            info = zipfile.ZipInfo()
            info.file_size, info.compress_size = size, packed
            self.members.append(info)

    def infolist(self):
        return self.members


@pytest.mark.parametrize(
    ("sizes", "fault"),
    [
        ([(100_000_000, 10)], ""),
        (
            [(100_000_001, 1_000_000)],
            "would unpack to 100,000,001 bytes, 100 times its",
        ),
        ([(100_000_100, 1_000_001)], ""),
        ([(60_000_000, 100), (60_000_000, 100)], "would unpack to 120,000,000 bytes"),
        ([(8_000_000_000, 80_000_000)], ""),
        ([(8_000_000_001, 8_000_000_000)], "contains 1 files of 8,000,000,001 bytes"),
        ([(0, 0)] * 100_000, ""),
        (
            [(0, 0)] * 100_001,
            "contains 100,001 files of 0 bytes; at most 100,000 files",
        ),
    ],
)
def test_sizes_of_zips(sizes, fault):
    if fault:
        text = message(sources._check_size, "a.zip", Archive(sizes))
        assert text.startswith(f"a.zip: {fault}")
    else:
        sources._check_size("a.zip", Archive(sizes))


def test_a_zip_that_would_fill_the_memory(tmp_path):
    path = tmp_path / "a.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w") as member,
    ):
        for _ in range(101):
            member.write(b"1" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    text = message(find_sources, [path])
    assert text.startswith(f"{path}: would unpack to 101,000,000 bytes, ")
    assert text.endswith(
        " times its size; above 100,000,000 bytes at most 100 times is read: unpack it"
        " if it is right"
    )


def test_a_pipe_is_read_once_and_as_if_it_was_named(tmp_path, monkeypatch):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    contents = [b"abc"]
    monkeypatch.setattr(sources, "_read_bytes", lambda path: contents.pop())
    (source,) = find_sources([pipe])
    assert (source.name, source.argument) == ("pipe", str(pipe))
    assert source.explicit is True
    assert source.content() == source.content() == b"abc"
    assert source.load().content == b"abc"


def test_devices_are_read(monkeypatch):
    (source,) = find_sources(["/dev/null"])
    assert (source.name, source.content()) == ("null", b"")


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "b.csv").write_text("x")

    def walk(folder, onerror):
        yield str(tmp_path), ["a"], ["b.csv", "gone.csv"]
        onerror(PermissionError(13, "Permission denied"))

    assert [s.name for s in find_sources([tmp_path])] == ["b.csv"]
    monkeypatch.setattr(os, "walk", walk)
    assert message(find_sources, [tmp_path]) == f"{tmp_path}: permission denied"


def test_true_values_of_a_simulation_are_no_raw_file(tmp_path):
    platform = load("demo_ship")
    truth = tmp_path / "truth.nc"
    truth.write_bytes(b"... truth of a simulated cruise of ...")
    log, tsg = tmp_path / "adat.txt", tmp_path / "atsg.csv"
    log.write_text("a")
    tsg.write_text("b")
    assigned, _ = assign_sources(platform, find_sources([log, truth, tsg]))
    found = {source.name for group in assigned.values() for source in group}
    assert found == {"adat.txt", "atsg.csv"}
    text = message(assign_sources, platform, find_sources([truth]))
    assert text == "no raw files given"
    truth.write_bytes(b"another file of that name")
    text = message(assign_sources, platform, find_sources([log, truth, tsg]))
    assert text.startswith(f"{truth}: matches none of the patterns")
    other = tmp_path / "other.nc"
    other.write_bytes(b"truth of a simulated cruise")
    text = message(assign_sources, platform, find_sources([log, other, tsg]))
    assert text.startswith(f"{other}: matches none of the patterns")


def test_lines_of_raw_files(tmp_path, monkeypatch):
    assert sources._MOST_LINES == 50_000_000
    monkeypatch.setattr(sources, "_MOST_LINES", 3)
    path = tmp_path / "a.csv"
    path.write_bytes(b"1\n2\n3\n4")
    (source,) = find_sources([path])
    assert source.load().content == b"1\n2\n3\n4"
    path.write_bytes(b"1\n2\n3\n4\n")
    text = message(source.load)
    assert text == "a.csv: has 4 lines; at most 3 are read: split it"
