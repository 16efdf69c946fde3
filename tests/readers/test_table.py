"""Delimited tables: separators, quotes, headers, encodings, line ends, damage."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import DataWarning, PlatformError, ReadError
from oceanco2.readers import read
from oceanco2.readers.formats.delimited import read_delimited
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.sources import find_sources
from oceanco2.readers.table import RequiredColumns, locate, merge_tables, table_of
from oceanco2.readers.text_table import fields, guess_separator, split_columns
from oceanco2.text import decode, split_lines
from tests.readers.conftest import small_platform

SST = 'SST = { column = "SST", units = "degC" }'
BOTH = SST + '\nsalinity = { column = "Sal", units = "1" }'
HEAD = "time,SST,Sal\n"
DAY = "2020-01-01 0{}:00:00"


def row(hour, *cells, separator=","):
    return separator.join([DAY.format(hour), *cells]) + "\n"


def values(ds, name="SST"):
    return ds[name].to_numpy().tolist()


# ---- separators and quotes ----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "separator"),
    [("tab", "\t"), ("comma", ","), ("semicolon", ";"), ("pipe", "|")],
)
@pytest.mark.parametrize("message", [True, False])
def test_separators(reading, name, separator, message):
    text = separator.join(["time", "SST", "Sal"]) + "\n"
    text += row(1, " 12.5 ", "35", separator=separator)
    ds = reading(text, BOTH, f'separator = "{name}"' if message else "")
    assert (values(ds), values(ds, "salinity")) == ([12.5], [35.0])
    noted = f"a.csv: separator assumed to be {name}" in ds.attrs["reading_notes"]
    assert noted is not message


def test_blanks_as_separator_collapse(reading):
    text = "date time  SST\n 2020-01-01   01:00:00 \t 12.5  \n2020-01-01 02:00:00 13\n"
    time = 'time = { columns = ["date", "time"], format = "%Y-%m-%d %H:%M:%S" }'
    for separator in ('separator = "space"\n', ""):
        assert values(reading(text, SST, separator + time)) == [12.5, 13.0]


def test_an_unknown_separator_is_an_error_before_data_are_read():
    with pytest.raises(
        PlatformError, match=r"must be one of .* not 'coma'.*mean 'comma'"
    ):
        small_platform('separator = "coma"', SST)


@pytest.mark.parametrize(
    ("line", "separator", "cells"),
    [
        ('a,"b,c", d ', ",", ["a", "b,c", "d"]),
        ('"a ""b""",c', ",", ['a "b"', "c"]),
        ("a,,", ",", ["a", "", ""]),
        ('1\t "GO TO SLEEP"\t2', "\t", ["1", "GO TO SLEEP", "2"]),
        ('"GO TO SLEEP"   7', " ", ["GO TO SLEEP", "7"]),
        ("  a   b ", " ", ["a", "b"]),
        ('a,"open,b', ",", ["a", "open,b"]),
        ('5" hose,b', ",", ['5" hose', "b"]),
    ],
)
def test_fields_of_one_line(line, separator, cells):
    assert fields(line, separator) == cells


def test_a_quote_left_open_costs_its_own_line_only(reading):
    long = '"' + "x" * 200_000
    text = HEAD + row(1, "1", "2") + row(2, long, "9") + row(3, "3", "4")
    with pytest.warns(DataWarning):
        ds = reading(text, BOTH)
    np.testing.assert_array_equal(values(ds), [1.0, np.nan, 3.0])
    assert values(ds, "damaged") == [0, 1, 0]


def test_everything_quoted(reading):
    text = '"time","SST","Sal"\n"2020-01-01 01:00:00","1.5","35"\n'
    assert values(reading(text, BOTH)) == [1.5]


