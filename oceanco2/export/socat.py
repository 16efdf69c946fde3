"""SOCAT upload file: text that the dashboard takes without manual work.

What is written, and what is not:

* Rows with a CO2 value of sea water, or whose value was flagged 3 or 4, in order of
  time (equal times by longitude, then latitude, as the dashboard sorts). Rows of air
  only on request. Of rows with equal time and position the first.
* The measured quantities stand beside the results, so that SOCAT recomputes fCO2.
* A nominal value (a constant salinity, say) is not a measurement: it is left out.
  SOCAT then takes the wet pCO2 or the salinity of the World Ocean Atlas.
* A value that cannot be such a quantity (a pressure of zero) is written as missing;
  its row keeps its flag.
* Text is ASCII: accents are dropped, ``é`` is ``e`` and ``ø`` is ``o``.
"""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.export.columns import UploadColumn, upload_columns
from oceanco2.export.selection import Selection, select, usable_values
from oceanco2.export.upload import Upload, UploadOptions, metadata_lines
from oceanco2.export.woce import comments
from oceanco2.identity import expocode_of

_BLOCK = 20_000


def write_socat(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write a SOCAT upload file."""
    socat_upload(ds, **options).write(path)


def socat_upload(ds: xr.Dataset, **options: Any) -> Upload:
    """Make a SOCAT upload file and say what was left out and why.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position and at least one CO2 result of sea water; its
        attributes name the expocode (or platform code), platform and investigators.
    **options : Any
        Fields of `UploadOptions`.

    Returns
    -------
    Upload
        Text and account.

    Raises
    ------
    OptionError
        If an option has a value that it cannot have.
    ProcessingError
        If required content is missing; the message names it.
    """
    how = UploadOptions(**options)
    notes: list[str] = []
    head = metadata_lines(ds, how, notes)
    chosen = select(ds, include_air=how.include_air, include_bad=how.include_bad)
    table = _table(ds, chosen, notes)
    lines = [_quoted(line, how.mark) for line in head]
    lines += ["", how.mark.join(column.header for column in table)]
    fill = _Filler(ds, chosen, how)
    for start in range(0, chosen.rows.size, _BLOCK):
        part = slice(start, start + _BLOCK)
        cells = [fill.cells(column, values, part) for column, values in table.items()]
        lines += map(how.mark.join, zip(*cells, strict=True))
    text = "\n".join([*lines, ""])
    rows = int(chosen.rows.size)
    columns = tuple((column.header, column.variable) for column in table)
    return Upload(text, rows, chosen.left_out, tuple(notes), how.mark, columns)


def _quoted(text: str, mark: str) -> str:
    """Quote text that holds the separator; it holds no quotes itself."""
    return f'"{text}"' if mark in text else text


def _table(
    ds: xr.Dataset, chosen: Selection, notes: list[str]
) -> dict[UploadColumn, np.ndarray]:
    """Columns with at least one value, and those that always stand."""
    out = {}
    for column in upload_columns():
        if not column.variable:
            values = np.empty(0)
            kept = chosen.needs(column.type)
        elif column.variable in ("latitude", "longitude"):
            values = getattr(chosen, column.variable)[chosen.rows]
            kept = True
        else:
            values = _values(ds, column, chosen, notes)
            kept = bool(np.isfinite(values).any())
        if kept:
            out[column] = values
    if not any(column.is_water_co2 for column in out):
        raise ProcessingError(
            "no CO2 value of sea water in the rows that could be written: SOCAT needs"
            " at least one xCO2, pCO2 or fCO2 column"
        )
    return out


def _values(
    ds: xr.Dataset, column: UploadColumn, chosen: Selection, notes: list[str]
) -> np.ndarray:
    if column.variable not in ds.variables:
        return np.empty(0)
    values, said = usable_values(ds, column.variable)
    notes.extend(f"{column.header}: {text}" for text in said)
    values = values[chosen.rows]
    return np.where(chosen.written(column, values), values, np.nan)


class _Filler:
    """Turns rows of the dataset into cells, column by column."""

    def __init__(
        self, ds: xr.Dataset, chosen: Selection, options: UploadOptions
    ) -> None:
        self.ds = ds
        self.chosen = chosen
        self.options = options
        self.expocode = expocode_of(ds)
        self.time = chosen.time[chosen.rows]
        milli = self.time.astype("int64") % 1000
        self.decimals = 3 if milli.any() else 0

    def cells(self, column: UploadColumn, values: np.ndarray, part: slice) -> list[str]:
        missing = self.options.missing
        if column.variable:
            return fixed(values[part], column.decimals, missing)
        if column.type == "expocode":
            return [self.expocode] * self.time[part].size
        if column.type == "second":
            seconds = (self.time - self.time.astype("datetime64[m]")).astype("int64")
            return fixed(seconds[part] / 1000, self.decimals)
        if "WOCE" not in column.type:
            return _time_cells(column.type, self.time[part])
        side = column.type.rpartition("_")[2]
        flags = self.chosen.flags(side)[part]
        if column.type.startswith("comment"):
            return self._comments(side, self.chosen.rows[part], flags)
        return [str(flag) if flag else missing for flag in flags.tolist()]

    def _comments(self, side: str, rows: np.ndarray, flags: np.ndarray) -> list[str]:
        out = [""] * rows.size
        doubtful = np.flatnonzero(flags >= 3)
        if doubtful.size:
            names = self.chosen.names(side)
            said = comments(self.ds, rows[doubtful], names)
            for place, text in zip(doubtful.tolist(), said, strict=True):
                out[place] = _quoted(text, self.options.mark)
        return out


def fixed(values: np.ndarray, decimals: int, missing: str = "-999") -> list[str]:
    """Write numbers with a fixed number of decimals.

    Examples
    --------
    >>> fixed(np.array([380.12345, np.nan, -0.0001]), 3)
    ['380.123', '-999', '0.000']
    """
    half = 0.5 * 10.0**-decimals
    form = f"%.{decimals}f"
    # Just half a step is rounded as it is written, to zero or to one step.
    kept = np.where(np.abs(values) < half, 0.0, values)
    for place in np.flatnonzero(np.abs(values) == half):
        kept[place] = float(form % values[place]) or 0.0
    numbers = kept.tolist()
    return [form % x if x == x else missing for x in numbers]  # noqa: PLR0124


def _time_cells(part: str, time: np.ndarray) -> list[str]:
    """Year, month, day, hour or minute of times."""
    if part == "year":
        return list(map(str, (time.astype("datetime64[Y]").astype("int64") + 1970)))
    unit, above = {
        "month": ("M", "Y"),
        "day": ("D", "M"),
        "hour": ("h", "D"),
        "minute": ("m", "h"),
    }[part]
    whole = time.astype(f"datetime64[{unit}]")
    start = whole.astype(f"datetime64[{above}]").astype(whole.dtype)
    first = part in ("month", "day")
    return list(map(str, ((whole - start).astype("int64") + first).tolist()))
