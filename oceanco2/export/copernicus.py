"""Copernicus Marine In Situ TAC: one file a day, packed integers, flags of table 2.

Temperature, salinity and fCO2 of sea water where it was measured and the position is
known. Files of the profile that the newer carbon product has (format manual 1.42);
beside them a delivery note with the MD5 of each file.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.export.copernicus_header import (
    CATEGORIES,
    DEPTH_FILL,
    delivery_note,
    global_attributes,
)
from oceanco2.export.entries import exporter
from oceanco2.export.measurements import (
    Measurements,
    measurements,
    require,
    require_attribute,
    require_flags,
)
from oceanco2.export.stored import (
    GOOD_DATA,
    MISSING_VALUE,
    NOMINAL,
    Stored,
    days_since_1950,
    quality_codes,
    save_classic,
)
from oceanco2.export.values import flags_of, merged, values_of
from oceanco2.platforms import stations
from oceanco2.provenance import whole_folder
from oceanco2.vocabulary import VALUE_TYPES

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
_OPTIONS = ("call_sign", "category", "data_mode", "product", "pushing_entity")


@exporter(
    "copernicus",
    description="Copernicus Marine In Situ, one netCDF a day and a delivery note",
    suffix="/",
    reference="Copernicus-InSituTAC-FormatManual-1.42",
    options=_OPTIONS,
)
def write_copernicus(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write files for the Copernicus Marine In Situ service.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position, SST, salinity and fCO2 of sea water.
    path : str or Path
        The folder; made if it is not there.
    **options : Any
        ``call_sign`` where the platform file has none; ``category`` of the platform
        (SeaVoX 30, 31, 32, 3B, 41, 42); ``data_mode`` R (real time) or D (delayed);
        ``product`` and ``pushing_entity`` of the delivery note.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the folder cannot be written.
    """
    names = [one[0] for one in PARAMETERS.values()]
    require(ds, ["latitude", "longitude", *names], _RECEIVER)
    require_flags(ds, ["fCO2_water_SST_wet"], _RECEIVER)
    product = str(options.get("product") or "")
    if not product.replace("_", "").isalnum() and product:
        raise OptionError(f"product {product!r} has other signs than letters and _")
    about = _identity(ds, options)
    rows = measurements(
        ds, _RECEIVER, include_air=False, with_position=True, distinct=True
    )
    with whole_folder(path) as folder:
        files = []
        days = rows.time.astype("datetime64[D]")
        for day in np.unique(days):
            part = _part(rows, days == day)
            stamp = str(day).replace("-", "")
            name = f"GL_TS_{about['source']}_{about['platform_code']}_{stamp}.nc"
            variables = _variables(ds, part, about)
            attrs = about | {"id": name.removesuffix(".nc")}
            attrs = global_attributes(ds, part, variables["DEPH"].values, attrs)
            save_classic(folder / name, variables, attrs)
            files.append(folder / name)
        name, note = delivery_note(ds, files, options)
        (folder / name).write_bytes(note)


def _part(rows: Measurements, chosen: np.ndarray) -> Measurements:
    """Take some of the rows."""
    return Measurements(
        rows.rows[chosen],
        rows.time[chosen],
        rows.latitude[chosen],
        rows.longitude[chosen],
        rows.water[chosen],
        {},
    )


