"""Commands that check: the dashboard's rules, crossovers."""
