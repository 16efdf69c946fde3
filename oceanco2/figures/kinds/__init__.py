"""Kinds of figures: one module per family."""
