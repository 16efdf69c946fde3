"""Codes on the dataset: flags, run types, kinds of values, tests."""

from collections.abc import Mapping
from types import MappingProxyType

FLAG_VALUES: Mapping[str, int] = MappingProxyType(
    {"not_evaluated": 0, "good": 2, "questionable": 3, "bad": 4, "missing": 9}
)
GOOD, QUESTIONABLE, BAD, MISSING = (
    FLAG_VALUES[word] for word in ("good", "questionable", "bad", "missing")
)

#: What a row of a raw file is. "same" (a drain) takes the run that it follows.
RUN_TYPES: Mapping[str, int] = MappingProxyType(
    {
        "unknown": 0,
        "water": 1,
        "air": 2,
        "standard": 3,
        "zero": 4,
        "span": 5,
        "ignored": 6,
        "flush": 7,  # a membrane sensor recovers from its zero
    }
)

#: Where a value comes from.
VALUE_TYPES: Mapping[str, int] = MappingProxyType(
    {"missing": 0, "measured": 1, "interpolated": 2, "nominal": 3}
)

#: How a calibrated value was reached.
CALIBRATION_STATUS: Mapping[str, int] = MappingProxyType(
    {"not_calibrated": 0, "two_sided": 1, "one_sided": 2, "uncalibrated_accepted": 3}
)

#: Tests that can fire, in the order of their bits in ``X_tests``.
TESTS: tuple[str, ...] = (
    "missing",  # no value
    "physical",  # cannot be such a quantity; results are not computed from it
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
    "diagnostic",  # gas or water flow out of its limits, an analyser tells an error
    "not_calibrated",
    "one_sided",
    "outside_span",
    "standard_residual",
    "flushing",
    "run_not_used",  # run type ignored or unknown
    "damaged_row",
    "gap",  # nothing to interpolate from within the limit
    "input",  # an input of this result is doubtful: its bits are added
    "delivered",  # the flag came with the file
    "manual",  # a person's flag
    "air_plausibility",
    "fixed_value",  # a nominal value stands in for a measurement
    "climatology",
    "outside_formula",  # outside the published range of a formula
    "zero_current",  # the sensor counts more than at its zero
    "zero_failed",  # the system could not set its zero in this cycle
    "span_failed",  # nor its span
    "warming_outlier",  # equilibrator warming apart from that around it
    "warming_rate",  # or changes too fast, not at a front
    "cooling",  # the equilibrator is colder than the sea where ships warm
    "constant_warming",  # one temperature was made from the other
    "pressure_difference",  # equilibrator and air pressure too far apart
    "constant_offset",  # one pressure was made from the other
    "step",  # the value steps and stays
    "analyser_step",  # CO2 steps and the water does not
    "standard_rejected",  # a run that is no reading of its gas
    "standard_step",  # a standard reads otherwise than at its last run
    "standard_drift",  # a standard drifts away from the others
    "standard_scatter",  # readings within a run scatter
    "standard_gap",  # a set of standards is missing
    "flow_drop",  # a flow falls below what it usually is
    "freezing",  # water below its freezing point
    "ice",  # taken in among close ice
    "port",  # at a berth, with water that stands in the pipes
    "plume",  # exhaust of the ship in the air sample
    "deviation",  # far from the mean of the whole series
    "missing_standards",  # too few usable standards before or after
    "standard_offset",  # a gas standard reads far from what it is
    "isotope_sum",  # 12CO2 and 13CO2 do not add up
)
TEST_BITS: Mapping[str, int] = MappingProxyType(
    {name: 1 << position for position, name in enumerate(TESTS)}
)


def named_tests(mask: int) -> list[str]:
    """Spell out a bit mask of tests.

    Parameters
    ----------
    mask : int
        A value of an ``X_tests`` variable.

    Returns
    -------
    list of str
        Names of the tests that fired.

    Examples
    --------
    >>> named_tests(5)
    ['missing', 'range']
    """
    return [name for name, bit in TEST_BITS.items() if int(mask) & bit]
