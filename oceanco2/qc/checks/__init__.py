"""Quality control checks: one module per family."""
