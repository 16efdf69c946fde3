"""Command line. Every command is also a Python function; nothing is computed here.

Imports are inside the commands, so that ``oceanco2 --help`` is quick. Importing the
modules below registers their commands.
"""

import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from oceanco2.cli import flags, icos, inspecting, lists, processing, socat
from oceanco2.cli.group import cli, echo
from oceanco2.errors import (
    OceanCO2Error,
    OceanCO2Warning,
    OptionError,
    UnknownNameError,
)

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
    echo(f"oceanco2: warning: {' '.join(str(message).split())}", err=True)


def main(argv: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : list of str, optional
        Arguments; those of the process by default.

    Returns
    -------
    int
        Exit code: 0 if all went well; after an error (one line on stderr) 2 if the
        command line is wrong, else 1; 143 if it was asked to end (SIGTERM).
    """
    with warnings.catch_warnings():
        # Show our own warnings, one line each; those of libraries are for developers.
        warnings.simplefilter("ignore")
        warnings.simplefilter("always", OceanCO2Warning)
        warnings.showwarning = _print_warning
        with _stopping():
            return _run(lambda: cli.main(argv, "oceanco2", standalone_mode=False))


class _Stop(BaseException):
    """The process was asked to end: unfinished files are removed on the way out."""


@contextmanager
def _stopping() -> Iterator[None]:
    """End on SIGTERM as after an error, unless the caller decides what it does."""
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return

    def stop(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
        raise _Stop

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _run(command: Callable[[], Any]) -> int:
    try:
        code = command()
    except click.exceptions.NoArgsIsHelpError as error:
        echo(error.format_message())
        return 0
    except BrokenPipeError:  # the program reading our output (head, less) has ended
        sys.stderr.close()
        return 1
    except _Stop:
        echo("oceanco2: stopped", err=True)
        return 128 + signal.SIGTERM
    except Exception as error:
        if os.environ.get("OCEANCO2_TRACEBACK"):
            raise
        echo(f"oceanco2: {_error_line(error)}", err=True)
        return 2 if isinstance(error, _USAGE) else 1
    return code if isinstance(code, int) else 0


#: Errors of the command line; all others are of the data.
_USAGE = (click.UsageError, OptionError, UnknownNameError)


def _error_line(error: Exception) -> str:
    """Return the message of an error as one line."""
    if isinstance(error, click.exceptions.Abort):
        return "stopped"
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, MemoryError):
        return "not enough memory for data of this size"
    text = " ".join(str(error).split())
    if isinstance(error, OceanCO2Error | NotImplementedError):
        return text
    return (
        f"unexpected error, please report it: {type(error).__name__}: {text}"
        " (set OCEANCO2_TRACEBACK=1 to see where)"
    )
