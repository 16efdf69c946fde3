"""Files of netCDF in other people's layouts: what is stored, and how."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.errors import OutputError
from oceanco2.provenance import whole_file

NO_QC, GOOD_DATA, NOMINAL, MISSING_VALUE = 0, 1, 7, 9


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """One variable of a file."""

    dims: tuple[str, ...]
    values: np.ndarray
    attrs: dict[str, Any] = field(default_factory=dict)
    fill: Any = None


def save_classic(
    path: str | Path, variables: Mapping[str, Stored], attrs: Mapping[str, Any]
) -> None:
    """Write a netCDF file of the classic model in HDF5, whole or not at all."""
    with whole_file(path) as temporary:
        try:
            _save(temporary, variables, attrs)
        except (OSError, RuntimeError) as error:  # netCDF4 raises both
            said = getattr(error, "strerror", None) or error
            raise OutputError(f"{path}: cannot be written: {said}") from None


def _save(
    path: Path, variables: Mapping[str, Stored], attrs: Mapping[str, Any]
) -> None:
    from netCDF4 import Dataset

    with Dataset(path, "w", format="NETCDF4_CLASSIC") as file:
        file.setncatts(attrs)
        for one in variables.values():
            for dim, size in zip(one.dims, one.values.shape, strict=True):
                if dim not in file.dimensions:
                    file.createDimension(dim, size)
        for name, one in variables.items():
            how: dict[str, Any] = {}
            if one.values.ndim and one.values.dtype.kind in "fiu":
                how = {"zlib": True, "complevel": 1, "shuffle": True}
            target = file.createVariable(
                name, one.values.dtype, one.dims, fill_value=one.fill, **how
            )
            target.setncatts(one.attrs)
        for name, one in variables.items():
            file[name].set_auto_maskandscale(False)
            file[name].set_auto_chartostring(False)
            file[name][...] = one.values


def letters(text: str) -> np.ndarray:
    """Return a text as an array of characters."""
    return np.frombuffer(text.encode("ascii"), dtype="S1")


def days_since_1950(time: np.ndarray) -> np.ndarray:
    """Return times as days since 1950-01-01T00:00:00Z."""
    start = np.datetime64("1950-01-01T00:00:00", "ms")
    return (time.astype("datetime64[ms]") - start) / np.timedelta64(1, "D")


def quality_codes(
    flags: np.ndarray, there: np.ndarray, nominal: np.ndarray
) -> np.ndarray:
    """Bring WOCE flags to the scale of OceanSITES and Copernicus."""
    codes = np.full(flags.shape, NO_QC, dtype=np.int8)
    for woce, code in ((2, GOOD_DATA), (3, 3), (4, 4)):
        codes[flags == woce] = code
    codes[nominal & (codes == GOOD_DATA)] = NOMINAL
    codes[~there] = MISSING_VALUE
    return codes
