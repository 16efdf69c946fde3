"""The rules of the house, as tests."""

import ast
import importlib
import inspect
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from pathlib import Path

import pytest
from numpydoc.validate import validate

from oceanco2.bits import TEST_BITS
from oceanco2.registry import FIGURES, FORMATS
from oceanco2.vocabulary import VARIABLES, attrs_of

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "oceanco2"
MODULES = sorted(PACKAGE.rglob("*.py"))
#: Modules that may have more than 700 lines, and why.
LONG_MODULES = {
    "vocabulary.py": (1100, "one table: every variable with all facts about it"),
}
#: Modules that may be longer, and why: the one table of variables, a row each.
LONG = {"vocabulary.py": 1200}
NOT_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


def run(*command):
    return subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def tool(name):
    return Path(sys.executable).with_name(name)


def code_lines(source):
    """Numbers of the lines that hold code: no comments, blanks or docstrings."""
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NOT_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                lines -= set(range(body[0].lineno, body[0].end_lineno + 1))
    return lines


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_and_functions_stay_short(path):
    source = path.read_text(encoding="utf-8")
    limit, _ = LONG_MODULES.get(str(path.relative_to(PACKAGE)), (700, ""))
    assert source.count("\n") <= limit
    lines = code_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            length = len(lines & set(range(node.lineno, node.end_lineno + 1)))
            assert length <= 50, f"{node.name} has {length} lines of code"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_is_called_utils_and_no_kernel_spawns_threads(path):
    assert path.stem not in {"utils", "helpers", "core", "common", "misc"}
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"parallel\s*=\s*True|fastmath\s*=\s*True", source)


