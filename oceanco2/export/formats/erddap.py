"""netCDF for ERDDAP: discrete sampling geometries as contiguous ragged arrays.

One trajectory (or, for a mooring with constant position, one time series), identified
by its expocode, along ``obs``. ERDDAP reads such files by ``EDDTableFromNcCFFiles``
without changes: coordinates are called time, latitude, longitude and depth, times are
seconds since 1970, missing values are NaN, and all required attributes are present.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, choose
from oceanco2.export.acdd import global_attributes, identifier
from oceanco2.export.cf import (
    TIME_ATTRS,
    check_standard_names,
    encode_time,
    temperature_scale,
)
from oceanco2.export.classic import FileVariable, save_classic, to_characters
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import Measurements, measurements, require
from oceanco2.export.values import flags_of, merge_variables, uncertainty_of, values_of
from oceanco2.files import one_set, write_bytes
from oceanco2.text import plain_text
from oceanco2.vocabulary import FLAG_VALUES, VARIABLES, attrs_of, flag_attrs

_RECEIVER = "ERDDAP"
_AIR = {
    f"{q}_atm_{w}": (f"{q}_atm_{w}_actual", f"{q}_atm_{w}_interp")
    for q, w in (("xCO2", "dry"), ("pCO2", "wet"), ("fCO2", "wet"))
}
#: Naming schemes: name in the file to variables, of which the first with a value is
#: used in each row. Variables that are not listed keep their names.
NAMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "oceanco2": {},
    "icos": {
        "TEMPPR01": ("SST",),
        "PSLTZZ01": ("salinity",),
        "TEMPEQMN": ("T_equ",),
        "PRES00EQ": ("P_equ",),
        "xCO2_water_equi_temp_dry": ("xCO2_water_Tequ_dry",),
        "PCO2XXXX": ("pCO2_water_SST_wet",),
        "FCO2XXXX": ("fCO2_water_SST_wet",),
        "xCO2_atm_dry": _AIR["xCO2_atm_dry"],
        "ACO2XXXX": _AIR["pCO2_atm_wet"],
        "FCO2WTAT": _AIR["fCO2_atm_wet"],
    },
    "copernicus": {
        "TEMP": ("SST",),
        "PSAL": ("salinity",),
        "FCO2": ("fCO2_water_SST_wet",),
    },
}


class _Suffixes(NamedTuple):
    """Suffixes of the names of flags and uncertainties."""

    flag: str
    uncertainty: str


_SUFFIXES = {
    "oceanco2": _Suffixes("_flag", "_uncertainty"),
    "icos": _Suffixes("_QC", "_uncertainty"),
    "copernicus": _Suffixes("_QC", "_UNCERTAINTY"),
}
_POSITION = ("latitude", "longitude", "sample_depth")
_KINDS = {"trajectory": "Trajectory", "timeSeries": "TimeSeries"}
#: Attributes about the processing, which are written to the complete netCDF only.
_INTERNAL = (
    "set_up",  # contains addresses of people
    "options",
    "versions",
    "warnings",
    "reading_notes",
    "manual_flags",
    "source_files",
    "source_files_sha256",
    "json_attributes",
    "featureType_comment",
    "rows_read",
    "rows_rejected",
    "rows_duplicated",
)


@exporter(
    "erddap",
    description="netCDF for ERDDAP: CF-1.11 ragged arrays",
    suffix=".nc",
    reference="CF-1.11 appendix H.4.3, H.2.4; ERDDAP EDDTableFromNcCFFiles",
)
def write_erddap(
    ds: xr.Dataset,
    path: str | Path,
    *,
    names: str = "oceanco2",
    datasets_xml: bool = False,
) -> None:
    """Write a file that ERDDAP can serve.

    Parameters
    ----------
    ds : xarray.Dataset
        Dataset with position and at least one CO2 result, with or without flags.
    path : str or Path
        The file; written atomically.
    names : {"oceanco2", "icos", "copernicus"}
        Names of variables: as in oceanco2 (SOCAT's names), as in the ERDDAP of ICOS
        (codes of P01), or as in Copernicus; flags are called ``X_QC`` in the latter
        two.
    datasets_xml : bool, default False
        Also write the entry for ``datasets.xml`` beside the file.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If there is no position or no measurement.
    OutputError
        If a file cannot be written.
    """
    choose("names", names, NAMES)
    if datasets_xml not in (True, False):
        raise OptionError(f"datasets_xml must be True or False, not {datasets_xml!r}")
    require(ds, ["latitude", "longitude"], _RECEIVER)
    rows = measurements(ds, _RECEIVER, with_position=True)
    fixed = np.ptp(rows.latitude) == 0 and np.ptp(rows.longitude) == 0
    moored = ds.attrs.get("platform_kind") == "mooring"
    feature = "timeSeries" if moored and fixed else "trajectory"
    variables = _instance(ds, rows, feature) | _observations(ds, rows, feature, names)
    check_standard_names(
        {name: xr.Variable(v.dims, v.values, v.attrs) for name, v in variables.items()}
    )
    attrs = _attributes(ds, rows, feature)
    if not datasets_xml:
        save_classic(path, variables, attrs)
        return
    xml = datasets_xml_entry(Path(path).name, variables, attrs)
    xml_path = Path(path).with_suffix(".datasets.xml")
    with one_set(str(ds.attrs.get("run_id", ""))):
        save_classic(path, variables, attrs)
        write_bytes(xml, xml_path)


def _instance(
    ds: xr.Dataset, rows: Measurements, feature: str
) -> dict[str, FileVariable]:
    """Return the identifier of the trajectory or station, and its number of rows."""
    dim = feature.lower()
    code = plain_text(identifier(ds))
    id_attrs = {
        "long_name": "expocode: platform and first day",
        "cf_role": f"{dim}_id",
        "coverage_content_type": "referenceInformation",
    }
    size_attrs = {
        "long_name": "number of observations",
        "sample_dimension": "obs",
        "units": "1",
        "coverage_content_type": "referenceInformation",
    }
    size = np.array([rows.rows.size], dtype=np.int32)
    return {
        f"{dim}_id": FileVariable(
            (dim, "id_strlen"), to_characters(code)[None, :], id_attrs
        ),
        "rowSize": FileVariable((dim,), size, size_attrs),
    }


def _observations(
    ds: xr.Dataset, rows: Measurements, feature: str, names: str
) -> dict[str, FileVariable]:
    """Coordinates and data variables."""
    is_station = feature == "timeSeries"
    time = {
        "standard_name": "time",
        "long_name": "time",
        "axis": "T",
        "time_precision": "1970-01-01T00:00:00.000Z",
        "coverage_content_type": "coordinate",
    }
    seconds = encode_time(rows.time)
    variables = {"time": FileVariable(("obs",), seconds, {**time, **TIME_ATTRS})}
    for name, axis in (("latitude", "Y"), ("longitude", "X")):
        attrs = attrs_of(name) | {"axis": axis, "coverage_content_type": "coordinate"}
        values = getattr(rows, name)
        values = values[:1] if is_station else values
        dims = (feature.lower(),) if is_station else ("obs",)
        variables[name] = FileVariable(dims, values, attrs)
    depth = values_of(ds, "sample_depth", rows.rows)
    coordinates = "time latitude longitude"
    if np.isfinite(depth).any():
        attrs = attrs_of("sample_depth") | {"axis": "Z", "positive": "down"}
        attrs["coverage_content_type"] = "coordinate"
        variables["depth"] = FileVariable(("obs",), depth, attrs, np.nan)
        coordinates += " depth"
    suffixes = _SUFFIXES[names]
    for name, sources in _columns(ds, names).items():
        variables |= _column(
            ds, name, sources, rows.rows, coordinates=coordinates, suffixes=suffixes
        )
    if "position_flag" in ds:
        flags = flags_of(ds, "latitude", rows.rows)
        variables[f"position{suffixes.flag}"] = _flag("position", flags, coordinates)
    return variables


def _columns(ds: xr.Dataset, names: str) -> dict[str, tuple[str, ...]]:
    """Map names in the file to variables, in the order of the vocabulary."""
    mapping = NAMES[names]
    renamed = {v: name for name, sources in mapping.items() for v in sources}
    columns: dict[str, tuple[str, ...]] = {}
    for variable in VARIABLES:
        if variable in _POSITION or variable not in ds.data_vars:
            continue
        if ds[variable].dims == ("time",) and ds[variable].dtype.kind in "fiu":
            name = renamed.get(variable, variable)
            columns[name] = mapping.get(name, (variable,))
    return columns


def _column(
    ds: xr.Dataset,
    name: str,
    sources: tuple[str, ...],
    rows: np.ndarray,
    *,
    coordinates: str,
    suffixes: _Suffixes,
) -> dict[str, FileVariable]:
    """Values, flags and uncertainty of one quantity; empty if it has no values."""
    merged = merge_variables(ds, sources, rows)
    if not np.isfinite(merged.values).any():
        return {}
    last_source = sources[-1]
    attrs = _attributes_of(last_source, coordinates)
    variables = {name: FileVariable(("obs",), merged.values, attrs, np.nan)}
    if any(f"{source}_flag" in ds for source in sources):
        variables[name + suffixes.flag] = _flag(name, merged.flags, coordinates)
    uncertainty = uncertainty_of(ds, sources, rows, merged)
    if uncertainty is not None:
        uncertainty_attrs = _attributes_of(f"{last_source}_uncertainty", coordinates)
        variables[name + suffixes.uncertainty] = FileVariable(
            ("obs",), uncertainty, uncertainty_attrs, np.nan
        )
    if len(variables) > 1:
        attrs["ancillary_variables"] = " ".join(list(variables)[1:])
    return variables


def _attributes_of(name: str, coordinates: str) -> dict[str, Any]:
    is_uncertainty = name.endswith("_uncertainty")
    content = "qualityInformation" if is_uncertainty else "physicalMeasurement"
    attrs = attrs_of(name, coordinates=coordinates, coverage_content_type=content)
    scale = temperature_scale(name, attrs["units"])
    return attrs | ({"units_metadata": scale} if scale else {})


def _flag(name: str, flags: np.ndarray, coordinates: str) -> FileVariable:
    attrs = flag_attrs(name) | {
        "coordinates": coordinates,
        "coverage_content_type": "qualityInformation",
        "flag_values": np.array(list(FLAG_VALUES.values()), dtype=np.int8),
    }
    return FileVariable(("obs",), flags.astype(np.int8), attrs)


def _attributes(ds: xr.Dataset, rows: Measurements, feature: str) -> dict[str, Any]:
    selected = ds.isel(time=rows.rows)
    acdd = global_attributes(selected, feature)
    attrs = {
        key: value
        for key, value in sorted(acdd.items())
        if key not in _INTERNAL and isinstance(value, str | int | float) and value != ""
    }
    dim = feature.lower()
    variables = [f"{dim}_id"]
    variables += ["latitude", "longitude"] if feature == "timeSeries" else []
    pages = [str(ds.attrs.get(k) or "") for k in ("creator_url", "publisher_url")]
    doi = str(ds.attrs.get("doi") or "").removeprefix("doi:")
    pages.insert(0, f"https://doi.org/{doi}" if doi.startswith("10.") else doi)
    info_url = next(filter(None, pages), "https://www.socat.info")
    return attrs | {
        "cdm_data_type": _KINDS[feature],
        f"cdm_{dim}_variables": ", ".join(variables),
        "subsetVariables": ", ".join(variables),
        "infoUrl": info_url,
        "sourceUrl": "(local files)",
        "institution": attrs.get("institution", "unknown"),
    }


#: Types of variables in ERDDAP.
_TYPES = {"f8": "double", "i4": "int", "i1": "byte", "S1": "String"}


def datasets_xml_entry(
    file_name: str, variables: Mapping[str, FileVariable], attrs: Mapping[str, Any]
) -> bytes:
    """Return the entry of a file for ``datasets.xml``."""
    ident = f"oceanco2_{attrs.get('expocode') or attrs['id']}"
    dataset_attributes = {
        "type": "EDDTableFromNcCFFiles",
        "datasetID": "".join(c if c.isalnum() else "_" for c in ident),
        "active": "true",
    }
    dataset = ET.Element("dataset", dataset_attributes)
    settings = {
        "reloadEveryNMinutes": "10080",
        "fileDir": "FOLDER OF THE FILE/",
        "fileNameRegex": file_name.replace(".", r"\."),
        "recursive": "false",
        "pathRegex": ".*",
        "metadataFrom": "last",
        "sortedColumnSourceName": "",
        "sortFilesBySourceNames": "time",
        "fileTableInMemory": "false",
    }
    for key, value in settings.items():
        ET.SubElement(dataset, key).text = value
    for name, variable in variables.items():
        if name == "rowSize":
            continue
        element = ET.SubElement(dataset, "dataVariable")
        ET.SubElement(element, "sourceName").text = name
        ET.SubElement(element, "destinationName").text = name
        ET.SubElement(element, "dataType").text = _TYPES[variable.values.dtype.str[1:]]
        attributes = ET.SubElement(element, "addAttributes")
        category = _ioos_category(name, variable)
        ET.SubElement(attributes, "att", {"name": "ioos_category"}).text = category
    ET.indent(dataset)
    return ET.tostring(dataset, encoding="utf-8") + b"\n"


def _ioos_category(name: str, variable: FileVariable) -> str:
    if name == "time":
        return "Time"
    if name in ("latitude", "longitude", "depth"):
        return "Location"
    return "Identifier" if "cf_role" in variable.attrs else "CO2"
