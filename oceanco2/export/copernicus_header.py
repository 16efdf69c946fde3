"""Global attributes and delivery note of files for Copernicus Marine In Situ."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from oceanco2.export.acdd import iso_time
from oceanco2.export.measurements import Measurements
from oceanco2.identity import plain_text
from oceanco2.provenance import now, package_version

CONVENTIONS = (
    "CF-1.6 Copernicus-InSituTAC-FormatManual-1.42 Copernicus-InSituTAC-SRD-1.5"
    " Copernicus-InSituTAC-ParametersList-3.2.0"
)
_PRODUCT = "INSITU_GLO_PHYBGCWAV_DISCRETE_MYNRT_013_030"
DEPTH_FILL = np.float32(9.96921e36)
#: SeaVoX category and its words; what a kind of platform is if no station says more.
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
    ds: xr.Dataset, rows: Measurements, depth: np.ndarray, about: Mapping[str, str]
) -> dict[str, Any]:
    """Return the global attributes of a file; a blank stands for what nobody said."""
    moored = about["category"] == "41"
    made = {
        "title": _TITLES[about["data_mode"]],
        "id": about["id"],
        "naming_authority": "Copernicus Marine In Situ",
        "data_type": f"OceanSITES {'time-series' if moored else 'trajectory'} data",
        "format_version": "1.4",
        "Conventions": CONVENTIONS,
        "netcdf_version": "netCDF-4 classic model",
        "data_mode": about["data_mode"],
        "cdm_data_type": "station" if moored else "trajectory",
        "area": "Global Ocean",
        "update_interval": "P1D",
        "date_update": now(),
        "history": f"{now()} oceanco2 {package_version()}: file made",
        "references": "http://marine.copernicus.eu http://www.marineinsitu.eu",
    }
    return made | _platform(ds, about) | _said(ds) | _extent(rows, depth)


def _platform(ds: xr.Dataset, about: Mapping[str, str]) -> dict[str, str]:
    code = about["platform_code"]
    name = str(ds.attrs.get("platform_name") or code)
    return {
        "summary": f"Surface ocean CO2 from {name}",
        "platform_code": code,
        "platform_name": name,
        "site_code": code,
        "ices_platform_code": str(ds.attrs.get("platform_code") or " "),
        "source": CATEGORIES[about["category"]],
        "source_platform_category_code": about["category"],
    }


def _said(ds: xr.Dataset) -> dict[str, str]:
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
    """Say where and when, as texts: so this service has them."""
    lat, lon = rows.latitude, rows.longitude
    deep = depth[depth != DEPTH_FILL]
    ends = [f"{x:.1f}" for x in (deep.min(), deep.max())] if deep.size else [" ", " "]
    last = iso_time(rows.time[-1])
    return {
        "geospatial_lat_min": f"{lat.min():.5f}",
        "geospatial_lat_max": f"{lat.max():.5f}",
        "geospatial_lon_min": f"{lon.min():.5f}",
        "geospatial_lon_max": f"{lon.max():.5f}",
        "geospatial_vertical_min": ends[0],
        "geospatial_vertical_max": ends[1],
        "time_coverage_start": iso_time(rows.time[0]),
        "time_coverage_end": last,
        "last_date_observation": last,
        "last_latitude_observation": f"{lat[-1]:.5f}",
        "last_longitude_observation": f"{lon[-1]:.5f}",
    }


def delivery_note(
    ds: xr.Dataset, files: Sequence[Path], options: Mapping[str, Any]
) -> tuple[str, bytes]:
    """Name every file with its MD5, as the service takes deliveries."""
    entity = options.get("pushing_entity") or ds.attrs.get("institution") or "unknown"
    stamp = now().replace("-", "").replace(":", "")
    product = str(options.get("product") or _PRODUCT)
    about = {"PushingEntity": plain_text(entity), "date": stamp, "product": product}
    delivery = ET.Element("delivery", about)
    dataset = ET.SubElement(delivery, "dataset", {"DatasetName": f"{product}_latest"})
    for file in files:
        content = file.read_bytes()
        said = {
            "FileName": f"latest/{file.stem.rpartition('_')[2]}/{file.name}",
            "Checksum": hashlib.md5(content, usedforsecurity=False).hexdigest(),
            "FileType": "NetCDF",
        }
        ET.SubElement(dataset, "file", said)
    ET.indent(delivery)
    text = ET.tostring(delivery, encoding="utf-8", xml_declaration=True)
    return f"{product}_P{stamp}.xml", text + b"\n"
