"""Parts of a draft: heads, streams, what the readers add, what is left over."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.errors import ReadError
from oceanco2.readers import READERS, draft
from oceanco2.readers.columns import RecognisedColumn
from oceanco2.readers.guessing import Layout
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import table_of
from oceanco2.readers.times import TIMESTAMP


def layout_of(file="a_2024.csv", **columns):
    cells = [np.array(c.split(), dtype=object) for c in columns.values()]
    return Layout(file, names=list(columns), columns=cells, rows=len(cells[0]))


def raw(text, name="x_20240101.txt"):
    return RawFile(name, text.encode(), "")


@pytest.mark.parametrize(
    ("text", "reader"),
    [
        # without the header that its reader needs it is no log of that system
        ("EQU TEMP,LiCor x", None),
        ("equ temp", None),
        ("licor", None),
        ("a,b", None),
        ("/* DATA DESCRIPTION:\n*/", "pangaea"),
        (":SAMIinfo", "sami"),
        ("x" * 65_528 + ":SAMIinfo", None),
        ("x" * 65_527 + ":SAMIinfo", "sami"),
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
        '# VARIABLE = { column = "d", units = "UNITS" }   # begins with 7',
        '# VARIABLE = { column = "e", units = "UNITS" }   # empty',
    ]
    layout.names[3] = "C"  # readers find columns in capital or small letters
    assert len(draft._describe_unknown(layout, columns)) == 2
    layout.names[3] = "c"
    columns["delivered"]["x"].source["units"] = "m"
    layout.columns[6] = some
    lines = draft._describe_unknown(layout, columns, "data2")
    assert [line.split('"')[3] for line in lines] == [*("c", "d", "e")]
    assert lines[0].startswith('# VARIABLE = { file = "data2", column = "c", ')


def test_what_names_the_platform_is_used():
    layout = layout_of(Expocode="06AQ20240313", Ship="Polarstern", x="1", Mode="W")
    columns = {"variables": {}, "delivered": {}}
    assert [
        line.split('"')[1] for line in draft._describe_unknown(layout, columns)
    ] == ["x"]
    lines = draft._describe_unknown(layout, columns, "data2")
    assert [line.split('"')[3] for line in lines] == ["Expocode", "Ship", "x", "Mode"]


def test_an_expocode_that_is_none_is_not_a_code():
    assert draft._identity(layout_of(Expocode="unknown")) == ("????", "a_2024", [])
    assert draft._identity(layout_of(Expocode="06aq2024")) == ("????", "a_2024", [])
    found = draft._identity(layout_of(x="1", EXPOCODE="06AQ2024", vessel="A B"))
    assert found == ("06AQ", "A", ["EXPOCODE", "vessel"])


def test_times_that_a_reader_knows_are_not_asked_for():
    layout = layout_of(DATE="2024-03-13 2024-03-14", TIME="10:00 11:00")
    found, questions = draft._time_of(layout)
    assert found["columns"] == ["DATE", "TIME"]
    assert questions == []
    layout.reader = "netcdf"  # a column of numbers
    assert draft._time_of(layout) == ({}, [])
    # a table of PANGAEA whose time has another name is searched
    layout.reader = "pangaea"
    assert draft._time_of(layout)[0]["columns"] == ["DATE", "TIME"]
    layout.names[0] = "Date/Time"
    assert draft._time_of(layout) == ({}, [])


def known_of(layout, entry, guesses=None):
    columns = {"variables": guesses or {}, "delivered": {}}
    draft._add_known(columns, layout, entry)
    return {
        table: {name: column.source for name, column in found.items()}
        for table, found in columns.items()
    }


def test_variables_that_a_format_names_win():
    entry = READERS["mapco2_csv"]
    layout = layout_of(LATITUDE="1", sst="2", xCO2_water_SST_dry="3", delta_fCO2="4")
    guess = RecognisedColumn({"column": "other"}, ["why"])
    dry = {"column": "xCO2_water_SST_dry", "units": "umol mol-1"}
    assert known_of(layout, entry, {"SST": guess, "P_equ": guess}) == {
        "variables": {
            "SST": {"column": "SST", "units": "degree_Celsius"},
            "P_equ": {"column": "other"},
            "latitude": {"column": "latitude"},
            "xCO2_water_SST_dry": dry,
        },
        "delivered": {"delta_fCO2": {"column": "delta_fCO2", "units": "uatm"}},
    }
    flagged = layout_of(**{"xCO2_water_SST_dry": "3", "QF water": "2"})
    source = known_of(flagged, entry)["variables"]["xCO2_water_SST_dry"]
    assert source == dry | {"flag": "QF water"}


def test_the_first_choice_with_values_is_drafted():
    entry = READERS["general_oceanics"]
    names = ("Intake Temp", "SST", "licor press", "equ press", "CO2 um/m")
    layout = layout_of(**dict.fromkeys(names, "1 2"))
    found = known_of(layout, entry)["variables"]
    assert found["SST"] == {"column": "Intake Temp", "units": "degree_Celsius"}
    assert found["P_equ"] == {"sum": ["licor press", "equ press"], "units": "hPa"}
    assert found["xCO2"] == {"column": "CO2 um/m", "units": "umol mol-1"}
    assert set(found) == {"SST", "P_equ", "xCO2", "P_analyser"}
    layout.columns[0] = np.array(["", ""], dtype=object)
    layout.columns[3] = layout.columns[0]
    found = known_of(layout, entry)["variables"]
    assert found["SST"]["column"] == "SST"
    assert "P_equ" not in found


def test_the_stream_with_the_most_co2_is_the_main_one():
    count = draft._count_co2
    assert count({"variables": {"SST": 1}, "delivered": {}}) == 0
    assert count({"variables": {"xCO2": 1}, "delivered": {"fCO2_x": 1, "SST": 1}}) == 2
    signals = {"signal_detector": 1, "light_434": 1, "signal_reference": 1}
    assert count({"variables": signals, "delivered": {}}) == 2


def test_measured_co2_comes_before_results_and_many_rows_before_few():
    measured = stream("a", {"xCO2": {"column": "c"}})
    delivered = stream("b", {"SST": {"column": "c"}}, ["fCO2"])
    other = stream("c", {"SST": {"column": "c"}})
    longer = stream("d", {"signal_detector": {"column": "c"}})
    longer[0].rows = 3
    files = (longer[0], ["d", "e"], longer[2])
    ordered = sorted(
        [other, delivered, measured, longer, files], key=lambda s: draft._rank(*s)
    )
    assert [s[1] for s in ordered] == [["d", "e"], ["d"], ["a"], ["b"], ["c"]]


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


FIXED = "no column looks like a {}: {{ value = ... }} if fixed"


def test_variables_of_several_streams():
    """The first stream with a variable has it; constants only of the first."""
    one = stream("a.csv", {"xCO2": {"column": "c"}, "salinity": {"value": 35.0}})
    two = stream("b.csv", {"SST": {"column": "t"}, "xCO2": {"column": "d"}}, ["fCO2"])
    three = stream("c.csv", {"P_equ": {"value": 1.0}, "SST": {"column": "u"}}, ["fCO2"])
    text, questions = draft._platform_text([one, two, three])
    lines = text.split("\n")
    begin = lines.index("[variables]")
    sources = ["", 'file = "data2", ', 'file = "data3", ']
    assert lines[begin:] == [
        "[variables]",
        'xCO2 = { column = "c" }',
        "salinity = { value = 35.0 }",
        'SST = { file = "data2", column = "t" }',
        *(
            f"# {name} = {{ value = DEGREES }}   # CHECK: {FIXED.format(name)}"
            for name in ("latitude", "longitude")
        ),
        *(
            line
            for file, key in zip("abc", sources, strict=True)
            for line in (
                f"# CHECK: columns of {file}.csv that are not used",
                f'# VARIABLE = {{ {key}column = "SEC", units = "UNITS" }}   # begins'
                " with 1",
            )
        ),
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
        *(FIXED.format(name) for name in ("latitude", "longitude")),
        *(f"columns of {file}.csv that are not used" for file in "abc"),
    ]
    assert "\n\n\n" not in text.rstrip("\n")
    place = {name: {"column": name} for name in ("latitude", "longitude")}
    only = draft._platform_text([stream("a.csv", {"SST": {"column": "t"}} | place)])
    assert only[1][-1] == "no column is recognised as CO2"
    assert FIXED.format("latitude") not in only[1]
    for signal in ("signal_detector", "light_434"):
        _, asked = draft._platform_text([stream("a.csv", {signal: {"column": "t"}})])
        assert "no column is recognised as CO2" not in asked
    assert "[delivered]" not in only[0]


def test_a_draft_without_any_variable_has_their_table_all_the_same():
    text, _ = draft._platform_text([stream("a.csv", {})])
    assert "[variables]\n# latitude = { value = DEGREES }" in text


def test_a_file_that_another_pattern_takes_is_told():
    streams = [(None, ["a_1.csv", "a_2.csv", "a_long_3.csv"], None)]
    streams.append((None, ["a_long_4.csv", "a_long_5.csv"], None))
    assert draft._shared_patterns(streams) == [
        "a_long_3.csv matches the pattern of another table, too"
    ]
    assert draft._shared_patterns(streams[:1]) == []
    assert draft._shared_patterns([streams[0], (None, ["b.csv"], None)]) == []
    # one file with two tables
    assert draft._shared_patterns([streams[1], streams[1]]) == []


def test_run_types_of_a_table():
    layout = layout_of(Mode="W ATM W", x="1 2 3")
    questions = []
    text = draft._runs_table(layout, questions)
    assert (
        text
        == '\n[runs]   # CHECK: what the labels mean\n"ATM" = "air"\n"W" = "water"\n'
    )
    assert questions == ["run types in 'Mode': ATM, W"]
    assert 'run_columns = ["Mode"]' in draft._file_table(layout, ["a.csv"], "data", [])
    assert "run_columns" not in draft._file_table(layout, ["a.csv"], "data2", [])
    layout.reader = "pro_oceanus"  # which has a column of its own
    assert draft._runs_table(layout, []) == ""
    assert draft._runs_table(layout_of(x="1"), []) == ""


def test_tables_of_a_reader_are_written_once():
    files = [raw("x", "a"), raw("x", "b"), raw("x", "c")]
    streams = []
    for file, reader in zip(files, ("sami", "sami", "pro_oceanus"), strict=True):
        layout = layout_of(file.name, x="1")
        layout.reader = reader
        streams.append((layout, [file.name], None))
    text, questions = draft._tables_of_readers(streams, files)
    assert text.count('model = "sami"') == text.count('model = "pro_oceanus"') == 1
    assert questions == ["[sami] CalA, CalB, CalC, CalT: from the sheet of the sensor"]
    assert text.startswith(f"# CHECK: {questions[0]}\n")
    layout.reader = "delimited"
    assert draft._tables_of_readers(streams[2:], files) == ("", [])


def test_columns_that_cannot_be_read_are_named():
    """A netCDF variable of two dimensions does not end the draft."""

    def read(_definition, file, required):
        if "two" in required.texts:
            raise ReadError(f"{file.name}: 'two' has two dimensions")
        return table_of({"one": np.array([1.0]), "two": np.array([2.0])}, np.array([1]))

    entry = SimpleNamespace(name="netcdf", read=read)
    table, unread = draft._readable(raw("", "x.nc"), entry, ["one", "two"])
    assert table.names == ["one", "two"]
    assert unread == [("two", "'two' has two dimensions")]


def test_files_that_cannot_be_used_are_named(tmp_path):
    rows = "".join(f"2024-03-{d:02d} 00:00,{d}.5\n" for d in range(13, 23))
    (tmp_path / "a.csv").write_text(f"TIME,SST_C\n{rows}")
    (tmp_path / "notes.txt").write_text("just words\nand more\n")
    text, questions = draft.draft_platform([tmp_path / "notes.txt", tmp_path / "a.csv"])
    reason = "no separator splits it into columns of numbers"
    assert questions[-1] == f"notes.txt is not used: {reason}"
    assert text.endswith(f"# CHECK: {questions[-1]}\n")
    with pytest.raises(ReadError, match=reason):
        draft.draft_platform([tmp_path / "notes.txt"])


def test_the_longest_file_shows_the_columns(tmp_path):
    for name, count in (("a1.csv", 2), ("a2.csv", 5)):
        rows = "".join(f"2024-03-13 00:{m:02d},1\n" for m in range(count))
        (tmp_path / name).write_text(f"TIME,SST_C\n{rows}")
    (layout, files, _), *others = draft._find_streams(
        [RawFile(p.name, p.read_bytes(), "") for p in sorted(tmp_path.iterdir())]
    )[0]
    assert (layout.rows, files, others) == (5, ["a1.csv", "a2.csv"], [])


def test_the_truth_of_a_simulation_is_no_raw_file(tmp_path):
    (tmp_path / "truth.nc").write_bytes(b"CDF\x01 truth of a simulated cruise")
    with pytest.raises(ReadError, match="no raw files given"):
        draft.draft_platform([tmp_path / "truth.nc"])
    rows = "".join(f"2024-03-{d:02d} 00:00,{d}.5\n" for d in range(13, 23))
    (tmp_path / "a.csv").write_text(f"TIME,SST_C\n{rows}")
    _, questions = draft.draft_platform([tmp_path])
    assert questions[-1] == "truth.nc is not used: the truth of a simulation"
