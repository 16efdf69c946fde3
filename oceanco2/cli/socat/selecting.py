"""Options by which commands on whole files take rows, and what they say of lines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

_OPTIONS = (
    click.option("--region", help="Regions of SOCAT: letters (AR) or names."),
    click.option("--box", help="West,south,east,north; can cross the date line."),
    click.option("--start", help="First time (UTC): 2010, 2010-12-31T18:00."),
    click.option("--end", help="Last time (UTC); 2010 includes that year."),
    click.option("--flags", help="Flags of data sets: ABC."),
    click.option("--woce", help="WOCE flags of fCO2rec: 2 or 2,3."),
    click.option("--src", help="Algorithms of fCO2rec: 1 or 1,2."),
    click.option("--expocodes", help="Data sets, by commas; * for any letters."),
    click.option("--encoding", help="Of texts: utf-8 or iso-8859-1."),
    click.option("--strict", is_flag=True, help="Stop at the first odd line."),
    click.option("--threads", type=int, help="One for each core by default."),
    click.option("--problems", help="CSV to write: every odd line, whole."),
)
#: Lines of each kind that are printed; --problems has them all, to 100,000.
_SHOWN = 3


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command.

    Parameters
    ----------
    command : callable
        The command.

    Returns
    -------
    callable
        The command, which passes them on.
    """
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def for_reading(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the verbs take.

    Parameters
    ----------
    options : mapping of str to object
        Of the command line.

    Returns
    -------
    dict of str to object
        Arguments.

    Raises
    ------
    OptionError
        If the number of threads cannot be.
    """
    from oceanco2.errors import OptionError
    from oceanco2.provenance import check_writable

    check_writable(options["problems"])
    threads = options["threads"]
    if threads is not None and threads < 1:
        raise OptionError(f"--threads cannot be {threads}; it is 1 or more")
    left = {k: v for k, v in options.items() if k not in ("problems", "threads")}
    return left | {"workers": threads}


def tell_lines(report: Mapping[str, Any], problems: str | None) -> None:
    """Say on stderr what was odd, and write the table of odd lines.

    Parameters
    ----------
    report : mapping
        What a verb returned.
    problems : str, optional
        CSV to write.
    """
    for file in report["files"]:
        for note in file["notes"]:
            click.echo(f"oceanco2: warning: {note}", err=True)
        artificial = file["artificial_times"]
        if artificial:
            click.echo(
                f"oceanco2: note: {file['file']}: hours are invented in"
                f" {', '.join(artificial)}",
                err=True,
            )
    found: Sequence[Mapping[str, Any]] = report["problems"]
    shown = _first_of_each_kind(found)
    for problem in shown:
        done = "set aside" if problem["set_aside"] else "kept"
        click.echo(
            f"oceanco2: warning: {problem['file']}, line {problem['line']}:"
            f" {problem['text']}; {done}",
            err=True,
        )
    left = len(found) + report.get("problems_not_listed", 0) - len(shown)
    if left:
        more = f"{left:,} more odd lines"
        where = "" if problems else " (--problems FILE writes them)"
        click.echo(f"oceanco2: warning: {more}{where}", err=True)
    if problems is not None:
        _write(found, problems)


def _first_of_each_kind(
    found: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    counts: dict[str, int] = {}
    shown = []
    for problem in found:
        kind = problem["kind"]
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= _SHOWN:
            shown.append(problem)
    return shown


def _write(found: Sequence[Mapping[str, Any]], path: str) -> None:
    import csv

    from oceanco2.provenance import whole_file

    names = ["file", "line", "kind", "text", "set_aside", "row"]
    with (
        whole_file(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(found)


def said_lines(report: Mapping[str, Any], problems: str | None = None) -> str:
    """Say in one line what became of the lines.

    Parameters
    ----------
    report : mapping
        What a verb returned.
    problems : str, optional
        CSV that has the odd lines.

    Returns
    -------
    str
        Counts.
    """
    text = f"{report['lines']:,} lines: {report['rows_read']:,} rows"
    if report["empty_lines"]:
        text += f", {report['empty_lines']:,} empty"
    if report["lines_set_aside"]:
        where = f"see {problems}" if problems else "--problems FILE writes them"
        text += f", {report['lines_set_aside']:,} set aside, not rows ({where})"
    return text
