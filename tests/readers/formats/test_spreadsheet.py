"""Spreadsheets: cells as a person would type them, sheets by name, cut workbooks."""

import datetime as dt
import io
import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest

from oceanco2.errors import OceanCO2Error, ReadError
from oceanco2.platforms import available, parse
from oceanco2.readers import READERS, read
from oceanco2.readers.formats.spreadsheet import read_sheet, read_spreadsheet
from oceanco2.readers.sources import RawFile, find_sources
from oceanco2.readers.table import RequiredColumns
from tests.readers.conftest import small_platform

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlrd")

READER = 'reader = "spreadsheet"\n'
SST = 'SST = { column = "SST", units = "degC" }'


def workbook(rows, **more):
    book = openpyxl.Workbook()
    for name, lines in {"data": rows, **more}.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_dates_times_numbers_and_texts_as_a_person_would_type_them():
    content = workbook(
        [
            ["day", "clock", "both", "n", "x", "text", "long"],
            [
                dt.date(2024, 2, 29),
                dt.time(0, 0),
                dt.datetime(2024, 2, 29),
                145,
                1.25,
                'a "b"\tc',
                dt.timedelta(hours=25, seconds=7),
            ],
            [
                dt.date(2024, 3, 1),
                dt.time(13, 5, 7),
                dt.datetime(2024, 2, 29, 23, 59, 59),
                2.0,
                None,
                None,
                None,
            ],
        ]
    )
    raw = RawFile("a.xlsx", content, "")
    names = ["day", "clock", "both", "n", "x", "text", "long"]
    definition = small_platform(READER, SST).files["a"]
    table = read_spreadsheet(definition, raw, RequiredColumns.of(names, []))
    got = {name: list(table.column(name)) for name in names}
    assert got["day"] == ["2024-02-29", "2024-03-01"]
    assert got["clock"] == ["00:00:00", "13:05:07"]
    assert got["both"] == ["2024-02-29 00:00:00", "2024-02-29 23:59:59"]
    assert (got["n"], got["x"]) == (["145", "2"], ["1.25", ""])
    assert got["text"] == ['a "b" c', ""]
    assert got["long"][0] == "25:00:07"
    assert list(table.lines) == [2, 3]
    assert not table.damaged.any()


def test_hmm_without_padding_units_row_and_a_preamble(reading):
    rows = [["a preamble"], [], ["Date", "HTU", "SST"], ["dd/mm/yyyy", "hmn", "C"]]
    day = dt.date(2009, 1, 4)
    rows += [[day, 0, 1], [day, 5, 2.5], [], [day, 145, 3], [day, 2359, -0.5]]
    table = READER + "header = { skip = 2, units = 1 }\n"
    table += 'time = { date = "Date", date_format = "%Y-%m-%d", time = "HTU",'
    table += ' time_format = "%H%M" }'
    ds = reading(workbook(rows), SST, table, name="a.xlsx")
    clock = [str(t)[11:16] for t in ds["time"].to_numpy()]
    assert clock == ["00:00", "00:05", "01:45", "23:59"]
    assert ds["SST"].to_numpy().tolist() == [1.0, 2.5, 3.0, -0.5]
    assert ds["source_row"].to_numpy().tolist() == [5, 6, 8, 9]


def test_the_sheet_is_named_and_a_wrong_name_says_the_nearest(reading):
    head = ["time", "SST"]
    other = [head, ["2024-01-01 00:00:00", 9.0]]
    content = workbook([head, ["2024-01-01 00:00:00", 1.0]], cruise=other)
    chosen = READER + 'options = { sheet = "cruise" }\n'
    for table, value in ((READER, 1.0), (chosen, 9.0)):
        assert float(reading(content, SST, table, name="a.xlsx")["SST"][0]) == value
    wrong = READER + 'options = { sheet = "Cruise2" }\n'
    with pytest.raises(
        ReadError, match=r"no sheet named 'Cruise2'.*mean 'cruise'.*data"
    ):
        reading(content, SST, wrong, name="a.xlsx")


@pytest.mark.parametrize(
    ("library", "head"),
    [("xlrd", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), ("openpyxl", b"")],
)
def test_without_the_extra_the_error_names_it(monkeypatch, library, head):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        ReadError,
        match=rf"needs {library}, which is not installed:.*oceanco2\[excel\]",
    ):
        read_sheet(RawFile("a.xls", head, ""))


def test_text_is_no_workbook_and_a_workbook_is_no_text(reading):
    with pytest.raises(ReadError, match="not a readable workbook"):
        reading("time,SST\n", SST, READER, name="a.xls")
    with pytest.raises(ReadError, match="reader = 'spreadsheet'"):
        reading(workbook([["time", "SST"]]), SST, "", name="a.xlsx")


def test_workbooks_are_known_by_their_first_bytes():
    sniff = READERS["spreadsheet"].sniff
    assert sniff(workbook([["a"]])[:64])
    assert not sniff(b"time,SST\n")


# ---- the real one -------------------------------------------------------------------

OISO = "cruise_OISO17/OISO17-CO2WAT.xls"


def test_oiso_at_air_pressure_is_f1013_times_1013_over_patm(data_set):
    """FCO2 Patm = F1013 x 1013/Patm, exact to 1e-9 (README of the data set)."""
    text = available()["oiso17_2009"].read_text()
    path = data_set(OISO)
    first = read(parse(text.encode(), "oiso.toml"), path)["cruise"]
    message = 'column = "F1013 (Teq Corrected)"'
    assert message in text
    text = text.replace(message, 'column = "FCO2 Patm (Teq corrected)"')
    second = read(parse(text.encode(), "oiso.toml"), path)["cruise"]
    name = "fCO2_water_SST_wet_delivered"
    scaled = (first[name] * 1013.0 / first["P_atm"]).to_numpy()
    np.testing.assert_allclose(second[name].to_numpy(), scaled, rtol=0, atol=1e-9)


def test_the_cut_or_spoilt_workbook_gives_rows_or_one_line(data_set):
    platform = parse(available()["oiso17_2009"].read_bytes(), "oiso.toml")
    whole = find_sources([data_set(OISO)])[0].load()
    rng = np.random.default_rng(3)
    for _ in range(60):
        content = bytearray(whole.content)
        kind = rng.integers(3)
        if kind == 0:
            content = content[: rng.integers(len(content))]
        else:
            where = rng.integers(0, len(content) - 64, size=1 + 40 * (kind - 1))
            for i in where:
                content[i : i + 32] = rng.bytes(32)
        raw = replace(whole, content=bytes(content))
        definition = platform.files["cruise"]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                table = read_spreadsheet(
                    definition, raw, RequiredColumns.of(["Date"], ["SST"])
                )
            except OceanCO2Error:  # one clear line; anything else fails
                continue
        assert table.lines.size == table.column("SST").size
