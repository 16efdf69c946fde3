"""Maps of gridded products."""

import numpy as np
import pytest

from oceanco2.errors import OptionError, UnknownNameError
from oceanco2.figures import grid_map, save_grid_map
from oceanco2.grids import Accumulator


def product(west, east, n=200, name="monthly"):
    sums = Accumulator(name)
    longitude = np.linspace(west, east, n)
    values = 350.0 + np.arange(n)
    sums.add(np.zeros(n), np.full(n, -40.2), longitude, 1, values, 10.0, 35.0)
    return sums.result()


def test_two_maps_that_show_every_cell():
    figure = grid_map(product(170.0, 190.0))
    counts, means = (ax.images[-1].get_array() for ax in figure.axes[:2])
    assert counts.sum() == 200
    assert counts.count() == means.count() == 20 + 1
    assert 350 <= means.min() <= means.max() < 550
    # whole across the date line: the cells stand side by side
    held = np.flatnonzero(counts.count(axis=0))
    assert held.max() - held.min() == held.size - 1
    west, east, *_ = figure.axes[0].images[-1].get_extent()
    assert (west, east) == (167.0, 194.0)


def test_round_the_globe_nothing_is_cut_out():
    figure = grid_map(product(-180.0, 179.9, 720))
    assert figure.axes[0].images[-1].get_extent()[:2] == [-180.0, 180.0]


def test_a_track_along_a_meridian_is_no_slit_and_its_title_fits():
    sums = Accumulator("monthly")
    north = np.linspace(-60.0, 50.0, 110)
    ones = np.ones(110)
    sums.add(0 * ones, north, -20.0 * ones, 1, 350.0 * ones, 10.0, 35.0)
    figure = grid_map(sums.result())
    west, east, south, top = figure.axes[0].images[-1].get_extent()
    assert 0.4 * (top - south) < east - west < 0.8 * (top - south)
    assert west < -25.0 < -15.0 < east
    figure.draw_without_rendering()
    title = figure.get_suptitle()
    assert title.count("\n") == 1
    extent = figure._suptitle.get_window_extent()
    assert 0 < extent.x0 < extent.x1 < figure.bbox.x1


def test_files_of_every_kind_and_names_that_are_none(tmp_path):
    ds = product(0.0, 5.0)
    for suffix in ("png", "svg"):
        paths = [tmp_path / f"{k}.{suffix}" for k in range(2)]
        for path in paths:
            save_grid_map(ds, path, "sst_ave_unwtd", dpi=50)
        assert paths[0].read_bytes() == paths[1].read_bytes()
    with pytest.raises(UnknownNameError, match="Did you mean 'sst_max_unwtd'"):
        grid_map(ds, "sst_max")
    with pytest.raises(
        OptionError, match=r"the suffix must be one of \.png, \.pdf, \.svg"
    ):
        save_grid_map(ds, tmp_path / "map.bmp")
