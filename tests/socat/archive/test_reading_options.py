"""Defaults, options and reports of readers: all of them handed on, none forgotten."""

import inspect
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from oceanco2.errors import DataWarning, OptionError, ReadError
from oceanco2.socat.archive import excerpts, parsing, reading, recomputing, source
from oceanco2.socat.archive.parsing import _in_order, _progress_bar, _short, _value
from oceanco2.socat.archive.reading import iter_socat, open_reading, read_socat
from oceanco2.socat.grid import parts, sources

HEADER = "Expocode\tQC_Flag\tyr\tmon\tday\thh\tmm\tfCO2rec [uatm]\tSST [deg.C]"
ROW = "26NA20050107\tA\t2005\t1\t7\t1\t{}\t350.5\t10"


@pytest.fixture
def path(tmp_path):
    return written(tmp_path)


def written(tmp_path, change=lambda lines: lines, count=7, name="in.tsv"):
    lines = change([HEADER, *(ROW.format(i) for i in range(count))])
    path = tmp_path / name
    path.write_bytes(b"".join(x.encode("iso-8859-1") + b"\n" for x in lines))
    return path


def broken(lines):
    return [*lines[:3], "broken", "", *lines[3:]]


DEFAULTS = {
    "strict": False,
    "encoding": None,
    "workers": None,
    "progress": None,
    "columns": None,
    "listed": 20,
    "woa": None,
    "ncep": None,
    "chunk_rows": 500_000,
    "part_bytes": 2**28,
    "kind": "pandas",
    "recomputed": False,
    "flagged": False,
    "also": (),
    "chosen": None,
    "block": source.BLOCK,
    "output": None,
    "product": "monthly",
    **dict.fromkeys(["region", "box", "start", "end", "flags", "woce", "src"]),
    "expocodes": None,
}


@pytest.mark.parametrize(
    "function",
    [
        *(read_socat, iter_socat, open_reading, excerpts.excerpt),
        *(recomputing.recompute, sources.open_for_grid, sources.accumulate),
        *(parts.split_socat, parts.delayed_socat),
    ],
)
def test_defaults(function):
    parameters = inspect.signature(function).parameters.values()
    found = {p.name: p.default for p in parameters if p.default is not p.empty}
    assert found == {name: DEFAULTS[name] for name in found}


READERS = {
    "read": read_socat,
    "iterate": lambda path, **words: list(iter_socat(path, **words)),
    "excerpt": lambda path, **words: excerpts.excerpt(
        path, path.with_name("out.tsv"), **words
    ),
    "recompute": recomputing.recompute,
    "grid": sources.open_for_grid,
}


@pytest.mark.parametrize("name", READERS)
def test_options_are_handed_on(name, path, monkeypatch):
    given = {}

    def open_nothing(paths, columns=None, **options):
        given.update(options)
        raise ReadError("stop")

    for module in (reading, excerpts, recomputing, sources):
        monkeypatch.setattr(module, "open_reading", open_nothing)
    options = {
        "encoding": "utf-8",
        "strict": True,
        "workers": 3,
        "progress": False,
    }
    with pytest.raises(ReadError, match="stop"):
        READERS[name](path, **options, flags="AB", src=[1], end="2010")
    assert options.items() <= given.items()
    assert str(given["chosen"]) == (
        "before 2011-01-01T00:00:00.000000000; QC_Flag AB; fCO2rec_src 1"
    )


def test_options_of_a_reading(path):
    found = open_reading([path], workers=3, block=50, progress=False, strict=True)
    assert found.options == {"workers": 3, "block": 50, "progress": False}
    assert found.counts.strict
    assert found.chosen.is_all
    assert found.files[0].name == "in.tsv"
    assert found.columns == ("Expocode", "QC_Flag", "time", "fCO2rec", "SST")
    assert open_reading(path, " SST , time ").columns == ("time", "SST")
    assert open_reading(path, ["SST"], also=["fCO2rec", "sal"]).columns == (
        *("fCO2rec", "SST"),
    )
    assert not open_reading(path).counts.strict
    for encoding in ("utf-8", "iso-8859-1"):
        assert open_reading(path, encoding=encoding).files[0].encoding == encoding
    for workers in (0, -1, 1.0, "1"):
        with pytest.raises(OptionError, match="workers must be 1 or more, not"):
            open_reading(path, workers=workers)


def test_columns_of_several_files_in_their_order(tmp_path, path):
    other = written(
        tmp_path,
        lambda lines: [x + ("\tsal" if x == HEADER else "\t35") for x in lines],
        name="other.tsv",
    )
    both = open_reading([path, other])
    assert both.columns == ("Expocode", "QC_Flag", "time", "fCO2rec", "SST", "sal")
    frame = read_socat([path, other])
    assert frame["sal"].isna().sum() == 7
    assert len(frame) == 14
    assert list(read_socat(path, "SST, time,SST")) == ["SST", "time"]
    assert list(read_socat(path, ["SST"], flags="A")) == ["SST"]


