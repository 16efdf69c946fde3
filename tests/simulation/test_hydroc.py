"""A membrane sensor that does not exist: the known truth comes back."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.pipeline import process
from oceanco2.simulation import simulate
from oceanco2.vocabulary import RUN_TYPES

NAME = "fCO2_water_SST_wet"


def error(folder, seed, noise):
    cruise = simulate("demo_hydroc", days=2, seed=seed, folder=folder, noise=noise)
    ds = process("demo_hydroc", [folder])
    with xr.open_dataset(cruise.files[-1]) as truth:
        true = truth[NAME].reindex(time=ds["time"]).to_numpy()
    groups = ds["zero_group_time"].to_numpy()
    time = ds["time"].to_numpy()
    # Behind the last zero its drift is unknown.
    rows = (ds["run_type"].to_numpy() == RUN_TYPES["water"]) & (time <= groups[-1])
    return ds, (ds[NAME].to_numpy() - true)[rows], rows


@pytest.mark.parametrize("seed", [1, 2])
def test_drifting_ideal_sensor_gives_the_truth(tmp_path, seed):
    ds, off, _ = error(tmp_path, seed, noise=False)
    assert off.size > 2000
    assert np.abs(off).max() < 0.002
    drift = ds["zero_group_signal"].to_numpy()
    assert drift[0] - drift[-1] > 1e-4
    assert np.ptp(ds["calibration_k1"].to_numpy()) > 0


def test_noisy_sensor_is_within_its_uncertainty(tmp_path):
    ds, off, rows = error(tmp_path, 3, noise=True)
    stated = ds[f"{NAME}_uncertainty"].to_numpy()[rows]
    assert (np.abs(off) < 2 * stated).mean() > 0.95
    assert np.abs(off).mean() > 0.05
    assert (ds["calibration_status"].to_numpy()[rows] == 1).all()
