"""Gas standards of a platform file: labels, scales, spread."""

import json

import pytest

from oceanco2 import platforms
from oceanco2.errors import PlatformError
from oceanco2.platforms import standards as module
from oceanco2.platforms.settings import ASSUMED_STANDARD, Standard

HEAD = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
salinity = { value = 35.0, units = "1" }
"""


def load(*gases, more=""):
    tables = "".join(f"[[standards]]\n{text}\n" for text in gases)
    return platforms.parse(f"{HEAD}{more}\n{tables}".encode(), "x.toml")


def gases(*pairs):
    return [Standard(run=f"S{i}", xCO2=x, scale=s) for i, (x, s) in enumerate(pairs)]


LATER = "valid_from = 2024-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('run = "STD2"', 'run = "STD2"'),
        ('run = "STD2"', 'run = " std2 "'),
        (f'run = "STD2"\n{LATER}', f'run = "STD2"\n{LATER}'),
        (f'run = "STD2"\n{LATER}', 'run = "STD2"\nvalid_from = 2024-01-02T01:00:00+01'),
    ],
)
def test_one_label_is_one_gas_at_a_time(one, other):
    other = other.replace("+01", "+01:00")
    expected = (
        r"x.toml: \[standards\] run ' ?(STD2|std2) ?' is two gases at the same time,"
        r" 400 and 430.5 umol mol-1; if one replaced the other, give the later one its"
        r" valid_from"
    )
    with pytest.raises(PlatformError, match=expected):
        load(f"{one}\nxCO2 = 400.0", 'run = "A"\nxCO2 = 1', f"{other}\nxCO2 = 430.5")


def test_one_gas_after_another():
    platform = load('run = "A"\nxCO2 = 1', f'run = "A"\nxCO2 = 1\n{LATER}')
    assert [gas.label for gas in platform.standards] == ["A", "A"]
    assert len(load('run = "A"\nxCO2 = 1', 'run = "A 1"\nxCO2 = 1').standards) == 2


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("WMO X2019", "X2019"),
        ("wmo-co2-x2019", "X2019"),
        ("WMO_CO2_X2007", "X2007"),
        ("X 2007", "X2007"),
        ("X-2019 scale", "X2019"),
        ("WMO X85", "X85"),
        ("max2019", "MAX2019"),
        (" SIO  08a ", "SIO 08A"),
        ("", ""),
    ],
)
def test_names_of_scales(text, name):
    assert module.scale_name(text) == name


def test_a_scale_is_converted():
    """0 is 0 on any scale; 400 on X2007 is 400.174 on X2019."""
    given = gases((400.0, "WMO X2007"), (250.0, "X2019"), (0.0, ""), (0.0, "X2007"))
    found = module.on_scale(given, "WMO X2019")
    assert [gas.xCO2 for gas in found] == pytest.approx([400.174, 250.0, 0.0, 0.0])
    assert found[0].scale == "WMO X2019 (converted from 400 on WMO X2007)"
    assert found[1:] == given[1:]
    assert module.scale_name(found[0].scale) == "X2019"
    assert module.on_scale(given, None) == given


def test_a_platform_file_asks_for_a_scale():
    asked = '[calibration]\nscale = "WMO X2019"'
    text = 'run = "A"\nxCO2 = 400.0\nscale = "WMO X2007"'
    platform = load(text, more=asked)
    assert platform.standards[0].xCO2 == pytest.approx(400.174)
    options = json.loads(platforms.describe(platform)["options"])
    assert options["calibration"]["scale"] == "WMO X2019"
    assert load(text).standards[0].xCO2 == 400.0
    assert (
        "scale"
        not in json.loads(platforms.describe(load(text))["options"])["calibration"]
    )


@pytest.mark.parametrize(
    ("scale", "stated"),
    [("WMO X93", "is on 'WMO X93'"), ("", "does not state its scale")],
)
def test_only_one_scale_can_be_converted(scale, stated):
    text = f'run = "A"\nxCO2 = 400.0\nscale = "{scale}"'
    expected = (
        rf"\[calibration.scale\] standard 'A' {stated}: only WMO X2007 can be converted"
        " to WMO X2019"
    )
    with pytest.raises(PlatformError, match=expected):
        load(text, more='[calibration]\nscale = "WMO X2019"')
    with pytest.raises(PlatformError, match="scale"):
        load(text, more='[calibration]\nscale = "WMO X2007"')


def test_mixed_scales_are_described():
    mixed = gases((1.0, "WMO X2019"), (2.0, "X2007"), (3.0, "x2019"), (4.0, ""))
    assert module.mixed_scales(mixed) == (
        "[[standards]] are on 2 scales: X2019 (S0, S2), X2007 (S1), which are 0.17 umol"
        ' mol-1 apart at 400; [calibration] scale = "WMO X2019" converts them'
    )
    others = gases((1.0, "WMO X2019"), (2.0, "SIO"))
    expected = "[[standards]] are on 2 scales: X2019 (S0), SIO (S1)"
    assert module.mixed_scales(others) == expected
    one = gases((1.0, "WMO X2019"), (2.0, "X2019"), (0.0, "X2007"), (3.0, " "))
    assert module.mixed_scales(one) == ""


@pytest.mark.parametrize(
    ("values", "include_zero", "text"),
    [
        ((400.0, 400.0), False, "one concentration (400 umol mol-1)"),
        ((400.0, 419.9), False, "nearly one concentration (400 to 419.9 umol mol-1)"),
        ((400.0, 420.0), False, ""),
        ((400.0,), False, ""),
        ((0.0, 400.0), False, ""),
        ((0.0, 400.0, 401.0), True, ""),
        ((0.0, 401.0, 400.0), False, "nearly one concentration (400 to 401 umol"),
        ((), False, ""),
    ],
)
def test_standards_that_determine_no_slope(values, include_zero, text):
    found = module.one_concentration(gases(*((x, "") for x in values)), include_zero)
    assert (text in found) if text else found == ""
    if text:
        assert found.startswith("[[standards]] have ")
        assert found.endswith(
            "they do not determine the slope of the analyser; only their mean offset is"
            " taken off, all values are questionable"
        )


def test_an_uncertainty_is_never_zero():
    assert ASSUMED_STANDARD == 0.1
    assert Standard(run="A", xCO2=1).sigma == 0.1
    assert Standard(run="A", xCO2=1, uncertainty=0.0).sigma == 0.1
    assert Standard(run="A", xCO2=1, uncertainty=0.06).sigma == 0.06
