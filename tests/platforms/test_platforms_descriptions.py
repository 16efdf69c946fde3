"""What a dataset says about its platform, and messages about wrong platform files."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from oceanco2 import platforms
from oceanco2.errors import PlatformError
from oceanco2.files import digest
from oceanco2.platforms.settings import LONG_AGO, Moment, Table
from oceanco2.registry import CALIBRATION_MODELS

TEXT = """\
schema = 1
name = "A"
kind = "ship"
platform_code = "99ZZ"
[files.a]
reader = "delimited"
separator = ","
time = { columns = ["t"], format = "%Y-%m-%d" }
[variables]
latitude = { value = 1.0 }
longitude = { value = 2.0 }
xCO2 = { column = "c", units = "ppm" }
"""
METADATA = """\
[metadata]
title = "T"
investigators = ["B, C.", "D, E."]
organizations = ["F", "G"]
attributes = { sails = 3, hull = "wood" }
[[metadata.people]]
name = "B, C."
email = "b@c"
[[metadata.funding]]
agency = "H"
"""


def parse(text, where="folder/a.toml"):
    return platforms.parse(text.encode(), where)


def refusal(text):
    with pytest.raises(PlatformError) as caught:
        parse(text, "a.toml")
    return str(caught.value)


def test_every_attribute_of_a_small_platform():
    attrs = platforms.describe(parse(TEXT))
    options = json.loads(attrs.pop("options"))
    assert set(options) == {"alignment", "calibration", "reduction", "qc"}
    assert options["alignment"]["max_gap_seconds"] == 300.0
    assert options["calibration"]["model"] == "gas_standards"
    assert options["reduction"]["mole_fraction"] == "xco2"
    assert options["qc"]["profile"] == "default"
    assert "oceanco2" in json.loads(attrs.pop("versions"))
    assert json.loads(attrs.pop("set_up")) == platforms.set_up(parse(TEXT))
    assert attrs == {
        "platform_name": "A",
        "platform_code": "99ZZ",
        "platform_kind": "ship",
        "platform_file": "a.toml",
        "platform_file_sha256": digest(TEXT.encode()),
        "processing_level": "calibrated and quality controlled by automatic tests",
    }


def test_metadata_are_attributes_people_and_funding_are_not():
    head = TEXT.replace("[files.a]", 'call_sign = "CALL"\nstation = "S"\n[files.a]')
    attrs = platforms.describe(parse(head + METADATA))
    plain = platforms.describe(parse(TEXT))
    assert {k: v for k, v in attrs.items() if k not in plain} == {
        "call_sign": "CALL",
        "station": "S",
        "title": "T",
        "creator_name": "B, C.; D, E.",
        "organizations": "F; G",
        "sails": 3,
        "hull": "wood",
    }
    assert json.loads(attrs["set_up"])["funding"] == [{"agency": "H"}]


def test_times_in_options_are_texts():
    lag = 'from = "a", to = "b", seconds = 1, time = 2024-01-01T00:00:00Z'
    table = f'[alignment]\ngroups = ["a", "b"]\nlags = [{{ {lag} }}]\n'
    options = json.loads(platforms.describe(parse(TEXT + table))["options"])
    assert options["alignment"]["lags"][0]["time"] == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize("key", ["set_up", "options", "versions"])
def test_json_has_its_keys_in_order(key):
    text = platforms.describe(parse(TEXT + METADATA))[key]
    assert text == json.dumps(json.loads(text), sort_keys=True)


@pytest.mark.parametrize("name", sorted(CALIBRATION_MODELS))
def test_the_table_of_a_calibration_model_is_an_option(name):
    """With its defaults where the file has none, unless the model says otherwise."""
    model = CALIBRATION_MODELS[name]
    text = f'{TEXT}[calibration]\nmodel = "{name}"\n'
    expected = {"alignment", "calibration", "reduction", "qc"}
    if model.settings is not None and model.in_options:
        expected = expected | {name}
        if any(f.is_required() for f in model.settings.model_fields.values()):
            pytest.skip("has no defaults")
    options = json.loads(platforms.describe(parse(text))["options"])
    assert set(options) == expected
    if name in expected:
        assert options[name] == model.settings().model_dump(mode="json")


class Gauge(Table):
    """A table of a calibration model."""

    slope: float = 1.0
    parts: tuple[Table, ...] = ()
    since: Moment = LONG_AGO


@pytest.fixture
def gauge(monkeypatch):
    known = CALIBRATION_MODELS["gas_standards"]
    models = {"gauge": replace(known, name="gauge", settings=Gauge, in_options=True)}
    models["plain"] = replace(known, name="plain", settings=None)
    monkeypatch.setattr(platforms, "CALIBRATION_MODELS", models)
    return '[calibration]\nmodel = "gauge"\n'


def test_the_table_of_the_file_is_used_instead_of_the_defaults(gauge):
    assert parse(TEXT + gauge).settings(Gauge) is None
    options = json.loads(platforms.describe(parse(TEXT + gauge))["options"])
    assert options["gauge"] == {
        "slope": 1.0,
        "parts": [],
        "since": "1900-01-01T00:00:00Z",
    }
    platform = parse(f"{TEXT}{gauge}[gauge]\nslope = 2.5\n")
    assert platform.settings(Gauge) == Gauge(slope=2.5)
    options = json.loads(platforms.describe(platform)["options"])
    assert options["gauge"]["slope"] == 2.5
    entry = platforms.CALIBRATION_MODELS["gauge"]
    platforms.CALIBRATION_MODELS["gauge"] = replace(entry, in_options=False)
    assert "gauge" not in json.loads(platforms.describe(platform)["options"])


def test_faults_in_the_table_of_a_model(gauge):
    text = refusal(f"{TEXT}{gauge}[gauge]\nslop = 2\n")
    assert text.startswith("a.toml: [gauge] no key named 'slop'")
    assert "'slope'" in text
    text = refusal(f'{TEXT}{gauge}[gauge]\nslope = "x"\n')
    assert text == "a.toml: [gauge.slope] must be a number, not 'x'"
    text = refusal(f'{TEXT}{gauge}[gauge]\nslope = "x"\nparts = 1\n')
    assert text.endswith("(1 more)")
    # a fault of the file is named first, those of the model are counted
    text = refusal(f'{TEXT}{gauge}[gauge]\nslope = "x"\n'.replace('"99ZZ"', '"9"'))
    assert text.startswith("a.toml: [platform_code] ")
    assert text.endswith(" (1 more)")
    # a misspelt key comes before all others
    text = refusal(f"{TEXT}{gauge}[gauge]\nslop = 1\n".replace('"99ZZ"', '"9"'))
    assert text.startswith("a.toml: [gauge] no key named 'slop'")


def test_keys_at_the_top_and_in_tables(gauge):
    keys = platforms._keys_at(())
    assert {"schema", "files", "metadata", "gauge"} <= set(keys)
    assert not {"path", "sha256", "schema_", "plain"} & set(keys)
    assert platforms._keys_at(("gauge",)) == ["slope", "parts", "since"]
    assert platforms._keys_at(("files", "a", "header")) == [
        *("skip", "until", "rows", "units")
    ]
    assert platforms._keys_at(("alignment", "lags", 0)) == [
        *("from", "to", "time", "seconds")
    ]
    assert platforms._keys_at(("standards", 1))[:2] == ["run", "xCO2"]
    assert platforms._keys_at(("sensors", "x", "calibrations", 0))[0] == "valid_from"
    assert platforms._keys_at(("name", "x")) == []


def test_the_model_inside_an_annotation():
    assert platforms._model_in(Gauge) is Gauge
    assert platforms._model_in(list[Gauge]) is Gauge
    assert platforms._model_in(dict[str, Gauge]) is Gauge
    assert platforms._model_in(Gauge | None) is Gauge
    assert platforms._model_in(dict[str, list[Gauge]] | None) is Gauge
    for plain in (str, list[str], str | None, dict[str, float], int):
        assert platforms._model_in(plain) is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("schema = 1", 'schema = 1\npath = "x"', "unknown key 'path'"),
        ("schema = 1", 'schema = 1\nsha256 = "x"', "unknown key 'sha256'"),
        ('name = "A"\n', "", "lacks 'name'"),
        ('reader = "delimited"\n', "", "[files.a] lacks 'reader'"),
        ('name = "A"', "name = 3", "[name] must be text, not 3"),
    ],
)
def test_whole_messages(old, new, message):
    assert refusal(TEXT.replace(old, new, 1)) == f"a.toml: {message}"


def test_the_number_of_other_faults():
    assert "more)" not in refusal(TEXT.replace("xCO2 =", "yCO2 ="))
    two = TEXT.replace('"ship"', '"boat"').replace('"99ZZ"', '"9"')
    assert refusal(two).endswith(" (1 more)")
    assert refusal(two.replace('"A"', "3")).endswith(" (2 more)")


def test_names_of_platform_files(tmp_path, monkeypatch):
    monkeypatch.delenv("OCEANCO2_PLATFORMS", raising=False)
    shipped = platforms.available()
    names = sorted(p.stem for p in Path(str(platforms.shipped())).glob("*.toml"))
    assert list(shipped) == names
    assert "demo_ship" in names
    folders = []
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "notes.txt").write_text("x")
        for name in ("both", f"only_{number}"):
            (folder / f"{name}.toml").write_text(TEXT.replace('"A"', f'"{number}"'))
        folders.append(str(folder))
    monkeypatch.setenv("OCEANCO2_PLATFORMS", ":".join([*folders, ""]))
    found = platforms.available()
    assert set(found) - set(shipped) == {"both", "only_1", "only_2"}
    assert platforms.load("both").name == "1"  # the first folder wins
    assert platforms.load("only_2").name == "2"
    direct = platforms.load(tmp_path / "2" / "both.toml")
    assert direct.name == "2"
    assert direct.path == str(tmp_path / "2" / "both.toml")
    assert direct.sha256 == digest((tmp_path / "2" / "both.toml").read_bytes())
    monkeypatch.setenv("OCEANCO2_PLATFORMS", str(tmp_path / "1" / "both.toml"))
    with pytest.raises(PlatformError, match="OCEANCO2_PLATFORMS: no folder"):
        platforms.available()
