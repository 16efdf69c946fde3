"""Options, attributes and complete text files of grids, on files of a few rows."""

import hashlib
import inspect
import json
from collections import Counter

import numpy as np
import pytest
import xarray as xr

import oceanco2
from oceanco2.errors import DataWarning, OptionError, ReadError
from oceanco2.grids import dataset_number
from oceanco2.provenance import package_version
from oceanco2.socat import grid as room
from oceanco2.socat.archive.reading import open_reading, read_socat
from oceanco2.socat.archive.recomputing import INPUTS
from oceanco2.socat.grid import grid_and_report, sources
from oceanco2.socat.grid.parts import Part, split_socat
from oceanco2.socat.grid.sources import (
    Choice,
    accumulate,
    file_rows,
    observations,
    open_files,
    open_for_grid,
)
from oceanco2.socat.grid.text import write_grid_text

HEADER = (
    "Expocode\tQC_Flag\tyr\tmon\tday\thh\tmm\tss\tlongitude [dec.deg.E]"
    "\tlatitude [dec.deg.N]\tSST [deg.C]\tsal\tfCO2water_SST_wet [uatm]"
    "\tfCO2rec [uatm]\tfCO2rec_flag"
)
ROWS = [
    "26NA19700107\tA\t1970\t1\t7\t1\t0\t0\t0.5\t60.5\t10\t35\t350.5\t351.5\t2",
    "26NA19700107\tA\t1970\t1\t7\t1\t0\t0\t0.5\t60.5\t10\t35\t350.5\t351.5\t2",
    "26NA19700107\tA\t1970\t1\t7\t2\t0\t0\t0.5\t60.5\t12\tNaN\t352.5\t353.5\t3",
    "33RO19700308\tE\t1970\t1\t8\t0\t0\t0\t0.25\t60.25\t8\t33\t360\t361\t2",
]
CONDITIONS = (
    "data sets with flag A, B, C, D (where they have one), fCO2 with flag 2, exact"
    " duplicates once"
)


def written(tmp_path, rows=ROWS, name="in.tsv", header=HEADER):
    path = tmp_path / name
    path.write_text("".join(f"{line}\n" for line in [header, *rows]))
    return path


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    return written(tmp_path)


def numbers(ds):
    cell = ds.sel(ylat=60.5, xlon=0.5).isel(tmnth=0)
    names = ("count_ncruise", "fco2_count_nobs", "fco2_ave_unwtd", "sst_ave_unwtd")
    return [float(cell[name]) for name in (*names, "salinity_ave_unwtd")]


def test_defaults():
    for function in (oceanco2.grid, room.grid_and_report, Part, Part.accumulate):
        found = {
            p.name: p.default
            for p in inspect.signature(function).parameters.values()
            if p.default is not p.empty
        }
        expected = {
            "product": "monthly",
            "flags": "ABCD",
            "woce": (2,),
            "duplicates": "once",
            "recomputed": False,
            "name": None,
            "window": (),
            "columns": None,
        }
        found.pop("filters", None)
        assert found == {name: expected[name] for name in found}
    chosen = Choice()
    assert (chosen.flags, chosen.woce) == ("ABCD", (2,))
    assert (chosen.duplicates, chosen.recomputed) == ("once", False)


@pytest.mark.parametrize(
    ("options", "expected", "left_out"),
    [
        (
            {},
            [1, 1, 351.5, 10, 35],
            {"exact duplicate": 1, "fCO2 flag not wanted": 1,
             "data set flag not wanted": 1},
        ),
        (
            {"flags": "AE", "woce": [2, 3], "duplicates": "all"},
            [2, 4, (2 * 351.5 + 353.5 + 361) / 4, 10, 103 / 3],
            {},
        ),
        (
            {"woce": 3, "recomputed": True},
            [1, 1, 352.5, 12, np.nan],
            {"fCO2 flag not wanted": 2, "data set flag not wanted": 1},
        ),
    ],
)  # fmt: skip
def test_options(options, expected, left_out, path):
    ds = oceanco2.grid(path, **options, workers=1, progress=False)
    np.testing.assert_allclose(numbers(ds), expected, rtol=1e-6)
    assert json.loads(ds.attrs["rows_left_out"]) == left_out


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_where_a_product_comes_from(path, tmp_path):
    other = written(tmp_path, ROWS[:1], "a.tsv")
    ds = oceanco2.grid([path, other], name="Our", start="1970", workers=1)
    period = "from 1970-01-01T00:00:00.000000000"
    assert ds.attrs["selection"] == f"{CONDITIONS}; {period}"
    assert ds.attrs["title"] == "Our gridded Monthly 1x1 degree gridded dataset"
    assert json.loads(ds.attrs["source_files"]) == ["a.tsv", "in.tsv"]
    sums = [digest(other), digest(path)]
    assert json.loads(ds.attrs["source_files_sha256"]) == sums
    assert ds.attrs["history"] == (
        f"2023-11-14T22:13:20Z oceanco2 {package_version()}:"
        f" gridded from 2 files: {CONDITIONS}; {period}"
    )
    plain = oceanco2.grid(path).attrs
    assert plain["title"] == "SOCAT-style gridded Monthly 1x1 degree gridded dataset"


