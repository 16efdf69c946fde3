"""Run types and results: where no CO2 result is possible, that is reported."""

import re

import numpy as np
import pytest

from oceanco2.export import open_dataset
from tests.cases.conftest import matches


def test_isotopes_alone_give_no_fco2(case):
    """The sum of 12CO2 and 13CO2 is reduced."""
    case.process("*.csv").succeeds()
    ds = case.dataset()
    assert "fCO2_water_SST_wet" in ds
    assert float(ds.fCO2_water_SST_wet[0]) == pytest.approx(380.118, abs=5e-4)
    assert float(ds.fCO2_water_SST_wet[-1]) == pytest.approx(400.718, abs=2e-3)
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()) == {2}


RAW = "casco_cut.csv"


def without_position(text):
    return re.sub(r"(?m)^(latitude|longitude) *=.*\n", "", text)


def test_mooring_without_position_columns(case):
    """The draft asks for the position of the station and then works."""
    text = case.draft(RAW)
    for name in ("latitude", "longitude"):
        assert matches(text.splitlines(), name, "CHECK"), name
    text = without_position(text)
    more = [
        "[variables]",
        "latitude = { value = 43.65 }",
        "longitude = { value = -70.2 }",
    ]
    if "P_equ" not in text:
        more.append('P_equ = { value = 1013.25, units = "hPa" }')
    if '"co2"' not in text:
        more.append('pCO2_water_SST_wet = { column = "co2", units = "uatm" }')
    text = text.replace("[variables]", "\n".join(more))
    (case / "x.toml").write_text(text, encoding="utf-8")
    case.process(RAW, platform="x.toml").succeeds()
    ds = case.dataset()
    assert ds.sizes["time"] == 59
    np.testing.assert_allclose(ds.latitude, 43.65)


def test_mooring_without_position_columns__checked_before_data(case):
    """`platforms` names the missing position instead of "all right"."""
    text = without_position(case.draft(RAW))
    (case / "x.toml").write_text(text, encoding="utf-8")
    outcome = case.run("platforms", "x.toml")
    assert "all right" not in outcome.out
    assert matches(outcome.lines, "latitude|position")


@pytest.mark.parametrize(
    ("platform", "pattern"),
    [("ooi_pco2w_2014", "*pco2w*.log"), ("ooi_pco2a_2014", "*pco2a*.log")],
)
def test_mooring_without_position_columns__shipped(case, data_set, platform, pattern):
    """The shipped platforms of fixed stations process and write their own logs."""
    raw = sorted(data_set("ooi_raw_pco2").rglob(pattern))
    assert raw
    case.process(*raw, platform=platform).succeeds()
    # times that appear more than once are along another dimension of the file
    assert open_dataset(case / "out.nc").sizes["time"] > 0
