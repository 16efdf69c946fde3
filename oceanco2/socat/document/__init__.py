"""Metadata documents of a data set: OADS and OCADS XML, written and read."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from oceanco2.errors import ReadError, choose, choose_name
from oceanco2.files import reading
from oceanco2.socat.document.describe import document_of
from oceanco2.socat.document.facts import Gap, gaps
from oceanco2.socat.document.model import Document
from oceanco2.socat.document.oads import from_oads, oads_bytes
from oceanco2.socat.document.ocads import from_ocads, ocads_bytes
from oceanco2.socat.document.ome import from_ome
from oceanco2.socat.document.published import from_published, is_published
from oceanco2.socat.document.xml import Fault, Tree, local, tree, validate

__all__ = [
    "FORMATS",
    "Gap",
    "document_of",
    "faults_of",
    "gaps",
    "metadata_bytes",
    "read_document",
]


#: Root element, its reader, and the name of its element tree.
_ROOTS: Mapping[str, tuple[Callable[[ET.Element], Document], str]] = MappingProxyType(
    {
        "oads_metadata": (from_oads, "oads"),
        "dataset_metadata": (from_ocads, "ocads"),
        "variables_by_type": (from_ocads, "ocads"),
        "metadata": (from_published, ""),
        "x_tags": (from_ome, ""),
    }
)


def read_document(path: str | Path) -> Document:
    """Read a metadata document: OADS a0.2.2, OCADS or CDIAC OME XML.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Document
        Its content; `oceanco2.socat.document.missing` lists missing items.

    Raises
    ------
    ReadError
        If it cannot be read, is not XML, or is another kind of document.
    """
    root = _root(path)
    return _ROOTS[local(root.tag)][0](root)


def faults_of(path: str | Path) -> list[Fault]:
    """Validate a metadata document against the element tree of its format.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    list of Fault
        Empty if it is valid. OME documents and those of OCADS as they are published
        have no tree and are not validated.

    Raises
    ------
    ReadError
        As for `read_document`.
    """
    root = _root(path)
    name = _ROOTS[local(root.tag)][1]
    rules: Tree | None = tree(name) if name else None
    return validate(root, rules) if rules else []


def _root(path: str | Path) -> ET.Element:
    with reading(path, "XML", (ET.ParseError, ValueError, LookupError)):
        root = ET.fromstring(Path(path).read_bytes())
    name = local(root.tag)
    kind = "the root of a metadata document"
    # Other formats have the root `metadata`, too.
    roots = [r for r in _ROOTS if r != "metadata" or is_published(root)]
    choose(kind, name, roots, str(path), error=ReadError)
    return root


#: Formats that a metadata document can be written in.
FORMATS: Mapping[str, Callable[[Document], bytes]] = MappingProxyType(
    {"oads": oads_bytes, "ocads": ocads_bytes}
)


def metadata_bytes(document: Document, format: str = "oads") -> bytes:  # noqa: A002
    """Write a metadata document.

    Parameters
    ----------
    document : Document
        Result of `document_of` or `read_document`.
    format : {"oads", "ocads"}
        OADS a0.2.2s, as written by SOCAT's spreadsheet, or OCADS v4.6.

    Returns
    -------
    bytes
        An XML file, checked against the element tree of its format.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    ProcessingError
        If the document is not valid.
    """
    choose_name("metadata format", format, FORMATS)
    return FORMATS[format](document)
