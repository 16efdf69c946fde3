"""Files in the form of SOCAT: formats, rows, several data sets, round trip."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import OptionError, ProcessingError, ReadError
from oceanco2.export import write
from oceanco2.physics import fco2rec
from oceanco2.socat.columns import COLUMNS, HEADERS
from oceanco2.socat.upload.enhanced import (
    MEASURED,
    EnhancedOptions,
    records,
    write_report,
)
from tests.datasets import WATER, canonical_dataset, set_flag

NAMES = [column.name for column in COLUMNS]
ARGUMENTS = {
    "sst": "SST",
    "t_equ": "Tequ",
    "salinity": "sal",
    "woa_salinity": "WOA_SSS",
    "p_equ": "Pequ",
    "p_atm": "PPPP",
    "ncep_slp": "NCEP_SLP",
    "xco2_equ_dry": "xCO2water_equ_dry",
    "xco2_sst_dry": "xCO2water_SST_dry",
    "pco2_equ_wet": "pCO2water_equ_wet",
    "pco2_sst_wet": "pCO2water_SST_wet",
    "fco2_equ_wet": "fCO2water_equ_wet",
    "fco2_sst_wet": "fCO2water_SST_wet",
}


def table(path):
    """Preamble, and column name to cells."""
    lines = path.read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    start = lines.index("\t".join(HEADERS))
    cells = [line.split("\t") for line in lines[start + 1 :]]
    return lines[:start], dict(zip(NAMES, zip(*cells, strict=True), strict=True))


def numbers(columns, name):
    return np.array(columns[name], dtype=float)


def enhanced(ds, tmp_path, **options):
    return table(write(ds, tmp_path / "e.tsv", format="socat_enhanced", **options))


def other(ds, days, **attrs):
    """The same cruise on other days."""
    time = ds["time"].to_numpy() + np.timedelta64(days, "D")
    return ds.assign_coords(time=time).assign_attrs(attrs)


# ---- single data set ----------------------------------------------------------------


def test_cells_have_the_print_formats_of_the_specification(tmp_path):
    head, columns = enhanced(canonical_dataset(), tmp_path)
    forms = dict.fromkeys(NAMES, r"NaN|-?\d+\.\d{3}")
    forms |= {n: r"NaN|-?\d+\." for n in ("sample_depth", "ETOPO2_depth")}
    forms |= dict.fromkeys(("mon", "day", "hh", "mm"), r"\d\d")
    forms |= {"yr": r"\d{4}", "ss": r"\d\d\.", "dist_to_land": r"NaN|\d+\."}
    forms |= dict.fromkeys(("longitude", "latitude"), r"-?\d+\.\d{5}")
    forms |= {"fCO2rec_src": r"\d+", "fCO2rec_flag": r"[2349]"}
    forms |= dict.fromkeys(("Expocode", "version", "Source_DOI", "QC_Flag"), r"\S+")
    for name, cells in columns.items():
        for cell in cells:
            assert re.fullmatch(forms[name], cell), (name, cell)
    assert head[0].startswith("SOCAT data report created: ")
    preamble = dict(line.split(": ", 1) for line in head[2:14])
    assert preamble["Longitude range"] == "10.00E to 10.10E"
    assert preamble["Latitude range"] == "30.00S to 29.95S"
    assert preamble["Time range"] == "2024-03-01 to 2024-03-01"
    assert preamble["Data set QC flag"] == "B"
    assert preamble["Platform Name"] == "R/V Orsted"


def test_rows_are_those_of_the_upload_file_with_every_flag(tmp_path):
    ds = set_flag(canonical_dataset(), 3, "SST", 3, "range")
    ds = set_flag(ds, 4, "fCO2_water_SST_wet", 4, "gradient")
    _, columns = enhanced(ds, tmp_path)
    assert columns["fCO2rec_flag"][:6] == ("2", "2", "2", "3", "4", "2")
    assert set(columns["fCO2rec_src"]) == {"1"}
    rows = ds["run_type"].to_numpy() == WATER
    for name, variable in MEASURED.items():
        if variable in ds and name != "sample_depth":
            expected = ds[variable].to_numpy()[rows]
            np.testing.assert_allclose(numbers(columns, name), expected, atol=5.1e-4)
        else:
            assert set(columns[name]) == {"NaN"}
    assert ds.sizes["time"] == 130
    assert len(columns["SST"]) == 100


def test_without_a_result_the_source_is_0_and_the_flag_9(tmp_path):
    ds = canonical_dataset(30).copy(deep=True)
    water = [
        n for n in ds.data_vars if re.fullmatch(r"[xpf]CO2_water_\w+_(dry|wet)", n)
    ]
    for name in water:
        ds[name].to_numpy()[2] = np.nan
    ds = set_flag(ds, 2, "fCO2_water_SST_wet", 4, "not_calibrated")
    _, columns = enhanced(ds, tmp_path)
    assert columns["fCO2rec"][2] == "NaN"
    assert (columns["fCO2rec_src"][2], columns["fCO2rec_flag"][2]) == ("0", "9")


def test_fco2rec_follows_from_the_printed_cells(tmp_path):
    """SOCAT's tolerance is 0.001 uatm; here to the last printed digit."""
    _, columns = enhanced(canonical_dataset(400), tmp_path)
    given = {k: numbers(columns, name) for k, name in ARGUMENTS.items()}
    value, number = fco2rec(**given)
    np.testing.assert_allclose(numbers(columns, "fCO2rec"), value, atol=5.1e-4)
    assert [str(n) for n in number] == list(columns["fCO2rec_src"])


