"""Crossovers and overlaps between the data sets of files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dates import SECOND
from oceanco2.errors import OptionError, ReadError
from oceanco2.export import open_dataset
from oceanco2.files import check_once, reading
from oceanco2.socat.checker import Check
from oceanco2.socat.crossovers.overlaps import Overlap, overlap, overlaps
from oceanco2.socat.crossovers.pairs import (
    Crossover,
    Track,
    crossover,
    crossovers,
    platform_of,
)
from oceanco2.socat.crossovers.text_files import tracks_of_archive, tracks_of_text
from oceanco2.vocabulary import GOOD

_RESULT = "fCO2_water_SST_wet"
_NETCDF = (b"CDF", b"\x89HDF")
_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")
_PANGAEA = b"/* DATA DESCRIPTION:"


@dataclass(frozen=True, slots=True)
class Network:
    """Data sets with their crossovers and overlaps."""

    tracks: list[Track]
    crossovers: list[Crossover]
    overlaps: list[Overlap]

    def without(self) -> list[str]:
        """Return the expocodes of data sets without a crossover."""
        met = {code for pair in self.crossovers for code in pair.expocodes}
        return [t.expocode for t in self.tracks if t.expocode not in met]

    def to_dict(self) -> dict[str, Any]:
        """Return the results as a dictionary for JSON."""
        counts = {track.expocode: [0, 0] for track in self.tracks}
        for pair in self.crossovers:
            for code in pair.expocodes:
                counts[code][0] += 1
                counts[code][1] += pair.high_quality
        return {
            "datasets": [
                {
                    "expocode": track.expocode,
                    "platform": track.platform,
                    "file": track.source,
                    "rows": int(track.seconds.size),
                    "rows_used": int(track.rows.size),
                    "crossovers": counts[track.expocode][0],
                    "high_quality": counts[track.expocode][1],
                }
                for track in self.tracks
            ],
            "crossovers": [pair.to_dict() for pair in self.crossovers],
            "without_crossover": self.without(),
            "overlaps": [pair.to_dict() for pair in self.overlaps],
        }

    def text(self) -> str:
        """Return the results as text."""
        lines = [_crossover_text(pair) for pair in self.crossovers]
        lines += [f"{code}: no crossover" for code in self.without()]
        if self.overlaps:
            lines += ["", "Overlaps: the same time and place in two data sets"]
            lines += [f"  {pair.text()}" for pair in self.overlaps]
        return "\n".join(lines)


def _crossover_text(pair: Crossover) -> str:
    fields = pair.to_dict()
    quality = "high quality" if pair.high_quality else "not of high quality"
    sst_difference = "unknown" if pair.dSST is None else f"{pair.dSST:+.3f} degC"
    lines = [
        f"{' x '.join(pair.expocodes)}: {pair.distance_km:.3f} km, {quality}"
        f" ({pair.km:.3f} km, {pair.days:.4f} days apart;"
        f" SST {sst_difference}, fCO2rec {pair.dfCO2rec:+.3f} uatm)"
    ]
    lines += [
        f"  {code} row {row}: {time}, {lat:.5f} N, {lon:.5f} E"
        for code, row, time, (lon, lat) in zip(
            pair.expocodes, pair.rows, fields["times"], fields["positions"], strict=True
        )
    ]
    return "\n".join(lines)


def find_crossovers(paths: str | Path | Iterable[str | Path]) -> Network:
    """Find the crossovers between the data sets of some files.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Processed netCDF, SOCAT upload files, files published by SOCAT (many data sets
        in one), or tables with longitude, latitude, time, SST and fCO2rec.

    Returns
    -------
    Network
        Crossovers use good values only, overlaps all rows.

    Raises
    ------
    ReadError
        If a file cannot be read or lacks these columns.
    OptionError
        If there are fewer than two data sets, or a file is given twice.
    """
    path_list = [paths] if isinstance(paths, str | Path) else paths
    files = [Path(path) for path in path_list]
    check_once(files)
    tracks = [track for path in files for track in tracks_of(path)]
    if len(tracks) < 2:
        raise OptionError(
            f"crossovers need at least two data sets; {_listed(files)}: {len(tracks)}"
        )
    return Network(tracks, crossovers(tracks), overlaps(tracks))


def _listed(files: Sequence[Path]) -> str:
    return ", ".join(path.name for path in files) or "no file"


def is_crossed(ds: xr.Dataset, paths: Iterable[str | Path]) -> bool:
    """Whether a dataset has a high-quality crossover with a data set of the files."""
    track = track_of(ds)
    others = [other for path in paths for other in tracks_of(path)]
    pairs = (crossover(track, other) for other in others)
    return any(pair is not None and pair.high_quality for pair in pairs)


def overlaps_of(check: Check, paths: Iterable[str | Path]) -> list[Overlap]:
    """Find the overlaps of an upload file with other files."""
    name = check.source.name
    others = [Path(path) for path in paths]
    check_once([Path(name), *others])
    code = check.metadata.get("expocode", Path(name).stem)
    seconds, longitude, latitude = check.track
    no_values = np.full(seconds.size, np.nan)
    coordinates = (longitude, latitude, seconds)
    track = Track(code, platform_of(code), *coordinates, no_values, no_values, name)
    pairs = (
        overlap(track, other_track)
        for path in others
        for other_track in tracks_of(path)
    )
    return [pair for pair in pairs if pair is not None]


def tracks_of(path: str | Path) -> list[Track]:
    """Read the tracks of the data sets of a file of any kind."""
    path = Path(path)
    with reading(path), path.open("rb") as file:
        head = file.read(len(_PANGAEA))
    if head.startswith(_NETCDF):
        return [track_of(open_dataset(path), str(path))]
    if head.startswith((*_PACKED, _PANGAEA)):
        return tracks_of_archive(path)
    return tracks_of_text(path)


def track_of(ds: xr.Dataset, source: str = "") -> Track:
    """Return the track of a processed dataset."""
    for name in (_RESULT, "SST"):
        if name not in ds:
            raise ReadError(
                f"{source or 'dataset'}: crossovers need {name}, which is missing"
            )
    fco2 = np.array(ds[_RESULT].to_numpy(), dtype=np.float64)
    for name in (_RESULT, "position", "time"):
        if f"{name}_flag" in ds:
            fco2[~np.isin(ds[f"{name}_flag"].to_numpy(), (0, GOOD))] = np.nan
    time = ds["time"].to_numpy()
    seconds = (time - np.datetime64(0, "s")) / SECOND
    expocode = str(ds.attrs.get("expocode") or ds.attrs.get("id") or Path(source).stem)
    return Track(
        expocode,
        str(ds.attrs.get("platform_code") or platform_of(expocode)),
        ds["longitude"].to_numpy(),
        ds["latitude"].to_numpy(),
        np.where(np.isnat(time), np.nan, seconds),
        ds["SST"].to_numpy(),
        fco2,
        source,
    )
