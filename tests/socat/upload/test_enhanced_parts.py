"""Pieces of enhanced files by hand: limits, times, preambles, rows of a synthesis."""

from dataclasses import replace

import numpy as np
import pytest

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.socat.columns import COLUMNS
from oceanco2.socat.upload.enhanced import (
    EnhancedOptions,
    Records,
    _explanation,
    _preamble_of_many,
    _preamble_of_one,
    _recommended,
    _rounded,
    _text_or_missing,
    synthesis_rows,
    time_columns,
    write_report,
)

NAN = np.nan
ABOUT = {"name": "N", "platform": "P", "investigators": "I", "reference": "R"}
FCO2_INPUTS = ("SST", "Tequ", "sal", "WOA_SSS", "Pequ", "PPPP", "NCEP_SLP")
FCO2_INPUTS += ("xCO2water_equ_dry", "xCO2water_SST_dry", "pCO2water_equ_wet")
FCO2_INPUTS += ("pCO2water_SST_wet", "fCO2water_equ_wet", "fCO2water_SST_wet")


def made(size=3, flag="A", expocode="AAAA20100101", **columns):
    hours = np.arange(size) * np.timedelta64(1, "h")
    time = np.datetime64("2010-01-01T23:00:00", "ms") + hours
    known = {
        "longitude": np.linspace(350.0, 359.0, size),
        "latitude": np.linspace(-5.0, 5.0, size),
        "SST": np.full(size, 15.0),
        "sal": np.full(size, 35.0),
        "fCO2rec": np.full(size, 400.0),
        "fCO2rec_src": np.ones(size, int),
        "fCO2rec_flag": np.full(size, 2),
    }
    rest = {
        c.name: np.full(size, NAN)
        for c in COLUMNS
        if c.kind == "number" and c.name not in known
    }
    known |= {k: np.asarray(v) for k, v in columns.items()}
    return Records(expocode, "2026.0N", "10.1/x", flag, ABOUT, time, rest | known)


def test_limits_of_a_data_set():
    assert made().limits() == {
        "west": "10.00W",
        "east": "1.00W",
        "south": "5.00S",
        "north": "5.00N",
        "start": "2010-01-01",
        "end": "2010-01-02",
    }
    other = made(longitude=[179.0, 180.0, 181.5], latitude=[-3.25, -2.0, -1.125])
    limits = other.limits()
    assert (limits["west"], limits["east"]) == ("179.00E", "178.50W")
    assert (limits["south"], limits["north"]) == ("3.25S", "1.12S")
    equator = made(longitude=[0.0, 0.0, 0.0], latitude=[0.0, 0.0, 0.0]).limits()
    assert (equator["west"], equator["south"], equator["north"]) == (
        *("0.00E", "0.00N", "0.00N"),
    )


def test_some_of_the_rows():
    few = made().taken(np.array([True, False, True]))
    assert few.time.size == few.columns["SST"].size == 2
    assert few.columns["latitude"].tolist() == [-5.0, 5.0]
    assert few.about is ABOUT
    assert (few.expocode, few.version, few.doi, few.flag) == (
        *("AAAA20100101", "2026.0N", "10.1/x", "A"),
    )


def test_times_of_rows():
    times = np.array(
        ["1969-12-31T23:59:59.999", "2024-02-29T12:34:56.789"], "datetime64[ms]"
    )
    found = {name: values.tolist() for name, values in time_columns(times).items()}
    assert found == {
        "yr": [1969, 2024],
        "mon": [12, 2],
        "day": [31, 29],
        "hh": [23, 12],
        "mm": [59, 34],
        "ss": [59.999, 56.789],
    }


@pytest.mark.parametrize("flag", [*"ABCD"])
def test_a_synthesis_has_good_rows_once(flag):
    flags = [2, 3, 4, 2, 2, 9]
    data_set = made(6, flag=flag, fCO2rec_flag=flags, sal=[35.0] * 3 + [NAN] * 3)
    data_set.time[4] = data_set.time[3]
    for name in ("longitude", "latitude"):
        data_set.columns[name][4] = data_set.columns[name][3]
    rows = synthesis_rows(data_set)
    assert rows.time.tolist() == data_set.time[[0, 3]].tolist()
    data_set.columns["SST"][4] += 0.001
    assert synthesis_rows(data_set).time.size == 3


def test_what_a_synthesis_refuses():
    for flag in ("E", "N", "U"):
        with pytest.raises(ProcessingError, match=rf"flag A to D, not\s+'{flag}'"):
            synthesis_rows(made(flag=flag))
    with pytest.raises(ProcessingError, match="AAAA20100101: no row with an fCO2rec"):
        synthesis_rows(made(fCO2rec_flag=[3, 4, 9]))
    with pytest.raises(ProcessingError, match="no data set to write"):
        write_report([], "x")
    with pytest.raises(ProcessingError, match="AAAA20100101 appears more than once"):
        write_report([made(), made()], "x")


