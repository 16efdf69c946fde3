"""Logs of the General Oceanics 8050 pCO2 system (tab-separated, one row a sample)."""

import numpy as np

from oceanco2.errors import OptionError, ReadError, did_you_mean
from oceanco2.platforms import FileDefinition, Platform
from oceanco2.readers.delimited import read_table, time_columns
from oceanco2.readers.entries import READERS, Column, Reader, Wanted
from oceanco2.readers.numbers import to_numbers
from oceanco2.readers.sources import Source
from oceanco2.readers.table import RawTable, decode, split_lines
from oceanco2.readers.times import day_first, joined, parse, read_times

_CLOCKS = {"pc": ("PC Date", "PC Time"), "gps": ("GPS date", "gps time")}
_RUNS = {
    "EQU": "water",
    "ATM": "air",
    "STD*": "standard",
    "STD*z": "zero",
    "STD*s": "span",
    "*-DRAIN": "same",
    "EMERGENCY STOP": "ignored",
    "GO TO SLEEP": "ignored",
    "IGN": "ignored",
    "SHUT DOWN": "ignored",
    "WAKE UP": "ignored",
    "FILTER": "ignored",
}


def _table(definition: FileDefinition, source: Source, wanted: Wanted) -> RawTable:
    """Find the header line, wherever it stands, then read as any table."""
    text, _ = decode(source.content(), definition.encoding, source.name)
    heads = [[n.strip().lower() for n in x.split("\t")] for x in split_lines(text)]
    starts = [i for i, h in enumerate(heads) if "type" in h and "pc date" in h]
    if not starts:
        raise ReadError(
            f"{source.name}: is no General Oceanics log: no tab-separated header line"
            f" with 'Type' and 'PC Date'; it starts {text[:60]!r}"
        )
    header = definition.header.model_copy(update={"skip": starts[0], "until": None})
    found = definition.model_copy(update={"header": header, "separator": "tab"})
    return read_table(found, source, wanted)


def _clock(definition: FileDefinition) -> tuple[str, str]:
    """Columns of the clock that rules (``options = { clock = "gps" }``)."""
    unknown = set(definition.options) - {"clock"}
    if unknown:
        hint = did_you_mean(min(unknown), ["clock"])
        raise OptionError(f"general_oceanics: no option {min(unknown)!r}.{hint}")
    clock = str(definition.options.get("clock", "pc"))
    if clock not in _CLOCKS:
        hint = did_you_mean(clock, _CLOCKS)
        raise OptionError(f"general_oceanics: clock {clock!r} is not pc or gps.{hint}")
    return _CLOCKS[clock]


def _times(
    definition: FileDefinition, column: Column, where: str
) -> tuple[np.ndarray, list[str]]:
    """Read the ruling clock; all dates together decide between day and month first.

    The computer's clock rules by default: it is in every row, also without satellites.
    """
    if definition.time is not None:
        return read_times(definition.time, column, f"{where}.time"), []
    dates, clock = (column(name) for name in _clock(definition))
    dates = np.array([d if d.strip("/. ") else "" for d in dates], dtype=object)
    plain = np.array(
        [d.replace(".", "/").replace("-", "/") for d in dates], dtype=object
    )
    try:
        first, note = day_first(plain)
    except ReadError as error:
        raise ReadError(f"{where}: {error}") from None
    order = "%d/%m" if first else "%m/%d"
    ways = [f"{order}/{year} %H:%M:%S" for year in ("%Y", "%y")]
    ways.append("%Y/%m/%d %H:%M:%S")
    # Years with two and four digits may stand in one log: each row its own.
    times = np.full(plain.shape, np.datetime64("NaT", "ms"))
    texts = joined([plain, clock])
    for way in ways:
        rest = np.isnat(times)
        if rest.any():
            times[rest] = parse(texts[rest], [way])
    if times.size and np.isnat(times).all():
        raise ReadError(f"{where}: no time can be read, the first says {texts[0]!r}")
    return times.astype("datetime64[ns]"), [f"{where}: {note}"] if note else []


def _time_columns(definition: FileDefinition) -> list[str]:
    return time_columns(definition) or list(_clock(definition))


def _inspect(
    platform: Platform, column: Column, labels: np.ndarray, standards: np.ndarray
) -> list[str]:
    """Compare the operator's ``std val`` with the platform file."""
    try:
        typed = to_numbers(column("std val"))[0]
    except ReadError:
        return []
    notes = []
    for index, standard in enumerate(platform.standards):
        here = (standards == index) & np.isfinite(typed)
        off = here & (np.abs(typed - standard.xCO2) > 0.02 * max(standard.xCO2, 1.0))
        if off.any():
            shown = ", ".join(f"{v:g}" for v in np.unique(typed[off])[:3])
            notes.append(
                f"run {labels[off][0]}: 'std val' is {shown} in {off.sum()} of"
                f" {here.sum()} rows, the platform file says {standard.xCO2:g}"
                " (the platform file is used)"
            )
    return notes


READERS.add(
    "general_oceanics",
    Reader(
        name="general_oceanics",
        description="raw log of the General Oceanics 8050 pCO2 system",
        proven=True,
        table=_table,
        times=_times,
        time_columns=_time_columns,
        run_columns=("Type",),
        runs=_RUNS,
        short_rows={k for k, v in _RUNS.items() if v == "ignored"},
        position={"latitude": "latitude", "longitude": "longitude"},
        inspect=_inspect,
    ),
)
