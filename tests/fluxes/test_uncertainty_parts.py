"""Uncertainty of a flux that is linear in its inputs, by hand."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.fluxes import uncertainty
from oceanco2.fluxes.inputs import AIR_SOURCES, Inputs

VALUES = {
    "transfer_velocity": 0.10,
    "schmidt": 0.0125,
    "solubility": 0.001,
    "SST": 0.15,
    "salinity": 0.1,
    "fCO2_air": 0.5,
    "fCO2_water": 5.0,
}


def test_defaults():
    assert dict(uncertainty.DEFAULTS) == VALUES
    assert uncertainty.choose_uncertainties(None, None) == VALUES
    chosen = uncertainty.choose_uncertainties(0.2, {"SST": 0, "schmidt": 0.5})
    assert chosen == VALUES | {"transfer_velocity": 0.2, "SST": 0.0, "schmidt": 0.5}
    stated = uncertainty.choose_uncertainties(0.2, {"transfer_velocity": 0.3})
    assert stated["transfer_velocity"] == 0.3
    for value in (-0.1, np.inf, np.nan):
        with pytest.raises(OptionError, match="uncertainty of SST must be 0 or more"):
            uncertainty.choose_uncertainties(None, {"SST": value})
    with pytest.raises(UnknownNameError, match="no uncertainty of a flux named"):
        uncertainty.choose_uncertainties(None, {"wind": 1.0})


def test_sources_of_air():
    expected = {"none": 0, "measured_interp": 1, "measured_actual": 2, "given": 3}
    assert expected == AIR_SOURCES


def run(columns):
    difference = columns["water"] - 2.0 * columns["air"]
    return difference + 10.0 * columns["SST"] - 3.0 * columns["salinity"]


def test_parts():
    columns = {
        "water": np.full(4, 400.0),
        "air": np.full(4, 410.0),
        "SST": np.full(4, 10.0),
        "salinity": np.full(4, 35.0),
    }
    source = np.array([3, 1, 2, 1])
    inputs = Inputs(columns, {}, source, {})
    ds = xr.Dataset(
        {
            "fCO2_water_SST_wet_uncertainty": ("time", [2.0, np.nan, 2.0, 2.0]),
            "fCO2_atm_wet_interp_uncertainty": ("time", [9.0, 0.7, 9.0, np.nan]),
            "fCO2_atm_wet_actual_uncertainty": ("time", [9.0, 9.0, 0.8, 9.0]),
        }
    )
    result = run(columns)
    total, systematic = uncertainty.propagate(ds, inputs, run, result, VALUES)
    common = result**2 * (0.10**2 + 0.0125**2 + 0.001**2)
    air = (2.0 * np.array([0.5, 0.7, 0.8, 0.5])) ** 2
    water = np.array([2.0, 5.0, 2.0, 2.0]) ** 2
    rows = water + (10.0 * 0.15) ** 2 + (3.0 * 0.1) ** 2
    given = source == 3
    assert systematic == pytest.approx(np.sqrt(common + np.where(given, air, 0.0)))
    assert total == pytest.approx(np.sqrt(common + air + rows))


def test_text():
    ds = xr.Dataset()
    text = uncertainty.uncertainty_text(ds, VALUES)
    assert text == (
        "one sigma: transfer velocity 0.1, its Schmidt number part 0.0125 and"
        " solubility 0.001 relative; SST 0.15 K; salinity 0.1; fCO2 of the water"
        " 5 uatm, of the air 0.5 uatm unless known; wind speed counts within the"
        " transfer velocity"
    )
    ds["fCO2_water_SST_wet_uncertainty"] = ("time", [1.0])
    text = uncertainty.uncertainty_text(ds, VALUES)
    assert "fCO2 of the water of the dataset, of the air 0.5 uatm" in text
