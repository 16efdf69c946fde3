"""Validate metadata documents: required elements, their order and values."""

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
    """An error of a metadata document.

    Attributes
    ----------
    path : str
        Path of the element, for example ``oads_metadata/platforms/platform``.
    reason : str
        What is wrong, with the nearest valid name.
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
        choices = " or ".join(tree.roots)
        return [Fault(name, f"the root of {tree.name} must be {choices}.{hint}")]
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
        hint = did_you_mean(kind, rule.types)
        yield Fault(path, f"xsi:type {kind!r} is unknown.{hint}")
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
            yield Fault(
                path,
                f"unknown attribute {name!r}.{did_you_mean(name, allowed_attributes)}",
            )
        elif (
            allowed_attributes[name].choices
            and value not in allowed_attributes[name].choices
        ):
            hint = did_you_mean(value, allowed_attributes[name].choices)
            allowed = ", ".join(allowed_attributes[name].choices)
            reason = f"{name} must be one of {allowed}, not {value!r}.{hint}"
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
        allowed = rule.kind.split("|")
        hint = did_you_mean(text, allowed)
        yield Fault(
            path, f"must be one of {', '.join(allowed)}, not {text[:40]!r}.{hint}"
        )


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
    return f"unknown element.{did_you_mean(name, by_name)}"


def _repetition(name: str, first: str) -> str:
    return "appears more than once" if name == first else f"excludes {first!r}"
