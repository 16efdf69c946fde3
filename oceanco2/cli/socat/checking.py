"""Commands that check files: the rules of the upload dashboard, crossovers."""

from typing import Any

import click

from oceanco2.cli.group import echo, socat


@socat.command("crossovers")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-o", "--output", help="File to write; printed by default.")
def _crossovers(files: tuple[str, ...], as_json: bool, output: str | None) -> None:
    """Find crossovers between the data sets of FILES: below 80 km, a day equals 30 km.

    FILES are processed netCDF, SOCAT upload files, files published by SOCAT, or tables
    with longitude, latitude, time, SST and fCO2rec. Only good values count. Overlaps
    (points of the same time and position in two data sets) are reported as well.
    """
    from oceanco2.files import (
        check_no_overwrite,
        check_suffix,
        check_writable,
        json_text,
        writing,
    )
    from oceanco2.socat.crossovers import find_crossovers

    check_no_overwrite(files, output)
    check_writable(output)
    kind = (".json",) if as_json else (".txt", ".text", ".md", ".log")
    check_suffix(output, kind, "JSON" if as_json else "text")
    result = find_crossovers(files)
    text = json_text(result.to_dict()) if as_json else result.text()
    if output is None:
        echo(text)
        return
    with writing(output) as temporary:
        temporary.write_text(f"{text}\n", encoding="utf-8")
    more = f", {len(result.overlaps):,} overlaps" if result.overlaps else ""
    echo(f"{output}: {len(result.crossovers):,} crossovers{more}")


_PAIR = "NAME=VALUE, NAME as in the file or #number; may be given more than once."


@socat.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--metadata", help="Metadata document of the file (OADS, OCADS or OME XML)."
)
@click.option(
    "--against",
    multiple=True,
    help="File to search for the same points; may be given more than once.",
)
@click.option("--separator", help="tab, comma or semicolon; detected by default.")
@click.option(
    "--encoding",
    help="ISO-8859-1, ISO-8859-15, UTF-8, UTF-16 or Windows-1252; detected by default.",
)
@click.option("--column", "types", multiple=True, help=f"Data type: {_PAIR}")
@click.option("--unit", "units", multiple=True, help=f"Unit of a column: {_PAIR}")
@click.option("--missing", multiple=True, help=f"Missing value of a column: {_PAIR}")
@click.option("--date-order", help="Order of all dates, for example mm-dd-yyyy.")
@click.option(
    "--rest-other", is_flag=True, help="Give unrecognised columns the type other."
)
@click.option(
    "--most",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Largest number of messages of one kind to show.",
)
def _check(
    *,
    file: str,
    as_json: bool,
    metadata: str | None,
    against: tuple[str, ...],
    separator: str | None,
    encoding: str | None,
    types: tuple[str, ...],
    units: tuple[str, ...],
    missing: tuple[str, ...],
    date_order: str | None,
    rest_other: bool,
    most: int,
) -> int:
    """Check an upload FILE as the SOCAT dashboard does, offline.

    Shows the data type of each column, every message with row and column, and whether
    the data set is acceptable (exit code 1 if not). The flag that the dashboard
    suggests automatically needs the metadata document.
    """
    from oceanco2.files import json_text
    from oceanco2.socat.checker import check_file
    from oceanco2.socat.checker.columns import CheckOptions
    from oceanco2.socat.checker.report import make_report

    options = CheckOptions(
        separator=separator,
        encoding=encoding,
        types=_pairs("--column", types),
        units=_pairs("--unit", units),
        missing=_pairs("--missing", missing),
        date_order=date_order,
        rest_other=rest_other,
    )
    document, about = _document(metadata)
    account = make_report(check_file(file, options), document)
    more: dict[str, Any] = {"metadata_document": about}
    notes = [f"{metadata}: {fault}" for fault in about["faults"]] if about else []
    if against:
        more["overlaps"], lines = _overlaps(account.check, against)
        notes += lines
    if as_json:
        echo(json_text(account.to_dict() | more, ensure_ascii=False))
    else:
        echo("\n".join([account.text(most), *notes]))
    return 0 if account.check.acceptable else 1


def _overlaps(check: Any, against: tuple[str, ...]) -> tuple[list[Any], list[str]]:
    """Return the overlaps with other files, as JSON and as lines of text."""
    from oceanco2.socat.crossovers import overlaps_of

    overlaps = overlaps_of(check, against)
    lines = [f"note: overlap {overlap.text()}" for overlap in overlaps]
    return [overlap.to_dict() for overlap in overlaps], lines


def _document(path: str | None) -> tuple[Any, dict[str, Any] | None]:
    """Read and validate the metadata document; also return the items it lacks."""
    if path is None:
        return None, None
    from oceanco2.socat.document import faults_of, read_document
    from oceanco2.socat.document.missing import missing_items

    document = read_document(path)
    return document, {
        "format": document.format,
        "faults": [str(fault) for fault in faults_of(path)],
        "missing": list(missing_items(document)),
    }


def _pairs(option: str, texts: tuple[str, ...]) -> dict[str, str]:
    """Split each NAME=VALUE at its last equals sign."""
    from oceanco2.errors import OptionError

    pairs = {}
    for text in texts:
        name, sign, value = text.rpartition("=")
        if not sign or not name.strip():
            raise OptionError(f"{option} must be NAME=VALUE, not {text!r}")
        if name.strip() in pairs:
            raise OptionError(f"{option}: {name.strip()!r} is given more than once")
        pairs[name.strip()] = value.strip()
    return pairs
