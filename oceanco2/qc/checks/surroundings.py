"""Checks of a ship's surroundings: ice, freezing water, ports."""

from typing import Annotated

import numpy as np
from pydantic import AfterValidator

from oceanco2.dates import HOUR_SECONDS
from oceanco2.errors import OptionError
from oceanco2.geography import distance_km
from oceanco2.physics import freezing_temperature
from oceanco2.qc.check import Number, Options, Text, register
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE

_PER_SALINITY = -0.05  # an upper bound of the freezing point by salinity [K]
#: Fractions of a stay at which positions are compared; no timetable matches them.
_STAY_FRACTIONS = (0.07, 0.19, 0.37, 0.61, 0.83, 1.0)
_KM_PER_DEGREE = 111.195


class FreezingOptions(Options):
    """Options of the check ``freezing``."""

    questionable: Number = 0.1
    bad: Number = 0.5


@register(
    "freezing",
    bit=45,
    description="water colder than its freezing point",
    reference="TEOS-10 (gsw): Intergovernmental Oceanographic Commission (2010)",
    tables=("SST", "T_equ"),
    needs=("salinity",),
    wants=("latitude", "longitude"),
    options=FreezingOptions,
    limits={"default": {"SST": {}, "T_equ": {}}},
)
def check_freezing(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    salinity: np.ndarray,
    latitude: np.ndarray | None = None,
    longitude: np.ndarray | None = None,
    questionable: float,
    bad: float,
) -> np.ndarray:
    """Flag water below its freezing point."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        # Freezing points are computed only for cold water.
        cold = values < _PER_SALINITY * salinity - min(questionable, bad)
    rows = np.flatnonzero(cold & np.isfinite(salinity))
    if not rows.size:
        return flags
    position = [
        np.nan_to_num(coordinate[rows])
        if coordinate is not None
        else np.zeros(rows.size)
        for coordinate in (longitude, latitude)
    ]
    below = freezing_temperature(salinity[rows], *position) - values[rows]
    flags[rows[below > questionable]] = QUESTIONABLE
    flags[rows[below > bad]] = BAD
    return flags


class IceOptions(Options):
    """Options of the check ``ice``."""

    questionable: Number = 0.8
    bad: Number = np.inf


@register(
    "ice",
    bit=46,
    description="so much sea ice that the intake may take in ice",
    reference=(
        "SOCAT, doi:10.5194/essd-8-383-2016: its rules for warming hold away from ice"
    ),
    tables=("SST", "warming", "salinity"),
    needs=("sea_ice_area_fraction",),
    options=IceOptions,
    limits={"default": {"SST": {}}},
)
def check_ice(
    values: np.ndarray,
    seconds: np.ndarray,  # noqa: ARG001  (all checks are called alike)
    *,
    sea_ice_area_fraction: np.ndarray,
    questionable: float,
    bad: float,
) -> np.ndarray:
    """Flag water taken in among dense ice."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    with np.errstate(invalid="ignore"):
        flags[sea_ice_area_fraction > questionable] = QUESTIONABLE
        flags[sea_ice_area_fraction > bad] = BAD
    return flags


def _read_ports(text: str) -> str:
    _port_positions(text)
    return text


class PortOptions(Options):
    """Options of the check ``port``."""

    reach_km: Number = 0.4
    hours: Number = 4.0
    warming: Number = 1.0
    flow: Number = 0.3
    ports: Annotated[Text, AfterValidator(_read_ports)] = ""
    port_km: Number = 3.0


@register(
    "port",
    bit=47,
    description="a ship at rest with stagnant water in its pipes, or in a listed port",
    reference=(
        "stationary for hours and warming beyond 1 K (SOCAT,"
        " doi:10.5194/essd-8-383-2016)"
        " or water flow that varies; research stations have neither"
    ),
    tables=("warming",),
    needs=("latitude", "longitude"),
    wants=("water_flow",),
    options=PortOptions,
    limits={"default": {"warming": {}}},
    # Moorings, drifters and surface vehicles have no pipes in which water stagnates.
    kinds={
        "default": dict.fromkeys(("mooring", "drifter", "surface_vehicle")),
    },
)
def check_port(
    values: np.ndarray,
    seconds: np.ndarray,
    *,
    latitude: np.ndarray,
    longitude: np.ndarray,
    water_flow: np.ndarray | None = None,
    reach_km: float,
    hours: float,
    warming: float,
    flow: float,
    ports: str,
    port_km: float,
) -> np.ndarray:
    """Flag measurements at a berth."""
    flags = np.full(values.shape, GOOD, dtype=np.int8)
    located = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    lat, lon = latitude[located], longitude[located]
    port_positions = _port_positions(ports)
    for start, end in _stays(
        lat, lon, seconds[located], reach_km, HOUR_SECONDS * hours
    ):
        rows = slice(located[start], located[end] + 1)
        at_port = bool(
            np.any(distance_km(lat[start], lon[start], *port_positions) < port_km)
        )
        warm = abs(_median(values[rows])) > warming
        if (
            at_port
            or warm
            or (water_flow is not None and _varies(water_flow[rows], flow))
        ):
            flags[rows] = QUESTIONABLE
    return flags


def _stays(
    lat: np.ndarray, lon: np.ndarray, t: np.ndarray, reach: float, least: float
) -> list[tuple[int, int]]:
    """Return the first and last rows of stays in one place."""
    from oceanco2.qc._kernels import stays

    until = np.empty(t.size, dtype=np.int64)
    offsets = np.array(_STAY_FRACTIONS) * least
    stays(lat, lon, t, offsets, reach / _KM_PER_DEGREE, until)
    rows = np.flatnonzero(until >= 0)
    last = until[rows]
    if not rows.size:
        return []
    parts = np.flatnonzero(rows[1:] > last[:-1]) + 1
    firsts, ends = rows[np.append(0, parts)], last[np.append(parts, 0) - 1]
    return list(zip(firsts.tolist(), ends.tolist(), strict=True))


def _port_positions(text: str) -> tuple[np.ndarray, np.ndarray]:
    pairs = []
    for entry in filter(str.strip, text.split(";")):
        try:
            latitude, longitude = (
                float(number) for number in entry.replace(",", " ").split()
            )
        except ValueError:
            raise OptionError(
                f"ports: {entry.strip()!r} must be latitude and longitude such as"
                " '60.39 5.32'; positions are separated by ';'"
            ) from None
        if not (abs(latitude) <= 90.0 and abs(longitude) <= 360.0):
            raise OptionError(
                f"ports: {entry.strip()!r} is not a valid position (latitude first)"
            )
        pairs.append((latitude, longitude))
    positions = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return positions[:, 0], positions[:, 1]


def _median(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else 0.0


def _varies(flow: np.ndarray, limit: float) -> bool:
    """Return whether a flow is unsteady or zero."""
    finite = flow[np.isfinite(flow)]
    if not finite.size:
        return False
    median = np.median(finite)
    return bool(1.4826 * np.median(np.abs(finite - median)) > limit * max(median, 0.0))
