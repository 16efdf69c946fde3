"""Commands that look at data and change nothing: summary, lags, diagnose."""

from typing import Any

import click

from oceanco2.cli.group import cli, echo_table


@cli.command("summary")
@click.argument("dataset")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--figure", help="Overview picture to write as well (png, pdf, svg).")
@click.option("--against", multiple=True, help="File to look for crossovers in.")
def _summary(
    dataset: str, as_json: bool, figure: str | None, against: tuple[str, ...]
) -> None:
    """Say what a processed DATASET holds, how good it is, and which flag it may get.

    Coverage, ranges, flags, tests, standards, warming, SOCAT's criteria A to E with
    what holds and what fails, and the data set flag that follows.
    """
    import json

    from oceanco2.crossovers import is_crossed
    from oceanco2.export import open_dataset
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.provenance import check_writable
    from oceanco2.summary import summary, summary_text

    if figure:
        check_suffix(figure)
    check_writable(figure)
    ds = open_dataset(dataset)
    crossed = is_crossed(ds, against) if against else None
    if as_json:
        click.echo(json.dumps({"file": dataset} | summary(ds, crossed), indent=2))
    else:
        click.echo(summary_text(ds, crossed))
    if figure:
        save_overview(ds, figure)


@cli.command("figure")
@click.argument("dataset")
@click.option(
    "--kind",
    default="overview",
    show_default=True,
    help="overview, series, standards, warming, map, track or property.",
)
@click.option("--variable", "names", multiple=True, help="What to draw; repeat it.")
@click.option("-o", "--output", required=True, help="png, pdf or svg to write.")
@click.option("--dpi", type=float, default=150.0, show_default=True)
def _figure(
    dataset: str, kind: str, names: tuple[str, ...], output: str, dpi: float
) -> None:
    """Draw a processed DATASET: flags, standards, warming, one variable over another.

    Example: `oceanco2 figure out.nc --kind property --variable SST --variable salinity
    -o t_s.png`.
    """
    from oceanco2.export import open_dataset
    from oceanco2.figures import check_kind, check_suffix, figure, save_figure
    from oceanco2.provenance import check_writable

    check_suffix(output)
    check_kind(kind, names)
    check_writable(output)
    save_figure(figure(open_dataset(dataset), kind, *names), output, dpi)
    click.echo(f"{output}: written")


@cli.command("lags")
@click.argument("platform")
@click.argument("raw", nargs=-1, required=True)
def _lags(platform: str, raw: tuple[str, ...]) -> None:
    """Find how much earlier the water passes the intake than the equilibrator.

    By the correlation of the two temperatures, of all data and day by day. Nothing is
    changed: the last lines are for the platform file.
    """
    from oceanco2.alignment import lags
    from oceanco2.platforms import load
    from oceanco2.readers import read

    loaded = load(platform)
    found = lags(read(loaded, list(raw)), loaded)
    head = ("from", "to", "lag [s]", "+-", "correlation", "points", "remark")
    echo_table(head, [_row(lag) for lag in found])
    click.echo(f"\n{_advice(found, loaded)}")


def _row(lag: Any) -> tuple[str, ...]:
    period = [str(moment.astype("datetime64[m]")) for moment in (lag.start, lag.end)]
    numbers = (f"{lag.seconds:.1f}", f"{lag.uncertainty:.1f}", f"{lag.correlation:.3f}")
    return (*period, *numbers, f"{lag.pairs:,}", lag.reason or "-")


def _advice(found: list[Any], platform: Any) -> str:
    """Say in lines of TOML what could stand in the platform file."""
    from oceanco2.alignment import differ

    whole = found[0]
    if not whole.found:
        return f"no lag can be told: {whole.reason}"
    source = platform.variables.get("SST")
    said = source.lag_seconds if source is not None else 0.0
    lines = [
        f"# the platform file says lag_seconds = {said!r} for SST; for the variables of"
        " its stream:",
        f"lag_seconds = {whole.rounded}   # +- {whole.uncertainty:.1f} s"
        ' (or "auto": found again in every run)',
    ]
    days = [lag for lag in found[1:] if lag.found]
    if differ(days):
        lines += [
            "",
            "# the days differ by more than chance: or dated lags between groups, with",
            '# group = "intake" for the sensors there instead of lag_seconds',
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
@click.option("--platform", help="Says what the columns are; else they are guessed.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def _diagnose(file: str, platform: str | None, as_json: bool) -> None:
    """Say how the published pCO2 and fCO2 of a delivered FILE were computed.

    Which recipe reproduces them, how well, and what is odd: swapped columns, another
    pressure, a missing temperature step, rows whose inputs are not the printed ones.
    """
    import json

    from oceanco2.diagnosis import diagnose

    found = diagnose(file, platform)
    if as_json:
        click.echo(json.dumps({"file": file} | found.to_dict(), indent=2))
    else:
        click.echo(f"{file}: {found.text()}")
