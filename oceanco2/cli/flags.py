"""Commands about flags that people set."""

from pathlib import Path
from typing import Any

import click

from oceanco2.cli.group import Commands, cli, out_option

json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


@cli.group("flags", cls=Commands)
def flags() -> None:
    """Compare, prepare and read the flags of people."""


@flags.command("template")
@click.argument("dataset")
@click.option("-o", "--output", help="CSV to write; else it is printed.")
@click.option("--variable", "variables", multiple=True, help="Only its doubts.")
def _template(dataset: str, output: str | None, variables: tuple[str, ...]) -> None:
    """List the doubts of a processed DATASET that a person has to judge.

    Take the # of a line away to agree, change its flag to disagree; then give the CSV
    to `oceanco2 process --manual` or `oceanco2 flags apply`.
    """
    from oceanco2.export import open_dataset
    from oceanco2.provenance import whole_file
    from oceanco2.qc import manual_template

    text = manual_template(open_dataset(dataset), variables)
    if output is None:
        click.echo(text, nl=False)
        return
    with whole_file(output) as temporary:
        temporary.write_text(text, encoding="utf-8")
    click.echo(f"{output}: {text.count(chr(10)) - 1:,} doubts to be judged")


@flags.command("apply")
@click.argument("dataset")
@click.argument("manual")
@out_option
@click.option("--platform", help="Its platform file, where it is not shipped.")
def _apply(dataset: str, manual: str, output: str, platform: str | None) -> None:
    """Put the flags of a CSV over those of a processed DATASET, into a new file.

    What people said of it before stays; a later line wins.
    """
    from oceanco2.export import open_dataset, write
    from oceanco2.pipeline import judged
    from oceanco2.provenance import check_writable
    from oceanco2.qc import audit

    check_writable(output)
    ds = judged(open_dataset(dataset), manual, platform)
    write(ds, output, format="netcdf")
    click.echo(f"{output}: {len(audit(ds)['entries']):,} lines of people's flags")


@flags.command("audit")
@click.argument("dataset")
@json_option
def _audit(dataset: str, as_json: bool) -> None:
    """Say who flagged what in a DATASET, when, why, and over which automatic flags."""
    import json

    from oceanco2.export import open_dataset
    from oceanco2.qc import audit, audit_text

    ds = open_dataset(dataset)
    if as_json:
        click.echo(json.dumps({"file": dataset} | audit(ds), indent=2))
    else:
        click.echo(audit_text(ds))


@flags.command("diff")
@click.argument("a")
@click.argument("b")
@click.option(
    "--layer",
    default="effective",
    show_default=True,
    help="effective, automatic or manual.",
)
@json_option
def _diff(a: str, b: str, layer: str, as_json: bool) -> None:
    """Say which flags differ between A and B: netCDF files or CSV files of flags."""
    import json

    from oceanco2.qc import differences

    found = differences(_opened(a), _opened(b), layer)
    if as_json:
        click.echo(json.dumps({"a": a, "b": b} | found.to_dict(), indent=2))
    else:
        click.echo(f"A: {a}\nB: {b}\n{found.text()}")


def _opened(path: str) -> Any:
    """Open a dataset, or the flags of people: the first bytes tell which."""
    from oceanco2.errors import ReadError
    from oceanco2.export import open_dataset
    from oceanco2.qc import read_manual

    try:
        with Path(path).open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}") from None
    netcdf = head[:3] == b"CDF" or head == b"\x89HDF"
    return open_dataset(path) if netcdf else read_manual(path)
