"""Sentences of the summary, built from numbers."""

from oceanco2.summary.text import _flux_text

FLUX = {
    "mean": -2.5,
    "units": "mmol m-2 d-1",
    "rows": 1234,
    "uncertainty": 0.5,
    "uncertainty_systematic": 0.25,
    "references": "Wanninkhof (2014)",
}


def test_every_part_of_the_flux():
    assert _flux_text(FLUX) == (
        "flux: mean -2.5 mmol m-2 d-1, into the ocean, 1,234 good rows;"
        " one row +- 0.5, of which 0.25 is shared by all rows\n"
        "      Wanninkhof (2014)"
    )


def test_parts_that_are_not_known():
    bare = FLUX | {"mean": 2.5, "uncertainty": None, "references": ""}
    del bare["uncertainty_systematic"]
    expected = "flux: mean 2.5 mmol m-2 d-1, out of the ocean, 1,234 good rows"
    assert _flux_text(bare) == expected
    assert _flux_text(FLUX | {"mean": None}) == "flux: no row with a good value"
