"""OceanSITES 1.4 netCDF: moorings as time series, everything else as trajectory.

Beside each parameter stand ``<PARAM>_QC`` (WOCE 2, good, is 1 here; 2 would be
"probably good"), ``<PARAM>_DM`` and, where it is known, ``<PARAM>_UNCERTAINTY`` (one
standard deviation). The reference table has one code for CO2 only, ``PCO2`` for that
of air; the other names are free and say what they are by their standard name.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError
from oceanco2.export.acdd import identifier
from oceanco2.export.entries import exporter
from oceanco2.export.measurements import (
    Measurements,
    measurements,
    require,
    require_flags,
)
from oceanco2.export.oceansites_header import (
    PLACES,
    RECEIVER,
    TIME,
    header,
    plain_code,
    platform_code,
)
from oceanco2.export.selection import results
from oceanco2.export.stored import (
    GOOD_DATA,
    NOMINAL,
    Stored,
    days_since_1950,
    letters,
    quality_codes,
    save_classic,
)
from oceanco2.export.values import flags_of, merged, spread_of, values_of
from oceanco2.identity import first_day, plain_text
from oceanco2.vocabulary import VALUE_TYPES, VARIABLES

FILL = 99999.0
#: Reference table 2, as attributes.
_CODES = np.array([0, 1, 2, 3, 4, 7, 8, 9], dtype=np.int8)
_MEANINGS = (
    "unknown good_data probably_good_data potentially_correctable_bad_data bad_data"
    " nominal_value interpolated_value missing_value"
)
#: Reference table 4.
MODES = {"R": "real-time", "P": "provisional", "D": "delayed-mode", "M": "mixed"}
#: Name in the file to the variables that hold it, row by row the first that does.
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
#: The table's words where they differ from ours.
_STANDARD = {"TEMP": "sea_water_temperature"}
_STANDARD["XCO2"] = "mole_fraction_of_carbon_dioxide_in_dry_air"
_STANDARD["PCO2"] = "surface_partial_pressure_of_carbon_dioxide_in_air"


def oceansites_file_name(ds: xr.Dataset, data_mode: str, part: str = "CO2") -> str:
    """Return the name of a file by the rule of OceanSITES."""
    if data_mode not in MODES:
        known = ", ".join(f"{key} ({word})" for key, word in MODES.items())
        raise OptionError(f"data_mode {data_mode!r} is none of {known}")
    if not re.fullmatch(r"[A-Za-z0-9-]+", part):
        raise OptionError(f"part {part!r} has other signs than letters, digits and -")
    deployment = plain_code(ds.attrs.get("deployment_code") or first_day(ds))
    return f"OS_{platform_code(ds)}_{deployment}_{data_mode}_{part}.nc"


@exporter(
    "oceansites",
    description="OceanSITES 1.4 netCDF with quality, mode and uncertainty",
    suffix=".nc",
    reference="OceanSITES Data Format Reference Manual 1.4",
    options=("data_mode", "part"),
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
        The file, or a folder in which it gets its name.
    data_mode : {"R", "P", "D", "M"}, optional
        By default delayed where people have flagged, else provisional.
    part : str, default "CO2"
        Last part of the name.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If the dataset lacks what the format requires.
    OutputError
        If the file cannot be written.
    """
    judged = any(str(name).endswith("_flag_manual") for name in ds.data_vars)
    mode = data_mode or ("D" if judged else "P")
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
) -> dict[str, Stored]:
    """Coordinates, then each parameter with what belongs to it."""
    moored = feature == "timeSeries"
    dims = ("TIME", "DEPTH") if moored else ("TIME",)
    shape = (rows.rows.size, 1) if moored else (rows.rows.size,)
    out = _coordinates(ds, rows, moored)
    for name, sources in PARAMETERS.items():
        found = merged(ds, sources, rows.rows)
        there = np.isfinite(found.values)
        if not there.any():
            continue
        nominal = found.types == VALUE_TYPES["nominal"]
        codes = quality_codes(found.flags, there, nominal)
        values = np.where(there, found.values, FILL).reshape(shape)
        spread = spread_of(ds, sources, rows.rows, found)
        attrs = _parameter_attrs(name, sources[0], mode, spread is not None)
        if not moored:  # at its place a mooring has coordinates of its own dimensions
            attrs["coordinates"] = "TIME DEPTH LATITUDE LONGITUDE"
        out[name] = Stored(dims, values, attrs, FILL)
        out[f"{name}_QC"] = _quality(name, dims, codes.reshape(shape))
        out[f"{name}_DM"] = _mode(name, dims, np.full(shape, mode, dtype="S1"))
        if spread is not None:
            values = np.where(np.isfinite(spread), spread, FILL).reshape(shape)
            said = _spread_attrs(attrs)
            out[f"{name}_UNCERTAINTY"] = Stored(dims, values, said, FILL)
    return out


