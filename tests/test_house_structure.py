"""How the house is built: public names, sizes, where modules and tests stand."""

import ast
import csv
from collections import defaultdict

import pytest

import oceanco2
from tests.test_house_rules import MODULES, PACKAGE, ROOT, code_lines, public_names

PUBLIC = ROOT / "tests" / "reference" / "public_names.csv"
#: Modules whose entries a registry finds; nobody has to import them.
FOUND = ("readers/formats", "calibration/models", "qc/checks", "export/formats")
FOUND += ("figures/kinds",)
#: More arguments than 10, and why.
MANY_ARGUMENTS = {
    "fluxes/__init__:flux": "one argument per quantity",
    "qc/checks/climatology:check_climatology": "inputs and options of a check",
    "qc/checks/surroundings:check_port": "inputs and options of a check",
    "socat/archive/reading:read_socat": "one argument per way to select rows",
}
#: Short modules with one importer that stay, and why.
SHORT: dict[str, str] = {}
#: Folders of tests that go across modules; cases are inputs through whole commands.
ACROSS = {"cases", "golden", "properties", "real", "benchmarks", "reference"}
ACROSS |= {"wrong_platforms", "fuzz"}
#: Tests of the project itself.
PROJECT = {"house", "docs", "mutants"}


def name_of(path):
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def functions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]


def test_public_names_change_on_purpose_only():
    with PUBLIC.open(newline="", encoding="utf-8") as file:
        pinned = {f"{module}.{name}" for module, name in list(csv.reader(file))[1:]}
    names = set(public_names())
    assert names - pinned == set(), f"new public names: add them to {PUBLIC.name}"
    assert pinned - names == set(), "public names are gone"


def test_no_module_has_the_name_of_a_verb():
    verbs = {n for n in oceanco2.__all__ if callable(getattr(oceanco2, n))}
    top = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    assert top & verbs == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_have_few_arguments(path):
    formulas = path.is_relative_to(PACKAGE / "physics")
    commands = path.is_relative_to(PACKAGE / "cli")  # one argument per option
    for function in functions(path):
        arguments = function.args
        count = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs)
        allowed = f"{name_of(path)}:{function.name}" in MANY_ARGUMENTS
        assert count <= 10 or formulas or commands or allowed, function.name


def importers():
    """Which modules import each module of the package, by dotted names."""
    users = defaultdict(set)
    known = {f"oceanco2.{name_of(p)}".replace("/", "."): p for p in MODULES}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                inside = [f"{node.module}.{alias.name}" for alias in node.names]
                for target in (node.module, *inside):
                    if target in known:
                        users[known[target]].add(path)
    return users


def test_no_module_is_a_fragment():
    """A short module with one importer in its own room belongs to that one."""
    users = importers()
    fragments = []
    for path in MODULES:
        name = name_of(path)
        if name.startswith(FOUND) or path.stem in {"__init__", "_kernels"}:
            continue
        lines = path.read_text(encoding="utf-8").count("\n")
        room = [user for user in users[path] if user.parent == path.parent]
        if (
            lines < 80
            and len(users[path]) == 1
            and len(room) == 1
            and name not in SHORT
        ):
            fragments.append(f"{name}: {lines} lines, imported by {name_of(room[0])}")
    assert fragments == []


def mirrored(path):
    """Whether a test file is named after a module or package, perhaps with a topic."""
    folder = path.parent.relative_to(ROOT / "tests")
    topic = path.stem.removeprefix("test_")
    here = PACKAGE / folder
    names = {p.stem.lstrip("_") for p in here.glob("*.py") if p.stem != "__init__"}
    names |= {p.parent.name for p in here.glob("*/__init__.py")}
    names |= {here.name} if folder.parts else PROJECT
    return any(topic == name or topic.startswith(f"{name}_") for name in names)


def test_tests_mirror_modules():
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    assert len(files) > 100
    stray = [
        path.relative_to(ROOT).as_posix()
        for path in files
        if path.relative_to(ROOT / "tests").parts[0] not in ACROSS
        and not mirrored(path)
    ]
    assert stray == []


def test_functions_are_within_the_limit_that_contributors_read():
    """The limits are those that CONTRIBUTING.md promises."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert "at most 50 lines of code, a module 700" in text
    longest = 0
    for path in MODULES:
        lines = code_lines(path.read_text(encoding="utf-8"))
        for function in functions(path):
            inside = lines & set(range(function.lineno, function.end_lineno + 1))
            longest = max(longest, len(inside))
    assert longest <= 50
