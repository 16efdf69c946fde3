"""Write and read XML elements with text, and whole documents."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from oceanco2.errors import ProcessingError
from oceanco2.metadata.trees import Tree
from oceanco2.socat.document.xml import XSI, local, validate


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
