"""Gridded products as netCDF and as text."""

import json
import os
import pickle
import re
import subprocess
import sys

import netCDF4
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2.errors import OutputError, ProcessingError
from oceanco2.grids import PRODUCTS, write_grid
from oceanco2.grids.netcdf import product_of
from oceanco2.socat.grid.text import write_grid_text
from tests.conftest import ROOT
from tests.grids.test_accumulator import gridded, near, rows

#: Header of SOCATv2022_tracks_gridded_monthly.nc, as its variables stand there.
KINDS = [
    *("ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd"),
    *("std_weighted", "std_unwtd"),
]
MONTHLY = [
    "count_ncruise",
    *(
        f"{name}_{kind}"
        for name in ("fco2", "sst", "salinity")
        for kind in ("count_nobs", *KINDS)
    ),
    "lat_offset_unwtd",
    "lon_offset_unwtd",
]
PUBLISHED = {
    "count_ncruise": ("Number of cruises", "count"),
    "fco2_count_nobs": ("Number of fco2 obs", "count"),
    "fco2_ave_weighted": ("fCO2 mean - per cruise weighted", "uatm"),
    "fco2_std_unwtd": ("fCO2 std dev - unweighted all obs", "uatm"),
    "sst_count_nobs": ("Number of valid sst obs", "count"),
    "sst_ave_unwtd": ("SST mean - unweighted all obs", "degrees C"),
    "salinity_min_unwtd": ("Salinity min", "PSU"),
    "salinity_std_weighted": ("Salinity std dev - per cruise weighted", "PSU"),
    "lat_offset_unwtd": ("Latitude average offset from cell center", "Deg N"),
    "lon_offset_unwtd": ("Longitude average offset from cell center", "Deg E"),
}


@pytest.fixture(scope="module")
def values():
    return rows(3000)


@pytest.fixture(scope="module")
def file(values, tmp_path_factory):
    path = tmp_path_factory.mktemp("grid") / "monthly.nc"
    write_grid(gridded(values).result(), path)
    return path


def test_header_is_that_of_the_published_files(file):
    with netCDF4.Dataset(file) as ds:
        names = [n for n, v in ds.variables.items() if v.ndim == 3]
        assert names == MONTHLY
        for name, (long_name, units) in PUBLISHED.items():
            assert ds[name].long_name == long_name
            assert ds[name].units == units
        for name in names:
            assert ds[name].dimensions == ("tmnth", "ylat", "xlon")
            assert ds[name].dtype == ("f8" if "count" in name else "f4")
            assert ds[name].getncattr("_FillValue") == ds[name].dtype.type(-1e34)
            assert ds[name].filters()["zlib"]
        assert ds.dimensions["tmnth"].isunlimited()
        for name in ("tmnth", "tmnth_bnds", "xlon", "ylat"):
            assert ds[name].dtype == "f8"
            assert "_FillValue" not in ds[name].ncattrs()
        assert ds["tmnth"].units == "days since 1970-01-01 00:00:00"
        assert ds["tmnth"].bounds == "tmnth_bnds"
        assert ds["tmnth"][:2].tolist() == [15.5, 45.0]
        assert ds["tmnth_bnds"][1].tolist() == [31.0, 59.0]
        assert ds.Conventions == "CF-1.6"
        assert ds.caution.startswith("NO INTERPOLATION WAS PERFORMED.")


def test_what_is_written_reads_back_equal(file, values):
    made = gridded(values).result()
    with xr.open_dataset(file) as read:
        assert read.sizes == made.sizes
        part, whole = near(read), near(made)
        for name in made.data_vars:
            assert part[name].dtype == whole[name].dtype
            np.testing.assert_array_equal(part[name], whole[name])
        assert float(read["fco2_count_nobs"].sum()) == 3000
        np.testing.assert_array_equal(read["tmnth"], made["tmnth"])


