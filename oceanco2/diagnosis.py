"""Read a file and infer how its results were computed."""

from pathlib import Path

from oceanco2.alignment import align
from oceanco2.export import open_dataset
from oceanco2.forensics import Diagnosis, diagnose_table
from oceanco2.platforms import Platform, load
from oceanco2.readers import guessed_platform, read


def diagnose(
    path: str | Path, platform: str | Path | Platform | None = None
) -> Diagnosis:
    """Find the recipe that reproduces the results of a delivered file.

    Parameters
    ----------
    path : str or Path
        A delivered table with inputs and results, or a processed netCDF.
    platform : str, Path or Platform, optional
        Describes the columns; by default they are guessed from their names.

    Returns
    -------
    Diagnosis
        Recipe, fit and findings for each published result.

    Raises
    ------
    OceanCO2Error
        If the file or the platform file is invalid.
    """
    if platform is None and Path(path).suffix.lower() in (".nc", ".nc4"):
        return diagnose_table(open_dataset(path))
    if platform is None:
        platform = guessed_platform(path)
    if not isinstance(platform, Platform):
        platform = load(platform)
    return diagnose_table(align(read(platform, [path]), platform))
