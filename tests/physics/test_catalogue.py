"""The list and the plot of the transfer velocities."""

from itertools import pairwise

import matplotlib
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


def test_it_draws_on_the_axes_it_gets():
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    assert ph.plot_transfer_velocities(axes) is axes
