"""Pressures against each other: limits on both sides, worked out by hand."""

import numpy as np
import pytest

from oceanco2.qc.check import NOTED
from oceanco2.qc.checks.pressures import (
    ConstantOffsetOptions,
    PressureDifferenceOptions,
    check_constant_offset,
    check_pressure_difference,
)
from oceanco2.vocabulary import BAD, GOOD, QUESTIONABLE


def test_defaults():
    assert PressureDifferenceOptions().model_dump() == {
        "questionable": 15.0,
        "bad": 50.0,
        "offset": 10.0,
        "samples": 31,
        "minutes": 720.0,
    }
    assert ConstantOffsetOptions().model_dump() == {
        "share": 0.95,
        "tolerance": 1e-3,
        "distinct": 10.0,
    }


@pytest.mark.parametrize(
    ("equ", "atm", "flag"),
    [
        (1000.0, 1015.0, GOOD),
        (1000.0, 1015.5, QUESTIONABLE),
        (1015.5, 1000.0, QUESTIONABLE),
        (1000.0, 1050.0, QUESTIONABLE),
        (1000.0, 1050.5, BAD),
        (910.0, 870.0, QUESTIONABLE),
        (910.0, 869.5, GOOD),
        (1000.0, 1085.0, BAD),
        (1000.0, 1085.5, GOOD),
        (1000.0, np.nan, GOOD),
    ],
)
def test_one_difference(equ, atm, flag):
    equ_all, atm_all = np.full(9, 1000.0), np.full(9, 1000.0)
    equ_all[4], atm_all[4] = equ, atm
    seconds = 60.0 * np.arange(9)
    found = check_pressure_difference(equ_all, seconds, P_equ=equ_all, P_atm=atm_all)
    assert found.dtype == np.int8
    assert found[4] == flag
    assert (np.delete(found, 4) == GOOD).all()
    if 870.0 <= atm <= 1085.0:
        other = check_pressure_difference(
            atm_all, seconds, P_equ=equ_all, P_atm=atm_all
        )
        assert other.tolist() == found.tolist()


@pytest.mark.parametrize(("offset", "flag"), [(10.0, GOOD), (10.5, QUESTIONABLE)])
def test_a_lasting_difference(offset, flag):
    equ = np.full(40, 1000.0)
    atm = equ + offset
    found = check_pressure_difference(equ, 60.0 * np.arange(40), P_equ=equ, P_atm=atm)
    assert (found == flag).all()


def constant(equ, atm, **options):
    return check_constant_offset(
        equ, 60.0 * np.arange(equ.size), P_equ=equ, P_atm=atm, **options
    )


def test_a_constant_offset():
    equ = 1000.0 + np.arange(40.0)
    assert (constant(equ, equ - 2.0) == NOTED).all()
    assert (constant(equ, equ) == GOOD).all()  # no offset: the same sensor
    assert (constant(equ, equ - 0.0005) == GOOD).all()
    for different, flag in ((2, NOTED), (3, GOOD)):  # 95 % of 40 are 38
        atm = equ - 2.0
        atm[:different] -= 1.0
        found = constant(equ, atm)
        assert (found[different:] == flag).all()
        assert (found[:different] == GOOD).all()
    for distinct, flag in ((9, GOOD), (10, NOTED)):
        few = 1000.0 + np.arange(40) % distinct
        assert (constant(few, few - 2.0) == flag).all()
    equ[3] = np.nan
    found = constant(equ, equ - 2.0)
    assert found[3] == GOOD
    assert (np.delete(found, 3) == NOTED).all()
