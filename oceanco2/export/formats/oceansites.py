"""OceanSITES 1.4 netCDF: moorings as time series, all other platforms as trajectory.

Each parameter has ``<PARAM>_QC`` (WOCE 2, good, is 1 here; 2 would be "probably
good"), ``<PARAM>_DM`` and, if known, ``<PARAM>_UNCERTAINTY`` (one standard deviation).
The only CO2 code of the reference table is ``PCO2``, for air; the other names are free
and identified by their standard name.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.expocode import first_day
from oceanco2.export.acdd import global_attributes, identifier, iso_time
from oceanco2.export.classic import (
    GOOD_DATA,
    NOMINAL,
    FileVariable,
    days_since_1950,
    quality_codes,
    save_classic,
    to_characters,
)
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import (
    Measurements,
    measurements,
    require,
    require_attribute,
    require_flags,
    results,
)
from oceanco2.export.values import flags_of, merge_variables, uncertainty_of, values_of
from oceanco2.provenance import now
from oceanco2.text import plain_text
from oceanco2.vocabulary import VALUE_TYPES, VARIABLES

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


FILL = 99999.0
#: Reference table 2, as attributes.
_CODES = np.array([0, 1, 2, 3, 4, 7, 8, 9], dtype=np.int8)
_MEANINGS = (
    "unknown good_data probably_good_data potentially_correctable_bad_data bad_data"
    " nominal_value interpolated_value missing_value"
)
#: Reference table 4.
MODES = {"R": "real-time", "P": "provisional", "D": "delayed-mode", "M": "mixed"}
#: Name in the file to variables, of which the first with a value is used in each row.
PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "TEMP": ("SST",),
    "PSAL": ("salinity",),
    "XCO2_SW": ("xCO2_water_SST_dry", "xCO2_water_Tequ_dry"),
    "PCO2_SW": ("pCO2_water_SST_wet",),
    "FCO2_SW": ("fCO2_water_SST_wet",),
    "XCO2": ("xCO2_atm_dry_actual", "xCO2_atm_dry_interp"),
    "PCO2": ("pCO2_atm_wet_actual", "pCO2_atm_wet_interp"),
    "FCO2_AIR": ("fCO2_atm_wet_actual", "fCO2_atm_wet_interp"),
    "DFCO2": ("delta_fCO2",),
    "ATMP": ("P_atm",),
    "WSPD": ("wind_speed",),
}
#: Standard names that differ from those of oceanco2.
_STANDARD = {"TEMP": "sea_water_temperature"}
_STANDARD["XCO2"] = "mole_fraction_of_carbon_dioxide_in_dry_air"
_STANDARD["PCO2"] = "surface_partial_pressure_of_carbon_dioxide_in_air"


def oceansites_file_name(ds: xr.Dataset, data_mode: str, part: str = "CO2") -> str:
    """Return the file name by the rules of OceanSITES."""
    if data_mode not in MODES:
        choices = ", ".join(f"{key} ({word})" for key, word in MODES.items())
        raise OptionError(f"data_mode must be one of {choices}, not {data_mode!r}")
    if not re.fullmatch(r"[A-Za-z0-9-]+", part):
        raise OptionError(f"part must contain only letters, digits and -, not {part!r}")
    deployment = file_name_code(ds.attrs.get("deployment_code") or first_day(ds))
    return f"OS_{platform_code(ds)}_{deployment}_{data_mode}_{part}.nc"


@exporter(
    "oceansites",
    description="OceanSITES 1.4 netCDF with quality, mode and uncertainty",
    suffix=".nc",
    reference="OceanSITES Data Format Reference Manual 1.4",
)
def write_oceansites(
    ds: xr.Dataset,
    path: str | Path,
    *,
    data_mode: str | None = None,
    part: str = "CO2",
) -> Path:
    """Write an OceanSITES file.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position and at least one CO2 result of sea water.
    path : str or Path
        The file, or a folder in which the file gets its standard name.
    data_mode : {"R", "P", "D", "M"}, optional
        By default delayed if there are manual flags, else provisional.
    part : str, default "CO2"
        Last part of the name.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the file cannot be written.
    """
    has_manual_flags = any(str(name).endswith("_flag_manual") for name in ds.data_vars)
    mode = data_mode or ("D" if has_manual_flags else "P")
    name = oceansites_file_name(ds, mode, part)
    path = Path(path)
    path = path / name if path.is_dir() else path
    require(ds, ["latitude", "longitude", "SST"], RECEIVER)
    require_flags(ds, results("water"), RECEIVER)
    rows = measurements(ds, RECEIVER, with_position=True, distinct=True)
    feature = _feature(ds, rows)
    variables = _variables(ds, rows, feature, mode)
    attrs = header(ds, rows, feature, mode) | {"id": name.removesuffix(".nc")}
    save_classic(path, variables, attrs)
    return path


def _feature(ds: xr.Dataset, rows: Measurements) -> str:
    fixed = np.ptp(rows.latitude) == 0 and np.ptp(rows.longitude) == 0
    moored = ds.attrs.get("platform_kind") == "mooring"
    return "timeSeries" if moored and fixed else "trajectory"


def _variables(
    ds: xr.Dataset, rows: Measurements, feature: str, mode: str
) -> dict[str, FileVariable]:
    """Coordinates, then each parameter with quality, mode and uncertainty."""
    moored = feature == "timeSeries"
    dims = ("TIME", "DEPTH") if moored else ("TIME",)
    shape = (rows.rows.size, 1) if moored else (rows.rows.size,)
    variables = _coordinates(ds, rows, moored)
    for name, sources in PARAMETERS.items():
        merged = merge_variables(ds, sources, rows.rows)
        present = np.isfinite(merged.values)
        if not present.any():
            continue
        nominal = merged.types == VALUE_TYPES["nominal"]
        codes = quality_codes(merged.flags, present, nominal)
        values = np.where(present, merged.values, FILL).reshape(shape)
        uncertainty = uncertainty_of(ds, sources, rows.rows, merged)
        attrs = _parameter_attrs(name, sources[0], mode, uncertainty is not None)
        if not moored:  # a fixed mooring has dimension coordinates
            attrs["coordinates"] = "TIME DEPTH LATITUDE LONGITUDE"
        variables[name] = FileVariable(dims, values, attrs, FILL)
        variables[f"{name}_QC"] = _quality(name, dims, codes.reshape(shape))
        variables[f"{name}_DM"] = _mode(name, dims, np.full(shape, mode, dtype="S1"))
        if uncertainty is not None:
            values = np.where(np.isfinite(uncertainty), uncertainty, FILL).reshape(
                shape
            )
            uncertainty_attrs = _uncertainty_attrs(attrs)
            variables[f"{name}_UNCERTAINTY"] = FileVariable(
                dims, values, uncertainty_attrs, FILL
            )
    return variables


def _uncertainty_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the uncertainty of a parameter."""
    shared = {key: attrs[key] for key in ("units", "coordinates") if key in attrs}
    if "standard_name" in attrs:
        shared["standard_name"] = f"{attrs['standard_name']} standard_error"
    return shared | {
        "long_name": f"uncertainty of {attrs['long_name']}, one sigma",
        "coverage_content_type": "qualityInformation",
    }


