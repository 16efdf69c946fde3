"""Commands about platform files."""

import click

from oceanco2.cli.group import cli, echo_table


@cli.command("platforms")
@click.argument("names", nargs=-1)
@click.option("-o", "--output", help="TOML file to write (only with `new`).")
def _platforms(names: tuple[str, ...], output: str | None) -> None:
    """List the platforms, or validate the NAMES given (shipped names or TOML files).

    `oceanco2 platforms new FILE...` drafts a platform file for undocumented raw
    files; entries to verify are marked CHECK.
    """
    from oceanco2.errors import OptionError
    from oceanco2.pipeline import check
    from oceanco2.platforms import available, load

    if names[:1] == ("new",):
        return _new(names[1:], output)
    if output:
        raise OptionError("-o is only valid with `platforms new`")
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
        click.echo("valid")
    return None


def _new(raw: tuple[str, ...], output: str | None) -> None:
    """Write a draft platform file, or print it."""
    from pathlib import Path

    from oceanco2.errors import OptionError, OutputError
    from oceanco2.provenance import check_writable, whole_file
    from oceanco2.readers import draft_platform

    if not raw:
        raise OptionError("platforms new: give at least one raw file")
    if output and Path(output).exists():
        raise OutputError(
            f"{output}: already exists; a platform file is never overwritten"
        )
    text, entries = draft_platform(raw)
    if not output:
        click.echo(text)
        return
    check_writable(output)
    with whole_file(Path(output)) as temporary:
        temporary.write_text(text, encoding="utf-8")
    click.echo(f"{output}: written; {len(entries)} entries to check")
    for entry in entries:
        click.echo(f"  {entry}")
