"""Pictures for quality control: what stands on them, kinds, files."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2 import accessor, figures
from oceanco2.cli import main
from oceanco2.errors import OptionError, ProcessingError, UnknownNameError
from oceanco2.export import write
from oceanco2.vocabulary import BAD, QUESTIONABLE, attrs_of
from tests.datasets import canonical_dataset, set_flag

WATER = "fCO2_water_SST_wet"


@pytest.fixture(scope="module")
def cruise():
    ds = canonical_dataset(260)
    rng = np.random.default_rng(0)
    ds["warming"] = ds["T_equ"] - ds["SST"] + rng.normal(0, 0.05, 260)
    ds["warming"][4] = 2.0
    ds["warming"].attrs = attrs_of("warming")
    ds = set_flag(
        set_flag(ds, 3, "SST", QUESTIONABLE, "spike"), 7, "T_equ", BAD, "range"
    )
    off = ds["standard_run_measured"].to_numpy()
    off[6] = 2000.0  # a dead reading
    ds["standard_run_used"].to_numpy()[6] = 0
    return ds


def texts(figure):
    found = [t.get_text() for ax in figure.axes for t in (ax.title, *ax.texts)]
    found += [ax.get_title(loc="left") for ax in figure.axes]
    found += [t.get_text() for ax in figure.axes for t in legends(ax)]
    return found


def legends(ax):
    kept = [ax.get_legend(), *ax.artists] if ax.get_legend() else []
    return [t for legend in kept for t in legend.get_texts()]


def test_each_gas_has_its_panel_with_its_drift(cruise):
    figure = figures.standards(cruise)
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert [line.split()[0] for line in titles] == ["0", "248.42", "374.86", "501.27"]
    assert "2 runs, 0 used" in titles[0]
    assert "hollow: not used" in titles[0]
    assert "1 beyond the axis" in titles[2]
    assert figure.axes[2].get_ylim()[1] < 10  # the dead reading does not squeeze it
    drifting = cruise.copy(deep=True)
    days = np.arange(8) * 3 / 24
    drifting["standard_run_measured"] = drifting["standard_run_true"] - 0.5 * days
    last = figures.standards(drifting).axes[3].get_title(loc="left")
    assert "drift \N{MINUS SIGN}0.5 a day" in last


def test_zero_and_span_of_each_cycle():
    ds = canonical_dataset(30, kind="mooring", standards=False)
    for name in ("zero_reading", "span_reading"):
        ds[name] = ("time", np.arange(30.0), attrs_of(name))
    figure = figures.standards(ds)
    labels = [ax.get_ylabel() for ax in figure.axes]
    assert labels == ["zero_reading (umol mol-1)", "span_reading (umol mol-1)"]


def test_constant_values_have_an_axis_that_can_be_read(cruise):
    ds = cruise.copy(deep=True)
    ds["warming"] = ds["warming"] * 0 + 0.2
    ds["warming"][::2] = 0.2 + 3e-17
    low, high = figures.warming(ds).axes[0].get_ylim()
    assert 0.01 < high - low < 0.1


def test_questionable_values_that_are_not_far_fit_the_axes(cruise):
    ds = cruise.copy(deep=True)
    top = float(ds[WATER].max())
    ds[WATER][3] = top + 20.0  # questionable
    ds[WATER][7] = 50_000.0  # bad
    low, high = figures.properties(ds, "SST", WATER).axes[0].get_ylim()
    assert top + 20.0 <= high < top + 200.0
    assert low > 0


def test_warming_with_its_limits(cruise):
    figure = figures.warming(cruise)
    histogram = figure.axes[1]
    assert "good (260)" in texts(figure)
    assert {t.get_text() for t in histogram.get_legend().get_texts()} == {
        f"beyond 1 K: {100 / 260:.3g} %",
        "beyond 3 K: 0 %",
    }
    low, high = histogram.get_xlim()
    assert low <= -1.2
    assert high >= 1.2
    heights = sum(patch.get_height() for patch in histogram.patches)
    assert heights + ("not shown" in histogram.get_xlabel()) == 260


def test_flags_on_the_map(cruise):
    figure = figures.flag_map(cruise)
    labels = texts(figure)
    assert {"good (198)", "questionable (1)", "bad (1)", "start", "end"} <= set(labels)
    moored = canonical_dataset(20, kind="mooring")
    assert "good (20)" in texts(figures.flag_map(moored))
    lost = cruise.drop_vars(["latitude", "longitude"])
    assert "no positions" in texts(figures.flag_map(lost))


def test_one_variable_over_another(cruise):
    figure = figures.properties(cruise, "SST", WATER)
    (ax,) = figure.axes
    assert ax.get_xlabel() == "SST (degree_Celsius)"
    assert {"good (198)", "questionable (1)", "bad (1)"} <= set(texts(figure))
    place = figures.properties(cruise, "longitude", "salinity")
    assert place.axes[0].get_xlabel() == "longitude (degrees_east)"
    with pytest.raises(UnknownNameError, match="Did you mean 'SST'"):
        figures.properties(cruise, "SSST", WATER)
    with pytest.raises(ProcessingError, match="no row has both"):
        figures.properties(cruise, "xCO2_atm_dry_actual", WATER)


def test_missing_variables_are_reported():
    plain = canonical_dataset(20, standards=False)
    with pytest.raises(ProcessingError, match="no runs of standards"):
        figures.standards(plain)
    with pytest.raises(ProcessingError, match="no warming"):
        figures.warming(plain)
    with pytest.raises(UnknownNameError, match="Did you mean 'warming'"):
        figures.figure(plain, "warmng")
    with pytest.raises(OptionError, match="takes 2 variables, not 1"):
        figures.figure(plain, "property", "SST")
    with pytest.raises(OptionError, match="takes 0 variables"):
        figures.figure(plain, "standards", "SST")


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [
        ("warming", "png"),
        ("standards", "pdf"),
        ("map", "svg"),
        ("property", "svg"),
        ("series", "pdf"),
    ],
)
def test_same_picture_same_bytes(cruise, tmp_path, kind, suffix, monkeypatch):
    files = [tmp_path / f"{i}.{suffix}" for i in range(2)]
    for file, moment in zip(files, ("1700000000", "1800000000"), strict=True):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        figures.save_figure(figures.figure(cruise, kind), file, dpi=40)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_command_and_accessor(cruise, tmp_path, capsys):
    path, out = tmp_path / "c.nc", tmp_path / "p.svg"
    write(cruise, path, format="netcdf")
    command = ["figure", str(path), "--kind", "property", "-o", str(out)]
    assert main([*command, "--variable", "SST", "--variable", "salinity"]) == 0
    assert out.read_bytes().startswith(b"<?xml")
    assert main(["figure", str(path), "--kind", "mapp", "-o", str(out)]) == 2
    assert "Did you mean 'map'" in capsys.readouterr().err
    assert main(["figure", str(path), "-o", str(tmp_path / "x.jpg")]) == 2
    assert len(cruise.co2.plot_standards().axes) == 4
    assert len(cruise.co2.plot_warming().axes) == 2
    assert len(cruise.co2.plot_map().axes) == 1
    assert len(cruise.co2.plot_property("SST").axes) == 1
    assert "suggested data set flag" in cruise.co2.criteria()
    assert accessor.CO2Accessor(cruise).summary() == cruise.co2.summary()


DRAWN = ("series", "standards", "warming", "map")


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 40), st.sampled_from(DRAWN), st.booleans())
def test_datasets_of_every_size_are_drawn(n, kind, empty):
    ds = canonical_dataset(n)
    ds["warming"] = ds["T_equ"] - ds["SST"]
    if empty:
        ds[WATER] = ds[WATER] * np.nan
    assert figures.figure(ds, kind).get_axes()
