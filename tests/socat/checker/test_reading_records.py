"""Records of a text one by one, and the first bytes of files."""

import pytest

from oceanco2.errors import ReadError
from oceanco2.socat.checker import reading
from oceanco2.socat.checker.reading import Record, Records, Source, source_of_file


def records(text, delimiter=",", width=0):
    made = Records(Source("x", text=text), delimiter)
    made.width = width
    return list(made)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\nc,d\n", [(1, ["a", "b"]), (2, ["c", "d"])]),
        ("a,b\n\n,\nc,d\n", [(1, ["a", "b"]), (4, ["c", "d"])]),
        (" a , b \n", [(1, ["a", "b"])]),
        ("a\t,b\n", [(1, ["a", "b"])]),
        ("é ,b\n", [(1, ["é", "b"])]),
        ('"a,b",c\n', [(1, ["a,b", "c"])]),
        ('"a" ,c\n', [(1, ["a", "c"])]),
        ('a, "b"\n', [(1, ["a", "b"])]),
        ('"a""b",c\n', [(1, ['a"b', "c"])]),
        ('"a\nb",c\nd,e\n', [(1, ["a\nb", "c"]), (3, ["d", "e"])]),
        ('" ",\nd,e\n', [(2, ["d", "e"])]),
        ("\ufeffa,b\n", [(1, ["a", "b"])]),
        ("", []),
    ],
)
def test_cells(text, found):
    assert records(text) == [Record(line, cells) for line, cells in found]


def test_the_last_line():
    assert records("a,b\nc,d") == [
        Record(1, ["a", "b"], "", True),
        Record(2, ["c", "d"], "", False),
    ]
    assert records('"a",b') == [Record(1, ["a", "b"], "", False)]
    assert records('"a\nb",c')[0].complete is False
    assert Record(1, []).complete is True
    assert Record(1, []).fault == ""


def test_tabs():
    assert records("a\t b\n", "\t") == [Record(1, ["a", "b"])]
    assert records("a\t\tb\n", "\t") == [Record(1, ["a", "", "b"])]
    assert records("a\tb,c\n", ",") == [Record(1, ["a\tb", "c"])]


def test_quotes_within_text():
    assert records('a"b,c\n') == [Record(1, ['a"b', "c"])]
    (found,) = records('"a"b,"c"\n')
    assert found == Record(1, ['a"b', "c"], "a quote amid text", True)


def test_a_quote_that_does_not_end():
    text = '"a,b\n1,2\n3,4\n'
    open_quote = Record(1, ["a", "b"], "a quote that does not end", True)
    rest = [Record(2, ["1", "2"]), Record(3, ["3", "4"])]
    assert records(text) == [open_quote, *rest]
    assert records(text, width=2) == [open_quote, *rest]


@pytest.mark.parametrize(("width", "joined"), [(0, True), (2, True), (3, False)])
def test_a_cell_of_several_lines_needs_the_right_number_of_cells(width, joined):
    found = records('"a\nb",c\nd,e\n', width=width)
    last = Record(3, ["d", "e"])
    if joined:
        assert found == [Record(1, ["a\nb", "c"]), last]
    else:
        assert [r.line for r in found] == [1, 2, 3]
        assert found[0].fault == "a quote that does not end"
        assert found[2] == last


def test_a_cell_has_at_most_twenty_lines():
    for count, joined in ((20, True), (21, False)):
        text = '"' + "x\n" * (count - 1) + '",c\nd,e\n'
        found = records(text)
        assert (found[0].fault == "") is joined
        assert found[-1] == Record(count + 1, ["d", "e"])


def test_pushed_back():
    made = Records(Source("x", text="a\nb\n"), ",")
    first = next(made)
    made.push_back(first)
    assert [next(made), next(made)] == [first, Record(2, ["b"])]
    assert made.width == 0
    with pytest.raises(StopIteration):
        next(made)


# ---- files --------------------------------------------------------------------------


