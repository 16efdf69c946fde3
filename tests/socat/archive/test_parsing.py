"""Broken lines are reported with their number, and nothing is lost."""

import gzip
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import DataWarning, OceanCO2Error, OptionError, ReadError
from oceanco2.socat.archive.layout import lay_out
from oceanco2.socat.archive.parsing import LineCounts, stream
from oceanco2.socat.archive.preamble import open_socat
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.columns import HEADERS, column_of


def with_cell(line, field, text):
    cells = line.split(b"\t")
    cells[field] = text
    return b"\t".join(cells)


def on_line_5(change):
    """Change the fourth row, which is line 5 of the file."""
    return lambda lines: [*lines[:4], *change(lines), *lines[5:]]


BROKEN = {
    "too few cells": (
        on_line_5(lambda x: [x[4].rsplit(b"\t", 3)[0]]),
        "fields",
        "29 instead of 32",
    ),
    "too many cells": (
        on_line_5(lambda x: [x[4] + b"\t1"]),
        "fields",
        "33 instead of 32",
    ),
    "letters in a number": (
        on_line_5(lambda x: [with_cell(x[4], 14, b"18.2x5")]),
        "number",
        r"SST \[deg.C\] is '18.2x5'",
    ),
    "an O for a zero": (
        on_line_5(lambda x: [with_cell(x[4], 31, b"O")]),
        "number",
        "fCO2rec_flag is 'O'",
    ),
    "infinity": (
        on_line_5(lambda x: [with_cell(x[4], 29, b"inf")]),
        "number",
        "fCO2rec",
    ),
    "30 February": (
        on_line_5(lambda x: [with_cell(with_cell(x[4], 5, b"02"), 6, b"30")]),
        "time",
        "yr 1990, mon 02, day 30",
    ),
    "hour 25": (on_line_5(lambda x: [with_cell(x[4], 7, b"25")]), "time", "hh 25"),
    "no month": (on_line_5(lambda x: [with_cell(x[4], 5, b"NaN")]), "time", "mon NaN"),
    "half a minute": (
        on_line_5(lambda x: [with_cell(x[4], 8, b"1.5")]),
        "time",
        "mm 1.5",
    ),
    "expocode too short": (
        on_line_5(lambda x: [with_cell(x[4], 0, b"26NA1990")]),
        "expocode",
        "'26NA1990'",
    ),
    "expocode of no date": (
        on_line_5(lambda x: [with_cell(x[4], 0, b"26NA19901332")]),
        "expocode",
        "'26NA19901332'",
    ),
    "header again": (on_line_5(lambda x: [x[0]]), "header", "repeated header"),
    "another header": (
        on_line_5(lambda x: [x[0].replace(b"Source_DOI", b"SOCAT_DOI")]),
        "header",
        "the first header is used",
    ),
    "bytes of no letter": (
        on_line_5(lambda x: [with_cell(x[4], 15, b"\x00\xff")]),
        "number",
        "Tequ",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_is_reported_and_the_others_are_read(name, few):
    change, kind, text = BROKEN[name]
    path = few(change)
    whole = read_socat(few(name="whole.tsv"))
    with pytest.warns(DataWarning, match=f"few.tsv, line 5: .*{text}.*; skipped"):
        frame = read_socat(path)
    info = frame.attrs["socat"]
    (problem,) = info["problems"]
    assert (problem["line"], problem["kind"]) == (5, kind)
    assert problem["row"].encode("iso-8859-1", "replace")
    assert info["rows_read"] + info["lines_set_aside"] == info["lines"] == 40
    rest = whole.drop(index=3).reset_index(drop=True)
    for column in ("time", "SST", "fCO2rec"):
        assert frame[column].equals(rest[column])
    with pytest.raises(ReadError, match=r"line 5: .*\(strict\)"):
        read_socat(path, strict=True)


def test_an_expocode_of_many_lines_is_reported_on_each(few):
    def change(lines):
        return [lines[0], *(with_cell(x, 0, b"SHIP") for x in lines[1:])]

    with pytest.warns(DataWarning, match="and 39 more"):
        frame = read_socat(few(change))
    problems = frame.attrs["socat"]["problems"]
    assert frame.empty
    assert [p["line"] for p in problems] == list(range(2, 42))
    assert {p["text"] for p in problems} == {"invalid expocode: 'SHIP'"}


def test_a_truncated_last_line(few, tmp_path):
    whole = few().read_bytes()
    for cut in (40, 3):
        path = tmp_path / "cut.tsv"
        path.write_bytes(whole[:-cut])
        with pytest.warns(DataWarning, match="cut.tsv, line 41: the file ends within"):
            frame = read_socat(path)
        assert len(frame) == 39
        assert frame.attrs["socat"]["problems"][0]["kind"] == "truncated"
        path = tmp_path / "cut.tsv.gz"
        path.write_bytes(gzip.compress(whole[:-cut]))
        with pytest.warns(DataWarning, match="line 41"):
            assert len(read_socat(path)) == 39


def test_a_last_line_without_an_end_is_a_row(few, tmp_path):
    path = tmp_path / "end.tsv"
    path.write_bytes(few().read_bytes().removesuffix(b"\n"))
    with pytest.warns(DataWarning, match="no line end; kept"):
        assert len(read_socat(path)) == 40
    with pytest.warns(DataWarning, match="no line end"):
        assert len(read_socat(path, strict=True)) == 40


def test_files_put_behind_each_other(excerpt_2026, few, tmp_path):
    path = tmp_path / "both.tsv"
    path.write_bytes(excerpt_2026.read_bytes() + few().read_bytes())
    with pytest.warns(DataWarning, match="line 120: repeated header"):
        assert len(read_socat(path)) == 88


def test_empty_lines_are_counted(few):
    frame = read_socat(few(lambda x: [*x[:3], b"", *x[3:], b"", b""]))
    info = frame.attrs["socat"]
    assert (info["rows_read"], info["empty_lines"], info["lines"]) == (40, 3, 43)
    assert info["problems"] == []


def test_a_column_that_stands_twice(few):
    def change(lines):
        return [x + b"\t" + (x.split(b"\t")[14] if i == 0 else b"99") for i, x in
                enumerate(lines)]  # fmt: skip

    whole = read_socat(few(name="whole.tsv"))
    path = few(change)
    with pytest.warns(DataWarning, match="line 1: column 'SST' appears twice"):
        frame = read_socat(path)
    assert frame["SST"].equals(whole["SST"])
    with pytest.raises(ReadError, match="appears twice in the header, as 15 and 33"):
        read_socat(path, strict=True)


def test_a_missing_column(few):
    path = few(lambda x: [b"\t".join(y.split(b"\t")[:13]) for y in x])
    assert len(read_socat(path)) == 40
    with pytest.raises(ReadError, match="line 1 \\(header\\): no column named 'SST'"):
        read_socat(path, ["SST"])
    with pytest.raises(
        ReadError, match="no column 'dist_to_land', which the selection"
    ):
        read_socat(path, region="C")


def test_names_in_messages_stand_once(few):
    path = few(lambda x: [y + b"\t1" for y in x])
    with pytest.raises(OptionError, match="no column named 'Temp'") as record:
        read_socat(path, ["Temp"])
    names = str(record.value).split("Available: ")[1].rstrip(".").split(", ")
    assert len(set(names)) == len(names)


def test_another_column_of_socat_is_no_hint(few):
    path = few(lambda x: [x[0].replace(b"latitude [dec.deg.N]", b"Latitud"), *x[1:]])
    with pytest.raises(
        ReadError, match=r"no column named 'latitude'\. Did you mean 'Latitud'"
    ):
        read_socat(path, ["latitude"])
    path = few(lambda x: [x[0].replace(b"latitude [dec.deg.N]", b"y"), *x[1:]])
    with pytest.raises(ReadError, match=r"no column named 'latitude'\. Available: "):
        read_socat(path, ["latitude"])


def test_a_long_cell_is_shortened_in_a_message(few):
    path = few(on_line_5(lambda x: [with_cell(x[4], 0, b"\0" * 500)]))
    with pytest.warns(DataWarning) as record:
        read_socat(path)
    assert "x00\\x0...';" in str(record[0].message)
    assert len(str(record[0].message)) < 250


def test_a_file_in_utf_16_is_named(few):
    path = few()
    path.write_bytes(path.read_bytes().decode().encode("utf-16"))
    with pytest.warns(DataWarning, match=r"^few\.tsv: is UTF-16"):
        read_socat(path)


def zipped(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return path


def test_of_a_zip_the_only_table_is_read(few, tmp_path):
    table, path = few().read_bytes(), tmp_path / "few.zip"
    about = "This is about a table\tof 40 rows,\tin three\tcells.\n"
    assert len(read_socat(zipped(path, README_txt=about, a_tsv=table))) == 40
    assert len(read_socat(zipped(path, a_tsv=table, empty_txt=""))) == 40
    with pytest.raises(
        ReadError, match=r"must contain one table .* contains a\.tsv, b\.tab$"
    ):
        read_socat(zipped(path, a_tsv=table, README_txt=about, b_tab=table))
    with pytest.raises(
        ReadError, match=r"must contain one table .* contains a\.txt, b\.txt$"
    ):
        read_socat(zipped(path, a_txt=about, b_txt=about))
    with pytest.raises(
        ReadError, match=r"must contain one table .* it contains a\.md$"
    ):
        read_socat(zipped(path, a_md=about))


def test_texts_in_another_encoding(few):
    path = few(on_line_5(lambda x: [with_cell(x[4], 2, b"10.1/\xe9t\xe9")]))
    with pytest.warns(DataWarning, match="line 5: .*ISO-8859-1; kept"):
        frame = read_socat(path)
    assert len(frame) == 40
    assert frame["Source_DOI"][3] == "10.1/été"


def test_no_header_is_one_line(few, tmp_path):
    path = few(lambda x: x[1:])
    with pytest.raises(ReadError, match=r"few\.tsv: no header in 40 lines"):
        read_socat(path)
    (tmp_path / "empty.tsv").write_bytes(b"")
    with pytest.raises(ReadError, match="is empty"):
        read_socat(tmp_path / "empty.tsv")
    with pytest.raises(ReadError, match="no such file"):
        read_socat(tmp_path / "none.tsv")
    (tmp_path / "x.tsv.gz").write_bytes(gzip.compress(few().read_bytes())[:-20])
    with pytest.raises(ReadError, match="cannot be read: "):
        read_socat(tmp_path / "x.tsv.gz")


def read_lines(path, block=700):
    """Rows of the file by line, and the counts of lines."""
    layout, counts = lay_out(open_socat(path)), LineCounts()
    found = {}
    for rows, _ in stream(layout, counts, block=block, workers=1, progress=False):
        for i, line in enumerate(rows.lines.tolist()):
            found[line] = {name: v[i] for name, v in rows.numbers.items()}
    return found, counts


mutations = st.lists(
    st.tuples(
        st.integers(0, 30),
        st.floats(0, 1),
        st.sampled_from(["cut", "insert", "replace", "double", "swap"]),
        st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=8,
)


def mutated(lines, changes):
    lines = list(lines)
    for at, share, how, bits in changes:
        i = 1 + at % (len(lines) - 1)
        line, place = lines[i], int(share * len(lines[i]))
        if how == "cut":
            lines[i] = line[:place]
        elif how == "insert":
            lines[i] = line[:place] + bits + line[place:]
        elif how == "replace":
            lines[i] = line[:place] + bits + line[place + len(bits) :]
        elif how == "double":
            lines.insert(i, line)
        else:
            lines[i] = line[place:] + line[:place]
    return lines


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(changes=mutations)
def test_any_damage_is_reported_and_the_rest_is_read_correctly(changes, few, tmp_path):
    clean = few(name="clean.tsv", rows=30).read_bytes().split(b"\n")[:-1]
    text = b"\n".join(mutated(clean, changes)) + b"\n"
    path = tmp_path / "damaged.tsv"
    path.write_bytes(text)
    found, counts = read_lines(path)
    lines = text.split(b"\n")
    # Line numbers are those of an editor, and each line is accounted for.
    assert counts.lines == text.count(b"\n") - 1
    assert counts.rows + counts.skipped + counts.empty == counts.lines
    assert len(found) == counts.rows
    skipped = {p.line for p in counts.problems if p.skipped}
    assert not skipped & set(found)
    for number, values in found.items():
        cells = lines[number - 1].removesuffix(b"\r").split(b"\t")
        assert len(cells) == len(HEADERS)
        for header, cell in zip(HEADERS, cells, strict=True):
            name = column_of(header).name
            if name in values and not np.isnan(values[name]):
                assert values[name] == float(cell)
    other, same = read_lines(path, block=10**6)
    assert (other.keys(), same) == (found.keys(), counts)


floats = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30)


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(values=floats, data=st.data())
def test_every_printed_number_is_the_double_that_python_reads(values, data, few):
    formats = st.sampled_from(
        ["{:.3f}", "{:.0f}.", "{:.7f}", "{!r}", "{:.17g}", "{:e}"]
    )
    cells = [data.draw(formats).format(value) for value in values]

    def change(lines):
        rows = [with_cell(lines[1], 14, cell.encode()) for cell in cells]
        return [lines[0], *rows]

    frame = read_socat(few(change, rows=1))
    missing = (
        *(-999.0, -999.9, -999.99, -999.999),
        *(-9999.0, -9999.9, -9999.99, -99999.0, -99999.9),
    )
    expected = [np.nan if float(c) in missing else float(c) for c in cells]
    np.testing.assert_array_equal(frame["SST"].to_numpy(), expected)


def test_a_binary_file_is_no_crash(tmp_path):
    rng = np.random.default_rng(0)
    path = tmp_path / "binary.tsv"
    header = "\t".join(HEADERS).encode() + b"\n"
    path.write_bytes(header + rng.integers(0, 256, 50_000, dtype=np.uint8).tobytes())
    with pytest.warns(DataWarning):
        frame = read_socat(path)
    assert isinstance(frame, pd.DataFrame)
    path.write_bytes(b"\xff" * 5000)
    with pytest.raises(OceanCO2Error, match="no header"):
        read_socat(path)
