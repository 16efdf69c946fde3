"""Formulas of instruments: salinity from conductivity."""

import gsw
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oceanco2.physics as ph
from oceanco2.errors import OptionError


def test_practical_salinity_of_the_check_values():
    """UNESCO (1983), Tech. Pap. Mar. Sci. 44: conductivity ratio, T68, pressure."""
    for ratio, t68, p, s in ((1.0, 15.0, 0.0, 35.0), (1.2, 20.0, 2000.0, 37.245628)):
        scale = {"temperature_scale": "IPTS-68"}
        got = ph.practical_salinity(ratio * 42.914, t68, p, **scale)
        assert got == pytest.approx(s, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.floats(2.1, 41.0), st.floats(-1.5, 34.0), st.floats(0.0, 100.0))
def test_practical_salinity_inverts(salinity, temperature, pressure):
    conductivity = gsw.C_from_SP(salinity, temperature, pressure)
    got = ph.practical_salinity(conductivity, temperature, pressure)
    assert got == pytest.approx(salinity, abs=1e-9)
    old = temperature * 1.00024
    same = ph.practical_salinity(
        conductivity, old, pressure, temperature_scale="IPTS-68"
    )
    assert same == pytest.approx(salinity, abs=1e-9)


def test_what_is_no_conductivity_gives_no_salinity():
    got = ph.practical_salinity(np.array([-1.0, np.nan]), 15.0)
    assert np.isnan(got).all()
    with pytest.raises(
        OptionError, match=r"temperature_scale must be one of .*, not 'ITS90'"
    ):
        ph.practical_salinity(42.9, 15.0, temperature_scale="ITS90")
