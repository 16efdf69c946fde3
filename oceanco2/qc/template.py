"""Template for manual flags: the flagged periods that await a decision."""

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from oceanco2.errors import ProcessingError, UnknownNameError
from oceanco2.qc.cascade import INPUTS
from oceanco2.qc.manual import COLUMNS, NO_MANUAL_FLAG
from oceanco2.vocabulary import BAD, QUESTIONABLE, TEST_BITS, VARIABLES, named_tests

_RESULT = "fCO2_water_SST_wet"


def flagged_names(ds: xr.Dataset) -> list[str]:
    """Return the variables that have flags."""
    names = ("position", "time", *VARIABLES)
    return [name for name in names if f"{name}_flag" in ds]


def manual_template(ds: xr.Dataset, variables: str | Iterable[str] = ()) -> str:
    """Return a CSV template of the flagged periods that await a manual decision.

    Neighbours in time with the same flag and tests are one line. Rows that have a
    manual flag already are omitted.

    Parameters
    ----------
    ds : xarray.Dataset
        Flagged dataset.
    variables : str or iterable of str, optional
        Variables to list. By default all flags of the fugacity of the water, and of
        every other variable the flags that do not come from its inputs.

    Returns
    -------
    str
        CSV that `read_manual` reads; every line is a comment until its ``#`` is
        removed.

    Raises
    ------
    ProcessingError
        If the dataset has no flags.
    UnknownNameError
        If a variable has no flags.
    """
    flagged = flagged_names(ds)
    if not flagged:
        raise ProcessingError("the dataset has no flags: nothing to review")
    chosen = [variables] if isinstance(variables, str) else list(variables)
    for name in chosen:
        if name not in flagged:
            raise UnknownNameError("variable with a flag", name, flagged)
    with_inputs = {*chosen} or {_RESULT}
    lines = [",".join(COLUMNS)]
    for name in chosen or _inputs_first(flagged):
        lines += _template_lines(ds, name, with_inputs=name in with_inputs)
    return "\n".join(lines) + "\n"


def _inputs_first(flagged: Sequence[str]) -> list[str]:
    """Sort inputs before results."""
    return sorted(flagged, key=lambda name: (name in INPUTS, name == _RESULT))


def _template_lines(ds: xr.Dataset, name: str, with_inputs: bool) -> list[str]:
    time = ds["time"].to_numpy()
    flags = ds[f"{name}_flag"].to_numpy().astype(np.int64)
    tests = np.zeros(flags.shape, np.int64)
    if f"{name}_tests" in ds:
        tests = ds[f"{name}_tests"].to_numpy().astype(np.int64)
    undecided = (flags == QUESTIONABLE) | (flags == BAD)
    if f"{name}_flag_manual" in ds:
        undecided &= ds[f"{name}_flag_manual"].to_numpy() == NO_MANUAL_FLAG
    if not with_inputs:
        undecided &= (tests & TEST_BITS["input"]) == 0
    order = np.argsort(time, kind="stable")
    order = order[~np.isnat(time[order])]
    kind = np.where(undecided, 1 + flags + 8 * tests, 0)[order]
    starts = np.flatnonzero(np.diff(kind, prepend=-1))
    ends = np.append(starts[1:], kind.size) - 1
    out = []
    for start, end in zip(order[starts], order[ends], strict=True):
        if undecided[start]:
            reason = " ".join(named_tests(int(tests[start]))) or "no test named"
            first, last = (_time_text(time[row]) for row in (start, end))
            out.append(f"#{first},{last},{name},{flags[start]},{reason},,")
    return out


def _time_text(moment: np.datetime64) -> str:
    """Format a time with enough digits to find its row again."""
    return str(np.datetime_as_string(moment, unit="ms"))
