"""Flags of fluxes: the worst flag of their inputs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.bits import TEST_BITS, unknown_bits
from oceanco2.vocabulary import BAD, GOOD, MISSING, QUESTIONABLE

#: Highest wind with measured transfer velocities [m s-1].
HIGH_WIND = 20.0


def outside(entries: Iterable[Any], columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the rows outside the published range of a formula."""
    mask = np.zeros(next(iter(columns.values())).size, dtype=bool)
    for entry in entries:
        for argument, low, high in entry.valid:
            if argument in columns:
                values = columns[argument]
                mask |= (values < low) | (values > high)
    return mask


@dataclass(frozen=True, slots=True)
class Quality:
    """Flag and tests of every row."""

    flag: np.ndarray
    tests: np.ndarray
    #: Tests whose bits are those of a plug-in that is not installed.
    unknown: dict[str, int] = field(default_factory=dict)


def of_variable(ds: xr.Dataset, name: str) -> Quality | None:
    """Return the quality of a variable of the dataset."""
    if f"{name}_flag" not in ds:
        return None
    flag = ds[f"{name}_flag"].to_numpy().astype(np.int8)
    if f"{name}_tests" not in ds:
        return Quality(flag, np.zeros(flag.size, np.int64))
    tests = ds[f"{name}_tests"]
    bits = unknown_bits(tests.attrs)
    return Quality(flag, tests.to_numpy().astype(np.int64), bits)


def of_air(ds: xr.Dataset, source: np.ndarray, names: Mapping[str, int]) -> Quality:
    """Return the quality of the air value that each row uses."""
    out = Quality(
        np.where(source == 0, MISSING, 0).astype(np.int8),
        np.where(source == 0, TEST_BITS["missing"], 0).astype(np.int64),
    )
    for name, code in names.items():
        quality = of_variable(ds, name)
        if quality is not None:
            out.flag[source == code] = quality.flag[source == code]
            out.tests[source == code] = quality.tests[source == code]
            out.unknown.update(quality.unknown)
    return out


def worst_quality(
    parts: Iterable[Quality | None],
    result: np.ndarray,
    formula: np.ndarray | None = None,
    high_wind: np.ndarray | None = None,
) -> Quality:
    """Return the quality of a result."""
    flag = np.zeros(result.size, dtype=np.int8)
    tests = np.zeros(result.size, dtype=np.int64)
    missing_input = np.zeros(result.size, dtype=bool)
    unknown: dict[str, int] = {}
    for part in parts:
        if part is not None:
            unknown |= part.unknown
            missing_input |= part.flag == MISSING
            present = np.where(part.flag == MISSING, 0, part.flag)
            np.maximum(flag, present, out=flag, casting="same_kind")
            tests |= np.where(present > GOOD, part.tests, 0).astype(np.int64)
    tests[flag > GOOD] |= TEST_BITS["input"]
    no_result = np.isnan(result)
    if formula is not None:
        tests[formula] |= TEST_BITS["outside_formula"]
    if high_wind is not None:
        flag[high_wind] = np.maximum(flag[high_wind], QUESTIONABLE)
    missing = no_result & ((flag != BAD) | missing_input)
    flag[missing] = MISSING
    tests[missing] = 0
    tests[no_result] |= TEST_BITS["missing"]
    return Quality(flag, tests, unknown)
