"""Fields by time and place: marine air, climatologies, nearest samples."""

from oceanco2._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __spec__)
