"""Recipes and oddities that the READMEs of real data sets state."""

import json
import re
import warnings

import pytest

from oceanco2.cli import main
from oceanco2.errors import OceanCO2Warning
from oceanco2.forensics import diagnose
from oceanco2.forensics.comparison import compare, disagreement
from oceanco2.forensics.cruise import doubts
from oceanco2.pipeline import process
from oceanco2.platforms import available, load, parse

FILES = {
    "ronald_h_brown_2010": "cruise_33RO20100308_a13.5_aoml_ronbrown",
    "nuka_arctica_2008": "cruise_26NA20080117_nuka/26NA20080117.dat",
    "nuka_arctica_2005_socat": "socatv3_pangaea_26NA20050107",
    "tao_140w_2004": "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv",
    "cce2_2010": "mooring_CCE2_2010_2011/CCE2_121W_34N_Jan2010_Mar2011.csv",
    "kaimimoana_2008": "cruise_KA2008_07_pmel_kaimimoana/KA2008_07.csv",
    "gordon_gunter_2008": "cruise_GU0802_aoml_gordongunter/gu0802_leg1.csv",
    "langseth_2011": "cruise_33H320110527_ldeo_langseth/MGLangseth_11_02.csv",
    "pyxis_2009": "cruise_PX131W/PX131W.csv",
    "munida_2005": "cruise_M050726/M050726.csv",
    "carioca_2004": "drifter_carioca2004/CARIOCA_2004_03_03740.csv",
}
WATER, AIR = "fCO2_water_SST_wet", "fCO2_atm_wet_interp"


@pytest.fixture(scope="module")
def diagnosed(data_set):
    available = {}

    def of(platform):
        if platform not in available:
            available[platform] = diagnose(data_set(FILES[platform]), platform)
        return available[platform]

    return of


def first(diagnosis, target):
    return next(r for r in diagnosis.results if r.target == target)


def kinds(diagnosis):
    return [f["kind"] for f in diagnosis.to_dict()["findings"]]


USUAL = {
    "vapour": "weiss_price_1980",
    "fugacity": "xco2",
    "virial_pressure": "measured",
    "pressure_offset": 0.0,
}
STATED = [
    # data set, result, what its README states beside the usual, largest difference
    ("ronald_h_brown_2010", WATER, {"temperature_correction": "takahashi_1993"}, 0.006),
    ("ronald_h_brown_2010", AIR, {"pressure": "P_atm"}, 0.006),
    ("nuka_arctica_2008", WATER, {"temperature_correction": "takahashi_1993"}, 0.0011),
    ("kaimimoana_2008", WATER, {"fugacity": "neglect"}, 0.0004),
    ("kaimimoana_2008", AIR, {"fugacity": "neglect"}, 0.0006),
    ("tao_140w_2004", WATER, {"source": "xCO2_water_SST_dry"}, 0.12),
    ("tao_140w_2004", "fCO2_atm_wet_actual", {"pressure": "P_atm"}, 0.12),
    ("cce2_2010", WATER, {"source": "xCO2_water_SST_dry"}, 0.12),
    (
        "nuka_arctica_2005_socat",
        WATER,
        {"fugacity": "neglect", "virial_pressure": "standard_atmosphere"},
        0.0011,
    ),
    ("gordon_gunter_2008", AIR, {"pressure_offset": 0.540}, 0.0001),
    ("pyxis_2009", "fCO2_water_Tequ_wet", {"temperature_correction": "none"}, 0.21),
    ("pyxis_2009", WATER, {"temperature_correction": "weiss_1982"}, 0.18),
    ("pyxis_2009", "fCO2_atm_wet_actual", {"pressure": "P_atm"}, 0.05),
    ("langseth_2011", "pCO2_water_Tequ_wet", {"fugacity": "none"}, 0.10),
    ("langseth_2011", "pCO2_water_SST_wet", {"fugacity": "none"}, 0.11),
]


@pytest.mark.parametrize(("platform", "target", "stated", "largest"), STATED)
def test_stated_recipe(diagnosed, platform, target, stated, largest):
    result = first(diagnosed(platform), target)
    assert result.verdict == "reproduced"
    for part, value in (USUAL | stated).items():
        required = (
            pytest.approx(value, abs=0.002) if part == "pressure_offset" else value
        )
        assert getattr(result.recipe, part) == required, result.recipe.words()
    assert result.fit.largest <= largest


def test_brown_and_kaimimoana_have_nothing_odd(diagnosed):
    assert kinds(diagnosed("ronald_h_brown_2010")) == []
    assert kinds(diagnosed("kaimimoana_2008")) == []


def test_gunter_from_day_125_86_does_not_follow_its_temperatures(diagnosed):
    """2951 rows after day 125.86 = 4 May 20:38; the air is 0.540 hPa short."""
    diagnosis = diagnosed("gordon_gunter_2008")
    result = first(diagnosis, WATER)
    assert result.recipe.temperature_correction == "takahashi_1993"
    assert result.recipe.pressure_offset == 0.0
    stretch = [f for f in result.findings if f.kind == "inputs_not_used"]
    assert len(stretch) == 1
    assert "2008-05-04T20:4" in stretch[0].text
    assert stretch[0].rows[1] - stretch[0].rows[0] == pytest.approx(3245, abs=60)
    assert kinds(diagnosis).count("pressure_offset") == 1


