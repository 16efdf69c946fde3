"""Command line. Every command is a Python verb too; nothing is computed here.

Imports stand inside the commands, so that ``oceanco2 --help`` is quick. The modules
below register their commands in the order of the work.
"""

import os
import sys
import warnings
from collections.abc import Callable
from typing import Any

import click

from oceanco2.cli import (
    doubts,
    flags,
    icos,
    lists,
    looking,
    making,
    platform_files,
    socat,
)
from oceanco2.cli.group import cli
from oceanco2.errors import OceanCO2Error, OceanCO2Warning

__all__ = [
    "cli",
    "doubts",
    "flags",
    "icos",
    "lists",
    "looking",
    "main",
    "making",
    "platform_files",
    "socat",
]


def _one_line(message: Any, *_: Any, **__: Any) -> None:
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
        0 when all went well, 1 on a deliberate error (one line on stderr).
    """
    with warnings.catch_warnings():
        # Ours in one line each; those of libraries are for developers.
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", OceanCO2Warning)
        warnings.showwarning = _one_line
        return _run(lambda: cli.main(argv, "oceanco2", standalone_mode=False))


def _run(command: Callable[[], Any]) -> int:
    try:
        done = command()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except BrokenPipeError:  # the reader of our output (head, less) went away
        sys.stderr.close()
        return 1
    except Exception as error:
        if os.environ.get("OCEANCO2_TRACEBACK"):
            raise
        click.echo(f"oceanco2: {_said(error)}", err=True)
        return 1
    return done if isinstance(done, int) else 0


def _said(error: Exception) -> str:
    """Say in one line what went wrong."""
    if isinstance(error, click.exceptions.Abort):
        return "stopped"
    if isinstance(error, click.ClickException):
        return error.format_message()
    text = " ".join(str(error).split())
    if isinstance(error, OceanCO2Error | NotImplementedError):
        return text
    return (
        f"unexpected error, please report it: {type(error).__name__}: {text}"
        " (OCEANCO2_TRACEBACK=1 shows where)"
    )
