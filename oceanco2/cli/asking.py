"""Commands that look at data and say what they are."""

import click

from oceanco2.cli.group import cli


@cli.command("diagnose")
@click.argument("file")
@click.option("--platform", help="Says what the columns are; else they are guessed.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def _diagnose(file: str, platform: str | None, as_json: bool) -> None:
    """Say how the published pCO2 and fCO2 of a delivered FILE were computed.

    Which recipe reproduces them, how well, and what is odd: swapped columns, another
    pressure, a missing temperature step, rows whose inputs are not the printed ones.
    """
    import json

    from oceanco2.diagnosis import diagnose

    found = diagnose(file, platform)
    if as_json:
        click.echo(json.dumps({"file": file} | found.to_dict(), indent=2))
    else:
        click.echo(f"{file}: {found.text()}")
