"""Table and plot of the transfer velocities, and all registries of formulas."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from oceanco2.physics.parametrisations import TRANSFER_VELOCITIES
from oceanco2.physics.pressure import SEA_LEVEL_PRESSURE
from oceanco2.physics.schmidt import SCHMIDT_NUMBERS
from oceanco2.physics.skin import SKIN_MODELS
from oceanco2.physics.solubilities import SOLUBILITIES
from oceanco2.physics.temperature import TEMPERATURE_CORRECTIONS
from oceanco2.physics.transfer import transfer_velocity
from oceanco2.physics.vapour import WATER_VAPOUR
from oceanco2.physics.wind import WIND_HEIGHTS

#: Everything that can be chosen by name.
REGISTRIES = (
    WATER_VAPOUR,
    TEMPERATURE_CORRECTIONS,
    SEA_LEVEL_PRESSURE,
    SOLUBILITIES,
    SCHMIDT_NUMBERS,
    TRANSFER_VELOCITIES,
    WIND_HEIGHTS,
    SKIN_MODELS,
)

COLUMNS = (
    "name",
    "short name",
    "formula",
    "wind moments",
    "Schmidt reference",
    "valid range",
    "relative uncertainty",
    "DOI",
    "status",
    "distribution",
)


def transfer_velocity_table() -> list[dict[str, str]]:
    """Return the properties of every transfer velocity as rows of a table.

    The distribution is empty for those of this package.

    Returns
    -------
    list of dict of str to str
        One row per parametrisation, with the keys `COLUMNS`.

    Examples
    --------
    >>> row = transfer_velocity_table()[0]
    >>> row["name"], row["formula"], row["Schmidt reference"]
    ('wanninkhof_2014', '0.251 <U^2>', '660')
    """
    return [
        {
            "name": entry.name,
            "short name": entry.short_name,
            "formula": entry.expression,
            "wind moments": entry.moments_text,
            "Schmidt reference": f"{entry.schmidt_reference:g}",
            "valid range": entry.valid_text,
            "relative uncertainty": _percent(entry.relative_uncertainty),
            "DOI": entry.doi,
            "status": entry.status,
            "distribution": TRANSFER_VELOCITIES.owner(name),
        }
        for name, entry in TRANSFER_VELOCITIES.items()
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100.0 * share:g} %"


def describe_transfer_velocities() -> list[tuple[str, ...]]:
    """Return the same table as rows of text, of which the first is the header.

    Returns
    -------
    list of tuple of str
        The columns of `transfer_velocity_table`; ``"-"`` in empty cells.

    Examples
    --------
    >>> head, first, *_ = describe_transfer_velocities()
    >>> head[:3], first[:3]
    (('name', 'short name', 'formula'), ('wanninkhof_2014', 'W14', '0.251 <U^2>'))
    """
    rows = [tuple(v or "-" for v in row.values()) for row in transfer_velocity_table()]
    return [COLUMNS, *rows]


def plot_transfer_velocities(ax: Any = None, temperature: float = 20.0) -> Any:
    """Draw every wind-only transfer velocity against wind speed.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if None.
    temperature : float
        Water temperature [degree_Celsius].

    Returns
    -------
    matplotlib.axes.Axes
        The drawing; thick lines where the formula is valid, thin outside.
    """
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(9.0, 6.5), layout="constrained").add_subplot()
    wind = np.linspace(0.0, _FASTEST, 201)
    entries = [e for e in TRANSFER_VELOCITIES.values() if not e.inputs]
    ends = {}
    for i, entry in enumerate(entries):
        k = transfer_velocity(wind, temperature, entry, on_range="ignore")
        limits = {argument: (low, high) for argument, low, high in entry.valid}
        low, high = limits.get("wind_speed", (0.0, _FASTEST))
        inside = np.where((wind >= low) & (wind <= high), k, np.nan)
        style = {"color": f"C{i % 10}", "linestyle": ("-", "--", ":")[i // 10 % 3]}
        ax.plot(wind, k, linewidth=0.7, **style)
        ax.plot(wind, inside, linewidth=1.8, label=entry.short_name, **style)
        ends[entry.short_name or entry.name] = (float(k[-1]), style)
    ax.set_xlabel("wind speed at 10 m / m s$^{-1}$")
    ax.set_ylabel("transfer velocity of CO$_2$ / cm h$^{-1}$")
    ax.set_title(
        f"Gas transfer velocities at {temperature:g} degrees Celsius,"
        " thin outside their ranges"
    )
    ax.set_xlim(0.0, 1.22 * _FASTEST)
    ax.set_ylim(0.0, 1.05 * max(end for end, _ in ends.values()))
    _label(ax, ends)
    return ax


_FASTEST = 20.0


def _label(ax: Any, ends: Mapping[str, tuple[float, Mapping[str, Any]]]) -> None:
    """Write names beside the ends of the lines, spread where they are close."""
    spacing = 0.034 * ax.get_ylim()[1]
    ordered = sorted(ends, key=lambda name: ends[name][0])
    positions = [ends[name][0] for name in ordered]
    for _ in range(200):
        for i in range(1, len(positions)):
            short = spacing - (positions[i] - positions[i - 1])
            if short > 0.0:
                positions[i] += 0.5 * short
                positions[i - 1] -= 0.5 * short
    for name, position in zip(ordered, positions, strict=True):
        end, style = ends[name]
        joint = [_FASTEST, 1.04 * _FASTEST], [end, position]
        ax.plot(*joint, color=style["color"], linewidth=0.6)
        ax.text(1.05 * _FASTEST, position, name, color=style["color"], va="center")
