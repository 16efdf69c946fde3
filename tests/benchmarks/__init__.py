"""Speed as ratios within one run: seconds depend on the machine, ratios little."""
