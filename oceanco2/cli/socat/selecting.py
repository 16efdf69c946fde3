"""Options that select rows of SOCAT files, and the report of their lines."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

_OPTIONS = (
    click.option("--region", help="SOCAT regions: letters (AR) or names."),
    click.option("--box", help="West,south,east,north; may cross the date line."),
    click.option("--start", help="First time (UTC): 2010, 2010-12-31T18:00."),
    click.option("--end", help="Last time (UTC); 2010 includes all of that year."),
    click.option("--flags", help="Data set flags: ABC."),
    click.option("--woce", help="WOCE flags of fCO2rec: 2 or 2,3."),
    click.option("--src", help="Algorithms (fCO2rec_src): 1 or 1,2."),
    click.option(
        "--expocodes", help="Data sets, separated by commas; * matches any characters."
    ),
    click.option("--encoding", help="Encoding of the files: utf-8 or iso-8859-1."),
    click.option(
        "--strict", is_flag=True, help="Stop at the first line with a problem."
    ),
    click.option(
        "--threads", type=int, help="Number of threads; one per core by default."
    ),
    click.option(
        "--problems", help="CSV to write: every line with a problem, in full."
    ),
)
#: Lines printed of each kind of problem; --problems lists all, up to 100,000.
_SHOWN = 3


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def reading_arguments(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options as arguments of the Python functions."""
    from oceanco2.errors import OptionError
    from oceanco2.provenance import check_writable

    check_writable(options["problems"])
    threads = options["threads"]
    if threads is not None and threads < 1:
        raise OptionError(f"--threads must be 1 or more, not {threads}")
    others = {k: v for k, v in options.items() if k not in ("problems", "threads")}
    return others | {"workers": threads}


def echo_problems(report: Mapping[str, Any], problems: str | None) -> None:
    """Print problems of lines on stderr, and write them to the CSV if one is named."""
    for file in report["files"]:
        for note in file["notes"]:
            click.echo(f"oceanco2: warning: {note}", err=True)
        artificial = file["artificial_times"]
        if artificial:
            click.echo(
                f"oceanco2: note: {file['file']}: the hours are artificial in"
                f" {', '.join(artificial)}",
                err=True,
            )
    problem_rows: Sequence[Mapping[str, Any]] = report["problems"]
    printed = _first_of_each_kind(problem_rows)
    for problem in printed:
        outcome = "skipped" if problem["set_aside"] else "kept"
        click.echo(
            f"oceanco2: warning: {problem['file']}, line {problem['line']}:"
            f" {problem['text']}; {outcome}",
            err=True,
        )
    rest = len(problem_rows) + report.get("problems_not_listed", 0) - len(printed)
    if rest:
        more = f"{rest:,} more lines with problems"
        where = "" if problems else " (--problems FILE writes them)"
        click.echo(f"oceanco2: warning: {more}{where}", err=True)
    if problems is not None:
        _write(problem_rows, problems)


def _first_of_each_kind(
    problems: Sequence[Mapping[str, Any]],
) -> list[Mapping[str, Any]]:
    counts: dict[str, int] = {}
    shown = []
    for problem in problems:
        kind = problem["kind"]
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] <= _SHOWN:
            shown.append(problem)
    return shown


def _write(problems: Sequence[Mapping[str, Any]], path: str) -> None:
    import csv

    from oceanco2.provenance import whole_file

    names = ["file", "line", "kind", "text", "set_aside", "row"]
    with (
        whole_file(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.DictWriter(file, names, lineterminator="\n")
        table.writeheader()
        table.writerows(problems)


def line_counts(report: Mapping[str, Any], problems: str | None = None) -> str:
    """Count lines, rows and skipped lines in one line of text."""
    text = f"{report['lines']:,} lines: {report['rows_read']:,} rows"
    if report["empty_lines"]:
        text += f", {report['empty_lines']:,} empty"
    if report["lines_set_aside"]:
        where = f"see {problems}" if problems else "--problems FILE writes them"
        text += f", {report['lines_set_aside']:,} skipped ({where})"
    return text
