"""Commands on files published by SOCAT: excerpt, convert, recompute."""

from collections.abc import Mapping
from typing import Any

import click

from oceanco2.cli.socat.group import socat
from oceanco2.cli.socat.selecting import (
    echo_problems,
    line_counts,
    reading_arguments,
    reading_options,
)

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
    from oceanco2.provenance import check_apart
    from oceanco2.synthesis.excerpts import excerpt

    problems = options["problems"]
    check_apart(files, problems)
    report = excerpt(files, output, columns, **reading_arguments(options))
    echo_problems(report, problems)
    click.echo(
        f"{output}: {report['rows_selected']:,} rows of {line_counts(report, problems)}"
    )


@socat.command("convert")
@click.argument("files", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help=_FORMATS)
@reading_options
def _convert(files: tuple[str, ...], output: str, **options: Any) -> None:
    """Convert FILES to a format that is read quickly: parquet, zarr, netCDF."""
    from oceanco2.provenance import check_apart
    from oceanco2.synthesis.excerpts import excerpt

    problems = options["problems"]
    check_apart(files, problems)
    report = excerpt(files, output, **reading_arguments(options))
    echo_problems(report, problems)
    click.echo(
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
    import json

    from oceanco2.provenance import check_apart
    from oceanco2.socat.archive.recomputing import recompute

    problems = options["problems"]
    check_apart((*files, *filter(None, (woa, ncep))), problems)
    report = recompute(
        files, output, woa=woa, ncep=ncep, listed=listed, **reading_arguments(options)
    )
    echo_problems(report, problems)
    _echo_missing(report)
    if as_json:
        click.echo(json.dumps(report, indent=2))
        return
    click.echo(line_counts(report, problems))
    _echo_agreement(report)
    if output is not None:
        click.echo(f"{output}: {report['rows']:,} rows")


def _echo_missing(report: Mapping[str, Any]) -> None:
    for file in report["files"]:
        names = report["missing_columns"][file["file"]]
        if names:
            header = f"{file['file']}, line {file['header_line']}"
            click.echo(
                f"oceanco2: note: {header}: no column {', '.join(names)}", err=True
            )


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
        click.echo(
            f"same algorithm in {report['src_same']:,} of"
            f" {report['src_compared']:,} rows ({report['src_share']:.4%})"
        )
    if not report["compared"]:
        click.echo("the files have no fCO2rec to compare with")
        return
    click.echo(
        f"|difference| of {report['compared']:,} rows: median"
        f" {report['median_difference']:.6f}, max {report['max_difference']:.6f} uatm;"
        f" {report['rows_beyond']:,} beyond {report['tolerance']:g}"
    )
    if report["rows_with_one_value"]:
        click.echo(
            f"rows with only one of the two values: {report['rows_with_one_value']:,}"
        )
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
