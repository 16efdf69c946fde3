"""Bits of the tests behind flags: frozen, and the same whatever was imported first."""

import csv
import subprocess
import sys

import numpy as np
import pytest

from oceanco2.bits import (
    OTHER_TESTS,
    PLUGIN_BITS,
    TEST_BITS,
    TESTS,
    bits_of,
    mask_attrs,
    named_tests,
    unknown_bits,
)
from oceanco2.qc import CHECKS


@pytest.fixture
def table(reference):
    with (reference / "test_bits.csv").open(newline="", encoding="utf-8") as file:
        return {row["name"]: int(row["bit"]) for row in csv.DictReader(file)}


def test_bits_are_those_of_the_table(table):
    """Files were written with them: a row may be added, none may move."""
    found = {name: bit.bit_length() - 1 for name, bit in TEST_BITS.items()}
    assert found == table
    assert list(found) == list(TESTS) == sorted(table, key=table.__getitem__)
    assert all(bit == 1 << table[name] for name, bit in TEST_BITS.items())
    assert not set(PLUGIN_BITS) & set(table.values())


def test_the_first_rows_of_the_table_are_those_of_the_first_files(table):
    first = "missing physical range constant gradient spike outlier position speed"
    assert list(table)[:9] == first.split()
    assert list(table)[50:53] == ["missing_standards", "standard_offset", "isotope_sum"]
    assert sorted(table.values())[:53] == list(range(53))


def test_every_test_is_a_check_or_is_declared_with_the_bits(table):
    assert not set(CHECKS) & set(OTHER_TESTS)
    assert {*CHECKS, *OTHER_TESTS} == set(table)
    assert len(TEST_BITS) == len(table)
    assert "nonsense" not in TEST_BITS
    assert TEST_BITS.get("nonsense", 0) == 0


PROGRAM = """
import importlib, pkgutil, sys
order = {order!r}
if order:
    import oceanco2.qc.checks as checks
    names = sorted(module.name for module in pkgutil.iter_modules(checks.__path__))
    for name in (names if order == "forward" else reversed(names)):
        importlib.import_module(f"oceanco2.qc.checks.{{name}}")
from oceanco2.bits import mask_attrs
attrs = mask_attrs("x")
print(attrs["flag_masks"].tolist(), attrs["flag_meanings"])
from oceanco2.qc import describe_checks
print(describe_checks())
"""


@pytest.mark.parametrize("order", ["", "forward", "reverse"])
def test_masks_do_not_depend_on_what_was_imported(order):
    from oceanco2.qc import describe_checks

    attrs = mask_attrs("x")
    expected = f"{attrs['flag_masks'].tolist()} {attrs['flag_meanings']}\n"
    expected += f"{describe_checks()}\n"
    command = [sys.executable, "-c", PROGRAM.format(order=order)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stdout == expected


def test_a_spawned_worker_has_the_same_masks():
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        attrs = pool.submit(mask_attrs, "x").result(timeout=120)
    expected = mask_attrs("x")
    assert attrs["flag_meanings"] == expected["flag_meanings"]
    np.testing.assert_array_equal(attrs["flag_masks"], expected["flag_masks"])


def test_bits_are_found_without_loading_the_checks():
    """Tests that are no checks; names of modules say what was imported."""
    program = (
        "import sys\nfrom oceanco2.bits import TEST_BITS\n"
        "print(TEST_BITS['manual'], 'oceanco2.qc' in sys.modules, 'numpy' in"
        " sys.modules)\nprint(TEST_BITS['spike'], 'oceanco2.qc' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [str(1 << 23), "False", "False", "32", "True"]


def test_a_mask_is_read_by_the_names_of_its_own_file():
    attrs = {"flag_masks": np.array([1, 4, 1 << 58]), "flag_meanings": "no range mine"}
    assert bits_of(attrs) == {"no": 1, "range": 4, "mine": 1 << 58}
    assert named_tests(4 + (1 << 58), attrs) == ["range", "mine"]
    assert unknown_bits(attrs) == {"mine": 1 << 58}
    assert named_tests(4 + (1 << 58)) == ["range"]
    one = {"flag_masks": np.int64(4), "flag_meanings": "range"}
    assert bits_of(one) == {"range": 4}
    for damaged in ({}, {"flag_masks": [1, 2], "flag_meanings": "one"}):
        assert bits_of(damaged) is TEST_BITS


def test_a_mask_of_tests_that_are_not_known_here_keeps_their_names():
    attrs = mask_attrs("x", {"mine": 1 << 58})
    assert attrs["flag_masks"].dtype == np.int64
    assert attrs["flag_masks"].tolist() == [*TEST_BITS.values(), 1 << 58]
    assert attrs["flag_meanings"].split() == [*TEST_BITS, "mine"]


@pytest.mark.parametrize("masks", ["x", ["x", "y"], [None, None], np.array(["a", "b"])])
def test_masks_that_are_no_numbers_are_those_of_the_package(masks):
    assert bits_of({"flag_masks": masks, "flag_meanings": "a b"}) is TEST_BITS
