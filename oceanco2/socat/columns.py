"""Columns of the files published by SOCAT: names, units, print formats."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class UploadColumn:
    """One column of an upload file.

    Attributes
    ----------
    header : str
        Name in the file with its unit.
    type : str
        Data type on the dashboard.
    variable : str
        Variable of the dataset; empty if the writer makes the column.
    decimals : int
        Number of decimals.
    side : str
        ``"common"``, ``"water"`` or ``"air"``.
    """

    header: str
    type: str
    variable: str = ""
    decimals: int = 3
    side: str = "common"

    @property
    def is_water_co2(self) -> bool:
        """Whether it is CO2 in sea water, of which SOCAT needs one column.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of sea water.
        """
        return self.type[1:].startswith("CO2_water_")

    @property
    def is_air_co2(self) -> bool:
        """Whether it is CO2 in air.

        Returns
        -------
        bool
            True for xCO2, pCO2 and fCO2 of air.
        """
        return self.type[1:].startswith("CO2_atm_")


@cache
def upload_columns() -> tuple[UploadColumn, ...]:
    """Return all possible columns, in order."""
    text = (files("oceanco2.socat") / "columns.toml").read_text("utf-8")
    return tuple(UploadColumn(**entry) for entry in tomllib.loads(text)["column"])


#: Print formats: text, integers padded with zeros, numbers with a decimal point.
TEXT, INTEGER, NUMBER = "text", "integer", "number"


@dataclass(frozen=True, slots=True)
class ArchiveColumn:
    """A column of a file published by SOCAT.

    Attributes
    ----------
    name : str
        The header without its unit: the name that users type.
    units : str
        Units as UDUNITS spells them; empty where there are none.
    header : str
        The exact header of v2020 and later.
    kind : {"text", "integer", "number"}
        Print format of a cell.
    decimals : int
        Digits after the decimal point; with 0 the point is still printed.
    width : int
        Fewest digits before the decimal point, padded with zeros.
    others : tuple of str
        Headers of other versions and of PANGAEA.
    long_name : str
        Description.
    """

    name: str
    units: str
    header: str
    kind: str
    decimals: int = 3
    width: int = 1
    others: tuple[str, ...] = ()
    long_name: str = ""


def _text_column(header: str, long_name: str, *others: str) -> ArchiveColumn:
    return ArchiveColumn(header, "", header, TEXT, others=others, long_name=long_name)


def _integer_column(
    header: str, width: int, long_name: str, *others: str
) -> ArchiveColumn:
    return ArchiveColumn(header, "", header, INTEGER, 0, width, others, long_name)


def _number_column(
    header: str, units: str, long_name: str, *others: str, decimals: int = 3
) -> ArchiveColumn:
    name = header.split(" [", maxsplit=1)[0]
    return ArchiveColumn(name, units, header, NUMBER, decimals, 1, others, long_name)


_DEGC, _X, _P = "degree_Celsius", "umol mol-1", "uatm"

#: Columns of the enhanced file, in its order.
COLUMNS: tuple[ArchiveColumn, ...] = (
    _text_column("Expocode", "identifier of the data set"),
    _text_column("version", "version of SOCAT where the data set appears first"),
    _text_column("Source_DOI", "DOI of the data source", "SOCAT_DOI"),
    _text_column("QC_Flag", "flag of the data set", "QC_ID"),
    _integer_column("yr", 4, "year (UTC)"),
    _integer_column("mon", 2, "month (UTC)"),
    _integer_column("day", 2, "day (UTC)"),
    _integer_column("hh", 2, "hour (UTC)"),
    _integer_column("mm", 2, "minute (UTC)"),
    ArchiveColumn("ss", "s", "ss", NUMBER, 0, 2, long_name="second (UTC)"),
    _number_column(
        "longitude [dec.deg.E]", "degrees_east", "longitude", "Longitude", decimals=5
    ),
    _number_column(
        "latitude [dec.deg.N]", "degrees_north", "latitude", "Latitude", decimals=5
    ),
    _number_column(
        "sample_depth [m]", "m", "depth of the intake", "Depth water [m]", decimals=0
    ),
    _number_column("sal", "1", "practical salinity", "Sal"),
    _number_column("SST [deg.C]", _DEGC, "sea surface temperature", "Temp [°C]"),
    _number_column(
        "Tequ [deg.C]", _DEGC, "temperature in the equilibrator", "Tequ [°C]"
    ),
    _number_column("PPPP [hPa]", "hPa", "pressure of the air at sea level"),
    _number_column("Pequ [hPa]", "hPa", "pressure in the equilibrator"),
    _number_column("WOA_SSS", "1", "salinity of the World Ocean Atlas", "Sal interp"),
    _number_column(
        "NCEP_SLP [hPa]",
        "hPa",
        "sea level pressure of the NCEP/NCAR reanalysis",
        "PPPP interp [hPa]",
    ),
    _number_column(
        "ETOPO2_depth [m]",
        "m",
        "depth of the sea floor",
        "Bathy depth interp/grid [m]",
        decimals=0,
    ),
    _number_column(
        "dist_to_land [km]",
        "km",
        "distance to major land, 1000 at most",
        "d2l [km]",
        "Distance [km]",
        decimals=0,
    ),
    _number_column(
        "GVCO2 [umol/mol]",
        _X,
        "xCO2 of the marine boundary layer",
        "xCO2air_interp [µmol/mol]",
    ),
    _number_column(
        "xCO2water_equ_dry [umol/mol]",
        _X,
        "xCO2 in dry air at the temperature of the equilibrator",
        "xCO2water_equ_dry [µmol/mol]",
    ),
    _number_column(
        "xCO2water_SST_dry [umol/mol]",
        _X,
        "xCO2 in dry air at SST",
        "xCO2water_SST_dry [µmol/mol]",
    ),
    _number_column(
        "pCO2water_equ_wet [uatm]",
        _P,
        "pCO2 at the temperature of the equilibrator",
        "pCO2water_equ_wet [µatm]",
    ),
    _number_column(
        "pCO2water_SST_wet [uatm]", _P, "pCO2 at SST", "pCO2water_SST_wet [µatm]"
    ),
    _number_column(
        "fCO2water_equ_wet [uatm]",
        _P,
        "fCO2 at the temperature of the equilibrator",
        "fCO2water_equ_wet [µatm]",
    ),
    _number_column(
        "fCO2water_SST_wet [uatm]", _P, "fCO2 at SST", "fCO2water_SST_wet [µatm]"
    ),
    _number_column("fCO2rec [uatm]", _P, "recommended fCO2"),
    _integer_column("fCO2rec_src", 1, "algorithm of fCO2rec, 0: none", "Algorithm"),
    _integer_column(
        "fCO2rec_flag",
        1,
        "WOCE flag of fCO2rec: 2 good, 3 questionable, 4 bad, 9 none",
        "Flag [#]",
    ),
)
HEADERS = tuple(column.header for column in COLUMNS)
#: The synthesis and regional files up to v2019 lack the six CO2 columns.
SYNTHESIS_HEADERS = tuple(header for header in HEADERS if "CO2water" not in header)
#: Headers of SOCAT's upload format with the same meaning.
_UPLOAD = {
    "yr": "Year",
    "mon": "Month",
    "day": "Day",
    "hh": "Hour",
    "mm": "Minute",
    "ss": "Second",
    "longitude": "Longitude [deg E]",
    "latitude": "Latitude [deg N]",
    "sample_depth": "Sample_depth [m]",
    "sal": "Salinity [PSU]",
    "SST": "SST [deg C]",
    "Tequ": "T_equ [deg C]",
    "PPPP": "P_atm [hPa]",
    "Pequ": "P_equ [hPa]",
    "xCO2water_equ_dry": "xCO2_water_Tequ_dry [umol/mol]",
    "xCO2water_SST_dry": "xCO2_water_SST_dry [umol/mol]",
    "pCO2water_equ_wet": "pCO2_water_Tequ_wet [uatm]",
    "pCO2water_SST_wet": "pCO2_water_SST_wet [uatm]",
    "fCO2water_equ_wet": "fCO2_water_Tequ_wet [uatm]",
    "fCO2water_SST_wet": "fCO2_water_SST_wet [uatm]",
}
_BY_NAME = {column.name: column for column in COLUMNS}
_BY_HEADER = {
    text: column
    for column in COLUMNS
    for text in (column.name, column.header, *column.others)
} | {text: _BY_NAME[name] for name, text in _UPLOAD.items()}


def column_of(text: str) -> ArchiveColumn | None:
    """Return the column with a header or name.

    Parameters
    ----------
    text : str
        Header of any version, or a name.

    Returns
    -------
    ArchiveColumn or None
        None if SOCAT has no such column.

    Examples
    --------
    >>> column_of("SOCAT_DOI").name
    'Source_DOI'
    """
    text = text.strip()
    column = _BY_HEADER.get(text)
    if column or "fCO2water_SST_wet" not in text or "Recomputed" not in text:
        return column
    # PANGAEA: the second column of that name differs by its method in brackets.
    return _BY_NAME["fCO2rec"]


def header_line(names: Iterable[str] = HEADERS) -> bytes:
    r"""Return the header line of a file.

    Parameters
    ----------
    names : iterable of str
        Headers of the columns.

    Returns
    -------
    bytes
        One line with its newline.

    Examples
    --------
    >>> header_line(["Expocode", "sal"])
    b'Expocode\tsal\n'
    """
    return ("\t".join(names) + "\n").encode()
