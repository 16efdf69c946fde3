"""Copernicus Marine In Situ TAC: one file per day, packed integers, flags of table 2.

Temperature, salinity and fCO2 of measurements of sea water with a position. The files
have the profile of the newer carbon product (format manual 1.42); a delivery note
beside them lists the MD5 of each file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.export.acdd import iso_time
from oceanco2.export.classic import (
    GOOD_DATA,
    MISSING_VALUE,
    NOMINAL,
    FileVariable,
    days_since_1950,
    quality_codes,
    save_classic,
)
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import (
    Measurements,
    measurements,
    require,
    require_attribute,
    require_flags,
)
from oceanco2.export.values import flags_of, merge_variables, values_of
from oceanco2.files import writing_folder
from oceanco2.platforms import stations
from oceanco2.provenance import now, package_version
from oceanco2.text import plain_text
from oceanco2.vocabulary import VALUE_TYPES

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


@dataclass(frozen=True, slots=True)
class CopernicusOptions:
    """Options of files for the Copernicus Marine In Situ service."""

    call_sign: str | None = None
    category: str | None = None
    data_mode: str = "R"
    product: str | None = None
    pushing_entity: str | None = None


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
    ds: xr.Dataset, files: Sequence[Path], options: CopernicusOptions
) -> tuple[str, bytes]:
    """Return name and content of the delivery note: all files with their MD5."""
    entity = options.pushing_entity or ds.attrs.get("institution") or "unknown"
    stamp = now().replace("-", "").replace(":", "")
    product = options.product or _PRODUCT
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


_RECEIVER = "Copernicus"
#: Values of reference table 2.
MEANINGS = (
    "no_qc_performed good_data probably_good_data"
    " bad_data_that_are_potentially_correctable bad_data value_changed"
    " value_below_detection nominal_value interpolated_value missing_value"
)
SCALE, FILL, FLAG_FILL = 0.001, -2147483647, -127
#: Name in the file to variable, standard name, units, long name.
PARAMETERS: Mapping[str, tuple[str, str, str, str]] = {
    "TEMP": ("SST", "sea_water_temperature", "degrees_C", "Sea temperature"),
    "PSAL": (
        "salinity",
        "sea_water_practical_salinity",
        "0.001",
        "Practical salinity",
    ),
    "FCO2": (
        "fCO2_water_SST_wet",
        "fugacity_of_carbon_dioxide_in_sea_water",
        "µatm",
        "Fugacity of carbon dioxide in sea water",
    ),
}
_KINDS = {"ship": "30", "mooring": "41", "surface_vehicle": "3B", "drifter": "42"}
_MOUNTS = {"ship": "mounted_on_shipborne_fixed", "mooring": "mounted_on_surface_buoy"}
_MOUNTS["drifter"] = "mounted_on_surface_buoy"
#: Kind of source in the name of a file; ships and surface vehicles are TS.
_SOURCES = {"mooring": "MO", "drifter": "DB"}


@exporter(
    "copernicus",
    description="Copernicus Marine In Situ, one netCDF per day and a delivery note",
    suffix="/",
    reference="Copernicus-InSituTAC-FormatManual-1.42",
    options=CopernicusOptions,
)
def write_copernicus(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write files for the Copernicus Marine In Situ service.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position, SST, salinity and fCO2 of sea water.
    path : str or Path
        The folder; created if it does not exist.
    **options : Any
        Fields of `CopernicusOptions`.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the folder cannot be written.
    """
    names = [parameter[0] for parameter in PARAMETERS.values()]
    require(ds, ["latitude", "longitude", *names], _RECEIVER)
    require_flags(ds, ["fCO2_water_SST_wet"], _RECEIVER)
    choices = CopernicusOptions(**options)
    product = choices.product or ""
    if not product.replace("_", "").isalnum() and product:
        raise OptionError(
            f"product must contain only letters, digits and _, not {product!r}"
        )
    identity = _identity(ds, choices)
    rows = measurements(
        ds, _RECEIVER, include_air=False, with_position=True, distinct=True
    )
    with writing_folder(path) as folder:
        files = []
        days = rows.time.astype("datetime64[D]")
        for day in np.unique(days):
            day_rows = _select_rows(rows, days == day)
            stamp = str(day).replace("-", "")
            name = f"GL_TS_{identity['source']}_{identity['platform_code']}_{stamp}.nc"
            variables = _variables(ds, day_rows, identity)
            attrs = identity | {"id": name.removesuffix(".nc")}
            attrs = global_attributes(ds, day_rows, variables["DEPH"].values, attrs)
            save_classic(folder / name, variables, attrs)
            files.append(folder / name)
        name, note = delivery_note(ds, files, choices)
        (folder / name).write_bytes(note)


def _select_rows(rows: Measurements, selected: np.ndarray) -> Measurements:
    """Return the selected rows."""
    return Measurements(
        rows.rows[selected],
        rows.time[selected],
        rows.latitude[selected],
        rows.longitude[selected],
        rows.water[selected],
        {},
    )


