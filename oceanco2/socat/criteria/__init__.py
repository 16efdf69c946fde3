"""Data set criteria."""
