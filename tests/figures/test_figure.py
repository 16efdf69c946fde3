"""What every kind of figure must do; kinds are found through their registry."""

import subprocess
import sys
import time

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner

import oceanco2.accessor  # noqa: F401
from oceanco2 import figures
from oceanco2.cli import cli, main
from oceanco2.errors import (
    OptionError,
    ProcessingError,
    RegistrationError,
    UnknownNameError,
)
from oceanco2.export import write
from oceanco2.figures.figure import Figure, kind
from oceanco2.grids import Accumulator
from oceanco2.registry import FIGURES, Registry
from oceanco2.vocabulary import BAD, attrs_of
from tests.datasets import canonical_dataset

KINDS = sorted(FIGURES)
MODULE = sys.modules["oceanco2.figures.figure"]  # `figures.figure` is the function
SUFFIXES = {".png": b"\x89PNG", ".pdf": b"%PDF", ".svg": b"<?xml"}


def cruise(n):
    ds = canonical_dataset(n)
    warming = ds["T_equ"].to_numpy() - ds["SST"].to_numpy()
    return ds.assign(warming=("time", warming, attrs_of("warming")))


def everything_bad():
    ds = cruise(60)
    flags = {n: ds[n] * 0 + BAD for n in ds.data_vars if str(n).endswith("_flag")}
    return ds.assign({n: v.astype("int8") for n, v in flags.items()})


def product(n):
    sums = Accumulator("monthly")
    east = np.linspace(170.0, 190.0, n)
    sums.add(np.zeros(n), np.full(n, -40.2), east, 1, 350.0 + east, 10.0, 35.0)
    return sums.result()


SHAPES = {
    "regular": (lambda: cruise(130), lambda: product(130)),
    "empty": (lambda: cruise(5).isel(time=slice(0, 0)), xr.Dataset),
    "one row": (lambda: cruise(1), lambda: product(1)),
    "everything bad": (everything_bad, lambda: product(130).where(False)),
}


def draw(kind, datasets):
    """Draw the kind from the datasets that it can use; the others are refused."""
    drawn, refused = [], []
    for ds in datasets:
        try:
            drawn.append(figures.figure(ds, kind))
        except ProcessingError as error:
            refused.append(str(error))
    assert all("\n" not in text and text for text in refused)
    return drawn


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_every_shape_or_says_why_not(kind, shape, tmp_path):
    drawn = draw(kind, [make() for make in SHAPES[shape]])
    assert drawn or shape != "regular"
    assert not drawn or shape != "empty"
    for figure in drawn:
        figures.save_figure(figure, tmp_path / "x.png", dpi=40)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_saved_in_every_format(kind, tmp_path):
    (figure,) = draw(kind, [make() for make in SHAPES["regular"]])
    for suffix, begin in SUFFIXES.items():
        path = tmp_path / f"x{suffix}"
        figures.save_figure(figure, path, dpi=40)
        assert path.read_bytes().startswith(begin)


@pytest.fixture(scope="module")
def many():
    """A million rows: the rows of a smaller cruise, one year after the other."""
    small = cruise(100_000)
    year = np.timedelta64(365, "D")
    parts = [small.assign_coords(time=small["time"] + i * year) for i in range(10)]
    along = xr.concat(parts, "time", data_vars="minimal", coords="minimal")
    return along.compute(), product(1_000_000)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_draws_a_million_rows_in_seconds(kind, many, tmp_path):
    assert many[0].sizes["time"] == 1_000_000
    begin = time.process_time()
    (figure,) = draw(kind, many)
    figures.save_figure(figure, tmp_path / "x.png", dpi=60)
    assert time.process_time() - begin < 15.0  # 1 to 4 s on an idle machine


