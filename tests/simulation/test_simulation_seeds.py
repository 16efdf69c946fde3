"""The same seed gives the same files as before, also in the next version."""

import json
from pathlib import Path

import pytest

from oceanco2.simulation import simulate

CASES = json.loads(Path(__file__).with_name("seeds.json").read_text())


def as_number(cell):
    """Numbers agree to a few units of the last digit printed; other cells exactly."""
    try:
        return pytest.approx(float(cell), rel=1e-7, abs=2e-5)
    except ValueError:
        return cell


def cells(line):
    return line.replace("\t", ",").replace(" ", ",").split(",")


@pytest.mark.parametrize("platform", sorted({case["platform"] for case in CASES}))
def test_lines_of_the_first_files(tmp_path, platform):
    cases = [case for case in CASES if case["platform"] == platform]
    simulate(platform, days=cases[0]["days"], seed=1, folder=tmp_path / "raw")
    for case in cases:
        lines = (tmp_path / "raw" / case["file"]).read_text().splitlines()
        assert len(lines) == case["lines"]
        for number, expected in case["rows"].items():
            found = cells(lines[int(number)])
            wanted = cells(expected)
            assert len(found) == len(wanted)
            for one, other in zip(found, wanted, strict=True):
                if one != other:
                    assert float(one) == as_number(other), (number, one, other)
