"""Facts that every criterion carries: group, letters, source, proof, order."""

import numpy as np
import pytest

from oceanco2.socat.criteria import rules
from oceanco2.socat.criteria.evidence import Evidence
from tests.datasets import canonical_dataset

SOURCES = {
    "accuracy": "table 2",
    "crossover": "table 2",
    "sop": "SOP of flags A and B",
    "metadata": "table 2",
    "quality": "table 2; wording of the QC editor",
    "guideline": "guidelines; 2019 cookbook",
}
#: Group, key, letters of the flags that need it.
CRITERIA = [
    ("accuracy", "below_2", "AB"),
    ("accuracy", "below_5", "CD"),
    ("accuracy", "below_10", "E"),
    ("accuracy", "alternative_sensor", "E"),
    ("crossover", None, "A"),
    ("sop", "xco2_analysis", "AB"),
    ("sop", "continuous", "AB"),
    ("sop", "detection", "AB"),
    ("sop", "standards", "AB"),
    ("sop", "equilibrator_temperature", "AB"),
    ("sop", "sea_surface_temperature", "AB"),
    ("sop", "equilibrator_pressure", "AB"),
    ("metadata", "complete", "ABCE"),
    ("quality", "acceptable", "ABCDE"),
    ("guideline", "span", "AB"),
    ("guideline", "near_span", "ABC"),
    ("guideline", "warming_1", "AB"),
    ("guideline", "warming_3", "ABC"),
    ("guideline", "warming_rate", ""),
    ("guideline", "warming_outliers", ""),
    ("guideline", "warming_measured", "AB"),
    ("guideline", "cooling", ""),
]


@pytest.fixture(scope="module")
def criteria():
    return list(rules.all_criteria(Evidence(canonical_dataset()), None, None))


def test_all_criteria_in_order(criteria):
    found = [(c.group, c.key, c.needed_for) for c in criteria]
    assert len(found) == len(CRITERIA)
    for (group, key, letters), expected in zip(found, CRITERIA, strict=True):
        assert (group, letters) == (expected[0], expected[2])
        assert expected[1] in (key, None)


def test_sources_and_proofs(criteria):
    for criterion in criteria:
        assert criterion.proof is (criterion.group != "guideline")
        if criterion.key == "alternative_sensor":
            assert criterion.source == (
                "table 2; 2025 cookbook: membrane sensors are not better than 5 uatm"
            )
        else:
            assert criterion.source == SOURCES[criterion.group]


def test_a_criterion_as_a_dictionary(criteria):
    for criterion in criteria:
        found = criterion.to_dict()
        assert list(found) == [
            *("key", "group", "text", "needed_for", "proof", "state", "said"),
            *("value", "limit", "source"),
        ]
        assert found["said"] == criterion.finding
        assert found["limit"] == criterion.limit
        assert found["value"] is None or np.isfinite(found["value"])


@pytest.mark.parametrize(
    ("value", "stored"), [(None, None), (np.nan, None), (np.inf, None), (2, 2.0)]
)
def test_values_that_are_no_numbers_are_left_out(value, stored):
    made = rules._criterion("sop.x.y", "t", "A", "holds", "f", value, 3)
    assert (made.group, made.key, made.value, made.limit) == ("sop", "x.y", stored, 3)
    assert type(made.value) is type(stored)
    bare = rules._criterion("guideline.x", "t", "", "fails", "f")
    assert (bare.value, bare.limit, bare.proof) == (None, None, False)


@pytest.mark.parametrize(
    ("missing", "state", "finding", "value"),
    [
        (None, "unknown", "not checked", None),
        ([], "holds", "complete", 0.0),
        (["a"], "fails", "missing: a", 1.0),
        (["a", "b", "c"], "fails", "missing: a, b, c", 3.0),
        (["a", "b", "c", "d"], "fails", "missing: a, b, c and 1 more", 4.0),
        (list("abcdef"), "fails", "missing: a, b, c and 3 more", 6.0),
    ],
)
def test_missing_metadata(missing, state, finding, value):
    made = rules._metadata(missing)
    assert (made.state, made.finding, made.value, made.limit) == (
        *(state, finding, value, 0),
    )
    assert made.text == "metadata complete"
