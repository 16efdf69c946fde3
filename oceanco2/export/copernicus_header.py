"""Global attributes and delivery note of files for Copernicus Marine In Situ."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from oceanco2.expocode import plain_text
from oceanco2.export.acdd import iso_time
from oceanco2.export.rows import Measurements
from oceanco2.provenance import now, package_version

CONVENTIONS = (
    "CF-1.6 Copernicus-InSituTAC-FormatManual-1.42 Copernicus-InSituTAC-SRD-1.5"
    " Copernicus-InSituTAC-ParametersList-3.2.0"
)
_PRODUCT = "INSITU_GLO_PHYBGCWAV_DISCRETE_MYNRT_013_030"
DEPTH_FILL = np.float32(9.96921e36)
#: SeaVoX categories and their names, for kinds of platforms without a station.
CATEGORIES = {
    "30": "ship",
    "31": "research vessel",
    "32": "vessel of opportunity",
    "3B": "autonomous surface water vehicle",
    "41": "moored surface buoy",
    "42": "drifting surface float",
}
_TITLES = {
    "R": "Global Ocean - In Situ near-real-time carbon observation",
    "D": "Global Ocean - In Situ carbon observation",
}


def global_attributes(
    ds: xr.Dataset, rows: Measurements, depth: np.ndarray, identity: Mapping[str, str]
) -> dict[str, Any]:
    """Return the global attributes of a file; a blank means not stated."""
    is_mooring = identity["category"] == "41"
    attrs = {
        "title": _TITLES[identity["data_mode"]],
        "id": identity["id"],
        "naming_authority": "Copernicus Marine In Situ",
        "data_type": f"OceanSITES {'time-series' if is_mooring else 'trajectory'} data",
        "format_version": "1.4",
        "Conventions": CONVENTIONS,
        "netcdf_version": "netCDF-4 classic model",
        "data_mode": identity["data_mode"],
        "cdm_data_type": "station" if is_mooring else "trajectory",
        "area": "Global Ocean",
        "update_interval": "P1D",
        "date_update": now(),
        "history": f"{now()} oceanco2 {package_version()}: file made",
        "references": "http://marine.copernicus.eu http://www.marineinsitu.eu",
    }
    return (
        attrs | _platform(ds, identity) | _stated_attributes(ds) | _extent(rows, depth)
    )


def _platform(ds: xr.Dataset, identity: Mapping[str, str]) -> dict[str, str]:
    code = identity["platform_code"]
    name = str(ds.attrs.get("platform_name") or code)
    return {
        "summary": f"Surface ocean CO2 from {name}",
        "platform_code": code,
        "platform_name": name,
        "site_code": code,
        "ices_platform_code": str(ds.attrs.get("platform_code") or " "),
        "source": CATEGORIES[identity["category"]],
        "source_platform_category_code": identity["category"],
    }


def _stated_attributes(ds: xr.Dataset) -> dict[str, str]:
    names = {
        "institution": "institution",
        "institution_edmo_code": "institution_edmo_code",
        "institution_references": "creator_url",
        "wmo_platform_code": "wmo_platform_code",
        "pi_name": "creator_name",
        "contact": "creator_email",
        "doi": "doi",
        "distribution_statement": "license",
        "citation": "references",
        "comment": "comment",
    }
    return {key: str(ds.attrs.get(name) or " ") for key, name in names.items()}


def _extent(rows: Measurements, depth: np.ndarray) -> dict[str, str]:
    """Return bounds and times as text, as this service requires."""
    lat, lon = rows.latitude, rows.longitude
    known_depths = depth[depth != DEPTH_FILL]
    depth_range = (
        [f"{x:.1f}" for x in (known_depths.min(), known_depths.max())]
        if known_depths.size
        else [" ", " "]
    )
    last = iso_time(rows.time[-1])
    return {
        "geospatial_lat_min": f"{lat.min():.5f}",
        "geospatial_lat_max": f"{lat.max():.5f}",
        "geospatial_lon_min": f"{lon.min():.5f}",
        "geospatial_lon_max": f"{lon.max():.5f}",
        "geospatial_vertical_min": depth_range[0],
        "geospatial_vertical_max": depth_range[1],
        "time_coverage_start": iso_time(rows.time[0]),
        "time_coverage_end": last,
        "last_date_observation": last,
        "last_latitude_observation": f"{lat[-1]:.5f}",
        "last_longitude_observation": f"{lon[-1]:.5f}",
    }


def delivery_note(
    ds: xr.Dataset, files: Sequence[Path], options: Mapping[str, Any]
) -> tuple[str, bytes]:
    """Return name and content of the delivery note: all files with their MD5."""
    entity = options.get("pushing_entity") or ds.attrs.get("institution") or "unknown"
    stamp = now().replace("-", "").replace(":", "")
    product = str(options.get("product") or _PRODUCT)
    delivery_attributes = {
        "PushingEntity": plain_text(entity),
        "date": stamp,
        "product": product,
    }
    delivery = ET.Element("delivery", delivery_attributes)
    dataset = ET.SubElement(delivery, "dataset", {"DatasetName": f"{product}_latest"})
    for file in files:
        content = file.read_bytes()
        file_attributes = {
            "FileName": f"latest/{file.stem.rpartition('_')[2]}/{file.name}",
            "Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "FileType": "NetCDF",
        }
        ET.SubElement(dataset, "file", file_attributes)
    ET.indent(delivery)
    text = ET.tostring(delivery, encoding="utf-8", xml_declaration=True)
    return f"{product}_P{stamp}.xml", text + b"\n"
