"""netCDF: conventions, round trip, same bytes, whole files only."""

import os
import resource
import stat
import time

import numpy as np
import pytest
import xarray as xr
from compliance_checker.base import BaseCheck
from netCDF4 import Dataset

from oceanco2.errors import (
    OptionError,
    OutputError,
    ProcessingError,
    ReadError,
    UnknownNameError,
)
from oceanco2.export import FORMATS, open_dataset, write
from oceanco2.export.acdd import iso_duration
from oceanco2.export.cf import decode_time, encode_time
from oceanco2.vocabulary import VARIABLES, attrs_of
from tests.compliance import checked
from tests.datasets import canonical_dataset


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def moving_mooring():
    ds = canonical_dataset(kind="mooring")
    drift = 0.001 * np.sin(np.arange(ds.sizes["time"]))
    attrs = ds["latitude"].attrs
    return ds.assign_coords(latitude=("time", ds["latitude"].to_numpy() + drift, attrs))


def equal_times():
    ds = canonical_dataset(40)
    moments = ds["time"].to_numpy().copy()
    moments[7] = moments[6]
    return ds.assign_coords(time=moments)


def no_position():
    ds = canonical_dataset(40).copy(deep=True)
    for name in ("latitude", "longitude"):
        ds[name].to_numpy()[3:5] = np.nan
    return ds


def deep():
    ds = canonical_dataset(40)
    depth = np.full(40, 5.0)
    return ds.assign(sample_depth=("time", depth, attrs_of("sample_depth")))


def bare():
    ds = canonical_dataset(3, standards=False)
    return ds[["SST"]].assign_attrs({}).drop_attrs(deep=False)


CASES = {
    "ship": canonical_dataset,
    "mooring": lambda: canonical_dataset(kind="mooring"),
    "surface_vehicle": lambda: canonical_dataset(kind="surface_vehicle"),
    "no standards": lambda: canonical_dataset(standards=False),
    "one row": lambda: canonical_dataset(1),
    "moving mooring": moving_mooring,
    "equal times": equal_times,
    "no position": no_position,
    "sample depth": deep,
    "no attributes": bare,
}


@pytest.mark.parametrize(
    "case", ["ship", "mooring", "equal times", "no position", "sample depth"]
)
def test_cf_has_nothing_to_say(tmp_path, case):
    write(CASES[case](), tmp_path / "x.nc")
    assert checked(tmp_path / "x.nc", "cf:1.11") == []


@pytest.mark.parametrize("case", CASES)
def test_acdd_misses_standard_names_only_where_there_are_none(tmp_path, case):
    """The CF table has no name for them; nothing else of high priority is missing."""
    write(CASES[case](), tmp_path / "x.nc")
    nameless = {name for name, v in VARIABLES.items() if v.standard_name is None}
    for weight, name, messages in checked(tmp_path / "x.nc", "acdd"):
        if weight < BaseCheck.HIGH:
            continue
        assert messages == ["standard_name"], (name, messages)
        with Dataset(tmp_path / "x.nc") as file:
            variable = name.split('"')[1]
            assert "standard_name" not in file[variable].ncattrs()
        base = variable.removesuffix("_uncertainty")
        assert base in nameless or base not in VARIABLES or "_raw" in base


def test_acdd_recommendations_left_are_not_in_the_platform_file(tmp_path):
    attrs = {
        "comment": "x",
        "acknowledgement": "x",
        "creator_url": "https://example.org",
        "creator_email": "x@example.org",
        "project": "x",
        "publisher_name": "x",
        "publisher_url": "https://example.org",
        "publisher_email": "x@example.org",
    }
    write(deep().assign_attrs(attrs), tmp_path / "x.nc")
    left = [
        (name, messages)
        for weight, name, messages in checked(tmp_path / "x.nc", "acdd")
        if weight == BaseCheck.MEDIUM
    ]
    assert left == []