@given(st.text(alphabet='ab1 ,;\t|"', max_size=30))
def test_sniffing_and_fields_take_anything(line):
    separator = guess_separator(line)
    assert separator in "\t;,| "
    assert all(cell == cell.strip() for cell in fields(line, separator))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["1.5", "", "-2e3", "NaN", "x", '"7"', " 8 "])),
        min_size=1,
        max_size=8,
    )
)
def test_the_fast_and_the_slow_way_agree(rows):
    """Each line cut on its own says what the whole says."""
    lines = [",".join(["7", *r]) for r in rows]
    cells, damaged = split_columns(lines, 3, ",", {0: False, 1: False, 2: True}, ".")
    for i, line in enumerate(lines):
        one = [*fields(line, ","), "", "", ""]
        expected, invalid = to_numbers(np.array([one[1]], dtype=object))
        got, strange = to_numbers(cells[1][i : i + 1])
        np.testing.assert_array_equal(got, expected)
        assert strange == invalid
        assert cells[2][i] == one[2]
        assert damaged[i] == (len(fields(line, ",")) < 3 or any(one[3:]))


# ---- headers ------------------------------------------------------------------------


def test_header_skip_until_rows_units(reading):
    body = row(1, "12.5", "35")
    for before, header in (
        ("made by\nsomeone\n" + HEAD, "skip = 2"),
        ("/* made by\nSST\n */\n" + HEAD, 'until = "*/"'),
        ("[begin]\nEND OF HEADER\n" + HEAD, 'until = "End of"'),
        (HEAD + "UTC,degC,1\n", "units = 1"),
        ("#\n\n" + HEAD + "\n", "skip = 1"),
    ):
        ds = reading(before + body, BOTH, f"header = {{ {header} }}")
        assert values(ds) == [12.5]
        assert before.count("\n") + 1 == ds["source_row"].item()


def test_header_rows_are_joined_and_blanks_repeat(reading):
    text = "time;sea;;air\n;SST;Sal;T;\n;degC;;degC;\n2020-01-01 01:00:00;1;2;3;\n"
    sst = 'SST = { column = "sea|SST|degC", units = "degC" }'
    time = 'time = { columns = ["time|time|time"], format = "%Y-%m-%d %H:%M:%S" }'
    # The first column has nothing to its left: its blanks stay blank.
    ds = reading(
        text, sst, "header = { rows = 3 }\n" + time.replace("time|time|time", "time||")
    )
    assert values(ds) == [1.0]
    assert values(ds, "damaged") == [0]


def test_names_without_a_header(reading):
    table = 'header = { rows = 0 }\nnames = ["time", "SST", "Sal"]'
    assert values(reading(row(1, "1", "2"), BOTH, table), "salinity") == [2.0]
    with pytest.raises(PlatformError, match="set 'names'"):
        reading(row(1, "1", "2"), BOTH, "header = { rows = 0 }")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("header = { skip = 90 }", "ends within its header"),
        ('header = { until = "*/" }', r"no line starts with '\*/'"),
    ],
)
def test_headers_that_are_not_there(reading, table, message):
    with pytest.raises(ReadError, match=message):
        reading(HEAD + row(1, "1", "2"), BOTH, table)


def test_comments_blank_lines_and_repeated_headers_are_no_rows(reading):
    text = "# one\n" + HEAD + row(1, "1", "2") + "\n  # two\n" + HEAD + "\n \t\n"
    ds = reading(text + row(2, "3", "4"), BOTH, 'comment = "#"')
    assert values(ds) == [1.0, 3.0]
    assert values(ds, "source_row") == [3, 9]
    assert ds.attrs["rows_read"] == 2


def test_column_names(reading):
    text = " Time ,CO2,co2, sst,,CO2,CO2\n" + row(1, "1", "2", "3", "x", "5", "6")
    names = 'time = { columns = ["time"], format = "%Y-%m-%d %H:%M:%S" }\n'
    for place, required in (
        ('column = "CO2"', 1),
        ('column = "co2"', 2),
        ('column = " CO2 ", occurrence = 2', 5),
        ('column = "CO2", occurrence = 3', 6),
        ('column = "Sst"', 3),
    ):
        ds = reading(text, f'SST = {{ {place}, units = "degC" }}', names)
        assert values(ds) == [float(required)]
    with pytest.raises(ReadError, match="no column number 2 named 'sst'"):
        reading(text, 'SST = { column = "sst", occurrence = 2, units = "degC" }')