def _identity(ds: xr.Dataset, options: Mapping[str, Any]) -> dict[str, str]:
    """Say who measured: call sign, category, mode."""
    sign = str(options.get("call_sign") or "").strip()
    sign = sign or require_attribute(ds, "call_sign", _RECEIVER, "call_sign")
    if not sign.isalnum() or not sign.isascii():
        raise ProcessingError(
            f"call sign {sign!r} has other characters than letters and digits: it is"
            " part of the file names (platform file: call_sign)"
        )
    mode = str(options.get("data_mode", "R"))
    if mode not in ("R", "D"):
        raise OptionError(f"data_mode {mode!r} is none of R, D")
    kind = str(ds.attrs.get("platform_kind", ""))
    if kind not in _KINDS:
        raise ProcessingError(
            f"Copernicus needs the kind of platform: {kind!r} is none of"
            f" {', '.join(_KINDS)} (platform file: kind)"
        )
    listed = {str(one.call_sign): str(one.category) for one in stations()}
    category = str(options.get("category") or listed.get(sign.upper(), _KINDS[kind]))
    if category not in CATEGORIES:
        known = ", ".join(CATEGORIES)
        raise OptionError(f"category {category!r} is none of {known}")
    return {
        "platform_code": sign.upper(),
        "category": category,
        "data_mode": mode,
        "mount": _MOUNTS.get(kind, " "),
        "source": _SOURCES.get(kind, "TS"),
    }


def _flag(name: str, dims: tuple[str, ...], codes: np.ndarray) -> Stored:
    attrs = {
        "long_name": f"{name} quality flag",
        "conventions": "Copernicus Marine In Situ reference table 2",
        "valid_min": np.int8(0),
        "valid_max": np.int8(9),
        "flag_values": np.arange(10, dtype=np.int8),
        "flag_meanings": MEANINGS,
    }
    return Stored(dims, codes.astype(np.int8), attrs, np.int8(FLAG_FILL))


def _variables(
    ds: xr.Dataset, rows: Measurements, about: Mapping[str, str]
) -> dict[str, Stored]:
    """Everything in a file, coordinates first."""
    size = rows.rows.size
    known = np.ones(size, dtype=bool)
    place = quality_codes(flags_of(ds, "position", rows.rows), known, ~known)
    moments = np.full(size, GOOD_DATA, dtype=np.int8)
    out = {"TIME": Stored(("TIME",), days_since_1950(rows.time), _TIME)}
    out["TIME_QC"] = _flag("TIME", ("TIME",), moments)
    for name, values in (("LATITUDE", rows.latitude), ("LONGITUDE", rows.longitude)):
        out[name] = Stored((name,), values.astype(np.float32), _PLACE[name])
    out["POSITION_QC"] = _flag("POSITION", ("POSITION",), place)
    system = np.full(size, b"G", dtype="S1")
    out["POSITIONING_SYSTEM"] = Stored(("POSITION",), system, _SYSTEM, b" ")
    depth = values_of(ds, "sample_depth", rows.rows)
    there = np.isfinite(depth)
    packed = np.where(there, depth, DEPTH_FILL).astype(np.float32)[:, None]
    out["DEPH"] = Stored(("TIME", "DEPTH"), packed, _DEPTH, DEPTH_FILL)
    codes = np.where(there, NOMINAL, MISSING_VALUE)[:, None]
    out["DEPH_QC"] = _flag("DEPH", ("TIME", "DEPTH"), codes)
    for name, (variable, *_) in PARAMETERS.items():
        out |= _parameter(ds, rows, name, variable, about)
    return out


def _parameter(
    ds: xr.Dataset,
    rows: Measurements,
    name: str,
    variable: str,
    about: Mapping[str, str],
) -> dict[str, Stored]:
    found = merged(ds, (variable,), rows.rows)
    scaled = np.rint(found.values / SCALE)
    # What 32 bits do not hold is no such quantity: it is written as missing.
    there = np.abs(scaled) < -FILL
    packed = np.where(there, scaled, FILL).astype(np.int32)
    nominal = found.types == VALUE_TYPES["nominal"]
    codes = quality_codes(found.flags, there, nominal)
    _, standard, units, words = PARAMETERS[name]
    attrs = {
        "long_name": words,
        "standard_name": standard,
        "units": units,
        "scale_factor": SCALE,
        "add_offset": 0.0,
        "data_mode": about["data_mode"],
        "sensor_mount": about["mount"],
        "ancillary_variables": f"{name}_QC",
    }
    dims = ("TIME", "DEPTH")
    return {
        name: Stored(dims, packed[:, None], attrs, np.int32(FILL)),
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
_PLACE = {
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
