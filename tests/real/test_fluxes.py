"""Published fluxes, and a drifter with the air of its time."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from oceanco2 import physics
from oceanco2.fields.air import interpolate_mbl, read_noaa_mbl
from oceanco2.fluxes import flux
from oceanco2.vocabulary import attrs_of

LAWS = {
    "W14": "Wanninkhof2014",
    "N00": "Nightingale2000",
    "Ho06": "Ho2006",
    "Y22": "Yang2022",
}


@pytest.fixture(scope="module")
def amt(test_data):
    with xr.open_dataset(test_data / "flux_amt28/AMT28_20min_data_v4.nc") as ds:
        return ds.load()


def column(ds, name):
    return ("time", ds[name].to_numpy(), {})


def cruise(amt):
    names = {
        "fCO2_water_SST_wet": "fCO2_sw_mean",
        "SST": "SST_mean",
        "salinity": "Salinity_mean",
        "P_atm": "Pres_mean",
    }
    data = {new: column(amt, old) for new, old in names.items()}
    place = {name: column(amt, name) for name in ("latitude", "longitude")}
    return xr.Dataset(data, {"time": amt["time"].to_numpy(), **place})


@pytest.mark.parametrize("law", LAWS)
def test_atlantic_meridional_transect(amt, law):
    wind = xr.Dataset(
        {
            "wind_speed": column(amt, "U10n_mean"),
            "wind_speed_squared": column(amt, "U10n_2"),
        },
        {"time": amt["time"].to_numpy()},
    )
    air = xr.DataArray(amt["xCO2atm_mean"].to_numpy(), {"time": wind["time"]})
    out = flux(cruise(amt), law, wind=wind, xco2_air=air)
    published = amt[f"bulk_nvt_{LAWS[law]}"].to_numpy()
    there = np.isfinite(published)
    assert there.sum() == 895
    difference = np.abs(out["flux_CO2"].to_numpy() - published)
    assert difference[there].max() < 0.0005


@pytest.fixture
def drifter(test_data):
    path = test_data / "drifter_carioca2004/CARIOCA_2004_03_03740.csv"
    table = pd.read_csv(path, skiprows=[1], na_values=[-999])
    time = pd.to_datetime(
        table["DATE"] + " " + table["TIME"], format="%d/%m/%Y %H:%M:%S"
    )
    names = {
        "fCO2_water_SST_wet": "FCO2_WAT",
        "SST": "SST",
        "salinity": "SSS",
        "P_atm": "ATM_PRE",
        "wind_speed": "WIND_SPEED",
    }
    data = {
        new: ("time", table[old].to_numpy(float), attrs_of(new))
        for new, old in names.items()
    }
    place = {"latitude": ("time", table["LATITUDE"].to_numpy(float))}
    place["longitude"] = ("time", table["LONGITUDE"].to_numpy(float))
    return xr.Dataset(data, {"time": time.to_numpy().astype("M8[ns]"), **place})


def test_drifter_with_the_air_of_the_boundary_layer(drifter, test_data):
    path = test_data / "atm_noaa_mbl/co2_GHGreference.876316650_surface.txt"
    out = flux(drifter, xco2_air=path, wind_height=2.0)
    names = ("fCO2_water_SST_wet", "SST", "salinity", "P_atm", "wind_speed")
    whole = np.all([np.isfinite(drifter[n].to_numpy()) for n in names], axis=0)
    values = out["flux_CO2"].to_numpy()
    np.testing.assert_array_equal(np.isfinite(values), whole)
    assert 7000 < whole.sum() <= 8029
    # The same with every step by hand for a row in the middle.
    row = int(np.flatnonzero(whole)[4000])
    one = drifter.isel(time=[row])
    air = interpolate_mbl(read_noaa_mbl(path), one["time"], one["latitude"])
    assert 374 < air[0] < 379
    state = [float(one[n].item()) for n in names]
    by_hand = physics.flux_from_xco2(
        state[0],
        air[0],
        physics.wind_at_10m(state[4], 2.0),
        *state[1:4],
        on_range="ignore",
    )
    assert values[row] == pytest.approx(by_hand, rel=1e-9)
    # The Southern Ocean there takes up CO2 over the year.
    assert np.nanmean(values) < 0
