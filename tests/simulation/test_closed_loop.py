"""The simulator's truth comes back through the whole pipeline."""

import warnings

import numpy as np
import pytest

from oceanco2 import pipeline, platforms
from oceanco2.errors import OceanCO2Warning, OptionError, OutputError, UnknownNameError
from oceanco2.physics import fco2_at_sst
from oceanco2.simulation import FAULTS, simulate

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


def test_same_seed_same_bytes_and_days_do_not_depend_on_the_length(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
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


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_recorded_and_changes_the_files(tmp_path, fault):
    plain = simulate("demo_ship", days=1, seed=4, folder=tmp_path / "a")
    spoilt = simulate(
        "demo_ship", days=1, seed=4, folder=tmp_path / "b", faults=[fault]
    )
    if fault != "missing_standards":  # rows that are not there cannot be marked
        assert int(spoilt.truth[f"fault_{fault}"].sum()) > 0
    texts = [[p.read_bytes() for p in c.files[:-1]] for c in (plain, spoilt)]
    assert texts[0] != texts[1]


def test_all_faults_together_are_survived(tmp_path):
    folder = tmp_path / "raw"
    simulate("demo_ship", days=2, seed=4, folder=folder, faults="all")
    ds = processed("demo_ship", folder)
    assert np.isfinite(ds[RESULT].to_numpy()).sum() > 800


def test_what_cannot_be_simulated_is_said(tmp_path):
    with pytest.raises(OptionError, match="days"):
        simulate("demo_ship", days=0, folder=tmp_path / "a")
    with pytest.raises(OptionError, match="2024-03-01"):
        simulate("demo_ship", folder=tmp_path / "a", start="yesterday")
    with pytest.raises(UnknownNameError, match="'spikes'"):
        simulate("demo_ship", folder=tmp_path / "a", faults=["spike"])
    with pytest.raises(OptionError, match="gas standards"):
        simulate("cce2_2010", folder=tmp_path / "a")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        simulate("demo_ship", folder=tmp_path / "full")
    assert (tmp_path / "full" / "thesis.txt").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["full"]


def test_an_earlier_simulation_is_replaced(tmp_path):
    simulate("demo_ship", days=2, folder=tmp_path / "a")
    cruise = simulate("demo_ship", days=1, folder=tmp_path / "a")
    assert sorted((tmp_path / "a").iterdir()) == sorted(cruise.files)
