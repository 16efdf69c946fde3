"""The upload file of SOCAT: choose rows, describe the data set, write the table."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.expocode import expocode_of
from oceanco2.export.exporter import exporter
from oceanco2.export.rows import comments, usable_values
from oceanco2.socat.columns import UploadColumn, upload_columns
from oceanco2.socat.upload.enhanced import (
    EnhancedOptions,
    Records,
    records,
    write_report,
)
from oceanco2.socat.upload.options import Upload, UploadOptions, metadata_lines
from oceanco2.socat.upload.rows import Selection, select

__all__ = [
    "EnhancedOptions",
    "Records",
    "Upload",
    "UploadOptions",
    "records",
    "socat_upload",
    "write_report",
]

_BLOCK = 20_000


@exporter(
    "socat",
    description="upload file of SOCAT, text",
    suffix=".tsv",
    reference="doi:10.5194/essd-8-383-2016",
    options=UploadOptions,
)
def write_socat(ds: xr.Dataset, path: str | Path, **options: Any) -> None:
    """Write a SOCAT upload file."""
    socat_upload(ds, **options).write(path)


def socat_upload(ds: xr.Dataset, **options: Any) -> Upload:
    """Make a SOCAT upload file and count skipped rows by reason.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset with position and at least one CO2 result of sea water; its
        attributes state expocode (or platform code), platform and investigators.
    **options : Any
        Fields of `UploadOptions`.

    Returns
    -------
    Upload
        Text of the file, counts and notes.

    Raises
    ------
    OptionError
        If an option has an invalid value.
    ProcessingError
        If required content is missing; the message names it.
    """
    upload_options = UploadOptions(**options)
    notes: list[str] = []
    metadata = metadata_lines(ds, upload_options, notes)
    selection = select(
        ds,
        include_air=upload_options.include_air,
        include_bad=upload_options.include_bad,
    )
    table = _upload_values(ds, selection, notes)
    lines = [_quote(line, upload_options.mark) for line in metadata]
    lines += ["", upload_options.mark.join(column.header for column in table)]
    writer = _CellWriter(ds, selection, upload_options)
    for start in range(0, selection.rows.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        cells = [
            writer.cells(column, values, block) for column, values in table.items()
        ]
        lines += map(upload_options.mark.join, zip(*cells, strict=True))
    text = "\n".join([*lines, ""])
    rows = int(selection.rows.size)
    columns = tuple((column.header, column.variable) for column in table)
    return Upload(
        text, rows, selection.left_out, tuple(notes), upload_options.mark, columns
    )


def _quote(text: str, delimiter: str) -> str:
    """Quote text that contains the separator; it contains no quotes itself."""
    return f'"{text}"' if delimiter in text else text


def _upload_values(
    ds: xr.Dataset, selection: Selection, notes: list[str]
) -> dict[UploadColumn, np.ndarray]:
    """Columns with at least one value, and those that are always written."""
    columns = {}
    for column in upload_columns():
        if not column.variable:
            values = np.empty(0)
            is_written = selection.needs(column.type)
        elif column.variable in ("latitude", "longitude"):
            values = getattr(selection, column.variable)[selection.rows]
            is_written = True
        else:
            values = _values(ds, column, selection, notes)
            is_written = bool(np.isfinite(values).any())
        if is_written:
            columns[column] = values
    if not any(column.is_water_co2 for column in columns):
        raise ProcessingError(
            "no CO2 value of sea water in the rows that could be written: SOCAT needs"
            " at least one xCO2, pCO2 or fCO2 column"
        )
    return columns


def _values(
    ds: xr.Dataset, column: UploadColumn, selection: Selection, notes: list[str]
) -> np.ndarray:
    if column.variable not in ds.variables:
        return np.empty(0)
    values, value_notes = usable_values(ds, column.variable)
    notes.extend(f"{column.header}: {text}" for text in value_notes)
    values = values[selection.rows]
    return np.where(selection.written(column, values), values, np.nan)


class _CellWriter:
    """Convert rows of the dataset to cells, column by column."""

    def __init__(
        self, ds: xr.Dataset, selection: Selection, options: UploadOptions
    ) -> None:
        self.ds = ds
        self.selection = selection
        self.options = options
        self.expocode = expocode_of(ds)
        self.time = selection.time[selection.rows]
        milli = self.time.astype("int64") % 1000
        self.decimals = 3 if milli.any() else 0

    def cells(self, column: UploadColumn, values: np.ndarray, part: slice) -> list[str]:
        missing = self.options.missing
        if column.variable:
            return format_fixed(values[part], column.decimals, missing)
        if column.type == "expocode":
            return [self.expocode] * self.time[part].size
        if column.type == "second":
            seconds = (self.time - self.time.astype("datetime64[m]")).astype("int64")
            return format_fixed(seconds[part] / 1000, self.decimals)
        if "WOCE" not in column.type:
            return _time_cells(column.type, self.time[part])
        side = column.type.rpartition("_")[2]
        flags = self.selection.flags(side)[part]
        if column.type.startswith("comment"):
            return self._comments(side, self.selection.rows[part], flags)
        return [str(flag) if flag else missing for flag in flags.tolist()]

    def _comments(self, side: str, rows: np.ndarray, flags: np.ndarray) -> list[str]:
        cells = [""] * rows.size
        flagged = np.flatnonzero(flags >= 3)
        if flagged.size:
            names = self.selection.names(side)
            texts = comments(self.ds, rows[flagged], names)
            for index, text in zip(flagged.tolist(), texts, strict=True):
                cells[index] = _quote(text, self.options.mark)
        return cells


def format_fixed(values: np.ndarray, decimals: int, missing: str = "-999") -> list[str]:
    """Format numbers with a fixed number of decimals.

    Examples
    --------
    >>> format_fixed(np.array([380.12345, np.nan, -0.0001]), 3)
    ['380.123', '-999', '0.000']
    """
    half = 0.5 * 10.0**-decimals
    form = f"%.{decimals}f"
    # Exactly half a step is rounded by the format, to zero or to one step.
    rounded = np.where(np.abs(values) < half, 0.0, values)
    for index in np.flatnonzero(np.abs(values) == half):
        rounded[index] = float(form % values[index]) or 0.0
    numbers = rounded.tolist()
    return [form % x if x == x else missing for x in numbers]  # noqa: PLR0124


def _time_cells(part: str, time: np.ndarray) -> list[str]:
    """Return year, month, day, hour or minute of times as text."""
    if part == "year":
        return list(map(str, (time.astype("datetime64[Y]").astype("int64") + 1970)))
    unit, start_unit = {
        "month": ("M", "Y"),
        "day": ("D", "M"),
        "hour": ("h", "D"),
        "minute": ("m", "h"),
    }[part]
    values = time.astype(f"datetime64[{unit}]")
    start = values.astype(f"datetime64[{start_unit}]").astype(values.dtype)
    first = part in ("month", "day")
    return list(map(str, ((values - start).astype("int64") + first).tolist()))
