"""Rows of SOCAT's own files: read and printed again, not a byte differs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.socat_format import (
    FIELDS,
    RAW_FIELDS,
    header_line,
    row_lines,
    time_fields,
)

NUMBERS = {field.name for field in FIELDS if field.form}


def parsed(lines, fields=FIELDS):
    """Field to array: text, whole numbers or floats."""
    cells = zip(*(line.split("\t") for line in lines), strict=True)
    out = {}
    for field, column in zip(fields, cells, strict=True):
        if not field.form:
            out[field.name] = list(column)
        elif field.form.endswith("d"):
            out[field.name] = np.array(column, dtype=int)
        else:
            out[field.name] = np.array(column, dtype=float)
    return out


@pytest.mark.parametrize(
    ("name", "old", "short"),
    [
        ("SOCATv2026_mini_excerpt.tsv", False, False),
        ("PAT520150211_SOCATv4_enhanced_rows.tsv", True, False),
        ("PAT520150211_SOCATv4_synthesis_rows_regionC.tsv", True, True),
    ],
)
def test_published_rows_print_again_byte_for_byte(reference_data, name, old, short):
    text = (reference_data / "socat" / name).read_bytes().decode("utf-8")
    lines = text.split("\n")
    start = next(i for i, x in enumerate(lines) if "\tyr\t" in x)
    fields = [f for f in FIELDS if not (short and f.name in RAW_FIELDS)]
    assert lines[start] == header_line(fields, old=old)
    rows = lines[start + 1 : -1]
    assert len(rows) >= 48
    assert row_lines(parsed(rows, fields), len(rows), fields) == rows


def test_formats_of_the_specification():
    """SOCAT.md 3.1: two digits and a dot, 60., longitude 360, trailing dots."""
    columns = {
        "Expocode": "99ZZ20240301",
        "yr": [987],
        "mon": [3],
        "ss": [59.5001],
        "longitude": [359.999996],
        "sample_depth": [5.0],
        "ETOPO2_depth": [-1.2],
        "SST": [-0.62],
        "fCO2rec_src": [0],
        "fCO2rec_flag": [9],
    }
    (line,) = row_lines(columns, 1)
    cells = dict(zip((f.name for f in FIELDS), line.split("\t"), strict=True))
    wanted = {"yr": "0987", "mon": "03", "ss": "60.", "longitude": "360.00000"}
    wanted |= {"sample_depth": "5.", "ETOPO2_depth": "-1.", "SST": "-0.620"}
    wanted |= {"Source_DOI": "N/A", "WOA_SSS": "NaN", "day": "NaN"}
    wanted |= {"fCO2rec_src": "0", "fCO2rec_flag": "9", "Expocode": "99ZZ20240301"}
    assert {name: cells[name] for name in wanted} == wanted


@given(st.integers(-2_000_000_000_000, 4_000_000_000_000))
def test_times_are_cut_into_their_parts(milli):
    parts = time_fields(np.array([milli], dtype="datetime64[ms]"))
    (text,) = row_lines(parts, 1, FIELDS[4:9])
    year, *rest = text.split("\t")
    moment = np.datetime64("{}-{}-{}T{}:{}".format(year, *rest), "ms")
    moment += np.timedelta64(round(parts["ss"][0] * 1000), "ms")
    assert moment == np.datetime64(milli, "ms")
