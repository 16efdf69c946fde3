"""The small files of the SOCAT tests, for the commands."""

from tests.socat.conftest import excerpt_2026, few, made

__all__ = ["excerpt_2026", "few", "made"]
