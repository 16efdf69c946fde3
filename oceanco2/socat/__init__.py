"""Everything particular to SOCAT."""
