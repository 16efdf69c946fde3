"""Commands on whole SOCAT files: recompute, excerpt, convert, grid."""

from collections.abc import Mapping
from typing import Any

import click

from oceanco2.cli.socat.group import socat
from oceanco2.cli.socat.selecting import (
    for_reading,
    reading_options,
    said_lines,
    tell_lines,
)


@socat.command("excerpt")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help=".tsv .csv .nc .parquet or .zarr")
@click.option("--columns", help="Columns, by commas; all by default.")
@reading_options
def _excerpt(
    files: tuple[str, ...], output: str, columns: str | None, **options: Any
) -> None:
    """Write some rows and columns of FILES to another file.

    FILES are what SOCAT or PANGAEA give out, of any version, plain, .gz or .zip. Cells
    go into .tsv and .csv as they are printed.
    """
    from oceanco2.provenance import check_apart
    from oceanco2.synthesis.excerpts import excerpt

    problems = options["problems"]
    check_apart(files, problems)
    report = excerpt(files, output, columns, **for_reading(options))
    tell_lines(report, problems)
    click.echo(
        f"{output}: {report['rows_selected']:,} rows of {said_lines(report, problems)}"
    )


@socat.command("convert")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help=".parquet .zarr .nc .csv or .tsv")
@reading_options
def _convert(files: tuple[str, ...], output: str, **options: Any) -> None:
    """Write FILES as columns that are read quickly: parquet, zarr, netCDF."""
    from oceanco2.provenance import check_apart
    from oceanco2.synthesis.excerpts import excerpt

    problems = options["problems"]
    check_apart(files, problems)
    report = excerpt(files, output, **for_reading(options))
    tell_lines(report, problems)
    click.echo(
        f"{output}: {report['rows_selected']:,} rows of {said_lines(report, problems)}"
    )


@socat.command("recompute")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", help=".tsv .csv .nc .parquet or .zarr")
@click.option("--woa", help="NetCDF of monthly salinity, for rows without WOA_SSS.")
@click.option("--ncep", help="NetCDF of pressure, for rows without NCEP_SLP.")
@click.option(
    "--list", "listed", type=click.IntRange(0), default=20, help="Rows apart to list."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
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
    """Compute fCO2rec of FILES again: algorithm, value, difference.

    OUTPUT has all columns of FILES, and fCO2rec_oceanco2, fCO2rec_src_oceanco2 and
    fCO2rec_difference_oceanco2.
    """
    import json

    from oceanco2.provenance import check_apart
    from oceanco2.synthesis.recomputing import recompute

    problems = options["problems"]
    check_apart((*files, *filter(None, (woa, ncep))), problems)
    report = recompute(
        files, output, woa=woa, ncep=ncep, listed=listed, **for_reading(options)
    )
    tell_lines(report, problems)
    _tell_missing(report)
    if as_json:
        click.echo(json.dumps(report, indent=2))
        return
    click.echo(said_lines(report, problems))
    _say_agreement(report)
    if output is not None:
        click.echo(f"{output}: {report['rows']:,} rows")


def _tell_missing(report: Mapping[str, Any]) -> None:
    for file in report["files"]:
        names = report["missing_columns"][file["file"]]
        if names:
            place = f"{file['file']}, line {file['header_line']}"
            click.echo(
                f"oceanco2: note: {place}: no column {', '.join(names)}", err=True
            )


def _say_agreement(report: Mapping[str, Any]) -> None:
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
        click.echo(
            f"same algorithm in {report['src_same']:,} of"
            f" {report['src_compared']:,} rows ({report['src_share']:.4%})"
        )
    if not report["compared"]:
        click.echo("no fCO2rec in the file to compare with")
        return
    click.echo(
        f"|difference| of {report['compared']:,} rows: median"
        f" {report['median_difference']:.6f}, max {report['max_difference']:.6f} uatm;"
        f" {report['rows_beyond']:,} beyond {report['tolerance']:g}"
    )
    if report["rows_with_one_value"]:
        click.echo(f"only one of both has a value: {report['rows_with_one_value']:,}")
    if report["rows_listed"]:
        _list_rows(report["rows_listed"])


def _list_rows(rows: list[dict[str, Any]]) -> None:
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
