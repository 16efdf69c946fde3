"""Names and texts of the package are plain English (CONTRIBUTING.md, House rules)."""

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "oceanco2").rglob("*.py"))
PAGES = sorted(
    [
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "platforms").glob("*.md"),
        *(ROOT / "notebooks").glob("*.ipynb"),
        *(ROOT / "oceanco2").rglob("*.toml"),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    ]
)
#: Parts of identifiers that say nothing about what a value is.
PRIVATE_WORDS = {
    *("said", "told", "wanted", "spoken", "absurd", "nobody", "mine", "apart"),
    *("judged", "raised", "weave", "tally", "lexicon", "bench", "fate", "lacking"),
    *("doublets", "whoever", "whatever"),
}
#: Phrases that a colleague would not use, as regular expressions, and what to write.
PHRASES = {
    r"\bis none of\b": "must be one of ..., not ...",
    r"\bstands? twice\b": "appears more than once",
    r"\bstands? in the output\b": "is recorded in the output",
    r"\bstands? in each other\b": "are swapped",
    r"\bwhat cannot be\b": "invalid input",
    r"\bwhatever cannot\b": "invalid input",
    r"\bnobody\b(?!@)": "not stated; no one is needed in most sentences",
    r"\bnot said\b": "not stated",
    r"\b(?:is|are|was|were) (?:told|said)\b": "is reported",
    r"\btold apart\b|\btells? apart\b": "distinguished",
    r"\bcruise that never was\b": "simulated cruise",
    r"\bship that does not exist\b": "simulated ship",
    r"\bdoublets?\b": "duplicates",
    r"\broom [1-9]\b": "the name of the module",
    r"\b[Rr]ooms? can be walked\b": "processing steps",
    r"\bset aside\b": "skipped",
    r"\bleft out: none\b": "skipped: 0",
    r"\bFor programs\b|\bfor programs and\b": "as JSON; as text",
    r"\brepeat it\b": "may be given more than once",
    r"\bgives? out\b": "files published by SOCAT",
    r"\bdashboard would say\b": "the upload checker reports",
    r"\bno right to\b": "permission denied",
    r"\bhalf-written\b": "partial file",
    r"\bdoubts?\b|\bdoubtful\b|\bDOUBT\b": "flagged value; warning; marked CHECK",
    r"\bflags of people\b|\bFlags of people\b|\bperson's word\b": "manual flags",
    r"\bwho said\b": "audit trail",
    r"\bdigest differs\b": "SHA-256 differs",
    r"\bthe parts apart\b|\bkept apart\b": "separately",
    r"(?<!there )\bis no\b(?! longer)": "is not a",
    r"\bby how much\b": "the lag, the difference",
    r"\bdates alone\b": "dates without a time",
    r"\blook at every\b": "correct, check",
}
#: Texts that contain such a phrase for a reason: file, part of the text, reason.
EXCEPTIONS = (
    ("accessor.py", "doubts", "ds.co2.doubts() is a public name"),
    (".md", "co2.doubts(", "ds.co2.doubts() is a public name"),
    ("CHANGELOG.md", "before: DOUBT", "the word that earlier drafts had"),
)


def identifiers(tree):
    """Yield every name in a module with its line; names of imports excepted."""
    for node in ast.walk(tree):
        for attribute in ("id", "arg", "attr", "name"):
            name = getattr(node, attribute, None)
            if isinstance(name, str) and not isinstance(node, ast.alias):
                yield name, getattr(node, "lineno", 0)


def parts(name):
    return {part.lower() for part in re.split(r"_|(?<=[a-z0-9])(?=[A-Z])", name)}


def texts(source):
    """Yield every text and comment of a module with its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value, node.lineno
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.string, token.start[0]


def issues(path, text, line):
    plain = " ".join(text.split())
    for phrase, better in PHRASES.items():
        for match in re.finditer(phrase, plain):
            around = plain[max(match.start() - 40, 0) : match.end() + 40]
            if not any(
                str(path).endswith(file) and part in around
                for file, part, _ in EXCEPTIONS
            ):
                yield f"{path}:{line}: {around!r}: better {better!r}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_house_identifiers_say_what_they_hold(path):
    names = identifiers(ast.parse(path.read_text(encoding="utf-8")))
    assert [(n, line) for n, line in names if parts(n) & PRIVATE_WORDS] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_house_texts_are_plain_english(path):
    found = [
        issue
        for text, line in texts(path.read_text(encoding="utf-8"))
        for issue in issues(path.relative_to(ROOT), text, line)
    ]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_house_pages_are_plain_english(path):
    text = path.read_text(encoding="utf-8")
    assert list(issues(path.relative_to(ROOT), text, 0)) == []
