"""Colours, style, points and limits; matplotlib is loaded with the first figure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

if TYPE_CHECKING:
    from oceanco2.figures.canvas import Picture


@dataclass(frozen=True, slots=True)
class Ink:
    """Label, colour, marker and size of a kind of point; safe for colour blindness."""

    label: str
    color: str
    marker: str
    size: float
    hatch: str = ""


GOOD_INK = Ink("good", "#0072B2", "o", 2.6)
QUESTIONABLE_INK = Ink("questionable", "#E69F00", "^", 4.6, "////")
BAD_INK = Ink("bad", "#A3003F", "x", 4.6, "xxxx")
AIR_INK = Ink("air", "#56B4E9", "s", 2.4)
SECOND_INK = Ink("second", "#CC79A7", "o", 2.2)
NEUTRAL = "#555555"
GRID = {"color": "#D9D9D9", "linewidth": 0.6}
SMALL, NORMAL, LARGE = 8.0, 9.0, 13.0


def new_figure(width: float, height: float) -> "Picture":
    """Make an empty figure."""
    from oceanco2.figures.canvas import make_picture

    return make_picture(width, height)


def style_axes(ax: Any) -> None:
    """Apply the common style to a panel."""
    ax.set_axisbelow(True)
    ax.grid(visible=True, **GRID)
    ax.tick_params(labelsize=SMALL, length=3)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


#: Largest number of points of one kind in a panel; more are thinned.
LIMIT = 12_000


@dataclass(frozen=True, slots=True)
class Points:
    """Rows with finite values of a variable, by flag."""

    good: np.ndarray
    questionable: np.ndarray
    bad: np.ndarray


def by_flag(ds: xr.Dataset, name: str) -> Points:
    """Group the rows of a variable by its flag."""
    present = np.isfinite(ds[name].to_numpy())
    if f"{name}_flag" not in ds:
        no_rows = np.empty(0, dtype=int)
        return Points(np.flatnonzero(present), no_rows, no_rows)
    flag = ds[f"{name}_flag"].to_numpy()
    return Points(
        np.flatnonzero(present & (flag <= GOOD)),
        np.flatnonzero(present & (flag == QUESTIONABLE)),
        np.flatnonzero(present & (flag >= BAD)),
    )


def thin(rows: np.ndarray, values: np.ndarray, limit: int = LIMIT) -> np.ndarray:
    """Reduce rows that would be drawn over each other; extremes are kept.

    Examples
    --------
    >>> values = np.array([0.0, 1, 5, 2, 3, 9, 1, 4, 2, 2, 2, 7])
    >>> thin(np.arange(12), values, 8)
    array([ 0,  3,  5,  6,  9, 11])
    """
    if rows.size <= limit:
        return rows
    regular = rows[:: -(-2 * rows.size // limit)]
    width = -(-rows.size // max(limit // 4, 1))
    complete = rows.size // width * width
    blocks = rows[:complete].reshape(-1, width)
    first = np.arange(blocks.shape[0])
    picked = values[blocks]
    kept = [regular, blocks[first, picked.argmin(axis=1)]]
    kept.append(blocks[first, picked.argmax(axis=1)])
    rest = rows[complete:]
    if rest.size:
        kept += [rest[[values[rest].argmin()]], rest[[values[rest].argmax()]]]
    return np.unique(np.concatenate(kept))


def limits(values: np.ndarray, points: Points) -> tuple[float, float] | None:
    """Return the limits of an axis, robust against outliers."""
    base = values[points.good]
    flagged = points.questionable.size + points.bad.size > 0
    if not base.size:
        base = values[np.concatenate([points.questionable, points.bad])]
        flagged = False
    if not base.size:
        return None
    low, high = float(base.min()), float(base.max())
    if not flagged and base.size > 20:
        first, last = np.percentile(base, [1.0, 99.0])
        spread = 0.7 * (last - first)
        low, high = max(low, first - spread), min(high, last + spread)
    margin = 0.07 * (high - low)
    if margin < 1e-9 * max(abs(low), abs(high), 1.0):  # one value, but for rounding
        margin = max(abs(high) * 1e-3, 0.01)
    return low - margin, high + margin


def track_of(ds: xr.Dataset) -> tuple[np.ndarray, np.ndarray] | None:
    """Return longitude and latitude, continuous across the date line."""
    if "latitude" not in ds.variables or "longitude" not in ds.variables:
        return None
    latitude = np.array(ds["latitude"].to_numpy(), dtype=float)
    longitude = np.array(ds["longitude"].to_numpy(), dtype=float)
    invalid = ~np.isfinite(latitude + longitude) | (np.abs(latitude) > 90)
    if "position_flag" in ds:
        invalid |= ds["position_flag"].to_numpy() >= BAD
    if invalid.all():
        return None
    latitude[invalid] = longitude[invalid] = np.nan
    longitude[~invalid] = np.unwrap(longitude[~invalid], period=360.0)
    middle = np.nanmedian(longitude)
    longitude -= 360.0 * np.round((middle - ((middle + 180) % 360 - 180)) / 360.0)
    return longitude, latitude
