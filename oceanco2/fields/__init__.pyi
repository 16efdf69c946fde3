from .air import interpolate_mbl, read_air, read_globalview, read_noaa_mbl

__all__ = ["interpolate_mbl", "read_air", "read_globalview", "read_noaa_mbl"]
