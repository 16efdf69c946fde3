"""Fields in time and space: CO2 of marine air, and climatologies."""
