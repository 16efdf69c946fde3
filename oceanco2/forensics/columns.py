"""Inputs and published results of a delivered table, and their printed digits."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

from oceanco2.units import EXACT_HPA_PER_MMHG, HPA_PER_ATM
from oceanco2.vocabulary import possible

#: Results of sea water, and their temperature.
WATER = {
    "pCO2_water_Tequ_wet": "T_equ",
    "fCO2_water_Tequ_wet": "T_equ",
    "pCO2_water_SST_wet": "SST",
    "fCO2_water_SST_wet": "SST",
}
#: Results of air, and the mole fraction they are computed from.
AIR = {
    "pCO2_atm_wet_actual": "xCO2_atm_dry_actual",
    "fCO2_atm_wet_actual": "xCO2_atm_dry_actual",
    "pCO2_atm_wet_interp": "xCO2_atm_dry_interp",
    "fCO2_atm_wet_interp": "xCO2_atm_dry_interp",
}
#: Possible sources of sea water results, best first.
SOURCES = (
    "xCO2_water_Tequ_dry",
    "xCO2_water_SST_dry",
    "xCO2_water_Tequ_wet",
    "xCO2_water_SST_wet",
    "pCO2_water_Tequ_wet",
    "fCO2_water_Tequ_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_SST_wet",
)
_OTHER_INPUTS = ("SST", "T_equ", "T_atm", "salinity", "P_equ", "P_atm")
_WATER_VAPOURS = ("xH2O_water", "xH2O_atm")
_DELIVERED = "_delivered"
_MOST_DECIMALS = 9


@dataclass(slots=True)
class Columns:
    """Arrays of a table, all of one length."""

    values: dict[str, np.ndarray]
    published: dict[str, np.ndarray]
    steps: dict[str, float]
    notes: list[str] = field(default_factory=list)

    def select(self, rows: np.ndarray | slice) -> "Columns":
        """Return selected rows."""
        return Columns(
            {name: v[rows] for name, v in self.values.items()},
            {name: v[rows] for name, v in self.published.items()},
            self.steps,
            self.notes,
        )

    def swapped(self, first: str, second: str) -> "Columns":
        """Return the table with two inputs swapped."""
        values, steps = dict(self.values), dict(self.steps)
        values[first], values[second] = values[second], values[first]
        steps[first], steps[second] = steps[second], steps[first]
        return Columns(values, self.published, steps, self.notes)


def columns_of(ds: xr.Dataset, read: Container[str] | None = None) -> Columns:
    """Collect inputs and published results; only columns that were read, if given."""
    values: dict[str, np.ndarray] = {}
    published: dict[str, np.ndarray] = {}
    notes: list[str] = []
    for name in (
        *SOURCES,
        *dict.fromkeys(AIR.values()),
        *_OTHER_INPUTS,
        *_WATER_VAPOURS,
    ):
        array = _finite_values(ds, name) if read is None or name in read else None
        if array is not None:
            values[name] = _to_canonical(name, array, notes)
    for name in (*WATER, *AIR):
        array = _finite_values(ds, name + _DELIVERED)
        if array is None and (read is None or name in read):
            array = _finite_values(ds, name)
        if array is not None:
            published[name] = values[name] = array
    steps = {name: printed_step(v) for name, v in (values | published).items()}
    values = {name: possible(name, v) for name, v in values.items()}
    return Columns(values, published, steps, notes)


def _finite_values(ds: xr.Dataset, name: str) -> np.ndarray | None:
    """Return the values of a variable as read; None if all are missing."""
    for key in (f"{name}_raw", name):
        if key in ds and np.isfinite(values := ds[key].to_numpy().astype(float)).any():
            return values
    return None


#: Units by range of the median, with factor to canonical units.
_PRESSURES = (
    ("atm", 0.5, 1.5, HPA_PER_ATM),
    ("inHg", 25.0, 33.0, 33.8638866667),
    ("kPa", 70.0, 120.0, 10.0),
    ("mmHg", 600.0, 799.0, EXACT_HPA_PER_MMHG),
    ("Pa", 7e4, 1.2e5, 0.01),
)
_FRACTIONS = (("mol mol-1", 5e-5, 5e-3, 1e6), ("mmol mol-1", 0.05, 5.0, 1e3))


def _to_canonical(name: str, values: np.ndarray, notes: list[str]) -> np.ndarray:
    """Convert values that are clearly in another unit, with a note."""
    middle = float(np.nanmedian(values))
    if name.startswith("P_"):
        table: Mapping = {row[0]: row for row in _PRESSURES}
    elif name.startswith("xCO2"):
        table = {row[0]: row for row in _FRACTIONS}
    elif name in ("SST", "T_equ", "T_atm") and middle > 200.0:
        notes.append(f"{name} is in K, not degree_Celsius")
        return values - 273.15
    else:
        return values
    for unit, low, high, factor in table.values():
        if low <= middle <= high:
            notes.append(f"{name} is in {unit}, judging by its values")
            return values * factor
    return values


def printed_step(values: np.ndarray) -> float:
    """Find the resolution in which a column is printed.

    Examples
    --------
    >>> import numpy as np
    >>> printed_step(np.array([380.12, 381.3, 379.0]))
    0.01
    """
    fine = values[np.isfinite(values)]
    fine = fine[:: max(1, fine.size // 2000)]
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = fine * 10.0**decimals
        # Doubles carry 15 digits; a change of units costs two more.
        near = np.abs(scaled - np.rint(scaled)) <= 1e-13 * np.abs(scaled) + 1e-6
        if near.mean() >= 0.99:
            return 10.0**-decimals
    return 0.0