def test_locate_prefers_the_exact_spelling():
    names = ["a", "A", "a"]
    assert [locate(names, "A"), locate(names, "a", 2), locate(names, "b")] == [
        1,
        2,
        None,
    ]
    assert locate(names, "A", 2) == 1  # without regard to case: a, A, a


# ---- encodings and line ends --------------------------------------------------------

LATIN = "time,T [°C]\n" + row(1, "1.5")
DEGREES = 'SST = { column = "T [°C]", units = "degC" }'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LATIN.encode(), ""),
        (LATIN.encode("utf-8-sig"), ""),
        (LATIN.encode("utf-16"), ""),
        (LATIN.encode("cp1252"), ""),
        (LATIN.encode("latin-1"), 'encoding = "latin-1"'),
        (LATIN.encode("utf-8-sig"), 'encoding = "utf-8"'),
        (LATIN.encode("utf-16-le"), 'encoding = "utf-16-le"'),
    ],
)
def test_encodings(reading, content, message):
    ds = reading(content, DEGREES, message)
    assert values(ds) == [1.5]
    noted = any("Windows-1252" in note for note in ds.attrs["reading_notes"])
    assert noted is (content == LATIN.encode("cp1252") and not message)


def test_wrong_encodings(reading):
    with pytest.raises(ReadError, match="byte 8 is not utf-8; set 'encoding'"):
        reading(LATIN.encode("latin-1"), DEGREES, 'encoding = "utf-8"')
    with pytest.raises(PlatformError, match="no encoding named 'utf-88'"):
        reading(LATIN.encode(), DEGREES, 'encoding = "utf-88"')
    for name in ("hex", "zlib", "undefined"):
        with pytest.raises(ReadError, match="is not a text encoding"):
            decode(b"time,SST\n", name, "a.csv")


def test_a_file_cut_inside_a_character_loses_that_character_only():
    assert decode("a°".encode()[:-1], "utf-8", "a.csv")[0] == "a"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n", "\r\r\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(reading, end, last):
    lines = ["time,SST", DAY.format(1) + ",1", DAY.format(2) + ",2"]
    ds = reading((end.join(lines) + (end if last else "")).encode(), SST)
    assert values(ds) == [1.0, 2.0]
    assert values(ds, "source_row") == [2, 3]


def test_line_ends_may_be_mixed():
    assert split_lines("a\rb\nc\r\nd\r\r\ne\n\nf") == ["a", "b", "c", "d", "e", "", "f"]
    assert split_lines("") == []


def test_a_tail_of_nuls_as_after_a_power_failure(reading):
    text = (HEAD + row(1, "1", "2") + row(2, "3", "4")).encode()
    with pytest.warns(DataWarning, match="line 4 without a readable time"):
        ds = reading(text + b"\x00" * 20 + b"2020-", BOTH)
    assert values(ds) == [1.0, 3.0]
    assert ds.attrs["rows_rejected"] == 1
    assert "a.csv: NUL characters removed" in ds.attrs["reading_notes"]


# ---- numbers ------------------------------------------------------------------------


def test_decimal_comma_and_thousands(reading):
    variables = SST + '\nP_equ = { column = "peq", units = "hPa" }'
    text = "time;SST;peq\n" + row(1, "12,5", "1.035,25", separator=";")
    ds = reading(text, variables, 'separator = ";"\ndecimal = ","')
    assert (values(ds), values(ds, "P_equ")) == ([12.5], [1035.25])
    text = "time;SST;peq\n" + row(1, "12.5", "1,012.5", separator=";")
    assert values(reading(text, variables), "P_equ") == [1012.5]
    with pytest.raises(PlatformError, match="must not both be a comma"):
        reading(text, BOTH, 'separator = ","\ndecimal = ","')


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.5", ".", 1.5),
        (" +1.5e-3 ", ".", 0.0015),
        (".5", ".", 0.5),
        ("5.", ".", 5.0),
        ("\u22121.5", ".", -1.5),
        ("1,234.5", ".", 1234.5),
        ("-12,345,678", ".", -12345678.0),
        ("0,123", ".", None),
        ("12,34", ".", None),
        ("1,5", ",", 1.5),
        ("-1.234,5", ",", -1234.5),
        ("1.234.567", ",", 1234567.0),
        ("1.234", ",", None),  # thousands or decimals: nobody knows
        ("12.5", ",", None),
        ("1_000", ".", None),
        ("0x10", ".", None),
        ("True", ".", None),
        ("\uff11\uff12", ".", None),
        ("1e999", ".", None),
        ("12 5", ".", None),
        ("--5", ".", None),
        ("9" * 400, ".", None),
    ],
)
def test_numbers(text, decimal, value):
    numbers, invalid = to_numbers(np.array([text], dtype=object), (), decimal)
    if value is None:
        assert np.isnan(numbers[0])
        assert invalid[0]
    else:
        assert numbers[0] == value
        assert not invalid[0]


