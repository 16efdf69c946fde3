"""Turn a program into one compiled loop, when it is first used.

Formulas stay ordinary Python functions. To compile one, it is copied with other
globals: the functions that it calls are compiled first, and `exp`, `log`, `power` and
`where` become versions that can be vectorised. The loop around it is written from
`_TEMPLATE` for the number of arguments. Nothing is a closure, so numba can cache the
machine code on disk. The name of the cached file holds a digest of everything that
the program uses: the template, the limits, the byte code and the constants of each
function that it reaches. A changed coefficient is therefore compiled again, and other
formulas are not.

Kernels are serial and release the GIL. ``fastmath`` is only "contract": a product and
a sum become one instruction where the processor has it; NaN stays NaN.
"""

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FunctionType
from typing import Any

import numpy as np

from oceanco2.compiling import jit_disabled, on_disk
from oceanco2.physics._engine.elementary import COMPILED
from oceanco2.physics._engine.program import Program, Scalar

_PACKAGE = __name__.split(".", maxsplit=1)[0] + "."
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "fastmath": {"contract"},
    "no_cfunc_wrapper": True,
}
#: Functions that only loops call need no entry from Python.
_INNER = {**_OPTIONS, "forceinline": True, "no_cpython_wrapper": True}

Kernel = Callable[..., int]

#: The loop over arrays, whatever their number. To the compiler `LOW`, `HIGH` and
#: `FLOOR` are constants, so that a limit at infinity costs nothing. It returns how
#: many samples are outside the published ranges.
_TEMPLATE = """
def loop({arrays}, out, p):
    widen()
    count = 0
    for i in range(out.size):
        {values} = {samples}
        outside = joint_check({values})
        {out_of_range}
        count += outside
        {impossible}
        out[i] = NAN if impossible else formula({values}, p)
    return count
"""
#: The same for a formula of two results without limits: a value, and its origin.
_TEMPLATE_OF_TWO = """
def loop({arrays}, out, origin):
    for i in range(out.size):
        {values} = {samples}
        out[i], origin[i] = formula({values})
"""

_switch = {"jit": True}


@contextmanager
def use_jit(on: bool) -> Iterator[None]:
    """Compile formulas or evaluate them by NumPy, in the whole process."""
    before = _switch["jit"]
    _switch["jit"] = on
    try:
        yield
    finally:
        _switch["jit"] = before


def kernel_of(program: Program) -> Kernel:
    """Return the loop of a program, by NumPy where compiling is switched off."""
    return compiled(program) if _switch["jit"] else by_numpy(program)


@lru_cache(maxsize=1024)
def compiled(program: Program) -> Kernel:
    """Return the compiled loop of a program."""
    if jit_disabled():
        return by_numpy(program)
    from numba.core.errors import NumbaError

    kernel = compiled_loop(program)
    if digest(program.formula) is not None:
        return kernel
    fallback = by_numpy(program)
    state = {"kernel": kernel}

    def with_fallback(*arguments: Any) -> int:
        # A user's function may be more than numba understands.
        try:
            return int(state["kernel"](*arguments))
        except NumbaError:
            state["kernel"] = fallback
            return int(fallback(*arguments))

    return with_fallback


def by_numpy(program: Program) -> Kernel:
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


def compiled_loop(program: Program) -> Any:
    """Return the dispatcher of a program; its machine code stays on disk if it can."""
    low, high = program.limits()
    count = len(program.arguments)
    scope = {
        "formula": _scalar(program.formula),
        "joint_check": _scalar(program.joint_check or no_joint_check),
        "out_of": _scalar(out_of),
        "widen": _widen(),
        "NAN": np.nan,
        "LOW": low,
        "HIGH": high,
        "FLOOR": program.floors,
    }
    functions = (program.formula, program.joint_check or no_joint_check, out_of)
    return _compile(loop_source(count), scope, functions)


@lru_cache(maxsize=16)
def compiled_pair(formula: Scalar, count: int) -> Callable[..., Any]:
    """Return the compiled loop of a formula of two results."""
    scope = {"formula": _scalar(formula)}
    return _compile(loop_source(count, _TEMPLATE_OF_TWO), scope, (formula,))


