"""Commands for SOCAT: files for upload and files published by SOCAT."""

from oceanco2.cli.group import socat
from oceanco2.cli.socat import archive, checking, grid, submit

__all__ = ["archive", "checking", "grid", "socat", "submit"]
