"""Bytes to text: encodings, binary files, line ends, plain ASCII."""

import pytest

from oceanco2.errors import ReadError
from oceanco2.text import decode, is_empty, plain_text, split_lines


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("øØæÆœŒß", "oOaeAEoeOEss"),
        ("łŁđĐðÐþÞı", "lLdDdDthThi"),
        ("µμ 5°C", "uu 5 degC"),
        ("a–b—c−d", "a-b-c-d"),
        ('‘a’ “b” "c"', "'a' 'b' 'c'"),
        ("Gérard\tŁęcki\n x ", "Gerard Lecki x"),
        ("½ 日", "1?2 ?"),
        (7, "7"),
        ("a\x00b", "a b"),
    ],
)
def test_plain_ascii_text(text, plain):
    assert plain_text(text) == plain


@pytest.mark.parametrize(
    ("content", "empty"),
    [
        (b"", True),
        (b"\x00 \t\r\n\x1a", True),
        (b" a ", False),
        (b" " * 1_000_001, True),
        (b" " * 1_000_001 + b"a", False),
    ],
)
def test_empty_files(content, empty):
    assert is_empty(content) is empty


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\x89PNG", "a PNG image"),
        (b"\x89HDF", "an HDF5 or netCDF-4"),
        (b"CDF\x01", "a netCDF file"),
        (b"CDF\x02", "a netCDF file"),
        (b"CDF\x05", "a netCDF file"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook"),
        (b"PK\x03\x04", "a zip or Excel"),
        (b"%PDF", "a PDF"),
        (b"\x1f\x8b", "gzipped"),
        (b"\xff\xd8\xff", "a JPEG"),
        (b"SQLite format", "an SQLite"),
    ],
)
def test_files_that_are_no_text(start, what):
    with pytest.raises(ReadError, match=f"f: is {what}.*, not a text table"):
        decode(start + b"1,2\n" * 9, "auto", "f")


@pytest.mark.parametrize(
    ("content", "encoding", "text", "notes"),
    [
        ("é".encode(), "auto", "é", []),
        ("\ufeffé".encode(), "auto", "é", []),
        ("\ufeffé".encode("utf-16-le"), "auto", "é", []),
        ("\ufeffé".encode("utf-16-be"), "auto", "é", []),
        ("é".encode("cp1252"), "auto", "é", ["f: not UTF-8, read as Windows-1252"]),
        ("é".encode("latin-1"), "latin-1", "é", []),
        ("é".encode("utf-16"), "UTF-16", "é", []),
        ("é".encode("utf-32"), "utf32", "é", []),
        ("é".encode("utf-16"), "U16", "é", []),
        (b"a\x1a\x1a", "auto", "a", []),
        (b"a,1,2,3\x00\n", "auto", "a,1,2,3\n", ["f: NUL characters removed"]),
        (b"abc\xc3", "utf-8", "abc", []),  # cut inside a character
        (b"abc\xe2\x82", "utf-8", "abc", []),
    ],
)
def test_encodings(content, encoding, text, notes):
    assert decode(content, encoding, "f") == (text, notes)


@pytest.mark.parametrize(
    ("content", "encoding", "words"),
    [
        (b" \n", "auto", "f: the file is empty"),
        (b"ab\xc3cd", "utf-8", "byte 2 is not utf-8; set 'encoding'"),
        (b"abcd", "rot13", "'rot13' is not a text encoding"),
        (b"abcd", "nothing", "'nothing' is not a text encoding"),
        (b"\x01" * 3 + b"a" * 100, "auto", "not a text table .binary"),
        (b"\x00" * 31 + b"a" * 69, "auto", "not a text table .binary"),
        (b"\x00" * 31 + b"a" * 69, "latin-1", "not a text table .binary"),
    ],
)
def test_what_cannot_be_decoded(content, encoding, words):
    with pytest.raises(ReadError, match=words):
        decode(content, encoding, "f")


@pytest.mark.parametrize(
    "content",
    [
        b"\x01" * 2 + b"a" * 98,  # two of a hundred
        b"\x00" * 29 + b"a" * 71,
        b"\t\n\x0b\x0c\r\x1a " * 9 + b"a",  # no control characters of a binary file
    ],
)
def test_a_few_odd_bytes_are_tolerated(content):
    assert "a" in decode(content, "auto", "f")[0]


@pytest.mark.parametrize("odd", [b"\x08", b"\x0e", b"\x19", b"\x1b", b"\x1f"])
def test_bytes_of_binary_files(odd):
    with pytest.raises(ReadError, match="binary"):
        decode(odd * 3 + b"a" * 97, "auto", "f")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        *(("a\nb", ["a", "b"]), ("a\rb", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"])),
        *(("a\r\r\r\nb", ["a", "b"]), ("a\n\nb\n", ["a", "", "b"]), ("", [])),
        *(("a\n\r\n", ["a", ""]), ("a", ["a"])),
    ],
)
def test_line_ends(text, lines):
    assert split_lines(text) == lines
