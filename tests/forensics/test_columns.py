"""Columns of a delivered table, their units and printed digits."""

import numpy as np
import pytest
import xarray as xr

from oceanco2.forensics import columns as c


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ([1.0, 2.0], 1.0),
        ([380.12, 381.3], 0.01),
        ([0.1, np.nan], 0.1),
        ([1.123456789, 2.0], 1e-9),
        ([1 / 3, 2 / 3], 0.0),
        ([1.5] * 1 + [1.0] * 99, 1.0),
        ([1.5] * 2 + [1.0] * 98, 0.1),
    ],
)
def test_printed_step(values, step):
    assert c.printed_step(np.array(values)) == pytest.approx(step, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "value", "expected", "note"),
    [
        ("P_equ", 1.0, 1013.25, "P_equ is in atm, judging by its values"),
        ("P_atm", 0.5, 506.625, "P_atm is in atm, judging by its values"),
        ("P_atm", 0.49, 0.49, None),
        ("P_atm", 1.5, 1519.875, "P_atm is in atm, judging by its values"),
        ("P_atm", 1.51, 1.51, None),
        ("P_atm", 24.9, 24.9, None),
        ("P_atm", 30.0, 1015.915916, "P_atm is in inHg, judging by its values"),
        ("P_atm", 33.1, 33.1, None),
        ("P_atm", 101.3, 1013.0, "P_atm is in kPa, judging by its values"),
        ("P_atm", 69.9, 69.9, None),
        ("P_atm", 120.1, 120.1, None),
        ("P_atm", 599.0, 599.0, None),
        ("P_atm", 760.0, 1013.25, "P_atm is in mmHg, judging by its values"),
        ("P_atm", 799.5, 799.5, None),
        ("P_atm", 1013.0, 1013.0, None),
        ("P_atm", 101300.0, 1013.0, "P_atm is in Pa, judging by its values"),
        ("P_atm", 69900.0, 69900.0, None),
        ("P_atm", 120100.0, 120100.0, None),
        ("xCO2_atm_dry_actual", 4e-4, 400.0, "xCO2_atm_dry_actual is in mol mol-1"),
        ("xCO2_atm_dry_actual", 4e-5, 4e-5, None),
        ("xCO2_atm_dry_actual", 6e-3, 6e-3, None),
        ("xCO2_atm_dry_actual", 0.4, 400.0, "xCO2_atm_dry_actual is in mmol mol-1"),
        ("xCO2_atm_dry_actual", 5.1, 5.1, None),
        ("SST", 283.15, 10.0, "SST is in K, not degree_Celsius"),
        ("T_equ", 283.15, 10.0, "T_equ is in K, not degree_Celsius"),
        ("T_atm", 283.15, 10.0, "T_atm is in K, not degree_Celsius"),
        ("SST", 200.0, 200.0, None),
        ("salinity", 283.15, 283.15, None),
    ],
)
def test_units_judged_by_values(name, value, expected, note):
    notes = []
    got = c._to_canonical(name, np.array([value]), notes)
    assert got == pytest.approx([expected], rel=1e-6)
    assert (not notes) if note is None else notes[0].startswith(note)


def test_swapped_and_selected():
    table = c.Columns(
        {"SST": np.array([1.0, 2.0]), "T_equ": np.array([3.0, 4.0])},
        {"x": np.array([5.0, 6.0])},
        {"SST": 0.1, "T_equ": 0.01},
        ["a note"],
    )
    other = table.swapped("SST", "T_equ")
    assert other.values["SST"].tolist() == [3.0, 4.0]
    assert other.values["T_equ"].tolist() == [1.0, 2.0]
    assert other.steps == {"SST": 0.01, "T_equ": 0.1}
    assert table.values["SST"].tolist() == [1.0, 2.0]
    assert table.steps == {"SST": 0.1, "T_equ": 0.01}
    part = table.select(np.array([False, True]))
    assert part.values["T_equ"].tolist() == [4.0]
    assert part.published["x"].tolist() == [6.0]
    assert (part.steps, part.notes) == (table.steps, ["a note"])


def test_columns_of_a_table():
    ds = xr.Dataset(
        {
            "SST": ("time", [10.1, 10.2]),
            "SST_raw": ("time", [10.11, 10.22]),
            "T_equ_raw": ("time", [np.nan, np.nan]),
            "T_equ": ("time", [11.5, 11.6]),
            "salinity": ("time", [np.nan, np.nan]),
            "fCO2_water_SST_wet": ("time", [1.0, 2.0]),
            "fCO2_water_SST_wet_delivered": ("time", [380.1, 381.2]),
            "pCO2_atm_wet_actual": ("time", [401.0, 402.0]),
        }
    )
    got = c.columns_of(ds)
    assert got.values["SST"].tolist() == [10.11, 10.22]
    assert got.values["T_equ"].tolist() == [11.5, 11.6]
    assert "salinity" not in got.values
    assert got.published["fCO2_water_SST_wet"].tolist() == [380.1, 381.2]
    assert got.values["fCO2_water_SST_wet"].tolist() == [380.1, 381.2]
    assert set(got.published) == {"fCO2_water_SST_wet", "pCO2_atm_wet_actual"}
    assert got.steps["SST"] == 0.01
    assert got.steps["T_equ"] == 0.1
    assert got.steps["pCO2_atm_wet_actual"] == 1.0
    assert got.notes == []


def test_tables_of_names():
    for name, temperature in c.WATER.items():
        assert temperature == ("SST" if "_SST_" in name else "T_equ")
    for name, source in c.AIR.items():
        assert source == "xCO2_atm_dry_" + name.rsplit("_", maxsplit=1)[1]
    assert set(c.WATER) == {
        f"{q}_water_{t}_wet" for q in ("pCO2", "fCO2") for t in ("Tequ", "SST")
    }
    assert set(c.AIR) == {
        f"{q}_atm_wet_{t}" for q in ("pCO2", "fCO2") for t in ("actual", "interp")
    }
    xco2 = [f"xCO2_water_{t}_{w}" for w in ("dry", "wet") for t in ("Tequ", "SST")]
    assert list(c.SOURCES) == [*xco2, *c.WATER]
