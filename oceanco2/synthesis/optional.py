"""Optional libraries."""

from importlib import import_module
from typing import Any

from oceanco2.errors import OptionError


def library(module: str, name: str, extra: str) -> tuple[Any, ...]:
    """Import an optional library; raise OptionError with the pip command if missing."""
    try:
        return tuple(import_module(part) for part in module.split(","))
    except ImportError:
        raise OptionError(
            f".{extra} needs {name}, which is not installed:"
            f" pip install 'oceanco2[{extra}]'"
        ) from None
