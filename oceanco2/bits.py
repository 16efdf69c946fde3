"""The tests behind a flag: name and bit of ``X_tests``, CF mask attributes.

Every check is a test and defines its own bit; tests that are not checks are here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from oceanco2.registry import CHECKS

#: Positions for checks of other distributions; the package itself never takes them.
PLUGIN_BITS = range(58, 63)


@dataclass(frozen=True, slots=True)
class Test:
    """A test that is not a check: found while data are read or computed."""

    __test__ = False  # not for pytest

    name: str
    bit: int
    meaning: str
    #: The variable that shows it, if not the flagged one.
    tested: str = ""


#: Tests that are not checks.
OTHER_TESTS: Mapping[str, Test] = MappingProxyType(
    {
        test.name: test
        for test in (
            Test("missing", 0, "no value"),
            # results are not computed from it
            Test("physical", 1, "physically impossible"),
            # gas or water flow outside its limits, an analyser reports an error
            Test("diagnostic", 12, "a diagnostic is outside its limits"),
            Test("not_calibrated", 13, "too few usable gas standards"),
            Test("one_sided", 14, "gas standards on one side only", "calibration_age"),
            Test(
                "outside_span",
                15,
                "outside the span of the gas standards",
                "calibration_span_distance",
            ),
            Test(
                "standard_residual",
                16,
                "gas standards do not fit a line",
                "calibration_residual",
            ),
            Test("flushing", 17, "the run has just begun"),
            Test("run_not_used", 18, "run type ignored or unknown"),
            Test("damaged_row", 19, "the row of the raw file is damaged"),
            Test("gap", 20, "no value to interpolate from within the limit"),
            # an input of this result is flagged: its bits are added
            Test("input", 21, "input"),
            Test("delivered", 22, "flag delivered with the file"),
            Test("manual", 23, "manual flag"),
            Test("fixed_value", 25, "a nominal value replaces a measurement"),
            Test("outside_formula", 27, "outside_formula"),
            Test(
                "zero_current",
                28,
                "the signal exceeds that of the zero gas",
                "current_count",
            ),
            Test("zero_failed", 29, "the system could not set its zero", "zero_status"),
            Test("span_failed", 30, "the system could not set its span", "span_status"),
        )
    }
)


class _TestBits(Mapping[str, int]):
    """Names of all tests to the values of their bits, in the order of the bits."""

    def __getitem__(self, name: str) -> int:
        entry = OTHER_TESTS.get(name)
        # Tests that are not checks are found without loading the checks.
        return 1 << (CHECKS[name].bit if entry is None else entry.bit)

    def __iter__(self) -> Iterator[str]:
        bits = {test.name: test.bit for test in OTHER_TESTS.values()}
        bits |= {check.name: check.bit for check in CHECKS.values()}
        return iter(sorted(bits, key=bits.__getitem__))

    def __len__(self) -> int:
        return len(OTHER_TESTS) + len(CHECKS)

    def __repr__(self) -> str:
        return repr(dict(self))


#: Names of all tests to the values of their bits; the first look-up loads the checks.
TEST_BITS: Mapping[str, int] = _TestBits()


def __getattr__(name: str) -> Any:
    if name == "TESTS":  # names of all tests, in the order of their bits
        return tuple(TEST_BITS)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def bits_of(attrs: Mapping[str, Any]) -> Mapping[str, int]:
    """Return names and bits of the tests of a mask, as listed by the mask itself."""
    masks, meanings = attrs.get("flag_masks"), attrs.get("flag_meanings")
    if masks is None or not isinstance(meanings, str):
        return TEST_BITS
    listed = masks if hasattr(masks, "__len__") else [masks]
    try:
        bits = [int(mask) for mask in listed]
    except (TypeError, ValueError):  # text, in an edited file
        return TEST_BITS
    names = meanings.split()
    same = len(names) == len(bits) and len(bits) > 0
    return dict(zip(names, bits, strict=True)) if same else TEST_BITS


def unknown_bits(attrs: Mapping[str, Any]) -> dict[str, int]:
    """Return the tests of a mask whose bits mean nothing here: of absent plug-ins."""
    own = set(TEST_BITS.values())
    return {name: bit for name, bit in bits_of(attrs).items() if bit not in own}


def named_tests(mask: int, attrs: Mapping[str, Any] | None = None) -> list[str]:
    """Return the names of the tests in a bit mask.

    Examples
    --------
    >>> named_tests(5)
    ['missing', 'range']
    """
    bits = TEST_BITS if attrs is None else bits_of(attrs)
    return [name for name, bit in bits.items() if int(mask) & bit]


def mask_attrs(name: str, more: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Return the CF attributes of a bit mask of tests (int64)."""
    import numpy as np

    bits = {**TEST_BITS, **(more or {})}
    names = sorted(bits, key=bits.__getitem__)
    return {
        "long_name": f"tests that fired on {name}",
        "flag_masks": np.array([bits[n] for n in names], dtype=np.int64),
        "flag_meanings": " ".join(names),
    }
