"""Marine air without a file, against the reference of NOAA."""

import numpy as np
import pytest

from oceanco2.fields.air import marine_background, read_noaa_mbl


def test_within_five_of_the_reference_of_noaa(data_set):
    folder = data_set("atm_noaa_mbl")
    table = read_noaa_mbl(next(folder.glob("*_surface.txt")))
    latitude = np.degrees(np.arcsin(table["sin_latitude"].to_numpy()))
    time = table["time"].to_numpy()
    off = [
        marine_background(time, np.full(time.size, lat)) - table.to_numpy()[:, i]
        for i, lat in enumerate(latitude)
    ]
    assert np.abs(off).max() < 5.0
    assert np.sqrt(np.mean(np.square(off))) < 0.8


def test_global_means_of_noaa():
    """Trends in CO2, annual means of the marine surface: 1980, 2000, 2010, 2020."""
    sine = np.linspace(-1.0, 1.0, 401)
    for year, mean in ((1980, 338.91), (2000, 368.97), (2010, 388.76), (2020, 412.44)):
        days = np.datetime64(f"{year}-01-01") + np.arange(0, 365, 5)
        values = [
            marine_background(
                np.full(sine.size, day).astype("datetime64[ns]"),
                np.degrees(np.arcsin(sine)),
            ).mean()
            for day in days
        ]
        assert np.mean(values) == pytest.approx(mean, abs=0.3)


def test_growth_goes_on_beyond_the_table():
    when = np.array(["1960-01-01", "2024-07-01", "2034-07-01"], "datetime64[ns]")
    old, now, later = marine_background(when, np.zeros(3))
    assert 310.0 < old < 322.0  # Mauna Loa: 316
    assert later - now == pytest.approx(26.0, abs=0.5)
