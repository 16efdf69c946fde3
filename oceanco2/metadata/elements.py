"""Small pieces of XML: elements with text, texts of elements, whole documents."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from oceanco2.errors import ProcessingError
from oceanco2.metadata.trees import Tree
from oceanco2.metadata.validation import XSI, local, validate


def add(
    parent: ET.Element, name: str, text: str = "", /, **attributes: str
) -> ET.Element:
    """Add an element.

    Parameters
    ----------
    parent : xml.etree.ElementTree.Element
        Where it stands.
    name : str
        Its name.
    text : str, optional
        Its text.
    **attributes : str
        Its attributes.

    Returns
    -------
    xml.etree.ElementTree.Element
        The new element.
    """
    made = ET.SubElement(parent, name, attributes)
    # XML 1.0 has no control characters; texts of platform files may.
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t")
    made.text = kept or None
    return made


def maybe(parent: ET.Element, name: str, text: str, /, **attributes: str) -> None:
    """Add an element if it has a text.

    Parameters
    ----------
    parent : xml.etree.ElementTree.Element
        Where it stands.
    name : str
        Its name.
    text : str
        Its text; nothing is added without.
    **attributes : str
        Its attributes.
    """
    if text:
        add(parent, name, text, **attributes)


def to_bytes(root: ET.Element, tree: Tree) -> bytes:
    """Print a document, after checking it against its element tree.

    Parameters
    ----------
    root : xml.etree.ElementTree.Element
        With names without a namespace.
    tree : Tree
        What is allowed.

    Returns
    -------
    bytes
        UTF-8, indented, with the namespace as the default one.

    Raises
    ------
    ProcessingError
        If the tree does not allow it.
    """
    root.set("xmlns", tree.namespace)
    root.set("xmlns:xsi", XSI)
    ET.indent(root)
    text = ET.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"
    faults = validate(ET.fromstring(text), tree)
    if faults:
        raise ProcessingError(f"{tree.name}: {faults[0]} ({len(faults)} faults)")
    return text


def child(node: ET.Element | None, name: str) -> ET.Element | None:
    """Return the first child of a name, whatever its namespace.

    Parameters
    ----------
    node : xml.etree.ElementTree.Element or None
        Where to look.
    name : str
        Local name, or several with ``/`` between.

    Returns
    -------
    xml.etree.ElementTree.Element or None
        None if there is none.
    """
    for part in name.split("/"):
        node = next(children(node, part), None)
    return node


def children(node: ET.Element | None, name: str) -> Iterator[ET.Element]:
    """Give the children of a name, whatever their namespace.

    Parameters
    ----------
    node : xml.etree.ElementTree.Element or None
        Where to look.
    name : str
        Local name.

    Yields
    ------
    xml.etree.ElementTree.Element
        In their order.
    """
    for inner in () if node is None else node:
        if local(inner.tag) == name:
            yield inner


def text_of(node: ET.Element | None, name: str = "") -> str:
    """Return the text of an element or of a child.

    Parameters
    ----------
    node : xml.etree.ElementTree.Element or None
        Where to look.
    name : str, optional
        Of the child, or several with ``/`` between.

    Returns
    -------
    str
        One line; empty if there is none.
    """
    found = child(node, name) if name else node
    return " ".join((found.text or "").split()) if found is not None else ""


def texts(node: ET.Element | None, name: str) -> tuple[str, ...]:
    """Return the texts of all children of a name.

    Parameters
    ----------
    node : xml.etree.ElementTree.Element or None
        Where to look.
    name : str
        Local name.

    Returns
    -------
    tuple of str
        Without the empty ones.
    """
    return tuple(filter(None, map(text_of, children(node, name))))
