"""Command that lists why values are flagged."""

from typing import Any

import click

from oceanco2.cli.flags import flags
from oceanco2.cli.group import echo_table
from oceanco2.errors import OptionError


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
        click.echo(table.to_csv(index=False, lineterminator="\n"), nl=False)
    elif as_json:
        click.echo(table.to_json(orient="records", indent=1, double_precision=15))
    else:
        rows = [[_text(cell) for cell in row] for row in table.to_numpy().tolist()]
        echo_table(tuple(table.columns), rows)


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return "-" if cell != cell else f"{cell:.7g}"  # noqa: PLR0124  (NaN)
    return str(cell)
