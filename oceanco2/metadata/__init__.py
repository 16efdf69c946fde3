"""Metadata documents: OADS and OCADS XML, Carbon Portal JSON."""
