"""Global attributes of a netCDF file: CF-1.11 and ACDD-1.3."""

from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import expocode_of, possible_times
from oceanco2.geography import west_and_east
from oceanco2.provenance import now, package_version

_KINDS = {
    "ship": "underway measurements on a ship",
    "mooring": "measurements on a mooring",
    "surface_vehicle": "measurements on an unmanned surface vehicle",
    "drifter": "measurements on a drifting platform",
}
_KEYWORDS = (
    "EARTH SCIENCE > OCEANS > OCEAN CHEMISTRY > CARBON DIOXIDE",
    "EARTH SCIENCE > OCEANS > OCEAN TEMPERATURE > SEA SURFACE TEMPERATURE",
    "EARTH SCIENCE > OCEANS > SALINITY/DENSITY > SALINITY",
)
_NAMES = {
    "trajectory": "Trajectory",
    "timeSeries": "Station",
}


def iso_time(time: np.datetime64) -> str:
    """Return a time as ISO 8601, UTC.

    Examples
    --------
    >>> iso_time(np.datetime64("2024-03-01T06:00:00.250", "ns"))
    '2024-03-01T06:00:00.250Z'
    """
    text = str(time.astype("datetime64[ms]"))
    return f"{text.removesuffix('.000')}Z"


def iso_duration(span: np.timedelta64) -> str:
    """Return a duration as ISO 8601.

    Examples
    --------
    >>> iso_duration(np.timedelta64(93784, "s"))
    'P1DT2H3M4S'
    """
    seconds = round(float(span / np.timedelta64(1, "ms"))) / 1000
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    days, hours = divmod(hours, 24)
    day = f"{days}D" if days else ""
    parts = ((hours, "H"), (minutes, "M"), (round(seconds, 3), "S"))
    clock = "".join(f"{value:g}{letter}" for value, letter in parts if value)
    if not day and not clock:
        return "PT0S"
    return f"P{day}T{clock}" if clock else f"P{day}"


#: Attribute ``value_type`` of a position that the platform file calls absent.
NOT_MEASURED = "missing"


def identifier(ds: xr.Dataset) -> str:
    """Return the identifier of the track or station in the file."""
    if ds.attrs.get("expocode") or ds.attrs.get("platform_code"):
        return expocode_of(ds)
    for key in ("dataset_name", "platform_name", "id"):
        if ds.attrs.get(key):
            return "_".join(str(ds.attrs[key]).split())
    return "unnamed"


def global_attributes(ds: xr.Dataset, feature: str) -> dict[str, Any]:
    """Return the global attributes of the file."""
    name = ds.attrs.get("platform_name", "an unnamed platform")
    kind = ds.attrs.get("platform_kind", "")
    time = possible_times(ds)
    time = time if time.size else ds["time"].to_numpy()
    days = f"{str(time[0])[:10]} to {str(time[-1])[:10]}"
    ident = identifier(ds)
    defaults = {
        "title": f"Surface ocean CO2, {name}, {days}",
        "summary": f"Surface ocean CO2 from {name}, {days}: values, flags, tests.",
        "keywords": ", ".join(_KEYWORDS),
        "keywords_vocabulary": "GCMD Science Keywords",
        "source": _KINDS.get(kind, "measurements at the sea surface"),
        "id": ident,
        "naming_authority": "info.socat",
        "history": f"{now()} oceanco2 {package_version()}: written as netCDF",
        "processing_level": "as delivered by the rooms named in history",
    } | _creator(ds)
    if ds.attrs.get("keywords", defaults["keywords"]) != defaults["keywords"]:
        del defaults["keywords_vocabulary"]
    fixed = {
        "Conventions": "CF-1.11, ACDD-1.3",
        "featureType": feature,
        "cdm_data_type": _NAMES[feature],
        "standard_name_vocabulary": "CF Standard Name Table v93",
        "date_created": now(),
        "product_version": f"oceanco2 {package_version()}",
    }
    if ds.attrs.get("expocode") or ds.attrs.get("platform_code"):
        fixed["expocode"] = ident
    return defaults | ds.attrs | fixed | _time_extent(time) | _space_extent(ds)


def _creator(ds: xr.Dataset) -> dict[str, str]:
    attrs = {}
    people = str(ds.attrs.get("creator_name", ""))
    if people:
        attrs["creator_type"] = "group" if ";" in people else "person"
    institution = ds.attrs.get("organizations") or ds.attrs.get("institution")
    if institution:
        attrs["creator_institution"] = str(institution)
    return attrs


def _time_extent(time: np.ndarray) -> dict[str, str]:
    steps = np.diff(time)
    attrs = {
        "time_coverage_start": iso_time(time[0]),
        "time_coverage_end": iso_time(time[-1]),
        "time_coverage_duration": iso_duration(time[-1] - time[0]),
    }
    if steps.size:
        attrs["time_coverage_resolution"] = iso_duration(
            np.sort(steps)[steps.size // 2]
        )
    return attrs


def _space_extent(ds: xr.Dataset) -> dict[str, Any]:
    lat, lon = (ds[name].to_numpy() for name in ("latitude", "longitude"))
    is_valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
    if ds["latitude"].attrs.get("value_type") == NOT_MEASURED:
        return {}
    if not is_valid.any():
        raise ProcessingError("no row of the dataset has a position: nothing to write")
    south, north = float(lat[is_valid].min()), float(lat[is_valid].max())
    west, east = west_and_east(lon[is_valid])
    right = east if east >= west else east + 360
    corners = [(south, west), (north, west), (north, right), (south, right)]
    ring = ", ".join(f"{y:.5f} {x:.5f}" for y, x in [*corners, corners[0]])
    point = south == north and west == east
    bounds = f"POINT ({south:.5f} {west:.5f})" if point else f"POLYGON (({ring}))"
    attrs = {
        "geospatial_lat_min": south,
        "geospatial_lat_max": north,
        "geospatial_lat_units": "degrees_north",
        "geospatial_lon_min": west,
        "geospatial_lon_max": east,
        "geospatial_lon_units": "degrees_east",
        "geospatial_bounds": bounds,
        "geospatial_bounds_crs": "EPSG:4326",
    }
    if "sample_depth" in ds:
        depth = ds["sample_depth"].to_numpy()
        depth = depth[np.isfinite(depth)]
        if depth.size:
            attrs |= {
                "geospatial_vertical_min": float(depth.min()),
                "geospatial_vertical_max": float(depth.max()),
                "geospatial_vertical_units": "m",
                "geospatial_vertical_positive": "down",
                "geospatial_bounds_vertical_crs": "EPSG:5831",
            }
    return attrs
