"""Sums that do not depend on chunks, order or workers; numbers worked out by hand."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import OptionError, ProcessingError, UnknownNameError
from oceanco2.grids import PRODUCTS, Accumulator, dataset_number

NAMES = ("time", "latitude", "longitude", "dataset_id", "fco2", "sst", "salinity")


def rows(n, seed=0, sets=4, decimals=None):
    """Random observations in a few cells, months and data sets."""
    rng = np.random.default_rng(seed)
    start = np.datetime64("1999-11-20", "s")
    values = {
        "time": start + rng.integers(0, 100 * 86400, n).astype("timedelta64[s]"),
        "latitude": rng.uniform(-2.0, 2.0, n),
        "longitude": rng.uniform(178.0, 182.0, n),
        "dataset_id": rng.integers(0, sets, n),
        "fco2": rng.normal(380.0, 30.0, n),
        "sst": rng.normal(1.0, 3.0, n),
        "salinity": rng.normal(34.0, 1.0, n),
    }
    values["sst"][rng.random(n) < 0.2] = np.nan
    values["salinity"][rng.random(n) < 0.4] = np.nan
    if decimals is not None:
        for name in ("fco2", "sst", "salinity"):
            values[name] = np.round(values[name], decimals)
    return values


def part(values, index):
    return {name: values[name][index] for name in NAMES}


def gridded(values, product="monthly"):
    sums = Accumulator(product)
    sums.add(**values)
    return sums


def near(result):
    """The part of the grid that `rows` can reach."""
    return result.isel(tmnth=slice(357, 364), ylat=slice(86, 94)).load()


def same_bits(one, two):
    assert one.sizes == two.sizes
    assert list(one.variables) == list(two.variables)
    for name in one.variables:
        a, b = one[name].to_numpy(), two[name].to_numpy()
        assert a.dtype == b.dtype
        assert a.shape == b.shape
        assert a.tobytes() == b.tobytes(), name


def numbers_of(cell):
    return {str(k): v.item() for k, v in cell.items() if v.ndim == 0}


#: Data set 1: 350, 352, 357; data set 2: 360 (no temperature, no salinity).
HAND = {
    "time": np.array(
        ["2020-03-05", "2020-03-06", "2020-03-31T23:59:59", "2020-03-01"],
        "datetime64[s]",
    ),
    "latitude": np.array([50.1, 50.3, 50.9, 50.7]),
    "longitude": np.array([-20.4, 339.8, -20.1, -21.0]),
    "dataset_id": np.array([1, 1, 1, 2]),
    "fco2": np.array([350.0, 352.0, 357.0, 360.0]),
    "sst": np.array([10.0, 12.0, np.nan, np.nan]),
    "salinity": np.array([np.nan] * 4),
}
NAN = float("nan")
EXPECTED = {
    "count_ncruise": 2.0,
    "fco2_count_nobs": 4.0,
    "fco2_ave_weighted": (353.0 + 360.0) / 2,
    "fco2_ave_unwtd": 1419.0 / 4,
    "fco2_min_unwtd": 350.0,
    "fco2_max_unwtd": 360.0,
    # within data set 1: (9 + 1 + 16) / 3 = 26/3, data set 2: 0; means 3.5 off.
    "fco2_std_weighted": ((26.0 / 3.0 + 3.5**2 + 0.0 + 3.5**2) / 2) ** 0.5,
    # about 354.75: 4.75, 2.75, 2.25 and 5.25, squared and halved twice
    "fco2_std_unwtd": ((4.75**2 + 2.75**2 + 2.25**2 + 5.25**2) / 4) ** 0.5,
    "sst_count_nobs": 2.0,
    "sst_ave_weighted": 11.0,
    "sst_ave_unwtd": 11.0,
    "sst_min_unwtd": 10.0,
    "sst_max_unwtd": 12.0,
    "sst_std_weighted": 1.0,
    "sst_std_unwtd": 1.0,
    "salinity_count_nobs": 0.0,
    **{
        f"salinity_{kind}": NAN
        for kind in (
            *("ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd"),
            *("std_weighted", "std_unwtd"),
        )
    },
    "lat_offset_unwtd": (-0.4 - 0.2 + 0.4 + 0.2) / 4,
    "lon_offset_unwtd": (0.1 + 0.3 + 0.4 - 0.5) / 4,
}


def test_every_variable_of_a_cell_worked_out_by_hand():
    result = gridded(HAND).result()
    cell = result.sel(ylat=50.5, xlon=-20.5, tmnth="2020-03").squeeze()
    found = numbers_of(cell)
    assert list(found) == list(EXPECTED)
    for name, value in EXPECTED.items():
        assert found[name] == pytest.approx(value, rel=1e-6, abs=1e-8, nan_ok=True)
    assert cell.tmnth.to_numpy() == np.datetime64("2020-03-16T12:00")
    assert int(result["fco2_count_nobs"].count()) == 1


def test_types_dimensions_and_axes_are_those_of_the_published_files():
    result = gridded(HAND).result()
    assert dict(result.sizes) == {"tmnth": 612, "ylat": 180, "xlon": 360, "bnds": 2}
    for name, variable in result.data_vars.items():
        if name != "tmnth_bnds":
            assert variable.dims == ("tmnth", "ylat", "xlon")
            kind = "float64" if "count" in name else "float32"
            assert variable.dtype == kind
    assert result.ylat[0] == -89.5
    assert result.xlon[0] == -179.5
    bounds = result.tmnth_bnds.to_numpy()
    assert bounds[0].tolist() == [0, 31 * 86400 * 10**9]
    assert (bounds[1:, 0] == bounds[:-1, 1]).all()


def test_years_and_decades_come_from_the_monthly_numbers():
    values = {k: np.concatenate([v, v[:1]]) for k, v in HAND.items()}
    values["time"][-1] = np.datetime64("2020-07-01")  # another month: one row
    values["fco2"][-1] = 400.0
    for product, suffix, time in (
        ("yearly", "_year", "tyear"),
        ("decadal", "_decade", "tdecade"),
    ):
        result = gridded(values, product).result()
        cell = numbers_of(result.sel(ylat=50.5, xlon=-20.5).isel({time: -1}))
        assert cell["count_ncruise" + suffix] == 3.0
        assert cell["fco2_count_nobs" + suffix] == 5.0
        assert cell["fco2_ave_weighted" + suffix] == (356.5 + 400.0) / 2
        assert cell["fco2_ave_unwtd" + suffix] == (354.75 + 400.0) / 2
        assert cell["fco2_min_unwtd" + suffix] == 350.0
        assert cell["fco2_max_unwtd" + suffix] == 400.0
        assert cell["sst_ave_unwtd" + suffix] == (11.0 + 10.0) / 2
        assert cell["sst_count_nobs" + suffix] == 3.0
        assert np.isnan(cell["salinity_ave_unwtd" + suffix])
        assert not [n for n in result.data_vars if "std" in n or "offset" in n]
    assert result.sizes["tdecade"] == 6
    assert result.tdecade_bnds[-1, 0] == np.datetime64("2020-01-01")


@settings(max_examples=40, deadline=None)
@given(data=st.data(), n=st.integers(1, 300), sets=st.integers(1, 5))
def test_chunks_order_and_merging_do_not_change_a_bit(data, n, sets):
    values = rows(n, seed=data.draw(st.integers(0, 2**32 - 1)), sets=sets)
    whole = near(gridded(values).result())
    order = np.array(data.draw(st.permutations(range(n))))
    cuts = sorted(data.draw(st.lists(st.integers(0, n), max_size=4)))
    workers = [Accumulator("monthly") for _ in range(3)]
    for index in np.split(order, cuts):
        worker = workers[data.draw(st.integers(0, 2))]
        worker.add(**part(values, index))
    first, second, third = data.draw(st.permutations(workers))
    merged = second.merge(pickle.loads(pickle.dumps(first))).merge(third)
    same_bits(whole, near(merged.result()))


@settings(max_examples=25, deadline=None)
@given(
    values=st.lists(
        st.floats(-9e5, 9e5, allow_nan=False, allow_subnormal=False),
        min_size=1,
        max_size=60,
    ),
    shift=st.integers(1, 10**9),
)
def test_numbers_of_any_size_stay_exact_and_labels_do_not_matter(values, shift):
    n = len(values)
    base = {name: np.full(n, 0.25) for name in NAMES} | {
        "time": np.zeros(n),
        "fco2": np.array(values),
        "dataset_id": np.arange(n) % 3,
    }
    result = gridded(base).result().isel(tmnth=0, ylat=90, xlon=180).load()
    whole = [round(v * 10**9) for v in base["fco2"]]
    mean = sum(whole) / n / 1e9
    spread = sum((w * n - sum(whole)) ** 2 for w in whole) / n**3
    assert result["fco2_ave_unwtd"] == pytest.approx(mean, rel=3e-7, abs=2e-9)
    assert result["fco2_std_unwtd"] == pytest.approx(spread**0.5 / 1e9, rel=3e-7)
    assert result["fco2_min_unwtd"] <= result["fco2_ave_unwtd"]
    assert result["fco2_ave_unwtd"] <= result["fco2_max_unwtd"]
    assert result["fco2_min_unwtd"] <= result["fco2_ave_weighted"]
    assert result["fco2_ave_weighted"] <= result["fco2_max_unwtd"]
    other = base | {"dataset_id": shift - base["dataset_id"]}
    again = gridded(other).result().isel(tmnth=0, ylat=90, xlon=180).load()
    same_bits(result, again)


def test_one_data_set_has_weighted_equal_to_unweighted():
    result = near(gridded(rows(2000, sets=1)).result())
    for name in ("fco2", "sst", "salinity"):
        for kind in ("ave", "std"):
            weighted = result[f"{name}_{kind}_weighted"].to_numpy()
            assert (
                weighted.tobytes()
                == result[f"{name}_{kind}_unwtd"].to_numpy().tobytes()
            )


def test_equal_values_have_no_deviation_at_all():
    values = rows(500)
    values["fco2"][:] = 412.337
    result = near(gridded(values).result())
    assert float(result["fco2_std_unwtd"].max()) == 0.0
    assert float(result["fco2_std_weighted"].max()) == 0.0
    assert float(result["fco2_ave_weighted"].min()) == np.float32(412.337)


def test_brute_force_of_pandas_gives_the_same():
    values = rows(20_000, seed=3, sets=6)
    result = near(gridded(values).result())
    table = pd.DataFrame(values)
    table["month"] = table["time"].dt.strftime("%Y-%m")
    table["y"] = np.floor(table["latitude"]) + 0.5
    table["x"] = np.floor(table["longitude"]) % 360 + 0.5
    table["x"] = table["x"].where(table["x"] < 180, table["x"] - 360)
    cells = table.groupby(["month", "y", "x"])
    assert len(cells) == int(result["count_ncruise"].count())
    columns = ["fco2", "sst", "salinity"]
    plain = cells[columns].agg(["count", "mean", "min", "max"])
    deviation = cells[columns].std(ddof=0)
    means = table.groupby(["month", "y", "x", "dataset_id"])[columns].mean()
    weighted = means.groupby(level=[0, 1, 2]).mean()
    sets = cells["dataset_id"].nunique()
    for key in weighted.index:
        cell = numbers_of(
            result.sel(tmnth=key[0], ylat=key[1], xlon=key[2]).squeeze(drop=True)
        )
        assert cell["count_ncruise"] == sets[key]
        for name in columns:
            row = plain.loc[key, name]
            assert cell[f"{name}_count_nobs"] == row["count"]
            expected = {
                "ave_unwtd": row["mean"],
                "ave_weighted": weighted.loc[key, name],
                "min_unwtd": row["min"],
                "max_unwtd": row["max"],
                "std_unwtd": deviation.loc[key, name],
            }
            for kind, value in expected.items():
                found = cell[f"{name}_{kind}"]
                assert found == pytest.approx(value, rel=2e-7, abs=2e-9, nan_ok=True)


def test_counts_add_up_and_threads_give_the_same_bits():
    values = rows(30_000, seed=5)
    whole = gridded(values)
    parts = [part(values, slice(k, None, 4)) for k in range(4)]
    with ThreadPoolExecutor(4) as pool:
        workers = list(pool.map(gridded, parts))
    merged = workers[3].merge(workers[1]).merge(workers[0]).merge(workers[2])
    same_bits(near(whole.result()), near(merged.result()))
    assert float(whole.result()["fco2_count_nobs"].sum()) == 30_000
    assert whole.rows == merged.rows == 30_000
    there = np.isfinite(values["salinity"]).sum()
    assert float(whole.result()["salinity_count_nobs"].sum()) == there


@pytest.mark.parametrize(
    ("latitude", "longitude", "y", "x", "offset"),
    [
        (90.0, 0.0, 89.5, 0.5, (0.5, -0.5)),
        (-90.0, 180.0, -89.5, -179.5, (-0.5, -0.5)),
        (10.0, -180.0, 10.5, -179.5, (-0.5, -0.5)),
        (9.999999, 360.0, 9.5, 0.5, (0.499999, -0.5)),
        (0.0, 359.99999, 0.5, -0.5, (-0.5, 0.49999)),
        (-0.5, 540.0, -0.5, -179.5, (0.0, -0.5)),
    ],
)
def test_edges_of_the_globe(latitude, longitude, y, x, offset):
    sums = Accumulator("monthly")
    sums.add(np.array([0.0]), latitude, longitude, 1, 350.0, np.nan, np.nan)
    result = sums.result().isel(tmnth=0).load()
    assert float(result["fco2_count_nobs"].sel(ylat=y, xlon=x)) == 1.0
    cell = result.sel(ylat=y, xlon=x)
    found = float(cell["lat_offset_unwtd"]), float(cell["lon_offset_unwtd"])
    assert found == pytest.approx(offset, abs=1e-6)


@pytest.mark.parametrize("unit", ["D", "h", "m", "s", "ms", "us", "ns", None])
def test_ends_of_months_in_every_unit_of_time(unit):
    moments = np.array(
        ["1999-12-31", "2000-01-01", "2000-02-29", "2000-03-01"], "M8[D]"
    )
    time = (
        moments.astype(f"M8[{unit}]") if unit else moments.astype("M8[s]").astype(int)
    )
    sums = Accumulator("monthly")
    sums.add(time, 0.5, 0.5, 1, np.arange(4) + 300.0, np.nan, np.nan)
    cell = sums.result()["fco2_ave_unwtd"].sel(ylat=0.5, xlon=0.5).load()
    assert cell[359:363].to_numpy().tolist() == [300.0, 301.0, 302.0, 303.0]
    assert int(cell.count()) == 4


def test_seconds_just_before_midnight_stay_in_their_month():
    sums = Accumulator("monthly")
    time = np.array([31 * 86400 - 1e-6, 31 * 86400.0])
    sums.add(time, 0.5, 0.5, 1, np.array([300.0, 301.0]), np.nan, np.nan)
    cell = sums.result()["fco2_ave_unwtd"].sel(ylat=0.5, xlon=0.5)
    assert cell[:2].to_numpy().tolist() == [300.0, 301.0]


def test_rows_left_out_are_counted_with_the_reason():
    n = 9
    values = rows(n) | {"sst": np.full(n, np.inf), "salinity": np.full(n, 1e30)}
    values["time"][0] = np.datetime64("NaT")
    values["time"][1] = np.datetime64("1969-12-31T23:59:59")
    values["time"][2] = np.datetime64("2100-01-01")
    values["latitude"][3], values["longitude"][4] = 90.01, np.nan
    values["fco2"][5], values["fco2"][6] = np.nan, np.inf
    sums = gridded(values)
    assert sums.left_out == {
        "no time": 1,
        "before 1970 or after 2099": 2,
        "no position on the globe": 2,
        "no fCO2": 2,
    }
    assert sums.rows == 2
    assert float(sums.result()["sst_count_nobs"].sum()) == 0.0
    assert sums.merge(sums).rows == 4
    assert sums.left_out["no fCO2"] == 4


def test_invalid_input_gives_an_error():
    with pytest.raises(UnknownNameError, match="Did you mean 'monthly'"):
        Accumulator("monthy")
    sums = Accumulator("monthly")
    with pytest.raises(ProcessingError, match="no row to grid"):
        sums.result()
    with pytest.raises(OptionError, match="differ in length"):
        sums.add(np.zeros(2), np.zeros(3), 0.0, 1, 350.0, 1.0, 1.0)
    with pytest.raises(OptionError, match="dataset_id must be integers"):
        sums.add(np.zeros(1), 0.0, 0.0, "26NA20050107", 350.0, 1.0, 1.0)
    with pytest.raises(OptionError, match="datetime64 or seconds"):
        sums.add(np.array(["now"]), 0.0, 0.0, 1, 350.0, 1.0, 1.0)
    with pytest.raises(OptionError, match="cannot merge"):
        sums.merge(Accumulator("yearly"))
    assert sums.rows == 0
    assert set(PRODUCTS) == {"monthly", "yearly", "decadal", "coastal"}
    assert 0 <= dataset_number("33AT20120417") < 2**63


def test_a_part_of_the_grid_is_the_same_as_that_part_of_the_whole():
    lazy = gridded(rows(5000)).result()["fco2_ave_unwtd"]
    whole = lazy.to_numpy()
    window = lazy.isel(tmnth=slice(358, 361), ylat=slice(95, 85, -2), xlon=[359, 0])
    np.testing.assert_array_equal(
        window.to_numpy(), whole[358:361, 95:85:-2][..., [359, 0]]
    )
    assert lazy.isel(tmnth=slice(0, 0)).shape == (0, 180, 360)
    np.testing.assert_array_equal(lazy.isel(ylat=90).to_numpy(), whole[:, 90])
