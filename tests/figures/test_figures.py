"""Figures of datasets of every shape, their texts, and files."""

import subprocess
import sys
import threading

import numpy as np
import pytest
import xarray as xr
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from oceanco2 import figures
from oceanco2.errors import OptionError, OutputError, ProcessingError, UnknownNameError
from oceanco2.figures import drawing
from oceanco2.figures.drawing import AIR_INK, BAD_INK, GOOD_INK, QUESTIONABLE_INK
from oceanco2.figures.kinds import overview
from oceanco2.fluxes import flux
from oceanco2.vocabulary import BAD, QUESTIONABLE, attrs_of
from tests.datasets import canonical_dataset, set_flag

WATER = "fCO2_water_SST_wet"


@pytest.fixture(scope="module")
def cruise():
    ds = canonical_dataset(1300)
    for row in range(300, 320):
        ds = set_flag(ds, row, "T_equ", QUESTIONABLE, "spike")
    for row in range(500, 505):
        ds = set_flag(ds, row, "SST", BAD, "range")
    ds[WATER].to_numpy()[501] = 5000.0
    warming = ds["T_equ"].to_numpy() - ds["SST"].to_numpy()
    ds = ds.assign(warming=("time", warming, attrs_of("warming")))
    return flux(ds)


def bare(ds):
    """As a reader may leave it: no air, no flags, no flux."""
    gone = [
        n for n in ds if "_atm_" in n or n.startswith(("delta", "wind", "standard"))
    ]
    gone += [n for n in ds if n.endswith(("_flag", "_tests", "_flag_automatic"))]
    return ds.drop_vars(gone)


def empty(ds):
    floats = {
        n: ("time", np.full(v.size, np.nan), v.attrs)
        for n, v in ds.data_vars.items()
        if v.dims == ("time",) and v.dtype.kind == "f"
    }
    return ds.assign(floats)


SHAPES = {
    "cruise": lambda: flux(canonical_dataset(1300)),
    "one row": lambda: canonical_dataset(1),
    "fifty rows": lambda: flux(canonical_dataset(50)),
    "mooring": lambda: flux(canonical_dataset(800, "mooring", standards=False)),
    "bare": lambda: bare(canonical_dataset(400)),
    "no value": lambda: empty(canonical_dataset(130)),
    "no position": lambda: canonical_dataset(130).drop_vars(["latitude", "longitude"]),
    "no water": lambda: canonical_dataset(130).drop_vars(
        [n for n in canonical_dataset(1) if n.startswith(WATER)]
    ),
    "only time": lambda: xr.Dataset(
        coords={"time": canonical_dataset(5)["time"].to_numpy()}
    ),
    "many rows": lambda: canonical_dataset(200_000, standards=False),
}


def panels(figure):
    return {ax.get_ylabel().split("\n")[0]: ax for ax in figure.axes if ax.get_ylabel()}


def words(figure):
    found = [figure.get_suptitle(), figure.get_supxlabel()]
    for ax in figure.axes:
        found += [t.get_text() for t in ax.texts]
        found += [ax.get_xlabel(), ax.get_title(loc="left")]
        legend = ax.get_legend()
        found += [t.get_text() for t in legend.get_texts()] if legend else []
    return "\n".join(found)


def inked(ax, ink):
    """Number of points that a panel holds of a kind."""
    lines = [
        line
        for line in ax.lines
        if line.get_marker() == ink.marker
        and to_rgb(line.get_color()) == to_rgb(ink.color)
    ]
    return sum(len(line.get_xdata()) for line in lines)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_drawn(shape, tmp_path):
    path = tmp_path / "x.png"
    figures.save_overview(SHAPES[shape](), path, dpi=50)
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = (int.from_bytes(content[i : i + 4]) for i in (16, 20))
    assert width == 700
    assert 350 <= height <= 800
    assert len(content) > 3000


def test_panels_of_a_cruise(cruise):
    figure = figures.overview(cruise)
    assert isinstance(figure, Figure)
    assert list(panels(figure)) == [
        "fCO$_2$ at SST (µatm)",
        "temperature (°C)",
        "salinity",
        "T$_{equ}$ $-$ SST (K)",
        "CO$_2$ flux",
        "standards, read $-$ true",
    ]
    labels = words(figure)
    assert "R/V Ørsted" in labels
    assert "99ZZ20240301" in labels
    assert "2024-03-01 to 2024-03-03" in labels
    assert "1,000 water" in labels
    assert "time (UTC)" in labels
    assert "fCO$_2$ at SST (µatm)" in labels  # of the colour bar
    assert "out of the ocean" in labels
    assert "10.4319/lom.2014.12.351" in labels
    assert "hollow: not used" in labels
    assert "374.86" in labels


