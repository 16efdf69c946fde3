"""Whole SOCAT files: recompute, excerpt, convert and grid them, chunk by chunk."""
