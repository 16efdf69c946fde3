"""Flags of the runs of gas standards, and of the samples that they calibrate."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from oceanco2.qc.engine import Bench, found_by
from oceanco2.qc.gas_standards import concerned
from oceanco2.qc.telling import tests_applied
from oceanco2.vocabulary import (
    BAD,
    GOOD,
    MISSING,
    QUESTIONABLE,
    TEST_BITS,
    flag_attrs,
    mask_attrs,
)

NAME = "standard_run"
#: What the runs of gas standards calibrate.
CALIBRATED = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
_NEEDED = ("time", "standard", "measured", "used")


@dataclass(frozen=True, slots=True)
class Runs:
    """What was found of the runs of gas standards."""

    variables: dict[str, Any] = field(default_factory=dict)
    layers: list[tuple[str, np.ndarray, int]] = field(default_factory=list)


def judge_runs(shared: Bench) -> Runs:
    """Run the checks of ``[qc.standard_run]``."""
    ds = shared.ds
    names = [f"{NAME}_{word}" for word in _NEEDED]
    if (
        not ds.sizes["time"]
        or not ds.sizes.get(NAME)
        or not set(names) <= set(ds.variables)
    ):
        return Runs()
    moments, which, measured, used = (ds[name].to_numpy() for name in names)
    seconds = (moments - ds["time"].to_numpy()[0]) / np.timedelta64(1, "s")
    mine = replace(shared, seconds=seconds)
    flags = np.full(measured.shape, GOOD, dtype=np.int8)
    tests = np.zeros(measured.shape, dtype=np.int64)
    flags[np.isnan(measured)] = MISSING
    tests[np.isnan(measured)] = TEST_BITS["missing"]
    layers = []
    for test, found in found_by(mine, NAME, measured, measured):
        told = (found != GOOD) & (flags < MISSING)
        tests[told] |= TEST_BITS[test]
        flags[told] = np.maximum(flags[told], found[told])
        for rows, flag in (
            (told, GOOD),
            (told & (found >= QUESTIONABLE), QUESTIONABLE),
            (told & (found == BAD), BAD),
        ):
            if rows.any():
                hit = concerned(test, rows, which, used, seconds, shared.seconds)
                layers.append((test, hit, flag))
    limits = json.dumps(tests_applied(shared, NAME), sort_keys=True)
    variables = {
        f"{NAME}_flag": (NAME, flags, flag_attrs(NAME) | {"tests_applied": limits}),
        f"{NAME}_tests": (NAME, tests, mask_attrs(NAME)),
    }
    return Runs(variables, layers)
