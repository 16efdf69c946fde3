"""Lazy imports from a stub, and ``ds.co2`` as soon as xarray is there.

The stub ``__init__.pyi`` of a package is the one list of its public names: type
checkers read it, and `attach` imports a name when it is first used.
"""

import ast
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any


def attach(
    package: str, spec: ModuleSpec | None
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make ``__getattr__``, ``__dir__`` and ``__all__`` of a package from its stub."""
    homes = _homes(package, spec)
    names = sorted(homes)

    def __getattr__(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, attribute = homes[name]
        home = import_module(module)
        return getattr(home, attribute) if attribute else home

    def __dir__() -> list[str]:
        return names

    return __getattr__, __dir__, names


def _homes(package: str, spec: ModuleSpec | None) -> dict[str, tuple[str, str]]:
    """Map each name of the stub to its module and its name there ("" for a module)."""
    if spec is None or spec.origin is None:
        raise ImportError(f"{package} cannot find its stub: it has no file")
    path = spec.origin.rpartition(".")[0] + ".pyi"
    # The loader reads it, not open(): the package may lie in a zip.
    text: bytes = spec.loader.get_data(path)  # type: ignore[union-attr]
    homes = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            for name in node.names:
                public = name.asname or name.name
                inside = f"{package}.{node.module or name.name}"
                homes[public] = (inside, name.name if node.module else "")
    return homes


def register_accessor(name: str, module: str, attribute: str) -> None:
    """Register ``ds.<name>`` now, or right after xarray is imported."""

    def accessor(ds: Any) -> Any:
        return getattr(import_module(module), attribute)(ds)

    def register() -> None:
        import xarray as xr

        if not hasattr(xr.Dataset, name):
            xr.register_dataset_accessor(name)(accessor)

    if "xarray" in sys.modules:
        register()
    elif not any(isinstance(finder, _AfterXarray) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterXarray(register))


class _AfterXarray:
    """Finds xarray as Python would, and calls a function once it is loaded."""

    def __init__(self, function: Callable[[], None]) -> None:
        self._function = function
        self._searching = False

    def find_spec(
        self, name: str, _path: Sequence[str] | None = None, _target: Any = None
    ) -> ModuleSpec | None:
        if name != "xarray" or self._searching:
            return None
        self._searching = True
        try:
            spec = find_spec(name)
        finally:
            self._searching = False
        loader: Any = spec and spec.loader
        if loader is not None:
            loader.exec_module = self._loading(loader)
        return spec

    def _loading(self, loader: Any) -> Callable[[ModuleType], None]:
        execute = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            loader.exec_module = execute  # a loader of a zip serves other modules, too
            execute(module)
            if module.__name__ == "xarray":
                if self in sys.meta_path:
                    sys.meta_path.remove(self)
                self._function()

        return exec_module