@pytest.mark.parametrize("case", CASES)
def test_reads_back_equal(tmp_path, case):
    ds = CASES[case]()
    write(ds, tmp_path / "x.nc")
    again = open_dataset(tmp_path / "x.nc")
    xr.testing.assert_equal(again, ds)
    assert list(again.coords) == ["time", "latitude", "longitude"]
    assert again["time"].dtype == "datetime64[ns]"
    for name in ds.variables:
        assert again[name].dtype == ds[name].dtype, name
        assert set(ds[name].attrs) <= set(again[name].attrs)
        for key, value in ds[name].attrs.items():
            np.testing.assert_array_equal(again[name].attrs[key], value)
    for key, value in ds.attrs.items():
        assert again.attrs[key] == value
        assert type(again.attrs[key]) is type(value)


@pytest.mark.parametrize("case", CASES)
def test_a_copy_of_a_copy_has_the_same_bytes(tmp_path, case):
    first, second = tmp_path / "a.nc", tmp_path / "b.nc"
    write(CASES[case](), first)
    write(open_dataset(first), second)
    assert second.read_bytes() == first.read_bytes()


def test_same_bytes_at_another_time(tmp_path):
    """HDF5 must not embed the time of writing."""
    first, second = tmp_path / "a.nc", tmp_path / "b.nc"
    write(canonical_dataset(), first)
    time.sleep(1.1)
    write(canonical_dataset(), second)
    assert second.read_bytes() == first.read_bytes()