def test_flags_have_colours_and_forms(cruise):
    figure = figures.overview(cruise)
    ax = panels(figure)["fCO$_2$ at SST (µatm)"]
    flag = cruise[f"{WATER}_flag"].to_numpy()
    assert inked(ax, GOOD_INK) == (flag == 2).sum()
    assert inked(ax, QUESTIONABLE_INK) == (flag == 3).sum() > 0
    assert inked(ax, BAD_INK) == (flag == 4).sum() > 0
    assert inked(ax, AIR_INK) == np.isfinite(cruise["fCO2_atm_wet_interp"]).sum()
    inks = (GOOD_INK, QUESTIONABLE_INK, BAD_INK)
    assert len({ink.marker for ink in inks}) == len({ink.color for ink in inks}) == 3
    assert f"questionable ({(flag == 3).sum()})" in words(figure)
    # The wild value does not squeeze the others: it is marked at the edge.
    assert ax.get_ylim()[1] < 450
    assert "1 beyond the axis" in words(figure)


def test_tests_and_flags_are_counted(cruise):
    fired = dict(overview.fired_counts(cruise, WATER))
    tests = cruise[f"{WATER}_tests"].to_numpy()
    flag = cruise[f"{WATER}_flag"].to_numpy()
    assert fired["spike"] == (flag == 3).sum()
    assert fired["range"] == (flag == 4).sum()
    assert "missing" not in fired
    assert tests.any()
    counts = overview.flag_counts(cruise)
    assert counts["SST"] == {0: 0, 2: 1295, 3: 0, 4: 5}
    assert sum(counts[WATER].values()) == 1000


def test_the_track_crosses_the_date_line():
    ds = canonical_dataset(300)
    east = np.linspace(176.0, 186.0, 300)
    ds = ds.assign_coords(longitude=("time", (east + 180) % 360 - 180))
    longitude, _ = drawing.track_of(ds)
    np.testing.assert_allclose(np.diff(longitude), np.diff(east))
    np.testing.assert_allclose(longitude % 360.0, east)
    figure = figures.track(ds)
    labels = [t.get_text() for t in figure.axes[0].get_xticklabels()]
    assert "180°" in labels
    assert any(text.endswith("W") for text in labels)
    assert any(text.endswith("E") for text in labels)


def test_bad_positions_are_not_on_the_map():
    ds = canonical_dataset(100)
    ds["latitude"].to_numpy()[50] = 80.0
    ds["position_flag"].to_numpy()[50] = BAD
    _, north = drawing.track_of(ds)
    assert np.isnan(north[50])
    assert np.nanmax(north) < 0


def test_moored_is_a_point_in_some_sea(cruise):
    moored = canonical_dataset(50, "mooring", standards=False)
    ax = figures.track(moored).axes[0]
    assert np.ptp(ax.get_xlim()) >= 0.5
    assert not ax.get_legend()
    moving = figures.track(cruise).axes[0]
    assert {t.get_text() for t in moving.get_legend().get_texts()} == {"start", "end"}


def test_shapes_are_right_at_the_middle_latitude():
    ds = canonical_dataset(100).assign_coords(latitude=("time", np.full(100, 60.0)))
    assert figures.track(ds).axes[0].get_aspect() == pytest.approx(2.0, rel=0.01)


def test_thinning_keeps_the_extremes():
    rng = np.random.default_rng(3)
    values = rng.normal(size=100_001)
    rows = np.flatnonzero(values > -1)
    kept = drawing.thin(rows, values, 4000)
    assert 2000 < kept.size <= 4004
    assert np.isin(kept, rows).all()
    assert values[kept].max() == values[rows].max()
    assert values[kept].min() == values[rows].min()
    assert (np.diff(kept) > 0).all()
    np.testing.assert_array_equal(drawing.thin(rows[:100], values, 100), rows[:100])


def test_limits_bear_a_wild_value():
    values = np.append(np.linspace(300.0, 400.0, 500), 40_000.0)
    ds = xr.Dataset({"x": ("time", values)})
    low, high = drawing.limits(values, drawing.by_flag(ds, "x"))
    assert 200 < low < 300
    assert 400 < high < 500
    flag = np.full(501, 2)
    ds["x_flag"] = ("time", flag)
    # A manual flag says it is good: it is shown... with all the others.
    flag[0] = 3
    assert drawing.limits(values, drawing.by_flag(ds, "x"))[1] > 40_000
    assert drawing.limits(values * np.nan, drawing.by_flag(ds * np.nan, "x")) is None


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_same_picture_same_bytes(suffix, tmp_path, cruise, monkeypatch):
    files = [tmp_path / f"{i}.{suffix}" for i in range(2)]
    for file, moment in zip(files, ("1700000000", "1800000000"), strict=True):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        figures.save_overview(cruise, file, dpi=60)
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert {p.name for p in tmp_path.iterdir()} == {f.name for f in files}


