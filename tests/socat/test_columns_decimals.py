"""Digits of every printed column: those of SOCAT v2026 and of the upload template."""

import numpy as np
import pytest

from oceanco2.socat.archive.printing import Text, format_rows
from oceanco2.socat.columns import COLUMNS, upload_columns

#: A row of a synthesis file as SOCAT publishes it (made-up values, real widths).
ROW = {
    "Expocode": "06AQ20241224",
    "version": "2026.0N",
    "Source_DOI": "10.25921/8dba-fr90",
    "QC_Flag": "B",
    "yr": "2024",
    "mon": "01",
    "day": "09",
    "hh": "00",
    "mm": "05",
    "ss": "07.",
    "longitude": "359.12346",
    "latitude": "-60.00001",
    "sample_depth": "5.",
    "sal": "34.123",
    "SST": "1.200",
    "Tequ": "1.500",
    "PPPP": "1001.250",
    "Pequ": "1001.500",
    "WOA_SSS": "34.012",
    "NCEP_SLP": "1002.125",
    "ETOPO2_depth": "4321.",
    "dist_to_land": "1000.",
    "GVCO2": "421.375",
    "xCO2water_equ_dry": "400.123",
    "xCO2water_SST_dry": "401.123",
    "pCO2water_equ_wet": "402.123",
    "pCO2water_SST_wet": "403.123",
    "fCO2water_equ_wet": "404.123",
    "fCO2water_SST_wet": "405.123",
    "fCO2rec": "406.014",
    "fCO2rec_src": "1",
    "fCO2rec_flag": "2",
}


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: c.name)
def test_a_cell_of_the_archive_is_printed_as_published(column):
    text = ROW[column.name]
    values = Text.of([text]) if column.kind == "text" else np.array([float(text)])
    assert format_rows([column], {column.name: values}) == f"{text}\n".encode()


def test_the_row_names_every_column():
    assert list(ROW) == [column.name for column in COLUMNS]


#: Types with three decimals.
THREE = """
sal temp Temperature_equi Pressure_atm Pressure_equi xCO2_water_equi_temp_dry_ppm
xCO2_water_sst_dry_ppm pCO2_water_equi_temp pCO2_water_sst_100humidity_uatm
fCO2_water_equi_uatm fCO2_water_sst_100humidity_uatm xCO2_atm_dry_actual
pCO2_atm_wet_actual fCO2_atm_wet_actual xCO2_atm_dry_interp pCO2_atm_wet_interp
fCO2_atm_wet_interp delta_fCO2 xH2O_equi Temperature_atm ship_speed ship_dir
wind_speed_true wind_dir_true
"""


def test_digits_of_the_upload_file():
    """Positions to a metre, the depth of the intake to a centimetre, else three."""
    expected = {"longitude": 5, "latitude": 5, "sample_depth": 2}
    expected |= dict.fromkeys(THREE.split(), 3)
    found = {c.type: c.decimals for c in upload_columns() if c.variable}
    assert expected.items() <= found.items()
