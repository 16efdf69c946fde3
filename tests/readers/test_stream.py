"""Raw files of a stream in natural order."""

from oceanco2.readers.stream import _natural_key


def test_ten_comes_after_nine():
    names = ["a10.txt", "a9.txt", "a9b.txt", "b1.txt", "a09.txt"]
    found = sorted(names, key=_natural_key)
    assert found == ["a09.txt", "a9.txt", "a9b.txt", "a10.txt", "b1.txt"]
    assert _natural_key("a10b") == [(-1, "a"), (10, "10"), (-1, "b")]
