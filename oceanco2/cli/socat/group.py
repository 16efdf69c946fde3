"""The group of the SOCAT commands."""

from oceanco2.cli.group import Commands, cli


@cli.group("socat", cls=Commands)
def socat() -> None:
    """Check and submit files; read, recompute and grid files published by SOCAT."""
