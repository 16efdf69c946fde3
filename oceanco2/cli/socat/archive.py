"""Commands on files published by SOCAT: select rows, excerpt, convert, recompute."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from oceanco2.cli.group import echo, socat

_OPTIONS = (
    click.option("--region", help="SOCAT regions: letters (AR) or names."),
    click.option("--box", help="West,south,east,north; may cross the date line."),
    click.option("--start", help="First time (UTC): 2010, 2010-12-31T18:00."),
    click.option("--end", help="Last time (UTC); 2010 includes all of that year."),
    click.option("--flags", help="Data set flags: ABC."),
    click.option("--woce", help="WOCE flags of fCO2rec: 2 or 2,3."),
    click.option("--src", help="Algorithms (fCO2rec_src): 1 or 1,2."),
    click.option(
        "--expocodes", help="Data sets, separated by commas; * matches any characters."
    ),
    click.option("--encoding", help="Encoding of the files: utf-8 or iso-8859-1."),
    click.option(
        "--strict", is_flag=True, help="Stop at the first line with a problem."
    ),
    click.option(
        "--threads", type=int, help="Number of threads; one per core by default."
    ),
    click.option(
        "--problems", help="CSV to write: every line with a problem, in full."
    ),
)
#: Lines printed of each kind of problem; --problems lists all, up to 100,000.
_SHOWN = 3


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reading_arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as arguments of the Python functions."""
    from oceanco2.errors import OptionError
    from oceanco2.files import check_suffix, check_writable

    check_writable(options["problems"])
    check_suffix(options["problems"], (".csv", ".txt"), "CSV")
    threads = options["threads"]
    if threads is not None and threads < 1:
        raise OptionError(f"--threads must be 1 or more, not {threads}")
    others = {k: v for k, v in options.items() if k not in ("problems", "threads")}
    return others | {"workers": threads}


def echo_problems(report: Mapping[str, Any], problems: str | None) -> None:
    """Print problems of lines on stderr, and write them to the CSV if one is named."""
    for file in report["files"]:
        for note in file["notes"]:
            echo(f"oceanco2: warning: {note}", err=True)
        artificial = file["artificial_times"]
        if artificial:
            echo(
                f"oceanco2: note: {file['file']}: the hours are artificial in"
                f" {', '.join(artificial)}",
                err=True,
            )
    problem_rows: Sequence[Mapping[str, Any]] = report["problems"]
    printed = _first_of_each_kind(problem_rows)
    for problem in printed:
        outcome = "skipped" if problem["set_aside"] else "kept"
        echo(
            f"oceanco2: warning: {problem['file']}, line {problem['line']}:"
            f" {problem['text']}; {outcome}",
            err=True,
        )
    rest = len(problem_rows) + report.get("problems_not_listed", 0) - len(printed)
    if rest:
        more = f"{rest:,} more lines with problems"
        where = "" if problems else " (--problems FILE writes them)"
        echo(f"oceanco2: warning: {more}{where}", err=True)
    if problems is not None:
        _write(problem_rows, problems)


