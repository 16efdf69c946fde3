"""Whole reports of small files, as JSON and as text."""

from dataclasses import replace

import numpy as np
import pytest

from oceanco2.socat.checker import check_file, check_text
from oceanco2.socat.checker.report import (
    MANY_ERRORS,
    _about_document,
    _about_start,
    _numbers,
    _table,
    make_report,
)
from oceanco2.socat.document.model import Document, Person
from tests.uploads import HEAD, NAMES, row, upload

FAULTY = upload(
    [row(0), row(1, Latitude="95"), row(2, Month="13"), [*row(3), "x"], row(4)],
    head=f"{HEAD}Suggested QC: B\nnonsense line\n",
)
TYPES = (
    *("year", "month", "day", "hour", "minute", "second", "longitude", "latitude"),
    "fCO2_water_sst_100humidity_uatm",
)
UNITS = ("",) * 6 + ("deg E", "deg N", "uatm")
NO_DOCUMENT = "no metadata document: the accuracy of CO2 is not known"
GUESS = "the type of the platform is not stated: assumed to be Ship"


def message(severity, number, columns, kind, text):
    column = columns[0] if len(columns) == 1 else (columns or None)
    return {
        "severity": severity,
        "row": number,
        "column": column,
        "columns": columns,
        "type": kind,
        "text": text,
        "line": number + 6,
    }


def test_a_faulty_file_as_json():
    assert make_report(check_text(FAULTY)).to_dict() == {
        "file": "text",
        "acceptable": False,
        "status": "Unchecked",
        "counts": {"WARNING": 0, "ERROR": 1, "CRITICAL": 3},
        "rows": 5,
        "error_rows": 3,
        "likely_suspended": False,
        "suggested_flag": "S",
        "reasons": [NO_DOCUMENT],
        "reminders": [],
        "pi_suggested_flag": "B",
        "submission": {
            "possible": False,
            "refusals": [
                "the data set cannot be checked: broken rows",
                "errors of longitude or latitude in the file: 1",
                "errors of time in the file: 1",
                "no metadata document (OME or OADS file, or any attachment)",
            ],
        },
        "separator": "tab",
        "encoding": "",
        "header_line": 6,
        "metadata": {
            "expocode": "ZZ9920240301",
            "platform_name": "Synthetic",
            "investigators": "Nobody, N.",
            "suggested_flag": "B",
            "platform_type": "Ship",
            "platform_type_guessed": True,
        },
        "columns": [
            {"number": n, "name": name, "type": kind, "unit": unit, "mapped": False}
            for n, (name, kind, unit) in enumerate(
                zip(NAMES, TYPES, UNITS, strict=True), 1
            )
        ],
        "messages": [
            message("CRITICAL", 2, [8], "range", "95 outside [-90, 90]"),
            message("ERROR", 3, [2], "range", "13 outside [1, 12]"),
            message(
                *("CRITICAL", 3, [1, 2, 3, 4, 5, 6], "time"),
                "not a time: 2024 13 1 6 2 0",
            ),
            message("CRITICAL", 4, [], "fields", "10 fields, the header has 9"),
        ],
        "remarks": ["ignored by the dashboard: line 5: nonsense line", GUESS],
        "woce_water": [2, 4, 4, 4, 2],
    }


COLUMNS = """
column  name                       type                             unit
1       Year                       year
2       Month                      month
3       Day                        day
4       Hour                       hour
5       Minute                     minute
6       Second                     second
7       Longitude [deg E]          longitude                        deg E
8       Latitude [deg N]           latitude                         deg N
9       fCO2_water_SST_wet [uatm]  fCO2_water_sst_100humidity_uatm  uatm
"""


def test_a_faulty_file_as_text():
    expected = f"""text: tab, 5 rows
  expocode: ZZ9920240301
  platform name: Synthetic
  investigators: Nobody, N.
  suggested flag: B
  platform type: Ship (guessed)
{COLUMNS}
severity  row  line  column       message
CRITICAL  2    8     8            95 outside [-90, 90]
ERROR     3    9     2            13 outside [1, 12]
CRITICAL  3    9     1,2,3,4,5,6  not a time: 2024 13 1 6 2 0
CRITICAL  4    10    -            10 fields, the header has 9

note: ignored by the dashboard: line 5: nonsense line
note: {GUESS}
Unchecked: 3 CRITICAL, 1 ERROR, 0 WARNING; 3 rows with errors
flag suggested by the dashboard: S (suggested in the file: B)
  {NO_DOCUMENT}
would be rejected at submission:
  the data set cannot be checked: broken rows
  errors of longitude or latitude in the file: 1
  errors of time in the file: 1
  no metadata document (OME or OADS file, or any attachment)"""
    assert make_report(check_text(FAULTY)).text() == expected


