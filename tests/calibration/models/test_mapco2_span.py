"""The span gas of the platform file against the readings of a MAPCO2."""

import warnings

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.calibration.models import mapco2
from oceanco2.errors import DataWarning

NAN = np.nan


def messages(span, gas, accepted=None):
    platform = platforms.load("demo_mapco2")
    platform = platform.model_copy(update={"accepted": accepted or {}})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mapco2._warn_of_another_gas(np.array(span), np.array(gas), platform)
    assert all(issubclass(w.category, DataWarning) for w in caught)
    return [str(w.message) for w in caught]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ([402.0, NAN, 402.0], False),
        ([402.1, NAN, 402.1], True),
        ([397.9, NAN, 397.9], True),
        ([400.0, 500.0, 400.0], False),  # the median
        ([NAN, NAN, NAN], False),
    ],
)
def test_half_a_percent(span, told):
    assert bool(messages(span, [400.0] * 3)) == told


def test_each_cylinder_is_compared():
    found = messages([NAN, 410.0, 450.0, 460.0], [NAN, 400.0, 450.0, NAN])
    assert found == [
        "demo_mapco2: [[standards]] run 'span' is 400 umol mol-1, but after its own"
        " span the system reads 410.00 (median). If this is right: [accepted]"
        ' standards.span = "why"'
    ]
    assert messages([410.0], [400.0], {"standards": {"span": "known"}}) == []
