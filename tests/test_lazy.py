"""Lazy imports from stubs, and ``ds.co2`` whatever is imported first."""

import inspect
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import oceanco2

ROOT = Path(oceanco2.__file__).parents[1]


def python(code, path=ROOT):
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd="/",
        env={"PYTHONPATH": str(path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    path = tmp_path_factory.mktemp("zip") / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted((ROOT / "oceanco2").rglob("*")):
            if file.suffix in {".py", ".pyi", ".toml", ".tree", ".npz", ".gz"}:
                archive.write(file, file.relative_to(ROOT))
    return path


SHOWN = "print(type(xarray.Dataset().co2).__name__, len(oceanco2.__file__) > 0)"


@pytest.mark.parametrize("order", ["oceanco2, xarray", "xarray, oceanco2"])
def test_the_accessor_is_there_in_either_order(order):
    assert python(f"import {order}\n{SHOWN}") == "CO2Accessor True"


@pytest.mark.parametrize("order", ["oceanco2, xarray", "xarray, oceanco2"])
def test_the_accessor_is_there_from_a_zip(order, zipped):
    printed = python(f"import {order}\n{SHOWN}\nprint(oceanco2.__file__)", zipped)
    assert printed.startswith("CO2Accessor True")
    assert "package.zip" in printed


def test_looking_for_xarray_does_not_lose_the_accessor():
    code = "import oceanco2, importlib.util\nimportlib.util.find_spec('xarray')\n"
    assert python(f"{code}import xarray\n{SHOWN}") == "CO2Accessor True"


def test_the_finder_leaves_after_xarray_is_imported():
    code = "import oceanco2, sys\nbefore = len(sys.meta_path)\nimport xarray\n"
    assert python(f"{code}print(before - len(sys.meta_path))") == "1"


def test_importing_the_package_loads_no_library():
    code = "import oceanco2, sys\nprint(*sorted(set(sys.modules) & {libraries}))"
    libraries = {"numpy", "pandas", "xarray", "numba", "scipy", "matplotlib"}
    assert python(code.format(libraries=libraries)) == ""


@pytest.mark.parametrize("package", ["oceanco2", "oceanco2.physics", "oceanco2.socat"])
def test_every_name_of_a_stub_can_be_imported(package):
    if (
        package != "oceanco2"
        and not (ROOT / Path(*package.split(".")) / "__init__.pyi").exists()
    ):
        pytest.skip(f"{package} has no stub")
    module = __import__(package, fromlist=["__all__"])
    assert module.__all__ == sorted(module.__all__)
    assert all(getattr(module, name) is not None for name in module.__all__)
    assert set(module.__all__) <= set(dir(module))


def test_a_name_that_the_stub_does_not_have():
    with pytest.raises(AttributeError, match="'oceanco2' has no attribute 'proces'"):
        oceanco2.proces  # noqa: B018
    assert oceanco2.__version__ == oceanco2.provenance.package_version()


def test_every_verb_is_there():
    for name in oceanco2.__all__:
        thing = getattr(oceanco2, name)
        assert callable(thing) or inspect.ismodule(thing)
    assert set(oceanco2.__all__) <= set(dir(oceanco2))
    assert oceanco2.__version__
    with pytest.raises(AttributeError):
        oceanco2.nothing  # noqa: B018
