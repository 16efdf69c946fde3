"""ERDDAP-ready netCDF: discrete sampling geometries as contiguous ragged arrays.

One trajectory (or, for a mooring at its place, one time series) named by its
expocode, along ``obs``. ERDDAP reads such files by ``EDDTableFromNcCFFiles`` without
changes: coordinates are called time, latitude, longitude and depth, times are seconds
since 1970, missing values are NaN, and the attributes that it asks for are there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, OutputError, did_you_mean
from oceanco2.export.acdd import global_attributes, identifier
from oceanco2.export.cf import (
    TIME_ATTRS,
    check_standard_names,
    encode_time,
    temperature_scale,
)
from oceanco2.export.entries import exporter
from oceanco2.export.measurements import Measurements, measurements, require
from oceanco2.export.stored import Stored, letters, save_classic
from oceanco2.export.values import flags_of, merged, spread_of, values_of
from oceanco2.identity import plain_text
from oceanco2.provenance import whole_file
from oceanco2.vocabulary import FLAG_VALUES, VARIABLES, attrs_of, flag_attrs

_RECEIVER = "ERDDAP"
_AIR = {
    f"{q}_atm_{w}": (f"{q}_atm_{w}_actual", f"{q}_atm_{w}_interp")
    for q, w in (("xCO2", "dry"), ("pCO2", "wet"), ("fCO2", "wet"))
}
#: How variables are called: scheme, then name in the file to variables, of which the
#: first that has a value in a row is taken. What is not listed keeps its name.
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
#: What stands behind the name for flags and for uncertainties.
_SUFFIXES = {
    "oceanco2": ("_flag", "_uncertainty"),
    "icos": ("_QC", "_uncertainty"),
    "copernicus": ("_QC", "_UNCERTAINTY"),
}
_PLACE = ("latitude", "longitude", "sample_depth")
_KINDS = {"trajectory": "Trajectory", "timeSeries": "TimeSeries"}
#: Attributes of a dataset that say how it was made: they stay in the netCDF of all.
_INTERNAL = (
    "set_up",  # addresses of people stand in it
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
    options=("names", "datasets_xml"),
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
        With position and at least one CO2 result; flags where it was flagged.
    path : str or Path
        The file; replaced as a whole or not at all.
    names : {"oceanco2", "icos", "copernicus"}
        How variables are called: as everywhere here (SOCAT's names), as in the ERDDAP
        of ICOS (codes of P01), or as in Copernicus; the latter two call flags
        ``X_QC``.
    datasets_xml : bool, default False
        Write a piece of ``datasets.xml`` beside the file, too.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If there is no position or no measurement.
    OutputError
        If a file cannot be written.
    """
    if names not in NAMES:
        hint = did_you_mean(names, NAMES)
        raise OptionError(f"names {names!r} is none of {', '.join(NAMES)}.{hint}")
    if datasets_xml not in (True, False):
        raise OptionError(f"datasets_xml {datasets_xml!r} is none of True, False")
    require(ds, ["latitude", "longitude"], _RECEIVER)
    rows = measurements(ds, _RECEIVER, with_position=True)
    fixed = np.ptp(rows.latitude) == 0 and np.ptp(rows.longitude) == 0
    moored = ds.attrs.get("platform_kind") == "mooring"
    feature = "timeSeries" if moored and fixed else "trajectory"
    variables = _instance(ds, rows, feature) | _along(ds, rows, feature, names)
    check_standard_names(
        {name: xr.Variable(v.dims, v.values, v.attrs) for name, v in variables.items()}
    )
    attrs = _attributes(ds, rows, feature)
    if not datasets_xml:
        save_classic(path, variables, attrs)
        return
    piece = erddap_piece(Path(path).name, variables, attrs)
    beside = Path(path).with_suffix(".datasets.xml")
    with whole_file(beside) as temporary:
        try:
            temporary.write_bytes(piece)
        except OSError as error:
            said = f"{beside}: cannot be written: {error.strerror}"
            raise OutputError(said) from None
        save_classic(path, variables, attrs)


def _instance(ds: xr.Dataset, rows: Measurements, feature: str) -> dict[str, Stored]:
    """Which trajectory or station it is, and how many rows it has."""
    dim = feature.lower()
    word = plain_text(identifier(ds))
    ident = {
        "long_name": "expocode: platform and first day",
        "cf_role": f"{dim}_id",
        "coverage_content_type": "referenceInformation",
    }
    count = {
        "long_name": "number of observations",
        "sample_dimension": "obs",
        "units": "1",
        "coverage_content_type": "referenceInformation",
    }
    size = np.array([rows.rows.size], dtype=np.int32)
    return {
        f"{dim}_id": Stored((dim, "id_strlen"), letters(word)[None, :], ident),
        "rowSize": Stored((dim,), size, count),
    }


def _along(
    ds: xr.Dataset, rows: Measurements, feature: str, names: str
) -> dict[str, Stored]:
    """Coordinates and data variables."""
    station = feature == "timeSeries"
    time = {
        "standard_name": "time",
        "long_name": "time",
        "axis": "T",
        "time_precision": "1970-01-01T00:00:00.000Z",
        "coverage_content_type": "coordinate",
    }
    moments = encode_time(rows.time)
    out = {"time": Stored(("obs",), moments, {**time, **TIME_ATTRS})}
    for name, axis in (("latitude", "Y"), ("longitude", "X")):
        attrs = attrs_of(name) | {"axis": axis, "coverage_content_type": "coordinate"}
        values = getattr(rows, name)
        dims = (feature.lower(),) if station else ("obs",)
        out[name] = Stored(dims, values[:1] if station else values, attrs)
    depth = values_of(ds, "sample_depth", rows.rows)
    where = "time latitude longitude"
    if np.isfinite(depth).any():
        attrs = attrs_of("sample_depth") | {"axis": "Z", "positive": "down"}
        attrs["coverage_content_type"] = "coordinate"
        out["depth"] = Stored(("obs",), depth, attrs, np.nan)
        where += " depth"
    marks = (where, *_SUFFIXES[names])
    for name, sources in _columns(ds, names).items():
        out |= _column(ds, name, sources, rows.rows, marks)
    if "position_flag" in ds:
        flags = flags_of(ds, "latitude", rows.rows)
        out[f"position{marks[1]}"] = _flag("position", flags, where)
    return out


