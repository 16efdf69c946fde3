"""Run the fuzzer: ``python -m tests.fuzz --count 20000 --seed 1``."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
    from tests.fuzz.fuzzer import hunt, sow

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.count)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "seeds").mkdir()
        found = hunt(sow(root / "seeds"), root, given.seed, numbers, print)
    print(f"{given.count} cases, {len(found)} faults, {time.process_time():.0f} CPU-s")
    sys.exit(bool(found))