def test_report(tmp_path):
    path = written(tmp_path, broken)
    with pytest.warns(DataWarning) as record:
        frame = read_socat(path, flags="A")
    (warning,) = record
    assert str(warning.message) == (
        "in.tsv, line 4: the number of cells differs from the header: 1 instead of 9;"
        " skipped; 9 lines: 7 rows read, 1 skipped, 1 empty"
        " (1 x the number of cells differs from the header)"
    )
    info = frame.attrs["socat"]
    (file,) = info.pop("files")
    assert (file["file"], file["header_line"]) == ("in.tsv", 1)
    (problem,) = info.pop("problems")
    assert (problem["line"], problem["row"]) == (4, "broken")
    assert info == {
        "selection": "QC_Flag A",
        "lines": 9,
        "rows_read": 7,
        "rows_selected": 7,
        "lines_set_aside": 1,
        "empty_lines": 1,
        "problems_not_listed": 0,
    }
    with pytest.warns(DataWarning, match=r"; skipped \(and 1 more\); 9 lines"):
        read_socat(written(tmp_path, lambda x: [*x, "a", "b"]))


def test_a_table_keeps_few_problems(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "KEPT", 2)
    path = written(tmp_path, lambda x: [*x, "a", "b", "c", "d"])
    with pytest.warns(DataWarning):
        info = read_socat(path).attrs["socat"]
    assert [x["row"] for x in info["problems"]] == ["a", "b"]
    assert info["problems_not_listed"] == 2


@pytest.mark.parametrize(("rows", "sizes"), [(1, [1] * 7), (3, [3, 3, 1]), (7, [7])])
def test_chunks(rows, sizes, path):
    found = list(iter_socat(path, "time", chunk_rows=rows))
    assert [len(part) for part in found] == sizes
    whole = pd.concat(found, ignore_index=True)
    assert whole["time"].tolist() == read_socat(path)["time"].tolist()
    with pytest.raises(OptionError, match="chunk_rows must be 1 or more, not 0"):
        next(iter_socat(path, chunk_rows=0))


def test_chunks_warn_at_the_end(tmp_path):
    chunks = iter_socat(written(tmp_path, broken), chunk_rows=100)
    assert len(next(chunks)) == 7
    with pytest.warns(DataWarning, match="line 4"):
        assert next(chunks, None) is None


@pytest.mark.parametrize("block", [20, 60, 1000])
@pytest.mark.parametrize("workers", [1, 2])
def test_lines_of_blocks_have_the_numbers_of_the_file(block, workers, tmp_path):
    path = written(tmp_path, lambda x: broken(x + x[1:]))
    found = open_reading(path, block=block, workers=workers, progress=False)
    lines = [i for rows, _ in found.pieces() for i in rows.lines.tolist()]
    assert lines == [2, 3, *range(6, 18)]
    assert found.counts.lines == 16
    assert [p.line for p in found.counts.problems] == [4]
    counted = found.counts
    assert (counted.rows, counted.selected, counted.empty, counted.skipped) == (
        *(14, 14, 1, 1),
    )


def test_results_come_in_the_order_of_the_jobs():
    jobs = [(i, i + 1) for i in range(20)]
    for workers in (1, 2, 5):
        assert list(_in_order(lambda a, b: (a, b), iter(jobs), workers)) == jobs
    assert list(_in_order(lambda: None, iter([]), 2)) == []


def test_few_jobs_are_read_ahead():
    taken = []

    def jobs():
        for i in range(20):
            taken.append(i)
            yield (i,)

    results = _in_order(lambda i: i, jobs(), 2)
    assert next(results) == 0
    assert len(taken) == 4  # one more than two threads and one to wait
    results.close()


@pytest.mark.parametrize("shown", [True, False])
def test_progress(shown, capsys, monkeypatch):
    with _progress_bar("in.tsv", 10, shown) as advance:
        advance(10)
    assert ("in.tsv" in capsys.readouterr().err) == shown
    terminal = SimpleNamespace(isatty=lambda: shown, write=print, flush=lambda: None)
    monkeypatch.setattr(parsing.sys, "stderr", terminal)
    with _progress_bar("in.tsv", 10, None) as advance:
        advance(10)
    assert ("in.tsv" in capsys.readouterr().out) == shown


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(
            (text, np.nan)
            for text in ("", "NaN", "NA", "n/a", "Null", "-", "--", "-----")
        ),
        *(
            (text, None)
            for text in ("------", "x", "1e", "1,5", "+-1", "inf", ".", "e5")
        ),
        *(
            ("+1", 1.0),
            ("-1.5e2", -150.0),
            (".5E-1", 0.05),
            ("7.", 7.0),
            ("12e+1", 120.0),
        ),
        *((text, np.nan) for text in ("-999", "-9999.0", "-9.99e2", "-99999.9")),
        *(("-998", -998.0), ("999", 999.0)),
    ],
)
def test_cells_of_unusual_format(cell, value):
    found = _value(cell)
    if value is None:
        assert found is None
    else:
        np.testing.assert_array_equal(found, value)


def test_short_texts():
    assert _short("a" * 38) == repr("a" * 38)
    assert _short("a" * 39) == "'" + "a" * 35 + "...'"
