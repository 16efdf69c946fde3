"""ICOS OTC L1 and L2: the comma-separated tables that the Carbon Portal ingests.

* One row for each measurement of water or air, in order of time. On rows of water
  the CO2 of air is the interpolated one (type I), on rows of air the measured one.
* Each input is a group of four columns: value, ``QC Flag``, ``QC Comment``, ``Type``
  (M measured, I interpolated, N nominal, 0 not available); results have no type.
* A fixed station (a mooring) needs no positions; they are written where they are.
* Flags: 2 good, 3 questionable, 4 bad, 9 not evaluated; missing values are ``NaN``
  and their flag is empty, unless a bad input is why there is none.
* A nominal salinity (a constant, a climatology) is questionable, as the Ocean Thematic
  Centre has it, unless a person took it; that hardly matters to fCO2.
* Numbers have three decimals, halves away from zero, as the format is known;
  positions have six, which is all that any receiver gives.
* L1 (near real time) has the flags of the automatic tests alone, L2 (final) the
  effective ones: a person's word, where there is one. A doubt that nobody has judged
  stays a doubt in L2; ``undecided="refuse"`` refuses it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.errors import OptionError, OutputError, ProcessingError, did_you_mean
from oceanco2.export.entries import exporter
from oceanco2.export.measurements import (
    Measurements,
    measurements,
    require,
    require_attribute,
    require_flags,
)
from oceanco2.export.values import (
    DOUBTFUL,
    Merged,
    automatic_layer,
    merged,
    printed,
    undecided,
    values_of,
)
from oceanco2.export.woce import comments
from oceanco2.identity import expocode_of, first_day
from oceanco2.provenance import whole_file
from oceanco2.vocabulary import GOOD, MISSING, QUESTIONABLE, VALUE_TYPES

_RECEIVER = "ICOS"
_LETTERS = {"missing": "0", "measured": "M", "interpolated": "I", "nominal": "N"}
_LETTER = {code: _LETTERS[word] for word, code in VALUE_TYPES.items()}
FLAG, COMMENT, TYPE = " QC Flag", " QC Comment", " Type"
TIME = "Date/Time"
NOMINAL = "nominal value, not measured"
_OPTIONS = ("include_air", "undecided")
_REFERENCE = "https://www.icos-cp.eu (object format asciiOtcProductCsv)"


@dataclass(frozen=True, slots=True)
class Group:
    """A value and the columns that go with it."""

    header: str
    variables: tuple[str, ...]
    required: bool = False
    result: bool = False

    @property
    def position(self) -> bool:
        """Whether it is a coordinate: its flag is that of the position."""
        return self.variables[0] in ("longitude", "latitude")


def _air(quantity: str) -> tuple[str, ...]:
    return (f"{quantity}_actual", f"{quantity}_interp")


#: In the order of the file.
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
    """Return the name that a file has at the portal.

    Parameters
    ----------
    ds : xarray.Dataset
        With an expocode or a platform code.
    level : {1, 2}
        ICOS level.

    Returns
    -------
    str
        ``<expocode>.csv`` or, near real time, ``<code>_NRT_<yyyymmdd>.csv``.

    Raises
    ------
    ProcessingError
        If neither code is there or the expocode breaks the rule.
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
    options=_OPTIONS,
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
    description="ICOS OTC L2, final: flags judged by people",
    suffix=".csv",
    reference=_REFERENCE,
    options=_OPTIONS,
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
    with whole_file(path) as temporary:
        try:
            temporary.write_bytes(content)
        except OSError as error:
            said = f"{path}: cannot be written: {error.strerror}"
            raise OutputError(said) from None
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
        Write rows where air alone was measured, too.
    undecided : {"accept", "refuse"}
        Doubts about pCO2 or fCO2 that no person has judged.

    Returns
    -------
    bytes
        UTF-8, lines end with a line feed.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If the dataset lacks what the portal requires, or doubts are to be refused.
    """
    _one_of("level", level, (1, 2))
    _one_of("include_air", include_air, (True, False))
    _one_of("undecided", undecided, ("accept", "refuse"))
    needed = [g for g in GROUPS if g.required and not (g.position and _is_fixed(ds))]
    require(ds, [group.variables[0] for group in needed], _RECEIVER)
    require_flags(ds, _FINAL, _RECEIVER)
    layer = automatic_layer(ds) if level == 1 else ds
    chosen = measurements(layer, _RECEIVER, include_air=include_air)
    if undecided == "refuse":
        _refuse_undecided(layer, chosen)
    columns = {TIME: [f"{text}Z" for text in np.datetime_as_string(chosen.time)]}
    for group in GROUPS:
        if group in needed or _has_values(layer, group, chosen.rows):
            columns |= _columns(layer, group, chosen)
    lines = [",".join(_quoted(name) for name in columns)]
    lines += map(",".join, zip(*columns.values(), strict=True))
    return ("\n".join(lines) + "\n").encode("utf-8")


def _is_fixed(ds: xr.Dataset) -> bool:
    """Whether it is a fixed station (FOS): the portal needs no positions of it."""
    return ds.attrs.get("platform_kind") == "mooring"


def _one_of(option: str, value: object, allowed: Sequence[object]) -> None:
    if value not in allowed:
        hint = did_you_mean(str(value), map(str, allowed))
        known = ", ".join(map(str, allowed))
        raise OptionError(f"{option} {value!r} is none of {known}.{hint}")


def _refuse_undecided(ds: xr.Dataset, chosen: Measurements) -> None:
    open_ = undecided(ds, _FINAL, chosen.rows)
    if open_.any():
        first = chosen.time[np.flatnonzero(open_)[0]]
        raise ProcessingError(
            f"{int(open_.sum())} rows have doubts about pCO2 or fCO2 that no person"
            f" has judged, the first at {first}Z: ICOS L2 is final (flags of people:"
            " process --manual; or undecided = 'accept')"
        )


def _has_values(ds: xr.Dataset, group: Group, rows: np.ndarray) -> bool:
    return any(np.isfinite(values_of(ds, n, rows)).any() for n in group.variables)


def _columns(ds: xr.Dataset, group: Group, chosen: Measurements) -> dict[str, list]:
    """Value, flag, comment and type of a group, as texts."""
    found = merged(ds, group.variables, chosen.rows)
    values = getattr(chosen, group.variables[0]) if group.position else found.values
    said = np.full(chosen.rows.size, "", dtype=object)
    for number, name in enumerate(group.variables):
        mine = (found.source == number) & np.isin(found.flags, DOUBTFUL)
        if mine.any():
            about = ("position",) if group.position else (name,)
            rows = chosen.rows[mine]
            said[mine] = comments(ds, rows, about, with_inputs=group.result)
    flags = found.flags
    if group.variables == ("salinity",):
        assumed = _assumed(ds, found, chosen.rows)
        flags = np.where(assumed, QUESTIONABLE, flags)
        said[assumed] = NOMINAL
    out = {
        group.header: printed(values, 6 if group.position else 3, "NaN"),
        group.header + FLAG: _codes(flags, np.isfinite(values)).tolist(),
        group.header + COMMENT: [_comment(text) for text in said],
    }
    if not group.result:
        out[group.header + TYPE] = [_LETTER[code] for code in found.types.tolist()]
    return out


def _assumed(ds: xr.Dataset, found: Merged, rows: np.ndarray) -> np.ndarray:
    """Where a nominal value stands in for a measurement and no person took it."""
    assumed = (found.types == VALUE_TYPES["nominal"]) & (found.flags <= GOOD)
    if "salinity_flag_manual" in ds:
        assumed &= ds["salinity_flag_manual"].to_numpy()[rows] != GOOD
    return assumed


def _codes(flags: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Name flags as the portal does: 9 is not evaluated, missing is empty."""
    codes = flags.astype(str).astype(object)
    codes[np.isin(flags, (0, MISSING))] = "9"
    codes[~there & np.isin(flags, (0, 2, MISSING))] = ""
    return codes


def _comment(text: str) -> str:
    """Comments stand in quotes."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"' if text else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if "," in text or '"' in text else text
