"""The registry of file formats that a dataset can be written in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from oceanco2.registry import FORMATS

#: Writer of a format: ``(dataset, path, **options)``; returns the path if it differs
#: from the given one (a file in the given folder).
Write = Callable[..., Path | None]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A file format that a dataset can be written in.

    Attributes
    ----------
    write : callable
        Function of the dataset, the path and the options of the format.
    description : str
        One line for lists.
    suffix : str
        Suffix of the file; ``"/"`` if the output is a folder.
    reference : str
        Publication or address of the description.
    options : tuple of str
        Names of the options.
    """

    write: Write
    description: str
    suffix: str
    reference: str
    options: tuple[str, ...] = ()


#: Formats by name.
EXPORTERS = FORMATS


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
        option_names = tuple(options)
        EXPORTERS.add(
            name, Exporter(write, description, suffix, reference, option_names)
        )
        return write

    return register
