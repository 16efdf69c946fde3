"""Processing: the steps from raw files to flagged fCO2, in order."""

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from oceanco2 import provenance
from oceanco2.alignment import align
from oceanco2.calibration import MODELS, calibrate, outputs
from oceanco2.errors import (
    DataWarning,
    ImpossibleWarning,
    OptionError,
    PlatformError,
    ProcessingError,
    UnknownNameError,
)
from oceanco2.expocode import date_in
from oceanco2.forensics.comparison import compare, disagreement
from oceanco2.forensics.cruise import doubts
from oceanco2.physics import SEA_LEVEL_PRESSURE, TEMPERATURE_CORRECTIONS, WATER_VAPOUR
from oceanco2.platforms import Platform, load
from oceanco2.platforms.columns import misnamed
from oceanco2.platforms.contradictions import unanswered
from oceanco2.platforms.standards import mixed_scales, one_concentration
from oceanco2.qc import check_options, flag
from oceanco2.qc.manual import (
    ManualFlag,
    bad_references,
    check_references,
    given_entries,
)
from oceanco2.readers import READERS, read
from oceanco2.readers.reader import check_reader_options
from oceanco2.reduction import check_inputs, no_result, reduce
from oceanco2.registry import Registry
from oceanco2.uncertainty import add_uncertainty
from oceanco2.vocabulary import AIR_RESULTS, GOOD, WATER_RESULTS

if TYPE_CHECKING:
    import pandas as pd

#: Option of ``[reduction]`` to the registry of its names.
_FORMULAS: Mapping[str, Registry[Any]] = {
    "vapour_pressure": WATER_VAPOUR,
    "temperature_correction": TEMPERATURE_CORRECTIONS,
    "sea_level_pressure": SEA_LEVEL_PRESSURE,
}


_POSITION = ("latitude", "longitude")


def check(platform: Platform) -> str:
    """Check a platform file before data are read; return what it can give.

    Names that do not exist raise; what contradicts itself or gives no result warns.
    """
    for name, definition in platform.files.items():
        _check_name(platform, f"files.{name}", READERS, definition.reader)
        check_reader_options(platform, name)
    for option, registry in _FORMULAS.items():
        chosen = getattr(platform.reduction, option)
        _check_name(platform, f"reduction.{option}", registry, chosen)
    _check_name(platform, "calibration.model", MODELS, platform.calibration.model)
    _check_streams(platform)
    offered = READERS[platform.files[platform.main_file()].reader].offers
    made = {*outputs(platform), *offered}
    without = _no_position(platform)
    try:
        check_inputs(platform, made)
    except PlatformError as error:
        # one message for all that is missing
        raise PlatformError("; ".join([str(error), *without])) from None
    check_options(platform)
    reason, is_declared = no_result(platform, made)
    reasons = [] if is_declared else _no_result(platform, reason)
    missing = [f"{platform.path}: {text}" for text in without]
    for message in [*_doubts(platform), *reasons, *missing]:
        warnings.warn(message, DataWarning, stacklevel=3)
    return f"reads; no fCO2 ({reason})" if reason else "valid"


def _check_streams(platform: Platform) -> None:
    """Check that streams have a time, and an analyser its run types."""
    for name, definition in platform.files.items():
        reader = READERS[definition.reader]
        if definition.time is None and reader.needs_time:
            raise PlatformError(
                f"{platform.path}: [files.{name}] lacks 'time': reader"
                f" {definition.reader!r} needs the columns of date and time"
            )


def _no_result(platform: Platform, reason: str) -> list[str]:
    """Explain why no fCO2 can come out, and what may be missing."""
    message = f"{platform.path}: no fCO2 can be computed: {reason}"
    for name, model in MODELS.items():
        if model.required and {*model.required} <= {*platform.variables}:
            return [f'{message}; [calibration] model = "{name}" reads such signals']
    if reason == "no CO2 declared":
        more = "a stream without CO2 has xCO2 = { absent = true } in [variables]"
        return [f"{message}; {more}"]
    return unanswered(platform.accepted, "no_result", message)


def _no_position(platform: Platform) -> list[str]:
    """Tell of a position that is neither read nor declared."""
    reader = READERS[platform.files[platform.main_file()].reader]
    offered = {*reader.position, *reader.offers}
    names = [n for n in _POSITION if n not in platform.variables and n not in offered]
    if not names:
        return []
    return [
        f"[variables] lacks {' and '.join(names)}: it has"
        " { value = ... } at a fixed station, { absent = true } if it is not measured"
    ]


def _doubts(platform: Platform) -> list[str]:
    """List what contradicts itself in a platform file, before data are read."""
    scales = mixed_scales(platform.standards)
    messages = unanswered(platform.accepted, "scales", scales) if scales else []
    include_zero = platform.calibration.include_zero
    gases = one_concentration(platform.standards, include_zero)
    is_used = platform.calibration.model == "gas_standards"
    messages += [gases] if gases and is_used else []
    messages += misnamed(platform)
    expocode = platform.metadata.expocode
    if expocode and not expocode.strip().upper().startswith(platform.platform_code):
        message = (
            f"[metadata] expocode {expocode!r} does not begin with the platform_code"
            f" {platform.platform_code!r}"
        )
        messages += unanswered(platform.accepted, "expocode", message)
    return [f"{platform.path}: {message}" for message in messages]


