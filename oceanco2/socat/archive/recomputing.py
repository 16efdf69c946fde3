"""Recompute the recommended fCO2 of files and compare it with the published one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.errors import ReadError
from oceanco2.files import check_no_overwrite, check_writable
from oceanco2.physics.recommended import recommend
from oceanco2.socat.archive.excerpts import transfer, writer
from oceanco2.socat.archive.layout import TIME, Layout
from oceanco2.socat.archive.printing import Array
from oceanco2.socat.archive.reading import ArchiveReading, open_reading
from oceanco2.socat.archive.selection import selection
from oceanco2.socat.archive.store_reader import files_of
from oceanco2.socat.archive.store_writer import suffix_of
from oceanco2.socat.archive.table import ArchiveRows, decode_text
from oceanco2.socat.columns import ArchiveColumn

#: Columns of SOCAT in the order of the arguments of `fco2rec`.
INPUTS = (
    "SST",
    "Tequ",
    "sal",
    "WOA_SSS",
    "Pequ",
    "PPPP",
    "NCEP_SLP",
    "xCO2water_equ_dry",
    "xCO2water_SST_dry",
    "pCO2water_equ_wet",
    "pCO2water_SST_wet",
    "fCO2water_equ_wet",
    "fCO2water_SST_wet",
)
VALUE, NUMBER = "fCO2rec_oceanco2", "fCO2rec_src_oceanco2"
DIFFERENCE = "fCO2rec_difference_oceanco2"
#: Added columns, with more digits than SOCAT prints: differences are not rounding.
ADDED = (
    ArchiveColumn(
        VALUE,
        f"{VALUE} [uatm]",
        "number",
        "recommended fCO2, recomputed",
        units="uatm",
        decimals=8,
    ),
    ArchiveColumn(NUMBER, NUMBER, "integer", "algorithm, recomputed"),
    ArchiveColumn(
        DIFFERENCE,
        f"{DIFFERENCE} [uatm]",
        "number",
        "recomputed minus published fCO2rec",
        units="uatm",
        decimals=8,
    ),
)
_COMPARED = (*INPUTS, "fCO2rec", "fCO2rec_src", "Expocode")
_WHERE = (TIME, "longitude", "latitude")
#: Published values and their inputs have three decimals [uatm].
TOLERANCE = 0.001
_STEP, _STEPS = 1e-6, 100_000


@dataclass
class Agreement:
    """Agreement of recomputed with published values."""

    rows: int = 0
    src: Counter[int] = field(default_factory=Counter)
    compared: int = 0
    beyond: int = 0
    numbered: int = 0
    same: int = 0
    one_sided: int = 0
    largest: float = 0.0
    listed: int = 20
    differing: list[dict[str, Any]] = field(default_factory=list)
    _counts: Array = field(default_factory=lambda: np.zeros(_STEPS + 1, np.int64))

    def add(self, rows: ArchiveRows, results: dict[str, Array], file: str) -> None:
        """Add the differences of a chunk of rows."""
        self.rows += rows.size
        for number, count in enumerate(np.bincount(results[NUMBER], minlength=15)):
            self.src[number] += int(count)
        nan_values = np.zeros(rows.size, bool)
        difference = np.abs(results[DIFFERENCE])
        beyond = difference > TOLERANCE
        self.compared += int(np.count_nonzero(~np.isnan(difference)))
        self.beyond += int(np.count_nonzero(beyond))
        if rows.size:
            self.largest = max(self.largest, float(np.nanmax(difference, initial=0.0)))
        steps = np.minimum(difference[~np.isnan(difference)] / _STEP, _STEPS).astype(
            np.int64
        )
        self._counts += np.bincount(steps, minlength=_STEPS + 1)
        one_sided = other_algorithm = nan_values
        if "fCO2rec" in rows.numbers:
            one_sided = np.isnan(rows.numbers["fCO2rec"]) != np.isnan(results[VALUE])
            self.one_sided += int(np.count_nonzero(one_sided))
        if "fCO2rec_src" in rows.numbers:
            src = rows.numbers["fCO2rec_src"]
            other_algorithm = ~np.isnan(src) & (src != results[NUMBER])
            self.numbered += int(np.count_nonzero(~np.isnan(src)))
            self.same += int(np.count_nonzero(src == results[NUMBER]))
        self._list(rows, results, beyond | one_sided | other_algorithm, file)

    def _list(
        self, rows: ArchiveRows, results: dict[str, Array], mask: Array, file: str
    ) -> None:
        for i in np.flatnonzero(mask)[: self.listed - len(self.differing)].tolist():
            expocodes = rows.labels.get("Expocode")
            src = rows.numbers.get("fCO2rec_src")
            value = rows.numbers.get("fCO2rec")
            self.differing.append(
                {
                    "file": file,
                    "line": int(rows.lines[i]),
                    "expocode": ""
                    if expocodes is None
                    else decode_text(expocodes.labels[expocodes.codes[i]]),
                    "published": None if value is None else _float_or_none(value[i]),
                    "recomputed": _float_or_none(results[VALUE][i]),
                    "published_src": None if src is None else _float_or_none(src[i]),
                    "recomputed_src": int(results[NUMBER][i]),
                }
            )

    @property
    def median(self) -> float:
        """Return the median difference, rounded to 1e-6 uatm."""
        if not self.compared:
            return float("nan")
        half = np.searchsorted(np.cumsum(self._counts), (self.compared + 1) // 2)
        return float(half) * _STEP

    def as_dict(self) -> dict[str, Any]:
        """Return the agreement as a dict, for JSON."""
        share = self.same / self.numbered if self.numbered else None
        return {
            "rows": self.rows,
            "src": {str(n): c for n, c in sorted(self.src.items()) if c},
            "compared": self.compared,
            "max_difference": self.largest if self.compared else None,
            "median_difference": self.median if self.compared else None,
            "tolerance": TOLERANCE,
            "rows_beyond": self.beyond,
            "rows_with_one_value": self.one_sided,
            "src_compared": self.numbered,
            "src_same": self.same,
            "src_share": share,
            "rows_listed": self.differing,
        }


def _float_or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


@dataclass(frozen=True)
class Recomputer:
    """Recompute the rows of a chunk; can be used in several threads."""

    woa: str | None = None
    ncep: str | None = None
    from_pangaea: frozenset[str] = frozenset()

    def __call__(self, rows: ArchiveRows) -> dict[str, Array]:
        """Recompute rows."""
        nan_values = np.full(rows.size, np.nan)
        inputs = [self._input(rows, name, nan_values) for name in INPUTS]
        if rows.file in self.from_pangaea:
            inputs[11] = np.where(_repeats(inputs), np.nan, inputs[11])
        values, numbers = np.empty(rows.size), np.empty(rows.size, np.int8)
        recommend(inputs, values, numbers)
        published = rows.numbers.get("fCO2rec", nan_values)
        return {VALUE: values, NUMBER: numbers, DIFFERENCE: values - published}

    def _input(self, rows: ArchiveRows, name: str, nan_values: Array) -> Array:
        values = rows.numbers.get(name, nan_values)
        path = {"WOA_SSS": self.woa, "NCEP_SLP": self.ncep}.get(name)
        if path is None or rows.time is None:
            return np.ascontiguousarray(values)
        from oceanco2.fields.sampling import open_field

        sampled = open_field(path, "salinity" if name == "WOA_SSS" else "pressure")
        position = rows.numbers["latitude"], rows.numbers["longitude"]
        return np.where(np.isnan(values), sampled.at(rows.time, *position), values)


def recompute(
    paths: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    *,
    woa: str | Path | None = None,
    ncep: str | Path | None = None,
    listed: int = 20,
    strict: bool = False,
    encoding: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **filters: Any,
) -> dict[str, Any]:
    """Recompute the recommended fCO2 of files and compare it with the published one.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Enhanced files of SOCAT, or other data with the same column names.
    output : str or Path, optional
        File to write, .tsv, .csv, .nc, .parquet or .zarr: all columns of the files,
        ``fCO2rec_oceanco2``, ``fCO2rec_src_oceanco2`` and the difference.
    woa, ncep : str or Path, optional
        NetCDF with monthly salinity and with sea level pressure; the nearest sample is
        used for rows without WOA_SSS or NCEP_SLP.
    listed : int, default 20
        Largest number of differing rows to list.
    strict : bool, default False
        Whether the first line with a problem is an error.
    encoding : {"utf-8", "iso-8859-1"}, optional
        Encoding of texts; detected by default.
    workers : int, optional
        Number of threads; one per core by default. Results do not depend on it.
    progress : bool, optional
        Whether to show a progress bar; on a terminal by default.
    **filters
        Conditions that select rows, as for `read_socat`.

    Returns
    -------
    dict
        Rows of each algorithm, share of the same algorithm, differences [uatm],
        differing rows, and counts of the lines.

    Raises
    ------
    OptionError
        If an option is invalid.
    ReadError
        If a file cannot be read, or has no CO2 column.
    OutputError
        If the output is one of the files, or cannot be written.

    References
    ----------
    .. [1] Bakker et al. (2016), Earth Syst. Sci. Data 8, 383-413, table 6,
       doi:10.5194/essd-8-383-2016.
    """
    paths_read = files_of(paths)
    if output is not None:
        suffix_of(output)
        check_no_overwrite(
            [*paths_read, *(field for field in (woa, ncep) if field)], output
        )
        check_writable(output)
    reading = open_reading(
        paths_read,
        [] if output is None else None,
        also=[*_COMPARED, *(_WHERE if woa or ncep else ())],
        chosen=selection(**filters),
        encoding=encoding,
        strict=strict,
        workers=workers,
        progress=progress,
    )
    work = _recomputer(reading, woa, ncep)
    agreement = Agreement(listed=listed)
    target = nullcontext() if output is None else writer(output, reading, None, ADDED)
    with target as output_writer:
        for rows, result in transfer(reading, output_writer, work):
            agreement.add(rows, result, rows.file)
    missing = {layout.file.name: _missing_columns(layout) for layout in reading.layouts}
    return agreement.as_dict() | {"missing_columns": missing} | reading.info()


def _recomputer(
    reading: ArchiveReading, woa: str | Path | None, ncep: str | Path | None
) -> Recomputer:
    from oceanco2.fields.sampling import open_field

    for layout in reading.layouts:
        if not any(name in layout.fields for name in INPUTS[7:]):
            raise ReadError(
                f"{layout.file.name}, line {layout.file.line}: the header has none of"
                f" {', '.join(INPUTS[7:])}; recomputing needs at least one"
            )
        for option, path in (("--woa", woa), ("--ncep", ncep)):
            if path is None:
                continue
            if not layout.timed or not {"longitude", "latitude"} <= {*layout.numbers}:
                raise ReadError(
                    f"{layout.file.name}, line {layout.file.line}: {option} needs time,"
                    " longitude and latitude of each row"
                )
    for path, kind in ((woa, "salinity"), (ncep, "pressure")):
        if path is not None:
            open_field(str(path), kind)
    return Recomputer(
        str(woa) if woa else None, str(ncep) if ncep else None, pangaea_files(reading)
    )


def pangaea_files(reading: ArchiveReading) -> frozenset[str]:
    """Return the names of the files of PANGAEA."""
    return frozenset(file.name for file in reading.files if file.kind == "pangaea")


def _repeats(inputs: Sequence[Array]) -> Array:
    """Return where fCO2 is equal at two different temperatures, which is impossible."""
    return (inputs[11] == inputs[12]) & (inputs[0] != inputs[1])


def _missing_columns(layout: Layout) -> list[str]:
    return [name for name in INPUTS if name not in layout.fields]
