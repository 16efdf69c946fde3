"""Where the tests find real data: a folder beside the project, or not at all."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _folder(path):
    if path.is_dir():
        return path
    said = f"no folder {path}: set OCEANCO2_TEST_DATA to the data collection"
    if os.environ.get("CI") == "true":
        pytest.fail(said)
    return pytest.skip(said)


@pytest.fixture(scope="session")
def test_data():
    """Delivered files of real cruises and moorings."""
    default = ROOT.parent / "shared" / "data"
    return _folder(Path(os.environ.get("OCEANCO2_TEST_DATA", default)))


@pytest.fixture(scope="session")
def reference_data(test_data):
    """Published tables and formats, beside the data."""
    return _folder(test_data.parent / "reference")
