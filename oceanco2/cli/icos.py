"""Commands for the ICOS Carbon Portal: check, package, upload."""

import click

from oceanco2.cli.group import Commands, cli, echo


@cli.group("icos", cls=Commands)
def icos() -> None:
    """Check, package and upload files for the ICOS Carbon Portal."""


@icos.command("check")
@click.argument("file")
@click.option(
    "--fixed-station", is_flag=True, help="Fixed station: positions are not required."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def _check(file: str, *, fixed_station: bool, as_json: bool) -> int:
    """Check a table or package by the rules of the portal; exit code 1 if rejected.

    FILE is an L1 or L2 table, or the folder or zip of a package.
    """
    from pathlib import Path

    from oceanco2.files import json_text
    from oceanco2.icos.table_check import check_icos

    if Path(file).is_dir() or file.lower().endswith(".zip"):
        return _check_package(file, as_json)
    result = check_icos(file, fixed_station=fixed_station)
    if as_json:
        echo(json_text(result.report()))
        return int(not result.accepted)
    for refusal in result.refusals:
        echo(f"{file}: {refusal}")
    verdict = "accepted" if result.accepted else "rejected"
    counts = f"{result.rows:,} rows, {result.positions:,} positions"
    echo(f"{file}: {verdict}; {counts}")
    return int(not result.accepted)


def _check_package(path: str, as_json: bool) -> int:
    from oceanco2.files import json_text
    from oceanco2.icos.package_check import check_package

    result = check_package(path)
    report = {"accepted": not result.faults, "messages": list(result.faults)}
    if as_json:
        echo(json_text(report))
    else:
        for fault in result.faults:
            echo(f"{path}: {fault}")
        verdict = "rejected" if result.faults else "accepted"
        echo(f"{path}: {verdict}; {result.objects} objects")
    return int(bool(result.faults))


@icos.command("package")
@click.argument("dataset")
@click.option("--raw", multiple=True, required=True, help="Raw files of the dataset.")
@click.option(
    "--level", type=click.Choice(["1", "2"]), required=True, help="Data level."
)
@click.option("-o", "--output", required=True, help="New folder or .zip file to write.")
@click.option("--previous", multiple=True, help="objects.json of earlier packages.")
@click.option(
    "--undecided",
    type=click.Choice(["accept", "refuse"]),
    help="Flags without a manual decision; default: accept in level 1, refuse in 2.",
)
def _package(
    *,
    dataset: str,
    raw: tuple[str, ...],
    level: str,
    output: str,
    previous: tuple[str, ...],
    undecided: str | None,
) -> None:
    """Package raw files, table, manifest and metadata of a DATASET (out.nc).

    Nothing is sent. The raw files (files, glob patterns, folders or zip files) must be
    those the dataset was processed from; their SHA-256 is compared.
    """
    from oceanco2.export import open_dataset
    from oceanco2.icos.package import icos_package

    package = icos_package(
        open_dataset(dataset),
        raw,
        level=int(level),
        previous=previous,
        undecided=undecided,
    )
    package.write(output)
    echo(f"{output}: written; {len(package.files)} files")
    echo(f"  {package.name}: level {level}, {package.check.rows:,} rows")
    for old in package.version.replaces:
        partly = ", in part" if package.version.partial else ""
        echo(f"  next version of {old}{partly}")


@icos.command("upload")
@click.argument("package")
@click.option(
    "--token", envvar="OCEANCO2_ICOS_TOKEN", help="Value of the cookie cpauthToken."
)
@click.option(
    "--yes", is_flag=True, help="Send the files; without it they are only listed."
)
@click.option(
    "--try",
    "trial",
    is_flag=True,
    help="Let the portal try to read the tables; nothing is stored.",
)
@click.option("--meta-url", help="Other address for metadata.")
@click.option("--data-url", help="Other address for the bytes of files.")
@click.option("--try-url", help="Other address for trying tables.")
def _upload(
    *,
    package: str,
    token: str | None,
    yes: bool,
    trial: bool,
    **urls: str | None,
) -> None:
    """List what an upload of a PACKAGE would send; with --yes, send it."""
    from oceanco2.errors import OptionError
    from oceanco2.icos import portal_upload
    from oceanco2.icos.package_check import parcels_of

    portal = portal_upload.Portal(**{key: url for key, url in urls.items() if url})
    parcels = parcels_of(package)
    if not yes:
        lines = [f"PUT {url}" for url, _ in portal_upload.trials(parcels, portal)]
        for line in lines if trial else portal_upload.plan(parcels, portal):
            echo(line)
        echo("nothing was sent; use --yes to send it")
        return
    if not trial and not token:
        raise OptionError("sending needs --token or the variable OCEANCO2_ICOS_TOKEN")
    sent = (
        portal_upload.try_tables(parcels, portal)
        if trial
        else portal_upload.send(parcels, portal, str(token))
    )
    for line in sent:
        echo(line)
