"""Fields by time and place: CO2 of marine air, named or measured; climatologies."""
