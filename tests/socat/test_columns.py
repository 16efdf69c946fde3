"""Columns of SOCAT's files: the table, its refusals, and the vocabulary."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from oceanco2.errors import RegistrationError
from oceanco2.socat.columns import (
    UploadColumn,
    column_of,
    make_archive_columns,
    make_upload_columns,
    upload_columns,
)
from oceanco2.vocabulary import AIR_RESULTS, WATER_RESULTS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("results", "is_result"),
    [(WATER_RESULTS, "is_water_co2"), (AIR_RESULTS, "is_air_co2")],
)
def test_results_of_the_vocabulary_are_columns_of_the_upload_file(results, is_result):
    columns = [c.variable for c in upload_columns() if getattr(c, is_result)]
    assert tuple(columns) == results


ROW = {
    "header": "test_quantity [K]",
    "type": "other",
    "variable": "warming",
    "decimals": 1,
    "side": "water",
}
WRONG_UPLOAD = {
    "no type named 'othr'. Did you mean 'other'?": {"type": "othr"},
    "no type named 'unknown'": {"type": "unknown"},
    "decimals missing": {"decimals": None},
    "decimals must be an integer between 0 and 9, not 2.5": {"decimals": 2.5},
    "decimals must be an integer between 0 and 9, not True": {"decimals": True},
    "decimals must be an integer between 0 and 9, not -1": {"decimals": -1},
    "no variable named 'warmin'. Did you mean 'warming'?": {"variable": "warmin"},
    "header 'Year' appears more than once": {"header": "Year"},
    "type 'year' appears more than once": {"type": "year"},
    "header missing": {"header": None},
    "side must be one of common, water, air": {"side": "see"},
    "no archive column named 'sst'. Did you mean 'SST'?": {"archive": "sst"},
    "no key named 'decimal'. Did you mean 'decimals'?": {"decimal": 1},
}
ARCHIVE = {
    "header": "new [K]",
    "long_name": "something new",
    "kind": "number",
    "decimals": 1,
}
WRONG_ARCHIVE = {
    "kind must be one of text, integer, number, not 'float'": {"kind": "float"},
    "decimals missing": {"decimals": None},
    "long_name missing": {"long_name": None},
    "header 'SST' appears more than once": {"header": "SST [K]"},
    "header 'Sal' appears more than once": {"others": ["Sal"]},
    "no key named 'width_'. Did you mean 'width'?": {"width_": 1},
}


def with_row(key, row):
    rows = tomllib.loads((ROOT / "oceanco2/socat/columns.toml").read_text("utf-8"))
    return [*rows[key], {k: v for k, v in row.items() if v is not None}]


def test_a_row_of_type_other_is_a_column_behind_the_rest():
    columns = make_upload_columns(with_row("column", ROW))
    assert columns[:-1] == upload_columns()
    assert columns[-1] == UploadColumn(**ROW)


@pytest.mark.parametrize("message", WRONG_UPLOAD)
def test_invalid_rows_of_the_upload_file_are_refused(message):
    row = ROW | WRONG_UPLOAD[message]
    with pytest.raises(RegistrationError) as caught:
        make_upload_columns(with_row("column", row))
    assert message in str(caught.value)
    assert str(caught.value).startswith("socat/columns.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("message", WRONG_ARCHIVE)
def test_invalid_rows_of_the_published_files_are_refused(message):
    with pytest.raises(RegistrationError) as caught:
        make_archive_columns(with_row("archive", ARCHIVE | WRONG_ARCHIVE[message]))
    assert message in str(caught.value)
    assert str(caught.value).startswith("socat/columns.toml: ")


def test_archive_columns_are_found_by_the_header_of_the_upload_file():
    pairs = {c.header: c.archive for c in upload_columns() if c.archive}
    assert len(pairs) == len(set(pairs.values())) == 20
    assert pairs["T_equ [deg C]"] == "Tequ"
    for header, name in pairs.items():
        assert column_of(header).name == name


def test_a_broken_table_is_an_error_of_one_line_at_the_start(tmp_path):
    code = (
        "import tomllib\n"
        "from oceanco2.socat import types\n"
        "load = tomllib.loads\n"
        "def loads(text):\n"
        "    table = load(text)\n"
        "    if 'archive' in table:\n"
        "        table['column'][3]['type'] = 'dai'\n"
        "    return table\n"
        "tomllib.loads = loads\n"
        "from oceanco2.cli import main\n"
        "raise SystemExit(main(['formats']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "column 'Day': no type named 'dai'. Did you mean 'day'?" in line