def test_import_directions():
    done = run(tool("lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout


def modules_with(pattern):
    """Names of the modules whose code has a pattern, as paths in the package."""
    return {
        str(path.relative_to(PACKAGE))
        for path in MODULES
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }


def test_values_that_are_not_allowed_are_reported_by_errors():
    assert modules_with(r"did_you_mean\(|get_close_matches") == {"errors.py"}


def numbers_in(path):
    """Numbers in the code of a module, without those in texts and comments."""
    with tokenize.open(path) as file:
        tokens = list(tokenize.generate_tokens(file.readline))
    return {float(ast.literal_eval(t.string).real) for t in tokens if t.type == 2}


@pytest.mark.parametrize(
    ("home", "numbers"),
    [
        ("dates.py", {86400.0, 86400e3, 365.2425, 146097.0, 719468.0}),
        ("units.py", {1.852, 1852.0, 0.539957, 1013.25, 1.3332239, 0.44704}),
        ("geography.py", {6371.0, 6371.007, 6371.0088}),
    ],
)
def test_constants_stand_in_one_place(home, numbers):
    # Formulas keep the constants of their papers.
    modules = [p for p in MODULES if not p.is_relative_to(PACKAGE / "physics")]
    users = {p for p in modules if numbers_in(p) & numbers}
    assert {str(path.relative_to(PACKAGE)) for path in users} == {home}


def test_no_number_of_metres_per_second_in_a_knot():
    assert modules_with(r"0\.514\d*") == set()


def unpacked_at_once(function):
    """Whether the first line of a function unpacks one of its arguments."""
    body = function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        first = body[1] if len(body) > 1 else first
    arguments = function.args
    every = arguments.posonlyargs + arguments.args + arguments.kwonlyargs
    return (
        isinstance(first, ast.Assign)
        and isinstance(first.targets[0], ast.Tuple)
        and isinstance(first.value, ast.Name)
        and first.value.id in {argument.arg for argument in every}
    )


def test_no_argument_is_a_tuple_unpacked_in_the_first_line():
    example = ast.parse("def f(a, b):\n    'Say.'\n    x, y = b\n    return x")
    assert unpacked_at_once(example.body[0])
    functions = [
        (path, node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    ]
    found = [f"{p.name}:{f.name}" for p, f in functions if unpacked_at_once(f)]
    assert found == []


def test_byte_order_marks_stand_in_one_place():
    marks = r"\\ufeff|\\xef\\xbb\\xbf|\\xff\\xfe|BOM_UTF"
    assert modules_with(marks) == {"text.py"}


#: Modules beside `files` that may catch OSError, and why.
CATCH_OSERROR = {
    "files.py": "turns it into errors of one line",
    "staging.py": "a run that has ended, or another user, may remove files meanwhile",
    "compiling.py": "compiles without a cache if no folder can be written",
    "provenance.py": "a year that the system does not know is no error of a file",
    "icos/portal_upload.py": "errors of the network",
}


def test_errors_of_files_are_reported_by_files():
    catching = r"except [^\n]*(OSError|PermissionError|FileNotFound|IsADirectory)"
    assert modules_with(catching) == set(CATCH_OSERROR)
    assert modules_with(r"tempfile\.mk|NamedTemporaryFile") == set()


def test_optional_libraries_are_imported_by_errors():
    assert modules_with(
        r"except (ImportError|ModuleNotFoundError)|which is not inst"
    ) == {"errors.py"}


def public_names():
    """Every name that a module or package exports by ``__all__``: dotted, sorted."""
    names = set()
    for path in MODULES:
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = module.removesuffix(".__init__")
        if "__all__" in path.read_text(encoding="utf-8"):
            exports = getattr(importlib.import_module(module), "__all__", ())
            names |= {f"{module}.{name}" for name in exports}
    return sorted(names)


def exported(name):
    module, _, attribute = name.rpartition(".")
    return getattr(importlib.import_module(module), attribute)


def test_docstrings_of_public_names():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    # Data classes list their fields as attributes (PR01); "Gas ..." is no verb (SS05).
    accepted = {*settings["numpydoc_validation"]["checks"], "PR01 of a class"}
    things = {name: exported(name) for name in public_names()}
    classes = {name for name, thing in things.items() if inspect.isclass(thing)}
    names = classes | {n for n, thing in things.items() if inspect.isfunction(thing)}
    assert len(names) > 100
    faults = []
    for name in sorted(names):
        for code, text in validate(name)["errors"]:
            kind = f"{code} of a class" if name in classes else code
            if {code, kind} & accepted or text.startswith("Summary must start"):
                continue
            faults.append(f"{name}: {code} {text}")
    assert faults == []


def test_ruff():
    done = run(tool("ruff"), "check", ".")
    assert done.returncode == 0, done.stdout
    done = run(tool("ruff"), "format", "--check", ".")
    assert done.returncode == 0, done.stdout


def test_types():
    done = run(sys.executable, "-m", "mypy")
    assert done.returncode == 0, done.stdout


def test_one_standard_name_is_one_variable():
    names = [v.standard_name for v in VARIABLES.values() if v.standard_name]
    assert len(names) == len(set(names))
    assert "standard_name" not in attrs_of("SST_raw")


def test_bits_of_tests_are_distinct_and_fit_an_int64():
    assert len(set(TEST_BITS.values())) == len(TEST_BITS)
    assert max(TEST_BITS.values()) < 2**63


def test_only_agreed_names_at_the_top():
    tracked = run("git", "ls-files").stdout.split()
    if not tracked:
        pytest.skip("not a git checkout: the top level cannot be listed")
    top = {name.split("/")[0] for name in tracked}
    agreed = {"oceanco2", "platforms", "tests", "notebooks", "docs"}
    agreed |= {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".ci"}
    agreed |= {"CONTRIBUTING.md", "CITATION.cff"}
    assert {name for name in top - agreed if not name.startswith(".")} == set()


def test_one_module_reads_the_set_up_of_a_dataset():
    names = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value == "set_up":
                names.add(path.relative_to(PACKAGE).as_posix())
    # platforms writes the attribute; ERDDAP files leave it out
    others = {"platforms/__init__.py", "export/formats/erddap.py"}
    assert names == {"platforms/setup.py", *others}


#: Core modules whose code names a data centre, and why; texts of docstrings are free.
CENTRES = {
    "registry.py": "names the formats of data centres as text",
    "geography.py": "regions as SOCAT defines them",
    "qc/limits.py": "limits of these regions",
    "readers/formats/socat.py": "reads files published by SOCAT",
    "export/acdd.py": "naming authority written into files",
    "export/formats/erddap.py": "option: names of variables as in ICOS's ERDDAP; page",
    "export/formats/mapco2.py": "a message recommends another format",
    "grids/netcdf.py": "reference written into files",
}
ABOVE_CORE = ("socat", "icos", "summary", "demonstration", "accessor", "cli")


def named_centres(path):
    """Lines of code (no docstrings, no comments) that name SOCAT or ICOS as such."""
    source = path.read_text(encoding="utf-8")
    lines, code = source.splitlines(), code_lines(source)
    name = re.compile(r"(?<![A-Za-z])(socat|icos)(?![A-Za-z])")
    texts = {i: lines[i - 1].partition("  # ")[0] for i in sorted(code)}
    texts = {i: re.sub(r"docs/socat-rules\.md", "", line) for i, line in texts.items()}
    return [i for i, line in texts.items() if name.search(line)]


def test_core_names_the_data_centres_in_one_place():
    core = [
        path
        for path in MODULES
        if path.relative_to(PACKAGE).parts[0].removesuffix(".py") not in ABOVE_CORE
    ]
    named = {p.relative_to(PACKAGE).as_posix(): named_centres(p) for p in core}
    assert {name for name, lines in named.items() if lines} == set(CENTRES)
    source = (PACKAGE / "registry.py").read_text("utf-8")
    also = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg == "also"
    ]
    (modules,) = (node for node in also if isinstance(node, ast.Tuple))
    inside = range(modules.lineno, modules.end_lineno + 1)
    assert set(named["registry.py"]) <= set(inside)
    assert {"oceanco2.socat.upload", "oceanco2.icos.tables"} <= set(
        ast.literal_eval(modules)
    )


@pytest.mark.parametrize("registry", [FIGURES, FORMATS], ids=lambda r: r.kind)
def test_no_second_list_of_entries(registry):
    """Three names of entries in one literal are a list that a new entry misses."""
    names = set(registry)
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        exports = [n.value for n in tree.body if "__all__" in ast.unparse(n)[:8]]
        for node in ast.walk(tree):
            if node in exports:
                continue
            items = getattr(node, "keys", None) or getattr(node, "elts", None) or []
            texts = {n.value for n in items if isinstance(n, ast.Constant)}
            assert len(texts & names) < 3, f"{path}:{node.lineno}"
