"""The agreement of recomputed with published fCO2rec, on differences by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

from oceanco2.socat.archive.excerpts import _store_headers
from oceanco2.socat.archive.layout import CLOCK, TIME
from oceanco2.socat.archive.recomputing import (
    ADDED,
    DIFFERENCE,
    NUMBER,
    VALUE,
    Agreement,
)


def agreement(differences, numbers, src):
    size = len(differences)
    published = 400.0 + np.zeros(size)
    rows = SimpleNamespace(
        size=size,
        lines=np.arange(10, 10 + size),
        labels={},
        numbers={"fCO2rec": published, "fCO2rec_src": np.array(src, float)},
    )
    results = {
        NUMBER: np.array(numbers),
        DIFFERENCE: np.array(differences),
        VALUE: published + differences,
    }
    result = Agreement()
    result.add(rows, results, "a.tsv")
    return result


def test_nothing_compared_has_no_median():
    empty = Agreement()
    assert np.isnan(empty.median)
    assert empty.as_dict()["median_difference"] is None
    assert empty.as_dict()["max_difference"] is None


@pytest.mark.parametrize(
    ("differences", "median"),
    [
        ([0.0002], 0.0002),
        ([0.0001, 0.0002, 0.0003], 0.0002),
        ([0.0001, 0.0002, 0.0003, 0.0004], 0.0002),  # the lower of the middle two
        ([-0.0003, 0.0001, 0.0002], 0.0002),
    ],
)
def test_the_median_of_absolute_differences(differences, median):
    size = len(differences)
    result = agreement(differences, [1] * size, [1] * size)
    assert result.median == pytest.approx(median, abs=1.5e-6)
    assert result.largest == pytest.approx(np.abs(differences).max())
    assert result.compared == size
    assert result.beyond == 0


def test_rows_beyond_the_tolerance_or_of_another_algorithm_are_listed():
    result = agreement([0.0, 0.0011, 0.0, np.nan], [1, 1, 2, 4], [1, 1, 1, np.nan])
    assert (result.rows, result.compared, result.beyond) == (4, 3, 1)
    assert (result.numbered, result.same, result.one_sided) == (3, 2, 1)
    assert dict(result.src)[1] == 2
    assert [entry["line"] for entry in result.differing] == [11, 12, 13]
    first = result.differing[0]
    assert first["published"] == 400.0
    assert first["recomputed"] == pytest.approx(400.0011)
    assert (first["published_src"], first["recomputed_src"]) == (1.0, 1)
    assert result.differing[2]["published_src"] is None


def test_headers_of_a_store_are_those_of_socat_then_others():
    columns = {"sal": 0, "my_own": 1, TIME: 2, "Expocode": 3}
    headers = _store_headers(SimpleNamespace(columns=columns, timed=True))
    assert headers[0] == "Expocode"
    assert set(CLOCK) - {h.split(" ")[0] for h in headers} == set()
    assert headers[-1] == "my_own"
    assert TIME not in headers
    assert headers.count("sal") == 1
    plain = _store_headers(SimpleNamespace(columns=columns, timed=False))
    assert len(headers) - len(plain) == len(CLOCK)


def test_added_columns_state_their_units_and_digits():
    facts = [(c.name, c.header, c.kind, c.units, c.decimals) for c in ADDED]
    assert facts[0] == (VALUE, f"{VALUE} [uatm]", "number", "uatm", 8)
    assert facts[1][:3] == (NUMBER, NUMBER, "integer")
    assert facts[2] == (DIFFERENCE, f"{DIFFERENCE} [uatm]", "number", "uatm", 8)
