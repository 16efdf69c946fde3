"""Codes on the dataset: flags, run types, kinds of values, tests."""

from collections.abc import Mapping
from types import MappingProxyType

FLAG_VALUES: Mapping[str, int] = MappingProxyType(
    {"not_evaluated": 0, "good": 2, "questionable": 3, "bad": 4, "missing": 9}
)
GOOD, QUESTIONABLE, BAD, MISSING = (
    FLAG_VALUES[word] for word in ("good", "questionable", "bad", "missing")
)

#: Type of a row of a raw file. "same" (a drain) takes the type of the run before.
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

#: Origin of a value.
VALUE_TYPES: Mapping[str, int] = MappingProxyType(
    {"missing": 0, "measured": 1, "interpolated": 2, "nominal": 3}
)

#: How a value was calibrated.
CALIBRATION_STATUS: Mapping[str, int] = MappingProxyType(
    {"not_calibrated": 0, "two_sided": 1, "one_sided": 2, "uncalibrated_accepted": 3}
)

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
