"""A calibration model owns its table of the platform file and its variables."""

import json
import pickle

import numpy as np
import pytest
import xarray as xr
from pydantic import Field

from oceanco2 import calibration, platforms
from oceanco2.calibration import MODELS, register_model
from oceanco2.calibration.models.hydroc import HydroC
from oceanco2.calibration.models.mapco2 import MAPCO2
from oceanco2.errors import PlatformError, RegistrationError
from oceanco2.platforms import Table

PLATFORM = """
schema = 1
name = "Trial"
kind = "ship"
platform_code = "ZZ01"
files.main.reader = "delimited"
files.main.time = { seconds = "t" }
[variables]
xCO2 = { column = "x", units = "umol mol-1" }
P_equ = { column = "p", units = "hPa" }
[calibration]
model = "trial"
[trial]
gain = 2.0
"""


class Point(Table):
    """One point of the calibration."""

    counts: float


class Trial(Table):
    """Table of a model that is not part of the package."""

    gain: float = Field(gt=0)
    offset: float = 0.0
    points: tuple[Point, ...] = ()


@pytest.fixture
def register(monkeypatch):
    MODELS.load()
    monkeypatch.setattr(MODELS, "_entries", dict(MODELS))

    def trial(**facts):
        @register_model("trial", description="gain and offset", **facts)
        def calibrate_trial(ds, platform):
            table = platform.settings(Trial)
            values = table.gain * ds["xCO2"] + table.offset
            return ds.assign(xCO2_water_Tequ_dry=values)

    return trial


def parse(text=PLATFORM):
    return platforms.parse(text.encode(), "trial.toml")


def test_a_model_brings_its_own_table(register):
    register(settings=Trial, required=("xCO2", "P_equ"))
    platform = parse()
    assert platform.settings(Trial) == Trial(gain=2.0)
    assert platform.settings(HydroC) is None
    assert calibration.outputs(platform) == set()
    ds = xr.Dataset({"xCO2": ("time", [200.0])}, {"time": np.array([0], "M8[ns]")})
    out = calibration.calibrate(ds, platform)
    assert out["xCO2_water_Tequ_dry"].values.tolist() == [400.0]


def test_its_settings_are_recorded_unless_the_model_says_no(register):
    register(settings=Trial)
    options = json.loads(platforms.describe(parse())["options"])
    assert options["trial"] == {"gain": 2.0, "offset": 0.0, "points": []}


def test_settings_that_stand_elsewhere_are_not_recorded(register):
    register(settings=Trial, in_options=False)
    assert "trial" not in json.loads(platforms.describe(parse())["options"])
    assert "hydroc" not in json.loads(
        platforms.describe(platforms.load("demo_hydroc"))["options"]
    )


def test_defaults_are_recorded_without_a_table():
    text = PLATFORM.replace('"trial"\n[trial]\ngain = 2.0', '"mapco2"')
    platform = parse(text)
    assert platform.settings(MAPCO2) is None
    options = json.loads(platforms.describe(platform)["options"])
    assert options["mapco2"] == {"recalibration": "none", "span_humidity": "cycle"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("gain = 2.0", "gain = -1", r"\[trial.gain\] must be greater than 0, not -1"),
        (
            "gain = 2.0",
            "gian = 1",
            r"\[trial\] no key named 'gian'. Did you mean 'gain'\? Available: gain,"
            r" offset, points. \(1 more\)",
        ),
        (
            "gain = 2.0",
            "gain = 2\npoints = [{ count = 1 }]",
            r"\[trial.points.0\] no key named 'count'. Did you mean 'counts'\?",
        ),
        ("gain = 2.0", "", r"\[trial\] lacks 'gain'"),
        ("[trial]", "[trail]", "no key named 'trail'. Did you mean 'trial'?"),
        ("schema = 1", "schema = 1\nhydroc = 3", r"\[hydroc\] must be a table, not 3"),
    ],
)
def test_errors_in_its_table_are_those_of_a_platform_file(register, old, new, message):
    register(settings=Trial)
    with pytest.raises(PlatformError, match=f"trial.toml: {message}"):
        parse(PLATFORM.replace(old, new))


def test_a_fault_elsewhere_is_counted_too(register):
    register(settings=Trial)
    with pytest.raises(PlatformError, match=r"lacks 'schema' \(1 more\)"):
        parse(PLATFORM.replace("schema = 1\n", "").replace("2.0", "-1"))


def test_a_required_table_and_required_variables(register):
    register(settings=Trial, required=("xCO2", "T_gas", "P_vapour"))
    with pytest.raises(PlatformError) as error:
        calibration.outputs(parse(PLATFORM.replace("[trial]\ngain = 2.0", "")))
    expected = "[calibration] model 'trial' needs a table [trial] with gain"
    assert str(error.value) == f"trial.toml: {expected}"
    with pytest.raises(PlatformError) as error:
        calibration.outputs(parse())
    expected = "lacks T_gas, P_vapour: [calibration] model 'trial' needs them"
    assert str(error.value) == f"trial.toml: [variables] {expected}"


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("hydroc", "needs a table [hydroc] with [[hydroc.coefficients]]"),
        ("sami", "needs a table [sami] with CalT, CalA, CalB, CalC"),
    ],
)
def test_tables_that_have_no_defaults_must_be_there(model, message):
    text = PLATFORM.replace("[trial]\ngain = 2.0", "").replace("trial", model)
    with pytest.raises(PlatformError) as error:
        calibration.outputs(platforms.parse(text.encode(), "x.toml"))
    assert str(error.value) == f"x.toml: [calibration] model {model!r} {message}"


@pytest.mark.parametrize(
    ("model", "names"),
    [
        ("mapco2", "RH, T_RH, P_analyser"),
        ("pro_oceanus", "P_analyser"),
    ],
)
def test_variables_that_shipped_models_need(model, names):
    text = PLATFORM.replace("[trial]\ngain = 2.0", "").replace("trial", model)
    expected = rf"\[variables\] lacks {names}: \[calibration\] model '{model}' needs"
    with pytest.raises(PlatformError, match=expected):
        calibration.outputs(parse(text))


def test_a_hydroc_needs_its_zero_unless_that_of_the_factory_counts():
    platform = platforms.load("demo_hydroc")
    del platform.variables["state_zero"]
    with pytest.raises(PlatformError, match=r"lacks state_zero: .* 'hydroc' needs"):
        calibration.outputs(platform)


@pytest.mark.parametrize("name", ["reduction", "schema", "qc"])
def test_a_table_of_every_platform_file_is_not_that_of_a_model(name):
    with pytest.raises(RegistrationError, match=rf"{name!r} cannot have settings"):
        register_model(name, description="trial", settings=Trial)
    register_model(name, description="trial")  # without a table any name is right


def test_tables_travel_with_the_platform():
    platform = platforms.load("demo_hydroc")
    table = platform.settings(HydroC)
    assert table is not None
    assert pickle.loads(pickle.dumps(platform)).settings(HydroC) == table
    assert platform.model_copy(update={"name": "X"}).settings(HydroC) == table
