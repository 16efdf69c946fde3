"""From files and data sets to gridded products."""

import gzip
import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import oceanco2
from oceanco2.cli import main
from oceanco2.errors import (
    DataWarning,
    OptionError,
    ProcessingError,
    ReadError,
    UnknownNameError,
)
from oceanco2.grids import Accumulator, dataset_number
from oceanco2.vocabulary import BAD, QUESTIONABLE
from tests.datasets import canonical_dataset

MINI = "socat/SOCATv2026_mini_excerpt.tsv"


def cells(ds, name):
    """Values of a variable where there are observations, by month, row and column."""
    values = ds[name][-12:].to_numpy()  # of the last year, or all decades
    return {
        tuple(map(int, at)): values[tuple(at)] for at in np.argwhere(~np.isnan(values))
    }


@pytest.fixture(scope="module")
def mini(reference_data):
    return reference_data / MINI


def test_real_rows_land_in_their_cells(mini):
    ds = oceanco2.grid(mini)
    assert ds.sizes["tmnth"] == 12 * (2025 - 1970 + 1)
    assert (ds.attrs["rows_gridded"], ds.attrs["data_sets_gridded"]) == (48, 8)
    assert json.loads(ds.attrs["rows_left_out"]) == {}
    # 06AQ19911114: 321.1, 322.6, 320.7, 323.5 at 42 N, 349.7 E.
    cell = ds.sel(tmnth="1991-11", ylat=42.5, xlon=-10.5).squeeze().load()
    assert cell["fco2_count_nobs"] == 4
    assert cell["fco2_ave_unwtd"] == np.float32(321.975)
    assert cell["fco2_max_unwtd"] == np.float32(323.5)
    assert cell["sst_min_unwtd"] == np.float32(15.77)
    # 360.00000 and 359.99995 E lie on two sides of Greenwich.
    row = ds["fco2_count_nobs"].sel(tmnth="2025-01", ylat=-59.5).squeeze()
    assert float(row.sel(xlon=-0.5)) == 1
    assert float(row.sel(xlon=0.5)) == 6
    # 76XL20160724: two of three rows have no temperature.
    cell = ds.sel(tmnth="2016-08", ylat=74.5, xlon=-158.5).squeeze()
    assert (float(cell["fco2_count_nobs"]), float(cell["sst_count_nobs"])) == (3, 1)


def test_flags_of_data_sets_and_values_are_obeyed(mini, tmp_path, reference_data):
    only = oceanco2.grid(mini, flags="AB")
    assert json.loads(only.attrs["rows_left_out"])["data set flag not wanted"] == 40
    text = mini.read_text(encoding="utf-8")
    changed = tmp_path / "changed.tsv"
    lines = text.splitlines(keepends=True)
    lines[-1] = lines[-1].replace("\t6\t2\n", "\t6\t3\n")
    lines.append(lines[-2])  # the last good row once more
    lines[-2:] = lines[:-3:-1]
    changed.write_text("".join(lines), encoding="utf-8")
    ds = oceanco2.grid(changed)
    left_out = {"exact duplicate": 1, "fCO2 flag not wanted": 1}
    assert json.loads(ds.attrs["rows_left_out"]) == left_out
    assert oceanco2.grid(changed, duplicates="all").attrs["rows_gridded"] == 48
    assert oceanco2.grid(changed, woce=(2, 3)).attrs["rows_gridded"] == 48
    enhanced = reference_data / "socat/PAT520150211_SOCATv4_enhanced_rows.tsv"
    ds = oceanco2.grid(enhanced)
    assert ds.attrs["rows_gridded"] == 70  # the other 30 have src 0 and flag 9


