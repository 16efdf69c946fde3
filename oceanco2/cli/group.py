"""The command groups, the check of outputs of all commands, and how they print."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from glob import glob, has_magic
from pathlib import Path
from typing import Any

import click

from oceanco2.errors import (
    OptionError,
    ProcessingError,
    UnknownNameError,
    choose_name,
)

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


#: Parameters of commands that name a file or folder to write; all others may be inputs.
OUTPUTS = {"output", "socat", "figure", "report_file", "plot", "text", "problems"}


class Command(click.Command):
    """A command that writes over nothing it reads, and nothing twice."""

    def invoke(self, ctx: click.Context) -> Any:
        """Check the files to write against all others, then run the command."""
        from oceanco2.files import check_outputs, inputs_remembered

        outputs = {
            max(parameter.opts, key=len): ctx.params[name]
            for parameter in self.params
            if (name := parameter.name) in OUTPUTS and ctx.params.get(name)
        }
        if outputs:
            check_outputs(_files_named(ctx.params), outputs)
        with inputs_remembered() as read:
            try:
                return super().invoke(ctx)
            except (OptionError, UnknownNameError) as error:
                text = str(error)
                if any(name in text for name in read.values()):  # not the command line
                    raise ProcessingError(text) from None
                raise


def _files_named(parameters: dict[str, Any]) -> Iterator[str]:
    """Yield the files that the other parameters name, or match."""
    for name, value in parameters.items():
        for text in value if isinstance(value, tuple) else (value,):
            if name in OUTPUTS or not isinstance(text, str) or "\0" in text:
                continue
            names = glob(text, recursive=True) if has_magic(text) else []  # noqa: PTH207
            with suppress(OSError):  # those that cannot be looked at are named later
                yield from [path for path in (text, *names) if Path(path).is_file()]


class Commands(click.Group):
    """A group in workflow order that suggests the nearest name of a wrong command."""

    command_class = Command

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

        echo(f"oceanco2 {package_version()}")
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


#: Control characters but line feed and tab, and those that reverse the direction.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Return a text with control characters as escapes, as Python writes them.

    Examples
    --------
    >>> visible("a\x1b[31m")
    'a\\x1b[31m'
    """
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)


def echo(text: object = "", *, err: bool = False, nl: bool = True) -> None:
    """Print a text; control characters of files never reach the terminal."""
    click.echo(visible(str(text)), err=err, nl=nl)


def echo_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table with columns of sufficient width."""
    lines = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        echo("  ".join(cells).rstrip())


@cli.group("socat", cls=Commands)
def socat() -> None:
    """Check and submit files; read, recompute and grid files published by SOCAT."""
