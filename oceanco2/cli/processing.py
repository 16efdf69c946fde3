"""Commands that write data: process, export, flux, demo, simulate."""

from pathlib import Path
from typing import Any

import click

from oceanco2.cli.group import cli, echo, out_option

Raw = tuple[str, ...]


@cli.command("process")
@click.argument("platform")
@click.argument("raw", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help="CF netCDF to write.")
@click.option("--socat", help="Also write a SOCAT upload file.")
@click.option("--figure", help="Also write an overview figure (png, pdf, svg).")
@click.option("--manual", help="CSV of manual flags.")
@click.option(
    "--strict", is_flag=True, help="Treat warnings about rows or standards as errors."
)
@click.option("--report", "report_file", help="Also write a JSON report of the run.")
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
    """Process raw files to calibrated and flagged fCO2.

    PLATFORM is a shipped name (see `oceanco2 platforms`) or the path of a TOML file;
    RAW are files, glob patterns, folders or zip files.
    """
    from oceanco2.export import write
    from oceanco2.export.formats.netcdf import SUFFIXES
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.files import check_suffix as check_suffix_of
    from oceanco2.files import check_writable, one_set, write_json
    from oceanco2.pipeline import process
    from oceanco2.platforms import load
    from oceanco2.socat.upload import socat_upload
    from oceanco2.socat.upload.options import SUFFIXES as SOCAT_SUFFIXES
    from oceanco2.socat.upload.options import check_platform
    from oceanco2.summary import run_report, summary_text

    # What is wrong with the outputs should be reported before hours of work.
    check_writable(output, socat, figure, report_file)
    check_suffix_of(output, SUFFIXES, "netCDF")
    check_suffix_of(socat, SOCAT_SUFFIXES["tab"], "a SOCAT upload file")
    check_suffix_of(report_file, (".json",), "JSON")
    if figure:
        check_suffix(figure)
    loaded = load(platform)
    if socat:
        check_platform(loaded)
    ds = process(loaded, raw, manual=manual, strict=strict)
    upload = socat_upload(ds) if socat else None
    account = upload.account() if upload else None
    with one_set(ds.attrs["run_id"]):
        written = [write(ds, output, format="netcdf")]
        if upload and socat:
            written.append(upload.write(socat))
        if figure:
            save_overview(_with_flux(ds), figure)
            written.append(Path(figure))
        if report_file:
            report = run_report(ds, written)
            write_json(report | ({"socat": account} if account else {}), report_file)
    echo(summary_text(ds))
    if account:
        echo(f"\n{socat}: {_upload_summary(account)}")


def _upload_summary(account: dict[str, Any]) -> str:
    """Describe a SOCAT upload file: rows, notes, findings of the upload checker."""
    skipped = (
        f"{count:,} {reason}" for reason, count in account["rows_left_out"].items()
    )
    lines = [f"{account['rows_written']:,} rows; skipped: {', '.join(skipped) or 0}"]
    lines += account["notes"]
    lines += [f"{count:,} x {what}" for what, count in account["findings"].items()]
    return "\n  ".join(lines)


def _with_flux(ds: Any) -> Any:
    """Add the flux for the figure, if wind and air are available."""
    from oceanco2.errors import ProcessingError
    from oceanco2.fluxes import flux

    try:
        return flux(ds)
    except ProcessingError:
        return ds


@cli.command("export")
@click.argument("dataset")
@click.option(
    "--format",
    "format_",
    required=True,
    help="Name of the format; see `oceanco2 formats`.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="NAME=VALUE",
    help="Option of the format; may be given more than once.",
)
@click.option("-o", "--output", required=True, help="File or folder to write.")
def _export(dataset: str, format_: str, options: tuple[str, ...], output: str) -> None:
    """Write a processed DATASET (out.nc) in another format.

    For a SOCAT upload file, the report of the upload checker is printed.
    """
    from oceanco2.export import FORMATS, open_dataset, write
    from oceanco2.files import check_writable
    from oceanco2.socat.upload import socat_upload

    pairs = dict(_split_pair(text) for text in options)
    entry = FORMATS[format_]
    format_options = {name: entry.parse(name, text) for name, text in pairs.items()}
    if entry.suffix != "/" and not Path(output).is_dir():
        check_writable(output)
    ds = open_dataset(dataset)
    path = write(ds, output, format=format_, **format_options)
    echo(f"{path}: written")
    if format_ == "socat":
        echo(_upload_summary(socat_upload(ds, **format_options).account()))


def _split_pair(text: str) -> tuple[str, str]:
    """Split NAME=VALUE."""
    from oceanco2.errors import OptionError

    name, sign, value = text.partition("=")
    if not sign or not name:
        raise OptionError(f"--option must be NAME=VALUE, not {text!r}")
    return name.strip(), value.strip()


