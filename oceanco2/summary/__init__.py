"""A dataset in short: where, when, how much, how good; numbers and text."""

from oceanco2.summary.numbers import judged, summary
from oceanco2.summary.texts import summary_text

__all__ = ["judged", "summary", "summary_text"]
