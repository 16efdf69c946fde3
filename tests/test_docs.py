"""The documentation: links, anchors, names and examples in it hold."""

import ast
import doctest
import importlib
import importlib.util
import re
from pathlib import Path
from textwrap import dedent, indent

import pytest

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "platforms").glob("*.md")),
    *DOCS,
]
TEXTS = [
    path
    for folder in ("oceanco2", "platforms", "tests", "notebooks", "docs")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".pyi", ".md", ".toml", ".ipynb"}
    and path != Path(__file__)
]
#: Documents that a clone does not have.
OUTSIDE = re.compile(
    r"\b(SCIENCE|SOCAT|INSTRUMENTS|BATCH|CONVENTIONS|QUINCE|ARCHITECTURE|HOUSE|MAPS"
    r"|FLUXES|REVIEW|CHANGE_TASKS)\.md\b|shared/(spec|reference)"
)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: A page and a heading as code and docstrings name them: docs/page.md#heading.
REFERENCE = re.compile(r"docs/[\w./-]*\.md(?:#[\w-]+)?")


def name_of(path):
    return str(path.relative_to(ROOT))


def without_code(text):
    """Text without fenced blocks, in which # begins no heading."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(path):
    """Anchors of the headings of a page, as GitHub makes them."""
    headings = re.findall(
        r"^#+ +(.+?) *$", without_code(path.read_text("utf-8")), re.MULTILINE
    )
    kept = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in kept}


def resolves(page, target):
    file, _, anchor = target.partition("#")
    path = (page.parent / file).resolve() if file else page
    if not path.exists():
        return False
    return not anchor or anchor in anchors(path)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_resolve(page):
    links = LINK.findall(without_code(page.read_text("utf-8")))
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not resolves(page, link)] == []


def test_a_link_that_leads_nowhere_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# One heading: `code`\n```\n# none\n```\n", encoding="utf-8")
    assert resolves(page, "#one-heading-code")
    assert resolves(page, "page.md#one-heading-code")
    assert not resolves(page, "#none")
    assert not resolves(page, "other.md")


def test_only_documents_of_the_repository_are_named():
    faults = []
    for path in TEXTS:
        text = path.read_text("utf-8")
        named = {match[0] for match in OUTSIDE.finditer(text)}
        named |= {
            reference
            for reference in REFERENCE.findall(text)
            if not resolves(ROOT / "README.md", reference)
        }
        faults += [f"{name_of(path)}: {name}" for name in sorted(named)]
    assert faults == []


def test_ten_decisions_are_recorded():
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(path.name[:4]) for path in records]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10
    for path in records:
        text = path.read_text("utf-8")
        assert text.startswith(f"# {path.name[:4]} ")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text
        assert 15 <= text.count("\n") <= 30


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_examples_run(page):
    """Blocks with >>> are doctests."""
    failed, _ = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert failed == 0


def test_the_index_names_every_page():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    pages = [path for path in DOCS if path.parent.name == "docs"]
    named = set(LINK.findall(index))
    assert {path.name for path in pages} - {"index.md"} <= named


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_python_blocks_are_python(page):
    blocks = re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    for block in blocks:
        body = block.lstrip().startswith("for ")  # of a function that is not shown
        ast.parse(f"def shown():\n{indent(block, '    ')}" if body else dedent(block))


def exists(dotted):
    """Whether a dotted name is a module, or an attribute of one."""
    module, attributes = dotted, []
    while module:
        try:
            found = importlib.util.find_spec(module)
        except ModuleNotFoundError:
            found = None
        if found is not None:
            thing = importlib.import_module(module)
            for attribute in attributes:
                if not hasattr(thing, attribute):
                    return False
                thing = getattr(thing, attribute)
            return True
        module, _, attribute = module.rpartition(".")
        attributes.insert(0, attribute)
    return False


#: Files that a recipe adds.
NEW = {
    "oceanco2/readers/formats/trial_logger.py",
    "oceanco2/figures/kinds/ts.py",
    "tests/readers/formats/test_trial_logger.py",
    "tests/readers/samples/trial_logger.log",
}


def groups():
    """Groups of entry points that the registries of the package name."""
    sources = sorted((ROOT / "oceanco2").rglob("*.py"))
    texts = (path.read_text("utf-8") for path in sources)
    return {name for text in texts for name in re.findall(r'group="([\w.]+)"', text)}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_modules_and_files_that_are_named_exist(page):
    text = re.sub(r'entry-points\."[\w.]+"', "", page.read_text("utf-8"))
    dotted = set(re.findall(r"(?<![\w./-])oceanco2(?:\.[a-z_]\w*)+", text))
    suffixes = {"nc", "tsv", "toml", "csv"}
    dotted = {name for name in dotted if name.rpartition(".")[2] not in suffixes}
    missing = [name for name in sorted(dotted - groups()) if not exists(name)]
    assert missing == []
    paths = set(re.findall(r"(?<![\w./-])(?:oceanco2|tests|platforms)/[\w./-]+", text))
    paths = {path.rstrip(".") for path in paths if "*" not in path} - NEW
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
