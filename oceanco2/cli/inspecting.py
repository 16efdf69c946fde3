"""Commands that inspect data without changing them: summary, lags, diagnose."""

from pathlib import Path
from typing import Any

import click

from oceanco2.cli.group import Command, cli, echo, echo_table


@cli.command("summary")
@click.argument("dataset")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--figure", help="Also write an overview figure (png, pdf, svg).")
@click.option(
    "--against",
    multiple=True,
    help="File to search for crossovers; may be given more than once.",
)
def _summary(
    dataset: str, as_json: bool, figure: str | None, against: tuple[str, ...]
) -> None:
    """Summarise a processed DATASET: coverage, quality, SOCAT flag.

    Shows ranges, flags, checks, standards, warming, each of SOCAT's criteria A to E
    as met or failed, and the data set flag it qualifies for.
    """
    from oceanco2.export import open_dataset
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.files import check_writable, json_text
    from oceanco2.socat.crossovers import is_crossed
    from oceanco2.staging import interrupted
    from oceanco2.summary import summary, summary_text

    if figure:
        check_suffix(figure)
    check_writable(figure)
    ds = open_dataset(dataset)
    crossed = is_crossed(ds, against) if against else None
    waiting = interrupted(Path(dataset))
    if as_json:
        more = {"interrupted_runs": waiting} if waiting else {}
        echo(json_text({"file": dataset} | summary(ds, crossed) | more))
    else:
        echo(summary_text(ds, crossed))
    for run, names in waiting.items() if not as_json else ():
        echo(
            f"\nthe run {run} was interrupted: {', '.join(names)} not in place yet;"
            " the next run that writes to the folder completes it"
        )
    if figure:
        save_overview(ds, figure)


class _FigureCommand(Command):
    """A command whose help lists the kinds of figures, also those of plug-ins."""

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the kinds of figures; they are loaded only here."""
        from oceanco2.figures import FIGURES

        kinds = []
        for name in sorted(FIGURES):
            entry, owner = FIGURES[name], FIGURES.owner(name)
            text = f"{entry.description} ({entry.allowed})"
            kinds.append((name, f"{text}; from {owner}" if owner else text))
        with formatter.section("Kinds (and how many variables they take)"):
            formatter.write_dl(kinds)


@cli.command("figure", cls=_FigureCommand)
@click.argument("dataset")
@click.option(
    "--kind",
    default="overview",
    show_default=True,
    help="Kind of figure, one of those listed below.",
)
@click.option(
    "--variable",
    "names",
    multiple=True,
    help="Variable to draw; may be given more than once.",
)
@click.option("-o", "--output", required=True, help="Figure to write (png, pdf, svg).")
@click.option(
    "--dpi", type=float, default=150.0, show_default=True, help="Dots per inch."
)
def _figure(
    dataset: str, kind: str, names: tuple[str, ...], output: str, dpi: float
) -> None:
    """Draw a figure of a processed DATASET or a gridded product.

    Example: `oceanco2 figure out.nc --kind property --variable SST --variable salinity
    -o t_s.png`.
    """
    import xarray as xr

    from oceanco2.export import open_dataset
    from oceanco2.figures import FIGURES, check_kind, check_suffix, figure, save_figure
    from oceanco2.files import check_writable, reading

    check_suffix(output)
    check_kind(kind, names)
    check_writable(output)
    if FIGURES[kind].gridded:
        with reading(dataset, "netCDF", (Exception,)):
            ds = xr.open_dataset(dataset)
    else:
        ds = open_dataset(dataset)
    save_figure(figure(ds, kind, *names), output, dpi)
    echo(f"{output}: written")


@cli.command("lags")
@click.argument("platform")
@click.argument("raw", nargs=-1, required=True)
def _lags(platform: str, raw: tuple[str, ...]) -> None:
    """Estimate the lag between intake and equilibrator.

    The lag maximises the correlation of SST and T_equ, for all data and day by day.
    Nothing is changed: the last lines printed can be copied into the platform file.
    """
    from oceanco2.alignment import lags
    from oceanco2.platforms import load
    from oceanco2.readers import read

    loaded = load(platform)
    results = lags(read(loaded, list(raw)), loaded)
    head = ("from", "to", "lag [s]", "+-", "correlation", "points", "remark")
    echo_table(head, [_row(lag) for lag in results])
    echo(f"\n{_advice(results, loaded)}")


def _row(lag: Any) -> tuple[str, ...]:
    period = [str(moment.astype("datetime64[m]")) for moment in (lag.start, lag.end)]
    numbers = (f"{lag.seconds:.1f}", f"{lag.uncertainty:.1f}", f"{lag.correlation:.3f}")
    return (*period, *numbers, f"{lag.pairs:,}", lag.reason or "-")


def _advice(lags: list[Any], platform: Any) -> str:
    """Return lines of TOML for the platform file."""
    from oceanco2.alignment import differ

    total = lags[0]
    if not total.found:
        return f"the lag cannot be estimated: {total.reason}"
    source = platform.variables.get("SST")
    current = source.lag_seconds if source is not None else 0.0
    lines = [
        f"# the platform file has lag_seconds = {current!r} for SST;"
        " for the variables of its stream:",
        f"lag_seconds = {total.rounded}   # +- {total.uncertainty:.1f} s"
        ' (or "auto": estimated in every run)',
    ]
    days = [lag for lag in lags[1:] if lag.found]
    if differ(days):
        lines += [
            "",
            "# the days differ significantly; dated lags between groups are an option,",
            '# with group = "intake" instead of lag_seconds for the sensors there',
            "[alignment]",
            'groups = ["intake", "equilibrator"]',
        ]
        lines += [line for lag in days for line in _dated(lag)]
    return "\n".join(lines)


def _dated(lag: Any) -> list[str]:
    middle = (lag.start + (lag.end - lag.start) / 2).astype("datetime64[s]")
    return [
        "[[alignment.lags]]",
        'from = "intake"',
        'to = "equilibrator"',
        f"time = {middle}Z",
        f"seconds = {lag.rounded}   # +- {lag.uncertainty:.1f}",
    ]


@cli.command("diagnose")
@click.argument("file")
@click.option(
    "--platform", help="Platform file that defines the columns; default: guessed."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def _diagnose(file: str, platform: str | None, as_json: bool) -> None:
    """Infer how the pCO2 and fCO2 of a delivered FILE were computed.

    Prints the recipe that reproduces them, how well, and anomalies: swapped columns, a
    different pressure, a missing temperature step, rows whose results do not follow
    from the inputs in the file.
    """
    from oceanco2.files import json_text
    from oceanco2.forensics import diagnose

    diagnosis = diagnose(file, platform)
    if as_json:
        echo(json_text({"file": file} | diagnosis.to_dict()))
    else:
        echo(f"{file}: {diagnosis.text()}")
