"""Where the tests find real data: a folder beside the project, or not at all."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEFAULT = ROOT.parent / "shared" / "data"


def _there(path):
    if path.exists():
        return path
    message = f"real data not found: set OCEANCO2_TEST_DATA (looked in {path})"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    return pytest.skip(message)


@pytest.fixture(scope="session")
def test_data():
    """Delivered files of real cruises and moorings."""
    return _there(Path(os.environ.get("OCEANCO2_TEST_DATA", DEFAULT)))


@pytest.fixture(scope="session")
def data_set(test_data):
    """Find one data set, or one file of it, by its name."""
    return lambda name: _there(test_data / name)


@pytest.fixture(scope="session")
def reference():
    """Published check values: part of the repository, so never skipped."""
    return Path(__file__).parent / "reference"


@pytest.fixture(scope="session")
def reference_data(test_data):
    """Published files that cannot be part of the repository, beside the data."""
    return _there(test_data.parent / "reference")
