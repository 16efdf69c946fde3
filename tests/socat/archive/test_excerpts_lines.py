"""Lines of excerpts: preamble, header and cells, complete texts by hand."""

import numpy as np
import pytest

from oceanco2.errors import OptionError, ReadError
from oceanco2.provenance import package_version
from oceanco2.socat import excerpt
from oceanco2.socat.archive.excerpts import LinesWriter, transfer, values_of, writer
from oceanco2.socat.archive.printing import Text
from oceanco2.socat.archive.reading import open_reading
from oceanco2.socat.archive.recomputing import ADDED, DIFFERENCE, NUMBER, VALUE
from oceanco2.socat.archive.table import ArchiveRows
from oceanco2.socat.columns import column_of

NAMES = "Expocode\tversion\tPlatform Name\tInvestigators\tQC_Flag\tmore"
HEADER = (
    "Expocode\tQC_Flag\tyr\tmon\tday\thh\tmm\tss\tlongitude [dec.deg.E]"
    "\tlatitude [dec.deg.N]\tfCO2rec [uatm]\tmy_text"
)
ROWS = [
    "26NA20050107\tA\t2005\t1\t7\t1\t8\t0\t359.5\t60\t350.123\tone",
    "26NA20050107\tA\t2005\t1\t7\t1\t9\t0\t0.5\t61\tNaN\t",
    "33RO20100308\tB\t2010\t3\t8\t23\t59\t60\t180\t-5\t400\ta,b",
]
PREAMBLE = [
    "about it",
    NAMES,
    "26NA20050107\t3\tNautilus\tA. B.\tA\t-",
    "33RO20100308\t3\tRonald\tC. D.\tB\t-",
]
MADE = f"made with oceanco2 {package_version()}"


@pytest.fixture
def plain(tmp_path):
    return written(tmp_path)


def written(tmp_path, preamble=(), end="\n", name="in.tsv", header=HEADER, rows=ROWS):
    path = tmp_path / name
    path.write_bytes("".join(x + end for x in [*preamble, header, *rows]).encode())
    return path


def excerpted(path, columns=None, name="out.tsv", **options):
    out = path.with_name(name)
    excerpt(path, out, columns, workers=1, progress=False, **options)
    assert sorted(p.name for p in out.parent.iterdir()) == sorted([path.name, name])
    text = out.read_bytes().decode()
    out.unlink()
    return text


def joined(lines, end="\n"):
    return "".join(line + end for line in lines)


def test_selected_rows(plain):
    assert excerpted(plain, flags="B") == joined([HEADER, ROWS[2]])
    assert excerpted(plain, flags="A") == joined([HEADER, *ROWS[:2]])
    assert excerpted(plain, flags="C") == joined([HEADER])


def test_selected_columns(plain):
    assert excerpted(plain, "my_text,lat") == joined(
        ["my_text\tlatitude [dec.deg.N]", "one\t60", "\t61", "a,b\t-5"]
    )
    header = "yr\tmon\tday\thh\tmm\tss\tExpocode"
    times = ["2005\t1\t7\t1\t8\t0", "2005\t1\t7\t1\t9\t0", "2010\t3\t8\t23\t59\t60"]
    codes = ["26NA20050107", "26NA20050107", "33RO20100308"]
    expected = joined([header, *map("\t".join, zip(times, codes, strict=True))])
    assert excerpted(plain, ["time", "Expocode"]) == expected
    assert excerpted(plain, ["time", "Expocode", "yr", "time"]) == expected
    assert excerpted(plain, ["hh", "Expocode"]).splitlines()[1] == "1\t26NA20050107"
    with pytest.raises(OptionError, match="no column named 'nothing'"):
        excerpted(plain, ["nothing"])


def test_ends_of_lines_are_kept(tmp_path):
    path = written(tmp_path, end="\r\n")
    assert excerpted(path, flags="B") == joined([HEADER, ROWS[2]], "\r\n")
    assert excerpted(path, ["my_text"]).splitlines(keepends=True)[0] == "my_text\r\n"


