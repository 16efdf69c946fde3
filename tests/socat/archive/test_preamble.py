"""Headers and preambles, small ones written by hand."""

import pytest

from oceanco2.errors import ReadError
from oceanco2.socat.archive.preamble import constants, open_socat

HEADER = "Expocode\tversion\tyr\tmon\tday\thh\tmm\tss\tfCO2rec [uatm]"
NAMES = "Expocode\tversion\tPlatform Name\tInvestigators\tQC_Flag\tmore"
ROW = "26NA20050107\t3\t2005\t1\t7\t1\t8\t0\t380.123\n"


def opened(
    tmp_path, lines, encoding=None, code="utf-8", name="file.tsv", header=HEADER
):
    path = tmp_path / name
    path.write_bytes("\n".join([*lines, header, ROW]).encode(code))
    return open_socat(path, encoding)


def test_a_header_alone(tmp_path):
    file = opened(tmp_path, [])
    assert (file.kind, file.line, file.separator, file.encoding) == (
        *("socat", 1, "\t", "utf-8"),
    )
    assert file.start == len(HEADER) + 1
    assert file.header == tuple(HEADER.split("\t"))
    assert file.preamble == file.data_sets == file.artificial_times == file.notes == ()
    assert file.describe() == {
        "file": "file.tsv",
        "kind": "socat",
        "version": "",
        "header_line": 1,
        "columns": HEADER.split("\t"),
        "encoding": "utf-8",
        "data_sets": 0,
        "artificial_times": [],
        "attributes": {},
        "notes": [],
    }


PREAMBLE = [
    "SOCAT data report",
    "version: 4",
    "DOI of it: 10.1/x",
    "DOI of it: 10.1/second",
    "no colon and blank:here",
    "a\ttab: in it",
    " indented: is no key",
    "data sets:",
    NAMES,
    "26NA20050107\t2022\tNautilus\tA. B.\tA\t-",
    "33RO20100308\t 3.5 \tRonald\tC. D.\tB\t-",
    "",
    "06AQ20241224\t2026\tafter an empty line\tE\tF\t-",
    "Note for data set 26NA20050107, 33RO20100308-1, 06AQ18901224:",
    "the hours are",
    "artificial.",
    "after: the notes",
]


def test_a_preamble(tmp_path):
    file = opened(tmp_path, PREAMBLE)
    assert file.preamble == tuple(PREAMBLE)
    assert file.line == len(PREAMBLE) + 1
    assert file.data_sets == (
        {
            "Expocode": "26NA20050107",
            "version": "2022",
            "Platform Name": "Nautilus",
            "Investigators": "A. B.",
            "QC_Flag": "A",
            "more": "-",
        },
        {
            "Expocode": "33RO20100308",
            "version": "3.5",
            "Platform Name": "Ronald",
            "Investigators": "C. D.",
            "QC_Flag": "B",
            "more": "-",
        },
    )
    assert file.attributes == {"version": "4", "DOI of it": "10.1/x"}
    assert file.artificial_times == ("26NA20050107", "33RO20100308-1")
    assert file.version == "2022"
    about = file.describe()
    assert about["artificial_times"] == ["26NA20050107"]  # the other is not listed
    assert about["data_sets"] == 2
    assert about["header_line"] == 18
    assert about["attributes"] == file.attributes
    assert constants(file) == {}


def test_versions(tmp_path):
    for text, version in (("1.5", "1.5"), ("v3", ""), ("2019 beta", "2019")):
        assert opened(tmp_path, [f"version: {text}"]).version == version


def test_notes_that_name_no_artificial_times(tmp_path):
    note = "Note for data set 26NA20050107:"
    file = opened(tmp_path, [note, "one", "two", "three lines below: artificial"])
    assert file.artificial_times == ()
    file = opened(tmp_path, ["26NA20050107", "x", "artificial", f"{note} artificial"])
    assert file.artificial_times == ("26NA20050107",)
    assert file.describe()["artificial_times"] == ["26NA20050107"]  # nothing is listed
    file = opened(tmp_path, ["Explanation of data columns", "a: b"])
    assert file.attributes == {}


