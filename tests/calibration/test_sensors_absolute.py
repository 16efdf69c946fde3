"""Absolute salinity becomes practical."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration.sensors import to_practical
from oceanco2.vocabulary import ABSOLUTE


def dataset(values, lat=None, lon=None, name="salinity", marked=True, **more):
    attrs = {"sensor": "tsg", "units": "1"} | ({ABSOLUTE: "yes"} if marked else {})
    data = {name: ("time", np.array(values, float), attrs)}
    coords = {"time": np.arange(len(values)).astype("datetime64[s]")}
    if lat is not None:
        coords |= {"latitude": ("time", np.array(lat, float))}
        coords |= {"longitude": ("time", np.array(lon, float))}
    return xr.Dataset(data | more, coords=coords)


def practical(*arguments):
    return to_practical(dataset(*arguments))["salinity"].to_numpy()


def test_by_position():
    """By gsw; in the Baltic (SA - 0.087) 35 / (35.16504 - 0.087)."""
    found = practical([35.16504, 35.16504, 7.0], [45.0, 45.0, 57.5], [-20, 340, 19.5])
    assert found == pytest.approx([34.9997, 34.9997, 6.8976], abs=1e-4)


def test_the_reference_composition_without_a_position():
    assert practical([35.16504, 70.33008]) == pytest.approx([35.0, 70.0], abs=1e-9)
    lat, lon = [np.nan, 45.0, 91.0, 45.0], [-20.0, np.nan, -20.0, 361.0]
    assert practical([35.16504] * 4, lat, lon) == pytest.approx([35.0] * 4, abs=1e-9)
    assert practical([np.nan, -1.0], [45.0] * 2, [-20.0] * 2)[1] < 0.0


def test_what_was_measured_is_kept():
    ds = to_practical(dataset([35.16504]))
    assert ds["salinity_raw"].to_numpy().tolist() == [35.16504]
    assert ds["salinity_raw"].attrs == {
        "units": "g kg-1",
        "long_name": "sea surface absolute salinity, as measured",
    }
    method = "practical from absolute salinity, TEOS-10 (gsw.SP_from_SA)"
    assert ds["salinity"].attrs == {"sensor": "tsg", "units": "1", "method": method}
    assert method in str(ds.attrs["history"])


def test_after_the_calibration_of_a_sensor():
    """The raw value is marked, the calibrated one is converted."""
    raw = ("time", np.array([34.0]), {ABSOLUTE: "yes"})
    ds = to_practical(dataset([35.16504], marked=False, salinity_raw=raw))
    assert ds["salinity"].to_numpy() == pytest.approx([35.0])
    assert ds["salinity_raw"].to_numpy().tolist() == [34.0]
    assert ABSOLUTE not in ds["salinity_raw"].attrs


def test_practical_salinity_stays():
    ds = dataset([35.16504], [45.0], [-20.0], marked=False)
    assert to_practical(ds) is ds
    other = ds.drop_vars("salinity")
    assert to_practical(other) is other
