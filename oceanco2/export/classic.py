"""Write netCDF files of the classic model, as other exchange formats require."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from oceanco2.dates import DAY
from oceanco2.files import writing

NO_QC, GOOD_DATA, NOMINAL, MISSING_VALUE = 0, 1, 7, 9


@dataclass(frozen=True, slots=True, eq=False)
class FileVariable:
    """One variable of a file."""

    dims: tuple[str, ...]
    values: np.ndarray
    attrs: dict[str, Any] = field(default_factory=dict)
    fill: Any = None


def save_classic(
    path: str | Path, variables: Mapping[str, FileVariable], attrs: Mapping[str, Any]
) -> None:
    """Write a netCDF file of the classic model in HDF5, atomically."""
    with writing(path, (RuntimeError,)) as temporary:  # netCDF4 raises it as well
        _save(temporary, variables, attrs)


def _save(
    path: Path, variables: Mapping[str, FileVariable], attrs: Mapping[str, Any]
) -> None:
    from netCDF4 import Dataset

    with Dataset(path, "w", format="NETCDF4_CLASSIC") as file:
        file.setncatts(attrs)
        for variable in variables.values():
            for dim, size in zip(variable.dims, variable.values.shape, strict=True):
                if dim not in file.dimensions:
                    file.createDimension(dim, size)
        for name, variable in variables.items():
            options: dict[str, Any] = {}
            if variable.values.ndim and variable.values.dtype.kind in "fiu":
                options = {"zlib": True, "complevel": 1, "shuffle": True}
            target = file.createVariable(
                name,
                variable.values.dtype,
                variable.dims,
                fill_value=variable.fill,
                **options,
            )
            target.setncatts(variable.attrs)
        for name, variable in variables.items():
            file[name].set_auto_maskandscale(False)
            file[name].set_auto_chartostring(False)
            file[name][...] = variable.values


def to_characters(text: str) -> np.ndarray:
    """Return a text as an array of characters."""
    return np.frombuffer(text.encode("ascii"), dtype="S1")


def days_since_1950(time: np.ndarray) -> np.ndarray:
    """Return times as days since 1950-01-01T00:00:00Z."""
    start = np.datetime64("1950-01-01T00:00:00", "ms")
    return (time.astype("datetime64[ms]") - start) / DAY


def quality_codes(
    flags: np.ndarray, present: np.ndarray, nominal: np.ndarray
) -> np.ndarray:
    """Convert WOCE flags to the quality codes of OceanSITES and Copernicus."""
    codes = np.full(flags.shape, NO_QC, dtype=np.int8)
    for woce, code in ((2, GOOD_DATA), (3, 3), (4, 4)):
        codes[flags == woce] = code
    codes[nominal & (codes == GOOD_DATA)] = NOMINAL
    codes[~present] = MISSING_VALUE
    return codes
