"""Commands about platform files."""

import click

from oceanco2.cli.group import cli, echo_table


@cli.command("platforms")
@click.argument("names", nargs=-1)
def _platforms(names: tuple[str, ...]) -> None:
    """List the platforms, or check those named (shipped names or TOML files)."""
    from oceanco2.pipeline import check
    from oceanco2.platforms import available, load

    rows = []
    for name in names or sorted(available()):
        platform = load(name)
        if names:
            check(platform)
        variables = str(len(platform.variables))
        code = platform.platform_code
        rows.append((name, platform.name, platform.kind, code, variables))
    echo_table(("platform", "name", "kind", "code", "variables"), rows)
    if names:
        click.echo("all right")
