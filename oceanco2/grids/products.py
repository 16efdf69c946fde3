"""Products, their cells and times (docs/socat-rules.md#gridded-products)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from xarray.backends import BackendArray
from xarray.core import indexing

from oceanco2.errors import OptionError, choose_name

#: First year of the products, and the year after the last possible one.
FIRST_YEAR, END_YEAR = 1970, 2100
MONTHS = 12 * (END_YEAR - FIRST_YEAR)


@dataclass(frozen=True, slots=True)
class Product:
    """Resolution, names and dimensions of a gridded product."""

    name: str
    step: float
    months: int
    time: str
    epoch: str
    prefix: str
    suffix: str
    title: str
    file: str

    @property
    def rows(self) -> int:
        """Return the number of cells from pole to pole."""
        return round(180 / self.step)

    @property
    def columns(self) -> int:
        """Return the number of cells around the globe."""
        return round(360 / self.step)

    @property
    def coastal(self) -> bool:
        """Return whether the product has only cells near land."""
        return bool(self.prefix)

    @property
    def latitude(self) -> np.ndarray:
        """Return the centres of the cells, south to north."""
        return (np.arange(self.rows) + 0.5) * self.step - 90.0

    @property
    def longitude(self) -> np.ndarray:
        """Return the centres of the cells, from 180 W eastward."""
        return (np.arange(self.columns) + 0.5) * self.step - 180.0

    def period(self, months: np.ndarray) -> np.ndarray:
        """Return the period of each month."""
        return months // self.months

    def bounds(self, count: int) -> np.ndarray:
        """Return start and end of the periods."""
        edges = np.arange(count + 1) * self.months
        days = (np.datetime64("1970-01", "M") + edges).astype("datetime64[D]")
        return np.stack([days[:-1], days[1:]], axis=1)


def _product(name: str, *values: object) -> tuple[str, Product]:
    return name, Product(name, *values)  # type: ignore[arg-type]


_TRACKS = "tracks_gridded"
PRODUCTS: dict[str, Product] = dict(
    (
        _product(
            *("monthly", 1.0, 1, "tmnth", "1970-01-01", "", ""),
            *("Monthly 1x1 degree gridded dataset", f"{_TRACKS}_monthly"),
        ),
        _product(
            *("yearly", 1.0, 12, "tyear", "1970-01-01", "", "_year"),
            *("Yearly 1x1 degree gridded dataset", f"{_TRACKS}_yearly"),
        ),
        _product(
            *("decadal", 1.0, 120, "tdecade", "1900-01-01", "", "_decade"),
            *("Decadal 1x1 degree gridded dataset", f"{_TRACKS}_decadal"),
        ),
        _product(
            *("coastal", 0.25, 1, "tmnth", "1970-01-01", "coast_", ""),
            "Coastal Monthly quarter-degree gridded dataset",
            "qrtrdeg_gridded_coast_monthly",
        ),
    )
)


def find_product(name: str) -> Product:
    """Return a product by its name.

    Parameters
    ----------
    name : str
        ``"monthly"``, ``"yearly"``, ``"decadal"`` or ``"coastal"``.

    Returns
    -------
    Product
        The product.

    Raises
    ------
    UnknownNameError
        If there is no product of that name.
    OptionError
        If the name is not a str.

    Examples
    --------
    >>> find_product("coastal").step
    0.25
    """
    if not isinstance(name, str):
        raise OptionError(f"product must be a name, not {name!r}")
    return PRODUCTS[choose_name("gridded product", name, PRODUCTS)]


COUNTED = ("cruises", "fco2", "sst", "salinity")
#: In the order of `statistics`.
KINDS = ("ave_weighted", "ave_unwtd", "min_unwtd", "max_unwtd")
DEVIATIONS = ("std_weighted", "std_unwtd")
_PER_VARIABLE = 6


@dataclass(frozen=True)
class Cells:
    """Statistics of each period and cell with observations."""

    period: np.ndarray
    cell: np.ndarray
    counts: np.ndarray
    averages: np.ndarray

    @classmethod
    def of_bins(cls, bins: np.ndarray, product: Product) -> "Cells":
        """Compute the statistics of every cell from the sums per data set."""
        from oceanco2.grids._kernels import COLUMNS, summarise

        order = np.argsort(bins[:, 0], kind="stable")
        keys = bins[order, 0]
        n = int(np.count_nonzero(np.diff(keys))) + 1
        counts, averages = np.empty((n, 4)), np.empty((n, COLUMNS), np.float32)
        keys = summarise(bins, order, counts, averages)
        month, cell = np.divmod(keys, product.rows * product.columns)
        monthly = cls(month, cell, counts, averages)
        return monthly if product.months == 1 else monthly._over_periods(product)

    def _over_periods(self, product: Product) -> "Cells":
        """Combine months: sum counts, average means, take extremes."""
        period = product.period(self.period)
        order = np.lexsort((self.period, self.cell, period))
        period, cell = period[order], self.cell[order]
        new = np.flatnonzero(np.diff(period) | np.diff(cell)) + 1
        first = np.concatenate([[0], new])
        counts = np.add.reduceat(self.counts[order], first, axis=0)
        averages = np.empty((first.size, 4 * 3), np.float32)
        for v in range(3):
            source = _PER_VARIABLE * v
            for k in range(2):
                monthly = self.averages[order, source + k].astype(np.float64)
                present = np.isfinite(monthly)
                total = np.add.reduceat(np.where(present, monthly, 0.0), first)
                months = np.add.reduceat(present.astype(np.int64), first)
                empty = np.full(first.size, np.nan)
                mean = np.divide(total, months, out=empty, where=months > 0)
                averages[:, 4 * v + k] = mean
            # fmin and fmax ignore months without the variable.
            for k, extreme in ((2, np.fmin), (3, np.fmax)):
                column = self.averages[order, source + k]
                averages[:, 4 * v + k] = extreme.reduceat(column, first)
        return Cells(period[first], cell[first], counts, averages)

    def column(self, count: int | None, average: int | None) -> np.ndarray:
        """Return the values of one count or average."""
        if count is not None:
            return self.counts[:, count]
        return self.averages[:, average]


class Dense(BackendArray):
    """A variable along time, latitude and longitude, filled on access."""

    def __init__(
        self, cells: Cells, values: np.ndarray, shape: tuple[int, int, int]
    ) -> None:
        self.cells, self.values, self.shape = cells, values, shape
        self.dtype = values.dtype

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        """Return a part of the array; called by xarray."""
        return indexing.explicit_indexing_adapter(
            key, self.shape, indexing.IndexingSupport.BASIC, self._part
        )

    def _part(self, key: tuple[int | slice, ...]) -> np.ndarray:
        picked = [np.arange(n)[k] for n, k in zip(self.shape, key, strict=True)]
        chosen = [np.atleast_1d(numbers) for numbers in picked]
        out = np.full([numbers.size for numbers in chosen], np.nan, self.dtype)
        shape = [np.size(numbers) for numbers in picked if np.ndim(numbers)]
        if not out.size:
            return out.reshape(shape)
        periods = chosen[0]
        begin = np.searchsorted(self.cells.period, periods.min())
        end = np.searchsorted(self.cells.period, periods.max(), side="right")
        window = slice(begin, end)
        cell = self.cells.cell[window]
        numbers = self.cells.period[window], *np.divmod(cell, self.shape[2])
        indices = [
            _positions(size, axis)[number]
            for size, axis, number in zip(self.shape, chosen, numbers, strict=True)
        ]
        inside = np.logical_and.reduce([index >= 0 for index in indices])
        out[tuple(index[inside] for index in indices)] = self.values[window][inside]
        return out.reshape(shape)


def _positions(size: int, chosen: np.ndarray) -> np.ndarray:
    """Return the position of each of `size` numbers among the chosen, -1 if absent."""
    out = np.full(size, -1)
    out[chosen] = np.arange(chosen.size)
    return out
