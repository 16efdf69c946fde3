"""``ds.co2``: good values, counts, text; nothing is changed."""

import json
import subprocess
import sys

import numpy as np
import pytest

from oceanco2.errors import UnknownNameError
from oceanco2.fluxes import flux
from oceanco2.summary.numbers import summary
from oceanco2.summary.text import summary_text
from oceanco2.vocabulary import BAD, MISSING, QUESTIONABLE
from tests.datasets import canonical_dataset, set_flag

WATER = "fCO2_water_SST_wet"


@pytest.fixture
def ds():
    ds = set_flag(canonical_dataset(130), 3, "SST", QUESTIONABLE, "spike", "gradient")
    return flux(set_flag(ds, 7, "T_equ", BAD, "range"))


def test_good_values(ds):
    good = ds.co2.good(WATER)
    assert np.flatnonzero(np.isnan(good[:10])).tolist() == [3, 7]
    assert good.attrs["units"] == "uatm"
    assert np.isfinite(ds[WATER][3])
    both = ds.co2.good(WATER, 2, 3)
    assert np.flatnonzero(np.isnan(both[:10])).tolist() == [7]
    assert ds.co2.flag_counts(WATER) == {
        "good": 98,
        "questionable": 1,
        "bad": 1,
        "missing": 30,
    }


def test_wrong_names(ds):
    with pytest.raises(UnknownNameError, match=f"Did you mean '{WATER}'"):
        ds.co2.good("fCO2_water_SST_we")
    with pytest.raises(UnknownNameError):
        ds.co2.good("wind_speed")  # it has no flag


def test_summary_in_numbers(ds):
    found = summary(ds)
    assert json.loads(json.dumps(found)) == found
    assert found["platform"] == "R/V Ørsted"
    assert found["period"] == ["2024-03-01T06:00:00Z", "2024-03-01T11:23:02Z"]
    assert found["rows"] == 130
    assert found["run_types"] == {"water": 100, "air": 20, "standard": 10}
    water = found["variables"][WATER]
    assert water["flags"]["good"] == 98
    assert water["tests"] == {
        "missing": 30,
        "range": 1,
        "gradient": 1,
        "spike": 1,
        "input": 2,
    }
    values = ds.co2.good(WATER).to_numpy()
    assert water["minimum"] == np.nanmin(values)
    assert water["median"] == np.nanmedian(values)
    assert water["maximum"] == np.nanmax(values)
    assert water["uncertainty"] == 1.5
    assert water["units"] == "uatm"
    assert found["flux"]["mean"] == pytest.approx(ds.co2.good("flux_CO2").mean().item())
    assert found["flux"]["rows"] == 98
    assert found["flux"]["uncertainty_systematic"] < found["flux"]["uncertainty"]


def test_standards(ds):
    gases = {g["xCO2"]: g for g in summary(ds)["standards"]}
    assert list(gases) == [0.0, 248.42, 374.86, 501.27]
    assert (gases[0.0]["runs"], gases[0.0]["used"]) == (2, 0)
    assert gases[374.86]["mean_difference"] == pytest.approx(374.86 * 0.002 + 0.3)


def test_summary_as_text(ds):
    text = ds.co2.summary()
    assert text == summary_text(ds)
    lines = text.splitlines()
    assert lines[0].startswith("R/V Ørsted, 2024-03-01T06:00:00Z to")
    assert lines[1] == "130 rows: 100 water, 20 air, 10 standard"
    row = next(line for line in lines if line.startswith(WATER)).split()
    assert row[1] == "uatm"
    assert row[5:] == ["1.5", "98", "1", "1", "30", "0"]
    spike = next(line for line in lines if line.startswith("spike"))
    assert f"SST 1, {WATER} 1, flux_CO2 1" in spike
    assert "374.86 umol mol-1" in text
    assert "into the ocean" in text
    assert "doi:10.4319/lom.2014.12.351" in text
    assert max(map(len, lines)) <= 130


def test_summary_of_little():
    ds = canonical_dataset(13, standards=False)
    plain = ds[["SST", "salinity"]].drop_attrs()
    assert summary(plain)["variables"]["SST"]["values"] == 13
    assert "flux" not in summary(plain)
    assert "SST" in summary_text(plain)
    nothing = ds.isel(time=slice(0, 0))
    assert summary(nothing)["period"] == [None, None]
    assert summary_text(nothing)
    lost = ds.assign(SST=ds["SST"] * np.nan)
    assert summary(lost)["variables"]["SST"]["median"] is None


def test_flux_without_a_good_value():
    ds = canonical_dataset(13)
    ds[f"{WATER}_flag"].to_numpy()[:] = MISSING
    out = flux(ds)
    out["flux_CO2_flag"].to_numpy()[:] = BAD
    assert "no row with a good value" in summary_text(out)


def test_pictures(ds):
    assert len(ds.co2.overview().axes) > 5
    assert len(ds.co2.plot().axes) == 1
    assert len(ds.co2.plot("SST", "salinity").axes) == 2
    assert len(ds.co2.track().axes) == 2


def test_looking_changes_nothing(ds):
    before = ds.copy(deep=True)
    ds.co2.summary()
    ds.co2.good(WATER)
    ds.co2.overview()
    assert ds.identical(before)


@pytest.mark.parametrize(
    "way", ["import oceanco2.pipeline", "from oceanco2 import process"]
)
def test_the_accessor_comes_with_processing(way):
    """However `process` is imported; the accessor needs no import of its own."""
    code = f"{way}; import xarray as xr; assert hasattr(xr.Dataset, 'co2')"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
