import numpy as np
import pytest
import xarray as xr

from oceanco2.physics._engine.compiling import use_jit


@pytest.fixture(autouse=True)
def formulas_by_numpy(request):
    """Formulas are compiled only in tests that are marked so: compiling takes long."""
    with use_jit(request.node.get_closest_marker("compiled") is not None):
        yield


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
