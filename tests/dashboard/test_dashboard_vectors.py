"""The upload dashboard's rules against its own tables and the constructed vectors."""

import csv
import json

import numpy as np

from oceanco2.dashboard.checker import check_text
from oceanco2.dashboard.recognition import data_types, recognised, type_of
from oceanco2.dashboard.track import check_track


def test_every_name_of_the_dashboard_is_known(reference_data):
    theirs = json.loads((reference_data / "socat" / "DefaultTypeKeys.json").read_text())
    assert len(theirs) == 886
    ours = {key: list(kind) for key, kind in recognised().items()}
    for key, (kind, unit, missing) in theirs.items():
        assert missing == ""
        assert ours[key] == [kind, unit.replace("\\:", ":")]
    assert len(ours) == 886


def test_types_and_limits_are_those_of_the_dashboard(reference_data):
    theirs = json.loads((reference_data / "socat" / "KnownTypes.json").read_text())
    roles = {"USER_DATA": "user", "FILE_METADATA": "metadata", "FILE_DATA": "data"}
    assert list(theirs) == list(data_types())
    assert len(theirs) == 94
    for name, said in theirs.items():
        ours = data_types()[name]
        keys = ("min_question", "max_question"), ("min_accept", "max_accept")
        for limits, (low, high) in zip((ours.error, ours.warn), keys, strict=True):
            expected = [
                said.get(f"{key}_value", sign)
                for key, sign in ((low, "-inf"), (high, "inf"))
            ]
            assert limits == tuple(map(float, expected)), name
        assert ours.units == tuple(said.get("units", ()))
        assert ours.kind == said["data_class"]
        assert ours.display == said["display_name"]
        assert ours.roles == {roles[role] for role in said["roles"]}
        assert ours.critical == (name in ("longitude", "latitude"))


def test_rule_of_recognition():
    """The consequences that SOCAT.md 1.4 names."""
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


def test_constructed_file_gets_the_expected_messages(reference_data):
    folder = reference_data / "socat"
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


def test_order_of_constructed_sequences(reference_data):
    path = reference_data / "socat" / "synthetic_order_check.csv"
    for case in csv.DictReader(path.read_text().splitlines()):
        hours = np.array(case["hours_in_file_order"].split(";"), dtype=float)
        place = np.zeros(hours.size)
        found = check_track(hours * 3600, place, place)
        rows = ";".join(str(f.row + 1) for f in found)
        assert rows == case[f"misordered_{case['reported']}"]
