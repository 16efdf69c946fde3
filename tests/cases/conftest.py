"""Copy a case, run a command in the copy as a user types it, keep what it printed."""

import io
import os
import re
import shutil
import tomllib
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
import xarray as xr

from oceanco2.cli import main
from tests.conftest import ROOT

DEFAULT = ROOT.parent / "shared" / "cases"
WARNING = "oceanco2: warning:"


def matches(lines, *patterns):
    """Whether one line has all the patterns; upper and lower case are the same."""
    return any(all(re.search(p, x, re.IGNORECASE) for p in patterns) for x in lines)


@dataclass(frozen=True)
class Outcome:
    """What one command left: its exit code and what it printed."""

    code: int
    out: str
    err: str

    @property
    def warnings(self):
        return [x for x in self.err.splitlines() if x.startswith(WARNING)]

    @property
    def errors(self):
        return [x for x in self.err.splitlines() if not x.startswith(WARNING)]

    @property
    def lines(self):
        return [*self.out.splitlines(), *self.err.splitlines()]

    def succeeds(self):
        assert self.code == 0, self.err
        return self

    def fails(self, *patterns):
        """One line that names all this, and an exit code of wrong data."""
        assert self.code == 1, f"exit {self.code}: {self.err}"
        assert len(self.errors) == 1, self.err
        assert "unexpected error" not in self.err
        assert matches(self.errors, *patterns), (patterns, self.errors)
        return self

    def warns(self, *patterns):
        """One warning that names all this."""
        assert matches(self.warnings, *patterns), (patterns, self.warnings)
        return self


@dataclass(frozen=True)
class Case:
    """The copy of a case; commands run inside of it."""

    folder: Path

    def __truediv__(self, name):
        return self.folder / name

    def run(self, *arguments):
        """Run ``oceanco2 ARGUMENTS``; ``*`` stands for files, as in a shell."""
        words = []
        for word in map(str, arguments):
            words += map(str, sorted(Path().glob(word))) if "*" in word else [word]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
        return Outcome(code, out.getvalue(), err.getvalue())

    def process(self, *raw, platform="platform.toml", options=()):
        """Process files to ``out.nc``."""
        return self.run("process", platform, *raw, "-o", "out.nc", *options)

    def draft(self, *raw, code="ZZ99"):
        """Draft ``x.toml``, fill in the code of the platform, and return its text."""
        self.run("platforms", "new", *raw, "-o", "x.toml").succeeds()
        path = self / "x.toml"
        text = path.read_text(encoding="utf-8")
        line = f'platform_code = "{code}"'
        text, count = re.subn(r"(?m)^#? *platform_code = .*$", line, text, count=1)
        assert count == 1, text
        path.write_text(text, encoding="utf-8")
        return text

    def edit(self, name, *pairs, encoding="utf-8"):
        """Replace texts of a file; each of them must be there."""
        path = self / name
        text = path.read_bytes().decode(encoding)
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new)
        path.write_bytes(text.encode(encoding))

    def table(self, name="a.csv"):
        """Cells of a table as they are written: header and rows."""
        text = (self / name).read_text(encoding="utf-8")
        head, *rows = [line.split(",") for line in text.splitlines()]
        return head, rows

    def write_table(self, head, rows, name="a.csv"):
        lines = (",".join(map(str, row)) for row in (head, *rows))
        (self / name).write_text("\n".join(lines) + "\n", encoding="utf-8")

    def dataset(self, name="out.nc"):
        with xr.open_dataset(self / name) as ds:
            return ds.load()

    def notes(self):
        """What the output keeps of warnings and notes."""
        attrs = self.dataset().attrs
        return [str(attrs.get(key, "")) for key in ("reading_notes", "warnings")]


def tables(text):
    """The tables of a platform file: its sources of variables, and all of it."""
    document = tomllib.loads(text)
    return document, document.get("variables", {}) | document.get("delivered", {})


def first_of(mapping):
    """The only value of a mapping."""
    (value,) = mapping.values()
    return value


def cases_folder():
    folder = Path(os.environ.get("OCEANCO2_TEST_CASES", DEFAULT))
    if folder.exists():
        return folder
    message = f"cases not found: set OCEANCO2_TEST_CASES (looked in {folder})"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    return pytest.skip(message)


@pytest.fixture(scope="session")
def cases():
    """The folder of small inputs that go wrong."""
    return cases_folder()


@pytest.fixture
def copy_case(cases, tmp_path):
    """Copy a case by its name; commands may write beside the input."""

    def copy(name):
        target = tmp_path / name
        # copied without their times: no input is newer than the clock by accident
        shutil.copytree(cases / name, target, copy_function=shutil.copyfile)
        return Case(target)

    return copy


@pytest.fixture
def case(request, copy_case, monkeypatch):
    """The case after which the test is named: test_NAME or test_NAME__TOPIC."""
    name = request.function.__name__.removeprefix("test_").partition("__")[0]
    copy = copy_case(name)
    monkeypatch.chdir(copy.folder)
    return copy