def _check_name(
    platform: Platform, where: str, registry: Registry[Any], name: str
) -> None:
    try:
        registry[name]
    except (KeyError, NotImplementedError) as error:
        raise PlatformError(f"{platform.path}: [{where}] {error}") from None


def process(
    platform: str | Path | Platform,
    raw: str | Path | Iterable[str | Path],
    *,
    manual: "str | Path | pd.DataFrame | None" = None,
    strict: bool = False,
) -> xr.Dataset:
    """Process raw files to calibrated, flagged fCO2 with its uncertainty.

    Parameters
    ----------
    platform : str, Path or Platform
        Name or file of the platform.
    raw : str, Path or iterable of them
        Files, globs, folders or zips, in any order.
    manual : str, Path or DataFrame, optional
        Manual flags: a CSV, or a table with its columns. A reading of a gas standard
        that they call bad is not used for the calibration.
    strict : bool, default False
        Treat warnings about rows or standards as errors.

    Returns
    -------
    xarray.Dataset
        Along ``time``: what was read, and everything that was computed.

    Raises
    ------
    OceanCO2Error
        If an input, an option or the platform file is invalid.

    See Also
    --------
    oceanco2.flux : Air-sea fluxes from the result.
    oceanco2.write : Files from the result.
    """
    if not isinstance(platform, Platform):
        platform = load(platform)
    paths = [raw] if isinstance(raw, str | Path) else list(raw)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        check(platform)
        ds = _run_steps(platform, paths, manual)
    _refuse_without_result(ds, [w.message for w in caught])
    messages = [str(w.message) for w in caught if issubclass(w.category, DataWarning)]
    if strict and messages:
        others = f" ({len(messages) - 1} more)" if len(messages) > 1 else ""
        raise ProcessingError(f"strict: {messages[0]}{others}")
    for warning in caught:
        warnings.warn_explicit(
            warning.message, warning.category, warning.filename, warning.lineno
        )
    return ds.assign_attrs(warnings=messages)


def _run_steps(
    platform: Platform,
    paths: list[str | Path],
    manual: "str | Path | pd.DataFrame | None",
) -> xr.Dataset:
    entries = _of_signals(platform, manual)  # errors before the long work
    ds = align(read(platform, paths), platform)
    ds = _calibrate(ds, platform, bad_references(ds, entries))
    ds = flag(reduce(ds, platform), platform, manual=manual)
    ds = _compare_expocode(add_uncertainty(ds, platform), platform)
    for message in [*disagreement(compare(ds)), *doubts(ds)]:
        warnings.warn(message, DataWarning, stacklevel=2)
    message = f"raw files of {platform.name} processed to fCO2"
    return ds.assign_attrs(provenance.add_history(ds.attrs, message))


#: A cruise begins on the day of its expocode; its first sample may be this much later.
_DEPARTURE, _ANOTHER_CRUISE = 1, 31
#: A day of local time begins at most so long before that of UTC.
_LOCAL = np.timedelta64(14, "h")