@cli.command("flux")
@click.argument("dataset")
@out_option
@click.option(
    "--parametrisation",
    default="W14",
    show_default=True,
    help="Gas transfer velocity; see `oceanco2 transfer-velocities`.",
)
@click.option(
    "--scheme", default="bulk", show_default=True, help="Scheme: bulk or rapid."
)
@click.option(
    "--wind",
    help="Wind speed [m s-1]: number, netCDF or CSV; default: wind of the ship.",
)
@click.option(
    "--wind-height",
    type=float,
    help="Height of that wind above the sea [m]; default: 10, assumed.",
)
@click.option(
    "--xco2-air", help="xCO2 of dry air [umol mol-1]: number or NOAA MBL file."
)
@click.option("--ice", type=float, help="Fraction of the sea surface covered by ice.")
@click.option("--figure", help="Also write an overview figure.")
def _flux(
    *,
    dataset: str,
    output: str,
    parametrisation: str,
    scheme: str,
    wind: str | None,
    wind_height: float | None,
    xco2_air: str | None,
    ice: float | None,
    figure: str | None,
) -> None:
    """Compute air-sea CO2 fluxes of a processed DATASET, positive out of the ocean."""
    from oceanco2 import fluxes
    from oceanco2.export import open_dataset, write
    from oceanco2.export.formats.netcdf import SUFFIXES
    from oceanco2.figures import check_suffix, save_overview
    from oceanco2.files import check_suffix as check_suffix_of
    from oceanco2.files import check_writable, one_set
    from oceanco2.summary import summary_text

    check_writable(output, figure)
    check_suffix_of(output, SUFFIXES, "netCDF")
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
    _warn_of_range(result)
    with one_set(str(result.attrs.get("run_id", ""))):
        write(result, output, format="netcdf")
        if figure:
            save_overview(result, figure)
    echo(summary_text(result))


def _warn_of_range(ds: Any) -> None:
    """Warn if winds are higher than any that was measured with, or no row is usual."""
    import warnings

    from oceanco2.bits import TEST_BITS
    from oceanco2.errors import RangeWarning
    from oceanco2.fluxes.quality import HIGH_WIND
    from oceanco2.physics import TRANSFER_VELOCITIES

    valid = ds["flux_CO2"].notnull().to_numpy()
    outside = (
        ds["flux_CO2_tests"].to_numpy()[valid] & TEST_BITS["outside_formula"]
    ) > 0
    high = ds["wind_speed_10m"].to_numpy()[valid] > HIGH_WIND
    name = ds["flux_CO2"].attrs["method"]
    text = TRANSFER_VELOCITIES[name].valid_text
    if outside.size and outside.all():
        message = f"flux: no row is within the range of {name}, {text}"
    elif high.any():
        message = f"flux: {int(high.sum())} of {high.size} rows have winds above"
        message += f" {HIGH_WIND:g} m s-1; range of {name}: {text}"
    else:
        return
    warnings.warn(RangeWarning(message), stacklevel=2)


def _number_or_path(text: str | None) -> float | str | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


_days_option = click.option(
    "--days",
    type=float,
    default=3.0,
    show_default=True,
    help="Length of the cruise [days].",
)


def _seed_option(default: int) -> Any:
    return click.option(
        "--seed",
        type=int,
        default=default,
        show_default=True,
        help="Seed of the random numbers.",
    )


@cli.command("demo")
@click.option(
    "-o",
    "--output",
    default="oceanco2_demo",
    show_default=True,
    help="Folder for all files.",
)
@_days_option
@_seed_option(1)
def _demo(output: str, days: float, seed: int) -> None:
    """Simulate a cruise and process it: raw files, fCO2, flux, upload file, figure."""
    from oceanco2.demonstration import demo as run
    from oceanco2.summary import summary_text

    outputs = run(output, days=days, seed=seed)
    echo(summary_text(outputs.fluxes))
    echo("\nfiles written")
    for path in outputs.files:
        echo(f"  {path}")


@cli.command("simulate")
@click.argument("platform")
@_days_option
@_seed_option(0)
@click.option("-o", "--output", required=True, help="Folder for the raw files.")
@click.option(
    "--start", default="2024-03-01", show_default=True, help="First day (UTC)."
)
@click.option(
    "--noise/--no-noise", default=True, show_default=True, help="Noise of the sensors."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    help="Fault to simulate, or 'all'; may be given more than once.",
)
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
    """Write raw files of a simulated cruise and its true values."""
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
        echo(path)
