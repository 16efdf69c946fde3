"""Parts of a draft: copies of shipped platform files, heads, what is left over."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.readers import READERS, draft
from oceanco2.readers.columns import RecognisedColumn
from oceanco2.readers.guessing import Layout
from oceanco2.readers.sources import RawFile
from oceanco2.readers.times import TIMESTAMP


def layout_of(file="a_2024.csv", **columns):
    cells = [np.array(c.split(), dtype=object) for c in columns.values()]
    return Layout(file, names=list(columns), columns=cells, rows=len(cells[0]))


def raw(text, name="x_20240101.txt"):
    return RawFile(name, text.encode(), "")


LOG = "\n".join(
    "\t".join(row.split("|"))
    for row in (
        "Type|PC Date|PC Time|std val|equ temp|licor press",
        "STD1|1|2|250|3.5|4",
        "STD1|1|2|252|3.5|4",
        "STD1|1|2|260|3.5|4",
        "std2z|1|2|0|3.5|4",
        "EQU|1|2|999|3.5|4",
        "STD3|1|2|x|3.5|4",
    )
)
RUNS = [
    "run types of the file: EQU (1), STD1 (3), STD3 (1), std2z (1)",
    "standard STD1: the operator entered 252; is that its certificate?",
    "standard std2z: the operator entered 0; is that its certificate?",
]


def test_runs_and_standards_of_a_log():
    assert draft._describe_runs(raw(LOG)) == RUNS
    for name in ("Type", "std val"):
        assert draft._describe_runs(raw(LOG.replace(name, "other"))) == []
    upper = LOG.replace("Type", " TYPE ").replace("std val", "STD VAL")
    assert draft._describe_runs(raw(upper)) == RUNS


def example(reader, more=""):
    text = (
        "# A comment\n# of two lines\n# CHECK\nschema = 1\n"
        'name = "Old"\nplatform_code = "OLD1"   # x\n# kept\n[files.a]\n'
        f'reader = "{reader}"  # y\npattern = "old"\n[files.b]\nreader = "z"\n'
        f'pattern = "other"\n{more}'
    )
    return SimpleNamespace(
        read_text=lambda encoding: text if encoding == "utf-8" else ""
    )


def test_a_copy_of_a_platform_file_with_the_same_reader(monkeypatch):
    shipped = {"one": example("sami"), "two": example("mapco2", 'name = "Old"\n')}
    monkeypatch.setattr(draft, "available", lambda: shipped)
    files = [(raw("", f"c{i}.txt"), "mapco2") for i in (1, 2)]
    text, questions = draft._from_example([*files, (raw("", "d.log"), "sami")])
    assert questions == [
        "all columns, sensors and constants are those of 'two': replace them with your"
        " own",
        "name, platform_code and metadata",
    ]
    assert text.split("\n") == [
        "# c1.txt has the format 'mapco2'; this is a copy of the platform",
        "# file 'two', which uses it.",
        *(f"# CHECK: {question}" for question in questions),
        "schema = 1",
        'name = "NAME"',
        'platform_code = "????"     # CHECK: ICES/NODC code, 4 characters',
        "# kept",
        "[files.a]",
        'reader = "mapco2"  # y',
        'pattern = "c*.txt"',
        "[files.b]",
        'reader = "z"',
        'pattern = "other"',
        'name = "Old"',
        "",
    ]


def test_good_examples_come_first(monkeypatch):
    names = ("aa", "crimp2_2016", "demo_hydroc", "go_workshop_2019")
    for count in (4, 3, 2, 1):
        shipped = {name: example("general_oceanics") for name in names[:count]}
        monkeypatch.setattr(draft, "available", lambda shipped=shipped: shipped)
        text, questions = draft._from_example([(raw(LOG), "general_oceanics")])
        best = {4: names[3], 3: names[2], 2: names[1], 1: names[0]}[count]
        assert f"# file '{best}', which uses it." in text
        assert questions[2:] == RUNS
        assert 'pattern = "x_*.txt"' in text
    shipped = {"aa": example("general_oceanics"), "bb": example("general_oceanics")}
    monkeypatch.setattr(draft, "available", lambda: shipped)
    assert "'aa'" in draft._from_example([(raw(LOG), "general_oceanics")])[0]


def test_the_pattern_of_the_table_with_the_reader():
    body = 'reader = "a"\npattern = "1"\nreader = "b" # x\npattern = "2"\n'
    assert draft._with_pattern(body, "b", '"\\\\d"') == body.replace('"2"', '"\\\\d"')
    assert draft._with_pattern(body * 2, "a", '"3"').count('"3"') == 1
    assert draft._with_pattern(body, "c", '"3"') == body


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        ("EQU TEMP,LiCor x", "general_oceanics"),
        ("equ temp", None),
        ("licor", None),
        ("a,b", None),
        ("/* DATA DESCRIPTION:\n*/", None),
        (":SAMIinfo", "sami"),
        ("x" * 19_987 + "equ temp licor", None),
        ("x" * 19_986 + "equ temp licor", "general_oceanics"),
    ],
)
def test_the_reader_of_a_file(text, reader):
    assert draft._recognise_reader(raw(text)) == reader


HEAD = [
    "# Draft for a_2024.csv. Correct every line marked CHECK, then validate",
    "# it with `oceanco2 platforms THIS_FILE`.",
    "schema = 1",
    'name = "a_2024"',
    'kind = "ship"',
    'platform_code = "????"     # CHECK: ICES/NODC code, 4 characters',
    "",
]
KIND = 'kind: "ship", "mooring", "surface_vehicle" or "drifter"'
CODE = "platform_code: the ICES/NODC code of the platform"


@pytest.mark.parametrize(
    ("columns", "name", "code"),
    [
        ({"x": "A"}, "a_2024", None),
        ({"Expocode": "06AQ20240313 06AQ20240313"}, "a_2024", "06AQ"),
        ({"Expocode": "06AQ20240313 58GS20240313"}, "a_2024", None),
        ({"Ship": "B A"}, "A", None),
        *(({word: "A"}, "A", None) for word in ("VESSEL", "Mooring", "plat_form")),
        ({"EXPO_CODE": "06AQ1", "ship": "C"}, "C", "06AQ"),
    ],
)
def test_heads(columns, name, code):
    questions = ["before"]
    text = draft._platform_head(layout_of(**columns), questions)
    expected = HEAD.copy()
    expected[3] = f'name = "{name}"'
    if code:
        expected[5] = f'platform_code = "{code}"'
    assert text.split("\n") == expected
    assert questions == ["before", *([] if code else [CODE]), KIND]


def test_columns_that_are_left_over():
    layout = layout_of(state="A A", a="1 2", b="3 4", c="5 6", d="7 8")
    layout.reader = "pro_oceanus"
    layout.names += ["", "e", TIMESTAMP, "instrument time"]
    empty = np.array(["", ""], dtype=object)
    some = np.array(["", "9"], dtype=object)
    layout.columns += [some, empty, some, some]
    columns = {
        "variables": {"SST": RecognisedColumn({"column": "a"})},
        "delivered": {"x": RecognisedColumn({"sum": ["b", "q"], "units": "c"})},
    }
    assert draft._describe_unknown(layout, columns) == [
        '# VARIABLE = { column = "d", units = "UNITS" }   # begins with 7'
    ]
    columns["delivered"]["x"].source["units"] = "m"
    layout.columns[6] = some
    assert [
        line.split('"')[1] for line in draft._describe_unknown(layout, columns)
    ] == [*("c", "d", "e")]


def test_times_that_a_reader_knows_are_not_asked_for():
    layout = layout_of(DATE="2024-03-13 2024-03-14", TIME="10:00 11:00")
    found, questions = draft._time_of(layout)
    assert found["columns"] == ["DATE", "TIME"]
    assert questions == []
    layout.reader = "pangaea"
    assert draft._time_of(layout) == ({}, [])
    layout.reader = "netcdf"  # a column of numbers
    assert draft._time_of(layout) == ({}, [])


def test_variables_that_a_format_names_win():
    entry = READERS["mapco2_csv"]
    layout = layout_of(LATITUDE="1", sst="2", xCO2_water_SST_dry="3", delta_fCO2="4")
    guess = RecognisedColumn({"column": "other"}, ["why"])
    columns = {"variables": {"SST": guess, "P_equ": guess}, "delivered": {}}
    draft._add_offers(columns, layout, entry)
    sources = {
        table: {name: column.source for name, column in found.items()}
        for table, found in columns.items()
    }
    dry = {"column": "xCO2_water_SST_dry", "units": "umol mol-1"}
    assert sources == {
        "variables": {
            "SST": {"column": "SST", "units": "degree_Celsius"},
            "P_equ": {"column": "other"},
            "latitude": {"column": "latitude"},
            "xCO2_water_SST_dry": dry,
        },
        "delivered": {"delta_fCO2": {"column": "delta_fCO2", "units": "uatm"}},
    }
    flagged = layout_of(**{"xCO2_water_SST_dry": "3", "QF water": "2"})
    draft._add_offers(columns, flagged, entry)
    source = columns["variables"]["xCO2_water_SST_dry"].source
    assert source == dry | {"flag": "QF water"}


def test_the_stream_with_the_most_co2_is_the_main_one():
    count = draft._count_co2
    assert count({"variables": {"SST": 1}, "delivered": {}}) == 0
    assert count({"variables": {"xCO2": 1}, "delivered": {"fCO2_x": 1, "SST": 1}}) == 2


def test_names_that_begin_alike():
    assert draft._common_prefix(["abc", "abd", "ab"]) == "ab"
    assert draft._common_prefix(["abc"]) == "abc"
    assert draft._common_prefix(["", "a"]) == ""


def stream(name, variables, delivered=(), **keys):
    columns = {
        "variables": {n: RecognisedColumn(dict(s)) for n, s in variables.items()},
        "delivered": {n: RecognisedColumn({"column": n}) for n in delivered},
    }
    return layout_of(name, SEC="1 2", **keys), [name], columns


def test_variables_of_several_streams():
    """The first stream with a variable has it; constants only of the first."""
    one = stream("a.csv", {"xCO2": {"column": "c"}, "salinity": {"value": 35.0}})
    two = stream("b.csv", {"SST": {"column": "t"}, "xCO2": {"column": "d"}}, ["fCO2"])
    three = stream("c.csv", {"P_equ": {"value": 1.0}, "SST": {"column": "u"}}, ["fCO2"])
    text, questions = draft._platform_text([one, two, three])
    lines = text.split("\n")
    begin = lines.index("[variables]")
    assert lines[begin:] == [
        "[variables]",
        'xCO2 = { column = "c" }',
        "salinity = { value = 35.0 }",
        'SST = { file = "data2", column = "t" }',
        "",
        "[delivered]",
        'fCO2 = { file = "data2", column = "fCO2" }',
        "",
        "",
    ]
    assert [n for n in lines if n.startswith("[files")] == [
        *("[files.data]", "[files.data2]", "[files.data3]")
    ]
    assert questions == [
        *(f"[files.data{i}] no column looks like a time" for i in ("", 2, 3)),
        CODE,
        KIND,
    ]
    assert "\n\n\n" not in text.rstrip("\n")
    only = draft._platform_text([stream("a.csv", {"SST": {"column": "t"}})])
    assert only[1][-1] == "no column is recognised as CO2"
    assert "[delivered]" not in only[0]
