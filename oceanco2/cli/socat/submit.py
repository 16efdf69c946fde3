"""Commands that write files for SOCAT: metadata, submissions, merged files."""

from typing import Any

import click

from oceanco2.cli.group import echo, out_option, socat

_PLATFORM = "Platform file with people and instruments; that of the dataset by default."
_FLAG = "Flag of the data set, A to E; the one the investigator suggests by default."

platform_option = click.option("--platform", help=_PLATFORM)


def _open(dataset: str, platform: str | None) -> Any:
    from oceanco2.export import open_dataset
    from oceanco2.platforms import load
    from oceanco2.socat.upload.submit import with_platform

    ds = open_dataset(dataset)
    return with_platform(ds, load(platform)) if platform else ds


@socat.command("metadata")
@click.argument("dataset")
@out_option
@click.option(
    "--format",
    "format_",
    default="oads",
    show_default=True,
    help="Format of the document: oads or ocads.",
)
@platform_option
def _metadata(dataset: str, output: str, format_: str, platform: str | None) -> None:
    """Write the metadata document of a processed DATASET (out.nc): OADS or OCADS XML.

    It describes the upload file that `oceanco2 export --format socat` writes. Missing
    items are listed, each with the key of the platform file that supplies it.
    """
    from oceanco2.files import (
        check_no_overwrite,
        check_suffix,
        check_writable,
        writing,
    )
    from oceanco2.socat.document import gaps, metadata_bytes
    from oceanco2.socat.upload import socat_upload
    from oceanco2.socat.upload.options import UploadOptions
    from oceanco2.socat.upload.submit import describe_dataset

    check_no_overwrite([dataset, *filter(None, (platform,))], output)
    check_writable(output)
    check_suffix(output, (".xml",), "XML")
    ds = _open(dataset, platform)
    upload = socat_upload(ds)
    document = describe_dataset(ds, upload, UploadOptions())
    content = metadata_bytes(document, format_)
    with writing(output) as temporary:
        temporary.write_bytes(content)
    missing = gaps(document, upload.columns, ds)
    state = f"{len(missing)} items are missing" if missing else "complete"
    echo(f"{output}: {format_.upper()}, {state}")
    for gap in missing:
        echo(f"  {gap}")


@socat.command("submit")
@click.argument("dataset")
@click.option("-o", "--output", required=True, help="Folder for the files.")
@click.option(
    "--format",
    "format_",
    default="oads",
    show_default=True,
    help="Format of the document: oads or ocads.",
)
@click.option(
    "--separator",
    default="tab",
    show_default=True,
    help="Separator of the upload file: tab, comma or semicolon.",
)
@click.option("--suggested-flag", help="Flag for the line Suggested QC: A to E.")
@platform_option
def _submit(
    dataset: str,
    output: str,
    format_: str,
    separator: str,
    suggested_flag: str | None,
    platform: str | None,
) -> int:
    """Write everything needed to submit DATASET (out.nc) to SOCAT into one folder.

    The files are the upload file, the metadata document and the report of the upload
    checker (JSON and text). The exit code is 1 if the dashboard would reject the
    submission; all files are written nevertheless.
    """
    from oceanco2.socat.checker.report import columns_to_declare
    from oceanco2.socat.upload.submit import submit

    submission = submit(
        _open(dataset, platform),
        output,
        format=format_,
        separator=separator,
        suggested_flag=suggested_flag,
    )
    for path in submission.files.values():
        echo(path)
    state = "ready for submission" if submission.acceptable else "would be rejected"
    flag = submission.account.suggestion.flag
    expocode = submission.expocode
    echo(f"{expocode}: {state}; flag suggested by the dashboard: {flag}")
    for reason in submission.account.refusals:
        echo(f"  {reason}")
    for gap in submission.gaps:
        echo(f"  missing: {gap}")
    for name in columns_to_declare(submission.account.check):
        echo(f"  declare as 'other' in the upload form: {name}")
    return 0 if submission.acceptable else 1


@socat.command("merge")
@click.argument("datasets", nargs=-1, required=True)
@out_option
@click.option("--every", is_flag=True, help="Write all rows, as in enhanced files.")
@click.option("--flag", help=_FLAG)
@click.option(
    "--version", default="N/A", show_default=True, help="SOCAT version: 2026.0N."
)
@click.option("--woa", help="netCDF of monthly salinity, for WOA_SSS.")
@click.option("--ncep", help="netCDF of sea level pressure, for NCEP_SLP.")
@click.option("--gvco2", help="NOAA marine boundary layer file, for GVCO2.")
def _merge(
    *,
    datasets: tuple[str, ...],
    output: str,
    every: bool,
    flag: str | None,
    version: str,
    woa: str | None,
    ncep: str | None,
    gvco2: str | None,
) -> None:
    """Merge processed DATASETS into one file in the format of SOCAT synthesis files.

    By default the file has the rows with fCO2rec of WOCE flag 2 from data sets with
    flags A to D, duplicates once, ordered by expocode and time; with --every all rows.
    """
    from oceanco2.export import open_dataset
    from oceanco2.files import (
        check_no_overwrite,
        check_once,
        check_suffix,
        check_writable,
    )
    from oceanco2.socat.upload.enhanced import EnhancedOptions, records, write_report

    check_once(datasets)
    check_no_overwrite([*datasets, *filter(None, (woa, ncep, gvco2))], output)
    check_writable(output)
    check_suffix(output, (".tsv", ".txt", ".tab"), "a file in the format of SOCAT")
    options = EnhancedOptions(version, None, flag, woa, ncep, gvco2)
    tables = [records(open_dataset(dataset), options) for dataset in datasets]
    written = write_report(tables, output, every=every)
    rows = sum(table.time.size for table in written)
    echo(f"{output}: {rows:,} rows of {len(written)} data sets")
    for note in sorted({note for table in written for note in table.notes}):
        echo(f"  {note}")
