"""Whether fCO2 can come out, said before data are read."""

import warnings

import pytest

from oceanco2 import pipeline, platforms
from oceanco2.cli import main
from oceanco2.errors import DataWarning, PlatformError
from oceanco2.reduction import no_result

HEAD = """
schema = 1
name = "T"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
{}
[variables]
"""
TIME = 'time = { columns = ["t"], format = "%Y-%m-%dT%H:%M:%S" }'
PLACE = "latitude = { value = 1.0 }\nlongitude = { value = 1.0 }\n"
INPUTS = """
SST = { value = 10.0 }
T_equ = { value = 10.0 }
salinity = { value = 35.0 }
P_equ = { value = 1013.0 }
"""


def co2(*names, units="ppm"):
    return "".join(f'{n} = {{ column = "{n}", units = "{units}" }}\n' for n in names)


def absent(*names):
    return "".join(f"{n} = {{ absent = true }}\n" for n in names)


def platform(text, time=TIME, more="", place=PLACE):
    content = f"{HEAD.replace('{}', time)}{place}{text}{more}"
    return platforms.parse(content.encode(), "x.toml")


def checked(*args, **more):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = pipeline.check(platform(*args, **more))
    assert all(w.category is DataWarning for w in caught)
    return found, [str(w.message) for w in caught]


@pytest.mark.parametrize(
    ("text", "reason", "is_declared"),
    [
        (co2("xCO2_water_Tequ_dry") + INPUTS, "", True),
        (co2("fCO2_water_SST_wet", units="uatm"), "", True),
        (co2("xCO2_water_Tequ_wet", "xH2O_water") + INPUTS, "", True),
        (
            co2("xCO2_water_Tequ_wet") + absent("xH2O_water") + INPUTS,
            "xH2O_water declared absent",
            True,
        ),
        (
            co2("xCO2_water_SST_wet")
            + co2("fCO2_water_Tequ_wet", units="uatm")
            + INPUTS,
            "",
            True,
        ),
        (
            co2("xCO2_atm_dry_actual") + INPUTS,
            "not from xCO2_atm_dry_actual alone",
            False,
        ),
        (INPUTS, "no CO2 declared", False),
        (INPUTS + absent("xCO2"), "no CO2 declared", True),
        (INPUTS + absent("xCO2_water_Tequ_dry"), "no CO2 declared", True),
        (
            co2("xCO2_water_SST_dry") + absent("SST", "salinity", "P_equ"),
            "SST, salinity, P_equ declared absent",
            True,
        ),
    ],
)
def test_what_can_come_out(text, reason, is_declared):
    assert no_result(platform(text)) == (reason, is_declared)
    found, messages = checked(text)
    assert found == (f"reads; no fCO2 ({reason})" if reason else "valid")
    assert bool(messages) == (not is_declared)


def test_outputs_of_a_model_count():
    assert no_result(platform(INPUTS), {"xCO2_water_Tequ_dry"}) == ("", True)


def test_what_is_written():
    _, (line,) = checked(co2("xCO2_atm_dry_actual") + INPUTS)
    assert line == (
        "x.toml: no fCO2 can be computed: not from xCO2_atm_dry_actual alone. If this"
        ' is right: [accepted] no_result = "why"'
    )
    more = '[accepted]\nno_result = "air only"\n'
    found, messages = checked(co2("xCO2_atm_dry_actual") + INPUTS, more=more)
    assert messages == []
    assert found == "reads; no fCO2 (not from xCO2_atm_dry_actual alone)"
    _, (line,) = checked(INPUTS)
    assert line == (
        "x.toml: no fCO2 can be computed: no CO2 declared; a stream without CO2 has"
        " xCO2 = { absent = true } in [variables]"
    )


@pytest.mark.parametrize("at", ["SST", "Tequ"])
def test_a_wet_fraction_needs_water_vapour(at):
    message = rf"\[variables\] lacks xH2O_water: xCO2_water_{at}_dry cannot be reduced"
    with pytest.raises(PlatformError, match=message):
        checked(co2(f"xCO2_water_{at}_wet") + INPUTS)


def test_signals_of_a_model_that_is_not_named():
    signals = co2("light_434", "light_620", "thermistor", units="1") + INPUTS
    _, (line,) = checked(signals)
    assert line == (
        "x.toml: no fCO2 can be computed: no CO2 declared; [calibration] model = "
        '"sami" reads such signals'
    )


def test_the_position_is_read_or_declared():
    good = co2("xCO2_water_Tequ_dry") + INPUTS
    assert checked(good, place=absent("latitude", "longitude")) == ("valid", [])
    _, (line,) = checked(good, place="")
    assert line == (
        "x.toml: [variables] lacks latitude and longitude: it has { value = ... } at a"
        " fixed station, { absent = true } if it is not measured"
    )
    _, (line,) = checked(good, place="latitude = { value = 1.0 }\n")
    assert "lacks longitude: it has" in line
    message = "lacks P_equ: .* fCO2 is then missing; .variables. lacks latitude and lon"
    with pytest.raises(PlatformError, match=message):
        checked(good.replace("P_equ", "P_atm"), place="")
    with pytest.raises(PlatformError, match=r"fCO2 is then missing$"):
        checked(good.replace("P_equ", "P_atm"))
    text = HEAD.replace("delimited", "general_oceanics").replace("{}", "") + good
    loaded = platforms.parse(text.encode(), "x.toml")
    assert pipeline.check(loaded) == "valid"


def test_the_time_is_described():
    good = co2("xCO2_water_Tequ_dry") + INPUTS
    message = (
        r"x.toml: \[files.a\] lacks 'time': reader 'delimited' needs the columns of"
        " date and time"
    )
    with pytest.raises(PlatformError, match=message):
        checked(good, time="")


def test_the_command_says_what_it_can_give(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def printed(text, place=PLACE):
        content = f"{HEAD.replace('{}', TIME)}{place}{text}"
        (tmp_path / "x.toml").write_text(content, encoding="utf-8")
        assert main(["platforms", "x.toml"]) == 0
        out, err = capsys.readouterr()
        return out.splitlines()[-1], err

    good = co2("xCO2_water_Tequ_dry") + INPUTS
    assert printed(good) == ("valid", "")
    last = "x.toml: reads; no fCO2 (no CO2 declared)"
    assert printed(INPUTS + absent("xCO2")) == (last, "")
    assert printed(INPUTS)[0] == last
    assert "no CO2 declared" in printed(INPUTS)[1]
    last, err = printed(good, place="")
    assert last != "valid"
    assert "latitude" in err


def test_shipped_files_say_what_they_can_give():
    reasons = {
        name: pipeline.check(platforms.load(name)) for name in platforms.available()
    }
    assert {n: r for n, r in reasons.items() if r != "valid"} == {
        "hydroc_smhi_svea_2021": "reads; no fCO2 (SST declared absent)",
        "ooi_pco2a_2014": "reads; no fCO2 (SST declared absent)",
        "ooi_pco2w_2014": "reads; no fCO2 (SST declared absent)",
        "tsg_dfo_2024": "reads; no fCO2 (no CO2 declared)",
    }


def test_absent_co2_is_not_a_variable(tmp_path):
    from oceanco2.readers import read

    (tmp_path / "a.csv").write_text("t,x\n2024-01-01T00:00:00,1\n")
    loaded = platform(
        absent("xCO2", "SST") + 'P_equ = { column = "x", units = "bar" }\n'
    )
    ds = read(loaded, [tmp_path / "a.csv"])["a"]
    assert "xCO2" not in ds
    assert "SST" in ds
