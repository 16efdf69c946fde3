"""The step from equilibrator to sea: at most 1 K, and in degree Celsius."""

import warnings

import pytest

from oceanco2 import physics
from oceanco2.errors import FormulaError, RangeWarning


def computed(t_equ, sst):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RangeWarning)
        physics.fco2_at_sst(400.0, t_equ=t_equ, sst=sst, salinity=35.0, p_equ=1013.25)
    return " ".join(str(w.message) for w in caught)


@pytest.mark.parametrize(
    ("t_equ", "sst", "warned"),
    [
        (20.0, 20.0, False),
        (21.0, 20.0, False),
        (20.0, 21.0, False),
        (21.01, 20.0, True),
        (20.0, 21.01, True),
    ],
)
def test_a_step_of_more_than_one_kelvin(t_equ, sst, warned):
    assert ("temperature step outside -1..1 K" in computed(t_equ, sst)) == warned


@pytest.mark.parametrize("name", ["t_equ", "sst"])
def test_kelvin_is_no_temperature(name):
    given = {"t_equ": 20.0, "sst": 20.0, "salinity": 35.0, "p_equ": 1013.25}
    with pytest.raises(FormulaError, match=r"temperature|degree"):
        physics.fco2_at_sst(400.0, **(given | {name: 293.15}))
