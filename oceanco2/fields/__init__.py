"""Fields by time and place that users name: CO2 of marine air, climatologies."""
