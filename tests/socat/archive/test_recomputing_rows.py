"""What is recomputed of rows, and every number of the report on it."""

import numpy as np
import pytest

from oceanco2.errors import OutputError, ReadError
from oceanco2.socat.archive import recomputing
from oceanco2.socat.archive.printing import Text
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.archive.recomputing import (
    DIFFERENCE,
    INPUTS,
    NUMBER,
    VALUE,
    Agreement,
    Recomputer,
    recompute,
)
from oceanco2.socat.archive.table import ArchiveRows

NAN = np.nan
HEADER = (
    "Expocode\tyr\tmon\tday\thh\tmm\tlongitude [dec.deg.E]\tlatitude [dec.deg.N]"
    "\tSST [deg.C]\tfCO2water_SST_wet [uatm]\tfCO2rec [uatm]\tfCO2rec_src"
)
CELLS = ["350.0\t350.0\t1", "351.0\t351.5\t1", "352.0\tNaN\t2", "NaN\tNaN\tNaN"]
ROWS = [
    f"26NA20050107\t2005\t1\t7\t1\t{i}\t0.5\t60\t10\t{c}" for i, c in enumerate(CELLS)
]


def written(tmp_path, header=HEADER, rows=ROWS, name="in.tsv"):
    path = tmp_path / name
    path.write_text("".join(f"{line}\n" for line in [header, *rows]))
    return path


def test_inputs_are_those_of_the_algorithms():
    assert (
        *("SST", "Tequ", "sal", "WOA_SSS", "Pequ", "PPPP", "NCEP_SLP"),
        *("xCO2water_equ_dry", "xCO2water_SST_dry", "pCO2water_equ_wet"),
        *("pCO2water_SST_wet", "fCO2water_equ_wet", "fCO2water_SST_wet"),
    ) == INPUTS
    assert (
        *("fCO2rec_oceanco2", "fCO2rec_src_oceanco2", "fCO2rec_difference_oceanco2"),
    ) == (VALUE, NUMBER, DIFFERENCE)
    assert recomputing.TOLERANCE == 0.001
    assert (recomputing._STEP, recomputing._STEPS) == (1e-6, 100_000)


def test_a_report_by_hand(tmp_path):
    report = recompute(written(tmp_path), workers=1, progress=False)
    listed = report.pop("rows_listed")
    number = listed[0]["recomputed_src"]  # fCO2 at SST is taken as it is
    assert report.pop("src") == {"0": 1, str(number): 3}
    assert report.pop("files")[0]["file"] == "in.tsv"
    missing = [n for n in INPUTS if n not in ("SST", "fCO2water_SST_wet")]
    assert report == {
        "rows": 4,
        "compared": 2,
        "max_difference": 0.5,
        "median_difference": 0.0,
        "tolerance": 0.001,
        "rows_beyond": 1,
        "rows_with_one_value": 1,
        "src_compared": 3,
        "src_same": 0,
        "src_share": 0.0,
        "missing_columns": {"in.tsv": missing},
        "selection": "all rows",
        "lines": 4,
        "rows_read": 4,
        "rows_selected": 4,
        "lines_set_aside": 0,
        "empty_lines": 0,
        "problems_not_listed": 0,
        "problems": [],
    }
    base = {"file": "in.tsv", "expocode": "26NA20050107", "recomputed_src": number}
    assert listed == [
        base | {"line": 2, "published": 350, "recomputed": 350, "published_src": 1},
        base | {"line": 3, "published": 351.5, "recomputed": 351, "published_src": 1},
        base | {"line": 4, "published": None, "recomputed": 352, "published_src": 2},
    ]
    few = recompute(written(tmp_path), listed=1, workers=1)["rows_listed"]
    assert [row["line"] for row in few] == [2]
    assert recompute(written(tmp_path), listed=0, workers=1)["rows_listed"] == []


def test_columns_that_are_written(tmp_path):
    path = written(tmp_path)
    recompute(path, tmp_path / "out.tsv", workers=1)
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    added = [line.split("\t")[12:] for line in lines]
    assert [line.split("\t")[:12] for line in lines] == [
        line.split("\t") for line in [HEADER, *ROWS]
    ]
    assert added[1][0] == "350.00000000"
    assert [cells[2] for cells in added[1:]] == [
        "0.00000000",
        "-0.50000000",
        "NaN",
        "NaN",
    ]
    assert added[4][:2] == ["NaN", "0"]
    frame = read_socat(tmp_path / "out.tsv")
    assert frame[DIFFERENCE].tolist()[:2] == [0.0, -0.5]


