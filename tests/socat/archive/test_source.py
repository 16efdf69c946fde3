"""Bytes of files: containers, lines, and ranges that give every line once."""

import gzip
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.socat.archive import source
from oceanco2.socat.archive.source import Piece, open_source

TEXT = b"head\n" + b"".join(b"line %d\n" % i for i in range(60))


def written(tmp_path, content=TEXT, name="x.tsv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def content(piece):
    return piece.text[piece.start : piece.end].tobytes()


def test_limits():
    assert source.BLOCK == 4194304
    assert source.HEAD == 67108864
    assert source.LONGEST == 1048576
    assert Piece(np.zeros(1, np.uint8), 0, 1).cut is False


def test_plain_and_compressed(tmp_path):
    path = written(tmp_path)
    plain = open_source(path)
    assert (plain.path, plain.name, plain.size) == (path, "x.tsv", len(TEXT))
    assert (plain.compression, plain.member, plain.conversion) == ("", "", "")
    assert plain.window == ()
    assert plain.divisible
    packed = open_source(written(tmp_path, gzip.compress(TEXT), "x.gz"))
    assert packed.compression == "gzip"
    assert not packed.divisible
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.mkdir("folder.tsv")
        archive.writestr("folder.tsv/about.md", "no table")
        archive.writestr("folder.tsv/DATA.TAB", TEXT)
    member = open_source(tmp_path / "x.zip")
    assert (member.compression, member.member) == ("zip", "folder.tsv/DATA.TAB")
    assert member.name == "x.zip:folder.tsv/DATA.TAB"
    for one in (plain, packed, member):
        assert b"".join(one.chunks()) == TEXT
    assert not replace(plain, conversion="cr").divisible


def test_text_of_other_systems(tmp_path):
    one = open_source(written(tmp_path, TEXT.replace(b"\n", b"\r")))
    assert one.conversion == "cr"
    assert b"".join(one.chunks()) == TEXT
    both = TEXT.replace(b"\n", b"\r\n")
    assert open_source(written(tmp_path, both)).conversion == ""
    for code in ("utf-16", "utf-16-le", "utf-16-be"):
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(code, b"")
        wide = open_source(written(tmp_path, mark + TEXT.decode().encode(code)))
        assert wide.conversion == "utf-16"
        assert b"".join(wide.chunks()) == TEXT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a", "a.tsv"),
        ("b", "b.txt"),
        ("c", "c.csv"),
        ("d", "d.tab"),
    ],
)
def test_tables_in_archives(name, text, tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(text, "x")
        archive.writestr("readme.pdf", "x")
    assert open_source(tmp_path / "x.zip").member == text


def test_archives_without_one_table(tmp_path):
    def zipped(*names):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
            archive.mkdir("folder")
            for name in names:
                archive.writestr(name, name)
        return tmp_path / "x.zip"

    for names, listed in (
        ((), "nothing"),
        ((f"{x}.md" for x in "abcdef"), "a.md, b.md, c.md, d.md, e.md"),
        (("a.tsv", "b.csv"), "a.tsv, b.csv"),
    ):
        with pytest.raises(ReadError, match=rf"; it contains {listed}$"):
            open_source(zipped(*names))
    chosen = open_source(zipped("a.tsv", "b.csv"), lambda line: line == b"b.csv")
    assert chosen.member == "b.csv"
    with pytest.raises(ReadError, match=r"x\.tsv: is empty$"):
        open_source(written(tmp_path, b""))
    with pytest.raises(ReadError, match=r"x\.tsv: is empty$"):
        open_source(written(tmp_path, gzip.compress(b"")))


def test_lines_and_the_bytes_up_to_their_ends(tmp_path, monkeypatch):
    one = open_source(written(tmp_path, b"ab\r\n\ncde\nf"))
    two = open_source(written(tmp_path, b"ab\n", "y.tsv"))
    for size in (3, 7, 1000):
        monkeypatch.setattr(source, "_CHUNK", size)
        assert list(one.lines()) == [(b"ab", 4), (b"", 5), (b"cde", 9), (b"f", 10)]
        assert list(two.lines()) == [(b"ab", 3)]


def test_lines_as_far_as_a_header_may_extend(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_CHUNK", 10)
    one = open_source(written(tmp_path, b"12345\n" * 10))
    monkeypatch.setattr(source, "HEAD", 12)
    assert [after for _, after in one.lines()] == [6, 12, 18]
    monkeypatch.setattr(source, "HEAD", 1000)
    monkeypatch.setattr(source, "LONGEST", 10)
    one = open_source(written(tmp_path, b"x\n" + b"y" * 40 + b"\nz\n"))
    assert [line for line, _ in one.lines()] == [b"x"]


@pytest.mark.parametrize("block", [1, 5, 13, 64, 10_000])
@pytest.mark.parametrize("end", [b"", b"cut"])
@pytest.mark.parametrize("name", ["x.tsv", "x.gz"])
def test_pieces_are_the_lines_below_the_header(name, end, block, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_CHUNK", 50)
    text = TEXT + end
    packed = gzip.compress(text) if name == "x.gz" else text
    one = open_source(written(tmp_path, packed, name))
    found = [(make(), size) for make, size in one.pieces(5, block)]
    assert b"".join(content(piece) for piece, _ in found) == text[5:] + b"\n" * bool(
        end
    )
    assert sum(size for _, size in found) == len(text) - 5
    for piece, _ in found:
        assert content(piece)[-1:] in (b"\n", b"")
        assert piece.text.flags.writeable
    *others, last = [piece.cut for piece, _ in found if content(piece)]
    assert last == bool(end)
    assert not any(others)


@pytest.mark.parametrize("step", [1, 7, 8, 9, 100])
def test_windows_give_each_line_once_and_count_those_before(
    step, tmp_path, monkeypatch
):
    monkeypatch.setattr(source, "_CHUNK", 16)
    one = open_source(written(tmp_path))
    assert one.lines_before(5) == 0
    rest = b""
    for low in range(5, len(TEXT), step):
        part = replace(one, window=(low, min(low + step, len(TEXT))))
        # A line belongs to the window in which it begins.
        begun = TEXT[5:low].count(b"\n") + (TEXT[low - 1 : low] != b"\n")
        assert part.lines_before(5) == (begun if low > 5 else 0)
        rest += b"".join(content(make()) for make, _ in part.pieces(5, 20))
    assert rest == TEXT[5:]


def test_long_lines(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "LONGEST", 40_000)
    for length, allowed in ((4_000, True), (60_000, True), (70_000, False)):
        text = b"h\n" + b"x" * length + b"\nend\n"
        one = open_source(written(tmp_path, text))
        pieces = one.pieces(2, 10)
        first = next(pieces)[0]
        if allowed:
            assert content(first()) == b"x" * length + b"\n"
        else:
            with pytest.raises(
                ReadError, match=r"a line of more than a million bytes after byte 2$"
            ):
                first()
    one = open_source(written(tmp_path, gzip.compress(text), "x.gz"))
    monkeypatch.setattr(source, "_CHUNK", 1000)
    with pytest.raises(ReadError, match=r"^x\.gz: has a line of more than a million"):
        list(one.pieces(2, 10))
    assert len(list(one.pieces(2, 40_000))) == 1


def test_a_file_that_becomes_shorter(tmp_path):
    path = written(tmp_path)
    one = open_source(path)
    make, _ = next(one.pieces(5, 1000))
    path.write_bytes(TEXT[:100])
    with pytest.raises(ReadError, match=r"x\.tsv: was changed while being read"):
        make()


def test_a_zip_with_nothing_in_it(tmp_path):
    zipfile.ZipFile(tmp_path / "x.zip", "w").close()
    with pytest.raises(ReadError, match=r"x\.zip: must contain one table .* nothing$"):
        open_source(tmp_path / "x.zip")
