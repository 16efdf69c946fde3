"""Every number that tests compare with says where it is from."""

import csv
import re
from pathlib import Path

HERE = Path(__file__).parent
#: Names and bits of this package itself.
OWN_NAMES = {"public_names.csv", "test_bits.csv"}
DOI = re.compile(r"10\.\d{4,9}/\S+")


def table(name):
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_no_check_value_is_lost():
    rows = table("check_values.csv")
    assert len(rows) >= 597
    assert sum(r["note"].startswith("TRAP") for r in rows) >= 32
    assert sum(r["note"].startswith("CONTEXT") for r in rows) >= 108


def test_every_check_value_has_a_source():
    rows = table("check_values.csv")
    assert all(row["source_implementation_or_paper"] for row in rows)
    given = [row["doi"] for row in rows if row["doi"]]
    assert len(given) >= 451
    assert all(DOI.fullmatch(doi) for doi in given)


def test_every_file_has_a_source_and_a_licence():
    entries = table("sources.csv")
    folders = (HERE / "instruments", HERE / "socat")
    present = {path.name for path in HERE.glob("*.csv")} - {"sources.csv", *OWN_NAMES}
    present |= {f"{d.name}/{path.name}" for d in folders for path in d.iterdir()}
    assert {entry["file"] for entry in entries} == present
    for entry in entries:
        assert entry["source"]
        assert entry["licence"]
        assert entry["doi"] in {"", "named row by row"} or DOI.fullmatch(entry["doi"])
