"""Command line. Every command is also a Python function; nothing is computed here.

Imports are inside the commands, so that ``oceanco2 --help`` is quick. Importing the
modules below registers their commands.
"""

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import click

from oceanco2.cli import flags, icos, inspecting, lists, processing, socat
from oceanco2.cli.group import cli
from oceanco2.errors import OceanCO2Error, OceanCO2Warning

__all__ = [
    "cli",
    "flags",
    "icos",
    "inspecting",
    "lists",
    "main",
    "processing",
    "socat",
]


def _print_warning(message: Any, *_: Any, **__: Any) -> None:
    click.echo(f"oceanco2: warning: {' '.join(str(message).split())}", err=True)


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        Arguments; those of the process by default.

    Returns
    -------
    int
        Exit code: 0 if all went well, 1 after an error (one line on stderr).
    """
    with warnings.catch_warnings():
        # Show our own warnings, one line each; those of libraries are for developers.
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", OceanCO2Warning)
        warnings.showwarning = _print_warning
        return _run(lambda: cli.main(argv, "oceanco2", standalone_mode=False))


def _run(command: Callable[[], Any]) -> int:
    try:
        code = command()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except BrokenPipeError:  # the program reading our output (head, less) has ended
        sys.stderr.close()
        return 1
    except Exception as error:
        if os.environ.get("OCEANCO2_TRACEBACK"):
            raise
        click.echo(f"oceanco2: {_error_line(error)}", err=True)
        return 1
    return code if isinstance(code, int) else 0


def _error_line(error: Exception) -> str:
    """Return the message of an error as one line."""
    if isinstance(error, click.exceptions.Abort):
        return "stopped"
    if isinstance(error, click.ClickException):
        return error.format_message()
    text = " ".join(str(error).split())
    if isinstance(error, OceanCO2Error | NotImplementedError):
        return text
    return (
        f"unexpected error, please report it: {type(error).__name__}: {text}"
        " (set OCEANCO2_TRACEBACK=1 to see where)"
    )
