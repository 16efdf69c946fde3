"""What `oceanco2 flux` says about winds outside the range of its formula."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.cli.processing import _warn_of_range
from oceanco2.errors import RangeWarning


def result(winds, name="wanninkhof_2014"):
    winds = np.array(winds, float)
    outside = ~((winds >= 3.0) & (winds <= 15.0)) * TEST_BITS["outside_formula"]
    flux = ("time", np.where(winds < 0, np.nan, 1.0), {"method": name})
    return xr.Dataset(
        {
            "flux_CO2": flux,
            "flux_CO2_tests": ("time", outside),
            "wind_speed_10m": ("time", winds),
        }
    )


@pytest.mark.parametrize(
    ("winds", "message"),
    [
        (
            [25.0, 2.0, -1.0],
            "flux: no row is within the range of wanninkhof_2014,"
            " wind_speed 3..15 m s-1",
        ),
        (
            [8.0, 20.1, 25.0, -1.0],
            "flux: 2 of 3 rows have winds above 20 m s-1; range of wanninkhof_2014:"
            " wind_speed 3..15 m s-1",
        ),
    ],
)
def test_winds_outside_the_range(winds, message):
    with pytest.warns(RangeWarning) as caught:
        _warn_of_range(result(winds))
    assert [str(warning.message) for warning in caught] == [message]


@pytest.mark.parametrize("winds", [[8.0, 2.0, 16.0], [8.0, 20.0], [-1.0], []])
def test_usual_winds(winds, recwarn):
    _warn_of_range(result(winds))
    assert not recwarn.list
