"""``oceanco2 demo``: the main job on a simulated cruise, from raw files to picture."""

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from oceanco2.export import write
from oceanco2.figures import save_overview
from oceanco2.fluxes import flux
from oceanco2.pipeline import process
from oceanco2.platforms import load
from oceanco2.simulation import simulate

#: What goes wrong on the cruise, so that there is something to flag.
FAULTS = ("spikes", "dropouts", "blank_intake", "gps_jump", "warming_anomaly")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a demonstration made."""

    dataset: xr.Dataset
    fluxes: xr.Dataset
    truth: xr.Dataset
    files: tuple[Path, ...]


def demo(
    folder: str | Path = "oceanco2_demo",
    *,
    platform: str = "demo_ship",
    days: float = 3.0,
    seed: int = 1,
) -> Demonstration:
    """Simulate a cruise, process it and write every kind of file.

    Parameters
    ----------
    folder : str or Path, default "oceanco2_demo"
        Where the files go; made if it is not there.
    platform : str, default "demo_ship"
        A platform that the simulator can write raw files for.
    days : float, default 3.0
        Length of the cruise.
    seed : int, default 1
        Same seed, same cruise.

    Returns
    -------
    Demonstration
        The datasets and the paths.

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    folder = Path(folder)
    cruise = simulate(
        platform, days=days, seed=seed, folder=folder / "raw", faults=FAULTS
    )
    ds = process(load(platform), [folder / "raw"])
    fluxes = flux(ds)
    made = {
        "netcdf": folder / "cruise.nc",
        "socat": folder / "cruise_socat.tsv",
        "flux": folder / "cruise_flux.nc",
        "figure": folder / "cruise.png",
    }
    write(ds, made["netcdf"], format="netcdf")
    write(ds, made["socat"], format="socat")
    write(fluxes, made["flux"], format="netcdf")
    save_overview(fluxes, made["figure"])
    return Demonstration(ds, fluxes, cruise.truth, (*cruise.files, *made.values()))