def dataset(fco2=400.0):
    time = np.array(["1970-01-01", "1970-01-02"], "datetime64[ns]")
    data = {"fCO2_water_SST_wet": ("time", [fco2, fco2 + 2])}
    coords = {"time": time, "latitude": 60.5, "longitude": 0.5}
    return xr.Dataset(data, coords)


def test_sources_of_both_kinds(path, tmp_path):
    both = oceanco2.grid([dataset(), path, dataset(500.0)])
    assert both.attrs["history"].endswith(f"from 1 files and 2 data sets: {CONDITIONS};"
                                          " all rows")  # fmt: skip
    assert both.attrs["data_sets_gridded"] == 3
    assert numbers(both)[1] == 5
    alone = oceanco2.grid(dataset())
    assert alone.attrs["selection"] == CONDITIONS
    assert "source_files" not in alone.attrs
    assert alone.attrs["history"].endswith(f"gridded from 1 data sets: {CONDITIONS}")
    suffixes = [".nc", ".NC4", ".nc4", ".tsv", ".cdf", ""]
    found = [room._is_netcdf(tmp_path / f"x{suffix}") for suffix in suffixes]
    assert found == [True, True, True, False, False, False]


def test_options_for_files_of_socat_only(path):
    with pytest.raises(OptionError, match=r"^end, start: only for files published by"):
        oceanco2.grid([path, dataset()], start="1970", end="1971")
    ds = oceanco2.grid(
        [path, dataset()], start=None, strict=False, workers=1, progress=False
    )
    assert numbers(ds)[1] == 3
    with pytest.raises(
        OptionError, match=r"^nothing to grid: give at least one source$"
    ):
        oceanco2.grid([])
    with pytest.raises(
        OptionError, match="must be a Dataset, a DataArray or a path, not"
    ):
        oceanco2.grid([5])
    with pytest.raises(OptionError, match="not DataFrame"):
        oceanco2.grid(dataset().to_dataframe())
    with pytest.raises(OptionError, match="is given more than once"):
        oceanco2.grid([path, path])


def test_a_report(tmp_path):
    path = written(tmp_path, [*ROWS, "broken"])
    ds, report = grid_and_report([path], "yearly", Choice(woce=(2, 3)), "N", workers=1)
    assert sorted(report) == ["files", "problems"]
    assert [file["file"] for file in report["files"]] == ["in.tsv"]
    assert [problem["line"] for problem in report["problems"]] == [6]
    assert ds.attrs["title"].startswith("N gridded Yearly")
    assert ds.attrs["rows_gridded"] == 2
    with pytest.warns(DataWarning, match="line 6"):
        oceanco2.grid(path)


def test_rows_out_of_order(tmp_path):
    path = written(tmp_path, [ROWS[2], ROWS[0]])
    with pytest.warns(DataWarning, match=r"^1 rows are earlier than the previous row"):
        oceanco2.grid(path, woce=(2, 3))


def test_columns_that_are_read(path):
    base = ("Expocode", "time", "longitude", "latitude", "SST", "sal", "fCO2rec")
    assert sorted(open_for_grid(path).columns) == sorted(base)
    flagged = open_for_grid(path, flagged=True)
    assert sorted(flagged.columns) == sorted([*base, "QC_Flag", "fCO2rec_flag"])
    again = open_for_grid(path, recomputed=True)
    assert sorted(again.columns) == sorted([*base[:-1], "fCO2water_SST_wet"])
    assert "fCO2water_SST_wet" in INPUTS
    few = written(path.parent, [r.rsplit("\t", 2)[0] for r in ROWS], "few.tsv",
                  HEADER.rsplit("\t", 2)[0])  # fmt: skip
    with pytest.raises(ReadError, match="no column named 'fCO2rec'"):
        open_for_grid(few)
    assert open_for_grid(few, recomputed=True)
    opened = open_files([path], Choice(recomputed=True), {"workers": 1, "src": None})
    assert sorted(opened[0].columns) == sorted([*again.columns, "QC_Flag",
                                                "fCO2rec_flag"])  # fmt: skip
    assert opened[0].options["workers"] == 1


