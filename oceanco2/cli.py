"""Command line. Every command is a Python verb too; nothing is computed here.

Imports stand inside the commands, so that ``oceanco2 --help`` is quick.
"""

import os
import sys
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from oceanco2.errors import (
    OceanCO2Error,
    OceanCO2Warning,
    OptionError,
    did_you_mean,
)

Raw = tuple[str, ...]


class _Commands(click.Group):
    """Commands in the order of the work; a wrong one names the nearest."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            hint = did_you_mean(args[0], self.commands)
            known = ", ".join(self.commands)
            raise OptionError(f"no command named {args[0]!r}.{hint} Known: {known}.")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from oceanco2.provenance import package_version

        click.echo(f"oceanco2 {package_version()}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
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


_out = click.option("-o", "--output", required=True, help="File to write.")


@cli.command("process")
@click.argument("platform")
@click.argument("raw", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help="CF netCDF to write.")
@click.option("--socat", help="SOCAT upload file to write as well.")
@click.option("--figure", help="Overview picture to write as well (png, pdf, svg).")
@click.option("--manual", help="CSV of flags set by people.")
@click.option("--strict", is_flag=True, help="Doubts are errors.")
@click.option("--report", "report_file", help="JSON report of the run.")
def _process(
    *,
    platform: str,
    raw: Raw,
    output: str,
    socat: str | None,
    figure: str | None,
    manual: str | None,
    strict: bool,
    report_file: str | None,
) -> None:
    """Raw files to calibrated, flagged fCO2.

    PLATFORM is a shipped name (see `oceanco2 platforms`) or the path of a TOML file;
    RAW are files, globs, folders or zips.
    """
    from oceanco2 import pipeline
    from oceanco2.accessor import summary_text
    from oceanco2.export import socat_upload, write
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.provenance import check_writable, write_json

    # Find out about a missing folder before hours of work, not after.
    check_writable(output, socat, figure, report_file)
    if figure:
        check_suffix(figure)
    ds = pipeline.process(platform, raw, manual=manual, strict=strict)
    written = [write(ds, output, format="netcdf")]
    upload = socat_upload(ds) if socat else None
    if upload and socat:
        written.append(upload.write(socat))
    if figure:
        save_overview(_with_flux(ds), figure)
        written.append(Path(figure))
    account = upload.account() if upload else None
    if report_file:
        said = pipeline.report(ds, written) | ({"socat": account} if account else {})
        write_json(said, report_file)
    click.echo(summary_text(ds))
    if account:
        click.echo(f"\n{socat}: {_told(account)}")


def _told(account: dict[str, Any]) -> str:
    """Say what a SOCAT file holds and what the dashboard would say of it."""
    left = (f"{count:,} {reason}" for reason, count in account["rows_left_out"].items())
    lines = [f"{account['rows_written']:,} rows; left out: {', '.join(left) or 'none'}"]
    lines += account["notes"]
    lines += [f"{count:,} x {what}" for what, count in account["findings"].items()]
    return "\n  ".join(lines)


def _with_flux(ds: Any) -> Any:
    """Add the flux for the picture, where wind and air are known."""
    from oceanco2.errors import ProcessingError
    from oceanco2.fluxes import flux

    try:
        return flux(ds)
    except ProcessingError:
        return ds


@cli.command("platforms")
@click.argument("names", nargs=-1)
def _platforms(names: tuple[str, ...]) -> None:
    """List the platforms, or check those named (shipped names or TOML files)."""
    from oceanco2.pipeline import check
    from oceanco2.platforms import available, load

    rows = []
    for name in names or sorted(available()):
        platform = load(name)
        if names:
            check(platform)
        variables = str(len(platform.variables))
        code = platform.platform_code
        rows.append((name, platform.name, platform.kind, code, variables))
    _table(("platform", "name", "kind", "code", "variables"), rows)
    if names:
        click.echo("all right")


@cli.command("export")
@click.argument("dataset")
@click.option("--format", "format_", required=True, help="See `oceanco2 formats`.")
@_out
def _export(dataset: str, format_: str, output: str) -> None:
    """Write a processed DATASET (out.nc) in another format."""
    from oceanco2.export import open_dataset, write

    write(open_dataset(dataset), output, format=format_)
    click.echo(f"{output}: written")


@cli.command("flux")
@click.argument("dataset")
@_out
@click.option("--parametrisation", default="W14", show_default=True)
@click.option("--scheme", default="bulk", show_default=True, help="bulk or rapid.")
@click.option("--wind", help="Wind [m s-1]: a number, netCDF or CSV; else the ship's.")
@click.option("--wind-height", type=float, default=10.0, show_default=True)
@click.option("--xco2-air", help="Air [umol mol-1]: a number or a NOAA MBL file.")
@click.option("--ice", type=float, help="Fraction of the sea covered by ice.")
@click.option("--figure", help="Overview picture to write as well.")
def _flux(
    *,
    dataset: str,
    output: str,
    parametrisation: str,
    scheme: str,
    wind: str | None,
    wind_height: float,
    xco2_air: str | None,
    ice: float | None,
    figure: str | None,
) -> None:
    """Air-sea CO2 flux of a processed DATASET (out.nc), positive out of the ocean."""
    from oceanco2 import fluxes
    from oceanco2.accessor import summary_text
    from oceanco2.export import open_dataset, write
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.provenance import check_writable

    check_writable(output, figure)
    if figure:
        check_suffix(figure)
    result = fluxes.flux(
        open_dataset(dataset),
        parametrisation=parametrisation,
        scheme=scheme,
        wind=_number_or_path(wind),
        wind_height=wind_height,
        xco2_air=_number_or_path(xco2_air),
        ice=ice,
    )
    write(result, output, format="netcdf")
    if figure:
        save_overview(result, figure)
    click.echo(summary_text(result))


def _number_or_path(text: str | None) -> float | str | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


@cli.command("demo")
@click.option("-o", "--output", default="oceanco2_demo", show_default=True)
@click.option("--days", type=float, default=3.0, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def _demo(output: str, days: float, seed: int) -> None:
    """Simulate a cruise and run the main job on it."""
    from oceanco2.accessor import summary_text
    from oceanco2.demonstration import demo as run

    done = run(output, days=days, seed=seed)
    click.echo(summary_text(done.fluxes))
    click.echo("\nfiles written")
    for path in done.files:
        click.echo(f"  {path}")


@cli.command("simulate")
@click.argument("platform")
@click.option("--days", type=float, default=3.0, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("-o", "--output", required=True, help="Folder for the raw files.")
@click.option("--start", default="2024-03-01", show_default=True)
@click.option("--noise/--no-noise", default=True, show_default=True)
@click.option("--fault", "faults", multiple=True, help="Switch a fault on; or 'all'.")
def _simulate(
    *,
    platform: str,
    days: float,
    seed: int,
    output: str,
    start: str,
    noise: bool,
    faults: tuple[str, ...],
) -> None:
    """Write raw files of a cruise that never was, and the truth beside them."""
    from oceanco2.simulation import simulate as run

    cruise = run(
        platform,
        days=days,
        seed=seed,
        folder=output,
        start=start,
        noise=noise,
        faults=faults,
    )
    for path in cruise.files:
        click.echo(path)


@cli.command("readers")
def _readers() -> None:
    """List the readers of raw files."""
    from oceanco2.readers import READERS

    _table(
        ("reader", "proven on real data", "what it reads"),
        [(n, "yes" if e.proven else "no", e.description) for n, e in READERS.items()],
    )


@cli.command("checks")
def _checks() -> None:
    """List the quality control checks and the default limits."""
    from oceanco2.qc import describe_checks

    rows = describe_checks()
    _table(rows[0], rows[1:])


@cli.command("formats")
def _formats() -> None:
    """List the formats of export."""
    from oceanco2.export import EXPORTERS

    rows = [(n, e.suffix, e.description, e.reference) for n, e in EXPORTERS.items()]
    _table(("format", "suffix", "what it is", "reference"), rows)


@cli.command("parametrisations")
def _parametrisations() -> None:
    """List every formula that can be chosen by name, with its DOI."""
    from oceanco2 import physics

    rows = []
    for registry in physics.REGISTRIES:
        for name, entry in registry.items():
            doi = f"doi:{entry.doi}" if entry.doi else "-"
            rows.append((registry.kind, name, doi))
    _table(("quantity", "name", "source"), rows)


@cli.command("transfer-velocities")
@click.option("--plot", help="Draw k against wind for all into this file.")
def _transfer_velocities(plot: str | None) -> None:
    """List the gas transfer parametrisations."""
    from oceanco2 import physics

    rows = physics.describe_transfer_velocities()
    _table(rows[0], rows[1:])
    if plot:
        from oceanco2.figures import save_transfer_velocities

        save_transfer_velocities(plot)
        click.echo(f"{plot}: written")


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print columns as wide as they need to be."""
    lines = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


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
