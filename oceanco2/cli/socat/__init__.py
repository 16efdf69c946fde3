"""Commands for SOCAT: files for upload and files published by SOCAT."""

from oceanco2.cli.socat.group import socat

__all__ = ["checking", "files", "gridding", "socat", "submitting"]