def test_commas_and_quotes(plain, tmp_path):
    lines = [HEADER, *ROWS]
    commas = [line.replace("a,b", '"a;b"').replace("\t", ",") for line in lines]
    commas = [line.replace('"a;b"', '"a,b"') for line in commas]
    assert excerpted(plain, name="out.csv") == joined(commas)
    found = excerpted(plain, ["my_text", "yr"], "out.csv")
    assert found == joined(["my_text,yr", "one,2005", ",2005", '"a,b",2010'])
    assert excerpted(plain, ["yr"], "out.csv", flags="A") == joined(
        ["yr", "2005", "2005"]
    )


def test_files_with_commas_are_written_with_tabs(tmp_path):
    rows = [row.replace("a,b", "ab").replace("\t", ",") for row in ROWS]
    path = written(tmp_path, name="in.csv", header=HEADER.replace("\t", ","), rows=rows)
    expected = joined([HEADER, *(row.replace("a,b", "ab") for row in ROWS)])
    assert excerpted(path) == expected
    assert excerpted(path, name="out.csv") == path.read_text()


def test_preambles_of_excerpts_and_copies(tmp_path):
    path = written(tmp_path, PREAMBLE)
    assert excerpted(path) == path.read_text()
    lines = excerpted(path, flags="B").splitlines()
    assert lines == [
        *(PREAMBLE[0], PREAMBLE[1], PREAMBLE[3], ""),
        *(f"Excerpt {MADE}: QC_Flag B", "", HEADER, ROWS[2]),
    ]
    lines = excerpted(path, ["my_text"]).splitlines()
    assert lines[:7] == [*PREAMBLE, "", f"Excerpt {MADE}", ""]
    lines = excerpted(path, ["my_text"], flags="C").splitlines()
    assert lines == [*PREAMBLE, "", f"Excerpt {MADE}: QC_Flag C", "", "my_text"]
    path = written(tmp_path, [*PREAMBLE, ""])
    lines = excerpted(path, flags="AB").splitlines()
    assert lines[:8] == [*PREAMBLE, "", f"Excerpt {MADE}: QC_Flag AB", "", HEADER]


MORE = {
    VALUE: np.array([1.5, np.nan, 400.0]),
    NUMBER: np.array([1, 0, 14], np.int8),
    DIFFERENCE: np.array([-0.25, np.nan, 0.0]),
}
ADDED_HEADER = f"{VALUE} [uatm]\t{NUMBER}\t{DIFFERENCE} [uatm]"
ADDED_CELLS = [
    "1.50000000\t1\t-0.25000000",
    "NaN\t0\tNaN",
    "400.00000000\t14\t0.00000000",
]


def added(path, name="out.tsv", columns=None):
    reading = open_reading(path, columns, also=["Expocode"], workers=1, progress=False)
    out = path.with_name(name)
    with writer(out, reading, columns, ADDED) as target:
        for _ in transfer(reading, target, lambda _: MORE):
            pass
    return out.read_text()


def test_added_columns(tmp_path):
    path = written(tmp_path, PREAMBLE)
    lines = added(path).splitlines()
    assert lines == [
        *(*PREAMBLE, "", f"Copy {MADE}"),
        f"{VALUE}: recommended fCO2, recomputed",
        f"{NUMBER}: algorithm, recomputed",
        f"{DIFFERENCE}: recomputed minus published fCO2rec",
        *("", f"{HEADER}\t{ADDED_HEADER}"),
        *(f"{row}\t{cells}" for row, cells in zip(ROWS, ADDED_CELLS, strict=True)),
    ]
    lines = added(path, "out.csv").splitlines()
    assert lines[0] == f"{HEADER}\t{ADDED_HEADER}".replace("\t", ",")
    assert lines[1] == f"{ROWS[0]}\t{ADDED_CELLS[0]}".replace("\t", ",")
    assert lines[3].endswith(',"a,b",400.00000000,14,0.00000000')
    lines = added(path, columns=["my_text"]).splitlines()
    assert lines[-3] == f"one\t{ADDED_CELLS[0]}"


