"""The command that makes gridded products."""

from typing import Any

import click

from oceanco2.cli.group import echo, out_option, socat
from oceanco2.cli.socat.archive import echo_problems, reading_arguments, reading_options


@socat.command("grid")
@click.argument("files", nargs=-1, required=True)
@out_option
@click.option(
    "--product",
    default="monthly",
    show_default=True,
    help="monthly, yearly, decadal (1 degree) or coastal (monthly, 0.25 degree).",
)
@click.option("--csv", "text", help="Also write a text dump.")
@click.option("--figure", help="Also write maps (png, pdf, svg).")
@click.option("--variable", help="Variable of the lower map; mean fCO2 by default.")
@click.option(
    "--duplicates",
    default="once",
    show_default=True,
    help="How often exact duplicates count: once or all.",
)
@click.option(
    "--recomputed",
    is_flag=True,
    help="Use recomputed fCO2rec instead of the published one.",
)
@click.option("--name", help="Start of the title, for example SOCATv2026.")
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
    """Make a gridded product like those of SOCAT from FILES.

    FILES are published by SOCAT (synthesis, regional, single data sets) or processed
    (out.nc). The product has counts, means (each data set or each observation with
    equal weight), extremes and standard deviations of fCO2, SST and salinity, without
    interpolation. By default it uses data sets with flags A to D and fCO2 with WOCE
    flag 2, as SOCAT does; --flags and --woce change this.
    """
    from oceanco2.errors import OptionError
    from oceanco2.figures import check_suffix, save_grid_map
    from oceanco2.files import check_no_overwrite, check_once, check_writable, one_set
    from oceanco2.files import check_suffix as check_suffix_of
    from oceanco2.grids import write_grid
    from oceanco2.socat.archive.store_writer import suffix_of
    from oceanco2.socat.grid import grid_and_report
    from oceanco2.socat.grid.text import write_grid_text

    problems = options["problems"]
    check_once(files)
    check_no_overwrite(files, output, text, figure, problems)
    check_writable(output, text, figure)
    suffix_of(output, (".nc", ".nc4"))
    check_suffix_of(text, (".csv", ".txt", ".tsv"), "text")
    if figure:
        check_suffix(figure)
    elif variable:
        raise OptionError("--variable selects the variable of a map and needs --figure")
    choice = _choice(options, duplicates, recomputed)
    ds, report = grid_and_report(
        files, product, choice, name, **reading_arguments(options)
    )
    with one_set(str(ds.attrs.get("run_id", ""))):
        write_grid(ds, output)
        echo_problems(report, problems)
        if figure:
            save_grid_map(ds, figure, variable)
        if text:
            write_grid_text(ds, text)
    echo(_product_summary(ds.attrs, output))


def _choice(options: dict[str, Any], duplicates: str, recomputed: bool) -> Any:
    """Move the flags from the options to a Choice, which counts the rows it skips."""
    from oceanco2.socat.archive.selection import selection
    from oceanco2.socat.grid import Choice

    selected = selection(flags=options.pop("flags"), woce=options.pop("woce"))
    flags = "ABCD" if selected.flags is None else "".join(sorted(selected.flags))
    woce = (2,) if selected.woce is None else tuple(sorted(selected.woce))
    return Choice(flags, woce, duplicates, recomputed)


def _product_summary(attrs: dict[str, Any], output: str) -> str:
    """Describe the product: observations used and skipped."""
    import json

    counts = json.loads(attrs["rows_left_out"])
    skipped = ", ".join(f"{why}: {count:,}" for why, count in counts.items())
    return (
        f"{output}: {attrs['title']}\n"
        f"  {attrs['rows_gridded']:,} observations of {attrs['data_sets_gridded']:,}"
        f" data sets in {attrs['cells_with_data']:,} cells and periods\n"
        f"  skipped: {skipped or 0}"
    )
