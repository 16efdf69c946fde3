"""Dimensions, attributes and order of variables in a netCDF file, and back."""

import numpy as np
import pytest
import xarray as xr
from netCDF4 import Dataset

from oceanco2.errors import ProcessingError, ReadError
from oceanco2.export import open_dataset
from oceanco2.export.formats import netcdf
from oceanco2.vocabulary import attrs_of

TIMES = np.datetime64("2024-03-01T06:00:00.25", "ns") + np.arange(4) * np.timedelta64(
    1, "m"
)

NEVER = np.datetime64("NaT")


@pytest.fixture(autouse=True)
def fixed_date(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")


def made(kind="ship", times=TIMES, latitude=(1.0, 2.0, 3.0, 4.0), **attrs):
    """One variable of each kind; the coordinates come last."""
    data = {
        "SST": ("time", [1.5, np.nan, 3.0, 4.0], attrs_of("SST")),
        "damaged": ("time", np.array([True, False, True, False])),
        "note": ("time", np.array(["a", "", "ø", "d"])),
        "count": ("time", np.arange(4, dtype="int16")),
        "moment": ("time", TIMES),
        "standard_run_true": ("standard_run", [1.0, 2.0], {"units": "umol mol-1"}),
        "one": ((), 7.0),
    }
    ds = xr.Dataset(data)
    longitude = np.full(4, 5.0) if kind == "mooring" else np.arange(4.0)
    ds = ds.assign_coords(
        longitude=("time", longitude, attrs_of("longitude")),
        latitude=("time", np.array(latitude), attrs_of("latitude")),
        time=("time", times),
    )
    known = {"platform_kind": kind, "platform_code": "99ZZ"}
    return ds.assign_attrs(known | attrs)


def content(path):
    with Dataset(path) as file:
        file.set_auto_maskandscale(False)
        variables = {
            n: (v.dtype if v.dtype is str else v.dtype.str[1:], v.dimensions)
            for n, v in file.variables.items()
        }
        attrs = {
            n: {k: v.getncattr(k) for k in v.ncattrs()}
            for n, v in file.variables.items()
        }
        sizes = {n: len(d) for n, d in file.dimensions.items()}
        whole = {k: file.getncattr(k) for k in file.ncattrs()}
        values = {n: v[...] for n, v in file.variables.items()}
        return file.data_model, sizes, variables, attrs, whole, values


ROWS = ("time",)


def test_a_whole_trajectory(tmp_path):
    netcdf.write_netcdf(made(), tmp_path / "x.nc")
    model, sizes, variables, attrs, whole, values = content(tmp_path / "x.nc")
    assert model == "NETCDF4"
    assert sizes == {"time": 4, "standard_run": 2, "string12": 12}
    assert list(variables.items()) == [
        ("time", ("f8", ROWS)),
        ("latitude", ("f8", ROWS)),
        ("longitude", ("f8", ROWS)),
        ("SST", ("f8", ROWS)),
        ("damaged", ("i1", ROWS)),
        ("note", (str, ROWS)),
        ("count", ("i2", ROWS)),
        ("moment", ("f8", ROWS)),
        ("standard_run_true", ("f8", ("standard_run",))),
        ("one", ("f8", ())),
        ("trajectory", ("S1", ("string12",))),
    ]
    along = "time latitude longitude trajectory"
    along = along.replace("time ", "")  # the dimension itself is no coordinate
    for name in ("SST", "damaged", "note", "count", "moment"):
        assert attrs[name]["coordinates"] == along, name
    for name in ("time", "latitude", "longitude", "standard_run_true", "one"):
        assert "coordinates" not in attrs[name]
    assert attrs["trajectory"] == {
        "long_name": "expocode: platform and first day",
        "cf_role": "trajectory_id",
        "coverage_content_type": "referenceInformation",
    }
    assert b"".join(values["trajectory"].tolist()) == b"99ZZ20240301"
    seconds = 1709272800.25 + 60.0 * np.arange(4)
    for name in ("time", "moment"):
        assert values[name].tolist() == seconds.tolist()
        assert attrs[name]["units"] == "seconds since 1970-01-01T00:00:00Z"
        assert attrs[name]["calendar"] == "standard"
    assert values["damaged"].tolist() == [1, 0, 1, 0]
    assert values["note"].tolist() == ["a", "", "ø", "d"]
    assert values["one"] == 7.0
    np.testing.assert_array_equal(values["SST"], [1.5, np.nan, 3.0, 4.0])
    assert whole["featureType"] == "trajectory"
    assert "featureType_comment" not in whole
    assert whole["platform_kind"] == "ship"


def test_a_whole_time_series(tmp_path):
    netcdf.write_netcdf(made("mooring", latitude=[2.0] * 4), tmp_path / "x.nc")
    _, sizes, variables, attrs, whole, values = content(tmp_path / "x.nc")
    assert sizes == {"time": 4, "standard_run": 2, "string12": 12}
    assert variables["latitude"] == variables["longitude"] == ("f8", ())
    assert (values["latitude"], values["longitude"]) == (2.0, 5.0)
    assert list(variables)[-1] == "timeseries"
    assert attrs["timeseries"]["cf_role"] == "timeseries_id"
    assert attrs["SST"]["coordinates"] == "latitude longitude timeseries"
    assert whole["featureType"] == "timeSeries"
    assert "featureType_comment" not in whole


@pytest.mark.parametrize(
    ("times", "dim"),
    [
        (TIMES, "time"),
        (TIMES[[0, 1, 1, 2]], "obs"),
        (TIMES[[0, 2, 1, 3]], "obs"),
    ],
)
def test_rows_with_equal_or_falling_times(tmp_path, times, dim):
    netcdf.write_netcdf(made(times=times), tmp_path / "x.nc")
    _, sizes, variables, attrs, *_ = content(tmp_path / "x.nc")
    assert sizes == {dim: 4, "standard_run": 2, "string12": 12}
    for name in ("time", "latitude", "SST", "note"):
        assert variables[name][1] == (dim,)
    first = [] if dim == "time" else ["time"]
    along = [*first, "latitude", "longitude", "trajectory"]
    assert attrs["SST"]["coordinates"].split() == along
    again = open_dataset(tmp_path / "x.nc")
    assert np.array_equal(again["time"], times)
    assert again["SST"].dims == ("time",)


def test_a_mooring_that_moves(tmp_path):
    netcdf.write_netcdf(made("mooring"), tmp_path / "x.nc")
    whole = content(tmp_path / "x.nc")[4]
    assert whole["featureType"] == "trajectory"
    assert whole["featureType_comment"] == (
        "the platform is moored, but its position is given for every row and varies:"
        " the rows are a trajectory"
    )
    assert "featureType_comment" not in open_dataset(tmp_path / "x.nc").attrs
    still = made(latitude=[2.0] * 4)
    still["longitude"].to_numpy()[:] = 5.0
    netcdf.write_netcdf(still, tmp_path / "y.nc")
    assert content(tmp_path / "y.nc")[4]["featureType"] == "trajectory"


@pytest.mark.parametrize("kind", ["ship", "mooring"])
def test_it_reads_back(tmp_path, kind):
    ds = made(kind, latitude=[2.0] * 4, listed=["a", 1], coordinates="WGS 84")
    ds["SST"].attrs["columns"] = ["x"]
    netcdf.write_netcdf(ds, tmp_path / "x.nc")
    again = open_dataset(tmp_path / "x.nc")
    assert list(again.coords) == ["time", "latitude", "longitude"]
    assert list(again.data_vars) == list(ds.data_vars)
    for name in ("latitude", "longitude"):
        assert again[name].dims == ("time",)
    # True and False become 1 and 0; everything else stays.
    expected = ds.assign(damaged=ds["damaged"].astype("int8"))
    xr.testing.assert_equal(again, expected)
    assert again["note"].dtype.kind == "U"
    assert again["moment"].dtype == "datetime64[ns]"
    assert again["moment"].attrs == {"long_name": "moment"}
    assert again["time"].attrs == {"standard_name": "time", "long_name": "time"}
    assert again["SST"].attrs == ds["SST"].attrs
    assert again["latitude"].attrs == ds["latitude"].attrs
    assert again.attrs["listed"] == ["a", 1]
    assert again.attrs["coordinates"] == "WGS 84"


def test_times_to_the_microsecond(tmp_path):
    times = TIMES + np.array([0, 123_457, 654_321, 999_999]) * np.timedelta64(1000)
    netcdf.write_netcdf(made(times=times), tmp_path / "x.nc")
    assert np.array_equal(open_dataset(tmp_path / "x.nc")["time"], times)


def test_texts_and_numbers_longer_than_a_block(tmp_path, monkeypatch):
    for size in (3, 4, 5):
        monkeypatch.setattr(netcdf, "CHUNK", size)
        ds = made()
        netcdf.write_netcdf(ds, tmp_path / "x.nc")
        again = open_dataset(tmp_path / "x.nc")
        assert again["note"].to_numpy().tolist() == ["a", "", "ø", "d"]
        np.testing.assert_array_equal(again["SST"], ds["SST"])
        assert again["count"].to_numpy().tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d.drop_vars("time"), "the dataset has no time and cannot"),
        (lambda d: d.drop_vars("latitude"), "the dataset has no latitude and cannot"),
        (lambda d: d.drop_vars("longitude"), "the dataset has no longitude and cannot"),
        (lambda d: d.isel(time=slice(0)), "no rows: there is nothing to write"),
        (
            lambda d: d.assign_coords(
                time=np.r_[TIMES[:2], [np.datetime64("NaT")] * 2]
            ),
            "2 rows have no time",
        ),
        (
            lambda d: d.assign(T_equ=d["SST"]),
            "T_equ and SST have the same CF standard name",
        ),
    ],
)
def test_what_cannot_be_written(tmp_path, change, message):
    with pytest.raises(ProcessingError, match=message):
        netcdf.write_netcdf(change(made()), tmp_path / "x.nc")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["time", "latitude", "longitude"])
def test_files_of_others(tmp_path, name):
    made()[["SST"]].drop_vars(name).to_netcdf(tmp_path / "x.nc", engine="netcdf4")
    message = f"x.nc: not written by oceanco2: it has no {name}$"
    with pytest.raises(ReadError, match=message):
        open_dataset(tmp_path / "x.nc")


def test_files_that_are_no_netcdf(tmp_path):
    (tmp_path / "x.nc").write_text("text")
    with pytest.raises(ReadError, match=r"x\.nc: cannot be read as netCDF: "):
        open_dataset(tmp_path / "x.nc")