def _identity(ds: xr.Dataset, options: CopernicusOptions) -> dict[str, str]:
    """Return call sign, category, data mode, mount and source of the platform."""
    sign = (options.call_sign or "").strip()
    sign = sign or require_attribute(ds, "call_sign", _RECEIVER, "call_sign")
    if not sign.isalnum() or not sign.isascii():
        raise ProcessingError(
            f"call sign {sign!r} must contain only letters and digits: it is part"
            " of the file names (platform file: call_sign)"
        )
    data_mode = options.data_mode
    if data_mode not in ("R", "D"):
        raise OptionError(f"data_mode must be R or D, not {data_mode!r}")
    kind = str(ds.attrs.get("platform_kind", ""))
    if kind not in _KINDS:
        raise ProcessingError(
            f"Copernicus needs the kind of platform: it must be one of"
            f" {', '.join(_KINDS)}, not {kind!r} (platform file: kind)"
        )
    station_categories = {
        str(station.call_sign): str(station.category) for station in stations()
    }
    category = str(
        options.category or station_categories.get(sign.upper(), _KINDS[kind])
    )
    if category not in CATEGORIES:
        choices = ", ".join(CATEGORIES)
        raise OptionError(f"category must be one of {choices}, not {category!r}")
    return {
        "platform_code": sign.upper(),
        "category": category,
        "data_mode": data_mode,
        "mount": _MOUNTS.get(kind, " "),
        "source": _SOURCES.get(kind, "TS"),
    }


def _flag(name: str, dims: tuple[str, ...], codes: np.ndarray) -> FileVariable:
    attrs = {
        "long_name": f"{name} quality flag",
        "conventions": "Copernicus Marine In Situ reference table 2",
        "valid_min": np.int8(0),
        "valid_max": np.int8(9),
        "flag_values": np.arange(10, dtype=np.int8),
        "flag_meanings": MEANINGS,
    }
    return FileVariable(dims, codes.astype(np.int8), attrs, np.int8(FLAG_FILL))


def _variables(
    ds: xr.Dataset, rows: Measurements, identity: Mapping[str, str]
) -> dict[str, FileVariable]:
    """Variables of a file, coordinates first."""
    size = rows.rows.size
    present = np.ones(size, dtype=bool)
    position_codes = quality_codes(
        flags_of(ds, "position", rows.rows), present, ~present
    )
    time_codes = np.full(size, GOOD_DATA, dtype=np.int8)
    variables = {"TIME": FileVariable(("TIME",), days_since_1950(rows.time), _TIME)}
    variables["TIME_QC"] = _flag("TIME", ("TIME",), time_codes)
    for name, values in (("LATITUDE", rows.latitude), ("LONGITUDE", rows.longitude)):
        variables[name] = FileVariable(
            (name,), values.astype(np.float32), _POSITION[name]
        )
    variables["POSITION_QC"] = _flag("POSITION", ("POSITION",), position_codes)
    system = np.full(size, b"G", dtype="S1")
    variables["POSITIONING_SYSTEM"] = FileVariable(("POSITION",), system, _SYSTEM, b" ")
    depth = values_of(ds, "sample_depth", rows.rows)
    has_depth = np.isfinite(depth)
    packed = np.where(has_depth, depth, DEPTH_FILL).astype(np.float32)[:, None]
    variables["DEPH"] = FileVariable(("TIME", "DEPTH"), packed, _DEPTH, DEPTH_FILL)
    codes = np.where(has_depth, NOMINAL, MISSING_VALUE)[:, None]
    variables["DEPH_QC"] = _flag("DEPH", ("TIME", "DEPTH"), codes)
    for name, (variable, *_) in PARAMETERS.items():
        variables |= _parameter(ds, rows, name, variable, identity)
    return variables


def _parameter(
    ds: xr.Dataset,
    rows: Measurements,
    name: str,
    variable: str,
    identity: Mapping[str, str],
) -> dict[str, FileVariable]:
    merged = merge_variables(ds, (variable,), rows.rows)
    scaled = np.rint(merged.values / SCALE)
    # Values beyond 32 bits are impossible and written as missing.
    present = np.abs(scaled) < -FILL
    packed = np.where(present, scaled, FILL).astype(np.int32)
    nominal = merged.types == VALUE_TYPES["nominal"]
    codes = quality_codes(merged.flags, present, nominal)
    _, standard, units, long_name = PARAMETERS[name]
    attrs = {
        "long_name": long_name,
        "standard_name": standard,
        "units": units,
        "scale_factor": SCALE,
        "add_offset": 0.0,
        "data_mode": identity["data_mode"],
        "sensor_mount": identity["mount"],
        "ancillary_variables": f"{name}_QC",
    }
    dims = ("TIME", "DEPTH")
    return {
        name: FileVariable(dims, packed[:, None], attrs, np.int32(FILL)),
        f"{name}_QC": _flag(name, dims, codes[:, None]),
    }


_TIME = {
    "long_name": "Time",
    "standard_name": "time",
    "units": "days since 1950-01-01T00:00:00Z",
    "calendar": "standard",
    "axis": "T",
    "valid_min": -90000.0,
    "valid_max": 90000.0,
    "ancillary_variables": "TIME_QC",
}
_POSITION = {
    "LATITUDE": {
        "long_name": "Latitude of each location",
        "standard_name": "latitude",
        "units": "degree_north",
        "axis": "Y",
        "valid_min": np.float32(-90),
        "valid_max": np.float32(90),
        "ancillary_variables": "POSITION_QC",
    },
    "LONGITUDE": {
        "long_name": "Longitude of each location",
        "standard_name": "longitude",
        "units": "degree_east",
        "axis": "X",
        "valid_min": np.float32(-180),
        "valid_max": np.float32(180),
        "ancillary_variables": "POSITION_QC",
    },
}
_SYSTEM = {
    "long_name": "Positioning system",
    "flag_values": "A,G,L,N,U",
    "flag_meanings": "argos gps loran nominal unknown",
}
_DEPTH = {
    "long_name": "Depth",
    "standard_name": "depth",
    "units": "m",
    "axis": "Z",
    "positive": "down",
    "valid_min": np.float32(-12000),
    "valid_max": np.float32(12000),
    "ancillary_variables": "DEPH_QC",
}
