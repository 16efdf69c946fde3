"""Commands that make files for SOCAT: metadata documents, submissions, joined files."""

from typing import Any

import click

from oceanco2.cli.group import out_option
from oceanco2.cli.socat.group import socat

_PLATFORM = "Platform file that says who measured with what; else the dataset does."
_FLAG = "Flag of the data set, A to E; else the one that the investigator suggests."

platform_option = click.option("--platform", help=_PLATFORM)


def _opened(dataset: str, platform: str | None) -> Any:
    from oceanco2.export import open_dataset
    from oceanco2.platforms import load
    from oceanco2.submission.describing import with_platform

    ds = open_dataset(dataset)
    return with_platform(ds, load(platform)) if platform else ds


@socat.command("metadata")
@click.argument("dataset")
@out_option
@click.option(
    "--format", "format_", default="oads", show_default=True, help="oads or ocads."
)
@platform_option
def _metadata(dataset: str, output: str, format_: str, platform: str | None) -> None:
    """Write the metadata document of a processed DATASET (out.nc): OADS or OCADS XML.

    It describes the upload file that `oceanco2 export --format socat` makes. What a
    complete document would have is listed by name, with the key of the platform file
    that would fill it.
    """
    from oceanco2.export import UploadOptions, socat_upload
    from oceanco2.metadata import gaps, metadata_bytes
    from oceanco2.provenance import check_apart, check_writable, whole_file
    from oceanco2.submission.describing import describe_dataset

    check_apart([dataset, *filter(None, (platform,))], output)
    check_writable(output)
    ds = _opened(dataset, platform)
    upload = socat_upload(ds)
    document = describe_dataset(ds, upload, UploadOptions())
    content = metadata_bytes(document, format_)
    with whole_file(output) as temporary:
        temporary.write_bytes(content)
    missing = gaps(document, upload.columns, ds)
    state = f"{len(missing)} items are missing" if missing else "complete"
    click.echo(f"{output}: {format_.upper()}, {state}")
    for gap in missing:
        click.echo(f"  {gap}")


@socat.command("submit")
@click.argument("dataset")
@click.option("-o", "--output", required=True, help="Folder for the files.")
@click.option(
    "--format", "format_", default="oads", show_default=True, help="oads or ocads."
)
@click.option("--separator", default="tab", show_default=True)
@click.option("--suggested-flag", help="A to E, for the line Suggested QC.")
@platform_option
def _submit(
    dataset: str,
    output: str,
    format_: str,
    separator: str,
    suggested_flag: str | None,
    platform: str | None,
) -> int:
    """Write all that SOCAT asks of a submitter of DATASET (out.nc) into one folder.

    The upload file, the metadata document and the report of the checker (JSON and
    text). The exit code is 1 if the dashboard would not take it; the files are whole
    all the same.
    """
    from oceanco2.submission.socat import submit

    done = submit(
        _opened(dataset, platform),
        output,
        format=format_,
        separator=separator,
        suggested_flag=suggested_flag,
    )
    for path in done.files.values():
        click.echo(path)
    state = "could be submitted" if done.acceptable else "would not be taken"
    flag = done.account.suggestion.flag
    click.echo(f"{done.expocode}: {state}; flag that the automation suggests: {flag}")
    for reason in done.account.refusals:
        click.echo(f"  {reason}")
    for gap in done.gaps:
        click.echo(f"  missing: {gap}")
    return 0 if done.acceptable else 1


@socat.command("merge")
@click.argument("datasets", nargs=-1, required=True)
@out_option
@click.option("--every", is_flag=True, help="Every row, as in enhanced files.")
@click.option("--flag", help=_FLAG)
@click.option("--version", default="N/A", show_default=True, help="Of SOCAT: 2026.0N.")
@click.option("--woa", help="NetCDF of monthly salinity, for WOA_SSS.")
@click.option("--ncep", help="NetCDF of pressure at sea level, for NCEP_SLP.")
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
    """Write processed DATASETS into one file in the form of SOCAT's synthesis files.

    Rows with an fCO2rec of flag 2 of data sets with flag A to D, duplicates once,
    ordered by expocode and time; with --every all rows.
    """
    from oceanco2.export import EnhancedOptions, open_dataset, records, write_report
    from oceanco2.provenance import check_apart, check_once, check_writable

    check_once(datasets)
    check_apart([*datasets, *filter(None, (woa, ncep, gvco2))], output)
    check_writable(output)
    how = EnhancedOptions(version, None, flag, woa, ncep, gvco2)
    made = [records(open_dataset(dataset), how) for dataset in datasets]
    done = write_report(made, output, every=every)
    rows = sum(one.time.size for one in done)
    click.echo(f"{output}: {rows:,} rows of {len(done)} data sets")
    for note in sorted({note for one in done for note in one.notes}):
        click.echo(f"  {note}")