@pytest.mark.parametrize("text", ["", "  ", "NaN", "nan", "NA", "n/a", "null", "-"])
def test_nothing(text):
    numbers, invalid = to_numbers(np.array([text], dtype=object))
    assert np.isnan(numbers[0])
    assert not invalid[0]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_digit_of_a_number_is_kept(value):
    numbers, invalid = to_numbers(np.array([repr(value), "x"], dtype=object))
    assert numbers[0] == value
    assert not invalid[0]
    cells, _ = split_columns([f"{value!r},1"], 2, ",", {0: False}, ".")
    assert cells[0][0] == value


def test_missing_codes(reading):
    cells = ["-999", "-999.0", "-999.00", "-9.99e2", "none", "bad", "7", "-99.9"]
    text = "time,SST,Sal\n"
    text += "".join(f"2020-01-01 {i:02d}:00:00,{c},1\n" for i, c in enumerate(cells))
    ds = reading(text, BOTH, 'missing = ["-999", "BAD"]')
    assert np.isnan(ds["SST"]).to_numpy().tolist() == [True] * 6 + [False] * 2
    assert not ds["damaged"].any()
    own = 'SST = { column = "SST", units = "degC", missing = ["-99.90", "7"] }'
    ds = reading(text, own, 'missing = ["-999", "bad"]')
    assert np.isnan(ds["SST"]).all()


def test_sums_differences_units_and_constants(reading):
    text = "time,a,b,c\n" + row(1, "700", "405", "101.3") + row(2, "", "1.5", "-999")
    ds = reading(
        text,
        'P_equ = { sum = ["a", "b"], units = "mbar" }\n'
        'SST = { difference = ["a", "b"], units = "K" }\n'
        'P_atm = { column = "c", units = "kPa" }\n'
        'T_equ = { value = 50.0, units = "degF" }',
        'missing = ["-999"]',
    )
    np.testing.assert_array_equal(values(ds, "P_equ"), [1105.0, np.nan])
    np.testing.assert_allclose(values(ds), [295.0 - 273.15, np.nan])
    np.testing.assert_allclose(values(ds, "P_atm"), [1013.0, np.nan])
    np.testing.assert_allclose(values(ds, "T_equ"), [10.0] * 2)
    assert ds["P_equ"].attrs["source_column"] == "a + b"
    assert ds["SST"].attrs["source_column"] == "a - b"
    assert ds["T_equ"].attrs["value_type"] == "nominal"
    assert ds["P_atm"].attrs["units"] == "hPa"


def test_calibrated_and_delivered_variables_have_names_of_their_own(reading):
    ds = reading(
        "time,a,b,c\n" + row(1, "10", "1010", "395"),
        'SST = { column = "a", units = "degC", sensor = "s" }\n'
        'P_atm = { column = "b", units = "hPa", height = 10.0 }\n'
        'T_equ = { column = "a", units = "degC", sensor = "t" }',
        more='[delivered]\nfCO2_water_SST_wet = { column = "c", units = "uatm" }\n'
        "[[sensors.s.calibrations]]\nvalid_from = 2020-01-01\npolynomial = [1.0]\n"
        '[sensors.t]\nmodel = "x"',
    )
    assert {"SST_raw", "P_atm_raw", "T_equ", "fCO2_water_SST_wet_delivered"} <= set(ds)
    assert "standard_name" not in ds["SST_raw"].attrs
    assert ds["SST_raw"].attrs["sensor"] == "s"
    assert values(ds, "fCO2_water_SST_wet_delivered") == [395.0]


