"""Cells, periods and statistics of the gridded products."""

import numpy as np
import pytest

from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.grids import products as p

NAN = np.nan
#: Step, months, time, epoch, prefix, suffix, file.
TABLE = {
    "monthly": (1.0, 1, "tmnth", "1970-01-01", "", "", "tracks_gridded_monthly"),
    "yearly": (1.0, 12, "tyear", "1970-01-01", "", "_year", "tracks_gridded_yearly"),
    "decadal": (
        *(1.0, 120, "tdecade", "1900-01-01", "", "_decade"),
        "tracks_gridded_decadal",
    ),
    "coastal": (
        *(0.25, 1, "tmnth", "1970-01-01", "coast_", ""),
        "qrtrdeg_gridded_coast_monthly",
    ),
}


@pytest.mark.parametrize("name", TABLE)
def test_product(name):
    assert list(p.PRODUCTS) == list(TABLE)
    x = p.find_product(name)
    got = (x.step, x.months, x.time, x.epoch, x.prefix, x.suffix, x.file)
    assert (x.name, got) == (name, TABLE[name])
    assert x.coastal is (name == "coastal")
    assert (x.rows, x.columns) == ((720, 1440) if x.coastal else (180, 360))
    assert x.latitude[0] == -90.0 + x.step / 2
    assert x.latitude[-1] == 90.0 - x.step / 2
    assert x.longitude[0] == -180.0 + x.step / 2
    assert x.longitude[-1] == 180.0 - x.step / 2
    assert (x.latitude.size, x.longitude.size) == (x.rows, x.columns)
    word = {"coastal": "Coastal Monthly quarter-degree"}
    start = word.get(name, f"{name.capitalize()} 1x1 degree")
    assert x.title == f"{start} gridded dataset"


def test_no_such_product():
    with pytest.raises(UnknownNameError, match="weekly"):
        p.find_product("weekly")
    with pytest.raises(OptionError, match="product must be a name, not 1"):
        p.find_product(1)


def test_constants():
    assert (p.FIRST_YEAR, p.END_YEAR, p.MONTHS) == (1970, 2100, 1560)
    assert p.COUNTED == ("cruises", "fco2", "sst", "salinity")
    assert p.KINDS == ("ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd")
    assert p.DEVIATIONS == ("std_weighted", "std_unwtd")


@pytest.mark.parametrize(
    ("name", "ends"),
    [
        ("monthly", ["1970-01-01", "1970-02-01", "1970-03-01"]),
        ("yearly", ["1970-01-01", "1971-01-01", "1972-01-01"]),
        ("decadal", ["1970-01-01", "1980-01-01", "1990-01-01"]),
    ],
)
def test_bounds(name, ends):
    bounds = p.PRODUCTS[name].bounds(2).astype(str).tolist()
    assert bounds == [ends[:2], ends[1:]]


def test_periods_of_months():
    months = np.array([0, 11, 12, 119, 120])
    assert p.PRODUCTS["monthly"].period(months).tolist() == months.tolist()
    assert p.PRODUCTS["yearly"].period(months).tolist() == [0, 0, 1, 9, 10]
    assert p.PRODUCTS["decadal"].period(months).tolist() == [0, 0, 0, 0, 1]


def monthly_cells():
    """Cell 7 in months 0, 5 and 12; cell 3 in month 1."""
    averages = np.full((4, 18), NAN, np.float32)
    rows = ([10, 1, 5, 20], [20, 3, 2, 30], [99, 9, 9, 99], [50, 5, 5, 50])
    for row, values in zip(averages, rows, strict=True):
        for v in range(3):
            row[6 * v : 6 * v + 4] = np.array(values) + 100 * v
    averages[1, 6:12] = NAN  # no temperature in month 5
    averages[3, 6:12] = NAN
    counts = np.array([[1, 10, 9, 8], [2, 20, 0, 8], [4, 40, 4, 4], [8, 80, 0, 1.0]])
    period = np.array([0, 5, 12, 1])
    return p.Cells(period, np.array([7, 7, 7, 3]), counts, averages)


def test_yearly_statistics_by_hand():
    got = monthly_cells()._over_periods(p.PRODUCTS["yearly"])
    assert got.period.tolist() == [0, 0, 1]
    assert got.cell.tolist() == [3, 7, 7]
    assert got.counts.tolist() == [[8, 80, 0, 1], [3, 30, 9, 16], [4, 40, 4, 4]]
    means = [[50, 5, 5, 50], [15, 2, 2, 30], [99, 9, 9, 99]]
    np.testing.assert_array_equal(got.averages[:, :4], means)
    sst = [[NAN] * 4, [110, 101, 105, 120], [199, 109, 109, 199]]
    np.testing.assert_array_equal(got.averages[:, 4:8], sst)
    np.testing.assert_array_equal(got.averages[:, 8:], np.array(means) + 200)
    assert got.averages.dtype == np.float32


def test_decadal_statistics_by_hand():
    got = monthly_cells()._over_periods(p.PRODUCTS["decadal"])
    assert (got.period.tolist(), got.cell.tolist()) == ([0, 0], [3, 7])
    assert got.counts[1].tolist() == [7, 70, 13, 20]
    expected = [(10 + 20 + 99) / 3, 13 / 3, 2, 99]
    assert got.averages[1, :4] == pytest.approx(expected, rel=1e-6)


def test_columns_of_cells():
    cells = monthly_cells()
    assert cells.column(1, None).tolist() == [10, 20, 40, 80]
    assert cells.column(0, 5).tolist() == [1, 2, 4, 8]
    assert cells.column(None, 3).tolist() == [20, 30, 99, 50]


def test_parts_are_those_of_the_whole():
    cells = p.Cells(
        np.array([0, 0, 1, 3]), np.array([0, 5, 4, 2]), np.zeros((4, 4)), np.zeros(0)
    )
    dense = p.Dense(cells, np.array([1.0, 2.0, 3.0, 4.0]), (4, 2, 3))
    whole = np.full((4, 2, 3), NAN)
    whole[0, 0, 0], whole[0, 1, 2], whole[1, 1, 1], whole[3, 0, 2] = 1, 2, 3, 4
    every = slice(None)
    keys = [(every, every, every), (0, every, every), (1, 1, 1), (3, 0, slice(1, 3))]
    keys += [(slice(1, 4), 0, every), (slice(3, None, -1), every, slice(0, 3, 2))]
    keys += [(slice(2, 2), every, 0), (2, every, every), (slice(0, 2), 1, 2)]
    for key in keys:
        np.testing.assert_array_equal(dense._part(key), whole[key], str(key))


def test_positions():
    got = p._positions(5, np.array([3, 1]))
    assert got.tolist() == [-1, 1, -1, 0, -1]
