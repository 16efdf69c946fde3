"""Rows of the text files that SOCAT gives out: names of the fields and how they print.

Of v2020 to v2026 (SOCAT data report, doi:10.25921/8dba-fr90); up to v2019 the third
field is ``SOCAT_DOI`` and synthesis files lack the six raw CO2 fields.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a row.

    Attributes
    ----------
    name : str
        Without its unit.
    form : str
        How a number prints; empty for text.
    unit : str
        As it stands in the header, in brackets.
    variable : str
        Name on the dataset; empty where there is none.
    """

    name: str
    form: str = ""
    unit: str = ""
    variable: str = ""

    @property
    def header(self) -> str:
        """Name and unit as they stand in the header.

        Returns
        -------
        str
            For example ``"SST [deg.C]"``.
        """
        return f"{self.name} [{self.unit}]" if self.unit else self.name


_PLACE, _WHOLE, _VALUE = "%#.5f", "%#.0f", "%#.3f"

#: The 32 fields in their order.
FIELDS = (
    Field("Expocode"),
    Field("version"),
    Field("Source_DOI"),
    Field("QC_Flag"),
    Field("yr", "%04d"),
    Field("mon", "%02d"),
    Field("day", "%02d"),
    Field("hh", "%02d"),
    Field("mm", "%02d"),
    Field("ss", "%#03.0f"),
    Field("longitude", _PLACE, "dec.deg.E", "longitude"),
    Field("latitude", _PLACE, "dec.deg.N", "latitude"),
    Field("sample_depth", _WHOLE, "m", "sample_depth"),
    Field("sal", _VALUE, "", "salinity"),
    Field("SST", _VALUE, "deg.C", "SST"),
    Field("Tequ", _VALUE, "deg.C", "T_equ"),
    Field("PPPP", _VALUE, "hPa", "P_atm"),
    Field("Pequ", _VALUE, "hPa", "P_equ"),
    Field("WOA_SSS", _VALUE),
    Field("NCEP_SLP", _VALUE, "hPa"),
    Field("ETOPO2_depth", _WHOLE, "m"),
    Field("dist_to_land", _WHOLE, "km"),
    Field("GVCO2", _VALUE, "umol/mol"),
    Field("xCO2water_equ_dry", _VALUE, "umol/mol", "xCO2_water_Tequ_dry"),
    Field("xCO2water_SST_dry", _VALUE, "umol/mol", "xCO2_water_SST_dry"),
    Field("pCO2water_equ_wet", _VALUE, "uatm", "pCO2_water_Tequ_wet"),
    Field("pCO2water_SST_wet", _VALUE, "uatm", "pCO2_water_SST_wet"),
    Field("fCO2water_equ_wet", _VALUE, "uatm", "fCO2_water_Tequ_wet"),
    Field("fCO2water_SST_wet", _VALUE, "uatm", "fCO2_water_SST_wet"),
    Field("fCO2rec", _VALUE, "uatm"),
    Field("fCO2rec_src", "%d"),
    Field("fCO2rec_flag", "%d"),
)
#: The raw CO2 fields, which synthesis files up to v2019 lack.
RAW_FIELDS = tuple(field.name for field in FIELDS[23:29])
#: Beside ``Source_DOI``, what the third field was called up to v2019.
OLD_DOI = "SOCAT_DOI"


def header_line(fields: Sequence[Field] = FIELDS, *, old: bool = False) -> str:
    """Return the line with the names of the columns.

    Parameters
    ----------
    fields : sequence of Field
        All of them by default.
    old : bool, default False
        Name the third field as it was up to v2019.

    Returns
    -------
    str
        Fields with tabs between, no line end.
    """
    names = [field.header for field in fields]
    return "\t".join(OLD_DOI if old and n == "Source_DOI" else n for n in names)


def row_lines(
    columns: Mapping[str, Any], rows: int, fields: Sequence[Field] = FIELDS
) -> list[str]:
    r"""Print rows byte for byte as SOCAT does.

    Parameters
    ----------
    columns : mapping of str to array_like
        By name of the field: one value for each row, or one for all. Numbers print as
        ``%04d``, ``%02d``, ``%#03.0f`` (so 59.6 s is ``60.``), ``%#.5f``, ``%#.0f``
        and ``%#.3f``; what is missing, or not there, is ``NaN``.
    rows : int
        How many there are.
    fields : sequence of Field
        What is printed, in this order.

    Returns
    -------
    list of str
        Cells with tabs between, no line ends.

    Examples
    --------
    >>> row_lines({"ss": [3.0, 59.7], "SST": [18.5, float("nan")]}, 2,
    ...           [field for field in FIELDS if field.name in ("ss", "SST")])
    ['03.\t18.500', '60.\tNaN']
    """
    cells = [_cells(field, columns.get(field.name), rows) for field in fields]
    return ["\t".join(row) for row in zip(*cells, strict=True)]


def _cells(field: Field, values: Any, rows: int) -> list[str]:
    if not field.form:
        if values is None or isinstance(values, str):
            return [values or "N/A"] * rows
        return [str(value) for value in values]
    if values is None:
        return ["NaN"] * rows
    numbers = np.broadcast_to(np.asarray(values), rows)
    if numbers.dtype.kind != "f":
        return [field.form % number for number in numbers.tolist()]
    form: Callable[[float], str] = field.form.__mod__
    return [form(x) if x == x else "NaN" for x in numbers.tolist()]  # noqa: PLR0124


def time_fields(time: np.ndarray) -> dict[str, np.ndarray]:
    """Cut times into the fields of a row.

    Parameters
    ----------
    time : ndarray of datetime64
        UTC, none missing.

    Returns
    -------
    dict of str to ndarray
        ``yr`` to ``mm`` whole numbers, ``ss`` with its fraction to the millisecond.

    Examples
    --------
    >>> parts = time_fields(np.array(["2024-03-01T06:02:30.250"], "datetime64[ms]"))
    >>> {name: part.tolist() for name, part in parts.items()}
    {'yr': [2024], 'mon': [3], 'day': [1], 'hh': [6], 'mm': [2], 'ss': [30.25]}
    """
    milli = time.astype("datetime64[ms]")
    months, days = milli.astype("datetime64[M]"), milli.astype("datetime64[D]")
    in_day = (milli - days).astype("int64")
    return {
        "yr": milli.astype("datetime64[Y]").astype("int64") + 1970,
        "mon": months.astype("int64") % 12 + 1,
        "day": (days - months.astype("datetime64[D]")).astype("int64") + 1,
        "hh": in_day // 3_600_000,
        "mm": in_day // 60_000 % 60,
        "ss": in_day % 60_000 / 1000,
    }