def test_two_files_with_columns_in_another_order(tmp_path):
    first = written(tmp_path)
    turned = ["\t".join(reversed(x.split("\t"))) for x in [HEADER, *ROWS]]
    second = written(tmp_path, name="b.tsv", header=turned[0], rows=turned[1:])
    out = tmp_path / "out.tsv"
    excerpt([first, second], out, workers=1)
    assert out.read_text() == joined([HEADER, *ROWS, *ROWS])
    few = ["Expocode\tyr\tmon\tday\thh\tmm\tlongitude [dec.deg.E]"]
    few += ["26NA20050107\t2005\t1\t7\t1\t8\t-10"]
    third = written(tmp_path, name="c.tsv", header=few[0], rows=few[1:])
    known = [x.rsplit("\t", 1)[0] for x in [HEADER, *ROWS]]
    first = written(tmp_path, header=known[0], rows=known[1:])
    cells = ["26NA20050107", "N/A", "2005", "01", "07", "01", "08", "00."]
    cells += ["350.00000", "NaN", "NaN"]
    for name, separator in (("out.tsv", "\t"), ("out.csv", ",")):
        excerpt([first, third], tmp_path / name, workers=1)
        last = (tmp_path / name).read_text().splitlines()[4]
        assert last.split(separator) == cells


def test_columns_of_their_own_go_through_a_store(tmp_path):
    path = written(tmp_path)
    excerpt(path, tmp_path / "x.parquet", workers=1)
    excerpt(tmp_path / "x.parquet", tmp_path / "out.tsv", workers=1)
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    assert lines[0] == HEADER
    assert lines[1] == (
        "26NA20050107\tA\t2005\t01\t07\t01\t08\t00.\t359.50000\t60.00000\t350.123\tone"
    )


def test_a_writer_leaves_nothing_after_an_error(plain):
    reading = open_reading(plain, workers=1, progress=False)
    target = writer(plain.with_name("out.tsv"), reading, None)
    assert isinstance(target.__enter__(), LinesWriter)
    error = ReadError("stop")
    assert not target.__exit__(ReadError, error, None)  # the error goes on
    assert [p.name for p in plain.parent.iterdir()] == ["in.tsv"]


def test_values_of_rows_of_any_layout():
    time = np.array(["2005-12-31T23:59:59.5", "1960-02-01T00:00"], "datetime64[ns]")
    words = Text(np.zeros(2, np.int32), [b"A"])
    rows = ArchiveRows(
        {"longitude": np.array([-0.5, 360.0]), "SST": np.array([1.0, 2.0])},
        {"QC_Flag": words},
        time,
        np.arange(2),
        np.empty(0, np.uint8),
        np.zeros((2, 2), np.int64),
    )
    names = ["QC_Flag", "version", "longitude", "latitude", "SST", "yr", "mon", "day"]
    found = values_of(rows, [column_of(name) for name in [*names, "hh", "mm", "ss"]])
    assert found["QC_Flag"] is words
    assert found["version"].labels == [b"N/A"]
    assert found["version"].codes.tolist() == [0, 0]
    numbers = {k: v.tolist() for k, v in found.items() if not isinstance(v, Text)}
    assert np.isnan(numbers.pop("latitude")).all()
    assert numbers == {
        "longitude": [359.5, 360.0],
        "SST": [1.0, 2.0],
        "yr": [2005, 1960],
        "mon": [12, 2],
        "day": [31, 1],
        "hh": [23, 0],
        "mm": [59, 0],
        "ss": [59.5, 0.0],
    }


def test_a_column_of_the_first_file_only(tmp_path):
    """The other file has no such cell: N/A."""
    one = written(tmp_path, name="one.tsv")
    names = HEADER.split("\t")[:-1]
    rows = ["\t".join(row.split("\t")[:-1]) for row in ROWS]
    other = written(tmp_path, name="two.tsv", header="\t".join(names), rows=rows)
    out = tmp_path / "out.tsv"
    excerpt([one, other], out, workers=1, progress=False)
    lines = out.read_text().splitlines()
    assert lines[:4] == [HEADER, *ROWS]
    assert [line.split("\t")[-1] for line in lines[4:]] == ["N/A"] * 3
    assert [line.split("\t")[0] for line in lines[4:]] == [
        r.split("\t")[0] for r in rows
    ]
