"""Criteria of the warming at their limits: a share at the limit still holds."""

from types import SimpleNamespace

import pytest

from oceanco2.socat.criteria import rules

NAMES = ("share_above_1", "share_above_3", "rate_95_percent", "share_apart_0.3")


def states(monkeypatch, **numbers):
    values = dict.fromkeys((*NAMES, "median", "standard_deviation"), 0.01) | numbers
    warming = SimpleNamespace(numbers=lambda: values)
    monkeypatch.setattr(rules, "warming_of", lambda *_: warming)
    monkeypatch.setattr(
        rules, "_SHARES", {"warming_measured": _zero, "cooling": _unknown}
    )
    evidence = SimpleNamespace(ds=None, water=None)
    return {c.key: (c.state, c.limit) for c in rules._warming(evidence)}


def _zero(*_):
    return 0.0


def _unknown(*_):
    return None


@pytest.mark.parametrize(
    ("number", "criterion", "limit"),
    [
        ("share_above_1", "warming_1", 0.05),
        ("share_above_3", "warming_3", 0.05),
        ("rate_95_percent", "warming_rate", 1.0),
        ("share_apart_0.3", "warming_outliers", 0.05),
    ],
)
def test_at_and_above_the_limit(monkeypatch, number, criterion, limit):
    assert states(monkeypatch, **{number: limit})[criterion] == ("holds", limit)
    above = states(monkeypatch, **{number: limit + 1e-6})[criterion]
    assert above == ("fails", limit)


def test_what_cannot_be_known(monkeypatch):
    assert states(monkeypatch)["cooling"] == ("unknown", None)
    assert states(monkeypatch, rate_95_percent=None)["warming_rate"][0] == "unknown"
