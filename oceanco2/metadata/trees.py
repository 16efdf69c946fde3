"""Element trees of metadata formats, read from the text files beside this module."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

_OCCURRENCE = {"?": (False, False), "*": (False, True), "+": (True, True)}


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an element."""

    name: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Element:
    """An element with its allowed attributes and children."""

    name: str
    required: bool = True
    repeated: bool = False
    alternative: bool = False
    attributes: list[Attribute] = field(default_factory=list)
    kind: str = ""
    types: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    group: str = ""
    children: list["Element"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Tree:
    """All elements of a format."""

    name: str
    namespace: str
    roots: dict[str, Element]


@cache
def tree(name: str) -> Tree:
    """Return the element tree of a format.

    Examples
    --------
    >>> [child.name for child in tree("oads").roots["oads_metadata"].children][-1]
    'variables'
    """
    text = (files("oceanco2.socat.document") / "trees" / f"{name}.tree").read_text(
        "utf-8"
    )
    header: dict[str, list[str]] = {"namespace": [], "root": []}
    top = Element("")
    stack = [(-1, top)]
    for depth, line in _lines(text):
        keyword, _, rest = line.partition(" ")
        if keyword in header:
            header[keyword].append(rest.strip())
            continue
        element = _element(line)
        while stack[-1][0] >= depth:
            stack.pop()
        stack[-1][1].children.append(element)
        stack.append((depth, element))
    groups = {e.name: e.children for e in top.children if e.name.startswith("&")}
    elements = {e.name: _with_groups(e, groups) for e in top.children}
    roots = {root: elements[root] for root in header["root"]}
    return Tree(name.upper(), header["namespace"][0], roots)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield len(line) - len(line.lstrip()), line.strip()


def _element(line: str) -> Element:
    line, _, kind = line.partition(" : ")
    name, *marks = line.split()
    alternative = name.startswith("|")
    required, repeated = _OCCURRENCE.get(name[-1], (True, False))
    element = Element(name.strip("|?*+"), required, repeated, alternative)
    element.kind = kind.strip()
    for mark in marks:
        if mark.startswith("@"):
            element.attributes.append(_attribute(mark))
        elif mark.startswith("<"):
            element.types = tuple(mark.strip("<>").split(","))
        elif mark.startswith("["):
            element.only = tuple(mark.strip("[]").split(","))
        else:
            element.group = mark
    return element


def _attribute(mark: str) -> Attribute:
    name, _, choices = mark[1:].partition("=")
    allowed = tuple(choices.split("|")) if choices else ()
    return Attribute(name.rstrip("?"), not name.endswith("?"), allowed)


def _with_groups(element: Element, groups: dict[str, list[Element]]) -> Element:
    """Add the children of groups to the elements that refer to them."""
    children = [*element.children, *groups.get(element.group, [])]
    return replace(
        element, children=[_with_groups(child, groups) for child in children]
    )
