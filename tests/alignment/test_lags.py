"""Lags found from the data: known ones come back, chance is refused."""

import warnings

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.alignment import align, differ, find_lag, lags
from oceanco2.cli import main
from oceanco2.errors import DataWarning, OceanCO2Warning, ProcessingError
from oceanco2.readers import read
from oceanco2.simulation import simulate, world

TEXT = platforms.available()["demo_ship"].read_text()
AUTO = platforms.parse(
    TEXT.replace("lag_seconds = 60", 'lag_seconds = "auto"').encode(), "auto.toml"
)


def sea(seed, days, step=5.0):
    """Fine structure as in the sea: variance grows with the distance (k^-2)."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, days * 86400.0, step)
    walk = np.cumsum(rng.normal(0.0, 0.003, t.size))
    return t, np.convolve(walk, np.ones(12) / 12, "same")


def two_thermometers(seed, lag, days=2):
    """SST every 10 s; T_equ every 103 s but in half an hour of standards in three."""
    rng = np.random.default_rng(seed + 1000)
    t, true = sea(seed, days)
    sst = true[::2] + rng.normal(0.0, 0.005, t[::2].size)
    rows = np.arange(1000.0, days * 86400.0 - 100.0, 103.0)
    rows = rows[rows % 10800.0 > 1800.0]
    warming = 0.3 + 0.03 * np.sin(2 * np.pi * rows / 9000.0 + seed)
    equ = np.interp(rows - lag, t, true) + warming + rng.normal(0.0, 0.01, rows.size)
    return (t[::2], sst), (rows, equ)


@pytest.mark.parametrize("lag", [60.0, 0.0, -35.0, 412.0])
def test_a_known_lag_comes_back_within_its_uncertainty(lag):
    scaled = []
    for seed in range(6):
        result, sigma, r, _, reason = find_lag(*two_thermometers(seed, lag))
        assert not reason
        assert r > 0.75
        assert sigma < 12.0
        scaled.append((result - lag) / sigma)
    assert np.abs(scaled).max() < 3.5
    assert np.sqrt(np.mean(np.square(scaled))) < 2.0


def test_gaps_spikes_and_missing_values_do_not_matter():
    (t, sst), (rows, equ) = two_thermometers(3, 60.0)
    sst[500:520] = np.nan
    sst[7000] = 34.7
    away = (t < 40_000.0) | (t > 52_000.0)
    result, sigma, *_, reason = find_lag((t[away], sst[away]), (rows, equ))
    assert not reason
    assert abs(result - 60.0) < 3.5 * sigma < 40.0


def test_series_without_connection_are_refused():
    for seed in range(10):
        one, _ = two_thermometers(seed, 60.0)
        _, other = two_thermometers(seed + 100, 60.0)
        assert find_lag(one, other)[-1]
    flat = np.full(one[0].shape, 12.0)
    assert find_lag((one[0], flat), other)[-1] == "too few values that change"
    assert "no time in common" in find_lag((one[0] + 1e7, one[1]), other)[-1]
    beyond = find_lag(*two_thermometers(1, 1300.0))
    assert beyond[-1]


def test_closed_loop_with_the_simulator(tmp_path, monkeypatch, capsys):
    """Its ship has a lag of 60 s; here it sails where fronts are (one every 80 km)."""
    monkeypatch.setattr(world, "_FIRST_FRONT", 40.0)
    monkeypatch.setattr(world, "_FRONT_SPACING", 80.0)
    simulate("demo_ship", days=4, seed=2, folder=tmp_path / "raw")
    ship = platforms.load("demo_ship")
    streams = read(ship, [tmp_path / "raw"])
    whole, *days = lags(streams, ship)
    assert whole.found
    assert abs(whole.seconds - 60.0) < 3.0 * whole.uncertainty < 60.0
    assert len(days) == 5  # the last ends after a quarter of an hour
    assert days[-1].reason == "too few independent values"
    assert not differ([day for day in days if day.found])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        ds = align(streams, AUTO)
        fixed = align(streams, ship)
    about = ds["SST"].attrs
    assert about["lag_seconds"] == round(whole.seconds, 1)
    assert about["lag_uncertainty_seconds"] == round(whole.uncertainty, 1)
    assert about["lag_source"].startswith("correlation of T_equ and SST: 0.9")
    assert ds["salinity"].attrs["lag_seconds"] == about["lag_seconds"]
    assert fixed["SST"].attrs["lag_seconds"] == 60.0
    assert "lag_source" not in fixed["SST"].attrs
    assert "lag_seconds" not in ds["wind_speed"].attrs
    assert main(["lags", "demo_ship", str(tmp_path / "raw")]) == 0
    message = capsys.readouterr().out
    assert f"lag_seconds = {round(whole.seconds, 1)}   # +- " in message


def test_a_smooth_sea_gives_no_lag_and_a_reason(tmp_path):
    simulate("demo_ship", days=1, seed=0, folder=tmp_path / "raw")
    streams = read(AUTO, [tmp_path / "raw"])
    with pytest.warns(DataWarning, match="lag of SST, salinity: correlation .* chance"):
        ds = align(streams, AUTO)
    assert ds["SST"].attrs["lag_seconds"] == 0.0
    assert ds["SST"].attrs["lag_source"].startswith("not found: correlation")


def test_two_temperatures_are_needed(tmp_path):
    simulate("demo_ship", days=0.2, folder=tmp_path / "raw")
    ship = platforms.load("demo_ship")
    streams = read(ship, [tmp_path / "raw"])
    streams["tsg"] = streams["tsg"].drop_vars("SST")
    with pytest.raises(
        ProcessingError, match="estimating a lag needs SST and T_equ; SST is missing"
    ):
        lags(streams, ship)


#: Real cruises: file, what comes out [s], agreement between days [s].
REAL = {
    "nuka_arctica_2008": ("cruise_26NA20080117_nuka/26NA20080117.dat", 56.0),
    "go_workshop_2019": (
        "icos_otc_workshop_go2019/part4_input_raw_cruise_dat.txt",
        124.0,
    ),
}


@pytest.mark.parametrize("name", REAL)
def test_real_ships_have_one_lag_on_all_days(data_set, name):
    """Not published; days found for themselves agree, which chance does not give.

    The log of the workshop has a row with 34.7 degC between two of 7.
    """
    file, about = REAL[name]
    ship = platforms.load(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        whole, *days = lags(read(ship, [data_set(file)]), ship)
    assert whole.found
    assert abs(whole.seconds - about) < 10.0
    sure = [day for day in days if day.found and day.uncertainty < 10.0]
    assert len(sure) >= 3
    assert all(abs(day.seconds - about) < 3 * day.uncertainty for day in sure)
