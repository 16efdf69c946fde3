"""Recipes as dicts and words."""

from oceanco2.forensics import recipes
from oceanco2.forensics.recipes import Recipe


def test_defaults():
    assert Recipe("pCO2_water_SST_wet").to_dict() == {
        "source": "pCO2_water_SST_wet",
        "vapour": "none",
        "fugacity": "none",
        "temperature_correction": "none",
        "units": "uatm",
    }


def test_relevant_parts():
    full = {
        "source": "xCO2_water_Tequ_dry",
        "dried": True,
        "pressure": "P_equ",
        "vapour": "weiss_price_1980",
        "vapour_temperature": "T_equ",
        "salinity": "salinity",
        "fugacity": "xco2",
        "virial_pressure": "measured",
        "fugacity_temperature": "SST",
        "temperature_correction": "takahashi_1993",
        "pressure_offset": 3.0,
        "units": "ubar",
    }
    assert Recipe(**full).to_dict() == full
    dry = Recipe(**{**full, "vapour": "none"}).to_dict()
    assert set(full) - set(dry) == {"vapour_temperature", "salinity"}
    partial = Recipe(**{**full, "fugacity": "none"}).to_dict()
    assert set(full) - set(partial) == {"virial_pressure", "fugacity_temperature"}


def test_words():
    words = Recipe("pCO2_water_SST_wet").words()
    assert words.startswith("pCO2_water_SST_wet; ")
    assert words.endswith("; no temperature correction")
    recipe = Recipe(
        "xCO2_water_Tequ_dry",
        dried=True,
        pressure="P_equ",
        pressure_offset=3.0,
        temperature_correction="takahashi_1993",
        units="Pa",
    )
    words = recipe.words().split("; ")
    assert words[0] == "xCO2_water_Tequ_dry, dried with its water vapour"
    assert words[1] == "times P_equ +3.000 hPa without water vapour"
    assert words[-2:] == ["corrected to SST: takahashi_1993", "in Pa"]
    divided = Recipe("xCO2_water_Tequ_dry", pressure="1013/P").words()
    assert divided.split("; ")[1] == "divided by pressure (1013 hPa / P)"


def test_how_unusual_corrections_are():
    assert recipes._MAX_ODDNESS == 6.0
    assert recipes._CORRECTION_ODDNESS == {
        "takahashi_1993": 0.0,
        "takahashi_2009": 1.0,
        "weiss_1982": 1.0,
        "none": 3.0,
        "humphreys_2024_enthalpy": 4.0,
    }