def _parameter_attrs(
    name: str, variable: str, mode: str, with_uncertainty: bool
) -> dict[str, Any]:
    variable_entry = VARIABLES[variable]
    ancillary = [f"{name}_QC", f"{name}_DM"]
    ancillary += [f"{name}_UNCERTAINTY"] if with_uncertainty else []
    attrs = {
        "long_name": variable_entry.long_name.partition(", where air")[0],
        "standard_name": _STANDARD.get(name) or variable_entry.standard_name,
        "units": "degree_C"
        if variable_entry.units == "degree_Celsius"
        else variable_entry.units,
        "ancillary_variables": " ".join(ancillary),
        "DM_indicator": mode,
        "coverage_content_type": "physicalMeasurement",
    }
    if name == "TEMP":
        attrs["reference_scale"] = "ITS-90"
    if name == "PSAL":
        attrs["reference_scale"] = "PSS-78"
    return {key: value for key, value in attrs.items() if value}


def _quality(name: str, dims: tuple[str, ...], codes: np.ndarray) -> FileVariable:
    attrs = {
        "long_name": f"quality flag of {name}",
        "conventions": "OceanSITES QC Flags",
        "valid_min": np.int8(0),
        "valid_max": np.int8(9),
        "flag_values": _CODES,
        "flag_meanings": _MEANINGS,
        "coverage_content_type": "qualityInformation",
    }
    return FileVariable(dims, codes.astype(np.int8), attrs, np.int8(-128))


def _mode(name: str, dims: tuple[str, ...], values: np.ndarray) -> FileVariable:
    meanings = ", ".join(f"{letter} {word}" for letter, word in MODES.items())
    attrs = {
        "long_name": f"data mode of {name}",
        "conventions": "OceanSITES reference table 4",
        "comment": meanings,
        "coverage_content_type": "qualityInformation",
    }
    return FileVariable(dims, values, attrs, b" ")


def _coordinates(
    ds: xr.Dataset, rows: Measurements, moored: bool
) -> dict[str, FileVariable]:
    depth = values_of(ds, "sample_depth", rows.rows)
    has_depth = np.isfinite(depth)
    depth = np.where(has_depth, depth, 0.0)
    coordinates = {
        "LATITUDE": rows.latitude,
        "LONGITUDE": rows.longitude,
        "DEPTH": depth,
    }
    all_rows = np.ones(rows.rows.size, dtype=bool)
    flags = quality_codes(flags_of(ds, "latitude", rows.rows), all_rows, ~all_rows)
    variables = {
        "TIME": FileVariable(("TIME",), days_since_1950(rows.time), dict(TIME))
    }
    good = np.full(rows.rows.size, GOOD_DATA)
    variables["TIME_QC"] = _quality("TIME", ("TIME",), good)
    for name, values in coordinates.items():
        codes = np.full(rows.rows.size, NOMINAL) if name == "DEPTH" else flags
        dims = (name,) if moored else ("TIME",)
        file_values = (
            np.array([np.median(values)]) if moored else values
        )  # one position
        codes = codes[:1] if moored else codes
        attrs = dict(PLACES[name])
        if name == "DEPTH" and not has_depth.any():
            attrs["comment"] = "at the surface; the depth of the intake is not known"
        variables[name] = FileVariable(dims, file_values, attrs)
        variables[f"{name}_QC"] = _quality(name, dims, codes)
    if not moored:
        characters = to_characters(plain_text(identifier(ds)))
        attrs = {"long_name": "expocode: platform and first day"}
        attrs["cf_role"] = "trajectory_id"
        variables["TRAJECTORY"] = FileVariable(
            (f"STRING{characters.size}",), characters, attrs
        )
    return variables
