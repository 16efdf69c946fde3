"""Crossovers."""
