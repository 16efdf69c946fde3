"""A moored system that does not exist: the known truth comes back."""

import warnings

import numpy as np
import pytest
import xarray as xr

from oceanco2.bits import TEST_BITS
from oceanco2.errors import OptionError
from oceanco2.pipeline import process
from oceanco2.platforms import available, parse
from oceanco2.simulation import simulate
from oceanco2.vocabulary import BAD, GOOD, MISSING, RUN_TYPES

NAMES = {
    "fCO2_water_SST_wet": "water",
    "xCO2_water_SST_dry": "water",
    "fCO2_atm_wet_actual": "air",
    "xCO2_atm_dry_actual": "air",
}
TEXT = available()["demo_mapco2"].read_text(encoding="utf-8")


def errors(folder, seed, noise, days=6, platform="demo_mapco2"):
    cruise = simulate(platform, days=days, seed=seed, folder=folder, noise=noise)
    ds = process(platform, [folder])
    result = {}
    with xr.open_dataset(cruise.files[-1]) as truth:
        for name, word in NAMES.items():
            rows = ds["run_type"].to_numpy() == RUN_TYPES[word]
            true = truth[name].reindex(time=ds["time"]).to_numpy()
            sigma = ds[f"{name}_uncertainty"].to_numpy()[rows]
            result[name] = (ds[name].to_numpy() - true)[rows], sigma
    return ds, result


@pytest.mark.parametrize("seed", [1, 2])
def test_drifting_ideal_system_gives_the_truth(tmp_path, seed):
    """To the last of ten digits; SST is printed once a cycle, before the air."""
    ds, result = errors(tmp_path, seed, noise=False)
    for name, (off, _) in result.items():
        assert off.size == 48
        assert np.abs(off).max() < (0.02 if name.startswith("fCO2_atm") else 1e-6)
    assert np.ptp(ds["zero_reading"].to_numpy()) > 0.05
    assert np.ptp(ds["span_residual"].to_numpy()) > 0.5
    assert (ds["fCO2_water_SST_wet_flag"].to_numpy()[7::10] == GOOD).all()


@pytest.mark.parametrize("seed", [3, 4])
def test_noisy_system_is_within_its_uncertainty(tmp_path, seed):
    """Humidity is printed to one percent, as by the real system."""
    _, result = errors(tmp_path, seed, noise=True, days=20)
    for name, (off, sigma) in result.items():
        scaled = np.abs(off) / sigma
        assert scaled.size == 160
        assert (scaled < 2).mean() >= 0.93, name
        assert 0.5 < (scaled < 1).mean() < 0.85, name
        assert 0.25 < off.std() < 0.8, name


def test_without_its_zero_and_span_the_drift_stays(tmp_path):
    """What the system printed itself is off by the residuals of its calibration."""
    own = parse(TEXT.replace('"zero_span"', '"none"').encode(), "own.toml")
    ds, result = errors(tmp_path, 1, noise=False, platform=own)
    off, _ = result["xCO2_water_SST_dry"]
    assert 0.5 < np.abs(off).max() < 4.0
    printed = ds["xCO2_water_SST_dry_delivered"].to_numpy()[7::10]
    computed = ds["xCO2_water_SST_dry"].to_numpy()[7::10]
    assert np.abs(printed - computed).max() < 0.0051


def test_a_lost_span_is_flagged_and_everything_else_is_not(tmp_path):
    cruise = simulate(
        "demo_mapco2", days=3, seed=5, folder=tmp_path, faults=["lost_span"]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = process("demo_mapco2", [tmp_path])
    hit = cruise.truth["fault_lost_span"].to_numpy() == 1
    assert hit.sum() == 6
    for name, word in (("xCO2_water_SST_dry", "water"), ("xCO2_atm_dry_actual", "air")):
        rows = ds["run_type"].to_numpy() == RUN_TYPES[word]
        flags, tests = (ds[f"{name}_{x}"].to_numpy() for x in ("flag", "tests"))
        assert (flags[rows & hit] == MISSING).all()
        assert (tests[rows & hit] & TEST_BITS["span_failed"]).all()
        assert (flags[rows & ~hit] == GOOD).all()


def test_faults_that_cannot_strike_such_a_system_are_refused(tmp_path):
    with pytest.raises(OptionError, match="missing_standards"):
        simulate("demo_mapco2", folder=tmp_path, faults=["missing_standards"])
    with pytest.raises(OptionError, match="span_status"):
        simulate("demo_ship", folder=tmp_path, faults=["lost_span"])


def test_all_faults_together_leave_no_wrong_value_flagged_good(tmp_path):
    cruise = simulate("demo_mapco2", days=4, seed=6, folder=tmp_path, faults="all")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = process("demo_mapco2", [tmp_path])
    name = "xCO2_water_SST_dry"
    truth = cruise.truth[name].drop_duplicates("time").reindex(time=ds["time"])
    off = np.abs(ds[name].to_numpy() - truth.to_numpy())
    good = ds[f"{name}_flag"].to_numpy() == GOOD
    assert np.nanmax(off[good]) < 3.0
    assert good.sum() >= 20
    assert not (ds[f"{name}_flag"].to_numpy() == BAD).any()
