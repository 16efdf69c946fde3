"""Check CO2 of sea water against a climatology named by the user."""

from typing import Any

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.fields.climatology import calendar, climatology_at, read_climatology
from oceanco2.qc.check import register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_CO2 = (
    *("fCO2_water_SST_wet", "pCO2_water_SST_wet"),
    *("fCO2_water_Tequ_wet", "pCO2_water_Tequ_wet"),
)


def _review_file(options: dict[str, Any]) -> None:
    if not options.get("file"):
        raise OptionError("lacks 'file': the climatology to compare with")


@register(
    "climatology",
    "CO2 of the sea far from a climatology by position and month (requires its file)",
    "QC by comparison with a climatology, SOCAT: doi:10.5194/essd-8-383-2016",
    table=_CO2,
    review=_review_file,
    needs=("time", "latitude", "longitude"),
)
def check_climatology(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
    file: str = "",
    variable: str = "",
    questionable: float = 100.0,
    bad: float = 300.0,
    sigma: float = 4.0,
    trend: float = 0.0,
    reference_year: float = 0.0,
) -> np.ndarray:
    """Flag CO2 that is far from its climatological value."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    complete = np.isfinite(values) & np.isfinite(latitude) & np.isfinite(longitude)
    rows = np.flatnonzero(complete)
    if not file or not rows.size:
        return flags
    months = set(calendar(time[rows])[0].tolist())
    expected, scatter = climatology_at(
        read_climatology(file, variable, months),
        time[rows],
        latitude[rows],
        longitude[rows],
        trend=trend,
        year=reference_year or None,
    )
    with np.errstate(invalid="ignore"):
        distance = np.abs(values[rows] - expected)
        outlying = (distance > questionable) & (distance > sigma * scatter)
        flags[rows[outlying]] = QUESTIONABLE
        flags[rows[outlying & (distance > bad)]] = BAD
    return flags
