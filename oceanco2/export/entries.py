"""The registry of formats: what a dataset can be written in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from oceanco2.registry import Registry

#: What writes: ``(dataset, path, **options)``; returns the path where that is
#: another than the one asked for (a file in the folder that was named).
Write = Callable[..., Path | None]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format that a dataset can be written in.

    Attributes
    ----------
    write : callable
        Called with the dataset, the path and the options of the format.
    description : str
        What it is, for lists.
    suffix : str
        Of a file name; ``"/"`` where the output is a folder.
    reference : str
        Where the format is described.
    options : tuple of str
        Names of what can be chosen.
    """

    write: Write
    description: str
    suffix: str
    reference: str
    options: tuple[str, ...] = ()


#: Formats by name.
EXPORTERS: Registry[Exporter] = Registry("format")


def exporter(
    name: str,
    *,
    description: str,
    suffix: str,
    reference: str,
    options: Iterable[str] = (),
) -> Callable[[Write], Write]:
    """Register the function below as the writer of a format."""

    def register(write: Write) -> Write:
        known = tuple(options)
        EXPORTERS.add(name, Exporter(write, description, suffix, reference, known))
        return write

    return register
