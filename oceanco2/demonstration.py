"""``oceanco2 demo``: process a simulated cruise, from raw files to figure."""

from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from oceanco2.export import write
from oceanco2.figures import save_overview
from oceanco2.files import one_set
from oceanco2.fluxes import flux
from oceanco2.pipeline import process
from oceanco2.platforms import load
from oceanco2.simulation import simulate

#: Faults of the simulated cruise, so that there are flags.
FAULTS = ("spikes", "dropouts", "blank_intake", "gps_jump", "warming_anomaly")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """Datasets and files of a demonstration."""

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
    """Simulate a cruise, process it, and write its files and a figure.

    Parameters
    ----------
    folder : str or Path, default "oceanco2_demo"
        Output folder; created if missing.
    platform : str, default "demo_ship"
        A platform for which raw files can be simulated.
    days : float, default 3.0
        Length of the cruise.
    seed : int, default 1
        Seed of the random numbers.

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
    outputs = {
        "netcdf": folder / "cruise.nc",
        "socat": folder / "cruise_socat.tsv",
        "flux": folder / "cruise_flux.nc",
        "figure": folder / "cruise.png",
    }
    with one_set(str(fluxes.attrs.get("run_id", ""))):
        write(ds, outputs["netcdf"], format="netcdf")
        write(ds, outputs["socat"], format="socat")
        write(fluxes, outputs["flux"], format="netcdf")
        save_overview(fluxes, outputs["figure"])
    return Demonstration(ds, fluxes, cruise.truth, (*cruise.files, *outputs.values()))