def test_data_sets_are_in_order_and_all_or_good_rows(tmp_path):
    second, first = made(expocode="BBBB20100101"), made(fCO2rec_flag=[2, 3, 2])
    found = write_report([second, first], tmp_path / "s.tsv")
    assert [d.expocode for d in found] == ["AAAA20100101", "BBBB20100101"]
    assert [d.time.size for d in found] == [2, 3]
    text = (tmp_path / "s.tsv").read_text()
    assert "only data points with recomputed fCO2 values" in text
    assert text.count("AAAA20100101\t2026.0N") == 3  # twice below, once above
    found = write_report([second, first], tmp_path / "e.tsv", every=True)
    assert [d.time.size for d in found] == [3, 3]
    assert "report of all data points" in (tmp_path / "e.tsv").read_text()


def test_preamble_of_one():
    lines = _preamble_of_one(made())
    assert lines[0].startswith("SOCAT data report created: ")
    assert lines[0].endswith(" +0000")
    assert len(lines[0]) == len("SOCAT data report created: 2024-03-01 06:00 +0000")
    assert "not by SOCAT" in lines[1]
    assert lines[2:] == [
        "Expocode: AAAA20100101",
        "version: 2026.0N",
        "Dataset Name: N",
        "Platform Name: P",
        "Principal Investigator(s): I",
        "DOI for the original data: 10.1/x",
        "DOI of the entire SOCAT collection: N/A",
        "Supplemental documentation reference(s): R",
        "Longitude range: 10.00W to 1.00W",
        "Latitude range: 5.00S to 5.00N",
        "Time range: 2010-01-01 to 2010-01-02",
        "Data set QC flag: A",
        "",
    ]


def test_preamble_of_many():
    lines = _preamble_of_many([made(), made(flag="B", expocode="BBBB20100101")])
    assert lines[2] == "DOI of the entire SOCAT collection: N/A"
    head, first, second = (line.split("\t") for line in lines[4:7])
    assert len(head) == len(first) == 15
    assert dict(zip(head, first, strict=True)) == {
        "Expocode": "AAAA20100101",
        "version": "2026.0N",
        "Dataset Name": "N",
        "Platform Name": "P",
        "PI(s)": "I",
        "Data Source DOI": "10.1/x",
        "Data Source Reference": "R",
        "Westmost Longitude": "10.00W",
        "Eastmost Longitude": "1.00W",
        "Southmost Latitude": "5.00S",
        "Northmost Latitude": "5.00N",
        "Start Time": "2010-01-01",
        "End Time": "2010-01-02",
        "QC Flag": "A",
        "Additional Metadata Document(s)": "",
    }
    assert (second[0], second[13]) == ("BBBB20100101", "B")
    assert lines[7:] == [""]


def test_explanation_of_the_columns():
    lines = _explanation(("the", "end"))
    assert lines[0] == "Explanation of data columns:"
    assert lines[-3:] == ["the", "end", ""]
    assert len(lines) == 1 + len(COLUMNS) + 9
    by_name = dict(line.split(": ", 1) for line in lines[1 : 1 + len(COLUMNS)])
    assert by_name["SST"].endswith(" [deg.C]") or "[" in by_name["SST"]
    assert "[" not in by_name["Expocode"]


@pytest.mark.parametrize(
    "version", ["N/A", "3", "2026.0N", "3.0U", "1.5", "2026.12", "1234"]
)
def test_versions(version):
    assert EnhancedOptions(version=version).version == version


@pytest.mark.parametrize("version", ["", "12345", "3.", "3.123", "3.0X", "v3"])
def test_no_versions(version):
    with pytest.raises(OptionError, match="version must be like"):
        EnhancedOptions(version=version)


def test_flags_of_data_sets():
    for flag in (*"ABCDENU", None):
        assert EnhancedOptions(flag=flag).flag == flag
    for flag in ("F", "S", "", "AB"):
        with pytest.raises(OptionError, match="flag"):
            EnhancedOptions(flag=flag)


def test_numbers_are_those_that_are_printed():
    assert _rounded("SST", np.array([15.00049, 2.0006, NAN])).tolist()[:2] == [
        *(15.0, 2.001),
    ]
    assert _rounded("longitude", np.array([10.123456])).tolist() == [10.12346]
    assert _rounded("ETOPO2_depth", np.array([10.6])).tolist() == [11.0]


def test_a_row_without_a_result_has_flag_9():
    columns = {name: np.full(2, NAN) for name in FCO2_INPUTS}
    columns |= {"SST": np.full(2, 15.0), "fCO2water_SST_wet": np.array([400.0, NAN])}
    found = _recommended(columns, np.array([3, 3]))
    assert found["fCO2rec_src"].tolist() == [6, 0]
    assert found["fCO2rec_flag"].tolist() == [3, 9]
    assert found["fCO2rec"][0] == 400.0
    assert found["fCO2rec_flag"].dtype == found["fCO2rec_src"].dtype == np.int64


def test_texts():
    assert _text_or_missing(None) == _text_or_missing("") == "N/A"
    assert _text_or_missing("x") == "x"
    assert replace(EnhancedOptions(), doi="d").doi == "d"
