"""Files of every version and container are the same table; pandas is the witness."""

import gzip
import io
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest

import oceanco2
from oceanco2.errors import OptionError, OutputError, ReadError
from oceanco2.socat import excerpt
from oceanco2.socat.archive.preamble import open_socat
from oceanco2.socat.archive.reading import iter_socat, open_reading, read_socat
from oceanco2.socat.archive.recomputing import recompute
from oceanco2.socat.archive.table import Table
from oceanco2.socat.columns import column_of
from oceanco2.socat.grid.parts import split_socat

FILES = (
    ("SOCATv2026_mini_excerpt.tsv", 70, 48),
    ("PAT520150211_SOCATv4_enhanced_rows.tsv", 0, 100),
    ("PAT520150211_SOCATv4_synthesis_rows_regionC.tsv", 0, 62),
)


def by_pandas(path, above=0):
    return pd.read_csv(
        path, sep="\t", skiprows=above, na_values=["NaN"], keep_default_na=False,
        dtype={"Expocode": str, "QC_Flag": str, "version": str},
    )  # fmt: skip


def assert_same(ours, theirs):
    """Every value of every column, and times."""
    for header in theirs:
        name = column_of(header).name
        if name in ("yr", "mon", "day", "hh", "mm", "ss"):
            continue
        expected = theirs[header].to_numpy()
        if column_of(header).kind == "text":
            assert ours[name].astype(str).tolist() == expected.tolist(), name
        else:
            np.testing.assert_array_equal(ours[name].to_numpy(float), expected, name)
    t = theirs
    parts = {"year": t.yr, "month": t.mon, "day": t.day, "hour": t.hh, "minute": t.mm}
    times = pd.to_datetime(parts) + pd.to_timedelta(t.ss, unit="s")
    np.testing.assert_array_equal(
        ours["time"].to_numpy(), times.to_numpy().astype("datetime64[ns]")
    )


@pytest.mark.parametrize(("file", "above", "rows"), FILES)
def test_published_files_as_pandas_reads_them(file, above, rows, reference_data):
    path = reference_data / "socat" / file
    ours = read_socat(path)
    assert len(ours) == rows
    assert_same(ours, by_pandas(path, above))
    assert ours.attrs["socat"]["problems"] == []


def test_a_made_file_as_pandas_reads_it(made):
    theirs = by_pandas(made)
    assert_same(oceanco2.read_socat(made), theirs)
    assert ours_is_typed(oceanco2.read_socat(made))


def ours_is_typed(frame):
    kinds = {str(frame[n].dtype) for n in ("fCO2rec_src", "fCO2rec_flag")}
    return kinds == {"int16"} and str(frame["Expocode"].dtype) == "category"


def test_what_a_preamble_tells(excerpt_2026):
    file = open_socat(excerpt_2026)
    assert (file.version, file.line, file.encoding) == ("2026", 71, "utf-8")
    assert len(file.data_sets) == 8
    assert file.data_sets[1]["Platform Name"] == "Polarstern"
    assert len(file.artificial_times) == 7
    assert file.artificial_times[-1] == "316N19971005"
    known = file.attributes["DOI of the entire SOCAT collection"]
    assert known == "10.25921/8dba-fr90"


def test_a_pangaea_file(data_set):
    path = next(data_set("socatv3_pangaea_26NA20050107").glob("*.tab"))
    frame = read_socat(path)
    assert len(frame) == 526
    assert set(frame["Expocode"]) == {"26NA20050107"}
    assert set(frame["QC_Flag"]) == {"C"}
    assert set(frame["fCO2rec_src"]) == {6}
    assert frame["time"].iloc[0] == pd.Timestamp("2005-01-07T01:08")
    first = frame.iloc[0]
    assert (first["WOA_SSS"], first["NCEP_SLP"], first["GVCO2"]) == (
        34.736,
        980,
        382.479,
    )
    assert frame["fCO2rec"].equals(frame["fCO2water_SST_wet"])


