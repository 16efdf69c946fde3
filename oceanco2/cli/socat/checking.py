"""Commands that check: the dashboard's rules, crossovers."""

import click

from oceanco2.cli.socat.group import socat


@socat.command("crossovers")
@click.argument("files", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("-o", "--output", help="File to write; else it is printed.")
def _crossovers(files: tuple[str, ...], as_json: bool, output: str | None) -> None:
    """Find where the data sets of FILES meet: below 80 km, a day counted as 30 km.

    FILES are processed netCDF, SOCAT upload files, files that SOCAT gives out, or
    tables with longitude, latitude, time, SST and fCO2rec. Only good values count.
    """
    import json

    from oceanco2.crossovers import find_crossovers
    from oceanco2.provenance import check_writable, whole_file

    check_writable(output)
    found = find_crossovers(files)
    text = json.dumps(found.to_dict(), indent=2) if as_json else found.text()
    if output is None:
        click.echo(text)
        return
    with whole_file(output) as temporary:
        temporary.write_text(f"{text}\n", encoding="utf-8")
    click.echo(f"{output}: {len(found.crossovers):,} crossovers")
