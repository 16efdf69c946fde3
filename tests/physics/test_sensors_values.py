"""Sensors and sea water by hand and by gsw."""

import math

import gsw
import numpy as np
import pytest

from oceanco2 import physics as ph
from oceanco2.errors import OptionError


def test_hydroc():
    assert ph.hydroc_signal(8.0, 10.0, 0.9, 900.0) == pytest.approx(100.0)
    x = ph.hydroc_xco2(100.0, 0.0, 1013.25, 2.0, 0.01, 1e-4)
    assert x == pytest.approx(200.0 + 100.0 + 100.0)
    x = ph.hydroc_xco2(100.0, 27.315, 506.625, 2.0, 0.01, 1e-4)
    assert x == pytest.approx(400.0 * 2.0 * 1.1)


def test_humidity():
    es = 1.004 * 6.1365 * math.exp(17.502 * 25.0 / (240.97 + 25.0))
    assert ph.vapour_of_humidity(70.0, 20.0, 25.0) == pytest.approx(0.5 * es, rel=1e-6)
    x = ph.mapco2_dry_mole_fraction(400.0, 1000.0, 70.0, 25.0, 20.0)
    assert x == pytest.approx(400.0 / (1.0 - 0.5 * es / 1000.0), rel=1e-8)


@pytest.mark.parametrize("scale", [4096.0, 16384.0])
def test_sami_temperature(scale):
    counts = 0.4 * scale
    ln = math.log(17400.0 * 0.4 / 0.6)
    kelvin = 1.0 / (0.0010183 + 0.000241 * ln + 0.00000015 * ln**3)
    got = ph.sami_temperature(counts, scale)
    assert got == pytest.approx(kelvin - 273.15, abs=1e-9)
    if scale == 4096.0:
        assert ph.sami_temperature(counts) == got
    for bad in (-1.0, scale + 1.0, math.nan):
        assert math.isnan(ph.sami_temperature(bad, scale))


def test_sami_pco2():
    at, a, b, c = 16.5, 0.0422, 0.6761, -1.5798
    ratio, warm = 0.5 / 0.8, 12.0 - at
    start = -math.log10((ratio - 0.0043) / (2.136 - 0.2105 * ratio))
    first = start + 0.008 * warm
    slope = 0.0075778 - 0.0012389 * first - 0.00048757 * first**2
    response = start + slope * warm
    root = math.sqrt(b * b - 4 * a * (c - response))
    expected = 10 ** ((root - b) / (2 * a))
    got = ph.sami_pco2(0.8, 0.5, 12.0, (at, a, b, c))
    assert got == pytest.approx(expected, rel=1e-12)


def test_practical_salinity():
    c, t, p = 40.0, 12.0, 100.0
    got = ph.practical_salinity(c, t, p)
    assert got == pytest.approx(float(gsw.SP_from_C(c, t, p)), rel=1e-13)
    assert ph.practical_salinity(c, t) == ph.practical_salinity(c, t, 0.0)
    old = ph.practical_salinity(c, t * 1.00024, p, temperature_scale="IPTS-68")
    assert old == pytest.approx(got, rel=1e-12)
    assert math.isnan(ph.practical_salinity(-1.0, t))
    assert ph.practical_salinity(0.0, t) == 0.0
    with pytest.raises(OptionError, match="temperature_scale"):
        ph.practical_salinity(c, t, temperature_scale="ITS-68")


@pytest.mark.parametrize("lon", [330.0, -30.0, 690.0])
@pytest.mark.parametrize("p", [None, 1000.0])
def test_teos_10(lon, p):
    s, t, lat = 35.0, 10.0, 20.0
    more = () if p is None else (p,)
    p = p or 0.0
    absolute = float(gsw.SA_from_SP(s, p, 330.0, lat))
    ct = float(gsw.CT_from_t(absolute, t, p))
    close = {"rel": 1e-12}
    assert ph.absolute_salinity(s, lon, lat, *more) == pytest.approx(absolute, **close)
    got = ph.conservative_temperature(s, t, lon, lat, *more)
    assert got == pytest.approx(ct, **close)
    got = ph.density(s, t, lon, lat, *more)
    assert got == pytest.approx(float(gsw.rho(absolute, ct, p)), **close)
    got = ph.freezing_temperature(s, lon, lat, *more)
    assert got == pytest.approx(float(gsw.t_freezing(absolute, p, 1.0)), **close)


def test_salinity_is_never_negative():
    assert math.isnan(ph.absolute_salinity(-0.1, 0.0, 0.0))
    assert ph.absolute_salinity(0.0, -30.0, 0.0) == pytest.approx(0.0, abs=1e-12)


def test_amounts():
    assert ph.per_volume_from_per_mass(2000.0, 1025.0) == pytest.approx(2050.0)
    assert ph.per_mass_from_per_volume(2050.0, 1025.0) == pytest.approx(2000.0)


@pytest.mark.parametrize(
    ("call", "units", "name"),
    [
        (lambda x: ph.hydroc_signal(x, 10.0, 0.9, 900.0), "1", "signal"),
        (
            lambda x: ph.hydroc_xco2(x, 1.0, 1e3, 1.0, 0.0, 0.0),
            *("umol mol-1", "xco2"),
        ),
        (lambda x: ph.vapour_of_humidity(x, 1.0, 2.0), "hPa", "vapour_pressure"),
        (
            lambda x: ph.mapco2_dry_mole_fraction(x, 1e3, 3.0, 2.0, 1.0),
            *("umol mol-1", "xco2"),
        ),
        (ph.sami_temperature, "degree_Celsius", "temperature"),
        (
            lambda x: ph.sami_pco2(x, 0.5, 2.0, (1.0, 1.0, 1.0, 1.0)),
            *("uatm", "pco2"),
        ),
        (lambda x: ph.per_volume_from_per_mass(x, 1.0), "mmol m-3", "concentration"),
        (lambda x: ph.per_mass_from_per_volume(x, 1.0), "umol kg-1", "concentration"),
        (
            lambda x: ph.absolute_salinity(x, 0.0, 0.0),
            *("g kg-1", "absolute_salinity"),
        ),
        (lambda x: ph.density(x, 1.0, 0.0, 0.0), "kg m-3", "density"),
        (
            lambda x: ph.conservative_temperature(x, 1.0, 0.0, 0.0),
            *("degree_Celsius", "conservative_temperature"),
        ),
        (
            lambda x: ph.freezing_temperature(x, 0.0, 0.0),
            *("degree_Celsius", "freezing_temperature"),
        ),
        (lambda x: ph.practical_salinity(x, 1.0), "1", "practical_salinity"),
    ],
)
def test_units_and_names(call, units, name):
    import xarray as xr

    result = call(xr.DataArray(np.array([1.0, 2.0]), dims="time"))
    assert (result.attrs["units"], result.name) == (units, name)
    assert result.attrs["long_name"]