def changed(name, text):
    """The same file in another shape: name and bytes."""
    if name.endswith(".gz"):
        return gzip.compress(text)
    if name.endswith(".zip"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.md", "about it")
            archive.writestr("a/b.tsv", text)
        return file.getvalue()
    return {
        "crlf.tsv": lambda: text.replace(b"\n", b"\r\n"),
        "cr.tsv": lambda: text.replace(b"\n", b"\r"),
        "utf16.tsv": lambda: text.decode().encode("utf-16"),
        "bom.tsv": lambda: b"\xef\xbb\xbf" + text,
        "v2.tsv": lambda: text.replace(b"dist_to_land", b"d2l").replace(
            b"version\tSource_DOI\tQC_Flag", b"version\tSOCAT_DOI\tQC_ID"
        ),
        "blanks.tsv": lambda: text.replace(b"fCO2rec_flag\n", b"fCO2rec_flag \n"),
        "comma.csv": lambda: text.replace(b"\t", b","),
        "padded.tsv": lambda: text.replace(b"\t", b" \t  "),
    }[name]()


@pytest.mark.parametrize(
    "name",
    ["crlf.tsv", "cr.tsv", "utf16.tsv", "bom.tsv", "v2.tsv", "blanks.tsv", "comma.csv",
     "padded.tsv", "x.tsv.gz", "x_enhanced.zip"],
)  # fmt: skip
def test_other_containers_ends_and_versions(name, made, tmp_path):
    path = tmp_path / name
    path.write_bytes(changed(name, made.read_bytes()))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore" if name == "utf16.tsv" else "error")
        found = read_socat(path)
    pd.testing.assert_frame_equal(found, read_socat(made))


def test_latin_letters_in_preamble_and_rows(few):
    def change(lines):
        return ["PIs: Körtzinger".encode("iso-8859-1"), *lines]

    with pytest.warns(oceanco2.errors.DataWarning, match="line 1: is not UTF-8"):
        frame = read_socat(few(change))
    assert len(frame) == 40
    with pytest.raises(ReadError, match="line 1: is not UTF-8"):
        read_socat(few(change), encoding="utf-8")


def test_columns_in_another_order_and_few_of_them(made, few):
    whole = read_socat(made).head(40)
    order = [29, 13, 9, 8, 7, 6, 5, 4, 10, 11, 0]

    def change(lines):
        return [b"\t".join(x.split(b"\t")[i] for i in order) for x in lines]

    found = read_socat(few(change))
    assert list(found) == [
        "fCO2rec", "sal", "time", "longitude", "latitude", "Expocode",
    ]  # fmt: skip
    for name in found:
        assert found[name].astype(str).tolist() == whole[name].astype(str).tolist()
    assert list(read_socat(made, ["lat", "fco2", "time"])) == [
        "latitude", "fCO2rec", "time",
    ]  # fmt: skip


def test_sixty_seconds_are_the_next_minute_and_360_degrees_stay(few):
    def change(lines):
        cells = lines[1].split(b"\t")
        cells[4:11] = b"2020 12 31 23 59 60. 360.00000".split()
        return [lines[0], b"\t".join(cells)]

    frame = read_socat(few(change))
    assert frame["time"][0] == pd.Timestamp("2021-01-01")
    assert frame["longitude"][0] == 360.0
    assert len(read_socat(few(change), box=(-1, -90, 1, 90))) == 1


def test_numbers_printed_in_other_ways(few):
    printed = ["5", "+5.25", " 7.5 ", "1e2", "-.5", "1.2345678901234567"]
    expected = [5, 5.25, 7.5, 100, -0.5, 1.2345678901234567, *[np.nan] * 4]
    printed += ["", "nan", "N/A", "-999"]

    def change(lines):
        for i, text in enumerate(printed, 1):
            cells = lines[i].split(b"\t")
            cells[14] = text.encode()
            lines[i] = b"\t".join(cells)
        return lines[: len(printed) + 1]

    assert read_socat(few(change))["SST"].tolist() == pytest.approx(
        expected, nan_ok=True
    )


@pytest.mark.parametrize("chunk", [1, 977, 3000, 10**6])
def test_chunks_are_the_table(made, chunk):
    size = 40 if chunk == 1 else None
    whole = read_socat(made, expocodes="06AQ19900101" if size else None)
    parts = []
    for part in iter_socat(
        made, chunk_rows=chunk, expocodes="06AQ19900101" if size else None
    ):
        parts.append(part)
        if len(parts) == size:
            break
    assert all(len(part) == chunk for part in parts[:-1])
    joined = pd.concat([p.astype({"Expocode": str}) for p in parts], ignore_index=True)
    assert joined["Expocode"].tolist() == whole["Expocode"].tolist()[: len(joined)]
    for name in ("time", "fCO2rec", "fCO2rec_src"):
        assert joined[name].equals(whole[name].head(len(joined)))


def read_in(path, **options):
    reading = open_reading(path, **options)
    table = Table(reading.columns)
    for rows, _ in reading.pieces():
        table.add(rows)
    return table.frame(), reading.counts


def test_threads_and_pieces_change_nothing(made, excerpt_2026):
    for path in (made, excerpt_2026):
        whole, counts = read_in(path, workers=1)
        for block, workers in ((997, 1), (5000, 3), (100_000, 2)):
            if path == made and block < 5000:
                continue
            frame, counts_again = read_in(path, block=block, workers=workers)
            pd.testing.assert_frame_equal(frame, whole)
            assert counts_again == counts


def test_several_files_are_read_one_after_the_other(made, excerpt_2026):
    both = read_socat([excerpt_2026, made])
    assert len(both) == 6_048
    assert both["Expocode"].iloc[0] == "06AQ19911114"


SELECTIONS = {
    "region": ({"region": "R"}, lambda d: d.latitude > 66, 7),
    "name": ({"region": "arctic"}, lambda d: d.latitude > 66, 7),
    "global": ({"region": "G"}, lambda d: d.latitude > -91, 48),
    "box": (
        {"box": "350,-90,10,90"},
        lambda d: (d.longitude >= 350) | (d.longitude <= 10),
        None,
    ),
    "date line": (
        {"box": (170, -90, -150, 90)},
        lambda d: d.longitude.between(170, 210),
        6,
    ),
    "start": ({"start": "2020"}, lambda d: d.time >= "2020-01-01", 8),
    "end": ({"end": "2008-07-31"}, lambda d: d.time < "2008-08-01", None),
    "flags": ({"flags": "BC"}, lambda d: d.QC_Flag.isin(["B", "C"]), None),
    "src": ({"src": "6,8"}, lambda d: d.fCO2rec_src.isin([6, 8]), 12),
    "woce": ({"woce": 2}, lambda d: d.fCO2rec_flag == 2, 48),
    "expocodes": (
        {"expocodes": "06AQ*"},
        lambda d: d.Expocode.str.startswith("06AQ"),
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SELECTIONS)
def test_selections(name, excerpt_2026):
    options, condition, count = SELECTIONS[name]
    whole = read_socat(excerpt_2026)
    found = read_socat(excerpt_2026, **options)
    expected = whole[condition(whole.astype({"Expocode": str, "QC_Flag": str}))]
    assert found["time"].tolist() == expected["time"].tolist()
    assert 0 < len(found) <= 48
    if count is not None:
        assert len(found) == count


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"region": "Atlantis"}, "no region named 'Atlantis'"),
        ({"box": "1,2,3"}, "four numbers"),
        ({"box": (0, 50, 10, 40)}, "south first"),
        ({"start": "yesterday"}, "start must be a time such as 2010"),
        ({"flags": "Y"}, "flags must be one or more of A, B"),
        ({"flags": "Q"}, "one or more of A, B, .*, not 'Q'$"),
        ({"src": 15}, "13, 14, not 15$"),
        ({"woce": "good"}, "2, 3, 4, 9"),
        ({"woce": 7}, "woce must be one or more of 2, 3, 4, 9, not 7"),
        ({"start": "2012", "end": "2011"}, "start 2012 must be before end 2011"),
        ({"workers": 0}, "workers must be 1 or more, not 0"),
        ({"workers": "2"}, "workers must be 1 or more, not '2'"),
        ({"columns": ["fCO2wreck"]}, "Did you mean 'fCO2rec'"),
        ({"encoding": "ebcdic"}, "'utf-8'"),
    ],
)
def test_options_that_cannot_be(options, message, excerpt_2026):
    with pytest.raises(OptionError, match=message):
        read_socat(excerpt_2026, **options)


