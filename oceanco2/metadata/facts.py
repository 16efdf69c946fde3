"""Facts for the metadata document, from a dataset and its platform file."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from oceanco2.dashboard.quantities import NOT_STATED, Quantity
from oceanco2.errors import ProcessingError
from oceanco2.vocabulary import GOOD

#: Possible source variables of CO2, in order of preference.
_CO2 = (
    "xCO2",
    "xCO2_water_Tequ_dry",
    "xCO2_water_SST_dry",
    "pCO2_water_Tequ_wet",
    "pCO2_water_SST_wet",
    "fCO2_water_Tequ_wet",
    "fCO2_water_SST_wet",
    "pCO2_sensor",
    "signal_detector",
    "light_434",
)


class Facts:
    """Set-up and statistics of a data set."""

    def __init__(self, ds: xr.Dataset) -> None:
        self.ds = ds
        self.attrs: dict[str, Any] = dict(ds.attrs)
        self.set_up: dict[str, Any] = _json(self.attrs, "set_up")
        self.options: dict[str, Any] = _json(self.attrs, "options")

    def text(self, name: str) -> str:
        """Return a global attribute as text."""
        value = self.attrs.get(name)
        return "" if value is None else " ".join(str(value).split())

    def names(self, name: str) -> list[str]:
        """Return a global attribute that lists names."""
        value = self.attrs.get(name)
        parts = (
            value if isinstance(value, list | tuple) else str(value or "").split(";")
        )
        stripped = (" ".join(str(part).split()) for part in parts)
        return [part for part in stripped if part]

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of the platform file."""
        return self.set_up.get(name, {})

    def source(self, variable: str) -> str:
        """Return the variable of the platform file that a variable is derived from."""
        mapped = self.table("variables")
        if variable not in mapped and "CO2" in variable:
            return next((name for name in _CO2 if name in mapped), variable)
        return str(mapped.get(variable, {}).get("same_as", variable))

    def sensor(self, variable: str) -> str:
        """Return the name of the sensor that measured a variable."""
        source = self.source(variable)
        name = self.table("variables").get(source, {}).get("sensor")
        if name is None and source in self.ds.variables:
            name = self.ds[source].attrs.get("sensor")
        return str(name or "")

    def accuracy(self, variable: str, unit: str) -> Quantity:
        """Return the accuracy of a variable."""
        if variable == "fCO2_water_SST_wet" and self.attrs.get("fCO2_accuracy"):
            return Quantity(f"{float(self.attrs['fCO2_accuracy']):g}", unit)
        computed = self._median_uncertainty(variable)
        if computed:
            return Quantity(computed, unit)
        sensor = self.table("sensors").get(self.sensor(variable), {})
        mapped = self.table("variables").get(self.source(variable), {})
        dated = [c.get("uncertainty") for c in sensor.get("calibrations", [])]
        accuracies = (
            sensor.get("accuracy"),
            mapped.get("uncertainty"),
            *reversed(dated),
        )
        stated = [value for value in accuracies if value is not None]
        return Quantity(f"{stated[0]:g}", unit) if stated else NOT_STATED

    def _median_uncertainty(self, variable: str) -> str:
        """Median of the uncertainty of good values; empty if there is none."""
        name = f"{variable}_uncertainty"
        if "CO2" not in variable or name not in self.ds:
            return ""
        values = self.ds[name].to_numpy()
        if f"{variable}_flag" in self.ds:
            values = values[self.ds[f"{variable}_flag"].to_numpy() == GOOD]
        values = values[np.isfinite(values)]
        return f"{np.median(values):.2g}" if values.size else ""

    def median(self, variable: str) -> float:
        """Return the median of a variable."""
        if variable not in self.ds:
            return float("nan")
        values = self.ds[variable].to_numpy()
        values = values[np.isfinite(values)]
        return float(np.median(values)) if values.size else float("nan")

    def standards_every(self) -> str:
        """Return how often each gas standard was run."""
        if "standard_run_time" not in self.ds:
            return ""
        time = self.ds["standard_run_time"].to_numpy()
        standard = self.ds["standard_run_standard"].to_numpy()
        steps = [np.diff(np.sort(time[standard == gas])) for gas in np.unique(standard)]
        intervals = np.concatenate(steps) if steps else np.array([])
        if not intervals.size:
            return ""
        return f"every {np.median(intervals) / np.timedelta64(1, 'h'):.1f} hours"


def _json(attrs: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = attrs.get(name) or "{}"
    try:
        table = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        table = None
    if not isinstance(table, dict):
        raise ProcessingError(
            f"attribute {name!r} of the dataset was not written by oceanco2: give the"
            " platform file (--platform)"
        )
    return table
