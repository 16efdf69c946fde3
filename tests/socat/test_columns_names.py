"""Names and headers of the columns of SOCAT's files."""

import pytest

from oceanco2.errors import RegistrationError
from oceanco2.socat import columns
from oceanco2.socat.columns import (
    COLUMNS,
    HEADERS,
    SYNTHESIS_HEADERS,
    ArchiveColumn,
    UploadColumn,
    column_of,
    header_line,
    headers_to_declare,
    upload_columns,
)


def test_defaults():
    made = UploadColumn("a", "b")
    assert (made.variable, made.decimals, made.side, made.archive) == (
        "",
        0,
        "common",
        "",
    )
    made = ArchiveColumn("a", "b", "text", "c")
    assert (made.units, made.decimals, made.width, made.others) == ("", 0, 1, ())


@pytest.mark.parametrize(
    ("kind", "water", "air"),
    [
        ("xCO2_water_sst_dry_ppm", True, False),
        ("fCO2_water_equi_uatm", True, False),
        ("xCO2_atm_dry_actual", False, True),
        ("CO2_water_x", False, False),
        ("WOCE_CO2_water", False, False),
        ("WOCE_CO2_atm", False, False),
        ("temp", False, False),
    ],
)
def test_columns_of_co2(kind, water, air):
    made = UploadColumn("a", kind)
    assert (made.is_water_co2, made.is_air_co2) == (water, air)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Expocode", "Expocode"),
        (" SST ", "SST"),
        ("SST [deg.C]", "SST"),
        ("SOCAT_DOI", "Source_DOI"),
        ("T_equ [deg C]", "Tequ"),
        ("fCO2water_SST_wet [uatm]", "fCO2water_SST_wet"),
        ("fCO2water_SST_wet [uatm] (Recomputed after SOCAT)", "fCO2rec"),
        ("fCO2water_SST_wet [uatm] (recomputed)", None),
        ("Recomputed", None),
        ("nothing", None),
        ("", None),
    ],
)
def test_columns_by_name(text, name):
    found = column_of(text)
    assert (found and found.name) == name


def test_every_column_is_found_by_each_of_its_names():
    for column in COLUMNS:
        for text in (column.name, column.header, *column.others):
            assert column_of(text) is column
    assert [c.header for c in COLUMNS] == list(HEADERS)


def test_headers():
    left_out = [h for h in HEADERS if h not in SYNTHESIS_HEADERS]
    assert left_out == [
        "xCO2water_equ_dry [umol/mol]",
        "xCO2water_SST_dry [umol/mol]",
        "pCO2water_equ_wet [uatm]",
        "pCO2water_SST_wet [uatm]",
        "fCO2water_equ_wet [uatm]",
        "fCO2water_SST_wet [uatm]",
    ]
    assert header_line() == ("\t".join(HEADERS) + "\n").encode()
    assert header_line(["a", "b"]) == b"a\tb\n"
    others = {c.header for c in upload_columns() if c.type == "other"}
    assert headers_to_declare() == others


def test_rows_of_the_tables():
    row = {"header": "x", "type": "other"}
    for decimals, valid in (
        (0, True),
        (9, True),
        (10, False),
        (-1, False),
        ("1", False),
    ):
        made = row | {"decimals": decimals}
        if valid:
            assert columns._check_row(made, made, ["header"]).endswith("column 'x'")
            continue
        with pytest.raises(RegistrationError, match="integer between 0 and 9"):
            columns._check_row(made, made, ["header"])
    with pytest.raises(
        RegistrationError, match=r"column '\?': header and type missing"
    ):
        columns._check_row({}, row, ["header", "type"])
    with pytest.raises(RegistrationError, match="word 'a' appears more than once"):
        columns._check_once(["a", "b", "a"], "word")
    columns._check_once(["a", "b"], "word")


def test_archive_columns():
    (made,) = columns.make_archive_columns(
        [
            {
                "header": "a [b] [c]",
                "long_name": "l",
                "kind": "number",
                "decimals": 2,
                "units": "b",
                "width": 3,
                "others": ["d"],
            }
        ]
    )
    assert made == ArchiveColumn(
        name="a",
        header="a [b] [c]",
        kind="number",
        long_name="l",
        units="b",
        decimals=2,
        width=3,
        others=("d",),
    )
    row = {"header": "a", "long_name": "l", "kind": "text"}
    (made,) = columns.make_archive_columns([row])
    assert made == ArchiveColumn("a", "a", "text", "l")
    with pytest.raises(RegistrationError, match="header 'a' appears more than once"):
        columns.make_archive_columns([row, row | {"header": "a [x]"}])
