"""Reduction and uncertainty on made-up rows: the recipe, its options, its budget."""

import numpy as np
import pytest
import xarray as xr

from oceanco2 import platforms
from oceanco2.errors import PlatformError
from oceanco2.platforms.settings import Reduction
from oceanco2.reduction import check_inputs, reduce
from oceanco2.uncertainty import add_uncertainty
from oceanco2.vocabulary import attrs_of

TIME = np.datetime64("2024-03-01", "ns") + np.arange(3).astype("timedelta64[h]")


def dataset(**values):
    data = {n: ("time", np.full(3, float(v)), attrs_of(n)) for n, v in values.items()}
    return xr.Dataset(data, coords={"time": TIME})


def ship(**options):
    base = platforms.load("demo_ship")
    return base.model_copy(update={"reduction": Reduction(**options)})


CASE = {"SST": 20.0, "T_equ": 20.5, "salinity": 35.0, "P_equ": 1013.25}


@pytest.mark.parametrize(
    ("options", "expected", "tolerance"),
    [
        ({}, 381.201189783, 1e-8),
        ({"vapour_pressure": "dickson_2007"}, 381.1884, 1e-4),
        ({"temperature_correction": "takahashi_2009"}, 381.3464, 1e-4),
        (
            {"temperature_correction": "humphreys_2024_parameterised"},
            381.4281,
            1e-4,
        ),
    ],
)
def test_recipe_and_options(options, expected, tolerance):
    """Published chain: 400 umol/mol, S 35, 20.5 to 20 degC (Pierrot et al. 2009)."""
    out = reduce(dataset(xCO2_water_Tequ_dry=400.0, **CASE), ship(**options))
    assert float(out["fCO2_water_SST_wet"][0]) == pytest.approx(expected, abs=tolerance)
    for option, name in options.items():
        assert f"{option}: {name}" in out["fCO2_water_SST_wet"].attrs["method"]


def test_workbook_row_of_water_and_air():
    """fCO2_calc workbook of Pierrot: every step."""
    ds = dataset(
        xCO2_water_Tequ_dry=401.2485161852376,
        xCO2_atm_dry_interp=381.90625620923873,
        salinity=33.907,
        T_equ=1.992197,
        SST=1.629,
        P_equ=986.99646,
        P_atm=985.69,
    )
    out = reduce(ds, ship())
    for name, value in {
        "pCO2_water_Tequ_wet": 388.11236125769807,
        "fCO2_water_Tequ_wet": 386.494319702308,
        "fCO2_water_SST_wet": 380.6018966097144,
        "pCO2_atm_wet_interp": 368.9778322417946,
        "fCO2_atm_wet_interp": 367.43413450531693,
    }.items():
        assert float(out[name][0]) == pytest.approx(value, abs=1e-6), name
    gradient = out["fCO2_water_SST_wet"] - out["fCO2_atm_wet_interp"]
    np.testing.assert_array_equal(out["delta_fCO2"], gradient)


def test_every_entry_of_the_chain_meets():
    whole = reduce(dataset(xCO2_water_Tequ_dry=400.0, **CASE), ship())
    for name in ("pCO2_water_Tequ_wet", "fCO2_water_Tequ_wet"):
        value = float(whole[name][0])
        part = reduce(dataset(**{name: value}, **CASE), ship())
        assert float(part["fCO2_water_SST_wet"][0]) == pytest.approx(
            float(whole["fCO2_water_SST_wet"][0]),
            abs=2e-5,  # x from pCO2
        )


def test_impossible_inputs_give_no_result_and_stay():
    ds = dataset(xCO2_water_Tequ_dry=400.0, **CASE)
    ds["P_equ"][1] = 0.9
    out = reduce(ds, ship())
    assert np.isnan(out["fCO2_water_SST_wet"].to_numpy()[1])
    assert out["P_equ"].to_numpy()[1] == 0.9
    np.testing.assert_array_equal(ds["P_equ"], out["P_equ"])


def test_what_cannot_be_reduced_is_refused_early():
    text = platforms.available()["demo_ship"].read_text()
    lines = [x for x in text.splitlines() if not x.startswith(("T_equ", "P_equ"))]
    broken = platforms.parse("\n".join(lines).encode(), "ship.toml")
    with pytest.raises(PlatformError, match=r"ship\.toml.*lacks T_equ, P_equ"):
        check_inputs(broken, {"xCO2_water_Tequ_dry"})


def budget(**uncertainties):
    base = platforms.load("demo_ship")
    sources = {
        name: base.variables["T_equ"].model_copy(update={"uncertainty": u})
        for name, u in uncertainties.items()
    }
    return base.model_copy(update={"variables": sources})


@pytest.mark.parametrize(
    ("u", "expected"),
    [
        ((0.2, 0.05, 0.05, 0.2, 0.1), 1.17772654143),
        ((0.5, 0.05, 0.05, 2.0, 0.1), 1.4701998629),
    ],
)
def test_budgets_of_the_specification(u, expected):
    names = ("xCO2_water_Tequ_dry", "T_equ", "SST", "P_equ", "salinity")
    platform = budget(**dict(zip(names, u, strict=True)))
    ds = reduce(dataset(xCO2_water_Tequ_dry=400.0, **CASE), ship())
    out = add_uncertainty(ds, platform)
    got = out["fCO2_water_SST_wet_uncertainty"]
    assert float(got[0]) == pytest.approx(expected, abs=1e-6)
    assert got.attrs["units"] == "uatm"
    # One thermometer less: only the step between the two makes it large.
    assert float(out["fCO2_water_Tequ_wet_uncertainty"][0]) < expected


def test_assumed_uncertainties_say_so():
    ds = reduce(dataset(xCO2_water_Tequ_dry=400.0, **CASE), ship())
    out = add_uncertainty(ds, budget())
    assert out["SST_uncertainty"].attrs["uncertainty_source"] == "assumed"
    assert float(out["fCO2_water_SST_wet_uncertainty"][0]) > 1.0
    for name in ds.data_vars:
        np.testing.assert_array_equal(out[name], ds[name])
