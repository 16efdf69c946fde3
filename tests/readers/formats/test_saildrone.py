"""JSON of Saildrone vehicles: complete, named lists, and damaged."""

import pytest

from oceanco2.readers.formats.saildrone import _find_records


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('[{"a": 1}, {"a": 2}]', [1, 2]),
        ('{"a": 7}', [7]),
        ('[{"a": 1},{"a": 2},{"a', [1, 2]),  # cut in the third
        ('[ {"a": 1}\r\n,\t{"a": 2}, {', [1, 2]),
        ('[{"a": 1} {"a": 2} x {"a": 3}]', [1, 2]),  # no comma, then no separator
        ('{"a": 1}, {"a": 2', []),  # no list: nothing is guessed
        ("", []),
    ],
)
def test_records_before_the_damage(text, records):
    found, problem = _find_records(text)
    assert [record["a"] for record in found] == records
    complete = text.endswith(("]", "}")) and " x " not in text
    expected = f"damaged JSON: {len(records)} records before the damage are read"
    assert problem == ("" if complete else expected)
