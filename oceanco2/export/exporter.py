"""The registry of file formats that a dataset can be written in."""

import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from types import MappingProxyType, NoneType
from typing import Any, Literal

from oceanco2.errors import OptionError, RegistrationError, choose_name
from oceanco2.registry import FORMATS

#: Writer of a format: ``(dataset, path, **options)``; returns the path if it differs
#: from the given one (a file in the given folder).
Write = Callable[..., Path | None]
#: What the values of an option must be, for messages.
_WORDS = {bool: "True or False", str: "text", int: "an integer", float: "a number"}


@dataclass(frozen=True, slots=True)
class Format:
    """A file format that a dataset can be written in.

    Attributes
    ----------
    name : str
        Name of the format.
    write : callable
        Function of the dataset, the path and the options of the format.
    description : str
        One line for lists.
    suffix : str
        Suffix of the file; ``"/"`` if the output is a folder.
    reference : str
        Publication or address of the description.
    options : mapping of str to type
        Names and types of the options, from the writer or its class of options.
    """

    name: str
    write: Write
    description: str
    suffix: str
    reference: str
    options: Mapping[str, Any]

    def check(self, options: Mapping[str, Any]) -> None:
        """Validate names and types of options.

        Parameters
        ----------
        options : mapping of str to Any
            Options of the format.

        Raises
        ------
        OptionError
            If the format has no such option, or its value is of another type.
        """
        from pydantic import ConfigDict, TypeAdapter, ValidationError

        for name, value in options.items():
            where = f"format {self.name!r}"
            choose_name("option", name, self.options, where, error=OptionError)
            kind = self.options[name]
            try:
                TypeAdapter(kind, config=ConfigDict(strict=True)).validate_python(value)
            except ValidationError:
                allowed = " or ".join(_allowed(kind))
                message = f"{where}: {name} must be {allowed}, not {value!r}"
                raise OptionError(message) from None

    def parse(self, name: str, text: str) -> Any:
        """Return the value of an option that was given as text.

        Parameters
        ----------
        name : str
            Name of the option.
        text : str
            Text from the command line.

        Returns
        -------
        Any
            A bool or number if the option is one and the text is valid, else the text.
        """
        kind = self.options.get(name, str)
        kinds = typing.get_args(kind) or (kind,)
        if bool in kinds and text.lower() in ("true", "false"):
            return text.lower() == "true"
        for number in (int, float):
            if number in kinds:
                try:
                    return number(text)
                except ValueError:
                    continue
        return text


def _allowed(kind: Any) -> Iterator[str]:
    """Describe the values of a type."""
    if typing.get_origin(kind) is Literal:
        yield f"one of {', '.join(map(str, typing.get_args(kind)))}"
        return
    kinds = typing.get_args(kind) or (kind,)
    for one in kinds:
        if typing.get_args(one):
            yield from _allowed(one)
        elif one is not NoneType:
            yield _WORDS.get(one, f"a {getattr(one, '__name__', one)}")


def exporter(
    name: str,
    *,
    description: str,
    suffix: str,
    reference: str,
    options: type | None = None,
) -> Callable[[Write], Write]:
    """Register the function below as the writer of a format."""

    def register(write: Write) -> Write:
        kinds = _parameters(name, write) if options is None else _fields(name, options)
        entry = Format(
            name, write, description, suffix, reference, MappingProxyType(kinds)
        )
        FORMATS.add(name, entry)
        return write

    return register


def _fields(name: str, options: type) -> dict[str, Any]:
    hints = typing.get_type_hints(options)
    for field in fields(options):
        if field.default is MISSING and field.default_factory is MISSING:
            _refuse(name, field.name, "default value")
    return {field.name: hints[field.name] for field in fields(options)}


def _parameters(name: str, write: Write) -> dict[str, Any]:
    kinds = {}
    for option, parameter in inspect.signature(write, eval_str=True).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY:
            continue
        if parameter.annotation is parameter.empty:
            _refuse(name, option, "type")
        if parameter.default is parameter.empty:
            _refuse(name, option, "default value")
        kinds[option] = parameter.annotation
    return kinds


def _refuse(name: str, option: str, what: str) -> None:
    raise RegistrationError(f"format {name!r}: option {option!r} has no {what}")