# ---- damage -------------------------------------------------------------------------


def test_rows_of_another_length_are_kept_and_marked(reading):
    text = HEAD + row(1, "1", "2") + row(2, "3") + row(3, "4", "5", "6") + row(4, "7")
    with pytest.warns(
        DataWarning, match=r"a\.csv: 3 rows \(lines 3, 4, 5\) with a diff"
    ):
        ds = reading(text + row(5, "8", "9"), BOTH)
    np.testing.assert_array_equal(values(ds), [1, 3, 4, 7, 8])
    np.testing.assert_array_equal(values(ds, "salinity"), [2, np.nan, 5, np.nan, 9])
    assert values(ds, "damaged") == [0, 1, 1, 1, 0]


def test_empty_fields_behind_the_last_are_no_damage(reading):
    text = "time,SST,Sal,,\n" + row(1, "1", "2") + row(2, "3", "4", "")
    text += row(3, "5", "6", "", "", "")
    assert values(reading(text, BOTH), "damaged") == [0, 0, 0]


def test_cells_that_are_no_numbers(reading):
    text = HEAD + row(1, "1", "2") + row(2, "1x", "3") + row(3, "??", "x")
    with pytest.warns(DataWarning) as caught:
        ds = reading(text, BOTH)
    messages = [str(w.message) for w in caught]
    assert messages[0].startswith("a.csv:3: SST: '1x' is not a number (2 such cells")
    assert messages[1].startswith("a.csv:4: salinity: 'x' is not a number (1 such")
    np.testing.assert_array_equal(values(ds), [1, np.nan, np.nan])
    np.testing.assert_array_equal(values(ds, "salinity"), [2, 3, np.nan])
    assert values(ds, "damaged") == [0, 1, 1]


def test_damage_in_unused_columns_does_not_matter(reading):
    text = HEAD + row(1, "1", "two") + row(2, "3", "?")
    assert values(reading(text, SST), "damaged") == [0, 0]


def test_a_truncated_last_row(reading):
    whole = HEAD + row(1, "1.25", "35.5") + row(2, "2.25", "36.5")
    start = len(HEAD + row(1, "1.25", "35.5"))
    for end in range(start, len(whole) - 1):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            ds = reading(whole[:end], BOTH)
        assert values(ds)[0] == 1.25
        assert ds.sizes["time"] + ds.attrs["rows_rejected"] == (
            1 if end == start else 2
        )


def test_at_most_fifty_notes(reading):
    many = {f"a{i}.csv": HEAD + row(1, "1", str(i)) for i in range(60)}
    ds = reading(many, BOTH)
    assert len(ds.attrs["reading_notes"]) == 51
    assert ds.attrs["reading_notes"][-1] == "... 10 more"


# ---- several files ------------------------------------------------------------------


def test_files_with_other_columns_are_joined_by_name(reading):
    files = {
        "a.csv": "time,SST,Sal\n" + row(1, "1", "2"),
        "b.csv": "Sal;TIME;x;sst\n" + "4;" + DAY.format(2) + ";9;3\n",
        "c.csv": "time,SST\n" + row(3, "5"),
    }
    ds = reading(files, BOTH)
    np.testing.assert_array_equal(values(ds), [1, 3, 5])
    np.testing.assert_array_equal(values(ds, "salinity"), [2, 4, np.nan])
    assert "c.csv: no column 'Sal', treated as missing" in ds.attrs["reading_notes"]


def test_a_file_of_another_format_among_good_ones_is_an_error(reading):
    files = {"a.csv": HEAD + row(1, "1", "2"), "b.csv": "some,notes\nof,mine\n"}
    with pytest.raises(ReadError, match=r"b\.csv: .*: no column named 'time'"):
        reading(files, BOTH)


