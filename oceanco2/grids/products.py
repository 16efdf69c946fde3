"""Cells, times, names of the products (docs/socat-rules.md#gridded-products)."""

from dataclasses import dataclass

import numpy as np

from oceanco2.errors import OptionError, UnknownNameError

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
    if name not in PRODUCTS:
        raise UnknownNameError("gridded product", name, PRODUCTS)
    return PRODUCTS[name]
