"""Metadata documents: OADS and OCADS XML, Carbon Portal JSON."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from oceanco2.errors import UnknownNameError
from oceanco2.metadata.describing import document_of
from oceanco2.metadata.keys import Gap, gaps
from oceanco2.metadata.reading import faults_of, read_document
from oceanco2.socat.document.model import Document
from oceanco2.socat.document.oads import oads_bytes
from oceanco2.socat.document.ocads import ocads_bytes

__all__ = [
    "FORMATS",
    "Gap",
    "document_of",
    "faults_of",
    "gaps",
    "metadata_bytes",
    "read_document",
]


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
    if format not in FORMATS:
        raise UnknownNameError("metadata format", format, FORMATS)
    return FORMATS[format](document)
