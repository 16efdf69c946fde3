"""The report of a check, as JSON and as text; real files; the command."""

import json

import pytest

from oceanco2.cli import main
from oceanco2.socat.checker import check_file, check_text
from oceanco2.socat.checker.columns import CheckOptions
from oceanco2.socat.checker.report import make_report
from oceanco2.socat.document import read_document
from oceanco2.socat.types import type_of
from oceanco2.socat.upload import socat_upload
from tests.datasets import canonical_dataset
from tests.uploads import HEAD, NAMES, row, upload

UNKNOWN = "(unknown)"


def as_dict(text, **options):
    return make_report(check_text(text, options=CheckOptions(**options))).to_dict()


# ---- the constructed file by the command --------------------------------------------


def test_constructed_file_as_json(reference, capsys):
    folder = reference / "socat"
    lines = (folder / "synthetic_upload_check_expected.csv").read_text().splitlines()
    expected = []
    for line in lines[1:]:
        where, columns, severity, reason = line.split(",", 3)
        numbers = [int(number) for number in columns.split(";")]
        expected.append((int(where), numbers, severity, reason.strip('"')))
    file = str(folder / "synthetic_upload_check.tsv")
    assert main(["socat", "check", file, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [
        (m["row"], m["columns"], m["severity"], m["text"]) for m in found["messages"]
    ] == expected
    for message in found["messages"]:
        several = len(message["columns"]) > 1
        assert message["column"] == message["columns"][0 if not several else slice(99)]
        assert message["line"] == message["row"] + 8
    kinds = [message["type"] for message in found["messages"]]
    assert kinds == ["range"] * 4 + ["number"] + ["speed"] * 3 + ["gap"] * 2
    assert found["acceptable"] is True
    assert found["status"] == "Acceptable"
    assert found["counts"] == {"WARNING": 4, "ERROR": 6, "CRITICAL": 0}
    bad = [k + 1 for k, flag in enumerate(found["woce_water"]) if flag == 4]
    assert bad == [5, 6, 8, 12, 15, 18]
    assert found["woce_water"][9] == 3
    assert (found["separator"], found["encoding"]) == ("tab", "UTF-8")
    assert found["pi_suggested_flag"] == "B"
    assert found["submission"]["refusals"] == [
        "no metadata document (OME or OADS file, or any attachment)"
    ]


def test_the_shape_of_the_answer():
    found = as_dict(upload([row(0), row(1, Latitude="95"), row(2, Month="13")]))
    assert [
        (m["row"], m["column"], m["columns"], m["type"]) for m in found["messages"]
    ] == [
        (2, 8, [8], "range"),
        (3, 2, [2], "range"),
        (3, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], "time"),
    ]
    assert found["acceptable"] is False
    assert found["submission"]["refusals"][:3] == [
        "the data set is unacceptable: 2 critical messages",
        "errors of longitude or latitude in the file: 1",
        "errors of time in the file: 1",
    ]
    found = as_dict(upload(head=HEAD.replace("PIs", "PIx")))
    (message,) = found["messages"]
    assert (message["row"], message["column"], message["columns"]) == (None, None, [])
    assert "ignored by the dashboard: line 3: PIx" in found["remarks"][0]
    assert as_dict("")["status"] == "Unchecked"


def test_remarks_that_are_no_faults():
    text = upload()
    assert as_dict(text)["remarks"] == [
        "the type of the platform is not stated: assumed to be Ship"
    ]
    found = as_dict(text.replace("20240301", "20240225").rstrip("\n"))
    assert found["messages"] == []
    assert found["remarks"][:2] == [
        "the expocode has the date 2024-02-25, the first row 2024-03-01",
        "the last line (6) has no line break: the file may be truncated",
    ]


def test_many_errors_are_acceptable_and_will_be_suspended():
    for count, likely in ((50, False), (51, True)):
        rows = [row(k % 60, Hour=str(k // 60)) for k in range(70)]
        for cells in rows[:count]:
            cells[-1] = "-5"
        found = as_dict(upload(rows))
        assert found["acceptable"] is True
        assert found["error_rows"] == count
        assert found["likely_suspended"] is likely
        assert any("suspended" in text for text in found["remarks"]) is likely


def test_text_says_what_is_left_out(capsys, tmp_path):
    rows = [row(k % 60, Hour=str(k // 60)) for k in range(70)]
    for cells in rows:
        cells[-1] = "70"
    path = tmp_path / "a.tsv"
    path.write_text(upload(rows))
    assert main(["socat", "check", str(path), "--most", "3"]) == 0
    text = capsys.readouterr().out
    assert text.count("70 outside [80, 1200]") == 3
    assert "67 more: WARNING range of column 9" in text
    assert "Acceptable: 0 CRITICAL, 0 ERROR, 70 WARNING" in text


def test_options_of_the_command(tmp_path, capsys):
    path = tmp_path / "a.csv"
    names = ["Date", "Time", "Lat", "Lon", "CO2 = SW (dry)", "p", "note"]
    cells = ["5/23/2004", "6:19:00", "-9", "W", "380", "101.3", "x"]
    cells[3] = "12 30"
    path.write_text(upload([cells], names=names, mark=","))
    call = ["socat", "check", str(path), "--json"]
    assert main(call) == 1
    found = json.loads(capsys.readouterr().out)
    assert "mm-dd-yyyy" in "".join(found["remarks"])
    call += ["--separator", "comma", "--encoding", "UTF-8", "--rest-other"]
    call += ["--column", "CO2 = SW (dry)=xCO2_water_SST_dry"]
    call += ["--column", "p=P_equ", "--unit", "p=kPa", "--unit", "#4=deg min W"]
    call += ["--date-order", "mm-dd-yyyy", "--missing", "p=-9"]
    assert main(call) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["messages"] == []
    assert [c["type"] for c in found["columns"]] == [
        *("date", "time_of_day", "latitude", "longitude", "xCO2_water_sst_dry_ppm"),
        *("Pressure_equi", "other"),
    ]
    assert [c["mapped"] for c in found["columns"]] == [False] * 4 + [True] * 2 + [False]
    for wrong, words in (
        (["--column", "p"], "--column must be NAME=VALUE, not 'p'"),
        (["--column", "q=P_equ"], "no column named 'q'"),
        (["--date-order", "mdy"], "date order"),
        (["--encoding", "ascii"], "encoding"),
    ):
        assert main([*call, *wrong]) == 2
        assert words in capsys.readouterr().err
    assert main(["socat", "check", str(tmp_path / "none")]) == 1
    assert "no such file" in capsys.readouterr().err


def test_with_a_metadata_document(reference_data, tmp_path, capsys):
    path = tmp_path / "a.tsv"
    path.write_text(upload())
    xml = reference_data / "socat" / "OADS_11SS20220801.xml"
    assert main(["socat", "check", str(path), "--metadata", str(xml), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["submission"] == {"possible": True, "refusals": []}
    assert found["suggested_flag"] in "CDS"
    assert any("missing in the metadata" in reason for reason in found["reasons"])
    assert not [text for text in found["remarks"] if "document" in text]
    assert main(["socat", "check", str(path), "--metadata", str(path)]) == 1


def test_a_metadata_document_of_another_data_set_is_reported(reference_data):
    path = reference_data / "socat" / "OADS_a0.2.2s_740H20200119.xml"
    document = read_document(path)
    message = "the metadata document describes 740H20200119, the file is ZZ9920240301"
    assert message in make_report(check_text(upload()), document).remarks
    own = upload().replace("ZZ9920240301", "740h20200119")
    remarks = make_report(check_text(own), document).remarks
    assert not [text for text in remarks if "document" in text]


def test_what_the_exporter_writes_is_clean():
    for word in ("tab", "comma", "semicolon"):
        ds = canonical_dataset(200).assign_attrs(platform_code="ZZ99")
        found = as_dict(socat_upload(ds, separator=word).text)
        assert found["messages"] == []
        assert found["separator"] == word


# ---- real files and known headers ---------------------------------------------------


def types(check):
    return {column.name: column.type for column in check.columns}


def test_aoml_file_with_days_for_times(data_set):
    check = check_file(
        data_set("cruise_33RO20100308_a13.5_aoml_ronbrown") / "A13.5_2010_underway.csv"
    )
    found = types(check)
    assert check.head.separator == "comma"
    assert len(check.lines) == 20210
    not_known = {name for name, kind in found.items() if kind == UNKNOWN}
    assert not_known == {
        *("Section", "LAT_dec_degree", "LONG_dec_degree", "xCO2_ATM_interpolated_ppm"),
        *("PRES_ATM@SSP_hPa", "fCO2_ATM_interpolated_uatm"),
    }
    assert found["Group_Ship"] == "platform_name"
    assert check.columns[4].unit == "dd-mm-yyyy"
    assert check.metadata["expocode"] == "33RO20100308"
    # the time column holds days, the dates have lost their zero: no row has a time
    assert sum(m.type == "time" for m in check.messages) == 20210
    assert check.status == "Unchecked"


def test_aoml_file_after_mapping_by_hand(data_set):
    """Day of the year and a year column: the fast step of row 5423 is named."""
    path = data_set("cruise_33RO20100308_a13.5_aoml_ronbrown")
    lines = (path / "A13.5_2010_underway.csv").read_text().splitlines()
    lines = [f"2010,{line}" for line in lines]
    lines[0] = (
        lines[0].replace("2010", "Year").replace("DATE", "D").replace("TIME", "T")
    )
    options = CheckOptions(
        types={"LAT_dec_degree": "latitude", "LONG_dec_degree": "longitude"},
        rest_other=True,
    )
    text = "PIs: Wanninkhof\n" + "\n".join(lines)
    check = check_text(text, options=options)
    fast = [m for m in check.messages if m.type == "speed" and m.severity == "ERROR"]
    assert 5423 in [m.row for m in fast] or 5424 in [m.row for m in fast]
    assert not [m for m in check.messages if m.type in ("time", "position", "number")]


def test_mapco2_file(data_set):
    folder = data_set("mooring_CCE2_2010_2011")
    check = check_file(folder / "CCE2_121W_34N_Jan2010_Mar2011.csv")
    found = types(check)
    assert len(check.lines) == 3306
    assert {name.split(" ")[0] for name, kind in found.items() if kind != UNKNOWN} == {
        *("Latitude", "Longitude", "Date", "Time", "xCO2_SW_QF", "xCO2_Air_QF"),
        *("SST", "xCO2_Air_dry", "dfCO2"),
    }
    assert check.columns[3].unit == "mm-dd-yyyy"  # by the record of units
    order = [m.row for m in check.messages if m.type == "order"]
    assert order == [2, 3, 4, 5, 6]  # of rows 1 to 5 that come again as 7 to 11


MAPCO2 = """Mooring Name,Latitude,Longitude,Date,Time,xCO2 SW (wet) (umol/mol),
CO2 SW QF,H2O SW (mmol/mol),xCO2 Air (wet) (umol/mol),CO2 Air QF,H2O Air (mmol/mol),
Licor Atm Pressure (hPa),Licor Temp (C),MAPCO2 %O2,SST (C),Salinity,
xCO2 SW (dry) (umol/mol),xCO2 Air (dry) (umol/mol),fCO2 SW (sat) uatm,
fCO2 Air (sat) uatm,dfCO2,pCO2 SW (sat) uatm,pCO2 Air (sat) uatm,dpCO2,
pH (total scale),pH QF"""


def test_published_mapco2_headers():
    """Those that the dashboard recognises (docs/socat-rules.md#mapco2-tables)."""
    known = {
        *(
            "Latitude",
            "Longitude",
            "Date",
            "Time",
            "CO2 SW QF",
            "CO2 Air QF",
            "SST (C)",
        ),
        *("Salinity", "xCO2 Air (dry) (umol/mol)", "dfCO2", "dpCO2"),
    }
    names = MAPCO2.replace("\n", "").split(",")
    assert {name for name in names if type_of(name) != UNKNOWN} == known
    cells = dict.fromkeys(names, "2")
    cells |= {"Latitude": "0.01", "Longitude": "-170", "Date": "10/10/2022"}
    cells |= {"Time": "06:17", "SST (C)": "28", "Salinity": "35"}
    cells |= {"xCO2 SW (dry) (umol/mol)": "420", "xCO2 Air (dry) (umol/mol)": "410"}
    people = '"PIs: Sutton, A.; Trull, T"'
    head = f"expocode: 316420221010\nvessel name: TAO170W_0N\n{people}\n"
    text = upload([list(cells.values())], names=names, head=head, mark=",")
    options = CheckOptions(
        types={"xCO2 SW (dry) (umol/mol)": "xCO2_water_SST_dry"},
        date_order="mm-dd-yyyy",
        rest_other=True,
    )
    found = make_report(check_text(text, options=options)).to_dict()
    assert [m["text"] for m in found["messages"]] == [
        "no seconds in 1 rows: taken as 0"
    ]
    assert found["metadata"]["investigators"] == "Sutton, A.; Trull, T"
    assert found["metadata"]["platform_type"] == "Mooring"
    wrong = as_dict(text, types=dict(options.types), rest_other=True)
    assert [m["severity"] for m in wrong["messages"]] == ["WARNING", "CRITICAL"]
    assert "mm-dd-yyyy or dd-mm-yyyy" in wrong["remarks"][0]


QUINCE = """date time;longitude [ deg E ];latitude  [ deg N ];Depth [m];SST [ deg C ];
Salinity [ PSU ];T_equ [ deg C ];P_equ [ hPa ];xCO2_water_Tequ_dry [ umol/mol ];
xCO2_atm_dry_actual [ umol/mol ];Delta_T [ deg C ];Water Vapour Pressure [ hPa ];
pCO2_water_Tequ_wet [ uatm ];fCO2_water_Tequ_wet [ uatm ];pCO2_water_SST_wet [ uatm ];
fCO2_water_SST_wet [ uatm ];P_atm [ hPa ];pCO2_atm_wet_actual [ uatm ];
fCO2_atm_wet_actual [ uatm ]"""


def test_quince_headers():
    """Fault F12: three must be mapped by hand."""
    names = QUINCE.replace("\n", "").split(";")
    assert [name for name in names if type_of(name) == UNKNOWN] == [
        *("date time", "Delta_T [ deg C ]", "Water Vapour Pressure [ hPa ]"),
    ]
    cells = "2020-03-01 06:10:00;10;-30;5;18;35;18.2;1012;380;400;0.2;0.02;370;369;367"
    row = [*cells.split(";"), "366", "1012", "390", "389"]
    text = upload([row], names=names, head=f"{HEAD}Suggested QC: 2\n")
    check = check_text(
        text, options=CheckOptions(types={"date time": "date_time"}, rest_other=True)
    )
    assert [m.text for m in check.messages] == [
        "line 4: suggested QC '2' is not a letter A to E"
    ]
    assert check.track[0][0] == pytest.approx(1583043000)


def test_an_enhanced_file_must_not_go_up_again():
    """The letter of the data set would be taken for a WOCE flag."""
    assert type_of("QC_Flag") == "WOCE_CO2_water"
    found = as_dict(upload([[*row(0), "B"]], names=[*NAMES, "QC_Flag"]))
    assert found["messages"][0]["text"] == "B outside [1, 9]"
