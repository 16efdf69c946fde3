"""Every case has a test of its name."""

import re
from pathlib import Path


def test_every_case_has_a_test(cases):
    files = Path(__file__).parent.glob("test_?_*.py")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    tested = set(re.findall(r"(?m)^def test_(\w+)\(", texts))
    folders = {path.name for path in cases.iterdir() if (path / "CASE.md").exists()}
    assert len(folders) >= 50
    assert folders - tested == set()
