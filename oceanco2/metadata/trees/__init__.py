"""Element trees of metadata documents: read from text files beside this module."""

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
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Element:
    """An element and what may stand in it."""

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
    """All elements of a kind of document."""

    name: str
    namespace: str
    roots: dict[str, Element]


@cache
def tree(name: str) -> Tree:
    """Return the tree of a kind of document.

    Examples
    --------
    >>> [child.name for child in tree("oads").roots["oads_metadata"].children][-1]
    'variables'
    """
    text = (files("oceanco2.metadata") / "trees" / f"{name}.tree").read_text("utf-8")
    said: dict[str, list[str]] = {"namespace": [], "root": []}
    top = Element("")
    stack = [(-1, top)]
    for depth, line in _lines(text):
        word, _, rest = line.partition(" ")
        if word in said:
            said[word].append(rest.strip())
            continue
        element = _element(line)
        while stack[-1][0] >= depth:
            stack.pop()
        stack[-1][1].children.append(element)
        stack.append((depth, element))
    groups = {e.name: e.children for e in top.children if e.name.startswith("&")}
    whole = {e.name: _filled(e, groups) for e in top.children}
    roots = {root: whole[root] for root in said["root"]}
    return Tree(name.upper(), said["namespace"][0], roots)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            yield len(line) - len(line.lstrip()), line.strip()


def _element(line: str) -> Element:
    line, _, kind = line.partition(" : ")
    name, *marks = line.split()
    alternative = name.startswith("|")
    required, repeated = _OCCURRENCE.get(name[-1], (True, False))
    made = Element(name.strip("|?*+"), required, repeated, alternative)
    made.kind = kind.strip()
    for mark in marks:
        if mark.startswith("@"):
            made.attributes.append(_attribute(mark))
        elif mark.startswith("<"):
            made.types = tuple(mark.strip("<>").split(","))
        elif mark.startswith("["):
            made.only = tuple(mark.strip("[]").split(","))
        else:
            made.group = mark
    return made


def _attribute(mark: str) -> Attribute:
    name, _, words = mark[1:].partition("=")
    allowed = tuple(words.split("|")) if words else ()
    return Attribute(name.rstrip("?"), not name.endswith("?"), allowed)


def _filled(element: Element, groups: dict[str, list[Element]]) -> Element:
    """Put the children of groups where they belong."""
    inside = [*element.children, *groups.get(element.group, [])]
    return replace(element, children=[_filled(child, groups) for child in inside])
