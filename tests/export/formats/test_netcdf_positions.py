"""netCDF of data without a position: written where that was declared."""

import json

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export import open_dataset, write

TIME = np.datetime64("2024-01-01", "ns") + np.arange(3) * np.timedelta64(1, "h")


def dataset(*declared, kind="mooring", **position):
    data = {"SST": ("time", np.array([10.0, 11.0, 12.0]), {"units": "degree_Celsius"})}
    coords = {"time": TIME} | {n: ("time", np.full(3, x)) for n, x in position.items()}
    attrs = {"platform_code": "ZZ99", "platform_kind": kind, "platform_name": "T"}
    attrs["set_up"] = json.dumps({"variables": {name: {} for name in declared}})
    return xr.Dataset(data, coords=coords, attrs=attrs)


BOTH = ("latitude", "longitude")


@pytest.mark.parametrize(
    ("kind", "feature"), [("mooring", "timeSeries"), ("ship", "trajectory")]
)
def test_a_declared_absence_is_written(tmp_path, kind, feature):
    ds = dataset(*BOTH, kind=kind)
    write(ds, tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc") as file:
        assert file.attrs["featureType"] == feature
        assert "featureType_comment" not in file.attrs
        assert not [key for key in file.attrs if key.startswith("geospatial")]
        for name in BOTH:
            assert np.isnan(file[name]).all()
            assert file[name].attrs["value_type"] == "missing"
            assert file[name].ndim == (feature == "trajectory")
        assert file["longitude"].attrs["units"] == "degrees_east"
    back = open_dataset(tmp_path / "a.nc")
    assert not {*BOTH} & {*back.variables}
    np.testing.assert_array_equal(back["SST"], ds["SST"])
    np.testing.assert_array_equal(back["time"], ds["time"])


@pytest.mark.parametrize("missing", BOTH)
def test_an_absence_that_is_not_declared_is_an_error(tmp_path, missing):
    (other,) = {*BOTH} - {missing}
    message = (
        rf"the dataset has no {missing} and cannot be written: in the platform file,"
        rf" \[variables\] {missing} = \{{ value = ... \}} is of a fixed station,"
        r" \{ absent = true \} says that it was not measured"
    )
    with pytest.raises(ProcessingError, match=message):
        write(dataset(other), tmp_path / "a.nc")
    with pytest.raises(ProcessingError, match=message):
        write(dataset(other, **{other: 10.0}), tmp_path / "a.nc")
    assert not (tmp_path / "a.nc").exists()


def test_a_position_in_the_data_is_kept(tmp_path):
    ds = dataset(*BOTH, latitude=10.0, longitude=20.0)
    write(ds, tmp_path / "a.nc")
    back = open_dataset(tmp_path / "a.nc")
    assert back["latitude"].to_numpy().tolist() == [10.0] * 3
    nothing = dataset(*BOTH, latitude=np.nan, longitude=np.nan)
    with pytest.raises(ProcessingError, match="no row of the dataset has a position"):
        write(nothing, tmp_path / "b.nc")


def test_without_a_time(tmp_path):
    ds = dataset(*BOTH).drop_vars("time")
    message = "^the dataset has no time$"
    with pytest.raises(ProcessingError, match=message):
        write(ds, tmp_path / "a.nc")
