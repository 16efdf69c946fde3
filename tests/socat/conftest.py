"""Small files of SOCAT, made anew for each run."""

import pytest

from tests.reference.simulated_socat import simulate_socat_file

#: Rows of the file that most tests read: some data sets, every algorithm.
ROWS = 6_000


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A file without preamble."""
    path = tmp_path_factory.mktemp("socat") / "made.tsv"
    simulate_socat_file(path, ROWS, seed=3, each=200)
    return path


@pytest.fixture(scope="session")
def excerpt_2026(reference_data):
    """The published file with its preamble."""
    return reference_data / "socat" / "SOCATv2026_mini_excerpt.tsv"


@pytest.fixture
def few(made, tmp_path):
    """Write header and some rows of the file, changed by a function of its lines."""

    def write(change=lambda lines: lines, rows=40, name="few.tsv", end=b"\n"):
        with made.open("rb") as file:
            lines = [file.readline().rstrip(b"\n") for _ in range(rows + 1)]
        path = tmp_path / name
        path.write_bytes(end.join(change(lines)) + end)
        return path

    return write
