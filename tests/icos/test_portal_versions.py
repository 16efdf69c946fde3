"""What replaces what at the ICOS portal, and the identifiers of objects."""

from types import SimpleNamespace

import pytest

from oceanco2.errors import OptionError, ProcessingError
from oceanco2.icos import portal
from oceanco2.icos.portal import PortalObject, Version, version_of


def item(name, first, last, level=1, replaces=(), digest=None):
    start, stop = (f"2020-01-{day:02}T00:00:00.000Z" for day in (first, last))
    return PortalObject(name, digest or name, level, start, stop, replaces)


def test_time_in_common():
    one = item("a", 3, 5)
    for first, last, overlaps, covers in (
        (1, 2, False, False),
        (1, 3, True, False),
        (3, 5, True, True),
        (4, 4, True, True),
        (3, 6, True, False),
        (2, 5, True, False),
        (5, 6, True, False),
        (6, 7, False, False),
    ):
        other = item("b", first, last)
        assert one.overlaps(other) is overlaps
        assert other.overlaps(one) is overlaps
        assert one.covers(other) is covers


def test_versions():
    new = item("new", 3, 5)
    old = item("old", 4, 8)
    assert version_of(new, []) == Version()
    assert version_of(new, [item("old", 6, 8)]) == Version()
    assert version_of(new, [old]) == Version(("old",), False, ())
    assert version_of(new, [item("same", 3, 5, digest="new")]) == Version()
    part = item("part", 6, 8, replaces=("old",))
    assert version_of(new, [old, part]) == Version(("old",), True, (part,))
    whole = item("whole", 4, 8, replaces=("old",))
    assert version_of(new, [old, whole]) == Version(("whole",), False, ())


@pytest.mark.parametrize(
    ("new", "older", "text"),
    [
        (
            *(item("n", 1, 2, 2, digest="d"), [item("o", 1, 2, digest="d")]),
            "has the same bytes",
        ),
        (item("n", 1, 2), [item("o", 1, 2, 2)], "must not replace final ones"),
        (item("n", 1, 5), [item("o", 1, 2), item("p", 3, 4)], "overlaps 2 objects"),
        (item("n", 1, 2, 2), [item("o", 1, 2, 2)], "must have the same file name"),
    ],
)
def test_versions_that_are_refused(new, older, text):
    with pytest.raises(ProcessingError, match=text):
        version_of(new, older)


def test_a_final_table_of_the_same_name_is_replaced():
    old = item("n", 1, 2, 2, digest="x")
    assert version_of(item("n", 1, 2, 2), [old]).replaces == ("x",)
    assert version_of(item("m", 1, 2, 2), [item("o", 1, 2)]).replaces == ("o",)


@pytest.mark.parametrize(
    ("parts", "replaced"),
    [
        ([], False),
        ([(1, 9)], True),
        ([(1, 5), (5, 9)], True),
        ([(5, 9), (1, 5)], True),
        ([(1, 5), (6, 9)], False),
        ([(1, 5)], False),
        ([(2, 9)], False),
        ([(1, 8)], False),
    ],
)
def test_objects_that_are_replaced_by_several(parts, replaced):
    old = item("old", 1, 9)
    others = [item(f"p{a}", a, b, replaces=("old",)) for a, b in parts]
    assert portal._replaced(old, [*others, item("x", 1, 9)]) is replaced


def test_gaps_of_a_second_are_allowed():
    def piece(start, stop):
        return PortalObject(start, start, 1, f"{start}Z", f"{stop}Z", ("old",))

    old = item("old", 1, 9)
    first = piece("2020-01-01T00:00:00", "2020-01-05T00:00:00")
    last = "2020-01-09T00:00:00"
    assert portal._replaced(old, [first, piece("2020-01-05T00:00:01", last)])
    assert not portal._replaced(old, [first, piece("2020-01-05T00:00:02", last)])


def test_moments():
    assert portal.moment("2020-01-01T00:00:00Z").isoformat() == (
        "2020-01-01T00:00:00+00:00"
    )
    for text in ("yesterday", None):
        with pytest.raises(ProcessingError, match="is not a time such as"):
            portal.moment(text)


def test_specifications():
    names = {
        (0, "41"): "otcL0DataObject",
        (0, "31"): "otcL0DataObject",
        (1, "31"): "icosOtcL1Product_v2",
        (1, "41"): "icosOtcFosL1Product",
        (2, "31"): "icosOtcL2Product",
        (2, "41"): "icosOtcFosL2Product",
    }
    for (level, category), name in names.items():
        url = portal.specification(level, SimpleNamespace(category=category))
        assert url == f"http://meta.icos-cp.eu/resources/cpmeta/{name}"
    for level in (3, -1):
        with pytest.raises(OptionError, match="level must be one of 0, 1, 2"):
            portal.specification(level, SimpleNamespace(category="31"))


def test_identifiers():
    assert portal.object_id("0" * 64) == "A" * 24
    assert portal.object_id("f" * 64) == "_" * 24
    for digest in ("0" * 63, "0" * 65, "F" * 64):
        with pytest.raises(ProcessingError, match="is not a SHA-256"):
            portal.object_id(digest)