def _columns(ds: xr.Dataset, names: str) -> dict[str, tuple[str, ...]]:
    """Name in the file to variables, in the order of the vocabulary."""
    mapping = NAMES[names]
    renamed = {v: name for name, sources in mapping.items() for v in sources}
    out: dict[str, tuple[str, ...]] = {}
    for variable in VARIABLES:
        if variable in _PLACE or variable not in ds.data_vars:
            continue
        if ds[variable].dims == ("time",) and ds[variable].dtype.kind in "fiu":
            name = renamed.get(variable, variable)
            out[name] = mapping.get(name, (variable,))
    return out


def _column(
    ds: xr.Dataset,
    name: str,
    sources: tuple[str, ...],
    rows: np.ndarray,
    marks: tuple[str, str, str],
) -> dict[str, Stored]:
    """Values, flags and uncertainty of one quantity; nothing if it has no values."""
    found = merged(ds, sources, rows)
    if not np.isfinite(found.values).any():
        return {}
    where, flag, spread = marks
    described = sources[-1]
    attrs = _described(described, where)
    out = {name: Stored(("obs",), found.values, attrs, np.nan)}
    if any(f"{source}_flag" in ds for source in sources):
        out[name + flag] = _flag(name, found.flags, where)
    deviation = spread_of(ds, sources, rows, found)
    if deviation is not None:
        said = _described(f"{described}_uncertainty", where)
        out[name + spread] = Stored(("obs",), deviation, said, np.nan)
    if len(out) > 1:
        attrs["ancillary_variables"] = " ".join(list(out)[1:])
    return out


def _described(name: str, where: str) -> dict[str, Any]:
    spread = name.endswith("_uncertainty")
    content = "qualityInformation" if spread else "physicalMeasurement"
    attrs = attrs_of(name, coordinates=where, coverage_content_type=content)
    scale = temperature_scale(name, attrs["units"])
    return attrs | ({"units_metadata": scale} if scale else {})


def _flag(name: str, flags: np.ndarray, where: str) -> Stored:
    attrs = flag_attrs(name) | {
        "coordinates": where,
        "coverage_content_type": "qualityInformation",
        "flag_values": np.array(list(FLAG_VALUES.values()), dtype=np.int8),
    }
    return Stored(("obs",), flags.astype(np.int8), attrs)


def _attributes(ds: xr.Dataset, rows: Measurements, feature: str) -> dict[str, Any]:
    part = ds.isel(time=rows.rows)
    made = global_attributes(part, feature)
    texts = {
        key: value
        for key, value in sorted(made.items())
        if key not in _INTERNAL and isinstance(value, str | int | float) and value != ""
    }
    dim = feature.lower()
    variables = [f"{dim}_id"]
    variables += ["latitude", "longitude"] if feature == "timeSeries" else []
    pages = [str(ds.attrs.get(k) or "") for k in ("creator_url", "publisher_url")]
    doi = str(ds.attrs.get("doi") or "").removeprefix("doi:")
    pages.insert(0, f"https://doi.org/{doi}" if doi.startswith("10.") else doi)
    about = next(filter(None, pages), "https://www.socat.info")
    return texts | {
        "cdm_data_type": _KINDS[feature],
        f"cdm_{dim}_variables": ", ".join(variables),
        "subsetVariables": ", ".join(variables),
        "infoUrl": about,
        "sourceUrl": "(local files)",
        "institution": texts.get("institution", "unknown"),
    }


#: How ERDDAP calls the types of variables.
_TYPES = {"f8": "double", "i4": "int", "i1": "byte", "S1": "String"}


def erddap_piece(
    file_name: str, variables: Mapping[str, Stored], attrs: Mapping[str, Any]
) -> bytes:
    """Write the piece of ``datasets.xml`` that serves a file."""
    ident = f"oceanco2_{attrs.get('expocode') or attrs['id']}"
    about = {
        "type": "EDDTableFromNcCFFiles",
        "datasetID": "".join(c if c.isalnum() else "_" for c in ident),
        "active": "true",
    }
    dataset = ET.Element("dataset", about)
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
    for name, one in variables.items():
        if name == "rowSize":
            continue
        element = ET.SubElement(dataset, "dataVariable")
        ET.SubElement(element, "sourceName").text = name
        ET.SubElement(element, "destinationName").text = name
        ET.SubElement(element, "dataType").text = _TYPES[one.values.dtype.str[1:]]
        extra = ET.SubElement(element, "addAttributes")
        category = "Time" if name == "time" else "Location"
        place = name in ("time", "latitude", "longitude", "depth")
        kind = category if place else "Identifier" if "cf_role" in one.attrs else "CO2"
        ET.SubElement(extra, "att", {"name": "ioos_category"}).text = kind
    ET.indent(dataset)
    return ET.tostring(dataset, encoding="utf-8") + b"\n"