def test_a_number_column_that_holds_text_in_one_file_only(reading):
    files = {"a.csv": HEAD + row(1, "1.5", "2"), "b.csv": HEAD + row(2, "1,000.5", "3")}
    files = {k: v.replace(",", ";", 0) for k, v in files.items()}
    files["b.csv"] = HEAD.replace(",", ";") + row(2, "1,000.5", "3", separator=";")
    assert values(reading(files, BOTH)) == [1.5, 1000.5]


# ---- flags that came with the file --------------------------------------------------


def flagged(reading, texts, extra=""):
    text = "time,SST,QF\n"
    text += "".join(f"2020-01-01 {i:02d}:00:00,1,{t}\n" for i, t in enumerate(texts))
    sst = f'SST = {{ column = "SST", units = "degC", flag = "QF"{extra} }}'
    return values(reading(text, sst), "SST_flag_delivered")


def test_flags_of_the_file(reading):
    assert flagged(reading, ["2", "2.0", "3", "4.", "9", "0", "", "-999"]) == [
        *(2, 2, 3, 4, 9, 0, 0, 9)
    ]
    mapped = ', flag_map = { "5" = 9, "good" = 2, "4" = 3 }'
    assert flagged(reading, ["5", "5.0", "good", "4"], mapped) == [9, 9, 2, 3]


def test_unknown_flags(reading):
    with pytest.raises(ReadError, match=r"a\.csv:3: column 'QF': no flag named '5'"):
        flagged(reading, ["2", "5"])
    with pytest.warns(DataWarning, match="a different number of fields"):
        assert flagged(reading, ["2", "5,7"]) == [2, 0]


def test_flags_of_delivered_results(reading):
    ds = reading(
        "time,f,QF\n" + row(1, "380", "3"),
        "",
        more='[delivered]\nfCO2_water_SST_wet = { column = "f", units = "uatm",'
        ' flag = "QF" }',
    )
    assert values(ds, "fCO2_water_SST_wet_flag_delivered") == [3]


def test_options_that_a_reader_does_not_have(tmp_path):
    (tmp_path / "a.csv").write_text(HEAD + row(1, "1", "2"))
    platform = small_platform('options = { clock = "gps" }', SST)
    with pytest.raises(Exception, match=r"reader 'delimited': no option named 'clock'"):
        read(platform, tmp_path)


def test_unused_columns_are_not_kept(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + row(1, "1", "2"))
    raw = find_sources([path])[0].load()
    definition = small_platform("", SST).files["a"]
    table = read_delimited(definition, raw, RequiredColumns.of(["time"], ["SST"]))
    assert sorted(table.cells) == [0, 1]
    assert table.cells[1].dtype == np.float64


def test_parts_of_a_file_with_other_headers_are_joined():
    one = table_of({"a": np.array([1.0]), "b": np.array(["x"], dtype=object)}, [1])
    two = table_of({"B": np.array([2.0]), "c": np.array([3.0])}, [3])
    both = merge_tables([one, two])
    assert both.names == ["a", "b", "c"]
    np.testing.assert_array_equal(both.column("a"), [1.0, np.nan])
    assert both.column("b").tolist() == ["x", "2.0"]
    np.testing.assert_array_equal(both.column("c"), [np.nan, 3.0])
    assert both.lines.tolist() == [1, 3]


def test_many_files(tmp_path):
    """One a minute for hours, as some loggers write."""
    for i in range(300):
        text = f"2020-01-01 {i // 60:02d}:{i % 60:02d}:00,{i}\n"
        (tmp_path / f"log{i}.csv").write_text("time,SST\n" + text)
    (tmp_path / "log300.csv").write_text("time,SST\nnever,1\n")
    with pytest.warns(DataWarning, match=r"log300\.csv: line 2 without"):
        ds = read(small_platform("", SST), tmp_path)["a"]
    assert values(ds) == list(range(300))
    assert ds.attrs["source_files"][:3] == ["log0.csv", "log1.csv", "log2.csv"]
    assert values(ds, "source_file") == list(range(300))
