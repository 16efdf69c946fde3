"""Small upload files from a few parameters."""

HEAD = "Expocode: ZZ9920240301\nVessel Name: Synthetic\nPIs: Nobody, N.\n"
NAMES = (
    *("Year", "Month", "Day", "Hour", "Minute", "Second"),
    *("Longitude [deg E]", "Latitude [deg N]", "fCO2_water_SST_wet [uatm]"),
)


def row(minute=0, **changes):
    """One good row; names of columns without unit give other cells."""
    cells = {name.split(" ")[0]: cell for name, cell in zip(NAMES, _GOOD, strict=True)}
    cells["Minute"] = str(minute)
    return list((cells | changes).values())


_GOOD = ("2024", "3", "1", "6", "0", "0", "10.00000", "-30.00000", "366.638")


def upload(rows=None, names=NAMES, head=HEAD, mark="\t", end="\n"):
    """An upload file; two good rows if no others are given."""
    rows = [row(0), row(1)] if rows is None else rows
    lines = [mark.join(names), *map(mark.join, rows)]
    return head.replace("\n", end) + "".join(f"{line}{end}" for line in lines)
