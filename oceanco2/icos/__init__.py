"""Everything particular to the ICOS Carbon Portal: tables, packages, upload."""

from oceanco2._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __spec__)