def _spread_attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the uncertainty of a parameter."""
    kept = {key: attrs[key] for key in ("units", "coordinates") if key in attrs}
    if "standard_name" in attrs:
        kept["standard_name"] = f"{attrs['standard_name']} standard_error"
    return kept | {
        "long_name": f"uncertainty of {attrs['long_name']}, one sigma",
        "coverage_content_type": "qualityInformation",
    }


def _parameter_attrs(
    name: str, variable: str, mode: str, with_spread: bool
) -> dict[str, Any]:
    known = VARIABLES[variable]
    others = [f"{name}_QC", f"{name}_DM"]
    others += [f"{name}_UNCERTAINTY"] if with_spread else []
    attrs = {
        "long_name": known.long_name.partition(", where air")[0],
        "standard_name": _STANDARD.get(name) or known.standard_name,
        "units": "degree_C" if known.units == "degree_Celsius" else known.units,
        "ancillary_variables": " ".join(others),
        "DM_indicator": mode,
        "coverage_content_type": "physicalMeasurement",
    }
    if name == "TEMP":
        attrs["reference_scale"] = "ITS-90"
    if name == "PSAL":
        attrs["reference_scale"] = "PSS-78"
    return {key: value for key, value in attrs.items() if value}


def _quality(name: str, dims: tuple[str, ...], codes: np.ndarray) -> Stored:
    attrs = {
        "long_name": f"quality flag of {name}",
        "conventions": "OceanSITES QC Flags",
        "valid_min": np.int8(0),
        "valid_max": np.int8(9),
        "flag_values": _CODES,
        "flag_meanings": _MEANINGS,
        "coverage_content_type": "qualityInformation",
    }
    return Stored(dims, codes.astype(np.int8), attrs, np.int8(-128))


def _mode(name: str, dims: tuple[str, ...], values: np.ndarray) -> Stored:
    words = ", ".join(f"{letter} {word}" for letter, word in MODES.items())
    attrs = {
        "long_name": f"data mode of {name}",
        "conventions": "OceanSITES reference table 4",
        "comment": words,
        "coverage_content_type": "qualityInformation",
    }
    return Stored(dims, values, attrs, b" ")


def _coordinates(ds: xr.Dataset, rows: Measurements, moored: bool) -> dict[str, Stored]:
    depth = values_of(ds, "sample_depth", rows.rows)
    known = np.isfinite(depth)
    depth = np.where(known, depth, 0.0)
    places = {"LATITUDE": rows.latitude, "LONGITUDE": rows.longitude, "DEPTH": depth}
    size = np.ones(rows.rows.size, dtype=bool)
    flags = quality_codes(flags_of(ds, "latitude", rows.rows), size, ~size)
    out = {"TIME": Stored(("TIME",), days_since_1950(rows.time), dict(TIME))}
    good = np.full(rows.rows.size, GOOD_DATA)
    out["TIME_QC"] = _quality("TIME", ("TIME",), good)
    for name, values in places.items():
        codes = np.full(rows.rows.size, NOMINAL) if name == "DEPTH" else flags
        dims = (name,) if moored else ("TIME",)
        stored = np.array([np.median(values)]) if moored else values  # one place
        codes = codes[:1] if moored else codes
        attrs = dict(PLACES[name])
        if name == "DEPTH" and not known.any():
            attrs["comment"] = "at the surface; the depth of the intake is not known"
        out[name] = Stored(dims, stored, attrs)
        out[f"{name}_QC"] = _quality(name, dims, codes)
    if not moored:
        word = letters(plain_text(identifier(ds)))
        attrs = {"long_name": "expocode: platform and first day"}
        attrs["cf_role"] = "trajectory_id"
        out["TRAJECTORY"] = Stored((f"STRING{word.size}",), word, attrs)
    return out
