"""Commands about flags that people set."""

from oceanco2.cli.group import Commands, cli


@cli.group("flags", cls=Commands)
def flags() -> None:
    """Compare, prepare and read the flags of people."""
