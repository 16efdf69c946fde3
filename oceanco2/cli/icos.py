"""Commands for the ICOS Carbon Portal: check, package, upload."""

import click

from oceanco2.cli.group import Commands, cli


@cli.group("icos", cls=Commands)
def icos() -> None:
    """Check and package files for the ICOS Carbon Portal; upload on demand only."""


@icos.command("check")
@click.argument("file")
@click.option("--fixed-station", is_flag=True, help="No positions are needed.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def _check(file: str, *, fixed_station: bool, as_json: bool) -> int:
    """Read a table or package by the rules of the portal; exit 1 if it is refused.

    FILE is an L1 or L2 table, or the folder or zip of a package.
    """
    import json
    from pathlib import Path

    from oceanco2.export import check_icos

    if Path(file).is_dir() or file.lower().endswith(".zip"):
        return _check_whole(file, as_json)
    found = check_icos(file, fixed_station=fixed_station)
    if as_json:
        click.echo(json.dumps(found.report(), indent=2))
        return int(not found.accepted)
    for refusal in found.refusals:
        click.echo(f"{file}: {refusal}")
    verdict = "accepted" if found.accepted else "refused"
    click.echo(f"{file}: {verdict}; {found.rows:,} rows, {found.positions:,} positions")
    return int(not found.accepted)


def _check_whole(path: str, as_json: bool) -> int:
    import json

    from oceanco2.submission import check_package

    found = check_package(path)
    said = {"accepted": not found.faults, "messages": list(found.faults)}
    if as_json:
        click.echo(json.dumps(said, indent=2))
    else:
        for fault in found.faults:
            click.echo(f"{path}: {fault}")
        verdict = "refused" if found.faults else "accepted"
        click.echo(f"{path}: {verdict}; {found.objects} objects")
    return int(bool(found.faults))


@icos.command("package")
@click.argument("dataset")
@click.option("--raw", multiple=True, required=True, help="Raw files of the dataset.")
@click.option("--level", type=click.Choice(["1", "2"]), required=True)
@click.option("-o", "--output", required=True, help="New folder, or a .zip.")
@click.option("--previous", multiple=True, help="objects.json of earlier packages.")
@click.option(
    "--undecided",
    type=click.Choice(["accept", "refuse"]),
    help="Doubts nobody has judged: refused in level 2, accepted in level 1.",
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
    """Raw files, table, manifest and metadata of a DATASET (out.nc) for the portal.

    Nothing is sent. RAW are files, globs, folders or zips: those that the dataset was
    made from, by their SHA-256.
    """
    from oceanco2.export import open_dataset
    from oceanco2.submission import icos_package

    package = icos_package(
        open_dataset(dataset),
        raw,
        level=int(level),
        previous=previous,
        undecided=undecided,
    )
    package.write(output)
    click.echo(f"{output}: written; {len(package.files)} files")
    click.echo(f"  {package.name}: level {level}, {package.check.rows:,} rows")
    for old in package.version.replaces:
        partly = ", in part" if package.version.partial else ""
        click.echo(f"  next version of {old}{partly}")


@icos.command("upload")
@click.argument("package")
@click.option("--token", envvar="OCEANCO2_ICOS_TOKEN", help="Value of cpauthToken.")
@click.option("--yes", is_flag=True, help="Send; without it only say what would be.")
@click.option("--try", "trial", is_flag=True, help="Have tables read, not kept.")
@click.option("--meta-url", help="Where metadata go, if not to the portal.")
@click.option("--data-url", help="Where bytes go, if not to the portal.")
@click.option("--try-url", help="Where tables are tried, if not at the portal.")
def _upload(
    *,
    package: str,
    token: str | None,
    yes: bool,
    trial: bool,
    **urls: str | None,
) -> None:
    """Say what an upload of a PACKAGE would send; with --yes, send it."""
    from oceanco2.errors import OptionError
    from oceanco2.metadata import portal_upload as upload
    from oceanco2.submission import parcels_of

    portal = upload.Portal(**{key: url for key, url in urls.items() if url})
    parcels = parcels_of(package)
    if not yes:
        lines = [f"PUT {url}" for url, _ in upload.trials(parcels, portal)]
        for line in lines if trial else upload.plan(parcels, portal):
            click.echo(line)
        click.echo("nothing was sent: --yes sends it")
        return
    if not trial and not token:
        raise OptionError("--token is needed to send (or OCEANCO2_ICOS_TOKEN)")
    sent = (
        upload.try_tables(parcels, portal)
        if trial
        else upload.send(parcels, portal, str(token))
    )
    for line in sent:
        click.echo(line)