def test_langseth_step_is_that_of_2009(diagnosed):
    """Its own two columns show the quadratic law to the last digit (0.005)."""
    step = [r for r in diagnosed("langseth_2011").results if "pCO2" in r.recipe.source]
    assert [r.recipe.temperature_correction for r in step] == ["takahashi_2009"]
    assert step[0].fit.largest < 0.0051


def test_munida_is_too_coarse_to_tell(diagnosed):
    diagnosis = diagnosed("munida_2005")
    result = first(diagnosis, "pCO2_water_SST_wet")
    assert result.recipe.temperature_correction == "takahashi_1993"
    assert result.recipe.fugacity == "none"
    assert result.fit.largest < 3.2
    assert kinds(diagnosis) == ["constant", "rounding", "rounding"]


def test_drifter_cannot_be_recomputed(diagnosed):
    result = first(diagnosed("carioca_2004"), WATER)
    assert result.verdict == "not reproducible from these columns"


def test_command(data_set, capsys):
    path = data_set(FILES["gordon_gunter_2008"])
    assert main(["diagnose", str(path), "--platform", "gordon_gunter_2008"]) == 0
    assert "+0.540 hPa" in capsys.readouterr().out
    args = ["diagnose", str(path), "--platform", "gordon_gunter_2008", "--json"]
    assert main(args) == 0
    message = json.loads(capsys.readouterr().out)
    assert {r["target"] for r in message["results"]} == {WATER, AIR}


@pytest.mark.parametrize(("platform", "target", "stated", "largest"), STATED)
def test_columns_are_guessed_as_well(data_set, platform, target, stated, largest):
    """Without a platform file: the names of the columns say what they are."""
    path = data_set(FILES[platform])
    if path.is_dir():
        path = next(p for p in path.iterdir() if p.name != "README.md")
    guessed.setdefault(platform, None)
    if guessed[platform] is None:
        guessed[platform] = diagnose(path)
    result = first(guessed[platform], target)
    assert result.verdict == "reproduced"
    assert result.fit.largest <= largest
    # The printed salinity of that file is climatological, 35 was used.
    if platform == "nuka_arctica_2005_socat":
        assert result.recipe.salinity == 35.0
        assert "equal_columns" in kinds(guessed[platform])


guessed = {}


# ---- computed against delivered -----------------------------------------------------


@pytest.mark.parametrize("platform", sorted({*FILES} - {"carioca_2004"}))
def test_no_warning_with_the_right_platform_file(data_set, platform):
    ds = processed(load(platform), data_set(FILES[platform]))
    assert compare(ds)
    assert disagreement(compare(ds)) == []
    assert doubts(ds) == []


#: Platform file, line that is changed, what the message says: median and explanation.
FAULTS = {
    "exchanged temperatures": (
        "nuka_arctica_2008",
        [('"SST"', '"?"'), ('"Equ_temp"', '"SST"'), ('"?"', '"Equ_temp"')],
        r"\+12\.67. uatm .* With T_equ and SST exchanged they agree",
    ),
    "no temperature step": (
        "nuka_arctica_2008",
        [('column = "Equ_temp", units = "degree_Celsius"', 'same_as = "SST"')],
        r"\+6\.33. uatm .* T_equ is \+0\.00 K from SST; \+0\.40 K would explain it",
    ),
    "pressure at sea level": (
        "kaimimoana_2008",
        [("PRES_EQUIL_hPa", "PRES_SEALEVEL_hPa")],
        r"uatm in the median.* with: xCO2_water_Tequ_dry; times \(P_equ -2\.\d* hPa",
    ),
    "exchanged gases": (
        "ronald_h_brown_2010",
        [
            ('"xCO2_EQU_ppm"', '"?"'),
            ('"xCO2_ATM_interpolated_ppm"', '"xCO2_EQU_ppm"'),
            ('"?"', '"xCO2_ATM_interpolated_ppm"'),
        ],
        r"With xCO2_water_Tequ_dry and xCO2_atm_dry_interp exchanged they agree",
    ),
    "exchanged results": (
        "ronald_h_brown_2010",
        [
            ('"fCO2_SW@SST_uatm"', '"?"'),
            ('"dfCO2_uatm"', '"fCO2_SW@SST_uatm"'),
            ('"?"', '"dfCO2_uatm"'),
        ],
        r"The delivered values are those of delta_fCO2\. delta_fCO2 differs as well",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_platform_file_is_named(data_set, name):
    platform, changes, message = FAULTS[name]
    text = available()[platform].read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    ds = processed(parse(text.encode(), "x.toml"), data_set(FILES[platform]))
    (found,) = disagreement(compare(ds))
    assert re.search(message, found)


def processed(platform, path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OceanCO2Warning)
        return process(platform, [path])
