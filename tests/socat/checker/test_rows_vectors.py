"""The upload dashboard's rules against its own tables and the constructed vectors."""

import csv
import json

import numpy as np
import pytest

from oceanco2.socat.checker import check_text
from oceanco2.socat.checker.rows import both_passes
from oceanco2.socat.types import data_types, recognised, type_of
from tests.uploads import row, upload


def test_every_name_of_the_dashboard_is_known(reference):
    published = json.loads((reference / "socat" / "DefaultTypeKeys.json").read_text())
    assert len(published) == 886
    ours = {key: list(kind) for key, kind in recognised().items()}
    for key, (kind, unit, missing) in published.items():
        assert missing == ""
        assert ours[key] == [kind, unit.replace("\\:", ":")]
    assert len(ours) == 886


def test_types_and_limits_are_those_of_the_dashboard(reference):
    published = json.loads((reference / "socat" / "KnownTypes.json").read_text())
    roles = {"USER_DATA": "user", "FILE_METADATA": "metadata", "FILE_DATA": "data"}
    assert list(published) == list(data_types())
    assert len(published) == 94
    for name, entry in published.items():
        ours = data_types()[name]
        keys = ("min_question", "max_question"), ("min_accept", "max_accept")
        for limits, (low, high) in zip((ours.error, ours.warn), keys, strict=True):
            expected = [
                entry.get(f"{key}_value", sign)
                for key, sign in ((low, "-inf"), (high, "inf"))
            ]
            assert limits == tuple(map(float, expected)), name
        assert ours.units == tuple(entry.get("units", ()))
        assert ours.kind == entry["data_class"]
        assert ours.display == entry["display_name"]
        assert ours.roles == {roles[role] for role in entry["roles"]}
        assert ours.critical == (name in ("longitude", "latitude"))


def test_rule_of_recognition():
    """The consequences that docs/socat-rules.md#column-names lists."""
    assert type_of("fCO2_water_SST_wet [µatm]") == "(unknown)"
    assert type_of("SST [°C]") == "temp"
    assert type_of("xCO₂_water_Tequ_dry [umol/mol]") == "(unknown)"
    assert type_of("QC_Flag") == "WOCE_CO2_water"
    assert type_of("T_atm") == "Temperature_atm"
    assert type_of("T_atm [deg C]") == "(unknown)"
    for header in ("date time", "YD_UTC", "PRES_ATM@SSP_hPa", "relative_humidity"):
        assert type_of(header) == "(unknown)"
    for header in ("PPPP [hPa]", "Tequ [deg.C]", "yr", "SAL_permil", "dfCO2_uatm"):
        assert type_of(header) != "(unknown)"


def test_constructed_file_gets_the_expected_messages(reference):
    folder = reference / "socat"
    text = (folder / "synthetic_upload_check.tsv").read_text()
    expected = list(
        csv.DictReader(
            (folder / "synthetic_upload_check_expected.csv").read_text().splitlines()
        )
    )
    found = check_text(text).messages
    assert [
        {
            "row": str(f.row),
            "columns": ";".join(map(str, f.columns)),
            "severity": f.severity,
            "reason": f.text,
        }
        for f in found
    ] == expected


def test_order_of_constructed_sequences(reference):
    """Both passes, the one that is reported, and the messages on a whole file."""
    path = reference / "socat" / "synthetic_order_check.csv"
    cases = list(csv.DictReader(path.read_text().splitlines()))
    assert len(cases) == 7
    for case in cases:
        hours = np.array(case["hours_in_file_order"].split(";"), dtype=float)
        place = np.zeros(hours.size)
        passes = both_passes(hours * 3600, place, place)
        for word, found in zip(("forward", "backward"), passes, strict=True):
            assert {f.test for f in found} <= {"order"}
            rows = ";".join(str(f.row + 1) for f in found)
            assert rows == case[f"misordered_{word}"]
        reported = case[f"misordered_{case['reported']}"]
        file = upload([row(Hour=f"{hour:.0f}") for hour in hours])
        messages = check_text(file).messages
        assert ";".join(str(m.row) for m in messages) == reported
        assert {(m.severity, m.columns) for m in messages} <= {
            ("CRITICAL", (1, 2, 3, 4, 5, 6))
        }


