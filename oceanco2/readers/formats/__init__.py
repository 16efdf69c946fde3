"""Readers: one module per raw format."""
