"""Commands that make things: process, export, flux, demo, simulate."""

from pathlib import Path
from typing import Any

import click

from oceanco2.cli.group import cli, out_option

Raw = tuple[str, ...]


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
    from oceanco2.export import socat_upload, write
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.provenance import check_writable, write_json
    from oceanco2.summary import summary_text

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


@cli.command("export")
@click.argument("dataset")
@click.option("--format", "format_", required=True, help="See `oceanco2 formats`.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the format; may be given again.",
)
@click.option("-o", "--output", required=True, help="File or folder to write.")
def _export(dataset: str, format_: str, options: tuple[str, ...], output: str) -> None:
    """Write a processed DATASET (out.nc) in another format.

    Of a SOCAT upload file it is said what the dashboard would say of it.
    """
    from oceanco2.export import open_dataset, socat_upload, write

    said = dict(_named_value(text) for text in options)
    ds = open_dataset(dataset)
    path = write(ds, output, format=format_, **said)
    click.echo(f"{path}: written")
    if format_ == "socat":
        click.echo(_told(socat_upload(ds, **said).account()))


def _named_value(text: str) -> tuple[str, Any]:
    """Cut NAME=VALUE; true and false are truth values, the rest is text."""
    from oceanco2.errors import OptionError

    name, mark, value = text.partition("=")
    if not mark or not name:
        raise OptionError(f"--option {text!r} is not NAME=VALUE")
    truth = {"true": True, "false": False}
    return name.strip(), truth.get(value.strip().lower(), value.strip())


@cli.command("flux")
@click.argument("dataset")
@out_option
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
    from oceanco2.export import open_dataset, write
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.provenance import check_writable
    from oceanco2.summary import summary_text

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
    from oceanco2.demonstration import demo as run
    from oceanco2.summary import summary_text

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
