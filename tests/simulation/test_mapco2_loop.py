"""A moored system that does not exist: the known truth comes back."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.pipeline import process
from oceanco2.simulation import simulate
from oceanco2.vocabulary import RUN_TYPES

NAMES = {"fCO2_water_SST_wet": "water", "fCO2_atm_wet_actual": "air"}


def errors(folder, seed, noise):
    cruise = simulate("demo_mapco2", days=6, seed=seed, folder=folder, noise=noise)
    ds = process("demo_mapco2", [folder])
    found = {}
    with xr.open_dataset(cruise.files[-1]) as truth:
        for name, word in NAMES.items():
            rows = ds["run_type"].to_numpy() == RUN_TYPES[word]
            true = truth[name].reindex(time=ds["time"]).to_numpy()
            sigma = ds[f"{name}_uncertainty"].to_numpy()[rows]
            found[name] = (ds[name].to_numpy() - true)[rows], sigma
    return ds, found


@pytest.mark.parametrize("seed", [1, 2])
def test_drifting_ideal_system_gives_the_truth(tmp_path, seed):
    """Within what drifts in the quarter of an hour since the calibration."""
    ds, found = errors(tmp_path, seed, noise=False)
    for off, _ in found.values():
        assert off.size == 48
        assert np.abs(off).max() < 0.01
    assert np.ptp(ds["zero_reading"].to_numpy()) > 0.2


def test_noisy_system_is_within_its_uncertainty(tmp_path):
    """Humidity is printed to one percent, as by the real system."""
    _, found = errors(tmp_path, 3, noise=True)
    for off, sigma in found.values():
        assert (np.abs(off) < 2 * sigma).mean() >= 0.95
        assert 0.05 < off.std() < 2.0
