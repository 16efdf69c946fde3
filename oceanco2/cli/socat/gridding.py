"""The command that grids."""

from typing import Any

import click

from oceanco2.cli.group import out_option
from oceanco2.cli.socat.group import socat
from oceanco2.cli.socat.selecting import for_reading, reading_options, tell_lines


@socat.command("grid")
@click.argument("files", nargs=-1, required=True)
@out_option
@click.option(
    "--product",
    default="monthly",
    show_default=True,
    help="monthly, yearly, decadal (1 degree) or coastal (0.25 degree, monthly).",
)
@click.option("--csv", "text", help="Text dump to write as well.")
@click.option("--figure", help="Maps to write as well (png, pdf, svg).")
@click.option("--variable", help="Variable of the lower map, if not mean fCO2.")
@click.option(
    "--duplicates",
    default="once",
    show_default=True,
    help="Whether exact duplicates count once, or all.",
)
@click.option(
    "--recomputed", is_flag=True, help="fCO2rec computed again, not as given."
)
@click.option("--name", help="Beginning of the title, for example SOCATv2026.")
@reading_options
def _grid(
    *,
    files: tuple[str, ...],
    output: str,
    product: str,
    text: str | None,
    figure: str | None,
    variable: str | None,
    duplicates: str,
    recomputed: bool,
    name: str | None,
    **options: Any,
) -> None:
    """Gridded product, as SOCAT makes them, from FILES.

    FILES are given out by SOCAT (synthesis, regional, single data sets) or processed
    data sets (out.nc). Counts, means with equal weight of data sets or of
    observations, extremes and deviations of fCO2, SST and salinity; no interpolation.
    Without --flags and --woce: data sets A to D and fCO2 with flag 2, as SOCAT's.
    """
    from oceanco2.errors import OptionError
    from oceanco2.figures import check_suffix, save_grid_map
    from oceanco2.gridding import grid_and_report
    from oceanco2.grids import write_grid, write_grid_text
    from oceanco2.provenance import check_apart, check_writable
    from oceanco2.synthesis.stores import suffix_of

    problems = options["problems"]
    check_apart(files, output, text, figure, problems)
    check_writable(output, text, figure)
    suffix_of(output, (".nc", ".nc4"))
    if figure:
        check_suffix(figure)
    elif variable:
        raise OptionError("--variable is that of a map: give --figure as well")
    chosen = _choice(options, duplicates, recomputed)
    ds, report = grid_and_report(files, product, chosen, name, **for_reading(options))
    tell_lines(report, problems)
    if figure:
        save_grid_map(ds, figure, variable)
    if text:
        write_grid_text(ds, text)
    write_grid(ds, output)
    click.echo(_told(ds.attrs, output))


def _choice(options: dict[str, Any], duplicates: str, recomputed: bool) -> Any:
    """Take the flags out of the options: rows without them are counted."""
    from oceanco2.gridding import Choice
    from oceanco2.synthesis.selecting import selection

    given = {"flags": options.pop("flags"), "woce": options.pop("woce")}
    checked = selection(**given)
    flags = "ABCD" if checked.flags is None else "".join(sorted(checked.flags))
    woce = (2,) if checked.woce is None else tuple(sorted(checked.woce))
    return Choice(flags, woce, duplicates, recomputed)


def _told(attrs: dict[str, Any], output: str) -> str:
    """Say what the product holds and what is not in it."""
    import json

    left_out = json.loads(attrs["rows_left_out"])
    said = ", ".join(f"{why}: {count:,}" for why, count in left_out.items())
    return (
        f"{output}: {attrs['title']}\n"
        f"  {attrs['rows_gridded']:,} observations of {attrs['data_sets_gridded']:,}"
        f" data sets in {attrs['cells_with_data']:,} cells and periods\n"
        f"  left out: {said or 'none'}"
    )
