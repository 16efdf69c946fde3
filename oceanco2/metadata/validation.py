"""Whether a metadata document has what it must have, in the right order."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from oceanco2.errors import did_you_mean
from oceanco2.metadata.trees import Element, Tree

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_KINDS = {
    "date": (r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "a date yyyy-mm-dd"),
    "number": (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the element tree does not allow.

    Attributes
    ----------
    path : str
        Where, for example ``oads_metadata/platforms/platform``.
    reason : str
        What is wrong, with the nearest right word.
    """

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
        hint = did_you_mean(name, tree.roots)
        known = " or ".join(tree.roots)
        return [Fault(name, f"the root of {tree.name} is {known}.{hint}")]
    found = []
    space = root.tag[1:].partition("}")[0] if root.tag.startswith("{") else ""
    if space != tree.namespace:
        found.append(Fault(name, f"namespace {space!r} is not {tree.namespace!r}"))
    return [*found, *_inside(root, tree.roots[name], name)]


def _inside(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    yield from _attributes(node, rule, path)
    kind = node.get(f"{{{XSI}}}type", "")
    if kind and rule.types and kind not in rule.types:
        hint = did_you_mean(kind, rule.types)
        yield Fault(path, f"xsi:type {kind!r} is unknown.{hint}")
        kind = ""
    yield from _text(node, rule, path)
    rules = [r for r in rule.children if not r.only or kind in r.only]
    yield from _children(node, rule, rules, path)


def _attributes(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    known = {attribute.name: attribute for attribute in rule.attributes}
    for name, value in node.attrib.items():
        if name.startswith(f"{{{XSI}}}"):
            continue
        if name not in known:
            yield Fault(path, f"unknown attribute {name!r}.{did_you_mean(name, known)}")
        elif known[name].words and value not in known[name].words:
            hint = did_you_mean(value, known[name].words)
            allowed = ", ".join(known[name].words)
            said = f"{name}={value!r} is none of {allowed}.{hint}"
            yield Fault(path, said)
    for attribute in rule.attributes:
        if attribute.required and attribute.name not in node.attrib:
            yield Fault(path, f"lacks the attribute {attribute.name!r}")


def _text(node: ET.Element, rule: Element, path: str) -> Iterator[Fault]:
    text = (node.text or "").strip()
    if text and rule.children:
        yield Fault(path, f"has the text {text[:40]!r}; only elements stand in it")
    elif text and rule.kind in _KINDS:
        pattern, words = _KINDS[rule.kind]
        if not re.fullmatch(pattern, text):
            yield Fault(path, f"{text[:40]!r} is not {words}")
    elif text and rule.kind and text not in rule.kind.split("|"):
        allowed = rule.kind.split("|")
        hint = did_you_mean(text, allowed)
        yield Fault(path, f"{text[:40]!r} is none of {', '.join(allowed)}.{hint}")


def _children(
    node: ET.Element, rule: Element, rules: list[Element], path: str
) -> Iterator[Fault]:
    """Names, order and number of what stands in an element."""
    place, number = {}, -1
    for allowed in rules:
        number += not allowed.alternative
        place[allowed.name] = number
    by_name = {allowed.name: allowed for allowed in rules}
    last, before = -1, ""
    seen: dict[int, str] = {}
    for child in node:
        name = local(child.tag)
        inner = f"{path}/{name}"
        if name not in by_name:
            yield Fault(inner, _unknown(name, rule, by_name))
            continue
        if place[name] < last:
            yield Fault(inner, f"must stand before {before!r}")
        elif place[name] in seen and not by_name[name].repeated:
            yield Fault(inner, _twice(name, seen[place[name]]))
        if place[name] >= last:
            last, before = place[name], name
        seen[place[name]] = name
        yield from _inside(child, by_name[name], inner)
    yield from _missing(rules, place, seen, path)


def _missing(
    rules: list[Element], place: dict[str, int], seen: dict[int, str], path: str
) -> Iterator[Fault]:
    for rule in rules:
        if rule.required and not rule.alternative and place[rule.name] not in seen:
            others = [n for n, p in place.items() if p == place[rule.name]]
            yield Fault(path, f"lacks {' or '.join(map(repr, others))}")


def _unknown(name: str, rule: Element, by_name: dict[str, Element]) -> str:
    elsewhere = next((r for r in rule.children if r.name == name), None)
    if elsewhere:
        return f"stands only in elements of the type {' or '.join(elsewhere.only)}"
    return f"unknown element.{did_you_mean(name, by_name)}"


def _twice(name: str, first: str) -> str:
    return "stands here twice" if name == first else f"cannot stand beside {first!r}"