def test_external_fields_are_taken_from_the_dataset(tmp_path):
    """Without pressure and salinity the fields of SOCAT give algorithm 13."""
    ds = canonical_dataset(30)
    n = ds.sizes["time"]
    ds = ds.drop_vars(["P_equ", "P_atm", "salinity"])
    results = ("pCO2_water_Tequ_wet", "pCO2_water_SST_wet")
    ds = ds.drop_vars([*results, "fCO2_water_Tequ_wet", "fCO2_water_SST_wet"])
    _, columns = enhanced(ds, tmp_path)
    assert set(columns["fCO2rec_src"]) == {"0"}
    ds["WOA_SSS"], ds["NCEP_SLP"] = (
        ("time", np.full(n, 35.0)),
        ("time", np.full(n, 1013.0)),
    )
    ds["ETOPO2_depth"] = ("time", np.full(n, -1.2))
    _, columns = enhanced(ds, tmp_path)
    assert set(columns["fCO2rec_src"]) == {"13"}
    assert set(columns["ETOPO2_depth"]) == {"-1."}


def test_gvco2_comes_from_the_file_of_the_boundary_layer(data_set, tmp_path):
    """At a node of time and latitude the table's own value (README: 41 latitudes)."""
    import xarray as xr

    path = data_set("atm_globalview_2013") / "gvco2_2013.nc"
    with xr.open_dataset(path) as file:
        node = file["CO2"].isel(TCARBON=1500, LATS=30)
        moment, lat, expected = node["TCARBON"].values, float(node["LATS"]), float(node)
    ds = canonical_dataset(20, kind="mooring")
    ds = ds.assign_coords(latitude=("time", np.full(20, lat), ds["latitude"].attrs))
    shift = moment.astype("datetime64[ns]") - ds["time"].to_numpy()[0]
    ds = ds.assign_coords(time=ds["time"].to_numpy() + shift)
    _, columns = enhanced(ds, tmp_path, gvco2=str(path))
    assert numbers(columns, "GVCO2")[0] == pytest.approx(expected, abs=2e-3)
    with pytest.raises(ReadError, match="nowhere"):
        enhanced(ds, tmp_path, gvco2="nowhere.nc")


