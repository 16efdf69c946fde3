"""Groups of air samples, and the background by its coefficients."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.fields.air import (
    INTERPOLATED,
    MEASURED,
    air_groups,
    is_netcdf,
    marine_background,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE, RUN_TYPES

NAN = np.nan
#: NOAA, Trends in CO2: annual means of the marine surface from 1979.
MEANS = """
336.85 338.91 340.11 340.86 342.53 344.07 345.54 346.97 348.68 351.16 352.79 354.06
355.39 356.09 356.83 358.33 360.17 361.93 363.05 365.70 367.80 368.97 370.57 372.59
375.15 376.95 378.98 381.15 382.90 385.02 386.50 388.76 390.63 392.65 395.40 397.34
399.65 403.07 405.22 407.62 410.07 412.44 414.70 417.07 419.36 422.79
"""
#: Departure: constant, cosine, sine, cosine and sine of the half year; by powers of
#: the sine of latitude.
DEPARTURE = [
    [0.39, 4.57, -2.44, -5.38, 2.16, 2.90],
    [-0.33, -1.59, 4.37, 10.99, -2.43, -7.87],
    [1.25, 5.92, 2.99, -5.43, -1.29, 3.32],
    [0.33, 0.92, -0.66, -2.43, 0.72, 2.07],
    [0.02, -1.35, -3.05, -1.08, 1.42, 0.89],
]


def background(year, day, latitude):
    """The same by hand; days since the first of January, years of 365.2425 days."""
    sine, share = np.sin(np.radians(latitude)), day / 365.2425
    means = [float(x) for x in MEANS.split()]
    when = year + share
    value = np.interp(when, 1979.5 + np.arange(len(means)), means)
    value += 2.6 * max(when - 2024.5, 0.0) - 1.1 * max(1979.5 - when, 0.0)
    angles = 2 * np.pi * share
    waves = [
        1.0,
        np.cos(angles),
        np.sin(angles),
        np.cos(2 * angles),
        np.sin(2 * angles),
    ]
    for wave, row in zip(waves, DEPARTURE, strict=True):
        value += wave * sum(c * sine**k for k, c in enumerate(row))
    return value


@pytest.mark.parametrize("year", range(1975, 2031))
def test_background_by_its_coefficients(year):
    days = np.array([0.0, 91.5, 182.625, 300.25])
    latitudes = np.array([-90.0, -37.5, 11.0, 66.0])
    start = np.datetime64(f"{year}-01-01", "ns")
    time = start + (days * 86400).astype(int) * np.timedelta64(1, "s")
    expected = [background(year, *row) for row in zip(days, latitudes, strict=True)]
    np.testing.assert_allclose(marine_background(time, latitudes), expected, atol=1e-6)


def groups_of(values, **columns):
    ds = xr.Dataset({MEASURED: ("time", np.array(values, float))})
    ds = ds.assign({k: ("time", np.array(v)) for k, v in columns.items()})
    return air_groups(ds, np.arange(len(values)) * 10.0)


AIR, WATER = RUN_TYPES["air"], RUN_TYPES["water"]


def test_groups_are_runs_of_air():
    kinds = [AIR, AIR, WATER, AIR, AIR, AIR, WATER]
    groups = groups_of([1, 2, NAN, 4, NAN, 6, NAN], run_type=kinds)
    assert groups.rows.tolist() == [0, 1, 3, 5]
    assert groups.starts.tolist() == [0, 2]
    assert groups.centres.tolist() == [5.0, 40.0]
    assert groups.medians(np.array([1.0, 3, 0, 4, 0, 8, 0])).tolist() == [2.0, 6.0]
    before, after = groups.around(np.array([0.0, 5.0, 6.0, 40.0, 99.0]))
    assert before.tolist() == [0, 0, 0, 1, 1]
    assert after.tolist() == [0, 0, 1, 1, 1]


def test_groups_of_different_sizes():
    kinds = [WATER, AIR, WATER, AIR, AIR, AIR, WATER, AIR, AIR, AIR]
    values = [NAN, 1, NAN, 2, 3, 10, NAN, 4, 5, 6]
    groups = groups_of(values, run_type=kinds)
    assert groups.starts.tolist() == [0, 1, 4]
    assert groups.centres.tolist() == [10.0, 40.0, 80.0]
    assert groups.medians(np.array(values)).tolist() == [1.0, 3.0, 5.0]


def test_samples_that_do_not_count():
    assert groups_of([NAN, NAN]) is None
    assert groups_of([1.0, 2.0]).starts.tolist() == [0, 1]  # each by itself
    flags = np.array([GOOD, BAD, QUESTIONABLE, 0], "int8")
    delivered = {f"{MEASURED}_flag_delivered": flags}
    assert groups_of([1, 2, 3, 4], **delivered).rows.tolist() == [0, 3]
    assert groups_of([1, 2, 3, 4], flushing=[0, 1, 0, 1]).rows.tolist() == [0, 2]


def test_names_and_formats():
    assert (MEASURED, INTERPOLATED) == ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp")
    assert is_netcdf(b"CDF\x01")
    assert is_netcdf(b"\x89HDF")
    assert not is_netcdf(b"# CD")
