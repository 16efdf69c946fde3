"""Columns of SOCAT's upload file against the vocabulary."""

import pytest

from oceanco2.socat.columns import upload_columns
from oceanco2.vocabulary import AIR_RESULTS, WATER_RESULTS


@pytest.mark.parametrize(
    ("results", "is_result"),
    [(WATER_RESULTS, "is_water_co2"), (AIR_RESULTS, "is_air_co2")],
)
def test_results_of_the_vocabulary_are_columns_of_the_upload_file(results, is_result):
    columns = [c.variable for c in upload_columns() if getattr(c, is_result)]
    assert tuple(columns) == results