def _first_of_each_kind(
    problems: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    counts: dict[str, int] = {}
    shown = []
    for problem in problems:
        kind = problem["kind"]
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= _SHOWN:
            shown.append(problem)
    return shown


def _write(problems: Sequence[Mapping[str, Any]], path: str) -> None:
    import csv

    from oceanco2.files import writing

    names = ["file", "line", "kind", "text", "set_aside", "row"]
    with (
        writing(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(problems)


def line_counts(report: Mapping[str, Any], problems: str | None = None) -> str:
    """Count lines, rows and skipped lines in one line of text."""
    text = f"{report['lines']:,} lines: {report['rows_read']:,} rows"
    if report["empty_lines"]:
        text += f", {report['empty_lines']:,} empty"
    if report["lines_set_aside"]:
        where = f"see {problems}" if problems else "--problems FILE writes them"
        text += f", {report['lines_set_aside']:,} skipped ({where})"
    return text


_FORMATS = "File to write: .tsv, .csv, .nc, .parquet or .zarr."


@socat.command("excerpt")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help=_FORMATS)
@click.option("--columns", help="Columns, separated by commas; all by default.")
@reading_options
def _excerpt(
    files: tuple[str, ...], output: str, columns: str | None, **options: Any
) -> None:
    """Write selected rows and columns of FILES to another file.

    FILES are published by SOCAT or PANGAEA, of any version, uncompressed, .gz or .zip.
    Cells are copied unchanged into .tsv and .csv.
    """
    from oceanco2.files import check_no_overwrite
    from oceanco2.socat.archive.excerpts import excerpt

    problems = options["problems"]
    check_no_overwrite(files, problems)
    report = excerpt(files, output, columns, **reading_arguments(options))
    echo_problems(report, problems)
    echo(
        f"{output}: {report['rows_selected']:,} rows of {line_counts(report, problems)}"
    )


@socat.command("convert")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help=_FORMATS)
@reading_options
def _convert(files: tuple[str, ...], output: str, **options: Any) -> None:
    """Convert FILES to a format that is read quickly: parquet, zarr, netCDF."""
    from oceanco2.files import check_no_overwrite
    from oceanco2.socat.archive.excerpts import excerpt

    problems = options["problems"]
    check_no_overwrite(files, problems)
    report = excerpt(files, output, **reading_arguments(options))
    echo_problems(report, problems)
    echo(
        f"{output}: {report['rows_selected']:,} rows of {line_counts(report, problems)}"
    )


@socat.command("recompute")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", help=_FORMATS)
@click.option("--woa", help="netCDF of monthly salinity, for rows without WOA_SSS.")
@click.option("--ncep", help="netCDF of sea level pressure, for rows without NCEP_SLP.")
@click.option(
    "--list",
    "listed",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Largest number of differing rows to list.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@reading_options
def _recompute(
    files: tuple[str, ...],
    output: str | None,
    woa: str | None,
    ncep: str | None,
    listed: int,
    as_json: bool,
    **options: Any,
) -> None:
    """Recompute fCO2rec of FILES and compare: algorithm, value, difference.

    The output file has all columns of FILES, and fCO2rec_oceanco2,
    fCO2rec_src_oceanco2 and fCO2rec_difference_oceanco2.
    """
    from oceanco2.files import check_no_overwrite, json_text
    from oceanco2.socat.archive.recomputing import recompute

    problems = options["problems"]
    check_no_overwrite((*files, *filter(None, (woa, ncep))), problems)
    report = recompute(
        files, output, woa=woa, ncep=ncep, listed=listed, **reading_arguments(options)
    )
    echo_problems(report, problems)
    _echo_missing(report)
    if as_json:
        echo(json_text(report))
        return
    echo(line_counts(report, problems))
    _echo_agreement(report)
    if output is not None:
        echo(f"{output}: {report['rows']:,} rows")


def _echo_missing(report: Mapping[str, Any]) -> None:
    for file in report["files"]:
        names = report["missing_columns"][file["file"]]
        if names:
            header = f"{file['file']}, line {file['header_line']}"
            echo(f"oceanco2: note: {header}: no column {', '.join(names)}", err=True)


def _echo_agreement(report: Mapping[str, Any]) -> None:
    from oceanco2.cli.group import echo_table
    from oceanco2.physics.recommended import ALGORITHMS

    rows = report["rows"]
    echo_table(
        ("src", "rows", "share", "from"),
        [
            (number, f"{count:,}", f"{count / rows:.2%}", ALGORITHMS[int(number)])
            for number, count in report["src"].items()
        ],
    )
    if report["src_share"] is not None:
        echo(
            f"same algorithm in {report['src_same']:,} of"
            f" {report['src_compared']:,} rows ({report['src_share']:.4%})"
        )
    if not report["compared"]:
        echo("the files have no fCO2rec to compare with")
        return
    echo(
        f"|difference| of {report['compared']:,} rows: median"
        f" {report['median_difference']:.6f}, max {report['max_difference']:.6f} uatm;"
        f" {report['rows_beyond']:,} beyond {report['tolerance']:g}"
    )
    if report["rows_with_one_value"]:
        echo(f"rows with only one of the two values: {report['rows_with_one_value']:,}")
    if report["rows_listed"]:
        _echo_rows(report["rows_listed"])


def _echo_rows(rows: list[dict[str, Any]]) -> None:
    from oceanco2.cli.group import echo_table

    echo_table(
        ("line", "expocode", "fCO2rec", "recomputed", "src", "recomputed", "file"),
        [
            (
                row["line"],
                row["expocode"],
                _cell(row["published"]),
                _cell(row["recomputed"]),
                _cell(row["published_src"], 0),
                row["recomputed_src"],
                row["file"],
            )
            for row in rows
        ],
    )


def _cell(value: float | None, decimals: int = 3) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
