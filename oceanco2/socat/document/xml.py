"""XML elements and element trees of metadata formats; validation of documents."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from oceanco2.errors import ProcessingError, not_allowed, not_found

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


XSI = "http://www.w3.org/2001/XMLSchema-instance"
_KINDS = {
    "date": (r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "a date yyyy-mm-dd"),
    "number": (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """An error of a metadata document."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.path}: {self.reason}"


def local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]


def validate(root: ET.Element, tree: Tree) -> list[Fault]:
    """Check a document against an element tree."""
    name = local(root.tag)
    if name not in tree.roots:
        reason = not_allowed(f"the root of {tree.name}", name, tree.roots)
        return [Fault(name, reason)]
    faults = []
    namespace = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    if namespace != tree.namespace:
        faults.append(
            Fault(name, f"namespace must be {tree.namespace!r}, not {namespace!r}")
        )
    return [*faults, *_element_faults(root, tree.roots[name], name)]


def _element_faults(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    yield from _attribute_faults(node, rule, path)
    kind = node.get(f"{{{XSI}}}type", "")
    if kind and rule.types and kind not in rule.types:
        yield Fault(path, not_allowed("xsi:type", kind, rule.types))
        kind = ""
    yield from _text_faults(node, rule, path)
    rules = [r for r in rule.children if not r.only or kind in r.only]
    yield from _child_faults(node, rule, rules, path)


def _attribute_faults(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    allowed_attributes = {attribute.name: attribute for attribute in rule.attributes}
    for name, value in node.attrib.items():
        if name.startswith(f"{{{XSI}}}"):
            continue
        if name not in allowed_attributes:
            yield Fault(path, not_found("attribute", name, allowed_attributes))
        elif (
            allowed_attributes[name].choices
            and value not in allowed_attributes[name].choices
        ):
            reason = not_allowed(name, value, allowed_attributes[name].choices)
            yield Fault(path, reason)
    for attribute in rule.attributes:
        if attribute.required and attribute.name not in node.attrib:
            yield Fault(path, f"attribute {attribute.name!r} is missing")


def _text_faults(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    text = (node.text or "").strip()
    if text and rule.children:
        yield Fault(path, f"must contain only elements, not the text {text[:40]!r}")
    elif text and rule.kind in _KINDS:
        pattern, label = _KINDS[rule.kind]
        if not re.fullmatch(pattern, text):
            yield Fault(path, f"must be {label}, not {text[:40]!r}")
    elif text and rule.kind and text not in rule.kind.split("|"):
        yield Fault(path, not_allowed("text", text[:40], rule.kind.split("|")))


def _child_faults(
    node: ET.Element, rule: Element, rules: list[Element], path: str
) -> Iterator[Fault]:
    """Check names, order and number of child elements."""
    order, number = {}, -1
    for allowed in rules:
        number += not allowed.alternative
        order[allowed.name] = number
    by_name = {allowed.name: allowed for allowed in rules}
    last, previous = -1, ""
    seen: dict[int, str] = {}
    for child in node:
        name = local(child.tag)
        inner = f"{path}/{name}"
        if name not in by_name:
            yield Fault(inner, _unknown(name, rule, by_name))
            continue
        if order[name] < last:
            yield Fault(inner, f"must come before {previous!r}")
        elif order[name] in seen and not by_name[name].repeated:
            yield Fault(inner, _repetition(name, seen[order[name]]))
        if order[name] >= last:
            last, previous = order[name], name
        seen[order[name]] = name
        yield from _element_faults(child, by_name[name], inner)
    yield from _missing_children(rules, order, seen, path)


def _missing_children(
    rules: list[Element], order: dict[str, int], seen: dict[int, str], path: str
) -> Iterator[Fault]:
    for rule in rules:
        if rule.required and not rule.alternative and order[rule.name] not in seen:
            others = [n for n, p in order.items() if p == order[rule.name]]
            yield Fault(path, f"{' or '.join(map(repr, others))} is missing")


def _unknown(name: str, rule: Element, by_name: dict[str, Element]) -> str:
    elsewhere = next((r for r in rule.children if r.name == name), None)
    if elsewhere:
        return f"is allowed only in elements of type {' or '.join(elsewhere.only)}"
    return not_found("element", name, by_name)


def _repetition(name: str, first: str) -> str:
    return "appears more than once" if name == first else f"excludes {first!r}"


def add(
    parent: ET.Element, name: str, text: str = "", /, **attributes: str
) -> ET.Element:
    """Add an element."""
    element = ET.SubElement(parent, name, attributes)
    # XML 1.0 allows no control characters; texts of platform files may have some.
    printable = "".join(c for c in text if c.isprintable() or c in "\n\t")
    element.text = printable or None
    return element


def add_optional(
    parent: ET.Element, name: str, text: str, /, **attributes: str
) -> None:
    """Add an element if the text is not empty."""
    if text:
        add(parent, name, text, **attributes)


def to_bytes(root: ET.Element, tree: Tree) -> bytes:
    """Validate a document against its element tree and return it as XML."""
    root.set("xmlns", tree.namespace)
    root.set("xmlns:xsi", XSI)
    ET.indent(root)
    text = ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    faults = validate(ET.fromstring(text), tree)
    if faults:
        raise ProcessingError(f"{tree.name}: {faults[0]} ({len(faults)} faults)")
    return text


def child(node: ET.Element | None, name: str) -> ET.Element | None:
    """Return the first child with a name, in any namespace; `/` separates levels."""
    for part in name.split("/"):
        node = next(children(node, part), None)
    return node


def children(node: ET.Element | None, name: str) -> Iterator[ET.Element]:
    """Iterate over the children with a name, in any namespace."""
    for inner in () if node is None else node:
        if local(inner.tag) == name:
            yield inner


def text_of(node: ET.Element | None, name: str = "") -> str:
    """Return the text of an element or of a child."""
    element = child(node, name) if name else node
    return " ".join((element.text or "").split()) if element is not None else ""


def texts(node: ET.Element | None, name: str) -> tuple[str, ...]:
    """Return the texts of all children with a name."""
    return tuple(filter(None, map(text_of, children(node, name))))
