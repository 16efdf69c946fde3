"""The group of the commands about files of SOCAT."""

from oceanco2.cli.group import Commands, cli


@cli.group("socat", cls=Commands)
def socat() -> None:
    """Check files before upload; read, recompute and grid what SOCAT gives out."""
