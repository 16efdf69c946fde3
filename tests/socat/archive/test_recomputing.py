"""fCO2rec of whole files: published values, reference vectors, external fields."""

import csv

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import oceanco2.physics as ph
from oceanco2.errors import OptionError, ReadError
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.archive.recomputing import recompute
from oceanco2.socat.grid.sources import accumulate

PUBLISHED = {
    "SOCATv2026_mini_excerpt.tsv": (48, {"1": 30, "2": 6, "6": 6, "8": 6}),
    "PAT520150211_SOCATv4_enhanced_rows.tsv": (100, {"0": 30, "1": 70}),
    "26NA20050107_CO2_underway_SOCATv3_PANGAEA.tab": (526, {"6": 526}),
}


@pytest.mark.parametrize("file", PUBLISHED)
def test_published_rows(file, reference_data, tmp_path):
    rows, src = PUBLISHED[file]
    path, out = reference_data / "socat" / file, tmp_path / "out.tsv"
    report = recompute(path, out)
    assert report["rows"] == report["src_same"] == rows
    assert report["src"] == src
    assert report["rows_beyond"] == report["rows_with_one_value"] == 0
    assert report["max_difference"] <= 0.001
    frame = read_socat(out)
    assert (frame["fCO2rec_src_oceanco2"] == frame["fCO2rec_src"]).all()
    apart = frame["fCO2rec_oceanco2"] - frame["fCO2rec"]
    np.testing.assert_allclose(
        frame["fCO2rec_difference_oceanco2"], apart, rtol=0, atol=2e-8
    )
    assert apart.abs().max() <= 0.001


def test_the_file_itself_is_not_changed(excerpt_2026, tmp_path):
    recompute(excerpt_2026, tmp_path / "out.tsv")
    lines = (tmp_path / "out.tsv").read_text().splitlines()
    before = excerpt_2026.read_text().splitlines()
    assert lines[-49].split("\t")[32:] == [
        "fCO2rec_oceanco2 [uatm]",
        "fCO2rec_src_oceanco2",
        "fCO2rec_difference_oceanco2 [uatm]",
    ]
    assert ["\t".join(x.split("\t")[:32]) for x in lines[-49:]] == before[-49:]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".nc"])
def test_reference_vector(suffix, reference, tmp_path):
    path = reference / "socat" / "DERIVED_algorithms_1_14_reference.csv"
    report = recompute(path, tmp_path / f"out{suffix}")
    assert report["compared"] == 0
    assert set(report["src"]) == {str(i) for i in range(1, 15)}
    expected = pd.read_csv(path)
    value, number = {
        ".nc": from_netcdf,
        ".parquet": lambda p: from_table(pd.read_parquet(p)),
        ".csv": lambda p: from_table(pd.read_csv(p)),
        ".tsv": lambda p: from_table(pd.read_csv(p, sep="\t")),
    }[suffix](tmp_path / f"out{suffix}")
    np.testing.assert_allclose(value, expected["fCO2rec_calc"], rtol=0, atol=1e-6)
    assert number.tolist() == expected["src"].tolist()


def from_table(frame):
    (value,) = (c for c in frame if c.split(" ")[0] == "fCO2rec_oceanco2")
    return frame[value].to_numpy(), frame["fCO2rec_src_oceanco2"]


def from_netcdf(path):
    with xr.open_dataset(path) as ds:
        return ds["fCO2rec_oceanco2"].to_numpy(), ds["fCO2rec_src_oceanco2"].to_numpy()


def test_rows_that_do_not_agree_are_listed(few):
    def change(lines):
        for i, field, text in ((3, 29, b"999.000"), (5, 30, b"12"), (7, 29, b"NaN")):
            cells = lines[i].split(b"\t")
            cells[field] = text
            lines[i] = b"\t".join(cells)
        return lines

    report = recompute(few(change))
    assert [row["line"] for row in report["rows_listed"]] == [4, 6, 8]
    assert report["rows_beyond"] == report["rows_with_one_value"] == 1
    assert (report["src_same"], report["src_compared"]) == (39, 40)
    assert report["rows_listed"][0]["published"] == 999.0
    assert report["rows_listed"][1]["published_src"] == 12
    assert recompute(few(change), listed=1)["rows_listed"] == report["rows_listed"][:1]


def test_every_row_of_a_made_file_and_threads_change_nothing(made, tmp_path):
    reports, files = [], []
    for workers in (1, 3):
        reports.append(recompute(made, tmp_path / "out.tsv", workers=workers))
        files.append((tmp_path / "out.tsv").read_bytes())
    assert reports[0] == reports[1]
    assert files[0] == files[1]
    assert reports[0]["rows"] == reports[0]["src_same"] == 6000
    assert reports[0]["max_difference"] <= 0.0005 + 1e-9
    apart = read_socat(tmp_path / "out.tsv")["fCO2rec_difference_oceanco2"].abs()
    assert reports[0]["median_difference"] == pytest.approx(apart.median(), abs=2e-6)


def test_without_co2_there_is_nothing_to_recompute(reference_data):
    file = "PAT520150211_SOCATv4_synthesis_rows_regionC.tsv"
    with pytest.raises(ReadError, match="line 1: the header has none of xCO2water_equ"):
        recompute(reference_data / "socat" / file)
    with pytest.raises(OptionError, match="the suffix of the output must be one of"):
        recompute(reference_data / "socat" / file, "out.txt")