def test_data_sets_and_files_of_them_give_the_same(tmp_path):
    one = canonical_dataset(260)
    one["fCO2_water_SST_wet_flag"][5] = BAD
    one["fCO2_water_SST_wet_flag"][6] = QUESTIONABLE
    one["salinity_flag"][7] = BAD
    two = canonical_dataset(130, kind="mooring", seed=3).assign_attrs(
        platform_code="99ZY", platform_name="another"
    )
    oceanco2.write(one, tmp_path / "one.nc")
    oceanco2.write(two, tmp_path / "two.nc")
    made = oceanco2.grid([one, two])
    read = oceanco2.grid([tmp_path / "two.nc", tmp_path / "one.nc"])
    for name in ("fco2_ave_weighted", "sst_std_weighted", "lon_offset_unwtd"):
        assert cells(made, name) == cells(read, name)
    water = int(np.isfinite(one["fCO2_water_SST_wet"]).sum())
    counts = cells(made, "fco2_count_nobs"), cells(made, "salinity_count_nobs")
    assert sum(counts[0].values()) == water - 2 + 130
    assert sum(counts[1].values()) == water - 3 + 130
    left_out = json.loads(made.attrs["rows_left_out"])
    assert left_out == {"fCO2 flag not wanted": 2, "no fCO2": 260 - water}
    wide = oceanco2.grid([one], woce=(2, 3, 4))
    assert wide.attrs["rows_gridded"] == water
    assert json.loads(read.attrs["source_files"]) == ["one.nc", "two.nc"]


def test_weighted_means_give_data_sets_the_same_weight():
    one, two = canonical_dataset(50), canonical_dataset(200, seed=1)
    two = two.assign_attrs(platform_code="99ZY")
    two["fCO2_water_SST_wet"] += 100.0
    means = [float(ds["fCO2_water_SST_wet"].mean()) for ds in (one, two)]
    result = oceanco2.grid([one, two], "decadal")
    weighted = list(cells(result, "fco2_ave_weighted_decade").values())
    plain = list(cells(result, "fco2_ave_unwtd_decade").values())
    assert weighted == pytest.approx([np.mean(means)], rel=1e-6)
    assert plain[0] > weighted[0]


def test_a_data_array_of_fugacities():
    n = 5
    array = xr.DataArray(
        np.arange(n) + 350.0,
        dims="time",
        coords={
            "time": pd.date_range("2021-06-01", periods=n, freq="h"),
            "latitude": 10.2,
            "longitude": ("time", np.full(n, -30.7)),
            "SST": ("time", np.full(n, 25.0)),
        },
    )
    ds = oceanco2.grid(array)
    cell = ds.sel(tmnth="2021-06", ylat=10.5, xlon=-30.5).squeeze()
    assert float(cell["fco2_ave_weighted"]) == 352.0
    assert float(cell["sst_count_nobs"]) == 5
    assert float(cell["salinity_count_nobs"]) == 0


def test_reasons_of_both_stages_are_added():
    ds = canonical_dataset(50)
    some = int(np.isnan(ds["fCO2_water_SST_wet"]).sum())
    ds["fCO2_water_SST_wet"][0] = 1e9  # no fugacity
    left_out = json.loads(oceanco2.grid(ds).attrs["rows_left_out"])
    assert left_out == {"no fCO2": some + 1}


def test_data_that_cannot_be_gridded_give_an_error(tmp_path):
    ds = canonical_dataset()
    with pytest.raises(
        ProcessingError, match="source 1: no variable named 'fCO2_water_SST_wet'"
    ):
        oceanco2.grid(ds.drop_vars("fCO2_water_SST_wet"))
    with pytest.raises(UnknownNameError, match="Did you mean 'coastal'"):
        oceanco2.grid(ds, "costal")
    with pytest.raises(OptionError, match="flags of fCO2"):
        oceanco2.grid(ds, woce=9)
    twice = tmp_path / "twice.tsv"
    twice.write_text("")
    with pytest.raises(OptionError, match="is given more than once"):
        oceanco2.grid([twice, str(twice)])
    with pytest.raises(OptionError, match="flags of data sets"):
        oceanco2.grid(ds, flags="AZ")
    with pytest.raises(OptionError, match="'once'"):
        oceanco2.grid(ds, duplicates="twice")
    with pytest.raises(OptionError, match="a source must be"):
        oceanco2.grid([1])
    for wrong in (None, 5, ds[["SST"]].to_dataframe()):
        with pytest.raises(OptionError, match=r"a source must be .*, not"):
            oceanco2.grid(wrong)
    with pytest.raises(
        OptionError, match="recomputed must be True or False, not 'yes'"
    ):
        oceanco2.grid(ds, recomputed="yes")
    with pytest.raises(OptionError, match="nothing to grid"):
        oceanco2.grid([])
    with pytest.raises(ReadError, match="no such file"):
        oceanco2.grid(tmp_path / "none.tsv")
    ds["fCO2_water_SST_wet_flag"][:] = BAD
    with pytest.raises(ProcessingError, match="fCO2 flag not wanted: 100"):
        oceanco2.grid(ds)


