"""The rooms in order. Nothing else lives here."""

import json
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2 import (
    accessor,  # noqa: F401  (``ds.co2`` is there on what `process` returns)
    provenance,
)
from oceanco2.alignment import align
from oceanco2.calibration import MODELS, calibrate, outputs
from oceanco2.errors import DataWarning, PlatformError, ProcessingError
from oceanco2.physics import (
    SEA_LEVEL_PRESSURE,
    TEMPERATURE_CORRECTIONS,
    WATER_VAPOUR,
)
from oceanco2.platforms import Platform, load
from oceanco2.qc import check_options, flag
from oceanco2.readers import READERS, read
from oceanco2.reduction import check_inputs, reduce
from oceanco2.registry import Registry
from oceanco2.summary import summary
from oceanco2.uncertainty import add_uncertainty

#: Option of ``[reduction]`` and the registry that knows its names.
_FORMULAS: Mapping[str, Registry[Any]] = {
    "vapour_pressure": WATER_VAPOUR,
    "temperature_correction": TEMPERATURE_CORRECTIONS,
    "sea_level_pressure": SEA_LEVEL_PRESSURE,
}


def check(platform: Platform) -> None:
    """Check that every name a platform file uses exists, before data are read."""
    for name, definition in platform.files.items():
        _known(platform, f"files.{name}", READERS, definition.reader)
    for option, registry in _FORMULAS.items():
        chosen = getattr(platform.reduction, option)
        _known(platform, f"reduction.{option}", registry, chosen)
    _known(platform, "calibration.model", MODELS, platform.calibration.model)
    offered = READERS[platform.files[platform.main_file()].reader].offers
    check_inputs(platform, {*outputs(platform), *offered})
    check_options(platform)


def _known(platform: Platform, where: str, registry: Registry[Any], name: str) -> None:
    try:
        registry[name]
    except (KeyError, NotImplementedError) as error:
        raise PlatformError(f"{platform.path}: [{where}] {error}") from None


def process(
    platform: str | Path | Platform,
    raw: str | Path | Iterable[str | Path],
    *,
    manual: str | Path | None = None,
    strict: bool = False,
) -> xr.Dataset:
    """Take raw files to calibrated, flagged fCO2 with its uncertainty.

    Parameters
    ----------
    platform : str, Path or Platform
        Name or file of the platform.
    raw : str, Path or iterable of them
        Files, globs, folders or zips, in any order.
    manual : str or Path, optional
        CSV of flags set by people.
    strict : bool, default False
        Raise instead of warning about rows or standards that need a look.

    Returns
    -------
    xarray.Dataset
        Along ``time``: what was read, and everything the rooms added.

    Raises
    ------
    OceanCO2Error
        One clear line for whatever cannot be right.

    See Also
    --------
    oceanco2.flux : Air-sea fluxes from the result.
    oceanco2.write : Files from the result.
    """
    if not isinstance(platform, Platform):
        platform = load(platform)
    check(platform)
    paths = [raw] if isinstance(raw, str | Path) else list(raw)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ds = _rooms(platform, paths, manual)
    doubts = [str(w.message) for w in caught if issubclass(w.category, DataWarning)]
    if strict and doubts:
        more = f" ({len(doubts) - 1} more)" if len(doubts) > 1 else ""
        raise ProcessingError(f"strict: {doubts[0]}{more}")
    for warning in caught:
        warnings.warn_explicit(
            warning.message, warning.category, warning.filename, warning.lineno
        )
    return ds.assign_attrs(warnings=doubts)


def _rooms(
    platform: Platform, paths: list[str | Path], manual: str | Path | None
) -> xr.Dataset:
    ds = align(read(platform, paths), platform)
    for room in (calibrate, reduce):
        ds = room(ds, platform)
    ds = add_uncertainty(flag(ds, platform, manual=manual), platform)
    step = f"raw files of {platform.name} processed to fCO2"
    return ds.assign_attrs(provenance.add_history(ds.attrs, step))


def judged(
    ds: xr.Dataset, manual: str | Path, platform: str | Path | Platform | None = None
) -> xr.Dataset:
    """Put the flags of people over those of a processed dataset.

    Parameters
    ----------
    ds : xarray.Dataset
        From `process`, for example read back from its file; without fluxes.
    manual : str or Path
        CSV of flags set by people; what they said before stays below it.
    platform : str, Path or Platform, optional
        Whose limits are used; the shipped one that the dataset names by default.

    Returns
    -------
    xarray.Dataset
        Flags of results follow those of their inputs anew; no value is touched.

    Raises
    ------
    ProcessingError
        If the dataset has a flux, whose flags would be out of date, or was made with
        another platform file than the shipped one.

    Warns
    -----
    DataWarning
        If it was made with another platform file than the one that is named.
    """
    if "flux_CO2" in ds:
        raise ProcessingError(
            "the dataset has a flux: flag the processed file, then compute it again"
        )
    named = platform is not None
    if not isinstance(platform, Platform):
        name = platform or ds.attrs.get("platform_file")
        if not name:
            raise ProcessingError("the dataset names no platform file: say which one")
        platform = load(name)
    if platform.sha256 != ds.attrs.get("platform_file_sha256", platform.sha256):
        said = (
            f"{platform.path}: is not the platform file that the dataset was made with"
            " (its digest differs)"
        )
        if not named:
            raise ProcessingError(
                f"{said}: process the raw files again, or name it with --platform"
            )
        warnings.warn(f"{said}: automatic flags may change", DataWarning, stacklevel=2)
    return flag(ds, platform, manual=manual)


def report(ds: xr.Dataset, outputs: Iterable[str | Path] = ()) -> dict[str, Any]:
    """Say what a run read, did and found, for ``--report``."""
    files = zip(ds.attrs["source_files"], ds.attrs["source_files_sha256"], strict=True)
    return {
        "made": provenance.now(),
        "versions": json.loads(ds.attrs["versions"]),
        "platform": {
            "name": ds.attrs["platform_name"],
            "file": ds.attrs["platform_file"],
            "sha256": ds.attrs["platform_file_sha256"],
        },
        "options": json.loads(ds.attrs["options"]),
        "inputs": [{"name": name, "sha256": sha} for name, sha in files],
        "outputs": [
            {"name": Path(p).name, "sha256": provenance.digest(Path(p).read_bytes())}
            for p in outputs
        ],
        "rows": {
            key: int(ds.attrs.get(f"rows_{key}", 0))
            for key in ("read", "rejected", "duplicated")
        },
        "summary": summary(ds),
        "warnings": list(ds.attrs.get("warnings", [])),
        "reading_notes": list(ds.attrs.get("reading_notes", [])),
    }