def test_same_rows_same_bytes(values, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    order = np.random.default_rng(1).permutation(3000)
    shuffled = {name: column[order] for name, column in values.items()}
    for name, given in (("one", values), ("two", shuffled)):
        result = gridded(given).result()
        write_grid(result, tmp_path / f"{name}.nc")
        write_grid_text(result, tmp_path / f"{name}.csv")
    for suffix in ("nc", "csv"):
        one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize("product", PRODUCTS)
def test_compliance_checker_finds_but_the_units_of_socat(product, values, tmp_path):
    from compliance_checker.runner import CheckSuite, ComplianceChecker

    coast = values | {"longitude": values["longitude"] - 172, "latitude": values["sst"]}
    near_land = coast if product == "coastal" else values
    keep = np.isfinite(near_land["latitude"])
    path, report = tmp_path / "grid.nc", tmp_path / "report.json"
    taken = {name: column[keep] for name, column in near_land.items()}
    write_grid(gridded(taken, product).result(), path)
    CheckSuite.load_all_available_checkers()
    ComplianceChecker.run_checker(
        *(str(path), ["cf:1.6"], 0, "normal"),
        output_filename=str(report),
        output_format="json",
    )
    found = json.loads(report.read_text())["cf:1.6"]
    messages = [
        message
        for level in ("high_priorities", "medium_priorities", "low_priorities")
        for check in found[level]
        for message in check["msgs"]
    ]
    for message in messages:
        assert re.search('"(PSU|Deg N|Deg E)" are not', message), messages
    assert product != "monthly" or len(messages) == 8


def test_text_has_the_layout_of_the_published_dumps(file, values, tmp_path):
    path = tmp_path / "monthly.csv"
    with xr.open_dataset(file) as read:
        write_grid_text(read, path)
    lines = path.read_text().splitlines()
    begin = next(i for i, line in enumerate(lines) if line.startswith("DATE, LAT, LON"))
    assert lines[begin].split(", ")[3:10] == [
        *("COUNT_NCRUISE", "FCO2_COUNT_NOBS", "FCO2_AVE_WEIGHTED", "FCO2_AVE_UNWTD"),
        *("FCO2_MIN_UNWTD", "FCO2_MAX_UNWTD", "SST_COUNT_NOBS"),
    ]
    table = pd.read_csv(path, skiprows=begin, skipinitialspace=True)
    assert table["FCO2_COUNT_NOBS"].sum() == 3000
    assert sorted(table["DATE"].unique()) == [
        *("1999-11-16", "1999-12-16", "2000-01-16", "2000-02-15"),
    ]
    result = near(gridded(values).result())
    for _, row in table.iloc[::7].iterrows():
        cell = result.sel(tmnth=row["DATE"], ylat=row["LAT"], xlon=row["LON"]).squeeze()
        for name in ("fco2_ave_weighted", "sst_min_unwtd", "salinity_ave_unwtd"):
            value = np.float32(row[name.upper()])
            assert value == cell[name].fillna(np.float32(-1e34))
    assert "-1e+34" in path.read_text()


def test_years_and_decades_have_their_own_names(values, tmp_path):
    for product, suffix, time in (
        ("yearly", "_YEAR", "tyear"),
        ("decadal", "_DECADE", ""),
    ):
        result = gridded(values, product).result()
        path = tmp_path / f"{product}.csv"
        write_grid_text(result, path)
        header = next(x for x in path.read_text().splitlines() if x.startswith("DATE,"))
        assert all(n.endswith(suffix) for n in header.split(", ")[3:])
        assert not time or result.sizes[time] == 31
    write_grid(result, tmp_path / "decadal.nc")
    with netCDF4.Dataset(tmp_path / "decadal.nc") as ds:
        assert ds["tdecade"].units == "days since 1900-01-01 00:00:00"
        begin = ds["tdecade_bnds"][0, 0]
        assert begin == (
            np.datetime64("1970-01-01") - np.datetime64("1900-01-01")
        ).astype(int)


def test_what_cannot_be_written_leaves_nothing(values, tmp_path):
    result = gridded(values).result()
    with pytest.raises(OutputError, match="no folder"):
        write_grid(result, tmp_path / "nowhere" / "grid.nc")
    with pytest.raises(ProcessingError, match="not a gridded product"):
        write_grid(result.drop_vars("fco2_count_nobs"), tmp_path / "grid.nc")
    assert list(tmp_path.iterdir()) == []
    assert product_of(result) is PRODUCTS["monthly"]


def test_xarray_itself_writes_and_cuts_what_is_not_yet_made(values, tmp_path):
    part = gridded(values).result().isel(tmnth=slice(357, 363))
    part.to_netcdf(tmp_path / "part.nc")
    with xr.open_dataset(tmp_path / "part.nc") as read:
        assert read["tmnth"].encoding["units"].startswith("days since 1970-01-01")
        assert read["fco2_min_unwtd"].encoding["_FillValue"] == np.float32(-1e34)
        for name in ("fco2_ave_weighted", "tmnth_bnds"):
            np.testing.assert_array_equal(read[name], part[name])
    again = pickle.loads(pickle.dumps(part))
    lazy = part.chunk({"tmnth": 2})
    for other in (again, lazy):
        assert float(other["sst_ave_unwtd"].mean()) == pytest.approx(
            float(part["sst_ave_unwtd"].mean()), rel=1e-6
        )


def test_without_compiling_the_numbers_are_the_same(tmp_path):
    code = (
        "import sys, numpy as np; from tests.grids.test_accumulator import *;"
        "r = near(gridded(rows(100)).merge(gridded(rows(50, 1))).result());"
        "np.savez(sys.argv[1], **{n: r[n].to_numpy() for n in r.data_vars})"
    )
    path = tmp_path / "plain.npz"
    subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code, path],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)},
        check=True,
    )
    result = near(gridded(rows(100)).merge(gridded(rows(50, 1))).result())
    with np.load(path) as plain:
        assert set(plain.files) == set(result.data_vars)
        for name in plain.files:
            assert plain[name].tobytes() == result[name].to_numpy().tobytes()