def test_the_command_writes_everything_or_says_why_not(mini, tmp_path, capsys):
    names = [str(tmp_path / f"grid.{suffix}") for suffix in ("nc", "csv", "png")]
    options = ["--csv", names[1], "--figure", names[2], "--name", "MINI"]
    given = ["socat", "grid", str(mini), "-o", names[0]]
    assert main([*given, *options]) == 0
    message = capsys.readouterr().out
    assert "MINI gridded Monthly 1x1 degree gridded dataset" in message
    assert "48 observations of 8 data sets in 17 cells" in message
    assert len(list(tmp_path.iterdir())) == 3
    assert main([*given, "--product", "coastal"]) == 0
    message = capsys.readouterr().out
    assert "39 observations of 6 data sets" in message
    assert "400 km or more from land: 9" in message
    with xr.open_dataset(names[0]) as ds:
        assert ds.sizes["ylat"] == 720
        assert ds.attrs["rows_gridded"] == 39
        assert json.loads(ds.attrs["source_files"]) == [mini.name]
        assert "gridded from 1 files" in ds.attrs["history"]
    given[-1] = str(tmp_path / "other.txt")
    assert main(given) == 2
    assert (
        "the suffix of the output must be one of .nc, .nc4" in capsys.readouterr().err
    )
    assert not (tmp_path / "other.txt").exists()
    given[-1] = str(tmp_path / "other.nc")
    assert main([*given, "--product", "hourly"]) == 2
    assert "no gridded product named 'hourly'" in capsys.readouterr().err
    assert main([*given, "--duplicates", "twice"]) == 2
    assert "'once'" in capsys.readouterr().err
    assert not (tmp_path / "other.nc").exists()


def test_real_gridded_fields_come_out_of_their_own_cells(data_set):
    """Each cell of a published monthly field as one observation in its middle.

    Its time is a placeholder (1e9 days); the month is in the name of the file.
    """
    folder = data_set("flux_gridded2010_fluxengine") / "SOCATv4"
    path = folder / "20100701_OCF-CO2-GLO-1M-KRG-CLIM.nc"
    with xr.open_dataset(path, decode_times=False) as field:
        fco2 = field["fCO2_2010_interpolated_pred"][0].load()
        kelvin = field["Tcl_2010"][0].load()
    north, east = np.meshgrid(fco2["latitude"], fco2["longitude"], indexing="ij")
    there = np.isfinite(fco2.to_numpy())
    assert there.sum() > 30_000
    july = np.datetime64("2010-07-01", "s")
    sst = kelvin.to_numpy()[there].astype(float) - 273.15
    sums = Accumulator("monthly")
    sums.add(
        *(np.full(there.sum(), july), north[there], east[there], 1),
        *(fco2.to_numpy()[there], sst, np.nan),
    )
    made = sums.result().sel(tmnth="2010-07").squeeze().load()
    assert fco2.attrs["units"] == made["fco2_ave_weighted"].attrs["units"] == "uatm"
    expected = fco2.sortby("latitude").sortby("longitude")
    np.testing.assert_array_equal(expected["latitude"], made["ylat"])
    np.testing.assert_array_equal(expected["longitude"], made["xlon"])
    for name in ("fco2_ave_weighted", "fco2_ave_unwtd", "fco2_max_unwtd"):
        np.testing.assert_array_equal(made[name], expected)
    assert float(abs(made["lat_offset_unwtd"]).max()) == 0.0
    assert float(abs(made["lon_offset_unwtd"]).max()) == 0.0
    assert float(made["fco2_std_unwtd"].max()) == 0.0


