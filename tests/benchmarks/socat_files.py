"""Write a SOCAT-like file: ``python -m tests.benchmarks.socat_files ROWS FILE``."""

import sys

from tests.reference.simulated_socat import simulate_socat_file

if __name__ == "__main__":
    simulate_socat_file(sys.argv[2], int(sys.argv[1]))
