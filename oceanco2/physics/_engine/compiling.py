"""Turn a program into one compiled loop, when it is first used.

Formulas stay plain Python functions. To compile one, it is copied with other
globals: the functions that it calls are compiled first, `exp` and its like become
vectorisable ones. Nothing is a closure, so numba can keep the machine code on disk;
the file's name holds a digest of the sources, so a changed coefficient is never
shadowed by code compiled before.

Kernels are serial and release the GIL. ``fastmath`` is but "contract": a product and
a sum become one instruction where the processor has it; NaN stays NaN.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np

from oceanco2.compiling import jit_disabled, on_disk
from oceanco2.physics._engine import choosing, loops
from oceanco2.physics._engine.elementary import COMPILED
from oceanco2.physics._engine.program import Program, Scalar

_PACKAGE = __name__.split(".", maxsplit=1)[0] + "."
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
    "no_cfunc_wrapper": True,
}
#: Parts are only called from loops: they need no way in from Python.
_INNER = {**_OPTIONS, "forceinline": True, "no_cpython_wrapper": True}

Kernel = Callable[..., int]


@lru_cache(maxsize=1024)
def compiled(program: Program) -> Kernel:
    """Return the loop of a program."""
    if jit_disabled():
        return plain(program)
    from numba.core.errors import NumbaError

    kernel = _loop(program)
    if _is_own(program.formula):
        return kernel
    fallback = plain(program)
    state = {"kernel": kernel}

    def careful(*arguments: Any) -> int:
        # A user's function may be more than numba understands.
        try:
            return int(state["kernel"](*arguments))
        except NumbaError:
            state["kernel"] = fallback
            return int(fallback(*arguments))

    return careful


def plain(program: Program) -> Kernel:
    """Return the same as `compiled`, by whole-array NumPy."""

    def kernel(*arguments: Any) -> int:
        *arrays, out, parameters = arguments
        with np.errstate(all="ignore"):
            out[...] = program.formula(*arrays, parameters)
            for array, floor in zip(arrays, program.floors, strict=True):
                if floor > -np.inf:
                    out[array < floor] = np.nan
            return int(program.outside(arrays).sum())

    return kernel


def _python_loop(program: Program) -> tuple[FunctionType, tuple[Any, ...]]:
    from oceanco2.physics._engine.vectors import widen

    template = loops.LOOPS[len(program.arguments) - 1]
    low, high = program.limits()
    scope = {
        **template.__globals__,
        "formula": _scalar(program.formula),
        "elsewhere": _scalar(program.elsewhere or loops.nowhere),
        "out_of": _scalar(loops.out_of),
        "widen": widen,
        "LOW": low,
        "HIGH": high,
        "FLOOR": program.floors,
    }
    return FunctionType(template.__code__, scope, template.__name__), (low, high)


def _loop(program: Program) -> Kernel:
    import numba

    loop, limits = _python_loop(program)
    if not _is_own(program.formula):
        return numba.njit(**_OPTIONS)(loop)
    described = _describe(program.formula), _describe(program.elsewhere), limits
    return _kept(loop, (described, program.floors))


def _kept(loop: FunctionType, described: Any) -> Kernel:
    """Compile a loop of this package; its machine code stays on disk if it can."""
    text = repr((_sources(), *described))
    loop.__qualname__ += "_" + hashlib.sha256(text.encode()).hexdigest()[:24]
    return on_disk(loop, _OPTIONS)


@lru_cache(maxsize=16)
def compiled_choice(formula: Scalar) -> Callable[..., Any]:
    """Return the loop of a formula that says which of its forms it took."""
    template = choosing.loop_13
    scope = dict(template.__globals__)
    if jit_disabled():
        scope["formula"] = formula
        return FunctionType(template.__code__, scope, template.__name__)
    scope["formula"] = _scalar(formula)
    loop = FunctionType(template.__code__, scope, template.__name__)
    return _kept(loop, (_describe(formula),))


@lru_cache(maxsize=1024)
def _scalar(function: Any) -> Any:
    import numba

    source = COMPILED.get(function, function)
    if not isinstance(source, FunctionType):
        return source
    copy = source
    if source.__closure__ is None:
        scope = dict(source.__globals__)
        for name in source.__code__.co_names:
            if _is_part(scope.get(name)):
                scope[name] = _scalar(scope[name])
        copy = FunctionType(
            source.__code__, scope, source.__name__, source.__defaults__
        )
    return numba.njit(**_INNER)(copy)


def _is_part(value: Any) -> bool:
    if isinstance(value, FunctionType):
        return True
    return isinstance(value, np.ufunc | type(np.where)) and value in COMPILED


def _parts_of(function: Any) -> list[tuple[str, Any]]:
    names = dict.fromkeys(function.__code__.co_names)
    return [(n, function.__globals__[n]) for n in names if n in function.__globals__]


def _is_own(function: Any) -> bool:
    """Return whether every part of a function is of this package."""
    if not isinstance(function, FunctionType):
        return function in COMPILED
    if not function.__module__.startswith(_PACKAGE) or function.__closure__:
        return False
    parts = (value for _, value in _parts_of(function))
    return all(_is_own(part) for part in parts if isinstance(part, FunctionType))


def _describe(function: Any) -> Any:
    """Return what distinguishes a function: its name and what is bound to it."""
    if not isinstance(function, FunctionType):
        return repr(function)
    bound = getattr(function, "__parts__", ())
    parts = [(name, _describe(value)) for name, value in bound]
    return (function.__module__, function.__qualname__, parts)


@lru_cache(maxsize=1)
def _sources() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