def source(tmp_path, data, encoding=None):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    return source_of_file(path, encoding)


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x89HDF\r\n", "a netCDF or HDF5 file"),
        (b"CDF\x01", "a netCDF file"),
        (b"CDF\x02", "a netCDF file"),
        (b"CDF\x05", "a netCDF file"),
        (b"PK\x03\x04", "a zip archive or a workbook: unpack it, or save it as text"),
        (b"\x1f\x8b", "a gzip file: unpack it"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook: save it as text"),
        (b"PAR1", "a parquet file"),
        (b"%PDF", "a PDF"),
        (b"\x89PNG", "a picture"),
    ],
)
def test_files_that_are_no_text(tmp_path, start, kind):
    with pytest.raises(ReadError) as caught:
        source(tmp_path, start + b"rest")
    assert str(caught.value) == f"{tmp_path / 'a.txt'}: is not a text file but {kind}"
    assert source(tmp_path, b" " + start[:1] + b"x").path is not None


@pytest.mark.parametrize(("count", "is_text"), [(5, True), (6, False)])
def test_control_characters(tmp_path, count, is_text):
    allowed = b"\t\n\v\f\r\x1a"
    data = bytes(range(1, 1 + count)) + allowed + b"text" * 10
    if is_text:
        assert source(tmp_path, data).encoding == "UTF-8"
        return
    with pytest.raises(ReadError, match="it contains control characters"):
        source(tmp_path, data)


@pytest.mark.parametrize(
    ("data", "name", "codec"),
    [
        (b"abc", "UTF-8", "utf-8"),
        (b"", "UTF-8", "utf-8"),
        (b"\xef\xbb\xbfabc", "UTF-8", "utf-8"),
        (b"\xff\xfea\0b\0", "UTF-16", "utf-16"),
        (b"\xfe\xff\0a\0b", "UTF-16", "utf-16-be"),
        (b"a\0b\0c\0", "UTF-16", "utf-16-le"),
        (b"\0a\0b\0c", "UTF-16", "utf-16-be"),
        (b"abc\0", "UTF-8", "utf-8"),
        (b"ab\0\0", "UTF-16", "utf-16-be"),
        (b"caf\xe9", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \x80", "Windows-1252", "cp1252"),
        (b"caf\xe9 \x9f", "Windows-1252", "cp1252"),
        (b"caf\xe9 \x80\x81", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \x8d\x80", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \x8f\x80", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \x90\x80", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \x9d\x80", "ISO-8859-1", "iso-8859-1"),
        (b"caf\xe9 \xa0", "ISO-8859-1", "iso-8859-1"),
    ],
)
def test_encodings_of_files(tmp_path, data, name, codec):
    found = source(tmp_path, data)
    assert (found.encoding, found.codec) == (name, codec)
    assert found.name == str(tmp_path / "a.txt")
    assert found.path == tmp_path / "a.txt"
    assert bool(found.messages) is (b"\xe9" in data)


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"a\xe9", 1), (b"a\nb\n\xe9", 3), (b"a\rb\r\xe9", 3), (b"a\r\nb\r\n\xe9", 3)],
)
def test_the_line_that_is_not_utf8(tmp_path, data, line):
    (message,) = source(tmp_path, data).messages
    assert (message.row, message.columns, message.line) == (0, (), line)
    assert (message.severity, message.type) == ("WARNING", "encoding")
    end = "not UTF-8, read as ISO-8859-1; declare it at upload"
    assert message.text == f"line {line}: byte 0xe9: {end}"
    (message,) = source(tmp_path, data, "UTF-8").messages
    assert message.text == f"line {line}: byte 0xe9: not UTF-8"
    assert source(tmp_path, data, "ISO-8859-15").messages == ()


def test_lines_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "_BLOCK", 4)
    (message,) = source(tmp_path, b"ab\ncd\nef\ng\xe9\n").messages
    assert message.line == 4
    assert source(tmp_path, "aé\nbé\ncé\n".encode()).messages == ()
    assert source(tmp_path, b"ab\ncd\n\xe9e \x80\n").encoding == "Windows-1252"


def test_lines_of_sources(tmp_path):
    assert list(Source("x", text="\ufeffa\r\nb\rc").lines()) == ["a\n", "b\n", "c"]
    assert list(source(tmp_path, b"\xef\xbb\xbfa\r\nb").lines()) == ["a\n", "b"]
    assert list(source(tmp_path, b"\xef\xbb\xbf").lines()) == []
    assert list(source(tmp_path, b"").lines()) == []
    made = Source("x")
    assert (made.encoding, made.codec, made.path, made.text) == ("", "", None, "")
    assert made.messages == ()
