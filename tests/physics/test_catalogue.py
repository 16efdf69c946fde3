"""The list and the plot of the transfer velocities."""

from itertools import pairwise

import matplotlib
import numpy as np
import pytest

import oceanco2.physics as ph
from oceanco2.physics.catalogue import COLUMNS

matplotlib.use("agg")


def test_the_table_says_all_there_is_to_know():
    table = ph.transfer_velocity_table()
    assert [row["name"] for row in table] == list(ph.TRANSFER_VELOCITIES)
    for row in table:
        assert tuple(row) == COLUMNS
        assert all(isinstance(value, str) for value in row.values())
    by_name = {row["short name"]: row for row in table}
    assert by_name["W14"] == {
        "name": "wanninkhof_2014",
        "short name": "W14",
        "formula": "0.251 <U^2>",
        "wind moments": "<U^2>",
        "Schmidt reference": "660",
        "valid range": "wind_speed 3..15 m s-1",
        "relative uncertainty": "10 %",
        "DOI": "10.4319/lom.2014.12.351",
        "status": "required",
        "distribution": "",
    }
    assert by_name["W92LT"]["wind moments"] == "long-term mean <U>, squared"
    assert by_name["W09"]["wind moments"] == "<U>, <U^2>, <U^3>"
    assert by_name["DM18"]["wind moments"] == "none"


def test_every_wind_only_relation_is_drawn(tmp_path):
    axes = ph.plot_transfer_velocities(temperature=20.0)
    wind_only = [e for e in ph.TRANSFER_VELOCITIES.values() if not e.inputs]
    names = {text.get_text() for text in axes.texts}
    assert names == {entry.short_name or entry.name for entry in wind_only}
    thick = [line for line in axes.lines if line.get_linewidth() > 1.5]
    assert len(thick) == len(wind_only)
    drawn = dict(zip([e.name for e in wind_only], thick, strict=True))
    x, y = drawn["wanninkhof_2014"].get_data()
    assert y[100] == pytest.approx(24.9428263079)
    assert x[100] == 10.0
    heights = sorted(text.get_position()[1] for text in axes.texts)
    gaps = [b - a for a, b in pairwise(heights)]
    assert min(gaps) > 0.03 * axes.get_ylim()[1]
    axes.figure.savefig(tmp_path / "k.png")
    assert (tmp_path / "k.png").stat().st_size > 10_000


def test_lines_are_thick_within_their_range():
    """Every entry from 0 to 20 m/s; thick from the lowest to the highest valid wind."""
    axes = ph.plot_transfer_velocities(temperature=20.0)
    wind_only = [e for e in ph.TRANSFER_VELOCITIES.values() if not e.inputs]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 201]
    thin, thick = lines[::2], lines[1::2]
    assert {line.get_linewidth() for line in thin} == {0.7}
    assert {line.get_linewidth() for line in thick} == {1.8}
    looks = set()
    for entry, whole, inside in zip(wind_only, thin, thick, strict=True):
        wind, k = whole.get_data()
        assert (wind[0], wind[-1]) == (0.0, 20.0)
        assert np.isfinite(k).all()
        limits = {argument: ends for argument, *ends in entry.valid}
        low, high = limits.get("wind_speed", (0.0, 20.0))
        valid = (wind >= low) & (wind <= high)
        shown = inside.get_ydata()
        np.testing.assert_array_equal(np.isfinite(shown), valid)
        np.testing.assert_array_equal(shown[valid], k[valid])
        assert inside.get_label() == entry.short_name
        assert inside.get_color() == whole.get_color()
        looks.add((whole.get_color(), whole.get_linestyle()))
    assert len(looks) == len(wind_only)  # no two look the same
    assert axes.get_xlim() == (0.0, 24.4)
    highest = max(line.get_ydata()[-1] for line in thin)
    assert axes.get_ylim() == pytest.approx((0.0, 1.05 * highest))
    assert axes.get_xlabel() == "wind speed at 10 m / m s$^{-1}$"
    assert "20 degrees Celsius" in axes.get_title()
    joints = [line for line in axes.lines if len(line.get_xdata()) == 2]
    for text, joint in zip(axes.texts, joints, strict=True):
        assert text.get_position() == pytest.approx((21.0, joint.get_ydata()[1]))
        assert list(joint.get_xdata()) == [20.0, 20.8]
        assert joint.get_linewidth() == 0.6
        assert joint.get_color() == text.get_color()


def test_it_draws_on_the_axes_it_gets():
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert ph.plot_transfer_velocities(axes) is axes