@pytest.mark.parametrize(
    "read",
    [
        lambda path, **words: list(iter_socat(path, **words)),
        lambda path, **words: excerpt(path, path.with_name("out.tsv"), **words),
        recompute,
        split_socat,
        oceanco2.grid,
    ],
)
def test_a_word_that_is_no_option(read, few):
    path = few()
    with pytest.raises(
        OptionError, match=r"no option named 'regoin'\. Did you mean 'region'"
    ):
        read(path, regoin="AR")
    assert sorted(path.parent.iterdir()) == [path]


def test_start_and_end_can_be_the_same_day(excerpt_2026):
    day = str(read_socat(excerpt_2026, "time")["time"][0])[:10]
    assert len(read_socat(excerpt_2026, start=day, end=day)) > 0


def test_codes_of_version_2_are_flags(few):
    def change(lines):
        lines = [
            b"\t".join([*x.split(b"\t")[:3], b"11", *x.split(b"\t")[4:]]) for x in lines
        ]
        lines[0] = lines[0].replace(b"\t11\t", b"\tQC_ID\t")
        return lines

    assert len(read_socat(few(change), flags="A")) == 40
    assert len(read_socat(few(change), flags="B")) == 0


@pytest.mark.parametrize(
    "read",
    [
        read_socat,
        lambda paths: list(iter_socat(paths)),
        split_socat,
        recompute,
        lambda paths: excerpt(paths, paths[0].with_name("out.tsv")),
    ],
)
def test_a_file_given_twice_is_refused(read, few):
    path = few()
    with pytest.raises(OptionError, match=r"few\.tsv: is given more than once"):
        read([path, path.parent / "." / path.name])
    assert sorted(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("write", [recompute, excerpt])
def test_what_is_read_is_not_written_over(write, few):
    path = few()
    before = path.read_bytes()
    with pytest.raises(
        OutputError, match="is also an input; choose another output file"
    ):
        write([path], path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("paths", [None, 5, [None]])
def test_an_argument_that_is_no_path_gives_an_error(paths):
    with pytest.raises(OptionError, match="paths must be str or Path, not"):
        read_socat(paths)
