"""Commands about files of SOCAT: given out by it, or to be uploaded."""

from oceanco2.cli.socat import checking, files, submitting
from oceanco2.cli.socat.group import socat

__all__ = ["checking", "files", "socat", "submitting"]
