"""The doubts that a person has to judge, written down ready to fill."""

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, UnknownNameError
from oceanco2.qc.cascade import INPUTS
from oceanco2.qc.manual import COLUMNS, NOBODY
from oceanco2.vocabulary import BAD, QUESTIONABLE, TEST_BITS, VARIABLES, named_tests

_RESULT = "fCO2_water_SST_wet"


def flagged_names(ds: xr.Dataset) -> list[str]:
    """Return the variables that have flags."""
    names = ("position", "time", *VARIABLES)
    return [name for name in names if f"{name}_flag" in ds]


def manual_template(ds: xr.Dataset, variables: str | Iterable[str] = ()) -> str:
    """Write down the doubts that a person has to judge, ready to fill.

    Neighbours in time with the same flag and tests are one line. What a person has
    judged already is not asked again.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.
    variables : str or iterable of str, optional
        Whose doubts. By default those of the fugacity of the water, and of every other
        variable those that do not come from its inputs.

    Returns
    -------
    str
        CSV that `read_manual` reads; every line is a comment until its ``#`` is taken
        away.

    Raises
    ------
    ProcessingError
        If the dataset has no flags.
    UnknownNameError
        If a variable has no flags.
    """
    known = flagged_names(ds)
    if not known:
        raise ProcessingError("the dataset has no flags: there is nothing to judge")
    chosen = [variables] if isinstance(variables, str) else list(variables)
    for name in chosen:
        if name not in known:
            raise UnknownNameError("variable with a flag", name, known)
    whole = {*chosen} or {_RESULT}
    lines = [",".join(COLUMNS)]
    for name in chosen or _sorted(known):
        lines += _lines(ds, name, whole=name in whole)
    return "\n".join(lines) + "\n"


def _sorted(known: Sequence[str]) -> list[str]:
    """Put causes before what follows from them."""
    return sorted(known, key=lambda name: (name in INPUTS, name == _RESULT))


def _lines(ds: xr.Dataset, name: str, whole: bool) -> list[str]:
    time = ds["time"].to_numpy()
    flags = ds[f"{name}_flag"].to_numpy().astype(np.int64)
    tests = np.zeros(flags.shape, np.int64)
    if f"{name}_tests" in ds:
        tests = ds[f"{name}_tests"].to_numpy().astype(np.int64)
    open_ = (flags == QUESTIONABLE) | (flags == BAD)
    if f"{name}_flag_manual" in ds:
        open_ &= ds[f"{name}_flag_manual"].to_numpy() == NOBODY
    if not whole:
        open_ &= (tests & TEST_BITS["input"]) == 0
    order = np.argsort(time, kind="stable")
    order = order[~np.isnat(time[order])]
    kind = np.where(open_, 1 + flags + 8 * tests, 0)[order]
    starts = np.flatnonzero(np.diff(kind, prepend=-1))
    ends = np.append(starts[1:], kind.size) - 1
    out = []
    for start, end in zip(order[starts], order[ends], strict=True):
        if open_[start]:
            reason = " ".join(named_tests(int(tests[start]))) or "no test named"
            first, last = (_written(time[row]) for row in (start, end))
            out.append(f"#{first},{last},{name},{flags[start]},{reason},,")
    return out


def _written(moment: np.datetime64) -> str:
    """Write a time with the digits that find it again."""
    return str(np.datetime_as_string(moment, unit="ms"))
