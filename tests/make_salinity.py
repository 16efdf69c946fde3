"""Make oceanco2/salinity.npz from the annual salinity of Levitus (1982).

    python tests/make_salinity.py DATA/ferret_climatology/levitus_annual_1deg.nc

The means of one degree at the surface, as NOAA's Ferret distributes them (public
domain), are rounded to 0.2 and stored as numbers of steps; 0 is no value.
"""

import argparse
from pathlib import Path

import numpy as np
import xarray as xr

from oceanco2.geography import _SALINITY_STEP

TARGET = Path(__file__).parents[1] / "oceanco2" / "salinity.npz"


def steps(source):
    """South to north, from 180 W on."""
    with xr.open_dataset(source, decode_times=False) as ds:
        values = ds["SALT"].transpose("lat", "lon").to_numpy()
        assert ds["lat"][0] == -89.5
        assert ds["lon"][0] == -179.5
    return np.round(np.nan_to_num(values) / _SALINITY_STEP).astype(np.uint8)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    np.savez_compressed(TARGET, salinity=steps(parser.parse_args().source))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
