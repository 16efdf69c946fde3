"""The manifest of a package: contents, time range and bounds."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.icos.table_check import IcosCheck
from oceanco2.metadata.portal_versions import PortalObject
from oceanco2.provenance import now, package_version

#: The export option of the Ocean Thematic Centre, and the folder of the table.
OPTION = "ICOS OTC"


def manifest(
    ds: xr.Dataset,
    table: PortalObject,
    table_check: IcosCheck,
    intervals: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Return the manifest of a package."""
    attrs = ds.attrs
    bounds = _bounds(ds)
    return {
        "manifest": {
            "metadata": {
                "name": PurePosixPath(table.file_name).stem,
                "start": table_check.start,
                "end": table_check.stop,
                "platformCode": attrs.get("platform_code", ""),
                "platformName": attrs.get("platform_name", ""),
                "instrumentName": attrs.get("platform_file", ""),
                "nrt": table.level == 1,
                "last_touched": now(),
                "comments": attrs.get("comment", ""),
                "bounds": bounds,
                "quince_information": f"made by oceanco2 {package_version()}",
            },
            "calibrations": _calibrations(ds),
            "exportFiles": {
                OPTION: {
                    "filename": table.file_name,
                    "records": table_check.rows,
                    "validStartDate": table_check.start,
                    "validEndDate": table_check.stop,
                    "validBounds": bounds,
                }
            },
            "raw": [
                {"filename": name, "start": start, "end": stop}
                for name, (start, stop) in intervals.items()
            ],
        }
    }


def _bounds(ds: xr.Dataset) -> dict[str, float]:
    lat, lon = (ds[name].to_numpy() for name in ("latitude", "longitude"))
    is_valid = (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
    if "position_flag" in ds:
        is_valid &= ds["position_flag"].to_numpy() != 4
    if not is_valid.any():
        return {}
    lon = (lon[is_valid] + 180) % 360 - 180
    bounds = (lat[is_valid].min(), lat[is_valid].max(), lon.min(), lon.max())
    keys = ("south", "north", "west", "east")
    return {
        key: round(float(value), 6) for key, value in zip(keys, bounds, strict=True)
    }


def _calibrations(ds: xr.Dataset) -> dict[str, Any]:
    sensors = {
        str(name): str(ds[name].attrs["sensor"])
        for name in ds.data_vars
        if ds[name].attrs.get("sensor")
    }
    standards: list[float] = []
    if "standard_run_true" in ds:
        true = np.unique(ds["standard_run_true"].to_numpy())
        standards = [round(float(x), 4) for x in true[np.isfinite(true)]]
    options = json.loads(ds.attrs.get("options", "{}"))
    return {
        "sensorCalibrations": sensors,
        "externalStandards": standards,
        "calculationCoefficients": options.get("calibration", {}),
    }