def test_files_without_published_values(tmp_path):
    header, rows = HEADER.rsplit("\t", 2)[0], [r.rsplit("\t", 2)[0] for r in ROWS]
    report = recompute(written(tmp_path, header, rows), workers=1)
    assert (report["compared"], report["src_compared"]) == (0, 0)
    assert report["max_difference"] is report["median_difference"] is None
    assert report["src_share"] is None
    assert report["rows_listed"] == []
    assert report["rows_with_one_value"] == 0


def test_what_cannot_be_recomputed(tmp_path):
    path = written(tmp_path)
    with pytest.raises(OutputError, match="is also an input"):
        recompute(path, tmp_path / "woa.nc", woa=tmp_path / "woa.nc")
    with pytest.raises(OutputError, match="is also an input"):
        recompute(path, tmp_path / "ncep.nc", ncep=tmp_path / "ncep.nc")
    plain = HEADER.replace("longitude [dec.deg.E]", "x").replace("hh", "y")
    for header, option in (
        *((plain, "woa"), (plain, "ncep")),
        (HEADER.replace("latitude [dec.deg.N]", "z"), "ncep"),
        (HEADER.replace("\tmm\t", "\tz\t"), "woa"),
    ):
        wrong = written(tmp_path, header, name="wrong.tsv")
        with pytest.raises(
            ReadError,
            match=rf"^wrong.tsv, line 1: --{option} needs time, longitude and latitude",
        ):
            recompute(wrong, **{option: tmp_path / "none.nc"})
    header = HEADER.replace("fCO2water_SST_wet [uatm]", "x")
    with pytest.raises(ReadError, match="the header has none of xCO2water_equ_dry, "):
        recompute(written(tmp_path, header))


def archive_rows(**numbers):
    size = len(next(iter(numbers.values())))
    return ArchiveRows(
        {name: np.array(values, float) for name, values in numbers.items()},
        {"Expocode": Text(np.zeros(size, np.int32), [b" A "])},
        None,
        np.arange(size),
        np.empty(0, np.uint8),
        np.zeros((size, 2), np.int64),
        "a.tab",
    )


def test_values_of_pangaea_that_repeat():
    rows = archive_rows(
        SST=[10, 10, 10], Tequ=[11, 11, 11], sal=[35] * 3, Pequ=[1013] * 3,
        fCO2water_equ_wet=[350, 360, 350], fCO2water_SST_wet=[350, 350, NAN],
    )  # fmt: skip
    plain = Recomputer()(rows)
    assert sorted(plain) == sorted([VALUE, NUMBER, DIFFERENCE])
    assert plain[NUMBER].dtype == np.int8
    assert np.isnan(plain[DIFFERENCE]).all()
    other = Recomputer(from_pangaea=frozenset(["a.tab"]))(rows)
    assert other[VALUE][0] == 350.0  # not converted from the other temperature
    assert other[NUMBER][0] != plain[NUMBER][0]
    assert other[NUMBER][1:].tolist() == plain[NUMBER][1:].tolist()
    assert Recomputer(from_pangaea=frozenset(["b.tab"]))(rows)[NUMBER].tolist() == (
        plain[NUMBER].tolist()
    )


def test_counts_of_several_chunks():
    result = Agreement(listed=2)
    published = np.array([400.0, NAN, 402.0])
    rows = archive_rows(fCO2rec=published, fCO2rec_src=[1, NAN, 2])
    values = np.array([400.001, 401.0, 402.2])
    results = {
        VALUE: values,
        NUMBER: np.array([1, 1, 14], np.int8),
        DIFFERENCE: np.array([0.001, NAN, 0.2]),
    }
    for _ in range(2):
        result.add(rows, results, "a")
    assert (result.rows, result.compared, result.beyond, result.one_sided) == (
        6,
        4,
        2,
        2,
    )
    assert (result.numbered, result.same) == (4, 2)
    assert result.largest == 0.2
    assert result.median == pytest.approx(0.001, abs=1.5e-6)
    report = result.as_dict()
    assert report["src"] == {"1": 4, "14": 2}
    assert report["src_share"] == 0.5
    assert [row["line"] for row in report["rows_listed"]] == [1, 2]
    assert report["rows_listed"][0]["expocode"] == "A"
    larger = Agreement()
    results[DIFFERENCE] = np.array([5.0, 7.0, -9.0])
    larger.add(rows, results, "a")
    assert larger.median == pytest.approx(0.1)  # the greatest that is resolved
    assert larger.largest == 9.0
    empty = archive_rows(fCO2rec=[])
    none = {VALUE: np.zeros(0), NUMBER: np.zeros(0, np.int8), DIFFERENCE: np.zeros(0)}
    larger.add(empty, none, "a")
    assert larger.rows == 3
    assert Agreement().listed == 20