def test_a_table_of_data_sets_has_six_columns_and_more(tmp_path):
    five = "Expocode\tversion\tName\tPI\tQC_Flag"
    file = opened(tmp_path, [five, "26NA20050107\t3\tN\tP\tA"])
    assert file.data_sets == ()
    rest = ["26NA20050107\t3\tN\tP\tA\t-", "short\tline", "33RO20100308\t3\tN\tP\tA\t-"]
    file = opened(tmp_path, [NAMES, *rest])
    assert [x["Expocode"] for x in file.data_sets] == ["26NA20050107"]


PANGAEA = [
    "/* DATA DESCRIPTION:",
    "Citation:\tBakker, D (2016): doi:10.1594/PANGAEA.850132, it is.",
    "\tand more,",
    "\teven more",
    "Event(s):\t26NA20050107 * LATITUDE: 1",
    "Comment:\tSOCAT V3, QC flag: C",
    "*/",
]


def test_pangaea(tmp_path):
    file = opened(tmp_path, PANGAEA)
    assert file.kind == "pangaea"
    assert file.attributes == {
        "Citation": (
            "Bakker, D (2016): doi:10.1594/PANGAEA.850132, it is. and more, even more"
        ),
        "Event(s)": "26NA20050107 * LATITUDE: 1",
        "Comment": "SOCAT V3, QC flag: C",
    }
    assert constants(file) == {
        "Expocode": "26NA20050107",
        "version": "3",
        "Source_DOI": "10.1594/PANGAEA.850132",
        "QC_Flag": "C",
    }
    file = opened(tmp_path, [*PANGAEA[:1], "of 33RO20100308 and 26NA20050107", "*/"])
    assert constants(file) == {"Expocode": "33RO20100308"}
    assert opened(tmp_path, ["", *PANGAEA]).kind == "socat"
    assert opened(tmp_path, [f"  {PANGAEA[0]}"]).kind == "pangaea"


def test_encodings(tmp_path):
    file = opened(tmp_path, ["x", "PI: Körtzinger"], code="iso-8859-1")
    assert file.encoding == "iso-8859-1"
    assert file.attributes == {"PI": "Körtzinger"}
    assert file.notes == (
        "file.tsv, line 2: is not UTF-8: texts are read as ISO-8859-1",
    )
    with pytest.raises(
        ReadError,
        match=r"^file.tsv, line 2: is not UTF-8; try encoding iso-8859-1$",
    ):
        opened(tmp_path, ["x", "PI: Körtzinger"], "utf-8", code="iso-8859-1")
    file = opened(tmp_path, ["PI: Körtzinger"])
    assert (file.encoding, file.notes) == ("utf-8", ())
    file = opened(tmp_path, ["PI: Ko\u0308"], "iso-8859-1")
    assert file.encoding == "iso-8859-1"
    assert file.attributes["PI"] == "KoÌ\x88"


def test_marks_of_encodings(tmp_path):
    file = opened(tmp_path, [], code="utf-8-sig")
    assert file.header[0] == "Expocode"
    assert file.start == len(HEADER) + 4
    file = opened(tmp_path, ["PI: A"], code="utf-8-sig")
    assert file.preamble == ("PI: A",)
    file = opened(tmp_path, ["PI: A"], code="utf-16")
    assert file.notes == ("file.tsv: is UTF-16, not UTF-8; it is decoded accordingly",)
    assert file.encoding == "utf-8"


def has_header(tmp_path, header):
    try:
        return opened(tmp_path, [], header=header).separator
    except ReadError:
        return ""


def test_no_header(tmp_path):
    message = (
        r"^file\.tsv: no header in 2 lines: no line names columns of SOCAT such as"
    )
    with pytest.raises(ReadError, match=message):
        opened(tmp_path, [], header="a")


def test_what_is_a_header(tmp_path):
    assert has_header(tmp_path, HEADER.replace("\t", ",")) == ","
    assert has_header(tmp_path, "Expocode\tyr\tSST [deg.C]") == "\t"
    assert has_header(tmp_path, "Expocode\tQC_Flag\tSST [deg.C]") == ""  # one number
    assert has_header(tmp_path, "yr\tSST [deg.C]\tother") == ""  # two columns
    assert has_header(tmp_path, "yr\tSST [deg.C]") == ""
    three = "yr\tmon\tSST [deg.C]"
    assert has_header(tmp_path, three + "\tother" * 5) == "\t"
    assert has_header(tmp_path, three + "\tother" * 6) == ""  # a third is too few
    assert has_header(tmp_path, "Expocode,x\tyr,y\tSST [deg.C],z") == ""
