"""Commands about flags: reasons, templates, manual flags, audit trail."""

from pathlib import Path
from typing import Any

import click

from oceanco2.cli.group import Commands, cli, echo, echo_table, out_option
from oceanco2.errors import OptionError

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@cli.group("flags", cls=Commands)
def flags() -> None:
    """Explain, prepare, apply, audit and compare flags."""


@flags.command("template")
@click.argument("dataset")
@click.option("-o", "--output", help="CSV to write; printed by default.")
@click.option(
    "--variable",
    "variables",
    multiple=True,
    help="Only flags of this variable; may be given more than once.",
)
def _template(dataset: str, output: str | None, variables: tuple[str, ...]) -> None:
    """List the flagged values of a processed DATASET for a manual decision.

    Remove the # of a line to confirm its flag, and change the flag to overrule it;
    then pass the CSV to `oceanco2 process --manual` or `oceanco2 flags apply`.
    """
    from oceanco2.export import open_dataset
    from oceanco2.files import check_suffix, check_writable, writing
    from oceanco2.qc import manual_template

    check_writable(output)
    check_suffix(output, (".csv", ".txt"), "CSV")
    text = manual_template(open_dataset(dataset), variables)
    if output is None:
        echo(text, nl=False)
        return
    with writing(output) as temporary:
        temporary.write_text(text, encoding="utf-8")
    echo(f"{output}: {text.count(chr(10)) - 1:,} flagged values to review")


@flags.command("apply")
@click.argument("dataset")
@click.argument("manual")
@out_option
@click.option("--platform", help="Platform file of the dataset, if not a shipped one.")
def _apply(dataset: str, manual: str, output: str, platform: str | None) -> None:
    """Apply manual flags from a CSV to a processed DATASET.

    The result goes into a new file. Earlier manual flags are kept; where two entries
    apply to one value, the later one counts.
    """
    from oceanco2.export import open_dataset, write
    from oceanco2.files import check_writable
    from oceanco2.pipeline import apply_flags
    from oceanco2.qc import audit

    check_writable(output)
    ds = apply_flags(open_dataset(dataset), manual, platform)
    write(ds, output, format="netcdf")
    echo(f"{output}: {len(audit(ds)['entries']):,} manual flag entries")


@flags.command("audit")
@click.argument("dataset")
@json_option
def _audit(dataset: str, as_json: bool) -> None:
    """Show the audit trail of manual flags in a DATASET."""
    from oceanco2.export import open_dataset
    from oceanco2.files import json_text
    from oceanco2.qc import audit, audit_text

    ds = open_dataset(dataset)
    if as_json:
        echo(json_text({"file": dataset} | audit(ds)))
    else:
        echo(audit_text(ds))


@flags.command("diff")
@click.argument("a")
@click.argument("b")
@click.option(
    "--layer",
    default="effective",
    show_default=True,
    help="Flags to compare: effective, automatic or manual.",
)
@json_option
def _diff(a: str, b: str, layer: str, as_json: bool) -> None:
    """Compare the flags of A and B: netCDF files or CSV files of flags."""
    from oceanco2.files import json_text
    from oceanco2.qc import differences

    result = differences(_open(a), _open(b), layer)
    if as_json:
        echo(json_text({"a": a, "b": b} | result.to_dict()))
    else:
        echo(f"A: {a}\nB: {b}\n{result.text()}")


def _open(path: str) -> Any:
    """Open a dataset or a CSV of manual flags, judging by the first bytes."""
    from oceanco2.export import open_dataset
    from oceanco2.files import reading
    from oceanco2.qc import read_manual

    with reading(path), Path(path).open("rb") as file:
        signature = file.read(4)
    is_netcdf = signature[:3] == b"CDF" or signature == b"\x89HDF"
    return open_dataset(path) if is_netcdf else read_manual(path)


@flags.command("list")
@click.argument("dataset")
@click.option("--variable", help="Only this variable; all flagged ones by default.")
@click.option("--missing", is_flag=True, help="Include missing values (flag 9).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def _list(
    dataset: str, variable: str | None, missing: bool, as_csv: bool, as_json: bool
) -> None:
    """List why each value is flagged: time, flag, check, threshold and value.

    For a computed value, the inputs that caused its flag are named.
    """
    if as_csv and as_json:
        raise OptionError("--csv or --json, not both")
    from oceanco2.export import open_dataset
    from oceanco2.qc import explain

    table = explain(open_dataset(dataset), variable, (3, 4, 9) if missing else (3, 4))
    table["time"] = [moment.isoformat() + "Z" for moment in table["time"]]
    if as_csv:
        echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    elif as_json:
        echo(table.to_json(orient="records", indent=1, double_precision=15))
    else:
        rows = [[_text(cell) for cell in row] for row in table.to_numpy().tolist()]
        echo_table(tuple(table.columns), rows)


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return "-" if cell != cell else f"{cell:.7g}"  # noqa: PLR0124  (NaN)
    return str(cell)