def test_salinity_and_pressure_come_from_files_that_the_user_names(tmp_path):
    """The nearest sample: twelve months of salinity, six-hourly pressure in Pa."""
    import xarray as xr

    lat, lon = np.arange(-89.5, 90), np.arange(0.5, 360)
    month = np.arange(12.0)
    salinity = 30.0 + month[:, None, None] + np.zeros((12, lat.size, lon.size))
    axes = {"time": month, "lat": lat, "lon": lon}
    xr.Dataset({"s_an": (tuple(axes), salinity)}, axes).to_netcdf(tmp_path / "woa.nc")
    time = np.datetime64("2024-03-01T00", "ns") + np.arange(8) * np.timedelta64(6, "h")
    coarse = {"time": time, "lat": lat[::5], "lon": lon[::5]}
    pressure = 101_000.0 + 10 * np.arange(8)[:, None, None] + np.zeros((8, 36, 72))
    slp = {"slp": (tuple(coarse), pressure, {"units": "Pascals"})}
    xr.Dataset(slp, coarse).to_netcdf(tmp_path / "slp.nc")
    ds = canonical_dataset(30)
    files = {"woa": str(tmp_path / "woa.nc"), "ncep": str(tmp_path / "slp.nc")}
    _, columns = enhanced(ds, tmp_path, **files)
    assert set(columns["WOA_SSS"]) == {"32.000"}  # March
    assert columns["NCEP_SLP"][0] == "1010.100"  # 06:00
    assert set(columns["fCO2rec_src"]) == {"1"}
    results = ("pCO2_water_Tequ_wet", "pCO2_water_SST_wet")
    fewer = ds.drop_vars(["salinity", *results, "fCO2_water_SST_wet"])
    fewer = fewer.drop_vars("fCO2_water_Tequ_wet")
    assert set(enhanced(fewer, tmp_path, **files)[1]["fCO2rec_src"]) == {"9"}
    with pytest.raises(ReadError, match="nowhere"):
        enhanced(ds, tmp_path, woa="nowhere.nc")


def test_options_and_attributes(tmp_path):
    ds = canonical_dataset(30).assign_attrs(doi="10.1234/x", dataset_name="Leg 1")
    _, columns = enhanced(ds, tmp_path, version="2026.0N", flag="C")
    assert columns["version"][0] == "2026.0N"
    assert columns["Source_DOI"][0] == "10.1234/x"
    assert columns["QC_Flag"][0] == "C"
    del ds.attrs["suggested_flag"]
    assert enhanced(ds, tmp_path)[1]["QC_Flag"][0] == "N"
    with pytest.raises(
        OptionError, match="flag must be one of A, B, C, D, E, N, U, not 'F'"
    ):
        enhanced(ds, tmp_path, flag="F")


@pytest.mark.parametrize("version", ["abc", "", "2026.0N\t", "v2026", "2026.0X"])
def test_versions_are_those_of_socat(version):
    """Published: 1.3N, 3.0U, 2021.0N; PANGAEA's files say 3."""
    for good in ("1.3N", "3.0U", "2021.0N", "3", "N/A"):
        assert EnhancedOptions(version=good).version == good
    with pytest.raises(OptionError, match=r"like 2026\.0N \(new\) or 3\.0U"):
        EnhancedOptions(version=version)


def test_seconds_may_print_as_sixty(tmp_path):
    ds = canonical_dataset(3)
    time = np.array(["2024-03-01T00:00:59.7", "2024-03-01T00:01:03", "2024-03-02"])
    _, columns = enhanced(
        ds.assign_coords(time=time.astype("datetime64[ns]")), tmp_path
    )
    assert columns["ss"] == ("60.", "03.", "00.")
    assert columns["mm"] == ("00", "01", "00")


# ---- several data sets --------------------------------------------------------------


def test_several_data_sets_in_one_file(tmp_path):
    first = set_flag(canonical_dataset(40), 4, "fCO2_water_SST_wet", 4, "gradient")
    second = other(canonical_dataset(40, seed=1), -20, suggested_flag="D")
    path = tmp_path / "all.tsv"
    write_report([records(first), records(second)], path)
    head, columns = table(path)
    codes = [records(ds).expocode for ds in (second, first)]
    assert codes == sorted(codes)
    assert list(dict.fromkeys(columns["Expocode"])) == codes
    place = head.index("SOCAT data for the following data sets:") + 1
    rows = [line.split("\t") for line in head[place : place + 3]]
    assert rows[0][0] == "Expocode"
    assert [row[0] for row in rows[1:]] == codes
    assert {len(row) for row in rows} == {15}
    assert [row[13] for row in rows[1:]] == ["D", "B"]
    assert set(columns["fCO2rec_flag"]) == {"2"}
    each = [columns["Expocode"].count(code) for code in codes]
    assert each == [31, 30]  # one of the second cruise is bad
    write_report([records(second), records(first)], path, every=True)
    assert len(table(path)[1]["SST"]) == 62


