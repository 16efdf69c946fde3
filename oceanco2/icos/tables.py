"""ICOS OTC L1 and L2: the comma-separated tables that the Carbon Portal ingests.

* * One row for each measurement of water or air, in order of time. Rows of water have
  the interpolated CO2 of air (type I), rows of air the measured one.
* Each input is a group of four columns: value, ``QC Flag``, ``QC Comment``, ``Type``
  (M measured, I interpolated, N nominal, 0 not available); results have no type.
* * A fixed station (a mooring) needs no positions; they are written if available.
* Flags: 2 good, 3 questionable, 4 bad, 9 not evaluated; missing values are ``NaN``
  and their flag is empty, unless they are missing because of a bad input.
* A nominal salinity (a constant, a climatology) is questionable, as the Ocean Thematic
  Centre requires, unless a manual flag accepts it; the effect on fCO2 is small.
* * Numbers have three decimals, halves rounded away from zero; positions have six, the
  resolution of GPS receivers.
* * L1 (near real time) has automatic flags only, L2 (final) the effective flags, with
  manual flags where given. Flagged values without a manual decision keep their flag
  in L2; ``undecided="refuse"`` rejects them.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, choose
from oceanco2.expocode import expocode_of, first_day
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import (
    Measurements,
    comments,
    measurements,
    require,
    require_attribute,
    require_flags,
)
from oceanco2.export.values import (
    FLAGGED,
    Merged,
    automatic_layer,
    format_numbers,
    merge_variables,
    undecided,
    values_of,
)
from oceanco2.files import write_bytes
from oceanco2.vocabulary import GOOD, MISSING, QUESTIONABLE, VALUE_TYPES

_RECEIVER = "ICOS"
_LETTERS = {"missing": "0", "measured": "M", "interpolated": "I", "nominal": "N"}
_LETTER = {code: _LETTERS[word] for word, code in VALUE_TYPES.items()}
FLAG, COMMENT, TYPE = " QC Flag", " QC Comment", " Type"
TIME = "Date/Time"
NOMINAL = "nominal value, not measured"
_REFERENCE = "https://www.icos-cp.eu (object format asciiOtcProductCsv)"


@dataclass(frozen=True, slots=True)
class Group:
    """A value and its columns of flag, comment and type."""

    header: str
    variables: tuple[str, ...]
    required: bool = False
    result: bool = False

    @property
    def position(self) -> bool:
        """Whether it is latitude or longitude, which have the flag of the position."""
        return self.variables[0] in ("longitude", "latitude")


def _air(quantity: str) -> tuple[str, ...]:
    return (f"{quantity}_actual", f"{quantity}_interp")


#: All groups, in the order of the file.
GROUPS = (
    Group("Longitude", ("longitude",), required=True),
    Group("Latitude", ("latitude",), required=True),
    Group("Depth [m]", ("sample_depth",)),
    Group("Temp [degC]", ("SST",), required=True),
    Group("P_sal [psu]", ("salinity",), required=True),
    Group("Temperature of Equilibration [degC]", ("T_equ",)),
    Group("Pressure in Equilibrator [hPa]", ("P_equ",)),
    Group("Atmospheric Pressure [hPa]", ("P_atm",)),
    Group(
        "xCO2 In Water - Calibrated In Dry Air [umol mol-1]",
        ("xCO2_water_Tequ_dry", "xCO2_water_SST_dry"),
    ),
    Group("xCO2 in atmosphere [umol mol-1]", _air("xCO2_atm_dry")),
    Group("pCO2 [uatm]", ("pCO2_water_SST_wet",), required=True, result=True),
    Group("fCO2 [uatm]", ("fCO2_water_SST_wet",), required=True, result=True),
    Group("pCO2 in atmosphere [uatm]", _air("pCO2_atm_wet"), result=True),
    Group("fCO2 in atmosphere [uatm]", _air("fCO2_atm_wet"), result=True),
)
_FINAL = tuple(g.variables[0] for g in GROUPS if g.result and g.required)


def icos_file_name(ds: xr.Dataset, level: int) -> str:
    """Return the file name at the portal.

    Parameters
    ----------
    ds : xarray.Dataset
        Dataset with an expocode or a platform code.
    level : {1, 2}
        ICOS level.

    Returns
    -------
    str
        ``<expocode>.csv`` or, near real time, ``<code>_NRT_<yyyymmdd>.csv``.

    Raises
    ------
    ProcessingError
        If there is neither code, or the expocode is not valid.
    """
    if level == 2:
        return f"{expocode_of(ds)}.csv"
    code = require_attribute(ds, "platform_code", _RECEIVER, "platform_code")
    return f"{code}_NRT_{first_day(ds)}.csv"


@exporter(
    "icos_l1",
    description="ICOS OTC L1, near real time: automatic flags",
    suffix=".csv",
    reference=_REFERENCE,
)
def write_icos_l1(
    ds: xr.Dataset,
    path: str | Path,
    *,
    include_air: bool = True,
    undecided: str = "accept",
) -> Path:
    """Write an ICOS OTC L1 table."""
    return _write(ds, path, 1, include_air, undecided)


@exporter(
    "icos_l2",
    description="ICOS OTC L2, final: with manual flags",
    suffix=".csv",
    reference=_REFERENCE,
)
def write_icos_l2(
    ds: xr.Dataset,
    path: str | Path,
    *,
    include_air: bool = True,
    undecided: str = "accept",
) -> Path:
    """Write an ICOS OTC L2 table."""
    return _write(ds, path, 2, include_air, undecided)


def _write(
    ds: xr.Dataset, path: str | Path, level: int, include_air: bool, undecided: str
) -> Path:
    path = Path(path)
    if path.is_dir():
        path /= icos_file_name(ds, level)
    content = icos_table(ds, level, include_air=include_air, undecided=undecided)
    write_bytes(content, path)
    return path


def icos_table(
    ds: xr.Dataset,
    level: int,
    *,
    include_air: bool = True,
    undecided: str = "accept",
) -> bytes:
    """Make an ICOS OTC table.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position, SST, salinity, pCO2 and fCO2 of sea water.
    level : {1, 2}
        1: automatic flags; 2: effective flags.
    include_air : bool, default True
        Also write rows with measurements of air only.
    undecided : {"accept", "refuse"}
        Whether pCO2 or fCO2 flagged 3 or 4 without a manual decision are accepted.

    Returns
    -------
    bytes
        UTF-8, lines end with a line feed.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If the dataset lacks required content, or values without a manual decision
        are refused.
    """
    choose("level", level, (1, 2))
    choose("include_air", include_air, (True, False))
    choose("undecided", undecided, ("accept", "refuse"))
    required_groups = [
        g for g in GROUPS if g.required and not (g.position and _is_fixed(ds))
    ]
    require(ds, [group.variables[0] for group in required_groups], _RECEIVER)
    require_flags(ds, _FINAL, _RECEIVER)
    layer = automatic_layer(ds) if level == 1 else ds
    rows = measurements(layer, _RECEIVER, include_air=include_air)
    if undecided == "refuse":
        _reject_undecided(layer, rows)
    columns = {TIME: [f"{text}Z" for text in np.datetime_as_string(rows.time)]}
    for group in GROUPS:
        if group in required_groups or _has_values(layer, group, rows.rows):
            columns |= _columns(layer, group, rows)
    lines = [",".join(_quote(name) for name in columns)]
    lines += map(",".join, zip(*columns.values(), strict=True))
    return ("\n".join(lines) + "\n").encode("utf-8")


def _is_fixed(ds: xr.Dataset) -> bool:
    """Whether it is a fixed station (FOS), which needs no positions."""
    return ds.attrs.get("platform_kind") == "mooring"


def _reject_undecided(ds: xr.Dataset, rows: Measurements) -> None:
    without_decision = undecided(ds, _FINAL, rows.rows)
    if without_decision.any():
        first = rows.time[np.flatnonzero(without_decision)[0]]
        raise ProcessingError(
            f"{int(without_decision.sum())} rows with flagged pCO2 or fCO2 have no"
            f" manual decision, the first at {first}Z: ICOS L2 is final (manual flags:"
            " process --manual; or undecided = 'accept')"
        )


def _has_values(ds: xr.Dataset, group: Group, rows: np.ndarray) -> bool:
    return any(np.isfinite(values_of(ds, n, rows)).any() for n in group.variables)


def _columns(ds: xr.Dataset, group: Group, selection: Measurements) -> dict[str, list]:
    """Value, flag, comment and type of a group, as text."""
    merged = merge_variables(ds, group.variables, selection.rows)
    values = getattr(selection, group.variables[0]) if group.position else merged.values
    row_comments = np.full(selection.rows.size, "", dtype=object)
    for number, name in enumerate(group.variables):
        flagged = (merged.source == number) & np.isin(merged.flags, FLAGGED)
        if flagged.any():
            names = ("position",) if group.position else (name,)
            flagged_rows = selection.rows[flagged]
            row_comments[flagged] = comments(
                ds, flagged_rows, names, with_inputs=group.result
            )
    flags = merged.flags
    if group.variables == ("salinity",):
        assumed = _assumed(ds, merged, selection.rows)
        flags = np.where(assumed, QUESTIONABLE, flags)
        row_comments[assumed] = NOMINAL
    columns = {
        group.header: format_numbers(values, 6 if group.position else 3, "NaN"),
        group.header + FLAG: _codes(flags, np.isfinite(values)).tolist(),
        group.header + COMMENT: [_comment(text) for text in row_comments],
    }
    if not group.result:
        columns[group.header + TYPE] = [_LETTER[code] for code in merged.types.tolist()]
    return columns


def _assumed(ds: xr.Dataset, merged: Merged, rows: np.ndarray) -> np.ndarray:
    """Whether a value is nominal and no manual flag accepts it."""
    is_assumed = (merged.types == VALUE_TYPES["nominal"]) & (merged.flags <= GOOD)
    if "salinity_flag_manual" in ds:
        is_assumed &= ds["salinity_flag_manual"].to_numpy()[rows] != GOOD
    return is_assumed


def _codes(flags: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Convert flags to codes of the portal: 9 is not evaluated, missing is empty."""
    codes = flags.astype(str).astype(object)
    codes[np.isin(flags, (0, MISSING))] = "9"
    codes[~present & np.isin(flags, (0, 2, MISSING))] = ""
    return codes


def _comment(text: str) -> str:
    """Put a comment in quotes."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if text else ""


def _quote(text: str) -> str:
    return f'"{text}"' if "," in text or '"' in text else text