def _compare_expocode(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Compare the day of the expocode with the first row: a warning or a note."""
    expocode = platform.metadata.expocode
    if not expocode:
        return ds
    time = ds["time"].to_numpy()[ds["time_flag"].to_numpy() == GOOD]
    if not time.size:
        return ds
    first, day = time.min().astype("datetime64[D]"), date_in(expocode)
    days = int((first - day) / np.timedelta64(1, "D"))
    if 0 <= days <= _DEPARTURE:
        return ds
    side = "later" if days > 0 else "earlier"
    message = (
        f"{platform.path}: [metadata] expocode {expocode!r} is of a cruise from {day}"
        f" on, the first row is of {first}: {abs(days)} days {side}"
    )
    if time.min() >= day - _LOCAL and days <= _ANOTHER_CRUISE:
        return ds.assign_attrs(reading_notes=[*ds.attrs["reading_notes"], message])
    for text in unanswered(platform.accepted, "expocode", message):
        warnings.warn(text, DataWarning, stacklevel=2)
    return ds


def _refuse_without_result(ds: xr.Dataset, caught: list[Any]) -> None:
    """Raise ProcessingError if impossible inputs left no fugacity at all."""
    names = [n for n in (*WATER_RESULTS, *AIR_RESULTS) if not n.startswith("x")]
    results = [ds[name] for name in names if name in ds]
    if any(int(result.count()) for result in results):
        return
    for message in caught:
        if results and isinstance(message, ImpossibleWarning):
            raise ProcessingError(f"{message}. No CO2 result can be computed from them")


def _of_signals(
    platform: Platform, manual: "str | Path | pd.DataFrame | None"
) -> list[ManualFlag]:
    """Return manual flags of what the calibration reads of gas standards.

    A period of bad SST goes on over readings of standards: it says nothing of them.
    """
    signals = {*_GAS, *MODELS[platform.calibration.model].required}
    return [entry for entry in given_entries(manual) if entry.variable in signals]


_GAS = ("xCO2", "x12CO2", "x13CO2", "xH2O")


def _calibrate(
    ds: xr.Dataset, platform: Platform, bad: Mapping[str, np.ndarray]
) -> xr.Dataset:
    """Calibrate without readings of gas standards that somebody calls bad."""
    if not bad:
        return calibrate(ds, platform)
    hidden = {name: ds[name].where(~rows) for name, rows in bad.items()}
    out = calibrate(ds.assign(hidden), platform)
    for name, rows in bad.items():  # the readings themselves stay
        kept = f"{name}_raw" if f"{name}_raw" in out else name
        values = np.where(rows, ds[name].to_numpy(), out[kept].to_numpy())
        out = out.assign({kept: ("time", values, out[kept].attrs)})
    return out


def set_flags(  # noqa: PLR0913 (one parameter per column)
    ds: xr.Dataset,
    table: Any = None,
    end: Any = None,
    variable: str | None = None,
    flag: int | None = None,
    reason: str = "",
    who: str = "",
    *,
    start: Any = None,
    platform: str | Path | Platform | None = None,
) -> xr.Dataset:
    """Set manual flags of a processed dataset and pass them on to its results.

    Parameters
    ----------
    ds : xarray.Dataset
        From `oceanco2.process`, or read back from its file. Flags that were changed
        in it by hand, ``ds["SST_flag"][...] = 4``, become manual flags.
    table : DataFrame, str, Path or time, optional
        Table with the columns ``start``, ``end``, ``variable``, ``flag``, ``reason``,
        ``who`` and ``when``, or the path of such a CSV; with the other arguments the
        start of one period. Without it, only flags changed by hand are set.
    end : str or datetime, optional
        Last moment of the period, UTC; the start, if not given.
    variable : str, optional
        Name of the variable, ``"position"`` or ``"time"``.
    flag : int, optional
        2 (good), 3 (questionable) or 4 (bad).
    reason : str, optional
        Why; required for 3 and 4.
    who : str, optional
        Who decided.
    start : str or datetime, optional
        Start of the period, by its name.
    platform : str, Path or Platform, optional
        Platform file of the dataset, if it is not a shipped one.

    Returns
    -------
    xarray.Dataset
        With the new flags; earlier manual flags are kept, later ones win.

    Raises
    ------
    ProcessingError
        If a flag is invalid, or would change the calibration.

    Examples
    --------
    >>> period = "2024-03-01T06:00", "2024-03-01T07:30"
    >>> set_flags(ds, *period, "SST", 4, "bubbles", "A. Name")  # doctest: +SKIP
    """
    import pandas as pd

    if variable is None:
        others = (end, flag, start, reason or None, who or None)
        if any(value is not None for value in others):
            raise OptionError("set_flags needs variable= with start=, end= or flag=")
        return apply_flags(ds, table, platform)
    if isinstance(table, pd.DataFrame) or (table is not None and start is not None):
        raise OptionError("set_flags takes a table, or start, end, variable and flag")
    row = {
        "start": start if table is None else table,
        "end": end,
        "variable": variable,
        "flag": flag,
        "reason": reason,
        "who": who,
        "when": provenance.now()[:10],
    }
    return apply_flags(ds, pd.DataFrame([row], dtype=object), platform)


def apply_flags(
    ds: xr.Dataset,
    manual: "str | Path | pd.DataFrame | None",
    platform: str | Path | Platform | None = None,
) -> xr.Dataset:
    """Apply manual flags to a processed dataset."""
    if "flux_CO2" in ds:
        raise ProcessingError(
            "the dataset has a flux: flag the processed file, then compute it again"
        )
    is_named = platform is not None
    if not isinstance(platform, Platform):
        name = platform or ds.attrs.get("platform_file")
        if not name:
            raise ProcessingError(
                "the dataset does not name its platform file: name it with --platform"
                " (platform= in Python)"
            )
        platform = _load_again(name, is_named)
    if platform.sha256 != ds.attrs.get("platform_file_sha256", platform.sha256):
        message = (
            f"{platform.path}: differs from the platform file the dataset was processed"
            " with (SHA-256)"
        )
        if not is_named:
            raise ProcessingError(
                f"{message}: process the raw files again, or name it with --platform"
                " (platform= in Python)"
            )
        warnings.warn(
            f"{message}: automatic flags may change", DataWarning, stacklevel=2
        )
    check_references(ds, _of_signals(platform, manual))
    return flag(ds, platform, manual=manual)


def _load_again(name: str | Path, is_named: bool) -> Platform:
    """Load the platform file of a dataset; it may have been moved."""
    try:
        return load(name)
    except (PlatformError, UnknownNameError) as error:
        if is_named:
            raise
        raise ProcessingError(
            f"the platform file of the dataset, {name}, cannot be used: name it with"
            f" --platform (platform= in Python). {error}"
        ) from None
