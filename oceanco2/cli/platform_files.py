"""Commands about platform files."""

import click

from oceanco2.cli.group import cli, echo_table


@cli.command("platforms")
@click.argument("names", nargs=-1)
@click.option("-o", "--output", help="With `new`: the TOML file to write.")
def _platforms(names: tuple[str, ...], output: str | None) -> None:
    """List the platforms, or check those named (shipped names or TOML files).

    `oceanco2 platforms new FILE...` writes a draft for raw files that nobody
    described yet, its doubts marked.
    """
    from oceanco2.errors import OptionError
    from oceanco2.pipeline import check
    from oceanco2.platforms import available, load

    if names[:1] == ("new",):
        return _new(names[1:], output)
    if output:
        raise OptionError("-o goes with `platforms new` only")
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
    return None


def _new(raw: tuple[str, ...], output: str | None) -> None:
    """Write a draft, or print it."""
    from pathlib import Path

    from oceanco2.errors import OptionError, OutputError
    from oceanco2.provenance import check_writable, whole_file
    from oceanco2.readers import draft_platform

    if not raw:
        raise OptionError("platforms new: name the raw files")
    if output and Path(output).exists():
        raise OutputError(f"{output}: exists; a platform file is not overwritten")
    text, doubts = draft_platform(raw)
    if not output:
        click.echo(text)
        return
    check_writable(output)
    with whole_file(Path(output)) as held:
        held.write_text(text, encoding="utf-8")
    click.echo(f"{output}: written; {len(doubts)} doubts to look at")
    for doubt in doubts:
        click.echo(f"  {doubt}")
