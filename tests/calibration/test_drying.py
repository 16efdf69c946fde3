"""Humid to dry mole fractions, and which rows are water."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.calibration.drying import _water_rows, air_at_water, dry_delivered
from oceanco2.platforms.settings import Calibration

START = np.datetime64("2020-01-01", "ns")


def dataset(hours, **variables):
    time = START + (np.array(hours) * 3600e9).astype("timedelta64[ns]")
    data = {name: ("time", np.array(values)) for name, values in variables.items()}
    return xr.Dataset(data, coords={"time": time})


@pytest.mark.parametrize(
    ("wet", "water", "dry"),
    [
        ("xCO2_water_SST_wet", "xH2O_water", "xCO2_water_SST_dry"),
        ("xCO2_water_Tequ_wet", "xH2O_water", "xCO2_water_Tequ_dry"),
        ("xCO2_atm_wet_actual", "xH2O_atm", "xCO2_atm_dry_actual"),
    ],
)
def test_a_humid_mole_fraction_is_dried_by_its_own_water(wet, water, dry):
    values = {wet: [392.0, 400.0], water: [20.0, 0.0]}
    ds = dry_delivered(dataset([0, 1], **values))
    np.testing.assert_allclose(ds[dry], [400.0, 400.0])  # 392 / (1 - 0.020)
    assert ds[dry].attrs["method"] == "dried by the water measured with it"
    assert f"{dry}_flag_delivered" not in ds
    flags = {f"{wet}_flag_delivered": [2, 3]}
    ds = dry_delivered(dataset([0, 1], **values, **flags))
    assert ds[f"{dry}_flag_delivered"].to_numpy().tolist() == [2, 3]
    kept = dry_delivered(dataset([0, 1], **values, **{dry: [1.0, 2.0]}))
    assert kept[dry].to_numpy().tolist() == [1.0, 2.0]
    assert dry not in dry_delivered(dataset([0, 1], **{wet: [1.0, 2.0]}))


def test_which_rows_are_water():
    run_type = dataset([0, 1, 2], run_type=[1, 2, 0], xCO2_water_Tequ_dry=[1.0] * 3)
    assert _water_rows(run_type).tolist() == [True, False, False]
    nan = np.nan
    measured = dataset(
        [0, 1, 2, 3],
        xCO2_water_Tequ_dry=[1.0, nan, nan, nan],
        fCO2_water_SST_wet=[nan, 1.0, nan, nan],
        pCO2_water_SST_wet=[nan, nan, 1.0, nan],
        xCO2_water_Tequ_dry_flag=[2, 2, 2, 2],
        xCO2_atm_dry_actual=[1.0] * 4,
    )
    assert _water_rows(measured).tolist() == [True, True, True, False]
    assert _water_rows(dataset([0, 1], SST=[1.0, nan])).tolist() == [True, True]


def test_air_between_two_groups_of_samples():
    platform = platforms.load("demo_ship").model_copy(
        update={"calibration": Calibration(air_max_gap_hours=3.0)}
    )
    hours = [0.0, 1.0, 4.0, 8.0, 9.0, 11.9, 12.1]
    run_type = [2, 1, 1, 2, 1, 1, 1]
    nan = np.nan
    air = [400.0, nan, nan, 408.0, nan, nan, nan]
    ds = dataset(hours, run_type=run_type, xCO2_atm_dry_actual=air)
    found = air_at_water(ds, platform)["xCO2_atm_dry_interp"]
    # 4 h are more than 3 h from both groups; 11.9 h and 12.1 h are after the last
    expected = [nan, 401.0, nan, nan, 408.0, nan, nan]
    np.testing.assert_allclose(found, expected)
    wide = platform.model_copy(
        update={"calibration": Calibration(air_max_gap_hours=4.0)}
    )
    found = air_at_water(ds, wide)["xCO2_atm_dry_interp"]
    np.testing.assert_allclose(found, [nan, 401.0, 404.0, nan, 408.0, 408.0, nan])
    assert air_at_water(ds.drop_vars("xCO2_atm_dry_actual"), platform).equals(
        ds.drop_vars("xCO2_atm_dry_actual")
    )
    done = ds.assign(xCO2_atm_dry_interp=ds["xCO2_atm_dry_actual"])
    assert air_at_water(done, platform) is done


def test_air_of_a_file_without_run_types_or_measured_water():
    """Every row is one of water."""
    ds = dataset([0.0, 1.0, 2.0], xCO2_atm_dry_actual=[400.0, np.nan, 404.0])
    found = air_at_water(ds, platforms.load("demo_ship"))["xCO2_atm_dry_interp"]
    np.testing.assert_allclose(found, [400.0, 402.0, 404.0])
    assert _water_rows(ds).dtype == bool
