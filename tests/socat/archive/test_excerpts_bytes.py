"""Cells are copied byte by byte, also with quotes and outside of the encoding."""

from oceanco2.socat.archive.excerpts import excerpt
from tests.fuzz.fuzzer import SAMPLES


def test_a_byte_that_is_no_utf8_is_copied(tmp_path):
    lines = (SAMPLES / "socat.tsv").read_bytes().splitlines(keepends=True)
    first = next(i for i, x in enumerate(lines) if x.startswith(b"Expocode\t")) + 1
    cells = lines[first + 1].split(b"\t")
    cells[2] = b'M\xc9"x, y'
    lines[first + 1] = b"\t".join(cells)
    (tmp_path / "a.tsv").write_bytes(b"".join(lines))
    report = excerpt([tmp_path / "a.tsv"], tmp_path / "b.csv")
    copied = (tmp_path / "b.csv").read_bytes()
    assert report["rows_selected"] == len(lines) - first
    assert b',"M\xc9""x, y",' in copied