@pytest.mark.parametrize("kind", KINDS)
def test_facts_of_an_entry(kind):
    entry = FIGURES[kind]
    assert isinstance(entry, Figure)
    assert entry.name == kind
    assert entry.description
    assert 0 <= entry.fewest <= entry.most
    assert len(entry.default) <= entry.most
    with pytest.raises(OptionError, match=rf"{kind!r} takes {entry.allowed} variables"):
        figures.check_kind(kind, ["SST"] * (entry.most + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_variable_is_named(kind):
    entry = FIGURES[kind]
    bare = canonical_dataset(5)[["P_atm"]]
    for name in (*entry.needs, *entry.default):
        with pytest.raises(ProcessingError, match=rf"{kind!r} needs .*{name}"):
            figures.figure(bare, kind)


def test_command_help_and_errors_list_every_kind(tmp_path):
    path = tmp_path / "x.nc"
    canonical_dataset(5).to_netcdf(path)
    result = CliRunner().invoke(cli, ["figure", "--help"])
    listed = result.output.partition("Kinds")[2]
    assert all(f"\n  {kind} " in listed for kind in KINDS)
    with pytest.raises(UnknownNameError) as caught:
        figures.check_kind("x")
    assert f"Available: {', '.join(KINDS)}." in str(caught.value)
    output = str(tmp_path / "x.png")
    for hint, word in (("", "track"), ("Did you mean 'track'?", "trck")):
        words = ["figure", str(path), "--kind", word, "-o", output]
        error = CliRunner().invoke(cli, words).exception
        assert hint in str(error)
        assert (error is None) == (word == "track")


@pytest.mark.parametrize("kind", KINDS)
def test_command_draws_every_kind(kind, tmp_path, capsys):
    source, other, target = (tmp_path / name for name in ("x.nc", "y.nc", "x.png"))
    make = product if FIGURES[kind].gridded else cruise
    if FIGURES[kind].gridded:
        make(60).to_netcdf(source)
    else:
        write(make(60), source)
    words = ["figure", str(source), "--kind", kind, "--dpi", "40", "-o", str(target)]
    assert main(words) == 0
    assert target.read_bytes().startswith(SUFFIXES[".png"])
    other.write_text("no netCDF")
    capsys.readouterr()
    assert main([words[0], str(other), *words[2:]]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"oceanco2: {other}: ")


def test_accessor_draws_by_name():
    ds = canonical_dataset(30)
    assert len(ds.co2.figure("series", "SST", "salinity").get_axes()) == 2
    assert ds.co2.figure("overview").get_axes()


def test_kinds_are_listed_without_matplotlib():
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "from oceanco2.cli import main\n"
        "assert main(['--help']) == 0\n"
        "assert 'numpy' not in sys.modules\n"
        "assert main(['figure', '--help']) == 0\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Kinds" in done.stdout


@pytest.mark.parametrize(
    "facts", [{"default": ("a",)}, {"fewest": 2, "most": 1}, {"fewest": -1, "most": 1}]
)
def test_contradicting_facts_are_refused(facts, monkeypatch):
    monkeypatch.setattr(MODULE, "FIGURES", Registry("kind of figure"))
    with pytest.raises(RegistrationError, match="'x'"):
        kind("x", description="y", **facts)


def test_a_kind_of_figure_from_elsewhere_is_one_decorator(monkeypatch):
    monkeypatch.setattr(MODULE, "FIGURES", Registry("kind of figure"))

    @kind("new", description="something new", needs=("SST", "salinity"), most=1)
    def draw_new(ds, name="fCO2_water_SST_wet"):
        return name

    ds = canonical_dataset(5)
    assert figures.figure(ds, "new") == "fCO2_water_SST_wet"
    assert figures.figure(ds, "new", "P_atm") == "P_atm"
    with pytest.raises(ProcessingError, match="'new' needs salinity: not in the dat"):
        figures.figure(ds.drop_vars("salinity"), "new")
    with pytest.raises(RegistrationError, match="'new' is already registered"):
        kind("new", description="again")(draw_new)
