"""The checks behind a flag: name and bit of ``X_tests``, CF mask attributes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

#: Tests, in the order of their bits in ``X_tests``.
TESTS: tuple[str, ...] = (
    "missing",  # no value
    "physical",  # physically impossible; results are not computed from it
    "range",
    "constant",
    "gradient",
    "spike",
    "outlier",
    "position",
    "speed",
    "time_order",
    "duplicate_time",
    "warming",
    "diagnostic",  # gas or water flow outside its limits, an analyser reports an error
    "not_calibrated",
    "one_sided",
    "outside_span",
    "standard_residual",
    "flushing",
    "run_not_used",  # run type ignored or unknown
    "damaged_row",
    "gap",  # no value to interpolate from within the limit
    "input",  # an input of this result is flagged: its bits are added
    "delivered",  # flag delivered with the file
    "manual",  # manual flag
    "air_plausibility",
    "fixed_value",  # a nominal value replaces a measurement
    "climatology",
    "outside_formula",  # outside the published range of a formula
    "zero_current",  # the sensor counts more than at its zero
    "zero_failed",  # the system could not set its zero in this cycle
    "span_failed",  # the system could not set its span in this cycle
    "warming_outlier",  # equilibrator warming far from its running median
    "warming_rate",  # warming changes too fast, not at a front
    "cooling",  # the equilibrator is colder than the sea where ships warm
    "constant_warming",  # one temperature was computed from the other
    "pressure_difference",  # equilibrator and air pressure too far apart
    "constant_offset",  # one pressure was computed from the other
    "step",  # the value steps and stays
    "analyser_step",  # CO2 steps but temperature and salinity do not
    "standard_rejected",  # a run that is not a plausible reading of its gas
    "standard_step",  # the reading of a standard changed since its last run
    "standard_drift",  # a standard drifts away from the others
    "standard_scatter",  # readings within a run scatter
    "standard_gap",  # a set of standards is missing
    "flow_drop",  # a flow falls below its running median
    "freezing",  # water below its freezing point
    "ice",  # taken in among dense ice
    "port",  # at a berth, with stagnant water in the pipes
    "plume",  # exhaust of the ship in the air sample
    "deviation",  # far from the mean of the whole series
    "missing_standards",  # too few usable standards before or after
    "standard_offset",  # a gas standard reads far from its concentration
    "isotope_sum",  # 12CO2 and 13CO2 do not add up
)
TEST_BITS: Mapping[str, int] = MappingProxyType(
    {name: 1 << position for position, name in enumerate(TESTS)}
)


def named_tests(mask: int) -> list[str]:
    """Return the names of the tests in a bit mask.

    Parameters
    ----------
    mask : int
        A value of an ``X_tests`` variable.

    Returns
    -------
    list of str
        Names of the tests whose bits are set.

    Examples
    --------
    >>> named_tests(5)
    ['missing', 'range']
    """
    return [name for name, bit in TEST_BITS.items() if int(mask) & bit]


def mask_attrs(name: str) -> dict[str, Any]:
    """Return the CF attributes of a bit mask of tests (int64).

    Parameters
    ----------
    name : str
        The variable the tests were run on.

    Returns
    -------
    dict
        CF ``flag_masks`` and ``flag_meanings``.
    """
    import numpy as np

    return {
        "long_name": f"tests that fired on {name}",
        "flag_masks": np.array(list(TEST_BITS.values()), dtype=np.int64),
        "flag_meanings": " ".join(TESTS),
    }
