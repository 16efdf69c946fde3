"""Print formats of SOCAT's files: those of C's printf, and the published bytes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from oceanco2.socat.archive.printing import Text, format_number, format_rows
from oceanco2.socat.columns import (
    COLUMNS,
    HEADERS,
    SYNTHESIS_HEADERS,
    column_of,
    header_line,
)

PUBLISHED = {
    "SOCATv2026_mini_excerpt.tsv": HEADERS,
    "PAT520150211_SOCATv4_enhanced_rows.tsv": HEADERS,
    "PAT520150211_SOCATv4_synthesis_rows_regionC.tsv": SYNTHESIS_HEADERS,
}


@pytest.mark.parametrize("file", PUBLISHED)
def test_published_rows_are_printed_byte_by_byte(file, reference_data):
    lines = (reference_data / "socat" / file).read_bytes().split(b"\n")
    (at,) = (i for i, x in enumerate(lines) if b"\tyr\t" in x)
    header = lines[at].decode().replace("SOCAT_DOI", "Source_DOI")
    assert tuple(header.split("\t")) == PUBLISHED[file]
    columns = [column_of(name) for name in header.split("\t")]
    cells = list(zip(*(x.split(b"\t") for x in lines[at + 1 : -1]), strict=True))
    values = {
        c.name: Text.of([x.decode() for x in column])
        if c.kind == "text"
        else np.array(column, dtype=float)
        for c, column in zip(columns, cells, strict=True)
    }
    assert format_rows(columns, values) == b"\n".join(lines[at + 1 :])


FORMATS = {"sal": "%#.3f", "longitude": "%#.5f", "ETOPO2_depth": "%#.0f"}
# Halves of the last digit, as near as a double comes to them, are the hard ones.
halves = st.integers(-(10**9), 10**9).map(lambda i: i * 0.0005)
numbers = st.one_of(st.floats(-1e9, 1e9), halves, st.just(-0.0), st.just(np.nan))


@pytest.mark.parametrize("name", FORMATS)
@settings(deadline=None)
@given(arrays(np.float64, st.integers(1, 30), elements=numbers))
def test_numbers_are_rounded_as_by_printf(name, values):
    column = column_of(name)
    expected = ["NaN" if np.isnan(x) else FORMATS[name] % x for x in values]
    assert format_rows([column], {name: values}).decode().split("\n")[:-1] == expected
    assert [format_number(x, column) for x in values] == expected


@settings(deadline=None)
@given(st.floats(0, 59.999))
def test_seconds_have_two_digits_and_a_point(second):
    cell = format_rows([column_of("ss")], {"ss": np.array([second])})
    assert cell.decode() == f"{second:#03.0f}\n"


def test_seconds_may_round_to_sixty():
    assert format_rows([column_of("ss")], {"ss": np.array([59.7])}) == b"60.\n"


def test_numbers_of_no_format_are_printed_plainly():
    values = {"sal": np.array([1e300, np.inf, 35.0]), "Expocode": ["a", "b", "c"]}
    columns = [column_of("sal"), column_of("Expocode")]
    lines = format_rows(columns, values, b"\r\n").split(b"\r\n")
    assert lines[0].decode() == f"{1e300:.3f}\ta"
    assert lines[1:] == [b"inf\tb", b"35.000\tc", b""]


def test_names_of_all_versions_are_one_column():
    for old, new in {
        "SOCAT_DOI": "Source_DOI",
        "QC_ID": "QC_Flag",
        "d2l [km]": "dist_to_land",
        "fCO2rec_flag ": "fCO2rec_flag",
        "Sal interp": "WOA_SSS",
        "PPPP interp [hPa]": "NCEP_SLP",
        "fCO2water_SST_wet [µatm]": "fCO2water_SST_wet",
        "fCO2water_SST_wet [µatm] (Recomputed after SOCAT (Pfeil": "fCO2rec",
    }.items():
        assert column_of(old).name == new
    assert column_of("longitude [rad]") is None
    assert len({column.name for column in COLUMNS}) == len(COLUMNS) == 32
    assert header_line().count(b"\t") == 31
