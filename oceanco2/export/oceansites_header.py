"""Coordinates and global attributes of OceanSITES files."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.expocode import plain_text
from oceanco2.export.acdd import global_attributes, iso_time
from oceanco2.export.rows import Measurements, require_attribute
from oceanco2.export.values import values_of
from oceanco2.provenance import now

RECEIVER = "OceanSITES"
TIME: Mapping[str, Any] = {
    "long_name": "time of measurement",
    "standard_name": "time",
    "units": "days since 1950-01-01T00:00:00Z",
    "calendar": "standard",
    "axis": "T",
    "valid_min": 0.0,
    "valid_max": 90000.0,
    "ancillary_variables": "TIME_QC",
}
PLACES: Mapping[str, Mapping[str, Any]] = {
    "LATITUDE": {
        "long_name": "latitude of measurement",
        "standard_name": "latitude",
        "units": "degrees_north",
        "axis": "Y",
        "valid_min": -90.0,
        "valid_max": 90.0,
        "reference": "WGS84",
        "coordinate_reference_frame": "urn:ogc:def:crs:EPSG::4326",
        "ancillary_variables": "LATITUDE_QC",
    },
    "LONGITUDE": {
        "long_name": "longitude of measurement",
        "standard_name": "longitude",
        "units": "degrees_east",
        "axis": "X",
        "valid_min": -180.0,
        "valid_max": 180.0,
        "reference": "WGS84",
        "coordinate_reference_frame": "urn:ogc:def:crs:EPSG::4326",
        "ancillary_variables": "LONGITUDE_QC",
    },
    "DEPTH": {
        "long_name": "depth of measurement",
        "standard_name": "depth",
        "units": "meters",
        "positive": "down",
        "axis": "Z",
        "valid_min": -10.0,
        "valid_max": 12000.0,
        "reference": "sea_level",
        "coordinate_reference_frame": "urn:ogc:def:crs:EPSG::5831",
        "ancillary_variables": "DEPTH_QC",
    },
}

_FROM_ACDD = (
    "title",
    "summary",
    "source",
    "institution",
    "project",
    "keywords",
    "keywords_vocabulary",
    "comment",
    "creator_name",
    "creator_email",
    "creator_url",
    "creator_type",
    "creator_institution",
    "publisher_name",
    "publisher_email",
    "publisher_url",
    "contributor_name",
    "contributor_role",
    "references",
    "license",
    "acknowledgement",
    "wmo_platform_code",
    "expocode",
    "history",
    "standard_name_vocabulary",
    "geospatial_lat_min",
    "geospatial_lat_max",
    "geospatial_lat_units",
    "geospatial_lon_min",
    "geospatial_lon_max",
    "geospatial_lon_units",
    "time_coverage_duration",
    "time_coverage_resolution",
)
_DATA_TYPES = {"timeSeries": "time-series", "trajectory": "trajectory"}


def header(
    ds: xr.Dataset, rows: Measurements, feature: str, mode: str
) -> dict[str, Any]:
    """Return the global attributes of ACDD and OceanSITES."""
    acdd = global_attributes(ds.isel(time=rows.rows), feature)
    from_acdd = {
        key: acdd[key] for key in _FROM_ACDD if acdd.get(key) not in (None, "")
    }
    depth = values_of(ds, "sample_depth", rows.rows)
    depth = depth[np.isfinite(depth)]
    oceansites = {
        "site_code": platform_code(ds),
        "platform_code": platform_code(ds),
        "data_mode": mode,
        "naming_authority": "OceanSITES",
        "cdm_data_type": "Station" if feature == "timeSeries" else "Trajectory",
        "data_type": f"OceanSITES {_DATA_TYPES[feature]} data",
        "format_version": "1.4",
        "Conventions": "CF-1.6, OceanSITES-1.4, ACDD-1.3",
        "netcdf_version": "4.x classic model",
        "area": "World Ocean",
        "principal_investigator": acdd.get("creator_name", " "),
        "geospatial_vertical_min": float(depth.min()) if depth.size else 0.0,
        "geospatial_vertical_max": float(depth.max()) if depth.size else 0.0,
        "geospatial_vertical_positive": "down",
        "geospatial_vertical_units": "meter",
        "time_coverage_start": iso_time(rows.time[0]),
        "time_coverage_end": iso_time(rows.time[-1]),
        "update_interval": "void" if mode == "D" else "P1D",
        "date_created": now(),
        "date_modified": now(),
        "QC_indicator": "good data" if mode == "D" else "mixed",
        "processing_level": "Data manually reviewed"
        if mode == "D"
        else "Data verified against model or other contextual information",
    }
    if feature == "trajectory":
        oceansites["featureType"] = feature
    return from_acdd | oceansites


def platform_code(ds: xr.Dataset) -> str:
    """Return the code of the platform: letters, digits and hyphens."""
    key = "site_code" if ds.attrs.get("site_code") else "platform_name"
    return file_name_code(require_attribute(ds, key, RECEIVER, "name"))


def file_name_code(text: object) -> str:
    """Remove characters that are not allowed in file names of OceanSITES.

    Examples
    --------
    >>> file_name_code("R/V Ørsted 2")
    'RVOrsted2'
    """
    return re.sub(r"[^A-Za-z0-9-]+", "", plain_text(text))
