"""Flags of gas standard runs, and of the samples that they calibrate."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from oceanco2.qc.checks.standards import samples_of_runs
from oceanco2.qc.engine import CheckContext, run_checks
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
#: Variables calibrated with gas standards.
CALIBRATED = ("xCO2_water_Tequ_dry", "xCO2_atm_dry_actual")
_NEEDED = ("time", "standard", "measured", "used")


@dataclass(frozen=True, slots=True)
class RunFlags:
    """Flag variables of gas standard runs, and layers of the samples they calibrate."""

    variables: dict[str, Any] = field(default_factory=dict)
    layers: list[tuple[str, np.ndarray, int]] = field(default_factory=list)


def flag_runs(context: CheckContext) -> RunFlags:
    """Run the checks of ``[qc.standard_run]``."""
    ds = context.ds
    names = [f"{NAME}_{word}" for word in _NEEDED]
    if (
        not ds.sizes["time"]
        or not ds.sizes.get(NAME)
        or not set(names) <= set(ds.variables)
    ):
        return RunFlags()
    times, which, measured, used = (ds[name].to_numpy() for name in names)
    seconds = (times - ds["time"].to_numpy()[0]) / np.timedelta64(1, "s")
    run_context = replace(context, seconds=seconds)
    flags = np.full(measured.shape, GOOD, dtype=np.int8)
    tests = np.zeros(measured.shape, dtype=np.int64)
    flags[np.isnan(measured)] = MISSING
    tests[np.isnan(measured)] = TEST_BITS["missing"]
    layers = []
    for test, run_flags in run_checks(run_context, NAME, measured, measured):
        noted = (run_flags != GOOD) & (flags < MISSING)
        tests[noted] |= TEST_BITS[test]
        flags[noted] = np.maximum(flags[noted], run_flags[noted])
        for rows, flag in (
            (noted, GOOD),
            (noted & (run_flags >= QUESTIONABLE), QUESTIONABLE),
            (noted & (run_flags == BAD), BAD),
        ):
            if rows.any():
                samples = samples_of_runs(
                    test, rows, which, used, seconds, context.seconds
                )
                layers.append((test, samples, flag))
    limits = json.dumps(tests_applied(context, NAME), sort_keys=True)
    variables = {
        f"{NAME}_flag": (NAME, flags, flag_attrs(NAME) | {"tests_applied": limits}),
        f"{NAME}_tests": (NAME, tests, mask_attrs(NAME)),
    }
    return RunFlags(variables, layers)