def test_png_says_no_time(tmp_path, cruise):
    path = tmp_path / "x.png"
    figures.save_overview(cruise, path, dpi=40)
    content = path.read_bytes()
    assert b"oceanco2" in content
    assert b"Creation" not in content


@pytest.mark.parametrize("name", ["x.xyz", "x", "x.jpeg"])
def test_unknown_formats_are_refused_before_drawing(name, tmp_path):
    with pytest.raises(OptionError, match=r"\.png, \.pdf, \.svg"):
        figures.save_overview(None, tmp_path / name)
    with pytest.raises(OptionError, match="Did you mean"):
        figures.save_overview(None, tmp_path / "x.pgn")


def test_wrong_resolution_and_folder(tmp_path, cruise):
    with pytest.raises(OptionError, match="dpi"):
        figures.save_overview(cruise, tmp_path / "x.png", dpi=0)
    with pytest.raises(OutputError, match="no folder"):
        figures.save_overview(cruise, tmp_path / "no" / "x.png")
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_draw():
    with pytest.raises(ProcessingError, match="no row"):
        figures.overview(canonical_dataset(5).isel(time=slice(0, 0)))
    with pytest.raises(UnknownNameError, match="Did you mean 'SST'"):
        figures.series(canonical_dataset(5), "SSST")
    with pytest.raises(UnknownNameError):
        figures.track(canonical_dataset(5), "standard_run_true")
    with pytest.raises(OptionError, match="at least one"):
        figures.series(canonical_dataset(5))


def test_series_and_transfer_velocities(tmp_path, cruise):
    figure = figures.series(cruise, "SST", WATER)
    assert list(panels(figure)) == ["SST (degree_Celsius)", f"{WATER} (uatm)"]
    figures.save_figure(figure, tmp_path / "s.png")
    figures.save_transfer_velocities(tmp_path / "k.svg")
    assert b"<svg" in (tmp_path / "k.svg").read_bytes()


def test_notebooks_show_figures_and_pyplot_is_not_touched(cruise):
    figure = figures.overview(cruise)
    assert figure._repr_png_().startswith(b"\x89PNG")
    code = (
        "import sys; sys.path.insert(0, 'tests');"
        "from datasets import canonical_dataset;"
        "import oceanco2.figures, oceanco2.accessor;"
        "assert 'matplotlib' not in sys.modules;"
        "oceanco2.figures.overview(canonical_dataset(20));"
        "assert 'matplotlib.figure' in sys.modules;"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_threads_can_draw(tmp_path):
    ds = canonical_dataset(60)
    files = [tmp_path / f"{i}.svg" for i in range(4)]
    jobs = [threading.Thread(target=figures.save_overview, args=(ds, f)) for f in files]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert len({f.read_bytes() for f in files}) == 1


def test_without_matplotlib(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(OptionError, match=r"pip install 'oceanco2\[viz\]'"):
        figures.save_overview(canonical_dataset(5), tmp_path / "x.png")


def test_colours_are_distinguished_without_hue():
    """Good, questionable and bad differ in lightness, too."""
    light = []
    for ink in (GOOD_INK, QUESTIONABLE_INK, BAD_INK):
        r, g, b = to_rgb(ink.color)
        light.append(0.2126 * r + 0.7152 * g + 0.0722 * b)
    assert abs(light[0] - light[1]) > 0.2
    assert abs(light[1] - light[2]) > 0.2


def test_statistics_of_results_that_came_with_the_file():
    """Median and 95 % of the good rows that have both."""
    ds = canonical_dataset(n=130)
    name = "fCO2_water_SST_wet"
    assert not any("computed" in line for line in overview._statistics(ds).splitlines())
    ds[f"{name}_delivered"] = ds[name] + 1.25
    ds[f"{name}_delivered"][::2] = np.nan
    ds[f"{name}_flag"][1:20] = BAD
    ds[f"{name}_delivered"][1:20] = 0.0
    text = "computed - delivered: median -1.25, 95 % 1.25 \N{MICRO SIGN}atm"
    line = overview._statistics(ds).splitlines()[-1]
    assert line == text.replace("-", "\N{MINUS SIGN}")
    ds[f"{name}_delivered"][:] = np.nan
    assert "computed" not in overview._statistics(ds)
