"""Commands about files of SOCAT: given out by it, or to be uploaded."""

from oceanco2.cli.socat import checking, files, gridding, submitting
from oceanco2.cli.socat.group import socat

__all__ = ["checking", "files", "gridding", "socat", "submitting"]