def fields(folder):
    """Salinity 30 + month + 0.01 row; pressure 990 + step + 0.001 column [Pa]."""
    lat, lon = np.arange(-89.5, 90), np.arange(0.5, 360)
    salinity = np.add.outer(np.arange(12.0), 0.01 * np.arange(180))[:, None, :, None]
    salinity = np.broadcast_to(salinity + 30.0, (12, 2, 180, 360)).copy()
    salinity[:, 1] = 99.0  # below the surface
    coords = {"month": range(1, 13), "depth": [0.0, 10.0], "lat": lat, "lon": lon}
    woa = xr.Dataset({"s_an": (("month", "depth", "lat", "lon"), salinity)}, coords)
    times = pd.date_range("1989-12-31", periods=400, freq="6h")
    lat, lon = np.arange(90, -91, -2.5), np.arange(0, 360, 2.5)
    pressure = np.add.outer(np.arange(400.0), 0.001 * np.arange(144))[:, None, :]
    pressure = np.broadcast_to(99000 + pressure, (400, 73, 144))
    coords = {"time": times, "lat": lat, "lon": lon}
    slp = (("time", "lat", "lon"), pressure, {"units": "Pascals"})
    ncep = xr.Dataset({"slp": slp}, coords)
    woa.to_netcdf(folder / "woa.nc")
    ncep.to_netcdf(folder / "ncep.nc")
    return folder / "woa.nc", folder / "ncep.nc"


def own_data(path, rows):
    """A table as somebody has it: SOCAT's upload names, no external fields."""
    names = ["Expocode", "Year", "Month", "Day", "Hour", "Minute", "Second"]
    names += ["Longitude [deg E]", "Latitude [deg N]", "SST [deg C]", "T_equ [deg C]"]
    names += ["Salinity [PSU]", "xCO2_water_Tequ_dry [umol/mol]"]
    with path.open("w") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerows([names, *rows])


def test_fields_for_own_data(tmp_path):
    woa, ncep = fields(tmp_path)
    clock = ["26NA19900115", 1990, 3, 15, 14, 50, 0]
    where = [-2.4, 10.2, 15.0, 15.2]
    own = tmp_path / "own.tsv"
    own_data(own, [[*clock, *where, "35.1", 380.0], [*clock, *where, "-999", 380.0]])
    report = recompute(own, tmp_path / "out.tsv", woa=woa, ncep=ncep)
    assert report["src"] == {"11": 1, "13": 1}
    frame = read_socat(tmp_path / "out.tsv")
    # The nearest sample: 12 or 18 h, 10 degrees north, 357.5 degrees east.
    step = (
        pd.Timestamp("1990-03-15T12:00") - pd.Timestamp("1989-12-31")
    ).total_seconds()
    given = {
        "sst": 15.0,
        "t_equ": 15.2,
        "salinity": np.array([35.1, np.nan]),
        "woa_salinity": 30 + 2 + 0.01 * 100,
        "ncep_slp": (99000 + step / 21600 + 0.001 * 143) / 100,
        "xco2_equ_dry": 380.0,
    }
    value, number = ph.fco2rec(**given)
    np.testing.assert_allclose(frame["fCO2rec_oceanco2"], value, rtol=0, atol=1e-6)
    assert frame["fCO2rec_src_oceanco2"].tolist() == number.tolist()
    assert recompute(own)["src"] == {"0": 2}
    both = xr.open_dataset(woa).load()
    (name,) = both.data_vars
    both = both.rename({name: "s_an"}).assign(s_sd=both[name])
    both.to_netcdf(tmp_path / "both.nc")  # salinity is known by its name
    again = recompute(own, woa=tmp_path / "both.nc", ncep=ncep)
    assert again["src"] == report["src"]
    with pytest.raises(ReadError, match="cannot be read as netCDF"):
        recompute(own, woa=own)
    with pytest.raises(ReadError, match="no variable is recognised as pressure"):
        recompute(own, ncep=write_other(tmp_path))


def write_other(folder):
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(folder / "other.nc")
    return folder / "other.nc"


def test_pressure_is_not_taken_from_another_year(tmp_path):
    from oceanco2.fields.sampling import NearestField

    _, ncep = fields(tmp_path)
    field = NearestField(ncep, "pressure")
    times = np.array(["1990-01-01T03", "2005-01-01", "NaT"], "datetime64[ns]")
    found = field.at(times, np.zeros(3), np.array([1.25, 0.0, 0.0]))
    assert found[0] == pytest.approx(990.04)
    assert np.isnan(found[1:]).all()


def test_recomputed_rows_in_the_grid_are_those_of_the_file(made):
    ours, reading = accumulate(made, "monthly", recomputed=True, workers=2)
    theirs, _ = accumulate(made, "monthly", workers=1)
    assert ours.rows == theirs.rows == 6000 == reading.counts.rows
    a, b = ours.result(), theirs.result()
    year = a.sel(tmnth="1990")
    there = year["fco2_count_nobs"].to_numpy()
    assert np.nansum(there) == 6000
    np.testing.assert_allclose(
        year["fco2_ave_unwtd"], b["fco2_ave_unwtd"].sel(tmnth="1990"), atol=0.0006
    )
    assert accumulate(made, flags="A")[0].rows < 6000
