"""Reading of upload files: layout, header, columns, and invalid files."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2.errors import OptionError, ReadError, UnknownNameError
from oceanco2.socat.checker import check_file, check_text
from oceanco2.socat.checker.columns import CheckOptions
from oceanco2.socat.checker.header import (
    find_head,
    guess_platform_type,
    platform_names,
    read_metadata_line,
)
from oceanco2.socat.checker.reading import ENCODINGS, SEPARATORS, Source
from oceanco2.socat.types import recognition_key, type_of
from tests.uploads import HEAD, NAMES, row, upload


def messages_of(text, **options):
    """Severity, row, line and text of every message."""
    check = check_text(text, options=CheckOptions(**options))
    return [(m.severity, m.row, check.line_of(m), m.text) for m in check.messages]


def test_a_good_file():
    check = check_text(upload())
    assert check.messages == ()
    assert (check.status, check.acceptable) == ("Acceptable", True)
    assert check.head.line == 4
    assert check.lines.tolist() == [5, 6]
    assert check.woce_water.tolist() == [2, 2]
    assert check.metadata == {
        "expocode": "ZZ9920240301",
        "platform_name": "Synthetic",
        "investigators": "Nobody, N.",
        "platform_type": "Ship",
    }
    assert check.guessed


# ---- separators, quotes, encodings --------------------------------------------------


@pytest.mark.parametrize(("word", "mark"), SEPARATORS.items())
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(word, mark, end):
    text = upload(mark=mark, end=end).replace("Nobody, N.", "Nobody")
    for check in (check_text(text), check_text(text, separator=word)):
        assert check.messages == ()
        assert check.head.separator == word
        assert check.lines.tolist() == [5, 6]
    other = next(w for w in SEPARATORS if w != word)
    assert not check_text(text, separator=other).header


def test_a_separator_that_does_not_exist():
    with pytest.raises(OptionError, match="Did you mean 'comma'"):
        check_text(upload(), separator="coma")
    with pytest.raises(OptionError, match="date order"):
        CheckOptions(date_order="yyyy-dd-mm")


@pytest.mark.parametrize("name", ENCODINGS)
@pytest.mark.parametrize("bom", [True, False])
def test_encodings(tmp_path, name, bom):
    text = upload(head=HEAD.replace("Synthetic", "Øresund é"))
    path = tmp_path / "a.tsv"
    codec = {"UTF-8": "utf-8-sig" if bom else "utf-8", "UTF-16": "utf-16-le"}
    data = text.encode(codec.get(name, ENCODINGS[name]))
    if name == "UTF-16" and bom:
        data = b"\xff\xfe" + data
    path.write_bytes(data)
    check = check_file(path, CheckOptions(encoding=name))
    assert check.messages == ()
    assert check.metadata["platform_name"] == "Øresund é"
    found = check_file(path)
    assert found.metadata["platform_name"] == "Øresund é"
    wide = name.startswith("UTF")
    assert found.source.encoding == (name if wide else "ISO-8859-1")
    assert [m.line for m in found.messages] == ([] if wide else [2])


def test_big_endian_utf16(tmp_path):
    path = tmp_path / "a.tsv"
    for mark in (b"\xfe\xff", b""):
        path.write_bytes(mark + upload().encode("utf-16-be"))
        assert check_file(path).messages == ()
        assert check_file(path, CheckOptions(encoding="UTF-16")).messages == ()


def test_a_wrong_encoding_is_reported_with_its_line(tmp_path):
    path = tmp_path / "a.tsv"
    names = [name.replace("fCO2_water", "fCO2_water") for name in NAMES] + ["SST [°C]"]
    text = upload([[*row(), "18.0"], [*row(1), "19.0"]], names=names)
    path.write_bytes(text.encode("latin-1"))
    check = check_file(path, CheckOptions(encoding="UTF-8"))
    assert [(m.severity, m.type, m.line) for m in check.messages] == [
        ("WARNING", "encoding", 4)
    ]
    assert "byte 0xb0" in check.messages[0].text
    assert check.types[-1] == "temp"  # the dashboard drops what it cannot read
    assert check.acceptable
    path.write_bytes(b"\x80 is the euro of Windows\n" + text.encode("latin-1"))
    assert check_file(path).source.encoding == "Windows-1252"
    with pytest.raises(OptionError, match="Did you mean 'UTF-8'"):
        check_file(path, CheckOptions(encoding="utf8"))
    with pytest.raises(ReadError, match="no such file"):
        check_file(tmp_path / "none.tsv")


def test_quotes_blanks_and_blank_records():
    names = [*NAMES, "comment_WOCE_CO2_water"]
    rows = [
        [*row(0), '"a, ""b"" and c"'],
        [],
        [" "] * 10,
        [f" {cell} " for cell in row(1)] + [' "x" '],
        [*row(2), '"over two\nlines"'],
        [*row(3), 'half"way'],
    ]
    text = upload(rows, names=names, mark=",", head=HEAD.replace("PIs", '"PIs', 1))
    text = text.replace("Nobody, N.\n", 'Nobody, N."\n')
    check = check_text(text)
    assert check.messages == ()
    assert check.head.separator == "comma"
    assert check.metadata["investigators"] == "Nobody, N."
    assert check.lines.tolist() == [5, 8, 9, 11]


@pytest.mark.parametrize("cell", ['"open', '"closed" too early'])
def test_a_broken_quote_costs_its_row_only(cell):
    names = [*NAMES, "comment_WOCE_CO2_water"]
    rows = [[*row(k), cell if k == 3 else '"fine"'] for k in range(60)]
    found = messages_of(upload(rows, names=names))
    assert [(severity, at, line) for severity, at, line, _ in found] == [
        ("CRITICAL", 4, 8)
    ]
    assert "quote" in found[0][3]


def test_units_of_a_record_of_units():
    names = [name.split(" ")[0] for name in NAMES]
    units = ["", "", "", "", "", "", "deg E", "deg N", "uatm"]
    check = check_text(upload([units, row(0), row(1)], names=names))
    assert check.messages == ()
    assert check.header == NAMES
    assert check.lines.tolist() == [6, 7]


# ---- metadata lines -----------------------------------------------------------------

TAGS = {
    "expocode": ("Dataset Expocode", "Cruise Expocode", "Expocode", "CRUISEEXPOCODE"),
    "platform_name": (
        *("Platform Name", "Platform", "Vessel Name", "Vessel", "Ship Name", "Ship"),
        "vesselname",
    ),
    "investigators": (
        *("Investigator Name", "Investigator Names", "Investigator", "Investigators"),
        *("PI Name", "PI Names", "PI", "PIs", "pinames"),
    ),
    "organization": (
        *("Investigator Organization", "Investigator Organizations", "Org", "Orgs"),
        *("PI Organization", "PI Organizations", "Organization", "Organizations"),
        *("PI Org", "PI Orgs"),
    ),
    "platform_type": ("Platform Type", "Vessel Type", "Type"),
    "suggested_flag": ("PI Suggested QC", "Suggested QC", "PI QC", "suggestedqc"),
}


@pytest.mark.parametrize(
    ("item", "tag"), [(item, tag) for item, tags in TAGS.items() for tag in tags]
)
def test_every_tag(item, tag):
    for line in (
        f"{tag}: a: b",
        f"# {tag} = a: b",
        f"  ## {tag.upper()}:a: b  ",
        f"{tag.lower()} : a: b",
    ):
        assert read_metadata_line(line) == (item, "a: b")


@pytest.mark.parametrize(
    "line",
    ["PI-suggested QC: B", "Vessel-Name: X", "PIs Nobody", "the ship: X", "PIs:", ""],
)
def test_what_is_no_metadata_line(line):
    assert read_metadata_line(line) is None


def test_commas_of_metadata_are_lost_without_quotes():
    text = upload(mark=",", head=HEAD.replace("Nobody, N.", "A, B.; C, D."))
    assert check_text(text).metadata["investigators"] == "A B.; C D."


def test_a_long_list_of_people_is_taken_for_the_names():
    people = "; ".join(f"Person, {letter}." for letter in "ABCDEF")
    text = upload(mark=",", head=HEAD.replace("Nobody, N.", people))
    check = check_text(text)
    assert [(m.severity, m.type, m.line) for m in check.messages] == [
        ("CRITICAL", "metadata", 3)
    ]
    assert "quotes" in check.messages[0].text
    assert len(check.lines) == 2  # and everything else is checked
    text = upload(mark=",", head=HEAD + "References: a, b, c, d, e, f\n")
    assert [m.line for m in check_text(text).messages] == [4]


def test_what_the_dashboard_ignores_is_kept():
    head = find_head(Source("", text=upload(head=f"{HEAD}PI-suggested QC: B\n")))[0]
    assert head.ignored == ("line 4: PI-suggested QC: B",)
    assert "suggested_flag" not in head.metadata


def test_platform_types_are_guessed():
    for name, code, kind in (
        ("TAO Mooring", "33RO", "Mooring"),
        ("drifting buoy 7", "33RO", "Drifting Buoy"),
        ("Buoy 7", "33RO", "Mooring"),
        ("X", "316420200101", "Mooring"),
        ("X", "gh7f20200101", "Mooring"),
        ("X", "99DB20200101", "Drifting Buoy"),
        ("X", "33RO20200101", "Ship"),
        ("", "", "Ship"),
    ):
        assert guess_platform_type(name, code) == kind


def test_platform_list(reference_data):
    lines = (reference_data / "socat" / "NODCplatformlist.txt").read_text("utf-8")
    codes = [x.split(",")[0] for x in lines.splitlines() if x and x[0] != "#"]
    assert list(platform_names()) == codes
    assert platform_names()["33RO"] == "RONALD H. BROWN"


@pytest.mark.parametrize(
    ("old", "new", "severity", "words"),
    [
        ("ZZ9920240301", "ZZ992024030", "CRITICAL", "12 to 14"),
        ("ZZ9920240301", "ZZ9920241301", "CRITICAL", "no date"),
        ("ZZ9920240301", "ZZ99_20240301", "CRITICAL", "12 to 14"),
        ("ZZ9920240301", "99ZZ20240301", "WARNING", "99ZZ is not in the NODC list"),
        ("Nobody, N.", "N; O; P\nOrg: a; b", "ERROR", "2 organizations for 3"),
        ("Synthetic", "S\nSuggested QC: 2", "CRITICAL", "suggested QC '2'"),
        ("Synthetic", "S\nVessel type: Saildrone", "WARNING", "Drifting Buoy"),
    ],
)
def test_metadata_that_cannot_be(old, new, severity, words):
    (found,) = messages_of(upload(head=HEAD.replace(old, new)))
    assert found[0] == severity
    assert found[2] in (1, 3, 4)
    assert f"line {found[2]}: " in found[3]
    assert words in found[3]


def test_required_metadata():
    found = messages_of(upload(head=""))
    assert [(f[0], f[3]) for f in found] == [
        ("CRITICAL", "no expocode"),
        ("CRITICAL", "no platform name"),
        ("CRITICAL", "no investigators"),
    ]


def test_metadata_in_columns():
    names = ("Expocode", "Ship", "PI", "Group", *NAMES)
    rows = [["ZZ9920240301", "S", "N", "G", *row(k)] for k in range(5)]
    check = check_text(upload(rows, names=names, head=""))
    assert check.messages == ()
    assert check.metadata["organization"] == "G"
    text = upload(rows, names=names, head="Expocode: ZZ9920240302\n")
    assert messages_of(text) == [
        ("ERROR", 0, 1, "expocode ZZ9920240301 in column 1, ZZ9920240302 in a line")
    ]
    wrong = [["ZZ9920241301", *cells[1:]] for cells in rows]
    ((severity, _, _, words),) = messages_of(upload(wrong, names=names, head=""))
    assert severity == "CRITICAL"
    assert words.startswith("column 1: expocode 'ZZ9920241301' is not")
    rows[2][0] = rows[4][0] = "ZZ9920240302"
    rows[3][1] = ""
    (message,) = check_text(upload(rows, names=names, head="")).messages
    assert (message.severity, message.row, message.columns) == ("ERROR", 3, (1,))
    assert "2 rows" in message.text


# ---- names of columns ---------------------------------------------------------------


@settings(deadline=None)
@given(st.text())
def test_recognition_key_on_any_text(text):
    """The rule of the dashboard, spelled out letter by letter."""
    kept = [
        letter
        for letter in text.upper()
        if unicodedata.category(letter) == "Lu" or letter in "0123456789"
    ]
    assert recognition_key(text) == "".join(kept).lower()
    assert recognition_key(f" {text}_[%]") == recognition_key(text)


@settings(deadline=None)
@given(st.text("aZ09µ°₂ _-[]/"), st.sampled_from(["SST", "T_atm", "fCO2", "sal"]))
def test_recognition_does_not_look_at_case_or_signs(noise, name):
    signs = "".join(c for c in noise if not c.isalnum())
    assert type_of(name.lower()) == type_of(name.upper()) == type_of(f"{signs}{name}")


def test_unknown_names_and_hints():
    names = [*NAMES, "SST [µdeg]", "fCO2_water_SST_wet [µatm]", "YD_UTC"]
    check = check_text(upload([[*row(k), "1", "1", "1"] for k in (0, 1)], names=names))
    assert [(m.severity, m.type, m.columns) for m in check.messages] == [
        ("CRITICAL", "column", (number,)) for number in (10, 11, 12)
    ]
    assert "'SST' would be" in check.messages[0].text
    assert "'fCO2_water_SST_wet [uatm]' would be" in check.messages[1].text
    assert check.messages[2].text == "YD_UTC is not recognised"
    assert check.status == "Unchecked"
    text = upload([[*row(k), "1", "1", "1"] for k in (0, 1)], names=names)
    assert messages_of(text, rest_other=True) == []


def test_columns_that_a_person_maps():
    names = [*NAMES[:-1], "CO2 SW (kPa)", "H2O", "H2O", "p (kPa)"]
    rows = [[*row(k), "12", "13", "101.3"] for k in (0, 1)]
    types = {
        "CO2 SW (kPa)": "xCO2_water_SST_dry",
        "H2O": "other",
        "#11": "xH2O_equi",
        "p (kPa)": "Pressure_equi",
    }
    options = CheckOptions(types=types, units={"#11": "umol/mol"})
    check = check_text(upload(rows, names=names), options=options)
    assert check.types[-4:] == (
        *("xCO2_water_sst_dry_ppm", "other", "xH2O_equi", "Pressure_equi"),
    )
    assert check.columns[-1].unit == "kPa"
    assert [m.text for m in check.messages] == [
        "0.013 outside [0.2, 20] (13 umol/mol)"
    ] * 2
    for wrong, error, words in (
        ({"types": {"Longitud": "other"}}, OptionError, "Did you mean"),
        ({"types": {"H2O": "xH2O"}}, UnknownNameError, "Did you mean 'xH2O_equi'"),
        ({"types": {"#99": "other"}}, OptionError, "no column named '#99'"),
        ({"types": {"H2O": "fCO2_recommended"}}, UnknownNameError, "no data type"),
        ({"units": {"Longitude [deg E]": "deg"}}, OptionError, "deg E, deg min E"),
        ({"units": {"#1": "C"}}, OptionError, "Available: none"),
    ):
        with pytest.raises(error, match=words):
            check_text(upload(rows, names=names), options=CheckOptions(**wrong))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Longitude [deg E]", "lo", {"no column of type longitude"}),
        ("Latitude [deg N]", "la", {"no column of type latitude"}),
        ("fCO2_water_SST_wet [uatm]", "f", {"no xCO2, pCO2 or fCO2 of sea water"}),
        ("Month", "Day_UTC", {"type day twice", "no columns that give date"}),
        ("Minute", "Minit", {"no columns that give date and time"}),
    ],
)
def test_required_columns(old, new, words):
    names = [new if name == old else name for name in NAMES]
    found = [f[3] for f in messages_of(upload(names=names), rest_other=True)]
    assert len(found) == len(words)
    for word in words:
        assert any(text.startswith(word) for text in found)


# ---- broken files -------------------------------------------------------------------


def test_rows_with_too_few_or_too_many_fields():
    rows = [row(0), row(1)[:-1], row(2), [*row(3), "7"], row(4)]
    check = check_text(upload(rows))
    assert [(m.severity, m.row, check.line_of(m), m.text) for m in check.messages] == [
        ("CRITICAL", 2, 6, "8 fields, the header has 9"),
        ("CRITICAL", 4, 8, "10 fields, the header has 9"),
    ]
    assert check.status == "Unchecked"
    assert check.woce_water.tolist() == [2, 4, 2, 4, 2]


def test_a_file_that_breaks_off():
    text = upload()
    check = check_text(text[: -len("-30.00000\t366.638\n")])
    assert (
        check.messages[0].text == "8 fields, the header has 9; the file breaks off here"
    )
    assert check.line_of(check.messages[0]) == 6
    assert check_text(text.rstrip("\n")).messages == ()  # no end of line, all there


def test_names_of_columns_again():
    assert messages_of(upload([row(0), list(NAMES), row(1)])) == [
        ("CRITICAL", 2, 6, "the names of the columns again")
    ]
    assert messages_of(upload([list(NAMES), row(0), row(1)])) == [
        ("CRITICAL", 0, 5, "line 5: the names of the columns again")
    ]


def test_files_without_a_header():
    for text in ("", "\n\n", HEAD, "a\tb\tc\n1\t2\t3\n"):
        found = messages_of(text)
        assert found[0][0] == "CRITICAL"
        assert "no line with the names" in found[0][3]
        assert check_text(text).status == "Unchecked"
    text = upload(names=[*NAMES[:-1], ""])
    assert "(line 4: field 9 is blank)" in messages_of(text)[0][3]
    text = upload(names=[*NAMES[:-1], "12"])
    assert "(line 4: field 9 is 12)" in messages_of(text)[0][3]


def test_a_file_without_rows():
    assert messages_of(upload([])) == [("CRITICAL", 0, 0, "no data rows")]


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_an_answer(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "any.tsv"
    path.write_bytes(data)
    try:
        acceptable = check_file(path).acceptable
    except ReadError as error:
        acceptable = "is not a text file" not in str(error)
    assert not acceptable


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (b"\x89HDF\r\n\x1a\n\x02\x08", "a netCDF or HDF5 file"),
        (b"CDF\x01\0\0", "a netCDF file"),
        (b"PK\x03\x04\x14", "a zip archive or a workbook: unpack it"),
        (b"\x1f\x8b\x08", "a gzip file: unpack it"),
        (b"\xd0\xcf\x11\xe0", "an Excel workbook: save it as text"),
        (bytes(range(1, 32)), "it contains control characters"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path, start, message):
    path = tmp_path / "a.tsv"
    path.write_bytes(start + upload().encode())
    with pytest.raises(
        ReadError, match=f"a.tsv: is not a text file.* {message}$|{message}"
    ):
        check_file(path)


def test_a_gap_of_zeros_leaves_a_table_a_table(tmp_path):
    path = tmp_path / "a.tsv"
    rows = [row(minute) for minute in range(20)]
    path.write_bytes(upload(rows).encode() + b"\0" * 100 + b"\n")
    assert len(check_file(path).lines) == 21


@settings(deadline=None)
@given(st.text('ab,;\t"\n\r 1.:#µ', max_size=60))
def test_any_text_behind_a_good_file_keeps_its_rows(text):
    """Whatever comes behind, the rows before it are read; nothing is dropped."""
    whole = upload() + text
    check = check_text(whole, separator="tab")
    assert check.lines[:2].tolist() == [5, 6]
    assert not [m for m in check.messages if m.row in (1, 2)]
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip(" \t")]
    if '"' not in text:
        assert len(check.lines) == 2 + len(lines)
