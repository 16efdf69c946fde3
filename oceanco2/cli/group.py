"""The command groups, and how commands print tables."""

from collections.abc import Iterable

import click

from oceanco2.errors import OptionError, choose_name

#: `--help` lists the commands in this order: that of a typical workflow.
_ORDER = (
    "demo",
    "process",
    "flux",
    "export",
    "summary",
    "figure",
    "diagnose",
    "socat",
    "icos",
    "flags",
    "platforms",
    "simulate",
)


class Commands(click.Group):
    """A group in workflow order that suggests the nearest name of a wrong command."""

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names of the commands in workflow order."""
        order = {name: rank for rank, name in enumerate(_ORDER)}
        return sorted(self.commands, key=lambda name: order.get(name, len(order)))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; raise OptionError with the nearest name if there is none."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            choose_name("command", args[0], self.commands, error=OptionError)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, requested: bool) -> None:
    if requested and not ctx.resilient_parsing:
        from oceanco2.provenance import package_version

        click.echo(f"oceanco2 {package_version()}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_version,
    help="Show the version.",
)
def cli() -> None:
    """From raw pCO2 files to fCO2, SOCAT files and air-sea CO2 fluxes."""


out_option = click.option("-o", "--output", required=True, help="File to write.")


def echo_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table with columns of sufficient width."""
    lines = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@cli.group("socat", cls=Commands)
def socat() -> None:
    """Check and submit files; read, recompute and grid files published by SOCAT."""
