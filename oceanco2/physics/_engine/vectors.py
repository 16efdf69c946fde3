"""Vectors as wide as the processor has them.

LLVM takes half of the width on processors with 512 bits, for fear of a lower clock.
These loops are bound by arithmetic, and a fifth faster with all of it.
"""

from typing import Any

from numba import types
from numba.extending import intrinsic


def _ask_for_width(_context: Any, builder: Any, _signature: Any, _args: Any) -> Any:
    attributes = builder.function.attributes
    if isinstance(attributes, set):
        # The set checks names against a list that does not know this one.
        set.add(attributes, '"prefer-vector-width"="512"')
    return _context.get_dummy_value()


@intrinsic
def widen(_typing_context: Any) -> Any:
    """Ask for the widest vectors in the function that calls this."""
    return types.void(), _ask_for_width