def test_what_stands_in_the_file(tmp_path):
    write(canonical_dataset(300), tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        assert file.Conventions == "CF-1.11, ACDD-1.3"
        assert file.featureType == "trajectory"
        assert file.date_created == "2024-06-01T00:00:00Z"
        assert file.time_coverage_start == "2024-03-01T06:00:00Z"
        assert file.time_coverage_end == "2024-03-01T18:28:44.750Z"
        assert file.time_coverage_duration == "PT12H28M44.75S"
        assert file.time_coverage_resolution == "PT2M30.25S"
        assert file.id == file.expocode == "99ZZ20240301"
        assert "a.txt" in file.source_files
        assert len(file.platform_file_sha256) == 64
        assert file["trajectory"].cf_role == "trajectory_id"
        assert b"".join(file["trajectory"][:].data) == b"99ZZ20240301"
        moment = file["time"]
        assert moment.dtype == "float64"
        assert moment.units == "seconds since 1970-01-01T00:00:00Z"
        assert moment.calendar == "standard"
        assert moment.units_metadata == "leap_seconds: utc"
        assert moment[1] - moment[0] == 150.25
        for name in ("time", "latitude", "longitude"):
            assert "_FillValue" not in file[name].ncattrs()
        for name, variable in file.variables.items():
            assert "coverage_content_type" in variable.ncattrs(), name
            if "flag_values" in variable.ncattrs():
                assert variable.flag_values.dtype == variable.dtype
            if variable.dtype.kind in "iu":
                assert "_FillValue" not in variable.ncattrs()
        fco2 = file["fCO2_water_SST_wet"]
        assert np.isnan(fco2._FillValue)
        filters = fco2.filters()
        assert (filters["zlib"], filters["shuffle"], filters["complevel"]) == (
            True,
            True,
            1,
        )
        assert file["SST"].units_metadata == "temperature: on_scale"


def test_mooring_is_a_time_series_with_one_place(tmp_path):
    write(canonical_dataset(kind="mooring"), tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        assert file.featureType == "timeSeries"
        assert file["timeseries"].cf_role == "timeseries_id"
        assert file["latitude"].shape == ()
        assert file.geospatial_bounds == "POINT (33.50000 -121.25000)"
    write(moving_mooring(), tmp_path / "y.nc")
    with Dataset(tmp_path / "y.nc") as file:
        assert file.featureType == "trajectory"
        assert "moored" in file.featureType_comment


def test_equal_times_get_a_dimension_of_their_own(tmp_path):
    write(equal_times(), tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        assert file["time"].dimensions == ("obs",)
        assert "time" in file["SST"].coordinates.split()


def test_across_the_date_line(tmp_path):
    ds = canonical_dataset(60)
    lon = np.linspace(175, 185, 60)
    ds = ds.assign_coords(
        longitude=("time", np.where(lon > 180, lon - 360, lon), ds["longitude"].attrs)
    )
    write(ds, tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        assert file.geospatial_lon_min == pytest.approx(175)
        assert file.geospatial_lon_max == pytest.approx(-175)
        assert "185.00000" in file.geospatial_bounds


def test_two_variables_with_one_standard_name_are_refused(tmp_path):
    ds = canonical_dataset(20)
    ds["SST_raw"] = ds["SST"].assign_attrs(attrs_of("SST"))
    with pytest.raises(ProcessingError, match="SST_raw and SST"):
        write(ds, tmp_path / "x.nc")
    assert list(tmp_path.iterdir()) == []


def test_lists_and_mappings_in_attributes_survive(tmp_path):
    attrs = {"warnings": ["a", "ø"], "empty": [], "deep": {"a": [1, 2.5]}, "yes": True}
    ds = canonical_dataset(20).assign_attrs(attrs)
    ds["SST"].attrs["columns"] = ["a", "b"]
    write(ds, tmp_path / "x.nc")
    again = open_dataset(tmp_path / "x.nc")
    for key, value in attrs.items():
        assert again.attrs[key] == value
    assert again["SST"].attrs["columns"] == ["a", "b"]


def test_attributes_netcdf_does_not_know_become_text(tmp_path):
    attrs = {
        "day": np.datetime64("2024-03-01"),
        "place": tmp_path,
        "names": np.array(["a", "b"]),
        "truth": np.bool_(True),
        "nothing": None,
        "number": np.float32(1.5),
        "blank": "",
    }
    write(canonical_dataset(10).assign_attrs(attrs), tmp_path / "x.nc")
    again = open_dataset(tmp_path / "x.nc").attrs
    assert again["day"] == "2024-03-01"
    assert again["place"] == str(tmp_path)
    assert again["names"] == ["a", "b"]
    assert again["truth"] is True
    assert "nothing" not in again
    assert again["number"] == 1.5
    assert again["blank"] == ""


def test_texts_along_time_survive(tmp_path):
    ds = canonical_dataset(3)
    ds["note"] = ("time", np.array(["a", "", "ø, b"]), {"long_name": "note"})
    write(ds, tmp_path / "x.nc")
    assert open_dataset(tmp_path / "x.nc")["note"].to_numpy().tolist() == [
        "a",
        "",
        "ø, b",
    ]


def test_one_flag_value_is_still_an_array(tmp_path):
    ds = canonical_dataset(10)
    one = {"flag_values": np.array([0], "int16"), "flag_meanings": "EQU"}
    ds["run_label"].attrs.update(one)
    write(ds, tmp_path / "x.nc")
    values = open_dataset(tmp_path / "x.nc")["run_label"].attrs["flag_values"]
    assert values.shape == (1,)
    assert values.dtype == "int16"


def test_ancillary_variables_name_only_what_is_there(tmp_path):
    ds = canonical_dataset(10).drop_vars("fCO2_water_SST_wet_uncertainty")
    write(ds, tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        ancillary = file["fCO2_water_SST_wet"].ancillary_variables.split()
    assert ancillary == ["fCO2_water_SST_wet_flag", "fCO2_water_SST_wet_tests"]


def test_times_are_exact_to_the_microsecond():
    start = np.datetime64("1957-01-01", "ns")
    micro = np.arange(0, 3_000_000_000_000_000, 7_777_777_777_777)
    moments = start + micro.astype("timedelta64[us]")
    np.testing.assert_array_equal(decode_time(encode_time(moments)), moments)
    assert np.isnat(decode_time([np.nan])).all()


def test_durations():
    assert iso_duration(np.timedelta64(0, "s")) == "PT0S"
    assert iso_duration(np.timedelta64(86400, "s")) == "P1D"
    assert iso_duration(np.timedelta64(12_345_678, "s")) == "P142DT21H21M18S"
    assert iso_duration(np.timedelta64(59_999_900, "us")) == "PT1M"


def test_dask_arrays_are_written_like_others(tmp_path):
    write(canonical_dataset(500), tmp_path / "a.nc")
    write(canonical_dataset(500).chunk(time=100), tmp_path / "b.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_long_files_are_chunked(tmp_path):
    n = 200_000
    ds = xr.Dataset(
        {"SST": ("time", np.arange(n) * 1e-4, attrs_of("SST"))},
        {
            "time": np.datetime64("2024-01-01", "ns")
            + np.arange(n) * np.timedelta64(1, "s"),
            "latitude": ("time", np.linspace(0, 1, n), attrs_of("latitude")),
            "longitude": ("time", np.linspace(0, 1, n), attrs_of("longitude")),
        },
    )
    write(ds, tmp_path / "x.nc")
    with Dataset(tmp_path / "x.nc") as file:
        assert file["SST"].chunking() == [65536]


# ---- what cannot be written or read -------------------------------------------------


def test_formats_are_listed_and_unknown_ones_refused(tmp_path):
    assert {"netcdf", "socat"} <= set(FORMATS)
    for entry in FORMATS.values():
        assert entry.description
        assert entry.reference
        assert entry.suffix.startswith((".", "/"))
    ds = canonical_dataset(20)
    with pytest.raises(UnknownNameError, match="Did you mean 'netcdf'"):
        write(ds, tmp_path / "x.nc", format="netcfd")
    with pytest.raises(OptionError, match="'separator'"):
        write(ds, tmp_path / "x.tsv", format="socat", seperator="tab")
    with pytest.raises(OptionError, match="no option"):
        write(ds, tmp_path / "x.nc", depth=3)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format_", ["netcdf", "socat"])
def test_unwritable_places(tmp_path, format_):
    ds = canonical_dataset(20)
    with pytest.raises(OutputError, match="no folder"):
        write(ds, tmp_path / "no" / "x", format=format_)
    with pytest.raises(OutputError, match="is a directory"):
        write(ds, tmp_path, format=format_)
    if os.geteuid() != 0:  # root may write anywhere
        tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
        with pytest.raises(OutputError, match="permission denied"):
            write(ds, tmp_path / "x", format=format_)
        tmp_path.chmod(stat.S_IRWXU)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("format_", "reason"),
    [("netcdf", "file too large"), ("socat", "file too large")],
)
def test_a_full_disk_leaves_the_old_file_alone(tmp_path, format_, reason):
    path = tmp_path / "x"
    path.write_text("old")
    ds = canonical_dataset(2000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(OutputError, match=f"x: {reason}"):
            write(ds, path, format=format_)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_read_only_file_is_not_replaced(tmp_path):
    """Who protects a file against changes does not want another in its place."""
    path = tmp_path / "x.nc"
    path.write_text("old")
    path.chmod(stat.S_IRUSR)
    with pytest.raises(OutputError, match=r"x\.nc: is read-only"):
        write(canonical_dataset(20), path)
    assert path.read_text() == "old"


def test_datasets_that_cannot_be_written(tmp_path):
    ds = canonical_dataset(20)
    path = tmp_path / "x.nc"
    with pytest.raises(ProcessingError, match="latitude"):
        write(ds.drop_vars("latitude"), path)
    with pytest.raises(ProcessingError, match="no rows"):
        write(ds.isel(time=slice(0)), path)
    moments = ds["time"].to_numpy().copy()
    moments[3] = np.datetime64("NaT")
    with pytest.raises(ProcessingError, match="1 rows have no time"):
        write(ds.assign_coords(time=moments), path)
    nowhere = ds["latitude"] * np.nan
    with pytest.raises(ProcessingError, match="position"):
        write(ds.assign_coords(latitude=nowhere), path)
    assert not path.exists()


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        open_dataset(tmp_path / "nowhere.nc")
    (tmp_path / "text.nc").write_text("not netCDF at all")
    with pytest.raises(ReadError, match="cannot be read as netCDF"):
        open_dataset(tmp_path / "text.nc")
    xr.Dataset({"a": ("b", [1.0])}).to_netcdf(tmp_path / "other.nc")
    with pytest.raises(ReadError, match="no time"):
        open_dataset(tmp_path / "other.nc")