def test_observations(path):
    reading = open_for_grid(path, flagged=True, workers=1)
    ((rows, skipped),) = observations(reading)
    assert skipped == Counter()
    assert rows["fco2"].tolist() == [351.5, 351.5, 353.5, 361]
    assert rows["sst"].tolist() == [10, 10, 12, 8]
    np.testing.assert_array_equal(rows["salinity"], [35, 35, np.nan, 33])
    assert rows["latitude"].tolist() == [60.5, 60.5, 60.5, 60.25]
    assert rows["longitude"].tolist() == [0.5, 0.5, 0.5, 0.25]
    one, two = dataset_number("26NA19700107"), dataset_number("33RO19700308")
    assert rows["dataset_id"].tolist() == [one, one, one, two]
    assert rows["time"].tolist() == read_socat(path)["time"].to_numpy().tolist()
    reading = open_for_grid(path, flagged=True, recomputed=True, workers=1)
    ((rows, skipped),) = file_rows(reading, Choice("E", recomputed=True))
    assert rows["fco2"].tolist() == [360]
    assert rows["sst"].tolist() == [8]
    assert skipped == {"data set flag not wanted": 3}


def test_accumulated_files(path):
    sums, reading = accumulate(path, "yearly", flags="A", workers=1)
    assert (sums.rows, sums.product.name) == (3, "yearly")
    assert reading.counts.rows == 4
    sums, _ = accumulate(path, recomputed=True, workers=1)
    cell = sums.result().sel(ylat=60.5, xlon=0.5).isel(tmnth=0)
    assert float(cell["fco2_min_unwtd"]) == 350.5
    assert sums.product.name == "monthly"


def test_parts(path):
    start, size = len(HEADER) + 1, path.stat().st_size
    parts = split_socat(path, "SST,time", part_bytes=70, flags="A")
    assert [part.window[0] for part in parts] == list(range(start, size, 70))
    assert [part.window[1] for part in parts][-1] == size
    assert {part.columns for part in parts} == {("SST", "time")}
    assert {part.path for part in parts} == {str(path)}
    assert [dict(part.filters) for part in parts] == [{"flags": "A"}] * len(parts)
    frames = [part.read() for part in parts]
    assert {tuple(frame) for frame in frames} == {("SST", "time")}
    assert [x for frame in frames for x in frame["SST"]] == [10, 10, 12]
    (whole,) = split_socat(path)
    assert whole == Part(str(path), (start, size), None, {})
    assert (whole.accumulate().rows, whole.accumulate().product.name) == (4, "monthly")
    assert whole.accumulate("yearly").product.name == "yearly"
    again = whole.accumulate(recomputed=True).result()
    assert float(again["fco2_min_unwtd"].sel(ylat=60.5, xlon=0.5)[0]) == 350.5
    assert sum(part.accumulate().rows for part in parts) == 3
    assert split_socat(path, ["SST"])[0].columns == ("SST",)
    assert open_reading(path).files[0].source.window == ()


def test_a_complete_text_file(path, tmp_path):
    ds = oceanco2.grid(path, flags="AE", woce=(2, 3), workers=1)
    write_grid_text(ds, tmp_path / "grid.csv")
    text = (tmp_path / "grid.csv").read_bytes().decode()
    assert "\r" not in text
    lines = text.splitlines()
    assert lines[0] == "Conventions: CF-1.6"
    names = ["COUNT_NCRUISE"]
    kinds = ["COUNT_NOBS", "AVE_WEIGHTED", "AVE_UNWTD", "MIN_UNWTD", "MAX_UNWTD"]
    names += [f"{q}_{k}" for q in ("FCO2", "SST", "SALINITY") for k in kinds]
    assert lines[-2] == ", ".join(["DATE", "LAT", "LON", *names])
    assert lines[-3] == "Missing values are indicated by -1e+34"
    weighted, plain = (352.5 + 361) / 2, np.float32((351.5 + 353.5 + 361) / 3)
    assert lines[-1].split(",") == [
        *("1970-01-16", "60.5", "0.5", "2"),
        *("3", f"{weighted:g}", str(plain), "351.5", "361"),
        *("3", "9.5", "10", "8", "12"),
        *("2", "34", "34", "33", "35"),
    ]
    described = [x for x in lines if x.startswith("SST_MIN_UNWTD: ")]
    assert described == [
        "SST_MIN_UNWTD: SST min [degrees C]. Minimum value of sst observed in the grid"
        " cell."
    ]
    assert sources._SETS == "ABCDEFX"
