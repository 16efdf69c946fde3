"""Formats own their options: names and types, and how text becomes a value."""

from typing import Literal

import pytest

from oceanco2.cli import main
from oceanco2.errors import OptionError, RegistrationError, UnknownNameError
from oceanco2.export import FORMATS, Format, write
from oceanco2.export.exporter import exporter
from oceanco2.registry import Registry
from tests.datasets import canonical_dataset

OPTIONS = {
    "netcdf": "",
    "mapco2": "",
    "erddap": "names datasets_xml",
    "oceansites": "data_mode part",
    "copernicus": "call_sign category data_mode product pushing_entity",
    "socat": "separator missing include_air include_bad suggested_flag",
    "socat_enhanced": "version doi flag woa ncep gvco2",
    "socat_synthesis": "version doi flag woa ncep gvco2",
    "icos_l1": "include_air undecided",
    "icos_l2": "include_air undecided",
}


@pytest.mark.parametrize("name", OPTIONS)
def test_options_of_the_formats(name):
    assert " ".join(FORMATS[name].options) == OPTIONS[name]
    assert FORMATS[name].name == name


@pytest.mark.parametrize(
    "name", [name for name, entry in FORMATS.items() if entry.options]
)
def test_options_of_another_type_are_refused_before_writing(name, tmp_path):
    for option, kind in FORMATS[name].options.items():
        wrong = "yes" if kind is bool else 3.5
        word = "True or False" if kind is bool else "text"
        with pytest.raises(
            OptionError, match=rf"^format '{name}': {option} must be .*{word}.*, not"
        ) as caught:
            write(None, tmp_path / "x", format=name, **{option: wrong})
        assert "\n" not in str(caught.value)
    with pytest.raises(OptionError, match=f"format '{name}': no option named 'x'"):
        write(None, tmp_path / "x", format=name, x=1)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def formats(monkeypatch):
    registry = Registry("format")
    monkeypatch.setattr("oceanco2.export.exporter.FORMATS", registry)
    monkeypatch.setattr("oceanco2.export.FORMATS", registry)
    return registry


def facts(name):
    return {"name": name, "description": "d", "suffix": ".txt", "reference": "r"}


def test_options_are_the_keyword_parameters_of_the_writer(formats, tmp_path):
    calls = []

    @exporter(**facts("new"))
    def write_new(
        ds,
        path,
        *,
        rows: int = 3,
        step: float | None = None,
        mode: Literal["R", "D"] = "R",
        head: bool = True,
        title: str = "",
    ):
        calls.append((ds.sizes["time"], rows, step, mode, head, title))

    entry = formats["new"]
    assert isinstance(entry, Format)
    assert list(entry.options) == ["rows", "step", "mode", "head", "title"]
    path = tmp_path / "x.txt"
    ds = canonical_dataset(20)
    assert write(ds, path, format="new", rows=4, step=2, mode="D") == path
    assert calls == [(20, 4, 2, "D", True, "")]
    wrong = {
        "rows must be an integer, not '4'": {"rows": "4"},
        "rows must be an integer, not True": {"rows": True},
        "step must be a number, not 'x'": {"step": "x"},
        "mode must be one of R, D, not 'X'": {"mode": "X"},
        "head must be True or False, not 1": {"head": 1},
        "title must be text, not None": {"title": None},
    }
    for message, options in wrong.items():
        with pytest.raises(OptionError, match=message):
            write(None, path, format="new", **options)
    assert len(calls) == 1
    assert [entry.parse("rows", t) for t in ("4", "4.5", "true")] == [4, "4.5", "true"]
    assert entry.parse("step", "4.5") == 4.5
    flags = [entry.parse("head", text) for text in ("True", "false", "1")]
    assert flags == [True, False, "1"]
    assert [entry.parse("title", t) for t in ("true", "12")] == ["true", "12"]
    assert entry.parse("unknown", "12") == "12"


def test_options_without_type_or_default_are_refused(formats):
    def no_type(ds, path, *, rows=3): ...

    def no_default(ds, path, *, rows: int): ...

    with pytest.raises(RegistrationError, match="'x': option 'rows' has no type"):
        exporter(**facts("x"))(no_type)
    with pytest.raises(RegistrationError, match="'rows' has no default value"):
        exporter(**facts("x"))(no_default)
    with pytest.raises(UnknownNameError):
        formats["x"]


def test_types_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "x.nc"
    write(canonical_dataset(20), path)
    target = str(tmp_path / "y.nc")
    words = ["export", str(path), "--format", "erddap", "-o", target, "--option"]
    assert main([*words, "datasets_xml=yes"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        "oceanco2: format 'erddap': datasets_xml must be True or False, not 'yes'"
    )
    assert main([*words, "datasets_xml=true"]) == 0
    assert (tmp_path / "y.datasets.xml").exists()