HEADERS = {
    "Expocode": "expocode",
    "Year": "year",
    "Month": "month",
    "Day": "day",
    "Hour": "hour",
    "Minute": "minute",
    "Second": "second",
    "Longitude [deg E]": "longitude",
    "Latitude [deg N]": "latitude",
    "Sample_depth [m]": "sample_depth",
    "Salinity [PSU]": "sal",
    "SST [deg C]": "temp",
    "T_equ [deg C]": "Temperature_equi",
    "P_atm [hPa]": "Pressure_atm",
    "P_equ [hPa]": "Pressure_equi",
    "xCO2_water_Tequ_dry [umol/mol]": "xCO2_water_equi_temp_dry_ppm",
    "xCO2_water_SST_dry [umol/mol]": "xCO2_water_sst_dry_ppm",
    "pCO2_water_Tequ_wet [uatm]": "pCO2_water_equi_temp",
    "pCO2_water_SST_wet [uatm]": "pCO2_water_sst_100humidity_uatm",
    "fCO2_water_Tequ_wet [uatm]": "fCO2_water_equi_uatm",
    "fCO2_water_SST_wet [uatm]": "fCO2_water_sst_100humidity_uatm",
    "xCO2_atm_dry_actual [umol/mol]": "xCO2_atm_dry_actual",
    "pCO2_atm_wet_actual [uatm]": "pCO2_atm_wet_actual",
    "fCO2_atm_wet_actual [uatm]": "fCO2_atm_wet_actual",
    "xCO2_atm_interp [umol/mol]": "xCO2_atm_dry_interp",
    "pCO2_atm_wet_interp [uatm]": "pCO2_atm_wet_interp",
    "fCO2_atm_wet_interp [uatm]": "fCO2_atm_wet_interp",
    "delta_xCO2 [umol/mol]": "delta_xCO2",
    "delta_pCO2 [uatm]": "delta_pCO2",
    "delta_fCO2 [uatm]": "delta_fCO2",
    "xH2O_equ [mmol/mol]": "xH2O_equi",
    "T_atm": "Temperature_atm",
    "ship_speed [knots]": "ship_speed",
    "ship_dir [deg clk N]": "ship_dir",
    "wind_speed_true [m/s]": "wind_speed_true",
    "wind_dir_true": "wind_dir_true",
    "WOCE_CO2_water": "WOCE_CO2_water",
    "comment_WOCE_CO2_water": "comment_WOCE_CO2_water",
    "WOCE_CO2_atm": "WOCE_CO2_atm",
    "comment_WOCE_CO2_atm": "comment_WOCE_CO2_atm",
    # other spellings
    "pCO2_water_equ_wet": "pCO2_water_equi_temp",
    "xCO2water_equ_dry [umol/mol]": "xCO2_water_equi_temp_dry_ppm",
    "xCO2_water_equ_dry": "xCO2_water_equi_temp_dry_ppm",
    "PPPP [hPa]": "Pressure_atm",
    "Pequ [hPa]": "Pressure_equi",
    "Tequ [deg.C]": "Temperature_equi",
    "sal": "sal",
    "yr": "year",
    "mon": "month",
    "day": "day",
    "hh": "hour",
    "mm": "minute",
    "ss": "second",
    "xCO2_EQU_ppm": "xCO2_water_equi_temp_dry_ppm",
    "xCO2_ATM_ppm": "xCO2_atm_dry_actual",
    "PRES_EQU_hPa": "Pressure_equi",
    "TEMP_EQU_C": "Temperature_equi",
    "SST_C": "temp",
    "SAL_permil": "sal",
    "fCO2_SW@SST_uatm": "fCO2_water_sst_100humidity_uatm",
    "dfCO2_uatm": "delta_fCO2",
    "WOCE_QC_FLAG": "WOCE_CO2_water",
    "QC_SUBFLAG": "comment_WOCE_CO2_water",
    "DATE_UTC__ddmmyyyy": "date",
    "TIME_UTC_hh:mm:ss": "time_of_day",
    "Group": "organization",
    "Ship": "platform_name",
    "Depth [m]": "sample_depth",
    "dfCO2": "delta_fCO2",
    "dpCO2": "delta_pCO2",
    # never recognised
    "date time": "(unknown)",
    "YD_UTC": "(unknown)",
    "LAT_dec_degree": "(unknown)",
    "LONG_dec_degree": "(unknown)",
    "PRES_ATM@SSP_hPa": "(unknown)",
    "xCO2_ATM_interpolated_ppm": "(unknown)",
    "fCO2_ATM_interpolated_uatm": "(unknown)",
    "xCO2_atm_dry_interp [umol/mol]": "(unknown)",
    "Temperature_atm [deg C]": "(unknown)",
    "relative_humidity": "(unknown)",
    "specific_humidity": "(unknown)",
    "Delta_T [ deg C ]": "(unknown)",
    "Water Vapour Pressure [ hPa ]": "(unknown)",
}


@pytest.mark.parametrize(("header", "kind"), HEADERS.items())
def test_headers_of_the_specification(header, kind):
    """docs/socat-rules.md#column-names."""
    assert type_of(header) == kind
