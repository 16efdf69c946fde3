"""Text dumps of gridded products by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.grids.products import PRODUCTS
from oceanco2.socat.grid import text as t

KINDS = ["count_nobs", "ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float32(np.nan), "-1e+34"),
        (np.float32(350.0), "350"),
        (np.float32(350.5), "350.5"),
        (np.float32(0.1), "0.1"),
        (-1.0, "-1"),
        (0.0, "0"),
    ],
)
def test_values(value, text):
    assert t._format_value(value) == text


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("monthly", "{}"),
        ("yearly", "{}_year"),
        ("decadal", "{}_decade"),
        ("coastal", "coast_{}"),
    ],
)
def test_columns(name, pattern):
    plain = ["count_ncruise"]
    plain += [f"{q}_{k}" for q in ("fco2", "sst", "salinity") for k in KINDS]
    got = t.text_columns(PRODUCTS[name])
    assert got == [pattern.format(column) for column in plain]


def test_cells_with_observations_only():
    product = PRODUCTS["monthly"]
    names = ["a", "b"]
    first = np.full((2, 2, 2), np.nan)
    first[1, 0, 1], first[1, 1, 0] = 2.0, 3.0
    second = np.full((2, 2, 2), 7.5)
    second[1, 1, 0] = np.nan
    dims = ("tmnth", "ylat", "xlon")
    coords = {
        "tmnth": np.array(["1970-01-16", "1970-02-15"], "datetime64[ns]"),
        "ylat": [-89.5, 89.5],
        "xlon": [-0.5, 0.5],
    }
    ds = xr.Dataset({"a": (dims, first), "b": (dims, second)}, coords)
    lines = [list(period) for period in t._periods(ds, product, names)]
    assert lines == [
        ["1970-02-15,-89.5,0.5,2,7.5\n", "1970-02-15,89.5,-0.5,3,-1e+34\n"]
    ]


def test_preamble():
    ds = xr.Dataset(
        {"a": ("x", [1.0], {"long_name": "an a", "units": "m", "summary": "All."})},
        attrs={"title": "T", "history": "one\ntwo"},
    )
    ds["b"] = ("x", [1.0])
    assert list(t._preamble(ds, ["a", "b"])) == [
        "title: T",
        "history: one",
        "history: two",
        "One line for each cell with observations; the position is its middle.",
        "A: an a [m]. All.",
        "B:  []. ",
        "Missing values are indicated by -1e+34",
    ]