def test_duplicates_are_printed_once(tmp_path):
    ds = canonical_dataset(20, kind="mooring")
    one = records(ds.isel(time=slice(0, 3)))
    doubled = {k: v.take([0, 1, 1, 2]) for k, v in one.columns.items()}
    again = type(one)(
        one.expocode,
        one.version,
        one.doi,
        one.flag,
        one.about,
        one.time.take([0, 1, 1, 2]),
        doubled,
    )
    assert again.time.size == 4
    (done,) = write_report([again], tmp_path / "s.tsv")
    np.testing.assert_array_equal(done.time, one.time)
    np.testing.assert_array_equal(done.columns["SST"], one.columns["SST"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda ds: [ds, ds], "appears more than once"),
        (lambda ds: [], "no data set"),
        (lambda ds: [ds.assign_attrs(suggested_flag="E")], "flag A to D"),
        (
            lambda ds: [ds.assign_attrs(suggested_flag="")],
            "needs data set flag A to D, not 'N'",
        ),
    ],
)
def test_what_a_synthesis_file_cannot_hold(tmp_path, change, words):
    sets = [records(ds) for ds in change(canonical_dataset(30))]
    with pytest.raises(ProcessingError, match=words):
        write_report(sets, tmp_path / "s.tsv")
    assert list(tmp_path.iterdir()) == []


def test_no_good_row_is_reported(tmp_path):
    ds = canonical_dataset(3)
    for row in range(3):
        ds = set_flag(ds, row, "fCO2_water_SST_wet", 3, "range")
    with pytest.raises(ProcessingError, match="no row with an fCO2rec of flag 2"):
        write(ds, tmp_path / "s.tsv", format="socat_synthesis")


# ---- round trip ---------------------------------------------------------------------

value = st.floats(80, 1200) | st.just(np.nan)
row = st.tuples(
    value,
    value,
    st.floats(-2, 35),
    st.floats(0, 42) | st.just(np.nan),
    st.floats(900, 1100) | st.just(np.nan),
    st.floats(-90, 90),
    st.floats(-180, 360),
)


@settings(max_examples=40, deadline=None)
@given(rows=st.lists(row, min_size=1, max_size=12))
def test_what_is_written_reads_back_equal(tmp_path_factory, rows):
    xe, fs, sst, sal, p, lat, lon = (np.array(x) for x in zip(*rows, strict=True))
    ds = canonical_dataset(len(rows), kind="mooring", standards=False).copy(deep=True)
    given_ = {"xCO2_water_Tequ_dry": xe, "fCO2_water_SST_wet": fs, "SST": sst}
    given_ |= {"salinity": sal, "P_equ": p, "P_atm": p}
    for name, values in given_.items():
        ds[name].to_numpy()[:] = values
    ds = ds.assign_coords(
        latitude=("time", lat, ds["latitude"].attrs),
        longitude=("time", lon, ds["longitude"].attrs),
    )
    one = records(ds)
    path = tmp_path_factory.mktemp("e") / "e.tsv"
    write_report([one], path, every=True)
    _, columns = table(path)
    for name, values in one.columns.items():
        np.testing.assert_array_equal(numbers(columns, name), values)
    expected = one.time.astype("datetime64[s]") + (
        one.time.astype("int64") % 1000 > 500
    )
    parts = zip(
        *(columns[n] for n in ("yr", "mon", "day", "hh", "mm", "ss")), strict=True
    )
    for (*ymd, ss), moment in zip(parts, expected, strict=True):
        start = np.datetime64("{}-{}-{}T{}:{}".format(*ymd), "s")
        got = start + np.timedelta64(int(ss.rstrip(".")), "s")
        assert abs(got - moment) <= np.timedelta64(1, "s")


def test_same_input_same_bytes(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    ds = canonical_dataset(40)
    for name in ("a.tsv", "b.tsv"):
        write(ds, tmp_path / name, format="socat_synthesis")
    first = (tmp_path / "a.tsv").read_bytes()
    assert first == (tmp_path / "b.tsv").read_bytes()
    assert first.startswith(b"SOCAT data report created: 2023-11-14 22:13 +0000\n")


def test_default_options_are_those_of_a_new_data_set():
    assert records(canonical_dataset(30), EnhancedOptions()).version == "N/A"
