"""Files of ours that xarray wrote again, or that somebody edited, and read back."""

import json
from contextlib import suppress

import numpy as np
import pytest
import xarray as xr
from netCDF4 import Dataset

from oceanco2.errors import OceanCO2Error, ProcessingError, ReadError
from oceanco2.export import open_dataset, write
from tests.datasets import canonical_dataset


@pytest.fixture
def ours(tmp_path, monkeypatch):
    """A file of this package, times to the microsecond."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")
    ds = canonical_dataset(20)
    times = ds["time"].to_numpy() + np.arange(20) * np.timedelta64(1_003, "us")
    write(ds.assign_coords(time=times), tmp_path / "ours.nc")
    return tmp_path / "ours.nc"


def same(path, first):
    again, first = open_dataset(path), open_dataset(first)
    xr.testing.assert_identical(again, first)
    for name in first.variables:
        assert again[name].dtype == first[name].dtype, name
        for key, value in first[name].attrs.items():
            assert type(again[name].attrs[key]) is type(value), (name, key)
    assert {k: type(v) for k, v in again.attrs.items()} == {
        k: type(v) for k, v in first.attrs.items()
    }


def times_in(units, dtype="int64", calendar="proleptic_gregorian"):
    def encode(ds):
        ds["time"].encoding = {"units": units, "dtype": dtype, "calendar": calendar}
        return ds

    return encode


WAYS = {
    "as opened": lambda ds: ds,
    "without encoding": lambda ds: ds.drop_encoding(),
    "loaded": lambda ds: ds.load(),
    "days": times_in("days since 2024-01-01", "float64"),
    "hours with a zone": times_in("hours since 1950-01-01 00:00:00 +02:00", "float64"),
    "nanoseconds": times_in("nanoseconds since 2024-03-01"),
    "seconds without Z": times_in("seconds since 1970-01-01T00:00:00", "float64"),
    "gregorian": times_in("minutes since 1900-01-01", "float64", "gregorian"),
}


@pytest.mark.parametrize("way", WAYS)
def test_xarray_wrote_it_again(ours, tmp_path, way):
    with xr.open_dataset(ours) as ds:
        WAYS[way](ds).to_netcdf(tmp_path / "again.nc")
    same(tmp_path / "again.nc", ours)
    write(open_dataset(tmp_path / "again.nc"), tmp_path / "third.nc")
    assert (tmp_path / "third.nc").read_bytes() == ours.read_bytes()


def test_our_dataset_was_written_by_xarray(ours, tmp_path):
    open_dataset(ours).to_netcdf(tmp_path / "again.nc")
    same(tmp_path / "again.nc", ours)


@pytest.mark.parametrize("key", ["source_files", "reading_notes", "warnings"])
@pytest.mark.parametrize("value", [[], ["one"], ["one", "two"]])
def test_lists_stay_lists(ours, tmp_path, key, value):
    ds = open_dataset(ours).assign_attrs({key: value, "comment": "one"})
    ds.to_netcdf(tmp_path / "again.nc")
    again = open_dataset(tmp_path / "again.nc")
    assert again.attrs[key] == value
    assert again.attrs["comment"] == "one"


def test_flags_that_became_numbers_with_a_point(ours, tmp_path):
    ds = open_dataset(ours)
    ds["SST_flag"] = ds["SST_flag"].astype("float32")
    ds["SST_tests"] = ds["SST_tests"].astype("float64")
    ds.to_netcdf(tmp_path / "again.nc")
    again = open_dataset(tmp_path / "again.nc")
    assert again["SST_flag"].dtype == "int8"
    assert again["SST_tests"].dtype == "int64"
    write(ds, tmp_path / "ours_again.nc")
    with Dataset(tmp_path / "ours_again.nc") as file:
        assert file["SST_flag"].dtype == "int8"


def edit(change):
    """Change a file in place."""

    def apply(path):
        with Dataset(path, "a") as file:
            change(file)

    return apply


def rewrite(change):
    """Change what xarray reads, and write that."""

    def apply(path):
        with xr.open_dataset(path, decode_times=False) as file:
            ds = file.load()
        change(ds).to_netcdf(path)

    return apply


def with_units(units, calendar="standard"):
    def change(file):
        file["time"].setncatts({"units": units, "calendar": calendar})

    return edit(change)


def two_dimensional(ds):
    time = ds["time"].to_numpy().reshape(2, 10), ds["time"].attrs
    return ds.drop_vars("time").assign(time=(("a", "b"), *time))


EDITS = {
    "no units of time": (
        edit(lambda f: f["time"].delncattr("units")),
        "time has no units such as 'days since 1970-01-01'",
    ),
    "other units of time": (
        with_units("furlongs since 1970-01-01"),
        "time: cannot be read as times: .*furlongs.*",
    ),
    "another calendar": (
        with_units("seconds since 1970-01-01", "noleap"),
        "time: cannot be read as times of our calendar: 'seconds since 1970-01-01',"
        " calendar 'noleap'",
    ),
    "one row without a time": (
        edit(lambda f: f["time"].__setitem__(3, np.nan)),
        "1 rows have no time",
    ),
    "no time": (
        rewrite(lambda ds: ds.drop_vars("time")),
        "not written by oceanco2: it has no time",
    ),
    "a number for time": (
        rewrite(lambda ds: ds.isel(time=0)),
        "time must be along one dimension, not none",
    ),
    "two dimensions": (
        rewrite(two_dimensional),
        "time must be along one dimension, not a and b",
    ),
    "no latitude": (
        rewrite(lambda ds: ds.drop_vars("latitude")),
        "not written by oceanco2: it has no latitude",
    ),
    "text for SST": (
        rewrite(lambda ds: ds.assign(SST=ds["SST"].astype(str))),
        "SST must hold numbers, not text",
    ),
    "SST by depth": (
        rewrite(lambda ds: ds.assign(SST=ds["SST"].expand_dims(depth=2))),
        "SST must be along time, not depth and time",
    ),
    "mean of flags": (
        rewrite(lambda ds: ds.assign(SST_flag=ds["SST_flag"] + 0.5)),
        "SST_flag must be one of 0, 2, 3, 4, 9, not 2.5: .*",
    ),
    "an attribute is no JSON": (
        edit(lambda f: f.setncattr("json_attributes", "title")),
        "cannot be read as JSON in an attribute: .*",
    ),
    "an attribute is gone": (
        edit(lambda f: f.setncattr("json_attributes", "nowhere")),
        "cannot be read as JSON in an attribute: .*nowhere.*",
    ),
    "a number is no JSON": (
        edit(lambda f: f.setncatts({"json_attributes": "title", "title": 5})),
        "cannot be read as JSON in an attribute: .*",
    ),
    "an attribute of a variable is no JSON": (
        edit(lambda f: f["SST"].setncattr("json_attributes", "units")),
        "SST: cannot be read as JSON: .*",
    ),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edited_file_gives_one_clear_line(ours, case):
    change, message = EDITS[case]
    change(ours)
    with pytest.raises(ReadError, match=rf"ours\.nc[:,] {message}$") as caught:
        open_dataset(ours)
    assert "\n" not in str(caught.value)


def test_damaged_bytes_give_one_clear_line(ours):
    content = ours.read_bytes()
    generator = np.random.default_rng(1)
    refused = 0
    for _ in range(60):
        bytes_ = bytearray(content)
        for place in generator.integers(0, len(content), 40):
            bytes_[place] = generator.integers(0, 256)
        ours.write_bytes(bytes_)
        with suppress(OceanCO2Error):
            open_dataset(ours)
            continue
        refused += 1
    assert refused > 20


def test_flags_of_hands_are_not_written_as_they_are(tmp_path):
    ds = canonical_dataset(20).copy(deep=True)
    ds["SST_flag"][3:5] = 4
    with pytest.raises(ProcessingError, match="SST_flag was changed by hand in 2 rows"):
        write(ds, tmp_path / "x.nc")
    with pytest.raises(ProcessingError, match="SST must be along time, not none"):
        write(ds.assign(SST=1.0), tmp_path / "x.nc")
    assert not list(tmp_path.iterdir())


def test_json_of_attributes_is_kept(ours, tmp_path):
    ds = open_dataset(ours).assign_attrs(manual_flags=[{"flag": 3}])
    write(ds, tmp_path / "x.nc")
    with xr.open_dataset(tmp_path / "x.nc") as file:
        assert json.loads(file.attrs["manual_flags"]) == [{"flag": 3}]
        file.drop_encoding().to_netcdf(tmp_path / "y.nc")
    assert open_dataset(tmp_path / "y.nc").attrs["manual_flags"] == [{"flag": 3}]