def test_a_good_file_as_text(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text(upload(head=f"{HEAD}Vessel Type: Ship\n"))
    report = make_report(check_file(path), Document())
    lines = report.text().splitlines()
    assert lines[0] == f"{path}: tab, UTF-8, 2 rows"
    assert "  platform type: Ship" in lines
    assert not [line for line in lines if line.startswith(("note", "severity"))]
    start = lines.index(
        "Acceptable: 0 CRITICAL, 0 ERROR, 0 WARNING; 0 rows with errors"
    )
    assert lines[start - 1] == ""
    assert lines[start + 1] == "flag suggested by the dashboard: S"
    assert lines[-1] == "ready for submission"
    assert any(line.startswith("  please check: an alternative") for line in lines)
    found = report.to_dict()
    assert found["submission"] == {"possible": True, "refusals": []}
    assert found["metadata"]["platform_type_guessed"] is False
    assert found["pi_suggested_flag"] is None
    assert found["encoding"] == "UTF-8"


def test_an_empty_file():
    report = make_report(check_text(""))
    assert report.refusals == (
        "the data set cannot be checked: names of columns",
        "no metadata document (OME or OADS file, or any attachment)",
    )
    found = report.to_dict()
    assert (found["rows"], found["header_line"], found["remarks"]) == (0, None, [])
    (only,) = found["messages"]
    assert (only["row"], only["line"], only["column"]) == (None, None, None)
    assert "-         -    -     -" not in report.text()
    assert "\nCRITICAL  -    -     -       no line with the names" in report.text()


@pytest.mark.parametrize(
    ("most", "shown", "more"),
    [
        (2, 2, "... 3 more: CRITICAL fields"),
        (4, 4, "... 1 more: CRITICAL fields"),
        (5, 5, None),
        (20, 5, None),
    ],
)
def test_messages_of_one_kind_are_counted(most, shown, more):
    text = make_report(check_text(upload([[*row(k), "x"] for k in range(5)]))).text(
        most
    )
    assert text.count("10 fields, the header has 9") == shown
    lines = [line for line in text.splitlines() if line.startswith("...")]
    assert lines == ([more] if more else [])


def test_messages_of_a_column_are_counted_by_column():
    rows = [row(k, fCO2_water_SST_wet="70", Latitude="91") for k in range(25)]
    lines = make_report(check_text(upload(rows))).text().splitlines()
    assert [line for line in lines if line.startswith("...")] == [
        "... 5 more: CRITICAL range of column 8",
        "... 5 more: WARNING range of column 9",
    ]


@pytest.mark.parametrize(
    ("cells", "refusals"),
    [
        ({"Latitude": "95"}, ["critical", "longitude or latitude in the file: 1"]),
        ({"Longitude": "x"}, ["critical", "longitude or latitude in the file: 1"]),
        ({"fCO2_water_SST_wet": "-5"}, []),
        ({"fCO2_water_SST_wet": "70"}, []),
    ],
)
def test_why_a_data_set_is_rejected(cells, refusals):
    found = make_report(check_text(upload([row(0), row(1, **cells)])), Document())
    assert len(found.refusals) == len(refusals)
    for text, part in zip(found.refusals, refusals, strict=True):
        assert part in text
    if refusals:
        assert found.refusals[0] == "the data set is unacceptable: 1 critical messages"


def test_rows_out_of_order_are_errors_of_time():
    rows = [row(0), row(2), row(1), row(3)]
    found = make_report(check_text(upload(rows)), Document())
    assert found.refusals[-1] == "errors of time in the file: 1"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        *(("-999.000", "-999"), ("-9999.00000", "-9999"), ("-9", None)),
        *(("-999", None), ("-8888", None)),
    ],
)
def test_codes_that_do_not_count_as_missing(cell, code):
    rows = [row(k, fCO2_water_SST_wet=cell) for k in range(2)]
    found = make_report(check_text(upload(rows))).remarks
    expected = [
        f"column 9: {code} in this spelling does not count as missing: state it at"
        " upload (--missing)"
    ]
    assert [r for r in found if "spelling" in r] == (expected if code else [])


# ---- remarks ------------------------------------------------------------------------


def remarks(document, expocode="ZZ9920240301"):
    check = check_text(upload().replace("ZZ9920240301", expocode))
    return list(_about_document(check, document))


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (None, None),
        (Document(), None),
        (Document(dataset_id="ZZ99"), None),
        (Document(dataset_id="ZZ9920240301"), None),
        (Document(dataset_id="zz9920240301 "), None),
        (Document(expocodes=("AA9920240301", "ZZ9920240301")), None),
        (Document(dataset_id="AA9920240301"), "AA9920240301"),
        (Document(expocodes=("AA99-20240301",)), "AA99-20240301"),
        (
            Document(dataset_id="AA9920240301", expocodes=("BB9920240301",) * 2),
            "AA9920240301, BB9920240301",
        ),
        (Document(submitter=Person(last="X"), dataset_id="AA992024030"), None),
    ],
)
def test_documents_of_other_data_sets(document, text):
    expected = f"the metadata document describes {text}, the file is ZZ9920240301"
    assert remarks(document) == ([expected] if text else [])
    assert remarks(document, "") == []


def start(expocode, *seconds):
    check = check_text(upload())
    times = np.array(seconds, dtype=float)
    changed = replace(
        check, track=(times, times, times), metadata={"expocode": expocode}
    )
    return list(_about_start(changed))


def test_the_date_of_the_expocode():
    assert start("ZZ9919700102", 86400.0, np.nan, 2 * 86400.0) == []
    assert start("ZZ9919700102", 2 * 86400.0, 86400.0) == []
    assert start(" ZZ99-19700102", 2 * 86400.0 - 1) == []
    assert start("ZZ9919700103", 86400.0) == [
        "the expocode has the date 1970-01-03, the first row 1970-01-02"
    ]
    assert start("ZZ9919700103", np.nan) == start("ZZ9919700103") == []
    assert start("ZZ99", 86400.0) == start("", 86400.0) == []


def test_many_errors():
    assert MANY_ERRORS == 50


def test_tables():
    assert list(_table(("a", "bbb"), [("cc", "d"), ("", "")])) == [
        "a   bbb",
        "cc  d",
        "",
    ]
    assert _numbers((1, 2)) == "1,2"
    assert _numbers(()) == ""
