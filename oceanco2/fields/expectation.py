"""Values of a climatology at times and positions."""

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.fields.climatology import Climatology, Field


def climatology_at(
    climatology: Climatology,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
    *,
    trend: float = 0.0,
    year: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return value and scatter of a climatology at times and positions."""
    reference = climatology.year if year is None else year
    if trend and reference is None:
        raise OptionError(
            "a trend needs 'reference_year': the climatology does not state its year"
        )
    months, years = calendar(time)
    expected, scatter = np.full(time.size, np.nan), np.zeros(time.size)
    dated = {(f.month, f.year): f for f in climatology.fields if f.year is not None}
    by_month = _by_month(climatology)
    y, x = (
        _nearest_cell(axis, at)
        for axis, at in (
            (climatology.latitude, latitude),
            (climatology.longitude, longitude),
        )
    )
    in_grid = (y >= 0) & (x >= 0)
    for key in set(zip(months[in_grid].tolist(), years[in_grid].tolist(), strict=True)):
        rows = np.flatnonzero(in_grid & (months == key[0]) & (years == key[1]))
        field = dated.get(key) or by_month.get(key[0])
        if field is None:
            continue
        cells = y[rows], x[rows]
        expected[rows] = _fill_gaps(field.values)[cells]
        if field.year is None and trend and reference is not None:
            years_since = key[1] + (key[0] - 0.5) / 12.0 - (reference + 0.5)
            expected[rows] += trend * years_since
        if field.scatter is not None:
            scatter[rows] = np.nan_to_num(field.scatter[cells])
    return expected, scatter


def calendar(time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return calendar months and years of times.

    Examples
    --------
    >>> months, years = calendar(np.array(["2010-07-14"], "datetime64[ns]"))
    >>> int(months[0]), int(years[0])
    (7, 2010)
    """
    number = time.astype("datetime64[M]").astype(int)
    return number % 12 + 1, number // 12 + 1970


def _by_month(climatology: Climatology) -> dict[int, Field]:
    """Return one field per month, averaged over years if needed."""
    fields_by_month = {f.month: f for f in climatology.fields if f.year is None}
    for month in {f.month for f in climatology.fields} - set(fields_by_month):
        fields = [f for f in climatology.fields if f.month == month]
        values = [f.values for f in fields]
        count = np.sum([np.isfinite(v) for v in values], axis=0)
        with np.errstate(invalid="ignore"):
            mean = np.nansum(values, axis=0) / np.where(count > 0, count, np.nan)
        scatter = fields[0].scatter if len(fields) == 1 else None
        fields_by_month[month] = Field(month, None, mean, scatter)
    return fields_by_month


def _nearest_cell(axis: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return the cell of each point, -1 where there is none; longitudes wrap around."""
    order = np.argsort(axis)
    nodes = axis[order]
    step = np.median(np.diff(nodes)) if nodes.size > 1 else 360.0
    is_global = nodes[-1] - nodes[0] > 180.0
    shifted = (
        (points - nodes[0] + step / 2) % 360.0 + nodes[0] - step / 2
        if is_global
        else points
    )
    cell = np.clip(np.searchsorted(nodes, shifted - step / 2), 0, nodes.size - 1)
    with np.errstate(invalid="ignore"):
        inside = np.abs(nodes[cell] - shifted) <= step / 2 + 1e-6
    return np.where(inside, order[cell], -1)


def _fill_gaps(values: np.ndarray) -> np.ndarray:
    """Fill empty cells with the mean of their neighbours."""
    padded = np.pad(values, ((1, 1), (0, 0)), constant_values=np.nan)
    padded = np.concatenate([padded[:, -1:], padded, padded[:, :1]], axis=1)
    neighbours = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    count = np.isfinite(neighbours).sum(axis=(2, 3))
    mean = np.nansum(neighbours, axis=(2, 3)) / np.where(count > 0, count, np.nan)
    return np.where(np.isnan(values), mean, values)
