"""The commands on whole files say what happened, in one line for each matter."""

import csv
import json

import pytest

from oceanco2.cli import main


def test_recompute_prints_how_well_it_agrees(excerpt_2026, tmp_path, capsys):
    out = tmp_path / "out.tsv"
    assert main(["socat", "recompute", str(excerpt_2026), "-o", str(out)]) == 0
    message = capsys.readouterr()
    assert "same algorithm in 48 of 48 rows (100.0000%)" in message.out
    assert "0 beyond 0.001" in message.out
    assert "the hours are artificial in 06AQ19911114\n" in message.err
    assert out.read_text().count("\n") == 124


def test_recompute_for_programs(excerpt_2026, capsys):
    assert main(["socat", "recompute", str(excerpt_2026), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["src"] == {"1": 30, "2": 6, "6": 6, "8": 6}
    assert report["rows_listed"] == []
    assert report["files"][0]["version"] == "2026"


@pytest.mark.parametrize("command", ["excerpt", "convert"])
def test_excerpts(command, excerpt_2026, tmp_path, capsys):
    out = tmp_path / "out.parquet"
    options = ["--flags", "D", "--box", "300,-90,10,90", "--threads", "2"]
    assert main(["socat", command, str(excerpt_2026), "-o", str(out), *options]) == 0
    assert "22 rows of 48 lines: 48 rows" in capsys.readouterr().out


def test_odd_lines_are_reported_and_kept(few, tmp_path, capsys):
    path = few(lambda x: [*x[:3], *[b"odd\tline"] * 12, *x[3:]])
    out, table = tmp_path / "out.tsv", tmp_path / "odd.csv"
    command = ["socat", "excerpt", str(path), "-o", str(out)]
    assert main(command) == 0
    message = capsys.readouterr()
    assert "few.tsv, line 4: the number of cells differs from the header" in message.err
    assert "9 more lines with problems (--problems FILE writes them)" in message.err
    assert "40 rows of 52 lines: 40 rows, 12 skipped" in message.out
    assert "12 skipped (--problems FILE writes them)" in message.out
    assert main([*command, "--problems", str(table)]) == 0
    assert f"12 skipped (see {table})" in capsys.readouterr().out
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [int(row["line"]) for row in rows] == list(range(4, 16))
    assert {row["row"] for row in rows} == {"odd\tline"}
    assert main([*command, "--strict"]) == 1
    assert capsys.readouterr().err.endswith("(strict)\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--region", "Q"], "no region named 'Q'"),
        (["--threads", "0"], "--threads must be 1 or more, not 0"),
        (["--columns", "SSTT"], "Did you mean"),
    ],
)
def test_wrong_options_are_one_line(options, message, excerpt_2026, tmp_path, capsys):
    out = str(tmp_path / "out.tsv")
    assert main(["socat", "excerpt", str(excerpt_2026), "-o", out, *options]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_row_with_a_bad_cell_is_reported_as_skipped(few, tmp_path, capsys):
    def change(lines):
        cells = lines[4].split(b"\t")
        cells[14] = b"abc"
        return [*lines[:4], b"\t".join(cells), *lines[5:]]

    out, table = tmp_path / "out.tsv", tmp_path / "odd.csv"
    command = ["socat", "recompute", str(few(change)), "-o", str(out)]
    assert main([*command, "--problems", str(table)]) == 0
    message = capsys.readouterr()
    assert f"39 rows, 1 skipped (see {table})\n" in message.out
    assert "line 5: a cell is not a number: SST [deg.C] is 'abc'" in message.err
    (row,) = csv.DictReader(table.read_text().splitlines())
    assert "\tabc\t" in row["row"]


@pytest.mark.parametrize("command", ["excerpt", "convert", "recompute", "grid"])
def test_files_are_not_written_over_nor_counted_twice(
    command, excerpt_2026, tmp_path, capsys
):
    path, other = tmp_path / "in.tsv", str(tmp_path / "out.nc")
    content = excerpt_2026.read_bytes()
    path.write_bytes(content)
    for arguments, code, message in (
        (
            [str(path), "-o", str(path)],
            1,
            "in.tsv: is also an input; choose another output file",
        ),
        (
            [str(path), "-o", other, "--problems", str(path)],
            1,
            "in.tsv: is also an input",
        ),
        ([str(path), str(path), "-o", other], 2, "in.tsv: is given more than once"),
    ):
        assert main(["socat", command, *arguments]) == code
        error = capsys.readouterr().err
        assert message in error
        assert error.count("\n") == 1
    assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grid", "-o", "OUT", "--variable", "fco2_std_unwtd"], "needs --figure"),
        (["recompute", "--list", "-2"], "-2 is not in the range x>=0"),
        (["check", "--most", "-3"], "-3 is not in the range x>=0"),
        (
            ["check", "--column", "#1=other", "--column", "#1=sal"],
            "'#1' is given more than once",
        ),
    ],
)
def test_options_without_effect_are_refused(
    arguments, message, excerpt_2026, tmp_path, capsys
):
    out = tmp_path / "out.nc"
    command, *rest = [str(out) if word == "OUT" else word for word in arguments]
    assert main(["socat", command, str(excerpt_2026), *rest]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert not out.exists()
