"""Contradictions and their answers in a platform file."""

import pytest

from oceanco2 import platforms
from oceanco2.errors import PlatformError
from oceanco2.platforms import SetUp
from oceanco2.platforms.contradictions import CONTRADICTIONS, unanswered

PLATFORM = """
schema = 1
name = "Test"
kind = "ship"
platform_code = "ZZ99"
[files.a]
reader = "delimited"
[variables]
salinity = { value = 35.0, units = "1" }
"""
MESSAGE = "a.csv: wind_speed: knots here, m s-1 there"


def with_answer(text):
    return platforms.parse(f"{PLATFORM}[accepted]\n{text}\n".encode(), "x.toml")


@pytest.mark.parametrize(
    ("answer", "variable", "silent"),
    [
        ("", "wind_speed", False),
        ('units = "checked"', "wind_speed", True),
        ('units = "checked"', "", True),
        ('units.wind_speed = "checked"', "wind_speed", True),
        ('units.wind_speed = "checked"', "SST", False),
        ('units.wind_speed = "checked"', "", False),
    ],
)
def test_an_answer_ends_its_own_warning_only(answer, variable, silent):
    accepted = with_answer(answer).accepted
    warnings = unanswered(accepted, "units", MESSAGE, variable)
    key = "units.wind_speed" if variable == "wind_speed" else "units"
    key = "units.SST" if variable == "SST" else key
    expected = f'{MESSAGE}. If this is right: [accepted] {key} = "why"'
    assert warnings == ([] if silent else [expected])


def test_the_printed_key_can_be_pasted():
    printed = unanswered({}, "units", MESSAGE, "SST")[0].partition("[accepted] ")[2]
    assert with_answer(printed).accepted == {"units": {"SST": "why"}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('unit = "x"', r"\[accepted.unit\] no contradiction named 'unit'.*'units'"),
        ('units = " "', r"\[accepted.units\] needs a reason"),
        ("units = {}", r"\[accepted.units\] needs a reason"),
        ('units = { SST = "" }', r"\[accepted.units\] needs a reason"),
    ],
)
def test_wrong_answers_are_refused(text, message):
    with pytest.raises(PlatformError, match=message):
        with_answer(text)


def test_the_reason_is_in_the_set_up():
    set_up = SetUp.from_platform(with_answer('units = "checked"'))
    assert set_up.content()["accepted"] == {"units": "checked"}


def test_every_contradiction_says_what_contradicts_what():
    assert all("and" in text or "against" in text for text in CONTRADICTIONS.values())
