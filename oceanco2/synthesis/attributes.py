"""Units and CF names of the columns of SOCAT's files."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from oceanco2.socat.archive.layout import TIME
from oceanco2.socat.columns import ArchiveColumn, column_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


_EPOCH = "seconds since 1970-01-01T00:00:00Z"
_STANDARD_NAMES = {
    "longitude": "longitude",
    "latitude": "latitude",
    "sample_depth": "depth",
    "sal": "sea_water_practical_salinity",
    "SST": "sea_surface_temperature",
    "PPPP": "air_pressure_at_mean_sea_level",
    "fCO2rec": "fugacity_of_carbon_dioxide_in_sea_water",
}


def attributes_of(name: str, added: Mapping[str, ArchiveColumn]) -> dict[str, Any]:
    """Return the attributes of a column."""
    if name == TIME:
        return {
            "standard_name": "time",
            "long_name": "time (UTC)",
            "units": _EPOCH,
            "calendar": "standard",
        }
    column = column_of(name) or added.get(name)
    if column is None:
        return {}
    attrs = {"long_name": column.long_name}
    attrs |= {"units": column.units} if column.units else {}
    if name in _STANDARD_NAMES:
        attrs["standard_name"] = _STANDARD_NAMES[name]
    return attrs


def as_dataset(frame: "pd.DataFrame") -> "xr.Dataset":
    """Return a table as a Dataset."""
    import xarray as xr

    variables = {}
    for name in frame:
        column, attrs = frame[name], attributes_of(str(name), {})
        if name == TIME:
            attrs = {k: v for k, v in attrs.items() if k not in ("units", "calendar")}
        is_text = str(column.dtype) == "category"
        values = column.astype(object) if is_text else column
        variables[str(name)] = ("obs", values.to_numpy(), attrs)
    info = frame.attrs["socat"]
    attrs = {
        "source": ", ".join(file["file"] for file in info["files"]),
        "selection": info["selection"],
        "rows_read": info["rows_read"],
        "lines_set_aside": info["lines_set_aside"],
    }
    return xr.Dataset(variables, attrs=attrs)
