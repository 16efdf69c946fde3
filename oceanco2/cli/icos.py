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
    """Read an L1 or L2 table by the rules of the portal; exit 1 if it is refused."""
    import json

    from oceanco2.export import check_icos

    found = check_icos(file, fixed_station=fixed_station)
    if as_json:
        click.echo(json.dumps(found.report(), indent=2))
        return int(not found.accepted)
    for refusal in found.refusals:
        click.echo(f"{file}: {refusal}")
    verdict = "accepted" if found.accepted else "refused"
    click.echo(f"{file}: {verdict}; {found.rows:,} rows, {found.positions:,} positions")
    return int(not found.accepted)
