"""Registries: names, owners, places of what is registered."""

import pytest

from oceanco2 import registry
from oceanco2.errors import RegistrationError, UnknownNameError
from oceanco2.registry import Registry


def test_entries():
    things = Registry("thing")
    things.add("b", 1)
    things.add("a", 2)
    assert things.registered() == [1, 2]
    assert list(things) == ["b", "a"]
    assert len(things) == 2
    assert things["a"] == 2
    assert things.owner("a") == ""
    assert things.get("c") is None
    with pytest.raises(UnknownNameError, match=r"named 'c'\. Available: a, b\."):
        things["c"]
    with pytest.raises(RegistrationError) as caught:
        things.add("a", 3)
    assert str(caught.value) == "thing 'a' is already registered by oceanco2"
    things._owner = "other"
    with pytest.raises(RegistrationError) as caught:
        things.add("a", 3)
    expected = "thing 'a' is already registered by oceanco2 and again by other"
    assert str(caught.value) == expected
    things.add("c", 4)
    assert things.owner("c") == "other"
    with pytest.raises(RegistrationError, match="by other and again by other"):
        things.add("c", 4)


def test_places_of_modules():
    things = Registry("thing")
    for name, home in (("a", "plug"), ("b", "second"), ("c", "first"), ("d", "second")):
        things.add(name, name)
        things._homes[name] = home
    things._places = {"first": 0, "second": 1}
    things._sort()
    assert things.registered() == ["c", "b", "d", "a"]


def test_a_failure_is_kept():
    things = Registry("thing")
    calls = []

    def refuse():
        calls.append(1)
        things.add("a", 1)
        things.add("a", 1)

    things._import_all = refuse
    for _ in range(2):
        with pytest.raises(RegistrationError, match="thing 'a' is already"):
            things.load()
    assert calls == [1]
    assert not things._loading


@pytest.mark.parametrize(
    ("name", "kind", "group"),
    [
        ("READERS", "reader", "oceanco2.readers"),
        ("CALIBRATION_MODELS", "calibration model", "oceanco2.calibration_models"),
        ("CHECKS", "check", "oceanco2.checks"),
        ("FORMATS", "format", "oceanco2.formats"),
        ("FIGURES", "kind of figure", "oceanco2.figures"),
    ],
)
def test_all_registries(name, kind, group):
    entry = getattr(registry, name)
    assert (entry.kind, entry.group) == (kind, group)
    assert len(entry) > 0
    assert {entry.owner(n) for n in entry} == {""}
