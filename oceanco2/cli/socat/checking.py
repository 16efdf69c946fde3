"""Commands that check: the dashboard's rules, crossovers."""

from typing import Any

import click

from oceanco2.cli.socat.group import socat


@socat.command("crossovers")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("-o", "--output", help="File to write; else it is printed.")
def _crossovers(files: tuple[str, ...], as_json: bool, output: str | None) -> None:
    """Find where the data sets of FILES meet: below 80 km, a day counted as 30 km.

    FILES are processed netCDF, SOCAT upload files, files that SOCAT gives out, or
    tables with longitude, latitude, time, SST and fCO2rec. Only good values count.
    Overlaps are told as well: points of the same time and place in two data sets.
    """
    import json

    from oceanco2.crossovers import find_crossovers
    from oceanco2.provenance import check_apart, check_writable, whole_file

    check_apart(files, output)
    check_writable(output)
    found = find_crossovers(files)
    text = json.dumps(found.to_dict(), indent=2) if as_json else found.text()
    if output is None:
        click.echo(text)
        return
    with whole_file(output) as temporary:
        temporary.write_text(f"{text}\n", encoding="utf-8")
    more = f", {len(found.overlaps):,} overlaps" if found.overlaps else ""
    click.echo(f"{output}: {len(found.crossovers):,} crossovers{more}")


_PAIR = "NAME=VALUE, NAME as in the file or #number; may be repeated."


@socat.command("check")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--metadata", help="OADS, OCADS or OME XML that goes with the file.")
@click.option("--against", multiple=True, help="File to look for the same points in.")
@click.option("--separator", help="tab, comma or semicolon; else found.")
@click.option(
    "--encoding",
    help="ISO-8859-1, ISO-8859-15, UTF-8, UTF-16 or Windows-1252; else found.",
)
@click.option("--column", "types", multiple=True, help=f"Data type: {_PAIR}")
@click.option("--unit", "units", multiple=True, help=f"Unit of a column: {_PAIR}")
@click.option("--missing", multiple=True, help=f"Missing value of a column: {_PAIR}")
@click.option("--date-order", help="For example mm-dd-yyyy, for all dates.")
@click.option(
    "--rest-other", is_flag=True, help="Columns not recognised are of type other."
)
@click.option(
    "--most",
    type=click.IntRange(0),
    default=20,
    show_default=True,
    help="Messages of one kind to show.",
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

    Says what each column is taken for, every message with row and column, and whether
    the data set is acceptable: the exit code is 1 if not. The flag that the
    dashboard's automation suggests needs the metadata document.
    """
    import json

    from oceanco2.dashboard.account import make_report
    from oceanco2.dashboard.checker import check_file
    from oceanco2.dashboard.columns import CheckOptions

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
        more["overlaps"], told = _shared(account.check, against)
        notes += told
    if as_json:
        click.echo(json.dumps(account.to_dict() | more, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join([account.text(most), *notes]))
    return 0 if account.check.acceptable else 1


def _shared(check: Any, against: tuple[str, ...]) -> tuple[list[Any], list[str]]:
    """Return the overlaps with other files, for programs and for people."""
    from oceanco2.crossovers import overlaps_of

    found = overlaps_of(check, against)
    told = [f"note: overlap {pair.text()}" for pair in found]
    return [pair.to_dict() for pair in found], told


def _document(path: str | None) -> tuple[Any, dict[str, Any] | None]:
    """Read the metadata document and say whether its elements are in order."""
    if path is None:
        return None, None
    from oceanco2.dashboard.completeness import missing_items
    from oceanco2.metadata import faults_of, read_document

    document = read_document(path)
    return document, {
        "format": document.format,
        "faults": [str(fault) for fault in faults_of(path)],
        "missing": list(missing_items(document)),
    }


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    """Take NAME=VALUE apart at the last sign of equality."""
    from oceanco2.errors import OptionError

    pairs = {}
    for text in given:
        name, sign, value = text.rpartition("=")
        if not sign or not name.strip():
            raise OptionError(f"{option} {text!r} is not NAME=VALUE")
        if name.strip() in pairs:
            raise OptionError(f"{option}: {name.strip()!r} is given twice")
        pairs[name.strip()] = value.strip()
    return pairs
