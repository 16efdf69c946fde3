"""Exact duplicates count once, wherever a file is cut."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from oceanco2.grids import Duplicates

NAN = float("nan")


def first(rows, cuts=()):
    """Rows: (time, data set, fco2, salinity) at one place and temperature."""
    found = Duplicates()
    table = np.array(rows, float).reshape(-1, 4)
    masks = []
    for part in np.split(table, sorted(cuts)):
        time, number, fco2, salinity = part.T
        fixed = np.full(time.size, 1.0)
        masks.append(
            found.first(
                *(time.astype("datetime64[s]"), number.astype(int), fixed, fixed),
                *(fco2, fixed, salinity),
            )
        )
    return np.concatenate(masks).tolist(), found


def test_every_value_has_to_agree():
    rows = [
        (0, 1, 350.0, 35.0),
        (0, 1, 350.0, 35.0),  # again
        (0, 1, 350.1, 35.0),
        (0, 1, 350.0, 35.0),  # once more, not behind the first
        (0, 2, 350.0, 35.0),  # another data set
        (1, 2, 350.0, 35.0),  # another time
        (1, 2, 350.0, NAN),
        (1, 2, 350.0, NAN),  # both without salinity
    ]
    mask, found = first(rows)
    assert mask == [True, False, True, False, True, True, True, False]
    assert (found.found, found.unsorted) == (3, 0)


@given(
    rows=st.lists(
        st.tuples(*(st.integers(0, n) for n in (1, 2, 1, 1))), max_size=30
    ).map(lambda rows: sorted(rows, key=lambda r: (r[1], r[0]))),
    cuts=st.lists(st.integers(0, 30), max_size=5),
)
def test_cuts_change_nothing_and_a_set_finds_the_same(rows, cuts):
    mask, found = first(rows, cuts)
    seen = set()
    expected = [not (row in seen or seen.add(row)) for row in rows]
    assert mask == expected
    assert found.found == expected.count(False)


def test_rows_out_of_order_are_counted():
    _, found = first([(5, 1, 1, 1), (4, 1, 1, 1), (3, 2, 1, 1)], cuts=[1])
    assert found.unsorted == 1
