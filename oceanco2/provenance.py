"""Provenance: versions, options and dates recorded in every output."""

import hashlib
import json
import os
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from oceanco2.errors import OptionError


def package_version() -> str:
    """Return the version of oceanco2."""
    try:
        return version("oceanco2")
    except PackageNotFoundError:  # a copy of the folder that is not installed
        return "0+unknown"


def versions() -> dict[str, str]:
    """Return the versions of the libraries that results depend on."""
    libraries = ("numpy", "pandas", "xarray", "gsw", "scipy", "numba", "netcdf4")
    return {"oceanco2": package_version()} | {name: version(name) for name in libraries}


def now() -> str:
    """Return the current time, or SOURCE_DATE_EPOCH if it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        stamp = (
            datetime.fromtimestamp(int(fixed), UTC) if fixed else datetime.now(tz=UTC)
        )
    except (ValueError, OverflowError, OSError):
        raise OptionError(
            f"SOURCE_DATE_EPOCH must be an integer (seconds since 1970), not {fixed!r}"
        ) from None
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


def add_history(
    attrs: dict[str, Any], step: str, content: bytes = b""
) -> dict[str, Any]:
    """Append a line to the CF ``history`` attribute; the run has another id then."""
    if "source_files_sha256" in attrs:
        attrs = attrs | {"run_id": _run_id(attrs, step, content)}
    line = f"{now()} oceanco2 {package_version()}: {step}"
    before = attrs.get("history", "")
    return attrs | {"history": f"{before}\n{line}" if before else line}


#: Attributes that tell which inputs and options a result comes from.
_ORIGIN = (
    "run_id",
    "source_files_sha256",
    "platform_file_sha256",
    "options",
    "manual_flags",
)


def _run_id(attrs: dict[str, Any], step: str, content: bytes) -> str:
    """Return an id that is the same for the same inputs, options and version."""
    origin = {name: attrs.get(name) for name in _ORIGIN}
    text = json.dumps([origin, step, package_version()], sort_keys=True, default=str)
    return hashlib.sha256(text.encode() + content).hexdigest()[:16]
