"""The registries for people: a table of transfer velocities, and their plot."""

from typing import Any

import numpy as np

from oceanco2.physics import waves
from oceanco2.physics.parametrisations import TRANSFER_VELOCITIES
from oceanco2.physics.transfer import transfer_velocity

#: The table needs them registered.
MORE_THAN_WIND = waves.__name__

COLUMNS = (
    "name",
    "short name",
    "formula",
    "wind moments",
    "Schmidt reference",
    "valid range",
    "DOI",
    "status",
)


def transfer_velocity_table() -> list[dict[str, str]]:
    """Return what is known of every transfer velocity, for a table.

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
            "DOI": entry.doi,
            "status": entry.status,
        }
        for entry in TRANSFER_VELOCITIES.values()
    ]


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
        The drawing; full lines where the formula is valid, thin outside.
    """
    if ax is None:
        from matplotlib.figure import Figure

        ax = Figure(figsize=(8.0, 6.0), layout="constrained").add_subplot()
    wind = np.linspace(0.0, 22.0, 221)
    styles = ("-", "--", ":")
    names = [n for n, entry in TRANSFER_VELOCITIES.items() if not entry.inputs]
    for i, name in enumerate(names):
        entry = TRANSFER_VELOCITIES[name]
        k = transfer_velocity(wind, temperature, entry, on_range="ignore")
        limits = {argument: (low, high) for argument, low, high in entry.valid}
        low, high = limits.get("wind_speed", (0.0, 22.0))
        inside = np.where((wind >= low) & (wind <= high), k, np.nan)
        style = {"color": f"C{i % 10}", "linestyle": styles[i // 10]}
        ax.plot(wind, k, linewidth=0.6, alpha=0.6, **style)
        ax.plot(wind, inside, linewidth=1.8, label=entry.short_name or name, **style)
    ax.set_xlabel("wind speed at 10 m / m s$^{-1}$")
    ax.set_ylabel("transfer velocity of CO$_2$ / cm h$^{-1}$")
    ax.set_title(f"Gas transfer velocities at {temperature:g} °C, thin outside range")
    ax.set_xlim(0.0, 22.0)
    ax.set_ylim(bottom=0.0)
    ax.legend(ncols=2, fontsize="small")
    return ax