def test_dask_workers_give_the_same_bits(mini):
    from dask import compute, delayed

    table = pd.read_csv(mini, sep="\t", skiprows=70)
    clock = table[["yr", "mon", "day", "hh", "mm"]].to_numpy()
    parts = ("year", "month", "day", "hour", "minute")
    time = pd.to_datetime(dict(zip(parts, clock.T, strict=True))).to_numpy()

    def part(k):
        rows = table.iloc[k::3]
        sums = Accumulator("monthly")
        numbers = [dataset_number(code) for code in rows["Expocode"]]
        columns = ("latitude [dec.deg.N]", "longitude [dec.deg.E]")
        values = ("fCO2rec [uatm]", "SST [deg.C]", "sal")
        first = [rows[column].to_numpy() for column in columns]
        last = [rows[value].to_numpy() for value in values]
        sums.add(time[k::3], *first, np.array(numbers), *last)
        return sums

    one, two, three = compute(
        *(delayed(part)(k) for k in range(3)), scheduler="threads"
    )
    made = three.merge(one).merge(two).result()
    whole = oceanco2.grid(mini)
    for name in ("fco2_ave_weighted", "fco2_std_unwtd", "lat_offset_unwtd"):
        assert cells(made, name) == cells(whole, name)


def test_every_file_that_socat_gives_out(mini, reference_data, tmp_path, capsys):
    pangaea = oceanco2.grid(
        reference_data / "socat/26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab"
    )
    assert pangaea.attrs["rows_gridded"] == 526
    packed = tmp_path / "mini.tsv.gz"
    packed.write_bytes(gzip.compress(mini.read_bytes()))
    name = "fco2_ave_weighted"
    plain = oceanco2.grid(mini)
    assert cells(oceanco2.grid(packed), name) == cells(plain, name)
    again = oceanco2.grid(mini, recomputed=True)
    assert again.attrs["rows_gridded"] == 48
    ours, theirs = cells(again, name), cells(plain, name)
    assert list(ours) == list(theirs)
    assert list(ours.values()) == pytest.approx(list(theirs.values()), abs=1e-3)
    north = oceanco2.grid(mini, box="-180,60,180,90")
    assert north.attrs["rows_gridded"] == 7
    assert "box -180,60,180,90" in north.attrs["selection"]
    with pytest.raises(OptionError, match="box: only for files published by SOCAT"):
        oceanco2.grid([mini, canonical_dataset()], box="-180,60,180,90")
    broken = tmp_path / "broken.tsv"
    text = mini.read_text(encoding="utf-8")
    broken.write_text(text.replace("\t344.390\t", "\t344.x90\t"), encoding="utf-8")
    with pytest.warns(DataWarning, match=r"line 76: .*344\.x90"):
        assert oceanco2.grid(broken).attrs["rows_gridded"] == 47
    given = ["socat", "grid", str(broken), "-o", str(tmp_path / "o.nc"), "--woce", "2"]
    assert main(given) == 0
    message = capsys.readouterr()
    assert "47 observations of 7 data sets" in message.out
    assert "broken.tsv, line 76" in message.err
    assert main([*given, "--strict"]) == 1
    assert main([*given, "--flags", "E"]) == 1
    assert "data set flag not wanted: 47" in capsys.readouterr().err


def test_a_file_out_of_order_is_reported_and_gives_the_same(mini, tmp_path):
    lines = mini.read_text(encoding="utf-8").splitlines(keepends=True)
    turned = tmp_path / "turned.tsv"
    turned.write_text("".join(lines[:-48] + lines[:-49:-1]), encoding="utf-8")
    with pytest.warns(DataWarning, match="40 rows are earlier than the previous row"):
        result = oceanco2.grid(turned)
    for name in ("fco2_ave_weighted", "salinity_std_unwtd"):
        assert cells(result, name) == cells(oceanco2.grid(mini), name)
