"""The simulator's truth comes back through the whole pipeline."""

import warnings

import numpy as np
import pytest

from oceanco2 import pipeline, platforms
from oceanco2.errors import OceanCO2Warning
from oceanco2.physics import fco2_at_sst
from oceanco2.simulation import simulate
from oceanco2.simulation.world import build_world

RESULT = "fCO2_water_SST_wet"
TEXT = platforms.available()["demo_ship"].read_text()


def variant(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return platforms.parse(text.encode(), "variant.toml")


#: Other units, clocks, signs, sensors and recipes; nothing in code knows them.
VARIANTS = {
    "as shipped": (),
    "kPa, polynomial, west, kelvin": (
        ('"licor press", "equ press"], units = "mbar"', '"P1", "P2"], units = "kPa"'),
        ('column = "atm press", units = "mbar"', 'column = "druck", units = "kPa"'),
        (
            'column = "longitude", units = "degrees_east"',
            'column = "W", positive = "west"',
        ),
        ('column = "SBE38", units = "degree_Celsius"', 'column = "SBE38", units = "K"'),
        (
            "[sensors.PT100]\n",
            "[[sensors.PT100.calibrations]]\nvalid_from = 2024-01-01T00:00:00Z\n"
            "polynomial = [0.12, 0.997, 1e-5]\n[sensors.PT100]\n",
        ),
    ),
    "other formulas, tab, long lag": (
        ('separator = ","', 'separator = "tab"'),
        ('format = "%d/%m/%Y %H:%M:%S"', 'format = "%Y%m%d %H:%M:%S"'),
        ("lag_seconds = 60", "lag_seconds = 240"),
        (
            "[metadata]",
            '[reduction]\nvapour_pressure = "dickson_2007"\nmole_fraction = "neglect"\n'
            'temperature_correction = "takahashi_2009"\n[metadata]',
        ),
    ),
    "mooring": (('kind = "ship"', 'kind = "mooring"'),),
}


def processed(platform, folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        return pipeline.process(platform, [folder])


def errors(ds, cruise, name=RESULT):
    truth = cruise.truth[name].reindex(time=ds["time"])
    return (ds[name] - truth).to_numpy()


@pytest.mark.parametrize("changes", VARIANTS.values(), ids=VARIANTS)
@pytest.mark.parametrize("seed", [0, 1])
def test_noise_free_cruise_returns_the_truth(tmp_path, changes, seed):
    """Within 0.01 uatm on every water row."""
    platform = variant(*changes)
    folder = tmp_path / "raw"
    cruise = simulate(platform, days=2, seed=seed, folder=folder, noise=False)
    ds = processed(platform, folder)
    off = errors(ds, cruise)
    water = (cruise.truth["run_type"] == 1).sum()
    assert np.isfinite(off).sum() == int(water)
    assert np.nanmax(np.abs(off)) < 0.01


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_noisy_cruise_stays_within_its_stated_error(tmp_path, seed):
    folder = tmp_path / "raw"
    cruise = simulate("demo_ship", days=4, seed=seed, folder=folder)
    ds = processed("demo_ship", folder)
    for name in (RESULT, "xCO2_water_Tequ_dry", "fCO2_atm_wet_interp"):
        scaled = np.abs(errors(ds, cruise, name))
        scaled = scaled / ds[f"{name}_uncertainty"].to_numpy()
        scaled = scaled[np.isfinite(scaled)]
        assert scaled.size > 2000
        if name != "fCO2_atm_wet_interp":  # the air field itself varies between groups
            assert 0.60 < (scaled < 1).mean() < 0.80, name
            assert (scaled < 2).mean() > 0.92, name


def test_truth_is_consistent_with_the_formulas(tmp_path):
    truth = simulate("demo_ship", days=1, folder=tmp_path / "raw").truth
    inputs = ("xCO2_water_Tequ_dry", "T_equ", "SST", "salinity", "P_equ")
    again = fco2_at_sst(*(truth[name].to_numpy() for name in inputs))
    np.testing.assert_allclose(again, truth[RESULT], atol=1e-6, equal_nan=True)


def test_the_air_follows_the_recipe_of_the_platform(tmp_path):
    ship = variant(*VARIANTS["other formulas, tab, long lag"])
    cruise = simulate(ship, days=1, folder=tmp_path / "raw", noise=False)
    ds = processed(ship, tmp_path / "raw")
    off = errors(ds, cruise, "fCO2_atm_wet_actual")
    assert np.isfinite(off).sum() == 40  # five rows every three hours
    assert np.nanmax(np.abs(off)) < 0.01


def test_sensors_may_have_lags_of_their_own(tmp_path):
    salinity = (
        'sensor = "SBE45", lag_seconds = 60',
        'sensor = "SBE45", lag_seconds = 150',
    )
    ship = variant(salinity)
    cruise = simulate(ship, days=1, folder=tmp_path / "raw", noise=False)
    ds = processed(ship, tmp_path / "raw")
    water = (ds["run_type"] == 1).to_numpy()
    for name, atol in (("salinity", 1e-5), (RESULT, 0.01)):
        assert np.abs(errors(ds, cruise, name)[water]).max() < atol


def test_long_cruises_stay_on_this_planet():
    t = np.arange(0.0, 2000 * 86400.0, 21600.0)
    truth = build_world(3, 2000, moves=True).truth(t)
    for name, low, high in (("SST", 0, 25), ("fCO2_water_SST_wet", 250, 500)):
        assert low < truth[name].min() < truth[name].max() < high
    knots = np.abs(np.diff(truth["latitude"])) * 60.0 / 6.0
    assert 9 < knots.max() < 14


def test_same_seed_same_bytes_and_days_do_not_depend_on_the_length(tmp_path):
    one = simulate("demo_ship", days=1, seed=9, folder=tmp_path / "a").files
    two = simulate("demo_ship", days=1, seed=9, folder=tmp_path / "b").files
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    longer = [
        simulate("demo_ship", days=n, seed=9, folder=tmp_path / f"{n}").files[0]
        for n in (2, 3)
    ]
    # The last day closes with a set of standards; those before are the same.
    assert longer[0].read_bytes() == longer[1].read_bytes()
    other = simulate("demo_ship", days=1, seed=10, folder=tmp_path / "d").files
    assert other[0].read_bytes() != one[0].read_bytes()