def pair_kernel(formula: Scalar, count: int) -> Callable[..., Any]:
    """Return the loop of a formula of `count` arguments and two results."""
    if _switch["jit"] and not jit_disabled():
        return compiled_pair(formula, count)
    return _python_loop(loop_source(count, _TEMPLATE_OF_TWO), {"formula": formula})


@lru_cache(maxsize=32)
def loop_source(count: int, template: str = _TEMPLATE) -> str:
    """Return the source of a loop over `count` arrays."""
    order = range(count)
    out_of_range = [f"outside |= out_of(x{n}, LOW[{n}], HIGH[{n}])" for n in order]
    impossible = [f"impossible {'|' if n else ''}= x{n} < FLOOR[{n}]" for n in order]
    return template.format(
        arrays=", ".join(f"a{n}" for n in order),
        values=", ".join(f"x{n}" for n in order),
        samples=", ".join(f"a{n}[i]" for n in order),
        out_of_range="\n        ".join(out_of_range),
        impossible="\n        ".join(impossible),
    )


def _python_loop(source: str, scope: dict[str, Any]) -> FunctionType:
    # Numba keeps machine code beside a real file, so the loop says it is of this one.
    scope["__name__"] = __name__
    exec(compile(source, __file__, "exec"), scope)
    loop: FunctionType = scope["loop"]
    return loop


def _compile(source: str, scope: dict[str, Any], functions: tuple[Scalar, ...]) -> Any:
    import numba

    constants = {k: v for k, v in scope.items() if isinstance(v, tuple)}
    loop = _python_loop(source, scope)
    digests = tuple(map(digest, functions))
    if None in digests:
        return numba.njit(**_OPTIONS)(loop)
    text = repr((source, sorted(constants.items()), digests, sorted(_INNER.items())))
    loop.__qualname__ = f"loop_{hashlib.sha256(text.encode()).hexdigest()[:24]}"
    return on_disk(loop, _OPTIONS)


def no_joint_check(*_values: Any) -> Any:
    """Check of more than one argument, for programs that have none."""
    return False


def out_of(value: Any, low: Any, high: Any) -> Any:
    """Return whether a value is outside limits; NaN is not."""
    return (value < low) | (value > high)


@lru_cache(maxsize=1)
def _widen() -> Any:
    """Return a function that asks for vectors as wide as the processor has them."""
    from numba import types
    from numba.extending import intrinsic

    def ask_for_width(context: Any, builder: Any, _signature: Any, _args: Any) -> Any:
        attributes = builder.function.attributes
        if isinstance(attributes, set):
            # The set checks names against a list that does not know this one.
            set.add(attributes, '"prefer-vector-width"="512"')
        return context.get_dummy_value()

    @intrinsic
    def widen(_typing_context: Any) -> Any:
        return types.void(), ask_for_width

    return widen


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


class _UnknownContent(Exception):
    """A program uses something whose content cannot be written down."""


@lru_cache(maxsize=4096)
def digest(function: Any) -> str | None:
    """Return a digest of all that a function computes with, None if it is a user's."""
    try:
        text = repr(_content(function))
    except _UnknownContent:
        return None
    return hashlib.sha256(text.encode()).hexdigest()


def _content(value: Any) -> Any:
    """Return what distinguishes a value of a formula: nested tuples of text."""
    if isinstance(value, FunctionType | np.ufunc | type(np.where)):
        value = COMPILED.get(value, value)
    if isinstance(value, FunctionType):
        return _content_of_function(value)
    if isinstance(value, tuple):
        return tuple(map(_content, value))
    if isinstance(value, np.ufunc | type(np.where)) or value is np or value is math:
        return value.__name__
    if value is None or isinstance(value, bool | int | float | str | np.generic):
        return type(value).__name__, repr(value)
    raise _UnknownContent


def _content_of_function(function: FunctionType) -> Any:
    if not function.__module__.startswith(_PACKAGE) or function.__closure__:
        raise _UnknownContent
    code, scope = function.__code__, function.__globals__
    constants = [None if c is function.__doc__ else c for c in code.co_consts]
    used = [(name, scope[name]) for name in code.co_names if name in scope]
    return (
        code.co_code,
        (code.co_argcount, code.co_names),
        _content(tuple(constants)),
        _content(function.__defaults__),
        [(name, _content(value)) for name, value in used],
    )
