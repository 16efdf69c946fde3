"""Messages name what is wrong, as it is written in the file."""

import numpy as np
import pytest
import xarray as xr

import oceanco2
from oceanco2.errors import OceanCO2Error
from tests.cases.conftest import matches


def test_era5_with_expver_dimension(case):
    """Final and preliminary winds fill each other; or one clear line."""
    case.process("a.csv").succeeds()
    options = ("-o", "f.nc", "--wind", "era5.nc", "--xco2-air", "420")
    outcome = case.run("flux", "out.nc", *options)
    if outcome.code:
        outcome.fails("expver")
        return
    ds = case.dataset("f.nc")
    np.testing.assert_allclose(ds.wind_speed_10m, 10.0, rtol=1e-5)
    assert float(ds.flux_CO2[0]) == pytest.approx(-6.76, abs=0.05)
    assert int(np.isfinite(ds.flux_CO2).sum()) == 60


@pytest.fixture
def refusal(case):
    """The message about one impossible forcing of a processed cruise."""
    case.process("a.csv").succeeds()
    ds = oceanco2.open_dataset(case / "out.nc")

    def refuse(**forcing):
        with pytest.raises(OceanCO2Error) as caught:
            oceanco2.flux(ds, wind=8.0, xco2_air=420.0, **forcing)
        message = " ".join(str(caught.value).split())
        assert "2024-02-29" not in message, "the time of the forcing is not to blame"
        return message

    return refuse


def test_forcing_that_is_impossible_is_called_out_of_time(refusal):
    """Ice of 50 is a percentage."""
    message = refusal(ice="ice.nc")
    assert matches([message], r"\bice\b", r"\b50\b", "percent|%|fraction|0 (to|and) 1")


def field(case, name, value):
    """The field of ice of the case with another name and value; no units."""
    with xr.open_dataset(case / "ice.nc") as ds:
        values = ds["siconc"].load()
    new = xr.full_like(values, value).rename(name)
    new.attrs.clear()
    new.to_dataset().to_netcdf(case / "field.nc")


def test_forcing_that_is_impossible_is_called_out_of_time__pressure(case, refusal):
    field(case, "sp", 101300.0)
    message = refusal(pressure="field.nc")
    assert matches([message], "pressure", r"\b101,?300\b", r"\bPa\b")


def test_forcing_that_is_impossible_is_called_out_of_time__no_value(case, refusal):
    field(case, "siconc", np.nan)
    message = refusal(ice="field.nc")
    assert matches([message], r"\bice\b", "NaN|missing|empty|no (finite )?value")


def test_run_label_with_blank(case):
    """The message has the label as it is in the file."""
    case.process("*.csv").fails("STD 1")


def test_run_label_with_blank__followed(case):
    """Who follows the message is done."""
    case.edit("platform.toml", *((f'"STD_{i}"', f'"STD {i}"') for i in (1, 2, 3)))
    case.process("*.csv").succeeds()
    values = case.dataset().xCO2_water_Tequ_dry
    assert int(np.isfinite(values).sum()) == 54
