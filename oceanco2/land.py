"""Land and coast on a quarter-degree grid, from a small file inside the package.

The file is derived from the land mask of NOAA's GLOBE (30 arc seconds, public domain;
by the package global-land-mask, MIT) with ``tests/land/make_land.py``. Lakes and the
Caspian Sea count as land, ice shelves as sea.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np

from oceanco2.errors import OptionError

#: Largest distance of coastal cells from land [km].
COASTAL_KM = 400.0
#: Smaller pieces of land are ignored [km2].
MAJOR_LAND_KM2 = 20_000.0
_FILE = Path(__file__).with_name("land.npz")
_STEP = 0.25
_LEVELS = 200


@lru_cache(maxsize=1)
def _file() -> dict[str, np.ndarray]:
    with np.load(_FILE) as file:
        return {name: file[name] for name in file.files}


def ocean_fraction() -> np.ndarray:
    """Return the ocean fraction of quarter-degree cells."""
    return _file()["ocean"].astype(np.float32) / np.float32(_LEVELS)


def coastal_cells(step: float) -> np.ndarray:
    """Return a mask of coastal cells as in SOCAT: less than 400 km from land."""
    if step != _STEP:
        raise OptionError(
            f"coastal cells are available at {_STEP} degrees only, not {step}"
        )
    shape = _file()["ocean"].shape
    bits = np.unpackbits(_file()["coastal"], count=shape[0] * shape[1])
    return bits.astype(bool).reshape(shape)
