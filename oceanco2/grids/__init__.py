"""Room 7: observations to SOCAT-style gridded products."""
