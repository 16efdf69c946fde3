"""Calibration models: one module per kind of instrument."""
