"""What every dataset must hold: rows in time, numbers as numbers, flags that are codes.

Datasets come back from files that others have written or edited, and from Python code
that averaged or changed them.
"""

from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError
from oceanco2.vocabulary import FLAG_VALUES, GOOD, MISSING, SUFFIXES, VARIABLES

_FLAGS = ("_flag", "_flag_automatic", "_flag_manual")
_CODES = sorted(FLAG_VALUES.values())


def check_dataset(
    ds: xr.Dataset,
    where: str = "",
    *,
    error: Callable[[str], Exception] = ProcessingError,
) -> None:
    """Raise an error if no step could process the dataset; `where` names its file."""
    fault = next(_faults(ds), None)
    if fault:
        raise error(f"{where}: {fault}" if where else fault)


def _faults(ds: xr.Dataset) -> Iterator[str]:
    if "time" not in ds.variables:
        yield "the dataset has no time"
        return
    time = ds["time"]
    if time.dims != ("time",):
        yield f"time must be along one dimension, not {_dims(time)}"
    elif time.dtype.kind != "M":
        yield "time has no units such as 'days since 1970-01-01'"
    for name in map(str, ds.variables):
        if name != "time" and _is_canonical(name):
            yield from _wrong_values(ds[name], name)
        if name.endswith(_FLAGS):
            yield from _wrong_flags(ds[name].to_numpy(), name)
        elif name.endswith("_tests"):
            yield from _wrong_tests(ds[name].to_numpy(), name)


def _is_canonical(name: str) -> bool:
    """Whether a variable, or what belongs to it, is one of the package."""
    return any(name.removesuffix(suffix) in VARIABLES for suffix in ("", *SUFFIXES))


def _dims(array: xr.DataArray) -> str:
    return " and ".join(map(str, array.dims)) or "none"


def _wrong_values(array: xr.DataArray, name: str) -> Iterator[str]:
    if array.dtype.kind not in "fiub":
        yield f"{name} must hold numbers, not {_KINDS.get(array.dtype.kind, 'text')}"
    if array.dims != ("time",):
        yield f"{name} must be along time, not {_dims(array)}"


_KINDS = {"M": "times", "m": "durations", "c": "complex numbers"}


def _wrong_flags(flags: np.ndarray, name: str) -> Iterator[str]:
    if flags.dtype.kind not in "fiu":
        yield f"{name} must hold flags: whole numbers"
        return
    wrong = flags[~np.isin(flags, _CODES)]
    if not wrong.size:
        return
    if np.isnan(wrong).any():
        count = int(np.isnan(wrong).sum())
        yield f"{name} has no flag in {count} rows; drop the rows, or flag them 9"
    listed = ", ".join(map(str, _CODES))
    hint = ": of averaged rows take the worst flag" if wrong[0] % 1 else ""
    yield f"{name} must be one of {listed}, not {wrong[0]:g}{hint}"


def _wrong_tests(tests: np.ndarray, name: str) -> Iterator[str]:
    whole = tests.dtype.kind in "fiu" and (tests % 1 == 0) & (tests >= 0)
    if not np.all(whole):
        yield f"{name} must hold bits of tests: they cannot be averaged"


def whole_numbers(ds: xr.Dataset) -> xr.Dataset:
    """Return a dataset whose flags and tests are integers again, where they were not.

    Examples
    --------
    >>> ds = xr.Dataset({"SST_flag": ("time", [2.0, 4.0])})
    >>> whole_numbers(ds)["SST_flag"].dtype
    dtype('int8')
    """
    kinds = {name: _integer(str(name)) for name in ds.data_vars}
    changed = {n: kind for n, kind in kinds.items() if kind and ds[n].dtype.kind == "f"}
    return ds.assign({n: ds[n].astype(kind) for n, kind in changed.items()})


def _integer(name: str) -> str:
    if name.endswith(_FLAGS):
        return "int8"
    return "int64" if name.endswith("_tests") else ""


def set_by_hand(ds: xr.Dataset, name: str) -> np.ndarray | None:
    """Return the rows whose flag follows from no check and no manual flag.

    Examples
    --------
    >>> flags = {"SST_flag": ("time", [2, 4]), "SST_flag_automatic": ("time", [2, 2])}
    >>> set_by_hand(xr.Dataset(flags), "SST")
    array([False,  True])
    """
    if f"{name}_flag" not in ds or f"{name}_flag_automatic" not in ds:
        return None
    flag = ds[f"{name}_flag"].to_numpy()
    by_hand = np.asarray(flag != ds[f"{name}_flag_automatic"].to_numpy())
    if f"{name}_flag_manual" in ds:
        by_hand &= flag != ds[f"{name}_flag_manual"].to_numpy()
    if name in ds:  # who removes a value may say so
        by_hand &= (flag != MISSING) | ds[name].notnull().to_numpy()
    return by_hand


def _without_effect(ds: xr.Dataset, name: str) -> np.ndarray:
    """Return the rows whose manual flag is not the flag, though there is a value."""
    flag, automatic, manual = (
        ds[f"{name}_flag{layer}"].to_numpy() for layer in ("", "_automatic", "_manual")
    )
    # A diagnostic may make a questionable value bad.
    worse = (manual > GOOD) & (automatic > manual)
    rows = (manual > 0) & (manual != flag) & (flag == automatic) & ~worse
    return np.asarray(rows & ds[name].notnull().to_numpy() if name in ds else rows)


def check_flags_recorded(ds: xr.Dataset) -> None:
    """Raise ProcessingError if flags were changed, but the results do not know it."""
    for name in (str(n).removesuffix("_flag") for n in ds.data_vars):
        rows = set_by_hand(ds, name)
        if rows is None:
            continue
        if f"{name}_tests" in ds:  # who sets a test with the flag has said why
            rows &= ds[f"{name}_tests"].to_numpy() == 0
        if f"{name}_flag_manual" in ds:
            rows |= _without_effect(ds, name)
        if rows.any():
            first = np.datetime_as_string(ds["time"].to_numpy()[rows.argmax()], "s")
            raise ProcessingError(
                f"{name}_flag was changed by hand in {int(rows.sum())} rows, first"
                f" {first}: oceanco2.set_flags(ds) records this and passes it on to"
                " the results"
            )
