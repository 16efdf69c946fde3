"""Commands that list platforms, readers, models, checks, formats, parametrisations."""

from collections.abc import Iterable, Sequence
from typing import Any

import click

from oceanco2.cli.group import cli, echo, echo_table


def _echo_entries(
    head: Sequence[str], rows: Iterable[Sequence[str]], owners: Iterable[str]
) -> None:
    """Print a table of entries with the distributions of those not built in, if any."""
    table, names = list(rows), list(owners)
    if any(names):
        head = (*head, "distribution")
        table = [(*row, name or "-") for row, name in zip(table, names, strict=True)]
    echo_table(head, table)


def _owners(registry: Any) -> list[str]:
    return [registry.owner(name) for name in registry]


@cli.command("readers")
def _readers() -> None:
    """List the readers of raw files."""
    from oceanco2.readers import READERS

    _echo_entries(
        ("reader", "tested on real data", "what it reads"),
        [(n, "yes" if e.proven else "no", e.description) for n, e in READERS.items()],
        _owners(READERS),
    )


@cli.command("stations")
def _stations() -> None:
    """List the stations of the ICOS ocean network."""
    from oceanco2.platforms import stations

    rows = [
        (s.platform_code or "-", s.name, s.call_sign or "-", s.category, s.url)
        for s in stations()
    ]
    echo_table(("code", "name", "call sign", "category", "station"), rows)


@cli.command("models")
def _models() -> None:
    """List the calibration models, which turn instrument signals into CO2."""
    from oceanco2.calibration import MODELS

    rows = [(name, e.description, e.cite or "-") for name, e in MODELS.items()]
    _echo_entries(("model", "what it does", "source"), rows, _owners(MODELS))


@cli.command("checks")
@click.option(
    "--profile",
    default="default",
    show_default=True,
    help="Profile whose limits are listed.",
)
def _checks(profile: str) -> None:
    """List the quality control checks, the limits of a profile and the regions."""
    from oceanco2.qc import CHECKS, describe_checks

    head, *rows = describe_checks(profile)
    # Limits, profiles and regions follow the checks in the same table.
    owners = [CHECKS.owner(row[0]) if row[0] in CHECKS else "" for row in rows]
    _echo_entries(head, rows, owners)


@cli.command("formats")
def _formats() -> None:
    """List the export formats."""
    from oceanco2.export import FORMATS

    rows = [
        (n, e.suffix, e.description, ", ".join(e.options) or "-", e.reference)
        for n, e in FORMATS.items()
    ]
    head = ("format", "suffix", "what it is", "options", "reference")
    _echo_entries(head, rows, _owners(FORMATS))


@cli.command("parametrisations")
def _parametrisations() -> None:
    """List the formulas that can be chosen by name, with their DOIs."""
    from oceanco2 import physics

    rows, owners = [], []
    for registry in physics.REGISTRIES:
        owners += _owners(registry)
        for name, entry in registry.items():
            doi = f"doi:{entry.doi}" if entry.doi else "-"
            rows.append((registry.kind, name, doi))
    _echo_entries(("quantity", "name", "source"), rows, owners)


@cli.command("transfer-velocities")
@click.option(
    "--plot", help="Figure to write: k against wind speed for all parametrisations."
)
def _transfer_velocities(plot: str | None) -> None:
    """List the parametrisations of the gas transfer velocity."""
    from oceanco2 import physics

    rows = physics.describe_transfer_velocities()
    echo_table(rows[0], rows[1:])
    if plot:
        from oceanco2.figures import save_transfer_velocities

        save_transfer_velocities(plot)
        echo(f"{plot}: written")


@cli.command("platforms")
@click.argument("names", nargs=-1)
@click.option("-o", "--output", help="TOML file to write (only with `new`).")
def _platforms(names: tuple[str, ...], output: str | None) -> None:
    """List the platforms, or validate the NAMES given (shipped names or TOML files).

    `oceanco2 platforms new FILE...` drafts a platform file for undocumented raw
    files; entries to verify are marked CHECK.
    """
    import warnings

    from oceanco2.errors import OptionError
    from oceanco2.pipeline import check
    from oceanco2.platforms import available, load

    if names[:1] == ("new",):
        return _new(names[1:], output)
    if output:
        raise OptionError("-o is only valid with `platforms new`")
    rows = []
    doubts: list[Any] = []
    found: dict[str, str] = {}
    for name in names or sorted(available()):
        platform = load(name)
        if names:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                found[name] = check(platform)
            doubts += [warning.message for warning in caught]
        variables = str(len(platform.variables))
        code = platform.platform_code
        rows.append((name, platform.name, platform.kind, code, variables))
    echo_table(("platform", "name", "kind", "code", "variables"), rows)
    for doubt in doubts:
        warnings.warn(doubt, stacklevel=2)
    for name, text in found.items():
        if text != "valid":
            echo(f"{name}: {text}")
    if not doubts and {*found.values()} == {"valid"}:
        echo("valid")
    return None


def _new(raw: tuple[str, ...], output: str | None) -> None:
    """Write a draft platform file, or print it."""
    from pathlib import Path

    from oceanco2.errors import OptionError, OutputError
    from oceanco2.files import check_suffix, check_writable, writing
    from oceanco2.readers import draft_platform

    if not raw:
        raise OptionError("platforms new: give at least one raw file")
    check_suffix(output, (".toml",), "a platform file")
    if output and Path(output).exists():
        raise OutputError(
            f"{output}: already exists; a platform file is never overwritten"
        )
    text, entries = draft_platform(raw)
    if not output:
        echo(text)
        return
    check_writable(output)
    with writing(Path(output)) as temporary:
        temporary.write_text(text, encoding="utf-8")
    echo(f"{output}: written; {len(entries)} entries to check")
    for entry in entries:
        echo(f"  {entry}")
