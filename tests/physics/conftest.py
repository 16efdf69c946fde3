import numpy as np
import pytest
import xarray as xr


@pytest.fixture
def dataarray():
    """A DataArray whose attributes must not leak."""
    return xr.DataArray(
        np.array([5.0, 15.0, 25.0]),
        dims="time",
        coords={"time": np.array([0, 1, 2])},
        name="SST",
        attrs={"units": "degree_Celsius", "standard_name": "sea_surface_temperature"},
    )
