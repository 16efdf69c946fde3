"""Check CO2 of sea water against a climatology named by the user."""

from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field

from oceanco2.errors import OptionError
from oceanco2.fields.climatology import calendar, climatology_at, read_climatology
from oceanco2.qc.check import Number, Options, Text, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_CO2 = (
    *("fCO2_water_SST_wet", "pCO2_water_SST_wet"),
    *("fCO2_water_Tequ_wet", "pCO2_water_Tequ_wet"),
)


def _read_file_name(name: str) -> str:
    if not name:
        raise OptionError("lacks 'file': the climatology to compare with")
    return name


class ClimatologyOptions(Options):
    """Options of the check ``climatology``."""

    # A platform file must name it; without one, nothing is flagged.
    file: Annotated[Text, AfterValidator(_read_file_name)] = Field(
        default="", validate_default=True
    )
    variable: Text = ""
    questionable: Number = 100.0
    bad: Number = 300.0
    sigma: Number = 4.0
    trend: Number = 0.0
    reference_year: Number = 0.0


@register(
    "climatology",
    bit=26,
    description=(
        "CO2 of the sea far from a climatology by position and month"
        " (requires its file)"
    ),
    reference="QC by comparison with a climatology, SOCAT: doi:10.5194/essd-8-383-2016",
    tables=_CO2,
    needs=("time", "latitude", "longitude"),
    options=ClimatologyOptions,
)
def check_climatology(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    time: np.ndarray,
    latitude: np.ndarray,
    longitude: np.ndarray,
    file: str,
    variable: str,
    questionable: float,
    bad: float,
    sigma: float,
    trend: float,
    reference_year: float,
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
