"""Summary of a dataset: coverage, ranges and quality, as numbers and as text."""

from oceanco2.summary.numbers import data_set_flag, run_report, summary
from oceanco2.summary.text import summary_text

__all__ = ["data_set_flag", "run_report", "summary", "summary_text"]
