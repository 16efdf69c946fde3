"""Explanations of flags: options, limits and sentences as text."""

from importlib import import_module

import numpy as np
import pytest

from oceanco2.errors import OptionError

explain = import_module("oceanco2.qc.explain")  # the room has a function of its name


def test_options_as_text():
    options = {"bad": (1.0, 2.5), "limit": 0.25, "file": "", "blame": "one"}
    text = explain.format_options(options)
    assert text == "bad [1, 2.5], limit 0.25, file none, blame one"
    assert explain.format_options({}) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-10.1, "bad [-10, 50]"),
        (50.1, "bad [-10, 50]"),
        (50.0, "questionable [-2, 40]"),
        (-2.1, "questionable [-2, 40]"),
        (40.0, "questionable [-2, 40], bad [-10, 50]"),
        (-2.0, "questionable [-2, 40], bad [-10, 50]"),
    ],
)
def test_the_exceeded_range(value, text):
    options = {"questionable": [-2.0, 40.0], "bad": [-10.0, 50.0]}
    assert explain._limit_text(options, value) == text


def test_sentences():
    sentence = explain._sentence
    speed = "faster than such a platform can move [knot]"
    found = sentence("position", "speed", np.nan, 31.5, "bad 80")
    assert found == f"position: {speed}, 31.5 knots (bad 80)"
    found = sentence("position", "speed", np.nan, np.nan, "")
    assert found == f"position: {speed}"
    assert sentence("SST", "other", 1.5, np.nan, "") == "SST 1.5: other"
    with pytest.raises(OptionError, match="no profile named 'x'"):
        explain.describe_checks("x")


def test_unions():
    like = np.array([True, False, False])
    masks = [np.array([False, True, False]), np.array([False, False, False])]
    assert explain._union(masks, like).tolist() == [False, True, False]
    assert not explain._union([], like).any()
